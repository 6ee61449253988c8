"""Comparing units fairly: only like with like, and a place given as a range where the figures cannot tell units apart.

Classes of like units are numbers; −1 is no class. Percents in points, one element per unit (of one indicator).
"""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
NINETY = 1.6448536269514722
"""Standard deviations on either side that enclose 90 %."""
FUNNEL = 3.090232306167813
"""… and 99.8 %, the outer limit of a funnel."""
NOWHERE = -1
UP, SAME, DOWN = 1, 0, -1


def volume_classes(denominator: Floats, bounds: tuple[int, ...]) -> Whole:
    """The volume class of each unit: how many of the bounds (cases, growing) its denominator reaches; −1 without one.

    Source: definitions.md, "Findings": a commune with 60 dossiers moves 1.7 points by one.
    """
    reached = (denominator[:, None] >= np.array(bounds, dtype=np.float64)[None, :]).sum(axis=1)
    return np.where(np.isnan(denominator), NOWHERE, reached).astype(np.int64)


def like_units(*traits: Whole) -> Whole:
    """One class for each combination of traits (level, group, volume class); −1 where one of them is −1."""
    classes, is_known = np.zeros(len(traits[0]), dtype=np.int64), np.ones(len(traits[0]), dtype=bool)
    for trait in traits:
        classes = classes * (int(trait.max(initial=0)) + 1) + trait
        is_known &= trait >= 0
    return np.where(is_known, classes, NOWHERE)


def wilson_interval(numerator: Floats, denominator: Floats, *, deviations: float = NINETY) -> tuple[Floats, Floats]:
    """The range of underlying rates that the counts do not contradict, low and high in points (90 % by default).

    Wilson's score interval: never leaves 0–100, and is wide where cases are few. NaN without cases.
    Source: Wilson 1927.
    """
    cases = np.where(denominator > 0, denominator, np.nan)
    share, square = numerator / cases, deviations**2
    centre = (share + square / (2 * cases)) / (1 + square / cases)
    inside = np.maximum(share * (1 - share) / cases + square / (4 * cases**2), 0.0)
    half = deviations * np.sqrt(inside) / (1 + square / cases)
    return np.maximum(100 * (centre - half), 0.0), np.minimum(100 * (centre + half), 100.0)


@dataclass(frozen=True)
class Places:
    """The place of each unit among its likes, 1 the best: between `best` and `worst`, of `peers`; 0 where it has none.

    `low`, `high`: the interval behind it, points. `is_interval`: False where a percent without counts stands alone.
    """

    best: Whole
    worst: Whole
    peers: Whole
    low: Floats
    high: Floats
    is_interval: Bools


def places(
    *, numerator: Floats, denominator: Floats, reported: Floats, likes: Whole, lower_is_better: bool = False
) -> Places:
    """Each unit's place among its likes, as a range: 1 + those surely better, to those not surely worse.

    Surely better: the whole interval lies above, or below where lower is better. Units with a percent alone are placed
    by it and marked; they should be a class of their own, since nobody knows how many cases stand behind it. `likes`:
    class of like units, −1 none.
    Source: definitions.md, "Findings".
    """
    low, high = wilson_interval(numerator, denominator)
    is_interval = ~np.isnan(low)
    alone = np.where(denominator == 0, np.nan, reported)
    low, high = np.where(is_interval, low, alone), np.where(is_interval, high, alone)
    best, worst, peers = (np.zeros(len(low), dtype=np.int64) for _ in range(3))
    is_placed = (likes >= 0) & ~np.isnan(low)
    at = np.flatnonzero(is_placed)
    if len(at):
        # One number line for all classes: each class has a stretch of its own, wider than any rate.
        offset = 1000.0 * likes[at]
        worse, better = (100 - high[at], 100 - low[at]) if lower_is_better else (low[at], high[at])
        lows, highs = np.sort(offset + worse), np.sort(offset + better)
        count = np.bincount(likes[at])
        end = np.cumsum(count)[likes[at]]
        best[at] = 1 + end - np.searchsorted(lows, offset + better, side="right")
        worst[at] = end - np.searchsorted(highs, offset + worse, side="left")
        peers[at] = count[likes[at]]
    return Places(best, worst, peers, low, high, is_interval)


def movement(before: Places, now: Places) -> Whole:
    """Whether a unit's place has surely changed since an earlier day: UP, DOWN, or SAME where the ranges overlap.

    SAME too where it has no place on one of the days. Source: definitions.md, "Findings".
    """
    is_both = (before.best > 0) & (now.best > 0)
    is_up, is_down = is_both & (now.worst < before.best), is_both & (now.best > before.worst)
    return np.where(is_up, UP, np.where(is_down, DOWN, SAME)).astype(np.int64)


@dataclass(frozen=True)
class Funnel:
    """Limits around the common rate of like units for a number of cases; points, between 0 and 100."""

    centre: float
    overdispersion: float
    low: Floats
    high: Floats


def funnel(numerator: Floats, denominator: Floats, *, deviations: float = FUNNEL) -> Funnel:
    """The limits within which like units differ by chance alone: centre ± deviations × √(φ·p(1 − p)/d), in points.

    centre: the pooled rate p. φ, at least 1: how much more units differ than by chance (mean of the squared deviations,
    the outermost tenth on either side pulled in), so that ordinary differences are no outliers. Unknown for all where
    nobody has cases; per unit NaN without cases. Source: Spiegelhalter 2005.
    """
    cases = np.where(denominator > 0, denominator, np.nan)
    counts = ~np.isnan(cases) & ~np.isnan(numerator)
    if not counts.any():
        unknown = np.full(len(cases), np.nan)
        return Funnel(math.nan, math.nan, unknown, unknown)
    centre = float(numerator[counts].sum() / cases[counts].sum())
    chance = np.sqrt(centre * (1 - centre) / cases)
    overdispersion = 1.0
    if 0 < centre < 1:
        scores = (numerator[counts] / cases[counts] - centre) / chance[counts]
        pulled = np.clip(scores, *np.quantile(scores, (0.1, 0.9)))
        overdispersion = max(1.0, float((pulled**2).mean()))
    half = deviations * np.sqrt(overdispersion) * chance
    low, high = np.maximum(100 * (centre - half), 0.0), np.minimum(100 * (centre + half), 100.0)
    return Funnel(100 * centre, overdispersion, np.where(counts, low, np.nan), np.where(counts, high, np.nan))
