"""Sums of a day: the tree pooled without counting anybody twice, and each level by itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from models.results.current_readings import CurrentReadings
from models.results.inputs import Units
from targets.comparison.contribution import Members, pool_members
from targets.standing.amounts import COUNT, as_summands, is_amount
from targets.standing.pooling import Amounts, Pool, is_thin, pool_tree
from targets.values import Campaign

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]
AMOUNTS = ("numerator", "denominator", "week_numerator", "week_denominator", "daily_cases")


@dataclass(frozen=True)
class Pooled:
    """The tree added up: the sums, which figures are in the root's, and whether they are carried over."""

    pool: Pool
    members: Members
    is_carried: Bools
    """Per indicator: nothing is fresh, the sums are of the last known figures."""
    usual: Floats
    """Units × indicators: the cases of the last known figures of the same period, out of date or not."""
    is_pooled: Bools
    """Units × indicators: whose figure is the sum; a root's always."""
    as_of: Floats
    """The newest day that a unit in each sum describes."""

    def coverage(self) -> Floats:
        """The share of the units expected that are in the sums; 0 where nothing is fresh."""
        return np.where(self.is_carried, 0.0, self.pool.counted / np.maximum(self.pool.expected, 1))

    def is_thin(self, least: Decimal) -> Bools:
        """Whether the sums rest on too few units or cases; where nothing is fresh they are out of date instead."""
        pool = self.pool
        cases = pool.amounts["denominator"]
        thin = is_thin(counted=pool.counted, expected=pool.expected, cases=cases, usual=self.usual, least=least)
        return ~self.is_carried & thin


def summed(current: dict[str, CurrentReadings], kind: Whole) -> dict[str, CurrentReadings]:
    """The same figures as they enter sums: each of a count or of days as a numerator and a denominator."""
    if not is_amount(kind).any():
        return current
    found = {}
    for scope, of_scope in current.items():
        numerator, denominator = as_summands(of_scope.numerator, of_scope.denominator, of_scope.reported, kind)
        # What a week added is known of counts; of days only what they are on average.
        added = np.where(kind == COUNT, of_scope.reported - of_scope.before, of_scope.week_numerator)
        found[scope] = replace(of_scope, numerator=numerator, denominator=denominator, week_numerator=added)
    return found


def pool_units(units: Units, current: dict[str, CurrentReadings], is_expected: Bools) -> Pooled:
    """Sums over the tree from fresh figures of the newest period; where nothing is fresh, from the last known ones.

    `current`: as `summed` gives them. Beside the root every unit is pooled that should tell of all below it, has told
    nothing of the kind, and whose level may be (`pooled` in campaign.toml).
    """
    is_root = units.parent < 0
    # A root is asked for nothing but what units left to it that ended.
    left = is_root[:, None] & current["own"].is_left
    is_asked = {"below": is_expected & ~is_root[:, None], "own": is_expected & (~is_root[:, None] | left)}
    fresh_any = np.logical_or.reduce(
        [(of_scope.is_fresh & is_expected)[~is_root].any(axis=0) for of_scope in current.values()]
    )
    is_carried = ~fresh_any
    newest = np.full(is_expected.shape[1], -np.inf)
    usable: dict[str, Bools] = {}
    for scope, of_scope in current.items():
        usable[scope] = np.where(is_carried, of_scope.row >= 0, of_scope.is_fresh) & is_asked[scope]
        start = np.where(usable[scope], of_scope.period_start, -np.inf)
        newest = np.maximum(newest, start.max(axis=0, initial=-np.inf))
    used = {scope: usable[scope] & (of_scope.period_start == newest) for scope, of_scope in current.items()}
    known = {
        scope: (of_scope.row >= 0) & is_asked[scope] & (of_scope.period_start == newest)
        for scope, of_scope in current.items()
    }
    tree: dict[str, Any] = {"parent": units.parent, "depth": units.depth, "is_expected": is_expected, "left": left}
    ready: dict[str, Any] = {scope: _tree_amounts(current[scope], used[scope], AMOUNTS) for scope in current}
    pool = pool_tree(**tree, **ready)
    usual = pool.amounts["denominator"]
    if any((known[scope] != used[scope]).any() for scope in current):
        ready_once: dict[str, Any] = {
            scope: _tree_amounts(current[scope], known[scope], ("denominator",)) for scope in current
        }
        usual = pool_tree(**tree, **ready_once).amounts["denominator"]
    members = pool_members(**tree, **ready)
    is_silent = (current["below"].row < 0) & (pool.counted > 0)
    is_pooled = units.may_be_pooled[:, None] & (is_root[:, None] | is_silent)
    return Pooled(pool, members, is_carried, usual, is_pooled, _newest_below(units, current, is_pooled))


def _newest_below(units: Units, current: dict[str, CurrentReadings], is_pooled: Bools) -> Floats:
    """The newest day that a unit below each one describes; the root's own figure is not looked at."""
    is_root = (units.parent < 0)[:, None]
    told = [np.where((of_scope.row >= 0) & ~is_root, of_scope.as_of, np.nan) for of_scope in current.values()]
    newest = np.fmax(*told)
    for depth in range(int(units.depth.max(initial=0)), 0, -1):
        children = np.flatnonzero(units.depth == depth)
        np.fmax.at(newest, units.parent[children], newest[children])
    return np.where(is_pooled, newest, np.nan)


def _tree_amounts(of_scope: CurrentReadings, is_used: Bools, amounts: Sequence[str]) -> Amounts:
    has_counts = is_used & of_scope.has_counts
    return Amounts(
        amounts={name: getattr(of_scope, name) for name in amounts},
        has_counts=has_counts,
        is_percent_only=is_used & ~has_counts & of_scope.has_rate,
    )


def sums_of_groups(
    campaign: Campaign, units: Units, current: dict[str, CurrentReadings], pool: Pool, is_expected: Bools
) -> dict[str, dict[str, Floats]]:
    """The sums of the province and of each level that is listed as a group."""
    pools: dict[str, dict[str, Floats]] = {}
    for root in np.flatnonzero(units.parent < 0):
        has_pool = pool.counted[root] > 0
        pools["province"] = {
            "numerator": np.where(has_pool, pool.amounts["numerator"][root], np.nan),
            "denominator": np.where(has_pool, pool.amounts["denominator"][root], np.nan),
            "counted": pool.counted[root].astype(np.float64),
            "percent_only": pool.percent_only[root].astype(np.float64),
            "expected": pool.expected[root].astype(np.float64),
        }
    levels = np.array(units.levels)
    for level in campaign.levels:
        if level.group is None:
            continue
        of_scope = current[level.default_scope]
        members = is_expected & (levels == level.key)[:, None]
        has_counts = of_scope.has_counts
        is_fresh = members & of_scope.is_fresh
        newest = np.where(is_fresh, of_scope.period_start, -np.inf).max(axis=0, initial=-np.inf)
        is_used = is_fresh & (of_scope.period_start == newest)
        counted = is_used & has_counts
        percent_only = is_used & ~has_counts & of_scope.has_rate
        has_any = counted.any(axis=0)
        pools[f"level:{level.key}"] = {
            "numerator": np.where(has_any, np.where(counted, of_scope.numerator, 0).sum(axis=0), np.nan),
            "denominator": np.where(has_any, np.where(counted, of_scope.denominator, 0).sum(axis=0), np.nan),
            "counted": counted.sum(axis=0).astype(np.float64),
            "percent_only": percent_only.sum(axis=0).astype(np.float64),
            "expected": members.sum(axis=0).astype(np.float64),
        }
    return pools
