"""Dropped files that wait for somebody: unreadable, or too odd to be taken in unseen."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.feeds.queries import RunRow, run_row
from models.tables import Run, SourceRow
from targets.errors import UnknownName, WrongUse
from targets.permissions import Permission

HELD, DISMISSED = "held", "dismissed"
_IS_DROPPED = (
    col(Run.kind) == "pull",
    col(Run.file_name).is_not(None),
    col(Run.status).in_(("failed", HELD)),
)


def files_that_wait() -> Any:
    """Dropped files that could not be taken in, or not unseen, the newest first; until one of the same name was taken
    in, or somebody settles them."""
    later = aliased(Run)
    taken_in = (
        select(col(later.id))
        .where(
            col(later.source_id) == col(Run.source_id),
            col(later.file_name) == col(Run.file_name),
            col(later.id) > col(Run.id),
            col(later.status).in_(("done", "done_with_rejects", "unchanged", "withdrawn")),
        )
        .exists()
    )
    return select(Run).where(*_IS_DROPPED, ~taken_in).order_by(col(Run.id).desc())


def find_waiting_files(session: Session) -> list[RunRow]:
    """The dropped files that wait for somebody, of all sources, the newest first."""
    statement = (
        files_that_wait().join(SourceRow, col(SourceRow.id) == col(Run.source_id)).add_columns(col(SourceRow.key))
    )
    return [run_row(run, key) for run, key in session.execute(statement)]


def note_place(session: Session, run_id: int, *, path: str) -> None:
    """Note where a dropped file lies that was not taken in."""
    session.get_one(Run, run_id).payload_path = path
    session.flush()


def settle_files(session: Session, run_ids: Collection[int], *, by: int | None = None, context: ChangeContext) -> None:
    """Leave dropped files out for a reason, or note that the load `by` has taken one in.

    Raises Refused, UnknownName for the number of anything but a file that waits, WrongUse without a reason.
    """
    require(session, context, Permission.IMPORT)
    if not context.reason.strip():
        raise WrongUse("A file is only left out for a reason: write it down.", code="no_reason_for_file")
    dropped = select(Run).where(*_IS_DROPPED, col(Run.id).in_(run_ids)).order_by(col(Run.id))
    found = {run.id: run for run in session.scalars(dropped)}
    for run_id in run_ids:
        run = found.get(run_id)
        if run is None:
            raise UnknownName(kind="waiting_file", name=str(run_id))
        run.status, run.reason = DISMISSED, context.reason
        session.add(run)
        record(
            session,
            context=context,
            action="file_dismissed" if by is None else "file_taken_in",
            subject=f"run {run_id}",
            old={"file": run.file_name},
            new=None if by is None else {"run": by},
        )
