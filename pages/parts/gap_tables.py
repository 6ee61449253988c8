"""The two tables of the page of gaps, finished to the last word: one indicator's figures, and all indicators at once.

Their cells are texts: the page's language decides the separators and no browser does. Orders are chosen above the
table and worked out on the server over all units, so a text that looks like a number never has to be sorted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from models import formats
from models.queries.gaps import GapRow
from models.queries.groups import StandingCount
from models.queries.heads import StatedCause
from models.queries.overview import Overview
from models.standing_words import standing_of
from models.texts import text
from pages.parts import ahead, sentences
from pages.parts.gap_selection import GapFilters, Selection
from pages.parts.gap_sentences import points_missing
from targets.findings import is_small
from targets.results import Result
from targets.values import Indicator

HEAT_UNITS = 60
"""More units than this are no longer read one by one: only their groups are shown."""
FIGURE_SPACE = "\N{FIGURE SPACE}"
"""As wide as a digit: numbers padded with it stand under one another in a table of texts."""


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
    return text("gaps.unit_of", language, name=row.result.name, parent=parent.removeprefix("UBND "))


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
        (sentences.figure(result, language) or nothing, _small(result, overview, language)),
        percent(result.week_value),
        (target, text("gaps.proposed", language) if is_proposed else ""),
        (nothing if points is None else formats.decimal(points, language), ""),
        (nothing if result.cases_missing is None else formats.whole(result.cases_missing, language), ""),
        _pace(result, language),
        (ahead.projected(result, language) or nothing, ""),
    )


def _baseline(row: GapRow, language: str) -> str:
    """As it was published, where that is known: 12,0% is not 12%."""
    if row.result.baseline is None:
        return ""
    told = row.baseline
    if told is not None and float(told.value) == row.result.baseline:
        return formats.published_percent(told.value, language)
    return formats.target_percent(row.result.baseline, language)


def _pace(result: Result, language: str) -> tuple[str, str]:
    """So far, and what it would take; unknown where the unit's figures do not say."""
    if result.pace is None:
        return text("gaps.nothing", language), ""
    asked = ahead.needed(result, language)
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
    return result.standing, sentences.figure(result, language) or text("gaps.nothing", language)
