"""View-models of the page of gaps and its two tables, finished to the last word: a rerun only hands them out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from jobs.wording import results as wording
from jobs.wording.results import standing_of, unit_below
from models.core import formats
from models.core.texts import text
from models.results.gaps import GapRow, StandingCount
from models.results.overview import Overview
from models.units.queries import StatedCause
from pages.charts import dots, marks
from pages.charts.layout import BASELINE_GLYPH, MARKS, TARGET_GLYPH
from pages.gaps import sentences
from pages.gaps.selection import GRAVEST_FIRST, SORTS, GapFilters, Selection, parents_of
from pages.gaps.sentences import Subject, points_missing
from pages.kit import sentences as kit_sentences
from targets.findings import NOT_ARRIVED, is_small
from targets.results import Result
from targets.values import Indicator

GapOption = tuple[str | None, str]
"""A choice: its value in the address, None for none, and its words."""


@dataclass(frozen=True)
class TableRow:
    """A unit of the table. Cells are plain words in the order of the columns, without line, standing and cause."""

    number: str
    code: str
    unit: str
    link: str
    figures: tuple[str, ...]
    recent: tuple[float | None, ...]
    recent_spoken: str
    standing: str
    standing_words: str
    cause: str


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
    dots: marks.Spec
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
        headline=sentences.headline_of_one(subject, selection.found[0], language)
        if is_one
        else sentences.headline(subject, language),
        advice=sentences.advice(subject, language) if found else text("gaps.advice.nobody", language),
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
        notes=sentences.notes(subject, language),
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


def _dots(overview: Overview, selection: Selection, query: str, language: str) -> marks.Spec:
    lines: list[dots.DotRow] = []
    level = None
    for row in selection.shown:
        if row.result.level != level:
            level = row.result.level
            group = overview.campaign.level(level).group
            lines.append(dots.DotRow(name="" if group is None else group.of(language)))
        lines.append(_dot_row(row.result, overview, query, language))
    heads = dots.Heads(
        now=text("gaps.dots.now_head", language),
        target=text("gaps.dots.target_head", language),
        missing=text("gaps.dots.missing_head", language),
    )
    return dots.dots(lines, heads, language)


def _dot_row(result: Result, overview: Overview, query: str, language: str) -> dots.DotRow:
    figure, points = wording.figure(result, language), points_missing(result)
    missing = standing_of(result, language)
    narrow = f"{figure} · {missing}" if figure else missing
    is_compared = result.standing != "stale" and points is not None
    if is_compared and points:
        written = formats.decimal(points, language)
        missing = text("gaps.dots.missing", language, points=written)
        narrow = text("gaps.dots.narrow", language, figure=figure, points=written)
    return dots.DotRow(
        name=result.name,
        standing=result.standing,
        baseline=result.baseline,
        now=result.value,
        target=result.target,
        figure=figure,
        target_words="" if result.target is None else formats.target_percent(result.target, language),
        missing=missing,
        narrow=narrow,
        facts=kit_sentences.facts(result, overview, language),
        address=unit_address(result.unit, query),
    )


HEAT_UNITS = 60
"""More units than this are no longer read one by one: only their groups are shown."""
FIGURE_SPACE = "\N{FIGURE SPACE}"
"""As wide as a digit: numbers padded with it stand under one another in a table of texts."""


@dataclass(frozen=True)
class HeatRow:
    """A unit with a link to it, or a group with a link to its units: for each indicator a standing and its words."""

    name: str
    link: str
    is_group: bool
    """A group has counts in its cells and no standing."""
    cells: tuple[tuple[str, str], ...]
    code: str = ""
    """Of a unit; a group has none."""


@dataclass(frozen=True)
class HeatView:
    """Groups and units by all indicators; `too_many` says why single units are left out, where they are."""

    indicators: tuple[str, ...]
    """Their keys, in the order of the cells."""
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    too_many: str
    spoken: str


# --- the table ------------------------------------------------------------------------------------------------------


def columns(indicator: Indicator, overview: Overview, selection: Selection, language: str) -> tuple[str, ...]:
    """The headings of the table."""
    target = "target_proposed" if _is_all_proposed(selection) else "target"
    return (
        text("gaps.column.number", language),
        text("gaps.column.unit", language),
        text("gaps.column.baseline", language, year=overview.campaign.baseline_year),
        text("gaps.column.now", language),
        text("gaps.column.week", language),
        text(f"gaps.column.{target}", language),
        text("gaps.column.missing", language),
        text("gaps.column.cases", language, counted=indicator.counted.of(language)),
        text("ahead.column_pace", language),
        text("ahead.column_projection", language),
        text("gaps.column.recent", language),
        text("gaps.column.standing", language),
        text("gaps.column.cause", language),
    )


def _is_all_proposed(selection: Selection) -> bool:
    """Said once in the heading where it holds for every target, beside each otherwise."""
    origins = {row.result.origin for row in selection.found if row.result.target is not None}
    return origins == {"proposed"}


def table_rows(
    overview: Overview, selection: Selection, parents: Mapping[str, str], query: str, language: str
) -> tuple[TableRow, ...]:
    is_marked = not _is_all_proposed(selection)
    cells = [_figures(row, overview, language, is_marked=is_marked) for row in selection.shown]
    widths = [max(len(number) for number, _ in column) for column in zip(*cells, strict=True)]
    return tuple(
        TableRow(
            number=formats.whole(number, language),
            code=row.result.unit,
            unit=unit_name(row, parents, language),
            link=unit_address(row.result.unit, query),
            figures=tuple(
                number.rjust(width, FIGURE_SPACE) + more for (number, more), width in zip(figures, widths, strict=True)
            ),
            recent=row.recent,
            recent_spoken=_recent(row.recent, language),
            standing=row.result.standing,
            standing_words=standing_of(row.result, language),
            cause=cause_words(row.cause, language),
        )
        for number, (row, figures) in enumerate(zip(selection.shown, cells, strict=True), start=selection.first + 1)
    )


def unit_name(row: GapRow, parents: Mapping[str, str], language: str) -> str:
    """The unit with the one above it: four names of communes occur twice."""
    parent = parents.get(row.parent or "")
    if parent is None:
        return row.result.name
    return unit_below(row.result.name, parent, language)


def unit_address(code: str, query: str) -> str:
    """Where a unit is shown, with the choices that are carried on."""
    return f"/unit?{urlencode({'unit': code})}{'&' if query else ''}{query}"


def _figures(row: GapRow, overview: Overview, language: str, *, is_marked: bool) -> tuple[tuple[str, str], ...]:
    """From the baseline to the projection, in the order of the columns: each a number, and what is said behind it."""
    result = row.result
    nothing, points = text("gaps.nothing", language), points_missing(result)
    # In a demonstration most results of the year before are made up: a real one says that it was published.
    is_published = row.baseline is not None and not row.baseline.is_simulated
    published = text("gaps.published", language) if overview.simulated and is_published else ""

    def percent(value: float | None) -> tuple[str, str]:
        return nothing if value is None else formats.percent(value, language), ""

    target = nothing if result.target is None else formats.target_percent(result.target, language)
    is_proposed = is_marked and result.target is not None and result.origin == "proposed"
    return (
        (_baseline(row, language) or nothing, published),
        (wording.figure(result, language) or nothing, _small(result, overview, language)),
        percent(result.week_value),
        (target, text("gaps.proposed", language) if is_proposed else ""),
        (nothing if points is None else formats.decimal(points, language), ""),
        (nothing if result.cases_missing is None else formats.whole(result.cases_missing, language), ""),
        _pace(result, language),
        (wording.projected(result, language) or nothing, ""),
    )


def _baseline(row: GapRow, language: str) -> str:
    """As it was published, where that is known: 12,0% is not 12%."""
    if row.result.baseline is None:
        return ""
    reported = row.baseline
    if reported is not None and float(reported.value) == row.result.baseline:
        return formats.published_percent(reported.value, language)
    return formats.target_percent(row.result.baseline, language)


def _pace(result: Result, language: str) -> tuple[str, str]:
    """So far, and what it would take; unknown where the unit's figures do not say."""
    if result.pace is None:
        return text("gaps.nothing", language), ""
    asked = wording.needed(result, language)
    return formats.signed(result.pace, language), text("gaps.needed", language, needed=asked) if asked else ""


def _small(result: Result, overview: Overview, language: str) -> str:
    """The counts behind a rate that one case moves visibly."""
    if not is_small(result, overview.campaign) or result.numerator is None:
        return ""
    return text(
        "gaps.small",
        language,
        numerator=formats.whole(result.numerator, language),
        denominator=formats.whole(result.denominator or 0, language),
    )


def _recent(line: Sequence[float | None], language: str) -> str:
    known = [formats.percent(value, language) for value in line if value is not None]
    if not known:
        return ""
    if known[0] == known[-1]:
        return text("gaps.table.recent_flat", language, last=known[-1])
    return text("gaps.table.recent", language, first=known[0], last=known[-1])


def cause_words(cause: StatedCause | None, language: str) -> str:
    """The kind of cause and whether the coordinator has confirmed it; empty where none is stated."""
    if cause is None:
        return ""
    kind = text(f"gaps.cause.{cause.category}", language)
    return text("gaps.table.confirmed" if cause.is_confirmed else "gaps.table.stated", language, cause=kind)


# --- all indicators -------------------------------------------------------------------------------------------------


def heat_view(
    overview: Overview,
    filters: GapFilters,
    selection: Selection,
    counts: Sequence[StandingCount],
    results: Sequence[Result],
    query: str,
    language: str,
) -> HeatView:
    """How many units of each group have met each target, then each unit's standings where they can still be read."""
    indicators = overview.campaign.indicators
    is_readable = len(selection.found) <= HEAT_UNITS
    return HeatView(
        indicators=tuple(indicator.key for indicator in indicators),
        columns=(
            text("gaps.heat.unit", language),
            *(indicator.short_name.of(language) for indicator in indicators),
        ),
        rows=(
            *_group_rows(overview, filters, counts, query, language),
            *(_unit_rows(overview, selection, results, query, language) if is_readable else ()),
        ),
        too_many=""
        if is_readable
        else text(
            "gaps.heat.too_many",
            language,
            most=HEAT_UNITS,
            found=formats.whole(len(selection.found), language),
        ),
        spoken=text("gaps.heat.spoken", language),
    )


def _group_rows(
    overview: Overview, filters: GapFilters, counts: Sequence[StandingCount], query: str, language: str
) -> list[HeatRow]:
    """The groups of the levels shown; none inside a part of the tree, as the counts are of the whole."""
    rows = []
    for level in overview.campaign.levels:
        if level.group is None or filters.parent is not None or filters.level not in (None, level.key):
            continue
        cells = []
        for indicator in overview.campaign.indicators:
            of_group = {
                count.standing: count.units
                for count in counts
                if count.level == level.key and count.indicator == indicator.key
            }
            units = sum(of_group.values()) - of_group.get("no_target", 0)
            if units == 0:
                cells.append(("", text("gaps.nothing", language)))
                continue
            terms = {"met": formats.whole(of_group.get("met", 0), language), "units": formats.whole(units, language)}
            cells.append(("", text("gaps.heat.met", language, **terms)))
        name = text("gaps.heat.met_row", language, group=level.group.of(language))
        link = f"/gaps?{urlencode({'level': level.key})}{'&' if query else ''}{query}"
        rows.append(HeatRow(name=name, link=link, is_group=True, cells=tuple(cells)))
    return rows


def _unit_rows(
    overview: Overview, selection: Selection, results: Sequence[Result], query: str, language: str
) -> list[HeatRow]:
    known = {(result.unit, result.indicator): result for result in results}
    rows = [
        (
            row,
            [
                _cell(known.get((row.result.unit, indicator.key)), language)
                for indicator in overview.campaign.indicators
            ],
        )
        for row in selection.found
    ]
    widest = max((len(words) for _, cells in rows for _, words in cells), default=0)
    return [
        HeatRow(
            name=row.result.name,
            code=row.result.unit,
            link=unit_address(row.result.unit, query),
            is_group=False,
            cells=tuple((standing, words.rjust(widest, FIGURE_SPACE)) for standing, words in cells),
        )
        for row, cells in rows
    ]


def _cell(result: Result | None, language: str) -> tuple[str, str]:
    """A unit that did not exist on the day an ended phase is judged on has no row of it."""
    if result is None:
        return "no_target", text("gaps.nothing", language)
    return result.standing, wording.figure(result, language) or text("gaps.nothing", language)
