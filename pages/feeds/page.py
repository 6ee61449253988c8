"""Nguồn số liệu: did today's figures arrive, and if not, what is missing and who does what next?"""

from urllib.parse import urlencode

import streamlit as st

from models.core.texts import text
from pages.charts.layout import FILTER_WIDTH
from pages.feeds import data
from pages.feeds.choices import FeedChoices, read_feed_choices
from pages.feeds.drawing import draw_calendar, draw_head, draw_list, draw_screens, draw_table, feed_mark
from pages.feeds.quarantine import SETTLED, QuarantineView, draw_files, draw_groups, draw_row, may_settle
from pages.feeds.view import ListView, UnitsView
from pages.feeds.withdrawing import draw_withdrawing
from pages.kit import address, answers
from pages.kit.address import Ignored
from pages.kit.forms import show
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit

NONE = ""
"""What a filter holds while nothing is chosen."""


def draw(visit: Visit) -> None:
    """The sentence and the sources first; then days, units, rows to be mended, runs, and what stands out."""
    campaign = answers.find_campaign(visit.situation)
    pulse = data.find_pulse(visit.situation)
    query = address.current_query()
    choices = read_feed_choices(visit.choices, query, campaign)
    runs, looked_at = data.find_runs_view(visit.situation, pulse, choices.runs, choices.run, query, visit.language)
    visit.ignored.extend(choices.ignored)
    if choices.run is not None and looked_at is None:
        unknown = text("feeds.answers.unknown", visit.language, run=str(choices.run))
        visit.ignored.append(Ignored("run", str(choices.run), unknown))
    draw_head(data.find_head_view(visit.situation, pulse, visit.language), visit)
    draw_calendar(data.find_calendar_view(visit.situation, pulse, choices.days, visit.language), visit)
    carried = urlencode(address.in_campaign(address.in_language({}, visit.language)))
    _draw_units(data.find_units_view(visit.situation, pulse, choices, carried, visit.language), choices, visit)
    _draw_quarantine(data.find_quarantine_view(visit.situation, pulse, choices.rows, visit.language), visit)
    _draw_runs(runs, looked_at, choices.run, visit)
    draw_list("apart", data.find_apart_view(visit.situation, choices.apart, carried, visit.language), visit)
    draw_list("flags", data.find_flags_view(visit.situation, choices.flags, carried, visit.language), visit)


# --- units ----------------------------------------------------------------------------------------------------------


def _draw_units(view: UnitsView, choices: FeedChoices, visit: Visit) -> None:
    with st.container(key="feeds-units", gap="xsmall"):
        st.header(plain(view.table.title), anchor=False)
        for group, parts in view.summary:
            said = " · ".join(f"{feed_mark(state, visit.theme)} {plain(words)}" for state, words in parts)
            st.markdown(f"**{plain(group)}:** {said}")
        with st.grid(3, min_column_width=FILTER_WIDTH, vertical_alignment="bottom", gap="small"):
            _draw_choice("level", (("", text("feeds.units.every_level", visit.language)), *view.levels), choices, visit)
            _draw_choice("show", view.states, choices, visit)
            st.session_state["feeds-q"] = choices.q
            st.text_input(
                text("feeds.units.search", visit.language), key="feeds-q", type="search", live=True, max_chars=60,
                placeholder=text("feeds.units.search_hint", visit.language), on_change=_choose, args=("q",),
            )  # fmt: skip
        draw_table("units", view.table, visit)


def _draw_choice(name: str, options: tuple[tuple[str, str], ...], choices: FeedChoices, visit: Visit) -> None:
    words = dict(options)
    key = f"feeds-{name}"
    st.session_state[key] = getattr(choices, name) or NONE
    st.selectbox(
        text(f"feeds.units.by_{name}", visit.language), list(words), key=key, format_func=words.__getitem__,
        filter_mode=None, on_change=_choose, args=(name,),
    )  # fmt: skip


def _choose(name: str) -> None:
    """A filter was changed: on to its value, at the first screen."""
    chosen: str = st.session_state[f"feeds-{name}"]
    address.choose(name, chosen.strip() or None)


# --- rows and runs --------------------------------------------------------------------------------------------------


def _draw_quarantine(view: QuarantineView, visit: Visit) -> None:
    with st.container(key="feeds-rows", gap="small"):
        st.header(plain(view.title), anchor=False)
        show(SETTLED)
        if view.intro:
            st.caption(plain(view.intro))
        draw_files(view.files, visit)
        draw_groups(view.groups, visit)
        for row in view.rows:
            draw_row(row, visit)
        draw_screens("rows", view.screen, view.shown, visit)
        for settled in view.settled:
            st.caption(plain(settled))


def _draw_runs(runs: ListView, looked_at: ListView | None, load: int | None, visit: Visit) -> None:
    draw_list("runs", runs, visit)
    if looked_at is None or load is None:
        return
    draw_list("answers", looked_at, visit)
    if may_settle(visit):
        draw_withdrawing(load, visit)
    st.button(
        text("feeds.answers.close", visit.language), key="feeds-answers-close", icon=":material/close:",
        on_click=address.choose, args=("run", None),
    )  # fmt: skip


PAGE = Page(key="feeds", address="feeds", draw=draw)
