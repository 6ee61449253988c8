"""Units: added, and followed when their file's rows change."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, select

from models.catalogue.problems import folded
from models.core.audit import ChangeContext, record
from models.core.permission import require
from models.readings.actions import Counts
from models.tables import UnitRow
from models.units.queries import Head
from targets.errors import UnknownName
from targets.permissions import Permission
from targets.values import UNIT_FIELDS, Unit

COLUMNS = tuple(name for name in UNIT_FIELDS if name not in ("aliases", "parent", "successor"))
"""Columns of a unit's row that hold what its file says; the others hold it in another form."""


def record_units(session: Session, units: Sequence[Unit], *, is_whole: bool, context: ChangeContext) -> Counts:
    """Add units and follow changes of those known by their code, each change with an audit entry of its own.

    `is_whole`: the list is the campaign's file, which says everything and gives the order; otherwise what a row leaves
    empty stays as it was, and new units are listed last. A unit that is no longer listed stays; one that is renamed
    keeps its old name as an alias.
    Raises UnknownName for a parent or successor that is no unit.
    """
    require(session, context, Permission.IMPORT)
    known = {row.code: row for row in session.exec(select(UnitRow))}
    before = _reported_of(known)
    named = {code: row.name for code, row in known.items()}
    last = len(known)
    for position, unit in enumerate(units):
        row = known.setdefault(unit.code, UnitRow(code=unit.code, level=unit.level, name=unit.name))
        if is_whole or row.id is None:
            row.position = position if is_whole else last + position
        for name in COLUMNS:
            value = getattr(unit, name)
            if is_whole or value is not None:
                setattr(row, name, value)
        if is_whole or unit.aliases:
            row.aliases = list(unit.aliases)
        session.add(row)
    session.flush()
    taken = {folded(row.name) for row in known.values()}
    for unit in units:
        row, former = known[unit.code], named.get(unit.code, unit.name)
        if folded(former) not in taken and former not in row.aliases:
            row.aliases = [*row.aliases, former]
        if is_whole or unit.parent:
            row.parent_id = _id_of(unit.parent, known)
        if is_whole or unit.successor:
            row.successor_id = _id_of(unit.successor, known)
    session.flush()
    now = _reported_of(known)
    return sum((_audit_unit(session, known[unit.code], before, now, context=context) for unit in units), Counts())


def name_heads(session: Session, heads: Mapping[str, Head], *, context: ChangeContext) -> int:
    """Say who heads units, by their codes; answers how many of them have another head, title or telephone now.

    A title that is not told stays; a telephone number stays only with the same person. Raises Refused, UnknownName.
    """
    require(session, context, Permission.NAME_HEADS)
    known = {row.code: row for row in session.exec(select(UnitRow))}
    before, changed = _reported_of(known), 0
    for code, head in heads.items():
        if (row := known.get(code)) is None:
            raise UnknownName(kind="unit", name=code)
        row.head_title = head.title or row.head_title
        row.head_phone = head.phone or (row.head_phone if row.head_name == head.name else None)
        row.head_name = head.name
        session.add(row)
    after = _reported_of(known)
    for code in heads:
        changed += _audit_unit(session, known[code], before, after, context=context).revised
    return changed


def _id_of(code: str | None, known: dict[str, UnitRow]) -> int | None:
    if code is None:
        return None
    if code not in known:
        raise UnknownName(kind="unit", name=code)
    return known[code].id


def _reported_of(known: dict[str, UnitRow]) -> dict[str, dict[str, Any]]:
    """What is known of each unit, in a form that the audit can keep."""
    codes = {row.id: code for code, row in known.items()}
    all_told = {}
    for code, row in known.items():
        reported: dict[str, Any] = {name: getattr(row, name) for name in COLUMNS}
        reported |= {
            name: reported[name].isoformat() for name in ("valid_from", "valid_to") if reported[name] is not None
        }
        links = {"parent": codes.get(row.parent_id), "successor": codes.get(row.successor_id)}
        all_told[code] = reported | links | {"aliases": list(row.aliases), "position": row.position}
    return all_told


def _audit_unit(
    session: Session,
    row: UnitRow,
    before: dict[str, dict[str, Any]],
    after: dict[str, dict[str, Any]],
    *,
    context: ChangeContext,
) -> Counts:
    """Count a unit as new, changed or unchanged; a change is recorded with what was and what is."""
    if row.code not in before:
        return Counts(accepted=1)
    was, now = before[row.code], after[row.code]
    changed = [name for name in now if now[name] != was[name]]
    if not changed:
        return Counts(unchanged=1)
    row.version_id += 1
    session.add(row)
    record(
        session,
        context=context,
        action="change_unit",
        subject=row.code,
        old={name: was[name] for name in changed},
        new={name: now[name] for name in changed},
    )
    return Counts(revised=1)
