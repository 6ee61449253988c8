"""Settling rows that could not be taken in: left out for a reason, or taken in once somebody has mended them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from models.actions.permission import require
from models.audit import Deed, record
from models.settings import TIMEZONE
from models.tables import Quarantined
from targets.errors import CampaignError, UnknownName
from targets.permissions import Permission

OPEN, DISMISSED, READMITTED = "open", "dismissed", "readmitted"
SENTENCES = {
    DISMISSED: "Row {row} was dismissed by {by} at {when} ({reason}), after you opened it. Nothing changed.",
    READMITTED: "Row {row} was mended and taken in by {by} at {when} ({reason}), after you opened it. Nothing changed.",
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


class SettledMeanwhile(CampaignError):
    """Somebody else has settled the row; the later of two is told who, when and why."""

    def __init__(self, row: SettledRow) -> None:
        when = row.settled_at.astimezone(TIMEZONE) if row.settled_at else None
        terms = {
            "row": str(row.id),
            "by": row.settled_by or "",
            "when": f"{when:%d/%m/%Y %H:%M}" if when else "",
            "reason": row.settled_reason or "",
        }
        super().__init__(SENTENCES[row.state].format(**terms), code=f"row_{row.state}", **terms)


def dismiss_row(session: Session, row_id: int, *, version: int, deed: Deed) -> None:
    """Leave a row out for good, for a reason that stays beside it; `version` is the one the person has seen.

    Raises SettledMeanwhile where somebody was faster.
    """
    if not deed.reason.strip():
        raise CampaignError("A row is only dismissed for a reason: write it down.", code="no_reason_to_dismiss")
    require(session, deed, Permission.IMPORT)
    row = _open_row(session, row_id, version=version)
    _settle(session, row, state=DISMISSED, changes={}, deed=deed)


def settle_readmitted(
    session: Session, row_id: int, *, version: int, run_id: int, mended: Mapping[str, str], deed: Deed
) -> None:
    """Note on a row that its mended form was taken in by a run; part of that run's transaction.

    Raises SettledMeanwhile where somebody was faster: then the run is rolled back with it.
    """
    require(session, deed, Permission.IMPORT)
    row = _open_row(session, row_id, version=version)
    row.settled_run_id = run_id
    _settle(session, row, state=READMITTED, changes={"run": run_id, "mended": dict(mended)}, deed=deed)


def _open_row(session: Session, row_id: int, *, version: int) -> Quarantined:
    """The row, still as the person has seen it."""
    row = session.get(Quarantined, row_id)
    if row is None:
        raise UnknownName(kind="quarantined", name=str(row_id))
    if row.state != OPEN:
        raise SettledMeanwhile(row)
    if row.version_id != version:
        raise CampaignError(
            f"Row {row_id} was changed after you opened it. Open it again.", code="row_changed", row=str(row_id)
        )
    return row


def _settle(session: Session, row: Quarantined, *, state: str, changes: dict[str, object], deed: Deed) -> None:
    row.state = state
    row.settled_by, row.settled_at, row.settled_reason = deed.by, deed.now, deed.reason
    row.version_id += 1
    session.add(row)
    record(
        session,
        deed=deed,
        action=f"row_{state}",
        subject=f"quarantined {row.id}",
        old={"state": OPEN, "file": row.file_name, "place": row.place, "problem": row.problem, "raw": row.raw},
        new={"state": state, **changes},
    )
