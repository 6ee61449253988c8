"""Rows of an .xlsx workbook, read in stretches: a million rows need no more memory than a thousand.

openpyxl's own reader was measured at 37 s for a million rows of six cells; it trusts the sheet's stated size, so that
rows beyond it vanish, and a formula without a stored result looks empty. Here it arrives as its text and is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import IO

from jobs.imports.formats.limits import megabytes
from jobs.imports.formats.sheets import ORIGIN_1904, Block, Span
from jobs.imports.formats.xlsx_parts import (
    FOOTNOTE,
    MOST_COLUMNS,
    RAISED,
    LocalNames,
    Styles,
    column_of,
    gather,
    is_unseen,
    number_of,
    opened,
    parse,
    prolog_of,
    relations_of,
    sheet_entries,
    spans_of,
    strings_of,
    styles_of,
    target_of,
    unescaped,
    whole,
)
from jobs.imports.problems import FileRefused
from jobs.imports.values import Limits
from targets.figures import DECIMALS_KEPT, EXCEL_ORIGIN, Cell, Percent

EXACT = 15
"""Digits that a number of a workbook has; one of more has lost its last ones already."""
_DAYS = timedelta(days=1)
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
"""As the format has them: 12, 0.0706, 4.5E-2."""


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
    hidden_columns: frozenset[int]
    delimiter: None = None

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Read when they are first asked for: they stand behind the rows."""
        with opened(self.path) as archive:
            return spans_of(archive, self.part, name=self.path.name)

    def blocks(self, size: int) -> Iterator[Block]:
        numbers: list[int] = []
        rows: list[list[Cell]] = []
        hidden: set[int] = set()
        with opened(self.path) as archive, archive.open(self.part) as stream:
            for number, row in _rows(stream, self, hidden):
                numbers.append(number)
                rows.append(row)
                if len(rows) == size:
                    yield Block(numbers, rows, frozenset(hidden.intersection(numbers)))
                    hidden.difference_update(numbers)
                    numbers, rows = [], []
        if rows:
            yield Block(numbers, rows, frozenset(hidden.intersection(numbers)))


def workbook_sheets(path: Path, limits: Limits) -> tuple[WorkbookSheet, ...]:
    """The sheets of an .xlsx workbook in their order; sheets that hold only a chart are left out."""
    with opened(path) as archive:
        parts = set(archive.namelist())
        workbook = target_of(archive, "", "officeDocument") or "xl/workbook.xml"
        entries, is_1904 = sheet_entries(archive, workbook)
        relations = relations_of(archive, workbook)
        styles = styles_of(archive, target_of(archive, workbook, "styles"))
        texts = target_of(archive, workbook, "sharedStrings")
        if texts in parts and archive.getinfo(texts).file_size > limits.texts:
            raise FileRefused("unpacks_too_large", name=path.name, size=megabytes(archive.getinfo(texts).file_size))
        strings = strings_of(archive, texts)
        return tuple(
            WorkbookSheet(
                path=path,
                part=part,
                name=name,
                is_hidden=state != "visible",
                origin=ORIGIN_1904 if is_1904 else EXCEL_ORIGIN,
                styles=styles,
                strings=strings,
                row_count=prolog.rows,
                hidden_columns=prolog.hidden_columns,
            )
            for name, state, relation in entries
            for kind, part in [relations.get(relation, ("", ""))]
            if kind == "worksheet" and part in parts
            for prolog in [prolog_of(archive, part)]
        )


def _rows(stream: IO[bytes], sheet: WorkbookSheet, hidden: set[int]) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that hold cells, with their numbers, those of hidden ones in `hidden` too. A gap between cells is None."""
    done: list[tuple[int, list[Cell]]] = []
    cells: list[Cell] = []
    columns: dict[str, int] = {}
    pieces: list[str] = []
    number = 0
    column = -1
    kind = style = formula = ""
    has_value = is_text = is_aloud = is_hidden = is_raised = False
    value_of = _CellValues(sheet)
    local = LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal number, column, kind, style, formula, has_value, is_text, is_aloud, is_hidden, is_raised, cells
        tag = local[name]
        if tag == "c":
            reference = attributes.get("r")
            column = column + 1 if reference is None else column_of(reference, columns)
            kind, style, formula = attributes.get("t", "n"), attributes.get("s", ""), ""
            has_value = is_raised = False
            pieces.clear()
        elif tag == "r":
            is_raised = False
        elif tag == "vertAlign":
            is_raised = attributes.get("val") in RAISED
        elif tag in ("v", "t"):
            is_text, has_value = not is_aloud, True
        elif tag == "row":
            number = number_of(attributes["r"]) if "r" in attributes else number + 1
            column, cells = -1, []
            is_hidden = is_unseen(attributes, "ht")
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
                text = whole("".join(pieces))
                # An empty result is one only where the formula gives text; elsewhere it was never worked out.
                is_worked_out = has_value and (text or not formula or kind == "str")
                cells.append(value_of(text, kind, style) if is_worked_out else formula)
        elif tag == "f":
            formula, is_text = "=" + whole("".join(pieces)), False
            pieces.clear()
        elif tag == "row":
            if cells:
                done.append((number, cells))
                if is_hidden:
                    hidden.add(number)
        elif tag == "rPh":
            is_aloud = False

    def text(data: str) -> None:
        if is_text:
            gather(pieces, data.translate(FOOTNOTE) if is_raised else data)

    for _ in parse(stream, start=start, end=end, text=text):
        yield from done
        done.clear()


class _CellValues:
    """Turns a cell's stored text into what it shows."""

    def __init__(self, sheet: WorkbookSheet) -> None:
        self.strings, self.origin = sheet.strings, sheet.origin
        self.percents = {str(style) for style in sheet.styles.percents}
        self.dates = {str(style) for style in sheet.styles.dates}

    def __call__(self, text: str, kind: str, style: str) -> Cell:
        if kind == "s":
            return self.strings[number_of(text)] or None
        if kind == "n":
            return self._number(text, style)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return text.partition("T")[0]
        return unescaped(text) or None

    def _number(self, text: str, style: str) -> Cell:
        if not text:
            return None
        is_whole = len(text) <= EXACT and text.isdecimal() and text.isascii()
        if is_whole and style not in self.percents and style not in self.dates:
            return int(text)
        if not is_whole and not NUMBER.fullmatch(text):
            # Python reads 1_0, nan and １２ as numbers; no workbook writes one so.
            return text
        number = float(text)
        if style in self.dates:
            try:
                return self.origin + _DAYS * int(number)
            except OverflowError:
                return text
        return Percent(round(number * 100, DECIMALS_KEPT)) if style in self.percents else number
