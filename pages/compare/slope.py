"""Up to fifteen units from the start over the milestones: who rose most, who least, and where each is going."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from jobs.documents.gap_table import exact, rate
from jobs.wording import results as wording
from jobs.wording.results import standing_of
from models.analysis.compare import Comparison
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.lines import Stop, UnitLine, slope_chart
from pages.compare.exhibits import Column, Exhibit, Row, Table
from pages.compare.shares import unit_names
from targets.comparison.contribution import gap_contributions, largest_contributors
from targets.results import Result
from targets.values import Campaign, Indicator, Phase

FIRST = 8
"""Units shown where none is chosen: those who contribute most to the gap."""
EVEN = 0.05
"""Points that one decimal still shows: smaller differences are called none."""


@dataclass(frozen=True)
class Lines:
    """What the slope is made of: each unit's row, its rates on past milestones, its rows of phases to come."""

    overview: Overview
    comparison: Comparison
    units: tuple[str, ...]
    past: Mapping[str, Mapping[date, float]]
    ahead: Mapping[tuple[str, str], Result]
    """(unit, phase) → the row of a phase whose due date lies ahead."""


def units_to_show(comparison: Comparison, chosen: Sequence[str]) -> tuple[str, ...]:
    """The units chosen; where none is, those who contribute most to the province's gap, or who come first."""
    if chosen:
        return tuple(chosen)
    counts, target = comparison.members, comparison.whole.target
    # What ended units left to the province is nobody's line.
    weight = np.where(comparison.parent >= 0, comparison.in_sums, False).astype(np.float64)
    gap = gap_contributions(
        numerator=counts.numerator,
        denominator=counts.denominator,
        weight=weight,
        target=np.nan if target is None else target,
        lower_is_better=comparison.whole.lower_is_better,
    )
    largest = largest_contributors(np.nan_to_num(gap.contribution)).units.tolist()
    if not largest:
        below = np.flatnonzero(comparison.parent == comparison.province).tolist()
        largest = [at for at in below if comparison.rows[at].value is not None]
    return tuple(comparison.rows[at].unit for at in largest[:FIRST])


def past_days(campaign: Campaign, as_of: date) -> tuple[date, ...]:
    """The milestones that have passed by a day, the day itself included."""
    return tuple(phase.due for phase in campaign.phases if phase.due is not None and phase.due <= as_of)


def phases_ahead(campaign: Campaign, as_of: date) -> tuple[Phase, ...]:
    """The phases whose milestone lies ahead."""
    return tuple(phase for phase in campaign.phases if phase.due is not None and phase.due > as_of)


def slope_exhibit(lines: Lines, language: str) -> Exhibit:
    """One line a unit over start, passed milestones, today and, dashed, what is projected."""
    campaign, as_of = lines.comparison.campaign, lines.overview.as_of
    name = campaign.indicator(lines.comparison.indicator).name.of(language)
    if as_of < campaign.start:
        day = formats.day(campaign.start, language)
        return Exhibit("slope", text("compare.slope.not_begun", language, name=name, date=day))
    stops = _stops(campaign, campaign.indicator(lines.comparison.indicator), as_of, language)
    names = dict(zip((row.unit for row in lines.comparison.rows), unit_names(lines.comparison, language), strict=True))
    rows = {row.unit: row for row in lines.comparison.rows}
    reported = [(rows[code], _values(lines, rows[code])) for code in lines.units if code in rows]
    reported = [(row, values) for row, values in reported if any(value is not None for value in values)]
    # The highest last: as the lines stand at their ends, so they stand in the table.
    reported.sort(key=lambda each: -_last(each[1]))
    if not reported:
        return Exhibit("slope", text("compare.slope.nothing", language, name=name))
    changes = {row.unit: _risen(values, stops) for row, values in reported}
    risen = {unit: change for unit, change in changes.items() if change is not None}
    drawn = [
        UnitLine(
            number=number,
            name=names[row.unit],
            values=values,
            figure=formats.percent(_last(values), language, target=row.target, lower_is_better=row.lower_is_better),
            standing=row.standing,
            is_reported=row.unit in _extremes(risen),
            facts=_facts(row, names[row.unit], stops, values, language),
        )
        for number, (row, values) in enumerate(reported, start=1)
    ]
    return Exhibit(
        key="slope",
        title=_title(name, risen, names, language),
        chart=slope_chart(stops, drawn, language),
        spoken=text("compare.slope.spoken", language, name=name, count=len(drawn)),
        legend=(
            ("──", text("compare.slope.told", language)),
            ("╌╌", wording.said("compare.slope.ahead", lines.comparison.whole, language)),
        ),
        table=_table(drawn, [row for row, _ in reported], stops, language),
        notes=_notes(lines, stops, language),
    )


def _stops(campaign: Campaign, indicator: Indicator, as_of: date, language: str) -> list[Stop]:
    start = text("compare.slope.start", language, year=campaign.baseline_year)
    stops = [Stop(start, "", str(campaign.baseline_year))]

    def at(day: date, *, is_ahead: bool) -> Stop:
        number = text("compare.slope.day", language, day=campaign.day_number(day))
        below = formats.short_day(day, language)
        said = wording.said("compare.slope.projected", indicator, language, date=below) if is_ahead else below
        return Stop(number, said, below, is_ahead)

    passed = past_days(campaign, as_of)
    stops += [at(day, is_ahead=False) for day in passed]
    if as_of not in passed:
        today = formats.short_day(as_of, language)
        stops.append(Stop(text("compare.slope.today", language), today, today))
    stops += [at(phase.due, is_ahead=True) for phase in phases_ahead(campaign, as_of) if phase.due is not None]
    return stops


def _values(lines: Lines, row: Result) -> tuple[float | None, ...]:
    campaign, as_of = lines.comparison.campaign, lines.overview.as_of
    past = lines.past.get(row.unit, {})
    passed = past_days(campaign, as_of)
    ahead = [lines.ahead.get((row.unit, phase.key)) for phase in phases_ahead(campaign, as_of)]
    return (
        row.baseline,
        *(past.get(day) for day in passed),
        *(() if as_of in passed else (past.get(as_of, row.value),)),
        *(None if known is None else known.projection for known in ahead),
    )


def _last(values: Sequence[float | None]) -> float:
    return next(value for value in reversed(values) if value is not None)


def _risen(values: Sequence[float | None], stops: Sequence[Stop]) -> float | None:
    """Points from the first figure to the newest one; None where there are not two."""
    reported = [value for value, stop in zip(values, stops, strict=True) if value is not None and not stop.is_ahead]
    return reported[-1] - reported[0] if len(reported) > 1 else None


def _extremes(risen: Mapping[str, float]) -> tuple[str, ...]:
    """Who rose most, and who least where that is somebody else."""
    if not risen:
        return ()
    first, last = max(risen, key=risen.__getitem__), min(risen, key=risen.__getitem__)
    return (first,) if risen[first] - risen[last] < EVEN else (first, last)


def _title(name: str, risen: Mapping[str, float], names: Mapping[str, str], language: str) -> str:
    """Who rose most and who least between the first figure and the newest one."""
    found = _extremes(risen)
    if not found:
        return text("compare.slope.no_change", language, name=name)
    first = names[found[0]]
    most = formats.signed(risen[found[0]], language)
    if len(found) == 1:
        return text("compare.slope.one", language, name=name, unit=first, points=most)
    said = [_moved(names[unit], risen[unit], is_first=unit == found[0], language=language) for unit in found]
    return text("compare.slope.title", language, name=name, first=said[0], last=said[1])


def _moved(name: str, change: float, *, is_first: bool, language: str) -> str:
    """ "UBND huyện Ia Grai giảm nhiều nhất (−10,5 điểm phần trăm)": the largest fall is called a fall."""
    is_rise = change >= 0
    return text(
        f"compare.slope.{'most' if is_rise == is_first else 'least'}",
        language,
        unit=name,
        way=text(f"compare.slope.{'rose' if is_rise else 'fell'}", language),
        points=formats.signed(change, language),
    )


def _facts(
    row: Result, name: str, stops: Sequence[Stop], values: Sequence[float | None], language: str
) -> tuple[tuple[str, str], ...]:
    nothing = text("gaps.nothing", language)
    baseline = nothing if values[0] is None else formats.target_percent(values[0], language)
    reported = [
        (
            stop.label,
            nothing
            if value is None
            else formats.percent(value, language, target=row.target, lower_is_better=row.lower_is_better),
        )
        for stop, value in zip(stops[1:], values[1:], strict=True)
    ]
    standing = text("gaps.column.standing", language), standing_of(row, language)
    return (text("compare.column.unit", language), name), (stops[0].label, baseline), *reported, standing


def _table(lines: Sequence[UnitLine], rows: Sequence[Result], stops: Sequence[Stop], language: str) -> Table:
    written = []
    for line, row in zip(lines, rows, strict=True):
        change = _risen(line.values, stops)
        baseline, *values = line.values
        rates = (rate(value, target=row.target, lower_is_better=row.lower_is_better) for value in values)
        cells = (line.number, line.name, exact(baseline), *rates, exact(change), wording.word_of(row, language))
        written.append(Row(cells, code=row.unit, standings=(row.standing,)))
    return Table(
        columns=(
            Column(text("gaps.column.number", language), "whole"),
            Column(text("compare.column.unit", language), "wide"),
            Column(stops[0].label, "target"),
            *(Column(f"{stop.label} {stop.below}".strip(), "percent") for stop in stops[1:]),
            Column(text("compare.column.risen", language), "points"),
            Column(text("gaps.column.standing", language), "wide"),
        ),
        rows=tuple(written),
        spoken=text("compare.slope.table", language),
    )


def _notes(lines: Lines, stops: Sequence[Stop], language: str) -> tuple[str, ...]:
    said = []
    if any(stop.is_ahead for stop in stops):
        said.append(wording.said("compare.slope.note_ahead", lines.comparison.whole, language))
    own = {dates.unit for dates in lines.comparison.campaign.unit_phases} & set(lines.units)
    if own:
        said.append(text("compare.slope.note_own", language, count=len(own)))
    return tuple(said)
