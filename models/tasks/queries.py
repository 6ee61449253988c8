"""What was concluded and what is to be done: by day, by unit, by state; what is overdue shows everywhere."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.store import filled
from models.tables import Snapshot, Task, TaskEvidence, TaskReport, UnitRow

REPORTED = "reported"
WAITING = ("open", REPORTED)
"""States of what is not settled: to be done, or said to be done and not confirmed."""
CONCLUSION = "conclusion"
"""The kind that is no work to do: it is recorded and stays, whether or not the office closes it."""
SOON = timedelta(days=7)


@dataclass(frozen=True)
class Report:
    """What a unit reported on a task."""

    progress: str
    evidence: str
    is_done: bool
    by: str
    at: datetime
    id: int = 0
    file: str = ""
    """What its file is called, where it came with one."""
    file_kind: str = ""
    file_size: int = 0


class Owed:
    """What somebody owes by a day, as it stands now or as it was frozen."""

    kind: str
    state: str
    due: date | None

    @property
    def is_carried(self) -> bool:
        """Not settled: to be done, or said to be done; a conclusion is no task, however open it stands."""
        return self.state in WAITING and self.kind != CONCLUSION

    @property
    def is_to_do(self) -> bool:
        """Its unit still has to do it; what it says is done waits for the office, not for the unit."""
        return self.is_carried and self.state != REPORTED

    def is_overdue(self, today: date) -> bool:
        """Its day has passed and its unit does not say that it is done; the day itself still counts."""
        return self.is_to_do and self.due is not None and self.due < today

    def is_due_soon(self, today: date) -> bool:
        """Its day comes within a week, today included."""
        return self.is_to_do and self.due is not None and today <= self.due <= today + SOON


@dataclass(frozen=True)
class TaskRow(Owed):
    """A task, conclusion or finding with everything said about it since; `unit` is None where it is about none."""

    id: int
    kind: str
    unit: str | None
    unit_name: str
    level: str
    what: str
    finding: str
    who: str
    due: date | None
    indicator: str
    document: str
    number: str
    snapshot: int | None
    snapshot_title: str
    slide: str
    progress: str
    state: str
    simulated: bool
    by: str
    at: datetime
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None
    version: int
    reports: tuple[Report, ...] = ()

    @property
    def is_waiting(self) -> bool:
        return self.state in WAITING


@dataclass(frozen=True)
class TaskCounts:
    """How many tasks are to be done, how many of them are overdue, and how many are due within a week."""

    waiting: int = 0
    overdue: int = 0
    soon: int = 0
    reported: int = 0
    """Said to be done, and waiting for the office."""
    given: int = 0
    """Tasks ever given, those that are done or withdrawn among them."""


def find_tasks(
    session: Session,
    *,
    units: Collection[str] | None = None,
    states: Collection[str] | None = None,
    snapshot: int | None = None,
) -> list[TaskRow]:
    """Tasks with their reports, the earliest day first, those without one last; then in the campaign's order of units.

    With `units` only those of the units with these codes; what is about no unit is then left out.
    """
    statement = (
        select(Task, UnitRow, Snapshot.title)
        .join(UnitRow, col(UnitRow.id) == col(Task.unit_id), isouter=True)
        .join(Snapshot, col(Snapshot.id) == col(Task.snapshot_id), isouter=True)
    )
    if units is not None:
        statement = statement.where(col(UnitRow.code).in_(units))
    if states is not None:
        statement = statement.where(col(Task.state).in_(states))
    if snapshot is not None:
        statement = statement.where(col(Task.snapshot_id) == snapshot)
    found: list[tuple[Task, UnitRow | None, str | None]] = [
        (each[0], each[1], each[2]) for each in session.exec(statement)
    ]

    def order(row: tuple[Task, UnitRow | None, str | None]) -> tuple[date, int, int]:
        task, unit, _ = row
        return task.due or date.max, -1 if unit is None else unit.position, task.id or 0

    found.sort(key=order)
    reports = _reports(session, [task.id or 0 for task, _, _ in found])
    return [_row(task, unit, title, reports.get(task.id or 0, ())) for task, unit, title in found]


def find_task_counts(session: Session, *, today: date, units: Collection[str] | None = None) -> TaskCounts:
    """How many tasks are to be done and how many of them are overdue: of the units with these codes, or of all.

    Conclusions are not among them.
    """
    statement = select_columns(col(Task.due), col(Task.state)).where(col(Task.kind) != CONCLUSION)
    if units is not None:
        statement = statement.join(UnitRow, col(UnitRow.id) == col(Task.unit_id)).where(col(UnitRow.code).in_(units))
    given = session.execute(statement).all()
    days = [due for due, state in given if state == "open"]
    return TaskCounts(
        given=len(given),
        reported=sum(state == REPORTED for _, state in given),
        waiting=len(days),
        overdue=sum(due is not None and due < today for due in days),
        soon=sum(due is not None and today <= due <= today + SOON for due in days),
    )


def _reports(session: Session, ids: Sequence[int]) -> dict[int, tuple[Report, ...]]:
    files = (TaskEvidence.name, TaskEvidence.kind, TaskEvidence.size)
    statement = (
        select(TaskReport, *files)
        .join(TaskEvidence, col(TaskEvidence.report_id) == col(TaskReport.id), isouter=True)
        .where(col(TaskReport.task_id).in_(ids))
        .order_by(col(TaskReport.id))
    )
    found: dict[int, tuple[Report, ...]] = {}
    for reported, name, kind, size in session.exec(statement):
        report = Report(
            reported.progress,
            reported.evidence,
            reported.is_done,
            reported.by,
            reported.reported_at,
            reported.id or 0,
            name or "",
            kind or "",
            size or 0,
        )
        found[reported.task_id] = (*found.get(reported.task_id, ()), report)
    return found


def _row(task: Task, unit: UnitRow | None, title: str | None, reports: tuple[Report, ...]) -> TaskRow:
    return filled(
        TaskRow,
        task,
        unit=None if unit is None else unit.code,
        unit_name="" if unit is None else unit.name,
        level="" if unit is None else unit.level,
        snapshot=task.snapshot_id,
        snapshot_title=title or "",
        at=task.recorded_at,
        version=task.version_id,
        reports=reports,
    )
