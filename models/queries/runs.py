"""Runs of sources: what each brought, what failed, and what is going on now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from models.owners import NOBODY
from models.tables import Run, RunClaim, SourceRow


@dataclass(frozen=True)
class RunRow:
    """A run as people are told of it; `failure` is the code of a sentence that `failure_terms` fill."""

    id: int
    source: str
    kind: str
    for_date: date | None
    status: str
    received_at: datetime
    by: str
    file_name: str | None
    received: int
    accepted: int
    revised: int
    unchanged: int
    rejected: int
    attempts: int
    failure: str | None
    failure_terms: Mapping[str, Any]
    warnings: tuple[Mapping[str, Any], ...]
    started_machine: datetime | None
    finished_machine: datetime | None
    progress: Mapping[str, Any] | None = field(default=None)
    """What its owner is doing right now; None once it is closed."""


def find_run(session: Session, run_id: int) -> RunRow | None:
    """One run."""
    rows = _rows(session, col(Run.id) == run_id)
    return rows[0] if rows else None


def is_worked_on(session: Session, *, source_id: int, machine: datetime) -> bool:
    """Whether somebody works on a day of a source at this machine instant."""
    held = (RunClaim.source_id == source_id, RunClaim.owner != NOBODY, ~col(RunClaim.done))
    return session.exec(select(RunClaim.id).where(*held, RunClaim.lease_until > machine)).first() is not None


def find_runs(
    session: Session,
    *,
    source: str | None = None,
    for_date: date | None = None,
    kind: str | None = None,
    most: int = 50,
) -> list[RunRow]:
    """The newest runs first, of all sources or one."""
    wanted: list[Any] = []
    if source is not None:
        wanted.append(col(SourceRow.key) == source)
    if for_date is not None:
        wanted.append(col(Run.for_date) == for_date)
    if kind is not None:
        wanted.append(col(Run.kind) == kind)
    return _rows(session, *wanted, most=most)


def count_failures(session: Session, *, source: str, for_date: date, since: datetime) -> int:
    """How often a source's day has failed since a machine instant."""
    return session.exec(
        select(func.count())
        .select_from(Run)
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .where(
            col(SourceRow.key) == source,
            col(Run.for_date) == for_date,
            col(Run.status) == "failed",
            col(Run.started_machine) >= since,
        )
    ).one()


def find_last_start(session: Session, *, source: str) -> datetime | None:
    """When a source was asked last, by machine time; None where it never was."""
    return session.exec(
        select(func.max(Run.started_machine))
        .select_from(Run)
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .where(col(SourceRow.key) == source)
    ).one()


def _rows(session: Session, *wanted: Any, most: int = 1) -> list[RunRow]:
    statement = (
        select(Run, SourceRow.key, RunClaim.progress)
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .join(RunClaim, col(RunClaim.run_id) == col(Run.id), isouter=True)
        .where(*wanted)
        .order_by(col(Run.id).desc())
        .limit(most)
    )
    return [
        RunRow(
            id=run.id or 0,
            source=source,
            kind=run.kind,
            for_date=run.for_date,
            status=run.status,
            received_at=run.received_at,
            by=run.by,
            file_name=run.file_name,
            received=run.received,
            accepted=run.accepted,
            revised=run.revised,
            unchanged=run.unchanged,
            rejected=run.rejected,
            attempts=run.attempts,
            failure=run.failure,
            failure_terms=run.failure_terms or {},
            warnings=tuple(run.warnings),
            started_machine=run.started_machine,
            finished_machine=run.finished_machine,
            progress=progress if run.status == "running" else None,
        )
        for run, source, progress in _pairs(session.exec(statement).all())
    ]


def _pairs(rows: Sequence[Any]) -> list[tuple[Run, str, Mapping[str, Any] | None]]:
    return [(run, source, progress) for run, source, progress in rows]
