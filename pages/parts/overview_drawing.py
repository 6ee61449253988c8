"""Draws the overview's blocks below the sentence out of finished view-models."""

import streamlit as st

from models.texts import text
from pages.parts import session
from pages.parts.change_views import ChangesView
from pages.parts.layout import FRESHNESS_COLUMNS
from pages.parts.links import link
from pages.parts.markdown import coloured, plain
from pages.parts.overview_blocks import FocusView, FreshnessView, LevelView, MoverView, PressedView, UnitView
from pages.parts.page import Visit
from pages.parts.session import Choices


def draw_heading(title: str, note: str = "") -> None:
    """A block's heading with a quiet word beside it, in a row: Streamlit pads a heading that stands alone."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.header(plain(title), anchor=False, width="content")
        if note:
            st.caption(note, width="content")


def draw_pressed(view: FocusView, visit: Visit, choices: Choices) -> None:
    """Who has to be pressed, level by level."""
    with st.container(key="pressed", gap=None):
        draw_heading(view.attention_title)
        for level in view.pressed:
            with st.container(key=f"pressed-{level.level}", gap=None):
                _draw_level(level, view, visit, choices)


def _draw_level(level: PressedView, view: FocusView, visit: Visit, choices: Choices) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap=None):
        heading = f":small[**{plain(level.title)}**" + (f" · {plain(level.behind)}]" if level.behind else "]")
        query = session.onward(choices, indicator=view.indicator, level=level.level)
        link("gaps", heading, query, language=visit.language)
        said = level.empty or level.small
        if said:
            st.caption(plain(said), width="content")
    for unit in level.units:
        _draw_unit(unit, visit, choices)
    if level.external:
        st.caption(plain(text("attention.external", visit.language)))
        for unit in level.external:
            _draw_unit(unit, visit, choices)


def _draw_unit(unit: UnitView, visit: Visit, choices: Choices) -> None:
    with st.container(key=f"unit-{unit.code}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap=None):
            link(
                "unit",
                f":small[{coloured(unit.standing, visit.theme)} **{plain(unit.name)}**]",
                session.onward(choices, unit=unit.code),
                language=visit.language,
            )
            found = f"{plain(unit.standing_words)} · **{plain(unit.shortfall)}**"
            st.markdown(f":small[{found}]", width="content")
        st.caption(plain(" · ".join(unit.details)))


def draw_standings(view: FocusView, visit: Visit, choices: Choices) -> None:
    """How the units of each level stand: a bar, its parts as links to their lists, and whose standing changed."""
    with st.container(key="standings", gap="xxsmall"):
        draw_heading(view.standings_title)
        for level in view.levels:
            _draw_bar(level, view, visit, choices)
        if view.standings_empty:
            st.caption(plain(view.standings_empty))
        if view.changes is not None:
            _draw_changes(view.changes, visit, choices)


def _draw_bar(level: LevelView, view: FocusView, visit: Visit, choices: Choices) -> None:
    with st.container(key=f"standings-{level.level}", gap=None):
        with st.container(horizontal=True, vertical_alignment="center", gap=None):
            st.markdown(f":small[**{plain(level.title)}**]", width="content")
            for part in level.parts:
                label = text("standings.link", visit.language, units=part.units, standing=part.words)
                link(
                    "gaps",
                    f":small[{coloured(part.standing, visit.theme)} {plain(label)}]",
                    session.onward(choices, indicator=view.indicator, level=level.level, standing=part.standing),
                    language=visit.language,
                )
        st.vega_lite_chart(spec=level.chart, width="stretch", alt=level.spoken)


def draw_movers(view: FocusView, visit: Visit, choices: Choices) -> None:
    """Five up and five down, each on a line of its own."""
    with st.container(key="movers", gap="xxsmall"):
        draw_heading(view.movers_title)
        st.caption(plain(" ".join(said for said in (view.weeks, view.movers_empty, view.movers_note) if said)))
        for arrow, rows in (("↑", view.up), ("↓", view.down)):
            if rows:
                st.markdown("  \n".join(_line(arrow, row) for row in rows))


def _draw_changes(view: ChangesView, visit: Visit, choices: Choices) -> None:
    """A sentence; pressed, it names the units."""
    with st.container(key="changes"):
        if not view.groups:
            st.caption(plain(view.said))
            return
        with st.popover(plain(view.said), type="tertiary", icon=":material/swap_vert:"):
            for title, units, more in view.groups:
                st.caption(plain(title))
                for unit in units:
                    words = f":small[{coloured(unit.standing, visit.theme)} {plain(unit.words)} ({plain(unit.reason)})]"
                    link("unit", words, session.onward(choices, unit=unit.code), language=visit.language)
                if more:
                    st.caption(plain(more))


def _line(arrow: str, row: MoverView) -> str:
    return f":small[{arrow} **{plain(row.change)}** {plain(row.name)} · {plain(row.figures)}]"


def draw_freshness(view: FreshnessView, visit: Visit, choices: Choices) -> None:
    """Which source told on which day, and what is missing in words."""
    with st.container(key="freshness", gap="xxsmall"):
        what, strip = st.columns(FRESHNESS_COLUMNS, gap="xsmall", vertical_alignment="center")
        with what:
            draw_heading(text("freshness.title", visit.language))
        if view.chart is not None:
            strip.vega_lite_chart(spec=view.chart, width="stretch", alt=view.spoken)
        if view.notes:
            st.caption(plain(" ".join(view.notes)))
        if view.disagreeing:
            with st.container(horizontal=True, vertical_alignment="center", gap=None):
                st.caption(plain(view.disagreeing), width="content")
                for code, name in view.disagreeing_units:
                    query = session.onward(choices, unit=code)
                    link("unit", f":small[{plain(name)}]", query, language=visit.language)
