"""Tasks: given to a unit, reported on by it, confirmed or sent back by the office; inspection findings are tasks too.

Source: definitions.md, "Agreements": a meeting ends in conclusions, and somebody owns what follows by a day.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, find_state, record
from models.core.clock import business_day
from models.core.permission import require
from models.meetings.snapshots import check_snapshot
from models.readings.actions import Counts
from models.readings.records import TaskRecord
from models.results.inputs import load_campaign
from models.tables import Task, TaskReport, UnitRow
from models.targets.registrations import (
    Incomplete,
    changed_meanwhile,
    check_open,
    check_reason,
    check_said,
    decide,
    find_named_unit,
    indicator_named,
)
from models.tasks.evidence import Evidence, keep_evidence
from models.tasks.queries import REPORTED, WAITING
from models.units.queries import find_unit_ids
from targets.errors import UnknownName
from targets.permissions import Permission

OPEN, DONE, WITHDRAWN = "open", "done", "withdrawn"


def give_task(session: Session, reported: TaskRecord, *, context: ChangeContext) -> int:
    """Give a unit a task, carried on from meeting to meeting until it is done. Answers its id.

    Raises Refused, UnknownName, Incomplete.
    """
    require(session, context, Permission.CONCLUDE)
    unit = find_named_unit(session, reported.unit)
    if reported.indicator:
        indicator_named(load_campaign(session), reported.indicator)
    check_snapshot(session, reported.snapshot)
    if reported.due < business_day(context.now):
        raise Incomplete("What is to be done lies ahead: give a day from today on.", code="due_in_the_past")
    row = Task(
        kind="finding" if reported.finding.strip() else "task",
        unit_id=unit.id,
        what=check_said(reported.what, "no_task", "Write what is to be done."),
        who=check_said(reported.who, "no_task_who", "Say who is to do it."),
        due=reported.due,
        finding=reported.finding.strip(),
        indicator=reported.indicator,
        document=reported.document.strip(),
        number=reported.number.strip(),
        snapshot_id=reported.snapshot,
        slide=reported.slide,
        simulated=find_state(session).simulated,
        by=context.by,
        recorded_at=context.now,
    )
    session.add(row)
    session.flush()
    new = {
        "task": row.id,
        "what": row.what,
        "who": row.who,
        "due": reported.due.isoformat(),
        "snapshot": reported.snapshot,
    }
    record(session, context=context, action="give_task", subject=unit.code, new=new)
    return row.id or 0


def report_on_task(
    session: Session,
    task_id: int,
    *,
    progress: str,
    evidence: str = "",
    file: Evidence | None = None,
    is_done: bool = False,
    seen_version: int,
    context: ChangeContext,
) -> None:
    """Say how far a task is, and where that can be seen; what is said to be done waits for the office to confirm it.

    Raises Refused, UnknownName, Incomplete, DecisionConflict.
    """
    row = _task(session, task_id)
    require(session, context, Permission.REPORT_TASK, row.unit_id)
    progress = check_said(progress, "no_progress", "Write what has been done so far.")
    if is_done and file is None:
        check_said(evidence, "no_task_evidence", "Say where it can be seen that it is done.")
    _check_waiting(row, seen_version)
    report = TaskReport(
        task_id=task_id,
        progress=progress,
        evidence=evidence.strip(),
        is_done=is_done,
        by=context.by,
        reported_at=context.now,
    )
    session.add(report)
    session.flush()
    new: dict[str, Any] = {"progress": progress, "is_done": is_done}
    if file is not None:
        kept = keep_evidence(session, report.id or 0, file)
        new |= {"file": kept.name, "fingerprint": kept.sha256}
    row.progress, row.state = progress, REPORTED if is_done else OPEN
    row.version_id += 1
    session.add(row)
    _record(session, row, action="report_on_task", context=context, new=new)


def confirm_task(session: Session, task_id: int, *, is_done: bool, seen_version: int, context: ChangeContext) -> None:
    """Close a task as done, whether the unit said so or not, or send back what it said; the reason is in the context.

    Raises Refused, UnknownName, Incomplete, DecisionConflict.
    """
    row = _waiting(session, task_id, seen_version=seen_version, context=context)
    check_reason(context)
    decide(row, state=DONE if is_done else OPEN, context=context)
    session.add(row)
    _record(
        session, row, action="close_task" if is_done else "send_task_back", context=context, new={"state": row.state}
    )


def withdraw_task(session: Session, task_id: int, *, seen_version: int, context: ChangeContext) -> None:
    """Take a task back, with the reason in the context. Raises Refused, UnknownName, Incomplete, DecisionConflict."""
    row = _waiting(session, task_id, seen_version=seen_version, context=context)
    check_reason(context)
    decide(row, state=WITHDRAWN, context=context)
    session.add(row)
    _record(session, row, action="withdraw_task", context=context, new={"state": WITHDRAWN})


def move_task(
    session: Session, task_id: int, *, due: date, who: str, seen_version: int, context: ChangeContext
) -> None:
    """Give a task another day or another person, with the reason in the context; the old day stays in the trail.

    Raises Refused, UnknownName, Incomplete, DecisionConflict.
    """
    row = _waiting(session, task_id, seen_version=seen_version, context=context)
    check_reason(context)
    who = check_said(who, "no_task_who", "Say who is to do it.")
    if due < business_day(context.now):
        raise Incomplete("What is to be done lies ahead: give a day from today on.", code="due_in_the_past")
    old = {"due": None if row.due is None else row.due.isoformat(), "who": row.who}
    row.due, row.who = due, who
    row.version_id += 1
    session.add(row)
    _record(session, row, action="move_task", context=context, old=old, new={"due": due.isoformat(), "who": who})


def record_tasks(
    session: Session, records: Sequence[TaskRecord], *, is_simulated: bool, context: ChangeContext
) -> Counts:
    """Take in tasks of a plan or an inspection. A unit's task is recognised by its number and document, else by its
    words: one that differs is revised while it waits, and what is settled stays settled. One that comes with what shows
    that it is done is settled.
    """
    require(session, context, Permission.IMPORT)
    ids, counts = find_unit_ids(session), {"accepted": 0, "revised": 0, "unchanged": 0}
    known = {_mark(row, row.unit_id): row for row in session.exec(select(Task).where(col(Task.kind) != "conclusion"))}
    for task in records:
        mark = _mark(task, ids[task.unit])
        row = known.get(mark)
        before = None
        if row is None:
            row = known[mark] = Task(
                kind="task",
                unit_id=ids[task.unit],
                what=task.what,
                document=task.document,
                number=task.number,
                simulated=is_simulated,
                by=context.by,
                recorded_at=context.now,
            )
            counts["accepted"] += 1
        elif row.state in WAITING and (task.done or _reported(row) != _reported(task)):
            before = _reported(row)
            row.version_id += 1
            counts["revised"] += 1
        else:
            counts["unchanged"] += 1
            continue
        row.kind = "finding" if task.finding else "task"
        row.what, row.who, row.due, row.finding = _reported(task)
        if task.done:
            row.progress = task.done
            decide(row, state=DONE, context=context)
        session.add(row)
        if before is not None:
            _record_revision(session, row, before, context=context)
    session.flush()
    if counts["accepted"] or counts["revised"]:
        record(session, context=context, action="record_tasks", subject="tasks", new=dict(counts))
    return Counts(**counts)


def _record_revision(
    session: Session, row: Task, before: tuple[str, str, date | None, str], *, context: ChangeContext
) -> None:
    """Each task that a file tells otherwise has an entry of its own: its unit's story tells it."""

    def spelled(said: tuple[str, str, date | None, str]) -> dict[str, Any]:
        what, who, due, finding = said
        return {"what": what, "who": who, "due": None if due is None else due.isoformat(), "finding": finding}

    session.flush()
    old, new = spelled(before), spelled(_reported(row))
    changed = [name for name in new if old[name] != new[name]]
    done = {"progress": row.progress, "state": row.state} if row.state == DONE else {}
    _record(
        session,
        row,
        action="revise_task",
        context=context,
        old={name: old[name] for name in changed},
        new={name: new[name] for name in changed} | done,
    )


def _mark(task: Task | TaskRecord, unit_id: int | None) -> tuple[object, ...]:
    """What a task is recognised by."""
    return (unit_id, task.document, task.number) if task.number else (unit_id, task.what.casefold())


def _reported(row: Task | TaskRecord) -> tuple[str, str, date | None, str]:
    return row.what, row.who, row.due, row.finding


def _task(session: Session, task_id: int) -> Task:
    row = session.get(Task, task_id)
    if row is None:
        raise UnknownName(kind="task", name=str(task_id))
    return row


def _waiting(session: Session, task_id: int, *, seen_version: int, context: ChangeContext) -> Task:
    require(session, context, Permission.CONCLUDE)
    row = _task(session, task_id)
    _check_waiting(row, seen_version)
    return row


def _check_waiting(row: Task, seen_version: int) -> None:
    """Raise DecisionConflict unless the task still waits, as the person has seen it."""
    if row.state in WAITING and row.version_id != seen_version:
        raise changed_meanwhile()
    check_open(row, state=row.state if row.state in WAITING else OPEN, seen_version=seen_version)


def _record(
    session: Session,
    row: Task,
    *,
    action: str,
    context: ChangeContext,
    new: dict[str, Any],
    old: dict[str, Any] | None = None,
) -> None:
    unit = None if row.unit_id is None else session.get_one(UnitRow, row.unit_id)
    subject = "" if unit is None else unit.code
    record(session, context=context, action=action, subject=subject, old=old, new={"task": row.id, **new})
