"""Courses: a unit's or a group's days, the path owed, its milestones, and what is told of the due date."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from models.analysis.courses import find_courses
from models.analysis.group_courses import find_group_courses
from targets.errors import UnknownName
from targets.values import Knot
from tests.models.conftest import Small, day, on_each_engine, small_campaign, small_files, with_indicator


def course_of(small, unit, when, *, indicator="online", **other):
    found = small.asked(find_courses, unit=unit, as_of=day(when), **other)
    return next(course for course in found.lines if course.result.indicator == indicator)


def group_of(small, level, when, *, indicator="online", **other):
    found = small.asked(find_group_courses, level=level, as_of=day(when), **other)
    return next(course for course in found.lines if course.result.indicator == indicator)


def tell_daily(small: Small, *units: str, first: str = "4/3", last: str = "20/3", start: int = 40) -> None:
    """Ten more cases a day, of which four or more are right."""
    rows = []
    for place, unit in enumerate(units):
        when, number = day(first), 1
        while when <= day(last):
            rows.append((unit, "online", f"{when.day}/{when.month}", (start + 5 * place) * number // 10, 10 * number))
            when, number = when + timedelta(days=1), number + 1
    small.load(*rows)


# --- a unit ---------------------------------------------------------------------------------------------------------


def test_course_is_the_row_of_standing_with_its_days_and_milestones(small):
    tell_daily(small, "S1")

    found = course_of(small, "S1", "20/3")

    assert found.result == small.standing("20/3")["S1", "online"]
    assert [(one.phase, one.due, one.target) for one in found.milestones] == [
        ("first", day("22/3"), 50.0),
        ("second", day("12/4"), 60.0),
    ]
    assert all(one.is_proposed for one in found.milestones)
    assert [past.day for past in found.days][-1] == day("20/3")


def test_path_leads_from_the_baseline_through_both_targets(small):
    tell_daily(small, "S1")

    path = course_of(small, "S1", "20/3").path

    # Weekends are flat: the line turns on each Friday and Sunday between.
    turns = ("3/3", "8/3", "10/3", "15/3", "17/3", "22/3", "24/3", "29/3", "31/3", "5/4", "7/4", "12/4")
    assert [when for when, _ in path] == [day(when) for when in turns]
    owed = dict(path)
    assert [owed[day(when)] for when in ("3/3", "22/3", "12/4")] == pytest.approx([40, 50, 60])
    assert owed[day("8/3")] == owed[day("10/3")] == pytest.approx(40 + 10 * 5 / 15)


@pytest.mark.soak
def test_path_without_a_baseline_begins_with_the_first_figure(small):
    tell_daily(small, "S1", first="6/3")
    small.load(("S2", "timeliness", "6/3", 9, 10))

    found = course_of(small, "S2", "20/3", indicator="timeliness")

    assert found.path[0] == (day("6/3"), 90.0)


def test_target_that_was_raised_keeps_the_old_path_up_to_its_day_and_is_told(small):
    tell_daily(small, "S1")
    small.register("S1", "online", "first", "68.5", when="13/3 10:00")

    found = course_of(small, "S1", "20/3")

    [change] = found.changes
    assert (change.day, change.phase, change.before, change.after) == (day("13/3"), "first", 50.0, 68.5)
    on_the_13th = 40 + 10 * 8 / 15
    assert dict(found.path)[day("13/3")] == pytest.approx(on_the_13th)
    assert dict(found.path)[day("22/3")] == 68.5


def test_target_that_was_recorded_before_the_campaign_changes_nothing(small):
    tell_daily(small, "S1")

    assert course_of(small, "S1", "20/3").changes == ()


def test_change_to_come_is_not_told_yet(small):
    tell_daily(small, "S1")
    small.register("S1", "online", "first", "68.5", when="19/3 10:00")

    assert course_of(small, "S1", "12/3").changes == ()


def test_path_bends_at_its_knots_and_names_them(small):
    knots = (Knot("first", Decimal(50), Decimal(20)), Knot("second", Decimal(50), Decimal(80)))
    small.found(small_files(with_indicator(small_campaign(), "online", knots=knots)), when="1/3 09:00")
    tell_daily(small, "S1")

    found = course_of(small, "S1", "12/3")

    # 7.5 working days into their phases: drawn on the eighth.
    assert [when for when, _ in found.knots] == [day("13/3"), day("3/4")]
    assert found.knots[0][1] < 43
    assert found.knots[1][1] > 57


def test_units_own_dates_are_its_milestones(small):
    tell_daily(small, "S2")

    found = small.asked(find_courses, unit="S2", as_of=day("20/3"))

    assert found.phase.key == "second"
    assert found.lines[2].milestones[0].due == day("13/3")


def test_named_phase_is_shown_instead_of_the_running_one(small):
    tell_daily(small, "S1")

    found = small.asked(find_courses, unit="S1", as_of=day("20/3"), phase="second")

    assert (found.phase.key, found.lines[2].result.target) == ("second", 60.0)


@pytest.mark.daily(2)
@pytest.mark.parametrize(
    ("first", "when", "days"), [("4/3", "8/3", 5), ("4/3", "29/3", 20), ("11/3", "15/3", 10), ("25/3", "12/4", 14)]
)
def test_days_of_counting_are_those_a_projection_looks_back_on(small, first, when, days):
    tell_daily(small, "S1", first=first, last=when)

    found = course_of(small, "S1", when)

    assert found.counted_days == days
    assert (found.result.projection is None) == (days < 10)


def test_period_that_ends_before_the_due_date_is_said(small):
    small.found(small_files(with_indicator(small_campaign(), "online", basis="month")), when="1/3 09:00")
    tell_daily(small, "S1")

    found = course_of(small, "S1", "20/3", phase="second")

    assert found.ends_before_due
    assert found.result.projection is None
    assert not course_of(small, "S1", "20/3").ends_before_due


@pytest.mark.soak
def test_unit_that_never_told_has_its_path_and_no_days_of_counting(small):
    tell_daily(small, "S1")

    found = course_of(small, "X1", "20/3")

    assert found.counted_days == 0
    assert found.path[0] == (day("3/3"), 20.0)


@pytest.mark.parametrize("asked", [{"unit": "ABC"}, {"unit": "S1", "phase": "third"}])
def test_unknown_unit_or_phase_is_refused(small, asked):
    with pytest.raises(UnknownName):
        small.asked(find_courses, as_of=day("20/3"), **asked)


# --- a group --------------------------------------------------------------------------------------------------------


def test_group_adds_up_counts_and_weighs_targets_by_cases(small):
    small.load(("X1", "online", "20/3", 30, 100), ("X3", "online", "20/3", 150, 300))
    small.register("X1", "online", "first", "70", when="2/3 08:00")

    found = group_of(small, "commune", "20/3")

    row = found.result
    assert (row.numerator, row.denominator, row.value) == (180, 400, 45.0)
    assert row.target == pytest.approx((70 * 100 + 50 * 300) / 400)
    assert row.baseline == pytest.approx((20 * 100 + 35 * 300) / 400)
    rows = small.standing("20/3")
    owed = [rows[unit, "online"].trajectory for unit in ("X1", "X3")]
    assert row.trajectory == pytest.approx((owed[0] * 100 + owed[1] * 300) / 400)
    assert (found.counted, found.expected) == (2, 4)


def test_group_that_owes_nothing_has_exactly_arrived(small):
    small.load(("X1", "online", "20/3", 60, 100), ("X3", "online", "20/3", 40, 100))

    assert group_of(small, "commune", "20/3").result.standing == "met"


@on_each_engine
def test_group_of_one_unit_is_that_unit(small):
    """One department tells: what the group's rows add up to is what the unit's own row says."""
    tell_daily(small, "S1")

    ours, its = group_of(small, "department", "20/3").result, small.standing("20/3")["S1", "online"]

    for name in (
        "numerator", "denominator", "value", "target", "trajectory", "gap", "cases_missing", "share_needed",
        "attainable", "expected_cases", "pace", "needed_pace", "projection", "low", "high", "probability", "standing",
        "by", "week_value", "week_change",
    ):  # fmt: skip
        assert getattr(ours, name) == pytest.approx(getattr(its, name)), name


def test_unit_that_has_ended_is_in_the_look_back_of_the_group_that_has_its_past(small):
    tell_daily(small, "X5", last="10/3", start=90)
    tell_daily(small, "X3", last="20/3", start=40)

    found = group_of(small, "commune", "20/3")

    # What X5 had done went over to X3: neither the sum of the days nor the pace knows that it has gone.
    values = {past.day: past.value for past in found.days}
    assert values[day("10/3")] == pytest.approx(values[day("11/3")], abs=2)
    assert found.result.pace == pytest.approx(small.standing("20/3")["X3", "online"].pace)


def test_day_on_which_no_count_moved_was_told_by_nobody(small):
    small.load(("S1", "online", "5/3", 40, 100), ("S1", "online", "7/3", 50, 110))

    found = {past.day: past for past in group_of(small, "department", "7/3").days}

    assert found[day("5/3")].reading_as_of == day("5/3")
    assert found[day("6/3")].reading_as_of is None
    assert found[day("6/3")].value == 40.0
    assert found[day("7/3")].reading_as_of == day("7/3")


def test_group_without_counts_says_how_many_it_rests_on(small):
    small.load(("S1", "online", "20/3", None, None, 44.0))

    found = group_of(small, "department", "20/3")

    assert found.result.value is None
    assert (found.result.standing, found.counted, found.expected) == ("no_target", 0, 2)


def test_group_whose_figures_have_grown_old_projects_nothing(small):
    tell_daily(small, "S1", last="12/3")
    small.load(("X1", "online", "21/3", 1, 10))

    found = group_of(small, "department", "21/3")

    assert found.result.projection is None
    assert not found.days[-1].is_fresh


def test_month_that_begins_anew_is_no_fall_of_a_group(small):
    small.found(small_files(with_indicator(small_campaign(), "online", basis="month")), when="1/3 09:00")
    tell_daily(small, "S1", last="29/3")
    tell_daily(small, "S1", first="1/4", last="12/4", start=60)

    ours, its = group_of(small, "department", "12/4").result, small.standing("12/4")["S1", "online"]

    assert ours.pace == pytest.approx(its.pace)
    assert ours.projection == pytest.approx(its.projection)


@pytest.mark.daily(1)
@pytest.mark.parametrize("when", ["3/3", "25/3"])
def test_group_on_a_day_that_is_not_kept_is_worked_out(small, when):
    tell_daily(small, "S1", last="20/3")

    found = group_of(small, "department", when)

    assert found.result.reading_as_of == (None if when == "3/3" else day("20/3"))
    assert found.milestones[0].due == day("22/3")


def test_group_of_an_ended_phase_keeps_its_result(small):
    tell_daily(small, "S1", last="29/3")

    found = group_of(small, "department", "29/3", phase="first")

    assert (found.result.as_of, found.result.reading_as_of) == (day("22/3"), day("22/3"))
    assert found.result.standing == small.standing("29/3", phase="first")["S1", "online"].standing


def test_group_path_follows_its_units_and_their_knots(small):
    knots = (Knot("second", Decimal(50), Decimal(80)),)
    small.found(small_files(with_indicator(small_campaign(), "online", knots=knots)), when="1/3 09:00")
    tell_daily(small, "X3", "X4")

    found = group_of(small, "commune", "20/3")

    assert found.path[0] == (day("3/3"), 35.0)
    assert [when for when, _ in found.knots] == [day("3/4")]
    assert found.path[-1] == (day("12/4"), 60.0)


@pytest.mark.parametrize("asked", [{"level": "ward"}, {"level": "commune", "phase": "third"}])
def test_unknown_level_or_phase_is_refused(small, asked):
    with pytest.raises(UnknownName):
        small.asked(find_group_courses, as_of=day("20/3"), **asked)


@pytest.mark.soak
def test_campaign_without_an_end_of_its_last_phase_shows_it_without_a_due_date(small):
    tell_daily(small, "S1", last="12/4")
    campaign = small_campaign()

    found = small.asked(find_courses, unit="S1", as_of=date(2024, 4, 20))

    assert found.phase.key == campaign.phases[-1].key
    assert found.phase == replace(campaign.phases[-1])
    assert found.lines[2].path[-1][0] == date(2024, 4, 20)
