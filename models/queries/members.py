"""Whose figures the province's sums are made of, and with which counts (DECISIONS.md D11)."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlmodel import Session

from models.holidays import working_days
from models.inputs import Units
from models.lines import SCOPES, load_lines
from models.pools import pool_units
from models.told import told_in_scope
from targets.snapshots import Snapshots
from targets.splitting import COUNTS, Counts
from targets.values import Campaign

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class PoolMembers:
    """Units × indicators: who is in the province's sums, and the counts of whoever is."""

    inside: Bools
    counts: Counts


def find_members(
    session: Session, campaign: Campaign, units: Units, *, day: int, known_at: datetime | None = None
) -> PoolMembers:
    """Who is in the province's sums on a day (a number), as known now or at a moment."""
    of_day = day if known_at is None else None
    lines = load_lines(session, campaign, units, last=day, of_day=of_day, known_at=known_at)
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
    told = {scope: told_in_scope(lines, held, scope) for scope in SCOPES}
    shape = (len(units), len(campaign.indicators))
    members = pool_units(units, told, np.broadcast_to(units.expected_on(day)[:, None], shape)).members
    counts = {
        name: np.where(
            members.below,
            getattr(told["below"], name),
            np.where(members.own, getattr(told["own"], name), np.nan),
        )
        for name in COUNTS
    }
    return PoolMembers(members.below | members.own, Counts(**counts))
