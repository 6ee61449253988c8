"""The tables of a sheet: each begins with a header of its own and ends where the next one begins, or where its
header no longer says what the figures are: rows below such a break are refused, never guessed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jobs.imports.formats.limits import WatchedSheet
from jobs.imports.formats.sheets import Block, Row, Sheet, head, shown
from jobs.imports.problems import LONGEST_NAME, Notice, problem
from jobs.imports.tables.headers import TALLEST, Column, Header, Headings, find_header, is_column_numbers
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.tables.vocabulary import GROUPS, NUMBERED_GROUP, OTHER_MATTER
from jobs.imports.values import ImportContext, Kind, place_of
from jobs.imports.words import heading
from targets.errors import FigureProblem
from targets.figures import Cell, has_figure
from targets.titles import days_of_line, names_period

BLOCK = 500
HELD_ROWS = 10_000
HELD_CELLS = 500_000
"""So much of a sheet is kept. Further down no header is looked for: rows below one are refused."""
FEWEST = 2
"""So many headings side by side make a header, or a part of one."""
OF_UNITS: frozenset[Kind] = frozenset(("readings", "baselines", "targets", "scores"))


@dataclass(frozen=True)
class Table:
    """A part of a sheet with the header it is read by. `rows`: its first rows below the header, as they are kept, and
    `numbers` theirs in the file."""

    sheet: WatchedSheet
    header: Header
    numbers: Sequence[int]
    rows: Sequence[Row]
    is_first: bool
    """The first of its sheet: a later one without a day in its title may have the day of the one above."""
    has_hidden: bool = False
    """Whether any of these rows is hidden."""


def tables_of(sheet: WatchedSheet, headings: Headings) -> list[Table]:
    """The tables of a sheet from the top; none where no header is found."""
    kept, is_all = _start_of(sheet)
    found = list(_headers(_without_hidden(kept), headings)) if kept.hidden else []
    found = found or list(_headers(kept, headings))
    if not found:
        header = find_header(head(sheet), headings)
        found = [] if header is None else [(header, 0)]
    sheet = replace(sheet, kept=kept if is_all else None)
    bounds = [*(first for _, first in found[1:]), None][: len(found)]
    tables = []
    for number, ((header, first), end) in enumerate(zip(found, bounds, strict=True)):
        last = None if end is None else end - 1
        part = replace(sheet, first=first if number else 0, last=last)
        below = [
            (at, row)
            for at, row in zip(kept.numbers, kept.rows, strict=True)
            if at > header.row and (last is None or at <= last)
        ]
        numbers, rows = ([at for at, _ in below], [row for _, row in below])
        tables.append(Table(part, header, numbers, rows, not number, not kept.hidden.isdisjoint(numbers)))
    return tables


def _start_of(sheet: Sheet) -> tuple[Block, bool]:
    """The first rows of a sheet, and whether they are all."""
    numbers: list[int] = []
    rows: list[Row] = []
    hidden: set[int] = set()
    cells = 0
    for block in sheet.blocks(BLOCK):
        if len(rows) >= HELD_ROWS or cells >= HELD_CELLS:
            return Block(numbers, rows, frozenset(hidden)), False
        numbers.extend(block.numbers)
        rows.extend(block.rows)
        hidden |= block.hidden
        cells += sum(map(len, block.rows))
    return Block(numbers, rows, frozenset(hidden)), True


def _without_hidden(block: Block) -> Block:
    seen = [number not in block.hidden for number in block.numbers]
    return Block(
        [number for number, is_seen in zip(block.numbers, seen, strict=True) if is_seen],
        [row for row, is_seen in zip(block.rows, seen, strict=True) if is_seen],
    )


def _headers(block: Block, headings: Headings) -> Iterator[tuple[Header, int]]:
    """The headers of a sheet, each with the number of the row where it begins."""
    candidates = list(_candidates(block, headings))
    places = [*(first for _, first, _ in candidates), len(block.rows)]
    kept: list[Header] = []
    above: tuple[str, ...] = ()
    for (header, first, after), (_, end) in zip(candidates, pairwise(places), strict=True):
        has_rows = any(_is_data(row) for row in block.rows[after:end])
        # Headings with nothing below them before the next header are words above that one.
        if has_rows or end == len(block.rows):
            is_other = bool(kept) and not header.kinds & (kept[0].kinds if not kept[0].kinds & OF_UNITS else OF_UNITS)
            if not is_other:
                kept.append(header)
                yield replace(header, title=above + header.title), block.numbers[first]
            above = ()
        else:
            above += header.title


def _candidates(block: Block, headings: Headings) -> Iterator[tuple[Header, int, int]]:
    """Every header with its first row and the row behind it, as positions in the block."""
    known = KnownHeadings(headings)
    current: Header | None = None
    at = first_free = 0
    while at < len(block.rows):
        if not known.is_header(block.rows[at], current):
            at += 1
            continue
        start = at
        while start > max(first_free, at - TALLEST + 1) and not _is_data(block.rows[start - 1]):
            start -= 1
        end = at + 1
        while end < min(len(block.rows), at + TALLEST) and not _is_data(block.rows[end]):
            end += 1
        header = find_header(Block(block.numbers[start:end], block.rows[start:end]), headings)
        if header is None:
            at += 1
            continue
        first = start + len(header.title)
        after = block.numbers.index(header.row, first) + 1
        yield replace(header, title=_title(block, first_free, first)), first, after
        current, at, first_free = header, after, after


def _title(block: Block, lowest: int, first: int) -> tuple[str, ...]:
    """The words above a header, down from the last row with a figure."""
    top = first
    while top > lowest and not (lowest and _is_data(block.rows[top - 1])):
        top -= 1
    return tuple(" ".join(filter(None, map(shown, row))) for row in block.rows[top:first])


def _is_data(row: Row) -> bool:
    """Whether a row holds figures, and not only the columns' numbers."""
    return any(has_figure(cell) for cell in row) and not is_column_numbers(row)


class KnownHeadings:
    """Separates rows of headings from rows of figures; remembers every text."""

    def __init__(self, headings: Headings) -> None:
        self._headings = headings
        self._known: dict[str, Column | None] = {}

    def column(self, index: int, cell: Cell) -> Column | None:
        """What a cell means as a heading by itself."""
        if not isinstance(cell, str):
            return None
        if cell not in self._known:
            self._known[cell] = self._headings.column(index, [cell])
        return self._known[cell]

    def is_header(self, row: Row, current: Header | None) -> bool:
        """Whether a row below the `current` header holds headings: more of them than figures, and at least two."""
        found = [
            (index, cell)
            for index, cell in enumerate(row)
            if type(cell) is str and self.column(index, cell) is not None
        ]
        if len(found) >= FEWEST and current is not None:
            indicator = current.index("indicator")
            found = [(index, cell) for index, cell in found if not _is_content(index, cell, indicator)]
        return len(found) >= FEWEST and len(found) > sum(map(has_figure, row))

    def repeats(self, row: Row, header: Header) -> bool:
        """Whether the headings of a row stand in the header already, in the same columns."""
        return all(
            index < len(header.texts) and heading(shown(cell)) in map(heading, header.texts[index].split(" / "))
            for index, cell in enumerate(row)
            if self.column(index, cell) is not None
        )


def _is_content(index: int, cell: Cell, indicator: int | None) -> bool:
    """Whether a cell that reads like a heading is what such rows hold: an indicator's name, a group's."""
    return index == indicator or heading(shown(cell)) in GROUPS


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
        """Finds out whether after a row without a unit nothing is certain. `is_first`: no unit's row came before."""
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
