"""Mistakes of a campaign's files in the reader's words, for pages and for the command line."""

import re
from collections.abc import Sequence
from datetime import date

from models.core import formats
from models.core.texts import text
from targets.errors import FileProblem

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"-?\d+\.\d+")


def mistakes_words(problems: Sequence[FileProblem], language: str) -> str:
    """How many there are, and each with its place, one a line."""
    lines = "".join(f"\n  - {problem_place(each)}: {mistake_words(each, language)}" for each in problems)
    return text("campaign.workbook.refused", language, count=formats.whole(len(problems), language)) + lines


def problem_place(problem: FileProblem) -> str:
    """Sheet and cell, or file and line."""
    return f"{problem.file}, {problem.where}"


def mistake_words(problem: FileProblem, language: str) -> str:
    """What is wrong and what to write instead, without the place."""
    if not problem.code:
        return problem.problem
    terms = {name: plain_words(value, language) for name, value in problem.terms.items()}
    return text(f"campaign.problem.{problem.code}", language, **terms)


def plain_words(value: str, language: str) -> str:
    """A day or a number with a fraction in the reader's spelling; everything else as it is."""
    if _DAY.fullmatch(value):
        return formats.day(date.fromisoformat(value), language)
    if _NUMBER.fullmatch(value) and language == "vi":
        return value.replace(".", ",")
    return value
