"""Whose figures the province's sums are made of, and with which counts (definitions.md, "Sums")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy import func
from sqlmodel import Session, col, select

from models.campaign.holidays import working_days
from models.results.current_readings import CurrentReadings, readings_by_scope
from models.results.inputs import Units, kinds
from models.results.pools import pool_units, summed
from models.results.series import SCOPES, load_lines
from models.tables import Series
from targets.comparison.contribution import Members
from targets.standing.snapshots import Snapshots
from targets.standing.splitting import COUNTS, Counts
from targets.values import Campaign

Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class PoolMembers:
    """Units × indicators: who is in the province's sums, with which counts (of a count or of days, what
    `targets.standing.amounts.as_summands` makes of them), and from which sources."""

    inside: Bools
    counts: Counts
    sources: dict[str, dict[str, int]]
    """Indicator → source, in its order → how many units of the sum it reported."""


def find_members(
    session: Session, campaign: Campaign, units: Units, *, day: int, known_at: datetime | None = None
) -> PoolMembers:
    """Who is in the province's sums on a day (a number), as known now or at a moment."""
    of_day = day if known_at is None else None
    lines = load_lines(session, campaign, units, last=day, of_day=of_day, known_at=known_at)
    units, line_of = units.on(day), lines.line_on(day)
    snapshots = Snapshots(
        lines.readings,
        lines=lines.count,
        first=day,
        last=day,
        working_days=working_days(campaign),
        stale_after=lines.stale_after,
        volume_window=campaign.volume_window_days,
    )
    held = snapshots.held(np.array([day], dtype=np.int64))
    told = readings_by_scope(lines, held, units, day=day, least=campaign.least_coverage)
    reported = summed(told, kinds(campaign))
    shape = (len(units), len(campaign.indicators))
    members = pool_units(units, reported, np.broadcast_to(units.expected_on(day)[:, None], shape)).members
    counts = {
        name: np.where(
            members.below,
            getattr(reported["below"], name),
            np.where(members.own, getattr(reported["own"], name), np.nan),
        )
        for name in COUNTS
    }
    return PoolMembers(members.below | members.own, Counts(**counts), _sources(campaign, line_of, reported, members))


def find_mixed(
    session: Session, campaign: Campaign, units: Units, *, day: int, known_at: datetime | None = None
) -> dict[str, dict[str, int]]:
    """Indicators whose sum for the province is of several sources, with how many units each reported."""
    counted = select(col(Series.indicator)).group_by(col(Series.indicator)).having(
        func.count(func.distinct(col(Series.source_id))) > 1
    )  # fmt: skip
    if session.exec(counted).first() is None:
        return {}
    found = find_members(session, campaign, units, day=day, known_at=known_at).sources
    return {indicator: sources for indicator, sources in found.items() if len(sources) > 1}


def _sources(
    campaign: Campaign, line_of: Whole, reported: Mapping[str, CurrentReadings], members: Members
) -> dict[str, dict[str, int]]:
    counted: dict[str, dict[str, int]] = {indicator.key: {} for indicator in campaign.indicators}
    inside = {"own": members.own, "below": members.below}
    for place, indicator in enumerate(campaign.indicators):
        for rank, source in enumerate(indicator.sources):
            of_source = [
                inside[scope][:, place] & (line_of[:, place, at, rank] == reported[scope].line[:, place])
                for at, scope in enumerate(SCOPES)
            ]
            if many := int(np.sum(of_source)):
                counted[indicator.key][source] = many
    return counted
