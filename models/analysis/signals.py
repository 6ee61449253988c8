"""Which units' figures moved more than chance moves them: for the coordinator, a handful at most.

Looked at is how far each unit is ahead of its trajectory, once a week on the same day of the week.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.core.columns import day_number, day_of
from models.core.state import find_state
from models.core.store import read_numbers
from models.results.inputs import Units, load_campaign, load_units
from models.tables import StandingRow
from targets.comparison.signals import ASSURANCES, LEAST, SIGNALS, alerts, assurance, limits, signals
from targets.values import Campaign

Floats = npt.NDArray[np.float64]
WEEK = 7
MOST_WEEKS = 16
"""Weeks looked back: what was ordinary four months ago says nothing of today."""


@dataclass(frozen=True)
class Signal:
    """A unit's indicator whose newest week says something; percents in points, ahead of the trajectory positive."""

    unit: str
    name: str
    level: str
    indicator: str
    kind: str
    """One of `targets.comparison.signals.SIGNALS` but `none`."""
    side: int
    """1: better than usual, −1: worse."""
    strength: float
    weeks: tuple[tuple[date, float | None], ...]
    """Oldest first; None where there was no fresh figure."""
    centre: float
    low: float
    high: float
    assurance: str
    cases: int | None


@dataclass(frozen=True)
class Watch:
    """What was looked at and found; `weeks` counts the weeks there are, `needed` how many limits need."""

    as_of: date
    weeks: int
    needed: int
    series: int
    """Series with limits."""
    found: tuple[Signal, ...]
    """The most important first; what was a signal of the same kind a week ago is no news and not among them."""
    has_stopped: bool = False
    """No figure is younger than a week: nothing can be said of this one."""


def find_signals(session: Session, *, as_of: date) -> Watch:
    """The few signals of a day, from the kept rows: of the last kept day where the day itself is not kept yet."""
    campaign = load_campaign(session)
    kept_through = find_state(session).kept_through
    day = as_of if kept_through is None else min(as_of, kept_through)
    first, newest = day_number(campaign.start), day_number(day)
    days = list(range(newest, first - 1, -WEEK))[:MOST_WEEKS][::-1] if kept_through is not None else []
    needed = LEAST + 1
    if (as_of - day).days >= WEEK:
        return Watch(day, len(days), needed, 0, (), has_stopped=True)
    if len(days) < needed:
        return Watch(day, len(days), needed, 0, ())
    units = load_units(session, campaign)
    ahead, cases = _series(session, campaign, units, days)
    drawn = limits(ahead)
    found = signals(ahead, drawn)
    before = signals(ahead[:, :-1], limits(ahead[:, :-1])).kind
    reading = assurance(drawn, 0.0)
    chosen = alerts(found, cases=cases, before=before)
    count = len(units)
    keys = [indicator.key for indicator in campaign.indicators]
    return Watch(
        as_of=day,
        weeks=len(days),
        needed=needed,
        series=int((~np.isnan(drawn.centre)).sum()),
        found=tuple(
            Signal(
                unit=units.codes[at % count],
                name=units.names[at % count],
                level=units.levels[at % count],
                indicator=keys[at // count],
                kind=SIGNALS[int(found.kind[at])],
                side=int(found.side[at]),
                strength=float(found.strength[at]),
                weeks=tuple(
                    (day_of(week), None if np.isnan(value) else float(value))
                    for week, value in zip(days, ahead[at], strict=True)
                ),
                centre=float(drawn.centre[at]),
                low=float(drawn.low[at]),
                high=float(drawn.high[at]),
                assurance=ASSURANCES[int(reading[at])],
                cases=None if np.isnan(cases[at]) else int(cases[at]),
            )
            for at in chosen.tolist()
        ),
    )


def _series(session: Session, campaign: Campaign, units: Units, days: list[int]) -> tuple[Floats, Floats]:
    """How far ahead each unit was, indicator by indicator: (indicators · units) × weeks; and its cases today.

    A pool is no unit's own process: roots are left out. So are counts and days, whose signals are no part of cases, and
    a figure that had grown too old.
    """
    count = len(units)
    ahead = np.full((len(campaign.indicators), count, len(days)), np.nan)
    cases = np.full((len(campaign.indicators), count), np.nan)
    for number, indicator in enumerate(campaign.indicators):
        if not indicator.measure.is_rate:
            continue
        current = read_numbers(
            session,
            select_columns(
                col(StandingRow.day), col(StandingRow.unit_id), col(StandingRow.ahead), col(StandingRow.denominator)
            ).where(
                col(StandingRow.day).in_([day_of(day) for day in days]),
                col(StandingRow.indicator) == indicator.key,
                col(StandingRow.coverage) == 1,
            ),
        )
        if not len(current["day"]):
            continue
        unit = units.positions(current["unit_id"])
        week = np.searchsorted(days, current["day"].astype(np.int64))
        ahead[number, unit, week] = current["ahead"]
        is_newest = week == len(days) - 1
        cases[number, unit[is_newest]] = current["denominator"][is_newest]
    ahead[:, units.parent < 0] = np.nan
    return ahead.reshape(-1, len(days)), cases.reshape(-1)
