"""Numerator, denominator and reported percent of rows put together and checked against each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from jobs.imports.problems import Notice, problem
from jobs.imports.records.kinds import COUNT, DAYS, PERCENT, VOTES, by_kind
from jobs.imports.tables.columns import (
    EMPTY,
    NO_CASES,
    NUMBER,
    PROBLEM,
    Bools,
    FigureArrays,
    FigureReaders,
    Floats,
    Whole,
    nothing,
)
from jobs.imports.tables.layout import FigureGroup
from targets.errors import FigureProblem
from targets.figures import DECIMALS_COMPARED, Cell
from targets.values import ABOUT, LESS, MIRRORED, MORE, OVER, RANGE, UNDER

HIGHEST = 100
NOISE = 1e-9


@dataclass
class Rates:
    """The figures of one group of columns, row by row. NaN: not reported. The marks say what to warn of."""

    column: int
    """The column that stands for the figure in a place."""
    numerator: Floats
    denominator: Floats
    value: Floats
    high: Floats
    """The high end of a range, whose low one is `value`."""
    qualifier: Whole
    is_empty: Bools
    """Nothing was reported: no figure, which is not zero."""
    problems: dict[int, tuple[int, Notice]] = field(default_factory=dict)
    """Row → column and what is wrong."""
    marks: dict[str, Bools] = field(default_factory=dict)

    def refuse(self, rows: Bools, column: int | None, code: str) -> None:
        for row in np.flatnonzero(rows).tolist():
            self.problems.setdefault(row, (self.column if column is None else column, problem(code)))


def read_rates(
    group: FigureGroup,
    cells: Callable[[int], Sequence[Cell]],
    *,
    readers: FigureReaders,
    count: int,
    qualifier: Whole | None = None,
    kind: Whole | None = None,
) -> Rates:
    """The figures of some rows. `qualifier` is what a column of its own says, where there is one. `kind`: as which of
    `kinds` each row is read, where not all are percents."""
    parts = _reported(group, cells, readers=readers, count=count)
    kind = np.full(count, PERCENT, dtype=np.int64) if kind is None else kind
    if (kind != PERCENT).any():
        parts = by_kind(parts, group, cells, readers=readers, kind=kind)
    numerator, denominator, value = parts
    is_rate = (kind != COUNT) & (kind != DAYS)
    columns = [index for index in (group.value, group.rate, group.counts, group.numerator) if index is not None]
    rates = Rates(
        column=columns[0] if columns else group.columns[0],
        numerator=_numbers(numerator),
        denominator=_numbers(denominator),
        value=_numbers(value),
        high=value.high,
        qualifier=np.zeros(count, dtype=np.int64),
        is_empty=(numerator.state == EMPTY) & (denominator.state == EMPTY) & (value.state == EMPTY),
    )
    forgiven = _refuse_unreadable(rates, group, numerator=numerator, denominator=denominator, value=value)
    _settle_no_cases(rates, numerator=numerator, denominator=denominator, value=value)
    _check_counts(rates, group, is_rate=is_rate, is_vote=kind == VOTES)
    has_counts = ~np.isnan(rates.numerator) & ~np.isnan(rates.denominator)
    # Of more cases than written the rate is less.
    counted = _together(numerator.qualifier, MIRRORED[denominator.qualifier])
    reported_value = ~np.isnan(rates.value)
    rates.qualifier = np.where(has_counts, counted, np.where(reported_value, value.qualifier, numerator.qualifier))
    if qualifier is not None:
        rates.qualifier = np.where((rates.qualifier == 0) & ~has_counts, qualifier, rates.qualifier)
    rates.high = np.where(rates.qualifier == RANGE, rates.high, np.nan)
    rates.refuse((rates.qualifier == RANGE) & np.isnan(rates.high), group.value, "range")
    exact = has_counts & (counted == 0) & is_rate
    rates.marks["percent_differs"] = _differs(rates, exact, value)
    rates.marks["rate_formula_ignored"] = forgiven
    return rates


def _reported(
    group: FigureGroup, cells: Callable[[int], Sequence[Cell]], *, readers: FigureReaders, count: int
) -> tuple[FigureArrays, FigureArrays, FigureArrays]:
    """Numerator, denominator and value from the group's columns; one of its own goes before a shared one."""
    numerator, denominator, value = (nothing(count) for _ in range(3))
    if group.numerator is not None:
        (numerator,) = readers.count.arrays(cells(group.numerator))
    if group.denominator is not None:
        (denominator,) = readers.count.arrays(cells(group.denominator))
    if group.remainder is not None:
        (remainder,) = readers.count.arrays(cells(group.remainder))
        denominator = _sum(numerator, remainder)
    if group.value is not None:
        (value,) = readers.percent.arrays(cells(group.value))
    for index, reader in ((group.counts, readers.counts), (group.rate, readers.rate)):
        if index is not None:
            shared = reader.arrays(cells(index))
            numerator, denominator, value = (
                _first_reported(own, other) for own, other in zip((numerator, denominator, value), shared, strict=True)
            )
    return numerator, denominator, value


def _first_reported(first: FigureArrays, second: FigureArrays) -> FigureArrays:
    use = first.state == EMPTY
    return FigureArrays(
        number=np.where(use, second.number, first.number),
        high=np.where(use, second.high, first.high),
        state=np.where(use, second.state, first.state),
        decimals=np.where(use, second.decimals, first.decimals),
        qualifier=np.where(use, second.qualifier, first.qualifier),
        problem_of=lambda row: (second if use[row] else first).problem_of(row),
    )


def _sum(first: FigureArrays, second: FigureArrays) -> FigureArrays:
    """Both counts together; empty where one is, wrong where one is."""
    states = np.maximum(first.state, second.state)
    is_number = np.isin(first.state, (NUMBER, NO_CASES)) & np.isin(second.state, (NUMBER, NO_CASES))
    return FigureArrays(
        number=np.where(is_number, first.number + second.number, np.nan),
        high=first.high,
        state=np.where(is_number, NUMBER, np.where(states == PROBLEM, PROBLEM, EMPTY)),
        decimals=first.decimals,
        qualifier=_together(first.qualifier, second.qualifier),
        problem_of=lambda row: (first if first.state[row] == PROBLEM else second).problem_of(row),
    )


def _together(first: Whole, second: Whole) -> Whole:
    """What two qualifiers make of what is worked out from both: that of the inexact one, "xấp xỉ" of unlike ones."""
    alike = np.where((second == 0) | (first == second), first, ABOUT)
    return np.asarray(np.where(first == 0, second, alike), dtype=np.int64)


def _numbers(figures: FigureArrays) -> Floats:
    return np.where(figures.state == NUMBER, figures.number, np.nan)


def _refuse_unreadable(
    rates: Rates, group: FigureGroup, *, numerator: FigureArrays, denominator: FigureArrays, value: FigureArrays
) -> Bools:
    """Notes every cell that cannot be read. A percent that was to be worked out from counts is forgiven: #DIV/0! beside
    a denominator of 0 is no value, and a formula without a result is not needed where the counts stand."""
    forgiven = np.zeros(len(rates.numerator), dtype=bool)
    shared = group.counts if group.counts is not None else group.rate
    columns = (
        group.numerator if group.numerator is not None else shared,
        group.denominator if group.denominator is not None else (group.remainder if shared is None else shared),
        group.value if group.value is not None else shared,
    )
    for figures, column in zip((numerator, denominator, value), columns, strict=True):
        for row in np.flatnonzero(figures.state == PROBLEM).tolist():
            found: FigureProblem = figures.problem_of(row)
            if figures is value and column != shared:
                if found.code == "excel_error" and rates.denominator[row] == 0:
                    continue
                if found.code == "formula" and not np.isnan(rates.numerator[row] + rates.denominator[row]):
                    forgiven[row] = True
                    continue
            rates.problems.setdefault(
                row, (rates.column if column is None else column, Notice("problem", found.code, found.terms))
            )
    return forgiven


def _settle_no_cases(rates: Rates, *, numerator: FigureArrays, denominator: FigureArrays, value: FigureArrays) -> None:
    """ "Không phát sinh" is 0 of 0; in a numerator beside cases it is 0 of them; beside other figures it is refused."""
    said = (numerator.state == NO_CASES) | (denominator.state == NO_CASES) | (value.state == NO_CASES)
    for row in np.flatnonzero(said).tolist():
        cases = rates.denominator[row]
        if cases > 0 and value.state[row] != NO_CASES:
            rates.numerator[row] = 0
        elif not any(figure[row] > 0 for figure in (rates.numerator, rates.denominator, rates.value)):
            rates.numerator[row] = rates.denominator[row] = 0
        else:
            rates.problems.setdefault(row, (rates.column, problem("no_cases_with_figures")))


def _check_counts(rates: Rates, group: FigureGroup, *, is_rate: Bools, is_vote: Bools) -> None:
    """Checks counts against percent; settles what follows from a denominator of 0 or from a single count."""
    has_numerator, has_denominator = ~np.isnan(rates.numerator), ~np.isnan(rates.denominator)
    is_zero = rates.denominator == 0
    rates.numerator = np.where(is_zero & ~has_numerator, 0, rates.numerator)
    has_numerator |= is_zero
    has_value = ~np.isnan(rates.value)
    rates.refuse(has_denominator & ~has_numerator & ~has_value, group.numerator, "numerator_missing")
    rates.refuse(rates.numerator > rates.denominator, group.numerator, "numerator_above_denominator")
    rates.refuse(is_rate & (np.fmax(rates.value, rates.high) > HIGHEST), group.value, "percent_above_hundred")
    rates.marks["percent_without_cases"] = is_zero & (rates.value > 0)
    rates.value = np.where(is_zero, np.nan, rates.value)
    lonely = has_denominator & ~has_numerator & is_rate
    rates.marks["denominator_left_out"] = lonely & has_value
    rates.denominator = np.where(lonely, np.nan, rates.denominator)
    rates.marks["count_alone"] = has_numerator & ~has_denominator & ~has_value & is_rate & ~is_vote


def _differs(rates: Rates, exact: Bools, value: FigureArrays) -> Bools:
    """Where the reported percent is more than one unit of its last decimal away from the counts. A bound ("trên 90%")
    differs only where the counts lie on its other side, a range where they lie outside."""
    allowed = 10.0 ** -np.minimum(value.decimals, DECIMALS_COMPARED) + NOISE
    with np.errstate(divide="ignore", invalid="ignore"):
        away = 100 * rates.numerator / rates.denominator - rates.value
        is_below = (away < -allowed) & ~np.isin(value.qualifier, (UNDER, LESS))
        is_above = (away - np.nan_to_num(value.high - value.number) > allowed) & ~np.isin(value.qualifier, (OVER, MORE))
    differs: Bools = exact & (is_below | is_above)
    return differs
