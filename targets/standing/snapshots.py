"""Which reading holds on which day, and which earlier snapshot it is compared with.

A *line* is one unit, indicator, scope and source: readings in the order of their as-of dates. All days are whole
numbers (days since 1970-01-01). Definitions: definitions.md, "Figure that is judged" and "Numbers of a row".
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from targets.standing.history import LOOKS, History
from targets.values import NEVER_STALE
from targets.working_days import WorkingDays

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WEEK = 7
NOTHING = -1
_NEWEST = 2**32
"""Above any revision."""


def precedence(numerator: Floats, denominator: Floats, revision: Whole) -> Whole:
    """Of all that one source reported for a day the highest is in force: counts before anything else, then the newest.

    A percent reported later beside counts is a second statement to be compared with them, never a revision: it cannot
    know better than the counts it was worked out from.
    """
    has_counts = ~np.isnan(numerator) & ~np.isnan(denominator)
    return np.asarray(has_counts * _NEWEST + revision, dtype=np.int64)


@dataclass(frozen=True)
class Readings:
    """The readings of many lines, sorted by line, as-of date and period; one row each, the valid revision only."""

    line: Whole
    as_of: Whole
    period_start: Whole
    period_end: Whole
    numerator: Floats
    denominator: Floats
    reported: Floats
    """The percent it reported; of a range the low end, whose other one is `high`."""
    qualifier: Whole
    """0 for an exact figure, else as `targets.values.QUALIFIERS` counts them."""
    high: Floats
    is_revised: Bools
    """Another figure had been reported for that day before: this one corrects it."""

    def __len__(self) -> int:
        return len(self.line)


@dataclass(frozen=True)
class Held:
    """What holds for some lines on some days: two-dimensional, lines × days.

    `row` points into the readings, NOTHING where there is none yet. `daily_cases` is per working day.
    """

    row: Whole
    is_stale: Bools
    week_numerator: Floats
    week_denominator: Floats
    before: Floats
    daily_cases: Floats


def oldest_seen(
    day: int, *, working_days: WorkingDays, stale_after: int, volume_window: int, looks_back: int = 0
) -> int:
    """The oldest as-of date on which a reading can still matter for a day, beside each line's newest before it.

    A fresh figure may be `stale_after` working days old, and so may the one it is compared with a volume window before.
    `looks_back`: so many working days before a fresh figure matter too (LOOKS[-1] where projections are made).
    """

    def oldest_fresh(of: int) -> int:
        return int(working_days.back(of, stale_after + 1)) + 1

    compared = oldest_fresh(oldest_fresh(day) - max(volume_window, WEEK))
    return min(compared, int(working_days.back(oldest_fresh(day), looks_back)))


class Snapshots:
    """Looks up readings by line and day. Built once for a set of readings, asked for any range of days."""

    def __init__(
        self,
        readings: Readings,
        *,
        lines: int,
        first: int,
        last: int,
        working_days: WorkingDays,
        stale_after: int | Whole,
        volume_window: int,
    ) -> None:
        """`stale_after`: working days after which a figure is stale, one for all or one for each line."""
        self._readings = readings
        self._first = min(first, int(readings.as_of.min())) if len(readings) else first
        self._working_days = working_days
        self._stale_after = np.broadcast_to(np.asarray(stale_after, dtype=np.int64), (lines,))
        self._volume_window = volume_window
        # What was published once tells of no week, no pace and no volume.
        self._is_daily = self._stale_after < NEVER_STALE
        table = np.full((lines, last - self._first + 1), NOTHING, dtype=np.int32)
        is_in_range = readings.as_of <= last
        rows = np.flatnonzero(is_in_range)
        # Later rows of the same line and day (a newer period) overwrite earlier ones; rows grow along each line.
        table[readings.line[rows], readings.as_of[rows] - self._first] = rows
        self._row_on = np.maximum.accumulate(table, axis=1, out=table)
        self._line_start = np.searchsorted(readings.line, np.arange(lines))

    def held(self, days: Whole) -> Held:
        """What holds for every line on the given days."""
        row = self._newest(np.arange(len(self._row_on))[:, None], days[None, :])
        has_row = row >= 0
        at = np.where(has_row, row, 0)
        readings = self._readings
        if not len(readings):
            blank = np.full(row.shape, np.nan)
            return Held(row, np.zeros(row.shape, dtype=bool), blank, blank, blank, blank)
        as_of = np.where(has_row, readings.as_of[at], 0)
        period_start = readings.period_start[at]
        is_stale = has_row & (self._working_days.between(as_of, days[None, :]) > self._stale_after[:, None])
        lines = np.broadcast_to(np.arange(len(row))[:, None], row.shape)

        numerator, denominator = readings.numerator[at], readings.denominator[at]
        earlier, is_new_period = self._earlier(lines, as_of, period_start, WEEK)
        has_earlier = earlier >= 0
        then = np.where(has_earlier, earlier, 0)
        was_numerator = np.where(is_new_period, 0.0, np.where(has_earlier, readings.numerator[then], np.nan))
        was_denominator = np.where(is_new_period, 0.0, np.where(has_earlier, readings.denominator[then], np.nan))
        # Between two figures of which one is a bound nothing is known to have changed.
        is_exact = (readings.qualifier[at] == 0) & ~(has_earlier & (readings.qualifier[then] != 0))
        blank_where_none = np.where(has_row & ~is_stale & is_exact & self._is_daily[:, None], 1.0, np.nan)
        return Held(
            row=row,
            is_stale=is_stale,
            week_numerator=(numerator - was_numerator) * blank_where_none,
            week_denominator=(denominator - was_denominator) * blank_where_none,
            before=np.where(has_earlier & ~is_new_period, readings.reported[then], np.nan) * blank_where_none,
            daily_cases=self._daily_cases(lines, row, as_of, period_start) * blank_where_none,
        )

    def look_back(self, days: Whole) -> History:
        """What every line had reported on the looks back from its newest reading: lines × days × looks.

        Where the line reported nothing that far back, its first reading of the period stands in; where the period began
        later, the day before it with nothing counted. A look that found no reading newer than the next one repeats it.
        """
        readings = self._readings
        row = self._newest(np.arange(len(self._row_on))[:, None], days[None, :])
        if not len(readings):
            blank = np.full((*row.shape, len(LOOKS)), np.nan)
            return History(blank, blank, blank, blank, blank)
        at = np.maximum(row, 0)
        passed, period_start = self._passed.take(at), readings.period_start.take(at)[..., None]
        day = np.empty((*row.shape, len(LOOKS)), dtype=np.int64)
        for number, look in enumerate(LOOKS):
            day[..., number] = self._working_days.last_day(passed - look) if look else readings.as_of.take(at)
        width = self._row_on.shape[1]
        position = day - self._first
        found = self._row_on.take(np.maximum(position, 0) + width * np.arange(len(row))[:, None, None]).astype(np.int64)
        found[position < 0] = NOTHING
        is_daily = self._is_daily[:, None, None]
        is_new_period = (period_start > day) & is_daily
        # The few that reported nothing of this period that far back.
        odd = np.nonzero((found < 0) | (readings.period_start.take(found, mode="wrap") != period_start))
        newest, before = at[odd[:2]], found[odd]
        later = np.minimum(np.where(before >= 0, before + 1, self._line_start[odd[0]]), newest)
        found[odd] = np.where(readings.period_start[later] == period_start[..., 0][odd[:2]], later, newest)
        # From a bound nobody knows how far it went.
        is_alone = (readings.qualifier.take(found) != 0) | ~is_daily
        found[is_alone] = np.broadcast_to(at[..., None], found.shape)[is_alone]
        worked, numerator, denominator = (
            passed[..., None] - self._passed.take(found).astype(np.float64),
            readings.numerator.take(found),
            readings.denominator.take(found),
        )
        reported, revised = readings.reported.take(found), readings.is_revised.take(found).astype(np.float64)
        if is_new_period.any():
            since = passed[..., None] - self._working_days.passed(period_start - 1)
            worked = np.where(is_new_period, since, worked)
            numerator, denominator = (
                np.where(is_new_period & ~np.isnan(counts), 0.0, counts) for counts in (numerator, denominator)
            )
            reported = np.where(is_new_period, np.nan, reported)
        for column in (worked, numerator, denominator, reported, revised):
            column[row < 0] = np.nan
        return History(worked, numerator, denominator, reported, revised)

    @cached_property
    def _passed(self) -> Whole:
        """For each reading, the working days that had passed by its as-of date."""
        return self._working_days.passed(self._readings.as_of)

    def rates_back(self, lines: Whole, day: int, *, days: int) -> Floats:
        """The reported percents of some lines on their newest reading's day and on each working day before it.

        Lines × (days + 1), newest first, in points; the last known one carried forward, NaN before the period's start.
        """
        readings = self._readings
        if not len(readings):
            return np.full((len(lines), days + 1), np.nan)
        row = self._newest(lines, np.full(len(lines), day, dtype=np.int64))
        at = np.maximum(row, 0)
        as_of, period_start = readings.as_of[at], readings.period_start[at]
        back = np.stack([self._working_days.back(as_of, count) for count in range(days + 1)], axis=-1)
        found = self._newest(lines[:, None], back)
        then = np.maximum(found, 0)
        is_same = (row >= 0)[:, None] & (found >= 0) & (readings.period_start[then] == period_start[:, None])
        is_same &= (readings.qualifier[then] == 0) & self._is_daily[lines][:, None]
        is_same = np.logical_and.accumulate(is_same, axis=1)
        return np.where(is_same, readings.reported[then], np.nan)

    def _newest(self, lines: Whole, days: Whole) -> Whole:
        """The row of the newest reading up to each day; NOTHING where there is none, or nothing is known that early."""
        position = days - self._first
        return np.where(position >= 0, self._row_on[lines, np.maximum(position, 0)], NOTHING).astype(np.int64)

    def _earlier(self, lines: Whole, as_of: Whole, period_start: Whole, back: int) -> tuple[Whole, Bools]:
        """The snapshot at least `back` days older, of the same period and fresh on that day, or NOTHING.

        Second answer: the period began later than that, so the earlier snapshot is an empty one.
        """
        day = as_of - back
        row = self._newest(lines, day)
        at = np.where(row >= 0, row, 0)
        readings = self._readings
        is_fresh = self._working_days.between(readings.as_of[at], day) <= self._stale_after[lines]
        is_same = readings.period_start[at] == period_start
        return np.where((row >= 0) & is_fresh & is_same, row, NOTHING), period_start > day

    def _daily_cases(self, lines: Whole, row: Whole, as_of: Whole, period_start: Whole) -> Floats:
        """Cases per working day over the volume window; since the first snapshot where none is as old as the window.

        The window ends on a working day: a day of rest on which nothing comes in does not move it.
        """
        readings = self._readings
        at = np.where(row >= 0, row, 0)
        as_of = self._working_days.latest(as_of)
        earlier, is_new_period = self._earlier(lines, as_of, period_start, self._volume_window)
        before_window = self._newest(lines, as_of - self._volume_window)
        next_row = np.where(before_window >= 0, before_window + 1, self._line_start[lines])
        next_row = np.minimum(next_row, len(readings) - 1)
        is_usable = (next_row < at) & (readings.period_start[next_row] == period_start)
        start = np.where(earlier >= 0, earlier, np.where(is_usable, next_row, NOTHING))
        from_row = np.maximum(start, 0)
        start_day = np.where(is_new_period, period_start - 1, readings.as_of[from_row])
        start_count = np.where(is_new_period, 0.0, np.where(start >= 0, readings.denominator[from_row], np.nan))
        worked = self._working_days.between(start_day, as_of).astype(np.float64)
        cases = readings.denominator[at] - start_count
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where((worked > 0) & (cases >= 0), cases / np.where(worked > 0, worked, 1.0), np.nan)
