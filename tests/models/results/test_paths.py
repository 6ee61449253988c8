"""The path ahead of a unit as corners: the same that its rows owe day by day."""

from decimal import Decimal

import pytest

from models.results.paths import corners_of, path_ahead, without_rest
from targets.values import Knot
from tests.models.conftest import Small, day, small_campaign, small_files, with_indicator

TARGETS = {"first": 50.0, "second": 60.0}


def ahead(since: str, value: float, **other: object) -> list[tuple[object, float]]:
    campaign = small_campaign()
    result: dict = {"knots": (), "targets": TARGETS, "last": campaign.end, "phases": campaign.phases} | other
    return list(path_ahead(campaign, since=(day(since), value), **result))


def test_path_ahead_leads_through_every_milestone_to_come():
    assert ahead("12/3", 44.0) == [(day("12/3"), 44.0), (day("22/3"), 50.0), (day("12/4"), 60.0)]


def test_path_ahead_stays_what_was_owed_after_the_last_milestone():
    assert ahead("12/4", 60.0, last=day("20/4")) == [(day("12/4"), 60.0), (day("20/4"), 60.0)]


def test_path_ahead_is_unknown_without_any_target():
    assert ahead("12/3", 44.0, targets={}) == []


def test_path_ahead_is_the_one_that_rows_owe_day_by_day(small: Small):
    knots = (Knot("first", Decimal(50), Decimal(20)), Knot("second", Decimal(80), Decimal(90)))
    small.found(small_files(with_indicator(small_campaign(), "online", knots=knots)), when="1/3 09:00")
    small.load(("S1", "online", "12/4", 90, 200))
    owed = {when: small.standing(when)["S1", "online"].trajectory for when in ("5/3", "14/3", "22/3", "8/4", "12/4")}

    path = dict(ahead("5/3", owed["5/3"] or 0.0, knots=knots))

    # Knots fall between days: 9.5 days after the 3rd and 16.8 after the 22nd are drawn at the nearest day.
    assert set(path) == {day("5/3"), day("12/3"), day("22/3"), day("8/4"), day("12/4")}
    assert path[day("22/3")] == pytest.approx(owed["22/3"])
    assert path[day("12/3")] == pytest.approx(small.standing("12/3")["S1", "online"].trajectory)
    assert path[day("8/4")] == pytest.approx(owed["8/4"])


def test_corners_are_where_a_path_told_day_by_day_turns():
    result = [(day(f"{number}/3"), value) for number, value in ((4, 40.0), (5, 41.0), (6, 42.0), (7, 44.0), (8, 46.0))]

    assert corners_of(result) == ((day("4/3"), 40.0), (day("6/3"), 42.0), (day("8/3"), 46.0))


@pytest.mark.parametrize("path", [[], [(day("4/3"), 40.0)]])
def test_corners_of_hardly_anything_are_it(path: list):
    assert corners_of(path) == tuple(path)


def test_days_of_rest_put_no_step_into_a_line():
    result = [(day("8/3"), 42.0), (day("9/3"), 42.0), (day("10/3"), 42.0), (day("11/3"), 44.0), (day("16/3"), 50.0)]

    assert without_rest(result, small_campaign()) == [result[0], result[3], result[4]]
