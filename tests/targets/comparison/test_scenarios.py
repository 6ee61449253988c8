"""Whom "what if" asks about: a drawn table, and what must hold for any units."""

import math
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from targets.comparison.what_if import as_it_is, slowest
from targets.standing.progress import STANDING_CODE
from targets.values import STANDINGS
from tests.targets.comparison.test_what_if import scenario

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
    return replace(as_it_is(scenario()).progress, ahead=ahead, standing=standing)


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

    judged = ("missed", "out_of_reach", "likely", "at_risk", "high_risk", "unlikely")
    eligible = [
        (behind, at)
        for at, (behind, size, word, is_asked) in enumerate(units)
        if is_asked and size >= least_cases and word in judged and behind < 0
    ]
    assert set(np.flatnonzero(found).tolist()) == {at for _, at in sorted(eligible)[:most]}
