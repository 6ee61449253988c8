"""The path a unit should be on: straight lines through its milestones."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def trajectory(
    *, day: Floats, start_day: Floats, start_value: Floats, milestones: Sequence[tuple[Floats, Floats]]
) -> Floats:
    """The value owed on a day, in points; one element per case, NaN where there is no way to say.

    `start_day`, `start_value`: the baseline on the day before the campaign (or the first reading); NaN where there is
    neither. `milestones`: for each phase in order its due date and target; a NaN in either leaves the phase out.
    After the last milestone its target is owed. A first reading that comes after a milestone starts on the way to the
    next one, and is not known on the days before it.
    """
    is_started = day >= start_day
    from_day, from_value = np.where(is_started, start_day, np.nan), np.where(is_started, start_value, np.nan)
    owed = np.where(day == from_day, from_value, np.nan)
    final_day, final_value = np.full(len(day), np.nan), np.full(len(day), np.nan)
    for due, target in milestones:
        counts = ~np.isnan(due) & ~np.isnan(target)
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = (target - from_value) / (due - from_day)
            on_the_way = counts & (day > from_day) & (day <= due)
            owed = np.where(on_the_way, from_value + slope * (day - from_day), owed)
        owed = np.where(counts & (day == due), target, owed)
        is_passed = counts & ~(due < from_day)
        from_day, from_value = np.where(is_passed, due, from_day), np.where(is_passed, target, from_value)
        final_day, final_value = np.where(counts, due, final_day), np.where(counts, target, final_value)
    return np.where(np.isnan(final_day), np.nan, np.where(day > final_day, final_value, owed))
