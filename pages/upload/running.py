"""The one upload of whoever looks: begun, looked at, saved, let go. It lives as long as their page does."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from jobs.imports.tables.questions import Question
from jobs.imports.values import KINDS, Kind
from jobs.intake.file_reads import FileRead, template_of
from jobs.intake.rejected_rows import rejected_workbook
from jobs.intake.uploads import Asked, Look, Upload
from models.core.texts import text
from pages.access.uploads import find_uploads
from pages.kit import answers, visitors
from pages.kit.page import Situation, Visit
from pages.upload.view import ROWS

HELD, GENERATION, NO_REASON = "upload-held", "upload-generation", "upload-no-reason"
FILE, KIND, SOURCE, AS_OF, STRICT = "upload-file", "upload-kind", "upload-source", "upload-as-of", "upload-strict"
FONT = "upload-font"
REASON, DOCUMENT = "upload-reason", "upload-document"
CHOICE = "upload-choice"
TOLD, READS = "upload-told", "upload-reads"
WRITTEN = "upload-written"
GONE = "upload-gone"
PAGES = ("upload-page-rejected", "upload-page-revised")
FILE_NAME_LENGTH = 60


def current() -> Look | None:
    """The upload as it stands; None where there is none."""
    upload: Upload | None = st.session_state.get(HELD)
    return None if upload is None else upload.look()


def told_key(look: Look) -> str:
    """The key of the place where it is told what became of a file; a new one for each thing that is told, which brings
    it into sight (pages/assets/chrome.js): on a phone it stands far above what was pressed."""
    return f"{TOLD}-{st.session_state.get(READS, 0)}-{'busy' if look.is_busy else look.stage}"


def file_key() -> str:
    """The key of the widget that takes files; a new one empties it."""
    return f"{FILE}-{st.session_state.get(GENERATION, 0)}"


def begin(visit: Visit) -> None:
    """Read the file that was chosen as the choices say; an earlier upload is let go."""
    _begin(
        visit,
        Asked(
            kind=st.session_state[KIND],
            source=st.session_state[SOURCE],
            as_of=st.session_state[AS_OF],
            is_strict=st.session_state[STRICT],
            font=st.session_state[FONT],
        ),
    )


def choice_key(question: Question) -> str:
    """The key of the widget that answers a question."""
    return f"{CHOICE}-{question.key}"


def is_answered(questions: Sequence[Question]) -> bool:
    """Whether every question has an answer."""
    return all(st.session_state.get(choice_key(question)) for question in questions)


def is_gone() -> bool:
    """Whether the file that was to be read was no longer there; answered once."""
    return bool(st.session_state.pop(GONE, False))


def has_file() -> bool:
    """Whether the form still holds the file, so that it can be read again."""
    return st.session_state.get(file_key()) is not None


def answer(visit: Visit, questions: Sequence[Question]) -> None:
    """Read the file again, with what was chosen for each question."""
    choices = {question.key: st.session_state[choice_key(question)] for question in questions}
    asked = st.session_state[HELD].look().asked
    _begin(visit, replace(asked, choices={**asked.choices, **choices}))


def choose_anew(visit: Visit) -> None:
    """Read the file again without what is remembered, so that it is asked anew."""
    _begin(visit, replace(st.session_state[HELD].look().asked, choices={}, is_anew=True))


def _begin(visit: Visit, asked: Asked) -> None:
    slip = st.session_state.get(file_key())
    if slip is None:
        return
    found = find_uploads().open(slip.getvalue(), visitors.current_session())
    if found is None:  # its page was closed in between, as where the network was gone for a moment
        st.session_state[GONE] = True
        _new_form()
        return
    _let_go()
    st.session_state[READS] = st.session_state.get(READS, 0) + 1
    context = visitors.context_of(visit, "preview")
    name, content = found
    with content:
        st.session_state[HELD] = Upload(
            answers.store(visit.situation), content, name=name, asked=asked, context=context
        )


def recall() -> None:
    """Put what was written beside an earlier preview back: Streamlit forgets fields while they are not shown."""
    for key, words in st.session_state.get(WRITTEN, {}).items():
        st.session_state.setdefault(key, words)


def save(visit: Visit) -> None:
    """Save what was previewed, if a reason is given."""
    reason, document = (st.session_state[key].strip() for key in (REASON, DOCUMENT))
    st.session_state[NO_REASON] = not reason
    if reason:
        st.session_state[WRITTEN] = {REASON: reason, DOCUMENT: document}
        st.session_state[HELD].save(visitors.context_of(visit, reason, document=document))


def cancel() -> None:
    """Stop the reading."""
    st.session_state[HELD].cancel()


def start_over() -> None:
    """No file, no preview, no reason: as the page was at first. The choices of how to read stay."""
    slip = st.session_state.get(file_key())
    if slip is not None:
        find_uploads().let_go(slip.getvalue(), visitors.current_session())
    _let_go()
    _new_form()


def turn_page(key: str, page: int) -> None:
    """Another screen of a long table."""
    st.session_state[key] = page


def page_of(key: str, count: int) -> int:
    """Which screen of a table is looked at."""
    page: int = st.session_state.get(key, 1)
    return min(page, max(1, -(-count // ROWS)))


def lacks_reason() -> bool:
    """Whether somebody tried to save without a reason."""
    return bool(st.session_state.get(NO_REASON))


def template(situation: Situation, kind: str, ending: str) -> bytes:
    """A form to fill in, made when somebody asks for it."""
    known: dict[str, Kind] = {name: name for name in KINDS}
    return template_of(answers.store(situation), known[kind], "csv" if ending == "csv" else "xlsx")


def refused_rows(read: FileRead, language: str) -> bytes:
    """The refused rows to mend, made when somebody asks for them."""
    return rejected_workbook(read.rejected, as_of=read.as_of, language=language)


def refused_rows_name(read: FileRead, language: str) -> str:
    """dong-loi_so-lieu.xlsx."""
    return f"{text('upload.mend.file', language)}_{read.name.rpartition('.')[0][:FILE_NAME_LENGTH] or read.kind}.xlsx"


def _new_form() -> None:
    st.session_state[GENERATION] = st.session_state.get(GENERATION, 0) + 1


def _let_go() -> None:
    held: Upload | None = st.session_state.pop(HELD, None)
    if held is not None:
        held.cancel()
    for key in (REASON, DOCUMENT, WRITTEN, NO_REASON, *PAGES):
        st.session_state.pop(key, None)
