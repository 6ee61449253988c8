"""What the product projects for a hard series, as it was known on each day, beside what came of it."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from jobs.backtest import Judged, Past, forecasts_on, judged, snapshots_of
from models.catalogue import load_campaign_files
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS
from targets.projection.backtest import HORIZONS, LEAST_CASES, Forecasts, joined
from targets.projection.resampling import stable_seed
from targets.standing.snapshots import Readings
from targets.values import Campaign
from tests.adversarial.series import DAYS, Early, Hard, hard_series

Floats = npt.NDArray[np.float64]
TUNING_SEEDS = (101, 102, 103)
HELD_OUT_SEEDS = (201, 202, 203)
FIRST, EVERY = 16, 3
"""The first day that is projected from, counted from 0, and the days between two."""
SMALL = 8
"""Cases from which a series of small counts is judged."""


def judged_series(names: Iterable[str], *, seeds: Sequence[int]) -> Iterator[Judged]:
    """The scores of some kinds of series, then of all of them together."""
    campaign = load_campaign_files(CAMPAIGNS / "gia-lai-2024").campaign
    everything: list[Forecasts] = []
    for name in names:
        made = joined([forecasts_of_series(campaign, name, seed=seed) for seed in seeds])
        everything.append(made)
        yield _known(judged(name, made))
    yield _known(judged("simulated", joined(everything)))


def _known(found: Judged | None) -> Judged:
    assert found is not None
    return found


def forecasts_of_series(campaign: Campaign, name: str, *, seed: int) -> Forecasts:
    """Every projection of one kind of series, from every third day."""
    hard = hard_series(name, seed)
    parts: list[Forecasts] = []
    told_at_once = _past(campaign, name, hard, hard.numerator, hard.denominator)
    snapshots = snapshots_of(campaign, told_at_once)
    first = None if hard.early is None else _told_first(hard.early)
    for offset, horizon in _asked(hard):
        past = told_at_once
        if hard.early is not None:
            past = _past(campaign, name, hard, *hard.early(offset), first=first)
            snapshots = snapshots_of(campaign, past)
        least = SMALL if hard.is_small else LEAST_CASES
        parts.append(forecasts_on(campaign, past, snapshots, offset=offset, horizon=horizon, least=least))
    return joined(parts)


def _asked(hard: Hard) -> list[tuple[int, int]]:
    """Days and horizons: any, or those that lead to a due date."""
    if hard.due:
        return [(due - horizon, horizon) for due in hard.due for horizon in HORIZONS if due - horizon >= FIRST]
    return [(day, horizon) for day in range(FIRST, DAYS, EVERY) for horizon in HORIZONS if day + horizon < DAYS]


def _told_first(early: Early) -> Floats:
    """What each day's numerator was when it was told: lines × days."""
    return np.stack([early(day)[0][:, day] for day in range(DAYS)], axis=1)


def _past(
    campaign: Campaign, name: str, hard: Hard, numerator: Floats, denominator: Floats, *, first: Floats | None = None
) -> Past:
    first_day = day_number(campaign.start)
    lines, days = numerator.shape
    line, day = (places.ravel() for places in np.indices((lines, days)))
    on = first_day + day
    start, end = np.full(len(on), first_day), np.full(len(on), first_day + days - 1)
    if hard.is_monthly:
        month = on.astype("datetime64[D]").astype("datetime64[M]")
        start = np.maximum(month.astype("datetime64[D]").astype(np.int64), first_day)
        end = (month + 1).astype("datetime64[D]").astype(np.int64) - 1
    blank = np.full(len(on), np.nan)
    counts = [blank if hard.is_percent else values.ravel() for values in (numerator, denominator)]
    percents = np.round(100 * numerator / np.maximum(denominator, 1), 2).ravel()
    readings = Readings(
        line=line.astype(np.int64),
        as_of=on.astype(np.int64),
        period_start=start.astype(np.int64),
        period_end=end.astype(np.int64),
        numerator=counts[0],
        denominator=counts[1],
        reported=percents if hard.is_percent else blank,
        qualifier=np.zeros(len(on), dtype=np.int64),
        high=np.full(len(on), np.nan),
        is_revised=np.zeros(len(on), dtype=bool) if first is None else (numerator != first).ravel(),
    )
    final = 100 * hard.numerator / np.maximum(hard.denominator, 1)
    keys = [indicator.key for indicator in campaign.indicators]
    return Past(
        readings,
        first_day,
        np.round(final, 2) if hard.is_percent else final,
        np.full(lines, keys.index(hard.indicator)),
        np.array([stable_seed(name, str(at)) for at in range(lines)], dtype=np.uint64),
    )
