"""A campaign's workbook as its files: read as leniently as offices' own, mistakes named with sheet and cell."""

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from jobs.campaigns.changing import load_checked
from jobs.campaigns.workbook.cells import READERS, Unreadable
from jobs.campaigns.workbook.forms import GUIDE, LISTS, NAMED, Form, forms, steps_of, way_of
from jobs.campaigns.workbook.public_list import PublicList
from jobs.imports.formats.limits import WatchedSheet
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.sheets import numbered_rows, shown
from jobs.imports.units.names import parsed
from jobs.imports.values import COMMAND, Limits, column_letters
from jobs.imports.words import folded
from models.catalogue import CampaignFiles
from models.catalogue.changes import ROW_KEYS, table_rows
from models.catalogue.declared import ANY, ITEM, declared_keys
from models.catalogue.editing import toml_text
from models.catalogue.folder import CAMPAIGN, CSV_COLUMNS, INDICATORS, OPTIONAL, SOURCES, UNITS, in_order
from models.catalogue.problems import MANY
from models.catalogue.unit_file import CODE_PATTERN
from models.core.texts import LANGUAGES
from models.units.shape_file import SHAPES
from targets.errors import CampaignFilesError, FigureProblem, FileProblem
from targets.figures import Cell, count_in, unmarked
from targets.values import Unit

_Line = tuple[int, Sequence[Cell]]
"""A row's number in its sheet, and its cells."""
HEAD = 10
"""A table's header stands in the first so many rows."""
ROWS, MOST_ROWS = 10_000, 200_000
"""Rows of a sheet read at a time, and at most: 11,000 units have 66,000 results of six indicators."""
_NUMBER = re.compile(r"\d+(\.\d+)?", re.ASCII)
_NAME = re.compile(r"(\w+\.)?(short_)?name\.\w+")


class CampaignWorkbookError(CampaignFilesError):
    """A campaign's workbook holds mistakes; each is placed at its sheet and cell."""


@dataclass
class _Reading:
    """What was read so far: the files' contents, the cell of each place, and what is wrong."""

    contents: dict[str, Any] = field(default_factory=dict)
    cells: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """File and place → the sheet, and the cell with its heading."""
    problems: list[FileProblem] = field(default_factory=list)
    names: dict[str, dict[str, str]] = field(default_factory=dict)
    """What is meant → its name as people write it → its key."""
    year: int | None = None
    headed: dict[str, str] = field(default_factory=dict)
    """Title of a sheet → the cell where its headings begin."""


@dataclass(frozen=True)
class _Found:
    """A sheet of the workbook as it was recognised: its rows' numbers and cells, by column."""

    form: Form
    name: str
    places: Mapping[int, int]
    """Column of the form → column of the sheet; for the sheet on the campaign itself, → row."""
    rows: Sequence[_Line]
    headed: str
    """Where its headings begin."""
    unknown: tuple[tuple[str, str], ...]
    """Headings that none of its columns has: the cell and its words."""
    national: PublicList | None = None
    """The sheet holds a public list of units in place of the campaign's own columns."""

    def cell(self, at: int, row: _Line) -> Cell:
        if at not in self.places:
            return None
        where = 1 if self.form.is_upright else self.places[at]
        value = row[1][where] if where < len(row[1]) else None
        return None if isinstance(value, str) and not value.strip() else value

    def address(self, at: int, number: int) -> str:
        return f"B{number}" if self.form.is_upright else f"{column_letters(self.places.get(at, 0))}{number}"


def read_workbook(
    path: Path, *, before: Mapping[str, bytes] | None = None, language: str = LANGUAGES[0], limits: Limits = COMMAND
) -> CampaignFiles:
    """The campaign that a workbook holds, checked as a folder is.

    `before`: the files as they are; one of which nothing was changed stays as it was, byte for byte. Raises
    FileRefused where it is no workbook, CampaignWorkbookError with sheet and cell of every mistake.
    """
    found = _find_sheets(path, limits)
    reading = _Reading(names=_names(found), headed={one.form.title(language): one.headed for one in found})
    for one in found:
        for at, column in enumerate(one.form.columns):
            if one.form.is_upright and column.slug == "target_year":
                reading.year = _year(one, at)
    reading.problems += _shape_problems(found, path.name, language)
    if reading.problems:
        raise CampaignWorkbookError(reading.problems)
    for one in found:
        if one.national is None:
            _read_sheet(one, reading, language)
    for one in (one for one in found if one.national is not None):
        _read_public_list(one, reading, language)
    files = _texts(reading, before or {})
    try:
        checked = load_checked(files)
    except CampaignFilesError as mistakes:
        # A cell that could not be read is empty to the files' readers, who need not say so too.
        unread = {(each.file, each.where) for each in reading.problems}
        placed = [_placed(problem, reading, language) for problem in mistakes.problems]
        reading.problems += [problem for problem in placed if (problem.file, problem.where) not in unread]
    if reading.problems:
        raise CampaignWorkbookError(reading.problems)
    return checked


def _shape_problems(found: Sequence[_Found], file: str, language: str) -> list[FileProblem]:
    """Sheets and headings that are not there, or that nothing knows: what stands there would be lost."""
    there = {one.form for one in found}
    problems = [
        FileProblem(file, form.title(language), "is missing.", "sheet_missing") for form in forms() if form not in there
    ]
    for one in found:
        for at, column in enumerate(one.form.columns):
            if one.national is None and at not in one.places and not column.key.is_optional and not column.is_key:
                terms = {"label": column.label(language)}
                problems.append(FileProblem(one.name, one.headed, "lacks a heading.", "sheet_headings", terms))
        for where, words in one.unknown:
            problems.append(FileProblem(one.name, where, "is no heading.", "sheet_unknown", {"value": words}))
    return problems


def _find_sheets(path: Path, limits: Limits) -> list[_Found]:
    titles = {folded(form.title(language)): form for form in forms() for language in LANGUAGES}
    found: list[_Found] = []
    for each in open_sheets(path, limits)[1]:
        sheet = WatchedSheet(each, path.name, replace(limits, rows=MOST_ROWS))
        form = titles.get(folded(sheet.name or ""))
        if form is None:
            continue
        rows = [
            (number, row)
            for number, row in numbered_rows(sheet, at_a_time=ROWS)
            if any(shown(cell).strip() for cell in row) and not any(shown(cell).startswith(GUIDE) for cell in row[:1])
        ]
        labels = {folded(column.label(each)): at for at, column in enumerate(form.columns) for each in LANGUAGES}
        labels |= {folded(column.slug): at for at, column in enumerate(form.columns)}
        one = (_upright if form.is_upright else _lying)(form, sheet.name or "", rows, labels)
        listed = PublicList(rows) if form.file == UNITS else None
        if listed is not None and listed.provinces:
            one = replace(one, places={}, unknown=(), national=listed)
        found.append(one)
    return sorted(found, key=lambda one: forms().index(one.form))


def version_in(path: Path, limits: Limits = COMMAND) -> int | None:
    """Which version of the store's campaign a workbook was written from; None where it does not say."""
    for sheet in open_sheets(path, limits)[1]:
        if sheet.name == LISTS:
            first = next(sheet.blocks(1), None)
            said = shown(first.rows[0][0]) if first is not None and first.rows[0] else ""
            return int(said) if said.isdecimal() else None
    return None


def _upright(form: Form, name: str, rows: list[_Line], labels: Mapping[str, int]) -> _Found:
    """The sheet on the campaign itself: a heading in the first cell of each row, its first row heads the columns."""
    places = {labels[words]: number for number, row in rows if (words := _heading(row[0])) in labels}
    others = [(number, row) for number, row in rows[1:] if _heading(row[0]) not in labels and len(row) > 1 and row[1]]
    unknown = tuple((f"A{number}", shown(row[0])) for number, row in others)
    return _Found(form, name, places, [line for line in rows if _heading(line[1][0]) in labels], "A1", unknown)


def _lying(form: Form, name: str, rows: list[_Line], labels: Mapping[str, int]) -> _Found:
    """A table: its header is the row among the first that holds most headings."""
    header = max(rows[:HEAD], key=lambda line: sum(_heading(cell) in labels for cell in line[1]), default=(1, ()))
    places: dict[int, int] = {}
    for at, cell in enumerate(header[1]):
        if (words := _heading(cell)) in labels:
            places.setdefault(labels[words], at)
    others = [at for at, cell in enumerate(header[1]) if shown(cell).strip() and _heading(cell) not in labels]
    unknown = tuple((f"{column_letters(at)}{header[0]}", shown(header[1][at])) for at in others)
    return _Found(form, name, places, [line for line in rows if line[0] > header[0]], f"A{header[0]}", unknown)


def _heading(cell: Cell) -> str:
    """A heading without the mark of what must be filled in."""
    return folded(shown(cell).removesuffix("*"))


def _names(found: Sequence[_Found]) -> dict[str, dict[str, str]]:
    """What phases, levels, indicators and sources are called in this workbook; a name that two share names neither."""
    names: dict[str, dict[str, str]] = {}
    for kind, slug in NAMED.items():
        meant: dict[str, set[str]] = {}
        for one in (one for one in found if one.form.slug == slug):
            for row in one.rows:
                key = _key_of(one, row)
                for at, column in enumerate(one.form.columns):
                    if column.is_key or _NAME.fullmatch(column.slug):
                        meant.setdefault(folded(shown(one.cell(at, row))), set()).add(key)
        names[kind] = {name: next(iter(keys)) for name, keys in meant.items() if name and len(keys) == 1}
    return names


def _key_of(one: _Found, row: _Line) -> str:
    """A row's key as it is written, else made from its name."""
    at = next(at for at, column in enumerate(one.form.columns) if column.is_key)
    named = (at for at, column in enumerate(one.form.columns) if column.slug.endswith("name.vi"))
    written = shown(one.cell(at, row)).strip()
    return written or _key_from(shown(one.cell(next(named, at), row)))


def _key_from(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", unmarked(name)).strip("-")


def _year(one: _Found, at: int) -> int | None:
    row = next((row for row in one.rows if row[0] == one.places.get(at)), None)
    try:
        number = None if row is None else count_in(one.cell(at, row)).number
    except FigureProblem:
        return None
    return None if number is None else int(number)


def _read_sheet(one: _Found, reading: _Reading, language: str) -> None:
    form = one.form
    if form.is_upright:
        by_number = dict(one.rows)
        table = reading.contents.setdefault(CAMPAIGN, {})
        for at, column in enumerate(form.columns):
            number = one.places.get(at)
            if number is None:
                continue
            way = way_of(form, column)
            value = _read_cell(one, at, (number, by_number[number]), reading, language)
            _note(reading, form.file, ".".join(way), one, at, number, language)
            if value is not None:
                _put(table, way, value)
        return
    if form.file in CSV_COLUMNS:
        _read_csv(one, reading, language)
        return
    own = {"key" if column.is_key else column.slug: at for at, column in enumerate(form.columns)}
    for count, row in enumerate(one.rows, start=1):
        values = [_read_cell(one, at, row, reading, language) for at in range(len(form.columns))]
        if all(value is None for value in values):
            continue
        if "key" in own and values[own["key"]] is None:
            values[own["key"]] = _key_of(one, row) or None
        if form.file == INDICATORS and not form.container and values[own["order"]] is None:
            values[own["order"]] = count
        _place_row(one, values, row[0], reading, language)


def _place_row(one: _Found, values: Sequence[Any], number: int, reading: _Reading, language: str) -> None:
    """Put a row's values into the table that it stands for, and note where each of them is written."""
    form = one.form
    pairs = list(zip(form.columns, values, strict=True))
    ids = [str(value or "") for column, value in pairs if column.of == "id"]
    file = form.file
    if file == INDICATORS:
        key = ids.pop(0) if form.container else next(value for column, value in pairs if column.slug == "key")
        file = f"{INDICATORS}{key}.toml"
    if not _is_known(form, file, ids, reading):
        at, kind = next((at, column.key.names) for at, column in enumerate(form.columns) if column.of == "id")
        terms = {"kind": kind, "name": str(values[at] or "")}
        where = f"{one.address(at, number)} ({form.columns[at].label(language)})"
        reading.problems.append(FileProblem(one.name, where, "names what does not exist.", "unknown", terms))
        return
    table: Any = reading.contents.setdefault(file, {})
    way, place = [], ""
    steps = steps_of(form)
    outer: dict[str, Any] = {}
    for column, value in pairs:
        if column.of == "outer" and value is not None:
            _put(outer, way_of(form, column), value)
    for position, step in enumerate(steps):
        name = step.removesuffix(ITEM)
        is_last = position == len(steps) - 1
        if step == ANY:
            name = ids.pop(0)
            place = ".".join(part for part in (place, name) if part)
            way.append(name)
            if is_last and not any(way_of(form, column) for column in form.columns if not column.of):
                break
            table = table.setdefault(name, {})
        elif step.endswith(ITEM):
            items = table.setdefault(name, [])
            if is_last or not items or {key: items[-1].get(key) for key in outer} != outer:
                items.append(dict(outer))
            place = f"{place}.{name}[{len(items)}]".lstrip(".")
            for at, column in enumerate(form.columns):
                if column.of == "outer":
                    _note(reading, file, ".".join((place, *way_of(form, column))), one, at, number, language)
            table = items[-1]
        else:
            table = table.setdefault(name, {})
            place = ".".join(part for part in (place, name) if part)
    if (file, place) in reading.cells and not form.container.endswith(ITEM):
        at = next(at for at, column in enumerate(form.columns) if column.is_key or column.of == "id")
        where, key = f"{one.address(at, number)} ({form.columns[at].label(language)})", place or file
        terms = {"value": key.rpartition(".")[2] if place else Path(file).stem}
        reading.problems.append(FileProblem(one.name, where, "stands in a row above.", "sheet_key_twice", terms))
    _note(reading, file, place, one, 0, number, language)
    for at, (column, value) in enumerate(pairs):
        if column.of:
            continue
        own = way_of(form, column)
        _note(reading, file, ".".join(part for part in (place, *own) if part), one, at, number, language)
        if value is not None:
            _put(table, own or (way[-1],), value)


def _is_known(form: Form, file: str, ids: Sequence[str], reading: _Reading) -> bool:
    """Whether the indicator or source that a row is about has a row in its own sheet, which was read before."""
    if form.file == INDICATORS and form.container:
        return file in reading.contents
    return form.file != SOURCES or form.container == ANY or ids[0] in reading.contents.get(SOURCES, {})


def _put(table: dict[str, Any], way: Sequence[str], value: Any) -> None:
    for name in way[:-1]:
        table = table.setdefault(name, {})
    table[way[-1]] = value


def _read_csv(one: _Found, reading: _Reading, language: str) -> None:
    form = one.form
    rows = reading.contents.setdefault(form.file, [])
    for row in one.rows:
        values = [_read_cell(one, at, row, reading, language) for at in range(len(form.columns))]
        if all(value is None for value in values):
            continue
        rows.append({column.key.place: _written(value) for column, value in zip(form.columns, values, strict=True)})
        line = f"line {len(rows) + 1}"
        _note(reading, form.file, line, one, 0, row[0], language)
        for at, column in enumerate(form.columns):
            _note(reading, form.file, f"{line}, column {column.key.place}", one, at, row[0], language)


def _written(value: Any) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


def _note(reading: _Reading, file: str, place: str, one: _Found, at: int, number: int, language: str) -> None:
    where = f"{one.address(at, number)} ({one.form.columns[at].label(language)})"
    reading.cells.setdefault((file, place), (one.name, where))


def _read_public_list(one: _Found, reading: _Reading, language: str) -> None:
    """Put the units of the campaign's own province where the sheet's rows would go; the province stands at the top."""
    listed, own = one.national, reading.contents.setdefault(CAMPAIGN, {})
    assert listed is not None  # noqa: S101  # asked for such sheets alone
    wanted = str(own.get("province", ""))
    province = listed.province(wanted)
    if province is None:
        sheet, where = reading.cells.get((CAMPAIGN, "province"), ("", ""))
        terms = {
            "value": wanted,
            "known": "; ".join(f"{code} {name}".strip() for code, name in listed.provinces[:MANY]),
        }
        problem = FileProblem(sheet, where, "is none of the list.", "list_province", terms)
        raise CampaignWorkbookError([*reading.problems, problem])
    if not CODE_PATTERN.fullmatch(wanted):
        own["province"] = province[0] or _key_from(parsed(province[1]).rest)
    top = Unit(
        own["province"],
        next(iter(own.get("levels", {})), ""),
        f"UBND {province[1]}",
        None,
        gso_code=province[0] or None,
    )
    skeleton = {file: rows for file, rows in reading.contents.items() if file not in CSV_COLUMNS}
    skeleton[CAMPAIGN] = {key: value for key, value in own.items() if key != "unit_phases"}
    skeleton[UNITS] = [_unit_row(top)]
    try:
        campaign = load_checked(_texts(replace(reading, contents=skeleton), {})).campaign
    except CampaignFilesError as mistakes:
        raise CampaignWorkbookError(
            [*reading.problems, *(_placed(each, reading, language) for each in mistakes.problems)]
        ) from mistakes
    units, rejected = listed.units(campaign, top)
    for each in rejected:
        number = re.sub(r"\D", "", each.place)
        terms = {"said": each.sentence(language)}
        reading.problems.append(FileProblem(one.name, f"A{number}", each.problem, "list_row", terms))
    reading.contents[UNITS] = [_unit_row(unit) for unit in (top, *units)]


def _unit_row(unit: Unit) -> dict[str, str]:
    return {name: _written(getattr(unit, name) or None) for name in CSV_COLUMNS[UNITS] if name != "aliases"} | {
        "aliases": ";".join(unit.aliases)
    }


# --- one cell -------------------------------------------------------------------------------------------------------


def _read_cell(one: _Found, at: int, row: _Line, reading: _Reading, language: str) -> Any:
    """What a cell says, as its file holds it; a cell that says nothing is None, and so is one that is wrong."""
    column, cell = one.form.columns[at], one.cell(at, row)
    if cell is None:
        return None
    try:
        return READERS[column.key.kind](cell, column.key, reading)
    except Unreadable as wrong:
        where = f"{one.address(at, row[0])} ({column.label(language)})"
        problem = f"“{shown(cell)}” cannot be read as its column wants it."
        reading.problems.append(
            FileProblem(one.name, where, problem, wrong.code, {"value": shown(cell), **wrong.terms})
        )
        return None


# --- whole files ----------------------------------------------------------------------------------------------------


def _texts(reading: _Reading, before: Mapping[str, bytes]) -> dict[str, bytes]:
    """The contents as files; one that says what it said before stays as it was, and so do borders (no sheet)."""
    files: dict[str, bytes] = {SHAPES: before[SHAPES]} if SHAPES in before else {}
    for file in (CAMPAIGN, SOURCES, *CSV_COLUMNS, *(each for each in reading.contents if each.startswith(INDICATORS))):
        old = before.get(file, b"")
        if file in OPTIONAL and not old and not reading.contents.get(file):
            continue
        if file in CSV_COLUMNS:
            files[file] = _csv_text(file, reading.contents.get(file, []), old)
            continue
        was = tomllib.loads(old.decode("utf-8-sig"), parse_float=Decimal)
        now = _merged(was, reading.contents.get(file, {}))
        files[file] = old if old and toml_text(now) == toml_text(was) else toml_text(now, old)
    return in_order(files)


def _merged(old: Any, new: Any) -> Any:
    """The new values in the old one's order and, where they are equal, in its writing; tables keep the new order.

    An empty list says no more than none, as an empty cell does: it stays.
    """
    if not isinstance(old, dict) or not isinstance(new, dict):
        return old if old == new and type(old) is type(new) else new
    new = {key: value for key, value in old.items() if value in ([], {}) and key not in new} | new
    is_of_tables = all(isinstance(value, dict) for value in new.values())
    order = new if is_of_tables else dict.fromkeys((*(key for key in old if key in new), *new))
    return {key: _merged(old[key], new[key]) if key in old else new[key] for key in order}


def _csv_text(file: str, rows: Sequence[Mapping[str, str]], old: bytes) -> bytes:
    was = table_rows(file, old)
    columns = CSV_COLUMNS[file]
    kept = [_as_before(was.get(tuple(row[name] for name in ROW_KEYS[file]), {}), row) for row in rows]
    if old and kept == list(was.values()):
        return old
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in kept)
    return out.getvalue().encode()


def _as_before(was: Mapping[str, str], row: Mapping[str, str]) -> dict[str, str]:
    """A row in the writing it had: 100.0 stays so where 100 was read."""
    return {name: was[name] if _is_same(name, was.get(name, ""), value) else value for name, value in row.items()}


def _is_same(name: str, was: str, now: str) -> bool:
    if was == now or name not in _decimal_columns() or not (_NUMBER.fullmatch(was) and _NUMBER.fullmatch(now)):
        return False
    return Decimal(was) == Decimal(now)


@cache
def _decimal_columns() -> frozenset[str]:
    return frozenset(key.place for key in declared_keys() if key.file in CSV_COLUMNS and key.kind == "decimal")


def _placed(problem: FileProblem, reading: _Reading, language: str) -> FileProblem:
    """A mistake of a file with the sheet and cell in which it was written."""
    place = problem.where
    while place and (problem.file, place) not in reading.cells:
        place = re.sub(r"(, column \w+|\.?[^.]+)$", "", place)
    of = INDICATORS if problem.file.startswith(INDICATORS) else problem.file
    # What has no cell yet is looked for in the sheet of its table, else in the file's first.
    of_file = [form for form in forms() if form.file == of]
    tables = [form for form in of_file if form.container.startswith(f"{problem.where}.")]
    title = next((form.title(language) for form in (*tables, *of_file)), problem.file)
    sheet, where = reading.cells.get((problem.file, place), (title, reading.headed.get(title, "A1")))
    terms = {
        name: next((said for said, key in reading.names.get(name, {}).items() if key == value), value)
        for name, value in problem.terms.items()
    }
    if "line" in terms and place != "":
        terms["line"] = re.sub(r"\D", "", reading.cells.get((problem.file, f"line {terms['line']}"), ("", ""))[1])
    return replace(problem, file=sheet, where=where, terms=terms)
