"""What stands at the top of every page while a source that counts has not sent what it should."""

import streamlit as st

from models.core.texts import text
from pages.feeds import data
from pages.kit.address import link, onward
from pages.kit.markdown import plain
from pages.kit.page import Visit


def draw_strip(visit: Visit, address: str) -> None:
    """Which sources are silent since when, and the way to their page; nothing where all is well."""
    said = () if address == "feeds" else data.find_strip(visit.situation, visit.language)
    if not said:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="feeds-strip"):
        st.markdown(f":material/warning: {plain(' '.join(said))}", width="content")
        query = onward(visit.choices)
        link("feeds", text("feeds.strip.link", visit.language), query, language=visit.language)
