"""Working days: Monday to Friday without public holidays. Lateness, volume and weeks are counted in them."""

from collections.abc import Iterable
from datetime import date

import numpy as np
import numpy.typing as npt

Days = npt.NDArray[np.int64]
EPOCH = date(1970, 1, 1)


class WorkingDays:
    """Counts working days between days of a fixed range, given as days since 1970-01-01.

    The holidays come from outside (models.campaign.holidays): this layer knows no calendar of a country.
    """

    def __init__(self, *, first: int, last: int, holidays: Iterable[date]) -> None:
        days = np.arange(first, last + 1).astype("datetime64[D]")
        closed = np.array(sorted({(day - EPOCH).days for day in holidays}), dtype=np.int64).astype("datetime64[D]")
        self._before = first - 1
        self._cumulated: Days = np.append(0, np.cumsum(np.is_busday(days, holidays=closed))).astype(np.int64)
        passed = np.arange(self._cumulated[-1] + 1)
        self._last_day: Days = self._before + np.searchsorted(self._cumulated, passed, side="right") - 1

    def between(self, after: npt.ArrayLike, until: npt.ArrayLike) -> Days:
        """Working days later than `after`, up to and including `until`; negative where `until` lies before.

        Outside the range there are none.
        """
        return self._up_to(until) - self._up_to(after)

    def back(self, day: npt.ArrayLike, count: int) -> Days:
        """The last day by which `count` working days fewer had passed; a day itself where none are asked for.

        Days of rest belong to the working day before them: one back from Friday, Saturday or Sunday is Thursday.
        Before the range there is only the day before its first; a day that lies before that, too, is its own.
        """
        if count == 0:
            return np.asarray(day, dtype=np.int64)
        return np.minimum(self.last_day(self.passed(day) - count), day)

    def passed(self, day: npt.ArrayLike) -> Days:
        """How many working days of the range had passed by the end of a day."""
        return self._up_to(day)

    def clock(self, day: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The same of days that may be unknown (NaN)."""
        is_known = ~np.isnan(day)
        return np.where(is_known, self._up_to(np.where(is_known, day, self._before)), np.nan)

    def last_day(self, passed: Days) -> Days:
        """The last day by which so many working days had passed."""
        return self._last_day[np.maximum(passed, 0)]

    def latest(self, day: npt.ArrayLike) -> Days:
        """Each day itself, or the working day before a day of rest; before the first one a day is its own."""
        worked = self._before + np.searchsorted(self._cumulated, self._up_to(day), side="left")
        return np.where(self._up_to(day) > 0, np.minimum(worked, day), day).astype(np.int64)

    def is_working_day(self, day: int) -> bool:
        return bool(self.between(day - 1, day) == 1)

    def _up_to(self, day: npt.ArrayLike) -> Days:
        position = np.clip(np.asarray(day, dtype=np.int64) - self._before, 0, len(self._cumulated) - 1)
        return self._cumulated[position]
