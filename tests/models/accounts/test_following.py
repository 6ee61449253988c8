"""A further campaign's accounts are the front's: who, which role, whether; which units they head is its own."""

import pytest
from sqlmodel import select

from models.accounts.actions import change_role, change_units, set_enabled
from models.accounts.following import Person, find_people, follow_people
from models.accounts.queries import find_accounts
from models.core.audit import find_break
from models.tables import Account, AuditEntry
from targets.permissions import Refused
from tests.models.accounts_world import MACHINE, by, people

FRONT = (
    Person("head", "Head", "unit_head", True, ("H1", "not here")),
    Person("office", "Office", "coordinator", True, ()),
)


@pytest.fixture
def world(small):
    return people(small)


def follow(small, persons=FRONT, **context):
    return small.changed(follow_people, persons, context=context.pop("context", by("system:front")))


def held(small):
    return {row.login: (row.role, row.units, row.is_enabled) for row in small.asked(find_accounts)}


def entries(small):
    with small.store.reading() as session:
        return [row.subject for row in session.exec(select(AuditEntry).where(AuditEntry.action == "follow_front"))]


def test_people_of_the_front_are_known_with_those_of_their_units_that_the_campaign_has(small):
    assert follow(small) == 2

    assert held(small) == {"head": ("unit_head", ("H1",), True), "office": ("coordinator", (), True)}
    assert entries(small) == ["account head", "account office"]
    assert small.asked(find_break) is None


def test_copies_let_nobody_in(small):
    follow(small)

    with small.store.reading() as session:
        known = session.exec(select(Account)).all()
    assert {(row.password_hash, row.subject, row.must_change) for row in known} == {(None, None, False)}


def test_same_people_again_change_nothing(small):
    follow(small)

    assert follow(small) == 0
    assert len(entries(small)) == 2


def test_role_name_and_being_let_in_follow_and_units_stay_the_campaigns(small):
    follow(small)
    small.changed(change_units, "head", ["H2"], context=by("system:test"))

    follow(small, (Person("head", "New", "leader", False, ("H1",)), FRONT[1]))

    assert held(small)["head"] == ("leader", ("H2",), False)


def test_account_that_the_front_does_not_know_may_nothing_any_more(world):
    assert follow(world.small) == 2 + 5

    assert {login for login, (_, _, is_enabled) in held(world.small).items() if is_enabled} == {"head", "office"}
    assert follow(world.small) == 0


def test_people_of_a_store_are_told_as_they_are(world):
    world.small.changed(change_role, "lanhdao", "viewer", context=by("admin"))
    world.small.changed(set_enabled, "nguoixem", is_enabled=False, context=by("admin"), machine=MACHINE)

    told = {person.login: person for person in world.small.asked(find_people)}

    assert told["lanhdao"] == Person("lanhdao", "Lanhdao", "viewer", True, ())
    assert told["nguoixem"].is_enabled is False
    assert told["truong.h1"].units == ("H1",)


def test_only_who_manages_accounts_has_them_follow(world):
    with pytest.raises(Refused):
        follow(world.small, context=by("dieuphoi"))
