"""Merged cells in the rows of a table: a unit, a day or a district belongs to every row that its cell spans.

A figure whose cell spans rows of several units, or several columns of figures, could belong to any of them: those rows
are refused. What a covered cell still holds cannot be seen, and is not read.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from jobs.imports.formats.sheets import Block, Row, Span, shown
from jobs.imports.formats.xlsx_parts import MOST_COLUMNS
from jobs.imports.problems import Notice, problem
from jobs.imports.tables.headers import Header
from jobs.imports.values import column_letters, place_of
from models.readings.records import NOTES
from targets.figures import Cell, has_figure

NOT_SPREAD = frozenset(("serial", "rank", *NOTES, "portal"))
"""Columns beside figures in which a merged cell says nothing of the rows below its first."""
TELLING = ("unit", "code", "identity_code", "gso_code", "indicator", "as_of", "scope", "phase", "year")
"""Columns that say what a row's figure is of."""


@dataclass
class Spreader:
    """Goes through the rows of a table once, from the top. `spread`: the columns whose merged cells hold for every
    row."""

    spans: Sequence[Span]
    spread: Set[int]
    _next: int = 0
    _open: dict[int, tuple[Span, Cell]] = field(default_factory=dict)
    """Left column → the span that is passed, and what its first cell holds."""

    def spread_out(self, block: Block) -> Block:
        """The rows as they are seen."""
        rows = [self._seen(number, row) for number, row in zip(block.numbers, block.rows, strict=True)]
        return Block(block.numbers, rows, block.hidden)

    def _seen(self, number: int, row: Row) -> Row:
        while self._next < len(self.spans) and self.spans[self._next].top <= number:
            span = self.spans[self._next]
            has_first = span.top == number and span.left < len(row)
            self._open[span.left] = (span, row[span.left] if has_first else None)
            self._next += 1
        over = [left for left, (span, _) in self._open.items() if span.bottom < number]
        for left in over:
            del self._open[left]
        if not self._open:
            return row
        cells = list(row)
        for span, _ in self._open.values():
            first = span.left + (span.top == number)
            for index in range(first, min(span.right + 1, len(cells))):
                cells[index] = None
        if not any(shown(cell).strip() for cell in cells):
            return cells
        for left, (_, value) in self._open.items():
            if left in self.spread and value is not None:
                cells.extend([None] * (left + 1 - len(cells)))
                cells[left] = value
        return cells


def spans_below(header: Header, spans: Iterable[Span]) -> tuple[Span, ...]:
    """The merged cells of a table's rows, from the top."""
    below = (span for span in spans if span.top > header.row and span.left < MOST_COLUMNS)
    return tuple(sorted(below, key=lambda span: span.top))


def columns_spread(header: Header, figures: Iterable[int]) -> frozenset[int]:
    """The columns whose merged cells hold for every row they span."""
    kept = (column.index for column in header.columns if not column.indicator and column.role not in NOT_SPREAD)
    return frozenset(kept) - frozenset(figures)


class MergedFigures:
    """The rows of a table in which a merged cell leaves open whose figure it holds."""

    def __init__(self, header: Header, spans: Iterable[Span], figures: Sequence[int], *, sheet: str | None) -> None:
        spans = tuple(spans)
        telling = [index for role in TELLING if (index := header.index(role)) is not None]
        tall: dict[int, list[Span]] = defaultdict(list)
        for span in spans:
            if span.bottom > span.top:
                tall[span.left].append(span)
        self._sheet = sheet
        self._unsure = [
            span
            for span in spans
            if (touched := [index for index in figures if span.left <= index <= span.right])
            and (len(touched) > 1 or (span.bottom > span.top and not _goes_along(span, telling, tall)))
        ]
        self._holds_figure: dict[Span, bool] = {}

    def problems(self, numbers: Sequence[int], rows: Sequence[Row]) -> Iterator[tuple[int, int, Notice]]:
        """Position, column and what is wrong, for the rows that such a cell touches and that it gives a figure."""
        if not self._unsure or not len(numbers):
            return
        positions = {number: position for position, number in enumerate(numbers)}
        lowest, highest = min(positions), max(positions)
        for span in self._unsure:
            if span.bottom < lowest or span.top > highest:
                continue
            if span.top in positions:
                row = rows[positions[span.top]]
                self._holds_figure[span] = span.left < len(row) and has_figure(row[span.left])
            if not self._holds_figure.get(span, True):
                continue
            cells = place_of(self._sheet, span.top, span.left) + f":{column_letters(span.right)}{span.bottom}"
            for number in range(max(span.top, lowest), min(span.bottom, highest) + 1):
                if number in positions:
                    yield positions[number], span.left, problem("figure_merged", cells=cells)


def _goes_along(span: Span, telling: Sequence[int], tall: Mapping[int, Sequence[Span]]) -> bool:
    """Whether everything that distinguishes rows is merged over the same rows: then they are one row, written tall.
    `tall`: the cells merged over several rows by their column, from the top."""
    for index in telling:
        column = tall.get(index, ())
        at = bisect_right(column, span.top, key=lambda other: other.top) - 1
        if at < 0 or column[at].bottom < span.bottom:
            return False
    return True
