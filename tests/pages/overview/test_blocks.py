"""The overview's blocks as finished words and charts, in the states that they may be in."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.core.texts import LANGUAGES, text
from models.readings.arrivals import SourceDay
from models.readings.disagreements import DisagreeingUnit
from pages.overview.view import focus_view, freshness_view


@pytest.fixture
def focus(make_overview, with_levels, focus_parts):
    """The blocks on the online rate; parts and fields of the overview may be replaced."""

    def made(language="vi", indicator="online", **changes):
        parts = {name: changes.pop(name, known) for name, known in focus_parts.items()}
        return focus_view(make_overview(campaign=with_levels, **changes), indicator, **parts, language=language)

    return made


def words(view):
    return str(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parts_of_a_level_add_up_to_its_units(focus, language):
    units = {level.level: sum(part.units for part in level.parts) for level in focus(language).levels}

    assert units == {"department": 20, "district": 17, "commune": 220}


def test_parts_stand_from_the_worst_to_the_best_and_then_those_that_cannot_be_judged(focus):
    department, district, commune = focus().levels

    assert [part.standing for part in district.parts] == ["missed", "unlikely", "met"]
    assert [part.standing for part in department.parts] == ["at_risk", "met", "stale"]
    assert [part.standing for part in commune.parts] == ["high_risk", "met", "no_cases", "insufficient"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_bar_is_described_with_all_its_counts(focus, language):
    for level in focus(language).levels:
        assert all(f"{part.words} {part.units}" in level.spoken for part in level.parts)


def test_unit_to_press_is_told_with_points_cases_pace_cause_and_head(focus):
    unit = focus().pressed[1].units[0]

    assert unit.shortfall == "thiếu 16,0 điểm phần trăm · 160 hồ sơ"
    assert unit.details == (
        "riêng đơn vị 48, trực thuộc 112",
        "tuần này +1,5, cần +5,6/tuần",
        "chưa nêu nguyên nhân",
        "Nguyễn Văn A · 0905 000 000",
    )


def test_cause_that_nobody_confirmed_says_so(focus):
    assert "nhân lực (chưa xác nhận)" in focus().pressed[1].units[1].details


def test_unit_with_a_confirmed_outside_cause_stands_apart_with_its_deadline(focus):
    district = focus().pressed[1]

    assert [unit.code for unit in district.external] == ["H3"]
    assert "H3" not in [unit.code for unit in district.units]
    assert "Đồng bộ chậm (đã xác nhận, hạn 25/04)" in district.external[0].details


def test_units_with_few_cases_are_counted_and_not_named(focus):
    commune = focus().pressed[2]

    assert not commune.units
    assert commune.small == "không nêu tên 94 đơn vị có ít hồ sơ (dưới 100)"


@pytest.mark.parametrize(
    ("standings", "changes", "said"),
    [
        ("met", {}, "attention.none"),
        ("no_target", {}, "attention.none_targeted"),
        ("insufficient", {}, "attention.none_reported"),
        ("insufficient", {"as_of": date(2024, 3, 10)}, "attention.not_begun"),
    ],
)
def test_list_without_anybody_says_why(focus, focus_parts, standings, changes, said):
    counts = [replace(count, standing=standings) for count in focus_parts["counts"]]
    nobody = [replace(part, pressed=(), external=(), behind=0, small=0) for part in focus_parts["attention"]]

    view = focus(counts=counts, attention=nobody, **changes)

    assert [level.empty for level in view.pressed] == [text(said, "vi")] * 3


def test_movers_are_told_with_their_cases_of_the_week(focus):
    view = focus()

    assert (view.up[0].change, view.up[0].figures) == ("+6,2", "50,1% · 56 hồ sơ tuần này")
    assert (view.down[0].change, view.down[0].figures) == ("−2,0", "17,7% · 22 hồ sơ tuần này")


def test_weeks_that_a_holiday_makes_unequal_are_said_to_be(focus, focus_parts):
    assert focus().weeks == "Tuần này 4 ngày làm việc, tuần trước 3."

    equal = replace(focus_parts["movers"], working_days=5, working_days_before=5)
    assert focus(movers=equal).weeks == "Mỗi tuần 5 ngày làm việc."


def test_week_without_anything_to_compare_says_so(focus, focus_parts):
    nobody = replace(focus_parts["movers"], up=(), down=())

    assert focus(movers=nobody).movers_empty == text("movers.none", "vi")


def test_movers_of_a_stock_are_told_with_what_was_done_and_not_with_what_arrived(focus, focus_parts):
    [row] = focus_parts["movers"].up
    movers = replace(focus_parts["movers"], up=(replace(row, week_numerator=35, week_denominator=0),))

    assert focus(indicator="publicity", movers=movers).up[0].figures == "50,1% · 35 thủ tục đạt thêm tuần này"


@pytest.mark.parametrize("language", LANGUAGES)
def test_store_without_units_of_any_level_says_so(focus, language):
    view = focus(language, counts=[])

    assert not view.levels
    assert not view.pressed
    assert view.standings_empty == text("standings.none", language)


def test_level_of_one_unit_is_a_whole_bar(focus, focus_parts):
    [count] = [count for count in focus_parts["counts"] if count.level == "department" and count.standing == "stale"]

    [level] = focus(counts=[count]).levels

    assert [part.units for part in level.parts] == [1]


def test_level_of_eleven_thousand_units_is_written_with_separators(focus, focus_parts):
    counts = [replace(count, units=count.units * 1_000) for count in focus_parts["counts"]]

    assert focus(counts=counts).levels[2].title == "UBND cấp xã: 220.000 đơn vị"


def test_every_block_can_be_kept_and_sent(focus):
    assert all(json.dumps(level.chart) for level in focus().levels)


@pytest.fixture
def fresh(make_overview, with_levels):
    """The strip of the fortnight to 20 April, a Saturday; `units` has one number a day."""

    def made(units, language="vi", disagreeing=()):
        overview = make_overview(campaign=with_levels)
        days = [overview.as_of - timedelta(days=back) for back in reversed(range(14))]
        got = [SourceDay("demonstration", day, number) for day, number in zip(days, units, strict=True)]
        days_off = {day for day in days if day.weekday() > 4 or day == date(2024, 4, 18)}
        return freshness_view(overview, got, days_off=days_off, disagreeing=disagreeing, language=language)

    return made


def shown(view):
    return [layer["encoding"]["text"]["value"] for layer in view.chart["layer"] if "text" in layer["encoding"]]


def test_days_are_told_with_their_units(fresh):
    assert shown(fresh([249] * 14))[:14] == ["249"] * 14


def test_working_day_without_figures_is_crossed_and_named(fresh):
    view = fresh([249] * 9 + [0] + [249] * 4)

    assert shown(view)[9] == "✕"
    assert view.notes == ("Hệ thống tỉnh: không có số liệu 16/04.",)


def test_silent_weekend_and_holiday_are_no_failure(fresh):
    view = fresh([0, 249, 249, 249, 249, 249, 0, 0, 249, 249, 249, 0, 249, 0])

    assert [shown(view)[at] for at in (0, 6, 7, 11, 13)] == ["–"] * 5
    assert not view.notes


def test_source_that_fell_silent_is_said_to_have_stopped(fresh):
    view = fresh([249] * 9 + [0] * 5)

    assert view.notes == ("Hệ thống tỉnh: đang dùng số liệu cũ (từ 16/04); người phụ trách nguồn kiểm tra lại.",)


def test_source_that_told_nothing_for_a_fortnight_is_said_to_be_silent(fresh):
    assert fresh([0] * 14).notes == (text("freshness.silent", "vi", source="Hệ thống tỉnh"),)


def test_store_without_a_source_has_no_strip_and_says_so(make_overview, with_levels):
    view = freshness_view(make_overview(campaign=with_levels), [], days_off=(), disagreeing=(), language="vi")

    assert view.chart is None
    assert view.notes == (text("freshness.none", "vi"),)


def test_units_that_two_sources_tell_differently_are_counted_and_the_first_named(fresh):
    units = [DisagreeingUnit(f"X{number}", f"UBND xã {number}", ("online",)) for number in range(5)]

    view = fresh([249] * 14, disagreeing=units)

    assert view.disagreeing == "5 đơn vị có hai nguồn số liệu lệch nhau quá 2,0 điểm phần trăm:"
    assert view.disagreeing_units == (("X0", "UBND xã 0"), ("X1", "UBND xã 1"), ("X2", "UBND xã 2"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_strip_is_described_day_by_day(fresh, language):
    view = fresh([249] * 13 + [0], language)

    assert "07/04: 249" in view.spoken
    assert f"20/04: {text('freshness.spoken_none', language)}" in view.spoken
