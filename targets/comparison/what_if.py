"""What if: the province, the standings and the probabilities with other figures or targets. Nothing is stored.

A scenario is one indicator on one day; one element per unit, the province among them. Percents in points.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from targets.comparison.contribution import Members
from targets.findings import NOT_ARRIVED
from targets.projection.outlook import Outlook, Projection
from targets.projection.projection import project
from targets.rules import RuleCase, propose
from targets.standing.history import WEEK
from targets.standing.progress import STANDING_CODE, Cases, Progress, assess, rate
from targets.values import STANDINGS, Rule, Thresholds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_OPEN = tuple(STANDING_CODE[word] for word in NOT_ARRIVED)


def slowest(progress: Progress, cases: Floats, *, most: int, least_cases: int, among: Bools) -> Bools:
    """The units that lie furthest behind their trajectories, at most so many: "mười đơn vị chậm nhất".

    In points, so only units with at least `least_cases` cases are looked at: one case moves others too far. Left out
    are units that have met the target, are not judged, or are on their trajectory. Among equals the first in the list.
    Source: definitions.md, "Findings" and "What if".
    """
    counts = among & (cases >= least_cases) & np.isin(progress.standing, _OPEN) & (progress.ahead < 0)
    behind = np.where(counts, progress.ahead, np.inf)
    chosen = np.zeros(len(counts), dtype=bool)
    chosen[np.argsort(behind, kind="stable")[:most]] = True
    return chosen & counts


Whole = npt.NDArray[np.int64]
NOBODY = -1


@dataclass(frozen=True)
class Scenario:
    """One indicator on one day, as standing and projection take it; one element per unit.

    counted_in   the position of the unit whose figure stands for this one in the province's sums: its own, that of the
                 district that reports for it, NOBODY where none does (see `counted_in`)
    province     the position of the province
    otherwise    what is projected without counts (`targets.projection.resampling`), used where `project` knows nothing
    """

    cases: Cases
    outlook: Outlook
    otherwise: Projection
    counted_in: Whole
    province: int
    thresholds: Thresholds


@dataclass(frozen=True)
class Answer:
    """What a scenario comes to: the province's rate in points, units by standing (as STANDINGS; the province is none of
    them), P(the province reaches its target), and every unit's numbers."""

    rate: float
    standings: Whole
    probability: float
    progress: Progress
    projection: Projection


def counted_in(*, parent: Whole, depth: Whole, members: Members, column: int) -> Whole:
    """Whose figure stands for each unit in the province's sums of one column: its position, or NOBODY.

    A member stands for itself; a unit below a district that reports for all below it is in that district's figure.
    """
    result = np.where(members.own[:, column] | members.below[:, column], np.arange(len(parent)), NOBODY)
    speaks_for_all = members.below[:, column]
    for level in range(1, int(depth.max(initial=0)) + 1):
        children = np.flatnonzero((depth == level) & (result == NOBODY))
        above = result[parent[children]]
        result[children] = np.where((above != NOBODY) & speaks_for_all[above], above, NOBODY)
    return result


def as_it_is(scenario: Scenario) -> Answer:
    """The scenario itself: rates in points, standings and probabilities as every page shows them."""
    projection = project(scenario.outlook).or_else(scenario.otherwise)
    progress = assess(replace(scenario.cases, chance=projection.chance, trust=projection.trust), scenario.thresholds)
    return Answer(
        rate=float(progress.value[scenario.province]),
        standings=_counted(progress.standing, scenario.province),
        probability=float(projection.probability[scenario.province]),
        progress=progress,
        projection=projection,
    )


def _counted(standing: Whole, province: int) -> Whole:
    return np.bincount(np.delete(standing, province), minlength=len(STANDINGS)).astype(np.int64)


def if_on_trajectory(scenario: Scenario, chosen: Bools) -> Answer:
    """If the chosen units stood on their trajectories today, those behind it only.

    Their numerators rise by the whole cases that lack (their percents, without counts), and the figures that
    contain them with them: a unit's by the sum of those below it or by its own lack, whichever is more, the whole's by
    its members'. What is still to come is expected as before. A unit without a trajectory stays as it is; a raised
    percent has no probability. Source: definitions.md, "What if".
    """
    cases = scenario.cases
    with np.errstate(invalid="ignore", divide="ignore"):
        value = rate(cases.numerator, cases.denominator, cases.reported)
        is_behind = chosen & (value < cases.trajectory)
        owed = np.minimum(np.ceil(cases.trajectory / 100 * cases.denominator - 1e-9), cases.denominator)
        has_counts = ~np.isnan(cases.numerator) & (cases.denominator > 0)
        own = np.where(is_behind & has_counts, np.maximum(owed - cases.numerator, 0), 0.0)
    own[scenario.province] = 0.0
    units = np.arange(len(own))
    is_within = (scenario.counted_in != NOBODY) & (scenario.counted_in != units)
    of_those_within = np.bincount(scenario.counted_in[is_within], own[is_within], minlength=len(own))
    gain = np.maximum(own, np.minimum(of_those_within, np.nan_to_num(cases.denominator - cases.numerator)))
    gain[scenario.province] = gain[scenario.counted_in == units].sum()
    is_percent = is_behind & ~has_counts
    reported = np.where(is_percent, cases.trajectory, cases.reported)
    history = scenario.outlook.history
    raised = replace(
        scenario,
        cases=replace(cases, numerator=cases.numerator + gain, reported=reported),
        # Every look is raised alike: what came between them, and so what is expected, stays the same.
        outlook=replace(scenario.outlook, history=replace(history, numerator=history.numerator + gain[:, None])),
        otherwise=Projection(*(np.where(is_percent, np.nan, column) for column in vars(scenario.otherwise).values())),
    )
    return as_it_is(raised)


@dataclass(frozen=True)
class Outcome:
    """Where a pace leads by the due dates: each unit's rate on its own and the province's on its own, in points; and
    units by standing: met or missed where a rate and a target are known, else as today."""

    value: Floats
    standings: Whole


def if_pace_holds(scenario: Scenario, pace: Floats) -> Outcome:
    """If every unit went on at its pace (points per week of five working days) until its due date.

    value + pace · working days left / 5, never outside 0 and the ceiling, nor above the best attainable by volume.
    The province's rate is its members' rates weighed by the cases they will have, all on the province's due date: one
    with a later date of its own is looked at on the way. Units without a pace, a figure or a due date stay what they
    are today. Source: definitions.md, "What if".
    """
    progress = as_it_is(scenario).progress
    moved = progress.value + pace * np.maximum(scenario.outlook.days_left, 0) / WEEK
    value = _at_pace(scenario, progress, moved)
    shared = _until_the_province(scenario)
    then = _at_pace(shared, progress, progress.value + pace * np.maximum(shared.outlook.days_left, 0) / WEEK)
    is_member = (scenario.counted_in == np.arange(len(value))) & ~np.isnan(then)
    expected = np.nan_to_num(shared.outlook.expected)
    weight = np.where(is_member, np.nan_to_num(scenario.cases.denominator) + expected, 0.0)
    whole = weight.sum()
    value[scenario.province] = float((weight * np.nan_to_num(then)).sum() / whole) if whole > 0 else np.nan
    is_open = progress.standing >= STANDING_CODE["met"]
    arrives = np.where(value >= scenario.cases.target - 1e-9, STANDING_CODE["met"], STANDING_CODE["missed"])
    standing = np.where(is_open & ~np.isnan(moved), arrives, progress.standing).astype(np.int64)
    return Outcome(value, _counted(standing, scenario.province))


def _at_pace(scenario: Scenario, progress: Progress, moved: Floats) -> Floats:
    """Where a pace leads, within what is possible; today's rate where there is none. An array of its own."""
    best = np.fmin(scenario.cases.ceiling, progress.attainable)
    return np.where(np.isnan(moved), progress.value, np.clip(moved, 0, np.maximum(best, progress.value)))


def _until_the_province(scenario: Scenario) -> Scenario:
    """The scenario as far as the province's due date: a unit with a later one of its own is looked at on that day.

    Its cases still to come shrink with its working days. Where the province has no due date nothing changes.
    """
    left = scenario.outlook.days_left
    until = np.minimum(left, np.nan_to_num(left[scenario.province], nan=np.inf))
    part = np.where(left > until, until / np.where(left > until, left, 1.0), 1.0)
    expected = np.round(scenario.outlook.expected * part)
    return replace(scenario, outlook=replace(scenario.outlook, days_left=until, expected=expected))


def targets_with_uplift(
    rule: Rule,
    *,
    uplift: Decimal,
    baseline: Floats,
    central: Sequence[Decimal | None],
    ceiling: Decimal,
    is_interim: bool,
) -> Floats:
    """The targets that the indicator's rule would propose with another uplift, points; NaN where it proposes none.

    One element per unit: `baseline` (points, NaN unknown) and the central target of its level.
    Source: article 002, by `targets.rules`; definitions.md, "What if".
    """
    changed = replace(rule, uplift=uplift)
    proposed = (
        propose(
            RuleCase(
                rule=changed,
                best=ceiling,
                baseline=None if np.isnan(start) else Decimal(str(round(float(start), 6))),
                central=centre,
                share=rule.share if is_interim else None,
            )
        ).value
        for start, centre in zip(baseline, central, strict=True)
    )
    return np.array([np.nan if value is None else float(value) for value in proposed], dtype=np.float64)
