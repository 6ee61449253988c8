"""The page of gaps as a file: every unit that fits the choices, with the figures behind those on screen."""

from collections.abc import Mapping, Sequence
from typing import Literal

from jobs.documents.gap_table import Cell, Column, GapTable, Kind, Line, as_csv, as_workbook, exact, rate
from jobs.wording import results as wording
from jobs.wording.results import standing_of
from models.core import formats
from models.core.texts import text
from models.results.gaps import GapRow
from models.results.overview import Overview
from pages.gaps import sentences
from pages.gaps.selection import GapFilters, parents_of, select
from pages.gaps.sentences import Subject, points_missing
from pages.gaps.view import cause_words
from pages.kit import sentences as kit_sentences
from targets.results import Result
from targets.values import Campaign, Indicator

GapFile = Literal["xlsx", "csv"]


def gap_file(overview: Overview, rows: Sequence[GapRow], filters: GapFilters, *, kind: GapFile, language: str) -> bytes:
    """The file itself."""
    table = gap_table(overview, rows, filters, language)
    return as_workbook(table) if kind == "xlsx" else as_csv(table)


def file_name(overview: Overview, filters: GapFilters, *, kind: GapFile, language: str) -> str:
    """so-voi-chi-tieu_online_2024-05-07.xlsx; simulated figures say so in the name, too."""
    parts = [text("gaps.download.file", language), filters.indicator, overview.as_of.isoformat()]
    if overview.simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def gap_table(overview: Overview, rows: Sequence[GapRow], filters: GapFilters, language: str) -> GapTable:
    """The units that fit, in the order chosen, group by group."""
    campaign = overview.campaign
    indicator = campaign.indicator(filters.indicator)
    selection, parents = select(rows, filters, campaign), parents_of(rows)
    subject = Subject(overview=overview, indicator=indicator, phase=overview.phase, rows=selection.found)
    sources = [campaign.source(key).name.of(language) for key in indicator.sources if _is_known(campaign, key)]
    return GapTable(
        language=language,
        title=text("gaps.download.title", language, name=indicator.name.of(language).upper()),
        subtitles=(
            campaign.title.of(language),
            text(
                "gaps.download.milestone",
                language,
                milestone=formats.capitalised(wording.milestone(overview.phase, campaign, language)),
                date=formats.day(overview.as_of, language),
            ),
            *_scope(filters, campaign, parents, language),
        ),
        mark=text("gaps.download.simulated", language) if overview.simulated else "",
        mark_title=text("gaps.download_column.mark", language),
        group_title=text("gaps.download_column.group", language),
        columns=_columns(indicator, campaign, language),
        lines=tuple(
            Line(_group(row, campaign, language), _cells(number, row, parents, language))
            for number, row in enumerate(selection.found, start=1)
        ),
        notes=sentences.notes(subject, language),
        source=text(
            "gaps.download.source",
            language,
            sources=", ".join(sources) or text("gaps.nothing", language),
            made=kit_sentences.made_with(overview.updated, language),
        ),
        sheet=text("gaps.download.sheet", language),
    )


def _is_known(campaign: Campaign, key: str) -> bool:
    return any(source.key == key for source in campaign.sources)


def _group(row: GapRow, campaign: Campaign, language: str) -> str:
    level = campaign.level(row.result.level)
    return (level.group or level.name).of(language)


def _scope(filters: GapFilters, campaign: Campaign, parents: Mapping[str, str], language: str) -> tuple[str, ...]:
    """Which units the file leaves out, in the words of the filters; nothing where it holds them all."""
    said = []
    if filters.level is not None:
        said.append(campaign.level(filters.level).name.of(language))
    if filters.parent is not None:
        said.append(parents[filters.parent])
    if filters.standing is not None:
        said.append(text(f"standing.{filters.standing}", language))
    if filters.q:
        said.append(f"“{filters.q}”")
    return (text("gaps.download.filters", language, filters=" · ".join(said)),) if said else ()


def _columns(indicator: Indicator, campaign: Campaign, language: str) -> tuple[Column, ...]:
    counted = indicator.counted.of(language)
    figure: Kind = "percent" if indicator.measure.is_rate else "whole" if indicator.measured_in == "count" else "points"
    return (
        Column(text("gaps.column.number", language), "whole"),
        Column(text("gaps.column.unit", language), "wide"),
        Column(text("gaps.download_column.code", language), "text"),
        Column(text("gaps.download_column.parent", language), "wide"),
        Column(text("gaps.column.baseline", language, year=campaign.baseline_year), figure),
        Column(text("gaps.download_column.baseline_said", language), "wide"),
        Column(text("gaps.column.now", language), figure),
        Column(text("gaps.download_column.numerator", language, counted=counted), "whole"),
        Column(text("gaps.download_column.denominator", language, counted=counted), "whole"),
        Column(text("gaps.column.week", language), "percent"),
        Column(text("gaps.column.target", language), figure),
        Column(text("gaps.download_column.origin", language), "text"),
        Column(text("gaps.download_column.due", language), "text"),
        Column(wording.said("gaps.download_column.missing", indicator, language), "points"),
        Column(wording.said("gaps.download_column.cases", indicator, language, counted=counted), "whole"),
        Column(wording.said("ahead.download_pace", indicator, language), "points"),
        Column(wording.said("ahead.download_needed", indicator, language), "points"),
        Column(wording.said("ahead.download_projection", indicator, language), "percent"),
        Column(wording.said("ahead.download_low", indicator, language), "percent"),
        Column(wording.said("ahead.download_high", indicator, language), "percent"),
        Column(text("gaps.column.standing", language), "wide"),
        Column(text("gaps.column.cause", language), "wide"),
        Column(text("gaps.download_column.reading", language), "text"),
    )


def _baseline_said(row: GapRow, language: str) -> str:
    """Where the result of the year before comes from; one made up for a demonstration says so."""
    if row.baseline is None:
        return ""
    return text("gaps.download.made_up", language) if row.baseline.is_simulated else row.baseline.said


def _cells(number: int, row: GapRow, parents: Mapping[str, str], language: str) -> tuple[Cell, ...]:
    result = row.result

    missing: Cell = exact(result.gap) if points_missing(result) else points_missing(result)
    if result.is_bound and missing:
        missing = wording.number_missing(result, language)
    own = result.measure

    def told(value: float | None, cell: Cell) -> Cell:
        """A count as a whole number, all else as it is."""
        return round(value) if own.kind == "count" and value is not None else cell

    return (
        number,
        result.name,
        result.unit,
        parents.get(row.parent or "", ""),
        told(result.baseline, exact(result.baseline)),
        _baseline_said(row, language),
        wording.figure(result, language)
        if result.is_bound
        else told(result.value, rate(result.value, target=result.target, lower_is_better=result.lower_is_better)),
        result.numerator,
        result.denominator,
        rate(result.week_value),
        told(result.target, exact(result.target)),
        "" if result.origin is None else text(f"gaps.download.{result.origin}", language),
        "" if result.due is None else formats.day(result.due, language),
        missing,
        result.cases_missing,
        exact(result.pace),
        exact(result.needed_pace),
        rate(result.projection, target=result.target, lower_is_better=result.lower_is_better),
        rate(result.low),
        rate(result.high),
        standing_of(result, language),
        cause_words(row.cause, language),
        _reading(result, language),
    )


def _reading(result: Result, language: str) -> str:
    """The day of the figure, and the percent that was told beside counts and is not theirs."""
    day = "" if result.reading_as_of is None else formats.day(result.reading_as_of, language)
    return " · ".join(part for part in (day, wording.told_otherwise(result, language)) if part)
