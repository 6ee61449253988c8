"""What arrives, and what of it could not be read: kept with its raw text until somebody settles it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from sqlmodel import Session, col, select

from models.tables import Quarantined, Run

QUARANTINE_LOOKUP = 500


class RejectedRow(Protocol):
    """A row that could not be taken in, as the reader of a file describes it."""

    @property
    def place(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def problem(self) -> str: ...
    @property
    def terms(self) -> Mapping[str, str]: ...
    @property
    def raw(self) -> Mapping[str, str]: ...


@dataclass(frozen=True)
class Arrival:
    """How something arrived: what kind, from which source, in which file, and what of it could not be read."""

    kind: str
    source: str
    file_name: str | None = None
    payload_hash: str | None = None
    received: int = 0
    rejected: Sequence[RejectedRow] = ()
    warnings: Sequence[dict[str, Any]] = field(default_factory=tuple)
    for_date: date | None = None
    """The one day it is about; None where it may be about several."""


def keep_rejected(session: Session, arrival: Arrival, run: Run) -> None:
    """Keep bad rows with their raw text; the same bad row again is the same entry."""
    entries: dict[str, RejectedRow] = {}
    for row in arrival.rejected:
        entries.setdefault(_fingerprint(arrival, row), row)
    known: set[str] = set()
    prints = list(entries)
    for start in range(0, len(prints), QUARANTINE_LOOKUP):
        part = prints[start : start + QUARANTINE_LOOKUP]
        known |= set(session.exec(select(Quarantined.fingerprint).where(col(Quarantined.fingerprint).in_(part))))
    session.add_all(
        Quarantined(
            run_id=run.id or 0,
            kind=arrival.kind,
            file_name=arrival.file_name or "",
            place=row.place,
            field=row.field,
            value=row.value,
            problem=row.problem,
            terms=dict(row.terms),
            raw=dict(row.raw),
            fingerprint=fingerprint,
        )
        for fingerprint, row in entries.items()
        if fingerprint not in known
    )
    session.flush()


def _fingerprint(arrival: Arrival, row: RejectedRow) -> str:
    spelled = json.dumps(
        [arrival.kind, arrival.source, row.field, row.value, row.problem, dict(row.raw)],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(spelled.encode()).hexdigest()
