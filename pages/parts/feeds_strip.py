"""What stands at the top of every page while a source that counts has not sent what it should."""

import streamlit as st

from models.texts import text
from pages.parts import feeds_answers, session
from pages.parts.links import link
from pages.parts.markdown import plain
from pages.parts.page import Visit


def draw_strip(visit: Visit, address: str) -> None:
    """Which sources are silent since when, and the way to their page; nothing where all is well."""
    said = () if address == "feeds" else feeds_answers.find_strip(visit.situation, visit.language)
    if not said:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="feeds-strip"):
        st.markdown(f":material/warning: {plain(' '.join(said))}", width="content")
        query = session.in_language({}, visit.language)
        link("feeds", text("feeds.strip.link", visit.language), query, language=visit.language)
