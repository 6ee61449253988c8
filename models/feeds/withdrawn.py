"""Which loads were withdrawn: their figures stay in the store, and count only for moments before that."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from models.tables import Run


def find_withdrawn(session: Session, *, known_at: datetime | None = None, also: int | None = None) -> frozenset[int]:
    """The loads that do not count, as known at a moment; one whose withdrawal was withdrawn itself counts again.

    `also`: if this one were withdrawn now.
    """
    statement = select(col(Run.id), col(Run.withdraws_id)).where(col(Run.withdraws_id).is_not(None))
    if known_at is not None:
        statement = statement.where(col(Run.received_at) <= known_at)
    withdrawn: set[int] = set() if also is None else {also}
    # The newest first: a withdrawal comes after what it withdraws, and is undone only by a later one.
    for run, withdraws in session.execute(statement.order_by(col(Run.id).desc())):
        if run not in withdrawn:
            withdrawn.add(withdraws)
    return frozenset(withdrawn)


def which_count(session: Session, run_id: Any, *, known_at: datetime | None = None) -> tuple[Any, ...]:
    """Conditions for figures of loads that count, for `where`; none where nothing was withdrawn: indexes then do."""
    withdrawn = find_withdrawn(session, known_at=known_at)
    return (run_id.not_in(sorted(withdrawn)),) if withdrawn else ()


def which_count_sql(session: Session) -> str:
    """The same for a sentence of SQL, from AND on."""
    withdrawn = find_withdrawn(session)
    return f" AND run_id NOT IN ({', '.join(map(str, sorted(withdrawn)))})" if withdrawn else ""
