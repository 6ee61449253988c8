"""The first rows of a sheet as columns of numbers: what deciding about columns looks at, each distinct cell once."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import compress, islice

import numpy as np

from jobs.imports.formats.sheets import Block, Row
from jobs.imports.tables.columns import Bools, Distinct, Floats, Whole
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.words import folded
from targets.errors import FigureProblem
from targets.figures import (
    DECIMALS_KEPT,
    LARGEST_COUNT,
    Cell,
    Figure,
    count_in,
    is_counted,
    is_marked,
    percent_in,
    rate_in,
    says_nothing,
)

ROWS = 10_000
"""Deciding looks at so many rows. What a later one holds against it is refused where it stands."""
HIGHEST = 100
LABELS = 4
"""What a row is about stands in its first cells."""
_PERHAPS_AVERAGE = re.compile(r"\s*[BTAM]", re.IGNORECASE)
AVERAGE = re.compile(r"(?:binh quan|trung binh|average|mean)\b")


@dataclass(frozen=True)
class Looked:
    """A column: each cell as a count and as a percent in points (NaN: it is none), and how it is written."""

    count: Floats
    percent: Floats
    plain: Floats
    """The number, where nothing says that it is a percent, and it can be read in one way only."""
    decimals: Whole
    is_marked: Bools
    """The cell says itself that it is a percent."""
    is_counted: Bools
    """The cell says itself that it is a count: "45 hồ sơ"."""
    is_reported: Bools

    @cached_property
    def is_percent(self) -> bool:
        """Whether figures show that the column holds no counts: one is marked as a percent, or is not whole."""
        reported = self.plain[~np.isnan(self.plain)]
        return bool((self.is_marked & ~np.isnan(self.percent)).any() or (reported != np.floor(reported)).any())

    @property
    def has_plain(self) -> bool:
        return not bool(np.isnan(self.plain).all())

    @property
    def is_surely_count(self) -> bool:
        """Whether figures show that the column holds no percents."""
        return bool((self.plain > HIGHEST).any() or self.is_counted.any())

    @property
    def may_be_count(self) -> bool:
        """Whether every figure can be a count."""
        return not np.isnan(self.count).all() and not bool((self.is_reported & np.isnan(self.count)).any())

    @cached_property
    def is_small(self) -> Bools:
        """Numbers that are another percent if they are fractions."""
        return (self.plain > 0) & (self.plain <= 1)


class Window:
    """The first rows below a header, read once somebody looks. Rows of averages are left out: they are not whole."""

    def __init__(self, opened: OpenedSheet) -> None:
        self._opened = opened
        self._columns: dict[int, Looked] = {}

    @cached_property
    def _block(self) -> Block:
        return next(self._opened.blocks(ROWS), Block((), ()))

    @cached_property
    def is_whole_sheet(self) -> bool:
        return next(islice(self._opened.blocks(ROWS), 1, None), None) is None

    @cached_property
    def _kept(self) -> list[bool]:
        return [not any(map(_is_average, row[:LABELS])) for row in self._block.rows]

    @cached_property
    def numbers(self) -> list[int]:
        """The rows' numbers in the file."""
        return list(compress(self._block.numbers, self._kept))

    @cached_property
    def rows(self) -> list[Row]:
        return list(compress(self._block.rows, self._kept))

    def cell(self, row: int, index: int) -> Cell:
        return self.rows[row][index] if index < len(self.rows[row]) else None

    def column(self, index: int) -> Looked:
        if index not in self._columns:
            distinct = Distinct(_look)
            places = distinct.places([row[index] if index < len(row) else None for row in self.rows])
            looked = np.array(distinct.results, dtype=np.float64).reshape(-1, len(_NOTHING))[places]
            count, percent, plain, decimals = looked.T[:4]
            self._columns[index] = Looked(count, percent, plain, decimals.astype(np.int64), *(looked.T[4:] > 0))
        return self._columns[index]


_DIGITS = re.compile(r"[0-9]{1,12}")
_NOTHING = (np.nan, np.nan, np.nan, 0, 0, 0, 0)


def _is_average(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(_PERHAPS_AVERAGE.match(cell)) and bool(AVERAGE.match(folded(cell)))


def _look(cell: Cell) -> tuple[float, ...]:
    if (type(cell) is int and 0 <= cell <= LARGEST_COUNT) or (type(cell) is str and _DIGITS.fullmatch(cell)):
        return (float(cell), float(cell), float(cell), 0, 0, 0, 1)
    if type(cell) is float and 0 <= cell <= LARGEST_COUNT:
        written = f"{cell:.{DECIMALS_KEPT}f}".rstrip("0").rstrip(".")
        return (cell if cell.is_integer() else np.nan, cell, cell, len(written.partition(".")[2]), 0, 0, 1)
    if says_nothing(cell):
        return _NOTHING
    count, percent = _figure(cell, count_in), _figure(cell, percent_in)
    has_sign = is_marked(cell)
    # "45/60 (75%)" says both itself: nothing of it could be anything else.
    is_plain = not has_sign and not (isinstance(cell, str) and "/" in cell)
    plain = None if not is_plain else _figure(cell, lambda cell: rate_in(cell).value)
    numbers = (np.nan if one is None or one.number is None else float(one.number) for one in (count, percent, plain))
    return (*numbers, percent.decimals if percent else 0, has_sign, is_counted(cell), 1)


def _figure(cell: Cell, read: Callable[[Cell], Figure]) -> Figure | None:
    try:
        figure = read(cell)
    except FigureProblem:
        return None
    return None if figure.no_cases else figure
