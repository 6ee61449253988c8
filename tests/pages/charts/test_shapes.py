"""The real map: borders on one grid without gaps, a mark inside each, whatever its form."""

import pytest

from pages.charts.layout import MARKS
from pages.charts.shapes import GRID, MapUnit, area, inside, on_grid, shapes_map


def square(x, y, side=1.0):
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y))


def test_neighbours_keep_their_common_border_and_the_map_its_longer_side():
    grid = on_grid({"west": ((square(108.0, 14.0),),), "east": ((square(109.0, 14.0),),)})

    [[west]], [[east]] = grid["west"], grid["east"]
    assert max(x for x, _ in west) == min(x for x, _ in east) == GRID / 2
    assert max(x for x, _ in east) == GRID
    assert west[0] == west[-1]
    assert min(y for _, y in west) == 0, "north is up"


def test_points_that_fall_together_are_one_and_a_border_too_small_to_be_drawn_keeps_its_place():
    round_about = tuple((108.0 + step / 100_000, 14.0) for step in range(100_000))
    long = (*round_about, (109.0, 15.0), (108.0, 15.0), (108.0, 14.0))

    grid = on_grid({"long": ((long,),), "speck": ((square(108.5, 14.5, 1e-6),),)})

    assert len(grid["long"][0][0]) <= GRID + 4
    [[speck]] = grid["speck"]
    assert speck[0] == speck[-1]
    assert abs(area(speck)) < 1


HOOK = [(0, 0), (90, 0), (90, 10), (10, 10), (10, 80), (90, 80), (90, 90), (0, 90), (0, 0)]
RING, HOLE = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)], [(10, 10), (90, 10), (90, 90), (10, 90), (10, 10)]


@pytest.mark.parametrize(
    ("outline", "left", "right"), [([HOOK], 0, 10), ([HOOK[::-1]], 0, 10), ([RING, HOLE], 0, 100), ([RING], 50, 50)]
)
def test_mark_stands_inside_whatever_the_form(outline, left, right):
    x, y = inside(outline)

    assert left <= x <= right
    assert not (10 < x < 90 and 10 < y < 90 and outline == [RING, HOLE]), "in the hole"


def test_line_that_encloses_nothing_keeps_its_mark_too():
    assert inside([[(3, 4), (7, 4), (9, 4), (3, 4)]]) == (3.0, 4.25)


def test_map_draws_each_unit_with_its_mark_and_leaves_the_others_blank():
    units = [
        MapUnit("a", "met", ((square(108.0, 14.0),),), (("Đơn vị", "A"),)),
        MapUnit("b", "stale", ((square(109.0, 14.0),),), (("Đơn vị", "B"), ("Số liệu", "48,0%"))),
        MapUnit("c", "missed", ((square(110.0, 14.0),),), (("Đơn vị", "C"),), is_aside=True),
    ]

    spec = shapes_map(units, "vi")

    borders, marks = spec["datasets"]["borders"], spec["datasets"]["marks"]
    assert [(border["code"], border["fill"] > 0) for border in borders] == [("a", True), ("b", False), ("c", False)]
    assert [(mark["code"], mark["shape"], mark["hollow"]) for mark in marks] == [
        ("a", MARKS["met"].shape, False), ("b", MARKS["stale"].shape, True)
    ]  # fmt: skip
    assert [tip["field"] for tip in spec["layer"][0]["encoding"]["tooltip"]] == ["Đơn vị", "Số liệu"]
    assert spec["layer"][0]["mark"]["type"] == "geoshape"
