"""Campaigns made up for the back-test: the demonstration's, and the same troubled in ways that real ones are.

A pure function of kind and seed. One line is a unit and an indicator, from the campaign's first day to its last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from jobs.campaigns import demonstration
from models.core.columns import day_number
from targets.values import Campaign, Unit

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Kind = Literal["plain", "noisy", "broken", "percent"]
"""As the demonstration makes them; with shocks from week to week; with a break of the trend; percents alone."""
KINDS: tuple[Kind, ...] = get_args(Kind)
SMOOTHING = 9
"""Days over which the share of right cases is read off a simulated line before it is troubled."""


@dataclass(frozen=True)
class SimulatedLines:
    """Lines × days. NaN: nothing reported. `first_*` was reported first, the others stand after revisions."""

    kind: Kind
    seed: int
    first_day: int
    codes: list[str]
    levels: list[str]
    indicator: Whole
    """Position in the campaign's indicators."""
    first_numerator: Floats
    first_denominator: Floats
    numerator: Floats
    denominator: Floats


def simulated_lines(campaign: Campaign, units: Sequence[Unit], *, kind: Kind, seed: int) -> SimulatedLines:
    """Every unit's and indicator's figures over the whole campaign."""
    plain = _demonstrated(campaign, units, seed=seed)
    if kind in ("plain", "percent"):
        return replace(plain, kind=kind)
    draw = np.random.default_rng([seed, KINDS.index(kind)])
    is_level = np.array([_is_level(campaign, at) for at in plain.indicator], dtype=bool)
    trouble = _shocks if kind == "noisy" else _breaks
    numerator, denominator = _troubled(draw, plain, is_level=is_level, shift=trouble(draw, plain.numerator.shape))
    is_reported = ~np.isnan(plain.numerator)
    numerator, denominator = (np.where(is_reported, counts, np.nan) for counts in (numerator, denominator))
    return replace(
        plain, kind=kind, first_numerator=numerator, first_denominator=denominator, numerator=numerator,
        denominator=denominator,
    )  # fmt: skip


def _is_level(campaign: Campaign, indicator: int) -> bool:
    """Past misses are mended: the line is a rate that is raised, not a stream of cases."""
    settings = campaign.indicators[indicator]
    return settings.shortfall == "repairable" or not settings.arriving


def _demonstrated(campaign: Campaign, units: Sequence[Unit], *, seed: int) -> SimulatedLines:
    simulated = [replace(unit, unit_id=number) for number, unit in enumerate(units)]
    keys = [indicator.key for indicator in campaign.indicators]
    baselines = {
        (unit.code, key): float(demonstration.simulated_baseline(campaign, unit, key, seed=seed))
        for unit in simulated
        for key in keys
    }
    first_day, count = day_number(campaign.start), campaign.days
    counts = np.full((4, len(units) * len(keys), count), np.nan)
    position = {key: number for number, key in enumerate(keys)}
    through = campaign.start + timedelta(days=count - 1)
    for day in demonstration.simulated_days(campaign, simulated, baselines, through=through, seed=seed):
        frame = day.frame
        line = frame["unit_id"].to_numpy(np.int64) * len(keys) + frame["indicator"].map(position).to_numpy(np.int64)
        at = frame["as_of"].to_numpy(np.int64) - first_day
        reported = frame[["numerator", "denominator"]].to_numpy(np.float64).T
        is_first = np.isnan(counts[0, line, at])
        counts[:2, line[is_first], at[is_first]] = reported[:, is_first]
        counts[2:, line, at] = reported
    has_reported = np.flatnonzero(~np.isnan(counts[0]).all(axis=1))
    return SimulatedLines(
        kind="plain",
        seed=seed,
        first_day=first_day,
        codes=[simulated[int(line)].code for line in has_reported // len(keys)],
        levels=[simulated[int(line)].level for line in has_reported // len(keys)],
        indicator=has_reported % len(keys),
        first_numerator=counts[0, has_reported],
        first_denominator=counts[1, has_reported],
        numerator=counts[2, has_reported],
        denominator=counts[3, has_reported],
    )


def _shocks(draw: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Shifts of the log odds that last about two weeks and come anew every week."""
    weeks = np.zeros((shape[0], shape[1] // 7 + 1))
    for week in range(1, weeks.shape[1]):
        weeks[:, week] = 0.6 * weeks[:, week - 1] + draw.normal(0, 0.35, shape[0])
    return np.repeat(weeks, 7, axis=1)[:, : shape[1]]


def _breaks(draw: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """One lasting shift of the log odds in half of the lines, on a day of their own: a new clerk, a broken link."""
    day = draw.integers(15, 85, shape[0])
    size = np.where(draw.random(shape[0]) < 0.5, draw.normal(0, 0.8, shape[0]), 0.0)
    return np.where(np.arange(shape[1])[None, :] >= day[:, None], size[:, None], 0.0)


def _troubled(
    draw: np.random.Generator, plain: SimulatedLines, *, is_level: Bools, shift: Floats
) -> tuple[Floats, Floats]:
    """New counts along the old ones: the day's cases vary more, and the share that is right is shifted in log odds."""
    right, cases = (_carried(counts) for counts in (plain.numerator, plain.denominator))
    new_right, new_cases = (np.maximum(np.diff(counts, prepend=0.0), 0) for counts in (right, cases))
    kernel = np.ones(SMOOTHING)
    smooth = [np.apply_along_axis(np.convolve, 1, counts, kernel, mode="same") for counts in (new_right, new_cases)]
    share = _shifted(np.minimum(smooth[0] + 0.2, smooth[1] + 0.4) / (smooth[1] + 0.4), shift)
    volume = np.exp(np.repeat(draw.normal(0, 0.25, (len(cases), cases.shape[1] // 7 + 1)), 7, axis=1))
    arriving = draw.poisson(new_cases * volume[:, : cases.shape[1]])
    streamed = np.cumsum(draw.binomial(arriving, share), axis=1), np.cumsum(arriving, axis=1)
    # A rate that is raised: faster or slower than before, never beyond all of its cases.
    speed = np.exp(np.clip(shift, -2, 1))
    raised = np.minimum(np.round(right[:, :1] + np.cumsum(np.diff(right, prepend=right[:, :1]) * speed, axis=1)), cases)
    return (
        np.where(is_level[:, None], raised, streamed[0]),
        np.where(is_level[:, None], cases, streamed[1]),
    )


def _carried(counts: Floats) -> Floats:
    """Each day's counts, the last known ones where nothing was reported, nothing before the first."""
    at = np.maximum.accumulate(np.where(np.isnan(counts), 0, np.arange(counts.shape[1])), axis=1)
    return np.nan_to_num(np.take_along_axis(counts, at, axis=1))


def _shifted(share: Floats, shift: Floats) -> Floats:
    odds = share / np.maximum(1 - share, 1e-9) * np.exp(shift)
    result: Floats = odds / (1 + odds)
    return result
