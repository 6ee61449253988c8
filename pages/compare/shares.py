"""Who makes up the province's gap and its weekly change: unit by unit or level by level, in parts that add up.

A district that tells for its communes stands for all of them and nobody is counted twice; where it is looked into, it
stands as its communes and the rest of its figure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from jobs.documents.gap_table import Cell, rate
from jobs.wording import results as wording
from jobs.wording.results import unit_below
from models.analysis.compare import Comparison
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.marks import Spec
from pages.charts.rows import BarRow, Tick, round_ticks, rows_chart
from pages.compare.exhibits import Column
from pages.gaps.view import unit_address
from targets.results import Result
from targets.standing.splitting import Parts, split_members
from targets.values import Campaign, Indicator

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
LONG = 30
"""Letters that a narrow chart has room for beside the figures."""


@dataclass(frozen=True)
class Shares:
    """The parts of the province's figure, named; by unit or put together by level."""

    overview: Overview
    comparison: Comparison
    indicator: Indicator
    parts: Parts
    names: tuple[str, ...]
    by: str
    query: str
    parent: str | None = None
    """Code of the area that is looked into: only its parts are shown, in points of the province all the same."""

    @property
    def within(self) -> str:
        """The name of that area; empty for the whole province."""
        return next((row.name for row in self.comparison.rows if row.unit == self.parent), "")

    def is_shown(self, at: int) -> bool:
        """Whether a part is looked at: every one, or those of the area."""
        if self.parent is None:
            return True
        rows, position = self.comparison.rows, int(self.parts.unit[at])
        above = int(self.comparison.parent[position])
        return rows[position].unit == self.parent or (above >= 0 and rows[above].unit == self.parent)

    def whole(self, language: str) -> str:
        """What the parts add up to, inside a sentence: the province, or the area."""
        root = wording.root_word(self.comparison.campaign, language)
        return self.within or text("compare.province", language, root=root)

    def whole_title(self, language: str) -> str:
        """The same where it stands alone: a row of a chart or a table."""
        return self.within or whole_title(self.comparison.campaign, language)


def whole_title(campaign: Campaign, language: str) -> str:
    """ "Toàn tỉnh": the row of everybody together."""
    return text("compare.whole", language, root=wording.root_word(campaign, language))


def find_shares(
    overview: Overview, comparison: Comparison, *, by: str, parent: str | None, query: str, language: str
) -> Shares:
    """The parts as they are asked for: members as they are, one of them taken apart, or for the levels all of them."""
    if by == "level":
        chosen = comparison.in_sums & (comparison.parent >= 0)
    else:
        chosen = np.array([row.unit == parent for row in comparison.rows], dtype=bool)
    parts = split_members(
        members=comparison.members,
        in_sums=comparison.in_sums,
        own=comparison.own,
        parent=comparison.parent,
        chosen=chosen,
    )
    # What units left to the province that ended without a successor is a rest of it.
    parts = replace(parts, is_rest=parts.is_rest | (parts.unit == comparison.province))
    names = unit_names(comparison, language)
    return Shares(
        overview=overview,
        comparison=comparison,
        indicator=comparison.campaign.indicator(comparison.indicator),
        parts=parts,
        names=tuple(
            text("compare.share.rest", language, name=names[at]) if is_rest else names[at]
            for at, is_rest in zip(parts.unit.tolist(), parts.is_rest.tolist(), strict=True)
        ),
        by=by,
        query=query,
        parent=parent if by == "unit" else None,
    )


def short_name(name: str) -> str:
    """A name for little room: without "UBND", and without the area above it where both are long."""
    bare = name.removeprefix("UBND ")
    return bare if len(bare) <= LONG else bare.split(", ")[0]


def unit_names(comparison: Comparison, language: str) -> list[str]:
    """Every unit with the one above it, where that is not the province: four names of communes occur twice."""
    named = []
    for row, above in zip(comparison.rows, comparison.parent.tolist(), strict=True):
        if above in (-1, comparison.province):
            named.append(row.name)
        else:
            named.append(unit_below(row.name, comparison.rows[above].name, language))
    return named


# --- by level -------------------------------------------------------------------------------------------------------


def level_of_each(shares: Shares) -> tuple[list[str], Whole]:
    """The keys of the levels in the campaign's order, and the number of each part's."""
    levels = [level.key for level in shares.comparison.campaign.levels]
    number = {key: at for at, key in enumerate(levels)}
    group = [number[shares.comparison.rows[at].level] for at in shares.parts.unit.tolist()]
    return levels, np.array(group, dtype=np.int64)


def level_name(shares: Shares, key: str, language: str) -> str:
    """A level; one whose figures were taken apart is told without those below it."""
    name = shares.comparison.campaign.level(key).name.of(language)
    apart = shares.parts.unit[shares.parts.is_rest].tolist()
    is_apart = any(shares.comparison.rows[at].level == key for at in apart)
    return text("compare.share.rest", language, name=name) if is_apart else name


# --- what both tables and both charts have --------------------------------------------------------------------------


def code_of(shares: Shares, at: int) -> str:
    """Whose part it is; nothing for a level."""
    return shares.comparison.rows[int(shares.parts.unit[at])].unit if at >= 0 else ""


def address_of(shares: Shares, at: int) -> str:
    """Where the unit of a part is shown."""
    return unit_address(code_of(shares, at), shares.query) if at >= 0 else ""


def points(value: float, language: str) -> str:
    """1,6 điểm phần trăm."""
    return text("compare.points", language, points=formats.decimal(value, language))


def first_columns(shares: Shares, language: str) -> tuple[Column, ...]:
    """Number and name; for units their figures too."""
    columns = (
        Column(text("gaps.column.number", language), "whole"),
        Column(text(f"compare.column.{shares.by}", language), "wide"),
    )
    if shares.by == "level":
        return columns
    return (
        *columns,
        Column(text("gaps.column.now", language), "percent"),
        Column(formats.capitalised(shares.indicator.numerator.of(language)), "whole"),
        Column(formats.capitalised(shares.indicator.denominator.of(language)), "whole"),
    )


def figures_of(shares: Shares, at: int) -> tuple[Cell, ...]:
    """A part's rate and counts; nothing for a level."""
    if shares.by == "level":
        return ()
    right, cases = (float(getattr(shares.parts.counts, name)[at]) for name in ("numerator", "denominator"))
    row = shares.comparison.rows[int(shares.parts.unit[at])]
    return _rate(right, cases, row), int(right), int(cases)


def figures_of_all(shares: Shares) -> tuple[Cell, ...]:
    """The same for all parts that are shown together."""
    if shares.by == "level":
        return ()
    shown = [at for at in range(len(shares.names)) if shares.is_shown(at)]
    counts = shares.parts.counts
    right, cases = float(counts.numerator[shown].sum()), float(counts.denominator[shown].sum())
    return _rate(right, cases, shares.comparison.whole), int(right), int(cases)


def _rate(right: float, cases: float, row: Result) -> Cell:
    return rate(100 * right / cases, target=row.target, lower_is_better=row.lower_is_better) if cases else None


def facts_of(shares: Shares, at: int, name: str, language: str) -> tuple[tuple[str, str], ...]:
    """What resting on a bar tells first: whose it is, and its counts."""
    facts = [(text(f"compare.column.{shares.by}", language), name)]
    if at >= 0:
        right, cases = (int(getattr(shares.parts.counts, known)[at]) for known in ("numerator", "denominator"))
        facts.append((formats.capitalised(shares.indicator.numerator.of(language)), formats.whole(right, language)))
        facts.append((formats.capitalised(shares.indicator.denominator.of(language)), formats.whole(cases, language)))
    return tuple(facts)


def bars(rows: Sequence[BarRow], language: str) -> Spec:
    """The rows on one scale that holds them all and 0."""
    ends = [0.0, *(end for row in rows for bar in row.bars for end in (bar.start, bar.end))]
    least, most = min(ends), max(ends)
    ticks = [
        Tick(value, text("compare.tick", language, points=_bare(value, language)), is_strong=value == 0)
        for value in round_ticks(least, most)
    ]
    return rows_chart(rows, ticks, least=least, most=most, language=language)


def _bare(value: float, language: str) -> str:
    return formats.target_percent(value, language).removesuffix("%")


def notes_of(shares: Shares, language: str) -> tuple[str, ...]:
    """What must be said of the sums: from whom, who is in nobody's, and of when they are."""
    comparison, whole = shares.comparison, shares.comparison.whole
    said = [text("compare.note.within" if shares.within else "compare.note.adds_up", language)]
    if shares.parts.is_rest.any():
        said.append(text("compare.note.rest", language))
    elif any(
        comparison.parent[at] >= 0 and comparison.in_sums[comparison.parent[at]] for at in range(len(comparison.rows))
    ):
        said.append(wording.said("gaps.note.counted_once", shares.indicator, language))
    if whole.standing == "stale" and whole.reading_as_of is not None:
        said.append(text("compare.note.stale", language, date=formats.day(whole.reading_as_of, language)))
    percents = sum(row.value is not None and not row.has_counts and row.coverage == 1 for row in comparison.rows)
    if percents:
        said.append(text("compare.note.percent_only", language, count=formats.whole(percents, language)))
    return tuple(said)
