"""The audit chain: every change appends an entry whose hash covers the entry before it.

Somebody who can write to the database past this program can write the whole chain anew. Two things outside show
that: the end of the chain (`Head`) noted elsewhere, and a seal made with a key that the database does not hold.
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, func, inspect, text
from sqlalchemy import select as sql_select
from sqlmodel import Session, select

from models.core import texts
from models.tables import AuditEntry, StoreState
from models.tables.parts import clean_texts
from targets.errors import CampaignError, StoreNotReady

PART = 2_000
"""Entries that are held at a time while the chain is examined."""
APPEND_ONLY = ("reading", "audit_entry", "snapshot", "snapshot_row", "snapshot_withdrawal", "result_confirmation")
"""Tables whose rows the database itself refuses to change or delete."""
KEY = "audit_key"
"""Under this name a session knows the key of the trail's seal (CAODIEM_AUDIT_KEY); empty: there is none."""


@dataclass(frozen=True)
class ChangeContext:
    """Who changes something, why and when; every action is handed these three."""

    by: str
    reason: str
    now: datetime
    document: str = ""
    origin: str = "command line"
    role: str = ""
    """The role of the person who acts, where it is a person with an account."""


@dataclass(frozen=True)
class Head:
    """The end of the chain: number and hash of its newest entry. It stands for every entry up to there."""

    number: int
    hash: str

    WRITTEN = re.compile(r"\b(?:(?P<number>\d+):)?(?P<hash>[0-9a-f]{64})\b")
    """As it is noted elsewhere; the hash alone says enough."""

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


class BrokenChain(CampaignError):
    """Where the chain is broken, in either language."""

    def __init__(self, how: str, **terms: str | int) -> None:
        self._how, self._gaps = how, terms
        super().__init__(self.sentence("en"))

    def sentence(self, language: str) -> str:
        return texts.text(f"audit.broken.{self._how}", language, **self._gaps)


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
    context: ChangeContext,
    action: str,
    subject: str,
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    is_change: bool = True,
) -> AuditEntry:
    """Append an entry within the caller's transaction and raise the data version.

    What changes no figure (a sign-in, a refusal) leaves the version: failed attempts never empty the pages' caches.
    """
    state = find_state(session)
    before = _head(session, state)
    entry = AuditEntry(
        # Numbered here: a sequence of PostgreSQL leaves numbers out, and a number that is missing is to mean something.
        id=before.number + 1,
        at=context.now,
        by=context.by,
        role=context.role,
        origin=context.origin,
        action=action,
        subject=subject,
        old=old,
        new=new,
        reason=context.reason,
        document=context.document,
        previous_hash=state.audit_hash,
        hash="",
    )
    # The hash covers what will be stored.
    clean_texts(inspect(AuditEntry), None, entry)
    entry.hash = entry_hash(entry)
    state.audit_hash = entry.hash
    key = session.info.get(KEY, "")
    # A seal that does not hold is never carried on: what was written without the key is not covered up by what follows.
    if key and (not before.hash or state.trail_seal == _seal(before, key)):
        state.trail_seal = _seal(Head(before.number + 1, entry.hash), key)
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


def find_head(session: Session) -> Head:
    """The end of the chain. Raises StoreNotReady."""
    return _head(session, find_state(session))


def _head(session: Session, state: StoreState) -> Head:
    return Head(session.exec(select(func.max(AuditEntry.id))).one() or 0, state.audit_hash)


def find_break(session: Session) -> BrokenChain | None:
    """Where the chain is broken first; None where it is whole."""
    previous, number = "", 0
    gapless_from = find_state(session).trail_gapless_from
    # Rows, not objects that the session would keep: a campaign leaves tens of thousands of entries.
    columns = inspect(AuditEntry).columns
    asked = sql_select(*columns).order_by(columns["id"]).execution_options(yield_per=PART)
    with session.connection().execute(asked) as entries:
        for entry in entries:
            if entry.id > max(number + 1, gapless_from):
                missing = max(number + 1, gapless_from)
                return BrokenChain("missing", number=missing, line=entry.id)
            if entry.previous_hash != previous or entry.hash != entry_hash(entry):
                return BrokenChain("changed", number=entry.id, action=entry.action, by=entry.by)
            previous, number = entry.hash, entry.id
    if previous != find_state(session).audit_hash:
        return BrokenChain("end")
    return None


def find_lost(session: Session, noted: str, language: str = "en") -> str | None:
    """How the chain as it stands contradicts a head noted earlier, in words; None where it lies on it.

    Whether the chain itself is whole says `find_break`. Raises ValueError where `noted` is no head.
    """
    head = Head.WRITTEN.fullmatch(noted)
    if head is None:
        raise ValueError(noted)
    number = session.exec(select(AuditEntry.id).where(AuditEntry.hash == head["hash"])).first()
    if number is None:
        return texts.text("audit.broken.lost", language, hash=head["hash"])
    if head["number"] not in (None, str(number)):
        return texts.text("audit.broken.moved", language, hash=head["hash"], row=head["number"], number=number)
    return None


def find_unguarded(session: Session) -> list[str]:
    """Tables from which somebody took the guard that refuses to change or delete rows, each with what is allowed."""
    is_sqlite = session.connection().dialect.name == "sqlite"
    asked = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        if is_sqlite
        else "SELECT tgname, pg_get_triggerdef(pg_trigger.oid) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE relnamespace = current_schema()::regnamespace"
        " AND tgenabled IN ('O', 'A') AND prosrc ~ 'BEGIN RAISE EXCEPTION [^;]*; END'"
    )
    guards = {
        name: re.sub(r'\s+|"|\b\w+\.(?=\w)', " ", said) for name, said in session.connection().execute(text(asked))
    }
    unguarded = []
    for table in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            name = f"refuse_{change.lower()}_of_{table}"
            does = r"BEGIN SELECT RAISE\(ABORT" if is_sqlite else r"FOR EACH ROW EXECUTE FUNCTION +refuse_change\("
            # Whole, so that a condition that never holds is no guard.
            guard = rf" *CREATE TRIGGER {name} BEFORE {change} ON +{table} +{does}.*"
            if re.fullmatch(guard, guards.get(name, "")) is None:
                unguarded.append(f"{table} ({change.lower()})")
    return unguarded


# --- the seal -------------------------------------------------------------------------------------------------------


def seal_trail(session: Session, *, context: ChangeContext) -> None:
    """Seal the trail as it stands with this session's key, whoever wrote it: for the first time, or with another key.

    Raises ValueError where there is no key.
    """
    key = session.info.get(KEY, "")
    if not key:
        raise ValueError("no key")
    record(session, context=context, action="seal_trail", subject="audit_entry", is_change=False)
    state = find_state(session)
    state.trail_seal = _seal(find_head(session), key)
    session.add(state)


def find_broken_seal(session: Session, language: str = "en") -> str | None:
    """What is wrong with the seal, in words; None where it holds, or where no key is set to examine it with."""
    key, head = session.info.get(KEY, ""), find_head(session)
    seal = find_state(session).trail_seal
    if not key:
        return None
    if not seal:
        return texts.text("audit.broken.unsealed", language)
    number = int(seal.partition(":")[0])
    sealed = session.exec(select(AuditEntry.hash).where(AuditEntry.id == number)).first()
    if sealed is None or not hmac.compare_digest(seal, _seal(Head(number, sealed), key)):
        return texts.text("audit.broken.seal", language, number=number)
    if number != head.number:
        return texts.text("audit.broken.after_seal", language, number=number)
    return None


def _seal(head: Head, key: str) -> str:
    """The number of the sealed entry, and what only the key makes of it."""
    return f"{head.number}:{hmac.new(key.encode(), str(head).encode(), hashlib.sha256).hexdigest()}"
