"""The words on screen, in documents and on the command line: one file a language in data/texts/.

`vi.toml` and `en.toml` hold the same keys; a subject of its own may stand beside them (`problems.vi.toml`). Sentences
are built so that no plural is needed. A key that is missing, or a gap without its term, is a mistake of ours and fails.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

from babel.numbers import format_decimal

from targets.errors import CampaignError

LANGUAGES = ("vi", "en")
"""Vietnamese first: it is the language where none is asked for."""
LOCALES = {"vi": "vi_VN", "en": "en_GB"}
NAMING = ("id", "run", "row", "number", "line", "status", "version", "place", "months", "day", "month")
"""Gaps in which a whole number names something and counts nothing."""
FOLDER = Path(__file__).resolve().parents[2] / "data" / "texts"


class UnknownText(LookupError):
    """A text is asked for that no file holds, or with other terms than its gaps."""


def gaps(template: str) -> frozenset[str]:
    """The names of the terms a text needs."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name)


def flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested tables as one, by dotted keys."""
    texts_by_key: dict[str, str] = {}
    for name, value in table.items():
        key = f"{prefix}{name}"
        texts_by_key |= flat(value, f"{key}.") if isinstance(value, Mapping) else {key: str(value)}
    return texts_by_key


@cache
def texts(language: str) -> Mapping[str, str]:
    """Every text of a language by its dotted key."""
    if language not in LANGUAGES:
        raise UnknownText(f"There are no texts in “{language}”; there are {', '.join(LANGUAGES)}.")
    collected: dict[str, str] = {}
    for path in [FOLDER / f"{language}.toml", *sorted(FOLDER.glob(f"*.{language}.toml"))]:
        content = flat(tomllib.loads(path.read_text(encoding="utf-8")))
        twice = collected.keys() & content.keys()
        if twice:
            raise UnknownText(f"{path.name} says again what another file says: {', '.join(sorted(twice))}.")
        collected |= content
    return MappingProxyType(collected)


def text(key: str, language: str, /, **terms: str | int) -> str:
    """The text of a key with its gaps filled. Shares, points and days come formatted; whole numbers are."""
    template = texts(language).get(key)
    if template is None:
        raise UnknownText(f"No text is called “{key}” in {language}.")
    needed = gaps(template)
    if needed != terms.keys():
        raise UnknownText(f"The text “{key}” needs {sorted(needed) or 'no terms'}, and got {sorted(terms) or 'none'}.")
    return template.format_map({name: _written(name, term, language) for name, term in terms.items()})


def text_of(key: str, language: str, /, *, lower_is_better: bool, **terms: str | int) -> str:
    """The text of a key as it is said of an indicator of that direction: `<key>_down` where lower is better.

    A text that is true both ways has no such sibling.
    """
    mirrored = f"{key}_down"
    return text(mirrored if lower_is_better and mirrored in texts(language) else key, language, **terms)


def _written(name: str, term: str | int, language: str) -> str:
    """A whole number in the language's separators, 27.503; a year, or what something is called by, as it is."""
    if isinstance(term, str) or name in NAMING or name.endswith("year"):
        return str(term)
    return str(format_decimal(term, locale=LOCALES[language]))


TRANSLATED = {"kind": "kind", "role": "role", "allowed": "role", "permission": "permission"}
"""Terms of a mistake that are words of ours, and where the texts name them."""


@runtime_checkable
class SpeaksBoth(Protocol):
    """A mistake that says itself in either language (a file refused by its reader)."""

    def sentence(self, language: str) -> str: ...


def sentence_of(error: CampaignError, language: str) -> str:
    """The sentence of a mistake; its own English where only an operator's terminal ever shows it.

    Where it says `why` in the words of another one that it was raised from, these are in the language too.
    """
    if isinstance(error, SpeaksBoth):
        return error.sentence(language)
    key = f"mistake.{error.code}"
    if not error.code or key not in texts(language):
        return str(error)
    terms = {name: _spoken(name, value, language) for name, value in error.terms.items()}
    if isinstance(cause := error.__cause__, CampaignError) and terms.get("why") == str(cause):
        terms["why"] = sentence_of(cause, language)
    return text(key, language, **terms)


def _spoken(name: str, value: str, language: str) -> str:
    """A term in the reader's words where it is one of ours; several roles are listed."""
    if name not in TRANSLATED:
        return value
    known = texts(language)
    return ", ".join(known.get(f"{TRANSLATED[name]}.{each}", each) for each in value.split(", "))
