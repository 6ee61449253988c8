"""Mistakes of a campaign's files in the reader's words, for pages and for the command line."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date

from models.core import formats
from models.core.texts import text, texts
from targets.errors import FileProblem

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+\.\d+")
LINE = re.compile(r"line (?P<line>\d+)(?:, column (?P<column>\w+))?")
FEATURE = re.compile(r"feature (?P<number>\d+)")
WHOLE = {"whole file": "whole_file", "whole folder": "whole_folder"}
"""Places that are no line and no key."""


def mistakes_words(problems: Sequence[FileProblem], language: str) -> str:
    """How many there are, and each with its place, one a line."""
    lines = "".join(f"\n  - {problem_place(each, language)}: {mistake_words(each, language)}" for each in problems)
    return text("campaign.workbook.refused", language, count=formats.whole(len(problems), language)) + lines


def problem_place(problem: FileProblem, language: str) -> str:
    """Sheet and cell, or file and line."""
    return f"{problem.file}, {where_words(problem.where, language)}"


def where_words(where: str, language: str) -> str:
    """A line and its column, a border, or the whole of a file, in the reader's words; a cell or a key as it is."""
    if where in WHOLE:
        return text(f"campaign.{WHOLE[where]}", language)
    if feature := FEATURE.fullmatch(where):
        return text("campaign.feature", language, number=feature["number"])
    line = LINE.fullmatch(where)
    if line is None:
        return where
    said = text("campaign.line", language, line=line["line"])
    return said if line["column"] is None else text("campaign.in_column", language, line=said, column=line["column"])


def mistake_words(problem: FileProblem, language: str) -> str:
    """What is wrong and what to write instead, without the place."""
    terms = {name: _term(name, value, language) for name, value in problem.terms.items()}
    return text(f"campaign.problem.{problem.code}", language, **terms)


def _term(name: str, value: str, language: str) -> str:
    if name == "kind":
        return text(f"campaign.kind.{value}", language)
    if name in ("change", "option", "instead"):
        return option_words(value, language)
    if name == "allowed":
        return "; ".join(option_words(option, language) for option in value.split("; "))
    return plain_words(value, language)


def option_words(option: str, language: str) -> str:
    """An option of a key in the reader's words; the option itself where it has none."""
    name = f"campaign.option.{option}"
    return text(name, language) if name in texts(language) else option


def plain_words(value: str, language: str) -> str:
    """A day or a number with a fraction in the reader's spelling; everything else as it is."""
    if _DAY.fullmatch(value):
        with suppress(ValueError):  # the 31st of February is said as it was written
            return formats.day(date.fromisoformat(value), language)
    return value.replace(".", formats.decimal_mark(language)) if _NUMBER.fullmatch(value) else value
