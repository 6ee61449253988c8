"""The week's change of the province's rate in parts: what units' own rates did, and what their volumes did."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from jobs.documents.gap_table import Cell, exact
from models.core import formats
from models.core.texts import text
from pages.charts.marks import Spec
from pages.charts.rows import Bar, BarRow
from pages.compare.exhibits import Column, Exhibit, Row, Table
from pages.compare.shares import (
    Shares,
    address_of,
    bars,
    code_of,
    facts_of,
    figures_of,
    figures_of_all,
    first_columns,
    level_name,
    level_of_each,
    notes_of,
    points,
    short_name,
    whole_title,
)
from targets.comparison.contribution import Change, Snapshot, change_contributions, sums_by_group

DRAWN = 12
LEAST = 0.05
"""Points that one decimal still shows: a smaller change is called none."""


@dataclass(frozen=True)
class ChangeLine:
    """A unit or a level with both effects in points; `at` is a unit's place among the parts, −1 for a level."""

    name: str
    rate: float
    volume: float
    at: int = -1

    @property
    def whole(self) -> float:
        return self.rate + self.volume


def change_exhibit(shares: Shares, language: str) -> Exhibit:
    """Two bars a unit, by rate and by volume, which add up to the change of the province's rate within the week."""
    name = shares.indicator.name.of(language)
    change = week_change(shares)
    if np.isnan(change.total) or shares.comparison.whole.week_change is None:
        return Exhibit("change", text("compare.change.unknown", language, name=name))
    lines = change_lines(shares, change, language)
    if shares.within:
        rate, volume = (np.array([getattr(line, name) for line in lines]) for name in ("rate", "volume"))
        change = Change(rate, volume, float(rate.sum() + volume.sum()))
    return Exhibit(
        key="change",
        title=_title(shares, lines, change, language),
        chart=_chart(shares, lines, change, language),
        spoken=text(
            "compare.change.spoken",
            language,
            name=name,
            total=points(change.total, language),
            whole=shares.whole(language),
        ),
        legend=(
            ("▬", text("compare.change.rate", language)),
            ("▭", text("compare.change.volume", language)),
        ),
        table=_table(shares, lines, change, language),
        notes=(text("compare.change.effects", language), *notes_of(shares, language)),
    )


def week_change(shares: Shares) -> Change:
    """The change between the week's two snapshots, as the province's own row tells it.

    Whoever has no earlier snapshot counts as unchanged, as in the pool's week.
    """
    counts, weight = shares.parts.counts, np.ones(len(shares.names))
    before = Snapshot(counts.numerator - counts.week_numerator, counts.denominator - counts.week_denominator, weight)
    return change_contributions(before, Snapshot(counts.numerator, counts.denominator, weight))


def change_lines(shares: Shares, change: Change, language: str) -> list[ChangeLine]:
    """Units or levels, the largest effect first, whichever way it goes."""
    if shares.by == "level":
        levels, group = level_of_each(shares)
        rate, volume = (
            sums_by_group(effect, group, groups=len(levels)) for effect in (change.rate_effect, change.volume_effect)
        )
        at = np.flatnonzero(np.bincount(group, minlength=len(levels))).tolist()
        lines = [
            ChangeLine(level_name(shares, levels[number], language), float(rate[number]), float(volume[number]))
            for number in at
        ]
    else:
        effects = zip(shares.names, change.rate_effect.tolist(), change.volume_effect.tolist(), strict=True)
        lines = [
            ChangeLine(name, rate, volume, at) for at, (name, rate, volume) in enumerate(effects) if shares.is_shown(at)
        ]
    return sorted(lines, key=lambda line: -abs(line.whole))


def _title(shares: Shares, lines: Sequence[ChangeLine], change: Change, language: str) -> str:
    name = shares.indicator.name.of(language)
    if abs(change.total) < LEAST:
        return text("compare.change.flat", language, name=name, whole=shares.whole(language))
    way = "up" if change.total > 0 else "down"
    first = next(line for line in lines if line.whole * change.total > 0)
    return text(
        f"compare.change.{way}",
        language,
        name=name,
        points=points(abs(change.total), language),
        unit=first.name,
        most=formats.hundredths(first.whole, language, is_change=True),
        whole=shares.whole(language),
    )


def _chart(shares: Shares, lines: Sequence[ChangeLine], change: Change, language: str) -> Spec:
    rows = [_row(shares, line, language) for line in lines[:DRAWN]]
    others = lines[DRAWN:]
    if others:
        name = text("compare.change.others", language, count=formats.whole(len(others), language))
        together = ChangeLine(name, sum(line.rate for line in others), sum(line.volume for line in others))
        # So many together would take the scale from each of those above: they are told, not drawn.
        rows.append(replace(_row(shares, together, language), bars=()))
    whole = shares.whole_title(language)
    rate, volume = float(change.rate_effect.sum()), float(change.volume_effect.sum())
    rows.append(_row(shares, ChangeLine(whole, rate, volume), language, is_whole=True))
    return bars(rows, language)


def _row(shares: Shares, line: ChangeLine, language: str, *, is_whole: bool = False) -> BarRow:
    written = formats.hundredths(line.whole, language, is_change=True)
    effects = (("compare.column.rate_effect", line.rate), ("compare.column.volume_effect", line.volume))
    reported = tuple(
        (text(key, language), formats.hundredths(value, language, is_change=True)) for key, value in effects
    )
    return BarRow(
        name=line.name,
        words=text("compare.points", language, points=written),
        narrow=written,
        bars=() if is_whole else (Bar(0, line.rate, "solid", lane=-1), Bar(0, line.volume, "hollow", lane=1)),
        facts=(*facts_of(shares, line.at, line.name, language), *reported),
        address=address_of(shares, line.at),
        is_whole=is_whole,
        short=short_name(line.name),
    )


def _table(shares: Shares, lines: Sequence[ChangeLine], change: Change, language: str) -> Table:
    def effects(rate: float, volume: float) -> tuple[Cell, ...]:
        return tuple(exact(value) for value in (rate, volume, rate + volume))

    rows = [
        Row(
            (number, line.name, *figures_of(shares, line.at), *effects(line.rate, line.volume)),
            code=code_of(shares, line.at),
        )
        for number, line in enumerate(lines, start=1)
    ]
    sums = effects(float(change.rate_effect.sum()), float(change.volume_effect.sum()))
    whole = (None, whole_title(shares.comparison.campaign, language), *figures_of_all(shares), *sums)
    return Table(
        columns=(
            *first_columns(shares, language),
            Column(text("compare.column.rate_effect", language), "change"),
            Column(text("compare.column.volume_effect", language), "change"),
            Column(text("compare.column.change", language), "change"),
        ),
        rows=(*rows, Row(whole, is_total=True)),
        spoken=text("compare.change.table", language, name=shares.indicator.name.of(language)),
    )
