"""Whom "what if" asks about, and how far it looks: a drawn table, and what must hold for any units."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.progress import STANDING_CODE
from targets.scenes import slowest, until_the_province
from targets.values import STANDINGS
from targets.what_if import as_it_is, if_pace_holds
from tests.targets.test_what_if import NAMES, scene

NAN = math.nan

# Who is among the two slowest, of those with 100 cases at least.
SLOWEST = """
    ahead | cases | standing     | among | chosen
    -30   | 400   | unlikely     | yes   | yes
    -40   | 99    | unlikely     | yes   | no
    -50   | 500   | unlikely     | no    | no
    -60   | 500   | stale        | yes   | no
    -70   | 500   | met          | yes   | no
    -20   | 100   | missed       | yes   | yes
    -10   | 500   | at_risk      | yes   | no
    5     | 500   | likely       | yes   | no
    -     | 500   | high_risk    | yes   | no
    -80   | -     | unlikely     | yes   | no
"""


def number(cell):
    return NAN if cell == "-" else float(cell)


def progress_with(ahead, standing):
    return replace(as_it_is(scene()).progress, ahead=ahead, standing=standing)


def test_slowest_units_are_those_that_the_table_says():
    rows = [[cell.strip() for cell in line.split("|")] for line in SLOWEST.strip().splitlines()[1:]]
    ahead, cases = (np.array([number(row[at]) for row in rows]) for at in (0, 1))
    standing = np.array([STANDING_CODE[row[2]] for row in rows])

    found = slowest(
        progress_with(ahead, standing),
        cases,
        most=2,
        least_cases=100,
        among=np.array([row[3] == "yes" for row in rows]),
    )

    assert found.tolist() == [row[4] == "yes" for row in rows]


AHEAD = st.one_of(st.just(NAN), st.integers(-9, 9).map(float))
CASES = st.one_of(st.just(NAN), st.integers(0, 9).map(float))


@given(
    st.lists(st.tuples(AHEAD, CASES, st.sampled_from(STANDINGS), st.booleans()), min_size=1, max_size=12),
    st.integers(0, 6),
    st.integers(0, 9),
)
def test_slowest_units_are_those_of_a_plain_loop_when_units_are_random(units, most, least_cases):
    ahead, cases = (np.array([unit[at] for unit in units]) for at in (0, 1))
    standing = np.array([STANDING_CODE[unit[2]] for unit in units])
    among = np.array([unit[3] for unit in units])

    found = slowest(progress_with(ahead, standing), cases, most=most, least_cases=least_cases, among=among)

    judged = ("missed", "likely", "at_risk", "high_risk", "unlikely")
    eligible = [
        (behind, at)
        for at, (behind, size, word, is_asked) in enumerate(units)
        if is_asked and size >= least_cases and word in judged and behind < 0
    ]
    assert set(np.flatnonzero(found).tolist()) == {at for _, at in sorted(eligible)[:most]}


# --- how far a scene looks ------------------------------------------------------------------------------------------


def with_days(days, *, expected=100.0):
    """The scene with other working days left for each unit, the province first."""
    outlook = replace(scene().outlook, days_left=np.array(days, dtype=float), expected=np.full(len(NAMES), expected))
    return replace(scene(), outlook=outlook)


def test_unit_with_a_later_due_date_is_looked_at_on_the_province_s():
    looked = until_the_province(with_days([10, 10, 40, 5, NAN, 10, 10]))

    assert looked.outlook.days_left[:4].tolist() == [10, 10, 10, 5]
    assert looked.outlook.expected[:4].tolist() == [100, 100, 25, 100]
    assert math.isnan(looked.outlook.days_left[4])
    assert looked.outlook.expected[4] == 100


@pytest.mark.parametrize("days", [[NAN, 10, 40, 5, NAN, 10, 10], [10, 10, 0, -3, 10, 10, 10]], ids=["open", "over"])
def test_scene_stays_as_it_is_where_nobody_looks_further_than_the_province(days):
    before = with_days(days)

    after = until_the_province(before)

    assert np.array_equal(after.outlook.days_left, before.outlook.days_left, equal_nan=True)
    assert np.array_equal(after.outlook.expected, before.outlook.expected)


def test_province_is_told_for_one_day_when_a_unit_s_own_plan_ends_later():
    """The department's plan ends 30 working days later: what it gains by then is no part of the province's figure."""
    own_plan = with_days([10, 10, 10, 10, 40, 10, 10])
    pace = np.full(len(NAMES), 1.0)

    mixed, shared = (if_pace_holds(told, pace).rate for told in (own_plan, until_the_province(own_plan)))

    assert shared == pytest.approx(52)
    assert mixed > shared
