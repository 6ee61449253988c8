"""Units over the milestones: who rose, what is projected, and what is said where little is known."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest

from models.core.texts import LANGUAGES
from pages.compare.exhibits import cell_words
from pages.compare.slope import Lines, past_days, phases_ahead, slope_exhibit, units_to_show
from targets.values import UnitPhase
from tests.pages.compare_world import RULED, UNITS, comparison, overview

TODAY = date(2024, 4, 20)
UNITS_SHOWN = ("SCT", "H21.54", "X1")


def lines(got=None, *, units=UNITS_SHOWN, as_of=TODAY, past=None, ahead=None):
    got = got or comparison(as_of=as_of)
    return Lines(overview(as_of=as_of), got, units, past or {}, ahead or {})


def projected(**by_unit):
    rows = {row.unit: row for row in comparison().rows}
    return {(unit, "50-day"): replace(rows[unit], projection=value) for unit, value in by_unit.items()}


def stops(exhibit):
    return [(stop["label"], stop["below"]) for stop in exhibit.chart["datasets"]["stops"]]


def test_stops_are_the_start_passed_milestones_today_and_what_lies_ahead():
    exhibit = slope_exhibit(lines(), "vi")

    assert stops(exhibit) == [
        ("Năm 2023", ""), ("Hiện nay", "20/04"), ("Ngày 50", "ước đạt 10/05"), ("Ngày 100", "ước đạt 29/06"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "labels"),
    [
        (date(2024, 5, 10), ["Năm 2023", "Ngày 50", "Ngày 100"]),
        (date(2024, 5, 12), ["Năm 2023", "Ngày 50", "Hiện nay", "Ngày 100"]),
        (date(2024, 7, 10), ["Năm 2023", "Ngày 50", "Ngày 100", "Hiện nay"]),
    ],
    ids=["on a milestone", "between", "past the end"],
)
def test_milestone_that_has_passed_is_told_and_no_longer_projected(as_of, labels):
    past = {"SCT": {date(2024, 5, 10): 55.0, date(2024, 6, 29): 58.0, as_of: 60.0}}

    exhibit = slope_exhibit(lines(units=("SCT",), as_of=as_of, past=past), "vi")

    assert [label for label, _ in stops(exhibit)] == labels
    assert past_days(RULED, as_of)[-1] <= as_of
    assert all(phase.due > as_of for phase in phases_ahead(RULED, as_of))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("vi", "từ đầu kỳ, Sở Công Thương tăng nhiều nhất (+50,0 điểm phần trăm); UBND xã Ia Ko"),
        ("en", "since the start, Sở Công Thương rose most (+50.0 percentage points); UBND xã Ia Ko"),
    ],
)
def test_message_names_who_rose_most_and_who_least(language, said):
    exhibit = slope_exhibit(lines(), language)

    assert said in exhibit.title
    got = {label["wide"].split("  ")[1]: label["told"] for label in exhibit.chart["datasets"]["labels"]}
    assert [name for name, is_reported in got.items() if is_reported] == [
        "Sở Công Thương",
        "UBND xã Ia Ko, huyện Chư Sê",
    ]


def test_projection_is_drawn_apart_and_told_in_the_table():
    exhibit = slope_exhibit(lines(ahead=projected(SCT=66.0)), "vi")

    assert [piece["ahead"] for piece in exhibit.chart["datasets"]["pieces"]].count(True) == 1
    assert exhibit.table.rows[0].cells[4].value == 66
    assert exhibit.table.rows[1].cells[4] is None
    assert "Nét đứt: ước đạt, chưa phải kết quả." in exhibit.notes


def test_start_stands_in_the_table_exactly_as_it_was_published():
    """67,37 beside 77,37: a published figure is not rounded to the one decimal of a rate."""
    got = comparison()
    got = replace(got, rows=tuple(replace(row, baseline=67.37) for row in got.rows))

    exhibit = slope_exhibit(lines(got, units=("SCT",)), "vi")

    cell, kind = exhibit.table.rows[0].cells[2], exhibit.table.columns[2].kind
    assert cell_words(cell, kind, "vi") == "67,37%"
    assert "67,37%" in str(exhibit.chart["datasets"])


def test_change_since_the_start_leaves_the_projection_aside():
    exhibit = slope_exhibit(lines(units=("SCT",), ahead=projected(SCT=99.0)), "vi")

    assert exhibit.title == "Tỷ lệ hồ sơ trực tuyến: từ đầu kỳ, Sở Công Thương thay đổi +50,0 điểm phần trăm"
    assert float(exhibit.table.rows[0].cells[6]) == 50.0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("got", "as_of", "said"),
    [
        (comparison(), date(2024, 3, 10), ("bắt đầu ngày 22/03/2024", "begins on 22/03/2024")),
        (comparison(each={"value": None, "baseline": None}), TODAY, ("chưa có số liệu", "no unit has figures")),
        (comparison(each={"baseline": None}), TODAY, ("chưa đủ hai mốc", "fewer than two moments")),
        (comparison(each={"value": 40.0}), TODAY, ("thay đổi +30,0", "changed by +30.0")),
    ],
    ids=["not begun", "no figures", "one figure", "all alike"],
)
def test_message_says_what_is_the_case_in_every_state(got, as_of, said, language):
    exhibit = slope_exhibit(lines(got, as_of=as_of), language)

    assert said[LANGUAGES.index(language)] in exhibit.title


def test_unit_with_dates_of_its_own_is_said_to_have_them():
    own = UnitPhase("SCT", "50-day", date(2024, 3, 22), date(2024, 5, 1), "1/KH")

    got = comparison(campaign=replace(RULED, unit_phases=(own,)))

    assert any(note.startswith("1 đơn vị theo mốc riêng") for note in slope_exhibit(lines(got), "vi").notes)


@pytest.mark.parametrize("value", [0.0, 50.0, 100.0])
def test_labels_of_fifteen_equal_units_never_overlap(value):
    units = tuple((f"U{n}", f"UBND xã {n}", "commune", "H21", 1, 2, 0, 1, "met") for n in range(15))
    got = comparison((UNITS[0], *units), each={"value": value})

    exhibit = slope_exhibit(lines(got, units=tuple(unit[0] for unit in units)), "vi")

    places = sorted(label["to"] for label in exhibit.chart["datasets"]["labels"])
    assert len(places) == 15
    assert all(after - before >= 20.9 for before, after in pairwise(places))
    assert all(0 <= mark["y"] <= 470 for mark in exhibit.chart["datasets"]["marks"])


# --- whom it shows --------------------------------------------------------------------------------------------------


def test_units_that_are_chosen_are_shown():
    assert units_to_show(comparison(), ["X1", "SCT"]) == ("X1", "SCT")


def test_without_a_choice_those_are_shown_who_make_most_of_the_gap():
    assert units_to_show(comparison(), ()) == ("H21.54", "H21.58")


@pytest.mark.parametrize("target", [None, 10.0], ids=["no target", "all met"])
def test_where_nobody_misses_anything_those_right_below_the_province_are_shown(target):
    assert units_to_show(comparison(each={"target": target}), ()) == ("SCT", "H21.54", "H21.58")
