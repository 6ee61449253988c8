"""Places among like units, and the funnel: fair to those with few cases, true in every state."""

import itertools
from dataclasses import replace

import pytest

from models.core.texts import LANGUAGES
from pages.compare.funnel import funnel_exhibit
from pages.compare.ranks import place_words, rank, rank_exhibit, ranked, size_count, size_name, sizes_of
from tests.pages.compare_world import RULED, UNITS, comparison, many, overview

# Communes with few cases: 3 of 3 is not surely better than 45 of 60.
COMMUNES = (
    UNITS[0],
    ("A", "UBND xã An", "commune", "H21", 3, 3, 0, 1, "met"),
    ("B", "UBND xã Bình", "commune", "H21", 45, 60, 0, 1, "met"),
    ("C", "UBND xã Cát", "commune", "H21", 2, 60, 0, 1, "unlikely"),
    ("D", "UBND xã Dân", "commune", "H21", 900, 1_000, 0, 1, "met"),
    ("E", "UBND xã Êa", "commune", "H21", 100, 1_000, 0, 1, "unlikely"),
)
ONLINE = RULED.indicator("online")


def ranking(got=None, before=None, since="ngày 13/04"):
    got = got or comparison(COMMUNES)
    return rank(overview(), got, before or {}, since=since)


def exhibit(found, size=0, language="vi", page=1):
    return rank_exhibit(found, level="commune", size=size, page=page, query="", language=language)


def codes(found, size):
    return [found.comparison.rows[at].unit for at in ranked(found, level="commune", size=size)]


def earlier(**changes):
    """The rows of an earlier day, with other figures for some units."""
    rows = {row.unit: row for row in comparison(COMMUNES).rows}
    return rows | {unit: replace(rows[unit], **known) for unit, known in changes.items()}


def test_units_are_ranked_among_their_likes_alone():
    found = ranking()

    assert codes(found, 0) == ["A", "B", "C"]
    assert codes(found, 2) == ["D", "E"]
    assert sizes_of(found, "commune") == {0: 3, 2: 2}


def test_place_is_a_range_where_figures_cannot_tell_units_apart():
    found = ranking()
    at = {row.unit: position for position, row in enumerate(found.comparison.rows)}

    assert [place_words(found, at[code], "vi") for code in ("A", "B", "C", "D")] == [
        *["nhóm dẫn đầu, 2 đơn vị tương đương"] * 2,
        "3/3",
        "1/2",
    ]


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "Tỷ lệ hồ sơ trực tuyến, 3 UBND cấp xã có dưới 100 hồ sơ: nhóm dẫn đầu, 2 đơn vị tương đương"),
        (2, "Tỷ lệ hồ sơ trực tuyến, 2 UBND cấp xã có từ 1.000 hồ sơ trở lên: UBND xã Dân dẫn đầu"),
        (1, "UBND cấp xã: chưa đơn vị nào có số liệu để xếp hạng"),
    ],
)
def test_message_names_who_cannot_be_told_from_the_first(size, said):
    assert exhibit(ranking(), size).title == said


def test_message_says_so_where_nobody_can_be_told_from_anybody():
    units = tuple((*unit[:4], 5, 9, 0, 1, "met") for unit in COMMUNES)

    assert "chưa phân định được thứ hạng" in exhibit(ranking(comparison(units))).title


def test_unit_without_a_like_is_not_ranked_first():
    found = ranking(comparison(COMMUNES[:2]))

    assert "chỉ có UBND xã An" in exhibit(found).title


def test_moves_are_told_only_where_ranges_no_longer_meet():
    found = ranking(before=earlier(D={"numerator": 50, "value": 5.0}))

    title = exhibit(found, 2).title
    assert title.endswith("so với ngày 13/04, 1 đơn vị lên hạng và 1 đơn vị xuống hạng rõ rệt")
    moved = [row.cells[7] for row in exhibit(found, 2).table.rows]
    assert moved == ["↑ lên hạng", "↓ xuống hạng"]


def test_nobody_has_moved_where_figures_stand_still():
    found = ranking(before=earlier())

    assert exhibit(found, 2).title.endswith("so với ngày 13/04 không đơn vị nào đổi hạng rõ rệt")


@pytest.mark.parametrize(
    "changes", [{"coverage": 0.0}, {"is_bound": True}, {"value": None, "numerator": None, "denominator": 0}]
)
def test_figure_that_is_old_or_a_bound_or_none_is_not_ranked_and_counted(changes):
    found = ranking(comparison(COMMUNES, B=changes))

    assert codes(found, 0) == ["A", "C"]
    assert any(note.startswith("1 đơn vị không xếp hạng") for note in exhibit(found).notes)


def test_percents_without_counts_are_a_class_of_their_own():
    found = ranking(comparison(COMMUNES, B={"numerator": None, "denominator": None}))

    assert codes(found, size_count(RULED) - 1) == ["B"]
    assert size_name(RULED, ONLINE, size_count(RULED) - 1, "vi") == "chỉ có tỷ lệ, không có số lượng"


def test_class_between_two_bounds_is_named_by_both():
    assert size_name(RULED, ONLINE, 1, "vi") == "từ 100 đến dưới 1.000 hồ sơ"


def test_without_an_earlier_day_nothing_is_said_of_moves():
    found = exhibit(ranking())

    assert "Chưa có số liệu trước đó để so thứ hạng." in found.notes
    assert not [column for column in found.table.columns if "So với" in column.title]


@pytest.mark.soak
def test_country_is_drawn_screen_by_screen():
    found = exhibit(ranking(comparison(many(11_000))), size=1, page=3)

    assert len(found.chart["datasets"]["rows"]) == 25
    assert len(found.table.rows) > 8_000


# --- the funnel -----------------------------------------------------------------------------------------------------


def level(count, *, odd=()):
    """Communes at half of 400 cases, and some that are not."""
    usual = tuple((f"U{n}", f"UBND xã số {n}", "commune", "H21", 200, 400, 0, 1, "met") for n in range(count))
    return comparison((UNITS[0], *usual, *odd))


LOW = ("L", "UBND xã Thấp", "commune", "H21", 40, 400, 0, 1, "unlikely")
HIGH = ("H", "UBND xã Cao", "commune", "H21", 380, 400, 0, 1, "met")
FEW = ("F", "UBND xã Ít", "commune", "H21", 0, 2, 0, 1, "unlikely")


@pytest.mark.parametrize("language", LANGUAGES)
def test_funnel_names_those_outside_the_usual_scatter_and_nobody_else(language):
    found = funnel_exhibit(level(40, odd=(LOW, HIGH, FEW)), level="commune", language=language)

    labels = [label["wide"] for label in found.chart["datasets"]["labels"]]
    assert sorted(label.split("  ")[1] for label in labels) == ["UBND xã Cao", "UBND xã Thấp"]
    assert [row.code for row in found.table.rows][:2] in (["L", "H"], ["H", "L"])
    assert "43" in found.title


def test_funnel_says_so_where_all_differences_are_usual():
    found = funnel_exhibit(level(40, odd=(FEW,)), level="commune", language="vi")

    assert "mọi khác biệt đều trong mức dao động thông thường" in found.title
    assert not found.chart["datasets"]["labels"]


def test_few_units_have_no_common_rate_to_depart_from():
    found = funnel_exhibit(level(4), level="commune", language="vi")

    assert "dưới 5 đơn vị" in found.title
    assert found.chart is None


def test_units_without_counts_are_absent_and_counted():
    found = funnel_exhibit(
        comparison((UNITS[0], *COMMUNES[1:], FEW), B={"coverage": 0.0}), level="commune", language="vi"
    )

    assert any(note.startswith("1 đơn vị không có mặt") for note in found.notes)


def test_labels_of_a_funnel_never_overlap_and_the_table_has_all():
    odd = tuple((f"L{n}", f"UBND xã {n}", "commune", "H21", n, 400, 0, 1, "unlikely") for n in range(30))

    found = funnel_exhibit(level(300, odd=odd), level="commune", language="vi")

    places = sorted(label["to"] for label in found.chart["datasets"]["labels"])
    assert len(places) == 16
    assert all(after - before > 20 for before, after in itertools.pairwise(places))
    assert any("nêu tên 16 đơn vị" in note for note in found.notes)
    assert len(found.table.rows) == 330


@pytest.mark.soak
def test_country_is_drawn_with_marks_that_do_not_cover_one_another():
    found = funnel_exhibit(comparison(many(11_000)), level="commune", language="vi")

    assert len(found.chart["datasets"]["inside"]) < 6_000
    assert len(found.chart["datasets"]["limits"]) < 130
