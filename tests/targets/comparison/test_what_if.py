"""What if: a small province by hand, and what must hold for any."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.comparison.contribution import Members
from targets.comparison.what_if import (
    NOBODY,
    Scenario,
    as_it_is,
    counted_in,
    if_on_trajectory,
    if_pace_holds,
    targets_with_uplift,
)
from targets.projection.outlook import Projection
from targets.rules import RuleCase, propose
from targets.standing.history import LOOKS
from targets.standing.progress import BY_GAP, DILUTED, Cases
from targets.values import STANDINGS, Rule
from tests.targets.campaigns import outlook_of
from tests.targets.projection.test_projection import steady
from tests.targets.standing.test_progress import THRESHOLDS

NAN = math.nan

# A province; a district that tells for both of its communes; a department; one with a percent alone; a silent one.
UNITS = """
    unit       | n   | d    | percent | counted in | cases a day
    province   | 500 | 1000 | —       | nobody     | 25
    district   | 400 | 800  | —       | district   | 20
    commune a  | 100 | 300  | —       | district   | 7.5
    commune b  | 50  | 300  | —       | district   | 7.5
    department | 100 | 200  | —       | department | 5
    percents   | —   | —    | 30      | nobody     | —
    silent     | —   | —    | —       | nobody     | —
    """
NAMES = [line.split("|")[0].strip() for line in UNITS.strip().splitlines()[1:]]


def number(cell: str) -> float:
    return NAN if cell.strip() == "—" else float(cell)


def scenario(*, trajectory: float = 55.0, target: float = 60.0, days_left: float = 10.0) -> Scenario:
    rows = [[cell.strip() for cell in line.split("|")] for line in UNITS.strip().splitlines()[1:]]
    numerator, denominator, reported, daily = (np.array([number(row[at]) for row in rows]) for at in (1, 2, 3, 5))
    count = len(rows)
    blank, no = np.full(count, NAN), np.zeros(count, dtype=bool)
    cases = Cases(
        numerator=numerator,
        denominator=denominator,
        reported=reported,
        qualifier=np.zeros(count, dtype=np.int64),
        high=blank,
        has_reading=~np.isnan(np.fmax(numerator, reported)),
        is_stale=no,
        is_thin=no,
        week_numerator=blank,
        week_denominator=blank,
        before=blank,
        daily_cases=daily,
        days_left=np.full(count, days_left),
        is_over=no,
        starts_anew=no,
        target=np.full(count, target),
        trajectory=np.full(count, trajectory),
        ceiling=np.full(count, 100.0),
        is_arriving=~no,
        shortfall=np.full(count, DILUTED),
        chance=blank,
        trust=blank,
    )
    series = [
        steady(
            0.5,
            numerator=tuple(right * (40 - look) / 40 for look in LOOKS),
            denominator=tuple(cases_so_far * (40 - look) / 40 for look in LOOKS),
            target=target,
            days_left=days_left,
            expected=days_left * a_day,
        )
        for right, cases_so_far, a_day in zip(numerator, denominator, daily, strict=True)
    ]
    otherwise = Projection(
        *(np.where(np.array(NAMES) == "percents", value, NAN) for value in (31.0, 28.0, 34.0, NAN, NAN))
    )
    position = {name: at for at, name in enumerate(NAMES)} | {"nobody": NOBODY}
    return Scenario(
        cases=cases,
        outlook=outlook_of(series),
        otherwise=otherwise,
        counted_in=np.array([position[row[4]] for row in rows]),
        province=0,
        thresholds=THRESHOLDS,
    )


def chosen(*names: str) -> np.ndarray:
    return np.array([name in names for name in NAMES])


def counts(standings: np.ndarray) -> dict[str, int]:
    return {word: int(count) for word, count in zip(STANDINGS, standings, strict=True) if count}


# --- as it is -------------------------------------------------------------------------------------------------------


def test_scene_itself_says_what_every_page_says():
    answer = as_it_is(scenario(days_left=2.0))

    assert answer.rate == 50
    assert answer.standings.sum() == len(NAMES) - 1
    assert counts(answer.standings)["insufficient"] == 1
    assert answer.probability == answer.projection.probability[0] < 0.2
    assert answer.progress.by[NAMES.index("percents")] == BY_GAP


# --- on the trajectory ----------------------------------------------------------------------------------------------

# Who reaches a trajectory of 55 %, and how many right cases each then has.
REACHED = """
    who                          | province | district | commune a | commune b | department
    nobody                       | 500      | 400      | 100       | 50        | 100
    department                   | 510      | 400      | 100       | 50        | 110
    district                     | 540      | 440      | 100       | 50        | 100
    commune a                    | 565      | 465      | 165       | 50        | 100
    commune a, commune b         | 680      | 580      | 165       | 165       | 100
    district, commune a          | 565      | 465      | 165       | 50        | 100
    province                     | 500      | 400      | 100       | 50        | 100
    silent, percents             | 500      | 400      | 100       | 50        | 100
    """


@pytest.mark.parametrize("line", REACHED.strip().splitlines()[1:], ids=lambda line: line.split("|")[0].strip())
def test_cases_rise_as_the_table_says_when_units_reach_their_trajectory(line):
    who, *expected = (cell.strip() for cell in line.split("|"))

    answer = if_on_trajectory(scenario(), chosen(*who.split(", ")))

    right = answer.progress.value[:5] / 100 * scenario().cases.denominator[:5]
    assert right == pytest.approx([float(cell) for cell in expected])
    assert answer.rate == pytest.approx(float(expected[0]) / 10)


def test_unit_ahead_of_its_trajectory_keeps_what_it_has():
    answer = if_on_trajectory(scenario(trajectory=40.0), np.ones(len(NAMES), dtype=bool))

    assert answer.progress.value[NAMES.index("department")] == 50
    assert answer.progress.value[NAMES.index("commune b")] == 40


def test_nothing_moves_when_there_is_no_trajectory():
    answer = if_on_trajectory(scenario(trajectory=NAN), np.ones(len(NAMES), dtype=bool))

    assert np.array_equal(answer.progress.value, as_it_is(scenario()).progress.value, equal_nan=True)


def test_percent_alone_rises_too_and_is_judged_by_its_gap():
    answer = if_on_trajectory(scenario(), chosen("percents"))

    at = NAMES.index("percents")
    assert answer.progress.value[at] == 55
    assert math.isnan(answer.projection.probability[at])
    assert STANDINGS[answer.progress.standing[at]] == "likely"


def test_probability_rises_and_nobody_elses_changes_when_a_unit_reaches_its_trajectory():
    near = scenario(days_left=2.0, target=55.5)
    before, after = as_it_is(near), if_on_trajectory(near, chosen("department"))

    department = NAMES.index("department")
    assert after.projection.probability[department] > before.projection.probability[department]
    assert after.projection.probability[2] == before.projection.probability[2]
    assert after.probability >= before.probability


@given(st.lists(st.booleans(), min_size=len(NAMES), max_size=len(NAMES)), st.integers(0, 100))
def test_province_never_falls_when_units_reach_their_trajectories(picked, trajectory):
    before, after = as_it_is(scenario()), if_on_trajectory(scenario(trajectory=float(trajectory)), np.array(picked))

    assert before.rate <= after.rate <= 100
    assert (np.nan_to_num(after.progress.value) >= np.nan_to_num(before.progress.value) - 1e-9).all()


# --- the pace holds -------------------------------------------------------------------------------------------------


def test_figures_stand_where_the_pace_leads_when_it_holds():
    """Two weeks at 6 points a week would make 62, but no more than 60 is attainable by volume."""
    pace = np.array([NAN, 6, 0, -30, 6, 20, NAN])

    outcome = if_pace_holds(scenario(), pace)

    assert outcome.value[1:6] == pytest.approx([60, 33.33, 0, 60, 70], abs=0.01)
    assert outcome.value[0] == pytest.approx(60)
    assert counts(outcome.standings) == {"insufficient": 1, "met": 3, "missed": 2}


def test_no_figure_rises_above_the_best_attainable_when_the_pace_holds():
    """50 of 100 and 50 more to come: 60 %, whatever the pace."""
    outcome = if_pace_holds(scenario(), np.full(len(NAMES), 50.0))

    department = NAMES.index("department")
    assert outcome.value[department] == pytest.approx(100 * (100 + 50) / 250)


def test_units_stay_what_they_are_when_there_is_no_pace():
    outcome, today = if_pace_holds(scenario(), np.full(len(NAMES), NAN)), as_it_is(scenario())

    assert np.array_equal(outcome.standings, today.standings)
    assert outcome.value[0] == pytest.approx(50)


def test_province_is_unknown_when_nobody_is_counted():
    alone = replace(scenario(), counted_in=np.full(len(NAMES), NOBODY))

    assert math.isnan(if_pace_holds(alone, np.zeros(len(NAMES))).value[0])


def with_days(days: list[float]) -> Scenario:
    """The scene with other working days left for each unit, the province first."""
    outlook = replace(scenario().outlook, days_left=np.array(days, dtype=float), expected=np.full(len(NAMES), 100.0))
    return replace(scenario(), outlook=outlook)


def test_province_is_told_on_its_own_due_date_when_a_unit_s_plan_ends_later():
    """The department's plan ends 30 working days later: what it gains by then is no part of the province's figure."""
    pace = np.full(len(NAMES), 1.0)
    department = NAMES.index("department")

    alike, later = (if_pace_holds(with_days([10, 10, 10, 10, days, 10, 10]), pace) for days in (10, 40))

    assert alike.value[0] == pytest.approx(52)
    assert later.value[department] > alike.value[department]
    # Only the cases still to come, which shrink with the days up to the province's date, weigh a little less.
    assert later.value[0] == pytest.approx(52)


@pytest.mark.parametrize("days", [[NAN, 10, 40, 5, NAN, 10, 10], [10, 10, 0, -3, 10, 10, 10]], ids=["open", "over"])
def test_every_unit_is_looked_at_on_its_own_date_when_none_lies_after_the_province_s(days):
    outcome = if_pace_holds(with_days(days), np.full(len(NAMES), 0.0))

    assert outcome.value[1:6] == pytest.approx(as_it_is(with_days(days)).progress.value[1:6])
    assert outcome.value[0] == pytest.approx(50)


# --- other targets --------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.one_of(st.none(), st.integers(0, 10_000)), st.booleans()), min_size=1, max_size=6),
    st.integers(0, 30),
    st.booleans(),
)
def test_targets_with_another_uplift_are_those_of_the_rule(units, uplift, is_interim):
    rule = Rule(kind="central_plus")
    central = [Decimal(50) if has_central else None for _, has_central in units]
    baselines = [None if start is None else Decimal(start) / 100 for start, _ in units]

    found = targets_with_uplift(
        rule,
        uplift=Decimal(uplift),
        baseline=np.array([NAN if start is None else float(start) for start in baselines]),
        central=central,
        ceiling=Decimal(100),
        is_interim=is_interim,
    )

    changed = replace(rule, uplift=Decimal(uplift))
    for value, baseline, centre in zip(found, baselines, central, strict=True):
        proposed = propose(
            RuleCase(changed, Decimal(100), baseline, centre, share=changed.share if is_interim else None)
        ).value
        assert value == pytest.approx(NAN if proposed is None else float(proposed), nan_ok=True)


# --- whose figure stands for whom -----------------------------------------------------------------------------------


def test_unit_is_in_the_figure_of_whoever_tells_for_all_below():
    """A province; a district that tells for all below it, its commune and hamlet; one that tells its own only."""
    parent = np.array([-1, 0, 1, 2, 0, 4, 4])
    depth = np.array([0, 1, 2, 3, 1, 2, 2])
    below = np.array([False, True, False, False, False, False, False])[:, None]
    own = np.array([False, False, False, False, True, True, False])[:, None]

    found = counted_in(parent=parent, depth=depth, members=Members(below, own), column=0)

    assert found.tolist() == [NOBODY, 1, 1, 1, 4, 5, NOBODY]
