"""Where a rate will be on its due date, when only its percent is reported: a robust trend and its own past.

The past four weeks' daily changes are put together anew in blocks of a week, two hundred times. The draws of a series
depend on its seed alone, so the same figures give the same answer whatever else is computed beside them.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from targets.projection.outlook import Projection, unknown
from targets.projection.pace import robust_slope
from targets.projection.projection import LEAST_WORKED
from targets.standing.history import LOOKS, WEEK
from targets.standing.progress import REPAIRABLE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Seeds = npt.NDArray[np.uint64]
WINDOW = LOOKS[-1]
"""Working days whose changes are drawn from."""
PATHS = 200
TENTH = PATHS // 10
GRAIN, WIDENING = 0.9, 0.3
"""Points that a rate of 50 may stray in a week although its past never did: four weeks are short. Less near 0, 100; and
by how much more in each further week."""
FADE = 0.13
"""How fast the trend of a rate whose misses are mended dies away, per week."""
LAG = 5.0
"""Working days by which the slope of four weeks lags behind: a cumulative rate has slowed down since."""
KEPT, MENDING_KEPT = 0.9, 0.65
"""How much of the slope is believed, of new cases' rates and of mended ones and stocks."""
_GOLDEN, _MIX_1, _MIX_2 = (np.uint64(word) for word in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


@dataclass(frozen=True)
class Percents:
    """Percents reported without counts; one element per case.

    rates        points on the newest figure's day and on each of the 20 working days before it, cases × 21, newest
                 first; NaN before the first figure or the period's start
    elapsed      working days from the period's start to the newest figure
    days_left    working days from the newest figure to the due date; NaN where there is no way to say
    ceiling, shortfall, is_arriving, is_sound   as in `targets.projection.projection.Outlook`
    seed         from `stable_seed`
    """

    rates: Floats
    elapsed: Floats
    days_left: Floats
    ceiling: Floats
    shortfall: Whole
    is_arriving: Bools
    is_sound: Bools
    seed: Seeds


def stable_seed(*words: str) -> int:
    """The seed of a series, from its unit's code and its indicator's key: the same on every machine and day."""
    return int.from_bytes(hashlib.sha256("\x1f".join(words).encode()).digest()[:8], "big")


def project_percents(percents: Percents) -> Projection:
    """The rate on the due date from percents alone, with its 80 % range; never how likely the target is.

    Points between 0 and the ceiling. A cumulative rate slows down by itself: new cases move it by days left /
    (days counted + days left), as if every working day brought the same number; that also bounds it above and below.
    A rate whose misses are mended keeps its speed, fading. Unknown (NaN) for unsound figures, without a due date and
    with less than ten working days of figures. A percent does not say how many cases are behind it: in the
    back-test its probabilities did not come true as often as they said, so none is given.
    Source: definitions.md, "Pace and projection" (robust trend with block bootstrap).
    """
    length = _length(percents.rates)
    is_known = percents.is_sound & ~np.isnan(percents.days_left) & ~np.isnan(percents.rates[:, 0])
    is_known &= (length >= LEAST_WORKED) | (percents.days_left <= 0)
    result = unknown(len(is_known))
    chosen = np.flatnonzero(is_known)
    paths = _paths(percents, chosen, length[chosen])
    paths.sort(axis=1)
    result.projection[chosen] = (paths[:, PATHS // 2 - 1] + paths[:, PATHS // 2]) / 2
    result.low[chosen], result.high[chosen] = paths[:, TENTH], paths[:, -1 - TENTH]
    return result


def _length(rates: Floats) -> Whole:
    """How many daily changes are known without a gap, counted back from the newest."""
    is_known = ~np.isnan(rates)
    return np.asarray(np.logical_and.accumulate(is_known, axis=1).sum(axis=1) - 1, dtype=np.int64)


def _paths(percents: Percents, chosen: Whole, length: Whole) -> Floats:
    """Where the rate ends in each of the drawn futures: cases × PATHS."""
    rates = percents.rates[chosen]
    days = np.maximum(percents.days_left[chosen], 0.0)
    elapsed = np.maximum(percents.elapsed[chosen], 1.0)
    is_level = (percents.shortfall[chosen] == REPAIRABLE) | ~percents.is_arriving[chosen]
    looks = np.array(LOOKS)
    slope = np.nan_to_num(
        robust_slope(np.broadcast_to(looks.astype(np.float64), (len(rates), len(looks))), rates[:, looks])
    )
    believed = np.where(is_level, MENDING_KEPT, KEPT * (elapsed / (elapsed + LAG)) ** 2)
    daily = believed * slope / WEEK

    # What is left of each change without the trend, oldest first behind a 0: differences of it are blocks of days.
    position = np.arange(WINDOW)[None, :]
    is_drawn = position < length[:, None]
    change = np.where(is_drawn, rates[:, :-1] - rates[:, 1:], 0.0)
    mean = change.sum(axis=1) / np.maximum(length, 1)
    left = np.where(is_drawn, change - mean[:, None], 0.0)
    total = np.concatenate([np.zeros((len(rates), 1)), np.cumsum(left, axis=1)], axis=1)

    drawn = _Draws(percents.seed[chosen], starts=np.maximum(length - WEEK + 1, 1))
    weeks = int(np.ceil(days.max(initial=0.0) / WEEK))
    grain = GRAIN * np.sqrt(rates[:, :1] * (100 - rates[:, :1])) / 50
    stray = np.zeros((len(rates), PATHS))
    for week in range(weeks):
        lasting = np.clip(days - week * WEEK, 0, WEEK).astype(np.int64)[:, None]
        start = drawn.start(2 * week)
        block = np.take_along_axis(total, np.minimum(start + lasting, WINDOW), axis=1)
        block = block - np.take_along_axis(total, start, axis=1)
        block += drawn.sign(2 * week + 1) * grain * (1 + WIDENING * week) * np.sqrt(lasting / WEEK)
        middle = week * WEEK + lasting / 2
        damped = np.where(is_level[:, None], 1.0, elapsed[:, None] / (elapsed[:, None] + middle))
        stray += np.where(lasting > 0, damped * block, 0.0)
    faded = FADE * days / WEEK
    reach = np.where(is_level, -np.expm1(-faded) / FADE * WEEK, days * elapsed / (elapsed + days))
    ends = rates[:, :1] + (reach * daily)[:, None] + stray
    # New cases alone cannot move a cumulative rate further than all right or all wrong.
    share = np.where(is_level, 1.0, days / (elapsed + days))[:, None]
    worst, best = rates[:, :1] * (1 - share), rates[:, :1] * (1 - share) + 100 * share
    # A stock that never fell stays what it is at least.
    stays = ~percents.is_arriving[chosen] & ~(change < 0).any(axis=1)
    worst = np.where(stays[:, None], rates[:, :1], worst)
    is_still = (days <= 0)[:, None]
    ends = np.where(is_still, rates[:, :1], np.clip(ends, worst, best))
    return np.asarray(np.clip(ends, 0.0, percents.ceiling[chosen][:, None]), dtype=np.float64)


class _Draws:
    """Random numbers that depend on a series' seed and a counter only (SplitMix64): cases × PATHS."""

    def __init__(self, seed: Seeds, *, starts: Whole) -> None:
        self._seed = seed[:, None]
        self._path = np.arange(PATHS, dtype=np.uint64)[None, :]
        self._starts = starts.astype(np.uint64)[:, None]

    def start(self, counter: int) -> Whole:
        """The first day of a block, with the same chance for each that fits."""
        return (self._words(counter) % self._starts).astype(np.int64)

    def sign(self, counter: int) -> Floats:
        """1 or −1."""
        return 1.0 - 2.0 * (self._words(counter) >> np.uint64(63)).astype(np.float64)

    def _words(self, counter: int) -> Seeds:
        word = self._seed + _GOLDEN * (self._path + np.uint64(PATHS * counter + 1))
        word = (word ^ (word >> np.uint64(30))) * _MIX_1
        word = (word ^ (word >> np.uint64(27))) * _MIX_2
        return np.asarray(word ^ (word >> np.uint64(31)), dtype=np.uint64)
