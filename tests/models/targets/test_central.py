"""Central targets entered one at a time: recorded, proposed from, written down, withdrawn."""

from decimal import Decimal

import pytest
from sqlmodel import select

from models.tables import AuditEntry
from models.targets.actions import enter_central
from models.targets.assigning import find_central
from models.targets.queries import find_targets
from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import postgresql_in_soak


@pytest.fixture
def world(small):
    small.load(("S1", "online", "8/3", 30, 100))
    return people(small)


def enter(world, value, *, login="dieuphoi", reason="decided", **other):
    result = {"indicator": "payment", "year": 2024, "level": "", "document": "900/QĐ-TTg"} | other
    value = None if value is None else Decimal(value)
    return world.small.changed(enter_central, value=value, context=by(login, reason, "9/3 08:00"), **result)


def owed(world, unit="S1", indicator="payment"):
    return world.small.asked(find_targets, units=[unit], indicator=indicator, phase="second")[0].value


def entries(world):
    with world.small.store.reading() as session:
        return session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()


@postgresql_in_soak
def test_central_target_is_known_and_proposed_from_at_once(world):
    done = enter(world, "45")

    assert (done.is_changed, done.proposed) == (True, 28)
    assert owed(world) == 55
    assert world.small.differences() == []


def test_central_target_of_a_level_holds_for_that_level_alone(world):
    enter(world, "60", indicator="online", level="commune")

    assert owed(world, "X1", "online") == 70
    assert owed(world, "S1", "online") == 60


def test_target_of_another_year_is_kept_and_changes_no_proposal(world):
    done = enter(world, "70", year=2025)

    assert (done.is_changed, done.proposed) == (True, 0)
    assert owed(world) is None


def test_same_target_again_changes_nothing(world):
    enter(world, "45")
    before = world.small.data_version()

    done = enter(world, "45.0")

    assert (done.is_changed, done.proposed) == (False, 0)
    assert world.small.data_version() == before


def test_withdrawn_target_takes_the_proposals_away(world):
    enter(world, "45")

    enter(world, None)

    assert owed(world) is None
    [payment] = [row for row in world.small.asked(find_central) if row.indicator == "payment"]
    assert (payment.value, payment.version) == (None, 2)


@pytest.mark.parametrize("is_withdrawn_already", [True, False])
def test_nothing_is_withdrawn_where_nothing_is(world, is_withdrawn_already):
    if is_withdrawn_already:
        enter(world, "45")
        enter(world, None)

    with pytest.raises(Incomplete, match="withdrawn"):
        enter(world, None)


def test_entry_says_who_entered_what_under_which_document(world):
    enter(world, "45")
    enter(world, "47", document="901/QĐ-TTg", level="")

    first, second = [entry for entry in entries(world) if entry.action == "enter_central"]
    assert (first.by, first.subject, first.document, first.reason) == (
        "dieuphoi", "payment 2024", "900/QĐ-TTg", "decided",
    )  # fmt: skip
    assert (first.old, first.new) == (None, {"value": "45"})
    assert (second.old, second.new) == ({"value": "45", "document": "900/QĐ-TTg"}, {"value": "47"})


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"indicator": "speed"}, UnknownName, "speed"),
        ({"level": "ward"}, UnknownName, "ward"),
        ({"year": 24}, Incomplete, "24 is no year"),
        ({"year": 2104}, Incomplete, "2104 is no year"),
        ({"document": " "}, Incomplete, "document"),
        ({"reason": ""}, Incomplete, "Say why"),
        ({"value": "101"}, Incomplete, "up to 100"),
    ],
)
def test_nothing_is_entered_that_cannot_be(world, wrong, error, words):
    value = wrong.pop("value", "45")

    with pytest.raises(error, match=words):
        enter(world, value, **wrong)

    assert [row.indicator for row in world.small.asked(find_central)] == ["online"]


@pytest.mark.parametrize("login", ["admin", "lanhdao", "nguoixem", "truong.h1"])
def test_only_the_office_enters_them(world, login):
    with pytest.raises(Refused):
        enter(world, "45", login=login)
