"""Official points and ranks: never rates, kept as they were published, nothing worked out from them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from jobs.imports.days.score_periods import RowPeriods, ScoreDay
from jobs.imports.formats.sheets import shown
from jobs.imports.problems import problem
from jobs.imports.records.keyed_rows import Collected, Line, RowRefused, lines
from jobs.imports.records.parsed_rows import ParsedRows
from jobs.imports.records.unit_lines import UnitLines
from jobs.imports.tables.layout import OpenedSheet
from jobs.imports.units.names import MANY_PROVINCES
from jobs.imports.values import ImportContext
from jobs.imports.words import folded
from models.core.columns import day_of
from models.readings.records import ScoreRecord
from targets.errors import FigureProblem
from targets.figures import count_in, points_in, says_nothing

SCORED = ("total", "points", "rank")
SUM_ALLOWED = Decimal("0.05")
"""Each of six points is rounded to two decimals; a total further off than this is not their sum."""
_RANK = re.compile(r"(?P<rank>[0-9]{1,4})\s*/\s*(?P<of>[0-9]{1,4})")


def read_scores(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[ScoreRecord]:
    """Official points and ranks as published, nothing worked out. Other provinces' rows are only counted."""
    collected: Collected[ScoreRecord] = Collected(context.limits)
    rows = UnitLines(context, has_days=True, needs_indicator=False)
    for opened in sheets:
        ranked, periods = _complete_ranking(opened), RowPeriods(opened, context)
        is_other = rows.matcher.names_other_province
        is_national = sum(is_other(line.text("unit")) for line in lines(opened)) >= MANY_PROVINCES
        # Where only the period is named, its end is each row's day; until then today stands in for it.
        dated = opened if periods.tells_days else replace(opened, day=context.today)
        for facts, in_order in rows.blocks(dated, collected):
            for at, line in enumerate(in_order):
                cells = [line.cell(role) for role in SCORED]
                cells += [line.row[column.index] for column in opened.header.indicator_columns]
                if all(map(says_nothing, cells)):
                    collected.warned.left_out("rows_without_figures", line.place(opened.header.first_column))
                    continue
                if is_national and is_other(line.text("unit")):
                    collected.warned.left_out("other_provinces_left_out", line.place(line.index("unit")))
                    continue
                if at in facts.problems:
                    collected.refuse(line, *facts.problems[at])
                    continue
                try:
                    reported = periods.of(line, day_of(int(facts.day[at])))
                    found = _scores(line, facts, at, reported=reported, rows=rows, ranked=ranked)
                except RowRefused as refused:
                    collected.refuse(line, refused.column, refused.notice)
                    continue
                for column, record in found:
                    key = (record.unit, record.indicator, record.basis, record.period_start, record.as_of)
                    collected.add(record, key=key, line=line, column=column)
                if reported.is_assumed and found:
                    collected.warned.left_out("period_assumed", line.place(found[0][0]))
                _compare_total(line, [record for _, record in found], collected)
    collected.warnings = collected.warned.close()
    return collected


def _scores(
    line: Line, facts: ParsedRows, at: int, *, reported: ScoreDay, rows: UnitLines, ranked: int | None
) -> list[tuple[int, ScoreRecord]]:
    """The records of one row with the columns they come from: each indicator's, and the total with its rank."""
    header, indicators = line.opened.header, rows.context.campaign.indicators
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
        points = None if is_rank_only else line.exact_figure(column, points_in).number
        most = _most_points(line, rows.context.campaign.most_points(indicator))
        if points is not None and most is not None and points > most:
            raise RowRefused(column, problem("points_above_most", most=f"{most.normalize():f}"))
        is_ranked = column in (total, header.index("rank"))
        if points is not None or (is_ranked and rank is not None):
            record = ScoreRecord(
                unit=rows.unit(facts, at),
                indicator=indicator,
                basis=reported.basis,
                period_start=reported.start,
                period_end=reported.end,
                points=points,
                max_points=most,
                rank=rank if is_ranked else None,
                rank_of=rank_of if is_ranked else None,
                as_of=reported.day,
                place=line.place(column),
            )
            found.append((column, record))
    return found


def _most_points(line: Line, limit: Decimal | None) -> Decimal | None:
    column = line.opened.header.index("max_points")
    reported = None if column is None else line.exact_figure(column, points_in).number
    return limit if reported is None else reported


def _rank(line: Line, ranked: int | None) -> tuple[int | None, int | None]:
    """Rank and of how many: "9/17", or two columns, or of as many as a complete ranking has."""
    column = line.opened.header.index("rank")
    if column is None:
        return None, None
    match = _RANK.fullmatch(folded(shown(line.cell("rank"))).replace(" ", "/", 1)) or _RANK.fullmatch(line.text("rank"))
    if match:
        rank, rank_of = int(match["rank"]), int(match["of"])
    else:
        figure = line.exact_figure(column, count_in)
        if figure.number is None or figure.no_cases:
            return None, None
        rank = int(figure.number)
        of_column = line.opened.header.index("rank_of")
        reported = None if of_column is None else line.exact_figure(of_column, count_in).number
        rank_of = int(reported) if reported is not None else ranked or 0
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
    """Warns of a total that is not the sum of its parts; both are kept as published."""
    total = next((record.points for record in found if record.indicator == ""), None)
    parts = [record.points for record in found if record.indicator and record.points is not None]
    columns = line.opened.header.indicator_columns
    if total is None or not columns or len(parts) != len(columns):
        return
    added = sum(parts, start=Decimal(0))
    if abs(added - total) > SUM_ALLOWED:
        place = line.place(line.index("total"))
        collected.warned.warn("total_is_not_the_sum", place, total=str(total), sum=str(added))
