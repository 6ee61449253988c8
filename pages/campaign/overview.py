"""Tổng quan: the sentence, who has to be pressed, the province's indicators, where units stand, and who moved."""

import streamlit as st

from models.texts import text
from pages.parts import answers, overview_sentences, session
from pages.parts.chart_download import draw_chart_download
from pages.parts.layout import HEADER_COLUMNS, LINE_COLUMNS, OVERVIEW_COLUMNS, UNITS_COLUMNS
from pages.parts.markdown import marked, plain
from pages.parts.overview_drawing import draw_freshness, draw_movers, draw_pressed, draw_standings
from pages.parts.page import Page, Visit
from pages.parts.tasks_marks import draw_overdue
from pages.parts.views import LineView, OverviewView
from pages.parts.wish_marks import reviewed_focus
from pages.parts.wish_own import draw_own

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
    indicator = overview_sentences.chosen_indicator(overview, choices.indicator)
    focus = reviewed_focus(answers.find_focus_view(visit.situation, overview, indicator, visit.language), visit)
    fresh = answers.find_freshness_view(visit.situation, overview, visit.language)

    draw_own(visit, choices)
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
            on_click=session.choose,
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


PAGE = Page(key="overview", address="", draw=draw)
