"""Whose standing changed since last week and why, as view-models."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models import formats
from models.queries.changes import StandingChange
from models.texts import text
from targets.values import Campaign

NAMED = 8
"""Units named in each direction, those with most cases; the rest are counted."""
DIRECTIONS = (("down", -1), ("up", 1), ("other", 0))


@dataclass(frozen=True)
class ChangedUnit:
    """A unit and where it stood, where it stands, and why; its standing now for the mark."""

    code: str
    standing: str
    words: str
    reason: str


@dataclass(frozen=True)
class ChangesView:
    """A sentence, and for each direction its title, some units, and how many more there are."""

    said: str
    groups: tuple[tuple[str, tuple[ChangedUnit, ...], str], ...]


def changes_view(changes: Sequence[StandingChange], *, since: date, campaign: Campaign, language: str) -> ChangesView:
    """The changes of the units on one indicator; the province is none of them."""
    when = formats.short_day(since, language)
    units = [change for change in changes if campaign.level(change.now.level).group is not None]
    if not units:
        return ChangesView(text("ahead.changes.none", language, date=when), ())
    said, groups = [], []
    for key, direction in DIRECTIONS:
        of_direction = [change for change in units if change.direction == direction]
        of_direction.sort(key=lambda change: -(change.now.denominator or 0))
        rest = len(of_direction) - NAMED
        more = text("ahead.changes.more", language, count=formats.whole(rest, language)) if rest > 0 else ""
        if of_direction:
            units_changed = formats.whole(len(of_direction), language)
            said.append(text(f"ahead.changes.count_{key}", language, count=units_changed))
            named = tuple(_changed(change, language) for change in of_direction[:NAMED])
            groups.append((text(f"ahead.changes.{key}", language), named, more))
    return ChangesView(text("ahead.changes.some", language, date=when, counts=", ".join(said)), tuple(groups))


def _changed(change: StandingChange, language: str) -> ChangedUnit:
    words = text(
        "ahead.changes.row",
        language,
        name=change.now.name,
        before=text(f"standing.{change.before.standing}", language),
        now=text(f"standing.{change.now.standing}", language),
    )
    return ChangedUnit(change.now.unit, change.now.standing, words, reason(change, language))


def reason(change: StandingChange, language: str) -> str:
    """ "kết quả thay đổi"."""
    return text(f"ahead.changes.{change.reason}", language)
