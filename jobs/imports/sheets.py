"""A sheet as the rest of the package sees it: blocks of rows with their numbers, whatever file they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Protocol

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from jobs.imports.problems import FileRefused
from targets.figures import EXCEL_ORIGIN, Cell

Row = Sequence[Cell]
HEAD_ROWS = 80
"""A header stands in the first so many rows, or there is none."""


@dataclass(frozen=True)
class Block:
    """Rows that follow each other; `numbers` are theirs in the file, from 1."""

    numbers: Sequence[int]
    rows: Sequence[Row]


class Sheet(Protocol):
    """One sheet. `blocks` may be called again and starts over."""

    @property
    def name(self) -> str | None:
        """None in a text file."""

    @property
    def is_hidden(self) -> bool: ...

    @property
    def shows_formats(self) -> bool:
        """Whether a number's format is known: without it 0.07 may be 7 %."""

    @property
    def origin(self) -> date:
        """Day 0 of serial numbers."""

    @property
    def row_count(self) -> int | None: ...

    def blocks(self, size: int) -> Iterator[Block]: ...


@dataclass(frozen=True)
class HeldSheet:
    """A sheet of an .xls or .ods workbook: held whole, for these formats cannot be read in stretches."""

    name: str
    is_hidden: bool
    rows: tuple[Row, ...]
    shows_formats: bool = False
    origin: date = EXCEL_ORIGIN

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def blocks(self, size: int) -> Iterator[Block]:
        for start in range(0, len(self.rows), size):
            rows = self.rows[start : start + size]
            yield Block(range(start + 1, start + 1 + len(rows)), rows)


def held_sheets(path: Path) -> tuple[HeldSheet, ...]:
    """The sheets of an .xls or .ods workbook. Errors in cells arrive as empty cells: their reader drops them."""
    try:
        with CalamineWorkbook.from_path(path) as workbook:
            return tuple(
                HeldSheet(
                    sheet.name,
                    sheet.visible != SheetVisibleEnum.Visible,
                    tuple(
                        [_cell(value) for value in row]
                        for row in workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
                    ),
                )
                for sheet in workbook.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            )
    except PasswordError as error:
        raise FileRefused("password_protected", name=path.name) from error
    except CalamineError as error:
        raise FileRefused("damaged_workbook", name=path.name, detail=str(error)) from error


def _cell(value: int | float | str | bool | time | date | datetime | timedelta) -> Cell:
    if isinstance(value, str):
        return value or None
    if isinstance(value, time | timedelta):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def head(sheet: Sheet) -> Block:
    """The first rows of a sheet."""
    return next(sheet.blocks(HEAD_ROWS), Block((), ()))


def shown(cell: Cell) -> str:
    """A cell as text, for people and for comparing names."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, datetime):
        return cell.date().strftime("%d/%m/%Y")
    if isinstance(cell, date):
        return cell.strftime("%d/%m/%Y")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(float(cell))
    return str(cell)
