"""Units against their targets, and how many units stand where, level by level."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.core.columns import day_number
from models.core.store import read_numbers
from models.readings.baselines import BaselineInForce, find_baselines
from models.results.inputs import load_campaign
from models.results.standing import find_standing, is_kept
from models.tables import StandingRow, UnitRow
from models.units.queries import StatedCause, find_causes, find_parents
from targets.results import Result

FORTNIGHT = 14


@dataclass(frozen=True)
class GapRow:
    """A unit on an indicator. `recent` is its rate on each of the last 14 days, None where it was not known."""

    result: Result
    parent: str | None
    cause: StatedCause | None
    recent: tuple[float | None, ...]
    baseline: BaselineInForce | None = None
    """The result of the year before as it was reported, with where it comes from."""


def find_gaps(
    session: Session,
    *,
    as_of: date,
    indicator: str,
    phase: str | None = None,
    levels: Sequence[str] | None = None,
    standings: Sequence[str] | None = None,
    parent: str | None = None,
) -> list[GapRow]:
    """The units of the levels, standings and parent asked for, in the campaign's order; the province is left out.

    Raises UnknownName for an indicator or phase.
    """
    campaign = load_campaign(session)
    parents = find_parents(session)
    causes = find_causes(session, as_of=as_of)
    baselines = find_baselines(session, year=campaign.baseline_year, indicator=indicator)
    lines = _recent(session, as_of=as_of, indicator=indicator)
    return [
        GapRow(
            result=result,
            parent=parents[result.unit],
            cause=causes.get((result.unit, indicator)),
            recent=lines.get(result.unit, (None,) * FORTNIGHT),
            baseline=baselines.get((result.unit, indicator)),
        )
        for result in find_standing(session, as_of=as_of, phase=phase, indicator=indicator)
        if result.unit != campaign.province
        and (levels is None or result.level in levels)
        and (standings is None or result.standing in standings)
        and (parent is None or parent in (result.unit, parents[result.unit]))
    ]


def _recent(session: Session, *, as_of: date, indicator: str) -> dict[str, tuple[float | None, ...]]:
    """Each unit's kept rates on the fourteen days up to the as-of day, oldest first."""
    days = [as_of - timedelta(days=back) for back in reversed(range(FORTNIGHT))]
    current = read_numbers(
        session,
        select_columns(col(StandingRow.unit_id), col(StandingRow.day), col(StandingRow.value)).where(
            col(StandingRow.day).in_(days), col(StandingRow.indicator) == indicator
        ),
    )
    known = session.connection().execute(select_columns(col(UnitRow.id), col(UnitRow.code)))
    codes = {identity: code for identity, code in known}  # noqa: C416 - dict() takes a result for a mapping
    lines: dict[str, list[float | None]] = {}
    first = day_number(days[0])
    for unit, day, value in zip(current["unit_id"], current["day"], current["value"], strict=True):
        line = lines.setdefault(codes[int(unit)], [None] * FORTNIGHT)
        line[int(day) - first] = None if np.isnan(value) else float(value)
    return {unit: tuple(line) for unit, line in lines.items()}


@dataclass(frozen=True)
class StandingCount:
    """So many units of a level have one standing on one indicator."""

    level: str
    indicator: str
    standing: str
    units: int


def find_standing_counts(session: Session, *, as_of: date, phase: str | None = None) -> list[StandingCount]:
    """The counts of all levels that are listed as groups. Those of a level add up to its units on that day."""
    campaign = load_campaign(session)
    listed = {level.key for level in campaign.levels if level.group is not None}
    if phase is None and is_kept(session, campaign, as_of):
        statement = (
            select_columns(col(UnitRow.level), col(StandingRow.indicator), col(StandingRow.standing), func.count())
            .join(UnitRow, col(UnitRow.id) == col(StandingRow.unit_id))
            .where(col(StandingRow.day) == as_of, col(UnitRow.level).in_(listed))
            .group_by(col(UnitRow.level), col(StandingRow.indicator), col(StandingRow.standing))
        )
        counted = {
            (level, indicator, word): units for level, indicator, word, units in session.connection().execute(statement)
        }
    else:
        counted = Counter(
            (result.level, result.indicator, result.standing)
            for result in find_standing(session, as_of=as_of, phase=phase)
            if result.level in listed
        )
    return [
        StandingCount(level=level, indicator=indicator, standing=word, units=units)
        for (level, indicator, word), units in sorted(counted.items())
    ]
