"""What only the whole file shows: the same figure twice, and districts counted together with their communes."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from jobs.imports.tables.columns import Bools, Floats, Whole
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import FileWarning
from targets.values import Campaign, Source

DAY_BITS = 20
MANY = 0.5
"""A file has "many" of a unit's children from this share on."""


@dataclass(frozen=True)
class ReportedRows:
    """Accepted figures of a block: packed key, counts and reported percent, where they stand."""

    key: Whole
    numerator: Floats
    denominator: Floats
    value: Floats
    high: Floats
    qualifier: Whole
    row: Whole
    column: Whole
    sheet: int

    def __len__(self) -> int:
        return len(self.key)


def packed_key(*, unit: Whole, indicator: Whole, is_below: Bools, day: Whole, indicators: int) -> Whole:
    """Unit, indicator, scope and day in one whole number; days since 1970 fit 20 bits until the year 4840."""
    return (((unit * indicators + indicator) * 2 + is_below) << DAY_BITS) + day


@dataclass
class _Run:
    """Figures sorted by key: `mark` stands for the figure, `where` for its place (sheet, row and column packed)."""

    key: Whole
    mark: Whole
    where: Whole
    numerator: Floats
    denominator: Floats


@dataclass(frozen=True)
class Repeats:
    """Which figures of a block were reported before, alike or otherwise, and where first: sheet, row, column."""

    is_same: Bools
    is_other: Bools
    first: Whole

    @staticmethod
    def where(reported: ReportedRows) -> Whole:
        """The packed place of each figure."""
        return (np.int64(reported.sheet) << 44) | (reported.row << 14) | reported.column

    @staticmethod
    def place(where: int) -> tuple[int, int, int]:
        return where >> 44, (where >> 14) & ((1 << 30) - 1), where & ((1 << 14) - 1)


class Seen:
    """Remembers every figure of a file in about 40 bytes, in sorted runs that are merged as they grow alike."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def repeats(self, reported: ReportedRows) -> Repeats:
        """Finds the figures reported before and remembers the others."""
        mark = _mark(reported)
        where = Repeats.where(reported)
        distinct, first_at, back = np.unique(reported.key, return_index=True, return_inverse=True)
        first_mark, first_where = mark[first_at], where[first_at]
        is_new = np.ones(len(distinct), dtype=bool)
        for run in self._runs:
            at = np.minimum(np.searchsorted(run.key, distinct), len(run.key) - 1)
            is_known = run.key[at] == distinct
            first_mark = np.where(is_known, run.mark[at], first_mark)
            first_where = np.where(is_known, run.where[at], first_where)
            is_new &= ~is_known
        is_first = np.zeros(len(reported), dtype=bool)
        is_first[first_at[is_new]] = True
        is_same = first_mark[back] == mark
        new = first_at[is_new]
        self._add(_Run(reported.key[new], mark[new], where[new], reported.numerator[new], reported.denominator[new]))
        return Repeats(is_same=~is_first & is_same, is_other=~is_same, first=first_where[back])

    def _add(self, run: _Run) -> None:
        if not len(run.key):
            return
        self._runs.append(run)
        while len(self._runs) > 1 and len(self._runs[-2].key) <= 2 * len(self._runs[-1].key):
            self._runs[-2:] = [_merged(self._runs[-2:])]

    def all(self) -> _Run | None:
        """Everything reported, sorted by key; None where nothing was."""
        return _merged(self._runs) if self._runs else None


def _mark(reported: ReportedRows) -> Whole:
    """64 bits that stand for a figure. A NaN is always the same NaN here."""
    mark = np.zeros(len(reported), dtype=np.uint64)
    told = (reported.numerator, reported.denominator, reported.value, reported.high)
    for number in (*told, reported.qualifier.astype(np.float64)):
        bits = np.where(np.isnan(number), np.nan, number + 0.0).view(np.uint64)
        mark = (mark ^ bits) * np.uint64(0x9E3779B97F4A7C15)
        mark ^= mark >> np.uint64(29)
    return mark.view(np.int64)


def _merged(runs: list[_Run]) -> _Run:
    order = np.argsort(np.concatenate([run.key for run in runs]), kind="stable")

    def column(name: str) -> Whole:
        joined: Whole = np.concatenate([getattr(run, name) for run in runs])[order]
        return joined

    return _Run(*(column(name) for name in ("key", "mark", "where", "numerator", "denominator")))  # type: ignore[arg-type]  # counts are floats


@dataclass(frozen=True)
class Overlap:
    """A unit whose figure "with all below" holds fewer cases than the units below it together."""

    unit: int
    indicator: int
    day: int
    denominator: int
    below: int
    cases: int
    """How many days and indicators of this unit show it."""


@dataclass(frozen=True)
class TotalRow:
    """A row that the file itself calls a total."""

    indicator: int
    day: int
    denominator: float
    place: str


class WholeFile:
    """The figures of a whole file by unit, indicator and day, for checks at its end."""

    def __init__(self, seen: Seen, *, parents: Whole, indicators: int) -> None:
        run = seen.all()
        key = np.empty(0, dtype=np.int64) if run is None else run.key
        above = key >> DAY_BITS
        self._rows = pd.DataFrame(
            {
                "unit": above // 2 // indicators,
                "indicator": above // 2 % indicators,
                "is_below": above % 2 == 1,
                "day": key & ((1 << DAY_BITS) - 1),
                "denominator": np.empty(0) if run is None else run.denominator,
            }
        ).dropna(subset=["denominator"])
        self._rows["parent"] = parents[self._rows["unit"].to_numpy()]
        self._children = np.bincount(parents[parents >= 0], minlength=len(parents))
        self._sums = self._sums_below()

    def _sums_below(self) -> pd.DataFrame:
        """Cases of the units directly below each unit; a unit reported in both scopes counts with the wider one."""
        rows = self._rows[self._rows["parent"] >= 0].sort_values("is_below", kind="stable")
        rows = rows.drop_duplicates(["unit", "indicator", "day"], keep="last")
        sums = rows.groupby(["parent", "indicator", "day"], sort=False)["denominator"].agg(["sum", "size"])
        return sums.reset_index().rename(columns={"parent": "unit"})

    def _with_children(self) -> pd.DataFrame:
        return self._rows[self._rows["is_below"]].merge(self._sums, on=["unit", "indicator", "day"])

    def overlaps(self) -> Iterator[Overlap]:
        """Units whose figure "with all below" has fewer cases than the units below; each unit once, with its first."""
        both = self._with_children()
        children = self._children[both["unit"].to_numpy()]
        both = both[(both["size"] >= np.maximum(2, MANY * children)) & (both["denominator"] < both["sum"])]
        for unit, rows in both.sort_values(["day", "indicator"]).groupby("unit"):
            first = rows.iloc[0]
            yield Overlap(
                unit=int(str(unit)),
                indicator=int(first["indicator"]),
                day=int(first["day"]),
                denominator=int(first["denominator"]),
                below=int(first["sum"]),
                cases=len(rows),
            )

    def double_totals(self, totals: list[TotalRow]) -> Iterator[TotalRow]:
        """Total rows that add up units and, once more, the units below them."""
        if not totals:
            return
        everything = self._rows.groupby(["indicator", "day"])["denominator"].sum()
        twice = set(self._with_children()[["indicator", "day"]].itertuples(index=False, name=None))
        for total in totals:
            if (total.indicator, total.day) in twice and everything[total.indicator, total.day] == total.denominator:
                yield total


# --- figures that can never be judged --------------------------------------------------------------------------------


def never_judged(seen: Seen, source: Source, campaign: Campaign, matcher: UnitMatcher) -> Iterator[FileWarning]:
    """One warning for each indicator whose source or basis keeps it out, and for each level with another scope."""
    run = seen.all()
    if run is None:
        return
    above = run.key >> DAY_BITS
    yield from _by_source(above // 2 % len(campaign.indicators), source, campaign)
    yield from _by_scope(above, campaign, matcher)


def _by_source(indicator: Whole, source: Source, campaign: Campaign) -> Iterator[FileWarning]:
    for at, count in zip(*(part.tolist() for part in np.unique(indicator, return_counts=True)), strict=True):
        known = campaign.indicators[at]
        terms = {"indicator": known.name.vi, "source": source.name.vi, "count": str(count), "key": known.key}
        if source.key not in known.sources:
            yield FileWarning("source_never_judged", terms)
        elif source.basis not in (None, known.basis):
            yield FileWarning("basis_never_judged", terms | {"reported": str(source.basis), "needed": known.basis})


def _by_scope(above: Whole, campaign: Campaign, matcher: UnitMatcher) -> Iterator[FileWarning]:
    """A district's own counter is in sums, its standing is that of the district with all below."""
    levels = [level.key for level in campaign.levels]
    default = np.array([level.default_scope == "below" for level in campaign.levels])
    of_unit = np.array([levels.index(unit.level) for unit in matcher.units], dtype=np.int64)
    level, is_below = of_unit[above // 2 // len(campaign.indicators)], above % 2 == 1
    odd = level[is_below != default[level]]
    for at, count in zip(*(part.tolist() for part in np.unique(odd, return_counts=True)), strict=True):
        known = campaign.levels[at]
        code = "own_never_judged" if known.default_scope == "below" else "below_never_judged"
        yield FileWarning(code, {"level": known.name.vi, "count": str(count), "key": known.key})
