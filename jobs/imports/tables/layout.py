"""How a sheet's columns carry figures: long, wide, or the one-stop system's export; and its rows below the header."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import compress
from typing import Literal

from jobs.imports.days.day_columns import DayColumn
from jobs.imports.formats.sheets import Block, Row, Sheet, Span
from jobs.imports.problems import FileRefused, Notice, problem
from jobs.imports.tables.headers import Header, is_column_numbers
from jobs.imports.tables.merged import Spreader, columns_spread, spans_below
from jobs.imports.tables.text_rows import TextRows
from jobs.imports.tables.vocabulary import SILENT
from jobs.imports.values import ImportContext, Kind, column_letters
from targets.errors import FigureProblem
from targets.figures import DECIMALS_KEPT, Cell, Percent, Undecided, as_percent, has_figure, is_marked, percent_in

Layout = Literal["long", "wide", "one_stop_export"]
Decision = Literal["fractions", "mixed", "undecided"]
"""`mixed`: numbers up to SURELY_POINTS are fractions, those above are points."""
SURELY_POINTS = 2
"""No rate is 200 %: a number above it is in points."""
FIGURE_ROLES = frozenset(
    (
        "value",
        "rate",
        "target",
        "numerator",
        "denominator",
        "counts",
        "points",
        "total",
        "rank",
        "received_online",
        "received_direct",
    )
)
OF_UNITS = frozenset(("unit", "code", "identity_code", "gso_code", "district", "province", "parent"))
READ: dict[Kind, frozenset[str]] = {
    "readings": OF_UNITS | {"indicator", "as_of", "scope", "qualifier", "received_online", "received_direct"},
    "baselines": OF_UNITS | {"indicator", "year", "qualifier"},
    "targets": OF_UNITS | {"indicator", "phase", "document", "document_date", "as_of"},
    "central": frozenset(("indicator", "year", "level", "document")),
    "scores": OF_UNITS
    | {"period", "month", "quarter", "year"}
    | {"indicator", "as_of", "points", "total", "max_points", "rank", "rank_of"},
    "tasks": OF_UNITS | {"task", "who", "due", "finding", "document", "task_number"},
    "units": OF_UNITS
    | {"district_code", "province_code"}
    | {"level", "aliases", "head_title", "head_name", "head_phone", "valid_from", "valid_to", "successor"},
}
"""The columns beside the figures that each kind reads."""
GROUPED = ("numerator", "denominator", "counts", "value", "rate")
DECIDED_KINDS: tuple[Kind, ...] = ("targets", "central")
DECIDED_ROLES = ("target", "value", "rate")
"""Where a decided percent stands, the first that is there."""
ONLINE = "online"
EXPORT_COLUMNS = ("received_online", "received_direct")
MOST_HELD_BACK = 200_000
"""So many hidden rows wait for the rows that are seen; more of them come where they stand."""


@dataclass(frozen=True)
class FigureGroup:
    """The columns of one indicator's figure; `indicator` None where each row names its own."""

    indicator: str | None
    numerator: int | None = None
    denominator: int | None = None
    counts: int | None = None
    value: int | None = None
    rate: int | None = None
    """A column whose heading does not say what it holds: percents, or both counts in one cell."""
    remainder: int | None = None
    """The cases that the numerator leaves out; both together are the denominator."""

    @property
    def columns(self) -> tuple[int, ...]:
        return tuple(
            index
            for index in (self.numerator, self.denominator, self.counts, self.value, self.rate, self.remainder)
            if index is not None
        )


@dataclass(frozen=True)
class OpenedSheet:
    """A sheet whose header is understood."""

    sheet: Sheet
    header: Header
    layout: Layout
    groups: tuple[FigureGroup, ...]
    day: date | None
    """The day of figures in rows that name none."""
    decisions: Mapping[int, Decision] = field(default_factory=dict)
    """Columns whose numbers without a percent sign or format are fractions, or could be either."""
    day_columns: Mapping[int, DayColumn] = field(default_factory=dict)
    fields: TextRows | None = None
    """Of a text file: which rows cannot be taken field by field."""
    unread: int | None = None
    """The row from which on another header stands that is not understood."""
    names: Mapping[int, str] = field(default_factory=dict)
    """Names of columns in refused rows, where their headings alone would leave open what was decided of them."""
    skips_hidden: bool = False
    """Somebody decided that its hidden rows are not read."""

    @property
    def width(self) -> int:
        return len(self.header.texts)

    @property
    def figure_columns(self) -> tuple[int, ...]:
        """Where a figure may stand: a row with one is never left out in silence."""
        reported = {column.index for column in self.header.columns if column.indicator or column.role in FIGURE_ROLES}
        return tuple(sorted(reported.union(*(group.columns for group in self.groups))))

    def problem_beside(self, row: Row) -> tuple[int, Notice] | None:
        """Column and what is wrong with a row's cells as such: a text row's fields, a figure beside all headings."""
        if self.fields is not None:
            notice = self.fields.problem(row)
            column = self.width if len(row) > self.width else next(iter(self.figure_columns), self.width - 1)
            return None if notice is None else (min(column, len(row) - 1), notice)
        beyond = (index for index in range(self.width, len(row)) if has_figure(row[index]))
        column = next(beyond, -1)
        return None if column < 0 else (column, problem("beyond_headings"))

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """The merged cells of the table's rows."""
        return spans_below(self.header, self.sheet.spans)

    def blocks(self, size: int) -> Iterator[Block]:
        """The rows below the header and the row of column numbers under it, as they are seen; hidden ones come last,
        so that where two rows report the same figure the one that is seen goes before."""
        spreader = Spreader(self.spans, columns_spread(self.header, self.figure_columns)) if self.spans else None
        numbers: list[int] = []
        rows: list[Row] = []
        for block in self._below(size):
            whole = spreader.spread_out(block) if spreader else block
            if not whole.hidden or (len(rows) > MOST_HELD_BACK and not self.skips_hidden):
                yield whole
                continue
            seen = [number not in whole.hidden for number in whole.numbers]
            if not self.skips_hidden:
                numbers.extend(number for number, is_seen in zip(whole.numbers, seen, strict=True) if not is_seen)
                rows.extend(row for row, is_seen in zip(whole.rows, seen, strict=True) if not is_seen)
            if any(seen):
                yield Block(list(compress(whole.numbers, seen)), list(compress(whole.rows, seen)))
        for start in range(0, len(rows), size):
            part = numbers[start : start + size]
            yield Block(part, rows[start : start + size], frozenset(part))

    def _below(self, size: int) -> Iterator[Block]:
        is_first = True
        for block in self.sheet.blocks(size):
            skip = sum(number <= self.header.row for number in block.numbers) if is_first else 0
            if is_first and skip < len(block.rows):
                is_first = False
                skip += is_column_numbers(block.rows[skip])
            if skip < len(block.rows):
                rows = [self._decided(row) for row in block.rows[skip:]] if self.decisions else block.rows[skip:]
                yield Block(block.numbers[skip:], rows, block.hidden.intersection(block.numbers[skip:]))

    def _decided(self, row: Row) -> Row:
        """A row whose percents say what they are."""
        cells = list(row)
        for index, decision in self.decisions.items():
            if index < len(cells):
                cells[index] = _decided_cell(cells[index], decision)
        return cells


@lru_cache(maxsize=50_000)
def _decided_text(text: str, decision: Decision) -> Cell:
    """A text without a percent sign, as `_decided_cell` takes numbers; its "xấp xỉ" stays with it."""
    try:
        figure = percent_in(text)
    except FigureProblem:
        return text
    if figure.number is None or figure.no_cases or is_marked(text):
        return text
    if decision == "mixed" and figure.number > SURELY_POINTS:
        return text
    if decision != "undecided":
        return as_percent(figure, scale=Decimal(100))
    return Undecided(figure.number) if 0 < figure.number <= 1 else text


def _decided_cell(cell: Cell, decision: Decision) -> Cell:
    """A cell of a column of fractions as the percent that it is; one that could be either, marked so."""
    if isinstance(cell, str):
        return _decided_text(cell, decision)
    if isinstance(cell, bool | Percent) or not isinstance(cell, int | float):
        return cell
    if decision == "mixed" and cell > SURELY_POINTS:
        return cell
    if decision != "undecided":
        return Percent(round(cell * 100, DECIMALS_KEPT))
    return Undecided(cell) if 0 < cell <= 1 else cell


def figure_groups(
    header: Header, kind: Kind, context: ImportContext, *, name: str
) -> tuple[Layout, tuple[FigureGroup, ...]]:
    """The layout of a table of rates and its groups of columns, as far as headings say.

    Raises FileRefused for two columns that say they are the same, and for an export whose indicator is not there.
    """
    if header.twice is not None:
        first, second = header.twice
        raise FileRefused("column_twice", name=name, first=first.text, second=second.text)
    if kind == "readings" and all(header.index(role) is not None for role in EXPORT_COLUMNS):
        indicators = context.campaign.indicators
        online = next((one.key for one in indicators if one.key == ONLINE or one.portal_column == "CLGQ"), None)
        if online is None:
            raise FileRefused("no_online_indicator", name=name)
        online_column, direct_column = (header.index(role) for role in EXPORT_COLUMNS)
        return "one_stop_export", (FigureGroup(online, numerator=online_column, remainder=direct_column),)
    roles = DECIDED_ROLES if kind in DECIDED_KINDS else GROUPED
    if header.indicator_columns:
        return "wide", tuple(
            _group(
                key,
                {column.role: column.index for column in header.indicator_columns if column.indicator == key},
                roles,
            )
            for key in dict.fromkeys(column.indicator for column in header.indicator_columns)
        )
    return "long", (_group(None, {role: column.index for role, column in header.by_role.items()}, roles),)


def _group(indicator: str | None, reported: Mapping[str, int], roles: Sequence[str]) -> FigureGroup:
    if roles is DECIDED_ROLES:
        return FigureGroup(indicator, value=next((reported[role] for role in roles if role in reported), None))
    return FigureGroup(indicator, **{role: reported[role] for role in roles if role in reported})


def columns_without_heading(opened: OpenedSheet, rows: Iterable[Row]) -> tuple[str, ...]:
    """The letters of columns that hold figures under no heading; the numbers of rows in front are none."""
    first = opened.header.first_column
    bare = {index for index, text in enumerate(opened.header.texts) if not text and index > first}
    found = {index for row in rows if bare for index in bare if index < len(row) and has_figure(row[index])}
    return tuple(column_letters(index) for index in sorted(found))


def unused_columns(opened: OpenedSheet, kind: Kind) -> tuple[str, ...]:
    """Headings of columns that carry something and are not read."""
    read = {index for group in opened.groups for index in group.columns}
    unused = [
        column.text
        for column in opened.header.columns
        if column.index not in read
        and column.role not in SILENT
        and not (kind == "scores" if column.indicator else column.role in READ[kind])
    ]
    return (*unused, *(opened.header.texts[index] for index in opened.header.unknown if index not in read))
