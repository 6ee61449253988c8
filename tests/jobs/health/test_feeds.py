"""The state of every source, told for a store as it is."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlmodel import Session

from jobs.health import wellness as health_feeds
from jobs.health.doctor import examine
from jobs.health.wellness import find_feeds, watched_kinds
from jobs.workplace import Workplace
from models.core.clock import business_now, machine_now
from models.core.settings import Settings
from models.core.state import find_state
from models.core.store import Store
from models.feeds.states import FeedState
from models.tables import RunClaim


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


def test_every_source_of_a_demonstration_is_well_but_for_the_one_that_is_made_to_be_late(asked):
    states = asked()

    assert set(states) >= {"demonstration", "file", "igate", "portal-2024"}
    assert states.pop("demonstration-late") == "late"
    assert set(states.values()) <= {"by_hand", "off", "fresh"}


def test_kinds_that_are_watched_are_those_whose_cadence_says_so(monkeypatch):
    cadences = {"dropped": "watch", "asked": "daily", "made_up": "rehearsal"}
    found = {key: SimpleNamespace(cadence=cadence) for key, cadence in cadences.items()}
    monkeypatch.setattr(health_feeds, "kinds", lambda: found)

    assert watched_kinds() == {"dropped"}


def test_watched_kinds_are_told_to_the_question(monkeypatch):
    result = {}
    monkeypatch.setattr(health_feeds, "watched_kinds", lambda: frozenset({"dropped"}))
    monkeypatch.setattr(health_feeds, "find_feed_states", lambda _session, **terms: result.update(terms) or [])

    find_feeds(Session(), now=None)

    assert result == {"now": None, "watched": frozenset({"dropped"})}


def test_what_lies_unfinished_in_a_drop_folder_makes_its_source_a_failing_one(home):
    settings = Settings(home=home)
    store = Store(settings.database_url)
    reading = home / "sources" / "drop" / "reading"
    reading.mkdir(parents=True)

    def drop(**known: Path) -> FeedState:
        with store.reading() as session:
            now = business_now(settings, rehearsal=find_state(session).rehearsal_now)
            return next(feed for feed in find_feeds(session, now=now, **known) if feed.source == "drop")

    assert drop(home=home).state == "by_hand"
    (reading / "a.xlsx").write_bytes(b"")
    assert drop().state == "by_hand"

    feed = drop(home=home)

    assert (feed.is_well, feed.is_failing, feed.failure_terms) == (False, True, {"count": "1", "names": "a.xlsx"})
    finding = next(one for one in examine(Workplace(settings, store, "system:test")) if one.subject == "source drop")
    assert not finding.is_well
    assert "a.xlsx" in finding.says
    with store.writing() as session:
        lease = machine_now() + timedelta(minutes=5)
        claim = RunClaim(
            source_id=feed.source_id, for_date=date(2024, 5, 7), owner="x", lease_until=lease, heartbeat_at=lease
        )
        session.add(claim)
    # Somebody is just taking it in.
    assert drop(home=home).state == "by_hand"
    store.close()
