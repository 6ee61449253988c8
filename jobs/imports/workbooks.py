"""Rows of an .xlsx workbook, read in stretches: a million rows need no more memory than a thousand.

openpyxl's own reader was measured at 37 s for a million rows of six cells; it trusts the sheet's stated size, so
that rows beyond it vanish, and a formula without a stored result looks empty. Here it arrives as its text and is
refused.
What a number format means (percent, date) is still openpyxl's to say.
"""

import posixpath
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import IO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format

from jobs.imports.problems import FileRefused
from jobs.imports.sheets import Block
from targets.figures import DECIMALS_KEPT, EXCEL_ORIGIN, Cell, Percent

ORIGIN_1904 = date(1904, 1, 1)
CHUNK = 1 << 18
FOREIGN_DATE_FORMATS = frozenset((*range(27, 37), *range(50, 59)))
"""Built-in formats that are dates in East Asian versions of Excel; their codes are not written in the file."""
MOST_COLUMNS = 512
"""Cells further right are not read: no table of offices is so wide, and a hostile one would fill the memory."""
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension [^>]*ref=\"[A-Z]+\d+:[A-Z]+(\d+)\"")
_DAYS = timedelta(days=1)

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]


@dataclass(frozen=True)
class Styles:
    """What the cell styles of a workbook say of their numbers, by the style's place."""

    percents: frozenset[int]
    dates: frozenset[int]


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet of an .xlsx workbook."""

    path: Path
    part: str
    name: str
    is_hidden: bool
    origin: date
    styles: Styles
    strings: list[str]
    row_count: int | None
    shows_formats: bool = True

    def blocks(self, size: int) -> Iterator[Block]:
        numbers: list[int] = []
        rows: list[list[Cell]] = []
        with _opened(self.path) as archive, archive.open(self.part) as stream:
            for number, row in _rows(stream, self):
                numbers.append(number)
                rows.append(row)
                if len(rows) == size:
                    yield Block(numbers, rows)
                    numbers, rows = [], []
        if rows:
            yield Block(numbers, rows)


def workbook_sheets(path: Path) -> tuple[WorkbookSheet, ...]:
    """The sheets of an .xlsx workbook in their order; sheets that hold only a chart are left out."""
    with _opened(path) as archive:
        parts = set(archive.namelist())
        workbook = _target(archive, "", "officeDocument") or "xl/workbook.xml"
        entries, is_1904 = _sheet_entries(archive, workbook)
        relations = _relations(archive, workbook)
        styles = _styles(archive, _target(archive, workbook, "styles"))
        strings = _strings(archive, _target(archive, workbook, "sharedStrings"))
        return tuple(
            WorkbookSheet(
                path=path,
                part=part,
                name=name,
                is_hidden=state != "visible",
                origin=ORIGIN_1904 if is_1904 else EXCEL_ORIGIN,
                styles=styles,
                strings=strings,
                row_count=_stated_rows(archive, part),
            )
            for name, state, relation in entries
            for kind, part in [relations.get(relation, ("", ""))]
            if kind == "worksheet" and part in parts
        )


DAMAGE = (
    *(BadZipFile, expat.ExpatError, zlib.error, EOFError, OSError),
    # Parts that are not there, numbers that are none, places beyond the end.
    *(KeyError, ValueError, IndexError, NotImplementedError, RuntimeError),
)


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(path) as archive:
            yield archive
    except DAMAGE as error:
        raise FileRefused("damaged_workbook", name=path.name, detail=str(error)) from error


class _LocalNames(dict[str, str]):
    """Element names without their namespace, worked out once each: transitional and strict files differ in it."""

    def __missing__(self, name: str) -> str:
        self[name] = local = name.rpartition(" ")[2]
        return local


def _refuse_entities(*_: object) -> None:
    raise expat.ExpatError("the file declares entities of its own")


def _parse(stream: IO[bytes], *, start: Start, end: End | None = None, text: End | None = None) -> Iterator[None]:
    """Feeds a part to its handlers, a stretch at a time; names come with their namespace, see `_LocalNames`."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = _refuse_entities
    parser.buffer_text = True
    while chunk := stream.read(CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def _parse_part(archive: ZipFile, part: str, *, start: Start, end: End | None = None, text: End | None = None) -> None:
    with archive.open(part) as stream:
        for _ in _parse(stream, start=start, end=end, text=text):
            pass


def _relations(archive: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id → kind and part, of one part of the package."""
    folder, name = posixpath.split(part)
    found: dict[str, tuple[str, str]] = {}
    local = _LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"]
            whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[attributes["Id"]] = (posixpath.basename(attributes["Type"]), whole)

    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations in archive.namelist():
        _parse_part(archive, relations, start=start)
    return found


def _target(archive: ZipFile, part: str, kind: str) -> str | None:
    return next((target for found, target in _relations(archive, part).values() if found == kind), None)


def _sheet_entries(archive: ZipFile, part: str) -> tuple[list[tuple[str, str, str]], bool]:
    entries: list[tuple[str, str, str]] = []
    dates: list[str] = []
    local = _LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            entries.append((attributes.get("name", ""), attributes.get("state", "visible"), relation))
        elif tag == "workbookPr":
            dates.append(attributes.get("date1904", "0"))

    _parse_part(archive, part, start=start)
    return entries, any(value in ("1", "true") for value in dates)


def _styles(archive: ZipFile, part: str | None) -> Styles:
    codes: dict[int, str] = dict(BUILTIN_FORMATS)
    used: list[int] = []
    inside = [False]
    local = _LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = local[name]
        if tag == "numFmt":
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyleXfs"):
            inside[0] = tag == "cellXfs"
        elif tag == "xf" and inside[0]:
            used.append(int(attributes.get("numFmtId", "0")))

    if part is not None and part in archive.namelist():
        _parse_part(archive, part, start=start)
    return Styles(
        percents=frozenset(i for i, number in enumerate(used) if "%" in _NOT_FORMAT.sub("", codes.get(number, ""))),
        dates=frozenset(
            i
            for i, number in enumerate(used)
            if number in FOREIGN_DATE_FORMATS or (number in codes and is_date_format(codes[number]))
        ),
    )


def _strings(archive: ZipFile, part: str | None) -> list[str]:
    """The texts that cells point at; how they are said aloud (phonetic runs) is left out."""
    strings: list[str] = []
    pieces: list[str] = []
    state = {"text": False, "aloud": False}
    local = _LocalNames()

    def start(name: str, _: dict[str, str]) -> None:
        tag = local[name]
        if tag == "si":
            pieces.clear()
        state["text"] = tag == "t"
        state["aloud"] = state["aloud"] or tag == "rPh"

    def end(name: str) -> None:
        tag = local[name]
        state["text"] = False
        if tag == "si":
            strings.append(_unescaped("".join(pieces)))
        elif tag == "rPh":
            state["aloud"] = False

    def text(data: str) -> None:
        if state["text"] and not state["aloud"]:
            pieces.append(data)

    if part is not None and part in archive.namelist():
        _parse_part(archive, part, start=start, end=end, text=text)
    return strings


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _stated_rows(archive: ZipFile, part: str) -> int | None:
    """How many rows the sheet says it has: good enough to show progress by, for nothing else."""
    with archive.open(part) as stream:
        match = _DIMENSION.search(stream.read(2048))
    return int(match[1]) if match else None


def _rows(stream: IO[bytes], sheet: WorkbookSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that hold cells, with their numbers. A gap between cells is None."""
    done: list[tuple[int, list[Cell]]] = []
    cells: list[Cell] = []
    columns: dict[str, int] = {}
    pieces: list[str] = []
    number = 0
    column = -1
    kind = style = formula = ""
    has_value = is_text = is_aloud = False
    value_of = _CellValues(sheet)
    local = _LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal number, column, kind, style, formula, has_value, is_text, is_aloud, cells
        tag = local[name]
        if tag == "c":
            reference = attributes.get("r")
            column = column + 1 if reference is None else _column(reference, columns)
            kind, style, formula = attributes.get("t", "n"), attributes.get("s", ""), ""
            has_value = False
            pieces.clear()
        elif tag in ("v", "t"):
            is_text, has_value = not is_aloud, True
        elif tag == "row":
            number = int(attributes.get("r", number + 1))
            column, cells = -1, []
        elif tag == "f":
            is_text = True
        elif tag == "rPh":
            is_aloud = True

    def end(name: str) -> None:
        nonlocal formula, is_text, is_aloud
        tag = local[name]
        if tag in ("v", "t"):
            is_text = False
        elif tag == "c":
            if (has_value or formula) and column < MOST_COLUMNS:
                cells.extend([None] * (column - len(cells)))
                text = "".join(pieces)
                # An empty result is one only where the formula gives text; elsewhere it was never worked out.
                is_worked_out = has_value and (text or not formula or kind == "str")
                cells.append(value_of(text, kind, style) if is_worked_out else formula)
        elif tag == "f":
            formula, is_text = "=" + "".join(pieces), False
            pieces.clear()
        elif tag == "row":
            if cells:
                done.append((number, cells))
        elif tag == "rPh":
            is_aloud = False

    def text(data: str) -> None:
        if is_text:
            pieces.append(data)

    for _ in _parse(stream, start=start, end=end, text=text):
        yield from done
        done.clear()


def _column(reference: str, known: dict[str, int]) -> int:
    letters = reference.rstrip("0123456789")
    if letters not in known:
        column = 0
        for letter in letters:
            column = column * 26 + ord(letter) - ord("A") + 1
        known[letters] = column - 1
    return known[letters]


class _CellValues:
    """Turns a cell's stored text into what it shows."""

    def __init__(self, sheet: WorkbookSheet) -> None:
        self.strings, self.origin = sheet.strings, sheet.origin
        self.percents = {str(style) for style in sheet.styles.percents}
        self.dates = {str(style) for style in sheet.styles.dates}

    def __call__(self, text: str, kind: str, style: str) -> Cell:
        if kind == "s":
            return self.strings[int(text)] or None
        if kind == "n":
            return self._number(text, style)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return text.partition("T")[0]
        return _unescaped(text) or None

    def _number(self, text: str, style: str) -> Cell:
        if not text:
            return None
        if text.isdigit() and style not in self.percents and style not in self.dates:
            return int(text)
        try:
            number = float(text)
            if style in self.dates:
                return self.origin + _DAYS * int(number)
        except (ValueError, OverflowError):
            return text
        return Percent(round(number * 100, DECIMALS_KEPT)) if style in self.percents else number
