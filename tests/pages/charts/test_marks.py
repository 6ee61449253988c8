"""Charts as plain values: what is drawn, where, and that words come finished."""

import json

import pytest

from models.core.texts import LANGUAGES
from pages.charts import marks
from pages.charts.layout import MARKS
from pages.overview.view import overview_view
from targets.values import STANDINGS


def bullet(**known):
    fields = {
        "standing": "unlikely", "now": 29.6, "baseline": 7.0, "trajectory": 32.8, "target": 50.0, "figure": "29,6%",
        "target_label": "50%", "facts": (("Hiện tại", "29,6%"),),
    } | known  # fmt: skip
    return marks.bullet(marks.Bullet(**fields), "vi")


def layers(chart, kind):
    return [layer for layer in chart["layer"] if layer["mark"]["type"] == kind]


def words(chart):
    return [layer["encoding"]["text"]["value"] for layer in layers(chart, "text")]


def place(layer):
    return layer["encoding"]["x"]["datum"]


def test_bullet_draws_baseline_now_trajectory_and_target_where_they_are():
    chart = bullet()

    assert [place(layer) for layer in layers(chart, "point")] == [7.0, 29.6]
    assert [place(layer) for layer in layers(chart, "rule")] == [32.8]
    assert [place(layer) for layer in layers(chart, "tick")] == [50.0]


@pytest.mark.parametrize(("unknown", "left_out"), [("trajectory", "rule"), ("target", "tick")])
def test_bullet_leaves_out_what_is_unknown(unknown, left_out):
    assert not layers(bullet(**{unknown: None}), left_out)


@pytest.mark.parametrize(("projection", "end"), [(41.5, 41.5), (104.0, 100), (20.0, 20.0)])
def test_bullet_leads_on_from_today_to_the_projection_as_a_lighter_band(projection, end):
    band = next(layer for layer in layers(bullet(projection=projection), "bar") if layer["mark"]["height"] == 11)

    assert (place(band), band["encoding"]["x2"]["datum"]) == (29.6, end)
    assert band["mark"]["opacity"] < 0.5


def test_bullet_without_a_projection_has_no_band():
    assert not [layer for layer in layers(bullet(), "bar") if layer["mark"]["height"] == 11]


def test_bullet_without_a_figure_draws_no_mark_and_no_number():
    chart = bullet(now=None, figure="", standing="insufficient")

    assert [place(layer) for layer in layers(chart, "point")] == [7.0]
    assert words(chart) == ["50%"]


@pytest.mark.parametrize("standing", STANDINGS)
def test_bullet_marks_today_by_shape_and_colour_of_the_standing(standing):
    mark = layers(bullet(standing=standing), "point")[-1]["mark"]

    painted = mark["stroke" if MARKS[standing].is_hollow else "fill"]["expr"]
    assert mark["shape"] == MARKS[standing].shape
    assert MARKS[standing].colour.light in painted
    assert MARKS[standing].colour.dark in painted


@pytest.mark.parametrize("near", [99.2, 100.0, 97.1])
def test_labels_of_now_and_target_stand_apart_however_close_they_come(near):
    figure, target = (layer["mark"]["dy"] for layer in reversed(layers(bullet(now=near, target=100.0), "text")))

    assert figure <= -18
    assert target >= 18


@pytest.mark.parametrize(("now", "align"), [(0.0, "left"), (50.0, "center"), (99.2, "right"), (100.0, "right")])
def test_label_turns_inwards_at_the_ends_of_the_bar(now, align):
    assert layers(bullet(now=now), "text")[-1]["mark"]["align"] == align


def test_bullet_keeps_what_lies_beyond_its_end_on_the_bar():
    assert place(layers(bullet(now=103.0), "point")[-1]) == 100


def test_bullet_tells_its_facts_on_hovering():
    tooltip = bullet()["layer"][-1]["encoding"]["tooltip"]

    assert tooltip == [{"field": "Hiện tại", "type": "nominal"}]


@pytest.mark.parametrize("language", LANGUAGES)
def test_chart_carries_the_separators_of_its_language(language):
    chart = marks.finished(marks.alt.layer(marks.alt.Chart().mark_point()), language)

    assert chart["config"]["locale"]["number"]["decimal"] == {"vi": ",", "en": "."}[language]


def test_timeline_is_filled_up_to_today():
    chart = marks.timeline(days=100, today=30, start_label="22/03", milestones=[], language="vi")

    assert [layer["encoding"]["x2"]["datum"] for layer in layers(chart, "bar")] == [100, 30]


@pytest.mark.parametrize(("today", "filled"), [(-4, [100]), (0, [100]), (130, [100, 100])])
def test_timeline_stays_within_the_campaign(today, filled):
    chart = marks.timeline(days=100, today=today, start_label="22/03", milestones=[], language="vi")

    assert [layer["encoding"]["x2"]["datum"] for layer in layers(chart, "bar")] == filled


def test_timeline_gives_up_labels_that_would_meet():
    milestones = [marks.Milestone(50, "50"), marks.Milestone(90, "90"), marks.Milestone(100, "100")]

    chart = marks.timeline(days=100, today=1, start_label="0", milestones=milestones, language="vi")

    assert words(chart) == ["0", "50", "100"]
    assert len(layers(chart, "tick")) == 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_can_be_drawn_and_sent(state, language):
    view = overview_view(state, language)

    assert len(view.lines) == len(state.lines)
    assert all(json.dumps(line.chart) for line in view.lines)
    assert json.dumps(view.timeline)
