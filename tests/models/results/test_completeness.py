"""Who has told their figures and who has not. The small campaign: S1, S2, H1 with X1 and X2, H2 with X3, X4, X5."""

import pytest

from models.results.completeness import find_completeness, find_deciding
from models.tables import UnitRow
from tests.models.conftest import day, on_each_engine, postgresql_in_soak

EVERYTHING = ("publicity", "timeliness", "online", "payment")


def result(small, unit, when):
    """A unit tells all its indicators about a day."""
    small.load(*((unit, key, when, 9, 20) for key in EVERYTHING))


def units_on(small, when):
    return {unit.code: unit for unit in small.asked(find_completeness, as_of=day(when)).units}


@postgresql_in_soak
def test_each_unit_has_told_uses_older_figures_or_has_never_told(small):
    result(small, "S1", "15/3")
    result(small, "S2", "14/3")
    result(small, "H1", "8/3")

    found = units_on(small, "15/3")

    assert {code: unit.reporting for code, unit in found.items() if code in ("S1", "S2", "H1", "X1")} == {
        "S1": "told",
        "S2": "old",
        "H1": "old",
        "X1": "never",
    }


@pytest.mark.daily(1)
@on_each_engine
def test_a_past_day_is_answered_as_the_day_ahead_of_it_was(small):
    result(small, "S1", "11/3")
    result(small, "S2", "15/3")

    found = units_on(small, "12/3")

    assert (found["S1"].reporting, found["S1"].last) == ("told", day("11/3"))
    assert (found["S2"].reporting, found["S2"].last) == ("never", None)


@pytest.mark.soak
def test_past_day_knows_which_figures_were_stale_on_it(small):
    result(small, "S1", "4/3")
    result(small, "S2", "20/3")

    assert units_on(small, "15/3")["S1"].reporting == "old"


def test_working_days_since_the_newest_figure_are_counted(small):
    result(small, "S1", "8/3")

    found = units_on(small, "12/3")

    # Friday to Tuesday are two working days; silence counts from the day before the campaign's start.
    assert (found["S1"].working_days, found["X1"].working_days) == (2, 7)


def test_unit_that_tells_some_indicators_names_the_others(small):
    result(small, "S2", "15/3")
    small.load(("S1", "online", "15/3", 9, 20))

    unit = units_on(small, "15/3")["S1"]

    assert unit.reporting == "lacking"
    assert unit.silent == tuple(key for key in EVERYTHING if key != "online")


def test_figure_stays_fresh_as_long_as_its_source_allows(small):
    result(small, "S1", "13/3")

    on_the_last_day, a_day_later = units_on(small, "18/3")["S1"], units_on(small, "19/3")["S1"]

    assert (on_the_last_day.reporting, a_day_later.reporting) == ("told", "old")


def test_province_is_pooled_and_asked_for_nothing(small):
    assert "P" not in units_on(small, "15/3")


def test_unit_that_no_longer_exists_is_not_waited_for(small):
    assert "X5" in units_on(small, "10/3")
    assert "X5" not in units_on(small, "11/3")


def test_unit_below_another_names_it_and_others_do_not(small):
    found = units_on(small, "15/3")

    assert (found["X1"].parent_name, found["S1"].parent_name, found["H1"].parent_name) == (
        found["H1"].name,
        None,
        None,
    )


def test_who_answers_for_a_unit_stands_beside_it(small):
    with small.store.writing() as session:
        row = session.get_one(UnitRow, small.ids["S1"])
        row.head_title, row.head_name, row.head_phone = "Giám đốc", "Nguyễn Văn A", "0900"
        session.add(row)

    head = units_on(small, "15/3")["S1"].head

    assert (head.title, head.name, head.phone) == ("Giám đốc", "Nguyễn Văn A", "0900")


def test_before_the_first_figure_nobody_has_told(small):
    known = small.asked(find_completeness, as_of=day("15/3"))

    assert known.newest is None
    assert {unit.reporting for unit in known.units} == {"never"}


def test_before_the_campaign_nothing_is_looked_for(small):
    result(small, "S1", "15/3")

    assert {unit.reporting for unit in small.asked(find_completeness, as_of=day("1/3")).units} == {"never"}


def test_newest_day_is_that_of_any_unit(small):
    result(small, "S1", "14/3")
    result(small, "S2", "15/3")

    assert small.asked(find_completeness, as_of=day("20/3")).newest == day("15/3")


@postgresql_in_soak
def test_source_decides_as_many_units_as_have_its_figures_judged(small):
    small.load(("S1", "online", "15/3", 9, 20), ("S2", "online", "15/3", 9, 20))
    small.load(("S1", "online", "15/3", 9, 20), ("X1", "online", "15/3", 9, 20), source="file")

    assert small.asked(find_deciding) == {"online": {"igate": 2, "file": 1}}


def test_a_day_is_complete_once_enough_units_have_told_it(small):
    """Nine units, of which half are enough: five."""
    for unit in ("S1", "S2", "H1", "X1"):
        result(small, unit, "8/3")
    before = small.asked(find_completeness, as_of=day("8/3"))
    result(small, "X2", "7/3")
    partly = small.asked(find_completeness, as_of=day("8/3"))
    result(small, "X3", "8/3")
    found = small.asked(find_completeness, as_of=day("8/3"))

    assert (before.complete, partly.complete, found.complete) == (None, day("7/3"), day("8/3"))
    assert [known.told.told for known in (before, partly, found)] == [4, 4, 5]
