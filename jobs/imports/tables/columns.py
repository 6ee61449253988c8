"""Columns of cells as arrays. Each distinct cell is read once; a long file repeats its units, days and most counts."""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt

from targets.errors import FigureProblem
from targets.figures import (
    Cell,
    Counts,
    Figure,
    adopted_in,
    count_in,
    counts_in,
    days_in,
    percent_in,
    rate_in,
    votes_in,
)
from targets.values import QUALIFIERS

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Result = TypeVar("Result")

NUMBER, EMPTY, NO_CASES, PROBLEM = range(4)
"""What a cell of figures can be."""
MOST_REMEMBERED = 300_000
LONGEST_PLAIN = 12
_PLAIN_PERCENT = re.compile(r"[0-9]{1,3}\.[0-9]{1,6}")


@dataclass(frozen=True)
class FigureArrays:
    """A column of figures: numbers (NaN where none), the high end of ranges (NaN elsewhere), states, decimals given,
    qualifiers (index into QUALIFIERS)."""

    number: Floats
    high: Floats
    state: Whole
    decimals: Whole
    qualifier: Whole
    problem_of: Callable[[int], FigureProblem]
    """The problem of a row whose state is PROBLEM."""


def _cells_as_keys(cells: Sequence[Cell]) -> Iterable[object]:
    """1, 1.0, True and a percent of 1 are equal as keys: where there are numbers, the type goes with them."""
    return cells if set(map(type, cells)) == {str} else zip(map(type, cells), cells, strict=True)


def _cell_of(key: object) -> Cell:
    cell: Cell = key[1] if isinstance(key, tuple) else key  # type: ignore[assignment]  # as made above
    return cell


class Distinct(dict[object, int], Generic[Result]):
    """Cell → place of its result in `results`, read on first sight."""

    def __init__(self, read: Callable[[Cell], Result]) -> None:
        super().__init__()
        self._read = read
        self.results: list[Result] = []

    def __missing__(self, key: object) -> int:
        self.results.append(self._read(_cell_of(key)))
        self[key] = place = len(self.results) - 1
        return place

    def places(self, cells: Sequence[Cell]) -> Whole:
        return np.fromiter(map(self.__getitem__, _cells_as_keys(cells)), dtype=np.int64, count=len(cells))


@dataclass
class _Table:
    """The distinct figures met so far, as columns."""

    number: "array[float]" = field(default_factory=lambda: array("d"))
    high: "array[float]" = field(default_factory=lambda: array("d"))
    state: "array[int]" = field(default_factory=lambda: array("q"))
    decimals: "array[int]" = field(default_factory=lambda: array("q"))
    qualifier: "array[int]" = field(default_factory=lambda: array("q"))
    problems: dict[int, FigureProblem] = field(default_factory=dict)

    def add(self, number: float, state: int, decimals: int = 0, qualifier: int = 0, high: float = np.nan) -> None:
        self.number.append(number)
        self.high.append(high)
        self.state.append(state)
        self.decimals.append(decimals)
        self.qualifier.append(qualifier)

    def add_figure(self, figure: Figure) -> None:
        if figure.number is None:
            self.add(np.nan, EMPTY)
        else:
            state = NO_CASES if figure.no_cases else NUMBER
            high = np.nan if figure.high is None else float(figure.high)
            self.add(float(figure.number), state, figure.decimals, QUALIFIERS.index(figure.qualifier), high)

    def add_problem(self, problem: FigureProblem) -> None:
        self.problems[len(self.number)] = problem
        self.add(np.nan, PROBLEM)

    def arrays(self, places: Whole) -> FigureArrays:
        problems = self.problems
        return FigureArrays(
            number=np.array(self.number)[places],
            high=np.array(self.high)[places],
            state=np.array(self.state)[places],
            decimals=np.array(self.decimals)[places],
            qualifier=np.array(self.qualifier)[places],
            problem_of=lambda row: problems[int(places[row])],
        )


class FigureReader(dict[object, int]):
    """Reads the columns of one kind: a count, a percent (one figure a cell), or a cell that holds a rate's counts."""

    def __init__(self, read: Callable[[Cell], Figure | Counts], *, parts: int) -> None:
        super().__init__()
        self._read, self._parts = read, parts
        self._tables: tuple[_Table, ...] = ()

    def __missing__(self, key: object) -> int:
        self[key] = place = len(self._tables[0].number)
        self._add(_cell_of(key))
        return place

    def _add(self, cell: Cell) -> None:
        if self._parts == 1 and type(cell) is str and cell.isascii() and len(cell) <= LONGEST_PLAIN:
            # Plain digits need no grammar; most cells are such.
            if cell.isdecimal():
                return self._tables[0].add(float(cell), NUMBER)
            if self._read is percent_in and _PLAIN_PERCENT.fullmatch(cell):
                return self._tables[0].add(float(cell), NUMBER, len(cell) - cell.index(".") - 1)
        try:
            read = self._read(cell)
        except FigureProblem as problem:
            for table in self._tables:
                table.add_problem(problem)
            return None
        figures = (read,) if isinstance(read, Figure) else (read.numerator, read.denominator, read.value)
        for table, figure in zip(self._tables, figures, strict=True):
            table.add_figure(figure)
        return None

    def arrays(self, cells: Sequence[Cell]) -> tuple[FigureArrays, ...]:
        """One column a part: the figure; or numerator, denominator and value."""
        if not self._tables or len(self) > MOST_REMEMBERED:
            self.clear()
            self._tables = tuple(_Table() for _ in range(self._parts))
        places = np.fromiter(map(self.__getitem__, _cells_as_keys(cells)), dtype=np.int64, count=len(cells))
        return tuple(table.arrays(places) for table in self._tables)


def nothing(count: int) -> FigureArrays:
    """A column that is not there."""
    table = _Table()
    table.add(np.nan, EMPTY)
    return table.arrays(np.zeros(count, dtype=np.int64))


class FigureReaders:
    """The readers of a file, so that what one block showed is known in the next."""

    def __init__(self) -> None:
        self.count = FigureReader(count_in, parts=1)
        self.percent = FigureReader(percent_in, parts=1)
        self.counts = FigureReader(counts_in, parts=3)
        self.rate = FigureReader(rate_in, parts=3)
        self.days = FigureReader(days_in, parts=1)
        self.adopted = FigureReader(adopted_in, parts=3)
        self.votes = FigureReader(votes_in, parts=3)
