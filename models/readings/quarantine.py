"""Rows that wait for somebody to settle them, and how columns were chosen to be read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.core.store import filled
from models.tables import ColumnChoice, Quarantined, Run, SourceRow
from targets.errors import UnknownName


@dataclass(frozen=True)
class QuarantinedRow:
    """A bad row as it was received; `problem` is the code of a sentence that `terms` fill."""

    id: int
    run: int
    kind: str
    source: str | None
    file: str
    place: str
    field: str
    value: str
    problem: str
    terms: Mapping[str, Any]
    raw: Mapping[str, Any]
    state: str
    received_at: datetime
    for_date: date | None
    """The day its run was about, where that is known."""
    version: int
    """The version that the person who settles it must have seen."""
    settled_by: str | None
    settled_at: datetime | None
    settled_reason: str | None
    settled_run: int | None


def find_quarantined(
    session: Session, *, with_settled: bool = False, after: int = 0, most: int | None = None
) -> list[QuarantinedRow]:
    """The rows in quarantine, oldest first; settled ones only where they are asked for.

    `after` rows are passed over and at most `most` answered: one screen of a long list.
    """
    statement = _rows().order_by(col(Quarantined.id)).offset(after).limit(most)
    if not with_settled:
        statement = statement.where(col(Quarantined.state) == "open")
    return _answered(session.exec(statement).all())


def find_settled(session: Session, *, most: int) -> list[QuarantinedRow]:
    """The rows settled last, newest first."""
    statement = _rows().where(col(Quarantined.state) != "open")
    return _answered(session.exec(statement.order_by(col(Quarantined.settled_at).desc()).limit(most)).all())


def count_quarantined(session: Session) -> int:
    """How many rows wait."""
    return session.exec(select(func.count()).select_from(Quarantined).where(Quarantined.state == "open")).one()


@dataclass(frozen=True)
class WaitingGroup:
    """Rows of one load that wait with the same problem; `first` is one of them, to be looked at."""

    run: int
    problem: str
    count: int
    first: QuarantinedRow


def find_waiting_groups(session: Session, *, least: int = 1, most: int | None = None) -> list[WaitingGroup]:
    """Waiting rows by load and problem, the largest first; only groups of at least so many rows."""
    counted = session.exec(
        select(Quarantined.run_id, Quarantined.problem, func.count(), func.min(Quarantined.id))
        .where(Quarantined.state == "open")
        .group_by(col(Quarantined.run_id), col(Quarantined.problem))
        .having(func.count() >= least)
        .order_by(func.count().desc(), col(Quarantined.run_id), col(Quarantined.problem))
        .limit(most)
    ).all()
    firsts = session.exec(_rows().where(col(Quarantined.id).in_([first for *_, first in counted]))).all()
    known = {row.id: row for row in _answered(firsts)}
    return [WaitingGroup(run, problem, count, known[first or 0]) for run, problem, count, first in counted]


def find_quarantined_row(session: Session, row: int) -> QuarantinedRow:
    """One row, settled or not.

    Raises UnknownName where there is none of this number.
    """
    found = _answered(session.exec(_rows().where(Quarantined.id == row)).all())
    if not found:
        raise UnknownName(kind="quarantined", name=str(row))
    return found[0]


def _rows() -> Any:
    return (
        select(Quarantined, Run, SourceRow.key)
        .join(Run, col(Run.id) == col(Quarantined.run_id))
        .outerjoin(SourceRow, col(SourceRow.id) == col(Run.source_id))
    )


def _answered(rows: Sequence[tuple[Quarantined, Run, str | None]]) -> list[QuarantinedRow]:
    return [
        filled(
            QuarantinedRow,
            row,
            run=row.run_id,
            source=source,
            file=row.file_name,
            received_at=run.received_at,
            for_date=run.for_date,
            version=row.version_id,
            settled_run=row.settled_run_id,
        )
        for row, run, source in rows
    ]


def find_choices(session: Session, source: str) -> dict[str, str]:
    """Key of a question → the option that was chosen last, for one source."""
    statement = (
        select(ColumnChoice)
        .join(SourceRow, col(SourceRow.id) == col(ColumnChoice.source_id))
        .where(SourceRow.key == source)
        .order_by(col(ColumnChoice.key))
    )
    return {row.key: row.option for row in session.exec(statement)}


def find_source_id(session: Session, source: str) -> int:
    """The row that stands for a source."""
    return session.exec(select(SourceRow.id).where(SourceRow.key == source)).one() or 0
