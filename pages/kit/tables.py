"""Tables of words, marks, pictures and links. A link to another page of the product opens in the same tab.

Streamlit opens every link of its Markdown in a new one; `pages/assets/chrome.js` takes the clicks inside tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from pages.charts.sparks import as_address
from pages.kit.markdown import plain

NO_BREAK = "\u00a0"
NOTHING = as_address('<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>')


@dataclass(frozen=True)
class Column:
    """A head, unlike those beside it, and its cells, all of them finished Markdown; numbers stand at the right."""

    head: str
    cells: Sequence[str]
    is_number: bool = False


def draw_table(columns: Sequence[Column], *, alt: str, key: str) -> None:
    """A table of some columns, told in `alt` to whoever listens; its looks go by `key`.

    Streamlit moves to the right what is a number. So a column of numbers holds the places of its rows, and a Styler
    writes the words for them.
    """
    data = {column.head: range(len(column.cells)) if column.is_number else column.cells for column in columns}
    words: dict[Any, Any] = {column.head: column.cells.__getitem__ for column in columns if column.is_number}
    with st.container(key=key):
        st.table(pd.DataFrame(data).style.format(words), border="horizontal", hide_index=True, alt=alt)


def way_to(address: str, query: Mapping[str, str], words: str) -> str:
    """A link in Markdown to a public address; `query` is the whole of what the address will say."""
    return f"[{plain(words)}](/{address}?{urlencode(query)})"


def picture(image: str, words: str) -> str:
    """An image in Markdown by its address, told in words; empty where there is none."""
    return f"![{plain(words)}]({image})" if image else ""


def unseen(words: str) -> str:
    """A head in Markdown that nobody sees, above marks that the line over the table explains; it is read out."""
    return picture(NOTHING, words)


def together(words: str) -> str:
    """Words that stay on one line, as Markdown."""
    return plain(words).replace(" ", NO_BREAK)
