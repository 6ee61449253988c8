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
    Before the start the start's value is owed, after the last milestone its target.
    """
    owed = np.where(day <= start_day, start_value, np.nan)
    last_day, last_value = start_day.copy(), start_value.copy()
    for due, target in milestones:
        counts = ~np.isnan(due) & ~np.isnan(target)
        with np.errstate(invalid="ignore", divide="ignore"):
            slope = (target - last_value) / (due - last_day)
            on_the_way = counts & (day > last_day) & (day <= due)
            owed = np.where(on_the_way, last_value + slope * (day - last_day), owed)
        last_day = np.where(counts, due, last_day)
        last_value = np.where(counts, target, last_value)
    with np.errstate(invalid="ignore"):
        owed = np.where(day > last_day, last_value, owed)
    has_milestone = np.zeros(len(day), dtype=bool)
    for due, target in milestones:
        has_milestone |= ~np.isnan(due) & ~np.isnan(target)
    return np.where(has_milestone, owed, np.nan)
