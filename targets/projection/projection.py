"""Where a rate will be on its due date: the likely figure, the range around it, and the probability of arrival.

One element per case. From counts where they exist: the dossiers still expected, and the share of them that will be
right, judged by the last four weeks. All arithmetic of shares happens on the angle asin √share, where the noise of a
count is the same everywhere: an angle leads back to a share between 0 and 1, whatever is added to it. A percent alone
is projected by `targets.projection.resampling`. What the numbers are worth is measured by `python -m jobs backtest`.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from targets.projection.new_cases import stream
from targets.projection.outlook import (
    TENTH,
    Outlook,
    Projection,
    above,
    bar_of,
    cases_owed,
    reported,
    row_products,
    row_sums,
    share_of,
    taken,
    unknown,
)
from targets.projection.pace import weighted_median
from targets.standing.history import WEEK, History, pieces
from targets.standing.progress import REPAIRABLE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
LEAST_WORKED = 10
"""Working days of counting before anything is projected: in two weeks nobody can know where a unit is going."""
MENDING_WANDER, MENDING_TREND, MENDING_FADE, MENDING_TRUST = 0.0125, 0.04, 0.01, 2.5
"""The same for rates whose past misses are mended, …"""
MENDING_MEMORY, MENDING_NOISE = 2.0, 0.0024
"""… how fast their past is forgotten (per week), and the noise of a single figure (angle)."""
MENDING_CALM = 0.02
"""How far the newest speed may lie from that of the month (angle per week) for a probability to be shown."""
STOCK_WANDER, STOCK_TRUST, STOCK_MEMORY = 0.014, 1.1, 0.7
"""For a stock that is worked off: how unevenly it goes in a week (share, standard deviation), and as above."""
HALF_OF_SQUARES = 0.455
"""Half of all squared standard normal deviations lie below."""
STILL, BATCH = 0.005, 0.08
"""The share of a stock in a week below which it stands still: then no probability is shown, and in each week, as likely
as this, all of it may be done in one batch."""


def project(outlook: Outlook) -> Projection:
    """The rate on the due date from counts, with its 80 % range and the probability of reaching the target.

    New cases (shortfall diluted or permanent, still arriving): (n + V·s) / (d + V) in points, where s is the share of
    the V cases to come that will be right. Rates whose misses are mended, and stocks: the rate itself goes on at its
    recent speed. Out of reach by volume is probability 0: a cumulative 100 % with one miss is never hoped for.
    Answers for each case, points and a probability; unknown (NaN) without counts, without a due date, for unsound
    figures and in the first ten working days of counting. Source: definitions.md, "Pace and projection".
    """
    history = outlook.history
    numerator, denominator = history.numerator[:, 0], history.denominator[:, 0]
    oldest = history.worked[:, -1]
    is_known = outlook.is_sound & (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    is_known &= (oldest >= LEAST_WORKED) | (outlook.days_left <= 0)
    is_known &= ~np.isnan(outlook.days_left) & ~np.isnan(outlook.expected)
    is_stock, is_mended = ~outlook.is_arriving, outlook.is_arriving & (outlook.shortfall == REPAIRABLE)
    result = unknown(len(is_known))
    for is_kind, kind in ((is_stock, _stock), (is_mended, _mended), (~is_stock & ~is_mended, stream)):
        for piece in pieces(np.flatnonzero(is_known & is_kind)):
            for name, values in vars(kind(taken(outlook, piece))).items():
                getattr(result, name)[piece] = values
    return result


class _Changes(NamedTuple):
    """What lies between the looks: change of a share or angle, weeks it took, and how well it is remembered."""

    change: Floats
    length: Floats
    memory: Floats


def _changes(history: History, position: Floats, *, memory: float) -> _Changes:
    is_known = ~np.isnan(position)
    between = (history.worked[:, 1:] - history.worked[:, :-1]) / WEEK
    counts = is_known[:, :-1] & is_known[:, 1:] & (between > 0)
    age = np.where(counts, (history.worked[:, 1:] + history.worked[:, :-1]) / (2 * WEEK), 0.0)
    return _Changes(
        change=np.where(counts, position[:, :-1] - position[:, 1:], 0.0),
        length=np.where(counts, between, 1.0),
        memory=np.where(counts, np.exp(-memory * age), 0.0),
    )


def _residual(seen: _Changes, speed: Floats) -> Floats:
    """The squared departures from an even speed, per week, as far as they are remembered."""
    apart = seen.change - speed[:, None] * seen.length
    return row_products(seen.memory * apart / seen.length, apart)


def _shares(history: History) -> Floats:
    is_sound = (history.denominator > 0) & (history.numerator >= 0) & (history.numerator <= history.denominator)
    return np.where(is_sound, history.numerator / np.where(is_sound, history.denominator, 1), np.nan)


def _mended(outlook: Outlook) -> Projection:
    """A rate whose misses are mended: today's angle, its recent speed (fading slowly) and how far such rates stray.

    Speed and noise come from the changes between looks, recent ones first.
    """
    angle = np.arcsin(np.sqrt(_shares(outlook.history)))
    seen = _changes(outlook.history, angle, memory=MENDING_MEMORY)
    precision = row_products(seen.memory, seen.length) / MENDING_WANDER**2 + MENDING_TREND**-2
    speed = row_products(seen.memory, seen.change) / MENDING_WANDER**2 / precision
    noise = (MENDING_TRUST + _residual(seen, speed) / MENDING_WANDER**2) / (MENDING_TRUST + row_sums(seen.memory))
    weeks = np.maximum(outlook.days_left, 0) / WEEK
    reach = (1 - np.exp(-MENDING_FADE * weeks)) / MENDING_FADE
    middle = np.clip(angle[:, 0] + speed * reach, 0.0, math.pi / 2)
    variance = noise * (MENDING_WANDER**2 * weeks + reach**2 / precision) + MENDING_NOISE**2 * (weeks > 0)
    spread = np.sqrt(variance)
    to_edge = TENTH * spread
    shares = share_of(np.stack([middle - to_edge, middle, middle + to_edge]))
    total = outlook.history.denominator[:, 0] + outlook.expected
    needed = cases_owed(outlook.target, total)
    bar = np.arcsin(np.sqrt(np.clip(bar_of(outlook, needed) / total, 0, 1)))
    # One that has just got stuck, or going: nobody knows which of its two speeds it will keep.
    usual = (angle[:, 0] - angle[:, -1]) / np.maximum(outlook.history.worked[:, -1] / WEEK, 1.0)
    apart = np.abs(speed - np.nan_to_num(usual))
    most = np.where(weeks > 0, MENDING_CALM / np.maximum(apart, 1e-9), 1.0)
    return reported(outlook, shares, _decided(outlook, needed, bar - middle, spread), most=most)


def _stock(outlook: Outlook) -> Projection:
    """A stock: what is done stays done, the rest goes on at its usual speed in shares of the whole.

    The usual speed is that of the middle week, so that one batch is not taken for a pace; where it is next to nothing,
    the stock may be done in one batch any week. Only where a fall was seen among the looks may the figure fall again.
    """
    share = _shares(outlook.history)
    seen = _changes(outlook.history, share, memory=STOCK_MEMORY)
    weight = row_products(seen.memory, seen.length)
    speed = np.nan_to_num(weighted_median(seen.change / seen.length, seen.memory * seen.length))
    apart = (seen.change - speed[:, None] * seen.length) ** 2 / seen.length
    usual = np.nan_to_num(weighted_median(apart, seen.memory * seen.length)) / HALF_OF_SQUARES
    known = row_sums(seen.memory)
    noise = (STOCK_TRUST * STOCK_WANDER**2 + known * usual) / (STOCK_TRUST + known)
    weeks = np.maximum(outlook.days_left, 0) / WEEK
    spread = np.sqrt(noise * (weeks + weeks**2 / (1.0 + weight)))
    has_fallen = (seen.change < 0).any(axis=1)
    now = share[:, 0]
    floor = np.where(has_fallen, 0.0, now)
    middle = np.clip(now + speed * weeks, floor, 1.0)
    to_edge = TENTH * spread
    shares = np.clip(np.stack([middle - to_edge, middle, middle + to_edge]), floor, 1.0)
    numerator, denominator = outlook.history.numerator[:, 0], outlook.history.denominator[:, 0]
    needed = cases_owed(outlook.target, denominator)
    chance = _decided(outlook, needed, bar_of(outlook, needed) / denominator - middle, spread)
    # One batch lifts a stock to anywhere between today's share and all of it.
    batch = np.where(np.abs(speed) < STILL, 1 - np.exp(-BATCH * weeks), 0.0)
    shares[-1] = np.maximum(shares[-1], 1 - (1 - now) * np.minimum(0.1 / np.maximum(batch, 1e-9), 1.0))
    stays = ~has_fallen & (numerator >= needed)
    return reported(outlook, shares, np.where(stays, 1.0, chance), most=np.where(weeks > 0, np.abs(speed) / STILL, 1.0))


def _decided(outlook: Outlook, needed: Floats, short: Floats, spread: Floats) -> Floats:
    """P(arrival) from the distance still to go and its spread; a plain yes or no on the due date itself."""
    is_fact = spread == 0
    chance = above(short / np.where(is_fact, 1.0, spread))
    fact = (outlook.history.numerator[:, 0] >= needed).astype(np.float64)
    return np.where(needed <= 0, 1.0, np.where(is_fact, fact, chance))
