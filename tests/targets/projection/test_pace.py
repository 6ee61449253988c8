"""How fast a rate moves: drawn examples, and a plain calculation slope by slope."""

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.projection.pace import as_the_week_went, needed_pace, pace, pace_ratio, weighted_median
from targets.standing.history import LOOKS, History
from tests.targets.campaigns import Series, history_of, series

NAN = math.nan

# Rates on the looks back (0, 3, 5, 10, 15 and 20 working days ago) and the pace per week they make.
SPEC = """
    now | 3    | 5    | 10   | 15   | 20   | pace | because
    40  | 37   | 35   | 30   | 25   | 20   | 5    | a point a day
    40  | 40   | 40   | 40   | 40   | 40   | 0    | it stands still
    20  | 23   | 25   | 30   | 35   | 40   | -5   | it falls
    40  | 37   | 35   | 90   | 25   | 20   | 5    | one wrong figure changes nothing
    39  | 39.6 | 40   | 35   | 30   | 25   | -1   | it rose for weeks and falls now
    41  | 40.6 | 40   | 35   | 30   | 25   | 1    | it has all but stopped
    40  | 37   | —    | —    | —    | —    | 5    | three days are enough
    40  | —    | —    | —    | —    | —    | —    | one figure has no pace
    —   | 37   | 35   | 30   | 25   | 20   | 5    | no rate today, but the days before
    """


def drawn() -> list[tuple[list[float], float, str]]:
    rows = [[cell.strip() for cell in line.split("|")] for line in SPEC.strip().splitlines()[1:]]
    return [([number(cell) for cell in row[:6]], number(row[6]), row[7]) for row in rows]


def number(cell: str) -> float:
    return NAN if cell == "—" else float(cell)


def result(rates: list[float]) -> History:
    reported = np.array([rates])
    blank = np.full(reported.shape, NAN)
    return History(np.array([LOOKS], dtype=np.float64), blank, blank, reported, blank)


@pytest.mark.parametrize(("rates", "expected", "because"), drawn(), ids=lambda value: str(value)[:40])
def test_pace_is_what_the_table_says(rates, expected, because):
    found = pace(result(rates))[0]

    assert found == pytest.approx(expected, nan_ok=True), because


def plain_pace(case: Series) -> float:
    """Slope by slope, as the docstring says it."""
    rates = plain_rates(case)
    steady = plain_steady(case, rates)
    week, early, late = (plain_slopes(case, rates, looks) for looks in ([0, 2], [1, 2], [0, 1]))
    if not week:
        return steady
    recent = week[0][0]
    if early and late and min(early[0][0], late[0][0]) > steady and recent - steady > abs(steady) / 2:
        return recent
    if early and late and max(early[0][0], late[0][0]) < steady and steady - recent > abs(steady) / 2:
        return recent
    return steady


def plain_rates(case: Series) -> list[float]:
    rates = []
    for worked, right, cases, reported in zip(
        case.worked, case.numerator, case.denominator, case.reported, strict=True
    ):
        if math.isnan(worked):
            rates.append(NAN)
        elif not math.isnan(right):
            rates.append(100 * right / cases if cases > 0 else NAN)
        else:
            rates.append(reported)
    return rates


def plain_steady(case: Series, rates: list[float]) -> float:
    """The pace of the four weeks, whatever the last one did: projections go on at it."""
    whole_weeks = [at for at in range(len(LOOKS)) if LOOKS[at] % 5 == 0]
    slopes = plain_slopes(case, rates, whole_weeks) or plain_slopes(case, rates, list(range(len(LOOKS))))
    return plain_median(slopes) if slopes else NAN


def plain_slopes(case: Series, rates: list[float], looks: list[int]) -> list[tuple[float, float]]:
    slopes = []
    for new, old in combinations(looks, 2):
        span = case.worked[old] - case.worked[new]
        if span > 0 and not math.isnan(rates[new]) and not math.isnan(rates[old]):
            slopes.append((5 * (rates[new] - rates[old]) / span, span * 2 ** (-case.worked[new] / 10)))
    return slopes


def plain_median(slopes: list[tuple[float, float]]) -> float:
    slopes = sorted(slopes)
    half, passed = sum(weight for _, weight in slopes) / 2, 0.0
    for at, (slope, weight) in enumerate(slopes):
        passed += weight
        if abs(passed - half) < 1e-9 * half:
            return (slope + slopes[at + 1][0]) / 2
        if passed > half:
            return slope
    raise AssertionError("half of the weight is always reached")


@given(st.lists(series(), min_size=1, max_size=8))
def test_pace_equals_the_plain_one_when_campaigns_are_random(cases):
    found = pace(history_of(cases))

    assert found == pytest.approx([plain_pace(case) for case in cases], nan_ok=True, abs=1e-9)


@pytest.mark.soak
@given(st.lists(series(), min_size=2, max_size=6))
def test_pace_of_a_case_does_not_depend_on_the_others(cases):
    together = pace(history_of(cases))

    alone = [pace(history_of([case]))[0] for case in cases]

    assert np.array_equal(together, np.array(alone), equal_nan=True)


def test_weighted_median_takes_the_mean_when_exactly_half_lies_below():
    found = weighted_median(np.array([[1.0, 2.0, 5.0], [1.0, 2.0, 5.0]]), np.array([[0.1, 0.2, 0.3], [1.0, 1.0, 3.0]]))

    assert found.tolist() == [3.5, 5.0]


@pytest.mark.parametrize(
    ("gap", "days_left", "needed"),
    [(10, 10, 5), (10, 5, 10), (-3, 10, 0), (0, 10, 0), (10, 0, NAN), (10, NAN, NAN), (NAN, 10, NAN)],
)
def test_needed_pace_is_the_gap_over_the_weeks_left(gap, days_left, needed):
    found = needed_pace(np.array([float(gap)]), np.array([float(days_left)]))[0]

    assert found == pytest.approx(needed, nan_ok=True)


@pytest.mark.parametrize(
    ("so_far", "needed", "ratio"), [(5, 10, 0.5), (-5, 10, -0.5), (5, 0, NAN), (NAN, 10, NAN), (5, NAN, NAN)]
)
def test_pace_ratio_is_a_share_of_what_is_needed(so_far, needed, ratio):
    found = pace_ratio(np.array([float(so_far)]), np.array([float(needed)]))[0]

    assert found == pytest.approx(ratio, nan_ok=True)


@pytest.mark.parametrize(
    ("steady", "week", "result"),
    [(2, -0.5, -0.5), (-2, 0.5, 0.5), (2, 0.5, 2), (2, 0, 2), (2, NAN, 2), (NAN, -0.5, NAN), (0, -0.5, 0)],
)
def test_pace_never_rises_beside_a_week_that_fell(steady, week, result):
    found = as_the_week_went(np.array([float(steady)]), np.array([float(week)]))[0]

    assert found == pytest.approx(result, nan_ok=True)
