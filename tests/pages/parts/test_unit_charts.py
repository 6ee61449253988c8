"""A panel as plain values: where marks and their words stand."""

from datetime import date

import pytest

from pages.parts import unit_charts
from pages.parts.layout import MARKS
from pages.parts.unit_charts import Point, TargetTick
from targets.values import STANDINGS

FIRST, LAST = date(2024, 3, 21), date(2024, 6, 29)


def panel(**known):
    shown = {
        "first": FIRST, "last": LAST, "runs": (), "baseline": None, "trajectory": (), "targets": (), "now": None,
        "standing": "likely", "figure": "29,6%", "dates": ((date(2024, 3, 22), "22/03"),),
    } | known  # fmt: skip
    return unit_charts.panel(unit_charts.Panel(**shown), "vi")


def rows(chart, kind):
    return [row for row in chart["datasets"]["marks"] if row["kind"] == kind]


def test_panel_without_any_figure_has_its_axes_and_nothing_else():
    chart = panel()

    assert chart["datasets"]["days"] == []
    assert {row["kind"] for row in chart["datasets"]["marks"]} == {"frame"}


@pytest.mark.parametrize("standing", STANDINGS)
def test_panel_marks_today_by_shape_and_colour_of_the_standing(standing):
    [now] = rows(panel(now=Point(date(2024, 4, 20), 29.6), standing=standing), "now")

    mark = MARKS[standing]
    assert (now["shape"], now["light"], now["dark"]) == (mark.shape, mark.colour.light, mark.colour.dark)
    assert now["hollow"] == mark.is_hollow


@pytest.mark.parametrize(("value", "is_above"), [(29.6, True), (97.0, False), (100.0, False)])
def test_words_stand_where_there_is_room(value, is_above):
    chart = panel(now=Point(date(2024, 4, 20), value), targets=(TargetTick(date(2024, 5, 10), value, "50%"),))

    assert (rows(chart, "now")[0]["dy"] < 0) == is_above
    assert (rows(chart, "target")[0]["dy"] < 0) == is_above


@pytest.mark.parametrize(("day", "align"), [(date(2024, 5, 10), "left"), (LAST, "right")])
def test_label_of_a_target_turns_inwards_at_the_end(day, align):
    assert rows(panel(targets=(TargetTick(day, 50, "50%"),)), "target")[0]["align"] == align


@pytest.mark.parametrize(("day", "align"), [(date(2024, 3, 25), "left"), (date(2024, 5, 7), "right")])
def test_figure_of_today_turns_inwards_at_the_beginning(day, align):
    assert rows(panel(now=Point(day, 40)), "now")[0]["align"] == align


def test_what_lies_beyond_the_scale_is_drawn_at_its_end():
    assert rows(panel(now=Point(date(2024, 4, 20), 103.0)), "now")[0]["value"] == 100


def test_figure_that_stands_alone_is_known_to():
    alone, pair = (Point(FIRST, 10),), (Point(date(2024, 4, 1), 10), Point(date(2024, 4, 2), 11))

    assert [row["alone"] for row in panel(runs=(alone, pair))["datasets"]["days"]] == [True, False, False]


def test_frames_are_made_once_and_never_share_what_they_show():
    first, second = panel(now=Point(date(2024, 4, 20), 10)), panel(now=Point(date(2024, 4, 20), 20))

    assert first["layer"] is second["layer"]
    assert rows(first, "now")[0]["value"] == 10
