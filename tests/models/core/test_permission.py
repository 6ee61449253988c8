"""The check that counts: every role, permission and place through the actions, with the store's own knowledge."""

import pytest
from sqlmodel import select

from models.accounts.actions import change_role, change_units, set_enabled
from models.core.permission import record_refusal, require
from models.tables import AuditEntry
from targets.permissions import Permission, Refused
from tests.models.accounts_world import MACHINE, PEOPLE, by, people
from tests.models.conftest import on_each_engine
from tests.targets.test_permissions import PLACES, declared

LOGINS = {role: login for login, role, _ in PEOPLE}


@pytest.fixture
def world(small):
    return people(small)


def is_allowed(world, login, permission, place=None):
    unit_id = None if place is None else world.small.ids[place]
    try:
        world.small.changed(require, by(login), permission, unit_id)
    except Refused:
        return False
    return True


def test_every_role_may_in_the_store_what_the_table_declares(world):
    wrong = [
        (permission, role, place)
        for permission, role, place, expected in declared()
        if is_allowed(world, LOGINS[role], Permission(permission), PLACES[place]) is not expected
    ]

    assert not wrong


@on_each_engine
def test_unit_head_may_for_own_unit_and_below_and_nowhere_else(world):
    places = {place: is_allowed(world, "truong.h1", Permission.REGISTER, place) for place in world.small.ids}

    assert {place for place, allowed in places.items() if allowed} == {"H1", "X1", "X2"}


def test_whoever_acts_is_answered_with_role_and_branch(world):
    actor = world.small.changed(require, by("truong.h1"), Permission.READ)

    assert (actor.role, actor.units, actor.branch) == ("unit_head", ("H1",), {"H1", "X1", "X2"})


@pytest.mark.parametrize("login", ["", "nobody", "SYSTEM:root", "systemroot"])
def test_somebody_without_an_account_may_nothing(world, login):
    assert not any(is_allowed(world, login, permission, "H1") for permission in Permission)


def test_whoever_runs_commands_on_the_server_may_everything(world):
    assert all(is_allowed(world, "system:root", permission, "H2") for permission in Permission)


def test_role_taken_away_counts_at_once(world):
    world.small.changed(change_role, "dieuphoi", "viewer", context=by("admin"))

    assert not is_allowed(world, "dieuphoi", Permission.IMPORT)


def test_unit_taken_away_counts_at_once(world):
    world.small.changed(change_units, "truong.h1", ["H2"], context=by("admin"))

    assert not is_allowed(world, "truong.h1", Permission.REGISTER, "X1")
    assert is_allowed(world, "truong.h1", Permission.REGISTER, "X3")


def test_disabled_account_may_nothing(world):
    world.small.changed(set_enabled, "dieuphoi", is_enabled=False, context=by("admin"), machine=MACHINE)

    assert not any(is_allowed(world, "dieuphoi", permission, "H1") for permission in Permission)


def test_refusal_leaves_its_trace_and_no_new_version_of_the_figures(world):
    with pytest.raises(Refused) as caught:
        world.small.changed(require, by("truong.h1"), Permission.REGISTER, world.small.ids["H2"])
    version = world.small.data_version()

    world.small.changed(record_refusal, caught.value, context=by("truong.h1"))

    with world.small.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "refused")).one()
    assert (entry.by, entry.subject, entry.new["unit"]) == ("truong.h1", "register", "H2")
    assert world.small.data_version() == version
