"""Demonstration days: simulated figures for every unit and indicator, a pure function of seed, unit and day.

Realistic on purpose: a department with 30,000 dossiers and a commune with nine, a weekday rhythm with holidays,
communes without fee dossiers, late reporters, a silent unit, one that fell silent, a re-synchronised day, a unit far
ahead and several that cannot make it. All made here is marked as simulated in the store and wherever it is shown.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.campaign.holidays import working_days
from models.core.columns import day_number
from models.core.settings import TIMEZONE
from targets.values import Campaign, Indicator, Unit

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
SEED = 629
SOURCE = "demonstration"
BEFORE_MILESTONE = timedelta(days=3)
"""So long before its first milestone a demonstration opens: where there is still something to be done."""
PULL_TIME, EVENING = time(17, 30), time(18, 0)
"""When a day's figures arrive, and the instant the demonstration stands at afterwards."""
HORIZON = 280
"""Days generated for every unit, whatever day is asked for: a figure never depends on when it is looked at."""
WEEKDAYS = np.array([1.25, 1.1, 1.0, 0.95, 0.8, 0.06, 0.02])
HOLIDAY = 0.02
CLASSES = (("far ahead", 0.04), ("ahead", 0.22), ("on track", 0.34), ("slow", 0.24), ("stuck", 0.16))
REACH = {"far ahead": 0.97, "ahead": 0.80, "on track": 0.66, "slow": 0.40, "stuck": 0.12}
"""The share of new dossiers handed in online once the campaign has taken hold."""
SILENT, FELL_SILENT, LATE, NO_FEE, RESYNCHRONISED = 0.008, 0.008, 0.06, 0.25, 0.02


@dataclass(frozen=True)
class Day:
    """What arrives on one evening."""

    received_at: datetime
    for_date: date
    frame: pd.DataFrame


@dataclass(frozen=True)
class _Counts:
    """Cumulated counts of one indicator: numerator and denominator for each day of the horizon."""

    numerator: Whole
    denominator: Whole

    def __add__(self, other: "_Counts") -> "_Counts":
        return _Counts(self.numerator + other.numerator, self.denominator + other.denominator)


def rehearsal_instant(campaign: Campaign) -> datetime:
    """The evening on which a demonstration opens, after that day's figures have arrived: day 47 of Gia Lai's."""
    milestone = next((phase.due for phase in campaign.phases if phase.due is not None), campaign.end)
    return evening_of(max(campaign.start, milestone - BEFORE_MILESTONE))


def evening_of(day: date) -> datetime:
    """The instant a demonstration stands at once a day's figures have arrived."""
    return datetime.combine(day, EVENING, tzinfo=TIMEZONE)


def simulated_baseline(campaign: Campaign, unit: Unit, indicator: str, *, seed: int = SEED) -> Decimal:
    """A made-up result of the year before, one decimal, for a unit the article says nothing about."""
    draw = _random(seed, unit.code, f"baseline {indicator}")
    ranges = {
        "publicity": (35.0, 96.0),
        "timeliness": (78.0, 97.0),
        "online": (0.2, 28.0),
        "payment": (0.0, 9.0),
        "satisfaction": (93.0, 100.0),
        "digitisation": (8.0, 38.0),
    }
    is_mirrored = any(known.key == indicator and known.lower_is_better for known in campaign.indicators)
    low, high = ranges["timeliness"] if is_mirrored else ranges.get(indicator, (20.0, 80.0))
    skewed = low + (high - low) * draw.beta(1.3, 2.2 if indicator in ("online", "payment", "digitisation") else 1.3)
    return Decimal(str(round(100 - float(skewed) if is_mirrored else float(skewed), 1)))


def simulated_days(
    campaign: Campaign,
    units: Sequence[Unit],
    baselines: Mapping[tuple[str, str], float],
    *,
    through: date,
    seed: int = SEED,
) -> Iterator[Day]:
    """What arrives from the campaign's first evening up to that of `through`, oldest first.

    `baselines`: percent by unit code and indicator key; every pair must be there.
    """
    simulation = Simulation(campaign, units, baselines, seed=seed)
    for offset in range((through - campaign.start).days + 1):
        yield simulation.evening(campaign.start + timedelta(days=offset))


def last_day(campaign: Campaign) -> date:
    """The last day that is simulated."""
    return campaign.start + timedelta(days=HORIZON - 1)


class Simulation:
    """The figures of every unit for the whole horizon, asked for evening by evening."""

    def __init__(
        self,
        campaign: Campaign,
        units: Sequence[Unit],
        baselines: Mapping[tuple[str, str], float],
        *,
        seed: int = SEED,
    ) -> None:
        self._campaign, self._units = campaign, tuple(units)
        self._behaviours = {unit.code: _Behaviour(seed, unit, is_small=_is_small(campaign, unit)) for unit in units}
        own = {unit.code: _own_counts(campaign, unit, baselines, seed=seed) for unit in units}
        self._reported = _with_below(campaign, units, own)

    def evening(self, day: date) -> Day:
        """What arrives on the evening of a day between the campaign's start and `last_day`."""
        offset = (day - self._campaign.start).days
        rows = [
            row
            for unit in self._units
            for row in _arrivals(self._campaign, unit, self._reported[unit.code], self._behaviours[unit.code], offset)
        ]
        columns = ["unit_id", "indicator", "as_of", "scope", "numerator", "denominator"]
        frame = pd.DataFrame(rows, columns=columns).assign(value=np.nan, qualifier=None)
        return Day(received_at=datetime.combine(day, PULL_TIME, tzinfo=TIMEZONE), for_date=day, frame=frame)


class _Behaviour:
    """How a unit reports, fixed for the whole campaign."""

    def __init__(self, seed: int, unit: Unit, *, is_small: bool) -> None:
        draw = _random(seed, unit.code, "behaviour")
        dice = draw.random(4)
        self.is_silent = is_small and dice[0] < SILENT
        self.silent_from = 30 if is_small and SILENT <= dice[0] < SILENT + FELL_SILENT else HORIZON
        self.delay = int(dice[1] < LATE) * 2
        self.resynchronised = 20 if dice[2] < RESYNCHRONISED else None
        """The day (counted from 0) whose figure is corrected five days later."""

    def reported_on(self, evening: int) -> list[tuple[int, float]]:
        """The days a unit reports on an evening, each with the share of its cases that it reports."""
        if self.is_silent:
            return []
        day = evening - self.delay
        days = [(day, 1.0)] if 0 <= day < self.silent_from else []
        if self.resynchronised is not None:
            days = [(day, 1.06 if day == self.resynchronised else 1.0) for day, _ in days]
            if evening == self.resynchronised + 5:
                days.append((self.resynchronised, 1.0))
        return days


def _is_small(campaign: Campaign, unit: Unit) -> bool:
    """Whether a unit stands at the lowest level: a commune."""
    return unit.level == campaign.levels[-1].key


def _arrivals(
    campaign: Campaign, unit: Unit, reported: dict[str, _Counts], behaviour: _Behaviour, evening: int
) -> Iterator[tuple[int, str, int, str, int, int]]:
    scope = campaign.level(unit.level).default_scope
    first = day_number(campaign.start)
    for day, share in behaviour.reported_on(evening):
        for indicator, counts in reported.items():
            numerator, denominator = int(counts.numerator[day]), int(counts.denominator[day])
            if share != 1.0:
                denominator = round(denominator * share)
            yield unit.unit_id, indicator, first + day, scope, numerator, denominator


def _with_below(
    campaign: Campaign, units: Sequence[Unit], own: dict[str, dict[str, _Counts]]
) -> dict[str, dict[str, _Counts]]:
    """What each unit reports: its own counts, with all below it where its level is so defined; roots report nothing."""
    totals = {code: dict(counts) for code, counts in own.items()}
    depth = {unit.code: 0 for unit in units if unit.parent is None}
    waiting = [unit for unit in units if unit.parent is not None]
    while waiting:
        settled = [unit for unit in waiting if unit.parent in depth]
        depth |= {unit.code: depth[unit.parent or ""] + 1 for unit in settled}
        waiting = [unit for unit in waiting if unit.code not in depth]
    for unit in sorted(units, key=lambda unit: -depth[unit.code]):
        if unit.parent is not None:
            for indicator, counts in totals[unit.code].items():
                totals[unit.parent][indicator] = totals[unit.parent][indicator] + counts
    return {
        unit.code: {}
        if unit.parent is None
        else totals[unit.code]
        if campaign.level(unit.level).default_scope == "below"
        else own[unit.code]
        for unit in units
    }


def _own_counts(
    campaign: Campaign, unit: Unit, baselines: Mapping[tuple[str, str], float], *, seed: int
) -> dict[str, _Counts]:
    """The unit's own counter, cumulated from the campaign's first day."""
    if unit.parent is None:
        empty = np.zeros(HORIZON, dtype=np.int64)
        return {indicator.key: _Counts(empty, empty) for indicator in campaign.indicators}
    daily = _daily_dossiers(campaign, unit, seed=seed)
    reach = _reach(seed, unit)
    counts: dict[str, _Counts] = {}
    for indicator in campaign.indicators:
        draw = _random(seed, unit.code, indicator.key)
        start = baselines[unit.code, indicator.key] / 100
        start = 1 - start if indicator.lower_is_better else start
        if not indicator.arriving:
            counts[indicator.key] = _mirrored(_stock(draw, start, reach), indicator)
            continue
        cases = np.cumsum(_cases_of(draw, indicator.key, daily, is_small=_is_small(campaign, unit)))
        share = _share_path(draw, indicator.key, start, reach)
        if indicator.shortfall == "repairable":
            # Old misses are mended too: the share of all cases so far follows the path, not only that of new ones.
            right = np.minimum(cases, np.maximum.accumulate(np.round(cases * share)).astype(np.int64))
        else:
            right = np.cumsum(draw.binomial(np.diff(cases, prepend=0), share))
        counts[indicator.key] = _mirrored(_Counts(right, cases), indicator)
    return counts


def _mirrored(counts: _Counts, indicator: Indicator) -> _Counts:
    """Where less is better, what is not right is counted."""
    if not indicator.lower_is_better:
        return counts
    return _Counts(counts.denominator - counts.numerator, counts.denominator)


def _daily_dossiers(campaign: Campaign, unit: Unit, *, seed: int) -> Whole:
    """Dossiers received on each day: a lognormal size, the rhythm of the week, hardly any on days of rest."""
    draw = _random(seed, unit.code, "dossiers")
    is_area = campaign.level(unit.level).default_scope == "below"
    centre, spread = (1.7, 1.0) if _is_small(campaign, unit) else (3.4, 0.5) if is_area else (2.6, 1.1)
    size = float(np.exp(draw.normal(centre, spread)))
    size = {"SGTVT": 440.0, "STNMT": 210.0}.get(unit.code, size)
    noise = np.exp(draw.normal(0, 0.18, HORIZON))
    return draw.poisson(size * _rhythm(campaign) * noise).astype(np.int64)


@lru_cache(maxsize=1)
def _rhythm(campaign: Campaign) -> Floats:
    """How busy each day of the horizon is: the same for every unit, and slow to find."""
    calendar = working_days(campaign)
    first = day_number(campaign.start)
    weekday = np.array([(campaign.start + timedelta(days=day)).weekday() for day in range(HORIZON)])
    is_open = np.array([calendar.is_working_day(first + day) for day in range(HORIZON)])
    rhythm: Floats = np.where(is_open | (weekday >= 5), WEEKDAYS[weekday], HOLIDAY)
    rhythm.setflags(write=False)
    return rhythm


def _cases_of(draw: np.random.Generator, indicator: str, daily: Whole, *, is_small: bool) -> Whole:
    """The cases of an indicator among the dossiers of a day."""
    if indicator == "payment":
        has_fee = not is_small or draw.random() >= NO_FEE
        return draw.binomial(daily, 0.45 if has_fee else 0.0).astype(np.int64)
    if indicator == "satisfaction":
        return draw.binomial(daily, float(draw.uniform(0.06, 0.22))).astype(np.int64)
    if indicator == "timeliness":
        return draw.binomial(daily, 0.94).astype(np.int64)
    return daily


def _share_path(draw: np.random.Generator, indicator: str, start: float, reach: float) -> Floats:
    """The share of cases that are right on each day: from the old result to where the campaign takes the unit."""
    days = np.arange(HORIZON)
    half, steepness = draw.uniform(3, 17), draw.uniform(0.11, 0.24)
    taken_hold = 1 / (1 + np.exp(-steepness * (days - half)))
    ends = {
        "online": max(start, reach * draw.uniform(0.9, 1.05)),
        "payment": max(start, reach * draw.uniform(0.5, 0.9)),
        "digitisation": max(start, min(1.0, 0.42 + 0.7 * reach**0.5)),
        "timeliness": 1 - (1 - start) * draw.uniform(0.05, 0.35),
        "satisfaction": 1 - (1 - start) * draw.uniform(0.1, 0.5),
    }
    end = ends.get(indicator, max(start, reach))
    path = start + (end - start) * taken_hold + draw.normal(0, 0.015, HORIZON)
    ceiling = 1.0 if indicator in ("timeliness", "satisfaction", "digitisation") else 0.995
    result: Floats = np.clip(path, 0.0, ceiling)
    return result


def _stock(draw: np.random.Generator, start: float, reach: float) -> _Counts:
    """A stock that is worked off: procedures published, in steps, never fewer than before."""
    total = int(draw.integers(90, 360))
    steps = draw.poisson(1.0, HORIZON) * (draw.random(HORIZON) < 0.35)
    speed = total * (1 - start) * (0.4 + reach) / 60
    published = np.minimum(total, np.floor(total * start + np.cumsum(steps) * speed * 2.2)).astype(np.int64)
    return _Counts(published, np.full(HORIZON, total, dtype=np.int64))


def _reach(seed: int, unit: Unit) -> float:
    draw = _random(seed, unit.code, "class")
    dice, border = float(draw.random()), 0.0
    for name, share in CLASSES:
        border += share
        if dice < border:
            return REACH[name]
    return REACH[CLASSES[-1][0]]


def _random(seed: int, code: str, purpose: str) -> np.random.Generator:
    """A generator of its own for each unit and purpose: adding a unit changes no other unit's figures."""
    digest = hashlib.sha256(f"{seed}|{code}|{purpose}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))
