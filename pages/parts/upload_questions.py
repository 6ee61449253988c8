"""What a file leaves open, as questions to a person: the ways to read a column, each with rows read so."""

import streamlit as st

from jobs.imports import FileAsks, Question
from models.texts import text
from pages.parts import upload_desk
from pages.parts.markdown import plain
from pages.parts.page import Visit

NEW_LINE = "  \n"


def draw_questions(asks: FileAsks, visit: Visit) -> None:
    """The questions, and a button that reads the file again once all of them are answered."""
    language = visit.language
    st.header(plain(text("upload.asks.title", language)), anchor=False)
    st.markdown(plain(text("upload.asks.intro", language)))
    for question in asks.questions:
        _draw_question(question, language)
    has_file = upload_desk.has_file()
    if not has_file:
        st.warning(plain(text("upload.asks.no_file", language)), icon=":material/upload_file:")
    st.button(
        text("upload.asks.button", language), key="upload-answer", icon=":material/preview:",
        on_click=upload_desk.answer, args=(visit, asks.questions),
        disabled=not has_file or not upload_desk.is_answered(asks.questions),
    )  # fmt: skip


def _draw_question(question: Question, language: str) -> None:
    said = {option.code: option.said(language) for option in question.options}
    rows = [NEW_LINE.join(plain(sample.said(language)) for sample in option.samples) for option in question.options]
    with st.container(border=True):
        st.radio(
            plain(question.said(language)), list(said), format_func=lambda code: plain(said[code]), captions=rows,
            index=None, key=upload_desk.choice_key(question),
        )  # fmt: skip
