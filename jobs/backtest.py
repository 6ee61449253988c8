"""The back-test: projections made as if on past days, compared with what came of them.

Over simulated campaigns and over every unit's own past days in the store. The projections are those of the product:
`targets.standing.snapshots` looks back, `targets.projection.projection` and `targets.projection.resampling` project.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from jobs.campaigns.simulated import Kind, SimulatedLines, simulated_lines
from jobs.workplace import Step, Tell
from models.campaign.holidays import working_days
from models.core import formats
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS
from models.core.state import find_state
from models.core.texts import text
from models.results.inputs import load_campaign, load_units, wholes_of
from models.results.series import LineReadings, load_lines, mirrored_lines
from targets.projection.backtest import (
    HORIZONS,
    LEAST_CASES,
    Bin,
    Forecasts,
    Score,
    calibration,
    joined,
    score,
    straight_line,
)
from targets.projection.outlook import Outlook, Projection
from targets.projection.projection import project
from targets.projection.resampling import Percents, project_percents, stable_seed
from targets.standing.direction import mirrored
from targets.standing.history import LOOKS
from targets.standing.progress import SHORTFALLS
from targets.standing.snapshots import Readings, Snapshots
from targets.values import Campaign, Unit

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
HELD_OUT_SEEDS = (21, 22, 23)
"""Campaigns that were not looked at while the projection's constants were chosen (1 to 4 and 11 to 13 were)."""
EVERY = 4
"""Days between two days that projections are made on."""
BARS = (-2.0, 8.0)
"""The target of each projection is drawn between so many points below today's figure and above it: every probability
then occurs, while most real targets are far away or long reached."""


@dataclass(frozen=True)
class Past:
    """Readings by line, as `targets.standing.snapshots` takes them, and what stands on each day after all revisions.

    `final`: lines × days from `first_day`, percents in points; NaN where nothing was reported on that day.
    `indicator`, `seed`: per line.
    """

    readings: Readings
    first_day: int
    final: Floats
    indicator: Whole
    seed: npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Judged:
    """One part of the back-test: all its forecasts, by horizon, and by probability."""

    name: str
    overall: Score
    by_horizon: dict[int, Score]
    calibration: list[Bin]


def judged(name: str, forecasts: Forecasts) -> Judged | None:
    """The scores of some forecasts; None where there is not a single one."""
    if not len(forecasts):
        return None
    by_horizon = {
        horizon: score(forecasts.where(forecasts.horizon == horizon))
        for horizon in HORIZONS
        if (forecasts.horizon == horizon).any()
    }
    return Judged(name, score(forecasts), by_horizon, calibration(forecasts))


def simulated_forecasts(campaign: Campaign, units: Sequence[Unit], *, kind: Kind, seed: int) -> Forecasts:
    """Every projection made in one simulated campaign, on every fourth day."""
    return forecasts_of(campaign, past_of_simulation(campaign, simulated_lines(campaign, units, kind=kind, seed=seed)))


def past_of_simulation(campaign: Campaign, lines: SimulatedLines) -> Past:
    """A simulated campaign's figures: projected from what was reported first, judged by the last revision."""
    line, day = np.nonzero(~np.isnan(lines.first_numerator))
    numerator, denominator = lines.first_numerator[line, day], lines.first_denominator[line, day]
    reported = np.full(len(line), np.nan)
    final = _rates(lines.numerator, lines.denominator)
    if lines.kind == "percent":
        final = np.round(final, 2)
        reported = np.round(_rates(numerator, denominator), 2)
        numerator, denominator = np.full(len(line), np.nan), np.where(denominator == 0, 0.0, np.nan)
    readings = Readings(
        line=line.astype(np.int64),
        as_of=lines.first_day + day.astype(np.int64),
        period_start=np.full(len(line), lines.first_day, dtype=np.int64),
        period_end=np.full(len(line), lines.first_day + campaign.days - 1, dtype=np.int64),
        numerator=numerator,
        denominator=denominator,
        reported=reported,
        qualifier=np.zeros(len(line), dtype=np.int64),
        high=np.full(len(line), np.nan),
        is_revised=np.zeros(len(line), dtype=bool),
    )
    keys = [indicator.key for indicator in campaign.indicators]
    seeds = [stable_seed(code, keys[at]) for code, at in zip(lines.codes, lines.indicator, strict=True)]
    return Past(readings, lines.first_day, final, lines.indicator, np.array(seeds, dtype=np.uint64))


def past_of_store(session: Session) -> Past | None:
    """Every line's own past days in the store, as they stand; None where nothing has been loaded yet."""
    state = find_state(session)
    if state.kept_through is None:
        return None
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    first, last = day_number(campaign.start), day_number(state.kept_through)
    # Forecasts are made of mirror images where a lower figure is better, and so judged on them.
    lines: LineReadings = mirrored_lines(load_lines(session, campaign, units, last=last), campaign)
    readings = lines.readings
    unit, indicator = np.full(lines.count, -1, dtype=np.int64), np.full(lines.count, -1, dtype=np.int64)
    of_unit, of_indicator, _, _ = np.nonzero(lines.line_of >= 0)
    found = lines.line_of[lines.line_of >= 0]
    unit[found], indicator[found] = of_unit, of_indicator
    final = np.full((lines.count, max(last - first + 1, 0)), np.nan)
    rates = _rates(readings.numerator, readings.denominator, readings.reported)
    is_inside = readings.as_of >= first
    final[readings.line[is_inside], readings.as_of[is_inside] - first] = rates[is_inside]
    keys = [known.key for known in campaign.indicators]
    seeds = [stable_seed(units.codes[of], keys[at]) for of, at in zip(unit, indicator, strict=True)]
    return Past(readings, first, final, indicator, np.array(seeds, dtype=np.uint64))


def _rates(numerator: Floats, denominator: Floats, reported: Floats | None = None) -> Floats:
    told = np.full(numerator.shape, np.nan) if reported is None else reported
    is_counted = ~np.isnan(numerator) & (denominator > 0)
    from_counts = 100 * np.where(is_counted, numerator, 0) / np.where(is_counted, denominator, 1)
    return np.where(is_counted, from_counts, np.where(denominator == 0, np.nan, told))


def forecasts_of(campaign: Campaign, past: Past, *, tell: Tell | None = None) -> Forecasts:
    """Projections from every fourth day, 7, 14 and 21 days ahead, wherever the product would make one.

    Judged are figures with at least 50 cases (or a percent alone) whose outcome lies in the same period.
    """
    days = past.final.shape[1]
    snapshots = snapshots_of(campaign, past)
    parts = [_none()]
    for offset in range(HORIZONS[0], days - HORIZONS[0], EVERY):
        if tell is not None:
            tell(Step("projecting", {"done": offset + 1, "of": days}))
        parts += [
            forecasts_on(campaign, past, snapshots, offset=offset, horizon=horizon)
            for horizon in HORIZONS
            if offset + horizon < days
        ]
    return joined(parts)


def snapshots_of(campaign: Campaign, past: Past) -> Snapshots:
    """The figures as the product looks them up."""
    lines, days = past.final.shape
    return Snapshots(
        past.readings,
        lines=lines,
        first=past.first_day,
        last=past.first_day + days - 1,
        working_days=working_days(campaign),
        stale_after=campaign.stale_after_working_days,
        volume_window=campaign.volume_window_days,
    )


def _none() -> Forecasts:
    empty = np.zeros(0)
    return Forecasts(np.zeros(0, dtype=np.int64), *([empty] * 9))


def forecasts_on(
    campaign: Campaign, past: Past, snapshots: Snapshots, *, offset: int, horizon: int, least: int = LEAST_CASES
) -> Forecasts:
    """Projections from one day, so many days after the first, for figures with at least so many cases."""
    readings, day = past.readings, past.first_day + offset
    held = snapshots.held(np.array([day], dtype=np.int64))
    row = held.row[:, 0]
    at = np.maximum(row, 0)
    outcome = past.final[:, offset + horizon]
    has_counts = ~np.isnan(readings.numerator[at])
    is_large = np.where(has_counts, readings.denominator[at] >= least, readings.denominator[at] != 0)
    # The figure is of that very day, and the period does not end before the outcome.
    chosen = (row >= 0) & (readings.as_of[at] == day) & (readings.qualifier[at] == 0) & is_large
    is_rate = np.array([indicator.measure.is_rate for indicator in campaign.indicators])
    chosen &= is_rate[past.indicator]
    chosen &= (readings.period_end[at] >= day + horizon) & ~np.isnan(outcome) & (past.indicator >= 0)
    lines = np.flatnonzero(chosen)
    if not len(lines):
        return _none()
    history = snapshots.look_back(np.array([day], dtype=np.int64)).take((lines, 0))
    calendar = working_days(campaign)
    days_left = np.full(len(lines), float(calendar.between(day, day + horizon)))
    of = past.indicator[lines]
    is_arriving = np.array([indicator.arriving for indicator in campaign.indicators], dtype=bool)[of]
    shortfalls = [SHORTFALLS.index(indicator.shortfall) for indicator in campaign.indicators]
    shortfall = np.array(shortfalls, dtype=np.int64)[of]
    best = np.array([float(indicator.best) for indicator in campaign.indicators])
    ceiling = mirrored(best, wholes_of(campaign))[of]
    last = history.rates()[:, 0]
    target = _drawn_targets(past.seed[lines], day * 100 + horizon, last)
    coming = np.where(is_arriving, np.round(held.daily_cases[lines, 0] * days_left), 0.0)
    is_sound = np.ones(len(lines), dtype=bool)
    outlook = Outlook(history, days_left, coming, target, ceiling, shortfall, is_arriving, is_sound)
    projection = project(outlook).or_else(
        project_percents(
            Percents(
                rates=snapshots.rates_back(lines, day, days=LOOKS[-1]),
                elapsed=calendar.between(readings.period_start[row[lines]] - 1, day).astype(np.float64),
                days_left=days_left,
                ceiling=ceiling,
                shortfall=shortfall,
                is_arriving=is_arriving,
                is_sound=~has_counts[lines],
                seed=past.seed[lines],
            )
        )
    )
    return _beside_outcome(
        projection, outlook, outcome=outcome[lines], cases=readings.denominator[row[lines]], horizon=horizon
    )


def _beside_outcome(
    projection: Projection, outlook: Outlook, *, outcome: Floats, cases: Floats, horizon: int
) -> Forecasts:
    forecasts = Forecasts(
        horizon=np.full(len(outcome), horizon, dtype=np.int64),
        cases=cases,
        projection=projection.projection,
        low=projection.low,
        high=projection.high,
        probability=projection.probability,
        target=outlook.target,
        outcome=outcome,
        last=outlook.history.rates()[:, 0],
        line=straight_line(outlook.history, outlook.days_left),
    )
    return forecasts.where(~np.isnan(projection.projection))


def _drawn_targets(seed: npt.NDArray[np.uint64], counter: int, value: Floats) -> Floats:
    """A target for each series and day, drawn around its figure (BARS), in tenths of a point, between 0 and 100."""
    word = (seed ^ np.uint64(counter)) * np.uint64(0x9E3779B97F4A7C15)
    part = ((word ^ (word >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(11)).astype(
        np.float64
    ) / 2**53
    low, high = BARS
    return np.clip(np.round(value + low + (high - low) * part, 1), 0.0, 100.0)


RECORD = CAMPAIGNS.parent / "backtest.json"
PLACES = 4
"""Decimals that are kept: more than any page shows, and no machine's last digit."""


@dataclass(frozen=True)
class Record:
    """The scores of some simulated campaigns, and when they were worked out."""

    made_on: date
    seeds: tuple[int, ...]
    parts: tuple[Judged, ...]


def write_record(record: Record, path: Path = RECORD) -> None:
    content = {
        "made_on": record.made_on.isoformat(),
        "seeds": list(record.seeds),
        "parts": [_rounded(asdict(part)) for part in record.parts],
    }
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def read_record(path: Path = RECORD) -> Record | None:
    """The record; None where no back-test has been kept."""
    if not path.exists():
        return None
    content = json.loads(path.read_text(encoding="utf-8"))
    return Record(
        made_on=date.fromisoformat(content["made_on"]),
        seeds=tuple(content["seeds"]),
        parts=tuple(
            Judged(
                name=part["name"],
                overall=Score(**part["overall"]),
                by_horizon={int(horizon): Score(**found) for horizon, found in part["by_horizon"].items()},
                calibration=[Bin(**found) for found in part["calibration"]],
            )
            for part in content["parts"]
        ),
    )


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_rounded(inner) for inner in value]
    return round(value, PLACES) if isinstance(value, float) else value


NOTHING = "—"


def cells(horizon: int, score: Score, language: str) -> tuple[str, ...]:
    """Horizon, count, coverage, width, errors, share shown a probability, Brier × 100, apart, and whether it holds.

    Errors and Brier scores stand beside those of the two plain guesses; "—" where no probability was shown.
    """

    def beside(*values: float | None) -> str:
        return " / ".join(NOTHING if value is None else formats.decimal(value, language) for value in values)

    briers = [None if value is None else 100 * value for value in (score.brier, score.brier_last, score.brier_line)]
    return (
        str(horizon),
        formats.whole(score.count, language),
        formats.decimal(score.coverage, language),
        formats.decimal(score.width, language),
        beside(score.error, score.error_last, score.error_line),
        formats.decimal(score.told, language),
        NOTHING if score.brier is None else beside(*briers),
        beside(score.apart),
        text("backtest.yes" if score.holds else "backtest.no", language),
    )
