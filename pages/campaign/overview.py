"""Tổng quan: where the province stands, in one sentence and one line an indicator."""

import streamlit as st

from pages.parts import answers, session
from pages.parts.layout import HEADER_COLUMNS, LINE_COLUMNS
from pages.parts.markdown import marked, plain
from pages.parts.page import Page, Visit
from pages.parts.views import LineView, OverviewView

NO_BREAK = "\N{NO-BREAK SPACE}"


def draw(visit: Visit) -> None:
    """Header, sentence, lines; the choices of the address first, as they decide which day and phase."""
    as_of = visit.choices.as_of or visit.situation.today
    overview = answers.find_overview(visit.situation, as_of=as_of, phase=None)
    choices = session.settled(visit.choices, overview.campaign)
    if choices.phase not in (None, overview.phase.key):
        overview = answers.find_overview(visit.situation, as_of=as_of, phase=choices.phase)
    view = answers.find_overview_view(visit.situation, overview, visit.language)

    with st.container(gap="xxsmall"):
        _draw_header(view)
        if choices.ignored:
            said = [plain(ignored.sentence(visit.language)) for ignored in choices.ignored]
            st.warning("  \n".join(said), icon=":material/link_off:")
        st.title(plain(view.headline), anchor=False)
        if view.advice:
            st.info(plain(view.advice), icon=":material/info:")
    _draw_lines(view, visit)


def _draw_header(view: OverviewView) -> None:
    """Campaign and day, the line of days, and how much is known."""
    left, middle, right = st.columns(HEADER_COLUMNS, gap="xsmall", vertical_alignment="center")
    left.markdown(f"**{plain(view.title)}**  \n{plain(view.day)}")
    middle.vega_lite_chart(spec=view.timeline, width="stretch", alt=view.timeline_spoken)
    right.markdown(f":material/schedule: {plain(view.coverage)}")


def _draw_lines(view: OverviewView, visit: Visit) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.header(plain(view.lines_title), anchor=False, width="content")
        st.caption("   ".join(f"**{plain(glyph)}** {plain(meaning)}" for glyph, meaning in view.legend))
    with st.container(gap="small", key="lines"):
        for line in view.lines:
            _draw_line(line, visit)
    if view.notes:
        st.caption(plain(" ".join(view.notes)))


def _draw_line(line: LineView, visit: Visit) -> None:
    with st.container(key=f"line-{line.indicator}"):
        name, bullet, findings, standing = st.columns(LINE_COLUMNS, gap="xxsmall", vertical_alignment="center")
        name.markdown(f"**{plain(line.name)}**")
        bullet.vega_lite_chart(spec=line.chart, width="stretch", alt=line.spoken)
        findings.markdown(_together(line.findings))
        standing.markdown(marked(line.standing, line.standing_words, visit.theme))


def _together(findings: tuple[str, ...]) -> str:
    """The first finding stands out; a line breaks between findings rather than inside the later ones."""
    first, *rest = findings
    return " · ".join((f"**{plain(first)}**", *(plain(finding).replace(" ", NO_BREAK) for finding in rest)))


PAGE = Page(key="overview", address="", draw=draw)
