"""The back-test: simulated campaigns are what they say, forecasts are the product's own, and the command tells them."""

import json
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from jobs.backtest import (
    HELD_OUT_SEEDS,
    Past,
    forecasts_of,
    judged,
    past_of_simulation,
    past_of_store,
    simulated_forecasts,
)
from jobs.campaigns.simulated import KINDS, Kind, simulated_lines
from jobs.commands import backtest as command
from jobs.commands.telling import Command
from jobs.workplace import Step
from models.catalogue import load_campaign_files
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS, load_settings
from models.core.store import open_store
from targets.projection.backtest import HORIZONS, Forecasts, Score
from targets.standing.snapshots import Readings

FILES = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
CAMPAIGN = FILES.campaign
FEW = tuple(unit for unit in FILES.units if unit.level in ("province", "department"))
START = day_number(CAMPAIGN.start)

APP = typer.Typer()
APP.command(cls=Command)(command.backtest)


def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command on a province of some departments: the same way, in a fraction of the time, each seed once."""
    monkeypatch.setattr(command, "load_files", lambda name, **other: replace(FILES, units=FEW))
    monkeypatch.setattr(command, "simulated_forecasts", lambda campaign, units, *, kind, seed: of_few(kind, seed))


@cache
def of_few(kind: Kind, seed: int) -> Forecasts:
    return simulated_forecasts(CAMPAIGN, FEW[:10], kind=kind, seed=seed)


@cache
def of_half_a_province(kind: Kind) -> Forecasts:
    """Held out, and walked in seconds; the command judges whole provinces."""
    units = [unit for at, unit in enumerate(FILES.units) if unit.level != "commune" or at % 3 == 0]
    return simulated_forecasts(CAMPAIGN, units, kind=kind, seed=HELD_OUT_SEEDS[0])


two_kinds_now_all_in_soak = pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind in ("plain", "percent") else pytest.mark.soak) for kind in KINDS]
)
"""With counts and without: two ways to project. What trouble does to them takes as long again."""


# --- simulated campaigns --------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
@two_kinds_now_all_in_soak
def test_simulated_campaign_is_the_same_for_the_same_seed_and_another_for_another(kind):
    one, again, other = (simulated_lines(CAMPAIGN, FEW, kind=kind, seed=seed) for seed in (5, 5, 6))

    assert np.array_equal(one.numerator, again.numerator, equal_nan=True)
    assert not np.array_equal(one.denominator, other.denominator, equal_nan=True)


@pytest.mark.soak
@two_kinds_now_all_in_soak
def test_simulated_counts_are_possible(kind):
    lines = simulated_lines(CAMPAIGN, FILES.units, kind=kind, seed=5)

    is_reported = ~np.isnan(lines.numerator)
    assert is_reported.any(axis=1).all()
    assert (lines.numerator[is_reported] >= 0).all()
    assert (lines.numerator[is_reported] <= lines.denominator[is_reported]).all()
    assert len(lines.codes) == len(lines.levels) == len(lines.indicator) == len(lines.numerator)


@pytest.mark.soak
@pytest.mark.parametrize("kind", ["noisy", "broken"])
def test_troubled_campaign_goes_another_way_than_the_plain_one(kind):
    plain, troubled = (simulated_lines(CAMPAIGN, FEW, kind=which, seed=5) for which in ("plain", kind))

    assert np.array_equal(np.isnan(plain.numerator), np.isnan(troubled.numerator))
    assert not np.array_equal(plain.numerator, troubled.numerator, equal_nan=True)


@pytest.mark.soak
def test_correction_is_known_only_afterwards():
    """A figure that was corrected later is projected from as it was told first, and judged as it stands at last."""
    lines = simulated_lines(CAMPAIGN, FILES.units, kind="plain", seed=5)

    was_corrected = (lines.first_denominator != lines.denominator) & ~np.isnan(lines.denominator)

    past = past_of_simulation(CAMPAIGN, lines)
    line, day = (int(at[0]) for at in np.nonzero(was_corrected))
    row = np.flatnonzero((past.readings.line == line) & (past.readings.as_of == START + day))[0]
    assert past.readings.denominator[row] == lines.first_denominator[line, day]
    assert past.final[line, day] == pytest.approx(100 * lines.numerator[line, day] / lines.denominator[line, day])


def test_percents_are_told_without_counts():
    past = past_of_simulation(CAMPAIGN, simulated_lines(CAMPAIGN, FEW, kind="percent", seed=5))

    assert np.isnan(past.readings.numerator).all()
    assert set(past.readings.denominator[~np.isnan(past.readings.denominator)]) <= {0.0}
    assert np.nanmax(past.readings.reported) <= 100


# --- forecasts ------------------------------------------------------------------------------------------------------


@pytest.mark.soak
@two_kinds_now_all_in_soak
def test_ranges_hold_and_plain_guesses_are_beaten_on_campaigns_never_tuned_on(kind):
    found = judged(kind, of_half_a_province(kind))

    assert found is not None
    assert sorted(found.by_horizon) == list(HORIZONS)
    # One campaign alone scatters a little more than the three the command judges together.
    assert 73 <= found.overall.coverage <= 87
    result = [score for score in found.by_horizon.values() if score.brier is not None]
    assert bool(result) == (kind != "percent")
    assert all(score.brier < min(score.brier_last, score.brier_line) for score in result)


@pytest.mark.soak
def test_units_given_seventy_percent_arrive_seven_times_in_ten():
    seventy = [
        (part.count, part.arrived)
        for kind in KINDS
        for part in (judged(kind, of_half_a_province(kind)) or pytest.fail("nothing was projected")).calibration
        if 0.6 < part.low < 0.7
    ]

    arrived = sum(count * share for count, share in seventy) / sum(count for count, _ in seventy)
    assert 65 <= arrived <= 77


@two_kinds_now_all_in_soak
def test_forecasts_are_of_large_figures_and_within_what_is_possible(kind):
    found = of_half_a_province(kind)

    if kind != "percent":
        assert found.cases.min() >= 50
    for column in (found.low, found.projection, found.high):
        assert 0 <= column.min() <= column.max() <= 100
    assert (found.low <= found.projection).all()
    assert (found.projection <= found.high).all()
    assert set(found.horizon) == set(HORIZONS)


def monthly(days: int) -> Past:
    """One line that tells every day and starts anew each month."""
    on = START + np.arange(days)
    first_of_month = on.astype("datetime64[D]").astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    month_end = (on.astype("datetime64[D]").astype("datetime64[M]") + 1).astype("datetime64[D]").astype(np.int64) - 1
    counted = (on - first_of_month + 1) * 40.0
    readings = Readings(
        line=np.zeros(days, dtype=np.int64),
        as_of=on,
        period_start=first_of_month,
        period_end=month_end,
        numerator=counted / 2,
        denominator=counted,
        reported=np.full(days, np.nan),
        qualifier=np.zeros(days, dtype=np.int64),
        high=np.full(days, np.nan),
        is_revised=np.zeros(days, dtype=bool),
    )
    return Past(readings, START, np.full((1, days), 50.0), np.array([2]), np.array([1], dtype=np.uint64))


def test_no_forecast_crosses_the_start_of_a_period():
    """From the middle of a month there are three, seven and fourteen days to its end, a month never."""
    result: list[Step] = []

    found = forecasts_of(CAMPAIGN, monthly(90), tell=result.append)

    assert len(found) > 0
    assert set(found.horizon) <= {3, 7, 14}
    assert result[0] == Step("projecting", {"done": 4, "of": 90})


def test_nothing_is_judged_when_nothing_was_projected():
    assert judged("plain", forecasts_of(CAMPAIGN, monthly(4))) is None


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.mark.soak
def test_command_tells_both_tables_and_ends_well_or_says_where_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    few(monkeypatch)
    out = tmp_path / "backtest.md"

    outcome = CliRunner().invoke(APP, ["--seed", "31", "--lang", "en", "--out", str(out)], env={"COLUMNS": "200"})

    assert outcome.exit_code in (0, 1), outcome.exception
    written = out.read_text(encoding="utf-8")
    assert "Projections held against what came of them" in outcome.stdout
    assert "seeds: 31" in written
    assert written.count("All simulated") == len(HORIZONS) + 1
    assert "| 65–75 |" in written


@pytest.mark.soak
def test_command_prints_every_score_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    few(monkeypatch)

    outcome = CliRunner().invoke(APP, ["--seed", "31", "--seed", "32", "--json"])

    result = json.loads(outcome.stdout)
    assert result["seeds"] == [31, 32]
    assert [part["name"] for part in result["parts"]] == [*KINDS, "simulated"]
    assert set(result["parts"][0]["by_horizon"]["7"]) == set(Score.__dataclass_fields__)


@pytest.mark.soak
def test_command_fails_when_a_range_does_not_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    few(monkeypatch)
    monkeypatch.setattr("targets.projection.backtest.COVERAGE", (99.9, 100.0))

    assert CliRunner().invoke(APP, ["--seed", "31", "--json"]).exit_code == 1


def test_command_says_that_there_is_nothing_when_there_is_no_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))

    outcome = CliRunner().invoke(APP, ["--own", "--lang", "en"])

    assert outcome.exit_code == 0
    assert "no figures of past days" in outcome.stdout


@pytest.mark.soak
def test_stores_own_past_is_judged_when_it_has_one(home: Path) -> None:
    store = open_store(load_settings())
    with store.reading() as session:
        past = past_of_store(session)

    assert past is not None
    found = forecasts_of(CAMPAIGN, past)
    assert len(found) > 100
    assert (past.indicator >= 0).all()
    assert past.first_day + past.final.shape[1] - 1 == day_number(CAMPAIGN.start + timedelta(days=46))


@pytest.mark.soak
def test_there_is_no_past_when_the_store_holds_a_campaign_without_figures(real_home: Path, run) -> None:
    run("init")
    store = open_store(load_settings())

    with store.reading() as session:
        past = past_of_store(session)

    assert past is None


def test_first_day_of_a_campaign_is_its_start():
    assert date(1970, 1, 1) + timedelta(days=START) == CAMPAIGN.start
