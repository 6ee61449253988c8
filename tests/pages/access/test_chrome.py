"""Streamlit's own words: a table that any script can read, of words that Streamlit really has."""

import json
import re
from pathlib import Path

import pytest
import streamlit as st

from models.core.texts import LANGUAGES, gaps, texts
from pages.access.sign_in import document as sign_in_document

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
COMPOSED = {
    "connection.status",
    "files.too_large",
    "spoken.count",
    "spoken.one",
    "spoken.selected",
    "drawing.group",
} | {f"input.{name}" for name in ("apply", "apply_long", "submit", "submit_long")}
"""Words that Streamlit puts together from parts."""
OURS = {key for key in texts("en") if key.startswith("chrome.icon.")} | {
    key for key in texts("en") if key.startswith(sign_in_document.SECTION) and key.endswith("_of")
}
"""Words in which a word of our own, or another of these words, stands beside Streamlit's."""


def keys():
    return sorted(key for key in texts("en") if key.startswith(sign_in_document.SECTION))


@pytest.fixture(scope="module")
def streamlits():
    """Everything that Streamlit may write."""
    return "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS.glob("*.js"))


def test_table_holds_every_word_in_every_language():
    sent = json.loads(sign_in_document.table())

    assert sent["languages"] == list(LANGUAGES)
    for section in sent["sections"]:
        assert {len(section["words"][language]) for language in LANGUAGES} == {len(section["words"]["en"])}
    assert sum(len(section["words"]["en"]) for section in sent["sections"]) == len(keys())


def test_every_section_of_words_has_its_place():
    assert {key.split(".")[1] for key in keys()} == set(sign_in_document.PLACES)


def test_table_cannot_end_the_element_that_holds_it(monkeypatch):
    monkeypatch.setattr(sign_in_document, "texts", lambda language: {"chrome.frame.skip": "</script><b>"})

    assert "<" not in sign_in_document.table()


@pytest.mark.parametrize("section", sign_in_document.PLACES)
def test_words_of_a_section_can_be_told_apart_in_every_language(section):
    """The reader may change language and back: each word has to find its way home."""
    for language in LANGUAGES:
        words = [texts(language)[key] for key in keys() if key.startswith(f"{sign_in_document.SECTION}{section}.")]

        assert len(words) == len(set(words))


def test_no_gap_stands_for_more_than_one_thing():
    assert all(len(gaps(texts("en")[key])) <= 1 for key in keys())


def test_every_word_is_one_that_streamlit_writes(streamlits):
    """A new version may write it otherwise: then the table has to follow."""
    written = sorted(set(keys()) - OURS - {f"chrome.{key}" for key in COMPOSED})
    assert len(written) > 100

    for key in written:
        parts = [part for part in re.split(r"\{\w+\}", texts("en")[key]) if len(part.strip()) > 1]
        assert all(part.strip(" .") in streamlits for part in parts), key
