"""The path ahead of a unit as corners: the same that its rows owe day by day."""

from decimal import Decimal

import pytest

from models.results.paths import corners_of, day_by_day, knot_days, path_ahead
from targets.values import Knot
from tests.models.conftest import Small, day, small_campaign, small_files, with_indicator

TARGETS = {"first": 50.0, "second": 60.0}


def ahead(since: str, value: float, **other: object) -> list[tuple[object, float]]:
    campaign = small_campaign()
    result: dict = {"knots": (), "targets": TARGETS, "last": campaign.end, "phases": campaign.phases} | other
    return list(path_ahead(campaign, since=(day(since), value), **result))


def test_path_ahead_leads_through_every_milestone_to_come():
    found = dict(ahead("12/3", 44.0))

    assert (found[day("12/3")], found[day("22/3")], found[day("12/4")]) == (44.0, 50.0, 60.0)


def test_path_ahead_rises_by_working_days_and_rests_at_weekends():
    """Eight working days lie between 12 and 22 March, three of them before the weekend."""
    found = dict(ahead("12/3", 44.0))

    assert [found[day(when)] for when in ("15/3", "16/3", "17/3", "18/3")] == pytest.approx([46.25, 46.25, 46.25, 47])


def test_path_ahead_stays_what_was_owed_after_the_last_milestone():
    found = ahead("12/4", 60.0, last=day("20/4"))

    assert corners_of(found) == ((day("12/4"), 60.0), (day("20/4"), 60.0))


def test_path_ahead_is_unknown_without_any_target():
    assert ahead("12/3", 44.0, targets={}) == []


def test_path_ahead_is_the_one_that_rows_owe_day_by_day(small: Small):
    knots = (Knot("first", Decimal(50), Decimal(20)), Knot("second", Decimal(80), Decimal(90)))
    campaign = with_indicator(small_campaign(), "online", knots=knots)
    small.found(small_files(campaign), when="1/3 09:00")
    small.load(("S1", "online", "12/4", 90, 200))
    days = ("5/3", "12/3", "14/3", "17/3", "22/3", "8/4", "12/4")
    owed = {when: small.standing(when)["S1", "online"].trajectory for when in days}

    path = dict(ahead("5/3", owed["5/3"] or 0.0, knots=knots))

    assert {when: path[day(when)] for when in days} == pytest.approx(owed)
    # Knots stand on working days: 7.5 of the first fifteen have passed on the 13th, 12 of the next fifteen on 9 April.
    assert knot_days(campaign, "online", campaign.phases) == (day("13/3"), day("9/4"))


@pytest.mark.parametrize("first", [(30, 100, None, "over"), (None, None, 30.0)], ids=["a bound", "a percent alone"])
def test_path_of_a_sum_begins_with_the_first_figure_that_may_be_added(small: Small, first: tuple):
    """A unit's own begins with what it told first, a bound by the figure written."""
    small.set_central("payment", "20")
    small.load(("X3", "payment", "5/3", *first), ("X4", "payment", "6/3", 10, 100))

    before, begun = small.standing("5/3"), small.standing("6/3")

    assert (before["X3", "payment"].trajectory, before["H2", "payment"].trajectory) == (30, None)
    assert begun["H2", "payment"].trajectory == 10
    assert small.differences() == []


def test_corners_are_where_a_path_told_day_by_day_turns():
    result = [(day(f"{number}/3"), value) for number, value in ((4, 40.0), (5, 41.0), (6, 42.0), (7, 44.0), (8, 46.0))]

    assert corners_of(result) == ((day("4/3"), 40.0), (day("6/3"), 42.0), (day("8/3"), 46.0))


@pytest.mark.parametrize("path", [[], [(day("4/3"), 40.0)]])
def test_corners_of_hardly_anything_are_it(path: list):
    assert corners_of(path) == tuple(path)


def test_path_known_on_some_days_rests_between_them_when_nobody_works():
    """From Thursday to Tuesday: Friday, Monday and Tuesday carry a third each, the weekend nothing."""
    found = day_by_day([(day("7/3"), 40.0), (day("12/3"), 43.0)], small_campaign())

    assert [value for _, value in found] == pytest.approx([40.0, 41.0, 41.0, 41.0, 42.0, 43.0])
    assert [when.day for when, _ in found] == [7, 8, 9, 10, 11, 12]


def test_path_of_nothing_is_nothing():
    assert day_by_day([], small_campaign()) == []
