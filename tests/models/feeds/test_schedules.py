"""The times of a schedule: the one before, the next, and all between."""

from datetime import timedelta

import pytest

from models.feeds.queries import last_time, next_time, times_between
from tests.models.conftest import at

DAILY = "30 6 * * *"


@pytest.mark.parametrize(
    ("schedule", "by", "expected"),
    [
        (DAILY, "5/3 07:00", "5/3 06:30"),
        (DAILY, "5/3 06:30", "5/3 06:30"),
        (DAILY, "5/3 06:29", "4/3 06:30"),
        ("*/10 * * * *", "5/3 07:19", "5/3 07:10"),
        ("0 7 * * mon", "10/3 23:00", "4/3 07:00"),
        ("0 7 1 * *", "31/3 12:00", "1/3 07:00"),
        ("0 7 2 1 *", "31/12 12:00", "2/1 07:00"),
    ],
)
def test_last_time_is_the_nearest_before_or_at_an_instant(schedule, by, expected):
    assert last_time(schedule, by=at(by)) == at(expected)


def test_schedule_that_did_not_come_for_a_year_has_no_last_time():
    assert last_time("0 7 29 2 *", by=at("28/2 12:00")) is None


@pytest.mark.parametrize(("after", "expected"), [("5/3 06:30", "5/3 06:30"), ("5/3 06:31", "6/3 06:30")])
def test_next_time_is_the_first_at_or_after_an_instant(after, expected):
    assert next_time(DAILY, after=at(after)) == at(expected)


def test_schedule_of_a_day_that_never_comes_has_no_next_time():
    assert next_time("0 7 30 2 *", after=at("5/3 12:00")) is None


def test_times_between_count_both_ends():
    times = list(times_between(DAILY, at("4/3 06:30"), at("6/3 06:30")))

    assert times == [at("4/3 06:30") + timedelta(days=days) for days in range(3)]
