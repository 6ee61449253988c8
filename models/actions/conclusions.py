"""What a meeting concludes: a sentence that stays, on a unit or on nobody in particular, recorded from a slide."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from models.actions.permission import require
from models.agreeing import check_said, unit_named
from models.audit import Deed, find_state, record
from models.queries.snapshots import check_snapshot
from models.tables import Task
from targets.permissions import Permission


@dataclass(frozen=True)
class Conclusion:
    """What was concluded; about a unit where one is named."""

    what: str
    unit: str | None = None
    snapshot: int | None = None
    slide: str = ""
    document: str = ""
    who: str = ""
    due: date | None = None


def record_conclusion(session: Session, told: Conclusion, *, deed: Deed) -> int:
    """Record a conclusion; it is carried on until it is closed. Answers its id.

    Raises Refused, UnknownName, Incomplete.
    """
    require(session, deed, Permission.CONCLUDE)
    what = check_said(told.what, "no_conclusion", "Write what was concluded.")
    check_snapshot(session, told.snapshot)
    unit = None if told.unit is None else unit_named(session, told.unit)
    row = Task(
        kind="conclusion",
        unit_id=None if unit is None else unit.id,
        what=what,
        who=told.who.strip(),
        due=told.due,
        document=told.document.strip(),
        snapshot_id=told.snapshot,
        slide=told.slide,
        simulated=find_state(session).simulated,
        by=deed.by,
        recorded_at=deed.now,
    )
    session.add(row)
    session.flush()
    record(
        session,
        deed=deed,
        action="record_conclusion",
        subject="" if unit is None else unit.code,
        new={"task": row.id, "what": what, "snapshot": told.snapshot, "slide": told.slide},
    )
    return row.id or 0
