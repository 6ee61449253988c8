"""Tổng quan: the sentence on one indicator, all six, who has to be pressed, where everybody stands, and who moved."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from jobs.wording import results as wording
from jobs.wording.reporting import what_waits
from models.core import formats
from models.core.texts import text
from models.results.overview import Overview
from pages.charts.layout import BLOCK_WIDTH, CARD_BAR, CARD_WIDTH
from pages.charts.marks import Spec
from pages.charts.sparks import bar_image
from pages.charts.stacks import PICK
from pages.kit import address, answers
from pages.kit.markdown import coloured, marked, plain, tally
from pages.kit.page import Page, Visit
from pages.kit.tables import NO_BREAK, Column, draw_table, picture, together, unseen, way_to
from pages.meeting import data as meeting_data
from pages.meeting.milestone import draw_ended
from pages.overview.first_steps import draw_first_steps
from pages.overview.view import CardView, FocusView, LevelView, MoverView, OverviewView, PressedView
from pages.tasks.view import draw_overdue
from pages.unit.requests import draw_own, find_checked
from targets.permissions import Permission, may

LEVEL = "overview-level"


def draw(visit: Visit) -> None:
    """The province on the indicator, the units of one level on it, and what else there is to know."""
    choices = visit.choices
    as_of = choices.as_of or visit.situation.today
    overview = answers.find_overview(visit.situation, as_of=as_of, phase=None)
    if choices.phase not in (None, overview.phase.key):
        overview = answers.find_overview(visit.situation, as_of=as_of, phase=choices.phase)
    view = answers.find_overview_view(visit.situation, overview, visit.language)
    card = next((each for each in view.cards if each.row.indicator == choices.indicator), view.cards[0])
    focus = answers.find_focus_view(visit.situation, overview, card.row.indicator, visit.language)

    draw_first_steps(visit)
    draw_own(visit)
    _draw_sentence(card, view, visit)
    _draw_cards(view.cards, card, visit)
    if focus.levels:
        _draw_units(focus, overview, visit)
    _draw_foot(view, card, visit)


DECIDED_AT: Mapping[str, tuple[str, dict[str, str]]] = MappingProxyType(
    {"report": ("tasks", {"state": "reported"}), "row": ("feeds", {})}
)
"""Where what waits is decided, unless it is on the page of targets."""


def _draw_decisions(visit: Visit) -> None:
    """What waits for the office, each with the way to where it is decided; nothing for those who decide nothing."""
    if not may(visit.actor, Permission.DECIDE):
        return
    ways = []
    for each in meeting_data.find_decisions(visit.situation):
        page, query = DECIDED_AT.get(each.kind, ("targets", {}))
        ways.append(way_to(page, address.onward(visit.choices, **query), what_waits(each, visit.language)))
    if ways:
        with st.container(key="to-decide"):
            title = plain(text("decide.title", visit.language))
            st.markdown(f":material/gavel: **{title}:** {' · '.join(ways)}")


def _draw_sentence(card: CardView, view: OverviewView, visit: Visit) -> None:
    with st.container(gap=None, key="sentence"):
        with _unpadded():
            st.title(plain(card.headline), anchor=False)
        standing = marked(card.row.standing, card.standing_words, visit.theme)
        why = f": {plain(card.reason_in_full)}" if card.reason_in_full else ""
        st.markdown(f"*{plain(card.milestone)}* {standing}{why}.")
        if card.notes:
            st.caption(plain(" · ".join(card.notes)))
    if view.advice:
        st.info(plain(view.advice), icon=":material/info:")


def _unpadded() -> DeltaGenerator:
    """A row for a heading: Streamlit pads one that stands alone."""
    return st.container(horizontal=True)


def _draw_cards(cards: Sequence[CardView], chosen: CardView, visit: Visit) -> None:
    with st.grid(len(cards), min_column_width=CARD_WIDTH, gap="small", key="cards") as grid:
        for card in cards:
            with grid.cell(), st.container(gap=None, key=f"card-{card.row.indicator}"):
                name = plain(card.name)
                st.metric(f":primary[:material/check_circle: **{name}**]" if card is chosen else name, card.value)
                row = card.row
                bar = bar_image(
                    row.on_scale(row.value), standing=row.standing, target=row.on_scale(row.target),
                    trajectory=row.on_scale(row.trajectory),
                    theme=visit.theme, size=CARD_BAR,
                )  # fmt: skip
                short = f":small[ · {plain(card.short)}]" if card.short else ""
                standing = f":small[{marked(row.standing, card.standing_words, visit.theme)}]"
                reason = f":small[:gray[{plain(card.reason)}]]" if card.reason else ""
                st.markdown(f"{picture(bar, card.spoken)}  \n{standing}{short}  \n{reason}")


# --- the units ------------------------------------------------------------------------------------------------------


def _draw_units(focus: FocusView, overview: Overview, visit: Visit) -> None:
    visit.ignored.extend(address.ungrouped(visit.choices, overview.campaign))
    level = focus.level(visit.choices.level)
    blocks = st.grid(3, min_column_width=BLOCK_WIDTH, gap="medium", key="units")
    with blocks.cell(column_span=2, row_span=2), st.container(gap=None, key="pressed"):
        _draw_level(focus, level, visit)
    if level.dots is None:
        return
    with blocks.cell(), st.container(gap="xxsmall", key="dots"):
        _draw_dots(level, level.dots, visit)
    with blocks.cell(), st.container(gap="xxsmall", key="movers"):
        _draw_movers(focus, level, visit)


def _draw_level(focus: FocusView, level: LevelView, visit: Visit) -> None:
    language = visit.language
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.header(plain(text("attention.title", language)), anchor=False, width="content")
        names = {each.level: f"{each.name} · {formats.whole(each.behind, language)}" for each in focus.levels}
        st.session_state[LEVEL] = level.level
        st.segmented_control(
            text("attention.level", language), list(names), format_func=lambda key: plain(names[key]), key=LEVEL,
            required=True, label_visibility="collapsed", wrap=False, on_change=_choose_level,
        )  # fmt: skip
    st.markdown(f":small[{tally(level.counts, language, visit.theme)}]")
    said: list[str] = []
    if level.pressed:
        is_needed = any(row.needed for row in level.pressed)
        with st.container(key="pressed-needed" if is_needed else "pressed-alone"):
            draw_table(
                _columns(focus, level.pressed, visit), alt=f"{text('attention.title', language)}: {level.name}",
                key="pressed-table",
            )  # fmt: skip
        if not any(row.cause for row in level.pressed):
            said.append(plain(text("pressed.no_causes", language)))
    if level.empty:
        st.caption(plain(level.empty))
    if level.external:
        units = "; ".join(
            f"{way_to('unit', address.onward(visit.choices, unit=code), name)}: {plain(cause)}"
            for code, name, cause in level.external
        )
        st.markdown(f":small[:gray[{plain(text('attention.external', language))}] {units}]")
    if level.small:
        said.append(plain(level.small))
    if level.behind > len(level.pressed):
        query = address.onward(visit.choices, indicator=focus.indicator, level=level.level)
        all_of_them = text("attention.all", language, units=formats.whole(level.behind, language))
        said.insert(0, way_to("gaps", query, all_of_them))
    if said:
        st.markdown(f":small[{' · '.join(said)}]")


def _choose_level() -> None:
    address.choose("level", st.session_state[LEVEL])


def _columns(focus: FocusView, rows: Sequence[PressedView], visit: Visit) -> list[Column]:
    """One column a fact; what nobody of the level has is none."""
    language, theme = visit.language, visit.theme
    checked = find_checked(focus.indicator, visit)

    def unit(row: PressedView) -> str:
        link = way_to("unit", address.onward(visit.choices, unit=row.row.unit), row.name.replace(" ", NO_BREAK))
        mark = f" :small[{plain(text('wishes.review.mark', language))}]" if row.row.unit in checked else ""
        return f"{link} :small[:gray[{together(row.place)}]]{mark}" if row.place else f"{link}{mark}"

    def now(row: PressedView) -> str:
        image = bar_image(
            row.row.on_scale(row.row.value),
            standing=row.row.standing,
            target=row.row.on_scale(row.row.target),
            theme=theme,
        )
        return f"{plain(row.value.rjust(len('00,0%'), FIGURE_SPACE))}{NO_BREAK}{NO_BREAK}{picture(image, row.spoken)}"

    def column(key: str, cells: Sequence[str], *, is_number: bool = False) -> Column:
        words = wording.said(key, focus.about, language)
        return Column(together(words), cells, is_number=is_number)

    def cause(row: PressedView) -> str:
        if not row.cause:
            return f":gray[{plain(text('pressed.no_cause', language))}]"
        return plain(text("pressed.confirmed", language, cause=row.cause) if row.is_confirmed else row.cause)

    def known(cells: Sequence[str]) -> list[str]:
        return [together(said) or f":gray[{plain(text('gaps.nothing', language))}]" for said in cells]

    week = "pressed.week" if focus.by_share else "pressed.week_points"
    columns = [
        Column(unseen(text("fact.standing", language)), [coloured(row.row.standing, theme) for row in rows]),
        column("pressed.unit", list(map(unit, rows))),
        column("pressed.now", list(map(now, rows))),
        column("pressed.points", known([row.points for row in rows]), is_number=True),
        Column(together(focus.counted), known([row.cases for row in rows]), is_number=True),
        column(week, known([row.week for row in rows]), is_number=True),
    ]
    if any(row.needed for row in rows):
        columns.append(column("pressed.needed", known([row.needed for row in rows]), is_number=True))
    if any(row.cause for row in rows):
        columns.append(column("pressed.cause", list(map(cause, rows))))
    if any(row.head for row in rows):
        columns.append(column("pressed.head", known([row.head for row in rows])))
    return columns


FIGURE_SPACE = "\u2007"
"""As wide as a digit: figures of one column stand under one another."""


def _draw_dots(level: LevelView, dots: Spec, visit: Visit) -> None:
    with _unpadded():
        st.header(plain(level.dots_title), anchor=False)
    st.caption(plain(level.dots_note))
    clicked = st.vega_lite_chart(
        spec=dots, width="stretch", alt=level.dots_spoken, key=f"dots-{level.level}", on_select="rerun"
    )
    for unit in clicked.selection.get(PICK, []):
        if unit["code"]:
            address.go("unit", address.onward(visit.choices, unit=unit["code"]), language=visit.language)


def _draw_movers(focus: FocusView, level: LevelView, visit: Visit) -> None:
    language = visit.language
    with _unpadded():
        st.header(plain(text("movers.title", language)), anchor=False)
    sides = [(key, rows) for key, rows in (("up", level.up), ("down", level.down)) if rows]
    if focus.weeks and sides:
        st.caption(plain(focus.weeks))
    for column, (key, rows) in zip(st.columns(len(sides)) if sides else (), sides, strict=True):
        with column:
            _draw_moved(key, rows, focus, visit)
    if level.still:
        st.caption(plain(level.still))


def _draw_moved(key: str, rows: Sequence[MoverView], focus: FocusView, visit: Visit) -> None:
    title = wording.said(f"movers.{key}", focus.about, visit.language)
    units = [
        way_to("unit", address.onward(visit.choices, unit=row.code), row.name)
        + (f" :small[:gray[{plain(row.place)}]]" if row.place else "")
        for row in rows
    ]
    changes = Column(plain(text("movers.points", visit.language)), [plain(row.change) for row in rows], is_number=True)
    draw_table([Column(plain(title), units), changes], alt=title, key=f"moved-{key}")


def _draw_foot(view: OverviewView, card: CardView, visit: Visit) -> None:
    count, names = view.silent
    with st.container(gap="xxsmall", key="overview-foot"):
        _draw_decisions(visit)
        draw_ended(visit)
        draw_overdue(visit)
        for event in card.events:
            st.markdown(f":material/event: {plain(event)}")
        if count:
            with st.container(key="overview-silent"):
                to_all = way_to("feeds", address.onward(visit.choices), text("overview.silent_all", visit.language))
                named = f" *· {plain(names)}*" if names else ""  # screen.css leaves them out on a phone
                st.markdown(f":material/schedule: **{plain(count)}** · {to_all}{named}")
        if view.disagreeing:
            units = ", ".join(
                way_to("unit", address.onward(visit.choices, unit=code), name) for code, name in view.disagreeing_units
            )
            st.markdown(f":material/compare_arrows: {plain(view.disagreeing)} {units}")
        for said in (card.sources, view.foot):
            if said:
                st.caption(plain(said))


PAGE = Page(key="overview", address="", draw=draw, follows=("indicator", "phase", "as_of"))
