"""A sheet as the rest of the package sees it: blocks of rows with their numbers, whatever file they come from."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Protocol

from jobs.imports.formats import xls
from jobs.imports.formats.xls import DAMAGED, LONG_CELL, LONGEST_CELL, PASSWORD, TOO_LARGE
from jobs.imports.problems import FileRefused
from models.core.columns import storable
from targets.figures import EXCEL_ORIGIN, Cell, Percent

Row = Sequence[Cell]
READER = Path(xls.__file__)
ORIGIN_1904 = date(1904, 1, 1)
LONGEST_READING = 60
"""Seconds after which a workbook that must be held whole is given up."""
LONGEST_SHEET_NAME = 100
"""Letters of a sheet's name that are kept: Excel allows 31, and each place in the sheet repeats them."""
HEAD_ROWS = 80
"""A header stands in the first so many rows, or there is none."""


@dataclass(frozen=True)
class Block:
    """Rows that follow each other; `numbers` are theirs in the file, from 1."""

    numbers: Sequence[int]
    rows: Sequence[Row]
    hidden: frozenset[int] = frozenset()
    """The numbers of rows that are hidden or filtered out."""


@dataclass(frozen=True)
class Span:
    """Cells merged into one: rows as the file numbers them, columns from 0; the first and the last of each."""

    top: int
    bottom: int
    left: int
    right: int


class Sheet(Protocol):
    """One sheet. `blocks` may be called again and starts over."""

    @property
    def name(self) -> str | None:
        """None in a text file."""

    @property
    def is_hidden(self) -> bool: ...

    @property
    def origin(self) -> date:
        """Day 0 of serial numbers."""

    @property
    def row_count(self) -> int | None: ...

    @property
    def spans(self) -> tuple[Span, ...]:
        """Its merged cells. Only the first cell of each holds anything that is seen."""

    @property
    def hidden_columns(self) -> frozenset[int]: ...

    @property
    def delimiter(self) -> str | None:
        """What parts the fields of a text file."""

    def blocks(self, size: int) -> Iterator[Block]: ...


@dataclass(frozen=True)
class HeldSheet:
    """A sheet of an .xls workbook: held whole, for this format cannot be read in stretches."""

    name: str
    is_hidden: bool
    rows: tuple[Row, ...]
    """Percents are known as such; another number below 1 may still be meant as one."""
    origin: date = EXCEL_ORIGIN
    spans: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    delimiter: None = None

    @property
    def row_count(self) -> int:
        return len(self.rows)

    def blocks(self, size: int) -> Iterator[Block]:
        for start in range(0, len(self.rows), size):
            rows = self.rows[start : start + size]
            numbers = range(start + 1, start + 1 + len(rows))
            yield Block(numbers, rows, self.hidden_rows.intersection(numbers) if self.hidden_rows else frozenset())


def held_sheets(path: Path) -> tuple[HeldSheet, ...]:
    """The sheets of an .xls workbook.

    Raises FileRefused for a password, for more than can be held, and for whatever the reader does not survive.
    """
    with TemporaryFile() as said_of_sheets:
        reading = _read_apart(path, said_of_sheets)
        said_of_sheets.seek(0)
        if not reading.returncode:
            return tuple(_held(*json.loads(line)) for line in said_of_sheets)
    if reading.returncode == PASSWORD:
        raise FileRefused("password_protected", name=path.name)
    if reading.returncode == TOO_LARGE:
        raise FileRefused("sheets_too_large", name=path.name)
    if reading.returncode == LONG_CELL:
        raise FileRefused("cell_too_long", name=path.name, most=str(LONGEST_CELL))
    said = reading.stderr.decode("utf-8", errors="replace").strip().splitlines()
    detail = said[0] if reading.returncode == DAMAGED and said else f"exit {reading.returncode}"
    raise FileRefused("damaged_workbook", name=path.name, detail=detail)


def _read_apart(path: Path, said_of_sheets: IO[bytes]) -> subprocess.CompletedProcess[bytes]:
    """The reader's process once it has ended; its output goes to a file, since a pipe has no limit."""
    try:
        return subprocess.run(
            [sys.executable, str(READER), str(path)],
            stdout=said_of_sheets,
            stderr=subprocess.PIPE,
            check=False,
            timeout=LONGEST_READING,
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "RUST_BACKTRACE": "0"},
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefused("damaged_workbook", name=path.name, detail=f"{LONGEST_READING} s") from error


def _held(
    name: str,
    is_hidden: bool,
    is_1904: bool,
    rows: list[list[str | int | float | bool | list[str | float] | None]],
    spans: list[list[int]],
    hidden_rows: list[int],
    hidden_columns: list[int],
) -> HeldSheet:
    return HeldSheet(
        storable(name, LONGEST_SHEET_NAME),
        is_hidden,
        tuple([_cell(*cell) if isinstance(cell, list) else _clean(cell) for cell in row] for row in rows),
        origin=ORIGIN_1904 if is_1904 else EXCEL_ORIGIN,
        spans=tuple(Span(top + 1, bottom + 1, left, right) for top, bottom, left, right in spans),
        hidden_rows=frozenset(number + 1 for number in hidden_rows),
        hidden_columns=frozenset(hidden_columns),
    )


def _clean(cell: str | float | bool | None) -> Cell:
    return storable(cell) if isinstance(cell, str) else cell


def _cell(reported: str | float) -> Cell:
    """A day or a percent: what JSON has no word for."""
    return date.fromisoformat(reported) if isinstance(reported, str) else Percent(reported)


def numbered_rows(sheet: Sheet, *, at_a_time: int = 1_000) -> Iterator[tuple[int, Row]]:
    """Every row with its number."""
    return chain.from_iterable(zip(block.numbers, block.rows, strict=True) for block in sheet.blocks(at_a_time))


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
