"""What of the feeds page is looked at, as its address says it: which screen of which list, which run, which units."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.core.texts import text
from pages.kit import address
from pages.kit.address import Asking, Choices, Ignored
from targets.findings import REPORTINGS
from targets.values import Campaign

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


def read_feed_choices(choices: Choices, query: Mapping[str, str], campaign: Campaign) -> FeedChoices:
    """The page's own choices beside those it shares; what cannot be used is named and left out."""
    asking = Asking(query, choices.language)
    ungrouped = address.ungrouped(choices, campaign)
    screens = {name: asking.number(name) or 1 for name in LISTS}
    return FeedChoices(
        **screens,
        run=asking.number("run"),
        level=None if ungrouped else choices.level,
        q=choices.q or "",
        show=asking.one_of("show", SHOWN),
        ignored=(*ungrouped, *asking.ignored),
    )


@dataclass(frozen=True)
class Screen:
    """One screen of a long list: which part of it is shown, and what to say of it."""

    number: int
    screens: int
    after: int
    """How many entries stand on earlier screens."""
    whole: int
    asked: int = 1

    @property
    def is_only(self) -> bool:
        return self.screens == 1


def screen_of(asked: int, *, whole: int, most: int) -> Screen:
    """The screen asked for; the last where there are not so many: a list may have grown shorter meanwhile."""
    screens = max(1, -(-whole // most))
    number = min(asked, screens)
    return Screen(number=number, screens=screens, after=(number - 1) * most, whole=whole, asked=asked)


def too_far(name: str, screen: Screen, language: str) -> list[Ignored]:
    """The screen that the address asks for by this name, named where the list has not so many."""
    if screen.asked <= screen.screens:
        return []
    hint = text("choice.screens", language, pages=screen.screens)
    return [Ignored(name, str(screen.asked), hint, text("choice.instead_last", language))]
