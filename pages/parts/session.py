"""What the address says: language, day, phase and whatever else a colleague may be sent to look at.

The choices live in the query and nowhere else. An unknown value is named in a message and ignored.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import streamlit as st

from models import formats
from models.texts import LANGUAGES, text
from pages.parts.layout import Theme
from targets.values import STANDINGS, Campaign

DEFAULT_LANGUAGE = LANGUAGES[0]
NAMED = ("unit", "indicator", "phase", "level", "standing", "parent", "q", "sort", "page")
"""Choices that are read as they are written."""
LONGEST = 40
"""Characters of a wrong value that a message repeats."""


@dataclass(frozen=True)
class Ignored:
    """A value of the address that could not be used, and what could."""

    name: str
    value: str
    hint: str

    def sentence(self, language: str) -> str:
        shown = self.value if len(self.value) <= LONGEST else f"{self.value[:LONGEST]}…"
        unknown = text("choice.unknown", language, name=self.name, value=shown)
        return f"{unknown} {self.hint}" if self.hint else unknown


@dataclass(frozen=True)
class Choices:
    """The query as values; None where nothing was chosen. Keys are checked by `settled` against a campaign."""

    language: str
    as_of: date | None = None
    unit: str | None = None
    indicator: str | None = None
    phase: str | None = None
    level: str | None = None
    standing: str | None = None
    parent: str | None = None
    """Code of the unit whose own part of the tree is looked at."""
    q: str | None = None
    """Words of a name that is looked for."""
    sort: str | None = None
    page: str | None = None
    """Which screen of a long list, as written; whether there is one is known where the list is."""
    ignored: tuple[Ignored, ...] = ()


def current_query() -> dict[str, str]:
    """The query of the address being looked at; of a name given twice, the last."""
    return st.query_params.to_dict()


def choose_language(language: str) -> None:
    """Go on in another language at the same place: nothing else of the address changes."""
    st.query_params.from_dict(in_language(current_query(), language))


def choose(name: str, value: str | None) -> None:
    """Go on with one choice changed, or dropped where there is no value: nothing else of the address changes."""
    st.query_params.from_dict(with_choice(current_query(), name, value))


def confirm_address() -> None:
    """Have the browser show the address of this run: it does not follow a link to the page it is on by itself."""
    st.query_params.from_dict(current_query())


def current_theme() -> Theme:
    """The theme the reader sees. Streamlit learns of a change with the next rerun."""
    return "dark" if st.context.theme.type == "dark" else "light"


def language_of(query: Mapping[str, str]) -> str:
    """The language asked for; Vietnamese where none or an unknown one is."""
    asked = query.get("lang", DEFAULT_LANGUAGE)
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


def read_choices(query: Mapping[str, str], *, today: date, since: date | None = None) -> Choices:
    """The choices of a query. A day that is none, lies ahead, or before the campaign's first, is ignored and named."""
    language = language_of(query)
    ignored = []
    if query.get("lang", language) != language:
        ignored.append(Ignored("lang", query["lang"], _allowed(LANGUAGES, language)))
    as_of = None
    if "as_of" in query:
        as_of, problem = _day(query["as_of"], today, since, language)
        if problem is not None:
            ignored.append(problem)
    named = {name: query[name] for name in NAMED if query.get(name)}
    return Choices(language=language, as_of=as_of, ignored=tuple(ignored), **named)


def settled(choices: Choices, campaign: Campaign) -> Choices:
    """The choices with every phase, indicator or level that the campaign does not have ignored and named."""
    known = {
        "phase": tuple(phase.key for phase in campaign.phases),
        "indicator": tuple(indicator.key for indicator in campaign.indicators),
        "level": tuple(level.key for level in campaign.levels),
        "standing": STANDINGS,
    }
    asked = {name: getattr(choices, name) for name in known}
    wrong = {name: value for name, value in asked.items() if value is not None and value not in known[name]}
    ignored = tuple(Ignored(name, value, _allowed(known[name], choices.language)) for name, value in wrong.items())
    dropped: dict[str, Any] = dict.fromkeys(wrong)
    return replace(choices, ignored=(*choices.ignored, *ignored), **dropped)


def settled_unit(choices: Choices, codes: Collection[str]) -> Choices:
    """The choices with a unit that the campaign does not have ignored and named."""
    if choices.unit is None or choices.unit in codes:
        return choices
    ignored = Ignored("unit", choices.unit, text("choice.unit", choices.language))
    return replace(choices, unit=None, ignored=(*choices.ignored, ignored))


def with_choice(query: Mapping[str, str], name: str, value: str | None) -> dict[str, str]:
    """The same place with one choice changed, or dropped where there is no value."""
    rest = {other: said for other, said in query.items() if other != name}
    return rest if value is None else {**rest, name: value}


def onward(choices: Choices, **wanted: str) -> dict[str, str]:
    """The query of a link to somewhere else: what is wanted there, on the day, phase and language looked at here."""
    kept = {"phase": choices.phase, "as_of": None if choices.as_of is None else choices.as_of.isoformat()}
    query = wanted | {name: value for name, value in kept.items() if value is not None}
    return in_language(query, choices.language)


def in_language(query: Mapping[str, str], language: str) -> dict[str, str]:
    """The same place in another language: the query with nothing else changed, short for the default one."""
    rest = {name: value for name, value in query.items() if name != "lang"}
    return rest if language == DEFAULT_LANGUAGE else {**rest, "lang": language}


def _day(written: str, today: date, since: date | None, language: str) -> tuple[date | None, Ignored | None]:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None, Ignored("as_of", written, text("choice.date", language))
    if day > today:
        hint = text("choice.future", language, today=formats.day(today, language))
        return None, Ignored("as_of", written, hint)
    if since is not None and day < since:
        return None, Ignored("as_of", written, text("choice.before", language, since=formats.day(since, language)))
    return day, None


def _allowed(values: Sequence[str], language: str) -> str:
    return text("choice.allowed", language, allowed=", ".join(values))
