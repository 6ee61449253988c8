"""Official scores as view-models: the lists that offices send, and the same as a file. Nothing is computed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from jobs.documents.gap_table import Cell, Column, GapTable, Line, as_csv, as_workbook
from models.core import formats
from models.core.texts import text
from models.results.scores import LISTS, Rank, ScoreRow, ScoreSet
from pages.kit.sentences import made_with
from targets.values import Campaign

ScoreFile = Literal["xlsx", "csv"]
MOST_LINES = 100
"""Units of a list that a screen shows; the file holds all of them."""


@dataclass(frozen=True)
class ScoreLine:
    """A unit of a list: its cells in words, and its code for a link."""

    unit: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class ListView:
    """One of the offices' lists."""

    key: str
    title: str
    lines: tuple[ScoreLine, ...]
    spoken: str
    more: str
    """How many are only in the file; empty where the screen shows all."""


@dataclass(frozen=True)
class ScoresView:
    """One table of scores, cut into its lists."""

    headline: str
    reported: str
    sets: tuple[tuple[str, str], ...]
    levels: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    lists: tuple[ListView, ...]
    notes: tuple[str, ...]


def scores_view(
    sets: Sequence[ScoreSet], shown: ScoreSet, rows: Sequence[ScoreRow], campaign: Campaign, *,
    level: str | None, language: str,
) -> ScoresView:  # fmt: skip
    """The lists of one table, for one level or all; a list without units is left out."""
    chosen = of_level(rows, level)
    by_list = {key: in_order(chosen, key) for key in LISTS}
    return ScoresView(
        headline=_headline(by_list, shown, language),
        reported=_reported(shown, campaign, "scores.told", language),
        sets=tuple((one.key, _reported(one, campaign, "scores.set_option", language)) for one in sets),
        levels=tuple(
            (known.key, known.name.of(language))
            for known in campaign.levels
            if any(row.level == known.key for row in rows)
        ),
        columns=tuple(text(f"scores.column.{name}", language) for name in _column_names(rows, campaign)),
        lists=tuple(_list(key, found, rows, campaign, language) for key, found in by_list.items() if found),
        notes=_notes(campaign, rows, language),
    )


def of_level(rows: Sequence[ScoreRow], level: str | None) -> tuple[ScoreRow, ...]:
    return tuple(row for row in rows if level is None or row.level == level)


def in_order(rows: Sequence[ScoreRow], key: str) -> tuple[ScoreRow, ...]:
    """The units of a list, the fewest points first; those without a total by their place in the campaign."""
    found = [row for row in rows if row.listed == key]
    return tuple(sorted(found, key=lambda row: Decimal(0) if row.points is None else row.points))


def _headline(by_list: dict[str, tuple[ScoreRow, ...]], shown: ScoreSet, language: str) -> str:
    count = {key: formats.whole(len(found), language) for key, found in by_list.items()}
    said = period(shown, language)
    if not any(by_list[key] for key in LISTS[:3]):
        return text("scores.headline_unlisted", language, period=said, count=count["unlisted"])
    lists = ", ".join(text(f"scores.in_{key}", language, count=count[key]) for key in LISTS[:3] if by_list[key])
    return text("scores.headline", language, period=said, lists=lists)


def period(shown: ScoreSet, language: str) -> str:
    """ "năm 2023", or from when to when."""
    if shown.basis == "year":
        return text("scores.year", language, year=str(shown.period_start.year))
    first, last = (formats.day(day, language) for day in (shown.period_start, shown.period_end))
    return text("scores.span", language, start=first, end=last)


def _reported(shown: ScoreSet, campaign: Campaign, key: str, language: str) -> str:
    source = campaign.source(shown.source).name.of(language)
    return text(key, language, source=source, date=formats.day(shown.as_of, language), period=period(shown, language))


def _has_change(rows: Sequence[ScoreRow]) -> bool:
    return any(row.before is not None or row.before_rank is not None for row in rows)


def _column_names(rows: Sequence[ScoreRow], campaign: Campaign) -> tuple[str, ...]:
    change = ("change",) if _has_change(rows) else ()
    classed = ("class",) if campaign.score_bands else ()
    return ("number", "unit", "level", "points", *change, "rank", *classed)


def _list(key: str, found: Sequence[ScoreRow], rows: Sequence[ScoreRow], campaign: Campaign, language: str) -> ListView:
    name = text(f"scores.list_{key}", language)
    count = formats.whole(len(found), language)
    more = len(found) - MOST_LINES
    return ListView(
        key=key,
        title=text("scores.list_title", language, name=name, count=count),
        lines=tuple(
            ScoreLine(row.unit, _cells(number, row, rows, campaign, language))
            for number, row in enumerate(found[:MOST_LINES], start=1)
        ),
        spoken=text("scores.spoken", language, name=name, count=count),
        more=text("scores.more_rows", language, count=formats.whole(more, language)) if more > 0 else "",
    )


def _cells(number: int, row: ScoreRow, rows: Sequence[ScoreRow], campaign: Campaign, language: str) -> tuple[str, ...]:
    change = (_change(row, language),) if _has_change(rows) else ()
    classed = (_class(row, campaign, language),) if campaign.score_bands else ()
    level = campaign.level(row.level).name.of(language)
    return (str(number), row.name, level, _points(row, language), *change, _ranks(row.ranks, language), *classed)


def number_words(value: Decimal, language: str) -> str:
    """Points exactly as told, in the language's separators."""
    return f"{value:f}".replace(".", formats.decimal_mark(language))


def _points(row: ScoreRow, language: str) -> str:
    if row.points is None:
        return ""
    points = number_words(row.points, language)
    if row.max_points is None:
        return points
    return text("scores.points_of", language, points=points, most=number_words(row.max_points, language))


def _change(row: ScoreRow, language: str) -> str:
    """How the total stands against the one told before: a mark with it, never colour alone."""
    if row.before is None or row.points is None:
        return ""
    moved = row.points - row.before
    if not moved:
        return text("scores.same", language)
    return text("scores.up" if moved > 0 else "scores.down", language, points=number_words(abs(moved), language))


def _ranks(ranks: Sequence[Rank], language: str) -> str:
    said = []
    for rank in ranks:
        place = formats.whole(rank.rank, language)
        words = (
            text("scores.rank_bare", language, rank=place)
            if rank.of is None
            else text("scores.rank", language, rank=place, of=formats.whole(rank.of, language))
        )
        said.append(text("scores.rank_group", language, rank=words, group=rank.group) if rank.group else words)
    return "; ".join(said)


def _class(row: ScoreRow, campaign: Campaign, language: str) -> str:
    """The class by the campaign's own limits; empty for a total of another scale."""
    if row.points is None or row.listed == "unlisted":
        return ""
    for band in sorted(campaign.score_bands, key=lambda known: known.floor, reverse=True):
        if row.points >= band.floor:
            return band.name.of(language)
    return ""


def _notes(campaign: Campaign, rows: Sequence[ScoreRow], language: str) -> tuple[str, ...]:
    notes = [text("scores.never", language)]
    if campaign.score_bands and not campaign.score_bands_confirmed and rows:
        notes.append(text("scores.bands_open", language))
    return tuple(notes)


# --- as a file ------------------------------------------------------------------------------------------------------


def score_file(
    shown: ScoreSet, rows: Sequence[ScoreRow], campaign: Campaign, *,
    level: str | None, kind: ScoreFile, updated: datetime | None, language: str,
) -> bytes:  # fmt: skip
    """All lists of a table as a workbook or as CSV."""
    table = score_table(shown, rows, campaign, level=level, updated=updated, language=language)
    return as_workbook(table) if kind == "xlsx" else as_csv(table)


def score_table(
    shown: ScoreSet, rows: Sequence[ScoreRow], campaign: Campaign, *,
    level: str | None, updated: datetime | None, language: str,
) -> GapTable:  # fmt: skip
    chosen = of_level(rows, level)
    named = {
        "source": campaign.source(shown.source).name.of(language),
        "date": formats.day(shown.as_of, language),
        "period": period(shown, language),
    }
    scope = () if level is None else (campaign.level(level).name.of(language),)
    return GapTable(
        language=language,
        title=text("scores.title", language),
        subtitles=(campaign.title.of(language), text("scores.subtitle", language, **named), *scope),
        mark=text("gaps.download.simulated", language) if shown.simulated else "",
        mark_title=text("scores.column.mark", language),
        group_title=text("scores.column.group", language),
        columns=_file_columns(rows, campaign, language),
        lines=tuple(
            Line(text(f"scores.list_{key}", language), _file_cells(number, row, rows, campaign, language))
            for key in LISTS
            for number, row in enumerate(in_order(chosen, key), start=1)
        ),
        notes=_notes(campaign, rows, language),
        source=made_with(updated, language),
        sheet=text("scores.sheet", language),
    )


def _file_columns(rows: Sequence[ScoreRow], campaign: Campaign, language: str) -> tuple[Column, ...]:
    def column(name: str, kind: Literal["text", "whole", "hundredths", "wide"]) -> Column:
        return Column(text(f"scores.column.{name}", language), kind)

    return (
        column("number", "whole"),
        column("unit", "wide"),
        column("code", "text"),
        column("level", "wide"),
        column("points", "hundredths"),
        column("most", "hundredths"),
        *((column("change", "hundredths"),) if _has_change(rows) else ()),
        column("rank", "wide"),
        *((column("class", "text"),) if campaign.score_bands else ()),
        *(
            Column(campaign.indicator(key).short_name.of(language), "hundredths")
            for key in _reported_indicators(rows, campaign)
        ),
    )


def _file_cells(
    number: int, row: ScoreRow, rows: Sequence[ScoreRow], campaign: Campaign, language: str
) -> tuple[Cell, ...]:
    moved = None if row.points is None or row.before is None else row.points - row.before
    parts = {key: points for key, points, _ in row.parts}
    return (
        number,
        row.name,
        row.unit,
        campaign.level(row.level).name.of(language),
        row.points,
        row.max_points,
        *((moved,) if _has_change(rows) else ()),
        _ranks(row.ranks, language),
        *((_class(row, campaign, language),) if campaign.score_bands else ()),
        *(parts.get(key) for key in _reported_indicators(rows, campaign)),
    )


def _reported_indicators(rows: Sequence[ScoreRow], campaign: Campaign) -> tuple[str, ...]:
    reported = {key for row in rows for key, points, _ in row.parts if points is not None}
    return tuple(indicator.key for indicator in campaign.indicators if indicator.key in reported)


def file_name(shown: ScoreSet, *, kind: ScoreFile, language: str) -> str:
    """diem-chinh-thuc_article-002_2023_2023-12-31.xlsx: whose, of which period, as of when; and that they are
    simulated."""
    parts = [text("scores.file", language), shown.source, _period_in_name(shown), shown.as_of.isoformat()]
    if shown.simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def _period_in_name(shown: ScoreSet) -> str:
    """2023, 2025-10, 2025-07-01_2025-09-30."""
    start, end = shown.period_start, shown.period_end
    if shown.basis == "year":
        return str(start.year)
    return f"{start:%Y-%m}" if shown.basis == "month" else f"{start.isoformat()}_{end.isoformat()}"
