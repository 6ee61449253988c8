"""A slide on the screen: its finding in one line, its picture, a fixed foot, and how to go on."""

import streamlit as st

from jobs.slides.meeting_data import MeetingData
from jobs.slides.values import Bars, Course, Lines, Picture, Roll, Slide
from models.core.texts import text
from models.meetings.agendas import UNIT
from pages.charts.layout import SLIDE_BAR, SLIDE_COLUMNS, SLIDE_PICKER_WIDTH
from pages.charts.slides import bars, course
from pages.charts.sparks import bar_image
from pages.kit import address, answers
from pages.kit.markdown import coloured, plain
from pages.kit.page import Visit
from pages.kit.tables import NO_BREAK, Column, draw_table, picture, together
from pages.meeting import data
from pages.meeting.forms import draw_recording

LIST, UNITS = "slide-list", "slide-units"


def draw_slide(meeting: MeetingData, key: str, visit: Visit, *, turns_every: int | None) -> None:
    """One slide on the whole screen."""
    snapshot = meeting.frozen.head.id
    shown = data.find_slide(visit.situation, snapshot, key, visit.language)
    number = meeting.slides.index(key) + 1 if key in meeting.slides else None
    with st.container(key="slide", gap="small"):
        st.title(plain(shown.headline), anchor=False)
        with st.container(key="slide-picture"):
            if shown.facts:
                chart, beside = st.columns(SLIDE_COLUMNS, vertical_alignment="center", gap="medium")
                with chart:
                    _draw_picture(shown, visit)
                with beside, st.container(key="slide-facts"):
                    for fact in shown.facts:
                        st.markdown(f"{plain(fact.words)}\n\n## {plain(fact.strong)}")
            else:
                _draw_picture(shown, visit)
        _draw_below(shown, visit)
        _draw_foot(meeting, number, visit)
        with st.container(key="slide-controls", horizontal=True, vertical_alignment="center", gap="small"):
            _draw_controls(meeting, shown, number, visit)
        if turns_every:
            with st.container(key=f"slide-auto-{turns_every}"):
                pass
        _draw_jumps(meeting, number)


def _draw_picture(shown: Slide, visit: Visit) -> None:
    drawn: Picture | None = shown.picture
    match drawn:
        case None:
            return
        case Lines():
            _draw_lines(drawn, shown.finding, visit)
        case Roll():
            _draw_roll(drawn, shown, visit)
        case Course() | Bars():
            spec = course(drawn, visit.language) if isinstance(drawn, Course) else bars(drawn, visit.language)
            st.vega_lite_chart(spec=spec, width="stretch", height="stretch", alt=shown.finding)


def _draw_lines(lines: Lines, spoken: str, visit: Visit) -> None:
    """A row for each indicator: its figure, its bar, what is missing, its standing and why."""
    images = [
        bar_image(
            row.now, standing=row.standing, target=row.target, trajectory=row.trajectory, theme=visit.theme,
            size=SLIDE_BAR,
        )
        for row in lines.rows
    ]  # fmt: skip
    cells = (
        [f"**{together(row.name)}**" if row.is_main else together(row.name) for row in lines.rows],
        [plain(row.figure) for row in lines.rows],
        [picture(image, row.figure) for image, row in zip(images, lines.rows, strict=True)],
        [plain(row.points) for row in lines.rows],
        [_standing(row.standing, row.word, row.reason, visit) for row in lines.rows],
    )
    columns = [
        Column(head, column, is_number=place in (1, 3))
        for place, (head, column) in enumerate(zip(lines.heads, cells, strict=True))
    ]
    draw_table(columns, alt=spoken, key="slide-lines")


def _standing(standing: str, word: str, reason: str, visit: Visit) -> str:
    said = f"{coloured(standing, visit.theme)}{NO_BREAK}**{together(word)}**"
    return f"{said} :gray[{plain(reason)}]" if reason else said


def _draw_roll(roll: Roll, shown: Slide, visit: Visit) -> None:
    kind = shown.key.partition(".")[0]
    columns = []
    for place, head in enumerate(roll.heads):
        cells = [plain(row[place]) for row in roll.rows]
        if place == 0:
            cells = [
                f"{coloured(mark, visit.theme)}{NO_BREAK}{cell}" if mark else cell
                for cell, mark in zip(cells, roll.marks, strict=True)
            ]
        columns.append(Column(head, cells, is_number=place in roll.numbers))
    draw_table(columns, alt=shown.finding, key=f"slide-roll-{kind}-{len(columns)}")


def _draw_below(shown: Slide, visit: Visit) -> None:
    """What the marks mean and what the picture leaves out, in one line."""
    marks = [f"{coloured(each.mark, visit.theme)}{NO_BREAK}{together(each.words)}" for each in shown.legend]
    said = [*marks, *(f":gray[{plain(words)}]" for words in (*shown.below, *shown.about_picture))]
    if said:
        with st.container(key="slide-below"):
            st.markdown(" · ".join(said))


def _draw_foot(meeting: MeetingData, number: int | None, visit: Visit) -> None:
    """Day of the figures, snapshot, what is simulated; at the right the page."""
    with st.container(key="slide-foot", horizontal=True, horizontal_alignment="distribute"):
        said = data.find_foot(visit.situation, meeting.frozen.head.id, visit.language)
        st.markdown(f":gray[{plain(said)}]", width="content")
        if number:
            st.markdown(f"**{number}/{len(meeting.slides)}**", width="content")


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
    listed = [*slides, *(key for key in titles if key not in slides)]
    st.session_state[LIST] = shown.key if shown.key in titles else None
    st.selectbox(
        text("meeting.list", language), listed, index=None, key=LIST, on_change=_go_to_listed, args=(slides[at],),
        width=SLIDE_PICKER_WIDTH, label_visibility="collapsed", placeholder=text("meeting.list", language),
        format_func=lambda key: f"{slides.index(key) + 1}. {titles[key]}" if key in slides else titles[key],
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


def _go_to_listed(back: str) -> None:
    """To a slide of the agenda, or to any other one, from which the way leads back."""
    if st.session_state[LIST] is not None:
        go(st.session_state[LIST])
        address.choose("back", back)


def _go_to_unit(back: str) -> None:
    if st.session_state[UNITS] is not None:
        go(f"{UNIT}.{st.session_state[UNITS]}")
        address.choose("back", back)
