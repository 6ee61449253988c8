"""Counts and days: judged as the figures they are, added up each in its way."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.standing.amounts import COUNT, DAYS, as_judged, as_summands, is_amount, of_sums, points_each
from targets.standing.direction import mirrored_cases, mirrored_counts, wholes
from targets.standing.progress import assess, told_otherwise
from targets.values import STANDINGS
from tests.targets.standing.test_progress import THRESHOLDS, Case, arrays

NAN = math.nan
PERCENT, UNITS = 0, 1
KIND = np.array([PERCENT, UNITS, COUNT, DAYS, DAYS])


def same(found, wanted):
    return [np.testing.assert_array_equal(one, other) for one, other in zip(found, wanted, strict=True)]


TOLD = np.array([90.0, 1, 1415, NAN, 900]), np.array([100.0, 1, NAN, 120, 120]), np.array([NAN, NAN, NAN, 7.5, NAN])
JUDGED = (
    np.array([90.0, 1, NAN, NAN, NAN]),
    np.array([100.0, 1, NAN, 120, 120]),
    np.array([NAN, NAN, 1415, 7.5, 7.5]),
)


def test_a_count_is_its_numerator_and_days_are_their_average():
    same(as_judged(*TOLD, KIND), JUDGED)
    assert is_amount(KIND).tolist() == [False, False, True, True, True]


def test_rates_alone_are_left_as_they_were_told():
    rates = tuple(part[:2] for part in TOLD)

    assert as_judged(*rates, KIND[:2])[0] is rates[0]
    assert of_sums(rates[0], rates[1], KIND[:2])[0] is rates[0]


def test_counts_add_up_and_days_are_weighed_by_their_cases():
    kind = np.array([COUNT, COUNT, DAYS, DAYS, DAYS])
    reported, cases = np.array([1415.0, NAN, 8.0, 2.0, 5.0]), np.array([NAN, NAN, 100, 300, NAN])

    numerator, denominator = as_summands(np.full(5, NAN), cases, reported, kind)

    same((numerator, denominator), ([1415, NAN, 800, 600, NAN], [1, NAN, 100, 300, NAN]))
    same(of_sums(np.array([2000.0]), np.array([2.0]), np.array([COUNT])), ([NAN], [NAN], [2000]))
    same(of_sums(np.array([1400.0, 0]), np.array([400.0, 0]), np.array([DAYS] * 2)), ([NAN] * 2, [400, 0], [3.5, NAN]))


@pytest.mark.parametrize(
    ("target", "kind", "points"),
    [(50, PERCENT, 1), (200, COUNT, 0.5), (6, DAYS, 100 / 6), (-6, DAYS, 100 / 6), (0, DAYS, 100)],
)
def test_one_of_a_count_is_so_many_points_as_it_is_percent_of_the_target(target, kind, points):
    assert points_each(np.array([float(target)]), np.array([kind]))[0] == pytest.approx(points)


@pytest.mark.parametrize(
    ("numerator", "denominator", "told", "is_other"),
    [
        (21_683, 306_958, 7.01, True),
        (21_683, 306_958, 7.06, False),
        (21_683, 306_958, 7.0638, False),
        (1_030, 1_365, 75.5, False),
        (15_580, 28_861, 54, False),
        (15_580, 28_861, 52, True),
        (0, 0, 3, False),
        (NAN, NAN, 7.01, False),
        (1, 2, NAN, False),
    ],
)
def test_percent_told_beside_counts_is_named_where_it_is_not_theirs(numerator, denominator, told, is_other):
    found = told_otherwise(*(np.array([float(each)]) for each in (numerator, denominator, told)))[0]

    assert found == told if is_other else math.isnan(found)


def judged(value, target, trajectory, kind, *, lower_is_better=False, **other):
    """The standing of a count or of days, and what is missing."""
    case = Case(
        None,
        None,
        reported=Decimal(str(value)),
        shortfall="repairable",
        target=Decimal(target),
        trajectory=Decimal(trajectory),
        **other,
    )
    cases = arrays([case])
    whole = wholes(np.array([lower_is_better]), np.array([True]))
    cases = replace(
        mirrored_cases(cases, whole), ceiling=np.array([NAN]), points_each=points_each(cases.target, np.array([kind]))
    )
    found = assess(cases, THRESHOLDS)
    return STANDINGS[found.standing[0]], float(found.gap[0])


@pytest.mark.parametrize(
    ("value", "standing", "gap"),
    [(200, "met", 0), (215, "met", -15), (100, "likely", 100), (90, "at_risk", 110), (89, "high_risk", 111)],
)
def test_a_count_is_judged_by_how_much_of_its_target_lacks_to_its_path(value, standing, gap):
    """Of 200 owed 100 by today: 10 behind are five percent of the target, as five points are of a rate."""
    assert judged(value, 200, 100, COUNT, days_left=10) == (standing, gap)


@pytest.mark.parametrize(
    ("value", "standing", "gap"),
    [(6, "met", 0), (5.5, "met", -0.5), (7, "likely", 1), ("7.3", "at_risk", 1.3), (8, "high_risk", 2)],
)
def test_fewer_days_than_allowed_are_better(value, standing, gap):
    found = judged(value, 6, 7, DAYS, lower_is_better=True, days_left=10)

    assert found == (standing, pytest.approx(gap))


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 400))
def test_days_stand_as_their_negative_would_where_more_is_better(value, target, path):
    """The mirror image of a figure without a ceiling is its negative: nothing else decides."""
    assert (
        judged(value, target, path, DAYS, lower_is_better=True, days_left=10)[0]
        == judged(-value, -target, -path, DAYS, days_left=10)[0]
    )


def test_sums_of_days_are_mirrored_as_the_days_are():
    assert mirrored_counts(np.array([800.0]), np.array([100.0]), np.array([0.0])).tolist() == [-800]
