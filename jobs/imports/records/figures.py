"""Baselines and targets: rows of decided figures, kept as exact decimals. Those of the centre name no unit."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import numpy as np

from jobs.imports.problems import problem
from jobs.imports.records.keyed_rows import Collected, Line, RowRefused, exact, lines, year_in
from jobs.imports.records.kinds import kinds_of_rows
from jobs.imports.records.parsed_rows import ParsedRows
from jobs.imports.records.rates import Rates, read_rates
from jobs.imports.records.unit_lines import UnitLines
from jobs.imports.tables.headers import Headings
from jobs.imports.tables.layout import DECIDED_ROLES, FigureGroup, OpenedSheet
from jobs.imports.units.levels import level_names, names_of
from jobs.imports.values import ImportContext
from jobs.imports.words import heading
from models.readings.records import BaselineRecord, CentralRecord, Record, TargetRecord
from targets.figures import percent_in, says_nothing
from targets.values import QUALIFIERS, RANGE, Campaign

R = TypeVar("R", bound=Record)


def _rate_rows(
    sheets: Sequence[OpenedSheet],
    rows: UnitLines,
    collected: Collected[R],
    record_of: Callable[[Line, str, str, Rates, int], R],
    key_of: Callable[[R], tuple[object, ...]],
) -> Collected[R]:
    """Goes through the rates of each row and indicator; `record_of` gets line, unit, indicator, rates and row."""
    keys = [indicator.key for indicator in rows.context.campaign.indicators]
    for opened in sheets:
        for facts, in_order in rows.blocks(opened, collected):
            all_rates = [
                (
                    group,
                    _read(group, facts, rows),
                )
                for group in opened.groups
            ]
            for at, line in enumerate(in_order):
                given = [(group, rates) for group, rates in all_rates if not rates.is_empty[at]]
                if not given:
                    collected.warned.left_out("rows_without_figures", line.place(line.opened.header.first_column))
                elif at in facts.problems:
                    collected.refuse(line, *facts.problems[at])
                else:
                    for group, rates in given:
                        _add_rate(
                            group,
                            rates,
                            at,
                            line=line,
                            unit=rows.unit(facts, at),
                            facts=facts,
                            keys=keys,
                            collected=collected,
                            record_of=record_of,
                            key_of=key_of,
                        )
    collected.warnings = collected.warned.close()
    return collected


def _add_rate(
    group: FigureGroup,
    rates: Rates,
    at: int,
    *,
    line: Line,
    unit: str,
    facts: ParsedRows,
    keys: Sequence[str],
    collected: Collected[R],
    record_of: Callable[[Line, str, str, Rates, int], R],
    key_of: Callable[[R], tuple[object, ...]],
) -> None:
    indicator = group.indicator if group.indicator is not None else keys[int(facts.indicator[at])]
    try:
        if at in rates.problems:
            raise RowRefused(*rates.problems[at])
        record = record_of(line, unit, indicator, rates, at)
    except RowRefused as refused:
        collected.refuse(line, refused.column, refused.notice)
        return
    if rates.marks["percent_differs"][at]:
        rate = 100 * rates.numerator[at] / rates.denominator[at]
        collected.warned.warn(
            "percent_differs",
            line.place(rates.column),
            reported=f"{rates.value[at]:.10g}",
            numerator=f"{rates.numerator[at]:.0f}",
            denominator=f"{rates.denominator[at]:.0f}",
            recomputed=f"{rate:.2f}",
        )
    collected.add(record, key=key_of(record), line=line, column=rates.column)


def _figure(rates: Rates, at: int, *, is_count: bool) -> Decimal | None:
    """The decided figure of a row: its percent or its days, of a count the count."""
    number = float(rates.numerator[at] if is_count else rates.value[at])
    return None if np.isnan(number) else exact(number)


def _read(group: FigureGroup, facts: ParsedRows, rows: UnitLines) -> Rates:
    kind = kinds_of_rows(group, facts, rows.context.campaign)
    return read_rates(group, facts.cells, readers=rows.readers, count=len(facts), qualifier=facts.qualifier, kind=kind)


def read_baselines(sheets: Sequence[OpenedSheet], context: ImportContext) -> Collected[BaselineRecord]:
    """Results of a year before the campaign: percents, counts, or both."""
    collected: Collected[BaselineRecord] = Collected(context.limits)
    counts = {each.key for each in context.campaign.indicators if each.measured_in == "count"}

    def record_of(line: Line, unit: str, indicator: str, rates: Rates, at: int) -> BaselineRecord:
        year = year_in(line, default=context.campaign.baseline_year, warned=collected.warned)
        if rates.qualifier[at] == RANGE:
            raise RowRefused(rates.column, problem("range"))
        if year > context.today.year:
            raise RowRefused(line.index("year"), problem("year_future"))
        return BaselineRecord(
            unit=unit,
            indicator=indicator,
            year=year,
            value=_figure(rates, at, is_count=indicator in counts),
            numerator=None if np.isnan(rates.numerator[at]) or indicator in counts else int(rates.numerator[at]),
            denominator=None if np.isnan(rates.denominator[at]) else int(rates.denominator[at]),
            qualifier=QUALIFIERS[int(rates.qualifier[at])],
            source_note=line.remark,
            place=line.place(rates.column),
        )

    rows = UnitLines(context, has_days=False)
    return _rate_rows(sheets, rows, collected, record_of, lambda one: (one.unit, one.indicator, one.year))


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
    collected: Collected[TargetRecord] = Collected(context.limits)
    counts = {each.key for each in context.campaign.indicators if each.measured_in == "count"}
    phases = phase_names(context.campaign)

    def record_of(line: Line, unit: str, indicator: str, rates: Rates, at: int) -> TargetRecord:
        phase = phases.get(heading(line.needed("phase", code="phase_missing")))
        if phase is None:
            known = ", ".join(phase.key for phase in context.campaign.phases)
            raise RowRefused(line.index("phase"), problem("word_unknown", known=known))
        value = _figure(rates, at, is_count=indicator in counts)
        if value is None:
            raise RowRefused(rates.column, problem("value_missing"))
        if rates.qualifier[at]:
            raise RowRefused(rates.column, problem("target_with_qualifier"))
        document = line.words("document", code="document_missing")
        day = line.day("document_date", "as_of", context=context)
        if day is None:
            raise RowRefused(line.index("document_date", "as_of", "document"), problem("document_date_missing"))
        place = line.place(rates.column)
        return TargetRecord(unit, indicator, phase, "issued", value, document, day, place=place)

    rows = UnitLines(context, has_days=False)
    return _rate_rows(sheets, rows, collected, record_of, lambda one: (one.unit, one.indicator, one.phase))


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
