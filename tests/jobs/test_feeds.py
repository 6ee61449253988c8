"""The state of every source, told for a store as it is."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from jobs import feeds
from jobs.feeds import find_feeds, watched_kinds
from models.clock import business_now
from models.queries.state import find_state
from models.settings import Settings
from models.store import Store


@pytest.fixture
def asked(home) -> Callable[[], dict[str, str]]:
    def found() -> dict[str, str]:
        settings = Settings(home=home)
        store = Store(settings.database_url)
        with store.reading() as session:
            now = business_now(settings, rehearsal=find_state(session).rehearsal_now)
            states = {state.source: state.state for state in find_feeds(session, now=now)}
        store.close()
        return states

    return found


def test_every_source_of_a_demonstration_is_well(asked):
    states = asked()

    assert set(states) >= {"demonstration", "file", "igate", "portal-2024"}
    assert set(states.values()) <= {"by_hand", "off", "fresh"}


def test_kinds_that_are_watched_are_those_whose_cadence_says_so(monkeypatch):
    cadences = {"dropped": "watch", "asked": "daily", "made_up": "rehearsal"}
    found = {key: SimpleNamespace(cadence=cadence) for key, cadence in cadences.items()}
    monkeypatch.setattr(feeds, "kinds", lambda: found)

    assert watched_kinds() == {"dropped"}


def test_watched_kinds_are_told_to_the_question(monkeypatch):
    told = {}
    monkeypatch.setattr(feeds, "watched_kinds", lambda: frozenset({"dropped"}))
    monkeypatch.setattr(feeds, "find_feed_states", lambda _session, **terms: told.update(terms) or [])

    find_feeds(Session(), now=None)

    assert told == {"now": None, "watched": frozenset({"dropped"})}
