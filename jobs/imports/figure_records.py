"""Baselines, targets and official scores: rows that name a unit and hold decided figures, kept as exact decimals."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import TypeVar

import numpy as np

from jobs.imports.columns import QUALIFIERS, FigureReaders
from jobs.imports.headers import Headings
from jobs.imports.layout import FigureGroup, OpenedSheet
from jobs.imports.problems import problem
from jobs.imports.rates import Rates, read_rates
from jobs.imports.records import Collected, Line, RowRefused, exact, lines, year_in
from jobs.imports.row_facts import RowFacts, RowReader
from jobs.imports.sheets import shown
from jobs.imports.unit_records import names_of
from jobs.imports.units import UnitMatcher
from jobs.imports.values import BaselineRecord, ImportContext, Record, ScoreRecord, TargetRecord
from jobs.imports.words import folded, heading
from models.columns import day_of
from targets.errors import FigureProblem
from targets.figures import count_in, has_figure, points_in
from targets.values import Campaign

R = TypeVar("R", bound=Record)
ROWS_A_BLOCK = 5_000
LEFT_OUT = {
    "total": "totals_left_out",
    "group": "groups_left_out",
    "note": "notes_left_out",
    "no_figure": "rows_without_figures",
}
SCORED = ("total", "points", "rank")
SUM_ALLOWED = Decimal("0.05")
"""Each of six points is rounded to two decimals; a total further off than this is not their sum."""
_RANK = re.compile(r"(?P<rank>[0-9]{1,4})\s*/\s*(?P<of>[0-9]{1,4})")


class _Rows:
    """The rows of a file that name a unit, with the unit's place among the campaign's."""

    def __init__(self, context: ImportContext, *, has_days: bool) -> None:
        self.context, self._has_days = context, has_days
        self.matcher = UnitMatcher(context.units, context.campaign)
        self.headings = Headings(context.campaign)
        self.readers = FigureReaders()

    def blocks(self, opened: OpenedSheet, collected: Collected[R]) -> Iterator[tuple[RowFacts, list[Line]]]:
        reader = RowReader(opened, self.context, matcher=self.matcher, headings=self.headings, has_days=self._has_days)
        for block in opened.blocks(ROWS_A_BLOCK):
            sorted_out = reader.read(block)
            collected.rows_read += sorted_out.count
            collected.rejected.extend(row for _, row in sorted_out.rejected)
            for number, row, sort in sorted_out.others:
                place = Line(opened, number, row).place(reader.units.place)
                collected.ledger.left_out(LEFT_OUT[sort], place)
            facts = sorted_out.facts
            yield facts, [Line(opened, int(number), row) for number, row in zip(facts.numbers, facts.rows, strict=True)]

    def unit_id(self, facts: RowFacts, at: int) -> int:
        return self.matcher.units[int(facts.unit[at])].unit_id


def _rate_rows(
    sheets: Sequence[OpenedSheet],
    rows: _Rows,
    collected: Collected[R],
    record_of: Callable[[Line, int, str, Rates, int], R],
    key_of: Callable[[R], tuple[object, ...]],
) -> Collected[R]:
    """Goes through the rates of each row and indicator; `record_of` gets line, unit id, indicator, rates and row."""
    keys = [indicator.key for indicator in rows.context.campaign.indicators]
    for opened in sheets:
        for facts, in_order in rows.blocks(opened, collected):
            all_rates = [
                (
                    group,
                    read_rates(group, facts.cells, readers=rows.readers, count=len(facts), qualifier=facts.qualifier),
                )
                for group in opened.groups
            ]
            for at, line in enumerate(in_order):
                told = [(group, rates) for group, rates in all_rates if not rates.is_empty[at]]
                if not told:
                    collected.ledger.left_out("rows_without_figures", line.place(line.opened.header.first_column))
                elif at in facts.problems:
                    collected.refuse(line, *facts.problems[at])
                else:
                    for group, rates in told:
                        _add_rate(
                            group,
                            rates,
                            at,
                            line=line,
                            unit_id=rows.unit_id(facts, at),
                            facts=facts,
                            keys=keys,
                            collected=collected,
                            record_of=record_of,
                            key_of=key_of,
                        )
    collected.warnings = collected.ledger.close()
    return collected


def _add_rate(
    group: FigureGroup,
    rates: Rates,
    at: int,
    *,
    line: Line,
    unit_id: int,
    facts: RowFacts,
    keys: Sequence[str],
    collected: Collected[R],
    record_of: Callable[[Line, int, str, Rates, int], R],
    key_of: Callable[[R], tuple[object, ...]],
) -> None:
    indicator = group.indicator if group.indicator is not None else keys[int(facts.indicator[at])]
    try:
        if at in rates.problems:
            raise RowRefused(*rates.problems[at])
        record = record_of(line, unit_id, indicator, rates, at)
    except RowRefused as refused:
        collected.refuse(line, refused.column, refused.notice)
        return
    if rates.marks["percent_differs"][at]:
        rate = 100 * rates.numerator[at] / rates.denominator[at]
        collected.ledger.warn(
            "percent_differs",
            line.place(rates.column),
            reported=f"{rates.value[at]:.10g}",
            numerator=f"{rates.numerator[at]:.0f}",
            denominator=f"{rates.denominator[at]:.0f}",
            recomputed=f"{rate:.2f}",
        )
    collected.add(record, key=key_of(record), line=line, column=rates.column)


def read_baselines(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[BaselineRecord]:
    """Results of a year before the campaign: percents, counts, or both."""
    collected: Collected[BaselineRecord] = Collected()

    def record_of(line: Line, unit_id: int, indicator: str, rates: Rates, at: int) -> BaselineRecord:
        year = year_in(line, default=context.campaign.baseline_year, ledger=collected.ledger)
        if year > context.today.year:
            raise RowRefused(line.index("year"), problem("year_future"))
        return BaselineRecord(
            unit_id=unit_id,
            indicator=indicator,
            year=year,
            value=None if np.isnan(rates.value[at]) else exact(float(rates.value[at])),
            numerator=None if np.isnan(rates.numerator[at]) else int(rates.numerator[at]),
            denominator=None if np.isnan(rates.denominator[at]) else int(rates.denominator[at]),
            qualifier=QUALIFIERS[int(rates.qualifier[at])],
            source_note=line.text("note"),
            place=line.place(rates.column),
        )

    rows = _Rows(context, has_days=False)
    return _rate_rows(sheets, rows, collected, record_of, lambda one: (one.unit_id, one.indicator, one.year))


def phase_names(campaign: Campaign) -> dict[str, str]:
    """What a cell may call a phase → its key: key, name, "giai đoạn 1", "50 ngày"."""
    found: dict[str, str] = {}
    for number, phase in enumerate(campaign.phases, start=1):
        numbered = {str(number), *(f"{word} {number}" for word in ("giai doan", "gd", "phase"))}
        for name in names_of(phase.key, phase.name) | numbered:
            for prefix in ("", "giai doan ", "moc "):
                found.setdefault(prefix + name, phase.key)
    return found


def read_targets(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[TargetRecord]:
    """Targets that a document gives, each with the document's number and date."""
    collected: Collected[TargetRecord] = Collected()
    phases = phase_names(context.campaign)

    def record_of(line: Line, unit_id: int, indicator: str, rates: Rates, at: int) -> TargetRecord:
        phase = phases.get(heading(line.needed("phase", code="phase_missing")))
        if phase is None:
            known = ", ".join(phase.key for phase in context.campaign.phases)
            raise RowRefused(line.index("phase"), problem("word_unknown", known=known))
        if np.isnan(rates.value[at]):
            raise RowRefused(rates.column, problem("value_missing"))
        if rates.qualifier[at]:
            raise RowRefused(rates.column, problem("target_with_qualifier"))
        document = line.needed("document", code="document_missing")
        day = line.day("document_date", "as_of", context=context)
        if day is None:
            raise RowRefused(line.index("document_date", "as_of", "document"), problem("document_date_missing"))
        value = exact(float(rates.value[at]))
        return TargetRecord(unit_id, indicator, phase, value, document, day, line.place(rates.column))

    rows = _Rows(context, has_days=False)
    return _rate_rows(sheets, rows, collected, record_of, lambda one: (one.unit_id, one.indicator, one.phase))


# --- scores ---------------------------------------------------------------------------------------------------------


def read_scores(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[ScoreRecord]:
    """Official points and ranks, as told: nothing is worked out from them."""
    collected: Collected[ScoreRecord] = Collected()
    rows = _Rows(context, has_days=True)
    for opened in sheets:
        ranked = _complete_ranking(opened)
        for facts, in_order in rows.blocks(opened, collected):
            for at, line in enumerate(in_order):
                if not any(has_figure(line.cell(role)) for role in SCORED) and not any(
                    has_figure(line.row[column.index]) for column in opened.header.indicator_columns
                ):
                    collected.ledger.left_out("rows_without_figures", line.place(opened.header.first_column))
                    continue
                if at in facts.problems:
                    collected.refuse(line, *facts.problems[at])
                    continue
                try:
                    found = _scores(line, facts, at, rows=rows, ranked=ranked)
                except RowRefused as refused:
                    collected.refuse(line, refused.column, refused.notice)
                    continue
                for column, record in found:
                    key = (record.unit_id, record.indicator, record.as_of)
                    collected.add(record, key=key, line=line, column=column)
                _compare_total(line, [record for _, record in found], collected)
    collected.warnings = collected.ledger.close()
    return collected


def _scores(line: Line, facts: RowFacts, at: int, *, rows: _Rows, ranked: int | None) -> list[tuple[int, ScoreRecord]]:
    """The records of one row with the columns they come from: each indicator's, and the total with its rank."""
    header, indicators = line.opened.header, rows.context.campaign.indicators
    limits = {indicator.key: indicator.max_points for indicator in indicators}
    limits[""] = sum(limits.values(), start=Decimal(0))
    columns: list[tuple[int, str]] = [
        (column.index, column.indicator or "")
        for column in header.indicator_columns
        if column.role in ("rate", "value", "points")
    ]
    total = header.index("total", "points")
    own = "" if facts.indicator[at] < 0 else indicators[int(facts.indicator[at])].key
    if total is not None:
        columns.append((total, own))
    rank, rank_of = _rank(line, ranked)
    if total is None and rank is not None:
        columns.append((line.index("rank"), own))
    found = []
    for column, indicator in columns:
        is_rank_only = total is None and column == header.index("rank")
        points = None if is_rank_only else line.figure(column, points_in).number
        most = _most_points(line, limits[indicator])
        if points is not None and points > most:
            raise RowRefused(column, problem("points_above_most", most=f"{most.normalize():f}"))
        is_ranked = column in (total, header.index("rank"))
        if points is not None or (is_ranked and rank is not None):
            record = ScoreRecord(
                unit_id=rows.unit_id(facts, at),
                indicator=indicator,
                points=points,
                max_points=most,
                rank=rank if is_ranked else None,
                rank_of=rank_of if is_ranked else None,
                as_of=day_of(int(facts.day[at])),
                place=line.place(column),
            )
            found.append((column, record))
    return found


def _most_points(line: Line, limit: Decimal) -> Decimal:
    column = line.opened.header.index("max_points")
    told = None if column is None else line.figure(column, points_in).number
    return limit if told is None else told


def _rank(line: Line, ranked: int | None) -> tuple[int | None, int | None]:
    """Rank and of how many: "9/17", or two columns, or of as many as a complete ranking has."""
    column = line.opened.header.index("rank")
    if column is None:
        return None, None
    match = _RANK.fullmatch(folded(shown(line.cell("rank"))).replace(" ", "/", 1)) or _RANK.fullmatch(line.text("rank"))
    if match:
        rank, rank_of = int(match["rank"]), int(match["of"])
    else:
        figure = line.figure(column, count_in)
        if figure.number is None or figure.no_cases:
            return None, None
        rank = int(figure.number)
        of_column = line.opened.header.index("rank_of")
        told = None if of_column is None else line.figure(of_column, count_in).number
        rank_of = int(told) if told is not None else ranked or 0
    if rank < 1 or (rank_of and rank > rank_of):
        raise RowRefused(column, problem("rank_impossible"))
    return rank, rank_of or None


def _complete_ranking(opened: OpenedSheet) -> int | None:
    """How many are ranked, where the sheet's ranks are 1 to N without a gap."""
    ranks: list[int] = []
    if opened.header.index("rank") is not None:
        for line in lines(opened):
            try:
                number = count_in(line.cell("rank")).number
            except FigureProblem:
                continue
            if number is not None:
                ranks.append(int(number))
    return len(ranks) if len(ranks) > 1 and sorted(ranks) == list(range(1, len(ranks) + 1)) else None


def _compare_total(line: Line, found: Sequence[ScoreRecord], collected: Collected[ScoreRecord]) -> None:
    """Warns of a total that is not the sum of its parts; both are kept as told."""
    total = next((record.points for record in found if record.indicator == ""), None)
    parts = [record.points for record in found if record.indicator and record.points is not None]
    columns = line.opened.header.indicator_columns
    if total is None or not columns or len(parts) != len(columns):
        return
    added = sum(parts, start=Decimal(0))
    if abs(added - total) > SUM_ALLOWED:
        place = line.place(line.index("total"))
        collected.ledger.warn("total_is_not_the_sum", place, total=str(total), sum=str(added))
