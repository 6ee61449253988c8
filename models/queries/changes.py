"""Whose standing is another one than a week ago, or than at a meeting, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlmodel import Session

from models.columns import day_number
from models.holidays import working_days
from models.inputs import load_campaign
from models.queries.standing import find_standing
from targets.changes import REASONS, Moment, standing_changes
from targets.periods import counted_since
from targets.progress import BY_WORDS, STANDING_CODE
from targets.results import Result
from targets.values import Campaign

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class StandingChange:
    """A unit whose standing on an indicator changed: the rows of both days."""

    before: Result
    now: Result
    reason: str
    """One of `targets.changes.REASONS`."""
    direction: int
    """1 better, −1 worse, 0 where one of the two standings says neither."""


def find_changes(
    session: Session,
    *,
    as_of: date,
    since: date | None = None,
    indicator: str | None = None,
    units: Sequence[str] | None = None,
) -> list[StandingChange]:
    """The changes of standing between two days, in the campaign's order; a week before `as_of` unless said otherwise.

    Each unit in the phase that ran for it on either day. Raises UnknownName for a unit or an indicator.
    """
    then = as_of - WEEK if since is None else since
    campaign = load_campaign(session)
    before, now = (find_standing(session, as_of=day, indicator=indicator, units=units) for day in (then, as_of))
    return changes_among(before, now, then=then, as_of=as_of, campaign=campaign)


def changes_among(
    before: Sequence[Result], now: Sequence[Result], *, then: date, as_of: date, campaign: Campaign
) -> list[StandingChange]:
    """The same of rows at hand, frozen ones for example. A unit that existed on one of the days only is left out."""
    known = {(row.unit, row.indicator): row for row in before}
    pairs = [(known[row.unit, row.indicator], row) for row in now if (row.unit, row.indicator) in known]
    worked = float(working_days(campaign).between(day_number(then), day_number(as_of)))
    phases = {phase.key: position for position, phase in enumerate(campaign.phases)}
    found = standing_changes(
        _moment([row for row, _ in pairs], then, phases, campaign),
        _moment([row for _, row in pairs], as_of, phases, campaign),
        worked=np.full(len(pairs), worked),
    )
    return [
        StandingChange(before=pairs[position][0], now=pairs[position][1], reason=REASONS[reason], direction=direction)
        for position, reason, direction in zip(
            found.position.tolist(), found.reason.tolist(), found.direction.tolist(), strict=True
        )
    ]


def _moment(rows: Sequence[Result], day: date, phases: dict[str, int], campaign: Campaign) -> Moment:
    def numbers(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = [getattr(row, name) for row in rows]
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    def since(row: Result) -> float:
        if row.reading_as_of is None:
            return np.nan
        told = np.array([day_number(row.reading_as_of)], dtype=np.int64)
        return float(counted_since(campaign.indicator(row.indicator).basis, told, campaign)[0])

    return Moment(
        standing=np.array([STANDING_CODE[row.standing] for row in rows], dtype=np.int64),
        phase=np.array([phases[row.phase] for row in rows], dtype=np.int64),
        target=numbers("target"),
        value=numbers("value"),
        numerator=numbers("numerator"),
        denominator=numbers("denominator"),
        since=np.array([since(row) for row in rows], dtype=np.float64),
        by=np.array([BY_WORDS.index(row.by) for row in rows], dtype=np.int64),
        is_over=np.array([row.due is not None and row.due < day for row in rows], dtype=np.float64),
    )
