"""How fast a rate moves, and how fast it would have to: points per week of five working days."""

from itertools import combinations

import numpy as np
import numpy.typing as npt

from targets.history import LOOKS, WEEK, History

Floats = npt.NDArray[np.float64]
HALF_LIFE = 10
"""Working days after which a slope weighs half."""
_PAIRS = tuple(combinations(range(len(LOOKS)), 2))
_NEW, _OLD = (np.array(side) for side in zip(*_PAIRS, strict=True))


def pace(history: History) -> Floats:
    """The change of the rate so far, points per week (5 working days): a weighted Theil–Sen slope.

    The slopes between every two of the looks back (at most four working weeks, one period), of which the weighted
    median is taken: each slope weighs by the working days it spans, and half as much when it ends ten working days
    earlier. One wrong figure among the looks does not carry the answer away.
    One element per case; NaN where fewer than two looks have a rate. Source: Sen 1968; issue "Will they make it".
    """
    return weighted_slope(history.worked, history.rates())


def weighted_slope(worked: Floats, rates: Floats) -> Floats:
    """The weighted Theil–Sen slope per week of rates on the looks back: cases × looks, newest first."""
    span = worked[:, _OLD] - worked[:, _NEW]
    change = rates[:, _NEW] - rates[:, _OLD]
    counts = (span > 0) & ~np.isnan(change)
    weight = np.where(counts, span * np.exp2(-worked[:, _NEW] / HALF_LIFE), 0.0)
    slope = np.where(counts, WEEK * change / np.where(counts, span, 1.0), np.inf)
    return weighted_median(slope, weight)


def weighted_median(values: Floats, weight: Floats) -> Floats:
    """Per row the value at which half of the weight is reached; the mean of two where exactly half lies below.

    Values without weight do not count; NaN where nothing has any.
    """
    order = np.argsort(values, axis=1)
    rows = np.arange(len(values))[:, None]
    values, cumulated = values[rows, order], np.cumsum(weight[rows, order], axis=1)
    total = cumulated[:, -1:]
    half = total / 2
    # Sums of weights are compared with a grain of salt: 0.1 + 0.2 is half of 0.6.
    slack = 1e-9 * total
    low = (cumulated < half - slack).sum(axis=1)
    high = (cumulated <= half + slack).sum(axis=1)
    last = values.shape[1] - 1
    low, high = np.minimum(low, last), np.minimum(high, last)
    at = np.arange(len(values))
    is_known = total[:, 0] > 0
    picked = np.where(is_known[:, None], np.stack([values[at, low], values[at, high]], axis=1), np.nan)
    result: Floats = picked.mean(axis=1)
    return result


def needed_pace(gap: Floats, days_left: Floats) -> Floats:
    """What the rest of the way asks, points per week (5 working days): gap / (working days left / 5).

    `gap` in points (target − value), `days_left` working days up to and including the due date. 0 where the target is
    reached; NaN where a figure, a target or the due date is unknown, or no working day is left.
    Source: DOMAIN.md 4.1; weeks are compared by working day.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        asked = np.maximum(gap, 0.0) / (np.where(days_left > 0, days_left, np.nan) / WEEK)
    return np.where(np.isnan(gap), np.nan, asked)


def pace_ratio(pace_so_far: Floats, needed: Floats) -> Floats:
    """Pace so far as a share of the pace needed (1 is just enough, negative moves away); no unit.

    NaN where either is unknown or nothing more is needed: a target that is reached asks for no pace.
    Source: issue "Will they make it", pace.
    """
    return np.where(needed > 0, pace_so_far / np.where(needed > 0, needed, 1.0), np.nan)
