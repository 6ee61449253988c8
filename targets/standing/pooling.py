"""Sums over the tree of units, without counting anybody twice.

A district's figure with all below already contains its communes. So a unit counts with its `below` figure where there
is one, else with its `own` figure plus what its children count. Source: the provincial one-stop system's own notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Amounts:
    """What units reported in one scope: arrays of units × columns (a column is an indicator on a day).

    `amounts` are pooled by adding those that are known; NaN in one means unknown. `has_counts`: may enter the sums;
    `is_percent_only`: has a figure, but without counts.
    """

    amounts: Mapping[str, Floats]
    has_counts: Bools
    is_percent_only: Bools


@dataclass(frozen=True)
class Pool:
    """The sums, per unit × column: what the unit and everything below it amounts to; NaN where unknown."""

    amounts: dict[str, Floats]
    counted: Whole
    """Units in the sums; one that reports for all below it counts once."""
    percent_only: Whole
    expected: Whole


@dataclass(frozen=True)
class Used:
    """Which figures of units enter the sum above them."""

    is_asked: Bools
    says_below: Bools
    """It has told something for all below it, who are not asked any more."""
    below: Bools
    own: Bools


def used(*, parent: Whole, is_expected: Bools, below: Amounts, own: Amounts, left: Bools | None) -> Used:
    """The figure of a unit that counts: that for all below it, else its own; by the arguments of `pool_tree`.

    A root's own figure is not used; every other unit is asked once; one that reports for all below ends the asking.
    """
    is_asked = is_expected & (parent >= 0)[:, None]
    says_below = is_asked & (below.has_counts | below.is_percent_only)
    use_own = is_asked & ~says_below & own.has_counts
    if left is not None:
        use_own = use_own | (left & own.has_counts)
    return Used(is_asked, says_below, is_asked & below.has_counts, use_own)


def pool_tree(
    *, parent: Whole, depth: Whole, is_expected: Bools, below: Amounts, own: Amounts, left: Bools | None = None
) -> Pool:
    """Add the tree up from its leaves.

    `parent`: position of each unit's parent, −1 for a root. `depth`: 0 for a root. `is_expected`: units × columns,
    whether the unit exists on that day. The root's own figures are not used: a province is pooled, its reported
    figure stands beside. `left`: where the own figure of a root is what units had done that ended without a successor;
    that is in the sums, and counts as no unit.
    """
    use = used(parent=parent, is_expected=is_expected, below=below, own=own, left=left)
    is_asked, use_below, says_below, use_own = use.is_asked, use.below, use.says_below, use.own
    # What ended without a successor is in the sums, and counts as no unit.
    counted = (use_below | (use_own & is_asked & ~says_below)).astype(np.int64)
    amounts, known = {}, {}
    for name in below.amounts:
        reported = np.where(use_below, below.amounts[name], np.where(use_own, own.amounts[name], np.nan))
        amounts[name], known[name] = np.nan_to_num(reported), (~np.isnan(reported)).astype(np.int64)
    percent_only = (is_asked & ~use_below & ~use_own & (says_below | own.is_percent_only)).astype(np.int64)
    expected = is_asked.astype(np.int64)
    for level in range(int(depth.max(initial=0)), 0, -1):
        children = np.flatnonzero(depth == level)
        parents = parent[children]
        asks_on = (~says_below[parents]).astype(np.int64)
        for total in (*amounts.values(), *known.values(), counted, percent_only, expected):
            np.add.at(total, parents, total[children] * asks_on)
    sums = {name: np.where(known[name] > 0, total, np.nan) for name, total in amounts.items()}
    return Pool(sums, counted, percent_only, expected)


def is_thin(
    *, counted: Floats | Whole, expected: Floats | Whole, cases: Floats, usual: Floats, least: Decimal
) -> Bools:
    """Whether a sum rests on less than `least` percent of the units it is of, or of their usual cases.

    `usual`: the cases of the last known figures, out of date or not; NaN where unknown. What is thin is shown and
    says nothing of the whole.
    """
    share = float(least)
    result: Bools = (100 * np.asarray(counted) < share * np.asarray(expected)) | (100 * cases < share * usual)
    return result
