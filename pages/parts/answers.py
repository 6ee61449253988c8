"""Answers to the pages' questions, kept until the store changes. The only place with `st.cache_*`.

Each kept answer is keyed by the store's address and its data version: a new figure or target shows at the next click,
nothing else is worked out again, and no clock decides.
"""

from datetime import date

import streamlit as st

from models.clock import business_day, business_now
from models.queries import overview as overview_queries
from models.queries.overview import Overview
from models.queries.state import find_state
from models.settings import Settings, load_settings
from models.store import open_store
from pages.parts.page import Situation
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


@st.cache_data(max_entries=200, show_spinner=False)
def _overview(database: str, data_version: int, as_of: date, phase: str | None) -> Overview:
    with open_store(settings()).reading() as session:
        return overview_queries.find_overview(session, as_of=as_of, phase=phase)


@st.cache_data(max_entries=200, show_spinner=False)
def _overview_view(
    database: str, data_version: int, as_of: date, phase: str, language: str, _overview: Overview
) -> OverviewView:
    return overview_view(_overview, language)
