"""Figures that are no percents: counts, days, units that have it or not, and the votes of a survey's grades."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from jobs.imports.records.parsed_rows import ParsedRows
from jobs.imports.tables.columns import EMPTY, FigureArrays, FigureReader, FigureReaders, Whole
from jobs.imports.tables.layout import FigureGroup
from targets.figures import Cell
from targets.values import Campaign, Indicator

PERCENT, UNITS, COUNT, DAYS, VOTES = range(5)
"""What an indicator's cells are read as."""
Parts = tuple[FigureArrays, FigureArrays, FigureArrays]
Cells = Callable[[int], Sequence[Cell]]


def kinds_of(campaign: Campaign) -> Whole:
    """Of each indicator, in the campaign's order, what its cells are read as."""
    return np.array([kind_of(indicator) for indicator in campaign.indicators], dtype=np.int64)


def no_percents(campaign: Campaign) -> frozenset[str]:
    """The indicators whose cells hold something else."""
    return frozenset(indicator.key for indicator in campaign.indicators if kind_of(indicator) != PERCENT)


def kind_of(indicator: Indicator) -> int:
    if indicator.grade_of:
        return VOTES
    return {"percent": PERCENT, "units": UNITS, "count": COUNT, "days": DAYS}[indicator.measured_in]


def kinds_of_rows(group: FigureGroup, facts: ParsedRows, campaign: Campaign) -> Whole:
    """Of each row what its figure is read as: the column's indicator, or that which the row names."""
    kinds = kinds_of(campaign)
    if group.indicator is not None:
        return np.full(len(facts), kinds[[each.key for each in campaign.indicators].index(group.indicator)])
    return np.where(facts.indicator >= 0, kinds[np.maximum(facts.indicator, 0)], PERCENT)


def by_kind(parts: Parts, group: FigureGroup, cells: Cells, *, readers: FigureReaders, kind: Whole) -> Parts:
    """Numerator, denominator and value, each row's read by its kind; `parts` are those of a percent."""
    numerator, denominator, value = parts
    empty = _none_of(numerator)
    told = (group.value, group.rate, group.counts, group.numerator)
    if (kind == COUNT).any():
        counted = _first(told, cells, readers.count)
        numerator = _where(kind == COUNT, counted, numerator)
        denominator, value = (_where(kind == COUNT, empty, part) for part in (denominator, value))
    if (kind == DAYS).any():
        lasted = _first(told, cells, readers.days)
        numerator, value = _where(kind == DAYS, empty, numerator), _where(kind == DAYS, lasted, value)
    for sort, reader in ((UNITS, readers.adopted), (VOTES, readers.votes)):
        if (kind == sort).any():
            for index in reversed([index for index in told if index is not None and index != group.numerator]):
                own = reader.arrays(cells(index))
                numerator, denominator, value = (
                    _where((kind == sort) & (read.state != EMPTY) if at < len("nd") else kind == sort, read, part)
                    for at, (read, part) in enumerate(zip(own, (numerator, denominator, value), strict=True))
                )
    return numerator, denominator, value


def _first(columns: Sequence[int | None], cells: Cells, reader: FigureReader) -> FigureArrays:
    """What the first of some columns says that says anything."""
    read = [reader.arrays(cells(index))[0] for index in columns if index is not None]
    found = read[-1]
    for one in reversed(read[:-1]):
        found = _where(one.state != EMPTY, one, found)
    return found


def _none_of(figures: FigureArrays) -> FigureArrays:
    return replace(
        figures, number=np.full(len(figures.number), np.nan), high=np.full(len(figures.number), np.nan),
        state=np.full(len(figures.number), EMPTY, dtype=np.int64), qualifier=np.zeros_like(figures.qualifier),
    )  # fmt: skip


def _where(use: npt.NDArray[np.bool_], first: FigureArrays, second: FigureArrays) -> FigureArrays:
    return FigureArrays(
        number=np.where(use, first.number, second.number),
        high=np.where(use, first.high, second.high),
        state=np.where(use, first.state, second.state),
        decimals=np.where(use, first.decimals, second.decimals),
        qualifier=np.where(use, first.qualifier, second.qualifier),
        problem_of=lambda row: (first if use[row] else second).problem_of(row),
    )
