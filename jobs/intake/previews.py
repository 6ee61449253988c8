"""What would become of a file, figure by figure, before anything is saved: new, revised from what, or unchanged.

Readings are compared as storing compares them, without locking anything. The smaller kinds are really recorded and
taken back, so that their preview cannot differ from what saving does.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session, col, func, select

from jobs.imports.values import FileWarning, ReadingBatch
from jobs.intake.file_reads import FileRead, record_file
from models.core.audit import ChangeContext, find_state
from models.core.columns import day_of
from models.core.store import Store, taken_back
from models.readings.actions import BASELINES, CENTRAL, SCORES, TARGETS, Counts, columns_of
from models.readings.comparing import (
    NAMED,
    NEW,
    REVISED,
    SECOND,
    UNCHANGED,
    SameLoad,
    closed,
    find_same_load,
    foresee_readings,
    of_second,
)
from models.readings.records import NOTES
from models.results.inputs import load_campaign
from models.tables import AuditEntry
from targets.values import Campaign, Unit

MOST_REVISED, MOST_NEW = 1_000, 20
"""So many changes are named one by one; all of them are counted."""
UNIT_CHANGE = "change_unit"


@dataclass(frozen=True)
class PreviewedValue:
    """What a file says of something; what its kind does not know is None."""

    numerator: int | None = None
    denominator: int | None = None
    value: float | Decimal | None = None
    value_high: float | None = None
    qualifier: str | None = None
    points: Decimal | None = None
    rank: int | None = None
    rank_of: int | None = None
    document: str = ""
    document_date: date | None = None
    source_note: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """Of a unit: what changes, by the name of the column."""


@dataclass(frozen=True)
class Change:
    """One figure or fact that is new or revised: its place in the file, its unit, and the new and the old value."""

    place: str
    unit: str | None
    name: str | None
    indicator: str | None
    new: PreviewedValue
    old: PreviewedValue | None = None
    as_of: date | None = None
    scope: str | None = None
    year: int | None = None
    phase: str | None = None
    level: str | None = None


@dataclass(frozen=True)
class Touched:
    """A unit for which something is new or revised, and how much."""

    code: str
    name: str
    changes: int


@dataclass(frozen=True)
class Preview:
    """What saving a file would do to the store as it stood at one version."""

    counts: Counts
    """Figures reported twice in the file count as unchanged."""
    revised: tuple[Change, ...]
    new: tuple[Change, ...]
    """Both may be fewer than are counted: the first ones stand for the others."""
    touched: tuple[Touched, ...]
    same: SameLoad | None
    """The file was brought before."""
    data_version: int
    fingerprint: str
    """Equal for two previews exactly where every figure's fate and every old figure are."""
    remarks: tuple[FileWarning, ...] = ()
    """Second statements: what the file reports without counts for days that have them."""


def foresee(store: Store, read: FileRead, *, context: ChangeContext) -> Preview:
    """What saving a file would do now."""
    opening = store.reading() if read.kind == "readings" else store.writing()
    with opening as session:
        return foresee_in(session, read, context=context)


def foresee_in(session: Session, read: FileRead, *, context: ChangeContext) -> Preview:
    """The same within a transaction; for anything but readings it must be one that may write."""
    found = _of_readings(session, read) if read.kind == "readings" else _of_facts(session, read, context)
    return Preview(
        counts=Counts(unchanged=read.repeated) + found.counts,
        revised=tuple(found.revised),
        new=tuple(found.new),
        touched=_touched(found.units, read.context.units),
        same=find_same_load(session, read.payload_hash),
        data_version=find_state(session).data_version,
        fingerprint=found.fingerprint,
        remarks=tuple(FileWarning(**remark) for remark in closed(found.remarks, found.counts.second)),
    )


@dataclass
class _Found:
    counts: Counts = field(default_factory=Counts)
    revised: list[Change] = field(default_factory=list)
    new: list[Change] = field(default_factory=list)
    units: Counter[int] = field(default_factory=Counter)
    """Unit id → how many of its figures change."""
    fingerprint: str = ""
    remarks: list[dict[str, Any]] = field(default_factory=list)


def _touched(changes: Counter[int], units: Sequence[Unit]) -> tuple[Touched, ...]:
    """Those with most changes first, equal ones in the campaign's order."""
    listed = [Touched(unit.code, unit.name, changes[unit.unit_id]) for unit in units if changes[unit.unit_id]]
    return tuple(sorted(listed, key=lambda unit: -unit.changes))


# --- readings -------------------------------------------------------------------------------------------------------


def _of_readings(session: Session, read: FileRead) -> _Found:
    campaign = load_campaign(session)
    units = {unit.unit_id: unit for unit in read.context.units}
    found, digest = _Found(), hashlib.sha256()
    for part in read.parts:
        foreseen = foresee_readings(session, part.frame, campaign=campaign, source=read.source)
        fate = foreseen.fate
        digest.update(fate.tobytes())
        digest.update(foreseen.was.to_csv(index=False).encode())
        new, revised, unchanged, second = (int((fate == each).sum()) for each in (NEW, REVISED, UNCHANGED, SECOND))
        found.counts += Counts(accepted=new, revised=revised, unchanged=unchanged + second, second=second)
        changed = (fate == NEW) | (fate == REVISED)
        identities, times = np.unique(part.frame["unit_id"].to_numpy()[changed], return_counts=True)
        found.units.update(dict(zip(identities.tolist(), times.tolist(), strict=True)))
        for at in np.flatnonzero(fate == NEW)[: MOST_NEW - len(found.new)].tolist():
            found.new.append(_reading(part, at, units))
        is_second = fate[(fate == REVISED) | (fate == SECOND)] == SECOND
        was, counted = foreseen.was[~is_second], foreseen.was[is_second]
        for number, at in enumerate(np.flatnonzero(fate == REVISED)[: MOST_REVISED - len(found.revised)].tolist()):
            found.revised.append(_reading(part, at, units, was=was.iloc[number]))
        for number, at in enumerate(np.flatnonzero(fate == SECOND)[: NAMED - len(found.remarks)].tolist()):
            found.remarks.append(_second(part, at, units, counted.iloc[number], campaign))
    found.fingerprint = digest.hexdigest()
    return found


def _reading(part: ReadingBatch, at: int, units: Mapping[int, Unit], was: "pd.Series[Any] | None" = None) -> Change:
    row = part.frame.iloc[at]
    unit = units[int(row["unit_id"])]
    return Change(
        place=part.place(at),
        unit=unit.code,
        name=unit.name,
        indicator=str(row["indicator"]),
        new=_figure(row),
        old=None if was is None else _figure(was),
        as_of=day_of(int(row["as_of"])),
        scope=str(row["scope"]),
    )


def _second(
    part: ReadingBatch, at: int, units: Mapping[int, Unit], was: "pd.Series[Any]", campaign: Campaign
) -> dict[str, Any]:
    row = part.frame.iloc[at]
    return of_second(
        campaign,
        unit=units[int(row["unit_id"])].name,
        indicator=str(row["indicator"]),
        as_of=int(row["as_of"]),
        counts=(float(was["numerator"]), float(was["denominator"])),
        value=float(row["value"]),
        place=part.place(at),
    )


def _figure(row: "pd.Series[Any]") -> PreviewedValue:
    numerator, denominator = (None if pd.isna(row[name]) else int(row[name]) for name in ("numerator", "denominator"))
    return PreviewedValue(
        numerator=numerator,
        denominator=denominator,
        value=None if pd.isna(row["value"]) else float(row["value"]),
        value_high=None if pd.isna(high := row.get("value_high")) else float(high),
        qualifier=None if pd.isna(row["qualifier"]) else str(row["qualifier"]),
        source_note="; ".join(str(said) for name in NOTES if not pd.isna(said := row.get(name))),
    )


# --- the smaller kinds ----------------------------------------------------------------------------------------------


_VERSIONS = {"baselines": BASELINES, "central": CENTRAL, "targets": TARGETS, "scores": SCORES}


def _of_facts(session: Session, read: FileRead, context: ChangeContext) -> _Found:
    """Record the facts, look at what came of it, and take all of it back."""
    before = {unit.code for unit in read.context.units}
    # What becomes of units and tasks shows in the entry that recording them writes.
    table = _VERSIONS[read.kind].table if read.kind in _VERSIONS else AuditEntry
    last = session.exec(select(func.max(col(table.id)))).one() or 0  # type: ignore[attr-defined] # every table of these has one
    with taken_back(session):
        found = _Found(record_file(session, read, context=context)[0])
        spelled = hashlib.sha256(repr(found.counts).encode())
        for unit_id, change in _changes(session, read, before, last):
            spelled.update(repr(change).encode())
            if unit_id is not None:
                found.units[unit_id] += 1
            listed, most = (found.new, MOST_NEW) if change.old is None else (found.revised, MOST_REVISED)
            if len(listed) < most:
                listed.append(change)
    found.fingerprint = spelled.hexdigest()
    return found


def _changes(session: Session, read: FileRead, before: set[str], last: int) -> Any:
    """Each change of a file of a smaller kind; of tasks only their number is given."""
    if read.kind == "tasks":
        return ()
    return _units(session, read, before, last) if read.kind == "units" else _facts(session, read, last)


def _facts(session: Session, read: FileRead, last: int) -> Iterator[tuple[int | None, Change]]:
    """The versions that recording made, each beside the one before it, in the file's order."""
    facts = _VERSIONS[read.kind]
    rows: list[Any] = list(session.exec(select(facts.table)).all())
    by_version = {(*facts.key_of(row), getattr(row, facts.version)): row for row in rows}
    # All are of the file's source.
    names = [name for name in facts.key if name != "source_id"]
    made = {tuple(getattr(row, name) for name in names): row for row in rows if row.id > last}
    units = {unit.unit_id: unit for unit in read.context.units}
    ids = {unit.code: unit.unit_id for unit in read.context.units}
    for record in read.records:
        said = columns_of(record, ids)
        row = made.get(tuple(said[name] for name in names))
        if row is None:
            continue
        before = by_version.get((*facts.key_of(row), getattr(row, facts.version) - 1))
        unit = units.get(getattr(row, "unit_id", 0))
        yield (
            None if unit is None else unit.unit_id,
            Change(
                place=record.place,
                unit=None if unit is None else unit.code,
                name=None if unit is None else unit.name,
                indicator=said["indicator"] or None,
                new=_reported(row),
                old=None if before is None else _reported(before),
                as_of=getattr(row, "as_of", None),
                year=getattr(row, "year", None),
                phase=getattr(row, "phase", None),
                level=getattr(row, "level", None) or None,
            ),
        )


def _reported(row: Any) -> PreviewedValue:
    names = (
        *("numerator", "denominator", "value", "qualifier", "points", "rank", "rank_of"),
        *("document", "document_date", "source_note"),
    )
    return PreviewedValue(**{name: getattr(row, name) for name in names if hasattr(row, name)})


def _units(session: Session, read: FileRead, before: set[str], last: int) -> Iterator[tuple[int | None, Change]]:
    """New units, and changed ones as the audit records them."""
    statement = select(AuditEntry).where(col(AuditEntry.id) > last, AuditEntry.action == UNIT_CHANGE)
    changed = {entry.subject: entry for entry in session.exec(statement)}
    ids = {unit.code: unit.unit_id for unit in read.context.units}
    for record in read.records:
        if not isinstance(record, Unit):
            continue
        entry = changed.get(record.code)
        if record.code not in before:
            yield None, _unit(record, new={"name": record.name, "level": record.level, "parent": record.parent})
        elif entry is not None:
            yield ids[record.code], _unit(record, new=entry.new or {}, old=entry.old)


def _unit(unit: Unit, *, new: Mapping[str, Any], old: Mapping[str, Any] | None = None) -> Change:
    return Change(
        place=unit.place,
        unit=unit.code,
        name=unit.name,
        indicator=None,
        level=unit.level,
        new=PreviewedValue(fields=dict(new)),
        old=None if old is None else PreviewedValue(fields=dict(old)),
    )
