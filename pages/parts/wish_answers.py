"""What units and the office have agreed, and which figures are being checked, kept until the store changes."""

from collections.abc import Mapping
from datetime import date

import streamlit as st

from models.queries import agreements
from models.queries.accounts import find_accounts
from models.queries.agreements import Agreement
from models.store import open_store
from pages.parts import answers
from pages.parts.page import Situation


def find_wishes(situation: Situation, unit: str) -> tuple[Agreement, ...]:
    """Everything a unit has ever registered, stated, disputed or been asked, oldest first."""
    return _wishes(situation.database, situation.data_version, unit)


def find_under_review(situation: Situation) -> Mapping[tuple[str, str], date]:
    """The figures being checked: unit and indicator → the day by which it is decided."""
    return _under_review(situation.database, situation.data_version)


def find_names(situation: Situation) -> Mapping[str, str]:
    """What people are called, by the name of their account."""
    return _names(situation.database, situation.data_version)


@st.cache_data(max_entries=200, show_spinner=False)
def _wishes(database: str, data_version: int, unit: str) -> tuple[Agreement, ...]:
    with open_store(answers.settings()).reading() as session:
        return tuple(agreements.find_agreements(session, units=[unit]))


@st.cache_data(max_entries=20, show_spinner=False)
def _under_review(database: str, data_version: int) -> dict[tuple[str, str], date]:
    with open_store(answers.settings()).reading() as session:
        return agreements.find_under_review(session)


@st.cache_data(max_entries=20, show_spinner=False)
def _names(database: str, data_version: int) -> dict[str, str]:
    with open_store(answers.settings()).reading() as session:
        return {row.login: row.name for row in find_accounts(session)}
