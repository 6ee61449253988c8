"""Answers to the pages' questions, kept until the store changes. The only place with `st.cache_*`.

Each kept answer is keyed by the store's address and its data version: a new figure or target shows at the next click,
nothing else is worked out again, and no clock decides.
"""

from datetime import date

import streamlit as st

from models.clock import business_day, business_now
from models.columns import day_number
from models.holidays import working_days
from models.queries import arrivals, attention, disagreements, groups
from models.queries import overview as overview_queries
from models.queries.overview import Overview
from models.queries.state import find_state
from models.settings import Settings, load_settings
from models.store import open_store
from pages.parts.page import Situation
from pages.parts.overview_blocks import FocusView, FreshnessView, focus_view, freshness_view
from pages.parts.views import OverviewView, overview_view


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The settings of this process, read once."""
    return load_settings()


def find_situation() -> Situation:
    """The store as it is now. Asked at every rerun, and therefore kept to one row.

    Raises StoreNotReady where there is no store or no campaign in it.
    """
    known = settings()
    store = open_store(known)
    with store.reading() as session:
        state = find_state(session)
    now = business_now(known, rehearsal=state.rehearsal_now)
    return Situation(
        database=store.url,
        data_version=state.data_version,
        simulated=state.simulated,
        rehearsal=now if known.now or state.rehearsal_now else None,
        today=business_day(now),
    )


def find_overview(situation: Situation, *, as_of: date, phase: str | None) -> Overview:
    """Where the province stands on a day, in the phase running then or in the one named."""
    return _overview(situation.database, situation.data_version, as_of, phase)


def find_overview_view(situation: Situation, overview: Overview, language: str) -> OverviewView:
    """An overview as its page draws it."""
    return _overview_view(
        situation.database, overview.data_version, overview.as_of, overview.phase.key, language, overview
    )


def find_focus_view(situation: Situation, overview: Overview, indicator: str, language: str) -> FocusView:
    """The units on one indicator, in the phase that the overview shows."""
    return _focus_view(
        situation.database, overview.data_version, overview.as_of, overview.phase.key, indicator, language, overview
    )


def find_freshness_view(situation: Situation, overview: Overview, language: str) -> FreshnessView:
    """Which source told figures on the last days, and how many units two sources tell differently."""
    return _freshness_view(situation.database, overview.data_version, overview.as_of, language, overview)


@st.cache_data(max_entries=200, show_spinner=False)
def _overview(database: str, data_version: int, as_of: date, phase: str | None) -> Overview:
    with open_store(settings()).reading() as session:
        return overview_queries.find_overview(session, as_of=as_of, phase=phase)


@st.cache_data(max_entries=200, show_spinner=False)
def _overview_view(
    database: str, data_version: int, as_of: date, phase: str, language: str, _overview: Overview
) -> OverviewView:
    return overview_view(_overview, language)


@st.cache_data(max_entries=500, show_spinner=False)
def _focus_view(
    database: str,
    data_version: int,
    as_of: date,
    phase: str,
    indicator: str,
    language: str,
    _overview: Overview,
) -> FocusView:
    counts = _standing_counts(database, data_version, as_of, _asked_phase(_overview))
    units, movers = _units(database, data_version, as_of, _asked_phase(_overview), indicator)
    return focus_view(_overview, indicator, counts=counts, attention=units, movers=movers, language=language)


def _asked_phase(overview: Overview) -> str | None:
    """None where the phase shown is the one running: its results are kept, any other phase's are worked out."""
    running = overview.campaign.phase_on(overview.as_of)
    return None if overview.phase.key == running.key else overview.phase.key


@st.cache_data(max_entries=200, show_spinner=False)
def _standing_counts(
    database: str, data_version: int, as_of: date, phase: str | None
) -> list[groups.StandingCount]:
    with open_store(settings()).reading() as session:
        return groups.find_standing_counts(session, as_of=as_of, phase=phase)


@st.cache_data(max_entries=500, show_spinner=False)
def _units(
    database: str, data_version: int, as_of: date, phase: str | None, indicator: str
) -> tuple[list[attention.Attention], attention.Movers]:
    with open_store(settings()).reading() as session:
        return (
            attention.find_attention(session, as_of=as_of, indicator=indicator, phase=phase),
            attention.find_movers(session, as_of=as_of, indicator=indicator),
        )


@st.cache_data(max_entries=200, show_spinner=False)
def _freshness_view(
    database: str, data_version: int, as_of: date, language: str, _overview: Overview
) -> FreshnessView:
    with open_store(settings()).reading() as session:
        days = arrivals.find_freshness(session, as_of=as_of)
        disagreeing = disagreements.find_disagreeing_units(session, as_of=as_of)
    calendar = working_days(_overview.campaign)
    days_off = {told.day for told in days if not calendar.is_working_day(day_number(told.day))}
    return freshness_view(_overview, days, days_off=days_off, disagreeing=disagreeing, language=language)
