"""Tổng quan: the sentence, who has to be pressed, the province's indicators, where units stand, and who moved."""

import streamlit as st

from models.core.texts import text
from pages.charts.layout import FRESHNESS_COLUMNS, HEADER_COLUMNS, LINE_COLUMNS, OVERVIEW_COLUMNS, UNITS_COLUMNS
from pages.kit import address, answers
from pages.kit.address import Choices, link
from pages.kit.downloads import draw_chart_download
from pages.kit.markdown import coloured, marked, plain
from pages.kit.page import Page, Visit
from pages.overview import sentences
from pages.overview.view import (
    ChangesView,
    FocusView,
    FreshnessView,
    LevelView,
    LineView,
    MoverView,
    OverviewView,
    PressedView,
    UnitView,
)
from pages.tasks.view import draw_overdue
from pages.unit.requests import draw_own, reviewed_focus

CHOSEN, NOT_CHOSEN = ":material/radio_button_checked:", ":material/radio_button_unchecked:"


def draw(visit: Visit) -> None:
    """The choices of the address first, as they decide day, phase and indicator; then block after block.

    Blocks are drawn in the order in which a phone shows them.
    """
    as_of = visit.choices.as_of or visit.situation.today
    overview = answers.find_overview(visit.situation, as_of=as_of, phase=None)
    choices = visit.choices
    if choices.phase not in (None, overview.phase.key):
        overview = answers.find_overview(visit.situation, as_of=as_of, phase=choices.phase)
    view = answers.find_overview_view(visit.situation, overview, visit.language)
    indicator = sentences.chosen_indicator(overview, choices.indicator)
    focus = reviewed_focus(answers.find_focus_view(visit.situation, overview, indicator, visit.language), visit)
    fresh = answers.find_freshness_view(visit.situation, overview, visit.language)

    draw_own(visit)
    draw_overdue(visit)
    with st.container(gap="xxsmall"):
        _draw_header(view)
        with st.container(horizontal=True):
            st.title(plain(view.headline), anchor=False)
        if view.advice:
            st.info(plain(view.advice), icon=":material/info:")
    with st.container(gap="xsmall"):
        who, where = st.columns(OVERVIEW_COLUMNS, gap="medium")
        with who:
            draw_pressed(focus, visit, choices)
        with where, st.container(gap="xsmall"):
            _draw_lines(view, indicator, visit)
            standings, movers = st.columns(UNITS_COLUMNS, gap="medium")
            with standings:
                draw_standings(focus, visit, choices)
            with movers:
                draw_movers(focus, visit, choices)
        draw_freshness(fresh, visit, choices)


def _draw_header(view: OverviewView) -> None:
    """Campaign and day, the line of days, and how much is known."""
    left, middle, right = st.columns(HEADER_COLUMNS, gap="xsmall", vertical_alignment="center")
    left.markdown(f"**{plain(view.title)}** · {plain(view.day)}")
    middle.vega_lite_chart(spec=view.timeline, width="stretch", alt=view.timeline_spoken)
    right.markdown(f":material/schedule: {plain(view.coverage)}")


def _draw_lines(view: OverviewView, indicator: str, visit: Visit) -> None:
    with st.container(key="lines", gap=None):
        legend = [f"**{plain(glyph)}** {plain(meaning)}" for glyph, meaning in view.legend]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="xxsmall"):
            st.header(plain(view.lines_title), anchor=False, width="content")
            draw_chart_download(visit, [line.drawing for line in view.lines], name="lines", title=view.headline)
            st.caption(" · ".join(["   ".join(legend), *map(plain, view.notes)]), width="content")
        for line in view.lines:
            _draw_line(line, visit, is_chosen=line.indicator == indicator)


def _draw_line(line: LineView, visit: Visit, *, is_chosen: bool) -> None:
    with st.container(key=f"line-{line.indicator}"):
        name, bullet, findings, standing = st.columns(LINE_COLUMNS, gap="xxsmall", vertical_alignment="center")
        name.button(
            plain(line.name),
            key=f"choose-{line.indicator}",
            type="tertiary",
            icon=CHOSEN if is_chosen else NOT_CHOSEN,
            help=text("choose.help", visit.language),
            on_click=address.choose,
            args=("indicator", line.indicator),
            wrap=True,
        )
        bullet.vega_lite_chart(spec=line.chart, width="stretch", alt=line.spoken)
        findings.markdown(_together(line.findings))
        standing.markdown(marked(line.standing, line.standing_words, visit.theme))


def _together(findings: tuple[str, ...]) -> str:
    """The first finding stands out; the others stand smaller on a line below."""
    first, *rest = findings
    below = f"  \n:small[{plain(' · '.join(rest))}]" if rest else ""
    return f"**{plain(first)}**{below}"


PAGE = Page(key="overview", address="", draw=draw, follows=("indicator", "phase", "as_of"))


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
        query = address.onward(choices, indicator=view.indicator, level=level.level)
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
                address.onward(choices, unit=unit.code),
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
                    address.onward(choices, indicator=view.indicator, level=level.level, standing=part.standing),
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
                    link("unit", words, address.onward(choices, unit=unit.code), language=visit.language)
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
                    query = address.onward(choices, unit=code)
                    link("unit", f":small[{plain(name)}]", query, language=visit.language)
