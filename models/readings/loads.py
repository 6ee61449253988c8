"""Loads as people look back on them: what each brought, how long it took, why it failed, what is under way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.store import filled
from models.feeds.actions import NOBODY
from models.feeds.queries import RunRow, run_row
from models.tables import Payload, Run, RunClaim, SourceRow

RUNNING = "running"


@dataclass(frozen=True)
class KeptAnswer:
    """A raw answer of a source as the archive holds it; `path` None where its time to be kept is over."""

    position: int
    address: str
    status: int | None
    sha256: str
    size: int
    path: str | None


@dataclass(frozen=True)
class UnderWay:
    """A pull that somebody is working on; machine time."""

    source: str
    for_date: date
    owner: str
    attempts: int
    heartbeat_at: datetime
    lease_until: datetime
    progress: Mapping[str, Any] | None
    """What is being done, as `models.feeds.words` says it; None before the first step is recorded."""


def find_loads(
    session: Session, *, source: str | None = None, status: str | None = None, after: int = 0, most: int = 20
) -> list[RunRow]:
    """The last loads, newest first: of one source, or with one status, where that is asked for."""
    statement = _chosen(select(Run, SourceRow.key), source, status).order_by(col(Run.id).desc())
    return _loads(session, statement.offset(after).limit(most))


def find_load(session: Session, run: int) -> RunRow | None:
    """One load; None where there is none of this number."""
    found = _loads(session, _chosen(select(Run, SourceRow.key), None, None).where(Run.id == run))
    return found[0] if found else None


def _loads(session: Session, statement: Any) -> list[RunRow]:
    rows = session.exec(statement).all()
    counted = session.connection().execute(
        select_columns(col(Payload.run_id), func.count())
        .where(col(Payload.run_id).in_([run.id for run, _ in rows]))
        .group_by(col(Payload.run_id))
    )
    kept = {run: int(count) for run, count in counted}
    return [run_row(run, key, payloads=kept.get(run.id or 0, 0)) for run, key in rows]


def count_loads(session: Session, *, source: str | None = None, status: str | None = None) -> int:
    """How many loads there are of which `find_loads` answers some."""
    answer: int = session.exec(_chosen(select(func.count(col(Run.id))), source, status)).one()
    return answer


def find_payloads(session: Session, run: int) -> list[KeptAnswer]:
    """The raw answers of a run in the order they came."""
    rows = session.exec(select(Payload).where(Payload.run_id == run).order_by(col(Payload.position)))
    return [filled(KeptAnswer, row) for row in rows]


def find_under_way(session: Session) -> list[UnderWay]:
    """The pulls that somebody works on, oldest day first; also one whose owner has given no sign past its lease."""
    statement = (
        select(RunClaim, SourceRow.key)
        .join(SourceRow, col(SourceRow.id) == col(RunClaim.source_id))
        .where(col(RunClaim.owner) != NOBODY)
        .order_by(col(RunClaim.for_date), col(RunClaim.id))
    )
    return [filled(UnderWay, claim, source=key) for claim, key in session.exec(statement)]


def find_run_mark(session: Session) -> str:
    """Changes whenever a run begins or ends, also one that failed and so left the data version as it was."""
    runs, going = session.exec(
        select(func.max(Run.id), func.count().filter(col(Run.status) == RUNNING)).select_from(Run)
    ).one()
    working, tries = session.exec(
        select(func.count().filter(col(RunClaim.owner) != NOBODY), func.sum(RunClaim.attempts)).select_from(RunClaim)
    ).one()
    return "-".join(str(part or 0) for part in (runs, going, working, tries))


def _chosen(statement: Any, source: str | None, status: str | None) -> Any:
    statement = statement.select_from(Run).outerjoin(SourceRow, col(SourceRow.id) == col(Run.source_id))
    if source is not None:
        statement = statement.where(SourceRow.key == source)
    if status is not None:
        statement = statement.where(Run.status == status)
    return statement
