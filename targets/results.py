"""One result: where a unit stands on one indicator in one phase on one day."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import get_args

from targets.values import PERCENT, Measure

CALCULATION = 6
"""The number of this calculation. Every change by which other results follow from the same figures raises it: a store
keeps the number its results were made with, and computes everything anew under another."""
DECIMALS = 9
"""Kept of a difference of percents; digits behind these are noise of the arithmetic."""


@dataclass(frozen=True)
class Result:
    """A row of `standing`. Percents are numbers in points, None where unknown; cases or days where `measure` says so.

    Figures are as they were reported: `value`, `target`, `trajectory`, `projection`, `attainable`, `week_value`, and
    `week_change`, which is negative where the figure fell. Judgements mean the same whichever way is better: `gap` is
    what is short of the target (target − value, value − target where lower is better) and negative when exceeded;
    `ahead`, `pace` and `needed_pace` are positive to the better. Where lower is better `numerator` counts what should
    not be, `cases_missing` how many of it are too many, and `share_needed` is the most that the cases to come may have.
    """

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
    """How much better than the trajectory, points."""
    pace: float | None
    """Points to the better per week (five working days) so far: `targets.projection.pace.pace`."""
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
    is_pooled: bool = False
    """It is the sum of those below: a root's always, another unit's where it tells nothing of all below itself."""
    is_bound: bool = False
    """The figure carries a qualifier (gần, trên, xấp xỉ): what it leaves open it decides neither way."""
    qualifier: str | None = None
    """Which one, of `targets.values.QUALIFIERS`."""
    value_high: float | None = None
    """The high end of a range, points; its low one is `value`."""
    origin: str | None = None
    """Where the target comes from: proposed (shown as "dự kiến"), issued, registered."""
    expected_cases: int | None = None
    week_numerator: int | None = None
    week_denominator: int | None = None
    week_change: float | None = None
    simulated: bool = False
    days_left: int | None = None
    """Working days after the row's day up to and including the due date; None where that is open."""
    lower_is_better: bool = False
    is_only_followed: bool = False
    """No target is meant (rule `none`), and there is none."""
    measure: Measure = PERCENT
    stated: float | None = None
    """The percent that the source told beside its counts, where it is not theirs: 7,01% of 21.683/306.958."""

    def reaches(self, figure: float, limit: float) -> bool:
        """Whether a figure of this indicator is at a limit or better."""
        return figure <= limit if self.lower_is_better else figure >= limit

    def on_scale(self, figure: float | None) -> float | None:
        """Where a figure lies between 0 and 100: a rate where it is, all else by the largest figure beside it."""
        if figure is None or self.measure.is_rate:
            return figure
        beside = (self.value, self.value_high, self.target, self.trajectory, self.baseline)
        most = max((each for each in beside if each is not None), default=0.0)
        return 100 * figure / most if most else 0.0

    @property
    def points_short(self) -> float | None:
        """`gap` in points of limits: of a count or of days in percent of the target (`targets.standing.amounts`)."""
        if self.gap is None or self.target is None or self.measure.is_rate:
            return self.gap
        return 100 * self.gap / max(abs(self.target), 1.0)

    @property
    def improvement(self) -> float | None:
        """`week_change` to the better, points."""
        return None if self.week_change is None else -self.week_change if self.lower_is_better else self.week_change

    @property
    def has_counts(self) -> bool:
        """Whether it may be added to others: by both counts, and no bound."""
        return self.numerator is not None and self.denominator is not None and not self.is_bound

    @property
    def may_be_added(self) -> bool:
        """Whether its figure may be added to others: by its counts, as a count, or as days of so many cases."""
        if self.measure.kind == "days":
            return self.value is not None and self.denominator is not None and not self.is_bound
        return self.has_counts if self.measure.is_rate else self.value is not None and not self.is_bound

    @property
    def is_thin(self) -> bool:
        """A sum of too few of its units or of their cases (`pooling.is_thin`), or a figure of a period that has
        only begun (`targets.periods.is_young`): shown, not judged."""
        return self.standing == "insufficient" and self.value is not None and not self.is_undecided

    @property
    def is_undecided(self) -> bool:
        """Its phase is over, and its bound leaves open whether the target was met."""
        return self.standing == "insufficient" and self.is_bound and self.due is not None and self.as_of >= self.due

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


def sum_of(rows: Sequence[Result]) -> float | None:
    """What the figures of some units come to that may be added (`Result.may_be_added`): a count their sum, days the
    average over all their cases; None of rates, which come from counts."""
    if not rows or rows[0].measure.is_rate:
        return None
    if rows[0].measure.kind == "count":
        return sum(row.value or 0.0 for row in rows)
    cases = sum(row.denominator or 0 for row in rows)
    return sum((row.value or 0.0) * (row.denominator or 0) for row in rows) / cases if cases else None
