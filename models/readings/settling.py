"""Settling rows that could not be taken in: left out for a reason, or taken in once somebody has mended them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import update
from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, record
from models.core.columns import storable
from models.core.permission import require
from models.core.settings import TIMEZONE
from models.tables import Quarantined, Reading, Run, Series
from targets.errors import CampaignError, UnknownName, WrongUse
from targets.permissions import Permission

OPEN, DISMISSED, READMITTED, SUPERSEDED = "open", "dismissed", "readmitted", "superseded"
SENTENCES = {
    DISMISSED: "Row {row} was dismissed by {by} at {when} ({reason}), after you opened it. Nothing changed.",
    READMITTED: "Row {row} was mended and taken in by {by} at {when} ({reason}), after you opened it. Nothing changed.",
    SUPERSEDED: "A later load of {by} at {when} ({reason}) brought what row {row} was to tell. Nothing changed.",
}


class SettledRow(Protocol):
    """What is known of a row that somebody has settled."""

    @property
    def id(self) -> int | None: ...
    @property
    def state(self) -> str: ...
    @property
    def settled_by(self) -> str | None: ...
    @property
    def settled_at(self) -> datetime | None: ...
    @property
    def settled_reason(self) -> str | None: ...


class SettlingConflict(CampaignError):
    """Somebody else has settled the row; the text says who, when and why."""

    def __init__(self, row: SettledRow) -> None:
        when = row.settled_at.astimezone(TIMEZONE) if row.settled_at else None
        terms = {
            "row": str(row.id),
            "by": row.settled_by or "",
            "when": f"{when:%d/%m/%Y %H:%M}" if when else "",
            "reason": row.settled_reason or "",
        }
        super().__init__(SENTENCES[row.state].format(**terms), code=f"row_{row.state}", **terms)


def dismiss_row(session: Session, row_id: int, *, version: int, context: ChangeContext) -> None:
    """Leave a row out permanently, for a reason that stays beside it; `version` is the one the person has seen.

    Raises SettlingConflict where somebody was faster.
    """
    _check_reason(context)
    require(session, context, Permission.IMPORT)
    row = _open_row(session, row_id, version=version)
    _settle(session, row, state=DISMISSED, changes={}, context=context)


def dismiss_rows(session: Session, *, run: int, problem: str | None, seen: int | None, context: ChangeContext) -> int:
    """Leave out permanently every waiting row of a load, or those with one problem (its code); answers how many.

    One audit entry names them all. `seen`: how many rows the person was shown; with another number waiting nothing is
    done. Raises UnknownName where no such row waits.
    """
    _check_reason(context)
    require(session, context, Permission.IMPORT)
    chosen = [col(Quarantined.run_id) == run, col(Quarantined.state) == OPEN]
    if problem is not None:
        chosen.append(col(Quarantined.problem) == problem)
    rows = session.exec(select(Quarantined.id, Quarantined.problem).where(*chosen).order_by(col(Quarantined.id))).all()
    if not rows:
        raise UnknownName(kind="waiting rows of a load", name=f"{run}" if problem is None else f"{run}, {problem}")
    if seen is not None and seen != len(rows):
        raise CampaignError(
            f"{len(rows)} such rows wait now, and you were shown {seen}. Open them again.",
            code="rows_changed",
            rows=str(len(rows)),
            seen=str(seen),
        )
    session.connection().execute(
        update(Quarantined)
        .where(*chosen)
        .values(
            state=DISMISSED,
            settled_by=context.by,
            settled_at=context.now,
            settled_reason=context.reason,
            version_id=col(Quarantined.version_id) + 1,
        )
    )
    session.expire_all()
    record(
        session,
        context=context,
        action="rows_dismissed",
        subject=f"run {run}",
        old={"state": OPEN, "problems": sorted({code for _, code in rows})},
        new={"state": DISMISSED, "rows": len(rows), "quarantined": spans([number or 0 for number, _ in rows])},
    )
    return len(rows)


def spans(numbers: Sequence[int]) -> str:
    """Rising numbers in short: 3-7, 9."""
    ends: list[list[int]] = []
    for number in numbers:
        if ends and number == ends[-1][1] + 1:
            ends[-1][1] = number
        else:
            ends.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ends)


def _check_reason(context: ChangeContext) -> None:
    if not context.reason.strip():
        raise WrongUse("A row is only dismissed for a reason: write it down.", code="no_reason_to_dismiss")


def settle_readmitted(
    session: Session, row_id: int, *, version: int, run_id: int, mended: Mapping[str, str], context: ChangeContext
) -> None:
    """Note on a row that its mended form was taken in by a run; part of that run's transaction.

    Raises SettlingConflict where somebody was faster: then the run is rolled back with it.
    """
    require(session, context, Permission.IMPORT)
    row = _open_row(session, row_id, version=version, by=run_id)
    row.settled_run_id = run_id
    _settle(session, row, state=READMITTED, changes={"run": run_id, "mended": dict(mended)}, context=context)


def supersede_rows(session: Session, run: Run, *, context: ChangeContext) -> int:
    """Close the rows whose figure a load has brought, of the same source, unit, indicator and day; answers how many."""
    brought = (
        select(Reading.series_id)
        .join(Series, col(Series.id) == col(Reading.series_id))
        .where(
            Series.unit_id == Quarantined.unit_id,
            Series.indicator == Quarantined.indicator,
            Series.source_id == run.source_id,
            Reading.as_of == Quarantined.as_of,
            Reading.run_id == run.id,
        )
        .correlate(Quarantined)
        .exists()
    )
    of_source = select(Run.id).where(Run.source_id == run.source_id, col(Run.id) < run.id)
    waiting = (col(Quarantined.state) == OPEN, col(Quarantined.unit_id).is_not(None), brought)
    settled = session.connection().execute(
        update(Quarantined)
        .where(*waiting, col(Quarantined.run_id).in_(of_source))
        .values(
            state=SUPERSEDED,
            settled_by=context.by,
            settled_at=context.now,
            settled_reason=storable(context.reason),
            settled_run_id=run.id,
            version_id=col(Quarantined.version_id) + 1,
        )
    )
    return settled.rowcount


def _open_row(session: Session, row_id: int, *, version: int, by: int | None = None) -> Quarantined:
    """The row, still as the person has seen it, or closed since only by the load `by` that brings it mended."""
    row = session.get(Quarantined, row_id)
    if row is None:
        raise UnknownName(kind="quarantined", name=str(row_id))
    is_own = row.state == SUPERSEDED and row.settled_run_id == by
    if row.state != OPEN and not is_own:
        raise SettlingConflict(row)
    if row.version_id != version + is_own:
        raise CampaignError(
            f"Row {row_id} was changed after you opened it. Open it again.", code="row_changed", row=str(row_id)
        )
    return row


def _settle(
    session: Session, row: Quarantined, *, state: str, changes: dict[str, object], context: ChangeContext
) -> None:
    row.state = state
    row.settled_by, row.settled_at, row.settled_reason = context.by, context.now, context.reason
    row.version_id += 1
    session.add(row)
    record(
        session,
        context=context,
        action=f"row_{state}",
        subject=f"quarantined {row.id}",
        old={"state": OPEN, "file": row.file_name, "place": row.place, "problem": row.problem, "raw": row.raw},
        new={"state": state, **changes},
    )
