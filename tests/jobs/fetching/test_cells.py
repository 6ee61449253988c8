"""Values of an answer: numbers stay numbers, and what is beyond belief stays as it was written, to be refused alone."""

from decimal import Decimal

import pytest

from jobs.fetching.cells import added, as_count, as_percent, percent_scale, scaled_percent
from targets.figures import percent_in

SLIPS = [Decimal("1E+309"), Decimal("1E+99999"), Decimal("NaN"), Decimal("-Infinity"), float("nan"), float("inf")]


@pytest.mark.parametrize("slip", [*SLIPS, 10**400, -(10**400), True])
def test_number_that_nobody_can_reckon_with_stays_as_it_was_written(slip):
    written = "true" if slip is True else str(slip)

    assert as_count(slip) == written
    assert as_percent(slip) == written
    assert added([slip]) == written
    assert added([slip, 1]) == f"{written} + 1"


@pytest.mark.parametrize("slip", SLIPS)
def test_ratio_that_nobody_can_reckon_with_decides_nothing_and_is_not_scaled(slip):
    assert percent_scale([(1, 2, slip), (41, 100, Decimal("0.41"))]) == 100
    assert scaled_percent(slip, Decimal(100)) == str(slip)


@pytest.mark.parametrize(("told", "percent"), [("gần 0,9", "gần 90"), ("trên 0,9", "trên 90"), ("0,9-1", "90-100%")])
def test_ratio_that_is_only_a_bound_stays_one(told, percent):
    scaled, known = percent_in(scaled_percent(told, Decimal(100))), percent_in(percent)

    assert (scaled.qualifier, scaled.number, scaled.high) == (known.qualifier, known.number, known.high)


def test_numbers_of_any_kind_are_counts_and_percents():
    assert [as_count(value) for value in (12, 12.0, Decimal("12.00"), "12", None, "")] == [12, 12, 12, "12", None, None]
    assert [as_count(value) for value in (1.5, Decimal("1.5"))] == ["1.5", "1.5"]
    assert [as_percent(value) for value in (41, Decimal("41.6"), "41,6")] == [41.0, 41.6, "41,6"]
