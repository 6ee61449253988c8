"""The rows of a smaller file that name a unit, with the unit's place among the campaign's."""

from collections.abc import Iterator
from typing import TypeVar

from jobs.imports.records.keyed_rows import Collected, Line
from jobs.imports.records.parsed_rows import ParsedRows, RowReader
from jobs.imports.tables.columns import FigureReaders
from jobs.imports.tables.headers import Headings
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.tables.rows import LEFT_OUT
from jobs.imports.units.matching import UnitMatcher
from jobs.imports.values import ImportContext, place_of
from models.readings.records import Record

R = TypeVar("R", bound=Record)
ROWS_A_BLOCK = 5_000


class UnitLines:
    """The rows of a file that name a unit, with the unit's place among the campaign's."""

    def __init__(
        self,
        context: ImportContext,
        *,
        has_days: bool,
        needs_indicator: bool = True,
    ) -> None:
        self.context, self._has_days, self._needs_indicator = context, has_days, needs_indicator
        self.matcher = UnitMatcher(context.units, context.campaign)
        self.headings = Headings(context.campaign)
        self.readers = FigureReaders()

    def blocks(self, opened: OpenedSheet, collected: Collected[R]) -> Iterator[tuple[ParsedRows, list[Line]]]:
        reader = RowReader(
            opened,
            self.context,
            matcher=self.matcher,
            headings=self.headings,
            has_days=self._has_days,
            needs_indicator=self._needs_indicator,
        )
        for block in opened.blocks(ROWS_A_BLOCK):
            sorted_out = reader.read(block)
            collected.rows_read += sorted_out.count
            collected.keep_rejected(row for _, row in sorted_out.rejected if collected.warned.is_ours(row))
            for number, row, sort in sorted_out.others:
                place = Line(opened, number, row).place(reader.units.place)
                collected.warned.left_out(LEFT_OUT[sort], place)
            facts = sorted_out.facts
            for number in facts.numbers.tolist():
                if number in block.hidden:
                    collected.warned.left_out(
                        "hidden_rows_read", place_of(opened.sheet.name, number, reader.units.place)
                    )
            yield facts, [Line(opened, int(number), row) for number, row in zip(facts.numbers, facts.rows, strict=True)]

    def unit(self, facts: ParsedRows, at: int) -> str:
        return self.matcher.units[int(facts.unit[at])].code
