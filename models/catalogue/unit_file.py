"""units.csv: the units as a tree under the province. unit_changes.csv: what became of them, each with its day."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import get_args

from models.catalogue.csv_table import CsvRow, CsvTable, Names
from models.catalogue.problems import folded, hint, listed, unknown_terms
from targets.standing.unit_changes import ENDS, usual_counting
from targets.values import ChangeKind, Counting, Level, Unit, UnitChange

COLUMNS = (
    "code",
    "level",
    "name",
    "parent",
    "aliases",
    "gso_code",
    "identity_code",
    "head_title",
    "head_name",
    "head_phone",
    "valid_from",
    "valid_to",
    "successor",
    "tile_row",
    "tile_column",
)
TILE = ("tile_row", "tile_column")
"""Columns that the file may do without: where a unit's tile stands on the map of its level."""
MOST_TILES = 100
"""Rows and columns of tiles at most."""
CODE_PATTERN = re.compile(r"[A-Za-z0-9]+([._-][A-Za-z0-9]+)*")

PHONE_PATTERN = re.compile(r"\+?\(?\+?[0-9][0-9 .()\N{NO-BREAK SPACE}-]+")


def known_unit_codes(table: CsvTable) -> Collection[str] | None:
    """Every code the file gives, also in rows with mistakes; None where the file does not say it all."""
    if not table.is_complete or "code" not in table.columns:
        return None
    return dict.fromkeys(code for row in table.rows if (code := row.peek("code")))


def read_units(
    table: CsvTable, *, names: Names, province: str | None, ends: Mapping[str, date] | None = None
) -> tuple[Unit, ...]:
    """The units in the file's order; `province` None means that campaign.toml could not say which it is.

    `ends`: the last days that unit_changes.csv gives, which need not be repeated here.
    """
    read = [(row, _read_unit(row, names=names, ends=ends or {})) for row in table.rows]
    whole = [(row, unit) for row, unit in read if row.is_whole]
    _check_codes(whole)
    in_circle = _check_circles(whole)
    by_code = {unit.code: unit for _, unit in whole}
    for row, unit in whole:
        _check_parent(row, unit=unit, by_code=by_code, levels=names.levels, province=province, in_circle=in_circle)
        _check_validity(row, unit=unit, by_code=by_code)
    _check_names(whole)
    _check_tiles(whole)
    return tuple(unit for _, unit in read)


def _read_unit(row: CsvRow, *, names: Names, ends: Mapping[str, date]) -> Unit:
    code = row.text("code")
    if code and not CODE_PATTERN.fullmatch(code):
        problem = f"is “{code}”; a code holds letters without accents, digits and dots only."
        row.complain("code", problem, code="code_form", value=code)
    row.refuse_formulas("head_title", "head_name")
    return Unit(
        code=code,
        level=names.level(row),
        name=row.text("name"),
        parent=row.optional_name("parent", known=names.units, kind="unit", reported_in="the column code"),
        aliases=_read_aliases(row),
        gso_code=row.optional_text("gso_code"),
        identity_code=row.optional_text("identity_code"),
        head_title=row.optional_text("head_title"),
        head_name=row.optional_text("head_name"),
        head_phone=_read_phones(row),
        valid_from=row.optional_day("valid_from"),
        valid_to=row.optional_day("valid_to") or (None if row.peek("valid_to") else ends.get(code)),
        successor=row.optional_name("successor", known=names.units, kind="unit", reported_in="the column code"),
        tile_row=row.optional_count("tile_row", least=1, most=MOST_TILES),
        tile_column=row.optional_count("tile_column", least=1, most=MOST_TILES),
    )


def _read_aliases(row: CsvRow) -> tuple[str, ...]:
    """Other names, separated by semicolons."""
    text = row.optional_text("aliases")
    if text is None:
        return ()
    aliases = tuple(alias.strip() for alias in text.split(";"))
    if not all(aliases):
        row.complain("aliases", "holds an empty name between semicolons.", code="empty_alias")
    return aliases


def _read_phones(row: CsvRow) -> str | None:
    """One number or several, as they were written: people dial them and nothing is counted with them."""
    phones = row.optional_text("head_phone")
    if phones is not None and not are_phones(phones):
        problem = (
            f"is “{phones}”; write a phone number with digits, blanks and + . - ( ) only, such as 0905 111 222,"
            " and a semicolon between several."
        )
        row.complain("head_phone", problem, code="phone", value=phones)
    return phones


def are_phones(written: str) -> bool:
    """Whether a text is a telephone number, or several."""
    return all(PHONE_PATTERN.fullmatch(phone.strip()) for phone in re.split("[;,]", written))


def _check_codes(units: list[tuple[CsvRow, Unit]]) -> None:
    """A code, GSO code or identity code means one unit: figures are matched by any of them."""
    meant: dict[str, tuple[str, int]] = {}
    for row, unit in units:
        reported: set[str] = set()
        for column, code in (("code", unit.code), ("gso_code", unit.gso_code), ("identity_code", unit.identity_code)):
            if not code or code in reported:
                continue
            reported.add(code)
            name, line = meant.setdefault(code, (unit.name, row.line))
            if line != row.line:
                problem = f"is “{code}”, which is {name}'s already (line {line})."
                row.complain(column, problem, code="code_taken", value=code, name=name, line=line)
                break


def _check_circles(units: list[tuple[CsvRow, Unit]]) -> set[str]:
    """Note each unit that stands below itself, and return their codes."""
    parents = {unit.code: unit.parent for _, unit in units}
    found: set[str] = set()
    cleared: set[str] = set()
    for row, unit in units:
        path: dict[str, None] = {}
        code: str | None = unit.code
        while code is not None and code in parents and code not in path and code not in cleared:
            path[code] = None
            code = parents[code]
        if code in path and code not in found:
            circle = list(path)[list(path).index(code) :]
            found.update(circle)
            way = " → ".join([*circle, code])
            problem = f"leads back to the unit itself ({way}); every way up must end at the province."
            row.complain("parent", problem, code="circle", way=way)
        cleared.update(path)
    return found


def _check_parent(
    row: CsvRow,
    *,
    unit: Unit,
    by_code: Mapping[str, Unit],
    levels: tuple[str, ...] | None,
    province: str | None,
    in_circle: Collection[str],
) -> None:
    """Only the province has no parent; every other unit stands below one of a higher level."""
    if unit.parent is None:
        if province is not None and unit.code != province:
            problem = f"is empty; only the province ({province}, as campaign.toml says) has no parent."
            row.complain("parent", problem, code="no_parent", unit=province)
        elif province is not None and levels and unit.level in levels[1:]:
            problem = f"is {unit.level}; the unit at the top is of the first level, {levels[0]}."
            row.complain("level", problem, code="top_level", value=unit.level, first=levels[0])
        return
    if unit.code == province:
        problem = f"is “{unit.parent}”, but {province} is the province, which has no parent."
        row.complain("parent", problem, code="root_parent", value=unit.parent, unit=province)
        return
    parent = by_code.get(unit.parent)
    if parent is None or unit.code in in_circle or levels is None:
        return
    if unit.level not in levels or parent.level not in levels:
        return
    if levels.index(parent.level) >= levels.index(unit.level):
        problem = (
            f"is {parent.code} ({parent.name}), of level {parent.level};"
            f" the parent of a {unit.level} is of a level above it ({', '.join(levels)}, from the top)."
        )
        names = {"level": parent.level, "below": unit.level}
        row.complain("parent", problem, code="parent_below", value=parent.name, **names)


def _check_validity(row: CsvRow, *, unit: Unit, by_code: Mapping[str, Unit]) -> None:
    """A unit that ends may have a successor, which must outlive it."""
    if unit.valid_from is not None and unit.valid_to is not None and unit.valid_to < unit.valid_from:
        problem = f"is {unit.valid_to}, before valid_from, {unit.valid_from}."
        row.complain("valid_to", problem, code="end_before", value=unit.valid_to, start=unit.valid_from)
    if unit.successor is None:
        return
    if unit.successor == unit.code:
        row.complain("successor", "is the unit itself.", code="own_successor")
    elif not row.peek("valid_to") and unit.valid_to is None:
        row.complain(
            "valid_to", "is empty, but the unit has a successor; give the unit's last day.", code="no_last_day"
        )
    elif unit.valid_to is None:
        return  # what stands there is no date, which was complained about
    elif (successor := by_code.get(unit.successor)) is not None and (successor.valid_to or date.max) <= unit.valid_to:
        problem = f"is {successor.code} ({successor.name}), which ends on {successor.valid_to}, no later than the unit."
        row.complain("successor", problem, code="successor_ends", value=successor.name, day=successor.valid_to)


def _check_names(units: list[tuple[CsvRow, Unit]]) -> None:
    """Two units under one parent may share a name only one after the other: a name in a workbook must mean one unit."""
    meant: dict[tuple[str | None, str], list[tuple[CsvRow, Unit]]] = {}
    for row, unit in units:
        for column, name in (("name", unit.name), *(("aliases", alias) for alias in unit.aliases)):
            same = meant.setdefault((unit.parent, folded(name)), [])
            for other_row, other in same:
                if name and other.code != unit.code and _overlap(unit, other):
                    problem = (
                        f"holds “{name}”, which is {other.code} under the same parent already (line {other_row.line})."
                    )
                    said = {"name": name, "other": other.code, "line": other_row.line}
                    row.complain(column, problem, code="same_name", **said)
                    break
            same.append((row, unit))


def _check_tiles(units: list[tuple[CsvRow, Unit]]) -> None:
    """A tile has a row and a column, and on a level's map no two units stand on one place at the same time."""
    taken: dict[tuple[str, int, int], list[tuple[CsvRow, Unit]]] = {}
    for row, unit in units:
        said = [name for name in TILE if row.peek(name)]
        if len(said) == 1 and row.is_sound:
            lacking = next(name for name in TILE if name not in said)
            row.complain(lacking, f"is empty; {said[0]} alone is no place.", code="tile_half")
        if unit.tile_row is None or unit.tile_column is None:
            continue
        same = taken.setdefault((unit.level, unit.tile_row, unit.tile_column), [])
        other = next(((line, other) for line, other in same if _overlap(unit, other)), None)
        if other is not None:
            line, name = other[0].line, other[1].name
            problem = f"gives the place of {name}, of the same level (line {line}); a place is one unit's."
            row.complain("tile_row", problem, code="tile_taken", name=name, line=line)
        same.append((row, unit))


def _overlap(one: Unit, other: Unit) -> bool:
    """Whether there is a day on which both exist."""
    latest_start = max(one.valid_from or date.min, other.valid_from or date.min)
    earliest_end = min(one.valid_to or date.max, other.valid_to or date.max)
    return latest_start <= earliest_end


# --- unit_changes.csv ----------------------------------------------------------------------------------------------

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
    read = [(row, _read_change(row, names=names)) for row in table.rows]
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


def _read_change(row: CsvRow, *, names: Names) -> UnitChange:
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
                row.complain(column, f"is empty; a {kind} needs it.", code="change_needs", change=kind)
            elif row.peek(column) and not is_wanted:
                row.complain(column, f"stands in a {kind}, which has none.", code="change_has_none", change=kind)
        if counts and kind not in ENDS:
            row.complain("counts", f"stands in a {kind}, which has none.", code="change_has_none", change=kind)
        if counts == "carried" and kind == "close":
            problem = "is “carried”, but nobody follows a unit that is closed."
            row.complain("counts", problem, code="carried_closed", option="carried")
    if share is not None and (share == 0 or share % SHARES):
        problem = f"is {share}; a share is above 0 and has four decimals at most."
        row.complain("share", problem, code="share_form", value=share)
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
        problem = f"is {change.day}, but the unit only begins on {unit.valid_from}."
        row.complain("day", problem, code="begins_later", value=change.day, start=unit.valid_from)
    if change.kind in ENDS:
        last = change.day - timedelta(days=1)
        if unit.valid_to not in (None, last):
            problem = f"is {change.day}, but the unit's last day is {unit.valid_to}, by units.csv or a row before."
            row.complain("day", problem, code="ends_otherwise", value=change.day, last=unit.valid_to)
        if unit.parent is None:
            problem = f"is {unit.code}, the campaign's own unit, which everything is counted for."
            row.complain("unit", problem, code="root_ends", value=unit.name)
    elif unit.valid_to is not None and unit.valid_to < change.day:
        problem = f"is {change.day}, but the unit ends on {unit.valid_to}."
        row.complain("day", problem, code="ended_before", value=change.day, last=unit.valid_to)
    if change.kind == "rename" and folded(change.former or "") == folded(unit.name):
        problem = "is the unit's name of today; units.csv has the new name, this row the old one."
        row.complain("former", problem, code="former_name")
    if change.to is None or change.to not in units:
        return
    to = units[change.to]
    if to.code == unit.code:
        row.complain("to", "is the unit itself.", code="own_successor")
    elif not (to.valid_from or date.min) <= change.day <= (to.valid_to or date.max):
        problem = f"is {to.code} ({to.name}), which does not exist on {change.day}."
        row.complain("to", problem, code="to_not_there", value=to.name, day=change.day)
    elif row.peek("counts") == "carried" and usual_counting(unit.code, to.code, units=units, scopes=scopes) == "apart":
        above = units[unit.parent or unit.code]
        problem = (
            f"is “carried”, but {above.code} ({above.name}) reports with all below it and holds what the unit had done:"
            " with the successor it would count twice. Leave it empty, or write “continued”."
        )
        row.complain("counts", problem, code="carried_twice", option="carried", above=above.name, instead="continued")


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
                row.complain("unit", problem, code="ends_twice", value=units[code].name, line=first[0].line)
            elif change.to in {before.to for _, before in rows[: rows.index((row, change))]}:
                row.complain("to", f"names {change.to} a second time.", code="twice", name=change.to)
        heirs = {change.to for _, change in rows}
        successor = units[code].successor
        if successor is not None and heirs != {successor}:
            named = listed(sorted(map(str, heirs)))
            problem = f"is {named}; units.csv says {successor}."
            rows[0][0].complain("to", problem, code="heirs_differ", value=named, successor=successor)
        total = sum((change.share for _, change in rows), Decimal(0))
        if first[1].kind == "split" and all(row.is_sound for row, _ in rows) and total != 100:
            problem = f"brings the shares of {code} to {total}, not to 100."
            rows[-1][0].complain("share", problem, code="shares_sum", value=units[code].name, sum=total)


def _check_moves(told: Iterable[Told], units: Mapping[str, Unit], *, levels: tuple[str, ...]) -> None:
    """Back through the moves from the tree of today: every former parent was one, and no unit stood below itself."""
    parents = {code: unit.parent for code, unit in units.items()}
    for row, change in sorted(told, key=lambda each: each[1].day, reverse=True):
        former = change.former or ""
        if former not in units:
            problem = f"names the unit “{former}”, which does not exist.{hint(former, units)}"
            row.complain("former", problem, **unknown_terms("unit", former, units))
            continue
        above, unit = units[former], units[change.unit]
        if former == parents[change.unit]:
            problem = f"is {former}, the parent that the unit has after the move too."
            row.complain("former", problem, code="former_parent", value=above.name)
        elif above.valid_to is not None and above.valid_to < change.day - timedelta(days=1):
            problem = f"is {former}, which ended on {above.valid_to}."
            row.complain("former", problem, code="former_ended", value=above.name, last=above.valid_to)
        elif {above.level, unit.level} <= {*levels} and levels.index(above.level) >= levels.index(unit.level):
            problem = f"is {former}, of level {above.level}; the parent of a {unit.level} is of a level above it."
            said = {"value": above.name, "level": above.level, "below": unit.level}
            row.complain("former", problem, code="parent_below", **said)
        else:
            parents[change.unit] = former
