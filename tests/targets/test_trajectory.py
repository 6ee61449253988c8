"""The path a unit should be on: drawn examples, and every case against a plain calculation."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.trajectory import trajectory

# Day 0 is the day before the campaign, where baselines stand. “start” and the milestones are written “value on day”.
PATHS = """
start      | first milestone | second milestone | day | owed  | because
40.3 on 0  | 50 on 50        | 60 on 100        | 0   | 40.3  | the baseline stands on the day before the start
40.3 on 0  | 50 on 50        | 60 on 100        | 25  | 45.15 | half way to the first milestone
40.3 on 0  | 50 on 50        | 60 on 100        | 50  | 50    | the first milestone itself
40.3 on 0  | 50 on 50        | 60 on 100        | 51  | 50.2  | a fiftieth of the way to the second
40.3 on 0  | 50 on 50        | 60 on 100        | 100 | 60    | the second milestone itself
40.3 on 0  | 50 on 50        | 60 on 100        | 170 | 60    | flat afterwards
67.37 on 0 | 72.37 on 41     | 77.37 on 101     | 41  | 72.37 | Sở GT-VT's own dates
67.37 on 0 | 72.37 on 41     | 77.37 on 101     | 71  | 74.87 | half way between them
100 on 0   | 100 on 50       | 100 on 100       | 30  | 100   | a flat path
80 on 0    | 50 on 50        | 50 on 100        | 25  | 65    | a path that goes down
40 on 0    | —               | 60 on 100        | 50  | 50    | a phase without a target is left out
40 on 0    | 50 on 50        | —                | 40  | 48    | also the last one
40 on 0    | 50 on 50        | —                | 80  | 50    | and then it is flat after the first
40 on 0    | 50 on —         | 60 on 100        | 50  | 50    | an open-ended phase has no milestone
40 on 0    | 50 on 50        | 60 on —          | 80  | 50    | the time after: what was owed stays owed
40 on 0    | —               | —                | 50  | —     | there is nothing to be on the way to
40 on 0    | ? on 50         | ? on 100         | 50  | —     | the central target is not known
40 on 0    | 50 on 50        | 60 on 100        | -1  | —     | before the path begins
—          | 50 on 50        | 60 on 100        | 25  | —     | neither a baseline nor a reading
—          | 50 on 50        | 60 on 100        | 50  | 50    | the first thing that is known
—          | 50 on 50        | 60 on 100        | 75  | 55    | and from there on
—          | 50 on 50        | 60 on 100        | 120 | 60    | to the end
20 on 10   | 50 on 50        | 60 on 100        | 9   | —     | nobody knew the first reading the day before
20 on 10   | 50 on 50        | 60 on 100        | 10  | 20    | without a baseline it starts at the first reading
20 on 10   | 50 on 50        | 60 on 100        | 30  | 35    | half way from there
20 on 60   | 50 on 50        | 60 on 100        | 55  | 51    | a reading to come changes nothing
20 on 60   | 50 on 50        | 60 on 100        | 60  | 20    | a first reading after a milestone
20 on 60   | 50 on 50        | 60 on 100        | 80  | 40    | is on the way to the next one
20 on 60   | 50 on 50        | 60 on 100        | 100 | 60    | and gets there
20 on 50   | 50 on 50        | 60 on 100        | 50  | 50    | on its day a milestone is owed whatever was read
20 on 50   | 50 on 50        | 60 on 100        | 75  | 55    | and the path goes on from it
20 on 120  | 50 on 50        | 60 on 100        | 130 | 60    | nothing is ahead any more: what was owed stays owed
"""


def drawn(table: str) -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, row, strict=True)) for row in rows]


Point = tuple[float, float]
"""Day and value; NaN where unknown."""


def point(cell: str) -> Point:
    if cell == "—":
        return math.nan, math.nan
    value, day = (math.nan if part in ("—", "?") else float(part) for part in cell.split(" on "))
    return day, value


def owed(*, day: int, start: Point, milestones: list[Point]) -> float | None:
    """`trajectory` for one case."""
    (answer,) = trajectory(
        day=np.array([float(day)]),
        start_day=np.array([start[0]]),
        start_value=np.array([start[1]]),
        milestones=[(np.array([due]), np.array([target])) for due, target in milestones],
    ).tolist()
    return None if math.isnan(answer) else answer


@pytest.mark.parametrize("row", [pytest.param(row, id=f"{row['because']} (day {row['day']})") for row in drawn(PATHS)])
def test_path_owes_what_the_table_says_when_worked_out_by_hand(row):
    milestones = [point(row["first milestone"]), point(row["second milestone"])]

    answer = owed(day=int(row["day"]), start=point(row["start"]), milestones=milestones)

    assert answer == (None if row["owed"] == "—" else pytest.approx(float(row["owed"]), abs=1e-9))


@pytest.mark.parametrize("target", [50, 60.1, 72.37, 77.37])
@pytest.mark.parametrize("baseline", [0.3, 40.3, 67.37])
def test_path_owes_the_target_to_the_digit_when_it_is_due(baseline, target):
    assert owed(day=49, start=(0, baseline), milestones=[(49, target)]) == target


def test_path_has_no_milestones_when_a_campaign_has_no_phases():
    assert owed(day=5, start=(0, 40), milestones=[]) is None


def test_cases_do_not_touch_each_other_when_worked_out_together():
    days = np.arange(0.0, 101.0)
    start = np.where(days % 2 == 0, 40.0, np.nan)

    together = trajectory(
        day=days,
        start_day=np.where(np.isnan(start), np.nan, 0.0),
        start_value=start,
        milestones=[(np.full(101, 50.0), np.full(101, 50.0)), (np.full(101, 100.0), np.full(101, 60.0))],
    )

    alone = [
        owed(day=day, start=(0, 40) if day % 2 == 0 else (math.nan, math.nan), milestones=[(50, 50), (100, 60)])
        for day in range(101)
    ]
    assert [None if math.isnan(value) else value for value in together] == alone


# --- against a plain calculation ------------------------------------------------------------------------------------


def plain(day: int, start: tuple[int, Decimal] | None, milestones: list[tuple[int | None, Decimal | None]]):
    """DECISIONS.md D23 for one case in exact fractions: draw the points, then find the line that the day lies on."""
    known = [(due, target) for due, target in milestones if due is not None and target is not None]
    if not known:
        return None
    if day > known[-1][0]:
        return Fraction(known[-1][1])
    points = [start] if start is not None and start[0] <= day else []
    points += [milestone for milestone in known if not points or milestone[0] >= points[0][0]]
    on_the_day = [Fraction(value) for at, value in points if at == day]
    if on_the_day:
        return on_the_day[-1]
    for (from_day, from_value), (to_day, to_value) in pairwise(points):
        if from_day < day < to_day:
            part = Fraction(day - from_day, to_day - from_day)
            return Fraction(from_value) + (Fraction(to_value) - Fraction(from_value)) * part
    return None


points_of_rate = st.decimals(0, 100, places=2)
cases = st.tuples(
    st.integers(-3, 130),
    st.none() | st.tuples(st.sampled_from([0, 0, 1, 10, 50, 60, 100, 120]), points_of_rate),
    st.lists(st.sampled_from([30, 41, 50, 60, 92, 100, 101, None]), max_size=4, unique=True).flatmap(
        lambda dues: st.tuples(
            *(
                st.tuples(st.just(due), st.none() | points_of_rate)
                for due in sorted(dues, key=lambda due: math.inf if due is None else due)
            )
        )
    ),
)


@given(cases)
def test_path_is_what_a_plain_calculation_gives_when_points_are_drawn(case):
    day, start, milestones = case
    expected = plain(day, start, list(milestones))

    answer = owed(
        day=day,
        start=(math.nan, math.nan) if start is None else (start[0], float(start[1])),
        milestones=[
            (math.nan if due is None else due, math.nan if target is None else float(target))
            for due, target in milestones
        ],
    )

    assert answer == (None if expected is None else pytest.approx(float(expected), abs=1e-9))
