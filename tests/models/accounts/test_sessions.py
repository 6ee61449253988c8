"""Signing in and out: who is let in, who must wait, and when it is over."""

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from models.accounts.actions import set_enabled
from models.accounts.attempts import ATTACK, FREE, FREE_OF_AN_ADDRESS, LONGEST_WAIT
from models.accounts.passwords import ONE_TIME_FOR
from models.accounts.queries import find_sessions, find_signed_in, find_wait
from models.accounts.sessions import (
    KEPT_FOR,
    KNOWN_FOR,
    OIDC_WITHIN,
    Door,
    begin_attempt,
    begin_oidc,
    end_session,
    end_sessions,
    finish_oidc,
    forgive_attempt,
    record_failure,
    touch_session,
)
from models.tables import AuditEntry, Guesses, KnownBrowser, SignInSession
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import ELSEWHERE, HOME, MACHINE, by, people
from tests.models.conftest import on_each_engine, postgresql_in_soak

IDLE = timedelta(hours=8)
NOTHING = timedelta()


@pytest.fixture
def world(small):
    return people(small)


def rows(world, table):
    with world.small.store.reading() as session:
        return session.exec(select(table)).all()


def signed_in(world, token):
    return world.small.asked(find_signed_in, token, machine=world.machine, idle=IDLE)


def wait(world, login, door):
    return world.small.asked(
        find_wait, login=login, address=door.address, browser_hash=door.browser_hash, machine=world.machine
    )


def traces(world, action):
    return [entry for entry in rows(world, AuditEntry) if entry.action == action]


# --- guessing -------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_guesser_waits_longer_and_longer_but_never_more_than_a_minute(world):
    seen = []
    for _ in range(FREE + 8):
        world.attempt("lanhdao")
        seen.append(wait(world, "lanhdao", ELSEWHERE).total_seconds())
        world.machine += wait(world, "lanhdao", ELSEWHERE)

    assert seen == [0, 0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_attempt_during_a_wait_is_not_looked_at_and_does_not_lengthen_it(world):
    for _ in range(FREE):
        world.attempt("lanhdao")

    refused = [world.attempt("lanhdao") for _ in range(20)]

    assert {attempt.wait for attempt in refused} == {timedelta(seconds=2)}
    assert {attempt.hashed for attempt in refused} == {None}
    assert wait(world, "lanhdao", ELSEWHERE) == timedelta(seconds=2)


def test_name_that_nobody_has_is_slowed_down_like_one_that_somebody_has(world):
    waits = {"lanhdao": [], "nobody": []}
    for login, seen in waits.items():
        door = Door(address=f"192.0.2.{len(login)}")
        for _ in range(FREE + 2):
            world.attempt(login, door)
            seen.append(wait(world, login, door))

    assert waits["lanhdao"] == waits["nobody"]


def test_one_address_cannot_try_one_password_on_every_account(world):
    for number in range(FREE_OF_AN_ADDRESS):
        assert wait(world, f"name{number}", ELSEWHERE) == NOTHING
        world.attempt(f"name{number}")

    assert wait(world, "a name not tried yet", ELSEWHERE) == timedelta(seconds=2)


@pytest.mark.soak
def test_owner_on_a_known_browser_never_waits_for_what_others_do(world):
    world.sign_in("lanhdao", HOME)
    near = Door(address=HOME.address, browser_hash="the browser next door")
    world.guess("lanhdao", [near] * 2 * ATTACK, every=timedelta(seconds=1))

    assert wait(world, "lanhdao", near) > NOTHING
    assert wait(world, "lanhdao", HOME) == NOTHING
    assert world.attempt("lanhdao", HOME).hashed == "hash of lanhdao"


@pytest.mark.soak
@pytest.mark.parametrize("guesses", [4 * ATTACK, pytest.param(1_000, marks=pytest.mark.soak)])
def test_owner_at_a_new_address_gets_a_try_while_guesses_come_from_everywhere_else(world, guesses):
    doors = [Door(address=f"198.51.100.{number % ATTACK}") for number in range(guesses)]
    world.guess("lanhdao", doors, every=timedelta(milliseconds=100))

    attempt = world.attempt("lanhdao", Door(address="203.0.113.77"))

    assert attempt.wait == NOTHING
    assert attempt.hashed == "hash of lanhdao"


@pytest.mark.soak
@pytest.mark.parametrize("guesses", [4 * ATTACK, pytest.param(1_000, marks=pytest.mark.soak)])
def test_nobody_waits_more_than_a_minute_whatever_others_do(world, guesses):
    world.guess("lanhdao", [ELSEWHERE] * guesses, every=timedelta(seconds=1))

    assert wait(world, "lanhdao", ELSEWHERE) <= LONGEST_WAIT
    world.machine += LONGEST_WAIT
    assert world.attempt("lanhdao", ELSEWHERE).hashed == "hash of lanhdao"


def test_account_under_attack_leaves_each_address_one_free_guess(world):
    for number in range(ATTACK):
        world.attempt("lanhdao", Door(address=f"198.51.100.{number}"))

    newcomer = Door(address="203.0.113.77")
    world.attempt("lanhdao", newcomer)

    assert wait(world, "lanhdao", newcomer) == timedelta(seconds=2)
    assert wait(world, "dieuphoi", newcomer) == NOTHING


def test_guesser_on_a_known_browser_is_slowed_down_too(world):
    world.sign_in("lanhdao", HOME)
    for _ in range(FREE):
        world.attempt("lanhdao", HOME)

    assert wait(world, "lanhdao", HOME) == timedelta(seconds=2)


def test_browser_known_to_one_account_is_a_stranger_to_another(world):
    world.sign_in("lanhdao", HOME)
    for _ in range(FREE):
        world.attempt("dieuphoi", HOME)

    assert wait(world, "dieuphoi", HOME) > NOTHING
    assert wait(world, "dieuphoi", Door(address="192.0.2.1", browser_hash=HOME.browser_hash)) == NOTHING


def test_right_password_ends_the_counts_it_was_held_against(world):
    for _ in range(FREE - 1):
        world.attempt("lanhdao", HOME)

    world.attempt("lanhdao", HOME)
    world.sign_in("lanhdao", HOME)

    assert wait(world, "lanhdao", HOME) == NOTHING
    assert {(row.key.split(":")[0], row.failures) for row in rows(world, Guesses)} == {("address", 4), ("account", 4)}


@pytest.mark.soak
def test_right_passwords_of_an_office_never_slow_its_address_down(world):
    for number in range(FREE_OF_AN_ADDRESS + FREE):
        door = Door(address=HOME.address, browser_hash=f"browser {number}")
        assert world.attempt("lanhdao", door).wait == NOTHING
        world.sign_in("lanhdao", door, cookie=f"token {number}")

    assert wait(world, "dieuphoi", HOME) == NOTHING


@pytest.mark.daily(1)
@pytest.mark.parametrize("door", [HOME, Door(address=HOME.address)], ids=["with a cookie", "without"])
def test_right_password_is_no_failure_though_nobody_is_let_in(world, door):
    for _ in range(FREE_OF_AN_ADDRESS + FREE):
        assert world.attempt("lanhdao", door).wait == NOTHING
        world.small.changed(forgive_attempt, login="lanhdao", door=door, context=by("lanhdao"))

    assert {row.failures for row in rows(world, Guesses)} == {0}


def test_right_password_on_a_known_browser_takes_nothing_off_what_others_did(world):
    world.sign_in("lanhdao", HOME)
    for _ in range(3):
        world.attempt("lanhdao", ELSEWHERE)

    world.attempt("lanhdao", HOME)
    world.small.changed(forgive_attempt, login="lanhdao", door=HOME, context=by("lanhdao"))

    assert {row.key.split(":")[0]: row.failures for row in rows(world, Guesses)}["account"] == 3


def test_counts_are_forgotten_after_a_day_without_a_failure(world):
    for _ in range(FREE):
        world.attempt("lanhdao")
    world.wait(hours=24)

    world.attempt("lanhdao")

    assert wait(world, "lanhdao", ELSEWHERE) == NOTHING


@on_each_engine
def test_attempts_that_come_at_once_are_each_counted(world):
    looked_at = []

    def guess():
        attempt = world.attempt("lanhdao")
        looked_at.append(attempt.hashed is not None)

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(looked_at) == FREE


def test_failure_leaves_a_trace_with_the_name_and_no_new_version(world):
    version = world.small.data_version()

    world.small.changed(record_failure, login="lanhdao", context=by("lanhdao"))
    world.small.changed(record_failure, login="Mật khẩu của tôi", context=by("?"))

    assert [entry.subject for entry in traces(world, "sign_in_failed")] == ["account lanhdao", "account ?"]
    assert world.small.data_version() == version


# --- who is let in --------------------------------------------------------------------------------------------------


def test_attempt_is_welcome_where_account_and_password_still_hold(world):
    attempt = world.attempt("lanhdao")

    assert (attempt.account_id, attempt.is_welcome) == (world.account("lanhdao").id, True)


def test_attempt_is_not_welcome_for_a_disabled_account(world):
    world.small.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=MACHINE)

    assert not world.attempt("lanhdao").is_welcome


def test_attempt_is_not_welcome_with_a_one_time_password_of_long_ago(world):
    world.machine += ONE_TIME_FOR

    assert not world.attempt("lanhdao").is_welcome


def test_attempt_for_a_name_that_nobody_has_holds_nothing(world):
    attempt = world.attempt("nobody")

    assert (attempt.account_id, attempt.hashed, attempt.is_welcome) == (None, None, False)


@on_each_engine
def test_session_says_whose_it_is_with_role_and_units(world):
    session_id = world.sign_in("truong.h1", cookie="here")

    found = signed_in(world, "here")

    assert (found.session_id, found.login, found.role, found.units) == (session_id, "truong.h1", "unit_head", ("H1",))
    assert found.must_change
    [entry] = traces(world, "sign_in")
    assert (entry.by, entry.new) == ("truong.h1", {"via": "password", "browser": "Firefox"})


def test_session_from_another_door_makes_no_browser_known(world):
    world.sign_in("lanhdao", Door(address="192.0.2.1"), cookie="here")

    assert rows(world, KnownBrowser) == []
    assert signed_in(world, "here") is not None


def test_same_browser_is_known_once_however_often_it_comes(world):
    world.sign_in("lanhdao", HOME, cookie="one")
    world.wait(hours=1)
    world.sign_in("lanhdao", HOME, cookie="two")

    [known] = rows(world, KnownBrowser)
    assert known.seen_machine == world.machine


# --- when it is over ------------------------------------------------------------------------------------------------


def test_session_is_over_after_hours_without_a_click(world):
    world.sign_in("lanhdao", cookie="here")

    world.wait(hours=7, minutes=59)
    assert signed_in(world, "here") is not None
    world.wait(minutes=1)
    assert signed_in(world, "here") is None


def test_click_keeps_a_session_open_but_not_past_its_end(world):
    session_id = world.sign_in("lanhdao", cookie="here", hours=10)
    world.wait(hours=7)
    world.small.changed(touch_session, session_id, machine=world.machine, context=by("lanhdao"))

    world.wait(hours=2)
    assert signed_in(world, "here") is not None
    world.wait(hours=1)
    assert signed_in(world, "here") is None


def test_click_never_goes_back_in_time_and_a_session_that_is_gone_is_let_be(world):
    session_id = world.sign_in("lanhdao", cookie="here")

    world.small.changed(touch_session, session_id, machine=MACHINE - IDLE, context=by("lanhdao"))
    world.small.changed(touch_session, 999, machine=MACHINE, context=by("lanhdao"))

    assert signed_in(world, "here").seen == MACHINE


@postgresql_in_soak
def test_session_that_was_ended_stays_over(world):
    session_id = world.sign_in("lanhdao", cookie="here")

    for _ in range(2):
        world.small.changed(end_session, session_id, context=by("lanhdao"), machine=world.machine)

    assert signed_in(world, "here") is None
    assert len(traces(world, "sign_out")) == 1


def test_administrator_ends_anybodys_session_and_nobody_else_does(world):
    session_id = world.sign_in("lanhdao", cookie="here")

    with pytest.raises(Refused):
        world.small.changed(end_session, session_id, context=by("dieuphoi"), machine=world.machine)
    with pytest.raises(Refused):
        world.small.changed(end_sessions, world.account("lanhdao").id, context=by("dieuphoi"), machine=world.machine)
    assert signed_in(world, "here") is not None

    world.small.changed(end_session, session_id, context=by("admin"), machine=world.machine)
    assert signed_in(world, "here") is None


def test_session_that_does_not_exist_cannot_be_ended(world):
    with pytest.raises(UnknownName):
        world.small.changed(end_session, 999, context=by("admin"), machine=world.machine)


def test_signing_out_everywhere_ends_every_session_but_the_one_named(world):
    own = world.sign_in("lanhdao", cookie="one")
    world.sign_in("lanhdao", cookie="two")
    world.sign_in("dieuphoi", cookie="three")

    ended = world.small.changed(
        end_sessions, world.account("lanhdao").id, context=by("lanhdao"), machine=world.machine, but=own
    )

    left = world.small.asked(find_sessions, machine=world.machine, idle=IDLE)
    assert ended == 1
    assert {(row.login, row.id) for row in left} >= {("lanhdao", own)}
    assert {row.login for row in left} == {"lanhdao", "dieuphoi"}


def test_what_is_long_over_is_swept_out_at_the_next_sign_in(world):
    world.sign_in("lanhdao", HOME, cookie="old")
    world.attempt("lanhdao", ELSEWHERE)
    world.machine += max(KEPT_FOR, KNOWN_FOR) + timedelta(days=2)

    world.sign_in("dieuphoi", Door(address="192.0.2.1"), cookie="new")

    assert [row.token_hash for row in rows(world, SignInSession)] == ["new"]
    assert rows(world, KnownBrowser) == []
    assert rows(world, Guesses) == []


# --- on the way through another door --------------------------------------------------------------------------------


def send(world, state="state"):
    world.small.changed(
        begin_oidc,
        state_hash=state,
        browser_hash="browser",
        content={"nonce": "n"},
        machine=world.machine,
        context=by("system:oidc"),
    )


def receive(world, state="state", browser="browser"):
    return world.small.changed(
        finish_oidc, state_hash=state, browser_hash=browser, machine=world.machine, context=by("system:oidc")
    )


@on_each_engine
def test_sign_in_that_comes_back_is_known_once(world):
    send(world)

    assert receive(world) == {"nonce": "n"}
    assert receive(world) is None


def test_sign_in_that_comes_back_to_another_browser_is_refused_for_good(world):
    send(world)

    assert receive(world, browser="another") is None
    assert receive(world) is None


def test_sign_in_that_comes_back_too_late_is_refused(world):
    send(world)
    world.machine += OIDC_WITHIN

    assert receive(world) is None


def test_sign_ins_that_never_came_back_are_swept_out_by_the_next(world):
    send(world, "first")
    world.machine += OIDC_WITHIN
    send(world, "second")

    assert receive(world, "first") is None
    assert receive(world, "second") == {"nonce": "n"}


def test_counting_needs_no_account(small):
    attempt = small.changed(begin_attempt, login="admin", door=ELSEWHERE, machine=MACHINE, context=by("admin"))

    assert attempt.wait == NOTHING
