"""The hard series are what they say, and the table on the page of methods is what the code gives."""

import numpy as np
import pytest

from jobs.backtest import read_record
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from targets.projection.backtest import CLASS_SIZE, HORIZONS, joined, score
from tests.adversarial.forecasts import HELD_OUT_SEEDS, TUNING_SEEDS, forecasts_of_series, judged_series
from tests.adversarial.series import DAYS, LINES, SERIES, hard_series

CAMPAIGN = load_campaign_files(CAMPAIGNS / "gia-lai-2024").campaign
WITHOUT = ("lagging", "small", "percent")
"""Kinds of which hardly anything is told a probability: their sources lag, their cases are few, or have no counts."""


@pytest.mark.parametrize("name", SERIES)
def test_series_is_possible_and_the_same_for_the_same_seed(name):
    one, again, other = (hard_series(name, seed) for seed in (5, 5, 6))

    assert one.numerator.shape == one.denominator.shape == (LINES, DAYS)
    assert (one.numerator >= 0).all()
    assert (one.numerator <= one.denominator).all()
    assert np.array_equal(one.numerator, again.numerator)
    assert not np.array_equal(one.numerator, other.numerator)


def test_lagging_source_tells_too_little_of_the_newest_days_and_all_of_the_old_ones():
    hard = hard_series("lagging", 5)
    numerator, denominator = hard.early(60)

    assert (numerator[:, 60] < hard.numerator[:, 60]).mean() > 0.9
    assert np.array_equal(denominator[:, 40], hard.denominator[:, 40])


def test_no_seed_is_both_tuned_on_and_judged_by():
    assert not set(TUNING_SEEDS) & set(HELD_OUT_SEEDS)


@pytest.mark.daily(1)
@pytest.mark.parametrize("name", WITHOUT)
def test_no_probability_is_told_where_it_would_not_be_earned(name):
    found = forecasts_of_series(CAMPAIGN, name, seed=HELD_OUT_SEEDS[0])

    assert len(found) > CLASS_SIZE
    assert np.isnan(found.probability).mean() > 0.99
    assert (found.low <= found.high).all()


def test_kept_table_is_of_every_series_on_seeds_never_tuned_on():
    kept = read_record()

    assert kept is not None
    assert kept.seeds == HELD_OUT_SEEDS
    assert [part.name for part in kept.parts] == [*SERIES, "simulated"]
    assert set(kept.parts[-1].by_horizon) == set(HORIZONS)


def test_kept_table_is_what_the_code_gives():
    """Of one kind of series; all of them are walked in the soak."""
    kept = read_record()
    (again, _) = judged_series(["monthly"], seeds=HELD_OUT_SEEDS)

    assert kept is not None
    result = next(part for part in kept.parts if part.name == "monthly")
    assert {horizon: rounded(found) for horizon, found in again.by_horizon.items()} == {
        horizon: rounded(found) for horizon, found in result.by_horizon.items()
    }


def rounded(found):
    return {name: value if value is None else round(value, 2) for name, value in vars(found).items()}


@pytest.mark.soak
def test_ranges_and_probabilities_hold_on_every_series_or_the_table_says_so():
    """What does not hold is known by name: the deadline rush, which nobody can foresee, and what is told beside it."""
    kept = {(part.name, horizon): found for part in read_record().parts for horizon, found in part.by_horizon.items()}

    for part in judged_series(SERIES, seeds=HELD_OUT_SEEDS):
        for horizon, found in part.by_horizon.items():
            assert rounded(found) == rounded(kept[part.name, horizon])


def test_probability_is_never_told_beyond_the_days_it_was_tested_for():
    found = joined([forecasts_of_series(CAMPAIGN, name, seed=HELD_OUT_SEEDS[0]) for name in ("rhythm", "growing")])

    by_horizon = {horizon: score(found.where(found.horizon == horizon)).told for horizon in HORIZONS}
    assert by_horizon[3] > 50
    assert by_horizon[14] == by_horizon[30] == 0
