"""Pace and projection in words: what is said, and what is left unsaid."""

import pytest

from jobs.wording import results as wording
from models.core.texts import LANGUAGES
from pages.kit import sentences
from pages.overview import sentences as overview_sentences


@pytest.fixture
def row(make_result):
    """Behind, four weeks before its due date: 44.9 % of 50 %, 2.4 points a week needed, 48.7 % expected."""

    def made(**known):
        shown = {"value": 44.9, "target": 50.0, "pace": 1.7, "needed_pace": 2.4, "projection": 48.7, "days_left": 18}
        return make_result("online", "high_risk", **(shown | known))

    return made


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "ước đạt 48,7%"),
        ({"projection": None}, ""),
        ({"days_left": 0}, ""),
        ({"days_left": None}, ""),
        ({"projection": 49.99}, "ước đạt 49,9%"),
    ],
    ids=["as it is", "nothing is projected", "due today", "open-ended", "never rounded up to the target"],
)
def test_projection_is_told_until_the_due_date(row, known, said):
    assert wording.projection(row(**known), "vi") == said


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({}, "cần +2,4"),
        ({"days_left": 5}, "cần +2,4"),
        ({"days_left": 4, "needed_pace": 104.2}, "còn 4 ngày làm việc"),
        ({"days_left": 1, "needed_pace": 300.0}, "còn 1 ngày làm việc"),
        ({"days_left": 0, "needed_pace": 300.0}, "hôm nay đến hạn"),
        ({"needed_pace": 0.0}, ""),
        ({"needed_pace": None}, ""),
        ({"standing": "missed"}, ""),
    ],
)
def test_with_less_than_a_week_left_days_are_told_instead_of_a_weekly_pace(make_result, row, known, said):
    standing = known.pop("standing", None)
    of = row(**known) if standing is None else make_result("online", standing, needed_pace=9.0, days_left=18)

    assert wording.needed(of, "vi") == said


def test_pace_is_told_in_points_a_week(row):
    assert wording.pace(row(), "vi") == "+1,7 điểm phần trăm/tuần"
    assert wording.pace(row(pace=-0.4), "vi") == "−0,4 điểm phần trăm/tuần"
    assert wording.pace(row(pace=None), "vi") == ""


def test_ratio_of_pace_is_that_of_both_and_unknown_where_nothing_is_needed(row):
    assert row().pace_ratio == pytest.approx(1.7 / 2.4)
    assert row(needed_pace=0.0).pace_ratio is None
    assert row(pace=None).pace_ratio is None


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ((), ""),
        (("probability",), ""),
        (("gap", "gap"), "Tình hình theo khoảng cách so với lộ trình."),
        (("probability", "gap"), "Tiến độ giải quyết: tình hình theo khoảng cách."),
    ],
)
def test_indicators_judged_by_gap_are_named_beside_others_that_are_not(campaign, make_result, by, said):
    keys = ("online", "timeliness")[-len(by) :] if len(by) == 1 else ("online", "timeliness")
    rows = [make_result(key, "at_risk", by=one) for key, one in zip(keys, by, strict=False)]

    assert sentences.judged_by(rows, campaign, "vi") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_units_judged_by_gap_are_counted_beside_others_that_are_not(make_result, language):
    rows = [make_result("online", "at_risk", by=by) for by in ("probability", "gap", "gap", None)]

    both, all_known = sentences.units_judged_by(rows, language), sentences.units_judged_by(rows[:1], language)

    assert " 2 " in both
    assert all_known
    assert sentences.units_judged_by(rows[3:], language) == ""
    assert sentences.units_judged_by(rows[1:3], language) not in (both, all_known, "")


@pytest.mark.parametrize(
    ("known", "week", "needed"),
    [
        ({"share_needed": 80.2, "week_value": 42.9}, "42%", "81%"),
        ({"share_needed": 130.0, "week_value": 42.9}, "42%", "không kịp"),
        ({"share_needed": 80.2, "standing": "out_of_reach"}, "", "không kịp"),
        ({}, "+1,5", "+5,6"),
        ({"days_left": 3}, "+1,5", ""),
        ({"standing": "missed"}, "+1,5", ""),
        ({"needed_pace": None, "week_change": None}, "", ""),
    ],
)
def test_pressed_unit_is_told_what_its_week_had_and_what_it_takes(make_result, known, week, needed):
    shown = {"value": 34.0, "target": 50.0, "needed_pace": 5.6, "week_change": 1.5, "days_left": 18} | known
    row = make_result("online", shown.pop("standing", "unlikely"), **shown)
    by_share = row.share_needed is not None

    assert overview_sentences.week(row, "vi", by_share=by_share) == week
    assert overview_sentences.needed(row, "vi", by_share=by_share) == needed
