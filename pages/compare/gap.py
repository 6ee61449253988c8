"""The province's gap in parts: "12 đơn vị chiếm 82% phần còn thiếu của tỉnh"."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jobs.documents.gap_table import exact, rate
from models.core import formats
from models.core.texts import text, text_of
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
)
from targets.comparison.contribution import gap_contributions, largest_contributors, sums_by_group

Floats = npt.NDArray[np.float64]
DRAWN, MOST_DRAWN = 20, 40
"""Units drawn by themselves: so many, or as many as make most of the gap, up to the second number. The others stand
together in one bar, and one by one in the table."""


@dataclass(frozen=True)
class GapLine:
    """A unit or a level with the points it contributes; `at` is a unit's place among the parts, −1 for a level.

    share   its part of what is missing, 0 to 1; 0 for one that makes up for others
    """

    name: str
    points: float
    share: float
    at: int = -1


def gap_exhibit(shares: Shares, language: str) -> Exhibit:
    """Bars that add up to the province's gap, those who miss most first; those who make 80 % of it stand out."""
    counts, target = shares.parts.counts, shares.comparison.whole.target
    name = shares.indicator.name.of(language)
    if target is None:
        return Exhibit(
            "gap",
            _said(shares, "no_target", language, name=name),
        )
    gap = gap_contributions(
        numerator=counts.numerator,
        denominator=counts.denominator,
        weight=np.ones(len(shares.names)),
        target=target,
        lower_is_better=shares.indicator.lower_is_better,
    )
    if np.isnan(gap.total):
        counted = shares.indicator.counted.of(language)
        return Exhibit("gap", text("compare.no_counts", language, name=name, counted=counted))
    lines = gap_lines(shares, gap.contribution, language)
    total = sum(line.points for line in lines) if shares.within else gap.total
    return Exhibit(
        key="gap",
        title=_title(shares, lines, language),
        chart=_chart(shares, lines, total, language),
        spoken=_said(
            shares, "spoken", language, name=name, total=points(total, language), whole=shares.whole(language)
        ),
        table=_table(shares, lines, total, language),
        notes=(
            text(
                "compare.gap.against",
                language,
                target=formats.target_percent(target, language),
            ),
            *notes_of(shares, language),
        ),
    )


def _said(shares: Shares, key: str, language: str, **terms: str) -> str:
    return text_of(f"compare.gap.{key}", language, lower_is_better=shares.indicator.lower_is_better, **terms)


def gap_lines(shares: Shares, contribution: Floats, language: str) -> list[GapLine]:
    """Units or levels, the largest contribution first. All points together are the province's gap."""
    if shares.by == "level":
        levels, group = level_of_each(shares)
        sums = sums_by_group(contribution, group, groups=len(levels))
        at = np.flatnonzero(np.bincount(group, minlength=len(levels)))
        named = [(level_name(shares, levels[number], language), float(sums[number]), -1) for number in at.tolist()]
    else:
        each = zip(shares.names, contribution.tolist(), strict=True)
        named = [(name, value, at) for at, (name, value) in enumerate(each) if shares.is_shown(at)]
    whole = sum(max(value, 0.0) for _, value, _ in named)
    named.sort(key=lambda line: -line[1])
    return [GapLine(name, value, max(value, 0.0) / whole if whole else 0.0, at) for name, value, at in named]


def _title(shares: Shares, lines: Sequence[GapLine], language: str) -> str:
    name = shares.indicator.name.of(language)
    largest = largest_contributors(np.array([line.points for line in lines]))
    if not len(largest.units):
        return _said(
            shares,
            "nobody",
            language,
            name=name,
            whole=shares.whole(language),
        )
    if shares.by == "level" or len(largest.units) == 1:
        return _said(
            shares,
            "one",
            language,
            name=name,
            unit=lines[0].name,
            percent=formats.part(lines[0].share, language),
            whole=shares.whole(language),
        )
    return _said(
        shares,
        "title",
        language,
        name=name,
        count=formats.whole(len(largest.units), language),
        percent=formats.part(largest.share, language),
        whole=shares.whole(language),
    )


def _chart(shares: Shares, lines: Sequence[GapLine], total: float, language: str) -> Spec:
    is_by_level = shares.by == "level"
    behind = len(lines) if is_by_level else sum(line.points > 0 for line in lines)
    most = len(largest_contributors(np.array([line.points for line in lines])).units)
    drawn = behind if is_by_level else min(behind, max(DRAWN, min(most, MOST_DRAWN)))
    rows = [
        BarRow(
            line.name,
            *_words(line, language),
            bars=(Bar(0, line.points, "solid" if is_by_level or place < most else "quiet"),),
            facts=(
                *facts_of(shares, line.at, line.name, language),
                (text("compare.column.contribution", language), formats.hundredths(line.points, language)),
            ),
            address=address_of(shares, line.at),
            short=short_name(line.name),
        )
        for place, line in enumerate(lines[:drawn])
    ]
    for key, some in (("others", lines[drawn:behind]), ("above", lines[behind:])):
        if some:
            name = _said(shares, key, language, count=formats.whole(len(some), language))
            together = GapLine(name, sum(line.points for line in some), sum(line.share for line in some))
            # What makes up for others would take the scale from those that are behind: it is told, not drawn.
            drawn_bars = (Bar(0, together.points, "quiet"),) if key == "others" else ()
            rows.append(BarRow(name, *_words(together, language), bars=drawn_bars))
    whole = shares.whole_title(language)
    written = formats.hundredths(total, language)
    rows.append(BarRow(whole, text("compare.points", language, points=written), written, is_whole=True))
    return bars(rows, language)


def _words(line: GapLine, language: str) -> tuple[str, str]:
    """For a wide chart and for a narrow one."""
    written = formats.hundredths(line.points, language)
    if line.points <= 0:
        return text("compare.points", language, points=written), written
    reported = {"points": written, "percent": formats.part(line.share, language)}
    return text("compare.gap.words", language, **reported), text("compare.gap.narrow", language, **reported)


def _table(shares: Shares, lines: Sequence[GapLine], total: float, language: str) -> Table:
    rows, cumulated = [], 0.0
    for number, line in enumerate(lines, start=1):
        cumulated += line.share
        parts = (rate(100 * part) if line.points > 0 else None for part in (line.share, cumulated))
        cells = (number, line.name, *figures_of(shares, line.at), exact(line.points), *parts)
        rows.append(Row(cells, code=code_of(shares, line.at)))
    whole = shares.whole_title(language)
    last = (None, whole, *figures_of_all(shares), exact(total), None, None)
    return Table(
        columns=(
            *first_columns(shares, language),
            Column(text("compare.column.contribution", language), "hundredths"),
            Column(text("compare.column.share", language), "percent"),
            Column(text("compare.column.cumulated", language), "percent"),
        ),
        rows=(*rows, Row(last, is_total=True)),
        spoken=_said(
            shares,
            "table",
            language,
            name=shares.indicator.name.of(language),
        ),
    )
