"""What of the feeds page is looked at, as its address says it: which screen of which list, which run, which units."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.queries.completeness import REPORTINGS
from models.texts import text
from pages.parts.session import Ignored

LISTS = ("days", "page", "runs", "flags", "rows", "apart")
"""Lists that are turned screen by screen: calendar, units, runs, flags, quarantine, sources that differ."""
EVERYONE = "all"
SHOWN = (EVERYONE, *REPORTINGS)
"""Units to be listed; without a choice those that have not told all."""


@dataclass(frozen=True)
class FeedChoices:
    """Screens count from 1; whether there is one is known where the list is."""

    days: int = 1
    page: int = 1
    runs: int = 1
    flags: int = 1
    rows: int = 1
    apart: int = 1
    run: int | None = None
    """The run whose raw answers are looked at."""
    level: str | None = None
    q: str = ""
    show: str | None = None
    ignored: tuple[Ignored, ...] = ()


def read_feed_choices(query: Mapping[str, str], *, levels: tuple[str, ...], language: str) -> FeedChoices:
    """The choices of an address; what cannot be used is named and left out."""
    ignored = []

    def number(name: str) -> int | None:
        asked = query.get(name)
        if asked is None:
            return None
        if asked.isascii() and asked.isdigit() and 0 < int(asked) < 10**9:
            return int(asked)
        ignored.append(Ignored(name, asked, text("feeds.choice.number", language)))
        return None

    def one_of(name: str, allowed: tuple[str, ...]) -> str | None:
        asked = query.get(name)
        if asked is None or asked in allowed:
            return asked
        ignored.append(Ignored(name, asked, text("choice.allowed", language, allowed=", ".join(allowed))))
        return None

    screens = {name: number(name) or 1 for name in LISTS}
    return FeedChoices(
        **screens,
        run=number("run"),
        level=one_of("level", levels),
        q=query.get("q", ""),
        show=one_of("show", SHOWN),
        ignored=tuple(ignored),
    )


@dataclass(frozen=True)
class Screen:
    """One screen of a long list: which part of it is shown, and what to say of it."""

    number: int
    screens: int
    after: int
    """How many entries stand on earlier screens."""
    whole: int

    @property
    def is_only(self) -> bool:
        return self.screens == 1


def screen_of(asked: int, *, whole: int, most: int) -> Screen:
    """The screen asked for; the last where there are not so many: a list may have grown shorter meanwhile."""
    screens = max(1, -(-whole // most))
    number = min(asked, screens)
    return Screen(number=number, screens=screens, after=(number - 1) * most, whole=whole)
