"""A picture with its message and the table behind it, as values and on the page of comparisons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import streamlit as st

from jobs.documents.gap_table import Cell, GapTable, Line, Rate, as_csv, as_workbook
from jobs.documents.gap_table import Column as FileColumn
from jobs.documents.gap_table import Kind as FileColumnKind
from jobs.documents.pictures import Drawing
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.layout import PAGES_WIDTH
from pages.charts.marks import Spec
from pages.feeds.choices import Screen, screen_of
from pages.gaps.view import unit_address
from pages.kit import address, sentences, tables
from pages.kit.downloads import draw_chart_download, draw_download
from pages.kit.markdown import coloured, plain
from pages.kit.page import Visit

Kind = Literal["text", "wide", "whole", "percent", "target", "points", "hundredths", "change"]
"""What a column holds: `target` is a percent as it was decided, `points` a change with one decimal and its sign,
`hundredths` are points with two decimals, `change` such points with their sign."""
FILE_KIND_OF: Mapping[Kind, FileColumnKind] = {
    "text": "text", "wide": "wide", "whole": "whole", "percent": "percent", "target": "percent", "points": "points",
    "hundredths": "hundredths", "change": "hundredths",
}  # fmt: skip
"""What a file makes of it."""
FileKind = Literal["xlsx", "csv"]
FILE_KINDS: tuple[FileKind, ...] = ("xlsx", "csv")
MIMES: Mapping[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class Column:
    """A heading and what stands below it."""

    title: str
    kind: Kind


@dataclass(frozen=True)
class Row:
    """One line of a table. `code` leads to the unit's page; `standings` put their marks before the last cells."""

    cells: tuple[Cell, ...]
    code: str = ""
    standings: tuple[str, ...] = ()
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and rows; `spoken` says what it is to those who do not see it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spoken: str


@dataclass(frozen=True)
class Exhibit:
    """One picture: its message computed from the data, the chart, the table, what must be said below.

    Without a chart the title says why there is nothing to be drawn.
    """

    key: str
    title: str
    chart: Spec | None = None
    spoken: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    notes: tuple[str, ...] = ()


def cell_words(cell: Cell, kind: Kind, language: str) -> str:
    """A cell as the page writes it."""
    if cell is None:
        return text("gaps.nothing", language)
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Rate):
        return formats.percent(cell.value, language, target=cell.target, lower_is_better=cell.lower_is_better)
    if kind == "percent":
        return formats.percent(cell, language)
    if kind == "target":
        return formats.target_percent(cell, language)
    if kind == "points":
        return formats.signed(cell, language)
    if kind in ("hundredths", "change"):
        return formats.hundredths(cell, language, is_change=kind == "change")
    return formats.whole(int(cell), language)


def exhibit_file(overview: Overview, exhibit: Exhibit, *, kind: FileKind, language: str) -> bytes:
    """The whole table of a picture as a file, under its message; simulated figures are marked."""
    table = _file_table(overview, exhibit, language)
    return as_workbook(table) if kind == "xlsx" else as_csv(table)


def file_name(overview: Overview, exhibit: Exhibit, indicator: str, *, kind: FileKind, language: str) -> str:
    """so-sanh_muc-dong-gop_online_2024-05-07.xlsx; simulated figures say so in the name, too."""
    parts = [
        text("compare.file.name", language),
        text(f"compare.file.of_{exhibit.key}", language),
        indicator,
        overview.as_of.isoformat(),
    ]
    if overview.simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def _file_table(overview: Overview, exhibit: Exhibit, language: str) -> GapTable:
    table = exhibit.table or Table((), (), "")
    return GapTable(
        language=language,
        title=exhibit.title,
        subtitles=(
            overview.campaign.title.of(language),
            text("compare.file.as_of", language, date=formats.day(overview.as_of, language)),
        ),
        mark=text("gaps.download.simulated", language) if overview.simulated else "",
        mark_title=text("gaps.download_column.mark", language),
        group_title=text("compare.file.kind", language),
        columns=tuple(FileColumn(column.title, FILE_KIND_OF[column.kind]) for column in table.columns),
        lines=tuple(
            Line(text(f"compare.file.{'total' if row.is_total else 'rows'}", language), row.cells) for row in table.rows
        ),
        notes=exhibit.notes,
        source=sentences.made_with(overview.updated, language),
        sheet=text("compare.file.sheet", language),
    )


def spread(places: Sequence[float], *, apart: float, least: float, most: float) -> list[float]:
    """Where labels stand so that none overlaps another: `apart` from the next, as near to their marks as can be.

    In the order of the places given; all between `least` and `most` where they fit, closer together where they do not.
    """
    if not places:
        return []
    room = min(apart, (most - least) / max(len(places) - 1, 1))
    order = sorted(range(len(places)), key=places.__getitem__)
    # Taking off what those before need turns "apart" into "not falling": neighbours that meet share their mean.
    blocks: list[list[float]] = []
    for rank, at in enumerate(order):
        blocks.append([places[at] - rank * room, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            value, weight = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + value * weight) / (before[1] + weight)
            before[1] += weight
    found = [0.0] * len(places)
    level = [value for value, weight in blocks for _ in range(int(weight))]
    highest = most - (len(places) - 1) * room
    for rank, at in enumerate(order):
        found[at] = min(max(level[rank], least), highest) + rank * room
    return found


ROWS = 25
"""Lines of a table on one screen; the file holds them all."""


def draw_exhibit(exhibit: Exhibit, overview: Overview, visit: Visit, *, indicator: str, page: int, query: str) -> None:
    """Chart, table, files, notes; the message stands above as the page's title."""
    with st.container(key=f"compare-shown-{exhibit.key}", gap="small"):
        if exhibit.legend:
            st.caption("   ".join(f"**{plain(glyph)}** {plain(meaning)}" for glyph, meaning in exhibit.legend))
        if exhibit.chart is not None:
            with st.container(key=f"compare-{exhibit.key}-chart"):
                st.vega_lite_chart(spec=exhibit.chart, width="stretch", alt=exhibit.spoken)
        if exhibit.table is not None:
            draw_table(exhibit.key, exhibit.table, visit, page=page, query=query)
            _draw_files(exhibit, overview, visit, indicator)
        if exhibit.notes:
            st.caption(plain(" ".join(exhibit.notes)))


def draw_table(key: str, table: Table, visit: Visit, *, page: int, query: str) -> None:
    """One screen of the table as words; the last line of a sum stands on every screen."""
    rows = [row for row in table.rows if not row.is_total]
    screen = screen_of(page, whole=len(rows), most=ROWS)
    shown = [*rows[screen.after : screen.after + ROWS], *(row for row in table.rows if row.is_total)]
    cells = zip(*(_cells(table, row, visit, query) for row in shown), strict=True)
    tables.draw_table(
        [
            tables.Column(plain(column.title), written, is_number=column.kind not in ("text", "wide"))
            for column, written in zip(table.columns, cells, strict=True)
        ],
        alt=table.spoken,
        key=f"compare-{key}-table",
    )
    draw_screens(key, screen, visit.language)


def _cells(table: Table, row: Row, visit: Visit, query: str) -> list[str]:
    written = []
    is_named = False
    for column, cell in zip(table.columns, row.cells, strict=True):
        words = cell_words(cell, column.kind, visit.language)
        said = tables.together(words) if column.kind != "wide" or len(words) < ROWS else plain(words)
        if column.kind == "wide" and not is_named:
            is_named = True
            said = tables.together(words).replace(f"{tables.NO_BREAK}\\(", " \\(")
            if row.code:
                said = f"[{said}]({unit_address(row.code, query)})"
        written.append(f"**{said}**" if row.is_total else said)
    for place, standing in enumerate(row.standings, start=len(written) - len(row.standings)):
        written[place] = f"{coloured(standing, visit.theme)}{tables.NO_BREAK}{written[place]}"
    return written


def draw_screens(key: str, screen: Screen, language: str) -> None:
    """Forth and back in a long table."""
    if screen.is_only:
        return
    last = min(screen.after + ROWS, screen.whole)
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key=f"compare-{key}-screens"):
        st.session_state["compare-page"] = screen.number
        st.pagination(screen.screens, key="compare-page", width=PAGES_WIDTH, on_change=_turn)
        terms = {"first": screen.after + 1, "last": last, "found": screen.whole}
        said = {name: formats.whole(number, language) for name, number in terms.items()}
        st.caption(plain(text("gaps.shown", language, **said)), width="content")


def _turn() -> None:
    page = st.session_state["compare-page"]
    address.choose("page", None if page == 1 else str(page))


def _draw_files(exhibit: Exhibit, overview: Overview, visit: Visit, indicator: str) -> None:
    """Files are made when they are asked for, not with every click."""
    language = visit.language
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"compare-{exhibit.key}-files"):
        for kind in FILE_KINDS:
            draw_download(
                text(f"gaps.download.as_{kind}", language),
                partial(exhibit_file, overview, exhibit, kind=kind, language=language),
                visit=visit,
                subject="compare",
                file_name=file_name(overview, exhibit, indicator, kind=kind, language=language),
                mime=MIMES[kind],
                key=f"compare-{exhibit.key}-{kind}",
                narrowed={"section": exhibit.key, "indicator": indicator},
            )
        if exhibit.chart is not None:
            name = (
                f"{text('compare.file.name', language)}_{text(f'compare.file.of_{exhibit.key}', language)}_{indicator}"
            )
            draw_chart_download(visit, [Drawing(exhibit.chart)], name=name, title=exhibit.title)
