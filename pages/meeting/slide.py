"""A slide on the screen: its finding, its picture, its facts, where it all comes from, and how to go on."""

import pandas as pd
import streamlit as st

from jobs.slides.meeting_data import MeetingData
from jobs.slides.values import Bars, Course, Lines, Picture, Roll, Slide
from models.core.texts import text
from models.meetings.agendas import UNIT
from pages.charts.layout import SLIDE_FACTS, SLIDE_PICKER_WIDTH
from pages.charts.slides import bars, course, lines
from pages.kit import address, answers
from pages.kit.markdown import coloured, plain
from pages.kit.page import Visit
from pages.meeting import data
from pages.meeting.forms import draw_recording

LIST, UNITS = "slide-list", "slide-units"
NO_BREAK = "\N{NO-BREAK SPACE}"


def draw_slide(meeting: MeetingData, key: str, visit: Visit, *, turns_every: int | None) -> None:
    """One slide on the whole screen."""
    snapshot = meeting.frozen.head.id
    shown = data.find_slide(visit.situation, snapshot, key, visit.language)
    number = meeting.slides.index(key) + 1 if key in meeting.slides else None
    with st.container(key="slide", gap="small"):
        st.title(plain(shown.headline), anchor=False)
        with st.container(key="slide-picture"):
            if shown.picture is not None:
                _draw_picture(shown.picture, shown.headline, visit)
        _draw_facts(shown)
        _draw_foot(meeting, number, visit)
        with st.container(key="slide-controls", horizontal=True, vertical_alignment="center", gap="small"):
            _draw_controls(meeting, shown, number, visit)
        if turns_every:
            with st.container(key=f"slide-auto-{turns_every}"):
                pass
        _draw_jumps(meeting, number)


def _draw_picture(picture: Picture, spoken: str, visit: Visit) -> None:
    language = visit.language
    if isinstance(picture, Roll):
        _draw_roll(picture, spoken, visit)
        return
    match picture:
        case Lines():
            spec = lines(picture, language)
        case Course():
            spec = course(picture, language)
        case Bars():
            spec = bars(picture, language)
    st.vega_lite_chart(spec=spec, width="stretch", height="stretch", alt=spoken)


def _draw_roll(roll: Roll, spoken: str, visit: Visit) -> None:
    cells = [
        [f"{coloured(mark, visit.theme)}{NO_BREAK}{plain(row[0])}" if mark else plain(row[0]), *map(plain, row[1:])]
        for row, mark in zip(roll.rows, roll.marks, strict=True)
    ]
    frame = pd.DataFrame(cells, columns=[plain(head) for head in roll.heads])
    st.table(frame, border="horizontal", hide_index=True, alt=spoken)


def _draw_facts(shown: Slide) -> None:
    if not shown.facts:
        return
    with st.container(key="slide-facts"):
        columns = st.columns(SLIDE_FACTS, gap="medium")
        for column, fact in zip(columns, shown.facts, strict=False):
            column.markdown(f"## {plain(fact.strong)}\n{plain(fact.words)}")


def _draw_foot(meeting: MeetingData, number: int | None, visit: Visit) -> None:
    """Day of the figures, snapshot, what is simulated; at the right the page."""
    language = visit.language
    with st.container(key="slide-foot", horizontal=True, horizontal_alignment="distribute"):
        said = data.find_foot(visit.situation, meeting.frozen.head.id, language)
        st.markdown(plain(said), width="content")
        if number:
            page = text("meeting.page", language, number=number, count=len(meeting.slides))
            st.markdown(f"**{plain(page)}**", width="content")


def _draw_controls(meeting: MeetingData, shown: Slide, number: int | None, visit: Visit) -> None:
    """Buttons for those without a keyboard; the keys press the same."""
    language, slides = visit.language, meeting.slides
    back = address.current_query().get("back", slides[0])
    at = slides.index(shown.key) if number else slides.index(back) if back in slides else 0
    before, after = (at - 1, at + 1) if number else (at, at)
    for name, icon, to in (
        ("previous", ":material/arrow_back:", before if before >= 0 else None),
        ("next", ":material/arrow_forward:", after if after < len(slides) else None),
    ):
        st.button(
            text(f"meeting.{name}", language), key=f"slide-{name}", icon=icon, disabled=to is None,
            on_click=go, args=(slides[to or 0],),
        )  # fmt: skip
    titles = data.find_titles(visit.situation, meeting.frozen.head.id, language)
    st.session_state[LIST] = shown.key if number else None
    st.selectbox(
        text("meeting.list", language), slides, index=None, key=LIST, on_change=_go_to_listed, width=SLIDE_PICKER_WIDTH,
        format_func=lambda key: f"{slides.index(key) + 1}. {titles[key]}", label_visibility="collapsed",
        placeholder=text("meeting.list", language),
    )  # fmt: skip
    st.session_state[UNITS] = None
    known = answers.find_findables(visit.situation, language)
    names = {unit.code: unit.words for unit in known if unit.code in meeting.units}
    st.selectbox(
        text("meeting.unit", language), list(names), index=None, key=UNITS, on_change=_go_to_unit, args=(slides[at],),
        width=SLIDE_PICKER_WIDTH, format_func=names.__getitem__, label_visibility="collapsed",
        placeholder=text("meeting.unit", language),
    )  # fmt: skip
    draw_recording(meeting, shown, visit)
    for name, icon, act in (("full", ":material/fullscreen:", None), ("leave", ":material/close:", leave)):
        st.button(
            "", key=f"slide-{name}", icon=icon, type="tertiary", on_click=act, help=text(f"meeting.{name}", language)
        )


def _draw_jumps(meeting: MeetingData, number: int | None) -> None:
    """A button for each page, pressed by number and Enter; the list above shows the same to the eye."""
    with st.container(key="slide-jumps"):
        for place, key in enumerate(meeting.slides, 1):
            st.button(str(place), key=f"slide-to-{place}", on_click=go, args=(key,))
        st.button("…", key="slide-last", on_click=go, args=(meeting.slides[-1],))
        following = meeting.slides[(number or 0) % len(meeting.slides)]
        st.button("…", key="slide-turn", on_click=go, args=(following,))


# --- going on -------------------------------------------------------------------------------------------------------


def go(slide: str) -> None:
    """Go on to a slide; what is on the screen stands in the address."""
    query = address.with_choice(address.current_query(), "back", None)
    st.query_params.from_dict(address.with_choice(query, "slide", slide))


def leave() -> None:
    """Back from the slides to the list of meetings."""
    query = address.current_query()
    for name in ("back", "slide", "turn"):
        query = address.with_choice(query, name, None)
    st.query_params.from_dict(query)


def _go_to_listed() -> None:
    if st.session_state[LIST] is not None:
        go(st.session_state[LIST])


def _go_to_unit(back: str) -> None:
    if st.session_state[UNITS] is not None:
        go(f"{UNIT}.{st.session_state[UNITS]}")
        address.choose("back", back)
