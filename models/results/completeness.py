"""Who has reported and who has not: every unit with the last day it reported, and who answers for it."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core.audit import find_state
from models.core.columns import day_number, day_of
from models.core.store import read_frame
from models.results.inputs import Units, load_campaign, load_units
from models.tables import LatestReading, Series, SourceRow, StandingRow, UnitRow
from models.units.queries import Head
from targets.values import Campaign

Whole = npt.NDArray[np.int64]
Reporting = Literal["never", "stale", "behind", "told"]
REPORTINGS: tuple[Reporting, ...] = get_args(Reporting)
"""In the order of concern. `never`: has reported nothing yet. `stale`: has no figure fresh enough to be judged.
`behind`: has not reported the newest day that any unit reported, or some figures are stale. `told`: all is here."""


@dataclass(frozen=True)
class UnitReport:
    """How far a unit's figures reach."""

    code: str
    name: str
    level: str
    parent_name: str | None
    reporting: Reporting
    last: date | None
    """The newest day that any of its judged figures describes."""
    working_days: int
    """Working days after it up to the day looked at; where it never reported, since the campaign's start or its own."""
    silent: tuple[str, ...]
    """Indicators without a figure, or with one too old to be judged."""
    head: Head


@dataclass(frozen=True)
class Completeness:
    """All units that exist on a day and answer for themselves."""

    as_of: date
    newest: date | None
    """The newest day that any unit reported."""
    units: tuple[UnitReport, ...]
    """In the campaign's order."""
    enough: int = 0
    """How many units must have told a day for a sum of theirs to be judged."""

    @property
    def complete(self) -> date | None:
        """The newest day that enough units told or went beyond; None where there is none yet."""
        days = sorted((unit.last for unit in self.units if unit.last is not None), reverse=True)
        return days[self.enough - 1] if 0 < self.enough <= len(days) else None

    @property
    def told(self) -> int:
        """How many units told figures of the very day looked at."""
        return sum(unit.last == self.as_of for unit in self.units)


def find_completeness(session: Session, *, as_of: date) -> Completeness:
    """Every unit of a listed level, also one that has reported nothing: silence is a finding, not a missing row."""
    campaign = load_campaign(session)
    day = day_number(as_of)
    units = load_units(session, campaign).on(day)
    reached, is_stale = _reached(session, campaign, units, as_of)
    current = reached >= 0
    last = reached.max(axis=1, initial=-1)
    newest = int(last.max(initial=-1))
    calendar = working_days(campaign)
    own = np.maximum(units.valid_from - 1, day_number(campaign.baseline_day))
    since = np.where(last >= 0, last, own)
    passed = np.maximum(calendar.between(since, np.full(len(units), day)), 0)
    is_silent = ~current | is_stale
    listed = {level.key for level in campaign.levels if level.group is not None}
    exists = units.expected_on(day) & np.array([level in listed for level in units.levels], dtype=bool)
    heads = _heads(session)
    keys = [indicator.key for indicator in campaign.indicators]
    reports = []
    for at in np.flatnonzero(exists).tolist():
        parent = int(units.parent[at])
        reports.append(
            UnitReport(
                code=units.codes[at],
                name=units.names[at],
                level=units.levels[at],
                parent_name=units.names[parent] if parent >= 0 and units.parent[parent] >= 0 else None,
                reporting=_reporting(current[at].any(), is_silent[at], is_newest=last[at] == newest),
                last=day_of(int(last[at])) if last[at] >= 0 else None,
                working_days=int(passed[at]),
                silent=tuple(key for key, silent in zip(keys, is_silent[at], strict=True) if silent),
                head=heads[units.codes[at]],
            )
        )
    return Completeness(
        as_of=as_of,
        newest=day_of(newest) if newest >= 0 else None,
        units=tuple(reports),
        enough=math.ceil(len(reports) * campaign.least_coverage / 100),
    )


def _reporting(has_reported: bool, is_silent: npt.NDArray[np.bool_], *, is_newest: bool) -> Reporting:
    if not has_reported:
        return "never"
    if is_silent.all():
        return "stale"
    return "told" if is_newest and not is_silent.any() else "behind"


def _reached(session: Session, campaign: Campaign, units: Units, as_of: date) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """The day each judged figure describes, −1 where there is none, and whether it is stale: units × indicators.

    From the kept tables: the newest figures on the last day that is kept and after it, its own rows on any day before.
    How old a figure may grow is said by the source that decides the unit now.
    """
    shape = (len(units), len(campaign.indicators))
    reached = np.full(shape, -1, dtype=np.int64)
    kept_through = find_state(session).kept_through
    if kept_through is None or as_of < campaign.start:
        return reached, np.zeros(shape, dtype=bool)
    latest: Any = (
        select(col(LatestReading.unit_id), col(LatestReading.indicator), col(LatestReading.as_of), col(SourceRow.key))
        .join(Series, col(Series.id) == col(LatestReading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
    )
    newest = read_frame(session, latest)
    limit = np.full(shape, campaign.stale_after_working_days, dtype=np.int64)
    at, newest = _places(newest, campaign, units)
    allowed = {key: campaign.stale_after(key) for key in newest["key"].unique()}
    limit[at] = newest["key"].map(allowed).to_numpy(dtype=np.int64)
    if as_of < kept_through:
        past: Any = select(
            col(StandingRow.unit_id), col(StandingRow.indicator), col(StandingRow.reading_as_of).label("as_of")
        ).where(col(StandingRow.day) == as_of, col(StandingRow.reading_as_of).is_not(None))
        at, newest = _places(read_frame(session, past), campaign, units)
    reached[at] = newest["as_of"].to_numpy(dtype=np.int64)
    age = working_days(campaign).between(reached, np.full(shape, day_number(as_of)))
    return reached, (reached >= 0) & (age > limit)


def _places(rows: pd.DataFrame, campaign: Campaign, units: Units) -> tuple[tuple[Whole, Whole], pd.DataFrame]:
    """Where each row belongs in units × indicators; rows of indicators the campaign no longer has are dropped."""
    order = {indicator.key: at for at, indicator in enumerate(campaign.indicators)}
    rows = rows[rows["indicator"].isin(list(order))]
    places = np.asarray(rows["indicator"].map(order), dtype=np.int64)
    return (units.positions(rows["unit_id"]), places), rows


def find_deciding(session: Session) -> dict[str, dict[str, int]]:
    """For each indicator how many units each source decides: whose newest figures are the ones that are judged."""
    statement = (
        select(col(LatestReading.indicator), col(SourceRow.key), func.count())
        .join(Series, col(Series.id) == col(LatestReading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .group_by(col(LatestReading.indicator), col(SourceRow.key))
    )
    decided: dict[str, dict[str, int]] = {}
    for indicator, source, units in session.execute(statement):
        decided.setdefault(indicator, {})[source] = units
    return decided


def _heads(session: Session) -> dict[str, Head]:
    statement = select(col(UnitRow.code), col(UnitRow.head_title), col(UnitRow.head_name), col(UnitRow.head_phone))
    return {code: Head(title, name, phone) for code, title, name, phone in session.execute(statement)}
