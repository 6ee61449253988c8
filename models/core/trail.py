"""The audit trail as people read it: who did what, when, why, from where; downloads and copies of the store leave an
entry too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import Session, col, delete, select

from models.core.audit import ChangeContext, find_state, record
from models.core.permission import require
from models.core.settings import TIMEZONE
from models.core.store import filled
from models.tables import AuditEntry, SignInSession, UnitRow
from targets.permissions import ANONYMOUS, Permission


@dataclass(frozen=True)
class TrailEntry:
    """One entry; `old` and `new` as they were recorded."""

    id: int
    at: datetime
    by: str
    role: str
    origin: str
    action: str
    subject: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    reason: str
    document: str


@dataclass(frozen=True)
class TrailFilter:
    """Which entries are looked for; None and empty mean all."""

    action: str | None = None
    by: str | None = None
    words: str = ""
    """Each word must stand in the subject, reason, document or the name of the person who did it."""
    since: date | None = None
    until: date | None = None
    """The last day that is looked at, in Vietnamese time."""


def find_trail(session: Session, wanted: TrailFilter, *, first: int = 0, most: int | None = None) -> list[TrailEntry]:
    """The entries, newest first; `first` of them passed over, no more than `most`."""
    statement = _narrowed(select(AuditEntry), wanted).order_by(col(AuditEntry.id).desc()).offset(first)
    if most is not None:
        statement = statement.limit(most)
    return [filled(TrailEntry, row) for row in session.exec(statement)]


def count_trail(session: Session, wanted: TrailFilter) -> int:
    """How many entries there are."""
    return int(session.scalar(_narrowed(select(func.count(col(AuditEntry.id))), wanted)) or 0)


def find_actions(session: Session) -> list[str]:
    """Every action of which there is an entry."""
    return list(session.exec(select(AuditEntry.action).distinct().order_by(AuditEntry.action)))


def find_people(session: Session) -> list[str]:
    """Everybody of whom there is an entry."""
    return list(session.exec(select(AuditEntry.by).distinct().order_by(AuditEntry.by)))


def _narrowed(statement: Any, wanted: TrailFilter) -> Any:
    if wanted.action is not None:
        statement = statement.where(col(AuditEntry.action) == wanted.action)
    if wanted.by is not None:
        statement = statement.where(col(AuditEntry.by) == wanted.by)
    if wanted.since is not None:
        statement = statement.where(col(AuditEntry.at) >= _midnight(wanted.since))
    if wanted.until is not None:
        statement = statement.where(col(AuditEntry.at) < _midnight(wanted.until + timedelta(days=1)))
    for word in wanted.words.split():
        parts = (AuditEntry.subject, AuditEntry.reason, AuditEntry.document, AuditEntry.by)
        statement = statement.where(or_(*(col(part).icontains(word, autoescape=True) for part in parts)))
    return statement


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=TIMEZONE)


def record_download(
    session: Session,
    *,
    subject: str,
    narrowed: Mapping[str, Any],
    permission: Permission,
    unit: str | None = None,
    context: ChangeContext,
) -> None:
    """Note that somebody took a file along, which file, and what it was narrowed to; `unit`: of which unit it is.

    Where everybody may look, the person's name is unknown and no permission is checked. Raises Refused for a person who
    may not see what is in the file.
    """
    if context.by != ANONYMOUS.login or permission is not Permission.READ:
        unit_id = None if unit is None else session.exec(select(UnitRow.id).where(UnitRow.code == unit)).one()
        require(session, context, permission, unit_id, is_change=False)
    record(session, context=context, action="download", subject=subject, new=dict(narrowed), is_change=False)


def record_backup(session: Session, *, file: str, rows: int, context: ChangeContext) -> None:
    """Somebody made a copy of everything. No figure changes."""
    record(session, context=context, action="backup", subject=file, new={"rows": rows}, is_change=False)


def record_restore(
    session: Session, *, file: str, version: str, last_data_version: int, context: ChangeContext
) -> None:
    """The store is what a backup held. People who were signed in then must sign in anew.

    The data version goes on from the one that pages saw last: none of their cached answers may pass for new.
    """
    state = find_state(session)
    state.data_version = max(state.data_version, last_data_version)
    session.add(state)
    session.exec(delete(SignInSession))
    record(session, context=context, action="restore", subject=file, new={"version": version})
