"""What was odd about accepted figures, over all units: nothing of it was changed, somebody should look."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.tables import ReadingFlag, Run, Series, SourceRow, UnitRow


@dataclass(frozen=True)
class FlaggedReading:
    """A figure that stands out; `kind` is the code of a sentence that `terms` fill."""

    unit: str
    unit_name: str
    level: str
    indicator: str
    source: str
    as_of: date
    revision: int
    kind: str
    terms: Mapping[str, Any]
    received_at: datetime


def find_flagged(
    session: Session, *, through: date, kind: str | None = None, after: int = 0, most: int = 20
) -> list[FlaggedReading]:
    """The flags of all units on days up to `through`, newest first; of one kind where it is asked for."""
    statement: Any = (
        select(
            col(UnitRow.code).label("unit"),
            col(UnitRow.name).label("unit_name"),
            col(UnitRow.level),
            col(Series.indicator),
            col(SourceRow.key).label("source"),
            col(ReadingFlag.as_of),
            col(ReadingFlag.revision),
            col(ReadingFlag.kind),
            col(ReadingFlag.terms),
            col(Run.received_at),
        )
        .join(Series, col(Series.id) == col(ReadingFlag.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .join(Run, col(Run.id) == col(ReadingFlag.run_id))
        .where(col(ReadingFlag.as_of) <= through)
        .order_by(col(ReadingFlag.as_of).desc(), col(ReadingFlag.id).desc())
    )
    if kind is not None:
        statement = statement.where(col(ReadingFlag.kind) == kind)
    return [FlaggedReading(**row) for row in session.execute(statement.offset(after).limit(most)).mappings()]


def count_flags(session: Session, *, through: date) -> dict[str, int]:
    """How many flags of each kind there are, by kind."""
    statement = (
        select(col(ReadingFlag.kind), func.count())
        .where(col(ReadingFlag.as_of) <= through)
        .group_by(col(ReadingFlag.kind))
        .order_by(col(ReadingFlag.kind))
    )
    return {kind: int(count) for kind, count in session.execute(statement)}
