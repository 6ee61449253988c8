"""What is odd about a figure that was taken in all the same: it fell, jumped, froze or bunches at exactly 100 %.

A flag blames nobody and changes nothing: it says where somebody should look. All of it runs over the readings of a
whole load at once. Percents are in points, days are whole numbers (days since 1970-01-01).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from targets.working_days import WorkingDays

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

FELL, JUMPED, FROZEN, BUNCHED = "fell", "jumped", "frozen", "bunched_at_100"
KINDS = (FELL, JUMPED, FROZEN, BUNCHED)
JUMP_POINTS = 15.0
"""A rate over enough cases that moves further than this from one figure to the next."""
FROZEN_WORKING_DAYS = 5
"""A figure that stays the same to the last case for so many working days although its unit has cases every day."""
BUSY_CASES = 2
"""Cases a working day, on average, from which on a week without any is odd: chance alone gives one in 22,000."""
BUNCH_UNITS, BUNCH_SHARE = 5, 0.2
"""So many units, and so large a share of those that reported, that come to exactly 100 % on one day."""


@dataclass(frozen=True)
class FlagInputs:
    """Readings sorted by series, period and as-of date, one revision each; what was known before stands among them.

    `series` stands for unit, indicator and source; `indicator` numbers the indicators. NaN is unknown. `is_new` marks
    the readings of this load: they are looked at, and whether the one after each fell or jumped from it.
    `is_arriving`: new cases keep coming. `is_down`: a lower figure is better.
    """

    series: Whole
    indicator: Whole
    period_start: Whole
    as_of: Whole
    numerator: Floats
    denominator: Floats
    reported: Floats
    is_new: Bools
    is_arriving: Bools
    is_down: Bools


@dataclass(frozen=True)
class Flag:
    """A flag on one reading: its row, what is odd, and the numbers to say it with."""

    row: int
    kind: str
    terms: dict[str, float | int | str]


def find_flags(given: FlagInputs, *, working_days: WorkingDays, small_volume: int) -> Iterator[Flag]:
    """Every flag that the new readings give rise to, kind by kind.

    `small_volume`: below so many cases a rate may jump without a flag.
    """
    if not len(given.series):
        return
    is_next = np.zeros(len(given.series), dtype=bool)
    is_next[1:] = (given.series[1:] == given.series[:-1]) & (given.period_start[1:] == given.period_start[:-1])
    before = np.maximum(np.arange(len(given.series)) - 1, 0)
    rate = _rate(given)
    # A day that arrives late is the one before a day that was known: that step is looked at for the first time too.
    is_step = is_next & (given.is_new | given.is_new[before])
    yield from _fell(given, is_step=is_step, before=before)
    yield from _jumped(given, rate, is_step=is_step, before=before, small_volume=small_volume)
    yield from _frozen(given, is_next=is_next, before=before, working_days=working_days)
    yield from _bunched(given, rate, is_next=is_next, before=before, small_volume=small_volume)


def _rate(given: FlagInputs) -> Floats:
    has_cases = given.denominator > 0
    counted = 100 * given.numerator / np.where(has_cases, given.denominator, np.nan)
    return np.where(np.isnan(given.denominator), given.reported, counted)


def _fell(given: FlagInputs, *, is_step: Bools, before: Whole) -> Iterator[Flag]:
    """Counts that add up over a period and are now fewer than they were; or a percent alone that went down, where that
    is not what everybody works for."""
    for name in ("denominator", "numerator"):
        counts = getattr(given, name)
        is_less = is_step & (counts < counts[before])
        for row in np.flatnonzero(is_less):
            yield Flag(int(row), FELL, {"of": name, "before": int(counts[before[row]]), "after": int(counts[row])})
    has_no_counts = np.isnan(given.denominator) & np.isnan(given.denominator[before])
    is_less = is_step & has_no_counts & ~given.is_down & (given.reported < given.reported[before])
    for row in np.flatnonzero(is_less):
        yield Flag(
            int(row),
            FELL,
            {"of": "value", "before": float(given.reported[before[row]]), "after": float(given.reported[row])},
        )


def _jumped(given: FlagInputs, rate: Floats, *, is_step: Bools, before: Whole, small_volume: int) -> Iterator[Flag]:
    is_large = np.isnan(given.denominator) | (given.denominator[before] >= small_volume)
    is_far = np.abs(rate - rate[before]) > JUMP_POINTS
    for row in np.flatnonzero(is_step & is_large & is_far):
        yield Flag(
            int(row),
            JUMPED,
            {"of": "value", "before": round(float(rate[before[row]]), 6), "after": round(float(rate[row]), 6)},
        )


def _frozen(given: FlagInputs, *, is_next: Bools, before: Whole, working_days: WorkingDays) -> Iterator[Flag]:
    """Flagged once, on the figure with which the limit is reached; only where cases kept coming before."""
    is_same = is_next.copy()
    for name in ("numerator", "denominator", "reported"):
        numbers = getattr(given, name)
        is_same &= (numbers == numbers[before]) | (np.isnan(numbers) & np.isnan(numbers[before]))
    rows = np.arange(len(is_same))
    began = given.as_of[np.maximum.accumulate(np.where(is_same, 0, rows))]
    days = working_days.between(began, given.as_of)
    worked = working_days.between(given.period_start - 1, began)
    is_busy = given.is_arriving & (worked >= FROZEN_WORKING_DAYS) & (given.denominator >= BUSY_CASES * worked)
    is_reached = is_same & (days >= FROZEN_WORKING_DAYS) & (days[before] < FROZEN_WORKING_DAYS)
    for row in np.flatnonzero(is_reached & given.is_new & is_busy):
        yield Flag(int(row), FROZEN, {"days": int(days[row])})


def _bunched(given: FlagInputs, rate: Floats, *, is_next: Bools, before: Whole, small_volume: int) -> Iterator[Flag]:
    """Many units of one indicator that come to exactly 100 % on the same day, from somewhere below; to exactly 0 %
    where a lower figure is better."""
    is_large = given.denominator >= small_volume
    best = np.where(given.is_down, 0.0, 100.0)
    is_full = is_large & (rate == best) & given.is_new
    came = is_full & is_next & (rate[before] != best)
    if not came.any():
        return
    asked = given.is_new & is_large
    key = given.indicator * (int(given.as_of.max()) + 1) + given.as_of
    keys, group = np.unique(key, return_inverse=True)
    units = np.bincount(group, weights=came, minlength=len(keys))
    reported_by = np.bincount(group, weights=asked, minlength=len(keys))
    share = units / np.maximum(reported_by, 1)
    is_bunch = (units >= BUNCH_UNITS) & (share >= BUNCH_SHARE)
    for row in np.flatnonzero(came & is_bunch[group]):
        at = group[row]
        yield Flag(int(row), BUNCHED, {"units": int(units[at]), "share": round(100 * float(share[at]), 1)})
