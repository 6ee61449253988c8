"""Freezing figures for a meeting, with an agenda; closing a phase; and what the meeting concludes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.catalogue import campaign_from_json
from models.core.audit import ChangeContext, find_state, record
from models.core.clock import business_day
from models.core.columns import day_number
from models.core.permission import require
from models.core.store import insert_rows
from models.core.texts import text
from models.meetings.agendas import checked_slides
from models.meetings.frozen import facts_as_json, find_facts
from models.meetings.milestones import PhaseResult, ended_phase, find_closed, work_out_result
from models.meetings.snapshots import check_snapshot, find_all_snapshots, find_snapshot, named_snapshot
from models.results.inputs import load_campaign
from models.results.kept import sql_table
from models.results.standing import find_standing
from models.tables import (
    Agenda,
    Announcement,
    CampaignVersion,
    ResultConfirmation,
    Snapshot,
    SnapshotRow,
    SnapshotWithdrawal,
    Task,
)
from models.targets.registrations import Incomplete, check_open, check_reason, check_said, decide, find_named_unit
from targets.errors import UnknownName
from targets.permissions import Permission
from targets.results import Result
from targets.values import Campaign

OPEN, FROZEN, WITHDRAWN = "open", "frozen", "withdrawn"
LANGUAGE = "vi"
"""In which the result of a phase is named, as what people type is."""


def announce_figures(
    session: Session, *, as_of: date, deadline: date, title: str, slot: str | None = None, context: ChangeContext
) -> int:
    """Show units the figures of a day ahead of a meeting; until the deadline they may ask for a check.

    One at a time. For a time of the schedule (`slot`) it is announced once, however often this is done. Answers the
    announcement's id. Raises Refused, Incomplete.
    """
    require(session, context, Permission.CONCLUDE)
    if slot is not None and (before := _of_slot(session, Announcement, slot)) is not None:
        return before
    title = check_said(title, "no_title", "Give the meeting a name.")
    _check_day(session, as_of, context)
    if deadline < business_day(context.now):
        raise Incomplete("A deadline lies ahead: give a day from today on.", code="deadline_in_the_past")
    if session.exec(select(Announcement).where(Announcement.state == OPEN)).first() is not None:
        raise Incomplete(
            "Figures for a meeting are announced already: freeze or withdraw them first.", code="already_announced"
        )
    announcement = Announcement(
        title=title, as_of=as_of, deadline=deadline, slot=slot, by=context.by, announced_at=context.now
    )
    session.add(announcement)
    session.flush()
    record(
        session,
        context=context,
        action="announce_figures",
        subject=title,
        new={"as_of": as_of.isoformat(), "deadline": deadline.isoformat()},
    )
    return announcement.id or 0


def withdraw_announcement(session: Session, announcement_id: int, *, seen_version: int, context: ChangeContext) -> None:
    """Take an announcement back, with the reason in the context. Raises Refused, UnknownName, DecisionConflict."""
    announcement = _announcement(session, announcement_id, seen_version=seen_version, context=context)
    check_reason(context)
    decide(announcement, state=WITHDRAWN, context=context)
    session.add(announcement)
    record(session, context=context, action="withdraw_announcement", subject=announcement.title)


def freeze_announced(
    session: Session, announcement_id: int, *, seen_version: int, slot: str | None = None, context: ChangeContext
) -> int:
    """Freeze the figures that were announced, as they stand now; requests still open are marked in the snapshot.

    Answers the snapshot's id. Raises Refused, UnknownName, DecisionConflict.
    """
    announcement = _announcement(session, announcement_id, seen_version=seen_version, context=context)
    frozen = _freeze(
        session, as_of=announcement.as_of, title=announcement.title, known_at=None, slot=slot, context=context
    )
    _close(session, announcement, frozen, context)
    return frozen


def freeze_figures(
    session: Session,
    *,
    as_of: date,
    title: str,
    known_at: datetime | None = None,
    slot: str | None = None,
    context: ChangeContext,
) -> int:
    """Freeze where every unit stands on a day, as known now or at an earlier moment; answers the snapshot's id.

    For a time of the schedule (`slot`) it is frozen once, however often this is done. Without it
    and as known now, what is announced of this very day is frozen with it: its announcement is closed.

    Raises Refused, Incomplete.
    """
    require(session, context, Permission.CONCLUDE)
    frozen = _freeze(session, as_of=as_of, title=title, known_at=known_at, slot=slot, context=context)
    statement = select(Announcement).where(Announcement.state == OPEN, Announcement.as_of == as_of)
    if known_at is None and slot is None and (announcement := session.exec(statement).first()) is not None:
        _close(session, announcement, frozen, context)
    return frozen


def _freeze(
    session: Session, *, as_of: date, title: str, known_at: datetime | None, slot: str | None, context: ChangeContext
) -> int:
    if slot is not None and (before := _of_slot(session, Snapshot, slot)) is not None:
        return before
    title = check_said(title, "no_title", "Give the meeting a name.")
    _check_day(session, as_of, context)
    if known_at is not None and known_at > context.now:
        raise Incomplete("What will be known later cannot be frozen.", code="moment_ahead")
    opens_with = _result_to_open_with(session, as_of=as_of, known_at=known_at, context=context)
    rows = find_standing(session, as_of=as_of, known_at=known_at)
    return _keep(
        session, rows, title=title, as_of=as_of, known_at=known_at, slot=slot, opens_with=opens_with, context=context
    )


def _keep(
    session: Session,
    rows: Sequence[Result],
    *,
    title: str,
    as_of: date,
    known_at: datetime | None,
    closes: str | None = None,
    context: ChangeContext,
    **more: Any,
) -> int:
    """Store rows as a snapshot, with what stands beside them; `more` of its columns as they come."""
    version, campaign = _settings(session, known_at)
    snapshot = Snapshot(
        title=title,
        as_of=as_of,
        known_at=known_at or context.now,
        campaign_version_id=version.id or 0,
        phase=closes or campaign.phase_on(as_of).key,
        simulated=find_state(session).simulated,
        facts=facts_as_json(find_facts(session, campaign, as_of=as_of, known_at=known_at)),
        closes=closes,
        by=context.by,
        reason=context.reason,
        recorded_at=context.now,
        **more,
    )
    session.add(snapshot)
    session.flush()
    insert_rows(session, sql_table(SnapshotRow), _columns(snapshot.id or 0, rows))
    record(
        session,
        context=context,
        action="freeze_figures" if closes is None else "close_phase",
        subject=title,
        new={"snapshot": snapshot.id, "as_of": as_of.isoformat(), "rows": len(rows)},
    )
    return snapshot.id or 0


# --- how a phase ended ----------------------------------------------------------------------------------------------


def close_phase(session: Session, phase: str, *, without: int = 0, context: ChangeContext) -> int:
    """Freeze how a phase ended as its result, which no later figure changes; answers the snapshot's id.

    Refused while figures of its last day are still to come from more units than one does not wait for (`without`).
    Raises Refused, UnknownName, Incomplete.
    """
    require(session, context, Permission.CONCLUDE)
    campaign, today = load_campaign(session), business_day(context.now)
    found = ended_phase(campaign, phase, today=today)
    if phase in find_closed(session):
        raise Incomplete("The phase is closed already: put its result aside first.", code="phase_closed")
    result = work_out_result(session, found, seen_on=today)
    if result.end.awaited > without:
        raise Incomplete(
            "Figures of the last day are still to come.",
            code="figures_awaited",
            count=str(result.end.awaited),
            day=f"{result.told_by:%d/%m/%Y}",
        )
    return _close_with(session, result, awaited=None, known_at=None, context=context)


def confirm_result(
    session: Session, snapshot_id: int, *, document: str, document_date: date, signer: str, context: ChangeContext
) -> None:
    """Say which document confirms a phase's result; said again, the newest counts. Nothing of the result changes.

    Raises Refused, UnknownName, Incomplete.
    """
    require(session, context, Permission.CONCLUDE)
    document = check_said(document, "no_confirming_document", "Name the document.")
    signer = check_said(signer, "no_signer", "Name who signed.")
    head = find_snapshot(session, snapshot_id).head
    if head.closes is None or head.awaited is not None or head.withdrawn is not None:
        raise Incomplete("Only the result of a closed phase is confirmed.", code="no_result_to_confirm")
    if not head.as_of <= document_date <= business_day(context.now):
        raise Incomplete(
            "A document confirms a result after the phase's end, and not ahead of today.",
            code="document_out_of_time",
            first=f"{head.as_of:%d/%m/%Y}",
        )
    session.add(
        ResultConfirmation(
            snapshot_id=snapshot_id,
            document=document,
            document_date=document_date,
            signer=signer,
            by=context.by,
            reason=context.reason,
            recorded_at=context.now,
        )
    )
    session.flush()
    record(
        session,
        context=context,
        action="confirm_result",
        subject=head.title,
        new={"snapshot": snapshot_id, "document": document, "date": document_date.isoformat(), "signer": signer},
    )


def _result_to_open_with(
    session: Session, *, as_of: date, known_at: datetime | None, context: ChangeContext
) -> int | None:
    """The snapshot of the phase's result that a meeting opens with; None: an earlier meeting has told it.

    It is closed here where all its figures have come; till then it is told once as it stands.
    """
    moment = known_at or context.now
    campaign = load_campaign(session, known_at=known_at)
    over = [phase for phase in campaign.ended(business_day(moment)) if phase.due is not None and phase.due <= as_of]
    if not over:
        return None
    phase = over[-1]
    heads = [head for head in find_all_snapshots(session) if head.withdrawn is None]
    opened = {head.opens_with for head in heads}
    told = [head for head in heads if head.closes == phase.key and head.id in opened]
    if any(head.awaited is None for head in told):
        return None
    closed = find_closed(session).get(phase.key)
    if closed is not None and closed.recorded_at <= moment:
        return closed.id
    result = work_out_result(session, phase, seen_on=business_day(moment), known_at=known_at)
    awaited = None if known_at is None and not result.end.awaited else result.end.awaited
    if told and awaited is not None:
        return None
    return _close_with(session, result, awaited=awaited, known_at=known_at, context=context)


def _close_with(
    session: Session, result: PhaseResult, *, awaited: int | None, known_at: datetime | None, context: ChangeContext
) -> int:
    """Freeze a phase's result, or, where figures are still to come, how it stands."""
    key = "milestone.snapshot" if awaited is None else "milestone.snapshot_so_far"
    title = text(key, LANGUAGE, phase=result.phase.name.of(LANGUAGE))
    return _keep(
        session, result.rows, title=title, as_of=result.due, known_at=known_at, closes=result.phase.key,
        awaited=awaited, context=context,
    )  # fmt: skip


def withdraw_snapshot(session: Session, snapshot_id: int, *, context: ChangeContext) -> None:
    """Put a snapshot aside, with the reason in the context: it stays to be read, and counts as no meeting any more.

    Raises Refused, UnknownName, Incomplete without a reason or where it was put aside already.
    """
    require(session, context, Permission.CONCLUDE)
    check_reason(context)
    snapshot = named_snapshot(session, snapshot_id)
    if session.get(SnapshotWithdrawal, snapshot_id) is not None:
        raise Incomplete("These figures were put aside already.", code="snapshot_withdrawn")
    session.add(
        SnapshotWithdrawal(snapshot_id=snapshot_id, by=context.by, reason=context.reason, recorded_at=context.now)
    )
    record(session, context=context, action="withdraw_snapshot", subject=snapshot.title, new={"snapshot": snapshot_id})


def set_agenda(session: Session, snapshot_id: int, slides: tuple[str, ...], *, context: ChangeContext) -> None:
    """Choose the slides of a snapshot's meeting and their order; the next meeting begins with the same.

    Raises Refused, UnknownName for a snapshot or slide, Incomplete for no slide at all.
    """
    require(session, context, Permission.CONCLUDE)
    snapshot = named_snapshot(session, snapshot_id)
    version = session.get_one(CampaignVersion, snapshot.campaign_version_id)
    chosen = checked_slides(campaign_from_json(version.content), slides)
    session.add(Agenda(snapshot_id=snapshot_id, slides=list(chosen), by=context.by, recorded_at=context.now))
    record(session, context=context, action="set_agenda", subject=snapshot.title, new={"slides": list(chosen)})


def _close(session: Session, announcement: Announcement, frozen: int, context: ChangeContext) -> None:
    """What was announced is frozen: units are no longer asked to look at it."""
    decide(announcement, state=FROZEN, context=context)
    announcement.snapshot_id = frozen
    session.add(announcement)
    session.flush()


def _announcement(session: Session, announcement_id: int, *, seen_version: int, context: ChangeContext) -> Announcement:
    require(session, context, Permission.CONCLUDE)
    announcement = session.get(Announcement, announcement_id)
    if announcement is None:
        raise UnknownName(kind="announcement", name=str(announcement_id))
    check_open(announcement, state=OPEN, seen_version=seen_version)
    return announcement


def _of_slot(session: Session, table: type[Announcement] | type[Snapshot], slot: str) -> int | None:
    return session.exec(select(table.id).where(table.slot == slot)).first()


def _check_day(session: Session, as_of: date, context: ChangeContext) -> None:
    campaign = load_campaign(session)
    if not campaign.start <= as_of <= business_day(context.now):
        raise Incomplete(
            "Figures are frozen of a day from the campaign's start up to today.",
            code="no_day_to_freeze",
            first=f"{campaign.start:%d/%m/%Y}",
            last=f"{business_day(context.now):%d/%m/%Y}",
        )


def _settings(session: Session, known_at: datetime | None) -> tuple[CampaignVersion, Campaign]:
    """The campaign's settings of that moment, and the version of them the snapshot names. Raises StoreNotReady."""
    campaign = load_campaign(session, known_at=known_at)
    statement = select(CampaignVersion).order_by(col(CampaignVersion.id).desc())
    if known_at is not None:
        statement = statement.where(col(CampaignVersion.recorded_at) <= known_at)
    return session.exec(statement.limit(1)).one(), campaign


def _columns(snapshot_id: int, rows: Sequence[Result]) -> dict[str, list[Any]]:
    """The rows by column; days as whole numbers. What has no column of its own stands in `more`."""
    names = [field.name for field in fields(Result)]
    own = [name for name in names if name in sql_table(SnapshotRow).c]
    columns: dict[str, list[Any]] = {name: [getattr(row, name) for row in rows] for name in own}
    for name in ("as_of", "due", "reading_as_of"):
        columns[name] = [None if day is None else day_number(day) for day in columns[name]]
    others = [name for name in names if name not in own]
    columns["more"] = [json.dumps({name: getattr(row, name) for name in others}, default=asdict) for row in rows]
    return {"snapshot_id": [snapshot_id] * len(rows), "position": list(range(len(rows))), **columns}


@dataclass(frozen=True)
class Conclusion:
    """What was concluded; about a unit where one is named."""

    what: str
    unit: str | None = None
    snapshot: int | None = None
    slide: str = ""
    document: str = ""
    who: str = ""
    due: date | None = None


def record_conclusion(session: Session, reported: Conclusion, *, context: ChangeContext) -> int:
    """Record a conclusion; it is carried on until it is closed. Answers its id.

    Raises Refused, UnknownName, Incomplete.
    """
    require(session, context, Permission.CONCLUDE)
    what = check_said(reported.what, "no_conclusion", "Write what was concluded.")
    check_snapshot(session, reported.snapshot)
    unit = None if reported.unit is None else find_named_unit(session, reported.unit)
    row = Task(
        kind="conclusion",
        unit_id=None if unit is None else unit.id,
        what=what,
        who=reported.who.strip(),
        due=reported.due,
        document=reported.document.strip(),
        snapshot_id=reported.snapshot,
        slide=reported.slide,
        simulated=find_state(session).simulated,
        by=context.by,
        recorded_at=context.now,
    )
    session.add(row)
    session.flush()
    record(
        session,
        context=context,
        action="record_conclusion",
        subject="" if unit is None else unit.code,
        new={"task": row.id, "what": what, "snapshot": reported.snapshot, "slide": reported.slide},
    )
    return row.id or 0
