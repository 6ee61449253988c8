"""A course as plain values: its scale, where marks and their words stand, and the band it may end in."""

from datetime import date

import pytest

from models.core.texts import LANGUAGES
from pages.charts.course import ONE, PAGE, Fan, Plot, Point, Tick, course_chart, scale_of, up_to
from pages.charts.layout import MARKS
from targets.values import STANDINGS

FIRST, LAST, DUE, NOW = date(2024, 3, 21), date(2024, 6, 29), date(2024, 5, 10), date(2024, 4, 20)


def plot(**known):
    shown = {
        "first": FIRST, "last": LAST, "runs": (), "baseline": None, "path": (), "knots": (), "ticks": (),
        "changed": (), "now": None, "standing": "likely", "figure": "29,6%", "fan": None, "dues": (),
        "dates": ((date(2024, 3, 22), "22/03"),), "mark": "",
    } | known  # fmt: skip
    return Plot(**shown)


def fan(middle=34.0, end=DUE, label="34,0%"):
    return Fan(NOW, 29.6, end, middle - 3, middle, middle + 3, label)


def rows(shown, kind, **size):
    return [row for row in course_chart(shown, "vi", **size)["datasets"]["marks"] if row["kind"] == kind]


def test_course_without_any_figure_has_its_axes_and_nothing_else():
    chart = course_chart(plot(), "vi")

    assert chart["datasets"]["days"] == []
    assert {row["kind"] for row in chart["datasets"]["marks"]} == {"frame"}


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ((), (0, 100)),
        ((29.6, 50.0), (20, 60)),
        ((97.5, 99.2), (80, 100)),
        ((0.0, 3.0), (0, 20)),
        ((55.0, 56.0), (50, 70)),
        ((7.0, 100.0), (0, 100)),
    ],
)
def test_scale_holds_everything_drawn_and_makes_no_leap_of_a_step(values, scale):
    runs = (tuple(Point(NOW, value) for value in values),) if values else ()

    assert scale_of([plot(runs=runs)]) == scale


def test_scale_holds_path_ticks_baseline_and_band_too():
    shown = plot(
        baseline=Point(FIRST, 7.0), path=((FIRST, 7.0), (DUE, 50.0)), ticks=(Tick(LAST, 77.4, "77,4%"),),
        now=Point(NOW, 29.6), fan=fan(84.0),
    )  # fmt: skip

    assert scale_of([shown]) == (0, 90)


@pytest.mark.parametrize("standing", STANDINGS)
def test_today_is_marked_by_shape_and_colour_of_the_standing(standing):
    [now] = rows(plot(now=Point(NOW, 29.6), standing=standing), "now")

    mark = MARKS[standing]
    assert (now["shape"], now["light"], now["dark"]) == (mark.shape, mark.colour.light, mark.colour.dark)
    assert now["hollow"] == mark.is_hollow


@pytest.mark.parametrize(("value", "is_above"), [(29.6, True), (98.0, False)])
def test_figure_of_today_stands_where_there_is_room(value, is_above):
    [now] = rows(plot(now=Point(NOW, value)), "now", scale=(0, 100))

    assert (now["dy"] < 0) == is_above


@pytest.mark.parametrize(("day", "align"), [(date(2024, 3, 25), "left"), (date(2024, 5, 7), "right")])
def test_figure_of_today_turns_inwards_at_the_beginning(day, align):
    assert rows(plot(now=Point(day, 40)), "now")[0]["align"] == align


def test_band_opens_from_todays_figure_to_the_range_on_the_due_date():
    start, end = rows(plot(now=Point(NOW, 29.6), fan=fan()), "fan", scale=(0, 100))

    assert (start["day"], start["low"], start["high"], start["is_end"]) == (30, 29.6, 29.6, False)
    assert (end["day"], end["low"], end["value"], end["high"], end["is_end"]) == (50, 31.0, 34.0, 37.0, True)
    assert end["label"] == "34,0%"


def test_band_never_leaves_the_scale():
    _, end = rows(plot(fan=fan(99.0)), "fan", scale=(0, 100))

    assert end["high"] == 100


@pytest.mark.parametrize(("middle", "target"), [(34.0, 34.5), (34.5, 34.0), (34.0, 34.0)])
def test_names_of_target_and_projection_give_way_to_each_other(middle, target):
    shown = plot(fan=fan(middle), ticks=(Tick(DUE, target, "34%"),))

    [tick], end = rows(shown, "target"), rows(shown, "fan")[1]

    assert abs(tick["dy"] - end["dy"]) + abs(target - middle) * PAGE.height / 20 >= 14
    assert (tick["dy"] < end["dy"]) == (target >= middle)


def test_names_far_apart_stay_beside_their_marks():
    shown = plot(fan=fan(34.0), ticks=(Tick(DUE, 80.0, "80%"),))

    assert [rows(shown, "target")[0]["dy"], rows(shown, "fan")[1]["dy"]] == [0, 0]


def test_target_of_the_past_is_another_mark_than_the_one_in_force():
    shown = plot(ticks=(Tick(DUE, 50, "", is_past=True), Tick(DUE, 60, "60%")), changed=(NOW,))

    assert [row["value"] for row in rows(shown, "past")] == [50]
    assert [row["value"] for row in rows(shown, "target")] == [60]
    assert [row["day"] for row in rows(shown, "changed")] == [30]


def test_stretch_without_figures_is_a_gap_and_a_single_day_a_dot():
    shown = plot(runs=((Point(FIRST, 20.0), Point(NOW, 30.0)), (Point(DUE, 40.0),)))

    assert [(row["run"], row["alone"]) for row in course_chart(shown, "vi")["datasets"]["days"]] == [
        (0, False),
        (0, False),
        (1, True),
    ]


def test_plot_up_to_a_day_keeps_nothing_behind_it_and_ends_its_path_there():
    whole = plot(
        path=((FIRST, 0.0), (LAST, 100.0)), ticks=(Tick(DUE, 50, "50%"), Tick(LAST, 100, "100%")), dues=(DUE, LAST),
        dates=((DUE, "10/05"), (LAST, "29/06")), knots=((LAST, 100.0),),
    )  # fmt: skip

    cut = up_to(whole, DUE)

    assert cut.path == ((FIRST, 0.0), (DUE, 50.0))
    assert ([tick.day for tick in cut.ticks], cut.dues, cut.dates, cut.knots) == ([DUE], (DUE,), ((DUE, "10/05"),), ())


def test_words_at_the_end_stand_behind_it_where_room_is_kept():
    shown = plot(last=DUE, fan=fan(), ticks=(Tick(DUE, 50, "Chỉ tiêu 50%", brief="50%"),))

    [tick] = rows(shown, "target", size=ONE)

    assert (tick["align"], tick["label"], tick["brief"]) == ("left", "Chỉ tiêu 50%", "50%")


@pytest.mark.parametrize(("value", "is_above"), [(1.0, True), (40.0, False)])
def test_words_of_the_baseline_stand_where_there_is_room(value, is_above):
    [begun] = rows(plot(baseline=Point(FIRST, value), begun="năm 2023"), "baseline", scale=(0, 100))

    assert (begun["label"], begun["dy"] < 0) == ("năm 2023", is_above)


def test_mark_of_simulated_figures_is_inside_the_chart():
    assert rows(plot(mark="Số liệu mô phỏng"), "frame")[0]["label"] == "Số liệu mô phỏng"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", [PAGE, ONE])
def test_one_builder_serves_both_sizes(size, language):
    chart = course_chart(plot(now=Point(NOW, 29.6), fan=fan(), knots=((NOW, 30.0),)), language, size=size)

    assert (chart["width"], chart["height"]) == ("container", size.height)
