"""The bar above every page: the day of the campaign, indicator, phase and day of the figures, a unit by name, and more.

What is chosen here goes into the address and comes from nowhere else; `pages/assets/chrome.js` has the menu's links
carry it on.
"""

import html
from datetime import date
from urllib.parse import urlencode

import streamlit as st

from jobs.wording.results import bare_name
from models.core import formats
from models.core.texts import LANGUAGES, text
from pages.charts.layout import ACCENT
from pages.charts.sparks import line_of_days
from pages.kit import address, answers
from pages.kit.markdown import plain
from pages.kit.page import Page, Visit
from pages.kit.sentences import day_of_campaign
from targets.values import Campaign

INDICATOR, PHASE, DAY, SEARCH, FOUND = "bar-indicator", "bar-phase", "bar-day", "bar-unit", "bar-unit-found"
PHASE_WIDE = "bar-phase-wide"
DAY_WIDTH = 132
"""A day as it is written, and no more."""


def draw_bar(visit: Visit, campaign: Campaign, page: Page) -> None:
    """The choices that the page follows, and on every page the day, the search and the ways to account and language."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="bar"):
        st.markdown(_day(visit, campaign), width="content")
        if "indicator" in page.follows:
            _draw_indicators(visit, campaign)
        _draw_search(visit, page)
        if "phase" in page.follows:
            _draw_phases(visit, campaign)
        if "as_of" in page.follows:
            _draw_date(visit, campaign)
        _draw_more(visit)
        _draw_invented(visit)


def _draw_invented(visit: Visit) -> None:
    """That figures are invented, or the moment pretended; nothing where everything is real."""
    situation, language = visit.situation, visit.language
    if not (situation.simulated or situation.rehearsal):
        return
    moment = "" if situation.rehearsal is None else formats.day(situation.rehearsal.date(), language)
    key = "rehearsal" if not situation.simulated else "simulated_at" if moment else "simulated"
    said = text(f"frame.{key}", language, **({"moment": moment} if moment else {}))
    with st.container(key="invented", width="content"):
        st.markdown(f":orange-badge[:material/science: {plain(said)}]", width="content")


def _day(visit: Visit, campaign: Campaign) -> str:
    """ "Ngày 47" and the campaign as a line of days, said in words for screen readers."""
    language, day = visit.language, visit.choices.as_of or visit.situation.today
    due = [phase for phase in campaign.phases if phase.due is not None and phase.due <= campaign.end]
    milestones = ", ".join(
        text("timeline.milestone", language, name=phase.name.of(language), date=formats.short_day(phase.due, language))
        for phase in due
        if phase.due is not None
    )
    spoken = text(
        "timeline.spoken", language, now=day_of_campaign(campaign, day, language),
        start=formats.day(campaign.start, language), milestones=milestones,
    )  # fmt: skip
    number = campaign.day_number(day)
    image = line_of_days(
        campaign.days, number, [campaign.day_number(phase.due) for phase in due if phase.due is not None], visit.theme
    )
    if number < 1:
        said = text("bar.day_before", language)
    elif number > campaign.days:
        said = text("bar.day_after", language)
    else:
        said = text("bar.day_running", language, number=number)
    return f"**{plain(said)}** ![{plain(spoken)}]({image})"


def _draw_indicators(visit: Visit, campaign: Campaign) -> None:
    names = {indicator.key: indicator.short_name.of(visit.language) for indicator in campaign.indicators}
    st.session_state[INDICATOR] = visit.choices.indicator
    st.segmented_control(
        text("bar.indicator", visit.language), list(names), format_func=lambda key: plain(names[key]), key=INDICATOR,
        required=True, label_visibility="collapsed", wrap=False,
        on_change=address.choose_from, args=("indicator", INDICATOR),
    )  # fmt: skip


def _draw_phases(visit: Visit, campaign: Campaign) -> None:
    """The phases beside one another on a wide screen, elsewhere behind a button that says which: screen.css decides."""
    language, choices = visit.language, visit.choices
    names = {each.key: each.name.of(language) for each in campaign.phases}
    chosen = choices.phase or campaign.phase_on(choices.as_of or visit.situation.today).key

    def draw(key: str) -> None:
        st.session_state[key] = chosen
        st.segmented_control(
            text("bar.phase", language), list(names), format_func=lambda each: plain(names[each]), key=key,
            required=True, label_visibility="collapsed", wrap=False, on_change=address.choose_from, args=("phase", key),
        )  # fmt: skip

    draw(PHASE_WIDE)
    with st.popover(plain(names[chosen]), key="bar-phases", help=text("bar.phase", language)):
        draw(PHASE)


def _draw_date(visit: Visit, campaign: Campaign) -> None:
    """The day of the figures; its calendar opens with one click."""
    today = visit.situation.today
    st.session_state[DAY] = visit.choices.as_of or today
    st.date_input(
        text("bar.as_of", visit.language), max_value=today, min_value=min(campaign.baseline_day, today),
        format="DD/MM/YYYY", key=DAY, width=DAY_WIDTH, label_visibility="collapsed", on_change=_choose_day,
        args=(today,),
    )  # fmt: skip


def _draw_search(visit: Visit, page: Page) -> None:
    """All units by name, with or without diacritics; the one found opens on its own page."""
    language, choices = visit.language, visit.choices
    readable = visit.actor.readable
    here = choices.unit if page.address == "unit" else None
    units = {
        unit.code: bare_name(unit.label) if unit.code == here else unit.words
        for unit in answers.find_findables(visit.situation, language)
        if readable is None or unit.code in readable
    }
    found = st.session_state.pop(FOUND, None)
    if found in units:
        address.go("unit", address.onward(choices, unit=found), language=language)
    st.session_state[SEARCH] = here
    st.selectbox(
        text("bar.search", language), list(units), index=None, format_func=units.__getitem__, key=SEARCH,
        placeholder=text("bar.search", language), label_visibility="collapsed", width="stretch", on_change=_find,
    )  # fmt: skip


def _draw_more(visit: Visit) -> None:
    """The way to the account, into the newest meeting and to the other language; and the address, to be sent."""
    language, actor, choices = visit.language, visit.actor, visit.choices
    with st.popover(text("bar.more", language), key="bar-more", icon=":material/account_circle:"):
        if actor.is_anonymous:
            st.html(way_out("/auth/login", text("visitor.to_sign_in", language), language), width="content")
        elif not actor.is_system:
            st.html(way_out("/auth/account", actor.name, language), width="content")
        meeting = answers.find_first_slide(visit.situation)
        if meeting is not None and actor.readable is None:
            query = address.onward(choices, **meeting)
            words = text("meeting.start", language)
            address.link("meeting", words, query, language=language, icon=":material/slideshow:")
        draw_language(language)
        if st.button(text("bar.copy", language), key="copy-link", type="tertiary", icon=":material/link:"):
            st.toast(text("bar.copied", language), icon=":material/check:")


def draw_language(language: str) -> None:
    """The way to the other language."""
    other = next(tongue for tongue in LANGUAGES if tongue != language)
    st.button(
        text("frame.switch", language), key="language", type="tertiary", icon=":material/translate:",
        on_click=address.choose_language, args=(other,),
    )  # fmt: skip


def draw_past(visit: Visit) -> None:
    """That a day in the past is looked at, and the way back to today."""
    day, language = visit.choices.as_of, visit.language
    if day is None or day == visit.situation.today:
        return
    said = text("bar.past", language, day=formats.day(day, language))
    st.markdown(f":blue-badge[:material/history: {plain(said)}]", width="content")
    st.button(
        text("bar.today", language), key="bar-today", type="tertiary", on_click=address.choose,
        args=("as_of", None),
    )  # fmt: skip


def way_out(to: str, words: str, language: str, **query: str) -> str:
    """A link out of the dashboard in the same tab; Streamlit's own links would open another."""
    asked = urlencode(address.in_language(query, language))
    there = html.escape(f"{to}?{asked}" if asked else to)
    return f'<a href="{there}" style="color:{ACCENT.on(address.current_theme())}">{html.escape(words)}</a>'


def _choose_day(today: date) -> None:
    day = st.session_state[DAY]
    address.choose("as_of", None if day in (None, today) else day.isoformat())


def _find() -> None:
    """Remember whom to open; a search that was emptied leaves the unit looked at."""
    found = st.session_state[SEARCH]
    if found is None:
        address.choose("unit", None)
    else:
        st.session_state[FOUND] = found
