"""A district's figure taken apart: what its communes report themselves, and what is left for the district.

Contributions (`targets.comparison`) add up over the members of a pool. A member that reports for all below it can be
replaced by its children and a rest without changing any sum, so nobody is counted twice.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
COUNTS = ("numerator", "denominator", "week_numerator", "week_denominator")


@dataclass(frozen=True)
class Counts:
    """Counts of each unit so far, and those of the last week; whole numbers, NaN where unknown."""

    numerator: Floats
    denominator: Floats
    week_numerator: Floats
    week_denominator: Floats


@dataclass(frozen=True)
class Parts:
    """The parts of a pool's sums: whose each is, whether it is the rest of a member that was taken apart, its counts.

    A week that is unknown counts as one in which nothing changed, as it does in the pool's own sums.
    """

    unit: Whole
    is_rest: Bools
    counts: Counts


def split_members(*, members: Counts, in_sums: Bools, own: Counts, parent: Whole, chosen: Bools) -> Parts:
    """The members of a pool, the chosen ones taken apart into their children and the rest.

    `members`: the figures in the sums, `in_sums` says whose. `own`: what a unit reports of itself, or of all below it.
    `parent`: position of each unit's parent, −1 for none. A member stays whole where no child reports counts, and where
    its children report more than it does itself, right or wrong cases (their figures are of another day or source).
    All sums stay what they are.
    """
    apart = chosen & in_sums
    above = np.where(parent >= 0, parent, 0)
    is_child = (parent >= 0) & apart[above] & ~in_sums & ~np.isnan(own.numerator) & ~np.isnan(own.denominator)
    size = len(in_sums)
    whole = {name: np.where(in_sums, np.nan_to_num(getattr(members, name)), 0.0) for name in COUNTS}
    reported = {name: np.where(is_child, np.nan_to_num(getattr(own, name)), 0.0) for name in COUNTS}
    below = {name: np.bincount(above, reported[name], minlength=size) for name in COUNTS}
    right, cases = whole["numerator"] - below["numerator"], whole["denominator"] - below["denominator"]
    has_children = np.bincount(above, is_child, minlength=size) > 0
    apart &= has_children & (right >= 0) & (cases >= right)
    is_child &= apart[above]
    rest = {name: np.where(apart, whole[name] - below[name], whole[name]) for name in COUNTS}
    has_rest = in_sums & (~apart | np.logical_or.reduce([values != 0 for values in rest.values()]))
    # In the order of the units: a member's rest stands before its children.
    unit = np.flatnonzero(has_rest | is_child)
    values = {name: np.where(is_child[unit], reported[name][unit], rest[name][unit]) for name in COUNTS}
    return Parts(unit=unit.astype(np.int64), is_rest=apart[unit], counts=Counts(**values))
