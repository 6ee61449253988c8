"""Every problem has a sentence in both languages, with the gaps that the code fills, and no sentence is left over."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs.imports.problems import NUMBERS, PLACES, FileRefused, Notice, sentence
from jobs.imports.values import column_letters
from models.core.texts import FOLDER, LANGUAGES, gaps
from targets.errors import UnreadableFile

PROJECT = Path(__file__).resolve().parents[3]
CODE = [
    *sorted((PROJECT / "jobs" / "imports").rglob("*.py")),
    PROJECT / "jobs" / "accounts.py",
    PROJECT / "targets" / "figures.py",
    PROJECT / "models" / "readings" / "comparing.py",
]
OF_PROBLEMS = {"problem", "FigureProblem", "FileRefused", "KindUnsure"}
OF_WARNINGS = {"FileWarning", "warn", "left_out"}
ALWAYS = {"place", "field", "value"}
"""What every row has."""
COUNTED = {"count", "places"}
"""What the ledger fills for rows left out."""


def sentences(language: str) -> dict[str, str]:
    content = tomllib.loads((FOLDER / f"problems.{language}.toml").read_text(encoding="utf-8"))
    return {f"{sort}.{code}": text for sort in ("problem", "warning") for code, text in content[sort].items()}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                yield name, node


def codes_of(node: ast.expr) -> list[str]:
    """The codes that an argument can be."""
    if isinstance(node, ast.IfExp):
        return [*codes_of(node.body), *codes_of(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def said() -> Iterator[tuple[str, set[str] | None]]:
    """Every code that a call names, with its terms; None where they are not written at the call."""
    for name, call in calls():
        if name in OF_PROBLEMS | OF_WARNINGS and call.args:
            sort = "problem" if name in OF_PROBLEMS else "warning"
            terms = {keyword.arg for keyword in call.keywords}
            if name == "left_out":
                terms = COUNTED
            elif name == "FileWarning" and len(call.args) > 1:
                result = call.args[1]
                terms = {key.value for key in result.keys} if isinstance(result, ast.Dict) else {None}
            for code in codes_of(call.args[0]):
                yield f"{sort}.{code}", None if None in terms else terms
        elif name == "refuse" and len(call.args) > 2:
            yield from ((f"problem.{code}", set()) for code in codes_of(call.args[2]))


def strings() -> set[str]:
    return {
        node.value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_both_languages_say_the_same_with_the_same_gaps():
    vietnamese, english = (sentences(language) for language in LANGUAGES)

    assert {key: gaps(text) for key, text in vietnamese.items()} == {key: gaps(text) for key, text in english.items()}


def test_every_code_has_a_sentence_and_fills_all_its_gaps():
    known = sentences("vi")
    named = list(said())

    unfilled = [
        (key, set(gaps(known.get(key, "{sentence}"))) - (terms or set()) - ALWAYS)
        for key, terms in named
        if terms is not None or key not in known
    ]

    assert len(named) > 80
    assert [entry for entry in unfilled if entry[1]] == []


def test_no_sentence_is_left_over():
    written = strings()

    assert [key for key in sentences("vi") if key.partition(".")[2] not in written] == []


def test_no_term_is_filled_in_vain():
    known = sentences("vi")

    idle = [(key, terms - set(gaps(known[key]))) for key, terms in said() if terms is not None]

    assert [entry for entry in idle if entry[1]] == []


def test_terms_that_are_numbers_or_places_are_known_by_their_names():
    every = {name for text in sentences("vi").values() for name in gaps(text)}

    assert every >= NUMBERS | PLACES


@pytest.mark.parametrize(("language", "number", "place"), [("vi", "21.683", "dòng 2"), ("en", "21,683", "line 2")])
def test_sentence_writes_numbers_and_places_as_its_language_does(language, number, place):
    terms = {"numerator": "21683", "denominator": "306958", "reported": "7.01", "recomputed": "7.06"}

    words = sentence(Notice("warning", "percent_differs", terms), language, place="line 2")

    assert words.startswith(place)
    assert number in words


def test_refused_file_explains_itself_in_either_language():
    error = FileRefused("empty_file", name="số liệu.csv")

    assert isinstance(error, UnreadableFile)
    assert str(error) == error.sentence("en") != error.sentence("vi")
    assert "số liệu.csv" in error.sentence("vi")


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_spreadsheets_call_them(column, letters):
    assert column_letters(column) == letters
