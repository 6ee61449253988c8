"""Which reading holds on a day and what it is compared with: examples, and every line against plain loops."""

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.standing.snapshots import NOTHING, Held, Readings, Snapshots, oldest_seen, precedence
from targets.values import NEVER_STALE, QUALIFIERS
from targets.working_days import EPOCH, WorkingDays

CLOSED = {date(2024, 4, 18), date(2024, 4, 29), date(2024, 4, 30), date(2024, 5, 1)}
STALE_AFTER = 3
WINDOW = 28
SINCE_START = date(2024, 3, 22)
"""The period of a figure that is cumulative over the campaign."""


@dataclass(frozen=True)
class Reading:
    """One reading in plain values; None is unknown."""

    as_of: date
    numerator: int | None = None
    denominator: int | None = None
    reported: float | None = None
    period: date = SINCE_START
    line: int = 0
    qualifier: str | None = None


def whole(day: date) -> int:
    return (day - EPOCH).days


CALENDAR = WorkingDays(first=whole(date(2024, 1, 1)), last=whole(date(2024, 12, 31)), holidays=CLOSED)


def columns(readings: list[Reading]) -> Readings:
    """Readings as the columns that `Snapshots` takes, in the order they are given."""

    def days(name: str) -> Any:
        return np.array([whole(getattr(reading, name)) for reading in readings], dtype=np.int64)

    def numbers(name: str) -> Any:
        values = [getattr(reading, name) for reading in readings]
        return np.array([math.nan if value is None else float(value) for value in values])

    return Readings(
        line=np.array([reading.line for reading in readings], dtype=np.int64),
        as_of=days("as_of"),
        period_start=days("period"),
        period_end=days("period") + 400,
        numerator=numbers("numerator"),
        denominator=numbers("denominator"),
        reported=numbers("reported"),
        qualifier=np.array([QUALIFIERS.index(reading.qualifier) for reading in readings], dtype=np.int64),
        high=np.full(len(readings), np.nan),
        is_revised=np.zeros(len(readings), dtype=bool),
    )


def snapshots(
    readings: list[Reading], *, lines: int, first: date, last: date, stale_after: int = STALE_AFTER
) -> Snapshots:
    return Snapshots(
        columns(readings),
        lines=lines,
        first=whole(first),
        last=whole(last),
        working_days=CALENDAR,
        stale_after=stale_after,
        volume_window=WINDOW,
    )


def result(held: Held, *, line: int = 0, day: int = 0) -> dict[str, Any]:
    """What holds for one line on one day, by name; None where unknown."""
    answer: dict[str, Any] = {"is_stale": bool(held.is_stale[line, day]), "row": int(held.row[line, day])}
    for name in ("week_numerator", "week_denominator", "before", "daily_cases"):
        value = float(getattr(held, name)[line, day])
        answer[name] = None if math.isnan(value) else value
    return answer


def held_on(day: date, *readings: Reading) -> dict[str, Any]:
    """What one line holds on one day."""
    asked = snapshots(list(readings), lines=1, first=day, last=day).held(np.array([whole(day)]))
    return result(asked)


def days_of_may(*numbers: int) -> list[date]:
    return [date(2024, 5, number) for number in numbers]


# --- which reading holds --------------------------------------------------------------------------------------------


def test_last_figure_is_carried_forward_when_a_day_has_none():
    friday, monday = days_of_may(10, 13)

    on_monday = held_on(monday, Reading(friday, 40, 100))

    assert (on_monday["row"], on_monday["is_stale"]) == (0, False)


@pytest.mark.parametrize(
    ("as_of", "day", "is_stale"),
    [
        pytest.param("2024-05-06", "2024-05-09", False, id="three working days later"),
        pytest.param("2024-05-06", "2024-05-10", True, id="four working days later"),
        pytest.param("2024-05-09", "2024-05-14", False, id="a weekend lies between"),
        pytest.param("2024-05-09", "2024-05-15", True, id="a weekend and four working days"),
        pytest.param("2024-04-26", "2024-05-06", False, id="30/4-1/5 and two weekends lie between"),
        pytest.param("2024-04-26", "2024-05-07", True, id="one working day more"),
    ],
)
def test_figure_is_stale_when_more_than_three_working_days_lie_after_it(as_of, day, is_stale):
    held = held_on(date.fromisoformat(day), Reading(date.fromisoformat(as_of), 40, 100))

    assert held["is_stale"] is is_stale


def test_each_line_goes_stale_by_its_own_limit_where_there_are_several():
    monday, thursday = days_of_may(6, 9)
    readings = [Reading(monday, 40, 100, line=0), Reading(monday, 40, 100, line=1)]
    of_two = Snapshots(
        columns(readings), lines=2, first=whole(thursday), last=whole(thursday), working_days=CALENDAR,
        stale_after=np.array([3, 2]), volume_window=WINDOW,
    )  # fmt: skip

    held = of_two.held(np.array([whole(thursday)]))

    assert held.is_stale[:, 0].tolist() == [False, True]


def test_oldest_day_that_matters_lets_both_ends_of_the_window_be_as_old_as_a_fresh_figure_may_be():
    friday = date(2024, 5, 10)

    oldest = oldest_seen(whole(friday), working_days=CALENDAR, stale_after=3, volume_window=28)

    # Fresh on Friday the 10th is what was told from Tuesday the 7th on; 28 days before that is Tuesday the 9th of
    # April, on which a figure from Thursday the 4th was still fresh.
    assert oldest == whole(date(2024, 4, 4))


def test_stale_figure_stays_the_last_one_and_tells_no_week_when_a_source_falls_silent():
    held = held_on(date(2024, 5, 24), Reading(date(2024, 5, 6), 30, 80), Reading(date(2024, 5, 14), 40, 100))

    assert held == {
        "row": 1, "is_stale": True, "week_numerator": None, "week_denominator": None, "before": None,
        "daily_cases": None,
    }  # fmt: skip


def test_nothing_holds_when_no_reading_is_that_old():
    held = held_on(date(2024, 5, 9), Reading(date(2024, 5, 10), 40, 100))

    assert held == {
        "row": NOTHING, "is_stale": False, "week_numerator": None, "week_denominator": None, "before": None,
        "daily_cases": None,
    }  # fmt: skip


def test_nothing_holds_when_there_are_no_readings_at_all():
    asked = snapshots([], lines=2, first=date(2024, 5, 1), last=date(2024, 5, 3))

    held = asked.held(np.arange(whole(date(2024, 5, 1)), whole(date(2024, 5, 3)) + 1))

    assert held.row.tolist() == [[NOTHING] * 3] * 2
    assert not held.is_stale.any()
    assert np.isnan([held.week_numerator, held.week_denominator, held.before, held.daily_cases]).all()


def test_nothing_holds_when_a_day_lies_before_everything_that_is_known():
    """An ended phase may be asked for long after: its due date must not be answered with another day's figure."""
    asked = snapshots([Reading(date(2024, 9, 2), 40, 100)], lines=1, first=date(2024, 9, 1), last=date(2024, 9, 5))

    held = asked.held(np.array([whole(date(2024, 8, 30)), whole(date(2024, 9, 5))]))

    assert held.row.tolist() == [[NOTHING, 0]]


def test_later_reading_is_not_seen_when_an_earlier_day_is_asked():
    asked = snapshots(
        [Reading(day, count, 100) for count, day in enumerate(days_of_may(6, 7, 8))],
        lines=1, first=date(2024, 5, 6), last=date(2024, 5, 7),
    )  # fmt: skip

    held = asked.held(np.array([whole(date(2024, 5, 6)), whole(date(2024, 5, 7))]))

    assert held.row.tolist() == [[0, 1]]


def test_newer_period_holds_when_one_day_tells_two():
    """On the first of a month the old month's last figure may arrive beside the new month's first."""
    the_first = date(2024, 6, 1)

    held = held_on(
        the_first,
        Reading(the_first, 900, 1000, period=date(2024, 5, 1)),
        Reading(the_first, 3, 10, period=the_first),
    )

    assert (held["row"], held["week_numerator"], held["week_denominator"]) == (1, 3, 10)


# --- this week's dossiers -------------------------------------------------------------------------------------------


def test_week_is_the_difference_of_two_snapshots_when_they_lie_seven_days_apart():
    held = held_on(
        date(2024, 5, 14), *(Reading(day, 10 * at, 30 * at) for at, day in enumerate(days_of_may(6, 7, 8, 14)))
    )

    assert (held["week_numerator"], held["week_denominator"]) == (20, 60)


def test_week_reaches_further_back_when_no_snapshot_is_just_seven_days_older():
    """From Tuesday the 14th the 7th is asked for; the newest up to then is of Friday, and was fresh."""
    held = held_on(date(2024, 5, 14), Reading(date(2024, 5, 3), 10, 40), Reading(date(2024, 5, 14), 40, 100))

    assert (held["week_numerator"], held["week_denominator"]) == (30, 60)


@pytest.mark.parametrize(
    ("older", "judged", "week_denominator"),
    [
        pytest.param("2024-05-02", "2024-05-14", 60, id="three working days before the 7th"),
        pytest.param("2024-05-01", "2024-05-14", None, id="four working days before the 7th: stale by then"),
        pytest.param("2024-04-26", "2024-05-10", 60, id="two working days before the 3rd, over 30/4-1/5"),
        pytest.param("2024-05-08", "2024-05-14", None, id="only six days older"),
    ],
)
def test_week_is_unknown_when_no_fresh_snapshot_is_a_week_older(older, judged, week_denominator):
    day = date.fromisoformat(judged)

    held = held_on(day, Reading(date.fromisoformat(older), 10, 40), Reading(day, 40, 100))

    assert held["week_denominator"] == week_denominator


def test_week_begins_with_the_period_when_that_is_younger_than_a_week():
    """Nothing was there before the first day: the earlier snapshot is an empty one."""
    held = held_on(date(2024, 3, 28), Reading(date(2024, 3, 28), 40, 100))

    assert (held["week_numerator"], held["week_denominator"], held["before"]) == (40, 100, None)


def test_week_needs_a_snapshot_when_the_period_is_seven_days_old():
    held = held_on(date(2024, 3, 29), Reading(date(2024, 3, 29), 40, 100))

    assert (held["week_numerator"], held["week_denominator"]) == (None, None)


def test_week_is_the_judged_figures_own_when_that_is_carried_forward():
    """On Monday Friday's figure still holds: its week is the one before Friday, not before Monday."""
    readings = [
        Reading(date(2024, 5, 2), 5, 20),
        Reading(date(2024, 5, 3), 10, 40),
        Reading(date(2024, 5, 10), 40, 100),
    ]

    on_friday, on_monday = held_on(date(2024, 5, 10), *readings), held_on(date(2024, 5, 13), *readings)

    assert on_monday == on_friday
    assert on_monday["week_denominator"] == 60


def test_week_shows_a_fall_in_counts_when_data_were_synchronised_again():
    held = held_on(date(2024, 5, 14), Reading(date(2024, 5, 7), 50, 120), Reading(date(2024, 5, 14), 40, 100))

    assert (held["week_numerator"], held["week_denominator"]) == (-10, -20)


def test_earlier_percent_is_told_when_figures_have_no_counts():
    held = held_on(
        date(2024, 5, 14), Reading(date(2024, 5, 7), reported=38.9), Reading(date(2024, 5, 14), reported=41.6)
    )

    assert (held["before"], held["week_numerator"], held["daily_cases"]) == (38.9, None, None)


def month_by_month(first: date, last: date) -> list[Reading]:
    """A figure that starts anew each month, told every day: four dossiers a day, three of them right."""
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    return [Reading(day, 3 * day.day, 4 * day.day, period=day.replace(day=1)) for day in days]


def test_reset_is_never_shown_as_a_fall_when_a_new_month_begins():
    first, last = date(2024, 4, 1), date(2024, 6, 30)
    readings = month_by_month(first, last)
    days = np.arange(whole(first), whole(last) + 1)

    held = snapshots(readings, lines=1, first=first, last=last).held(days)

    in_the_week = [min(reading.as_of.day, 7) for reading in readings]
    assert held.week_numerator[0].tolist() == [3 * count for count in in_the_week]
    assert held.week_denominator[0].tolist() == [4 * count for count in in_the_week]
    assert np.nanmin(held.daily_cases) > 0


def test_earlier_percent_never_comes_from_the_month_before_when_a_new_month_begins():
    first, last = date(2024, 4, 20), date(2024, 5, 20)
    readings = [
        Reading(reading.as_of, reported=90.0 if reading.as_of.month == 4 else 10.0, period=reading.period)
        for reading in month_by_month(first, last)
    ]

    held = snapshots(readings, lines=1, first=first, last=last).held(
        np.arange(whole(date(2024, 5, 1)), whole(last) + 1)
    )

    assert np.isnan(held.before[0, :7]).all()
    assert held.before[0, 7:].tolist() == [10.0] * 13


# --- volume ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("earlier", "cases_a_day"),
    [
        pytest.param([Reading(date(2024, 4, 26), 0, 60)], 18, id="the window: 306 in 17 working days"),
        pytest.param(
            [Reading(date(2024, 4, 25), 0, 40), Reading(date(2024, 5, 10), 0, 200)], 326 / 18, id="just before"
        ),
        pytest.param([Reading(date(2024, 5, 10), 0, 266)], 10, id="since the first snapshot: 100 in 10"),
        pytest.param([Reading(date(2024, 4, 12), 0, 1), Reading(date(2024, 5, 10), 0, 266)], 10, id="after a gap"),
        pytest.param([], None, id="no second snapshot"),
        pytest.param([Reading(date(2024, 5, 23), 0, 400)], None, id="fewer cases than before"),
        pytest.param([Reading(date(2024, 5, 10), 200)], None, id="counts without a denominator"),
    ],
)
def test_daily_cases_are_counted_per_working_day_when_the_window_is_28_days(earlier, cases_a_day):
    """On 24/05 the window begins on 26/04; 29/4-1/5 are closed."""
    held = held_on(date(2024, 5, 24), *earlier, Reading(date(2024, 5, 24), 0, 366))

    assert held["daily_cases"] == (None if cases_a_day is None else pytest.approx(cases_a_day))


def test_daily_cases_count_from_the_periods_start_when_that_lies_within_the_window():
    """22/03 to 29/03 has six working days."""
    held = held_on(date(2024, 3, 29), Reading(date(2024, 3, 29), 30, 120))

    assert held["daily_cases"] == 20


def test_daily_cases_are_unknown_when_no_day_was_worked_yet():
    saturday = date(2024, 6, 1)

    held = held_on(saturday, Reading(saturday, 3, 4, period=saturday))

    assert held["daily_cases"] is None


# --- against plain loops --------------------------------------------------------------------------------------------


def worked(after: date, until: date) -> int:
    """Working days later than a day, up to and including another."""
    days = [after + timedelta(days=step) for step in range(1, (until - after).days + 1)]
    return sum(day.weekday() < 5 and day not in CLOSED for day in days)


def plain(of_line: list[tuple[int, Reading]], day: date) -> dict[str, Any]:
    """definitions.md, "Figure that is judged", for one line on one day, one sentence after the other."""
    nothing = dict.fromkeys(("week_numerator", "week_denominator", "before", "daily_cases"))
    so_far = [(row, reading) for row, reading in of_line if reading.as_of <= day]
    if not so_far:
        return {"row": NOTHING, "is_stale": False, **nothing}
    row, judged = max(so_far, key=lambda known: (known[1].as_of, known[1].period))
    if worked(judged.as_of, day) > STALE_AFTER:
        return {"row": row, "is_stale": True, **nothing}
    same_period = [reading for _, reading in of_line if reading.period == judged.period]

    # The window ends on a working day: a day of rest does not move it.
    ends = judged.as_of
    while not worked(ends - timedelta(days=1), ends):
        ends -= timedelta(days=1)

    def earlier(back: int, until: date = judged.as_of) -> Reading | None:
        limit = until - timedelta(days=back)
        if judged.period > limit:
            return Reading(judged.period - timedelta(days=1), 0, 0, None)
        found = [reading for reading in same_period if reading.as_of <= limit]
        newest = max(found, key=lambda reading: reading.as_of, default=None)
        return newest if newest is not None and worked(newest.as_of, limit) <= STALE_AFTER else None

    week, window = earlier(7), earlier(WINDOW, ends)
    if window is None:
        limit = ends - timedelta(days=WINDOW)
        since = [reading for reading in same_period if limit < reading.as_of < judged.as_of]
        window = min(since, key=lambda reading: reading.as_of, default=None)
    cases = None if window is None else minus(judged.denominator, window.denominator)
    days = 0 if window is None else worked(window.as_of, ends)
    return {
        "row": row,
        "is_stale": False,
        "week_numerator": None if week is None else minus(judged.numerator, week.numerator),
        "week_denominator": None if week is None else minus(judged.denominator, week.denominator),
        "before": None if week is None else week.reported,
        "daily_cases": None if cases is None or cases < 0 or days == 0 else pytest.approx(cases / days),
    }


def minus(now: int | None, then: int | None) -> int | None:
    return None if now is None or then is None else now - then


@st.composite
def lines_of_readings(draw: st.DrawFn) -> list[Reading]:
    """A few lines, cumulative over the campaign or anew each month, with gaps, falls and figures without counts."""
    found = []
    for line in range(draw(st.integers(1, 4))):
        is_monthly = draw(st.booleans())
        firsts_of_months = st.sampled_from([10, 40, 71])
        steps = sorted(draw(st.sets(st.integers(0, 80) | firsts_of_months, max_size=14)))
        numerator = denominator = 0
        period = None
        for step in steps:
            as_of = SINCE_START + timedelta(days=step)
            starts = as_of.replace(day=1) if is_monthly else SINCE_START
            is_told_twice = period is not None and period < starts == as_of and draw(st.booleans())
            for of_period in [period, starts] if is_told_twice else [starts]:
                if of_period != period:
                    numerator = denominator = 0
                period = of_period
                denominator = max(0, denominator + draw(st.integers(-2, 40)))
                numerator = draw(st.integers(0, denominator))
                has_counts = draw(st.sampled_from([True, True, True, False]))
                found.append(
                    Reading(
                        as_of,
                        numerator if has_counts else None,
                        denominator if has_counts or draw(st.booleans()) else None,
                        draw(st.none() | st.sampled_from([38.9, 41.6])),
                        period=of_period,
                        line=line,
                    )
                )
    return found


@given(lines_of_readings(), st.sets(st.integers(-10, 95), min_size=1, max_size=8).map(sorted))
def test_what_holds_is_what_plain_loops_find_when_lines_are_looked_up_together(readings, steps):
    days = [SINCE_START + timedelta(days=step) for step in steps]
    asked = snapshots(readings, lines=4, first=days[0], last=days[-1])

    held = asked.held(np.array([whole(day) for day in days]))

    for line in range(4):
        of_line = [(row, reading) for row, reading in enumerate(readings) if reading.line == line]
        assert [result(held, line=line, day=at) for at in range(len(days))] == [plain(of_line, day) for day in days]


# --- several statements of one day ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("result", "in_force"),
    [
        ([(None, None)], 0),
        ([(None, None), (None, None)], 1),
        ([(None, None), (4, 10)], 1),
        ([(4, 10), (None, None)], 0),
        ([(4, 10), (5, None)], 0),
        ([(0, 0), (None, None)], 0),
        ([(4, 10), (None, None), (5, 10)], 2),
        ([(4, 10), (None, None), (5, 10), (None, None)], 2),
    ],
)
def test_counts_take_precedence_over_anything_told_without_them(result, in_force):
    numbers = [np.array([np.nan if pair[at] is None else pair[at] for pair in result], dtype=float) for at in (0, 1)]

    order = precedence(*numbers, np.arange(1, len(result) + 1))

    assert int(order.argmax()) == in_force


# --- bounds, and what was published once ------------------------------------------------------------------------------


@pytest.mark.parametrize("bound", [0, 1])
def test_nothing_lies_between_two_figures_of_which_one_is_a_bound(bound):
    days = days_of_may(2, 10)
    words = ["about" if at == bound else None for at in range(2)]
    told = [Reading(days[at], 40 + at, 100 + at, 40.0, qualifier=words[at]) for at in range(2)]

    held = held_on(days[-1], *told)

    assert {held[name] for name in ("week_numerator", "week_denominator", "before", "daily_cases")} == {None}


def looks_of(*readings: Reading, stale_after: int = STALE_AFTER) -> tuple[Any, Any]:
    """The days worked and the cases counted on each look back, and the percents of the working days before."""
    day = readings[-1].as_of
    known = snapshots(list(readings), lines=1, first=day, last=day, stale_after=stale_after)
    history = known.look_back(np.array([whole(day)]))
    rates = known.rates_back(np.array([0]), whole(day), days=5)[0]
    return history.denominator[0, 0].tolist(), [None if math.isnan(rate) else rate for rate in rates.tolist()]


def test_from_a_bound_nobody_knows_how_far_it_went():
    told = [Reading(day, 40, 100 + at, 40.0) for at, day in enumerate(days_of_may(2, 6, 7, 8, 9, 10))]
    vague = [replace(reading, qualifier="over") if reading.as_of.day == 7 else reading for reading in told]

    cases, rates = looks_of(*vague)

    # Three working days back is the bound of the 7th: today's figure stands in. Percents end before it.
    assert (looks_of(*told)[0][:2], cases[:2]) == ([105, 102], [105, 105])
    assert (looks_of(*told)[1][:4], rates[:4]) == ([40, 40, 40, 40], [40, 40, 40, None])


def test_what_was_published_once_is_never_stale_and_leads_nowhere():
    told = [Reading(day, 40 + at, 100 + at, 40.0) for at, day in enumerate(days_of_may(2, 10))]
    later = date(2024, 9, 2)
    known = snapshots(told, lines=1, first=later, last=later, stale_after=NEVER_STALE)

    held = result(known.held(np.array([whole(later)])))

    assert (held["row"], held["is_stale"], held["before"], held["daily_cases"]) == (1, False, None, None)
    cases, rates = looks_of(*told, stale_after=NEVER_STALE)
    assert (set(cases), set(rates)) == ({101}, {None})
