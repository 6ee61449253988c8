"""Units beside one another on one indicator: who makes up the province's number, and what each told on earlier days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.columns import day_number
from models.inputs import load_campaign, load_units
from models.queries.members import find_members
from models.queries.snapshots import find_frozen, find_snapshots
from models.queries.standing import find_standing
from models.store import read_numbers
from models.tables import StandingRow, UnitRow
from targets.results import Result
from targets.splitting import COUNTS, Counts
from targets.values import Campaign

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Comparison:
    """Every unit that exists on a day, the province among them, on one indicator; arrays follow the order of `rows`.

    members   the figures that the province's sums are made of, and `in_sums` whose they are; in another scope than the
              unit's row where the pool takes it so (DECISIONS.md D11)
    own       what each unit's row tells, where it is fresh
    """

    campaign: Campaign
    indicator: str
    as_of: date
    rows: tuple[Result, ...]
    parent: Whole
    province: int
    in_sums: Bools
    members: Counts
    own: Counts

    @property
    def whole(self) -> Result:
        """The province's row."""
        return self.rows[self.province]


def find_comparison(session: Session, *, as_of: date, indicator: str, phase: str | None = None) -> Comparison:
    """The units of an indicator with the figures that make up the province's.

    An ended phase that is named is looked at as it stood on the province's due date.
    Raises UnknownName for an indicator or phase.
    """
    campaign = load_campaign(session)
    rows = tuple(find_standing(session, as_of=as_of, indicator=indicator, phase=phase))
    units = load_units(session, campaign)
    at = {code: position for position, code in enumerate(units.codes)}
    of_row = np.array([at[row.unit] for row in rows], dtype=np.int64)
    province = next(position for position, row in enumerate(rows) if row.unit == campaign.province)
    column = [known.key for known in campaign.indicators].index(indicator)
    members = find_members(session, campaign, units, day=day_number(rows[province].as_of))
    place = np.full(len(units), -1, dtype=np.int64)
    place[of_row] = np.arange(len(rows))
    parent = units.parent[of_row]
    return Comparison(
        campaign=campaign,
        indicator=indicator,
        as_of=as_of,
        rows=rows,
        parent=np.where(parent >= 0, place[parent], -1),
        province=province,
        in_sums=members.inside[of_row, column],
        members=Counts(**{name: getattr(members.counts, name)[of_row, column] for name in COUNTS}),
        own=_own(rows),
    )


def _own(rows: Sequence[Result]) -> Counts:
    def column(name: str) -> Floats:
        told = [getattr(row, name) if row.coverage == 1 else None for row in rows]
        return np.array([np.nan if count is None else float(count) for count in told])

    return Counts(**{name: column(name) for name in COUNTS})


@dataclass(frozen=True)
class Before:
    """What today is compared with: the units' rows on an earlier day, by code."""

    day: date
    is_meeting: bool
    """Frozen for a meeting on that day; otherwise as they stand now for the same weekday a week before."""
    rows: dict[str, Result]


def find_before(session: Session, *, as_of: date, indicator: str) -> Before:
    """The figures of the last meeting before a day; where there was none, those of a week before."""
    earlier = [head for head in find_snapshots(session) if head.as_of < as_of]
    meeting = max(earlier, key=lambda head: (head.as_of, head.id), default=None)
    if meeting is not None:
        rows = find_frozen(session, meeting.id, indicator=indicator)
        return Before(meeting.as_of, is_meeting=True, rows={row.unit: row for row in rows})
    rows = find_standing(session, as_of=as_of - WEEK, indicator=indicator)
    return Before(as_of - WEEK, is_meeting=False, rows={row.unit: row for row in rows})


def find_past_values(
    session: Session, *, indicator: str, days: Sequence[date], units: Sequence[str]
) -> dict[str, dict[date, float]]:
    """The rates of some units on some days as they stand now, by code; a day on which none was known is left out.

    Only of days whose results are kept: from the campaign's start to the last one loaded.
    """
    told = read_numbers(
        session,
        select_columns(col(StandingRow.unit_id), col(StandingRow.day), col(StandingRow.value))
        .join(UnitRow, col(UnitRow.id) == col(StandingRow.unit_id))
        .where(col(StandingRow.day).in_(days), col(StandingRow.indicator) == indicator, col(UnitRow.code).in_(units)),
    )
    known = session.connection().execute(
        select_columns(col(UnitRow.id), col(UnitRow.code)).where(col(UnitRow.code).in_(units))
    )
    codes = {identity: code for identity, code in known}  # noqa: C416 - dict() takes a result for a mapping
    dates = {day_number(day): day for day in days}
    found: dict[str, dict[date, float]] = {code: {} for code in units}
    for unit, day, value in zip(told["unit_id"], told["day"], told["value"], strict=True):
        if not np.isnan(value):
            found[codes[int(unit)]][dates[int(day)]] = float(value)
    return found
