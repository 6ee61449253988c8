"""Everybody on one indicator as finished words and charts, in the states that they may be in."""

import json
from dataclasses import replace
from datetime import date

import pytest

from models.core.texts import LANGUAGES, text
from pages.overview.view import focus_view


@pytest.fixture
def view_of(make_overview, with_levels, focus, unit_names):
    """The blocks on the online rate; what is known of the units and fields of the overview may be replaced."""

    def made(language="vi", found=focus, **changes):
        overview = make_overview(campaign=with_levels, **changes)
        return focus_view(overview, "online", found, unit_names, language)

    return made


def with_rows(focus, **known):
    return replace(focus, rows=tuple(replace(row, **known) for row in focus.rows))


def test_counts_of_a_level_add_up_to_its_units_and_the_first_shown_is_the_one_others_stand_below(view_of):
    view = view_of()

    assert {level.level: sum(level.counts.values()) for level in view.levels} == {
        "department": 1, "district": 3, "commune": 2,
    }  # fmt: skip
    assert view.first == "district"
    assert view.level("commune").level == "commune"
    assert view.level("province").level == "district"


def test_unit_to_press_is_told_with_points_cases_week_need_cause_and_head(view_of):
    unit, other = view_of().level("district").pressed

    assert (unit.name, unit.value, unit.points, unit.cases) == ("H1", "34,0%", "16,0", "160")
    assert (unit.week, unit.needed) == ("42%", "không kịp")
    assert (unit.cause, unit.head) == ("", "Nguyễn Văn A · 0905 000 000")
    assert (other.needed, other.cause, other.head) == ("81%", "nhân lực", "")


def test_where_no_share_of_cases_is_needed_points_a_week_are_told(view_of, focus):
    rows = with_rows(focus, share_needed=None)
    pressed = tuple(
        replace(
            each, pressed=tuple(replace(one, result=replace(one.result, share_needed=None)) for one in each.pressed)
        )
        for each in focus.attention
    )

    view = view_of(found=replace(rows, attention=pressed))

    assert not view.by_share
    assert [(unit.week, unit.needed) for unit in view.level("district").pressed] == [
        ("+1,5", "không kịp"), ("+1,5", "+5,6"),
    ]  # fmt: skip


def test_unit_with_a_confirmed_outside_cause_stands_apart_with_its_deadline(view_of):
    district = view_of().level("district")

    assert district.external == (("H3", "H3", "Đồng bộ chậm, hạn 25/04"),)
    assert "H3" not in [unit.row.unit for unit in district.pressed]


def test_units_with_few_cases_are_counted_and_not_named(view_of):
    commune = view_of().level("commune")

    assert not commune.pressed
    assert commune.small == "không nêu tên 94 đơn vị có ít hồ sơ (dưới 100)"
    assert not commune.empty


@pytest.mark.parametrize(
    ("standing", "changes", "said"),
    [
        ("met", {}, "attention.none"),
        ("no_target", {}, "attention.none_targeted"),
        ("insufficient", {}, "attention.none_reported"),
        ("insufficient", {"as_of": date(2024, 3, 10)}, "attention.not_begun"),
    ],
)
def test_list_without_anybody_says_why(view_of, focus, standing, changes, said):
    nobody = tuple(replace(part, pressed=(), external=(), behind=0, small=0) for part in focus.attention)
    found = replace(with_rows(focus, standing=standing), attention=nobody)

    assert [level.empty for level in view_of(found=found, **changes).levels] == [text(said, "vi")] * 3


def test_who_moved_is_told_with_the_unit_above_and_never_by_nothing(view_of, focus):
    commune = view_of().level("commune")

    assert [(unit.name, unit.place, unit.change) for unit in commune.up] == [("Một", "H1", "+6,2")]
    assert [(unit.name, unit.change) for unit in commune.down] == [("Hai", "−2,0")]
    still = with_rows(focus, week_change=0.01)
    assert not view_of(found=still).level("commune").up


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (1.5, "Không đơn vị nào giảm sút"),
        (-1.5, "Không đơn vị nào tiến bộ"),
        (0.01, "Không đơn vị nào thay đổi"),
        (None, "Chưa có hai lần số liệu cách nhau một tuần để so sánh"),
    ],
)
def test_that_nobody_fell_or_rose_is_said_where_somebody_would_look_for_who_did(view_of, focus, change, said):
    for level in view_of(found=with_rows(focus, week_change=change, coverage=1.0)).levels:
        assert level.still.startswith(said)
    assert not view_of().level("commune").still


def test_weeks_that_a_holiday_makes_unequal_are_said_to_be(view_of, focus):
    assert view_of().weeks == "Tuần này 4 ngày làm việc, tuần trước 3."
    assert view_of(found=replace(focus, working_days=3)).weeks == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_with_a_figure_is_a_dot_that_can_be_sent(view_of, language):
    for level in view_of(language).levels:
        assert len(level.dots["datasets"]["dots"]) == sum(level.counts.values())
        assert json.dumps(level.dots)
        assert level.dots_spoken


def test_dots_stand_by_their_results_where_nobody_has_a_target_and_are_none_without_figures(view_of, focus):
    no_target = with_rows(focus, target=None, gap=None, standing="no_target")

    assert view_of(found=no_target).level("commune").dots_title == "Kết quả của 2 đơn vị"
    assert view_of(found=with_rows(no_target, value=None)).level("commune").dots is None
    assert view_of().level("commune").dots_title == "1/2 đơn vị đã đạt"


def test_store_without_units_of_any_level_shows_none(view_of, focus):
    assert not view_of(found=replace(focus, rows=(), attention=())).levels
