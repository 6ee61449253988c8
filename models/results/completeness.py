"""Who has reported and who has not: every unit with the last day it reported, and who answers for it."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core.audit import find_state
from models.core.columns import day_number, day_of
from models.core.store import read_frame
from models.results.inputs import Units, columns_of, due_days, floats, load_campaign, load_units
from models.results.rows import judged_on
from models.tables import LatestReading, Series, SourceRow, StandingRow, UnitRow
from models.units.queries import Head
from targets.findings import REPORTINGS, Reported, Reporting, Told, reported
from targets.values import Campaign

Whole = npt.NDArray[np.int64]


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
    """Indicators it has not told as far as others have, or whose figure is too old to be judged."""
    head: Head


@dataclass(frozen=True)
class SilentUnit:
    """A unit that has not told the figures of the newest day, with the day of its last ones."""

    code: str
    name: str
    last: date | None


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
    def told(self) -> Told:
        """How many of them have told the figures of the newest day."""
        return Told(self.newest, sum(unit.reporting == "told" for unit in self.units), len(self.units))


def find_completeness(session: Session, *, as_of: date) -> Completeness:
    """Every unit of a listed level, also one that has reported nothing: silence is a finding, not a missing row.

    Who of them is asked is decided by `targets.findings.reported`.
    """
    campaign = load_campaign(session)
    units = load_units(session, campaign).on(day_number(as_of))
    asked, last, found = _asked(session, campaign, units, as_of)
    own = np.maximum(units.valid_from[asked] - 1, day_number(campaign.baseline_day))
    since = np.where(last >= 0, last, own)
    passed = np.maximum(working_days(campaign).between(since, np.full(len(asked), day_number(as_of))), 0)
    heads = _heads(session)
    keys = [indicator.key for indicator in campaign.indicators]
    reports = []
    for number, at in enumerate(asked.tolist()):
        parent = int(units.parent[at])
        reports.append(
            UnitReport(
                code=units.codes[at],
                name=units.names[at],
                level=units.levels[at],
                parent_name=units.names[parent] if parent >= 0 and units.parent[parent] >= 0 else None,
                reporting=REPORTINGS[found.code[number]],
                last=day_of(int(last[number])) if last[number] >= 0 else None,
                working_days=int(passed[number]),
                silent=tuple(key for key, missing in zip(keys, found.missing[number], strict=True) if missing),
                head=heads[units.codes[at]],
            )
        )
    return Completeness(
        as_of=as_of,
        newest=day_of(found.newest) if found.newest >= 0 else None,
        units=tuple(reports),
        enough=math.ceil(len(reports) * campaign.least_coverage / 100),
    )


def find_told(session: Session, campaign: Campaign, *, as_of: date, most: int) -> tuple[Told, list[SilentUnit]]:
    """How many units have told the figures of the newest day, and the first of those that have not, gravest first.

    The same answer as `find_completeness`, without a row for each of 11,000 units.
    """
    units = load_units(session, campaign)
    asked, last, found = _asked(session, campaign, units, as_of)
    counts = np.bincount(found.code, minlength=len(REPORTINGS))
    first = np.argsort(found.code, kind="stable")[: min(most, len(asked) - int(counts[-1]))]
    silent = [
        SilentUnit(units.codes[asked[at]], units.names[asked[at]], day_of(int(last[at])) if last[at] >= 0 else None)
        for at in first.tolist()
    ]
    return Told(day_of(found.newest) if found.newest >= 0 else None, int(counts[-1]), len(asked)), silent


def _asked(session: Session, campaign: Campaign, units: Units, as_of: date) -> tuple[Whole, Whole, Reported]:
    """The places of the units that are asked on a day, the newest day each has told of, and what that comes to.

    From the rows kept of that day, or of the last one that is kept; after it a figure ages as its source allows.
    """
    shape = (len(units), len(campaign.indicators))
    reached, is_stale, is_sum = np.full(shape, -1, dtype=np.int64), np.zeros(shape, dtype=bool), np.zeros(shape, bool)
    kept_through = find_state(session).kept_through
    if kept_through is not None and as_of >= campaign.start:
        names = ("unit_id", "indicator", "reading_as_of", "coverage", "is_pooled")
        statement = columns_of(StandingRow, *names).where(col(StandingRow.day) == min(as_of, kept_through))
        at, rows = _places(read_frame(session, statement), campaign, units)
        reached[at] = np.nan_to_num(floats(rows["reading_as_of"]), nan=-1)
        is_stale[at], is_sum[at] = floats(rows["coverage"]) != 1, rows["is_pooled"].to_numpy(dtype=bool)
        if as_of > kept_through:
            judged = judged_on(day_number(as_of), due_days(campaign, units)[1][:, -1])[:, None]
            age = working_days(campaign).between(reached, np.broadcast_to(judged, shape))
            is_stale |= age > _patience(session, campaign, units)
    listed = {level.key for level in campaign.levels if level.group is not None}
    is_listed = np.array([level in listed for level in units.levels], dtype=bool)
    current = np.flatnonzero(units.expected_on(day_number(as_of)) & is_listed)
    found = reported(reached[current], is_stale[current], is_sum[current], campaign)
    asked = current[found.asked]
    return asked, np.where(is_sum, -1, reached)[asked].max(axis=1, initial=-1), found


def _patience(session: Session, campaign: Campaign, units: Units) -> Whole:
    """After how many working days each unit's figure is too old, by the source that decides it: units × indicators."""
    statement: Any = (
        select(col(LatestReading.unit_id), col(LatestReading.indicator), col(SourceRow.key))
        .join(Series, col(Series.id) == col(LatestReading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
    )
    limit = np.full((len(units), len(campaign.indicators)), campaign.stale_after_working_days, dtype=np.int64)
    at, newest = _places(read_frame(session, statement), campaign, units)
    limit[at] = newest["key"].map({key: campaign.stale_after(key) for key in newest["key"].unique()})
    return limit


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
