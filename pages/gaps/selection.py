"""Which units of an indicator are looked at: level, part of the tree, standing, words of a name, order, screen.

Done on the server over plain rows, so that a list of 11,000 units costs the browser no more than one of 25.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from jobs.imports.words import folded
from models.core import formats
from models.results.gaps import GapRow
from pages.gaps.sentences import points_missing
from pages.kit.markdown import WORST_FIRST
from targets.results import Result
from targets.values import Campaign

PAGE_SIZE = 25


@dataclass(frozen=True)
class GapFilters:
    """The choices of the page, checked: every one is a thing that exists. None where nothing was chosen."""

    indicator: str
    phase: str | None = None
    level: str | None = None
    parent: str | None = None
    standing: str | None = None
    q: str = ""
    sort: str = "cases"
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Beyond the level, which has a switch of its own."""
        return any((self.parent, self.standing, self.q))


@dataclass(frozen=True)
class Selection:
    """Units in three steps: of the level and part of the tree, of all filters in their order, of this screen."""

    scope: tuple[GapRow, ...]
    found: tuple[GapRow, ...]
    page: int
    pages: int

    @property
    def first(self) -> int:
        """Number of the screen's first unit, counted from 0."""
        return (self.page - 1) * PAGE_SIZE

    @property
    def shown(self) -> tuple[GapRow, ...]:
        return self.found[self.first : self.first + PAGE_SIZE]


def select(rows: Sequence[GapRow], filters: GapFilters, campaign: Campaign) -> Selection:
    """The units that fit, by the campaign's groups and within each in the order chosen. A page too far is the last."""
    scope = tuple(row for row in rows if _is_within(row, filters))
    words = folded(filters.q).split()
    found = [
        row
        for row in scope
        if filters.standing in (None, row.result.standing)
        and all(word in folded(f"{row.result.name} {row.result.unit}") for word in words)
    ]
    group = {level.key: position for position, level in enumerate(campaign.levels)}
    order = SORTS[filters.sort]
    found.sort(key=lambda row: (group[row.result.level], *order(row.result)))
    pages = max(1, -(-len(found) // PAGE_SIZE))
    return Selection(scope=scope, found=tuple(found), page=min(filters.page, pages), pages=pages)


def _is_within(row: GapRow, filters: GapFilters) -> bool:
    return filters.level in (None, row.result.level) and filters.parent in (None, row.result.unit, row.parent)


def parents_of(rows: Sequence[GapRow]) -> dict[str, str]:
    """The units that have others below them, by code, named in the order of a dictionary."""
    codes = {row.parent for row in rows}
    named = {row.result.unit: row.result.name for row in rows if row.result.unit in codes}
    return dict(sorted(named.items(), key=lambda unit: formats.collation_key(unit[1])))


Key = tuple[float | tuple[object, ...], ...]


def _rising(value: Callable[[Result], float | None]) -> Callable[[Result], Key]:
    """Small ones first, unknown ones last."""

    def key(result: Result) -> Key:
        number = value(result)
        return (1, 0) if number is None else (0, number)

    return key


def _falling(value: Callable[[Result], float | None]) -> Callable[[Result], Key]:
    def negative(result: Result) -> float | None:
        number = value(result)
        return None if number is None else -number

    return _rising(negative)


def _points(result: Result) -> float | None:
    """The points missing, below 0 where the target is exceeded; unknown where the figure is out of date."""
    return None if points_missing(result) is None or result.standing == "stale" else result.gap


def _cases(result: Result) -> float | None:
    return None if result.standing == "stale" else result.cases_missing


def _gravest(result: Result) -> Key:
    return (WORST_FIRST.index(result.standing), -(result.points_short or 0.0))


SORTS: Mapping[str, Callable[[Result], Key]] = MappingProxyType(
    {
        "cases": lambda result: (*_falling(_cases)(result), *_falling(_points)(result)),
        "gap": _falling(_points),
        "gap_least": _rising(_points),
        "value": _rising(lambda result: result.value),
        "value_most": _falling(lambda result: result.value),
        "week": _rising(lambda result: result.week_value),
        "week_most": _falling(lambda result: result.week_value),
        "baseline": _rising(lambda result: result.baseline),
        "standing": _gravest,
        "name": lambda result: (formats.collation_key(result.name),),
        "order": lambda _: (),
    }
)
"""The orders that can be chosen; units that are equal in one keep the order of the campaign's list."""
