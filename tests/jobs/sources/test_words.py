"""Every failure a source can end in has its sentence in both languages, with exactly the terms it is told."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.core.texts import FOLDER, LANGUAGES, flat, gaps, texts

PROJECT = Path(__file__).resolve().parents[3]
ASKED_WITH = {"is_passing", "retry_after"}
MODULES = sorted(path for room in ("sources", "fetching", "pulls") for path in (PROJECT / "jobs" / room).glob("*.py"))


def failures() -> Iterator[tuple[str, set[str], str]]:
    """Code, terms and place of every PullFailed that is raised with a code of its own."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_failure = isinstance(node, ast.Call) and ast.unparse(node.func) == "PullFailed"
            if is_failure and node.args and isinstance(node.args[0], ast.Constant):
                terms = {str(keyword.arg) for keyword in node.keywords} - ASKED_WITH
                yield node.args[0].value, terms, f"{path.name}:{node.lineno}"


def strings() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in MODULES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_failure_has_its_sentence_with_the_terms_it_is_told(language):
    result = {place: (texts(language).get(f"pull.failure.{code}"), terms) for code, terms, place in failures()}

    assert len(result) > 60
    assert [place for place, (sentence, _) in result.items() if sentence is None] == []
    assert [place for place, (sentence, terms) in result.items() if not gaps(sentence) <= terms] == []


def test_every_sentence_about_sources_is_used():
    keys = flat(tomllib.loads((FOLDER / "sources.vi.toml").read_text(encoding="utf-8")))

    assert [key for key in keys if not re.search(rf'"{key.rpartition(".")[2]}"', strings())] == []


def test_every_sentence_about_a_failure_says_what_happened_and_what_follows():
    """One sentence alone tells nobody what to do; the few that need nothing done say what is left."""
    needs_nothing = {
        "file_is_none", "not_a_demonstration", "simulated_silence", "rehearsal_over", "before_the_period",
        "not_as_expected",
    }  # fmt: skip
    keys = flat(tomllib.loads((FOLDER / "sources.vi.toml").read_text(encoding="utf-8")))

    short = [
        key
        for key, sentence in keys.items()
        if key.startswith("pull.failure.") and len(re.findall(r"[.;](?:\s|$)", sentence)) < 2
    ]

    assert {key.removeprefix("pull.failure.") for key in short} <= needs_nothing
