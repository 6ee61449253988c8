"""What the address says: language, day, phase and whatever else a colleague may be sent to; and links that keep it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NoReturn

import streamlit as st

from models.core import formats
from models.core.texts import LANGUAGES, text
from pages.charts.layout import Theme
from targets.values import STANDINGS, Campaign

DEFAULT_LANGUAGE = LANGUAGES[0]
NAMED = ("campaign", "unit", "indicator", "phase", "level", "standing", "parent", "q")
"""Choices that are read as they are written."""
SCREENS = ("page", "trial")
"""Which screen of a list is looked at: of another list it would be another one."""
LONGEST = 40
"""Characters of a wrong value that a message repeats."""
MOST = 10**9
"""The largest number that a choice may be."""


def key_of(address: str) -> str:
    """The name of an address among the texts and rooms."""
    return address or "overview"


@dataclass(frozen=True)
class Ignored:
    """A value of the address that could not be used, and what could."""

    name: str
    value: str
    hint: str
    instead: str = ""
    """What is shown in its place; the page's own choice where nothing is said."""

    def sentence(self, language: str) -> str:
        shown = self.value if len(self.value) <= LONGEST else f"{self.value[:LONGEST]}…"
        instead = self.instead or text("choice.instead", language)
        unknown = text("choice.unknown", language, name=self.name, value=shown, instead=instead)
        return f"{unknown} {self.hint}" if self.hint else unknown


@dataclass(frozen=True)
class Choices:
    """The query as values; None where nothing was chosen. Checked by `settled` before a page has them."""

    language: str
    campaign: str | None = None
    """The key of a further campaign; None where the front's own is looked at."""
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
    ignored: tuple[Ignored, ...] = ()


class Asking:
    """Reads the choices that are a page's own, and keeps (`ignored`) whatever cannot be used."""

    def __init__(self, query: Mapping[str, str], language: str) -> None:
        self.query, self.language = query, language
        self.ignored: list[Ignored] = []

    def one_of(self, name: str, allowed: Sequence[str], *, hint: str | None = None) -> str | None:
        """One of the values there are, by default named in the hint; None where nothing usable is asked for."""
        asked = self.query.get(name)
        if asked is None or asked in allowed:
            return asked
        self.leave_out(name, _allowed(allowed, self.language) if hint is None else hint)
        return None

    def number(self, name: str, *, least: int = 1, most: int = MOST) -> int | None:
        """A whole number, in the digits that everybody types."""
        asked = self.query.get(name)
        if asked is None:
            return None
        if asked.isascii() and asked.isdigit() and len(asked) <= len(str(MOST)) and least <= int(asked) <= most:
            return int(asked)
        bounds = {"least": least} if most == MOST else {"least": least, "most": most}
        self.leave_out(name, text(f"choice.{'between' if 'most' in bounds else 'number'}", self.language, **bounds))
        return None

    def leave_out(self, name: str, hint: str, *, value: str | None = None, instead: str = "") -> None:
        """Name a choice that cannot be used: the whole of it, or the part of it in `value`."""
        self.ignored.append(Ignored(name, self.query[name] if value is None else value, hint, instead))


def current_query() -> dict[str, str]:
    """The query of the address being looked at; of a name given twice, the last."""
    return st.query_params.to_dict()


def choose_language(language: str) -> None:
    """Go on in another language at the same place: nothing else of the address changes."""
    st.query_params.from_dict(in_language(current_query(), language))


def choose(name: str, value: str | None) -> None:
    """Go on with one choice changed, or dropped where there is no value.

    Nothing else of the address changes, but that every list begins at its first screen again.
    """
    query = current_query()
    if name not in SCREENS:
        query = {other: said for other, said in query.items() if other not in SCREENS}
    st.query_params.from_dict(with_choice(query, name, value))


def choose_from(name: str, key: str) -> None:
    """Go on with what a field holds, words without the spaces around them; an empty one drops the choice."""
    held = st.session_state[key]
    choose(name, (held.strip() if isinstance(held, str) else held) or None)


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
    as_of, hint = None, ""
    if "as_of" in query:
        as_of, hint = _day(query["as_of"], today, since, language)
    if hint:
        instead = text("choice.instead_day", language, today=formats.day(today, language))
        ignored.append(Ignored("as_of", query["as_of"], hint, instead))
    named = {name: asked for name in NAMED if (asked := query.get(name))}
    return Choices(language=language, as_of=as_of, ignored=tuple(ignored), **named)


def settled(choices: Choices, campaign: Campaign, units: Collection[str] = ()) -> Choices:
    """The choices with whatever there is not in the campaign, or among the codes of its units, ignored and named."""
    known: dict[str, Collection[str]] = {
        "phase": tuple(phase.key for phase in campaign.phases),
        "indicator": tuple(indicator.key for indicator in campaign.indicators),
        "level": tuple(level.key for level in campaign.levels),
        "standing": STANDINGS,
        "unit": units,
        "parent": units,
    }
    asked = {name: getattr(choices, name) for name in known}
    wrong = {name: value for name, value in asked.items() if value is not None and value not in known[name]}
    of_units, language = text("choice.unit", choices.language), choices.language
    ignored = tuple(
        Ignored(name, value, of_units if known[name] is units else _allowed(tuple(known[name]), language))
        for name, value in wrong.items()
    )
    dropped: dict[str, Any] = dict.fromkeys(wrong)
    return replace(choices, ignored=(*choices.ignored, *ignored), **dropped)


def ungrouped(choices: Choices, campaign: Campaign) -> list[Ignored]:
    """The level chosen, named, where it is none whose units a page lists as a group."""
    groups = tuple(level.key for level in campaign.levels if level.group is not None)
    if choices.level is None or choices.level in groups:
        return []
    return [Ignored("level", choices.level, _allowed(groups, choices.language))]


def with_choice(query: Mapping[str, str], name: str, value: str | None) -> dict[str, str]:
    """The same place with one choice changed, or dropped where there is no value."""
    rest = {other: said for other, said in query.items() if other != name}
    return rest if value is None else {**rest, name: value}


def onward(choices: Choices, **wanted: str) -> dict[str, str]:
    """The query of a link to somewhere else: what is wanted there, and the shared choices and language of here."""
    shared = {
        "campaign": choices.campaign,
        "indicator": choices.indicator,
        "phase": choices.phase,
        "as_of": None if choices.as_of is None else choices.as_of.isoformat(),
    }
    kept = {name: value for name, value in shared.items() if value is not None}
    return in_language(kept | wanted, choices.language)


def in_language(query: Mapping[str, str], language: str) -> dict[str, str]:
    """The same place in another language: the query with nothing else changed, short for the default one."""
    rest = {name: value for name, value in query.items() if name != "lang"}
    return rest if language == DEFAULT_LANGUAGE else {**rest, "lang": language}


def in_campaign(query: Mapping[str, str]) -> dict[str, str]:
    """The query with the campaign that is looked at: no link among the pages leads out of it."""
    here = current_query().get("campaign")
    return {"campaign": here, **query} if here else dict(query)


def _day(written: str, today: date, since: date | None, language: str) -> tuple[date | None, str]:
    """The day, or why it cannot be looked at."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None, text("choice.date", language)
    if day > today:
        return None, text("choice.future", language)
    if since is not None and day < since:
        return None, text("choice.before", language, since=formats.day(since, language))
    return day, ""


def _allowed(values: Sequence[str], language: str) -> str:
    return text("choice.allowed", language, allowed=", ".join(values)) if values else ""


def go(address: str, query: Mapping[str, str], *, language: str) -> NoReturn:
    """On to a public address, where something else than a link was clicked."""
    st.switch_page(_entry(address, language), query_params=in_campaign(query))


def link(address: str, label: str, query: Mapping[str, str], *, language: str, icon: str | None = None) -> None:
    """A link to a public address in Markdown words; beside its query the address keeps the campaign of here."""
    st.page_link(_entry(address, language), label=label, query_params=in_campaign(query), icon=icon)


def _entry(address: str, language: str) -> st.Page:
    title = text(f"page.{key_of(address)}", language)
    return st.Page(_nothing, title=title, url_path=address, default=address == "")


def _nothing() -> None:
    """Stands for the page that the frame registers under the same address; Streamlit tells them by the address."""
