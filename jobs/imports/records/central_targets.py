"""Central targets, whose rows name no unit."""

from collections.abc import Mapping, Sequence

from jobs.imports.problems import problem
from jobs.imports.records.keyed_rows import Collected, Line, RowRefused, lines, year_in
from jobs.imports.tables.headers import Headings
from jobs.imports.tables.layout import DECIDED_ROLES, OpenedSheet
from jobs.imports.units.levels import level_names
from jobs.imports.values import ImportContext
from jobs.imports.words import heading
from models.readings.records import CentralRecord
from targets.figures import percent_in, says_nothing

HIGHEST = 100
EVERY_LEVEL = frozenset(("", "tat ca", "tat ca cac cap", "all", "moi cap"))


def read_central(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[CentralRecord]:
    """Central targets; a row without a value says nothing and is counted."""
    collected: Collected[CentralRecord] = Collected(context.limits)
    headings, levels = Headings(context.campaign), level_names(context.campaign)
    for opened in sheets:
        for line in lines(opened, collected):
            column = line.index(*DECIDED_ROLES)
            if says_nothing(line.cell(*DECIDED_ROLES)):
                collected.warned.left_out("rows_without_figures", line.place(column))
                continue
            collected.rows_read += 1
            try:
                record = _central(line, context, headings=headings, levels=levels, collected=collected)
            except RowRefused as refused:
                collected.refuse(line, refused.column, refused.notice)
                continue
            collected.add(record, key=(record.indicator, record.year, record.level), line=line, column=column)
    collected.warnings = collected.warned.close()
    return collected


def _central(
    line: Line,
    context: ImportContext,
    *,
    headings: Headings,
    levels: Mapping[str, str],
    collected: Collected[CentralRecord],
) -> CentralRecord:
    column = line.index(*DECIDED_ROLES)
    name = line.needed("indicator", code="indicator_missing")
    indicator = headings.indicator(heading(name))
    if indicator is None:
        known = ", ".join(headings.nearest(name) or headings.names)
        raise RowRefused(line.index("indicator"), problem("indicator_unknown", known=known))
    figure = line.figure(column, percent_in)
    if figure.number is None or figure.no_cases:
        raise RowRefused(column, problem("value_missing"))
    if figure.qualifier is not None:
        raise RowRefused(column, problem("target_with_qualifier"))
    if figure.number > HIGHEST:
        raise RowRefused(column, problem("percent_above_hundred"))
    level = heading(line.text("level"))
    if level not in EVERY_LEVEL and level not in levels:
        raise RowRefused(line.index("level"), problem("word_unknown", known=", ".join(levels.values())))
    return CentralRecord(
        indicator=indicator,
        year=year_in(line, default=context.campaign.target_year, warned=collected.warned),
        level="" if level in EVERY_LEVEL else levels[level],
        value=figure.number,
        document=line.words("document", code="document_missing"),
        source_note=line.remark,
        place=line.place(column),
    )
