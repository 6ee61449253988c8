"""What projections were worth: scores by hand."""

import math

import numpy as np
import pytest

from targets.projection.backtest import Forecasts, Score, calibration, joined, score, straight_line
from targets.standing.history import LOOKS
from tests.targets.campaigns import history_of
from tests.targets.projection.test_projection import steady

NAN = math.nan

# Four projections: range 40 to 60 around 50, a target of 50.
FORECASTS = """
    outcome | p   | last | line
    45      | 0.4 | 40   | 55
    55      | 0.6 | 60   | 45
    65      | 0.7 | 40   | 65
    35      | 0.7 | 30   | 40
    """


def forecasts(table: str = FORECASTS) -> Forecasts:
    outcome, probability, last, line = np.array(
        [[float(cell) for cell in row.split("|")] for row in table.strip().splitlines()[1:]]
    ).T
    same = np.ones(len(outcome))
    return Forecasts(
        horizon=np.array([7, 7, 14, 14]),
        cases=100 * same,
        projection=50 * same,
        low=40 * same,
        high=60 * same,
        probability=probability,
        target=50 * same,
        outcome=outcome,
        last=last,
        line=line,
    )


def test_score_is_what_one_works_out_by_hand():
    found = score(forecasts())

    assert (found.count, found.coverage, found.below, found.above, found.width) == (4, 50, 25, 25, 20)
    assert (found.error, found.error_last, found.error_line) == (10, 10, 6.25)
    assert found.brier == pytest.approx((0.16 + 0.16 + 0.09 + 0.49) / 4)
    assert (found.brier_last, found.brier_line) == (0.25, 0.5)
    assert (found.told, found.apart) == (100, None)
    assert not found.holds


def test_only_probabilities_that_were_told_are_judged():
    some, none = (
        score(Forecasts(**vars(forecasts()) | {"probability": np.array(result)}))
        for result in ([0.4, NAN, NAN, 0.7], [NAN] * 4)
    )

    assert (some.count, some.coverage, some.told) == (4, 50, 50)
    assert some.brier == pytest.approx((0.16 + 0.49) / 2)
    assert (some.brier_last, some.brier_line) == (0, 0.5)
    assert (none.told, none.brier, none.brier_last, none.brier_line, none.apart) == (0, None, None, None, None)


def test_what_was_said_is_held_against_what_came_in_every_class_that_is_large_enough():
    """A hundred given 30 % of whom all arrive are 70 points apart; a single one given 90 % who fails says nothing."""
    one = forecasts().where(np.array([False, True, False, False]))
    hundred = joined([Forecasts(**vars(one) | {"probability": np.array([0.3])})] * 100)
    failed = Forecasts(**vars(one) | {"probability": np.array([0.9]), "outcome": np.array([45.0])})

    assert score(joined([hundred, failed])).apart == pytest.approx(70)


@pytest.mark.parametrize(
    ("coverage", "brier", "last", "line", "apart", "holds"),
    [(80, 0.1, 0.2, 0.2, 5, True), (75, 0.1, 0.2, 0.2, 5, True), (90, 0.1, 0.2, 0.2, 5, True),
     (74.9, 0.1, 0.2, 0.2, 5, False), (90.1, 0.1, 0.2, 0.2, 5, False), (80, 0.2, 0.2, 0.3, 5, False),
     (80, 0.25, 0.3, 0.2, 5, False), (80, 0.1, 0.2, 0.2, 10, True), (80, 0.1, 0.2, 0.2, 10.1, False),
     (80, None, None, None, None, True), (70, None, None, None, None, False), (80, 0.3, 0.2, 0.2, None, True)],
)  # fmt: skip
def test_projections_hold_when_ranges_do_and_both_guesses_are_beaten(coverage, brier, last, line, apart, holds):
    found = Score(9, coverage, 10, 10, 5, 1, 1, 1, 100, brier, last, line, apart)

    assert found.holds is holds


def test_outcome_told_to_two_decimals_is_within_when_rounding_put_it_beside():
    beside = forecasts().where(np.array([True, False, False, False]))

    inside = Forecasts(**vars(beside) | {"outcome": np.array([60.005])})

    assert score(inside).coverage == 100


def test_calibration_counts_those_told_seventy_percent_together():
    found = calibration(forecasts())

    result = [(round(part.said), part.count, part.arrived) for part in found]
    assert result == [(40, 1, 0), (60, 1, 100), (70, 2, 50)]
    assert (found[-1].low, found[-1].high) == (pytest.approx(0.65), pytest.approx(0.75))


def test_calibration_has_a_place_for_certainty():
    certain = Forecasts(**vars(forecasts()) | {"probability": np.array([0.0, 1, 1, 0.05])})

    found = calibration(certain)

    assert [(part.low, part.high, part.count) for part in found] == [
        (0, 0.05, 1), (0.05, pytest.approx(0.15), 1), (pytest.approx(0.95), 1, 2)
    ]  # fmt: skip


def test_forecasts_may_be_taken_apart_and_put_together():
    whole = forecasts()

    again = joined([whole.where(whole.horizon == 7), whole.where(whole.horizon == 14)])

    assert len(again) == 4
    assert all(np.array_equal(getattr(again, name), values) for name, values in vars(whole).items())


def test_straight_line_goes_on_like_the_last_two_weeks():
    rising = steady(0.4, numerator=tuple(100.0 - look for look in LOOKS), denominator=(200.0,) * len(LOOKS))
    new = steady(0.4, worked=(0.0,) * len(LOOKS))

    found = straight_line(history_of([rising, new]), np.array([10.0, 10.0]))

    assert found == pytest.approx([55, 40])
