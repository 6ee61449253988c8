"""Which units of a level lie outside the usual scatter: a funnel instead of a rank for those with few cases."""

import numpy as np
import numpy.typing as npt

from jobs.documents.gap_table import rate
from jobs.wording import results as wording
from models.analysis.compare import Comparison
from models.core import formats
from models.core.texts import text
from pages.charts.marks import Spec
from pages.charts.scatter import NAMED, FunnelPoint, Limits, funnel_chart
from pages.compare.exhibits import Column, Exhibit, Row, Table
from pages.compare.shares import unit_names
from targets.comparison.ranking import Funnel, funnel

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
LEAST_UNITS = 5
"""Fewer units have no common rate that one of them could depart from."""
SIDES = {-1: "below", 0: "inside", 1: "above"}
GLYPHS = {"below": "↓", "inside": "•", "above": "↑"}
"""Arrows and dots: triangles and rings are standings."""
LINES = 60
"""Points of the chart's limits; between them they are drawn straight."""


def funnel_exhibit(comparison: Comparison, *, level: str, language: str) -> Exhibit:
    """The units of a level with counts of today; who stands outside the limits is named, furthest first."""
    chosen = _with_counts(comparison, level)
    name = comparison.campaign.indicator(comparison.indicator).name.of(language)
    level_name = comparison.campaign.level(level).name.of(language)
    if len(chosen) < LEAST_UNITS:
        few = text("compare.funnel.few", language, name=name, level=level_name, least=LEAST_UNITS)
        return Exhibit("funnel", few)
    rows = [comparison.rows[at] for at in chosen.tolist()]
    numerator = np.array([float(row.numerator or 0) for row in rows])
    cases = np.array([float(row.denominator or 0) for row in rows])
    limits = funnel(numerator, cases)
    value = 100 * numerator / cases
    side = np.where(value > limits.high, 1, np.where(value < limits.low, -1, 0))
    width = np.where(side > 0, limits.high, limits.low) - limits.centre
    # How many times as far from the common rate as the limit on its side; nothing for those inside.
    beyond = np.where(side == 0, 0.0, (value - limits.centre) / np.where(width == 0, 1.0, width))
    order = np.argsort(-beyond, kind="stable")
    return Exhibit(
        key="funnel",
        title=_title(name, level_name, side, language),
        chart=_chart(comparison, chosen, limits, side, order, language),
        spoken=text("compare.funnel.spoken", language, name=name, level=level_name),
        legend=tuple((GLYPHS[key], text(f"compare.funnel.{key}", language)) for key in ("above", "below", "inside")),
        table=_table(comparison, chosen, limits, side, order, language),
        notes=_notes(comparison, level, chosen, side, limits, language),
    )


def _with_counts(comparison: Comparison, level: str) -> Whole:
    is_asked = [
        row.level == level and row.coverage == 1 and not row.is_bound and row.numerator is not None
        and bool(row.denominator)
        for row in comparison.rows
    ]  # fmt: skip
    return np.flatnonzero(np.array(is_asked, dtype=bool)).astype(np.int64)


def _title(name: str, level: str, side: Whole, language: str) -> str:
    above, below = int((side > 0).sum()), int((side < 0).sum())
    reported = {"name": name, "level": level, "units": formats.whole(len(side), language)}
    if not above and not below:
        return text("compare.funnel.nobody", language, **reported)
    counts = {"above": formats.units(above, language), "below": formats.units(below, language)}
    return text("compare.funnel.title", language, **reported, **counts)


def _chart(comparison: Comparison, chosen: Whole, limits: Funnel, side: Whole, order: Whole, language: str) -> Spec:
    names = unit_names(comparison, language)
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.arange(1, len(order) + 1)
    points = []
    for at, position in enumerate(chosen.tolist()):
        row = comparison.rows[position]
        cases, figure = row.denominator or 0, wording.figure(row, language)
        points.append(
            FunnelPoint(
                name=names[position],
                cases=float(cases),
                value=row.value or 0.0,
                side=int(side[at]),
                number=int(number[at]),
                figure=figure,
                facts=(
                    (text("compare.column.unit", language), names[position]),
                    (text("gaps.column.now", language), figure),
                    (_cases_title(comparison, language), formats.whole(cases, language)),
                ),
            )
        )
    by_cases = sorted(range(len(points)), key=lambda at: points[at].cases)
    step = max(1, len(by_cases) // LINES)
    drawn = dict.fromkeys([*by_cases[::step], by_cases[-1]])
    cases = [points[at].cases for at in by_cases]
    return funnel_chart(
        points,
        [Limits(points[at].cases, float(limits.low[at]), float(limits.high[at])) for at in drawn],
        centre=limits.centre,
        centre_words=text("compare.funnel.centre", language, rate=formats.percent(limits.centre, language)),
        cases_words=text("compare.funnel.cases", language, cases=_cases_title(comparison, language)),
        ticks=[(value, formats.whole(value, language)) for value in _round_cases(int(cases[0]), int(cases[-1]))],
        language=language,
    )


def _round_cases(fewest: int, most: int) -> list[int]:
    """1, 10, 100 … and, where these are few, 2 and 5 of each too."""
    powers = [10**power for power in range(8)]
    tens = [value for value in powers if fewest <= value <= most]
    if len(tens) > 2:
        return tens
    return [value for power in powers for value in (power, 2 * power, 5 * power) if fewest <= value <= most]


def _cases_title(comparison: Comparison, language: str) -> str:
    return comparison.campaign.indicator(comparison.indicator).denominator.of(language)


def _table(comparison: Comparison, chosen: Whole, limits: Funnel, side: Whole, order: Whole, language: str) -> Table:
    names = unit_names(comparison, language)
    indicator = comparison.campaign.indicator(comparison.indicator)
    rows = []
    for number, at in enumerate(order.tolist(), start=1):
        row = comparison.rows[int(chosen[at])]
        key = SIDES[int(side[at])]
        cells = (
            number,
            names[int(chosen[at])],
            rate(row.value or 0.0, target=row.target, lower_is_better=row.lower_is_better),
            rate(float(limits.low[at])),
            rate(float(limits.high[at])),
            row.numerator,
            row.denominator,
            f"{GLYPHS[key]} {text(f'compare.funnel.{key}', language)}",
        )
        rows.append(Row(cells, code=row.unit))
    return Table(
        columns=(
            Column(text("gaps.column.number", language), "whole"),
            Column(text("compare.column.unit", language), "wide"),
            Column(text("gaps.column.now", language), "percent"),
            Column(text("compare.column.limit_low", language), "percent"),
            Column(text("compare.column.limit_high", language), "percent"),
            Column(formats.capitalised(indicator.numerator.of(language)), "whole"),
            Column(formats.capitalised(indicator.denominator.of(language)), "whole"),
            Column(text("compare.column.against_chance", language), "wide"),
        ),
        rows=tuple(rows),
        spoken=text("compare.funnel.table", language),
    )


def _notes(
    comparison: Comparison, level: str, chosen: Whole, side: Whole, limits: Funnel, language: str
) -> tuple[str, ...]:
    said = [text("compare.funnel.note", language, rate=formats.percent(limits.centre, language))]
    outside = int((side != 0).sum())
    if outside > NAMED:
        said.append(text("compare.funnel.named", language, named=NAMED))
    without = sum(row.level == level for row in comparison.rows) - len(chosen)
    if without:
        said.append(text("compare.funnel.without", language, count=formats.whole(without, language)))
    return tuple(said)
