"""What somebody chose where a file leaves something open: now, or for an earlier file of the same source and layout."""

from jobs.imports.questions import CHOSEN, REMEMBERED, Option, Question
from jobs.imports.values import FileWarning, ImportContext


class Answers:
    """What somebody chose for what a file leaves open, and what nobody has chosen yet."""

    def __init__(self, context: ImportContext, *, file: str) -> None:
        self.file = file
        self.questions: dict[str, Question] = {}
        self.chosen: dict[str, str] = {}
        """Key of a question → the option that was given and may be remembered."""
        self.remarks: list[FileWarning] = []
        self._answers = ((context.choices, CHOSEN), (context.remembered, REMEMBERED))

    def option(self, question: Question) -> Option | None:
        """The option that was chosen, now or before; None, and the question is noted, where none was."""
        options = {option.code: option for option in question.options}
        for answers, remarks in self._answers:
            option = options.get(answers.get(question.key, ""))
            if option is None or (remarks is REMEMBERED and not question.is_kept):
                continue
            if remarks is CHOSEN and question.is_kept:
                self.chosen[question.key] = option.code
            terms = {"field": question.field, "read_as": option.notice.code, **option.terms}
            self.remarks.append(FileWarning(remarks[question.subject], terms, question.place))
            return option
        self.questions.setdefault(question.key, question)
        return None

    def given(self, key: str) -> tuple[str, ...]:
        """What was chosen for a key, now or before, whether or not it is an option."""
        return tuple(answers[key] for answers, _ in self._answers if key in answers)

    def take_remarks(self) -> list[FileWarning]:
        """The remarks since they were taken last."""
        taken, self.remarks = self.remarks, []
        return taken
