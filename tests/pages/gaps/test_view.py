"""The page of gaps as view-models, and its chart and lines: words finished, marks in place, every unit named."""

import base64
import json

import pytest

from models.core import formats
from models.core.texts import LANGUAGES, text
from pages.charts import dots
from pages.charts.layout import MARKS, UNKNOWN
from pages.charts.sparks import spark
from pages.gaps.selection import GapFilters, select
from pages.gaps.view import HEAT_UNITS, gap_view, heat_view
from targets.values import STANDINGS
from tests.pages.gap_rows import ROWS, counts, each, gap_overview, many, states, unit

QUERY = "indicator=online&lang=en"


def view(rows=ROWS, language="vi", overview=None, **filters):
    overview = overview or gap_overview()
    chosen = GapFilters("online", **filters)
    return gap_view(overview, rows, chosen, select(rows, chosen, overview.campaign), QUERY, language)


def heat(rows=ROWS, **filters):
    overview, chosen = gap_overview(), GapFilters("online", **filters)
    selection = select(rows, chosen, overview.campaign)
    return heat_view(overview, chosen, selection, counts(rows), [row.result for row in rows], QUERY, "vi")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", states())
def test_every_state_has_its_words_in_both_languages(state, language):
    overview, rows = states()[state]

    drawn = view(rows, language, overview)

    assert drawn.headline.endswith(".")
    groups = " ".join(group for group, _ in drawn.summary)
    assert all(overview.campaign.level(row.result.level).group.of(language) in groups for row in rows)
    assert json.dumps(drawn.dots)
    assert len(drawn.table) == len(rows)
    assert all(len(row.figures) == 8 and row.standing_words for row in drawn.table)


def test_single_unit_that_is_left_is_named_in_the_headline():
    assert view(q="dak troi").headline.startswith("UBND xã Đăk Trôi")


def test_filter_that_fits_nobody_says_so():
    drawn = view(q="không có")

    assert drawn.found == 0
    assert drawn.advice == text("gaps.advice.nobody", "vi")


def test_parts_of_each_group_add_up_to_its_units():
    for group, parts in view().summary:
        units = int(group.rsplit("·", 1)[1].split()[0])
        assert sum(int(words.split()[0]) for _, words in parts) == units


def test_table_row_holds_what_people_read():
    row = next(row for row in view().table if "Đăk Trôi" in row.unit)

    assert row.unit == "UBND xã Đăk Trôi, huyện Chư Sê"
    assert row.link == f"/unit?unit=23557&{QUERY}"
    assert [figure.strip() for figure in row.figures] == ["5%", "12,0%", "14,0%", "50%", "38,0", "190", "—", "—"]
    assert row.cause == "Đồng bộ dữ liệu (đã xác nhận)"
    assert row.recent_spoken == "14 ngày qua: 27,1% đến 29,6%"


def test_figure_is_never_rounded_up_to_its_target():
    row = next(row for row in view().table if "Y tế" in row.unit)

    assert row.figures[1].strip() == "49,9%"
    assert row.figures[4].strip() == "0,1"


def test_small_volume_stands_with_its_counts_and_a_proposed_target_says_so():
    rows = {row.link.split("=")[1].split("&")[0]: row for row in view().table}

    assert rows["23560"].figures[1].endswith("(27/60)")
    assert not rows["23557"].figures[1].endswith(")")
    assert rows["SYT"].figures[3].endswith("*")


def test_numbers_stand_under_one_another():
    for place in (0, 2, 4, 5):
        assert len({len(row.figures[place]) for row in view().table}) == 1


def test_heading_says_proposed_once_where_every_target_is():
    drawn = view(each(origin="proposed"))

    assert "Chỉ tiêu*" in drawn.columns
    assert not any("*" in row.figures[3] for row in drawn.table)


def test_address_of_a_unit_cannot_be_broken_by_its_code():
    [row] = view((unit("a&b=c", "Xã", "commune", "met", value=60.0, target=50.0),)).table

    assert row.link.startswith("/unit?unit=a%26b%3Dc&")


@pytest.mark.soak
def test_screen_of_the_whole_country_stays_small():
    drawn = view(many(11_000))

    assert drawn.shown == "1–25 trong 11.000 đơn vị"
    assert (drawn.pages, len(drawn.table)) == (440, 25)
    assert len(json.dumps(drawn.dots)) < 60_000


# --- all indicators -------------------------------------------------------------------------------------------------


def test_groups_count_who_has_met_among_those_with_a_target():
    first = heat(level="department").rows[0]

    assert first.name == "I. Sở, ban, ngành – số đơn vị đạt"
    assert first.link == f"/gaps?level=department&{QUERY}"
    assert [words for _, words in first.cells] == ["—", "—", "1/2", "—", "—", "—"]


def test_units_show_mark_and_figure_for_each_indicator():
    row = next(row for row in heat().rows if row.name == "UBND xã Đăk Trôi")

    assert [(standing, words.strip()) for standing, words in row.cells][2] == ("unlikely", "12,0%")
    assert len(row.cells) == 6


def test_more_units_than_can_be_read_are_left_to_their_groups():
    drawn = heat(many(HEAT_UNITS + 1))

    assert all(row.is_group for row in drawn.rows)
    assert "61" in drawn.too_many


def test_groups_of_the_whole_are_not_told_inside_a_part_of_the_tree():
    assert not any(row.is_group for row in heat(parent="H21.54").rows)


# --- chart and lines ------------------------------------------------------------------------------------------------


def test_chart_names_every_unit_and_group_and_says_its_figures():
    words = json.dumps(view().dots, ensure_ascii=False)

    for row in ROWS:
        assert row.result.name in words
    assert "I. Sở, ban, ngành" in words
    assert "20,0 điểm phần trăm" in words


def test_chart_writes_no_number_of_its_own():
    assert "format" not in json.dumps([layer.get("encoding", {}) for layer in view().dots["layer"]])


@pytest.mark.parametrize("standing", STANDINGS)
def test_mark_of_today_has_the_shape_and_colour_of_its_standing(standing):
    [row] = each(ROWS[:1], standing=standing)

    [layer] = [
        layer
        for layer in view((row,)).dots["layer"]
        if any(f"'{standing}'" in str(step.get("filter")) for step in layer.get("transform", ()))
    ]
    drawn = json.dumps(layer["mark"])
    assert layer["mark"]["shape"] == MARKS[standing].shape
    assert MARKS[standing].colour.light in drawn
    assert MARKS[standing].colour.dark in drawn


def test_marks_beyond_the_scale_are_drawn_at_its_end():
    rows = [dots.DotRow("Xã", "met", baseline=-3.0, now=120.0, target=50.0)]

    values = json.dumps(dots.dots(rows, dots.Heads("", "", ""), "vi"))

    assert '"now": 100' in values
    assert '"baseline": 0' in values


def test_unknown_figures_are_not_drawn():
    values = json.dumps(dots.dots([dots.DotRow("Xã", "insufficient")], dots.Heads("", "", ""), "vi"))

    assert '"now": ' not in values


def test_line_of_days_is_an_image_with_a_gap_where_nothing_was_told():
    address = spark((1.0, 2.0, None, 3.0), UNKNOWN.light)

    image = base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()
    assert image.count("<polyline") == 2
    assert UNKNOWN.light in image


def test_line_of_days_that_hardly_moved_is_flat():
    image = base64.b64decode(spark((50.0, 50.01), UNKNOWN.light).split(",")[1]).decode()

    heights = [float(point.split(",")[1]) for point in image.split('points="')[1].split('"')[0].split()]
    assert abs(heights[0] - heights[1]) < 0.5


def test_line_of_days_without_figures_is_none():
    assert spark((None,) * 14, UNKNOWN.light) == ""


def test_numbers_of_the_page_are_those_of_the_row():
    row = ROWS[3].result

    assert formats.percent(row.value, "vi") in view(q="23557").table[0].figures[1]


def test_table_tells_pace_what_it_takes_and_where_it_leads():
    rows = each(ROWS[2:3], pace=1.74, needed_pace=2.36, projection=36.6, days_left=18)

    (row,) = view(rows=rows).table

    assert [figure.strip() for figure in row.figures[-2:]] == ["+1,7 · cần +2,4", "36,6%"]
