"""All analysis of a campaign, beside the cheapest question about the same rows: pandas' groupby-last.

Pace and projection are kept for each of its hundred days; contributions, places and alerts are asked of one day.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from targets.comparison.contribution import Snapshot, change_contributions, gap_contributions, largest_contributors
from targets.comparison.ranking import like_units, movement, places, volume_classes
from targets.comparison.signals import alerts, assurance, limits, signals
from targets.projection.outlook import Outlook
from targets.projection.pace import needed_pace, pace, pace_ratio
from targets.projection.projection import project
from targets.projection.resampling import Percents, project_percents
from targets.standing.history import LOOKS, History, pool_histories
from targets.standing.progress import SHORTFALLS
from targets.standing.snapshots import Readings, Snapshots
from targets.working_days import WorkingDays
from tests.bench.measuring import Measured, Size, time_alone

INDICATORS, DAYS = 6, 100
START = 19_804
"""22/03/2024 in days since 1970-01-01."""
WEEKS = 14
TOGETHER = 10
"""Days worked on at a time."""
WEEK_AGO = LOOKS.index(5)
ARRIVING = np.array([False, True, True, True, True, True])
SHORTFALL = np.array(
    [SHORTFALLS.index(word) for word in ("repairable", "permanent", "diluted", "diluted", "permanent", "repairable")]
)
CALENDAR = WorkingDays(first=START - 400, last=START + 500, holidays=[])
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Campaign:
    """Readings of so many units, 6 indicators and 100 days: lines are units × indicators."""

    units: int
    readings: Readings
    snapshots: Snapshots
    ahead: Floats

    @property
    def frame(self) -> pd.DataFrame:
        readings = self.readings
        return pd.DataFrame(
            {
                "unit": readings.line // INDICATORS,
                "indicator": readings.line % INDICATORS,
                "as_of": readings.as_of,
                "numerator": readings.numerator,
                "denominator": readings.denominator,
                "reported": readings.reported,
            }
        )


def campaign(units: int, *, days: int) -> Campaign:
    random = np.random.default_rng(7)
    lines = units * INDICATORS
    denominator = np.cumsum(random.integers(0, 30, (lines, days)), axis=1)
    numerator = np.floor(
        denominator * np.clip(np.linspace(0.2, 0.7, days) + random.normal(0, 0.02, (lines, days)), 0, 1)
    )
    readings = Readings(
        line=np.repeat(np.arange(lines), days),
        as_of=np.tile(START + np.arange(days), lines),
        period_start=np.full(lines * days, START),
        period_end=np.full(lines * days, START + 500),
        numerator=np.maximum.accumulate(numerator, axis=1).ravel(),
        denominator=denominator.ravel().astype(np.float64),
        reported=np.full(lines * days, np.nan),
        qualifier=np.zeros(lines * days, dtype=np.int64),
        high=np.full(lines * days, np.nan),
        is_revised=np.zeros(lines * days, dtype=bool),
    )
    snapshots = Snapshots(
        readings,
        lines=lines,
        first=START,
        last=START + days - 1,
        working_days=CALENDAR,
        stale_after=3,
        volume_window=28,
    )
    return Campaign(units, readings, snapshots, np.cumsum(random.normal(0, 1, (lines, WEEKS)), axis=1))


def analyse(made: Campaign, days: range, *, is_asked: bool) -> list[Callable[[], None]]:
    """What the analysis says of some days, step by step: looks, pace, projection.

    `is_asked`: and what pages ask of the last of them: contributions, places and alerts.
    """
    units, lines, on = made.units, made.units * INDICATORS, START + np.array(days)
    ones, members = np.ones(units), np.ones((units, INDICATORS), dtype=bool)
    # One element per case: lines × days, flat.
    indicator = np.repeat(np.arange(lines) % INDICATORS, len(on))
    left = np.tile(CALENDAR.between(on, START + DAYS - 1).astype(np.float64), lines)
    since = np.tile((on - START + 1).astype(np.float64), lines)
    target, ceiling = np.full(len(left), 60.0), np.full(len(left), 100.0)
    shortfall, is_arriving, is_sound = SHORTFALL[indicator], ARRIVING[indicator], np.ones(len(left), dtype=bool)
    known: dict[str, History] = {}

    def look() -> None:
        looked = made.snapshots.look_back(on)
        known["history"] = History(*(column.reshape(len(left), -1) for column in vars(looked).values()))
        known["today"] = looked.take((slice(None), -1))

    def tell_pace() -> None:
        history = known["history"]
        pace_ratio(pace(history), needed_pace(target - history.rates()[:, 0], left))

    def tell_projection() -> None:
        history = known["history"]
        coming = np.where(is_arriving, np.round(history.denominator[:, 0] / since * left), 0.0)
        project(Outlook(history, left, coming, target, ceiling, shortfall, is_arriving, is_sound))

    def pool() -> None:
        by_unit = (column.reshape(units, INDICATORS, -1) for column in vars(known["today"]).values())
        pool_histories([(History(*by_unit), members)], pool=np.zeros(len(members), dtype=np.int64), pools=1)

    def tell_contributions() -> None:
        history = known["today"]
        right, cases = (
            counts.reshape(units, INDICATORS, len(LOOKS)) for counts in (history.numerator, history.denominator)
        )
        for chosen in range(INDICATORS):
            right_now, cases_now = right[:, chosen, 0], cases[:, chosen, 0]
            gap = gap_contributions(numerator=right_now, denominator=cases_now, weight=ones, target=60.0)
            largest_contributors(gap.contribution)
            change_contributions(
                Snapshot(right[:, chosen, WEEK_AGO], cases[:, chosen, WEEK_AGO], ones),
                Snapshot(right_now, cases_now, ones),
            )

    def tell_places() -> None:
        history = known["today"]
        likes = like_units(np.arange(lines) % INDICATORS, volume_classes(history.denominator[:, 0], (100, 1000)))
        then, now = (
            places(
                numerator=history.numerator[:, at],
                denominator=history.denominator[:, at],
                reported=history.reported[:, at],
                likes=likes,
            )
            for at in (WEEK_AGO, 0)
        )
        movement(then, now)

    def tell_alerts() -> None:
        drawn = limits(made.ahead)
        assurance(drawn)
        alerts(signals(made.ahead, drawn), cases=known["today"].denominator[:, 0])

    asked = [pool, tell_contributions, tell_places, tell_alerts]
    return [look, tell_pace, tell_projection, *(asked if is_asked else [])]


def percents(made: Campaign, number: int) -> Callable[[], object]:
    """The same lines as percents without counts: each one's future drawn two hundred times."""
    lines = made.units * INDICATORS
    indicator = np.arange(lines) % INDICATORS
    result = Percents(
        rates=np.clip(50 + np.cumsum(np.random.default_rng(3).normal(0, 0.5, (lines, LOOKS[-1] + 1)), axis=1), 0, 100),
        elapsed=np.full(lines, 30.0),
        days_left=np.full(lines, 15.0),
        ceiling=np.full(lines, 100.0),
        shortfall=SHORTFALL[indicator],
        is_arriving=ARRIVING[indicator],
        is_sound=np.ones(lines, dtype=bool),
        seed=np.arange(lines, dtype=np.uint64) + np.uint64(number),
    )
    return lambda: project_percents(result)


def added_up(actions: list[Callable[[], None]], floor: Callable[[], object], *, times: int) -> tuple[float, float]:
    """The best time of each action, added up, and that of the floor, in turns.

    One long action would meet every busy moment of the machine, a short floor none.
    """
    best = [float("inf")] * (len(actions) + 1)
    for _ in range(times):
        for at, action in enumerate([*actions, floor]):
            started = time.perf_counter()
            action()
            best[at] = min(best[at], time.perf_counter() - started)
    return sum(best[:-1]), best[-1]


def measure(size: Size) -> Iterator[Measured]:
    few, many, days = f"{size.province:,} × {INDICATORS}", f"{size.country:,} × {INDICATORS}", size.days
    small, rows = campaign(size.province, days=days), size.province * INDICATORS
    frame = small.frame

    def groupby_last() -> object:
        return frame.groupby(["unit", "indicator"]).last()

    every_day = [
        step
        for first in range(0, days, TOGETHER)
        for step in analyse(small, range(days)[first : first + TOGETHER], is_asked=first + TOGETHER >= days)
    ]
    seconds, floor = added_up(every_day, groupby_last, times=size.times(9))
    yield Measured(
        f"all analysis of {few} × {days} days / pandas groupby-last of their readings",
        seconds,
        floor,
        rows=rows * days,
        most=60,
    )
    one_day = range(days // 2, days // 2 + 1)
    province, _ = added_up(analyse(small, one_day, is_asked=True), groupby_last, times=size.times(15))
    yield Measured(f"all analysis of {few} on a day", province, rows=rows)
    large = campaign(size.country, days=days)
    country, _ = added_up(analyse(large, one_day, is_asked=True), groupby_last, times=size.times(9))
    yield Measured(
        f"all analysis of {many} on a day / of {few}", country, province, rows=size.country * INDICATORS, most=60
    )
    alone = time_alone("percents", percents(small, 1), times=size.times(5))
    yield Measured(
        f"{few} percents without counts on a day / all analysis of {few}", alone.seconds, province, rows=rows
    )
