"""Rows after which a table's header no longer tells what the figures are: those below are refused, never guessed.

Such a row holds other headings, names another day, another indicator, or another time or matter ("Tuần trước", "Chỉ
tiêu giao"), and no header of its own was found there.
"""

import re
from collections.abc import Sequence

from jobs.imports.headers import Headings
from jobs.imports.layout import OpenedSheet
from jobs.imports.problems import LONGEST_NAME, Notice, problem
from jobs.imports.sheets import Row, shown
from jobs.imports.tables import KnownHeadings
from jobs.imports.values import ImportContext, place_of
from jobs.imports.vocabulary import NUMBERED_GROUP, OTHER_MATTER
from jobs.imports.words import heading
from targets.errors import FigureProblem
from targets.figures import has_figure
from targets.titles import days_of_line, names_period

NAMES = frozenset(("unit", "code", "identity_code", "gso_code", "district"))
_NUMBERED = re.compile(r"^(?:bieu|bang|muc|phan|phu luc)? ?(?:[0-9]{1,2}|[ivx]{1,4})? (?:ket qua )?")


class Breaks:
    """Looks at the rows of a table that are no unit's, from the top."""

    def __init__(self, opened: OpenedSheet, headings: Headings, context: ImportContext) -> None:
        self._opened, self._headings, self._context = opened, headings, context
        self._known = KnownHeadings(headings)
        self._has_day_column = opened.header.index("as_of") is not None
        self._indicators = {group.indicator for group in opened.groups} - {None}
        self._found: tuple[int, Notice] | None = None
        if opened.unread is not None:
            self._found = opened.unread, problem("below_other_header", first=self._place(opened.unread))

    def look(self, number: int, row: Row, *, is_first: bool) -> None:
        """Whether a row without a unit is one after which nothing is certain. `is_first`: no unit's row came before."""
        if self._found is not None and self._found[0] <= number:
            return
        if self._known.is_header(row, self._opened.header):
            names = any(
                (column := self._known.column(index, cell)) is not None and column.role in NAMES
                for index, cell in enumerate(row)
            )
            # Right below a header without a name in it: one more line of the header itself.
            if (names or not is_first) and not self._known.repeats(row, self._opened.header):
                self._found = number, problem("below_other_header", first=self._place(number))
            return
        figures = self._opened.figure_columns
        if any(has_figure(row[index]) for index in figures if index < len(row)):
            return
        texts = [text for cell in row if (text := shown(cell).strip())]
        if self._names_other_day(texts):
            self._found = number, problem("below_other_day", first=self._place(number))
        elif len(texts) == 1 and (names_period(texts[0]) or OTHER_MATTER.search(heading(texts[0]))):
            self._found = (
                number,
                problem("below_other_matter", first=self._place(number), words=texts[0][:LONGEST_NAME]),
            )
        elif self._indicators and len(texts) <= len(("II", "Thanh toán")) and self._names_other_indicator(texts):
            self._found = number, problem("below_other_indicator", first=self._place(number))

    def problem(self, number: int) -> Notice | None:
        """Why a row below cannot be taken."""
        return self._found[1] if self._found is not None and number > self._found[0] else None

    @property
    def start(self) -> int | None:
        return None if self._found is None else self._found[0]

    def _place(self, number: int) -> str:
        return place_of(self._opened.sheet.name, number, self._opened.header.first_column)

    def _names_other_day(self, texts: Sequence[str]) -> bool:
        if self._has_day_column or self._opened.day is None or not texts:
            return False
        first, last = self._context.days_meant
        words = " | ".join(texts)
        try:
            days = days_of_line(words, first=first, last=last)
        except FigureProblem:
            return True
        return bool(days) and days != (self._opened.day,)

    def _names_other_indicator(self, texts: Sequence[str]) -> bool:
        """Whether a row is the title of a part about one indicator, where the header names another one or several."""
        for text in texts:
            phrase = _NUMBERED.sub("", f"{heading(NUMBERED_GROUP.sub('', text))}", count=1)
            key = self._headings.indicator(phrase) or self._headings.indicator(heading(text))
            if key is not None:
                return self._indicators != {key}
        return False
