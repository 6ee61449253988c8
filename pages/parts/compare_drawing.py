"""How a picture with its message, table and files is put on the page of comparisons."""

from functools import partial

import pandas as pd
import streamlit as st

from jobs.documents.pictures import Drawing
from models import formats
from models.queries.overview import Overview
from models.texts import text
from pages.parts import session
from pages.parts.chart_download import draw_chart_download
from pages.parts.compare_exhibits import FILE_KINDS, MIMES, Exhibit, Row, Table, cell_words, exhibit_file, file_name
from pages.parts.downloads import draw_download
from pages.parts.feeds_choices import Screen, screen_of
from pages.parts.gap_tables import unit_address
from pages.parts.markdown import coloured, plain
from pages.parts.page import Visit

NO_BREAK = "\N{NO-BREAK SPACE}"
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
    language = visit.language
    rows = [row for row in table.rows if not row.is_total]
    screen = screen_of(page, whole=len(rows), most=ROWS)
    shown = [*rows[screen.after : screen.after + ROWS], *(row for row in table.rows if row.is_total)]
    cells = [_cells(table, row, visit, query) for row in shown]
    with st.container(key=f"compare-{key}-table"):
        frame = pd.DataFrame(cells, columns=[plain(column.title) for column in table.columns])
        st.table(frame, border="horizontal", hide_index=True, alt=table.spoken)
    draw_screens(key, screen, language)


def _cells(table: Table, row: Row, visit: Visit, query: str) -> list[str]:
    written = []
    is_named = False
    for column, cell in zip(table.columns, row.cells, strict=True):
        words = plain(cell_words(cell, column.kind, visit.language))
        if column.kind != "wide" or len(words) < ROWS:
            words = words.replace(" ", NO_BREAK)
        if column.kind == "wide" and not is_named:
            is_named = True
            words = words.replace(" ", NO_BREAK).replace(f"{NO_BREAK}\\(", " \\(")
            if row.code:
                words = f"[{words}]({unit_address(row.code, query)})"
        written.append(f"**{words}**" if row.is_total else words)
    if row.standing:
        written[-1] = f"{coloured(row.standing, visit.theme)}{NO_BREAK}{written[-1]}"
    return written


def draw_screens(key: str, screen: Screen, language: str) -> None:
    """Forth and back in a long table."""
    if screen.is_only:
        return
    last = min(screen.after + ROWS, screen.whole)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"compare-{key}-screens"):
        terms = {"first": screen.after + 1, "last": last, "found": screen.whole}
        said = {name: formats.whole(number, language) for name, number in terms.items()}
        st.markdown(plain(text("gaps.pages.shown", language, **said)), width="content")
        for name, number, is_end, icon in (
            ("before", screen.number - 1, screen.number == 1, ":material/chevron_left:"),
            ("after", screen.number + 1, screen.number == screen.screens, ":material/chevron_right:"),
        ):
            st.button(
                text(f"gaps.pages.{name}", language), key=f"compare-{key}-{name}", icon=icon, disabled=is_end,
                icon_position="left" if name == "before" else "right",
                on_click=session.choose, args=("page", None if number == 1 else str(number)),
            )  # fmt: skip


def _draw_files(exhibit: Exhibit, overview: Overview, visit: Visit, indicator: str) -> None:
    """Files are made when they are asked for, not with every click."""
    language = visit.language
    with st.container(horizontal=True, gap="small", key=f"compare-{exhibit.key}-files"):
        for kind in FILE_KINDS:
            draw_download(
                text(f"gaps.download.as_{kind}", language),
                partial(exhibit_file, overview, exhibit, kind=kind, language=language),
                visit=visit,
                subject="compare",
                file_name=file_name(overview, exhibit, indicator, kind=kind, language=language),
                mime=MIMES[kind],
                key=f"compare-{exhibit.key}-{kind}",
                told={"section": exhibit.key, "indicator": indicator},
            )
        if exhibit.chart is not None:
            name = (
                f"{text('compare.file.name', language)}_{text(f'compare.file.of_{exhibit.key}', language)}_{indicator}"
            )
            draw_chart_download(visit, [Drawing(exhibit.chart)], name=name, title=exhibit.title)
