"""Working days: weekends and public holidays, counted by hand with a calendar of 2024."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.working_days import EPOCH, WorkingDays

# What the calendar of 2024 closes: New Year, Tết Giáp Thìn, Hùng Kings, 29/4 (swapped in), 30/4, 1/5, National Day.
CLOSED = {
    date(2024, 1, 1),
    *(date(2024, 2, day) for day in range(8, 15)),
    date(2024, 4, 18),
    date(2024, 4, 29),
    date(2024, 4, 30),
    date(2024, 5, 1),
    date(2024, 9, 2),
    date(2024, 9, 3),
}
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)

# Working days later than the first date, up to and including the second.
COUNTED = """
after      | until      | days | because
06/05/2024 | 06/05/2024 | 0    | the day itself is not later
06/05/2024 | 07/05/2024 | 1    | Monday to Tuesday
06/05/2024 | 10/05/2024 | 4    | Monday to Friday
10/05/2024 | 12/05/2024 | 0    | a weekend
10/05/2024 | 13/05/2024 | 1    | over a weekend
04/05/2024 | 06/05/2024 | 1    | from a Saturday
26/04/2024 | 29/04/2024 | 0    | a day off that the government swapped in
29/04/2024 | 30/04/2024 | 0    | 30/4
30/04/2024 | 01/05/2024 | 0    | 1/5
29/04/2024 | 02/05/2024 | 1    | over 30/4-1/5
26/04/2024 | 03/05/2024 | 2    | the week of 30/4-1/5 has two
17/04/2024 | 18/04/2024 | 0    | Hùng Kings
07/02/2024 | 14/02/2024 | 0    | Tết
07/02/2024 | 15/02/2024 | 1    | the first day after Tết
02/02/2024 | 16/02/2024 | 5    | two weeks with Tết: three days before, two after
21/03/2024 | 29/06/2024 | 67   | the 100 days: 71 weekdays, less 18/4 and 29/4-1/5
10/05/2024 | 29/06/2024 | 35   | its second half
03/05/2024 | 26/04/2024 | -2   | backwards
13/05/2024 | 10/05/2024 | -1   | backwards over a weekend
"""


def drawn(table: str) -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, row, strict=True)) for row in rows]


def whole(day: date) -> int:
    return (day - EPOCH).days


def written(cell: str) -> int:
    day, month, year = cell.split("/")
    return whole(date(int(year), int(month), int(day)))


@pytest.fixture(scope="module")
def calendar() -> WorkingDays:
    return WorkingDays(first=whole(FIRST), last=whole(LAST), holidays=CLOSED)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["because"]) for row in drawn(COUNTED)])
def test_working_days_are_what_the_table_says_when_counted_on_a_calendar(calendar, row):
    counted = calendar.between(written(row["after"]), written(row["until"]))

    assert counted == int(row["days"])


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2024, 4, 26), True),
        (date(2024, 4, 30), False),
        (date(2024, 5, 1), False),
        (date(2024, 5, 4), False),
        (date(2024, 5, 5), False),
        (date(2024, 5, 6), True),
        (date(2024, 12, 31), True),
    ],
)
def test_day_is_worked_when_it_is_neither_a_weekend_nor_a_holiday(calendar, day, is_worked):
    assert calendar.is_working_day(whole(day)) is is_worked


def test_first_and_last_day_are_worked_when_the_range_begins_and_ends_with_weekdays():
    monday, friday = whole(date(2024, 5, 6)), whole(date(2024, 5, 10))

    calendar = WorkingDays(first=monday, last=friday, holidays=[])

    assert [calendar.is_working_day(day) for day in range(monday, friday + 1)] == [True] * 5


def test_no_day_is_worked_when_it_lies_outside_the_range(calendar):
    before, after = whole(date(2023, 6, 1)), whole(date(2025, 6, 1))

    assert calendar.between(before, whole(FIRST)) == 0
    assert calendar.between(whole(LAST), after) == 0
    assert calendar.between(before, after) == calendar.between(whole(FIRST) - 1, whole(LAST))


def test_one_goes_back_to_no_later_day_when_the_range_has_not_begun(calendar):
    before, long_ago = whole(FIRST) - 1, whole(date(1, 1, 1))

    back = calendar.back(np.array([before, long_ago]), 4)

    assert back.tolist() == [before, long_ago]


def test_holiday_closes_one_day_when_it_is_named_twice_or_falls_on_a_weekend():
    week = {"first": whole(date(2024, 5, 6)), "last": whole(date(2024, 5, 12))}

    calendar = WorkingDays(**week, holidays=[date(2024, 5, 7), date(2024, 5, 7), date(2024, 5, 11)])

    assert calendar.between(week["first"] - 1, week["last"]) == 4


def test_days_are_counted_each_for_itself_when_many_are_asked_at_once(calendar):
    after = np.array([[written("29/04/2024")], [written("10/05/2024")]])
    until = np.array([[written("02/05/2024"), written("13/05/2024")]])

    counted = calendar.between(after, until)

    assert counted.tolist() == [[1, 8], [-6, 1]]


days = st.dates(FIRST, LAST)


@given(days, days, st.sets(days, max_size=40))
def test_working_days_are_what_a_walk_through_the_calendar_counts(one, other, closed):
    after, until = sorted((one, other))
    walked = [after + timedelta(days=step) for step in range(1, (until - after).days + 1)]
    worked = [day for day in walked if day.weekday() < 5 and day not in closed]

    calendar = WorkingDays(first=whole(FIRST), last=whole(LAST), holidays=closed)

    assert calendar.between(whole(after), whole(until)) == len(worked)
    assert calendar.between(whole(until), whole(after)) == -len(worked)


@pytest.mark.parametrize(
    ("day", "latest"),
    [
        ("2024-05-10", "2024-05-10"),
        ("2024-05-11", "2024-05-10"),
        ("2024-05-12", "2024-05-10"),
        ("2024-05-01", "2024-04-26"),
        ("2024-01-01", "2024-01-01"),
        ("2023-12-30", "2023-12-30"),
        ("2025-02-01", "2024-12-31"),
    ],
    ids=["itself", "Saturday", "Sunday", "30/4-1/5", "before the first", "before the range", "after the range"],
)
def test_latest_working_day_is_the_one_before_a_day_of_rest(day, latest):
    calendar = WorkingDays(first=whole(FIRST), last=whole(LAST), holidays=CLOSED)

    assert calendar.latest(whole(date.fromisoformat(day))) == whole(date.fromisoformat(latest))
