"""How fast a rate moves, and how fast it would have to: points per week of five working days."""

import numpy as np
import numpy.typing as npt

from targets.standing.history import LOOKS, PIECE, WEEK, History

Floats = npt.NDArray[np.float64]
HALF_WEEK = 3
HALF_LIFE = 10
"""Working days after which a slope weighs half."""
_BY_WEEK = [at for at, look in enumerate(LOOKS) if look % WEEK == 0]


def pace(history: History) -> Floats:
    """The change of the rate so far, points per week (5 working days): a weighted Theil–Sen slope.

    Where the rate bends it is the last week's slope alone: both halves of that week went faster (or both slower), and
    the week differs by more than half. A speed that has ended is not carried on.

    The slopes between every two of the looks back by whole weeks (at most four, one period), of which the weighted
    median is taken: each slope weighs by the working days it spans, and half as much when it ends ten working days
    earlier. One wrong figure among the looks does not carry the answer away. Where there are no two such looks yet,
    the look half a week back counts too.
    One element per case; NaN where fewer than two looks have a rate. Source: Sen 1968.
    """
    rates = history.rates()
    steady = robust_slope(history.worked, rates)
    recent = _slope(history, rates, 0, WEEK)
    early, late = _slope(history, rates, HALF_WEEK, WEEK) - steady, _slope(history, rates, 0, HALF_WEEK) - steady
    with np.errstate(invalid="ignore"):
        is_another = (early * late > 0) & (np.abs(recent - steady) > np.abs(steady) / 2)
        return np.where(is_another, recent, steady)


def as_the_week_went(steady: Floats, week_change: Floats) -> Floats:
    """The pace, points per week; the week's own change where that went the other way.

    No unit is shown as rising beside a week in which it fell. `week_change` in points, NaN where unknown.
    Source: definitions.md, "Pace and projection".
    """
    with np.errstate(invalid="ignore"):
        return np.where(steady * week_change < 0, week_change, steady)


def _slope(history: History, rates: Floats, newer: int, older: int) -> Floats:
    """The change between two looks, points per week; NaN where one of them is unknown."""
    new, old = LOOKS.index(newer), LOOKS.index(older)
    span = history.worked[:, old] - history.worked[:, new]
    return WEEK * (rates[:, new] - rates[:, old]) / np.where(span > 0, span, np.nan)


def robust_slope(worked: Floats, rates: Floats) -> Floats:
    """The pace of rates on the looks back (cases × looks, newest first), points per week; see `pace`."""
    slope = np.full(len(worked), np.nan)
    for start in range(0, len(worked), PIECE):
        part = slice(start, start + PIECE)
        slope[part] = weighted_slope(worked[part][:, _BY_WEEK], rates[part][:, _BY_WEEK])
    young = np.flatnonzero(np.isnan(slope))
    for start in range(0, len(young), PIECE):
        at = young[start : start + PIECE]
        slope[at] = weighted_slope(worked[at], rates[at])
    return slope


def weighted_slope(worked: Floats, rates: Floats) -> Floats:
    """The weighted Theil–Sen slope per week of rates on the looks back: cases × looks, newest first."""
    looks = worked.shape[1]
    recency = np.exp2(-worked / HALF_LIFE)
    span, change, recent = (np.empty((len(worked), looks * (looks - 1) // 2)) for _ in range(3))
    start = 0
    for apart in range(1, looks):
        pairs = slice(start, start := start + looks - apart)
        np.subtract(worked[:, apart:], worked[:, :-apart], out=span[:, pairs])
        np.subtract(rates[:, :-apart], rates[:, apart:], out=change[:, pairs])
        recent[:, pairs] = recency[:, :-apart]
    counts = (span > 0) & ~np.isnan(change)
    weight = np.where(counts, span * recent, 0.0)
    slope = np.where(counts, WEEK * change / np.where(counts, span, 1.0), np.inf)
    return weighted_median(slope, weight)


def weighted_median(values: Floats, weight: Floats) -> Floats:
    """Per row the value at which half of the weight is reached; the mean of two where exactly half lies below.

    Values without weight do not count; NaN where nothing has any.
    """
    at = np.arange(len(values))
    order = np.argsort(values, axis=1) + (values.shape[1] * at)[:, None]
    values, cumulated = values.take(order), weight.take(order)
    for column in range(1, values.shape[1]):
        # numpy's own running sum along a short axis is slower.
        cumulated[:, column] += cumulated[:, column - 1]
    total = cumulated[:, -1:]
    half = total / 2
    # Sums of weights are compared with a tolerance: 0.1 + 0.2 is half of 0.6.
    slack = 1e-9 * total
    low, high = (cumulated >= half - slack).argmax(axis=1), (cumulated > half + slack).argmax(axis=1)
    is_known = total[:, 0] > 0
    lower, upper = (np.where(is_known, values[at, place], np.nan) for place in (low, high))
    return (lower + upper) / 2


def needed_pace(gap: Floats, days_left: Floats) -> Floats:
    """What the rest of the way asks, points per week (5 working days): gap / (working days left / 5).

    `gap` in points (target − value), `days_left` working days up to and including the due date. 0 where the target is
    reached; NaN where a figure, a target or the due date is unknown, or no working day is left.
    Source: definitions.md, "Pace and projection"; weeks are compared by working day.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        asked = np.maximum(gap, 0.0) / (np.where(days_left > 0, days_left, np.nan) / WEEK)
    return np.where(np.isnan(gap), np.nan, asked)


def pace_ratio(pace_so_far: Floats, needed: Floats) -> Floats:
    """Pace so far as a share of the pace needed (1 is just enough, negative moves away); no unit.

    NaN where either is unknown or nothing more is needed: a target that is reached asks for no pace.
    Source: definitions.md, "Pace and projection".
    """
    return np.where(needed > 0, pace_so_far / np.where(needed > 0, needed, 1.0), np.nan)
