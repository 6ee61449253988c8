"""What a result says of itself beyond its columns."""

from dataclasses import fields

import pytest

from targets.results import Result, sum_of
from targets.values import PERCENT, Measure, Text


def result(**got):
    """A row of which nothing is known but what is told."""
    return Result(**({field.name: None for field in fields(Result)} | {"measure": PERCENT} | got))


@pytest.mark.parametrize(
    ("pace", "needed", "ratio"),
    [(1.5, 2.0, 0.75), (-1.0, 2.0, -0.5), (1.5, 0.0, None), (1.5, None, None), (None, 2.0, None)],
)
def test_ratio_of_pace_is_a_share_of_what_is_needed_and_unknown_where_nothing_is(pace, needed, ratio):
    assert result(pace=pace, needed_pace=needed).pace_ratio == ratio


@pytest.mark.parametrize(
    ("standing", "value", "is_thin"),
    [("insufficient", 60.0, True), ("insufficient", None, False), ("met", 60.0, False)],
)
def test_result_is_thin_where_it_has_a_value_that_is_not_judged(standing, value, is_thin):
    assert result(standing=standing, value=value).is_thin is is_thin


@pytest.mark.parametrize(
    ("got", "before"),
    [
        (
            {
                "value": 55.0,
                "week_change": 5.0,
                "numerator": 55,
                "denominator": 100,
                "week_numerator": 30,
                "week_denominator": 50,
            },
            50.0,
        ),
        ({"value": 99.4, "week_change": 0.1}, 99.3),
        ({"value": 99.4}, None),
        ({"week_change": 0.1}, None),
    ],
)
def test_rate_a_week_before_is_the_one_its_change_leads_from(got, before):
    assert result(**got).week_before == before


CASES = Measure("count", Text("thủ tục", "procedures"))


@pytest.mark.parametrize(
    ("measure", "place"), [(PERCENT, 30.0), (CASES, 15.0), (Measure("units"), 30.0), (Measure("days"), 15.0)]
)
def test_figure_without_a_ceiling_lies_on_a_scale_up_to_the_largest_beside_it(measure, place):
    row = result(value=30.0, target=200.0, measure=measure)

    assert (row.on_scale(row.value), row.on_scale(None)) == (place, None)
    assert result(value=0.0, measure=CASES).on_scale(0.0) == 0


@pytest.mark.parametrize(
    ("measure", "target", "points"),
    [(PERCENT, 50.0, 10.0), (CASES, 200.0, 5.0), (Measure("days"), 0.0, 1000.0), (CASES, None, 10.0)],
)
def test_gap_in_points_is_a_share_of_the_target_where_the_figure_is_no_rate(measure, target, points):
    assert result(gap=10.0, target=target, measure=measure).points_short == points
    assert result(target=target, measure=measure).points_short is None


@pytest.mark.parametrize(
    ("got", "may"),
    [
        ({"numerator": 1, "denominator": 2}, True),
        ({"value": 50.0}, False),
        ({"value": 825.0, "measure": CASES}, True),
        ({"value": 825.0, "measure": CASES, "is_bound": True}, False),
        ({"value": 7.5, "denominator": 100, "measure": Measure("days")}, True),
        ({"value": 7.5, "measure": Measure("days")}, False),
    ],
)
def test_what_may_be_added_is_known_with_all_it_needs(got, may):
    assert result(**got).may_be_added is may


def test_sum_of_counts_is_their_sum_and_of_days_the_average_over_all_cases():
    days = [
        result(value=8.0, denominator=100, measure=Measure("days")),
        result(value=2.0, denominator=300, measure=Measure("days")),
    ]

    assert sum_of([result(value=825.0, measure=CASES), result(value=None, measure=CASES)]) == 825
    assert sum_of(days) == 3.5
    assert sum_of([result(value=8.0, denominator=0, measure=Measure("days"))]) is None
    assert sum_of([result(value=50.0)]) is None
    assert sum_of([]) is None
