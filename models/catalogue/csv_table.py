"""A CSV file of the campaign, read row by row in our own words.

UTF-8 with or without BOM, any line ends, commas, values with a dot, dates as 2024-03-22. As with TOML tables, a reader
returns a stand-in after a mistake; what was read may be used only while the row `is_sound`.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from models.catalogue.problems import (
    Problems,
    begins_a_formula,
    formula_sentence,
    has_control_character,
    hint,
    likely,
    listed,
    unknown_terms,
)

Word = TypeVar("Word", bound=str)

_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,15})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,12}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEARS = range(2000, 2101)


@dataclass(frozen=True)
class CsvTable:
    """The rows of a file and the columns its header really has."""

    columns: tuple[str, ...]
    rows: tuple["CsvRow", ...]
    is_complete: bool
    """False where reading broke off at a mistake."""

    @classmethod
    def stand_in(cls) -> "CsvTable":
        """For a file that could not be read, which was complained about already."""
        return cls(columns=(), rows=(), is_complete=False)


def read_csv(
    content: bytes,
    *,
    file: str,
    columns: Sequence[str],
    problems: Problems,
    optional: Sequence[str] = (),
    may_be_empty: bool = True,
) -> CsvTable:
    """The file's rows, in any order of columns; without a readable header the mistake is noted and no row returned.

    `optional`: columns that a file may do without, all of them or none; their cells are empty then.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(file, f"line {line}", problem="is not UTF-8; save the file as “CSV UTF-8”.", code="not_utf8")
        return CsvTable.stand_in()
    lines, is_complete = _split(text, file=file, problems=problems)
    if not lines:
        if is_complete:
            problem, names = "is empty; it needs at least the header", ",".join(columns)
            problems.add(file, "whole file", problem=f"{problem} {names}.", code="no_header", columns=names)
        return CsvTable.stand_in()
    header_line, header = lines[0]
    header = [cell.strip() for cell in header]
    if not set(header) & set(columns):
        separator = any(mark in "".join(header) for mark in (";", "\t"))
        advice = " Separate the columns by commas." if separator else ""
        names, code = ",".join(columns), "header_separator" if separator else "no_header"
        problem = f"is not the header; it must be {names}.{advice}"
        problems.add(file, f"line {header_line}", problem=problem, code=code, columns=names)
        return CsvTable.stand_in()
    left_out = () if set(header) & set(optional) else optional
    has_right_columns = _check_header(
        header, file=file, line=header_line, columns=columns, left_out=left_out, problems=problems
    )
    if len(lines) == 1 and not may_be_empty:
        problem = "is the only line; the file needs at least one row below it."
        problems.add(file, f"line {header_line}", problem=problem, code="file_missing")
    rows = []
    for line, cells in lines[1:]:
        is_whole = len(cells) == len(header)
        if not is_whole and has_right_columns:
            advice = " A text that holds a comma goes in double quotes." if len(cells) > len(header) else ""
            problem = f"has {len(cells)} columns, the header has {len(header)}.{advice}"
            code, counts = "cells_many" if advice else "cells_few", {"cells": len(cells), "columns": len(header)}
            problems.add(file, f"line {line}", problem=problem, code=code, **counts)
        told = dict.fromkeys(left_out, "") | dict(zip(header, cells, strict=False))
        row = CsvRow(told, file=file, line=line, problems=problems)
        row.is_whole = is_whole
        row.is_sound = is_whole
        rows.append(row)
    return CsvTable(columns=tuple(header), rows=tuple(rows), is_complete=is_complete)


class CsvRow:
    """One row. In a row with too few or too many columns nothing further is complained about: its cells are shifted."""

    def __init__(self, cells: dict[str, str], *, file: str, line: int, problems: Problems) -> None:
        self._cells = cells
        self._file = file
        self._problems = problems
        self.line = line
        self.is_whole = True
        self.is_sound = True

    def complain(self, column: str, problem: str, *, code: str, **terms: object) -> None:
        """Note a mistake in a cell, or in the whole row where the column is empty.

        `code` and its terms say it in the reader's language.
        """
        self.is_sound = False
        if self.is_whole:
            where = f"line {self.line}, column {column}" if column else f"line {self.line}"
            self._problems.add(self._file, where, problem=problem, code=code, **terms)

    def peek(self, column: str) -> str:
        """What the cell holds, unchecked; empty where there is no such cell."""
        return self._cells.get(column, "").strip()

    def optional_text(self, column: str) -> str | None:
        if column not in self._cells:  # the header was complained about already
            self.is_sound = False
            return None
        text = unicodedata.normalize("NFC", self._cells[column]).strip()
        if has_control_character(text):
            self.complain(column, "holds a line break or another control character.", code="control")
        return text or None

    def text(self, column: str) -> str:
        value = self.optional_text(column)
        if value is None and column in self._cells:
            self.complain(column, "is empty.", code="empty")
        return value or ""

    def refuse_formulas(self, *columns: str) -> None:
        """Words that people type on a page go raw into the file: they must stay words where it is opened."""
        for column in columns:
            if begins_a_formula(value := self.peek(column)):
                self.complain(column, formula_sentence(value), code="formula", value=value)

    def optional_name(self, column: str, *, known: Collection[str] | None, kind: str, reported_in: str) -> str | None:
        """A name that must exist; where `known` is None the names could not be read and nothing is checked."""
        name = self.optional_text(column)
        if name is not None and known is not None and name not in known:
            problem = f"names the {kind} “{name}”, which does not exist.{hint(name, known, reported_in=reported_in)}"
            self.complain(column, problem, **unknown_terms(kind, name, known))
        return name

    def name(self, column: str, *, known: Collection[str] | None, kind: str, reported_in: str) -> str:
        name = self.optional_name(column, known=known, kind=kind, reported_in=reported_in)
        if name is None and column in self._cells:
            self.complain(column, f"is empty; it must name a {kind}.", code="missing")
        return name or ""

    def optional_word(self, column: str, allowed: tuple[Word, ...]) -> Word | None:
        value = self.optional_text(column)
        for word in allowed:
            if value == word:
                return word
        if value is not None:
            problem = f"is “{value}”; it may be empty or one of {listed(allowed)}."
            self.complain(column, problem, code="choice", value=value, allowed="; ".join(allowed))
        return None

    def optional_decimal(self, column: str, *, most: Decimal | None) -> Decimal | None:
        """A number from 0 to `most`, exactly as written; None where the cell is empty."""
        value = self.optional_text(column)
        if value is None:
            return None
        if not _DECIMAL.fullmatch(value):
            advice = f" Write it with a dot: {value.replace(',', '.')}." if re.fullmatch(r"\d+,\d+", value) else ""
            problem = f"is “{value}”; it must be a number such as 92.12, without a percent sign.{advice}"
            self.complain(column, problem, code="no_number", value=value)
            return None
        number = Decimal(value)
        if value.startswith("-") or (most is not None and number > most):
            limit = f"0 to {most}" if most is not None else "0 or more"
            reported = {"value": value} if most is None else {"value": value, "least": 0, "most": most}
            self.complain(
                column, f"is {value}; allowed: {limit}.", code="negative" if most is None else "range", **reported
            )
        return number

    def decimal(self, column: str, *, most: Decimal | None) -> Decimal:
        value = self.optional_decimal(column, most=most)
        if value is None and column in self._cells and not self.peek(column):
            self.complain(column, "is empty; it must be a number.", code="empty")
        return value if value is not None else Decimal(0)

    def optional_count(self, column: str, *, least: int = 0, most: int | None = None) -> int | None:
        value = self.optional_text(column)
        if value is None:
            return None
        if not _WHOLE.fullmatch(value):
            problem = f"is “{value}”; it must be a whole number without dots or commas, such as 27503."
            self.complain(column, problem, code="not_whole", value=value)
            return None
        if most is not None and not least <= int(value) <= most:
            problem = f"is {value}; allowed: {least} to {most}."
            self.complain(column, problem, code="range", value=value, least=least, most=most)
            return None
        return int(value)

    def year(self, column: str) -> int:
        value = self.text(column)
        if value and (not _WHOLE.fullmatch(value) or int(value) not in YEARS):
            problem = f"is “{value}”; it must be a year from {YEARS[0]} to {YEARS[-1]}."
            self.complain(column, problem, code="year", value=value, least=YEARS[0], most=YEARS[-1])
            return 0
        return int(value or 0)

    def optional_day(self, column: str) -> date | None:
        value = self.optional_text(column)
        if value is None:
            return None
        try:
            if not _DAY.fullmatch(value):
                raise ValueError(value)
            day = date.fromisoformat(value)
        except ValueError:
            problem = f"is “{value}”; it must be a date such as 2024-10-31 (year-month-day)."
            self.complain(column, problem, code="not_day", value=value)
            return None
        if day.year not in YEARS:
            problem = f"is {value}; dates lie between {YEARS[0]} and {YEARS[-1]}."
            self.complain(column, problem, code="day_range", value=value, least=YEARS[0], most=YEARS[-1])
        return day

    def day(self, column: str) -> date:
        value = self.optional_day(column)
        if value is None and column in self._cells and not self.peek(column):
            self.complain(column, "is empty; it must be a date such as 2024-10-31 (year-month-day).", code="empty")
        return value or date(YEARS[0], 1, 1)


@dataclass(frozen=True)
class Names:
    """The names that rows may use; None where the file that gives them could not be read: nothing is checked then."""

    units: Collection[str] | None
    """Quick to ask, since there may be 11,000."""
    levels: tuple[str, ...] | None
    """From the top of the tree down."""
    phases: tuple[str, ...] | None
    indicators: tuple[str, ...] | None
    sources: tuple[str, ...] | None
    ceilings: Mapping[str, Decimal]
    """How high the figures of an indicator may be; one is absent where its file does not say it."""

    def unit(self, row: CsvRow) -> str:
        return row.name("unit", known=self.units, kind="unit", reported_in="units.csv")

    def indicator(self, row: CsvRow) -> str:
        return row.name("indicator", known=self.indicators, kind="indicator", reported_in="indicators/")

    def source(self, row: CsvRow) -> str:
        return row.name("source", known=self.sources, kind="source", reported_in="sources.toml")

    def phase(self, row: CsvRow) -> str:
        return row.name("phase", known=self.phases, kind="phase", reported_in="campaign.toml")

    def level(self, row: CsvRow) -> str:
        return row.name("level", known=self.levels, kind="level", reported_in="campaign.toml")


def _split(text: str, *, file: str, problems: Problems) -> tuple[list[tuple[int, list[str]]], bool]:
    """The lines that hold anything, each with the number of the line it begins on, and whether all could be read."""
    # Old Macintosh line ends count as line ends too; inside quotes they are complained about as control characters.
    reader = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"), newline=""), strict=True)
    lines: list[tuple[int, list[str]]] = []
    begin = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((begin, cells))
            begin = reader.line_num + 1
    except csv.Error as error:
        problem = f"cannot be read as CSV: {error}. Check its double quotes."
        problems.add(file, f"line {begin}", problem=problem, code="no_csv", said=error)
        return lines, False
    return lines, True


def _check_header(
    header: list[str], *, file: str, line: int, columns: Sequence[str], left_out: Sequence[str], problems: Problems
) -> bool:
    """Whether the columns are those of the file, in any order; where some are wrong, the others can still be read."""
    where = f"line {line}"
    unknown = [name for name in dict.fromkeys(header) if name not in columns]
    missing = [name for name in columns if name not in header]
    for name in unknown:
        problem, like = f"names the column “{name}”, which is not one.{hint(name, missing)}", likely(name, missing)
        said = {"code": "column_unknown"} if like is None else {"code": "column_unknown_like", "like": like}
        problems.add(file, where, problem=problem, name=name, **said)
    missing = [name for name in missing if name not in left_out]
    for name in missing:
        problems.add(file, where, problem=f"lacks the column “{name}”.", code="column_missing", name=name)
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    for name in twice:
        problems.add(file, where, problem=f"names the column “{name}” twice.", code="column_twice", name=name)
    return not (unknown or missing or twice)
