"""Who is pressed and who moved: worked out by hand on the small campaign (see conftest.py)."""

from datetime import date

import pytest

from models.results.attention import find_focus
from models.tables import Cause
from targets.findings import movers as moved
from tests.models.conftest import Small, at, day, small_campaign, small_files

ALL_SAY = (
    ("S1", "online", "15/3", 90, 200),
    ("S2", "online", "15/3", 60, 200),
    ("H1", "online", "15/3", 120, 400),
    ("X1", "online", "15/3", 30, 150),
    ("X2", "online", "15/3", 30, 150),
    ("X3", "online", "15/3", 4, 50),
)


def attention(small: Small, when: str = "15/3", **other: object):
    """Level → its list."""
    found = small.asked(find_focus, as_of=day(when), indicator="online", **other)
    return {level.level: level for level in found.attention}


def names(pressed: object) -> list[str]:
    return [one.result.unit for one in pressed]


def state_cause(small: Small, unit: str, **other: object) -> None:
    got = {"category": "staff", "text": "", "by": "test", "stated_at": at("14/3")} | other
    with small.store.writing() as session:
        session.add(Cause(unit_id=small.ids[unit], indicator="online", **got))


def test_units_behind_are_named_from_the_gravest_standing_on(small: Small):
    small.load(*ALL_SAY)

    department = attention(small)["department"]

    standings = [one.result.standing for one in department.pressed]
    assert sorted(standings, key=("missed", "out_of_reach", "unlikely", "high_risk", "at_risk").index) == standings
    assert names(department.pressed) == ["S2", "S1"]


def test_no_more_units_are_named_than_asked_for_and_all_are_counted(small: Small):
    small.load(*ALL_SAY)

    department = attention(small, most=1)["department"]

    assert names(department.pressed) == ["S2"]
    assert department.behind == 2


def test_unit_with_few_cases_is_counted_and_not_named(small: Small):
    small.load(*ALL_SAY)

    commune = attention(small)["commune"]

    assert "X3" not in names(commune.pressed)
    assert commune.small == 1
    assert commune.behind == 3


def test_unit_that_tells_percents_alone_is_named_without_cases(small: Small):
    small.load(("S1", "online", "15/3", None, None, 20.0))

    [one] = attention(small)["department"].pressed

    assert one.result.cases_missing is None


def test_unit_that_is_on_course_or_silent_is_not_pressed(small: Small):
    small.load(("S1", "online", "15/3", 190, 200))

    department = attention(small)["department"]

    assert not department.pressed
    assert department.behind == 0


def test_unit_with_a_confirmed_outside_cause_stands_apart(small: Small):
    small.load(*ALL_SAY)
    state_cause(small, "S2", category="synchronisation", state="confirmed")

    department = attention(small)["department"]

    assert names(department.pressed) == ["S1"]
    assert names(department.external) == ["S2"]


@pytest.mark.parametrize(
    "cause",
    [
        {"category": "synchronisation", "state": "stated"},
        {"category": "staff", "state": "confirmed"},
        {"category": "synchronisation", "state": "confirmed", "ends_on": date(2024, 3, 14)},
        {"category": "synchronisation", "state": "not_confirmed"},
    ],
)
def test_cause_that_is_not_both_confirmed_and_outside_leaves_the_unit_among_the_pressed(small: Small, cause):
    small.load(*ALL_SAY)
    state_cause(small, "S2", **cause)

    assert names(attention(small)["department"].pressed) == ["S2", "S1"]


WEEK = (
    ("S1", "online", "8/3", 30, 100), ("S1", "online", "15/3", 90, 200),
    ("S2", "online", "8/3", 80, 100), ("S2", "online", "15/3", 100, 200),
    ("X3", "online", "8/3", 1, 10), ("X3", "online", "15/3", 19, 20),
)  # fmt: skip
"""S1 from 30 % to 45 %, S2 from 80 % to 50 %, X3 from 10 % to 95 % on 20 dossiers."""


def focus(small: Small, when: str = "15/3"):
    return small.asked(find_focus, as_of=day(when), indicator="online")


def movers(small: Small, when: str = "15/3"):
    return moved(focus(small, when).rows, campaign=small_campaign(), most=5)


def test_units_that_rose_and_fell_are_told_apart(small: Small):
    small.load(*WEEK)

    found = movers(small)

    assert [(row.unit, row.week_change, row.week_denominator) for row in found.up] == [("S1", 15.0, 100)]
    assert [(row.unit, row.week_change) for row in found.down] == [("S2", -30.0)]


def test_unit_with_few_cases_does_not_lead_the_list_and_is_counted(small: Small):
    small.load(*WEEK)

    assert movers(small).small == 1


def test_unit_that_fell_silent_did_not_move_this_week(small: Small):
    small.load(*WEEK)

    assert not movers(small, "25/3").up
    assert not movers(small, "25/3").down


def test_province_is_none_of_the_units(small: Small):
    small.load(*WEEK)

    assert "P" not in [row.unit for row in focus(small).rows]


def test_weeks_are_compared_by_their_working_days(small: Small):
    small.load(*WEEK)

    found = focus(small)

    assert (found.working_days, found.working_days_before) == (5, 5)


def test_holiday_makes_a_week_shorter(small: Small):
    """18 April 2024 is Hùng Kings' day, a Thursday."""
    small.found(small_files(small_campaign(end=day("30/4"))))

    found = focus(small, "19/4")

    assert (found.working_days, found.working_days_before) == (4, 5)
