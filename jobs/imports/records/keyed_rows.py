"""What the smaller kinds share: a row with its columns by role, and the rule for the same key twice."""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeVar

from jobs.imports.formats.sheets import Row, shown
from jobs.imports.problems import Notice, problem
from jobs.imports.records.import_warnings import ImportWarnings
from jobs.imports.records.raw_rows import rejected_row
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.values import FileWarning, ImportContext, Limits, RejectedRow, place_of
from jobs.imports.words import folded, heading
from models.catalogue.problems import begins_a_formula
from models.readings.records import NOTES, Record
from targets.errors import FigureProblem
from targets.figures import Cell, Figure, day_in

Read = TypeVar("Read")
R = TypeVar("R", bound=Record)
_YEAR = re.compile(r"(?:nam )?(?P<year>(?:19|20)[0-9]{2})(?:\.0)?")
_YEAR_IN_TEXT = re.compile(r"\bnam (?P<year>20[0-9]{2})\b")


class RowRefused(Exception):
    """A row cannot be taken in: which column, and what is wrong."""

    def __init__(self, column: int, notice: Notice) -> None:
        self.column, self.notice = column, notice
        super().__init__(notice.code)


@dataclass(frozen=True)
class Line:
    """One row, asked by what its columns mean."""

    opened: OpenedSheet
    number: int
    row: Row

    def index(self, *roles: str) -> int:
        """The column to name when one of these roles is wrong; the first column where there is none."""
        found = self.opened.header.index(*roles)
        return self.opened.header.first_column if found is None else found

    def cell(self, *roles: str) -> Cell:
        found = self.opened.header.index(*roles)
        return self.row[found] if found is not None and found < len(self.row) else None

    def text(self, *roles: str) -> str:
        return " ".join(shown(self.cell(*roles)).split())

    def words(self, role: str, *, code: str = "") -> str:
        """A text that goes into tables which others open, never one that is a formula there; not empty with a code."""
        text = self.needed(role, code=code) if code else self.text(role)
        if begins_a_formula(text):
            raise RowRefused(self.index(role), problem("begins_a_formula"))
        return text

    @property
    def remark(self) -> str:
        """Where the row's figures come from, and what else is noted."""
        return "; ".join(filter(None, (self.text("source"), *map(self.text, NOTES))))

    def needed(self, *roles: str, code: str) -> str:
        """A text that must not be empty."""
        text = self.text(*roles)
        if not text:
            raise RowRefused(self.index(*roles), problem(code))
        return text

    def figure(self, column: int, read: Callable[[Cell], Figure]) -> Figure:
        return self._read(column, lambda: read(self.row[column] if column < len(self.row) else None))

    def exact_figure(self, column: int, read: Callable[[Cell], Figure]) -> Figure:
        """A figure of which a bound would be another one."""
        figure = self.figure(column, read)
        if figure.qualifier is not None:
            raise RowRefused(column, problem("not_exact"))
        return figure

    def day(self, *roles: str, context: ImportContext) -> date | None:
        first, last = context.days_meant
        origin = self.opened.sheet.origin
        column, cell = self.index(*roles), self.cell(*roles)
        written = self.opened.day_columns.get(column)
        if written is None:
            return self._read(column, lambda: day_in(cell, first=first, last=last, origin=origin))
        day = written.day(cell, first=first, last=last, origin=origin)
        if isinstance(day, Notice):
            raise RowRefused(column, day)
        return day

    def _read(self, column: int, read: Callable[[], Read]) -> Read:
        try:
            return read()
        except FigureProblem as error:
            raise RowRefused(column, Notice("problem", error.code, error.terms)) from error

    def place(self, column: int) -> str:
        return place_of(self.opened.sheet.name, self.number, column)

    def rejected(self, column: int, notice: Notice) -> RejectedRow:
        return rejected_row(self.opened, self.number, self.row, column=column, notice=notice)


@dataclass
class Collected(Generic[R]):
    """Records as they gather. The same key twice: alike counts once, otherwise the later row is refused."""

    limits: Limits
    warned: ImportWarnings = field(default_factory=ImportWarnings)
    records: list[R] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    rows_read: int = 0
    repeated: int = 0
    warnings: tuple[FileWarning, ...] = ()
    _known: dict[Hashable, R] = field(default_factory=dict)

    def add(self, record: R, *, key: Hashable, line: Line, column: int) -> None:
        first = self._known.setdefault(key, record)
        if first is record:
            self.records.append(record)
        elif first == record:
            self.repeated += 1
        else:
            self.refuse(line, column, problem("told_otherwise", first=first.place))

    def refuse(self, line: Line, column: int, notice: Notice) -> None:
        self.keep_rejected([line.rejected(column, notice)])

    def keep_rejected(self, rows: Iterable[RejectedRow]) -> None:
        self.rejected.extend(rows)
        self.limits.check_rejected(len(self.rejected))


def lines(opened: OpenedSheet, collected: Collected[R] | None = None) -> Iterator[Line]:
    """The rows below the header that hold anything. With `collected`, what is wrong with a text row's fields is refused
    there, and hidden rows are warned of."""
    for block in opened.blocks(10_000):
        for number, row in zip(block.numbers, block.rows, strict=True):
            if not any(shown(cell).strip() for cell in row):
                continue
            line = Line(opened, number, row)
            wrong = None if collected is None else opened.problem_beside(row)
            if collected is not None and wrong is not None:
                collected.rows_read += 1
                collected.refuse(line, *wrong)
                continue
            if collected is not None and number in block.hidden:
                collected.warned.left_out("hidden_rows_read", line.place(opened.header.first_column))
            yield line


def year_in(line: Line, *, default: int, warned: ImportWarnings) -> int:
    """The year of a row: from its column, from the headings or title ("Kết quả năm 2023"), else the campaign's."""
    text = folded(shown(line.cell("year")))
    if text:
        match = _YEAR.fullmatch(text)
        if match is None:
            raise RowRefused(line.index("year"), problem("year_unreadable"))
        return int(match["year"])
    header = line.opened.header
    reported = {
        match["year"] for words in (*header.texts, *header.title) for match in _YEAR_IN_TEXT.finditer(heading(words))
    }
    if len(reported) == 1:
        return int(reported.pop())
    if warned.wants("year_assumed"):
        warned.left_out("year_assumed", line.place(line.index("year", "indicator", "unit")))
    return default


def exact(number: float) -> Decimal:
    """A decimal as it was written: floats of fewer than 15 digits give theirs back."""
    value = Decimal(repr(number))
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
