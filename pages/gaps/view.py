"""View-models of the page of gaps and its two tables, finished to the last word: a rerun only hands them out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import urlencode

from jobs.slides.of_province import short_name
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.results.gaps import GapRow, StandingCount
from models.results.overview import Overview
from models.units.queries import StatedCause
from pages.charts.layout import BASELINE_GLYPH, MARKS, PROJECTION_GLYPH, TARGET_GLYPH
from pages.gaps import sentences
from pages.gaps.selection import SORTS, GapFilters, Selection, parents_of
from pages.gaps.sentences import Subject, points_missing
from pages.kit.markdown import WORST_FIRST
from targets.findings import NOT_ARRIVED, is_small
from targets.results import Result
from targets.values import Campaign, Indicator, Level

GapOption = tuple[str | None, str]
"""A choice: its value in the address, None for none, and its words."""


@dataclass(frozen=True)
class TableRow:
    """A unit of the table, or the heading of a group of units, which has nothing but its name."""

    unit: str
    place: str = ""
    """The unit above it: four names of communes occur twice."""
    number: str = ""
    code: str = ""
    link: str = ""
    figures: tuple[str, ...] = ("",) * 5
    """Now, target, points missing, cases missing, this week: in words."""
    counts: str = ""
    """Behind a rate that one case moves visibly."""
    result: Result | None = None
    """What the picture shows; `spoken` tells it in words."""
    spoken: str = ""
    recent: tuple[float | None, ...] = ()
    recent_spoken: str = ""
    standing: str = ""
    standing_words: str = ""
    more: tuple[str, ...] = ()
    """What stands beside the standing: the cause."""


@dataclass(frozen=True)
class GapView:
    """The page, in one language."""

    headline: str
    advice: str
    standings: Mapping[str, int]
    """How many units of the level and part of the tree stand where."""
    options: Mapping[str, tuple[GapOption, ...]]
    page: int
    pages: int
    shown: str
    columns: tuple[str, ...]
    """The heads of the table; the picture's is what its scale says to whoever listens."""
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
        phase=overview.phase,
        rows=selection.scope,
        level=filters.level,
        parent=None if filters.parent is None else parents[filters.parent],
    )
    found = len(selection.found)
    place = {
        "first": formats.whole(selection.first + 1, language),
        "last": formats.whole(selection.first + len(selection.shown), language),
        "found": formats.whole(found, language),
    }
    return GapView(
        headline=sentences.headline_of_one(subject, selection.found[0], language)
        if found == 1
        else sentences.headline(subject, language),
        advice=sentences.advice(subject, language) if found else text("gaps.advice.nobody", language),
        standings=Counter(row.result.standing for row in selection.scope),
        options=_options(overview, rows, selection, filters, language),
        page=selection.page,
        pages=selection.pages,
        shown=text("gaps.shown", language, **place) if found else "",
        columns=_columns(indicator, selection, language),
        table=table_rows(overview, selection, parents, query, language),
        table_spoken=wording.said(
            "gaps.table.spoken",
            indicator,
            language,
            name=indicator.name.of(language),
            year=campaign.baseline_year,
            **place,
        ),
        notes=(
            *([_legend(campaign, language)] if found else []),
            *sentences.notes(subject, language),
        ),
    )


def _legend(campaign: Campaign, language: str) -> str:
    now = "".join(MARKS[standing].glyph for standing in (*NOT_ARRIVED, "met"))
    return text(
        "gaps.table.legend", language, year=campaign.baseline_year, now=now,
        baseline=BASELINE_GLYPH, best=PROJECTION_GLYPH, target=TARGET_GLYPH,
    )  # fmt: skip


# --- choices --------------------------------------------------------------------------------------------------------


def _options(
    overview: Overview, rows: Sequence[GapRow], selection: Selection, filters: GapFilters, language: str
) -> dict[str, tuple[GapOption, ...]]:
    campaign = overview.campaign
    indicator = campaign.indicator(filters.indicator)
    standings = {row.result.standing for row in selection.scope} | {filters.standing}
    terms: dict[str, dict[str, str | int]] = {
        "cases": {"counted": indicator.counted.of(language)},
        "baseline": {"year": campaign.baseline_year},
    }
    return {
        "level": (
            (None, text("gaps.all_levels", language)),
            *((level.key, _short(level.name.of(language))) for level in campaign.levels if level.group is not None),
        ),
        "parent": ((None, text("gaps.all_parents", language)), *parents_of(rows).items()),
        "standing": (
            (None, text("gaps.all_standings", language)),
            *(
                (standing, f"{MARKS[standing].glyph} {text(f'standing.{standing}', language)}")
                for standing in WORST_FIRST
                if standing in standings
            ),
        ),
        "sort": tuple(
            (sort, wording.said(f"gaps.sort.{sort}", indicator, language, **terms.get(sort, {}))) for sort in SORTS
        ),
    }


# --- the table ------------------------------------------------------------------------------------------------------


def _columns(indicator: Indicator, selection: Selection, language: str) -> tuple[str, ...]:
    target = "target_proposed" if _is_all_proposed(selection) else "target"
    names = ("number", "unit", "now", "scale", target, "missing", "cases", "week", "recent", "standing")
    terms = {"cases": {"counted": indicator.counted.of(language)}}
    return tuple(wording.said(f"gaps.column.{name}", indicator, language, **terms.get(name, {})) for name in names)


def _is_all_proposed(selection: Selection) -> bool:
    """Said once in the heading where it holds for every target, beside each otherwise."""
    origins = {row.result.origin for row in selection.found if row.result.target is not None}
    return origins == {"proposed"}


def table_rows(
    overview: Overview, selection: Selection, parents: Mapping[str, str], query: str, language: str
) -> tuple[TableRow, ...]:
    """The units of this screen, each group below its name where there are several."""
    is_marked, levels = not _is_all_proposed(selection), {row.result.level for row in selection.found}
    rows: list[TableRow] = []
    numbered = enumerate(selection.shown, start=selection.first + 1)
    for level, members in groupby(numbered, key=lambda numbered: numbered[1].result.level):
        if len(levels) > 1:
            rows.append(TableRow(unit=_group(overview.campaign.level(level), language)))
        rows += [_row(number, row, overview, parents, query, language, is_marked=is_marked) for number, row in members]
    return tuple(rows)


def _group(level: Level, language: str) -> str:
    return (level.group or level.name).of(language)


def _row(
    number: int, row: GapRow, overview: Overview, parents: Mapping[str, str], query: str, language: str, *,
    is_marked: bool,
) -> TableRow:  # fmt: skip
    result, parent = row.result, parents.get(row.parent or "")
    cause = cause_words(row.cause, language)
    return TableRow(
        unit=_short(result.name),
        place="" if parent is None else short_name(parent),
        number=formats.whole(number, language),
        code=result.unit,
        link=unit_address(result.unit, query),
        figures=_figures(row, language, is_marked=is_marked),
        counts=_counts(result, overview, language),
        result=result,
        spoken=spoken(row, overview, language),
        recent=row.recent,
        recent_spoken=_recent(row.recent, result, language),
        standing=result.standing,
        standing_words=wording.word_of(result, language),
        more=(cause,) if cause else (),
    )


def _short(name: str) -> str:
    """ "Xã Ia Ko", "Cấp xã", "District": every committee is called one, and the word says nothing in a list."""
    return formats.capitalised(wording.without_office(name).removesuffix(" committees"))


def unit_address(code: str, query: str) -> str:
    """Where a unit is shown, with the choices that are carried on."""
    return f"/unit?{urlencode({'unit': code})}{'&' if query else ''}{query}"


def _figures(row: GapRow, language: str, *, is_marked: bool) -> tuple[str, ...]:
    result, points, nothing = row.result, points_missing(row.result), text("gaps.nothing", language)
    missing = wording.number_missing(result, language) if points else formats.amount(0, result.measure, language)
    target = nothing if result.target is None else wording.decided(result.target, result, language)
    is_proposed = is_marked and result.target is not None and result.origin == "proposed"
    return (
        wording.figure(result, language) or nothing,
        f"{target}{text('gaps.proposed', language)}" if is_proposed else target,
        nothing if points is None else missing,
        nothing if result.cases_missing is None else formats.whole(result.cases_missing, language),
        nothing if result.week_value is None else formats.percent(result.week_value, language),
    )


def spoken(row: GapRow, overview: Overview, language: str) -> str:
    """The picture of a row in words: from the result of the year before to now and the target."""
    result, nothing = row.result, text("gaps.nothing", language)
    baseline = _baseline(row, language)
    # In a demonstration most results of the year before are made up: a real one says that it was published.
    if overview.simulated and row.baseline is not None and not row.baseline.is_simulated:
        baseline += text("gaps.published", language)
    target = nothing if result.target is None else wording.decided(result.target, result, language)
    parts = (
        text("gaps.table.of_year", language, year=overview.campaign.baseline_year, figure=baseline or nothing),
        text("gaps.table.now", language, figure=wording.figure(result, language) or nothing),
        wording.best_of(result, language),
        text("gaps.table.target", language, figure=target),
    )
    return ", ".join(part for part in parts if part)


def _baseline(row: GapRow, language: str) -> str:
    """As it was published, where that is known: 12,0% is not 12%."""
    if row.result.baseline is None:
        return ""
    reported = row.baseline
    if reported is not None and float(reported.value) == row.result.baseline:
        return formats.published(reported.value, row.result.measure, language)
    return wording.decided(row.result.baseline, row.result, language)


def _counts(result: Result, overview: Overview, language: str) -> str:
    if not is_small(result, overview.campaign) or result.numerator is None:
        return ""
    counts = (formats.whole(count or 0, language) for count in (result.numerator, result.denominator))
    return "/".join(counts)


def _recent(line: Sequence[float | None], result: Result, language: str) -> str:
    known = [wording.written(value, result, language) for value in line if value is not None]
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
