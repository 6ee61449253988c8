"""Where a rate will be on its due date: the likely figure, the range around it, and the probability of arrival.

One element per case. From counts where they exist: the dossiers still expected, and the share of them that will be
right, judged by the last four weeks. All arithmetic of shares happens on the angle asin √share, where the noise of a
count is the same everywhere: an angle leads back to a share between 0 and 1, whatever is added to it. A percent alone
is projected by `targets.resampling`. What the numbers are worth is measured by `python -m jobs backtest`.
"""

import math
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from targets.history import LOOKS, WEEK, History, pieces
from targets.pace import weighted_median
from targets.progress import FULL, REPAIRABLE, TARGET_SCALE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
TENTH = 1.2815515655446004
"""Standard deviations from the middle of a normal distribution to its 10 % and 90 % points."""
_BY_WEEK = [at for at, look in enumerate(LOOKS) if look % WEEK == 0]
_RECENT = [at for at, look in enumerate(LOOKS) if 0 < look <= 2 * WEEK]
LEAST_WORKED = 10
"""Working days of counting before anything is projected: in two weeks nobody can know where a unit is going."""
TESTED = 22
"""Working days ahead that the back-test reaches, thirty days: beyond them a standing follows from the gap alone."""
EARNED = 7
"""Working days ahead within which a chance came true as often as it said: from there on it is told as a probability."""
WIDTH, NARROW = 1.2, 0.7
"""Points by which the range may be wider for each working day that the due date lies nearer than either."""
FEWEST = 100
"""Cases by the due date below which no probability is told."""
ALMOST = 0.99
"""The most that a chance counts for in a standing while it is not told."""
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
MENDING_WANDER, MENDING_TREND, MENDING_FADE, MENDING_TRUST = 0.0125, 0.04, 0.01, 2.5
"""The same for rates whose past misses are mended, …"""
MENDING_MEMORY, MENDING_NOISE = 2.0, 0.0024
"""… how fast their past is forgotten (per week), and the noise of a single figure (angle)."""
MENDING_CALM = 0.02
"""How far the newest speed may lie from that of the month (angle per week) for a probability to be told."""
STOCK_WANDER, STOCK_TRUST, STOCK_MEMORY = 0.014, 1.1, 0.7
"""For a stock that is worked off: how unevenly it goes in a week (share, standard deviation), and as above."""
HALF_OF_SQUARES = 0.455
"""Half of all squared standard normal deviations lie below."""
STILL, BATCH = 0.005, 0.08
"""The share of a stock in a week below which it stands still: then no probability is told, and in each week, as likely
as this, all of it may be done in one batch."""


@dataclass(frozen=True)
class Outlook:
    """What a projection looks at; one element per case, percents in points.

    history      figures on the looks back, cases × looks
    days_left    working days from the newest figure to the due date; NaN where there is no way to say
    expected     V, the cases still to come by then (D15), whole; NaN without counts
    target, ceiling   in points; a target that is NaN leaves only the probability unknown
    shortfall    REPAIRABLE, DILUTED or PERMANENT
    is_arriving  new cases keep coming; False for a stock that is worked off
    is_sound     the newest figure may be projected: it was told, is fresh, and is no bound
    """

    history: History
    days_left: Floats
    expected: Floats
    target: Floats
    ceiling: Floats
    shortfall: Whole
    is_arriving: Bools
    is_sound: Bools


@dataclass(frozen=True)
class Projection:
    """Per case: the rate on the due date, the range that holds it four times in five, and how likely the target is.

    Points between 0 and the ceiling; chance and trust between 0 and 1; NaN where unknown.

    chance   P(rate ≥ target), for the standing's own use: people are told `probability`
    trust    what of the standing it decides; the rest is the gap's (`targets.progress`)
    """

    projection: Floats
    low: Floats
    high: Floats
    chance: Floats
    trust: Floats

    @property
    def probability(self) -> Floats:
        """The chance where it is earned, all trust being its own; NaN elsewhere: words and a range, no percent."""
        return np.where(self.trust >= 1, self.chance, np.nan)

    def or_else(self, other: "Projection") -> "Projection":
        """This projection, and the other one where this one knows nothing."""
        is_known = ~np.isnan(self.projection)
        return Projection(
            **{
                field.name: np.where(is_known, getattr(self, field.name), getattr(other, field.name))
                for field in fields(self)
            }
        )


def unknown(count: int) -> Projection:
    """Projections of so many cases about which nothing can be said."""
    return Projection(*(np.full(count, np.nan) for _ in fields(Projection)))


def project(outlook: Outlook) -> Projection:
    """The rate on the due date from counts, with its 80 % range and the probability of reaching the target.

    New cases (shortfall diluted or permanent, still arriving): (n + V·s) / (d + V) in points, where s is the share of
    the V cases to come that will be right. Rates whose misses are mended, and stocks: the rate itself goes on at its
    recent speed. Out of reach by volume is probability 0: a cumulative 100 % with one miss is never hoped for.
    Answers for each case, points and a probability; unknown (NaN) without counts, without a due date, for unsound
    figures and in the first ten working days of counting. Source: issue "Will they make it"; DOMAIN.md 4.1.
    """
    history = outlook.history
    numerator, denominator = history.numerator[:, 0], history.denominator[:, 0]
    oldest = history.worked[:, -1]
    is_known = outlook.is_sound & (denominator > 0) & (numerator >= 0) & (numerator <= denominator)
    is_known &= (oldest >= LEAST_WORKED) | (outlook.days_left <= 0)
    is_known &= ~np.isnan(outlook.days_left) & ~np.isnan(outlook.expected)
    is_stock, is_mended = ~outlook.is_arriving, outlook.is_arriving & (outlook.shortfall == REPAIRABLE)
    result = unknown(len(is_known))
    for is_kind, kind in ((is_stock, _stock), (is_mended, _mended), (~is_stock & ~is_mended, _stream)):
        for piece in pieces(np.flatnonzero(is_known & is_kind)):
            for name, values in vars(kind(_taken(outlook, piece))).items():
                getattr(result, name)[piece] = values
    return result


def _taken(outlook: Outlook, chosen: Whole) -> Outlook:
    return Outlook(
        history=outlook.history.take(chosen),
        days_left=outlook.days_left[chosen],
        expected=outlook.expected[chosen],
        target=outlook.target[chosen],
        ceiling=outlook.ceiling[chosen],
        shortfall=outlook.shortfall[chosen],
        is_arriving=outlook.is_arriving[chosen],
        is_sound=outlook.is_sound[chosen],
    )


def _stream(outlook: Outlook) -> Projection:
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
    share = (_dot(recent, right) + 2 * so_far + 0.25) / (_dot(recent, cases) + 2.5)
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
    # The newest days of a source that keeps correcting what it told are the least certain.
    bunching = BUNCHING * (1 + _revised(outlook.history))
    variance += OVERDISPERSION / (4 * outlook.expected + 2) + bunching**2 / np.maximum(weeks, 1 / WEEK)
    variance = noise * variance + wander * weeks * REACH
    to_come = np.sin(middle) ** 2
    felt = (to_come - so_far) * denominator[:, 0] / (denominator[:, 0] + outlook.expected) * VOLUME
    bounded = np.clip(to_come, 0.02, 0.98)
    variance += felt**2 / (4 * bounded * (1 - bounded))
    steady = np.minimum(STEADY / np.maximum(np.abs(fit.slope), 1e-9), CALM**2 / wander)
    return _told_of_stream(outlook, middle, np.sqrt(variance), steady=steady)


def _wander(moved: Floats, chance: Floats, is_sound: Bools) -> Floats:
    """How far the share strays in a week (variance): what its steps show beyond chance, and WANDER as so many steps."""
    is_step = is_sound[:, 1:] & is_sound[:, :-1]
    step = np.where(is_step, moved[:, :-1] - moved[:, 1:], 0.0)
    beyond = _dot(step, step) - _sum(np.where(is_step, chance[:, :-1] + chance[:, 1:], 0.0))
    shown = (STEPS * WANDER**2 + beyond) / (STEPS + is_step.sum(axis=1))
    return np.maximum(shown, (WANDER / 2) ** 2)


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
    a, b = _sum(weight) + anchor, _sum(weighted) - anchor
    c = _dot(weighted, x) + anchor + trend**-2
    of_y, of_xy = _dot(weight, y), _dot(weighted, y)
    determinant = a * c - b * b
    level, slope = (c * of_y - b * of_xy) / determinant, (a * of_xy - b * of_y) / determinant
    apart = y - level[:, None] - slope[:, None] * x
    residual = _dot(weight * apart, apart) + anchor * (level - slope) ** 2
    return _Line(level, slope, c / determinant, -b / determinant, a / determinant, residual)


def _mean_reach(weeks: Floats) -> Floats:
    """How many weeks of today's trend the cases to come have seen on average, as the trend fades."""
    faded = FADE * np.where(weeks > 0, weeks, 1.0)
    return np.where(weeks > 0, (1 - (1 - np.exp(-faded)) / faded) / FADE, 0.0)


def _told_of_stream(outlook: Outlook, middle: Floats, spread: Floats, *, steady: Floats) -> Projection:
    numerator, denominator = outlook.history.numerator[:, 0], outlook.history.denominator[:, 0]
    coming = outlook.expected
    to_edge = TENTH * spread
    shares = _share(np.stack([middle - to_edge, middle, middle + to_edge]))
    told = (numerator + coming * shares) / (denominator + coming)
    # Few cases come in clusters: of two expected none may come, or five, and five move a rate further.
    more = np.where(outlook.days_left > 0, coming + np.sqrt(CLUSTER * (coming + 1)), coming)
    wider = (numerator + more * shares) / (denominator + more)
    told[0], told[2] = np.minimum(told[0], wider[0]), np.maximum(told[2], wider[2])
    needed = _cases_owed(outlook.target, denominator + coming) - numerator
    bar = np.arcsin(np.sqrt(np.clip(_half_a_case_less(outlook, needed) / np.maximum(coming, 1), 0, 1)))
    chance = _above((bar - middle) / spread)
    chance = np.where(needed <= 0, 1.0, np.where(needed > coming, 0.0, chance))
    return _told(outlook, told, chance, most=steady)


def _told(outlook: Outlook, shares: Floats, chance: Floats, *, most: Floats | float = 1.0) -> Projection:
    """What is told of low, middle and high, shares of all cases, and of the chance: in points, below the ceiling.

    A chance is trusted the more, the narrower the range is for how far it looks ahead: WIDTH points for every working
    day by which the due date lies nearer than the back-test reaches. It is told, and trusted wholly, where the range is
    narrow, too, for the days within which chances came true (NARROW, EARNED), where cases are not few, where the source did not
    keep correcting what it told (a single correction is none), and where the kind of case does not stand against it:
    `most` below 1.
    """
    low, middle, high = np.minimum(100 * shares, outlook.ceiling)
    width = np.maximum(high - low, 1e-9)
    far = WIDTH * np.maximum(TESTED - outlook.days_left, 0) / width
    near = NARROW * np.maximum(EARNED - outlook.days_left, 0) / width
    cases = (outlook.history.denominator[:, 0] + outlook.expected) / FEWEST
    limits = np.minimum.reduce([cases, 2 * (1 - _revised(outlook.history)), np.broadcast_to(most, middle.shape)])
    is_earned = (near >= 1) & (limits >= 1)
    return Projection(
        projection=middle,
        low=low,
        high=high,
        chance=np.where(np.isnan(outlook.target), np.nan, chance),
        trust=np.where(is_earned, 1.0, np.minimum(np.minimum(far, limits), ALMOST)),
    )


def _revised(history: History) -> Floats:
    """How much of what was told in the last two weeks was corrected since: the newest figures will be, too."""
    return history.revised[:, _RECENT].mean(axis=1)


def _half_a_case_less(outlook: Outlook, needed: Floats) -> Floats:
    """Where the bar lies for a count that is whole: half a case lower; but all of them are all of them."""
    return needed - np.where(outlook.target >= 100, 0.0, 0.5)


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
    return _dot(seen.memory * apart / seen.length, apart)


def _dot(one: Floats, other: Floats) -> Floats:
    """Row by row the sum of products: numpy's own sum over a short axis is far slower."""
    result: Floats = np.einsum("ij,ij->i", one, other)
    return result


def _sum(values: Floats) -> Floats:
    result: Floats = np.einsum("ij->i", values)
    return result


def _shares(history: History) -> Floats:
    is_sound = (history.denominator > 0) & (history.numerator >= 0) & (history.numerator <= history.denominator)
    return np.where(is_sound, history.numerator / np.where(is_sound, history.denominator, 1), np.nan)


def _mended(outlook: Outlook) -> Projection:
    """A rate whose misses are mended: today's angle, its recent speed (fading slowly) and how far such rates stray.

    Speed and noise come from the changes between looks, recent ones first.
    """
    angle = np.arcsin(np.sqrt(_shares(outlook.history)))
    seen = _changes(outlook.history, angle, memory=MENDING_MEMORY)
    precision = _dot(seen.memory, seen.length) / MENDING_WANDER**2 + MENDING_TREND**-2
    speed = _dot(seen.memory, seen.change) / MENDING_WANDER**2 / precision
    noise = (MENDING_TRUST + _residual(seen, speed) / MENDING_WANDER**2) / (MENDING_TRUST + _sum(seen.memory))
    weeks = np.maximum(outlook.days_left, 0) / WEEK
    reach = (1 - np.exp(-MENDING_FADE * weeks)) / MENDING_FADE
    middle = np.clip(angle[:, 0] + speed * reach, 0.0, math.pi / 2)
    variance = noise * (MENDING_WANDER**2 * weeks + reach**2 / precision) + MENDING_NOISE**2 * (weeks > 0)
    spread = np.sqrt(variance)
    to_edge = TENTH * spread
    shares = _share(np.stack([middle - to_edge, middle, middle + to_edge]))
    total = outlook.history.denominator[:, 0] + outlook.expected
    needed = _cases_owed(outlook.target, total)
    bar = np.arcsin(np.sqrt(np.clip(_half_a_case_less(outlook, needed) / total, 0, 1)))
    # One that has just got stuck, or going: nobody knows which of its two speeds it will keep.
    usual = (angle[:, 0] - angle[:, -1]) / np.maximum(outlook.history.worked[:, -1] / WEEK, 1.0)
    apart = np.abs(speed - np.nan_to_num(usual))
    most = np.where(weeks > 0, MENDING_CALM / np.maximum(apart, 1e-9), 1.0)
    return _told(outlook, shares, _decided(outlook, needed, bar - middle, spread), most=most)


def _stock(outlook: Outlook) -> Projection:
    """A stock: what is done stays done, the rest goes on at its usual speed in shares of the whole.

    The usual speed is that of the middle week, so that one batch is not taken for a pace; where it is next to nothing,
    the stock may be done in one batch any week. Only where a fall was seen among the looks may the figure fall again.
    """
    share = _shares(outlook.history)
    seen = _changes(outlook.history, share, memory=STOCK_MEMORY)
    weight = _dot(seen.memory, seen.length)
    speed = np.nan_to_num(weighted_median(seen.change / seen.length, seen.memory * seen.length))
    apart = (seen.change - speed[:, None] * seen.length) ** 2 / seen.length
    usual = np.nan_to_num(weighted_median(apart, seen.memory * seen.length)) / HALF_OF_SQUARES
    known = _sum(seen.memory)
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
    needed = _cases_owed(outlook.target, denominator)
    chance = _decided(outlook, needed, _half_a_case_less(outlook, needed) / denominator - middle, spread)
    # One batch lifts a stock to anywhere between today's share and all of it.
    batch = np.where(np.abs(speed) < STILL, 1 - np.exp(-BATCH * weeks), 0.0)
    shares[-1] = np.maximum(shares[-1], 1 - (1 - now) * np.minimum(0.1 / np.maximum(batch, 1e-9), 1.0))
    stays = ~has_fallen & (numerator >= needed)
    return _told(outlook, shares, np.where(stays, 1.0, chance), most=np.where(weeks > 0, np.abs(speed) / STILL, 1.0))


def _decided(outlook: Outlook, needed: Floats, short: Floats, spread: Floats) -> Floats:
    """P(arrival) from the distance still to go and its spread; a plain yes or no on the due date itself."""
    is_fact = spread == 0
    chance = _above(short / np.where(is_fact, 1.0, spread))
    fact = (outlook.history.numerator[:, 0] >= needed).astype(np.float64)
    return np.where(needed <= 0, 1.0, np.where(is_fact, fact, chance))


def _share(angle: Floats) -> Floats:
    result: Floats = np.sin(np.clip(angle, 0.0, math.pi / 2)) ** 2
    return result


def _cases_owed(target: Floats, cases: Floats) -> Floats:
    """ceil(target·d) in whole numbers: how many of so many cases must be right."""
    owed = np.round(np.nan_to_num(target) * TARGET_SCALE).astype(np.int64) * cases.astype(np.int64)
    return (-(-owed // FULL)).astype(np.float64)


_COMPLEMENT = np.frompyfunc(math.erfc, 1, 1)


def _above(deviations: Floats) -> Floats:
    """P(a normal variable lies above so many standard deviations). Never grows with them."""
    tails: Floats = np.asarray(_COMPLEMENT(deviations / math.sqrt(2)), dtype=np.float64)
    return 0.5 * tails
