"""View-models of the page of gaps: finished to the last word, so that a rerun only hands them out.

Nothing here is in a theme's colours: charts find theirs in the browser, marks in tables are coloured while drawing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models import formats
from models.queries.gaps import GapRow
from models.queries.overview import Overview
from models.standing_words import standing_of
from models.texts import text
from pages.parts import charts, gap_charts, gap_sentences, sentences
from pages.parts.gap_selection import GRAVEST_FIRST, SORTS, GapFilters, Selection, parents_of
from pages.parts.gap_sentences import Subject, points_missing
from pages.parts.gap_tables import TableRow, columns, table_rows, unit_address
from pages.parts.layout import BASELINE_GLYPH, MARKS, TARGET_GLYPH
from targets.findings import NOT_ARRIVED
from targets.results import Result

GapOption = tuple[str | None, str]
"""A choice: its value in the address, None for none, and its words."""


@dataclass(frozen=True)
class GapView:
    """The page, in one language."""

    headline: str
    advice: str
    options: Mapping[str, tuple[GapOption, ...]]
    summary_title: str
    summary: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    """For each group its name with its number of units, then standing and words of each part."""
    found: int
    first: int
    page: int
    pages: int
    shown: str
    place: str
    dots_title: str
    legend: tuple[tuple[str, str], ...]
    dots: charts.Spec
    dots_spoken: str
    columns: tuple[str, ...]
    table: tuple[TableRow, ...]
    table_spoken: str
    notes: tuple[str, ...]


def gap_view(
    overview: Overview, rows: Sequence[GapRow], filters: GapFilters, selection: Selection, query: str, language: str
) -> GapView:
    """Everything about one indicator. `query` is what links to a unit carry on."""
    campaign = overview.campaign
    indicator = campaign.indicator(filters.indicator)
    parents = parents_of(rows)
    subject = Subject(
        overview=overview,
        indicator=indicator,
        phase=overview.phase if filters.phase is None else campaign.phase(filters.phase),
        rows=selection.scope,
        level=filters.level,
        parent=None if filters.parent is None else parents[filters.parent],
    )
    is_one = len(selection.found) == 1
    found = len(selection.found)
    place = {
        "first": formats.whole(selection.first + 1, language),
        "last": formats.whole(selection.first + len(selection.shown), language),
        "found": formats.whole(found, language),
    }
    name, year = indicator.name.of(language), campaign.baseline_year
    return GapView(
        headline=gap_sentences.headline_of_one(subject, selection.found[0], language)
        if is_one
        else gap_sentences.headline(subject, language),
        advice=gap_sentences.advice(subject, language) if found else text("gaps.advice.nobody", language),
        options=_options(overview, rows, selection, filters, language),
        summary_title=text("gaps.section.summary", language),
        summary=_summary(subject, language),
        found=found,
        first=selection.first,
        page=selection.page,
        pages=selection.pages,
        shown=text("gaps.pages.shown", language, **place),
        place=text(
            "gaps.pages.place",
            language,
            page=formats.whole(selection.page, language),
            pages=formats.whole(selection.pages, language),
        ),
        dots_title=text("gaps.section.dots", language, year=year),
        legend=(
            (BASELINE_GLYPH, text("gaps.dots.baseline", language, year=year)),
            (
                "".join(MARKS[standing].glyph for standing in (*NOT_ARRIVED, "met")),
                text("gaps.dots.now", language),
            ),
            (TARGET_GLYPH, text("gaps.dots.target", language)),
        ),
        dots=_dots(overview, selection, query, language),
        dots_spoken=text("gaps.dots.spoken", language, name=name, year=year, **place),
        columns=columns(indicator, overview, selection, language),
        table=table_rows(overview, selection, parents, query, language),
        table_spoken=text("gaps.table.spoken", language, name=name, **place),
        notes=gap_sentences.notes(subject, language),
    )


# --- choices --------------------------------------------------------------------------------------------------------


def _options(
    overview: Overview, rows: Sequence[GapRow], selection: Selection, filters: GapFilters, language: str
) -> dict[str, tuple[GapOption, ...]]:
    campaign = overview.campaign
    counted = campaign.indicator(filters.indicator).counted.of(language)
    standings = {row.result.standing for row in selection.scope}
    terms: dict[str, dict[str, str | int]] = {
        "cases": {"counted": counted},
        "baseline": {"year": campaign.baseline_year},
    }
    return {
        "indicator": tuple((indicator.key, indicator.short_name.of(language)) for indicator in campaign.indicators),
        "level": (
            (None, text("gaps.all_levels", language)),
            *((level.key, level.name.of(language)) for level in campaign.levels if level.group is not None),
        ),
        "parent": ((None, text("gaps.all_parents", language)), *parents_of(rows).items()),
        "phase": (
            (None, text("gaps.running_phase", language, name=campaign.phase_on(overview.as_of).name.of(language))),
            *((phase.key, phase.name.of(language)) for phase in campaign.phases),
        ),
        "standing": (
            (None, text("gaps.all_standings", language)),
            *(
                (standing, f"{MARKS[standing].glyph} {text(f'standing.{standing}', language)}")
                for standing in GRAVEST_FIRST
                if standing in standings or standing == filters.standing
            ),
        ),
        "sort": tuple((sort, text(f"gaps.sort.{sort}", language, **terms.get(sort, {}))) for sort in SORTS),
    }


# --- groups ---------------------------------------------------------------------------------------------------------


def _summary(subject: Subject, language: str) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """For each group how many of its units stand where; the parts add up to its units."""
    groups = []
    for level in subject.overview.campaign.levels:
        standings = [row.result.standing for row in subject.rows if row.result.level == level.key]
        if level.group is None or not standings:
            continue
        parts = tuple(
            (
                standing,
                f"{formats.whole(standings.count(standing), language)} {text(f'standing.{standing}', language)}",
            )
            for standing in GRAVEST_FIRST
            if standing in standings
        )
        units = formats.whole(len(standings), language)
        name = text("gaps.summary.group", language, group=level.group.of(language), units=units)
        groups.append((name, parts))
    return tuple(groups)


# --- dots -----------------------------------------------------------------------------------------------------------


def _dots(overview: Overview, selection: Selection, query: str, language: str) -> charts.Spec:
    lines: list[gap_charts.DotRow] = []
    level = None
    for row in selection.shown:
        if row.result.level != level:
            level = row.result.level
            group = overview.campaign.level(level).group
            lines.append(gap_charts.DotRow(name="" if group is None else group.of(language)))
        lines.append(_dot_row(row.result, overview, query, language))
    heads = gap_charts.Heads(
        now=text("gaps.dots.now_head", language),
        target=text("gaps.dots.target_head", language),
        missing=text("gaps.dots.missing_head", language),
    )
    return gap_charts.dots(lines, heads, language)


def _dot_row(result: Result, overview: Overview, query: str, language: str) -> gap_charts.DotRow:
    figure, points = sentences.figure(result, language), points_missing(result)
    missing = standing_of(result, language)
    narrow = f"{figure} · {missing}" if figure else missing
    is_compared = result.standing != "stale" and points is not None
    if is_compared and points:
        written = formats.decimal(points, language)
        missing = text("gaps.dots.missing", language, points=written)
        narrow = text("gaps.dots.narrow", language, figure=figure, points=written)
    return gap_charts.DotRow(
        name=result.name,
        standing=result.standing,
        baseline=result.baseline,
        now=result.value,
        target=result.target,
        figure=figure,
        target_words="" if result.target is None else formats.target_percent(result.target, language),
        missing=missing,
        narrow=narrow,
        facts=sentences.facts(result, overview, language),
        address=unit_address(result.unit, query),
    )
