"""Rows of an .ods workbook, read in stretches as those of an .xlsx are.

Each cell says what it is: a percent, a day, an error. What is only drawn over the cells or noted beside them (comments,
shapes, tracked changes) is passed over.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jobs.imports.formats.sheets import LONGEST_SHEET_NAME, Block, Span
from jobs.imports.formats.xlsx import NUMBER
from jobs.imports.formats.xlsx_parts import MOST_COLUMNS, MOST_SPANS, gather, number_of, opened, parse, whole
from jobs.imports.problems import FileRefused
from models.core.columns import storable
from targets.figures import DECIMALS_KEPT, EXCEL_ORIGIN, Cell, Percent

CONTENT = "content.xml"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns"
OFFICE, TABLE, TEXT, STYLE = (f"{_NAMES}:{name}:1.0 " for name in ("office", "table", "text", "style"))
CALC = "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0 "
_CELLS = frozenset((f"{TABLE}table-cell", f"{TABLE}covered-table-cell"))
_ASIDE = frozenset(
    (
        *(f"{OFFICE}annotation", f"{TABLE}tracked-changes", f"{TABLE}shapes", f"{OFFICE}forms", f"{TABLE}dde-links"),
        *(f"{_NAMES}:drawing:1.0 {name}" for name in ("frame", "custom-shape", "g", "control", "line", "rect")),
    )
)
_UNSEEN = ("collapse", "filter")
_NUMBERS = ("float", "currency", "percentage")


@dataclass(frozen=True)
class OpenDocumentSheet:
    """One sheet of an .ods workbook."""

    path: Path
    place: int
    """Which of the workbook's tables it is, from 0."""
    name: str
    is_hidden: bool
    spans: tuple[Span, ...]
    hidden_columns: frozenset[int]
    row_count: None = None
    """Percents are known as such; another number below 1 may still be meant as one."""
    origin: date = EXCEL_ORIGIN
    delimiter: None = None

    def blocks(self, size: int) -> Iterator[Block]:
        numbers: list[int] = []
        rows: list[list[Cell]] = []
        hidden: list[int] = []
        with closing(_rows(self.path, self.place)) as found:
            for row in found:
                for number in range(row.number, row.number + row.repeated):
                    numbers.append(number)
                    rows.append(row.cells)
                    if row.is_hidden:
                        hidden.append(number)
                    if len(rows) == size:
                        yield Block(numbers, rows, frozenset(hidden))
                        numbers, rows, hidden = [], [], []
        if rows:
            yield Block(numbers, rows, frozenset(hidden))


@dataclass(frozen=True)
class _Row:
    """A row that holds anything; alike ones below it are given once."""

    number: int
    repeated: int
    cells: list[Cell]
    is_hidden: bool


class _Reader:
    """Follows the elements of a workbook's content. Rows are kept of the table `wanted`, of no table where it is -1."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.place = wanted, -1
        self.names: list[str] = []
        self.styles: list[str] = []
        self.hidden_styles: set[str] = set()
        self.spans: list[list[Span]] = []
        self.hidden_columns: list[set[int]] = []
        self.rows: list[_Row] = []
        self.is_done = False
        self._aside = self._depth = 0
        self._style = ""
        self._row: dict[str, str] = {}
        self._number = 0
        self._cells: list[Cell] = []
        self._cell: dict[str, str] = {}
        self._column = 0
        self._columns = 0
        self._pieces: list[str] = []
        self._paragraphs = 0

    # --- elements ---------------------------------------------------------------------------------------------------

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._aside or name in _ASIDE:
            self._aside += 1
        elif name in _CELLS:
            self._cell, self._pieces, self._paragraphs = attributes, [], 0
        elif name == f"{TEXT}p":
            if self._paragraphs:
                gather(self._pieces, "\n")
            self._paragraphs += 1
        elif name == f"{TEXT}s":
            gather(self._pieces, " " * min(number_of(attributes.get(f"{TEXT}c", "1")), MOST_COLUMNS))
        elif name in (f"{TEXT}tab", f"{TEXT}line-break"):
            gather(self._pieces, " ")
        elif name == f"{TABLE}table-row":
            self._row, self._cells, self._column = attributes, [], 0
        elif name == f"{TABLE}table-column":
            self._start_columns(attributes)
        elif name == f"{TABLE}table":
            self._start_table(attributes)
        elif name == f"{STYLE}style":
            self._style = attributes.get(f"{STYLE}name", "")
        elif name == f"{STYLE}table-properties" and attributes.get(f"{TABLE}display") == "false":
            self.hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        if self._aside:
            self._aside -= 1
        elif name in _CELLS:
            self._end_cell()
        elif name == f"{TABLE}table-row":
            self._end_row()
        elif name == f"{TABLE}table":
            self._depth -= 1
            self.is_done = self.is_done or (not self._depth and self.place == self.wanted)

    def text(self, data: str) -> None:
        if self._paragraphs and not self._aside:
            gather(self._pieces, data)

    # --- what they mean ---------------------------------------------------------------------------------------------

    def _start_table(self, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > 1:
            # A table inside a cell is no sheet.
            self._aside, self._depth = 1, 1
            return
        self.place += 1
        self._number, self._columns = 1, 0
        self.names.append(storable(attributes.get(f"{TABLE}name", ""), LONGEST_SHEET_NAME))
        self.styles.append(attributes.get(f"{TABLE}style-name", ""))
        self.spans.append([])
        self.hidden_columns.append(set())

    def _start_columns(self, attributes: dict[str, str]) -> None:
        last = self._columns + number_of(attributes.get(f"{TABLE}number-columns-repeated", "1"))
        if attributes.get(f"{TABLE}visibility") in _UNSEEN:
            self.hidden_columns[-1].update(range(self._columns, min(last, MOST_COLUMNS)))
        self._columns = last

    def _end_cell(self) -> None:
        cell = self._cell
        repeated = number_of(cell.get(f"{TABLE}number-columns-repeated", "1"))
        value = _value(cell, whole("".join(self._pieces)))
        if isinstance(value, str):
            whole(value)
        self._paragraphs = 0
        if value is not None and self._column < MOST_COLUMNS:
            self._cells.extend([None] * (self._column - len(self._cells)))
            self._cells.extend([value] * min(repeated, MOST_COLUMNS - self._column))
        if f"{TABLE}number-rows-spanned" in cell:
            bottom, right = (
                number_of(cell.get(f"{TABLE}number-{sort}-spanned", "1")) - 1 for sort in ("rows", "columns")
            )
            if bottom or right:
                span = Span(self._number, self._number + bottom, self._column, self._column + right)
                self.spans[-1].append(span)
        self._column += repeated

    def _end_row(self) -> None:
        repeated = number_of(self._row.get(f"{TABLE}number-rows-repeated", "1"))
        if self._cells and self.place == self.wanted and not self.is_done:
            is_hidden = self._row.get(f"{TABLE}visibility") in _UNSEEN
            self.rows.append(_Row(self._number, repeated, self._cells, is_hidden))
        self._number += repeated


def _value(cell: dict[str, str], text: str) -> Cell:
    """What a cell shows."""
    sort = cell.get(f"{OFFICE}value-type")
    if cell.get(f"{CALC}value-type") == "error":
        return text if text.startswith(("#", "Err:")) else f"#{text}"
    if sort in _NUMBERS:
        return _number(cell.get(f"{OFFICE}value", ""), text, is_percent=sort == "percentage")
    if sort == "date":
        try:
            return date.fromisoformat(cell.get(f"{OFFICE}date-value", "")[:10])
        except ValueError:
            return text or None
    if sort == "boolean":
        return cell.get(f"{OFFICE}boolean-value") == "true"
    if sort is None and not text and f"{TABLE}formula" in cell:
        return "=" + cell[f"{TABLE}formula"].partition("=")[2]
    return text or cell.get(f"{OFFICE}string-value") or None


def _number(reported: str, text: str, *, is_percent: bool) -> Cell:
    if not NUMBER.fullmatch(reported):
        return text or None
    number = float(reported)
    if is_percent:
        return Percent(round(number * 100, DECIMALS_KEPT))
    return int(number) if number.is_integer() else number


def _rows(path: Path, place: int) -> Generator[_Row, None, None]:
    reader = _Reader(place)
    with opened(path) as archive, archive.open(CONTENT) as stream:
        for _ in parse(stream, start=reader.start, end=reader.end, text=reader.text):
            yield from reader.rows
            reader.rows.clear()
            if reader.is_done:
                return


def open_document_sheets(path: Path) -> tuple[OpenDocumentSheet, ...]:
    """The sheets of an .ods workbook in their order."""
    reader = _Reader(-1)
    with opened(path) as archive, archive.open(CONTENT) as stream:
        for _ in parse(stream, start=reader.start, end=reader.end, text=reader.text):
            if sum(map(len, reader.spans)) > MOST_SPANS:
                raise FileRefused("sheets_too_large", name=path.name)
    return tuple(
        OpenDocumentSheet(
            path=path,
            place=place,
            name=name,
            is_hidden=reader.styles[place] in reader.hidden_styles,
            spans=tuple(reader.spans[place]),
            hidden_columns=frozenset(reader.hidden_columns[place]),
        )
        for place, name in enumerate(reader.names)
    )
