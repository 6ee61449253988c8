"""The audit chain: every change appends an entry whose hash covers the entry before it."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, inspect
from sqlalchemy import select as sql_select
from sqlmodel import Session, select

from models.tables import AuditEntry, StoreState
from models.tables.parts import clean_texts
from targets.errors import StoreNotReady

PART = 2_000
"""Entries that are held at a time while the chain is examined."""


@dataclass(frozen=True)
class Deed:
    """Who changes something, why and when; every function of `models.actions` is handed these three."""

    by: str
    reason: str
    now: datetime
    document: str = ""
    origin: str = "command line"
    role: str = ""
    """The role of whoever acts, where it is a person with an account."""


def find_state(session: Session) -> StoreState:
    """The store's single row.

    Raises StoreNotReady where no campaign has been loaded.
    """
    state = session.exec(select(StoreState)).one_or_none()
    if state is None:
        raise StoreNotReady("The store holds no campaign yet. Run `python -m jobs init` first.", code="no_campaign")
    return state


def record(
    session: Session,
    *,
    deed: Deed,
    action: str,
    subject: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    is_change: bool = True,
) -> AuditEntry:
    """Append an entry within the caller's transaction and raise the data version.

    What changes no figure (a sign-in, a refusal) leaves the version: nobody's failed attempts empty the pages' caches.
    """
    state = find_state(session)
    entry = AuditEntry(
        at=deed.now,
        by=deed.by,
        role=deed.role,
        origin=deed.origin,
        action=action,
        subject=subject,
        old=old,
        new=new,
        reason=deed.reason,
        document=deed.document,
        previous_hash=state.audit_hash,
        hash="",
    )
    # The hash covers what will be stored.
    clean_texts(inspect(AuditEntry), None, entry)
    entry.hash = entry_hash(entry)
    state.audit_hash = entry.hash
    state.data_version += is_change
    session.add(entry)
    session.add(state)
    session.flush()
    return entry


def entry_hash(entry: AuditEntry | Row[Any]) -> str:
    """sha256 over the previous hash and the entry in one canonical spelling."""
    content = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "by": entry.by,
        "role": entry.role,
        "origin": entry.origin,
        "action": entry.action,
        "subject": entry.subject,
        "old": entry.old,
        "new": entry.new,
        "reason": entry.reason,
        "document": entry.document,
    }
    spelled = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{entry.previous_hash}\n{spelled}".encode()).hexdigest()


def find_break(session: Session) -> str | None:
    """Where the chain is broken, in words; None where it is whole."""
    previous = ""
    # Rows, not objects that the session would keep: a campaign leaves tens of thousands of entries.
    columns = inspect(AuditEntry).columns
    asked = sql_select(*columns).order_by(columns["id"]).execution_options(yield_per=PART)
    with session.connection().execute(asked) as entries:
        for entry in entries:
            if entry.previous_hash != previous or entry.hash != entry_hash(entry):
                return f"audit entry {entry.id} ({entry.action} by {entry.by}) was changed after it was written"
            previous = entry.hash
    if previous != find_state(session).audit_hash:
        return "audit entries are missing at the end"
    return None
