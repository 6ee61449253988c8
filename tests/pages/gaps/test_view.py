"""The page of gaps as view-models, and the pictures in its rows: words finished, marks in place, every unit named."""

import base64

import pytest

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

    assert drawn.headline[-1] not in ".,:; "
    groups = [row.unit for row in drawn.table if row.result is None]
    levels = [overview.campaign.level(level) for level in dict.fromkeys(row.result.level for row in rows)]
    assert groups == ([level.group.of(language) for level in levels] if len(levels) > 1 else [])
    assert sum(drawn.standings.values()) == len(rows)
    assert all(row.standing_words and row.spoken for row in drawn.table if row.result)


def test_single_unit_that_is_left_is_named_in_the_headline():
    assert view(q="dak troi").headline.startswith("UBND xã Đăk Trôi")


def test_filter_that_fits_nobody_says_so():
    drawn = view(q="không có")

    assert not drawn.table
    assert drawn.advice == text("gaps.advice.nobody", "vi")


def test_count_is_of_the_level_and_part_of_the_tree_not_of_the_other_choices():
    assert view(level="commune", standing="stale").standings == {
        "unlikely": 1, "at_risk": 1, "stale": 1, "insufficient": 1
    }  # fmt: skip


def rows_of(drawn):
    return {row.code: row for row in drawn.table if row.result}


def test_table_row_holds_what_people_read():
    row = rows_of(view())["23557"]

    assert (row.unit, row.place) == ("Xã Đăk Trôi", "Chư Sê")
    assert row.link == f"/unit?unit=23557&{QUERY}"
    assert row.figures == ("12,0%", "50%", "38,0", "190", "14,0%")
    assert row.spoken == "năm 2023 5%, hiện tại 12,0%, chỉ tiêu 50%"
    assert row.more == ("Đồng bộ dữ liệu (đã xác nhận)",)
    assert row.recent_spoken == "14 ngày qua: 27,1% đến 29,6%"


def test_target_out_of_reach_is_told_with_the_best_still_to_be_had():
    (row,) = view(each(ROWS[3:4], standing="out_of_reach", attainable=44.2)).table

    assert row.standing_words == "Không còn khả năng đạt"
    assert "cao nhất còn có thể 44,2%" in row.spoken


def test_figure_is_never_rounded_up_to_its_target():
    row = rows_of(view())["SYT"]

    assert (row.figures[0], row.figures[2]) == ("49,9%", "0,1")


def test_small_volume_stands_with_its_counts_and_a_proposed_target_says_so():
    rows = rows_of(view())

    assert rows["23560"].counts == "27/60"
    assert not rows["23557"].counts
    assert rows["SYT"].figures[1] == "50%*"


def test_heading_says_proposed_once_where_every_target_is():
    drawn = view(each(origin="proposed"))

    assert "Chỉ tiêu*" in drawn.columns
    assert not any("*" in row.figures[1] for row in drawn.table)


def test_address_of_a_unit_cannot_be_broken_by_its_code():
    [row] = view((unit("a&b=c", "Xã", "commune", "met", value=60.0, target=50.0),)).table

    assert row.link.startswith("/unit?unit=a%26b%3Dc&")


@pytest.mark.soak
def test_screen_of_the_whole_country_stays_small():
    drawn = view(many(11_000))

    assert drawn.shown == "1–25 trong 11.000 đơn vị"
    assert (drawn.pages, len(drawn.table)) == (440, 25)


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


# --- the picture of a row -------------------------------------------------------------------------------------------


def drawn(**known):
    row = {"standing": "at_risk", "baseline": 10.0, "now": 30.0, "best": None, "target": 50.0, "theme": "light"} | known
    return decoded(dots.row_image(**row))


def decoded(address):
    return base64.b64decode(address.removeprefix("data:image/svg+xml;base64,")).decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("standing", STANDINGS)
def test_mark_of_today_has_the_shape_and_colour_of_its_standing(standing, theme):
    mark = MARKS[standing]

    image = drawn(standing=standing, theme=theme)

    assert dots.OUTLINES.get(mark.shape, mark.shape) in image
    assert mark.colour.on(theme) in image


def test_marks_beyond_the_scale_are_drawn_at_its_end():
    assert drawn(baseline=-3.0, now=120.0) == drawn(baseline=0.0, now=100.0)


def test_unknown_figures_are_not_drawn():
    image = drawn(standing="insufficient", baseline=None, now=None, target=None)

    assert image.count("<line") == len(dots.QUARTERS), "the scale alone"
    assert "<circle" not in image


def test_best_still_to_be_had_is_a_pale_band():
    assert drawn(best=40.0).count("<line") == drawn().count("<line") + 1


def test_scale_stands_where_the_lines_have_it():
    scale = decoded(dots.scale_image("light"))

    assert all(f">{quarter}%<" in scale for quarter in dots.QUARTERS)
    assert 'x="50.00%"' in scale


def test_line_of_days_is_an_image_with_a_gap_where_nothing_was_told():
    address = spark((1.0, 2.0, None, 3.0), UNKNOWN.light)

    image = decoded(address)
    assert image.count("<polyline") == 2
    assert UNKNOWN.light in image


def test_line_of_days_that_hardly_moved_is_flat():
    image = decoded(spark((50.0, 50.01), UNKNOWN.light))

    heights = [float(point.split(",")[1]) for point in image.split('points="')[1].split('"')[0].split()]
    assert abs(heights[0] - heights[1]) < 0.5


def test_line_of_days_without_figures_is_none():
    assert spark((None,) * 14, UNKNOWN.light) == ""
