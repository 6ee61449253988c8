"""What a projection looks at and what it says, how far it is trusted, and the arithmetic that its kinds share."""

import math
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from targets.standing.history import LOOKS, WEEK, History
from targets.standing.progress import FULL, TARGET_SCALE

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
TENTH = 1.2815515655446004
"""Standard deviations from the middle of a normal distribution to its 10 % and 90 % points."""
_RECENT = [at for at, look in enumerate(LOOKS) if 0 < look <= 2 * WEEK]
TESTED = 22
"""Working days ahead that the back-test reaches, thirty days: beyond them a standing follows from the gap alone."""
EARNED = 5
"""Working days ahead within which a chance came true as often as it said: from there on a probability is shown."""
WIDTH, NARROW = 1.2, 1.0
"""Points by which the range may be wider for each working day that the due date lies nearer than either."""
FEWEST = 100
"""Cases by the due date below which no probability is shown."""
ALMOST = 0.99
"""The most that a chance counts for in a standing while it is not shown."""


@dataclass(frozen=True)
class Outlook:
    """What a projection looks at; one element per case, percents in points.

    history      figures on the looks back, cases × looks
    days_left    working days from the newest figure to the due date; NaN where there is no way to say
    expected     V, the cases still to come by then, whole; NaN without counts
    target, ceiling   in points; a target that is NaN leaves only the probability unknown
    shortfall    REPAIRABLE, DILUTED or PERMANENT
    is_arriving  new cases keep coming; False for a stock that is worked off
    is_sound     the newest figure may be projected: it was reported, is fresh, and is no bound
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

    chance   P(rate ≥ target), for the standing's own use: people are shown `probability`
    trust    what of the standing it decides; the rest is the gap's (`targets.standing.progress`)
    """

    projection: Floats
    low: Floats
    high: Floats
    chance: Floats
    trust: Floats

    @property
    def probability(self) -> Floats:
        """The chance where it is trusted wholly; NaN elsewhere: then words and a range are shown, no percent."""
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


def taken(outlook: Outlook, chosen: Whole) -> Outlook:
    """Some of the cases."""
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


def reported(outlook: Outlook, shares: Floats, chance: Floats, *, most: Floats | float = 1.0) -> Projection:
    """A projection from low, middle and high, shares of all cases, and from the chance: in points, below the ceiling.

    A chance is trusted the more, the narrower the range is for how far it looks ahead: WIDTH points for every working
    day by which the due date lies nearer than the back-test reaches. It is shown and trusted wholly where the range is
    narrow, too, for the days within which chances came true (NARROW, EARNED), where cases are not few (FEWEST), where
    the source did not keep correcting what it reported (one correction in two weeks is none), and where nothing in the
    series stands against it: `most` below 1.
    """
    low, middle, high = np.minimum(100 * shares, outlook.ceiling)
    width = np.maximum(high - low, 1e-9)
    far = WIDTH * np.maximum(TESTED - outlook.days_left, 0) / width
    near = NARROW * np.maximum(EARNED - outlook.days_left, 0) / width
    cases = (outlook.history.denominator[:, 0] + outlook.expected) / FEWEST
    limits = np.minimum.reduce([cases, 2 * (1 - revised_share(outlook.history)), np.broadcast_to(most, middle.shape)])
    is_earned = (near >= 1) & (limits >= 1)
    return Projection(
        projection=middle,
        low=low,
        high=high,
        chance=np.where(np.isnan(outlook.target), np.nan, chance),
        trust=np.where(is_earned, 1.0, np.minimum(np.minimum(far, limits), ALMOST)),
    )


def revised_share(history: History) -> Floats:
    """How much of what was reported in the last two weeks was corrected since: the newest figures will be, too."""
    result: Floats = history.revised[:, _RECENT].mean(axis=1)
    return result


def bar_of(outlook: Outlook, needed: Floats) -> Floats:
    """The bar for a whole count: half a case lower, except at 100 %, where every case must be right."""
    return needed - np.where(outlook.target >= 100, 0.0, 0.5)


def share_of(angle: Floats) -> Floats:
    result: Floats = np.sin(np.clip(angle, 0.0, math.pi / 2)) ** 2
    return result


def cases_owed(target: Floats, cases: Floats) -> Floats:
    """ceil(target·d) in whole numbers: how many of so many cases must be right."""
    owed = np.round(np.nan_to_num(target) * TARGET_SCALE).astype(np.int64) * cases.astype(np.int64)
    return (-(-owed // FULL)).astype(np.float64)


_COMPLEMENT = np.frompyfunc(math.erfc, 1, 1)


def above(deviations: Floats) -> Floats:
    """P(a normal variable lies above so many standard deviations). Never grows with them."""
    tails: Floats = np.asarray(_COMPLEMENT(deviations / math.sqrt(2)), dtype=np.float64)
    return 0.5 * tails


def row_products(one: Floats, other: Floats) -> Floats:
    """Row by row the sum of products: numpy's own sum over a short axis is far slower."""
    result: Floats = np.einsum("ij,ij->i", one, other)
    return result


def row_sums(values: Floats) -> Floats:
    result: Floats = np.einsum("ij->i", values)
    return result
