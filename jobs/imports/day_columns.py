"""Columns of days in which one cell puts the month first: what the others mean is then no longer certain."""

from collections.abc import Mapping, Sequence
from datetime import date

from jobs.imports.headers import Header
from jobs.imports.problems import Notice, problem
from jobs.imports.sheets import Row, shown
from targets.figures import Cell
from targets.titles import day_order

ROLES = ("as_of", "document_date", "due", "valid_from", "valid_to")


class DayColumn:
    """What the cells of one column have shown of how its days are written."""

    def __init__(self) -> None:
        self._month_first = self._day_first = ""
        self._is_real_certain = False
        """Whether a real day is none that could have been turned round."""
        self._has_taken = False

    def look(self, cell: Cell) -> None:
        """Learns from a cell."""
        order = day_order(cell)
        if order == "month_first":
            self._month_first = self._month_first or shown(cell)
        elif order == "day_first":
            self._day_first = self._day_first or shown(cell)
        elif isinstance(cell, date) and order is None:
            self._is_real_certain = self._is_real_certain or cell.day != cell.month

    def doubt(self, cell: Cell) -> Notice | None:
        """Why a cell's day cannot be taken, as far as the column tells."""
        if day_order(cell) != "either":
            return None
        if self._month_first:
            return problem("day_or_month_first", other=self._month_first)
        if isinstance(cell, date) and self._day_first and not self._is_real_certain:
            # A spreadsheet that expects the month first turns 5/4 into a day and leaves 25/4 a text.
            return problem("day_turned_perhaps", other=self._day_first)
        self._has_taken = True
        return None

    def turns(self, cell: Cell) -> bool:
        """Whether a cell puts the month first after days were taken that could be read either way."""
        return day_order(cell) == "month_first" and self._has_taken and not self._month_first


def day_columns(header: Header, rows: Sequence[Row]) -> Mapping[int, DayColumn]:
    """The columns of days of a table, with what its first rows show."""
    columns = {index: DayColumn() for role in ROLES if (index := header.index(role)) is not None}
    for index, column in columns.items():
        for cell in dict.fromkeys(row[index] for row in rows if index < len(row)):
            column.look(cell)
    return columns
