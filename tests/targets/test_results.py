"""What a result says of itself beyond its columns."""

from dataclasses import fields

import pytest

from targets.results import Result
from targets.values import PERCENT


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
