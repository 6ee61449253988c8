"""Rows that could not be taken in."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from models.tables import Quarantined


@dataclass(frozen=True)
class QuarantinedRow:
    """A bad row as it was told; `problem` is the code of a sentence that `terms` fill."""

    id: int
    run: int
    kind: str
    file: str
    place: str
    field: str
    value: str
    problem: str
    terms: dict[str, Any]
    raw: dict[str, Any]
    state: str


def find_quarantined(session: Session, *, with_settled: bool = False) -> list[QuarantinedRow]:
    """The rows in quarantine, oldest first; settled ones only where they are asked for."""
    statement = select(Quarantined).order_by(col(Quarantined.id))
    if not with_settled:
        statement = statement.where(Quarantined.state == "open")
    return [
        QuarantinedRow(
            id=row.id or 0,
            run=row.run_id,
            kind=row.kind,
            file=row.file_name,
            place=row.place,
            field=row.field,
            value=row.value,
            problem=row.problem,
            terms=row.terms,
            raw=row.raw,
            state=row.state,
        )
        for row in session.exec(statement)
    ]
