"""Who may come in and who is in, as pages and the gate ask it."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect

from models.accounts.actions import change_own_password, link, reset_password, set_enabled
from models.accounts.queries import (
    find_accounts,
    find_actor,
    find_by_subject,
    find_known_units,
    find_open_tokens,
    find_sessions,
    find_signed_in,
    find_visitor,
    has_accounts,
)
from models.accounts.sessions import end_session
from tests.models.accounts_world import MACHINE, by, people
from tests.models.conftest import on_each_engine, postgresql_in_soak

IDLE = timedelta(hours=8)


@pytest.fixture
def world(small):
    made = people(small)
    for login in ("lanhdao", "truong.h1", "dieuphoi"):
        small.changed(change_own_password, hashed="own", context=by(login), machine=MACHINE)
    return made


def visitor(world, session_id, *, keeps_to_branch=False):
    return world.small.asked(
        find_visitor, session_id, machine=world.machine, idle=IDLE, keeps_to_branch=keeps_to_branch
    )


@pytest.mark.daily("sqlite")
@on_each_engine
def test_visitor_is_known_with_role_units_and_branch(world):
    actor = visitor(world, world.sign_in("truong.h1"))

    assert (actor.login, actor.role, actor.units) == ("truong.h1", "unit_head", ("H1",))
    assert actor.branch == {"H1", "X1", "X2"}
    assert actor.readable is None


def test_unit_head_reads_the_branch_only_where_the_setting_says_so(world):
    head, leader = world.sign_in("truong.h1"), world.sign_in("lanhdao")

    assert visitor(world, head, keeps_to_branch=True).readable == {"H1", "X1", "X2"}
    assert visitor(world, leader, keeps_to_branch=True).readable is None


def test_merged_unit_stays_in_the_branch_it_was_in(world):
    world.create("truong.h2", "unit_head", ["H2"])

    assert world.small.asked(find_actor, "truong.h2").branch == {"H2", "X3", "X4", "X5"}


ENDINGS = {
    "ended": lambda world, session_id: world.small.changed(
        end_session, session_id, context=by("lanhdao"), machine=world.machine
    ),
    "idle": lambda world, session_id: world.wait(hours=8),
    "disabled": lambda world, session_id: world.small.changed(
        set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=world.machine
    ),
    "with a password due": lambda world, session_id: world.small.changed(
        reset_password, "lanhdao", hashed="h", context=by("admin"), machine=world.machine
    ),
}


@postgresql_in_soak
@pytest.mark.parametrize("how", ENDINGS)
def test_session_that_is_over_is_nobodys(world, how):
    session_id = world.sign_in("lanhdao", cookie="here")
    world.sign_in("dieuphoi", cookie="there")
    assert visitor(world, session_id) is not None

    ENDINGS[how](world, session_id)

    still = world.small.asked(find_open_tokens, ["here", "there"], machine=world.machine, idle=IDLE)
    assert visitor(world, session_id) is None
    assert "here" not in still
    assert ("there" in still) is (how != "idle")


def test_actor_is_nobody_for_unknown_and_disabled_logins(world):
    world.small.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin"), machine=MACHINE)

    assert world.small.asked(find_actor, "nobody") is None
    assert world.small.asked(find_actor, "lanhdao") is None


@pytest.mark.parametrize(
    ("words", "logins"),
    [
        ("", ["admin", "dieuphoi", "lanhdao", "nguoixem", "truong.h1"]),
        ("HUYỆN một", ["truong.h1"]),
        ("h1", ["truong.h1"]),
        ("lanh dao", ["lanhdao"]),
        ("zzz", []),
    ],
)
def test_accounts_are_found_by_login_name_and_unit(world, words, logins):
    assert [row.login for row in world.small.asked(find_accounts, words=words)] == logins


def test_account_is_found_by_whom_another_door_means(world):
    world.small.changed(link, "lanhdao", issuer="https://sso", subject="42", context=by("lanhdao"))

    assert world.small.asked(find_by_subject, issuer="https://sso", subject="42").login == "lanhdao"
    assert world.small.asked(find_by_subject, issuer="https://other", subject="42") is None


def test_only_units_of_the_campaign_are_known(world):
    assert world.small.asked(find_known_units, ["X1", "NOWHERE", "H1"]) == ("H1", "X1")


def test_sessions_are_listed_the_last_used_first(world):
    world.sign_in("lanhdao")
    world.wait(minutes=5)
    world.sign_in("dieuphoi")

    assert [row.login for row in world.small.asked(find_sessions, machine=world.machine, idle=IDLE)] == [
        "dieuphoi",
        "lanhdao",
    ]


def test_store_without_accounts_says_so(small):
    assert not small.asked(has_accounts)
    people(small)
    assert small.asked(has_accounts)


@on_each_engine
def test_session_is_found_through_an_index(world):
    world.sign_in("lanhdao", cookie="here")
    assert world.small.asked(find_signed_in, "here", machine=world.machine, idle=IDLE) is not None

    unique = inspect(world.small.store.engine).get_unique_constraints("sign_in_session")
    assert [each["column_names"] for each in unique] == [["token_hash"]]
