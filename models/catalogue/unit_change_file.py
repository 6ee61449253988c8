"""unit_changes.csv: units that merge, split, close, move or are renamed, each with its day."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

from models.catalogue.csv_table import CsvRow, CsvTable
from models.catalogue.names import Names
from models.catalogue.problems import folded, listed
from targets.unit_changes import ENDS, usual_counting
from targets.values import ChangeKind, Counting, Level, Unit, UnitChange

CHANGE_COLUMNS = ("day", "kind", "unit", "to", "share", "former", "counts", "document")
KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
COUNTINGS: tuple[Counting, ...] = get_args(Counting)
FOLLOWED = ("merge", "split")
"""Changes in which another unit takes the place."""
SHARES = Decimal("0.0001")
Told = tuple[CsvRow, UnitChange]


def known_ends(table: CsvTable) -> Mapping[str, date]:
    """The last day of each unit that a row ends, also of rows with mistakes."""
    ends: dict[str, date] = {}
    for row in table.rows:
        if row.peek("kind") in ENDS:
            try:
                ends.setdefault(row.peek("unit"), date.fromisoformat(row.peek("day")) - timedelta(days=1))
            except (ValueError, OverflowError):
                continue
    return ends


def read_unit_changes(
    table: CsvTable, *, names: Names, units: Iterable[Unit], levels: Iterable[Level]
) -> tuple[UnitChange, ...]:
    """The changes in the order of their days."""
    by_code = {unit.code: unit for unit in units}
    scopes = {level.key: level.default_scope for level in levels}
    read = [(row, _read(row, names=names)) for row in table.rows]
    sound = [(row, change) for row, change in read if row.is_sound and change.unit in by_code]
    for row, change in sound:
        _check_units(row, change, by_code, scopes)
    _check_ends(sound, by_code)
    moves = [(row, change) for row, change in sound if change.kind == "move" and row.is_sound]
    _check_moves(moves, by_code, levels=names.levels or ())
    changes = [
        replace(change, counts=usual_counting(change.unit, change.to, units=by_code, scopes=scopes))
        if not row.peek("counts") and row.is_sound and change.kind in ENDS
        else change
        for row, change in read
    ]
    return tuple(sorted(changes, key=lambda change: change.day))


def _read(row: CsvRow, *, names: Names) -> UnitChange:
    day, kind = row.optional_day("day"), row.optional_word("kind", KINDS)
    for column in ("day", "kind"):
        if not row.peek(column):
            row.complain(column, "is empty.", code="empty")
    to = row.optional_name("to", known=names.units, kind="unit", reported_in="units.csv")
    share = row.optional_decimal("share", most=Decimal(100))
    former, counts = row.optional_text("former"), row.optional_word("counts", COUNTINGS)
    if kind is not None:
        wanted = {"to": kind in FOLLOWED, "share": kind == "split", "former": kind in ("move", "rename")}
        for column, is_wanted in wanted.items():
            if is_wanted and not row.peek(column):
                row.complain(column, f"is empty; a {kind} needs it.")
            elif row.peek(column) and not is_wanted:
                row.complain(column, f"stands in a {kind}, which has none.")
        if counts and kind not in ENDS:
            row.complain("counts", f"stands in a {kind}, which has none.")
        if counts == "carried" and kind == "close":
            row.complain("counts", "is “carried”, but nobody follows a unit that is closed.")
    if share is not None and (share == 0 or share % SHARES):
        row.complain("share", f"is {share}; a share is above 0 and has four decimals at most.")
    return UnitChange(
        day=day or date.min,
        kind=kind or "close",
        unit=names.unit(row),
        to=to,
        share=Decimal(100) if share is None else share,
        former=former,
        counts=counts or "carried",
        document=row.optional_text("document") or "",
    )


def _check_units(row: CsvRow, change: UnitChange, units: Mapping[str, Unit], scopes: Mapping[str, str]) -> None:
    """What a row says of units agrees with units.csv."""
    unit = units[change.unit]
    if unit.valid_from is not None and change.day <= unit.valid_from:
        row.complain("day", f"is {change.day}, but the unit only begins on {unit.valid_from}.")
    if change.kind in ENDS:
        last = change.day - timedelta(days=1)
        if unit.valid_to not in (None, last):
            problem = f"is {change.day}, but the unit's last day is {unit.valid_to}, by units.csv or a row before."
            row.complain("day", problem)
        if unit.parent is None:
            row.complain("unit", f"is {unit.code}, the campaign's own unit, which everything is counted for.")
    elif unit.valid_to is not None and unit.valid_to < change.day:
        row.complain("day", f"is {change.day}, but the unit ends on {unit.valid_to}.")
    if change.kind == "rename" and folded(change.former or "") == folded(unit.name):
        row.complain("former", "is the unit's name of today; units.csv has the new name, this row the old one.")
    if change.to is None or change.to not in units:
        return
    to = units[change.to]
    if to.code == unit.code:
        row.complain("to", "is the unit itself.")
    elif not (to.valid_from or date.min) <= change.day <= (to.valid_to or date.max):
        row.complain("to", f"is {to.code} ({to.name}), which does not exist on {change.day}.")
    elif row.peek("counts") == "carried" and usual_counting(unit.code, to.code, units=units, scopes=scopes) == "apart":
        above = units[unit.parent or unit.code]
        problem = (
            f"is “carried”, but {above.code} ({above.name}) reports with all below it and holds what the unit had done:"
            " with the successor it would count twice. Leave it empty, or write “continued”."
        )
        row.complain("counts", problem)


def _check_ends(told: Iterable[Told], units: Mapping[str, Unit]) -> None:
    """A unit ends once, on one day, and all of it goes somewhere."""
    of_unit: dict[str, list[Told]] = {}
    for row, change in told:
        if change.kind in ENDS and row.is_sound:
            of_unit.setdefault(change.unit, []).append((row, change))
    for code, rows in of_unit.items():
        first = rows[0]
        for row, change in rows[1:]:
            if (change.day, change.kind) != (first[1].day, first[1].kind) or change.kind != "split":
                problem = (
                    f"ends {code} a second time (line {first[0].line}); who splits a unit writes “split” in each row."
                )
                row.complain("unit", problem)
            elif change.to in {before.to for _, before in rows[: rows.index((row, change))]}:
                row.complain("to", f"names {change.to} a second time.")
        heirs = {change.to for _, change in rows}
        successor = units[code].successor
        if successor is not None and heirs != {successor}:
            rows[0][0].complain("to", f"is {listed(sorted(map(str, heirs)))}; units.csv says {successor}.")
        total = sum((change.share for _, change in rows), Decimal(0))
        if first[1].kind == "split" and all(row.is_sound for row, _ in rows) and total != 100:
            rows[-1][0].complain("share", f"brings the shares of {code} to {total}, not to 100.")


def _check_moves(told: Iterable[Told], units: Mapping[str, Unit], *, levels: tuple[str, ...]) -> None:
    """Back through the moves from the tree of today: every former parent was one, and no unit stood below itself."""
    parents = {code: unit.parent for code, unit in units.items()}
    for row, change in sorted(told, key=lambda each: each[1].day, reverse=True):
        former = change.former or ""
        if former not in units:
            row.complain("former", f"names the unit “{former}”, which does not exist.")
            continue
        above, unit = units[former], units[change.unit]
        if former == parents[change.unit]:
            row.complain("former", f"is {former}, the parent that the unit has after the move too.")
        elif above.valid_to is not None and above.valid_to < change.day - timedelta(days=1):
            row.complain("former", f"is {former}, which ended on {above.valid_to}.")
        elif {above.level, unit.level} <= {*levels} and levels.index(above.level) >= levels.index(unit.level):
            problem = f"is {former}, of level {above.level}; the parent of a {unit.level} is of a level above it."
            row.complain("former", problem)
        else:
            parents[change.unit] = former
