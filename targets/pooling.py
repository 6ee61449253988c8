"""Sums over the tree of units, without counting anybody twice.

A district's figure with all below already contains its communes. So a unit counts with its `below` figure where there
is one, else with its `own` figure plus what its children count. Source: the provincial one-stop system's own notice.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Told:
    """What units told in one scope: arrays of units × columns (a column is an indicator on a day).

    `amounts` are pooled by adding; NaN in one counts as nothing. `has_counts`: may enter the sums;
    `is_percent_only`: has a figure, but without counts.
    """

    amounts: Mapping[str, Floats]
    has_counts: Bools
    is_percent_only: Bools


@dataclass(frozen=True)
class Pool:
    """The sums, per unit × column: what the unit and everything below it amounts to."""

    amounts: dict[str, Floats]
    counted: Whole
    """Units in the sums; one that answers for all below it counts once."""
    percent_only: Whole
    expected: Whole


def pool_tree(*, parent: Whole, depth: Whole, is_expected: Bools, below: Told, own: Told) -> Pool:
    """Add the tree up from its leaves.

    `parent`: position of each unit's parent, −1 for a root. `depth`: 0 for a root. `is_expected`: units × columns,
    whether the unit exists on that day. The root's own `below` figure is not used: a province is pooled, its reported
    figure stands beside.
    """
    is_root = (parent < 0)[:, None]
    use_below = below.has_counts & ~is_root & is_expected
    says_below = use_below | (below.is_percent_only & ~is_root & is_expected)
    use_own = own.has_counts & ~says_below & is_expected
    amounts = {
        name: np.where(use_below, np.nan_to_num(below.amounts[name]), 0)
        + np.where(use_own, np.nan_to_num(own.amounts[name]), 0)
        for name in below.amounts
    }
    counted = (use_below | use_own).astype(np.int64)
    percent_only = (is_expected & ~use_below & ~use_own & (says_below | own.is_percent_only)).astype(np.int64)
    # A root does not answer for itself; everybody else is asked once; who answers for all below ends the asking.
    expected = (is_expected & ~is_root).astype(np.int64)
    for level in range(int(depth.max(initial=0)), 0, -1):
        children = np.flatnonzero(depth == level)
        parents = parent[children]
        asks_on = (~says_below[parents]).astype(np.int64)
        for total in amounts.values():
            np.add.at(total, parents, total[children] * asks_on)
        np.add.at(counted, parents, counted[children] * asks_on)
        np.add.at(percent_only, parents, percent_only[children] * asks_on)
        np.add.at(expected, parents, expected[children] * asks_on)
    return Pool(amounts, counted, percent_only, expected)
