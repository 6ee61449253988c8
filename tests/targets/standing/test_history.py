"""What was told on the looks back: examples with a calendar of 2024, and every line against plain loops."""

import math
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.standing.history import LOOKS, History, pool_histories
from targets.standing.snapshots import Readings, Snapshots, oldest_seen
from targets.working_days import EPOCH, WorkingDays

NAN = math.nan
CLOSED = {date(2024, 4, 18), date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1)}
FIRST, LAST = date(2024, 1, 1), date(2024, 12, 31)
START = date(2024, 3, 22)
ReadingRow = tuple[date, int | None, int | None, float | None, date]
"""As-of date, numerator, denominator, reported percent, period start."""


def whole(day: date) -> int:
    return (day - EPOCH).days


CALENDAR = WorkingDays(first=whole(FIRST), last=whole(LAST), holidays=CLOSED)


def is_worked(day: date) -> bool:
    return day.weekday() < 5 and day not in CLOSED


def snapshots(lines: list[list[ReadingRow]], *, last: date = LAST) -> Snapshots:
    rows = [(number, *result) for number, line in enumerate(lines) for result in line]

    def numbers(at: int) -> np.ndarray:
        return np.array([NAN if row[at] is None else float(row[at]) for row in rows])

    readings = Readings(
        line=np.array([row[0] for row in rows], dtype=np.int64),
        as_of=np.array([whole(row[1]) for row in rows], dtype=np.int64),
        period_start=np.array([whole(row[5]) for row in rows], dtype=np.int64),
        period_end=np.full(len(rows), 10**6),
        numerator=numbers(2),
        denominator=numbers(3),
        reported=numbers(4),
        qualifier=np.zeros(len(rows), dtype=np.int64),
        high=np.full(len(rows), np.nan),
        is_revised=np.zeros(len(rows), dtype=bool),
    )
    return Snapshots(
        readings,
        lines=len(lines),
        first=whole(START),
        last=whole(last),
        working_days=CALENDAR,
        stale_after=3,
        volume_window=28,
    )


def looked(line: list[ReadingRow], day: date) -> list[tuple[float | None, ...]]:
    """Worked, numerator, denominator and reported on each look of one line; None where unknown."""
    found = snapshots([line]).look_back(np.array([whole(day)]))
    columns = (found.worked, found.numerator, found.denominator, found.reported)
    result = [[float(column[0, 0, look]) for column in columns] for look in range(len(LOOKS))]
    return [tuple(None if math.isnan(value) else value for value in look) for look in result]


def daily(until: date, *, start: date = START, period: date = START, cases: int = 10) -> list[ReadingRow]:
    """A line that tells every day: ten cases on each working day, half of them right."""
    line, count = [], 0
    day = start
    while day <= until:
        count += cases if is_worked(day) else 0
        line.append((day, count // 2, count, None, period))
        day += timedelta(days=1)
    return line


# --- the working day so many back -----------------------------------------------------------------------------------

# One working day back from each day; a day of rest belongs to the working day before it.
BACK = """
    day        | count | is         | because
    10/05/2024 | 0     | 10/05/2024 | none back is the day itself
    12/05/2024 | 0     | 12/05/2024 | a Sunday too
    10/05/2024 | 1     | 09/05/2024 | Friday to Thursday
    12/05/2024 | 1     | 09/05/2024 | Sunday to Thursday
    13/05/2024 | 1     | 12/05/2024 | Monday: all before Monday, the weekend included
    03/05/2024 | 1     | 02/05/2024 | after the holidays
    02/05/2024 | 1     | 01/05/2024 | the holidays belong to the Friday before them
    01/05/2024 | 1     | 25/04/2024 | …
    03/01/2024 | 20    | 31/12/2023 | before everything that is known
    """


def drawn(table: str) -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def day_of(cell: str) -> date:
    day, month, year = (int(part) for part in cell.split("/"))
    return date(year, month, day)


@pytest.mark.parametrize("cells", drawn(BACK), ids=lambda cells: f"{cells['day']} {cells['because']}")
def test_working_days_go_back_as_the_table_says(cells):
    found = CALENDAR.back(whole(day_of(cells["day"])), int(cells["count"]))

    assert EPOCH + timedelta(days=int(found)) == day_of(cells["is"])


@given(st.dates(date(2024, 2, 1), LAST), st.integers(1, 15))
def test_exactly_so_many_days_were_worked_since_when_working_days_go_back(day, count):
    found = int(CALENDAR.back(whole(day), count))

    assert CALENDAR.between(found, whole(day)) == count
    assert CALENDAR.between(found + 1, whole(day)) == count - 1


# --- looks ----------------------------------------------------------------------------------------------------------


def test_looks_find_the_figures_of_so_many_working_days_before():
    line = daily(date(2024, 5, 10))

    found = looked(line, date(2024, 5, 10))

    assert [worked for worked, *_ in found] == list(LOOKS)
    newest = found[0][2]
    assert [denominator for _, _, denominator, _ in found] == [newest - 10 * look for look in LOOKS]


@pytest.mark.parametrize("day", [date(2024, 4, 27), date(2024, 4, 30), date(2024, 5, 1)])
def test_looks_are_those_of_the_last_working_day_when_today_is_a_day_of_rest(day):
    line = daily(date(2024, 5, 1))

    assert looked(line, day) == looked(line, date(2024, 4, 26))


def test_looks_go_back_from_the_newest_figure_when_it_is_some_days_old():
    line = daily(date(2024, 5, 8))

    assert looked(line, date(2024, 5, 10)) == looked(line, date(2024, 5, 8))


def test_looks_count_from_nothing_when_the_period_is_younger():
    line = daily(date(2024, 3, 28))

    found = looked(line, date(2024, 3, 28))

    # Counted since the evening of Thursday the 21st: five working days.
    assert found[2:] == [(5, 0, 0, None)] * 4
    assert found[1][:3] == (3, 10, 20)


def test_looks_never_cross_the_start_of_a_period():
    march = daily(date(2024, 3, 31), start=date(2024, 3, 1), period=date(2024, 3, 1))
    april = daily(date(2024, 4, 5), start=date(2024, 4, 1), period=date(2024, 4, 1))

    found = looked(march + april, date(2024, 4, 5))

    assert [denominator for _, _, denominator, _ in found] == [50, 20, 0, 0, 0, 0]


def test_first_figure_stands_in_when_a_line_began_to_tell_later():
    line = daily(date(2024, 5, 10))[-7:]

    found = looked(line, date(2024, 5, 10))

    assert [worked for worked, *_ in found] == [0, 3, 5, 5, 5, 5]


def test_no_figure_of_another_period_stands_in_when_a_line_is_told_late():
    """A month's figure that arrived after the month's end is no start for the next month's counting."""
    late = [(date(2024, 4, 3), 90, 100, None, date(2024, 3, 1)), (date(2024, 4, 4), 1, 2, None, date(2024, 4, 1))]

    found = looked(late, date(2024, 4, 4))

    assert [denominator for _, _, denominator, _ in found] == [2, 2, 0, 0, 0, 0]


def test_looks_are_unknown_when_nothing_was_told():
    line = daily(date(2024, 5, 10))

    before, none_at_all = looked(line, date(2024, 3, 1)), looked([], date(2024, 5, 10))

    for found in (before, none_at_all):
        assert all(value is None for look in found for value in look)


def test_percents_are_told_by_look_when_there_are_no_counts():
    line = [(day, None, None, float(number), START) for number, (day, *_) in enumerate(daily(date(2024, 5, 10)))]

    found = looked(line, date(2024, 5, 10))

    assert found[0][3] == 49
    assert [reported for *_, reported in found[:3]] == [49, 46, 44]


@st.composite
def lines(draw: st.DrawFn) -> list[ReadingRow]:
    days = sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=25)))
    result = []
    for number in days:
        day = START + timedelta(days=number)
        period = day.replace(day=1) if draw(st.booleans()) else START
        result.append((day, draw(st.integers(0, 9)), draw(st.integers(0, 99)), None, period))
    # A newer period never gives way to an older one.
    periods = np.maximum.accumulate([whole(period) for *_, period in result])
    return [
        (day, right, cases, None, EPOCH + timedelta(days=int(period)))
        for (day, right, cases, _, _), period in zip(result, periods, strict=True)
    ]


def plain_looks(line: list[ReadingRow], day: date) -> list[tuple[float, float, float]]:
    """Look by look, day by day."""
    newest = [result for result in line if result[0] <= day]
    if not newest:
        return [(NAN, NAN, NAN)] * len(LOOKS)
    as_of, _, _, _, period = newest[-1]
    found = []
    for look in LOOKS:
        back, passed = as_of, 0
        while look and passed < look:
            passed += is_worked(back)
            back -= timedelta(days=1)
        if period > back:
            then, counts = period - timedelta(days=1), (0.0, 0.0)
        else:
            known = [result for result in line if result[0] <= back]
            if not known or known[-1][4] != period:
                after = [result for result in line if back < result[0] <= as_of]
                known = [after[0] if after[0][4] == period else newest[-1]]
            then, counts = known[-1][0], (float(known[-1][1] or 0), float(known[-1][2] or 0))
        worked = sum(is_worked(then + timedelta(days=n)) for n in range(1, (as_of - then).days + 1))
        found.append((float(worked), *counts))
    return found


@given(st.lists(lines(), min_size=1, max_size=4), st.integers(-3, 70))
def test_looks_equal_plain_loops_when_lines_are_looked_up_together(result, offset):
    day = START + timedelta(days=offset)

    found = snapshots(result).look_back(np.array([whole(day)]))

    for number, line in enumerate(result):
        rows = np.stack([found.worked[number, 0], found.numerator[number, 0], found.denominator[number, 0]], axis=1)
        assert np.array_equal(rows, np.array(plain_looks(line, day)), equal_nan=True)


def test_history_may_be_told_in_part_and_holds_as_many_cases_as_it_says():
    found = snapshots([daily(date(2024, 5, 10)), daily(date(2024, 4, 10))]).look_back(np.array([whole(LAST)]))

    part = found.take((np.array([1]), 0))

    assert (len(found), len(part)) == (2, 1)
    assert part.rates()[0, 0] == 50


@pytest.mark.parametrize(
    ("looks_back", "oldest"), [(0, date(2024, 4, 4)), (20, date(2024, 4, 3)), (30, date(2024, 3, 20))]
)
def test_oldest_day_that_matters_lies_before_every_look_when_projections_are_made(looks_back, oldest):
    friday = whole(date(2024, 5, 10))

    found = oldest_seen(friday, working_days=CALENDAR, stale_after=3, volume_window=28, looks_back=looks_back)

    assert EPOCH + timedelta(days=found) == oldest


# --- percents, day by day -------------------------------------------------------------------------------------------


def test_percents_go_back_by_working_day_and_are_carried_forward():
    line = [
        (date(2024, 5, 6), None, None, 30.0, START),
        (date(2024, 5, 8), None, None, 32.0, START),
        (date(2024, 5, 10), None, None, 34.0, START),
    ]

    found = snapshots([line]).rates_back(np.array([0]), whole(date(2024, 5, 12)), days=5)

    assert found[0] == pytest.approx([34, 32, 32, 30, 30, NAN], nan_ok=True)


def test_percents_never_come_from_another_period():
    line = [
        (date(2024, 4, 30), None, None, 90.0, date(2024, 4, 1)),
        (date(2024, 5, 2), None, None, 2.0, date(2024, 5, 1)),
    ]

    found = snapshots([line]).rates_back(np.array([0]), whole(date(2024, 5, 2)), days=2)

    assert found[0] == pytest.approx([2, NAN, NAN], nan_ok=True)


def test_percents_are_unknown_when_nothing_was_told():
    nothing = snapshots([[]]).rates_back(np.array([0]), whole(LAST), days=2)
    later = snapshots([daily(date(2024, 5, 10))]).rates_back(np.array([0]), whole(date(2024, 3, 1)), days=2)

    assert np.isnan(nothing).all()
    assert np.isnan(later).all()


# --- pools ----------------------------------------------------------------------------------------------------------


def whole_pool(parts):
    """All units in one pool."""
    return pool_histories(parts, pool=np.zeros(len(parts[0][1]), dtype=np.int64), pools=1).take(0)


def test_pool_adds_its_members_look_by_look_and_nobody_else():
    """Two units of one column; the second began two working days later and counts with nothing before."""
    one = np.array([0.0, 3, 5, 10, 15, 20])
    worked = np.stack([one, np.minimum(one, 10)])[:, None, :]
    counts = np.stack([100 - one, np.maximum(60 - 6 * one, 0)])[:, None, :]
    history = History(worked, counts / 2, counts, np.full(counts.shape, NAN), np.zeros(counts.shape))
    nobody = History(worked, counts, counts, counts, counts)

    pooled = whole_pool([(history, np.array([[True], [True]])), (nobody, np.zeros((2, 1), dtype=bool))])

    assert pooled.denominator[0].tolist() == [160, 139, 125, 90, 85, 80]
    assert (pooled.numerator[0] * 2).tolist() == pooled.denominator[0].tolist()
    assert pooled.worked[0].tolist() == pytest.approx([0, 3, 5, 10, (15 * 100 + 10 * 60) / 160, 16.25])


def test_pool_was_corrected_as_far_as_its_cases_were():
    counts = np.stack([np.full(len(LOOKS), 300.0), np.full(len(LOOKS), 100.0)])[:, None, :]
    revised = np.stack([np.zeros(len(LOOKS)), np.ones(len(LOOKS))])[:, None, :]
    history = History(np.zeros(counts.shape), counts / 2, counts, np.full(counts.shape, NAN), revised)

    pooled = whole_pool([(history, np.array([[True], [True]]))])

    assert pooled.revised[0].tolist() == [0.25] * len(LOOKS)


def test_pool_is_unknown_when_it_has_no_member_with_counts():
    blank = np.full((1, 1, len(LOOKS)), NAN)

    pooled = whole_pool([(History(*[blank] * 5), np.array([[True]]))])

    assert np.isnan(pooled.worked).all()
    assert np.isnan(pooled.rates()).all()


def test_each_pool_has_its_own_members_and_nobody_elses():
    counts = np.array([100.0, 60, 7, 1])[:, None, None] * np.ones(len(LOOKS))
    history = History(np.zeros(counts.shape), counts / 2, counts, np.full(counts.shape, NAN), np.zeros(counts.shape))

    pooled = pool_histories([(history, np.ones((4, 1), dtype=bool))], pool=np.array([1, 0, 1, -1]), pools=3)

    assert pooled.denominator[:, 0, 0] == pytest.approx([60, 107, NAN], nan_ok=True)
