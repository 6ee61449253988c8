"""What a unit had done before it ended, in the counts of those that follow it: one line of readings made of several.

Counts are cumulative snapshots of a period, so what a unit had done by its last day is its last figure; a successor
whose counter begins anew has that, or its share of it, beside its own. Source: definitions.md, "Units that change".
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from targets.standing.snapshots import NOTHING, Readings

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
ALL = 10**6
"""Shares are whole millionths, so that parts of counts are exact."""


@dataclass(frozen=True)
class Left:
    """What a line that ended leaves: its cases from `above` to `upto` millionths.

    Parts that meet end to end add up to the whole, to the last case. `stays`: its last figure counts from then on; else
    the successor's own counter holds it. `is_taken_off`: subtracted, as communes are from their district.
    """

    line: int
    above: int = 0
    upto: int = ALL
    stays: bool = True
    is_taken_off: bool = False


@dataclass(frozen=True)
class Carried:
    """Readings of a line with what was left to it; `row` says which reading each of them rests on."""

    readings: Readings
    row: Whole


def part_of(counts: npt.ArrayLike, *, above: int, upto: int) -> Floats:
    """The cases of counts that lie between two shares of them, whole numbers; NaN where a count is unknown."""
    known = np.asarray(counts, dtype=np.float64)
    cases = np.nan_to_num(known).astype(np.int64)
    part = (cases * upto + ALL // 2) // ALL - (cases * above + ALL // 2) // ALL
    return np.where(np.isnan(known), np.nan, part.astype(np.float64))


def carry_over(
    readings: Readings, *, own: int, left: Sequence[Left], day: int, is_exact: Bools, stands_until: int | None = None
) -> Carried:
    """A unit's line with those that ended on the day before `day`; `own` NOTHING where it has reported nothing itself.

    Before `day` a snapshot holds what all of them had counted by then, so that a week across the change has only its
    own cases. From `day` on the unit's own reports decide how old the line is; with `stands_until` what was left
    is told again on every day up to it, since nobody else will.

    Counts of another period than the newest count nothing. A percent alone or a bound (`is_exact` false) is neither
    added nor added to. Right and wrong cases are shared out each by themselves: no part has more right ones than cases.
    """
    parts = [*left, *([] if own == NOTHING else [Left(own)])]
    rows = [np.arange(*np.searchsorted(readings.line, [part.line, part.line + 1])) for part in parts]
    rows = [of if part.line == own else of[readings.as_of[of] < day] for part, of in zip(parts, rows, strict=True)]
    days = np.unique(np.concatenate([readings.as_of[of] for of in rows]))
    if stands_until is not None and len(days):
        days = np.union1d(days, np.arange(day, stands_until + 1))
    shape = (len(parts), len(days))
    at, adds, sums = np.full(shape, NOTHING, dtype=np.int64), np.zeros(shape, dtype=bool), np.zeros((2, len(days)))
    for number, of in enumerate(rows):
        place = np.searchsorted(readings.as_of[of], days, side="right") - 1
        at[number, place >= 0] = of[place[place >= 0]]
    period = np.where(at >= 0, readings.period_start[at], NOTHING)
    is_newest = (at >= 0) & (period == period.max(axis=0, initial=NOTHING))
    for number, part in enumerate(parts):
        right, wrong = readings.numerator[at[number]], (readings.denominator - readings.numerator)[at[number]]
        adds[number] = is_newest[number] & is_exact[at[number]] & ~np.isnan(wrong) & ((days < day) | part.stays)
        shares = [part_of(counts, above=part.above, upto=part.upto) for counts in (right, wrong)]
        sums += np.where(adds[number], shares, 0) * (-1 if part.is_taken_off else 1)
    # What is left of a figure once others are taken off it is never less than nothing.
    right, wrong = np.maximum(sums, 0)
    # A snapshot rests on the unit's own figure, else on the newest of the others.
    told = np.where(is_newest, readings.as_of[at], NOTHING)
    first = told.argmax(axis=0) if parts else np.zeros(len(days), dtype=np.int64)
    is_own = is_newest[-1] & (own != NOTHING)
    base = at[np.where(is_own, len(parts) - 1, first), np.arange(len(days))]
    is_sum = adds.any(axis=0) & (~is_own | adds[-1])
    is_told = is_own & (readings.as_of[base] == days)
    kept = np.flatnonzero((is_sum | is_told) & (days <= readings.period_end[base]))
    base, is_sum = base[kept], is_sum[kept]
    columns = {field.name: getattr(readings, field.name)[base] for field in fields(Readings)}
    columns |= {
        "as_of": days[kept],
        "numerator": np.where(is_sum, right[kept], columns["numerator"]),
        "denominator": np.where(is_sum, (right + wrong)[kept], columns["denominator"]),
        "reported": np.where(is_sum, np.nan, columns["reported"]),
        "qualifier": np.where(is_sum, 0, columns["qualifier"]),
        "high": np.where(is_sum, np.nan, columns["high"]),
        "is_revised": columns["is_revised"] & (columns["as_of"] == days[kept]),
    }
    return Carried(Readings(**columns), base)
