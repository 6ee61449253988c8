"""Who makes up the province's gap and its weekly change: contributions of units, groups and levels that add up exactly.

Works on the members of the pool as `targets.standing.pooling` chooses them, so a district that reports for its communes
stands for all of them and nobody is counted twice. Percents in points.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from targets.standing.pooling import Amounts, used

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MOST = 0.8
"""The part of the gap that "the k units" make together."""


@dataclass(frozen=True)
class Members:
    """Which figures are in the root's sums: units × columns, for each scope. A unit is in one of them or in none."""

    below: Bools
    own: Bools


def pool_members(
    *, parent: Whole, depth: Whole, is_expected: Bools, below: Amounts, own: Amounts, left: Bools | None = None
) -> Members:
    """The figures that `targets.standing.pooling.pool_tree` adds up into the root, by the same arguments.

    A unit counts with its `below` figure where there is one, else with its `own`; a unit below one that has
    reported something for all below it does not count. Units × columns. Source: definitions.md, "Sums".
    """
    use = used(parent=parent, is_expected=is_expected, below=below, own=own, left=left)
    is_covered = np.zeros_like(use.is_asked)
    for level in range(1, int(depth.max(initial=0)) + 1):
        children = np.flatnonzero(depth == level)
        above = parent[children]
        is_covered[children] = is_covered[above] | use.says_below[above]
    return Members(below=use.below & ~is_covered, own=use.own & ~is_covered)


@dataclass(frozen=True)
class Gap:
    """Per unit, points of the province's rate: what it adds to the gap, negative where it makes up for others.

    `total` is the province's gap; the contributions of all members add up to it.
    """

    contribution: Floats
    total: float
    cases: Floats
    """Per unit, the cases that lack for the province's target, or are too many, rounded up; 0 or less where it makes up
    for others."""


def gap_contributions(
    *, numerator: Floats, denominator: Floats, weight: Floats, target: float, lower_is_better: bool = False
) -> Gap:
    """What each unit contributes to the province's gap: (target·d − n) / D, in points of the province's rate.

    (n − target·d) / D where lower is better: what is over the target.

    `weight`: 1 for the members of the pool, 0 for the others (see `pool_members`). D is the sum of the members' cases.
    Against the province's own target: a unit's target may differ. All NaN where the members have no cases.
    Source: definitions.md, "Findings".
    """
    right, cases = _weighed(numerator, weight), _weighed(denominator, weight)
    whole = cases.sum()
    if not whole > 0:
        unknown = np.full(len(cases), np.nan)
        return Gap(unknown, float("nan"), unknown)
    way = -1 if lower_is_better else 1
    lacking = way * (target * cases - 100 * right)
    # A tolerance: what the arithmetic leaves over is no case.
    return Gap(lacking / whole, way * float(target - 100 * right.sum() / whole), np.ceil(lacking / 100 - 1e-9))


@dataclass(frozen=True)
class Change:
    """Per unit, points: the change of the province's rate that its own rate made, and that its volume made.

    `total` is the change of the province's rate; all effects of all units add up to it.
    """

    rate_effect: Floats
    volume_effect: Floats
    total: float

    @property
    def contribution(self) -> Floats:
        """Both effects of each unit together, points."""
        return self.rate_effect + self.volume_effect


@dataclass(frozen=True)
class Snapshot:
    """A pool's members at one moment: counts and weights per unit; a weight of 0 leaves a unit out."""

    numerator: Floats
    denominator: Floats
    weight: Floats


def change_contributions(before: Snapshot, after: Snapshot) -> Change:
    """How the province's rate moved, split by unit into rate effect and volume effect, in points; adds up exactly.

    Rate effect: mean share of the province's cases × change of the unit's rate. Volume effect: change of that share ×
    how far the unit's mean rate lies from the province's mean rate. A unit that joins or leaves the pool, or had no
    cases at one of the moments, has only a volume effect. All NaN where one of the moments has no cases.
    Source: symmetric (Bennet) decomposition; definitions.md, "Findings".
    """
    right_0, cases_0 = _weighed(before.numerator, before.weight), _weighed(before.denominator, before.weight)
    right_1, cases_1 = _weighed(after.numerator, after.weight), _weighed(after.denominator, after.weight)
    if not (cases_0.sum() > 0 and cases_1.sum() > 0):
        unknown = np.full(len(cases_0), np.nan)
        return Change(unknown, unknown, float("nan"))
    share_0, share_1 = cases_0 / cases_0.sum(), cases_1 / cases_1.sum()
    rate_0, rate_1 = _rate(right_0, cases_0), _rate(right_1, cases_1)
    rate_0, rate_1 = np.where(cases_0 > 0, rate_0, rate_1), np.where(cases_1 > 0, rate_1, rate_0)
    whole_0, whole_1 = 100 * right_0.sum() / cases_0.sum(), 100 * right_1.sum() / cases_1.sum()
    rate_effect = (share_0 + share_1) / 2 * (rate_1 - rate_0)
    volume_effect = (share_1 - share_0) * ((rate_0 + rate_1) / 2 - (whole_0 + whole_1) / 2)
    return Change(rate_effect, volume_effect, float(whole_1 - whole_0))


def _weighed(counts: Floats, weight: Floats) -> Floats:
    return np.where((weight > 0) & ~np.isnan(counts), counts * weight, 0.0)


def _rate(right: Floats, cases: Floats) -> Floats:
    return 100 * right / np.where(cases > 0, cases, 1.0)


def sums_by_group(contribution: Floats, group: Whole, *, groups: int) -> Floats:
    """Contributions of units added up by group or level: points per group; unknown ones (NaN) count nothing.

    `group`: the number of each unit's group, −1 for none. Groups that cover all members add up to the same total.
    """
    inside = group >= 0
    sums = np.bincount(group[inside], np.nan_to_num(contribution[inside]), minlength=groups)
    return sums.astype(np.float64)


@dataclass(frozen=True)
class Largest:
    """The fewest units that make most of the gap: positions, the largest first, and the part they make (0 to 1)."""

    units: Whole
    share: float


def largest_contributors(contribution: Floats, *, most: float = MOST) -> Largest:
    """The fewest units that together make at least 80 % of what is missing.

    What is missing is the sum of the positive contributions, without what units above the target make up for; so the
    parts of all units behind add up to 1. Among equals the first in the list. No unit where nothing is missing.
    Source: definitions.md, "Findings".
    """
    behind = np.where(contribution > 0, contribution, 0.0)
    order = np.argsort(-behind, kind="stable")
    cumulated = np.cumsum(behind[order])
    total = cumulated[-1] if len(cumulated) else 0.0
    if not total > 0:
        return Largest(np.zeros(0, dtype=np.int64), 0.0)
    count = int((cumulated < (most - 1e-12) * total).sum()) + 1
    return Largest(order[:count].astype(np.int64), float(cumulated[count - 1] / total))
