"""The porter: what is remembered for a moment, and what is noted in the store."""

from datetime import timedelta

from models.accounts.actions import set_enabled
from models.accounts.queries import find_sessions
from models.accounts.sessions import Door
from models.core.clock import machine_now
from models.core.store import Store
from pages.access import session_service
from pages.access.request_info import hash_of
from tests.models.accounts_world import by
from tests.pages.access.conftest import PASSWORD

DOOR = Door(address="203.0.113.5", browser_hash="a browser")


def sessions(house):
    return house.asked(find_sessions, machine=machine_now(), idle=house.service.settings.idle)


def test_click_is_noted_in_the_store(house):
    welcome = house.service.sign_in("lanhdao", PASSWORD, DOOR)
    before = sessions(house)[0].seen

    house.service.touch(house.service.find(welcome.token))

    assert sessions(house)[0].seen > before


def test_look_up_is_remembered_for_a_moment_and_forgotten_when_told(house, monkeypatch):
    monkeypatch.setattr(session_service, "REMEMBERED", 60.0)
    welcome = house.service.sign_in("lanhdao", PASSWORD, DOOR)
    found = house.service.find(welcome.token)
    house.service.sign_out(welcome.token, found, DOOR.address)
    assert house.service.find(welcome.token) is None

    again = house.service.sign_in("lanhdao", PASSWORD, DOOR)
    known = house.service.find(again.token)
    house.service.end(known, known.session_id, DOOR.address)

    assert house.service.find(again.token) is None


def test_what_is_remembered_does_not_grow_without_end(house, monkeypatch):
    monkeypatch.setattr(session_service, "MOST_REMEMBERED", 10)

    for number in range(100):
        house.service.find(f"nobody's token {number}")
        house.service.is_due_for_touch(number)

    assert len(house.service._remembered) <= 10
    assert len(house.service._touched) <= 10


def test_wait_is_found_without_a_turn_at_the_store(house, monkeypatch):
    """A flood of guesses must not stand in the way of changes: while it has to wait, it only reads."""
    strange = Door(address="198.51.100.9")
    for _ in range(5):
        house.service.sign_in("lanhdao", "wrong", strange)
    monkeypatch.setattr(Store, "writing", None)

    turned = house.service.sign_in("lanhdao", PASSWORD, strange)

    assert turned.because == "wait"
    assert turned.wait > timedelta()


def test_session_that_is_seen_to_be_over_is_remembered_no_longer(house, monkeypatch):
    monkeypatch.setattr(session_service, "REMEMBERED", 60.0)
    welcome = house.service.sign_in("lanhdao", PASSWORD, DOOR)
    house.service.find(welcome.token)
    house.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=machine_now())

    still_open = house.service.still_open([hash_of(welcome.token)])

    assert still_open == frozenset()
    assert house.service.find(welcome.token) is None
