"""What each row of a block is about: its unit, day, scope and indicator. Rows of other sorts are set aside with why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import compress
from operator import itemgetter
from typing import Literal

import numpy as np
import numpy.typing as npt

from jobs.imports.formats.sheets import Block, Row, shown
from jobs.imports.problems import FileRefused, Notice, problem
from jobs.imports.records.other_matters import OtherMatters
from jobs.imports.records.raw_rows import rejected_row
from jobs.imports.tables.columns import Bools, Distinct, Whole
from jobs.imports.tables.headers import Headings
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.tables.merged import MergedFigures
from jobs.imports.tables.rows import Sort, UnitRows
from jobs.imports.tables.tables import Breaks
from jobs.imports.tables.vocabulary import QUALIFIERS as QUALIFIER_WORDS
from jobs.imports.tables.vocabulary import SCOPES
from jobs.imports.units.matching import Matched, UnitMatcher
from jobs.imports.values import ImportContext, RejectedRow
from jobs.imports.words import heading
from models.core.columns import day_number, day_of
from models.readings.records import NOTES
from targets.errors import FigureProblem
from targets.figures import Cell, count_in, has_figure, says_nothing
from targets.values import QUALIFIERS, Scope

SCOPE_NAMES: tuple[Scope, ...] = ("own", "below")
SEVERAL, NO_UNIT = -1, -2
MISSING, WRONG = -1, -2
ALWAYS, NEVER = -(10**7), 10**7
"""Days that stand for "always" and "never ending"."""

LONGEST_NOTE = 500

Found = Matched | Literal["total", "group", "blank"]


@dataclass
class ParsedRows:
    """The rows of a block that name a unit, as arrays."""

    numbers: Whole
    rows: Sequence[Row]
    unit: Whole
    """Position in the matcher's units; SEVERAL until the day decides."""
    day: Whole
    """Days since 1970-01-01."""
    scope: Whole
    """Index into SCOPE_NAMES."""
    indicator: Whole
    """Index into the campaign's indicators; MISSING where the sheet has no such column."""
    qualifier: Whole | None
    notes: dict[str, npt.NDArray[np.object_]] = field(default_factory=dict)
    """By column of NOTES what is noted beside each row's figures, None where nothing is; of those that hold any."""
    problems: dict[int, tuple[int, Notice]] = field(default_factory=dict)
    """Row → column and what is wrong, for rows that have a figure at all."""

    def __len__(self) -> int:
        return len(self.numbers)

    def cells(self, index: int) -> Sequence[Cell]:
        """One column."""
        return list(map(itemgetter(index), self.rows))


@dataclass(frozen=True)
class BlockRows:
    """A block sorted out: rows of units, rows left out with their numbers and sorts, rows refused at once."""

    facts: ParsedRows
    others: tuple[tuple[int, Row, Sort], ...]
    rejected: tuple[tuple[int, RejectedRow], ...]

    @property
    def count(self) -> int:
        return len(self.facts) + len(self.others) + len(self.rejected)


class _FoundUnits(dict[tuple[Cell, ...], int]):
    """The cells that say which unit a row is about → place of what they name, matched on first sight."""

    def __init__(self, units: UnitRows) -> None:
        super().__init__()
        self._units = units
        self.results: list[Found] = []
        self.codes: list[int] = []
        """The unit's position; SEVERAL until a day decides, NO_UNIT for any other row."""

    def __missing__(self, key: tuple[Cell, ...]) -> int:
        found = self._units.find(self._units.key(key))
        several = SEVERAL if isinstance(found, tuple) else NO_UNIT
        self[key] = place = len(self.results)
        self.results.append(found)
        self.codes.append(found[0] if isinstance(found, tuple) and len(found) == 1 else several)
        return place


class RowReader:
    """Sorts out the rows of one sheet. Without `has_days` a row has the sheet's day, used only for namesakes."""

    def __init__(
        self,
        opened: OpenedSheet,
        context: ImportContext,
        *,
        matcher: UnitMatcher,
        headings: Headings,
        earliest: date | None = None,
        has_days: bool = True,
        needs_indicator: bool = True,
    ) -> None:
        self._opened, self._context, self._matcher = opened, context, matcher
        self._earliest, self._has_days = earliest, has_days
        self._needs_indicator = needs_indicator and opened.layout == "long"
        header = opened.header
        self.units = UnitRows(header, matcher, context.campaign, sheet=opened.sheet.name)
        self._breaks = Breaks(opened, headings, context)
        figures = tuple(index for group in opened.groups for index in group.columns) or opened.figure_columns
        self._merged = MergedFigures(header, opened.spans, figures, sheet=opened.sheet.name)
        self._has_units = False
        self._last_day = MISSING
        self._with_words_beyond: list[int] = []
        """Numbers of rows with words to the right of all headings."""
        self._indexes = {role: header.index(role) for role in ("as_of", "scope", "indicator", "qualifier", *NOTES)}
        if not has_days:
            self._indexes["as_of"] = None
        self._found = _FoundUnits(self.units)
        self._days = Distinct(self._day)
        self._scopes = Distinct(lambda cell: _word(cell, SCOPES, SCOPE_NAMES))
        self._qualifiers = Distinct(lambda cell: _word(cell, QUALIFIER_WORDS, QUALIFIERS))
        self._indicators = Distinct(self._indicator)
        self._others = OtherMatters(header)
        self._headings = headings
        self._keys = [indicator.key for indicator in context.campaign.indicators]
        levels = {level.key: SCOPE_NAMES.index(level.default_scope) for level in context.campaign.levels}
        units = matcher.units
        self._default_scope = np.array([levels[unit.level] for unit in units], dtype=np.int64)
        self._first = np.array([day_number(unit.valid_from) if unit.valid_from else ALWAYS for unit in units])
        self._last = np.array([day_number(unit.valid_to) if unit.valid_to else NEVER for unit in units])

    # --- sorting out ------------------------------------------------------------------------------------------------

    def read(self, block: Block) -> BlockRows:
        numbers, rows, rejected = self._evened(block)
        places = self._places(rows)
        codes = np.array(self._found.codes, dtype=np.int64)[places]
        others: list[tuple[int, Row, Sort]] = []
        first_unit = int(np.argmax(codes != NO_UNIT)) if (codes != NO_UNIT).any() else len(codes)
        for at in np.flatnonzero(codes == NO_UNIT).tolist():
            found = self._found.results[places[at]]
            assert not isinstance(found, tuple)  # noqa: S101  # that is what NO_UNIT says
            self._breaks.look(numbers[at], rows[at], is_first=not self._has_units and at < first_unit)
            below = self._breaks.problem(numbers[at])
            if below is not None and any(map(has_figure, rows[at])):
                rejected.append((numbers[at], self._rejected(numbers[at], rows[at], self.units.place, below)))
                continue
            sort = self.units.other_sort(rows[at], found, self._opened.figure_columns)
            if isinstance(sort, Notice):
                rejected.append((numbers[at], self._rejected(numbers[at], rows[at], self.units.place, sort)))
            elif sort != "blank":
                others.append((numbers[at], rows[at], sort))
        is_unit = codes != NO_UNIT
        if not is_unit.all():
            keep = is_unit.tolist()
            rows = list(compress(rows, keep))
            places, codes = places[is_unit], codes[is_unit]
            numbers = list(compress(numbers, keep))
        self._has_units = self._has_units or bool(is_unit.any())
        return BlockRows(self._facts(numbers, rows, codes, places), tuple(others), tuple(rejected))

    def _evened(self, block: Block) -> tuple[Sequence[int], Sequence[Row], list[tuple[int, RejectedRow]]]:
        """Rows of one width without the blank ones; a text row with more fields than headings is refused."""
        width = self._opened.width
        fields = self._opened.fields
        is_even = set(map(len, block.rows)) == {width} and all(map(any, block.rows))
        if is_even and (fields is None or fields.takes_all(block.rows)):
            return block.numbers, block.rows, []
        numbers: list[int] = []
        rows: list[Row] = []
        rejected: list[tuple[int, RejectedRow]] = []
        for number, row in zip(block.numbers, block.rows, strict=True):
            if not any(shown(cell).strip() for cell in row):
                continue
            is_known = self._breaks.problem(number) is None
            if is_known and (wrong := self._opened.problem_beside(row)) is not None:
                rejected.append((number, self._rejected(number, row, *wrong)))
                continue
            if fields is None and len(row) > width and any(shown(cell).strip() for cell in row[width:]):
                self._with_words_beyond.append(number)
            numbers.append(number)
            rows.append([*row[:width], *[None] * (width - len(row))] if len(row) != width else row)
        return numbers, rows, rejected

    def take_words_beyond(self, numbers: Whole) -> list[int]:
        """Which of some rows have words to the right of all headings."""
        taken, self._with_words_beyond = self._with_words_beyond, []
        return [number for number in taken if number in set(numbers.tolist())] if taken else []

    def _places(self, rows: Sequence[Row]) -> Whole:
        """Which distinct unit cells each row has; each is matched once."""
        columns = (map(itemgetter(index), rows) for index in self.units.columns)
        return np.fromiter(map(self._found.__getitem__, zip(*columns, strict=True)), np.int64, len(rows))

    def _facts(
        self,
        numbers: Sequence[int],
        rows: Sequence[Row],
        codes: Whole,
        places: Whole,
    ) -> ParsedRows:
        count = len(rows)
        facts = ParsedRows(
            numbers=np.array(numbers, dtype=np.int64),
            rows=rows,
            unit=codes.copy(),
            day=np.full(count, self._default_day, dtype=np.int64),
            scope=np.zeros(count, dtype=np.int64),
            indicator=np.full(count, MISSING, dtype=np.int64),
            qualifier=None,
        )
        reported = self._column(facts, "as_of", self._days, missing=MISSING)
        facts.day = np.where(reported == MISSING, self._default_day, reported)
        if self._default_day == MISSING:
            self._note(facts, facts.day == MISSING, "as_of", problem("as_of_missing"))
        elif self._indexes["as_of"] is not None and self._context.as_of is None:
            self._note_blank_days(facts, reported)
        self._choose_by_day(facts, places)
        scope = self._column(facts, "scope", self._scopes, missing=MISSING)
        facts.scope = np.where(scope == MISSING, self._default_scope[facts.unit], scope)
        facts.indicator = self._column(facts, "indicator", self._indicators, missing=MISSING)
        if self._indexes["indicator"] is not None and self._needs_indicator:
            self._note(facts, facts.indicator == MISSING, "indicator", problem("indicator_missing"))
        if self._indexes["qualifier"] is not None:
            facts.qualifier = np.maximum(self._column(facts, "qualifier", self._qualifiers, missing=0), 0)
        facts.notes = {name: notes for name in NOTES if (notes := self._notes(facts, name)) is not None}
        self._check_days(facts)
        self._note_doubtful(facts)
        return facts

    def _notes(self, facts: ParsedRows, name: str) -> npt.NDArray[np.object_] | None:
        index = self._indexes[name]
        if index is None:
            return None
        written = Distinct(_note)
        places = written.places(facts.cells(index))
        notes = np.array(written.results, dtype=object)
        return notes[places] if notes.any() else None

    def _column(self, facts: ParsedRows, role: str, cells: Distinct[int | Notice], *, missing: int) -> Whole:
        """A column of words or days as numbers; what cannot be read is noted."""
        index = self._indexes[role]
        if index is None or not len(facts):
            return np.full(len(facts), missing, dtype=np.int64)
        places = cells.places(facts.cells(index))
        known = np.array([WRONG if isinstance(result, Notice) else result for result in cells.results], dtype=np.int64)
        numbers: Whole = known[places]
        for row in np.flatnonzero(numbers == WRONG).tolist():
            notice = cells.results[places[row]]
            assert isinstance(notice, Notice)  # noqa: S101  # that is what WRONG says
            facts.problems.setdefault(row, (index, notice))
        return np.where(numbers == MISSING, missing, numbers)

    def _note(self, facts: ParsedRows, wrong: Bools, role: str, notice: Notice) -> None:
        for row in np.flatnonzero(wrong).tolist():
            self._note_row(facts, row, role, notice)

    def _note_row(self, facts: ParsedRows, row: int, role: str, notice: Notice) -> None:
        index = self._indexes[role]
        facts.problems.setdefault(row, (self.units.place if index is None else index, notice))

    def _note_blank_days(self, facts: ParsedRows, reported: Whole) -> None:
        """A day left blank below one that is not the title's may be either's."""
        for row in np.flatnonzero(reported == MISSING).tolist():
            above = reported[:row][reported[:row] >= 0]
            day = int(above[-1]) if len(above) else self._last_day
            if day not in (MISSING, self._default_day):
                self._note_row(facts, row, "as_of", problem("as_of_left_blank", above=f"{day_of(day):%d/%m/%Y}"))
        reported = reported[reported >= 0]
        self._last_day = int(reported[-1]) if len(reported) else self._last_day

    def _note_doubtful(self, facts: ParsedRows) -> None:
        """Rows below a header that is not understood, and those whose figure stands in a cell merged with others'."""
        if self._breaks.start is not None:
            for row in np.flatnonzero(facts.numbers > self._breaks.start).tolist():
                notice = self._breaks.problem(int(facts.numbers[row]))
                assert notice is not None  # noqa: S101  # it stands below
                facts.problems[row] = (self.units.place, notice)
        for row, column, notice in self._merged.problems(facts.numbers.tolist(), facts.rows):
            facts.problems.setdefault(row, (column, notice))

    @property
    def _default_day(self) -> int:
        return MISSING if self._opened.day is None else day_number(self._opened.day)

    def _choose_by_day(self, facts: ParsedRows, places: Whole) -> None:
        """Namesakes that never existed at once are distinguished by the row's day."""
        for row in np.flatnonzero(facts.unit == SEVERAL).tolist():
            found = self._found.results[places[row]]
            assert isinstance(found, tuple)  # noqa: S101  # that is what SEVERAL says
            chosen = self._matcher.on_day(found, day_of(int(facts.day[row]))) if facts.day[row] >= 0 else found[0]
            if isinstance(chosen, Notice):
                facts.problems.setdefault(row, (self.units.place, chosen))
                chosen = found[0]
            facts.unit[row] = chosen

    def _check_days(self, facts: ParsedRows) -> None:
        """A figure's day is not before the earliest one, not after today, and within its unit's life."""
        if not self._has_days:
            return
        is_day = facts.day >= 0
        if self._earliest is not None:
            notice = problem("as_of_before", first=f"{self._earliest:%d/%m/%Y}")
            self._note(facts, is_day & (facts.day < day_number(self._earliest)), "as_of", notice)
            for row, column, notice in self._others.problems(facts.cells, facts.day):
                facts.problems.setdefault(row, (column, notice))
        today = self._context.today
        notice = problem("as_of_future", today=f"{today:%d/%m/%Y}")
        self._note(facts, facts.day > day_number(today), "as_of", notice)
        gone = is_day & ((facts.day < self._first[facts.unit]) | (facts.day > self._last[facts.unit]))
        for row in np.flatnonzero(gone).tolist():
            notice = self._matcher.not_valid(int(facts.unit[row]), day_of(int(facts.day[row])))
            facts.problems.setdefault(row, (self.units.place, notice))

    # --- reading one cell -------------------------------------------------------------------------------------------

    def _day(self, cell: Cell) -> int | Notice:
        first, last = self._context.days_meant
        index = self._indexes["as_of"]
        column = None if index is None else self._opened.day_columns.get(index)
        assert column is not None  # noqa: S101  # every column of days is watched
        if column.turns(cell):
            raise FileRefused("days_change_order", value=shown(cell))
        day = column.day(cell, first=first, last=last, origin=self._opened.sheet.origin)
        if isinstance(day, Notice):
            return day
        return MISSING if day is None else max(0, day_number(day))

    def _indicator(self, cell: Cell) -> int | Notice:
        text = shown(cell).strip()
        if not text:
            return MISSING
        key = self._headings.indicator(heading(text))
        if key is None:
            nearest = self._headings.nearest(text)
            return problem("indicator_unknown", known=", ".join(nearest or self._keys))
        return self._keys.index(key)

    # --- answers ----------------------------------------------------------------------------------------------------

    def facts_of_total(self, number: int, row: Row) -> ParsedRows | None:
        """A total row as if it were a unit's, where its day can be read."""
        if not self._matcher.units:
            return None
        nobody = np.zeros(1, dtype=np.int64)
        facts = self._facts([number], [row], nobody, nobody)
        return facts if facts.day[0] >= 0 else None

    def export_totals(self, facts: ParsedRows, row: int) -> tuple[int, int] | None:
        """All dossiers that a row of the one-stop system's export states, and those left from before."""
        numbers = []
        for role in ("received_all", "received_old"):
            index = self._opened.header.index(role)
            try:
                number = None if index is None else count_in(facts.rows[row][index]).number
            except FigureProblem:
                number = None
            numbers.append(number)
        return None if numbers[0] is None else (int(numbers[0]), int(numbers[1] or 0))

    def rejection(self, facts: ParsedRows, row: int, column: int, notice: Notice) -> tuple[int, RejectedRow]:
        number = int(facts.numbers[row])
        return number, self._rejected(number, facts.rows[row], column, notice)

    def _rejected(self, number: int, row: Row, column: int, notice: Notice) -> RejectedRow:
        return rejected_row(self._opened, number, row, column=column, notice=notice)


def _note(cell: Cell) -> str | None:
    """A note on one line, without what no screen shows; a very long one ends with an ellipsis."""
    if says_nothing(cell):
        return None
    line = " ".join("".join(letter if letter.isprintable() else " " for letter in shown(cell)).split())
    return line if len(line) <= LONGEST_NOTE else f"{line[: LONGEST_NOTE - 1]}…"


def _word(cell: Cell, words: Mapping[str, str], names: Sequence[str | None]) -> int | Notice:
    """A cell that holds one of a few words, as its place among the names."""
    text = shown(cell).strip()
    if not text:
        return MISSING
    word = words.get(heading(text))
    if word is None:
        return problem("word_unknown", known=", ".join(name for name in names if name))
    return names.index(word)
