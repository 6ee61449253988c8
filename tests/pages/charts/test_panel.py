"""A panel as plain values: where marks and their words stand."""

from datetime import date, timedelta

import pytest

from pages.charts import panel as charts_panel
from pages.charts.layout import MARKS
from pages.charts.panel import Fan, Point, TargetTick
from targets.values import STANDINGS

FIRST, LAST = date(2024, 3, 21), date(2024, 6, 29)


def panel(**known):
    shown = {
        "first": FIRST, "last": LAST, "runs": (), "baseline": None, "trajectory": (), "targets": (), "now": None,
        "standing": "likely", "figure": "29,6%", "dates": ((date(2024, 3, 22), "22/03"),),
    } | known  # fmt: skip
    return charts_panel.panel(charts_panel.Panel(**shown), "vi")


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


def test_fan_opens_from_today_to_the_due_date():
    now, due = Point(date(2024, 4, 20), 40), date(2024, 5, 10)

    fan = rows(panel(now=now, fan=Fan(due, 44, 52)), "fan")

    assert [(row["day"], row["value"], row["high"]) for row in fan] == [(30, 40, 40), (50, 44, 52)]


def test_fan_without_a_figure_of_today_is_not_drawn():
    assert not rows(panel(fan=Fan(date(2024, 5, 10), 44, 52)), "fan")


def rising(since: date, until: date, low: float, high: float) -> tuple[Point, ...]:
    days = (until - since).days
    return tuple(Point(since + timedelta(days=day), low + (high - low) * day / days) for day in range(days + 1))


@pytest.mark.parametrize(
    ("low", "high", "trajectory", "align", "is_above"),
    [
        (20, 40, (), "right", True),
        (60, 97, (), "left", False),
        (96, 97, (), "right", False),
        (60, 40, (), "right", False),
        (60, 97, (Point(date(2024, 4, 20), 70), Point(date(2024, 6, 29), 100)), "right", False),
    ],
    ids=["rising in the middle", "rising near the top", "flat near the top", "falling", "no side is free"],
)
def test_figure_of_today_stands_where_it_covers_no_line(low, high, trajectory, align, is_above):
    until = date(2024, 4, 20)
    history = rising(FIRST, until, low, high)

    [now] = rows(panel(runs=(history,), now=history[-1], trajectory=trajectory), "now")

    assert (now["align"], now["dy"] < 0) == (align, is_above)


def test_figure_of_today_does_not_cover_a_targets_label():
    until = date(2024, 5, 7)
    history = rising(FIRST, until, 60, 99)

    [now] = rows(panel(runs=(history,), now=history[-1], targets=(TargetTick(date(2024, 5, 10), 100, "100%"),)), "now")

    assert now["align"] == "right"
