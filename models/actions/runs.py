"""The rows of pull runs: opened before a source is asked, closed with what came of it, raw answers beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.actions.quarantine import Arrival, RejectedRow, keep_rejected
from models.audit import Deed
from models.tables import Payload, Run, SourceRow

PULL = "pull"
LOST = "unrecoverable"
"""Status and failure of a day that its source cannot tell any more."""


@dataclass(frozen=True)
class Answer:
    """A raw answer as the archive keeps it: where it came from, what it hashes to, where it lies."""

    address: str
    status: int | None
    sha256: str
    size: int
    path: str


def open_run_of(
    session: Session,
    *,
    source_id: int,
    for_date: date,
    attempts: int,
    half: Run | None,
    machine: datetime,
    deed: Deed,
) -> Run:
    """A run that is under way; the `half` one of an owner that disappeared is gone on with instead of a new one."""
    run = half or Run(source_id=source_id, kind=PULL, for_date=for_date, status="running", received_at=deed.now, by="")
    run.by, run.received_at, run.attempts, run.started_machine = deed.by, deed.now, attempts, machine
    session.add(run)
    session.flush()
    return run


def fail_run(
    session: Session,
    run: Run,
    *,
    failure: str,
    terms: Mapping[str, Any],
    machine: datetime,
    warnings: Sequence[dict[str, Any]] = (),
) -> None:
    """Close a run that came to nothing: why, as the code of a sentence and its terms."""
    run.status, run.failure, run.failure_terms = "failed", failure, dict(terms)
    run.warnings, run.finished_machine = list(warnings), machine
    session.add(run)
    session.flush()


def reject_all(
    session: Session,
    run: Run,
    *,
    source: str,
    figures: Sequence[RejectedRow] = (),
    scores: Sequence[RejectedRow] = (),
) -> None:
    """Keep the bad rows of a run in quarantine."""
    for kind, rejected in (("readings", figures), ("scores", scores)):
        keep_rejected(session, Arrival(kind=kind, source=source, rejected=rejected), run)
    run.rejected = len(figures) + len(scores)
    session.add(run)


def keep_answers(session: Session, run: Run, answers: Iterable[Answer]) -> None:
    """Note where the raw answers of a run lie."""
    session.add_all(
        Payload(
            run_id=run.id or 0,
            position=position,
            address=answer.address,
            status=answer.status,
            sha256=answer.sha256,
            size=answer.size,
            path=answer.path,
        )
        for position, answer in enumerate(answers, start=1)
    )
    session.flush()


def record_lost(
    session: Session, *, source: str, for_date: date, terms: Mapping[str, Any], machine: datetime, deed: Deed
) -> Run:
    """Say of a day that its source cannot tell it any more: a run that never asked, and no figure."""
    return _closed(
        session, source, for_date, failure=LOST, terms=terms, machine=machine, deed=deed, status=LOST, attempts=0
    )


def record_refused(
    session: Session,
    *,
    source: str,
    for_date: date,
    file_name: str | None,
    failure: str,
    terms: Mapping[str, Any],
    machine: datetime,
    deed: Deed,
) -> Run:
    """Say of a file that was found, or of a folder that was not, why nothing could be taken in."""
    return _closed(
        session, source, for_date, failure=failure, terms=terms, machine=machine, deed=deed, file_name=file_name
    )


def _closed(
    session: Session,
    source: str,
    for_date: date,
    *,
    failure: str,
    terms: Mapping[str, Any],
    machine: datetime,
    deed: Deed,
    status: str = "failed",
    attempts: int = 1,
    file_name: str | None = None,
) -> Run:
    """A run that is over as it begins: nothing was asked, and why."""
    source_id = session.exec(select(SourceRow.id).where(SourceRow.key == source)).one()
    run = Run(
        source_id=source_id,
        kind=PULL,
        for_date=for_date,
        status=status,
        received_at=deed.now,
        by=deed.by,
        file_name=file_name,
        attempts=attempts,
        failure=failure,
        failure_terms=dict(terms),
        started_machine=machine,
        finished_machine=machine,
    )
    session.add(run)
    session.flush()
    return run


def forget_answers(session: Session, *, before: datetime, deed: Deed) -> list[str]:
    """Let go of raw answers whose time to be kept is over; answers the paths of their files."""
    rows = session.exec(
        select(Payload)
        .join(Run, col(Run.id) == col(Payload.run_id))
        .where(col(Payload.path).is_not(None), col(Run.started_machine) < before)
    ).all()
    paths = [row.path or "" for row in rows]
    for row in rows:
        row.path = None
        session.add(row)
    session.flush()
    return paths
