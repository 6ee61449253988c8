"""Twelve ways in which real figures go, each a generator of its own: a pure function of its name and a seed.

One line is a unit and an indicator over the hundred days. Shares and volumes are drawn here, from numpy alone, so that
nothing the projection was ever chosen by is in them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Draw = np.random.Generator
Early = Callable[[int], tuple[Floats, Floats]]
DAYS = 100
LINES = 60
FRIDAY_22_MARCH = 4
"""The weekday of the campaign's first day, Monday being 0."""
MILESTONES = (49, 98)
"""Days of the two rushes, counted from 0: both are Fridays."""
DELAYS = 12
"""Days after which a lagging source has told everything."""


@dataclass(frozen=True)
class Hard:
    """Figures of some lines, lines × days, cumulative, as they stand at last.

    indicator   key of the indicator they are told for: it says whether misses dilute, are mended, or are a stock
    early       for a lagging source: known(day) → the figures as they were known on that day; None where told at once
    """

    indicator: str
    numerator: Floats
    denominator: Floats
    is_monthly: bool = False
    is_percent: bool = False
    is_small: bool = False
    due: tuple[int, ...] = ()
    """Days that forecasts are made for; any where it is empty."""
    early: Early | None = None


def hard_series(name: str, seed: int) -> Hard:
    """The lines of one kind."""
    return SERIES[name](np.random.default_rng([seed, *name.encode()]))


def _weekday() -> Whole:
    return (np.arange(DAYS) + FRIDAY_22_MARCH) % 7


def _volume(draw: Draw, low: float = 3.0, high: float = 60.0) -> Floats:
    """Cases expected by line and day: few to many a day, a tenth of it on days of rest, uneven from week to week."""
    daily = np.exp(draw.uniform(np.log(low), np.log(high), LINES))[:, None]
    weeks = np.exp(draw.normal(0, 0.2, (LINES, DAYS // 7 + 1)))
    return np.asarray(daily * np.repeat(weeks, 7, axis=1)[:, :DAYS] * np.where(_weekday() < 5, 1.0, 0.1))


def _ragged(draw: Draw, share: Floats) -> Floats:
    """The share of a day's cases that are right, as uneven as days are."""
    odds = np.log(np.clip(share, 0.005, 0.995) / (1 - np.clip(share, 0.005, 0.995)))
    return np.asarray(1 / (1 + np.exp(-(odds + draw.normal(0, 0.3, share.shape)))))


def _new(draw: Draw, volume: Floats, share: Floats) -> tuple[Floats, Floats]:
    cases = draw.poisson(volume)
    return draw.binomial(cases, share).astype(np.float64), cases.astype(np.float64)


def _reported(indicator: str, right: Floats, cases: Floats, **known: object) -> Hard:
    return Hard(indicator, np.cumsum(right, axis=1), np.cumsum(cases, axis=1), **known)  # type: ignore[arg-type]


def _between(draw: Draw, low: float, high: float) -> Floats:
    return draw.uniform(low, high, LINES)[:, None]


def _wandering(draw: Draw) -> Floats:
    start = draw.uniform(-1.0, 1.0, LINES)[:, None]
    return np.asarray(1 / (1 + np.exp(-(start + np.cumsum(draw.normal(0, 0.05, (LINES, DAYS)), axis=1)))))


def step(draw: Draw) -> Hard:
    """A push lifts the share of right cases on one day, and it stays there."""
    day = np.arange(DAYS)[None, :]
    share = _between(draw, 0.2, 0.6) + _between(draw, 0.1, 0.35) * (day >= _between(draw, 20, 80))
    return _reported("online", *_new(draw, _volume(draw), _ragged(draw, share)))


def fading(draw: Draw) -> Hard:
    """A push lifts the share, and wears off within weeks."""
    since = np.arange(DAYS)[None, :] - _between(draw, 15, 80)
    lift = _between(draw, 0.15, 0.4) * np.exp2(-np.maximum(since, 0) / _between(draw, 4, 14)) * (since >= 0)
    return _reported("online", *_new(draw, _volume(draw), _ragged(draw, _between(draw, 0.2, 0.55) + lift)))


def saturation(draw: Draw) -> Hard:
    """The share rises quickly and then stays below what is possible."""
    top = _between(draw, 0.75, 0.99)
    rising = 1 / (1 + np.exp(-(np.arange(DAYS)[None, :] - _between(draw, 5, 60)) / _between(draw, 3, 9)))
    return _reported("payment", *_new(draw, _volume(draw), _ragged(draw, 0.2 + (top - 0.2) * rising)))


def rhythm(draw: Draw) -> Hard:
    """Volume and share follow the days of the week."""
    by_weekday = draw.normal(0, 0.12, (LINES, 7))[:, _weekday()]
    volume = _volume(draw) * np.exp(draw.normal(0, 0.5, (LINES, 7)))[:, _weekday()]
    return _reported("online", *_new(draw, volume, _ragged(draw, _between(draw, 0.3, 0.8) + by_weekday)))


def lagging(draw: Draw) -> Hard:
    """The newest days are told too low, above all what is right; a past day is revised upwards for a week or two."""
    right, cases = _new(draw, _volume(draw), _ragged(draw, _wandering(draw)))
    half = _between(draw, 0.8, 2.5)

    def known(day: int) -> tuple[Floats, Floats]:
        """Of each day's cases so many are known: three quarters of the wrong ones the same day, a half of the right."""
        age = day - np.arange(DAYS)[None, :]
        told_right = np.where(age >= DELAYS, 1.0, 1 - 0.5 * np.exp2(-np.maximum(age, 0) / half))
        told_wrong = np.where(age >= DELAYS, 1.0, 1 - 0.25 * np.exp2(-np.maximum(age, 0) / half))
        seen = np.where(age >= 0, right * told_right, 0.0)
        wrong = np.where(age >= 0, (cases - right) * told_wrong, 0.0)
        counted = np.round(np.cumsum(seen, axis=1))
        return counted, counted + np.round(np.cumsum(wrong, axis=1))

    return _reported("online", right, cases, early=known)


def small(draw: Draw) -> Hard:
    """Less than one case a day; they come in clusters, and a cluster is handled alike."""
    clusters = draw.poisson(_between(draw, 0.05, 0.25) * np.where(_weekday() < 5, 1.0, 0.1))
    size = 1 + draw.poisson(2.0, clusters.shape)
    cases = (clusters * size).astype(np.int64)
    level = _between(draw, 0.2, 0.85)
    share = draw.beta(1.5 * level, 1.5 * (1 - level), cases.shape)
    return _reported("online", draw.binomial(cases, share).astype(np.float64), cases.astype(np.float64), is_small=True)


def monthly(draw: Draw) -> Hard:
    """Counts begin anew on the first of each month."""
    right, cases = _new(draw, _volume(draw, 5.0), _ragged(draw, _wandering(draw)))
    counts = [np.cumsum(values, axis=1) for values in (right, cases)]
    for first in (10, 40, 71):
        for values, new in zip(counts, (right, cases), strict=True):
            values[:, first:] = np.cumsum(new[:, first:], axis=1)
    return Hard("online", counts[0], counts[1], is_monthly=True)


def rush(draw: Draw) -> Hard:
    """In the five days before each milestone three times the cases come in, nearly all of them right."""
    is_rush = np.zeros(DAYS, dtype=bool)
    for due in MILESTONES:
        is_rush[due - 4 : due + 1] = True
    share = np.where(is_rush, 0.95, _between(draw, 0.2, 0.6))
    volume = _volume(draw) * np.where(is_rush, 3.0, 1.0)
    return _reported("online", *_new(draw, volume, _ragged(draw, share)), due=MILESTONES)


def stuck(draw: Draw) -> Hard:
    """Old misses are mended at a steady pace until what is left cannot be: from one day on nothing moves."""
    cases = draw.poisson(_volume(draw))
    total = np.cumsum(cases, axis=1) + draw.integers(100, 2000, LINES)[:, None]
    end = _between(draw, 25, 90)
    level = _between(draw, 0.1, 0.4) + _between(draw, 0.15, 0.55) * np.minimum(np.arange(DAYS)[None, :] / end, 1.0)
    right = np.maximum.accumulate(np.round(total * np.clip(level + draw.normal(0, 0.002, level.shape), 0, 1)), axis=1)
    return Hard("digitisation", np.minimum(right, total), total.astype(np.float64))


def batch(draw: Draw) -> Hard:
    """A stock on which hardly anything is done until, one day, most of it is done at once."""
    total = np.broadcast_to(draw.integers(60, 1500, LINES)[:, None].astype(np.float64), (LINES, DAYS))
    trickle = np.cumsum(draw.poisson(_between(draw, 0.0, 0.2), (LINES, DAYS)), axis=1)
    on = np.arange(DAYS)[None, :] >= _between(draw, 15, 130)
    right = np.round(total * (_between(draw, 0.0, 0.3) + _between(draw, 0.3, 0.7) * on)) + trickle
    return Hard("publicity", np.minimum(right, total), total)


def growing(draw: Draw) -> Hard:
    """A stock worked off steadily, while the list of what there is to do grows in steps."""
    start = draw.integers(200, 1500, LINES)[:, None]
    grows = draw.random((LINES, DAYS)) < 0.03
    total = np.round(start * np.cumprod(np.where(grows, 1 + draw.uniform(0.03, 0.15, grows.shape), 1.0), axis=1))
    done = np.cumsum(draw.poisson(start * _between(draw, 0.001, 0.009) * np.where(_weekday() < 5, 1.0, 0.0)), axis=1)
    return Hard("publicity", np.minimum(np.round(0.1 * start) + done, total), total)


def percent(draw: Draw) -> Hard:
    """A percent without counts."""
    return _reported("online", *_new(draw, _volume(draw), _ragged(draw, _wandering(draw))), is_percent=True)


SERIES: dict[str, Callable[[Draw], Hard]] = {
    made.__name__: made
    for made in (
        step, fading, saturation, rhythm, lagging, small, monthly, rush, stuck, batch, growing, percent,
    )
}  # fmt: skip
