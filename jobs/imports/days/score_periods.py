"""Which period a table of scores is of. Its words say so: a column, else headings, title or the sheet's name."""

from dataclasses import dataclass
from datetime import date, datetime

from jobs.imports.days.named_periods import NoPeriod, Period, period_in_cell, periods_in, settled
from jobs.imports.formats.sheets import shown
from jobs.imports.problems import FileRefused, problem
from jobs.imports.records.keyed_rows import Line, RowRefused
from jobs.imports.tables.headers import Header
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.values import ImportContext
from targets.periods import period_of
from targets.values import Basis

COLUMNS = {"period": "", "month": "thang", "quarter": "quy", "year": "nam"}
"""Columns that say a row's period, and the word that their bare numbers go without."""
ASSUMED: Basis = "month"
"""What the national portal's points are of where nothing says otherwise; it is always remarked on."""


@dataclass(frozen=True)
class ScoreDay:
    """What a row's scores are of: the period, and the day on which they were reported."""

    basis: Basis
    start: date
    end: date
    day: date
    is_assumed: bool = False
    """Nothing named the period; the day lies in it."""


def period_columns(header: Header) -> dict[str, int]:
    """Role → column."""
    return {role: column for role in COLUMNS if (column := header.index(role)) is not None}


def period_of_sheet(header: Header, sheet: str | None, day: date | None, *, file: str) -> Period | None:
    """The one period that title, headings and the sheet's name give; None where they give none.

    Raises FileRefused for two, for one that is not kept apart, and for one whose year nothing gives.
    """
    columns = period_columns(header)
    read = [column.text for column in header.columns if column.index not in columns.values()]
    try:
        found = settled(periods_in((*header.title, *read, sheet or "")), day)
    except NoPeriod as error:
        raise FileRefused("period_not_kept", name=file) from error
    if len(found) > 1:
        raise FileRefused("several_periods", name=file, periods=", ".join(sorted(map(str, found))))
    period = next(iter(found), None)
    if period is None or period.year is not None:
        return period
    if columns:
        return None
    raise FileRefused("period_without_year", name=file, period=str(period))


class RowPeriods:
    """The period and the day of each row of a sheet."""

    def __init__(self, opened: OpenedSheet, context: ImportContext) -> None:
        self._context = context
        self._columns = period_columns(opened.header)
        self._reported = period_of_sheet(opened.header, opened.sheet.name, opened.day, file=opened.sheet.name or "")
        self.tells_days = opened.day is not None or opened.header.index("as_of") is not None
        """Otherwise scores are of the last reported day of their period."""

    def of(self, line: Line, day: date) -> ScoreDay:
        """The row's period and day.

        Raises RowRefused for words that name no period or another one than the sheet's, and for a day before it.
        """
        column = next(iter(self._columns.values()), line.opened.header.first_column)
        reported = self._in_row(line, column, day) or self._reported
        if reported is not None and self._reported is not None and reported != self._reported:
            raise RowRefused(column, problem("period_differs", sheet=str(self._reported)))
        if reported is None:
            if not self.tells_days:
                raise RowRefused(column, problem("as_of_missing"))
            basis = self._context.basis or ASSUMED
            start, end = period_of(basis, day, self._context.campaign)
            return ScoreDay(basis, start, end, day, is_assumed=self._context.basis is None)
        if not self.tells_days:
            day = reported.until
        if day > self._context.today:
            raise RowRefused(column, problem("period_not_over", period=str(reported)))
        if day < reported.start:
            raise RowRefused(
                line.index("as_of"), problem("day_before_period", period=str(reported), day=f"{day:%d/%m/%Y}")
            )
        return ScoreDay(reported.basis, reported.start, reported.end, day)

    def _in_row(self, line: Line, column: int, day: date) -> Period | None:
        try:
            cells = [self._in_cell(line, role, index) for role, index in self._columns.items()]
            found = settled(frozenset().union(*cells), day if self.tells_days else None)
        except NoPeriod as error:
            raise RowRefused(column, problem("period_unreadable")) from error
        if len(found) > 1 or any(period.year is None for period in found):
            raise RowRefused(column, problem("period_unreadable"))
        return next(iter(found), None)

    def _in_cell(self, line: Line, role: str, index: int) -> frozenset[Period]:
        cell = line.row[index] if index < len(line.row) else None
        if role == "month" and isinstance(cell, date | datetime) and cell.day == 1:
            # Excel makes the first of a month of "10/2025".
            return frozenset((Period("month", cell.year, cell.month),))
        return period_in_cell(shown(cell), COLUMNS[role])
