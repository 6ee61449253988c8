"""The province and the levels are judged only where enough of their units, and of their usual cases, are known."""

from decimal import Decimal

import pytest

from models.analysis.group_courses import find_group_courses
from models.results.overview import find_overview
from tests.models.conftest import Small, at, day, on_each_engine, postgresql_in_soak, small_campaign, small_files

# After 10 March the province asks S1, S2, H1 and, where these do not tell with all below, H2, X3 and X4.
WHOLE = (
    ("S1", "online", "15/3", 60, 100),
    ("S2", "online", "15/3", 60, 100),
    ("H1", "online", "15/3", 60, 100),
    ("H2", "online", "15/3", 60, 100),
)


def of_province(small: Small, when: str, **asked):
    return small.standing(when, **asked)["P", "online"]


def with_least(small: Small, least: int) -> None:
    small.found(small_files(small_campaign(least_coverage=Decimal(least))))


@on_each_engine
def test_few_units_are_no_success_of_the_province(small):
    small.load(WHOLE[0])

    row = of_province(small, "15/3")

    # S1 alone of S1, S2, and the four communes and two districts that would answer for themselves
    assert (row.standing, row.by, row.value) == ("insufficient", None, 60.0)
    assert row.is_thin
    assert row.coverage == pytest.approx(1 / 8)
    assert (row.projection, row.probability, row.pace) == (None, None, None)
    assert small.differences() == []


@postgresql_in_soak
def test_province_is_judged_once_half_of_its_units_have_told(small):
    small.load(*WHOLE[:2], ("H1", "online", "15/3", 60, 100))

    row = of_province(small, "15/3")

    # three of S1, S2, H1, H2, X3 and X4
    assert (row.coverage, row.standing, row.is_thin) == (0.5, "met", False)


def test_unit_and_district_of_their_own_are_judged_as_before(small):
    small.load(WHOLE[0], WHOLE[2])

    standing = small.standing("15/3")

    assert standing["S1", "online"].standing == "met"
    assert standing["H1", "online"].standing == "met"


@postgresql_in_soak
def test_province_waits_for_those_with_most_of_its_usual_cases(small):
    others = (WHOLE[0], WHOLE[1], WHOLE[3])
    small.load(("H1", "online", "8/3", 400, 1_000), *(replace_day(row, "8/3") for row in others))
    small.load(*others)

    row = of_province(small, "15/3")

    # H1 is silent, its two communes are asked for it: half have told, but only 300 of 1,300 cases
    assert (row.coverage, row.value, row.standing) == (0.5, 60.0, "insufficient")
    assert small.differences() == []


def replace_day(row, when):
    return (*row[:2], when, *row[3:])


def test_sum_in_which_nothing_is_fresh_is_out_of_date_not_thin(small):
    small.load(WHOLE[0])

    assert of_province(small, "28/3").standing == "stale"


def test_few_units_without_cases_say_nothing_of_the_province(small):
    small.load(("S1", "online", "15/3", 0, 0))

    assert of_province(small, "15/3").standing == "insufficient"


def test_campaign_says_how_much_is_enough(small):
    small.load(WHOLE[0])
    with_least(small, 12)

    assert of_province(small, "15/3").standing == "met"

    with_least(small, 13)
    assert of_province(small, "15/3").standing == "insufficient"


def test_what_was_enough_at_a_moment_follows_the_settings_of_that_moment(small):
    small.load(WHOLE[0], when="15/3 10:00")
    small.found(small_files(small_campaign(least_coverage=Decimal(0))), when="16/3 10:00")

    assert of_province(small, "15/3", known_at=at("15/3 12:00")).standing == "insufficient"
    assert of_province(small, "15/3", known_at=at("16/3 12:00")).standing == "met"


@pytest.mark.parametrize("when", ["15/3", "18/3"], ids=["a kept day", "a day after the last"])
def test_overview_says_how_many_units_a_thin_figure_is_of(small, when):
    small.load(WHOLE[0])

    found = small.asked(find_overview, as_of=day(when))

    assert found.targets_met == 0
    assert found.in_sums == {"online": (1, 8)}


def test_overview_of_an_ended_phase_counts_the_units_of_its_last_day(small):
    small.load(replace_day(WHOLE[0], "22/3"))
    small.load(*(replace_day(row, "25/3") for row in WHOLE))

    assert small.asked(find_overview, as_of=day("25/3")).in_sums == {}
    assert small.asked(find_overview, as_of=day("25/3"), phase="first").in_sums == {"online": (1, 8)}


def course_of(small: Small, level: str):
    lines = small.asked(find_group_courses, level=level, as_of=day("15/3")).lines
    return next(line.result for line in lines if line.result.indicator == "online")


def test_level_is_judged_as_the_province_is(small):
    small.load(("X1", "online", "15/3", 60, 100))

    thin = course_of(small, "commune")
    small.load(("X3", "online", "15/3", 60, 100))
    enough = course_of(small, "commune")

    # one, then two of four communes
    assert (thin.standing, thin.value, thin.projection, thin.is_thin) == ("insufficient", 60.0, None, True)
    assert enough.standing != "insufficient"


def test_level_waits_for_those_with_most_of_its_usual_cases(small):
    small.load(("X1", "online", "8/3", 10, 1_000), ("X2", "online", "8/3", 1, 10), ("X3", "online", "8/3", 1, 10))
    small.load(("X2", "online", "15/3", 12, 20), ("X3", "online", "15/3", 12, 20))

    assert course_of(small, "commune").standing == "insufficient"
