"""New cases that keep coming: the share of them that will be right, judged by the last four weeks."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from targets.projection.outlook import (
    TENTH,
    Outlook,
    Projection,
    above,
    bar_of,
    cases_owed,
    reported,
    revised_share,
    row_products,
    row_sums,
    share_of,
)
from targets.standing.history import LOOKS, WEEK

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_BY_WEEK = [at for at, look in enumerate(LOOKS) if look % WEEK == 0]
OVERDISPERSION = 2.0
"""How much more the cases of a stretch scatter than coins would."""
BUNCHING = 0.09
"""How much the share right of any week differs from its neighbours' beyond chance (angle)."""
WANDER = 0.03
"""How far the share right strays in a week before a series shows itself (angle, standard deviation)."""
TREND = 0.17
"""How strong a trend per week is thought possible before any is seen (angle, standard deviation)."""
FADE = 0.18
"""How fast a trend dies away: e^−FADE of it is left after a week."""
STEPS = 0.7
"""How many steps from week to week that counts for against those that a series shows itself."""
REACH = 2.5
"""How much of a week's straying the mean of the cases to come has felt, for each week ahead."""
HALF_LIFE = 8.0
"""Weeks after which cases weigh half in the recent level."""
KEPT = 0.8
"""How much of a trend is believed to go on; all of it is thought possible."""
CLUSTER = 1.5
"""How many cases come together where few do."""
STEADY = 0.06
"""The trend per week (angle) beyond which a share is on its way somewhere, nobody knows how far: no probability."""
CALM = 0.08
"""The straying in a week (angle) beyond which a share jumps too much for a probability."""
VOLUME = 0.6
"""Relative uncertainty of the volume to come, felt where new cases differ from the old ones."""
FEW = 7.0
"""Cases of a stretch at which its angle and its tangent, which has no bias where cases are few, count the same."""
TRUST = 0.3
"""How many residuals the noise above counts for against those that a series shows itself."""
YOUTH = 0.6
"""How much stronger a trend may be while the counting is young: four weeks by its age, to this power."""


def stream(outlook: Outlook) -> Projection:
    """The share right among the cases to come: a fading trend through the last four weeks of new cases.

    A week is what lies between two looks; one that a re-synchronisation made impossible is left out. How far the share
    strays is read off the steps from week to week (a level that shifted once may shift again), how much cases scatter
    off what the line through them leaves over: the unit's own clustering.
    """
    numerator, denominator, worked = (
        column[:, _BY_WEEK]
        for column in (outlook.history.numerator, outlook.history.denominator, outlook.history.worked)
    )
    right, cases = numerator[:, :-1] - numerator[:, 1:], denominator[:, :-1] - denominator[:, 1:]
    is_sound = (cases > 0) & (right >= 0) & (right <= cases)
    right, cases = np.where(is_sound, right, 0.0), np.where(is_sound, cases, 0.0)
    age = np.where(is_sound, (worked[:, :-1] + worked[:, 1:]) / (2 * WEEK), 0.0)

    # The recent level, with two cases like all of them so far and half a case on either side.
    recent = np.exp2(-age / HALF_LIFE)
    so_far = numerator[:, 0] / denominator[:, 0]
    share = (row_products(recent, right) + 2 * so_far + 0.25) / (row_products(recent, cases) + 2.5)
    level, tangent = np.arcsin(np.sqrt(share)), 2 * np.sqrt(share * (1 - share))
    divisor = np.maximum(cases, 1.0)
    angle = np.arcsin(np.sqrt(right / divisor)) - level[:, None]
    straight = np.clip((right / divisor - share[:, None]) / tangent[:, None], -1.0, 1.0)
    weight = cases / (cases + FEW)
    moved = weight * angle + (1 - weight) * straight

    chance = OVERDISPERSION / (4 * cases + 2) + BUNCHING**2
    wander = _wander(moved, chance, is_sound)
    information = is_sound / (chance + wander[:, None] * age)
    oldest = np.clip(worked[:, -1] / WEEK, 1.0, 4.0)
    fit = _line(-age, moved, information, trend=TREND * (4 / oldest) ** YOUTH)
    freedom = np.maximum(is_sound.sum(axis=1) - 1, 0)
    noise = (TRUST + fit.residual) / (TRUST + freedom)

    weeks = np.maximum(outlook.days_left, 0) / WEEK
    reach = _mean_reach(weeks)
    middle = np.clip(level + fit.level + KEPT * fit.slope * reach, 0.0, math.pi / 2)
    variance = fit.level_variance + 2 * reach * fit.covariance + reach**2 * fit.slope_variance
    # The newest days of a source that keeps correcting what it reported are the least certain.
    bunching = BUNCHING * (1 + revised_share(outlook.history))
    variance += OVERDISPERSION / (4 * outlook.expected + 2) + bunching**2 / np.maximum(weeks, 1 / WEEK)
    variance = noise * variance + wander * weeks * REACH
    to_come = np.sin(middle) ** 2
    felt = (to_come - so_far) * denominator[:, 0] / (denominator[:, 0] + outlook.expected) * VOLUME
    bounded = np.clip(to_come, 0.02, 0.98)
    variance += felt**2 / (4 * bounded * (1 - bounded))
    steady = np.minimum(STEADY / np.maximum(np.abs(fit.slope), 1e-9), CALM**2 / wander)
    return _reported_of(outlook, middle, np.sqrt(variance), steady=steady)


def _wander(moved: Floats, chance: Floats, is_sound: Bools) -> Floats:
    """How far the share strays in a week (variance): what its steps show beyond chance, and WANDER as so many steps."""
    is_step = is_sound[:, 1:] & is_sound[:, :-1]
    step = np.where(is_step, moved[:, :-1] - moved[:, 1:], 0.0)
    beyond = row_products(step, step) - row_sums(np.where(is_step, chance[:, :-1] + chance[:, 1:], 0.0))
    shown = (STEPS * WANDER**2 + beyond) / (STEPS + is_step.sum(axis=1))
    result: Floats = np.maximum(shown, (WANDER / 2) ** 2)
    return result


class _Line(NamedTuple):
    """A weighted straight line: its level at 0, its slope, how sure both are, and the weighted squared residuals."""

    level: Floats
    slope: Floats
    level_variance: Floats
    covariance: Floats
    slope_variance: Floats
    residual: Floats


def _line(x: Floats, y: Floats, weight: Floats, *, trend: Floats) -> _Line:
    """Weighted least squares, row by row, held a little: the slope near 0 by `trend`, and y near 0 a week ago."""
    anchor = 4.0
    weighted = weight * x
    a, b = row_sums(weight) + anchor, row_sums(weighted) - anchor
    c = row_products(weighted, x) + anchor + trend**-2
    of_y, of_xy = row_products(weight, y), row_products(weighted, y)
    determinant = a * c - b * b
    level, slope = (c * of_y - b * of_xy) / determinant, (a * of_xy - b * of_y) / determinant
    apart = y - level[:, None] - slope[:, None] * x
    residual = row_products(weight * apart, apart) + anchor * (level - slope) ** 2
    return _Line(level, slope, c / determinant, -b / determinant, a / determinant, residual)


def _mean_reach(weeks: Floats) -> Floats:
    """How many weeks of today's trend the cases to come have seen on average, as the trend fades."""
    faded = FADE * np.where(weeks > 0, weeks, 1.0)
    return np.where(weeks > 0, (1 - (1 - np.exp(-faded)) / faded) / FADE, 0.0)


def _reported_of(outlook: Outlook, middle: Floats, spread: Floats, *, steady: Floats) -> Projection:
    numerator, denominator = outlook.history.numerator[:, 0], outlook.history.denominator[:, 0]
    coming = outlook.expected
    to_edge = TENTH * spread
    shares = share_of(np.stack([middle - to_edge, middle, middle + to_edge]))
    ends = (numerator + coming * shares) / (denominator + coming)
    # Few cases come in clusters: of two expected none may come, or five, and five move a rate further.
    more = np.where(outlook.days_left > 0, coming + np.sqrt(CLUSTER * (coming + 1)), coming)
    wider = (numerator + more * shares) / (denominator + more)
    best = (numerator + coming) / (denominator + coming)
    ends[0], ends[2] = np.minimum(ends[0], wider[0]), np.minimum(np.maximum(ends[2], wider[2]), best)
    needed = cases_owed(outlook.target, denominator + coming) - numerator
    bar = np.arcsin(np.sqrt(np.clip(bar_of(outlook, needed) / np.maximum(coming, 1), 0, 1)))
    chance = above((bar - middle) / spread)
    chance = np.where(needed <= 0, 1.0, np.where(needed > coming, 0.0, chance))
    return reported(outlook, ends, chance, most=steady)
