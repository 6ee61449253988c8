"""Units as tiles: each in one group and on a place of its own, whatever the campaign says; words finished, escaped."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.core.texts import LANGUAGES
from pages.charts.layout import MARKS
from pages.charts.tiles import tiles_html
from pages.gaps import tiles
from pages.gaps.selection import GapFilters, select
from pages.gaps.tiles import arranged, tiles_view
from tests.pages.gap_rows import LEVELS, ROWS, gap_overview, many, states, unit

LEVEL_KEYS = tuple(level.key for level in LEVELS)
QUERY = "indicator=online"


def view(rows=ROWS, places=None, overview=None, language="vi", **filters):
    overview, chosen = overview or gap_overview(), GapFilters("online", **filters)
    return tiles_view(overview, rows, chosen, select(rows, chosen, overview.campaign), places or {}, QUERY, language)


def all_tiles(drawn):
    return {tile.code: tile for section in drawn.sections for cluster in section.clusters for tile in cluster.tiles}


@given(
    some.lists(
        some.tuples(some.sampled_from(LEVEL_KEYS), some.sampled_from("ABC"), some.none() | some.tuples(
            some.integers(1, 3), some.integers(1, 3)
        )),
        max_size=40,
    )
)  # fmt: skip
def test_every_unit_stands_in_one_group_and_no_two_on_one_place(drawn):
    rows = [
        unit(str(number), f"Đơn vị {number}", level, "met", parent) for number, (level, parent, _) in enumerate(drawn)
    ]
    places = {str(number): place for number, (_, _, place) in enumerate(drawn) if place}

    groups = arranged(rows, LEVEL_KEYS, places)

    assert sorted(int(row.result.unit) for group in groups for row in group.rows) == list(range(len(drawn)))
    for group in groups:
        assert {row.result.level for row in group.rows} == {group.level}
        if group.is_placed:
            assert len({places[row.result.unit] for row in group.rows}) == len(group.rows)
        else:
            assert len({row.parent for row in group.rows}) == 1
    assert groups == arranged(rows, LEVEL_KEYS, places)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", states())
def test_every_state_has_a_tile_for_each_unit_with_its_mark_and_its_words(state, language):
    overview, rows = states()[state]

    drawn = view(rows, overview=overview, language=language)

    found = all_tiles(drawn)
    assert found.keys() == {row.result.unit for row in rows}
    for row in rows:
        tile = found[row.result.unit]
        assert (tile.standing, tile.said.splitlines()[0].split(",")[0]) == (row.result.standing, row.result.name)
        assert len(tile.said.splitlines()) >= 3
    shown = tiles_html(drawn.sections, "light")
    assert all(MARKS[row.result.standing].glyph in shown for row in rows)


def test_tile_says_what_the_table_says():
    tile = all_tiles(view())["23557"]

    assert (tile.name, tile.figure, tile.link) == ("Đăk Trôi", "12,0%", f"/unit?unit=23557&{QUERY}")
    assert tile.said.splitlines() == [
        "UBND xã Đăk Trôi, huyện Chư Sê",
        "Khó đạt",
        "năm 2023 5%, hiện tại 12,0%, chỉ tiêu 50%",
        "còn thiếu 38,0 điểm phần trăm · 190 hồ sơ",
    ]


def test_units_of_a_level_stand_below_the_unit_they_belong_to_where_they_belong_to_several():
    rows = (*ROWS, unit("1", "UBND xã Một", "commune", "met", "H21.55"))

    sections = {section.title: [cluster.title for cluster in section.clusters] for section in view(rows).sections}

    assert sections == {"I. Sở, ban, ngành": [""], "II. Cấp huyện": [""], "III. Cấp xã": ["Chư Sê", ""]}


def test_places_of_the_campaign_are_kept_and_who_has_none_is_counted():
    drawn = view(places={"23557": (2, 3), "23560": (1, 1)})

    placed = {code: tile.place for code, tile in all_tiles(drawn).items() if tile.place}
    assert placed == {"23557": (2, 3), "23560": (1, 1)}
    assert drawn.notes == ("2 đơn vị chưa có vị trí trên bản đồ ô, xếp ở dưới.",)
    assert 'style="--columns:3"' in tiles_html(drawn.sections, "light")


def test_level_whose_units_all_have_places_needs_no_note():
    assert view(places={"H21.54": (1, 1)}).notes == ()


def test_unit_that_another_choice_leaves_out_keeps_its_place_without_its_mark():
    drawn = view(level="commune", standing="unlikely")

    assert {code for code, tile in all_tiles(drawn).items() if not tile.is_aside} == {"23557"}
    shown = tiles_html(drawn.sections, "light")
    assert shown.count("tiles-aside") == 3
    assert shown.count("<b ") == 1


def test_many_units_are_told_by_the_unit_above_them_as_a_way_to_them(monkeypatch):
    monkeypatch.setattr(tiles, "MOST", 3)

    drawn = view(level="commune")

    [tile] = all_tiles(drawn).values()
    assert tile.link == f"/gaps?view=tiles&parent=H21.54&{QUERY}"
    assert dict(tile.counts) == {"unlikely": "1", "at_risk": "1", "stale": "1", "insufficient": "1"}
    assert tile.said.startswith("UBND huyện Chư Sê: 1 khó đạt, ")
    assert "MOST" not in drawn.notes[0]
    assert drawn.notes[0].startswith("Trên 3 đơn vị")


def test_of_many_units_those_looked_for_are_drawn_one_by_one_where_they_are_few(monkeypatch):
    monkeypatch.setattr(tiles, "MOST", 3)

    assert all_tiles(view(level="commune", standing="stale")).keys() == {"23563"}


@pytest.mark.soak
def test_eleven_thousand_units_are_told_by_as_many_tiles_as_can_be_read():
    districts = [unit(f"H{n}", f"UBND huyện số {n}", "district", "met", f"T{n % 30}") for n in range(1_100)]
    provinces = [unit(f"T{n}", f"UBND tỉnh số {n}", "department", "met", "VN") for n in range(30)]
    communes = [replace(row, parent=f"H{n % 1_100}") for n, row in enumerate(many(11_000))]

    drawn = view((*provinces, *districts, *communes), level="commune")

    found = all_tiles(drawn)
    assert len(found) == 30, "1,100 districts are too many, too"
    assert sum(int(units.replace(".", "")) for tile in found.values() for _, units in tile.counts) == 11_000


def test_units_without_anything_above_them_are_told_as_a_whole(monkeypatch):
    monkeypatch.setattr(tiles, "MOST", 3)

    [tile] = all_tiles(
        view(ROWS[:2] + tuple(unit(str(n), f"Sở {n}", "department", "met", "H21") for n in range(9)))
    ).values()

    assert (tile.name, tile.link) == ("Toàn bộ", f"/gaps?view=tiles&{QUERY}")


def test_words_from_outside_stay_words():
    row = unit("1", "<b onclick='x'>Sở & \"A\"</b>", "department", "met", "H21")

    shown = tiles_html(view((row,)).sections, "dark")

    assert "<b onclick" not in shown
    assert "&lt;b onclick=&#x27;x&#x27;&gt;Sở &amp; &quot;A&quot;&lt;/b&gt;" in shown


def test_unit_without_a_figure_has_a_hollow_mark_on_no_ground():
    shown = tiles_html(view(ROWS[-1:]).sections, "light")

    assert "○" in shown
    assert "background" not in shown
