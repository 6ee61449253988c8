"""Rows of figures that say in a column of their own that they are of something else: of targets, of another time."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from jobs.imports.days.named_periods import NoPeriod, Period, period_in_cell, settled
from jobs.imports.days.score_periods import COLUMNS, period_columns
from jobs.imports.formats.sheets import shown
from jobs.imports.problems import Notice, problem
from jobs.imports.tables.columns import Distinct, Whole
from jobs.imports.tables.headers import Header
from jobs.imports.tables.vocabulary import OTHER_SAID, TARGETS_SAID
from jobs.imports.words import heading
from models.core.columns import day_of
from targets.figures import Cell

LONGEST = 40
"""Letters: what says of a row that it is of another matter is short."""


class OtherMatters:
    """Looks at the columns of a table that are not read and at those of months, quarters and years."""

    def __init__(self, header: Header) -> None:
        periods = period_columns(header)
        self._matters = {index: Distinct(_is_other) for index in (*header.unknown, *periods.values())}
        self._periods = {index: Distinct(_periods_of(role)) for role, index in periods.items()}

    def problems(self, cells: Callable[[int], Sequence[Cell]], day: Whole) -> Iterator[tuple[int, int, Notice]]:
        """Position, column and what is wrong: "Kế hoạch", "Tuần trước"; a month without the row's day."""
        for index, matters in self._matters.items() if len(day) else ():
            places = matters.places(cells(index))
            for row in np.flatnonzero(np.array(matters.results, dtype=bool)[places]).tolist():
                yield row, index, problem("row_of_other_matter")
        for index, periods in self._periods.items() if len(day) else ():
            places = periods.places(cells(index))
            for row in np.flatnonzero(day >= 0).tolist():
                one_day = day_of(int(day[row]))
                found = settled(periods.results[places[row]], one_day)
                if any(one.year is not None and not one.start <= one_day <= one.end for one in found):
                    yield row, index, problem("day_outside_period", day=f"{one_day:%d/%m/%Y}")


def _is_other(cell: Cell) -> bool:
    words = heading(cell) if isinstance(cell, str) and len(cell) <= LONGEST else ""
    return any(said.search(words) for said in (TARGETS_SAID, OTHER_SAID)) or "nam truoc" in words or "cung ky" in words


def _periods_of(role: str) -> Callable[[Cell], frozenset[Period]]:
    """Reads the cells of a column of periods; what names none is no matter here."""

    def read(cell: Cell) -> frozenset[Period]:
        try:
            return period_in_cell(shown(cell), COLUMNS[role])
        except NoPeriod:
            return frozenset()

    return read
