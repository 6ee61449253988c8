"""Charts as plain values: the separators of their language, and a level's units stacked around their target."""

import json

import pytest

from models.core.texts import LANGUAGES
from pages.charts import marks
from pages.charts.stacks import Dot, stacks


@pytest.mark.parametrize("language", LANGUAGES)
def test_chart_carries_the_separators_of_its_language(language):
    chart = marks.finished(marks.alt.layer(marks.alt.Chart().mark_point()), language)

    assert chart["config"]["locale"]["number"]["decimal"] == {"vi": ",", "en": "."}[language]


def chart(*away, target="chỉ tiêu"):
    dots = [Dot(f"X{at}", "met" if far >= 0 else "unlikely", far, (("Đơn vị", "X"),)) for at, far in enumerate(away)]
    return stacks(dots, target=target, language="vi")


def places(drawn):
    return [(dot["x"], dot["y"]) for dot in drawn["datasets"]["dots"]]


def test_target_stands_between_two_stacks_and_nobody_left_of_it_has_reached_it():
    drawn = chart(-0.001, 0, -12.0, 6.0)

    assert all(
        (place < 0) == (dot["s"] == "unlikely")
        for dot, (place, _) in zip(drawn["datasets"]["dots"], places(drawn), strict=True)
    )
    assert 0 not in [place for place, _ in places(drawn)]


def test_units_of_one_stack_stand_on_one_another_in_the_order_given():
    assert places(chart(-1.2, -1.1, -1.3)) == [(-1.125, 1), (-1.125, 2), (-1.375, 1)]


def test_many_units_have_narrower_stacks_than_few_and_never_more_than_fit():
    few, many = (len({place for place, _ in places(chart(*(-at / 5 for at in range(count))))}) for count in (40, 220))

    assert few <= 14
    assert 14 < many <= 50


def test_of_thousands_of_units_a_dot_stands_for_several_and_names_none():
    drawn = chart(*(at % 97 - 48.0 for at in range(11_000)))

    assert 390 < len(places(drawn)) < 500
    assert {dot["code"] for dot in drawn["datasets"]["dots"]} == {""}


def test_clicked_dot_tells_its_unit_and_the_axis_names_the_target():
    drawn = chart(-1.0, 2.0)

    assert drawn["params"][0]["select"]["fields"] == ["code"]
    axes = json.dumps(drawn, ensure_ascii=False)
    assert "chỉ tiêu" in axes
    assert "+,.0f" in axes
    assert "rule" in axes


def test_level_without_targets_stands_on_a_scale_of_percents():
    drawn = json.dumps(chart(20.0, 35.0, target=""))

    assert '"rule"' not in drawn
    assert "datum.label + '%'" in drawn
