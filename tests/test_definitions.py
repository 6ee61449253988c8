"""GLOSSARY.md is kept: it defines what the code names, the code names what it defines, and screens say its words."""

import ast
import re
import tomllib
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple, get_args

import pytest

from targets import values
from targets.results import Result
from tests.own_code import trees

PROJECT = Path(__file__).resolve().parent.parent
PLACES_AND_DATES = {"unit", "name", "level", "reading_as_of"}
"""Columns of a result that say no more than their word."""
OURS = ("targets", "models", "jobs", "pages")
MOST_ROOMS = 20


class Entry(NamedTuple):
    section: str
    code: str
    on_screen: str
    meaning: str


def glossary() -> list[Entry]:
    entries, section = [], ""
    for line in (PROJECT / "GLOSSARY.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            section = line.removeprefix("## ")
        elif line.startswith("| `"):
            code, on_screen, meaning = (cell.strip() for cell in line.strip("|").split("|"))
            entries += [Entry(section, word, on_screen, meaning) for word in re.findall(r"`(\w+)`", code)]
    return entries


def texts() -> dict:
    return tomllib.loads((PROJECT / "data" / "texts" / "vi.toml").read_text(encoding="utf-8"))


def defined(section: str | None = None) -> list[str]:
    return [entry.code for entry in glossary() if section is None or entry.section.startswith(section)]


@pytest.mark.parametrize("kind", [values.Scope, values.Shortfall, values.Origin, values.Qualifier])
def test_glossary_defines_every_word_that_data_may_hold(kind):
    assert set(get_args(kind)) <= set(defined())


def test_glossary_defines_every_basis():
    assert sorted(defined("Windows")) == sorted(get_args(values.Basis))


def test_glossary_lists_the_standings_in_order_of_precedence():
    assert tuple(defined("Standings")) == values.STANDINGS


def test_glossary_defines_every_column_of_a_result():
    columns = {field.name for field in fields(Result)} - PLACES_AND_DATES

    text = (PROJECT / "GLOSSARY.md").read_text(encoding="utf-8")

    assert not {column for column in columns if f"`{column}`" not in text}


def test_glossary_defines_each_word_once_and_wholly():
    entries = glossary()

    once = {(entry.code, entry.section.startswith("Windows")) for entry in entries}

    assert len(once) == len(entries)
    assert all(entry.on_screen and entry.meaning.endswith(".") for entry in entries)


def test_glossary_defines_the_words_that_most_rooms_meet():
    """Classes of ours that at least as many modules import, whatever they are called by then."""
    imported, own = Counter(), Counter()
    for folder in OURS:
        for _, found in trees(folder).values():
            own.update(node.name for node in getattr(found[0], "body", ()) if isinstance(node, ast.ClassDef))
            imported.update(
                {
                    alias.name
                    for node in found
                    if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in OURS
                    for alias in node.names
                }
            )

    met = {name for name, count in imported.items() if count >= MOST_ROOMS and own[name] == 1}

    assert met
    assert {name for name in met if not {name, name.lower()} & set(defined())} == set()


def test_glossary_defines_nothing_that_is_gone():
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in (*OURS, "data")
        for path in sorted((PROJECT / folder).rglob("*"))
        if path.suffix in (".py", ".toml") and "store" not in path.relative_to(PROJECT).parts
    )
    words = {word.lower().replace("_", "") for word in re.findall(r"\w+", code)}

    gone = [
        entry.code
        for entry in glossary()
        if entry.code.lower().replace("_", "") not in words and not entry.section.startswith("Agreed")
    ]

    assert not gone


def test_screens_call_each_standing_by_its_word():
    promised = {entry.code: entry.on_screen for entry in glossary() if entry.section.startswith("Standings")}

    assert texts()["standing"] == promised


def test_screens_never_call_a_target_an_indicator():
    """`chỉ tiêu` means a target only, `chỉ số` an indicator only; each indicator is named for what it is."""
    names = [
        tomllib.loads(path.read_text(encoding="utf-8"))["name"]["vi"]
        for path in sorted((PROJECT / "data" / "campaigns").glob("*/indicators/*.toml"))
    ]

    assert names
    assert not [name for name in names if "chỉ tiêu" in name.lower()]
