"""Rows of rates as checked batches of readings, a block of rows at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from jobs.imports.formats.sheets import Block, Row
from jobs.imports.problems import Notice, problem
from jobs.imports.records.checks import Repeats, ReportedRows, Seen, TotalRow, WholeFile, never_judged, packed_key
from jobs.imports.records.import_warnings import ImportWarnings
from jobs.imports.records.kinds import kinds_of_rows
from jobs.imports.records.parsed_rows import SCOPE_NAMES, ParsedRows, RowReader
from jobs.imports.records.rates import Rates, read_rates
from jobs.imports.tables.columns import Bools, FigureReaders, Floats, Whole
from jobs.imports.tables.headers import Headings
from jobs.imports.tables.layout import FigureGroup, OpenedSheet
from jobs.imports.tables.rows import LEFT_OUT, Sort
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import ImportContext, Progress, ReadingBatch, RejectedRow, place_of
from models.core.columns import day_of
from models.readings.records import NOTES
from targets.values import QUALIFIERS, Campaign, Indicator

FIGURES_A_BLOCK = 60_000
FEWEST_ROWS = 5_000
Read = tuple[FigureGroup, Rates]
COLUMNS = (
    *("unit_id", "indicator", "as_of", "scope", "numerator", "denominator", "value", "value_high", "qualifier"),
    *("row", "column"),
)


class ReadingsFile:
    """Reads the sheets of one file; what was reported in one is known in the next."""

    def __init__(self, sheets: Sequence[OpenedSheet], context: ImportContext) -> None:
        self.sheets, self.context = tuple(sheets), context
        self.matcher = UnitMatcher(context.units, context.campaign)
        self.headings = Headings(context.campaign)
        self.warned = ImportWarnings()
        self._figures = FigureReaders()
        self._seen = Seen()
        self._totals: list[TotalRow] = []
        self.notes: dict[str, dict[int, str]] = {name: {} for name in NOTES}
        """Column of notes → packed place of a figure → what is noted beside it."""
        self._keys = [indicator.key for indicator in context.campaign.indicators]
        self.unit_ids = np.array([unit.unit_id for unit in self.matcher.units], dtype=np.int64)

    def batches(self, progress: Progress | None = None) -> Iterator[ReadingBatch]:
        """The readings; the last batch is empty and carries what only the whole file shows."""
        counts = [opened.sheet.row_count for opened in self.sheets]
        total = None if None in counts else sum(count or 0 for count in counts)
        done = 0
        for number, opened in enumerate(self.sheets):
            reader = _SheetReader(self, opened, number)
            reader.say_area()
            for block in opened.blocks(max(FEWEST_ROWS, FIGURES_A_BLOCK // len(opened.groups))):
                batch = reader.batch(block)
                done += len(block.rows)
                yield batch
                if progress is not None:
                    progress(done, total)
        self._look_at_the_whole()
        yield ReadingBatch(_frame([], self._keys), (), self.warned.close(), 0)

    def _look_at_the_whole(self) -> None:
        places = {unit.code: position for position, unit in enumerate(self.matcher.units)}
        above = [places.get(unit.parent or "", -1) for unit in self.matcher.units]
        whole = WholeFile(self._seen, parents=np.array(above, dtype=np.int64), indicators=len(self._keys))
        for overlap in whole.overlaps():
            self.warned.warn(
                "looks_like_own_counter",
                unit=self.matcher.described(overlap.unit),
                indicator=self.context.campaign.indicators[overlap.indicator].name.vi,
                day=f"{day_of(overlap.day):%d/%m/%Y}",
                denominator=str(overlap.denominator),
                below=str(overlap.below),
                cases=str(overlap.cases),
            )
        source = replace(self.context.campaign.source(self.context.source), basis=self.context.basis)
        for warning in never_judged(self._seen, source, self.context.campaign, self.matcher):
            self.warned.warn(warning.code, **warning.terms)
        for total in whole.double_totals(self._totals):
            self.warned.warn("total_counts_twice", total.place, denominator=f"{total.denominator:.0f}")

    # --- what the readers of sheets share ---------------------------------------------------------------------------

    def rates(self, group: FigureGroup, facts: ParsedRows) -> Rates:
        kind = kinds_of_rows(group, facts, self.context.campaign)
        return read_rates(
            group, facts.cells, readers=self._figures, count=len(facts), qualifier=facts.qualifier, kind=kind
        )

    def repeats(self, reported: ReportedRows) -> Repeats:
        return self._seen.repeats(reported)

    def remember_total(self, total: TotalRow) -> None:
        self._totals.append(total)

    def key_of(self, facts: ParsedRows, rows: Whole, indicator: Whole) -> Whole:
        return packed_key(
            unit=facts.unit[rows],
            indicator=indicator,
            is_below=facts.scope[rows] == SCOPE_NAMES.index("below"),
            day=facts.day[rows],
            indicators=len(self._keys),
        )

    def indicator_number(self, key: str) -> int:
        return self._keys.index(key)

    def frame(self, parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
        return _frame(parts, self._keys)


class _SheetReader:
    """Turns the blocks of one sheet into batches."""

    def __init__(self, file: ReadingsFile, opened: OpenedSheet, number: int) -> None:
        self._file, self._opened, self._number = file, opened, number
        self._warned = file.warned
        self._rows = RowReader(
            opened,
            file.context,
            matcher=file.matcher,
            headings=file.headings,
            earliest=file.context.campaign.baseline_day,
        )

    def say_area(self) -> None:
        """Says which district the sheet's name gives its rows."""
        if self._rows.units.area:
            self._warned.warn("sheet_is_district", sheet=self._opened.sheet.name or "", district=self._rows.units.area)

    def batch(self, block: Block) -> ReadingBatch:
        sorted_out = self._rows.read(block)
        facts = sorted_out.facts
        rejected = [(number, row) for number, row in sorted_out.rejected if self._warned.is_ours(row)]
        for number, row, sort in sorted_out.others:
            self._leave_out(number, row, sort)
        read = [(group, self._file.rates(group, facts)) for group in self._opened.groups]
        groups, rates = zip(*with_surveys(read, self._file.context.campaign), strict=True)
        reported = np.zeros(len(facts), dtype=bool)
        for one in rates:
            reported |= ~one.is_empty
        for at in np.flatnonzero(~reported).tolist():
            self._warned.left_out("rows_without_figures", self._place(facts.numbers[at], self._rows.units.place))
        for at in (
            np.flatnonzero(reported & np.isin(facts.numbers, list(block.hidden))).tolist() if block.hidden else ()
        ):
            unit = self._file.matcher.units[facts.unit[at]].name
            place = self._place(facts.numbers[at], self._rows.units.place)
            self._warned.left_out("hidden_rows_read", f"{place} ({unit})")
        beyond = self._rows.take_words_beyond(facts.numbers[reported])
        for number in beyond:
            self._warned.left_out("words_beyond_left_out", self._place(number, self._opened.width))
        is_good = reported.copy()
        for at, (column, notice) in facts.problems.items():
            if reported[at]:
                rejected.append(self._rows.rejection(facts, at, column, notice))
                is_good[at] = False
        parts: list[pd.DataFrame] = []
        repeated = 0
        for group, one in zip(groups, rates, strict=True):
            repeated += self._add_group(group, one, facts=facts, is_good=is_good, parts=parts, rejected=rejected)
        rejected.sort(key=lambda entry: entry[0])
        return ReadingBatch(
            frame=self._file.frame(parts),
            rejected=tuple(row for _, row in rejected),
            warnings=self._warned.take(),
            rows_read=sorted_out.count,
            repeated=repeated,
            sheet=self._opened.sheet.name,
        )

    def _add_group(
        self,
        group: FigureGroup,
        rates: Rates,
        *,
        facts: ParsedRows,
        is_good: Bools,
        parts: list[pd.DataFrame],
        rejected: list[tuple[int, RejectedRow]],
    ) -> int:
        """Adds one indicator's figures; returns how many of them an earlier row had reported alike."""
        is_alive = is_good & ~rates.is_empty
        for row, (column, notice) in rates.problems.items():
            if is_alive[row]:
                rejected.append(self._rejection(group, facts, row, column, notice))
                is_alive[row] = False
        rows = np.flatnonzero(is_alive)
        if not len(rows):
            return 0
        indicator = (
            facts.indicator[rows]
            if group.indicator is None
            else np.full(len(rows), self._file.indicator_number(group.indicator), dtype=np.int64)
        )
        reported = ReportedRows(
            key=self._file.key_of(facts, rows, indicator),
            numerator=rates.numerator[rows],
            denominator=rates.denominator[rows],
            value=rates.value[rows],
            high=rates.high[rows],
            qualifier=rates.qualifier[rows],
            row=facts.numbers[rows],
            column=np.full(len(rows), rates.column, dtype=np.int64),
            sheet=self._number,
        )
        repeats = self._file.repeats(reported)
        for at in np.flatnonzero(repeats.is_other).tolist():
            sheet, number, column = repeats.place(int(repeats.first[at]))
            first = place_of(self._file.sheets[sheet].sheet.name, number, column)
            notice = problem("told_otherwise", first=first)
            rejected.append(self._rejection(group, facts, int(rows[at]), rates.column, notice))
        is_new = ~repeats.is_same & ~repeats.is_other
        noted = {name: notes[rows] for name, notes in facts.notes.items()}
        for name, notes in noted.items():
            self._say_lost_notes(name, notes, reported, repeats, column=rates.column)
        self._warn(group, rates, facts=facts, rows=rows[is_new])
        parts.append(
            pd.DataFrame(
                {
                    "unit_id": self._file.unit_ids[facts.unit[rows]],
                    "indicator": indicator,
                    "as_of": facts.day[rows],
                    "scope": facts.scope[rows],
                    "numerator": reported.numerator,
                    "denominator": reported.denominator,
                    "value": reported.value,
                    "value_high": reported.high,
                    "qualifier": reported.qualifier,
                    "row": reported.row,
                    "column": reported.column,
                    **noted,
                }
            )[is_new]
        )
        return int(repeats.is_same.sum())

    def _rejection(
        self, group: FigureGroup, facts: ParsedRows, row: int, column: int, notice: Notice
    ) -> tuple[int, RejectedRow]:
        """A figure that is wrong where all else is right: a later one of the same unit and day can take its place."""
        number, rejected = self._rows.rejection(facts, row, column, notice)
        key = group.indicator or self._file.context.campaign.indicators[int(facts.indicator[row])].key
        about = (int(self._file.unit_ids[facts.unit[row]]), key, int(facts.day[row]))
        return number, replace(rejected, about=about)

    def _say_lost_notes(
        self, name: str, notes: npt.NDArray[np.object_], reported: ReportedRows, repeats: Repeats, *, column: int
    ) -> None:
        """A figure that is reported twice alike keeps its first note; a different second note is warned of."""
        kept = self._file.notes[name]
        where = repeats.where(reported)
        for at in np.flatnonzero(~repeats.is_same & ~repeats.is_other & pd.notna(notes)).tolist():
            kept[int(where[at])] = notes[at]
        for at in np.flatnonzero(repeats.is_same & pd.notna(notes)).tolist():
            first = int(repeats.first[at])
            if kept.get(first) != notes[at]:
                sheet, number, first_column = repeats.place(first)
                self._warned.warn(
                    "repeated_with_note",
                    self._place(int(reported.row[at]), column),
                    first=place_of(self._file.sheets[sheet].sheet.name, number, first_column),
                    note=str(notes[at]),
                )

    def _warn(self, group: FigureGroup, rates: Rates, *, facts: ParsedRows, rows: Whole) -> None:
        for code, marked in rates.marks.items():
            for row in rows[marked[rows]].tolist():
                if not self._warned.wants(code):
                    self._warned.count(code, 1)
                    continue
                terms = {"reported": f"{rates.value[row]:.10g}"}
                if code == "percent_differs":
                    rate = 100 * rates.numerator[row] / rates.denominator[row]
                    terms |= {
                        "numerator": f"{rates.numerator[row]:.0f}",
                        "denominator": f"{rates.denominator[row]:.0f}",
                        "recomputed": f"{rate:.2f}",
                    }
                place = self._place(int(facts.numbers[row]), rates.column)
                self._warned.warn(code, place, **(terms if code == "percent_differs" else {}))
        if self._opened.layout == "one_stop_export":
            self._warn_of_export(rates, facts=facts, rows=rows)

    def _warn_of_export(self, rates: Rates, *, facts: ParsedRows, rows: Whole) -> None:
        """Whether the export's total is what was received, with or without what was left from before."""
        for row in rows.tolist():
            reported = self._rows.export_totals(facts, row)
            received = rates.denominator[row]
            if reported is not None and reported[0] not in (received, received + reported[1]):
                place = self._place(int(facts.numbers[row]), rates.column)
                self._warned.warn("export_total_differs", place, total=f"{reported[0]:.0f}", received=f"{received:.0f}")

    def _leave_out(self, number: int, row: Row, sort: Sort) -> None:
        self._warned.left_out(LEFT_OUT[sort], self._place(number, self._rows.units.place))
        facts = self._rows.facts_of_total(number, row) if sort == "total" else None
        if facts is None:
            return
        for group in self._opened.groups:
            indicator = facts.indicator[0] if group.indicator is None else self._file.indicator_number(group.indicator)
            denominator = self._file.rates(group, facts).denominator[0]
            if indicator >= 0 and not np.isnan(denominator):
                place = self._place(number, group.columns[0])
                self._file.remember_total(TotalRow(int(indicator), int(facts.day[0]), float(denominator), place))

    def _place(self, number: int, column: int) -> str:
        return place_of(self._opened.sheet.name, int(number), column)


def _frame(parts: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """The documented frame of a batch, from the parts of its groups."""
    part = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame({name: [] for name in COLUMNS})
    numerator, denominator = (part[name].to_numpy(dtype=np.float64) for name in ("numerator", "denominator"))
    words = np.array(QUALIFIERS, dtype=object)
    return pd.DataFrame(
        {
            "unit_id": part["unit_id"].to_numpy(dtype=np.int64),
            "indicator": pd.Categorical.from_codes(
                part["indicator"].to_numpy(dtype=np.int64), categories=pd.Index(keys)
            ),
            "as_of": part["as_of"].to_numpy(dtype=np.int64),
            "scope": pd.Categorical.from_codes(
                part["scope"].to_numpy(dtype=np.int64), categories=pd.Index(SCOPE_NAMES)
            ),
            "numerator": _counts(numerator),
            "denominator": _counts(denominator),
            "value": part["value"].to_numpy(dtype=np.float64),
            "qualifier": pd.Series(words[part["qualifier"].to_numpy(dtype=np.int64)], dtype=object),
            "row": part["row"].to_numpy(dtype=np.int64),
            "column": part["column"].to_numpy(dtype=np.int64),
        }
        | of_ranges(part["value_high"].to_numpy(dtype=np.float64))
        | {name: pd.Series(part[name].to_numpy(), dtype=object) for name in NOTES if name in part}
    )


def of_ranges(high: Floats) -> dict[str, Floats]:
    """The column of high ends, where there is any."""
    return {} if np.isnan(high).all() else {"value_high": high}


def _counts(numbers: Floats) -> pd.arrays.IntegerArray:
    """Whole numbers with gaps where nothing was reported."""
    is_gap = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(is_gap, 0, numbers).astype(np.int64), is_gap)


# --- surveys whose file tells only how many voted for each grade -----------------------------------------------------


def with_surveys(read: Sequence[Read], campaign: Campaign) -> list[Read]:
    """The figures of some columns, and of each survey all of whose grades stand beside each other.

    Votes are of all ballots: the survey's own cases where the row tells them, else the votes together. Who is counted
    as satisfied follows from the grades where the row does not say it.
    """
    found = dict(enumerate(read))
    of_indicator = {group.indicator: at for at, (group, _) in found.items() if group.indicator is not None}
    for survey in campaign.indicators:
        if survey.grades and all(grade in of_indicator for grade in survey.grades):
            places = [of_indicator[grade] for grade in survey.grades]
            _fill(found, places, of_indicator.get(survey.key), survey)
    return [found[at] for at in sorted(found)]


def _fill(found: dict[int, Read], places: Sequence[int], own: int | None, survey: Indicator) -> None:
    votes = [found[at][1] for at in places]
    together = np.sum([grade.numerator for grade in votes], axis=0)
    first_group, first = found[places[0]]
    nothing = np.full(len(together), np.nan)
    whole = found[own][1] if own is not None else replace(
        first, numerator=nothing, denominator=nothing, value=nothing, high=nothing,
        qualifier=np.zeros_like(first.qualifier), is_empty=np.ones(len(together), dtype=bool), problems={}, marks={},
    )  # fmt: skip
    is_known = ~np.isnan(together) & (np.sum([grade.qualifier for grade in votes], axis=0) == 0)
    ballots = np.where(np.isnan(whole.denominator), together, whole.denominator)
    for at, grade in zip(places, votes, strict=True):
        is_open = is_known & np.isnan(grade.denominator)
        found[at] = found[at][0], replace(grade, denominator=np.where(is_open, ballots, grade.denominator))
    is_open = is_known & np.isnan(whole.numerator) & np.isnan(whole.value)
    met = np.sum([grade.numerator for grade in votes[: survey.grades_met]], axis=0)
    group = found[own][0] if own is not None else replace(first_group, indicator=survey.key)
    place = own if own is not None else max(found) + 1
    found[place] = (
        group,
        replace(
            whole,
            numerator=np.where(is_open, met, whole.numerator),
            denominator=np.where(is_open, ballots, whole.denominator),
            is_empty=whole.is_empty & ~is_open,
        ),
    )
