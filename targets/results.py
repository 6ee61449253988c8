"""One result: where a unit stands on one indicator in one phase on one day."""

from dataclasses import dataclass, fields
from datetime import date
from typing import get_args

CALCULATION = 5
"""The number of this calculation. Every change by which other results follow from the same figures raises it: a store
keeps the number its results were made with, and computes everything anew under another."""
DECIMALS = 9
"""Kept of a difference of percents; digits behind these are noise of the arithmetic."""


@dataclass(frozen=True)
class Result:
    """A row of `standing`. Percents are numbers in points, None where unknown; `gap` is target − value."""

    unit: str
    name: str
    level: str
    indicator: str
    phase: str
    as_of: date
    value: float | None
    numerator: int | None
    denominator: int | None
    baseline: float | None
    target: float | None
    gap: float | None
    cases_missing: int | None
    cases_needed: int | None
    share_needed: float | None
    attainable: float | None
    week_value: float | None
    coverage: float | None
    by: str | None
    """`gap` where gap bands decided, `probability` where a probability did, None where a fact did."""
    due: date | None
    trajectory: float | None
    ahead: float | None
    """value − trajectory, points."""
    pace: float | None
    """Points per week (five working days) so far: `targets.projection.pace.pace`."""
    needed_pace: float | None
    """Points per week from the judged figure's day to the due date: `targets.projection.pace.needed_pace`."""
    projection: float | None
    """Points on the due date, `low` to `high` four times in five, and the probability (0 to 1) of reaching the target:
    `targets.projection.projection`, `targets.projection.resampling`."""
    low: float | None
    high: float | None
    probability: float | None
    standing: str
    # Beyond the contract's columns, always present:
    reading_as_of: date | None = None
    is_bound: bool = False
    """The figure carries a qualifier (gần, trên, xấp xỉ): a bound, never "met"."""
    origin: str | None = None
    """Where the target comes from: proposed (shown as "dự kiến"), issued, registered."""
    expected_cases: int | None = None
    week_numerator: int | None = None
    week_denominator: int | None = None
    week_change: float | None = None
    simulated: bool = False
    days_left: int | None = None
    """Working days after the row's day up to and including the due date; None where that is open."""

    @property
    def is_thin(self) -> bool:
        """A sum of too few of its units or of their cases (`pooling.is_thin`), or a figure of a period that has
        only begun (`targets.periods.is_young`): shown, not judged."""
        return self.standing == "insufficient" and self.value is not None

    @property
    def week_before(self) -> float | None:
        """The rate, points, from which `week_change` leads to `value`: that of the earlier of the week's snapshots."""
        if self.value is None or self.week_change is None:
            return None
        if None in (self.numerator, self.denominator, self.week_numerator, self.week_denominator):
            return round(self.value - self.week_change, DECIMALS)
        earlier = (self.denominator or 0) - (self.week_denominator or 0)
        return 100 * ((self.numerator or 0) - (self.week_numerator or 0)) / earlier

    @property
    def pace_ratio(self) -> float | None:
        """`targets.projection.pace.pace_ratio` of the row: 1 is just enough; None where nothing more is needed."""
        if self.pace is None or not self.needed_pace:
            return None
        return self.pace / self.needed_pace


def columns_of(kind: type) -> tuple[str, ...]:
    """The columns of a result that hold days (`date`), counts (`int`), numbers (`float`), marks (`bool`) or words."""
    return tuple(field.name for field in fields(Result) if kind in (field.type, *get_args(field.type)))
