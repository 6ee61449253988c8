"""How phases ended: closed under a name, confirmed by a document, or as it stands while figures are still to come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise

from sqlmodel import Session, col, select

from models.campaign.holidays import working_days
from models.core.clock import business_day
from models.core.columns import day_number, day_of
from models.feeds.withdrawn import which_count
from models.meetings.snapshots import SnapshotHead, find_all_snapshots, find_frozen, find_snapshot
from models.results.inputs import load_campaign
from models.results.standing import find_standing
from models.tables import Reading, ResultConfirmation, Run, Series, SourceRow
from models.targets.registrations import Incomplete
from models.units.queries import find_parents, names_apart
from targets.errors import UnknownName
from targets.findings import Ended, PhaseEnd, how_ended, phase_end
from targets.results import Result
from targets.values import PUBLISHED, Campaign, Phase

RHYTHM = 3
"""Days on which figures were told that show how far apart such days lie."""


@dataclass(frozen=True)
class Confirmation:
    """The document under which a phase's result stands."""

    document: str
    date: date
    signer: str
    by: str
    at: datetime


@dataclass(frozen=True)
class PhaseResult:
    """How a phase ended, from the rows of its snapshot, or as it stands where there is none."""

    campaign: Campaign
    phase: Phase
    rows: tuple[Result, ...]
    end: PhaseEnd
    told_by: date
    """The last day of which figures are to be told."""
    head: SnapshotHead | None
    confirmation: Confirmation | None = None

    @property
    def is_closed(self) -> bool:
        """Whether it is the result, and no later figure changes it."""
        return self.head is not None and self.head.awaited is None

    @property
    def due(self) -> date:
        return self.phase.due or date.max

    @cached_property
    def province(self) -> tuple[Result, ...]:
        """The lines of the province that are shown: those of a survey's grades are its own."""
        return tuple(
            row
            for row in self.rows
            if row.unit == self.campaign.province and self.campaign.indicator(row.indicator) in self.campaign.own_lines
        )

    def of_unit(self, code: str) -> tuple[Result, ...]:
        """The rows of a unit that had a target."""
        return tuple(row for row in self.rows if row.unit == code and row.target is not None)


def last_told_day(session: Session, campaign: Campaign, phase: Phase, *, known_at: datetime | None = None) -> date:
    """The last day of a phase of which figures are to be told: its due date, or the working day before a day of rest.

    Where they come week by week or month by month it is the newest told, once the next lies after the phase: by as much
    as the last of these days lay apart at least. Raises UnknownName for a phase without an end.
    """
    if phase.due is None:
        ending = [each.key for each in campaign.phases if each.due is not None]
        raise UnknownName(kind="phase", name=phase.key, allowed=ending)
    last = day_of(int(working_days(campaign).latest(day_number(phase.due))))
    told = _told_days(session, campaign, until=last, known_at=known_at)
    if len(told) == RHYTHM and told[0] + min(later - day for later, day in pairwise(told)) > last:
        return told[0]
    return last


def _told_days(session: Session, campaign: Campaign, *, until: date, known_at: datetime | None) -> Sequence[date]:
    """The newest days of which figures were told, the newest first; publications keep no rhythm."""
    statement = (
        select(col(Reading.as_of))
        .join(Series, col(Series.id) == col(Reading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .where(col(Reading.as_of).between(campaign.start, until), SourceRow.kind != PUBLISHED)
        .where(*which_count(session, col(Reading.run_id), known_at=known_at))
    )
    if known_at is not None:
        statement = statement.join(Run, col(Run.id) == col(Reading.run_id)).where(col(Run.received_at) <= known_at)
    return session.exec(statement.distinct().order_by(col(Reading.as_of).desc()).limit(RHYTHM)).all()


def find_named_phase(campaign: Campaign, key: str) -> Phase:
    """A phase by its key. Raises UnknownName."""
    found = next((phase for phase in campaign.phases if phase.key == key), None)
    if found is None:
        raise UnknownName(kind="phase", name=key, allowed=[phase.key for phase in campaign.phases])
    return found


def find_closed(session: Session) -> dict[str, SnapshotHead]:
    """Phase → the snapshot that closed it, unless that was put aside."""
    closed: dict[str, SnapshotHead] = {}
    for head in find_all_snapshots(session):
        if head.closes is not None and head.awaited is None and head.withdrawn is None:
            closed.setdefault(head.closes, head)
    return closed


def find_confirmation(session: Session, snapshot_id: int) -> Confirmation | None:
    """The newest document that confirms a phase's result."""
    statement = select(ResultConfirmation).where(ResultConfirmation.snapshot_id == snapshot_id)
    row = session.exec(statement.order_by(col(ResultConfirmation.id).desc())).first()
    return None if row is None else Confirmation(row.document, row.document_date, row.signer, row.by, row.recorded_at)


def load_result(session: Session, snapshot_id: int) -> PhaseResult:
    """A phase's result as it was frozen. Raises UnknownName where the snapshot holds none."""
    frozen = find_snapshot(session, snapshot_id)
    phase = find_named_phase(frozen.campaign, frozen.head.closes or "")
    rows = names_apart(find_frozen(session, snapshot_id), frozen.facts.parents)
    seen_on, known_at = business_day(frozen.head.known_at), frozen.head.known_at
    told_by = last_told_day(session, frozen.campaign, phase, known_at=known_at)
    return PhaseResult(
        campaign=frozen.campaign,
        phase=phase,
        rows=rows,
        end=_end(rows, frozen.campaign, phase, told_by=told_by, seen_on=seen_on),
        told_by=told_by,
        head=frozen.head,
        confirmation=find_confirmation(session, snapshot_id),
    )


def work_out_result(session: Session, phase: Phase, *, seen_on: date, known_at: datetime | None = None) -> PhaseResult:
    """How a phase ended as it stands, looked at from a day after it; as known at a moment where one is named."""
    campaign = load_campaign(session, known_at=known_at)
    rows = names_apart(find_standing(session, as_of=seen_on, phase=phase.key, known_at=known_at), find_parents(session))
    told_by = last_told_day(session, campaign, phase, known_at=known_at)
    end = _end(rows, campaign, phase, told_by=told_by, seen_on=seen_on)
    return PhaseResult(campaign, phase, rows, end, told_by, None)


def find_result(session: Session, phase: str, *, today: date) -> PhaseResult:
    """How a phase ended: what closed it, else as it stands today. Raises UnknownName, Incomplete for one not ended."""
    closed = find_closed(session).get(phase)
    if closed is not None:
        return load_result(session, closed.id)
    return work_out_result(session, ended_phase(load_campaign(session), phase, today=today), seen_on=today)


def ended_phase(campaign: Campaign, phase: str, *, today: date) -> Phase:
    """A phase by its key. Raises UnknownName, and Incomplete before the day after its due date."""
    found = find_named_phase(campaign, phase)
    if found not in campaign.ended(today):
        raise Incomplete("The phase has not ended yet.", code="phase_not_ended")
    return found


@dataclass(frozen=True)
class EndedPhase:
    """A phase that is over, in a line beside the next one."""

    campaign: Campaign
    phase: Phase
    province: Ended | None
    """How the province's targets ended, once it is closed."""
    is_confirmed: bool = False


def find_ended(session: Session, *, today: date) -> dict[str, EndedPhase]:
    """Every phase that is over, the newest first."""
    campaign, closed = load_campaign(session), find_closed(session)
    found: dict[str, EndedPhase] = {}
    for phase in reversed(campaign.ended(today)):
        head = closed.get(phase.key)
        if head is None:
            found[phase.key] = EndedPhase(campaign, phase, None)
        else:
            rows = find_frozen(session, head.id, units=[campaign.province])
            ended = how_ended(rows, seen_on=business_day(head.known_at))
            found[phase.key] = EndedPhase(campaign, phase, ended, find_confirmation(session, head.id) is not None)
    return found


def _end(rows: Sequence[Result], campaign: Campaign, phase: Phase, *, told_by: date, seen_on: date) -> PhaseEnd:
    return phase_end(rows, campaign, due=phase.due or date.max, told_by=told_by, seen_on=seen_on)


def find_ended_rows(session: Session, unit: str, phase: str, *, as_of: date) -> tuple[Result, ...]:
    """A unit's rows of a phase that has ended: those that closed it, unless by its own dates it ended after that."""
    closed = find_closed(session).get(phase)
    if closed is not None:
        rows, seen_on = find_frozen(session, closed.id, units=[unit]), business_day(closed.known_at)
        if rows and all(row.due is not None and row.due < seen_on for row in rows):
            return tuple(rows)
    return tuple(find_standing(session, as_of=as_of, units=[unit], phase=phase))
