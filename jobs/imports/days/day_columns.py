"""Columns of days in which one cell shows that the others may have the month first: what they mean is asked."""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from jobs.imports.formats.sheets import Row, shown
from jobs.imports.problems import Notice, problem
from jobs.imports.tables.headers import Header
from jobs.imports.tables.questions import SAMPLES, UNIT_ROLES, Answers, Option, Question, Sample, column_name, layout_of
from jobs.imports.values import place_of
from targets.errors import FigureProblem
from targets.figures import Cell, day_in
from targets.titles import day_order, turned

ROLES = ("as_of", "document_date", "due", "valid_from", "valid_to")
DAY_FIRST, MONTH_FIRST, TURNED = "day_first", "month_first", "turned"
_NUMBERS = re.compile("[0-9]+")


class DayColumn:
    """What the cells of one column show of how its days are written, and the answer somebody gave."""

    def __init__(self) -> None:
        self._month_first = self._day_first = ""
        self._is_real_certain = False
        """Whether some real day cannot have day and month swapped."""
        self._has_text = self._has_real = False
        """Whether there are texts, or real days, that could be read either way."""
        self._has_taken = False
        self._order = ""

    def look(self, cell: Cell) -> None:
        """Learns from a cell."""
        order = day_order(cell)
        if order == "month_first":
            self._month_first = self._month_first or shown(cell)
        elif order == "day_first":
            self._day_first = self._day_first or shown(cell)
        elif order == "either":
            self._has_real |= isinstance(cell, date)
            self._has_text |= isinstance(cell, str)
        elif isinstance(cell, date):
            self._is_real_certain = self._is_real_certain or cell.day != cell.month

    def options(self, remembered: Sequence[str]) -> tuple[str, ...]:
        """The ways in which its days may be meant; () where that is certain, or where no one way would fit all.

        `remembered` are earlier answers: a column that shows nothing is read as an earlier one of the same layout.
        """
        if self._has_text and not self._day_first and (self._month_first or MONTH_FIRST in remembered):
            return MONTH_FIRST, DAY_FIRST
        if self._has_real and self._day_first and not (self._month_first or self._is_real_certain):
            return TURNED, DAY_FIRST
        return ()

    def settle(self, order: str) -> None:
        """Takes what somebody said."""
        self._order = order

    def day(self, cell: Cell, *, first: date, last: date, origin: date) -> date | Notice | None:
        """The day of a cell, or why it cannot be taken."""
        if (notice := self._doubt(cell)) is not None:
            return notice
        is_turned = self._order == MONTH_FIRST if isinstance(cell, str) else self._order == TURNED
        try:
            return day_in(turned(cell) if is_turned else cell, first=first, last=last, origin=origin)
        except FigureProblem as error:
            return Notice("problem", error.code, error.terms)

    def _doubt(self, cell: Cell) -> Notice | None:
        """Why a cell's day cannot be taken, as far as the column shows."""
        if day_order(cell) != "either" or self._order in (DAY_FIRST, TURNED):
            return None
        if self._order == MONTH_FIRST and isinstance(cell, str):
            return None
        if self._month_first or self._order:
            return problem("day_or_month_first", other=self._month_first or shown(cell))
        if isinstance(cell, date) and self._day_first and not self._is_real_certain:
            # A spreadsheet that expects the month first turns 5/4 into a day and leaves 25/4 a text.
            return problem("day_turned_perhaps", other=self._day_first)
        self._has_taken = True
        return None

    def turns(self, cell: Cell) -> bool:
        """Whether a cell puts the month first after days were taken that could be read either way."""
        return day_order(cell) == "month_first" and self._has_taken and not self._month_first

    def written(self, cell: Cell) -> str:
        """A cell's text, in words where alone it would not show the answer given for its column."""
        is_turned = self._order == MONTH_FIRST if isinstance(cell, str) else self._order == TURNED
        meant = turned(cell) if is_turned else cell
        if meant == cell:
            return shown(cell)
        day, month, *year = _NUMBERS.findall(shown(meant))
        return f"{int(day)} tháng {int(month)}" + (f" năm {year[0]}" if year else "")


def day_columns(
    header: Header, numbers: Sequence[int], rows: Sequence[Row], *, sheet: str | None, answers: Answers
) -> Mapping[int, DayColumn]:
    """The columns of days of a table, with what its first rows show and what somebody said of them."""
    columns = {index: DayColumn() for role in ROLES if (index := header.index(role)) is not None}
    for index, column in columns.items():
        for cell in dict.fromkeys(row[index] for row in rows if index < len(row)):
            column.look(cell)
        key = f"{layout_of(header)}:{column_name(header, index)}"
        codes = column.options(answers.given(key))
        if not codes:
            continue
        either = [(number, row) for number, row in zip(numbers, rows, strict=True) if _is_either(row, index)]
        option = answers.option(
            Question(
                key=key,
                place=place_of(sheet, header.row, index),
                field=header.texts[index],
                options=tuple(Option(code, _samples(either, header, index, code, sheet)) for code in codes),
                code="days",
                refusal=problem("days_of_two_orders", name=answers.file, field=header.texts[index]),
            )
        )
        column.settle("" if option is None else option.code)
    return columns


def _is_either(row: Row, index: int) -> bool:
    return index < len(row) and day_order(row[index]) == "either"


def _samples(
    rows: Sequence[tuple[int, Row]], header: Header, index: int, code: str, sheet: str | None
) -> tuple[Sample, ...]:
    name = header.index(*UNIT_ROLES)
    return tuple(
        Sample(
            place_of(sheet, number, index),
            shown(row[name]).strip() if name is not None and name < len(row) else "",
            shown(row[index]),
            _day_and_month(row[index] if code == DAY_FIRST else turned(row[index])),
        )
        for number, row in rows[:SAMPLES]
    )


def _day_and_month(cell: Cell) -> dict[str, str]:
    day, month = (cell.day, cell.month) if isinstance(cell, date) else _NUMBERS.findall(str(cell))[:2]
    return {"day": str(int(day)), "month": str(int(month))}
