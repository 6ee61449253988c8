"""Draws the feeds page, and the strip on top of every other page, out of finished view-models."""

import pandas as pd
import streamlit as st

from models.core.texts import text
from pages.charts.layout import FEED_MARKS, SOURCE_WIDTH, Theme
from pages.feeds import data, pulling
from pages.feeds.choices import Screen, too_far
from pages.feeds.view import CalendarView, HeadView, ListView, SourceCard, TableRow
from pages.kit.address import choose, link, onward
from pages.kit.markdown import plain
from pages.kit.page import Visit

NO_BREAK = "\N{NO-BREAK SPACE}"
APART = "\N{EM SPACE}"


def feed_mark(state: str, theme: Theme) -> str:
    """A state's mark in its colour; its word goes with it wherever it stands."""
    mark = FEED_MARKS[state]
    return f':color[{mark.glyph}]{{foreground="{mark.colour.on(theme)}"}}'


def draw_head(view: HeadView, visit: Visit) -> None:
    """The sentence, who does what next, then each source with its button."""
    st.title(plain(view.headline), anchor=False)
    said = "  \n".join(plain(step) for step in view.advice)
    if view.is_well:
        st.info(said, icon=":material/info:")
    else:
        st.warning(said, icon=":material/warning:")
    pulling.draw_outcome(visit)
    if view.cards:
        with st.grid(min(3, len(view.cards)), min_column_width=SOURCE_WIDTH, gap="small", key="feeds-sources"):
            for card in view.cards:
                _draw_card(card, visit)
    if view.unused:
        st.caption(plain(text("feeds.sources.others", visit.language, sources="; ".join(view.unused))))


def _draw_card(card: SourceCard, visit: Visit) -> None:
    with st.container(border=True, gap="xsmall", key=f"feeds-source-{card.key}"):
        state = f"{feed_mark(card.state, visit.theme)} **{plain(card.state_words)}**"
        st.markdown(f"**{plain(card.name)}** · {state}")
        st.markdown("  \n".join(f":small[{plain(fact)}]" for fact in (*card.facts, card.governs, card.trouble) if fact))
        pulling.draw_pull(card, visit)


def draw_calendar(view: CalendarView, visit: Visit) -> None:
    """The heat map with its legend, and the days that are missing in words."""
    with st.container(key="feeds-calendar", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            st.header(plain(text("feeds.calendar.title", visit.language)), anchor=False, width="content")
            if view.span:
                st.caption(plain(view.span), width="content")
        if view.chart is not None:
            words = (f"{feed_mark(state, visit.theme)}{NO_BREAK}{plain(said)}" for state, said in view.legend)
            st.markdown(f":small[{APART.join(words)}]")
            st.vega_lite_chart(spec=view.chart, width="stretch", alt=view.spoken)
        for note in view.notes:
            st.caption(plain(note))
        draw_screens("days", view.screen, "", visit, is_time=True)


def draw_list(name: str, view: ListView, visit: Visit) -> None:
    """A heading, a table, and the way to its other screens."""
    with st.container(key=f"feeds-{name}", gap="xsmall"):
        st.header(plain(view.title), anchor=False)
        if view.intro and view.rows:
            st.caption(plain(view.intro))
        draw_table(name, view, visit)


def draw_table(name: str, view: ListView, visit: Visit) -> None:
    if view.rows:
        table = pd.DataFrame(
            [_cells(row, visit.theme) for row in view.rows], columns=[plain(title) for title in view.columns]
        )
        with st.container(key=f"feeds-{name}-table"):
            st.table(table, border="horizontal", hide_index=True, alt=view.spoken)
    draw_screens(name, view.screen, view.shown, visit)


def _cells(row: TableRow, theme: Theme) -> list[str]:
    cells = []
    for place, words in enumerate(row.cells):
        said = together(words) if place in (row.linked, row.marked) else plain(words)
        if place == row.linked:
            said = f"[{said}]({row.link})"
        if place == row.marked:
            said = f"{feed_mark(row.state, theme)}{NO_BREAK}{said}"
        cells.append(said)
    return cells


def together(words: str) -> str:
    """Words of a cell on one line; what stands in brackets may go below."""
    return plain(words).replace(" ", NO_BREAK).replace(f"{NO_BREAK}\\(", " \\(")


def draw_screens(name: str, screen: Screen, shown: str, visit: Visit, *, is_time: bool = False) -> None:
    """Screens of a long list; a calendar is turned back in time."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"feeds-{name}-screens"):
        if shown:
            st.markdown(plain(shown), width="content")
        address = "page" if name == "units" else name
        visit.ignored.extend(too_far(address, screen, visit.language))
        if screen.is_only:
            return
        earlier, later = ("earlier", "later") if is_time else ("before", "after")
        # A calendar's further screens lie before the first one.
        turns = [(earlier, screen.number + (1 if is_time else -1)), (later, screen.number - (1 if is_time else -1))]
        for key, number in turns:
            st.button(
                text(f"feeds.screens.{key}", visit.language),
                key=f"feeds-{name}-{key}",
                icon=":material/chevron_left:" if key == earlier else ":material/chevron_right:",
                icon_position="left" if key == earlier else "right",
                disabled=not 1 <= number <= screen.screens,
                on_click=choose,
                args=(address, None if number == 1 else str(number)),
            )


def draw_strip(visit: Visit, address: str) -> None:
    """Which sources are silent since when, and the way to their page; nothing where all is well."""
    said = () if address == "feeds" else data.find_strip(visit.situation, visit.language)
    if not said:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="feeds-strip"):
        st.markdown(f":material/warning: {plain(' '.join(said))}", width="content")
        query = onward(visit.choices)
        link("feeds", text("feeds.strip.link", visit.language), query, language=visit.language)
