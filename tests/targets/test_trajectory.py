"""The path a unit should be on: drawn examples, and every case against a plain calculation."""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.trajectory import Bend, Clock, TargetSpan, trajectory, trajectory_on
from targets.working_days import WorkingDays

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


def every_day(days: np.ndarray) -> np.ndarray:
    """A clock by which every day is a working day: drawn examples count days."""
    return days


def owed(*, day: int, start: Point, milestones: list[Point], clock: Clock = every_day) -> float | None:
    """`trajectory` for one case."""
    (answer,) = trajectory(
        day=np.array([float(day)]),
        start_day=np.array([start[0]]),
        start_value=np.array([start[1]]),
        milestones=[(np.array([due]), np.array([target])) for due, target in milestones],
        clock=clock,
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
        clock=every_day,
    )

    alone = [
        owed(day=day, start=(0, 40) if day % 2 == 0 else (math.nan, math.nan), milestones=[(50, 50), (100, 60)])
        for day in range(101)
    ]
    assert [None if math.isnan(value) else value for value in together] == alone


# --- against a plain calculation ------------------------------------------------------------------------------------


def plain(day: int, start: tuple[int, Decimal] | None, milestones: list[tuple[int | None, Decimal | None]]):
    """definitions.md, "Numbers of a row", for one case in exact fractions: the points, then the line of the day."""
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


# --- days of rest ---------------------------------------------------------------------------------------------------

# The baseline stands on Friday 2 January 2026 (day 0), 40; Monday is day 3. 50 is owed on Friday the 9th (day 7), 60 on
# Sunday the 18th (day 16); Wednesday the 14th (day 12) is a holiday.
RESTING = """
day | owed | because
0   | 40   | the baseline
2   | 40   | a weekend asks for nothing
3   | 42   | a fifth of the way on the first of five working days
6   | 48   | four fifths on the fourth
7   | 50   | all of it on its due date
9   | 50   | the weekend after it rests
11  | 55   | two of the four working days to the next milestone
12  | 55   | a holiday rests
14  | 60   | on the last working day before a due date on a Sunday all of it is owed
15  | 60   | and stays owed while nobody works
16  | 60   | to the due date itself
17  | 60   | and after it
"""
FRIDAY = 20455
CALENDAR = WorkingDays(first=FRIDAY - 30, last=FRIDAY + 60, holidays=[date(2026, 1, 14)])


def from_friday(days: np.ndarray) -> np.ndarray:
    return CALENDAR.clock(days + FRIDAY)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["because"]) for row in drawn(RESTING)])
def test_path_rests_when_nobody_works(row):
    answer = owed(day=int(row["day"]), start=(0, 40), milestones=[(7, 50), (16, 60)], clock=from_friday)

    assert answer == pytest.approx(float(row["owed"]), abs=1e-9)


def test_path_owes_nothing_before_the_day_itself_when_no_working_day_leads_to_it():
    """From Friday to a milestone on the Sunday after it."""
    found = [owed(day=day, start=(0, 40), milestones=[(2, 50)], clock=from_friday) for day in (0, 1, 2, 3)]

    assert found == [40, 40, 50, 50]


@given(st.integers(1, 40), points_of_rate, points_of_rate, points_of_rate)
def test_path_asks_on_a_day_of_rest_for_what_it_asked_on_the_day_before(day, start, first, second):
    milestones = [(21, float(first)), (38, float(second))]  # a Friday and a Monday

    now, before = (
        owed(day=of, start=(0, float(start)), milestones=milestones, clock=from_friday) for of in (day, day - 1)
    )

    assert CALENDAR.is_working_day(FRIDAY + day) or now == before


# --- knots, and targets that were changed on the way ----------------------------------------------------------------

# 40 on day 0, 50 on day 50, 60 on day 100; “a, b” are knots: on that day so many hundredths of the way.
BENT = """
knots        | start    | day | owed | because
—            | 40 on 0  | 25  | 45   | a straight path is half way when half the time is over
20: 10       | 40 on 0  | 20  | 41   | the knot itself
20: 10       | 40 on 0  | 10  | 40.5 | half way to it
20: 10       | 40 on 0  | 35  | 45.5 | half way from it to the milestone
20: 10       | 40 on 0  | 50  | 50   | the milestone stays where it was
20: 10       | 40 on 0  | 75  | 55   | and so does the way to the next one
20: 0        | 40 on 0  | 20  | 40   | nothing is owed at first
20: 0, 30: 80| 40 on 0  | 30  | 48   | several knots, one after the other
20: 0, 30: 80| 40 on 0  | 25  | 44   | half way between them
20: 10       | 30 on 20 | 35  | 40   | who starts at the knot has the rest of the way for the rest of the time
20: 100      | 40 on 0  | 30  | 50   | all of it is owed before the due date
20: 100      | 40 on 30 | 40  | 50   | and at once by who starts after that
"""


def bend_of(written: str) -> Bend | None:
    if written == "—":
        return None
    knots = [tuple(map(float, knot.split(": "))) for knot in written.split(", ")]
    days, done = [0.0, *(day for day, _ in knots), 50.0], [0.0, *(way / 100 for _, way in knots), 1.0]
    return Bend(np.array([0]), np.array([days]), np.array([done]))


@pytest.mark.parametrize("row", [pytest.param(row, id=row["because"]) for row in drawn(BENT)])
def test_path_bends_at_its_knots(row):
    start = point(row["start"])

    (answer,) = trajectory_on(
        int(row["day"]),
        start_day=np.array([start[0]]),
        start_value=np.array([start[1]]),
        milestones=[(np.array([50.0]), np.array([50.0])), (np.array([100.0]), np.array([60.0]))],
        clock=every_day,
        bends=[bend_of(row["knots"]), None],
    )

    assert answer == pytest.approx(float(row["owed"]), abs=1e-9)


# 40 on day 0; 60 is owed on day 50 and 70 on day 100, since “changed on”; until then 50 and 60 were.
CHANGED = """
changed on | day | owed | because
—          | 25  | 50   | never changed: straight to 60
20         | 10  | 42   | before the change the old path was owed
20         | 20  | 44   | that day included
20         | 35  | 52   | from there the way leads on to the new target
20         | 50  | 60   | and arrives there
20         | 75  | 65   | and goes on to the next
50         | 50  | 60   | on its day the milestone in force is owed
50         | 75  | 65   | and the way to the next one begins there
70         | 60  | 52   | the target of a phase that is over was changed too late
70         | 85  | 62   | but the one to come still counts: from 54 on day 70
120        | 75  | 55   | changed when all was over
120        | 125 | 70   | what is owed then is the new one
0          | 25  | 50   | changed before the path began: there is no old path
"""


@pytest.mark.parametrize("row", [pytest.param(row, id=row["because"]) for row in drawn(CHANGED)])
def test_path_is_the_old_one_up_to_the_day_on_which_its_targets_changed(row):
    target_spans = [] if row["changed on"] == "—" else [span(int(row["changed on"]), [50.0, 60.0])]

    (answer,) = trajectory_on(
        int(row["day"]),
        start_day=np.array([0.0]),
        start_value=np.array([40.0]),
        milestones=[(np.array([50.0]), np.array([60.0])), (np.array([100.0]), np.array([70.0]))],
        clock=every_day,
        target_spans=target_spans,
    )

    assert answer == pytest.approx(float(row["owed"]), abs=1e-9)


def span(until: int, target: list[float], *, cases: int = 0) -> TargetSpan:
    return TargetSpan(until, np.array([cases]), np.array([target]))


def plain_with_changes(
    day: int, start: tuple[int, Fraction], changes: list[tuple[int, Fraction]], target: Fraction
) -> Fraction:
    """One milestone on day 50: walk from change to change, each time as far as the old target leads."""
    at, value = start
    for until, before in changes:
        if day <= until:
            target = before
            break
        if until > at and until <= 50:
            at, value = until, value + (before - value) * Fraction(until - at, 50 - at) if at < 50 else before
        elif until > 50:
            at, value = 50, before
    if day >= 50:
        return target
    return value + (target - value) * Fraction(day - at, 50 - at)


@given(
    day=st.integers(0, 60),
    start=points_of_rate,
    target=points_of_rate,
    changes=st.dictionaries(st.integers(1, 49), points_of_rate, max_size=4),
)
def test_path_with_any_changes_is_what_a_plain_walk_gives(day, start, target, changes):
    result = sorted(changes.items())
    expected = plain_with_changes(
        day, (0, Fraction(start)), [(until, Fraction(value)) for until, value in result], Fraction(target)
    )

    (_, answer) = trajectory_on(
        day,
        start_day=np.array([0.0, 0.0]),
        start_value=np.array([1.0, float(start)]),
        milestones=[(np.full(2, 50.0), np.array([2.0, float(target)]))],
        clock=every_day,
        target_spans=[span(until, [float(value)], cases=1) for until, value in result],
    )

    assert answer == pytest.approx(float(expected), abs=1e-9)


def test_bend_of_one_case_bends_nobody_elses_changed_path():
    owed_by_both = trajectory_on(
        30,
        start_day=np.zeros(2),
        start_value=np.full(2, 40.0),
        milestones=[(np.full(2, 50.0), np.full(2, 60.0)), (np.full(2, 100.0), np.full(2, 60.0))],
        clock=every_day,
        bends=[Bend(np.array([1]), np.array([[0.0, 20.0, 50.0]]), np.array([[0.0, 0.0, 1.0]])), None],
        target_spans=[TargetSpan(20, np.array([0, 1]), np.full((2, 2), 50.0))],
    )

    # Straight: 44 on day 20, a third of the way to 60 on day 30. Bent: still 40 on day 20, then the same third.
    assert owed_by_both.tolist() == pytest.approx([44 + 16 / 3, 40 + 20 / 3])
