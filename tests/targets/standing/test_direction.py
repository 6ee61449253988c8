"""A figure and its mirror image: turned where it is judged, turned back where it is handed out."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.comparison.contribution import gap_contributions
from targets.comparison.ranking import places
from targets.findings import Beyond, ambitious, beyond_most, is_short, may_be_lost, movers
from targets.flags import find_flags
from targets.projection.outlook import Projection
from targets.projection.projection import project
from targets.standing.direction import (
    as_reported,
    mirrored,
    mirrored_cases,
    mirrored_counts,
    mirrored_history,
    projection_as_reported,
    wholes,
)
from targets.standing.progress import assess
from tests.targets.campaigns import outlook_of, series
from tests.targets.standing.test_progress import THRESHOLDS, Case, arrays
from tests.targets.test_findings import CAMPAIGN, unit
from tests.targets.test_flags import CALENDAR, SMALL
from tests.targets.test_flags import result as figures

NAN = math.nan
DOWN, UP = wholes(np.array([True]), np.array([False])), wholes(np.array([False]), np.array([False]))
POINTS = st.decimals(0, 100, places=2).map(float)


@given(POINTS)
def test_mirror_image_of_the_mirror_image_is_the_figure_to_the_digit(points):
    assert mirrored(mirrored(np.array([points]), DOWN), DOWN)[0] == points


def test_numerator_alone_has_no_mirror_image():
    found = mirrored_counts(np.array([416.0, 7.0, 5.0]), np.array([1000.0, NAN, 10.0]), np.array([100, 100, NAN]))

    assert found.tolist() == [584, 7, 5]


OVERDUE = Case(
    numerator=416, denominator=1000, target=Decimal(2), trajectory=Decimal(30), days_left=10, daily_cases=Fraction(20)
)


def test_overdue_dossiers_against_a_ceiling_of_two_percent_are_judged_by_those_in_time():
    """41.6 % overdue against 2 %: 396 of 1,000 too many, of 200 to come not one may be, and 34.7 % is the best left."""
    cases = arrays([OVERDUE])

    found = as_reported(assess(mirrored_cases(cases, DOWN), THRESHOLDS), cases, DOWN)

    assert (found.value[0], found.gap[0], found.cases_missing[0]) == pytest.approx((41.6, 39.6, 396))
    assert found.ahead[0] == pytest.approx(-11.6)
    assert found.attainable[0] == pytest.approx(100 * 416 / 1200)
    assert found.share_needed[0] == pytest.approx((2 * 1200 - 41600) / 200)


def test_higher_is_better_leaves_everything_as_it_is():
    cases = arrays([OVERDUE])
    progress, ahead = assess(cases, THRESHOLDS), Projection(*(np.array([40.0]) for _ in range(5)))

    assert mirrored_cases(cases, UP) is cases
    assert as_reported(progress, cases, UP) is progress
    assert projection_as_reported(ahead, UP) is ahead


@given(series())
def test_range_of_a_mirrored_projection_stays_in_order_and_keeps_its_width(case):
    outlook = outlook_of([case])
    ahead = project(outlook)

    image = projection_as_reported(ahead, DOWN)

    assert (image.high - image.low).tolist() == pytest.approx((ahead.high - ahead.low).tolist(), nan_ok=True)
    assert np.isnan(image.low[0]) or image.low[0] <= image.projection[0] <= image.high[0]
    assert image.chance.tolist() == pytest.approx(ahead.chance.tolist(), nan_ok=True)


@given(series())
def test_rates_of_a_mirrored_history_are_what_is_left_to_a_hundred(case):
    history = outlook_of([case]).history

    image = mirrored_history(history, DOWN)

    assert image.rates().tolist()[0] == pytest.approx((100 - history.rates()).tolist()[0], nan_ok=True, abs=1e-6)


# --- what is found --------------------------------------------------------------------------------------------------


def down(name: str, standing: str = "at_risk", **known: object):
    """A unit with 60 % of 1,000 cases overdue where 50 % may be: 100 too many."""
    return unit(name, standing, **({"value": 60.0, "numerator": 600, "lower_is_better": True} | known))


@pytest.mark.parametrize(("value", "is_over"), [(60.0, True), (50.0, False), (40.0, False), (None, False)])
def test_unit_is_short_where_it_is_over_what_is_allowed(value, is_over):
    assert is_short(down("a", value=value)) is is_over


@pytest.mark.parametrize(("overdue", "coming", "may"), [(400, 250, True), (400, 100, False), (400, None, True)])
def test_target_met_may_be_lost_where_too_many_of_those_to_come_could_be_overdue(overdue, coming, may):
    """400 of 1,000: with 250 more, all overdue, 650 of 1,250 would be over half."""
    row = down("a", "met", value=40.0, numerator=overdue, expected_cases=coming)

    assert may_be_lost(row) is may


def test_who_registered_a_lower_ceiling_is_spared_once_it_keeps_that_of_its_peers():
    peers = [down("a", target=70.0, origin="issued"), down("b", target=70.0, origin="issued")]

    assert ambitious([*peers, down("c", target=50.0, origin="registered")]) == {"c"}
    assert ambitious([*peers, down("c", value=75.0, target=50.0, origin="registered")]) == frozenset()


def test_level_that_three_in_four_can_still_keep_is_rounded_up():
    best = (10.0, 20.01, 30.11, 40.0)
    rows = [down(name, "out_of_reach", attainable=of) for name, of in zip("abcd", best, strict=True)]

    assert beyond_most(rows, province="whole") == [Beyond("online", 4, 4, 30.2)]


def test_whoever_fell_most_got_better_most():
    rows = [down("fell", week_change=-3.0), down("rose", week_change=2.0), down("stayed", week_change=0.0)]

    found = movers(rows, campaign=CAMPAIGN, most=3)

    assert ([row.unit for row in found.up], [row.unit for row in found.down]) == (["fell"], ["rose"])
    assert (found.rose, found.fell) == (1, 1)


def test_lowest_figure_is_in_the_first_place():
    overdue, cases = np.array([10.0, 500.0, 900.0]), np.full(3, 1000.0)
    known = {"denominator": cases, "reported": np.full(3, NAN), "likes": np.zeros(3, dtype=np.int64)}

    found = places(numerator=overdue, **known, lower_is_better=True)

    assert (found.best.tolist(), found.worst.tolist()) == ([1, 2, 3], [1, 2, 3])
    assert (found.low < found.high).all()


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8), POINTS)
def test_places_and_contributions_are_those_of_the_mirror_image(units, target):
    cases = np.array([float(max(pair)) for pair in units])
    wrong = np.array([float(min(pair)) for pair in units])
    known = {"denominator": cases, "reported": np.full(len(cases), NAN), "likes": np.zeros(len(cases), dtype=np.int64)}

    image = places(numerator=wrong, **known, lower_is_better=True)
    upright = places(numerator=cases - wrong, **known)
    over = gap_contributions(
        numerator=wrong, denominator=cases, weight=np.ones(len(cases)), target=target, lower_is_better=True
    )
    short = gap_contributions(
        numerator=cases - wrong, denominator=cases, weight=np.ones(len(cases)), target=100 - target
    )

    assert (image.best.tolist(), image.worst.tolist()) == (upright.best.tolist(), upright.worst.tolist())
    assert over.contribution.tolist() == pytest.approx(short.contribution.tolist(), nan_ok=True, abs=1e-6)
    assert over.total == pytest.approx(short.total, nan_ok=True, abs=1e-6)


# --- what is odd ----------------------------------------------------------------------------------------------------


def kinds(given_figures) -> list[str]:
    return [flag.kind for flag in find_flags(given_figures, working_days=CALENDAR, small_volume=SMALL)]


def test_percent_alone_that_goes_down_is_nothing_odd_where_lower_is_better():
    def told(is_down: bool) -> list[str]:
        rows = ((NAN, NAN), (NAN, NAN))
        return kinds(figures(*rows, reported=np.array([40.0, 35.0]), is_down=np.full(2, is_down)))

    assert (told(True), told(False)) == ([], ["fell"])
