"""The province's gap and its change in parts: sentences, bars and tables that add up, in every state."""

import math
from dataclasses import replace

import pytest

from models.core.texts import LANGUAGES
from pages.compare.change import change_exhibit, change_lines, week_change
from pages.compare.gap import gap_exhibit
from pages.compare.shares import find_shares, notes_of, short_name
from targets.standing.splitting import Counts
from tests.pages.compare_world import comparison, many, overview

NOTHING = {"value": None, "numerator": None, "denominator": None, "week_numerator": None, "week_denominator": None}
SILENT = NOTHING | {"standing": "insufficient", "coverage": 0.0, "gap": None, "week_change": None}


def shares(got=None, *, by="unit", parent=None, language="vi"):
    return find_shares(overview(), got or comparison(), by=by, parent=parent, query="", language=language)


def shown(exhibit):
    """Name and last number of each bar, as the chart says them."""
    rows = exhibit.chart["datasets"]["rows"]
    return [(row["name"], row["words"]) for row in rows]


def numbers(exhibit, title):
    """A column of the table without its last line, and that line."""
    at = [column.title for column in exhibit.table.columns].index(title)
    values = [row.cells[at] for row in exhibit.table.rows]
    return values[:-1], values[-1]


# --- the gap --------------------------------------------------------------------------------------------------------


def test_gap_names_how_many_units_make_most_of_it():
    exhibit = gap_exhibit(shares(), "vi")

    # Against 50 %: Chư Sê misses 200 of 2,500 cases, Ia Grai 100, and Sở Công Thương makes up for 50.
    assert exhibit.title == "Tỷ lệ hồ sơ trực tuyến: 2 đơn vị chiếm 100% phần còn thiếu của tỉnh"
    assert shown(exhibit) == [
        ("UBND huyện Chư Sê", "8,00 điểm phần trăm · 67%"),
        ("UBND huyện Ia Grai", "4,00 điểm phần trăm · 33%"),
        ("1 đơn vị vượt chỉ tiêu (bù trừ)", "−2,00 điểm phần trăm"),
        ("Toàn tỉnh", "10,00 điểm phần trăm"),
    ]


def test_table_adds_up_to_the_province_and_names_each_unit_with_its_page():
    exhibit = gap_exhibit(shares(), "vi")

    contributions, whole = numbers(exhibit, "Đóng góp (điểm phần trăm)")
    assert sum(contributions) == whole == 10
    assert [row.code for row in exhibit.table.rows] == ["H21.54", "H21.58", "SCT", ""]
    assert numbers(exhibit, "Hồ sơ") == ([1_000, 1_000, 500], 2_500)


@pytest.mark.parametrize("by", ["unit", "level"])
def test_what_ended_units_left_is_a_rest_of_the_province_and_no_unit(by):
    """Two districts and a department have 1,000 of 2,500 cases, what a closed office left has 50 of 200."""
    found = comparison()
    left = {name: values.copy() for name, values in vars(found.members).items()}
    left["numerator"][0], left["denominator"][0] = 50, 200
    in_sums = found.in_sums.copy()
    in_sums[0] = True

    got = shares(replace(found, members=Counts(**left), in_sums=in_sums), by=by)

    at = got.parts.unit.tolist().index(0)
    assert (got.names[at], got.parts.counts.denominator[at]) == ("UBND tỉnh Gia Lai (phần còn lại)", 200)
    assert got.parts.counts.numerator.sum() == 1_050
    assert "đơn vị đã ngừng hoạt động" in " ".join(notes_of(got, "vi"))


def test_gap_by_level_takes_districts_apart_so_that_communes_count_once():
    exhibit = gap_exhibit(shares(by="level"), "vi")

    assert exhibit.title.endswith("UBND cấp huyện (phần còn lại) chiếm 70% phần còn thiếu của tỉnh")
    contributions, whole = numbers(exhibit, "Đóng góp (điểm phần trăm)")
    assert sum(contributions) == whole == 10
    assert {row.cells[1] for row in exhibit.table.rows} == {
        "UBND cấp xã", "UBND cấp huyện (phần còn lại)", "Sở, ban, ngành", "Toàn tỉnh",
    }  # fmt: skip


def test_area_that_is_looked_into_is_told_by_itself_in_points_of_the_province():
    exhibit = gap_exhibit(shares(parent="H21.54"), "vi")

    contributions, whole = numbers(exhibit, "Đóng góp (điểm phần trăm)")
    assert "của UBND huyện Chư Sê" in exhibit.title
    assert [row.cells[1] for row in exhibit.table.rows][:2] == [
        "UBND huyện Chư Sê (phần còn lại)", "UBND xã Ia Ko, huyện Chư Sê",
    ]  # fmt: skip
    assert sum(contributions) == whole == 8


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("got", "said"),
    [
        (comparison(each={"target": None, "standing": "no_target"}), ("chưa giao chỉ tiêu", "no target")),
        (comparison(each=SILENT), ("chưa có số lượng", "no number")),
        (comparison(each={"target": 10.0}), ("không đơn vị nào", "no unit")),
        (comparison(members={"H21.54"}), ("UBND huyện Chư Sê chiếm 100%", "UBND huyện Chư Sê makes 100%")),
    ],
    ids=["no target", "no readings", "all met", "one unit"],
)
def test_gap_says_what_is_the_case_in_every_state(got, said, language):
    exhibit = gap_exhibit(shares(got, language=language), language)

    assert said[LANGUAGES.index(language)] in exhibit.title
    assert exhibit.title[-1] not in ".,:; "
    assert (exhibit.chart is None) == (exhibit.table is None)


def test_stale_figures_are_told_with_their_day():
    got = comparison(H21={"standing": "stale"})

    assert any("Đang dùng số liệu cũ (từ 20/04/2024)" in note for note in gap_exhibit(shares(got), "vi").notes)


def test_units_with_a_percent_alone_are_counted_and_left_out():
    got = comparison(SCT={"numerator": None, "denominator": None}, members={"H21.54", "H21.58"})

    assert any(note.startswith("1 đơn vị chỉ có tỷ lệ") for note in gap_exhibit(shares(got), "vi").notes)


@pytest.mark.soak
def test_country_draws_most_of_its_gap_and_holds_everybody_in_the_table():
    got = comparison(many(11_000), members={f"U{n}" for n in range(11_000)})

    exhibit = gap_exhibit(shares(got), "vi")

    assert len(exhibit.table.rows) == 11_001
    assert len(exhibit.chart["datasets"]["rows"]) <= 43


# --- the change in the week -----------------------------------------------------------------------------------------


def test_change_names_who_did_most_and_splits_rate_from_volume():
    got = shares()
    change = week_change(got)

    exhibit = change_exhibit(got, "vi")

    lines = change_lines(got, change, "vi")
    assert math.fsum(line.whole for line in lines) == pytest.approx(change.total, abs=1e-9)
    assert exhibit.title.startswith("Tỷ lệ hồ sơ trực tuyến, trong tuần: tỉnh tăng 1,9 điểm phần trăm;")
    rate, rates = numbers(exhibit, "Do tỷ lệ (điểm phần trăm)")
    assert float(sum(rate)) == pytest.approx(float(rates), abs=0.02)
    assert {bar["style"] for bar in exhibit.chart["datasets"]["bars"]} == {"solid", "hollow"}


def test_change_of_an_area_is_the_sum_of_its_parts():
    whole = {line.name: line.whole for line in change_lines(shares(), week_change(shares()), "vi")}
    got = shares(parent="H21.54")

    parts = change_lines(got, week_change(got), "vi")

    assert len(parts) == 3
    assert "UBND huyện Chư Sê" in change_exhibit(got, "vi").title
    assert math.fsum(line.whole for line in parts) == pytest.approx(whole["UBND huyện Chư Sê"], abs=1e-9)


@pytest.mark.parametrize("by", ["unit", "level"])
@pytest.mark.parametrize(
    ("got", "said"),
    [
        (comparison(H21={"week_change": None}), "chưa có số liệu tuần trước"),
        (comparison(each=SILENT), "chưa có số liệu tuần trước"),
        (comparison(each={"week_numerator": 0, "week_denominator": 0}), "không thay đổi trong tuần"),
        (comparison(each={"week_numerator": 0, "week_denominator": 100}), "giảm"),
    ],
    ids=["unknown", "no readings", "flat", "fell"],
)
def test_change_says_what_is_the_case_in_every_state(got, said, by):
    assert said in change_exhibit(shares(got, by=by), "vi").title


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("UBND xã Ia Ko, huyện Chư Sê", "xã Ia Ko, huyện Chư Sê"),
        ("UBND phường Phù Đổng, thành phố Pleiku", "phường Phù Đổng"),
        ("Sở Công Thương", "Sở Công Thương"),
    ],
)
def test_narrow_chart_has_room_for_its_names(name, short):
    assert short_name(name) == short
