"""The campaign country's days of rest."""

from datetime import date

import pytest

from models.campaign.holidays import working_days
from models.core.columns import day_number
from tests.models.conftest import small_campaign


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2024, 4, 26), True),
        (date(2024, 4, 29), False),
        (date(2024, 4, 30), False),
        (date(2024, 5, 1), False),
        (date(2024, 5, 2), True),
        (date(2024, 4, 18), False),
        (date(2024, 2, 12), False),
        (date(2024, 3, 9), False),
        (date(2024, 3, 10), False),
        (date(2024, 9, 2), False),
    ],
    ids=[
        "Friday before the holidays",
        "Monday swapped for a Saturday",
        "Reunification Day",
        "Labour Day",
        "Thursday after them",
        "Hùng Kings",
        "Tết",
        "Saturday",
        "Sunday",
        "National Day",
    ],
)
def test_vietnam_works_on(day, is_open):
    calendar = working_days(small_campaign())

    assert calendar.is_working_day(day_number(day)) is is_open


def test_working_days_reach_a_year_beyond_the_campaign_on_either_side():
    calendar = working_days(small_campaign())

    year_before, year_after = day_number(date(2023, 3, 6)), day_number(date(2025, 4, 11))

    # a whole year of Mondays to Fridays on either side, holidays taken off
    assert 240 < int(calendar.between(year_before, day_number(date(2024, 3, 4)))) < 260
    assert 240 < int(calendar.between(day_number(date(2024, 4, 12)), year_after)) < 260


def test_another_country_rests_on_other_days():
    vietnam, germany = working_days(small_campaign()), working_days(small_campaign(holidays="DE"))

    may_2 = day_number(date(2024, 4, 30))

    assert (vietnam.is_working_day(may_2), germany.is_working_day(may_2)) == (False, True)


def test_campaign_is_asked_for_its_days_of_rest_once():
    assert working_days(small_campaign()) is working_days(small_campaign())
