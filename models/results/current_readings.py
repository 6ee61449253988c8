"""What units have reported by a day, scope by scope: the newest reading of the source that governs."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from models.results.inputs import Units
from models.results.series import SCOPES, LineReadings, first_days
from targets.standing.progress import rate
from targets.standing.snapshots import Held
from targets.values import Campaign

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CurrentReadings:
    """What holds on a day for one scope: units × indicators."""

    row: Whole
    is_stale: Bools
    numerator: Floats
    denominator: Floats
    reported: Floats
    qualifier: Whole
    high: Floats
    as_of: Floats
    period_start: Floats
    week_numerator: Floats
    week_denominator: Floats
    before: Floats
    daily_cases: Floats
    line: Whole
    is_left: Bools
    """The figure holds what units had done that ended."""

    @property
    def has_counts(self) -> Bools:
        """Whether a figure may enter a sum: both counts, and no bound."""
        return np.asarray(~np.isnan(self.numerator) & ~np.isnan(self.denominator) & (self.qualifier == 0))

    @property
    def has_rate(self) -> Bools:
        """Whether there is a rate, told as a percent or by counts."""
        return ~np.isnan(rate(self.numerator, self.denominator, self.reported))

    @property
    def is_fresh(self) -> Bools:
        return (self.row >= 0) & ~self.is_stale


def readings_by_scope(
    lines: LineReadings, held: Held, units: Units, *, day: int, least: Decimal
) -> dict[str, CurrentReadings]:
    """What holds on a day for each scope: each unit's figure of the first source in order that has reported any."""
    first_to_last = None
    if lines.count:
        first_to_last = order_of_sources(
            _has_reported(lines.line_on(day), lines.first_day, day), units, day=day, least=least
        )
    return {scope: _readings_in_scope(lines, lines.line_on(day), held, scope, first_to_last) for scope in SCOPES}


def sources_in_order(session: Session, campaign: Campaign, units: Units, *, day: int) -> dict[str, tuple[str, ...]]:
    """Indicator → its sources in the order in which they are asked on a day; the first that has reported it counts."""
    line_of, first_day = first_days(session, campaign, units)
    listed = {indicator.key: indicator.sources for indicator in campaign.indicators}
    if not len(first_day):
        return listed
    order = order_of_sources(_has_reported(line_of, first_day, day), units, day=day, least=campaign.least_coverage)
    return {
        key: tuple(sources[rank] for rank in ranks if rank < len(sources))
        for (key, sources), ranks in zip(listed.items(), order.tolist(), strict=True)
    }


def _has_reported(line_of: Whole, first_day: Floats, day: int) -> Bools:
    return (line_of >= 0) & (first_day[np.maximum(line_of, 0)] <= day)


def order_of_sources(has_reported: Bools, units: Units, *, day: int, least: Decimal) -> Whole:
    """The ranks of each indicator's sources in the order in which they are asked on a day: indicators × ranks.

    A source governs an indicator once it has reported on at least `least` percent of the units that any source has
    reported on; until then it comes after those that do, so that one row does not change what a sum is made of. A unit
    counts as reported where a unit above it reports for all below. `has_reported`: units × indicators × scopes × ranks.
    """
    covered = has_reported.any(axis=2)
    answered = has_reported[:, :, SCOPES.index("below"), :].copy()
    for depth in range(1, int(units.depth.max(initial=0)) + 1):
        below = np.flatnonzero(units.depth == depth)
        answered[below] |= answered[units.parent[below]]
    covered |= answered
    covered &= units.expected_on(day)[:, None, None]
    share = 100 * covered.sum(axis=0) / np.maximum(covered.any(axis=2).sum(axis=0), 1)[:, None]
    return np.argsort(share < float(least), axis=1, kind="stable").astype(np.int64)


def _readings_in_scope(
    lines: LineReadings, line_of: Whole, held: Held, scope: str, first_to_last: Whole | None
) -> CurrentReadings:
    """What holds for a scope, from the first source of its indicator's order that has reported anything so far."""
    candidates = line_of[:, :, SCOPES.index(scope), :]
    if first_to_last is not None:
        candidates = np.take_along_axis(candidates, first_to_last[None], axis=2)
    shape = candidates.shape[:2]
    chosen = np.full(shape, -1, dtype=np.int64)
    if lines.count:
        has_reported = held.row[:, 0] >= 0
        for rank in reversed(range(candidates.shape[2])):
            candidate = candidates[:, :, rank]
            tells = (candidate >= 0) & has_reported[np.maximum(candidate, 0)]
            chosen = np.where(tells, candidate, chosen)
    has_line = chosen >= 0
    at = np.where(has_line, chosen, 0)
    readings = lines.readings

    def of_line(values: npt.NDArray[np.float64]) -> Floats:
        return np.where(has_line, values[at, 0], np.nan) if lines.count else np.full(shape, np.nan)

    row = np.where(has_line, held.row[at, 0], -1) if lines.count else np.full(shape, -1, dtype=np.int64)
    row_at = np.maximum(row, 0)

    def of_row(values: npt.NDArray[np.float64] | Whole) -> Floats:
        return np.where(row >= 0, values[row_at], np.nan) if len(readings) else np.full(shape, np.nan)

    return CurrentReadings(
        row=row,
        is_stale=has_line & held.is_stale[at, 0] if lines.count else np.zeros(shape, dtype=bool),
        numerator=of_row(readings.numerator),
        denominator=of_row(readings.denominator),
        reported=of_row(readings.reported),
        qualifier=np.nan_to_num(of_row(readings.qualifier)).astype(np.int64),
        high=of_row(readings.high),
        as_of=of_row(readings.as_of),
        period_start=of_row(readings.period_start),
        week_numerator=of_line(held.week_numerator),
        week_denominator=of_line(held.week_denominator),
        before=of_line(held.before),
        daily_cases=of_line(held.daily_cases),
        line=chosen,
        is_left=chosen >= lines.reported,
    )
