"""Signal or noise: which movements are worth a question, for the coordinator.

XmR charts on how far each series was ahead of its trajectory, week by week (points, negative behind): series × weeks,
oldest first, NaN where a week has no figure. At most a handful of alerts is answered, however many units there are.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
LIMIT = 2.66
"""Mean moving ranges from the centre to a limit: three standard deviations of ordinary noise."""
LEAST = 5
"""Weeks that limits are drawn from at least."""
RUN = 7
"""Weeks in a row on one side of the centre that are a signal."""
HANDFUL = 5
"""Alerts a day at most."""
SIGNALS = ("none", "beyond", "two_of_three", "run")
NONE, BEYOND, TWO_OF_THREE, RUN_OF_SEVEN = range(4)
ASSURANCES = ("unknown", "holds", "varies", "fails")
UNKNOWN, HOLDS, VARIES, FAILS = range(4)


@dataclass(frozen=True)
class Limits:
    """The process so far, per series in points: its centre and the limits it stays within by itself; NaN if unknown."""

    centre: Floats
    low: Floats
    high: Floats


def limits(ahead: Floats) -> Limits:
    """Centre (mean) and limits (mean ± 2.66 × mean moving range) of the weeks before the newest, in points.

    The newest week is judged by the limits, so it does not draw them. A moving range lies between two weeks that both
    have a figure. Unknown with fewer than five weeks of figures or without a moving range. Source: Wheeler, XmR chart.
    """
    past = ahead[:, :-1]
    is_known = ~np.isnan(past)
    count = np.count_nonzero(is_known, axis=1)
    ranges = np.abs(np.diff(past, axis=1))
    has_range = ~np.isnan(ranges)
    steps = np.count_nonzero(has_range, axis=1)
    is_enough = (count >= LEAST) & (steps > 0)
    centre = np.einsum("ij->i", np.where(is_known, past, 0.0)) / np.maximum(count, 1)
    reach = LIMIT * np.einsum("ij->i", np.where(has_range, ranges, 0.0)) / np.maximum(steps, 1)
    centre, reach = np.where(is_enough, centre, np.nan), np.where(is_enough, reach, np.nan)
    return Limits(centre, centre - reach, centre + reach)


@dataclass(frozen=True)
class Signals:
    """Per series: which rule the newest week breaks (index into SIGNALS), on which side (1 above, −1 below, 0 none)."""

    kind: Whole
    side: Whole
    strength: Floats
    """Points from the centre to the newest week, without its sign; 0 without a signal."""


def signals(ahead: Floats, drawn: Limits) -> Signals:
    """Which series say something with their newest week; the first of these rules that holds:

    beyond        the newest week lies outside the limits
    two_of_three  two of the last three weeks, the newest among them, lie beyond 2/3 of the way to the same limit
    run           the last seven weeks all lie on the same side of the centre
    A week without a figure breaks a run and says nothing. Source: Wheeler, XmR rules.
    """
    newest = ahead[:, -1]
    with np.errstate(invalid="ignore"):
        away = ahead[:, -RUN:] - drawn.centre[:, None]
        reach = drawn.high - drawn.centre
        side = np.where(away[:, -1] > 0, 1, np.where(away[:, -1] < 0, -1, 0))
        is_beyond = (newest > drawn.high) | (newest < drawn.low)
        towards = away[:, -3:] * side[:, None]
        far = towards > (2 / 3) * reach[:, None] + 1e-12
        is_two = far[:, -1] & (far.sum(axis=1) >= 2)
        is_run = (away * side[:, None] > 0).all(axis=1) & (away.shape[1] == RUN)
    kind = np.select([is_beyond, is_two, is_run], [BEYOND, TWO_OF_THREE, RUN_OF_SEVEN], NONE).astype(np.int64)
    is_signal = kind != NONE
    return Signals(
        kind=kind,
        side=np.where(is_signal, side, 0).astype(np.int64),
        strength=np.where(is_signal, np.abs(away[:, -1]), 0.0),
    )


def assurance(drawn: Limits, owed: Floats | float = 0.0) -> Whole:
    """Whether the process, left to itself, meets what is owed (index into ASSURANCES).

    holds: even its lower limit does; fails: not even its upper limit; varies: chance decides; unknown without limits.
    `owed` in points, on the same scale as the series: 0 for "ahead of the trajectory", the target for rates.
    Source: NHS England, "Making data count".
    """
    return np.select(
        [np.isnan(drawn.centre), drawn.low >= owed, drawn.high < owed], [UNKNOWN, HOLDS, FAILS], VARIES
    ).astype(np.int64)


def alerts(found: Signals, *, cases: Floats, before: Whole | None = None, most: int = HANDFUL) -> Whole:
    """The few signals worth a question today: positions of series, the most important first, at most five.

    Importance is the number of cases that moved: strength (points) / 100 × the series' cases; where the cases are
    unknown it counts as one. A fall comes before an equal rise, and among equals the first series. `before`: the kinds
    of the last look (a day or a week ago); what was a signal of the same kind then is no news.
    Source: definitions.md, "Signals": at most a handful of alerts a day at 260 units and at 11,000.
    """
    is_news = found.kind != NONE
    if before is not None:
        is_news &= found.kind != before
    importance = found.strength / 100 * np.where(np.isnan(cases), 1.0, cases)
    at = np.flatnonzero(is_news)
    order = np.lexsort((found.side[at], -importance[at]))
    return at[order[:most]].astype(np.int64)
