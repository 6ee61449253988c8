"""What a file leaves open and a person can settle: the ways to read a column, a title or hidden rows that remain;
and what somebody chose, now or for an earlier file of the same source and layout."""

import dataclasses
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from jobs.imports.problems import FileRefused, Notice, sentence
from jobs.imports.tables.headers import Header
from jobs.imports.values import FileWarning, ImportContext
from jobs.imports.words import folded

SAMPLES = 3
"""Rows that each option shows."""
OF = "of:"
"""Begins the code of an option that takes another column for all cases."""
CHOSEN = {"column": "read_as_chosen", "sheet": "sheet_as_chosen"}
REMEMBERED = {"column": "read_as_remembered", "sheet": "sheet_as_remembered"}
"""Codes of the remarks that say so, of a column and of anything else."""
LEFT_OUT = "left_out"
LONGEST_FIELD = 80
UNIT_ROLES = ("unit", "code", "identity_code", "gso_code")
"""The columns of which one says whose a row is."""
OF_COLUMNS = ("column", "days")
"""Codes of the questions about a column by its heading."""
_NUMBER = re.compile(r"[0-9]+")


@dataclass(frozen=True)
class Sample:
    """One row as one option reads it."""

    place: str
    unit: str
    written: str
    terms: Mapping[str, str]
    """Its numerator, denominator and reported percent, as far as the option reads them."""

    def said(self, language: str) -> str:
        """ "B3, Xã Ia Pnôn: “0.474” → 47,4%"."""
        read = sentence(Notice("sample", "_".join(self.terms) or "nothing", self.terms), language)
        row = Notice("sample", "row", {"unit": self.unit, "written": self.written, "read": read})
        return sentence(row, language, place=self.place)


@dataclass(frozen=True)
class Option:
    """One way to read a column: `percent`, `fraction`, `count`, `left_out`, or `of:` and the column of all cases; or to
    take something else that a file leaves open. What stands behind a colon distinguishes options of one sort."""

    code: str
    samples: tuple[Sample, ...] = ()
    terms: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def notice(self) -> Notice:
        return Notice("option", self.code.partition(":")[0], self.terms)

    def said(self, language: str) -> str:
        return sentence(self.notice, language)


@dataclass(frozen=True)
class Question:
    """Something that can be read in two ways or more; `code` names its sentence."""

    key: str
    """The same for the same question of the same layout: `3f9a1c2b:truc-tuyen`."""
    place: str
    field: str
    """What is asked about, as the file writes it: a column's heading, a title."""
    options: tuple[Option, ...]
    code: str = "column"
    terms: Mapping[str, str] = dataclasses.field(default_factory=dict)
    refusal: Notice | None = None
    """Why the file is refused where nobody answers, if this is all that it leaves open."""
    is_kept: bool = True
    """Whether an answer can hold for later files of the layout."""

    @property
    def subject(self) -> str:
        return "column" if self.code in OF_COLUMNS else "sheet"

    def said(self, language: str) -> str:
        return sentence(Notice("question", self.code, self.terms), language, place=self.place, field=self.field)


class FileAsks(FileRefused):
    """A file that can be read once somebody has answered."""

    def __init__(self, name: str, questions: Sequence[Question]) -> None:
        self.questions = tuple(questions)
        refusal = questions[0].refusal if len(questions) == 1 else None
        if refusal is not None:
            super().__init__(refusal.code, **{**refusal.terms, "name": name})
        else:
            super().__init__("file_asks", name=name, columns="; ".join(f"“{one.field}”" for one in questions))

    def lines(self, language: str) -> list[str]:
        """The sentence, each question with its options and their rows, and how to answer on the command line."""
        said = [self.sentence(language)]
        for question in self.questions:
            said.append(question.said(language))
            for option in question.options:
                said.append(f"  --choose {question.key}={option.code}   ({option.said(language)})")
                said += [f"      {sample.said(language)}" for sample in option.samples]
        return said


def layout_of(header: Header, title: str = "") -> str:
    """A sheet's layout: equal for sheets of the same headings, whatever days and numbers stand in these. With a title:
    equal only where that is worded alike, too."""
    spelled = "\n".join(_NUMBER.sub("#", folded(words)) for words in (*header.texts, *filter(None, (title,)))).strip()
    return hashlib.sha256(spelled.encode()).hexdigest()[:8]


def column_name(header: Header, index: int) -> str:
    """A column's name within its layout; a second one of the same headings has its place behind it."""
    names = [_NUMBER.sub("", folded(heading)).strip().replace(" ", "-") for heading in header.texts]
    name = names[index] or "-"
    return name if names.index(names[index]) == index else f"{name}-{index + 1}"


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
