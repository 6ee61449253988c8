"""Links from page to page, opened in the same tab and kept on the day, the phase and the language being looked at."""

from collections.abc import Mapping

import streamlit as st

from models.texts import text
from pages.parts.page import key_of


def link(address: str, label: str, query: Mapping[str, str], *, language: str) -> None:
    """A link to a public address in Markdown words; its query is the whole of what the address will say."""
    st.page_link(
        st.Page(_nothing, title=text(f"page.{key_of(address)}", language), url_path=address, default=address == ""),
        label=label,
        query_params=dict(query),
    )


def _nothing() -> None:
    """Stands for the page that the frame registers under the same address; Streamlit tells them by the address."""
