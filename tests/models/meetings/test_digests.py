"""The digest's mails: raised once for each recipient, claimed before they are sent, tried again, never sent twice."""

from datetime import timedelta

import pytest

from models.accounts.actions import set_enabled
from models.meetings.digests import claim_mails, find_addresses, find_mails, raise_digest, set_mail_address, settle_mail
from models.targets.registrations import Incomplete
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import MACHINE, by, people
from tests.models.conftest import day, on_each_engine


@pytest.fixture
def world(small):
    found = people(small)
    for login in ("lanhdao", "truong.h1", "nguoixem"):
        small.changed(set_mail_address, login, f"{login}@example.vn", context=by(login))
    return found


def raised(world, digest="weekly", login="dieuphoi"):
    return world.small.changed(raise_digest, digest, as_of=day("8/3"), snapshot=None, context=by(login))


def claimed(world, machine=MACHINE):
    return world.small.changed(claim_mails, machine=machine, context=by("dieuphoi"))


def settled(world, mail, failure=None):
    world.small.changed(settle_mail, mail.id, failure=failure, machine=MACHINE, context=by("dieuphoi"))


def states(world):
    return {mail.login: (mail.state, mail.attempts, mail.failure) for mail in world.small.asked(find_mails)}


@on_each_engine
def test_digest_is_raised_once_for_each_who_wants_it_and_may_have_it(world):
    assert (raised(world), raised(world), raised(world, "next")) == (2, 0, 2)

    world.small.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin", "left"), machine=MACHINE)
    assert raised(world, "third") == 1
    assert {mail.login for mail in world.small.asked(find_mails)} == {"lanhdao", "truong.h1"}


@on_each_engine
def test_mail_that_was_taken_is_never_sent_again(world):
    raised(world)

    first = claimed(world)
    for mail in first:
        settled(world, mail)

    assert {mail.login: mail.address for mail in first} == {
        "lanhdao": "lanhdao@example.vn", "truong.h1": "truong.h1@example.vn",
    }  # fmt: skip
    assert list(claimed(world, MACHINE + timedelta(days=9))) == []
    assert states(world) == {"lanhdao": ("sent", 1, None), "truong.h1": ("sent", 1, None)}


def test_mail_that_failed_is_tried_again_after_a_pause_and_given_up_in_the_end(world):
    raised(world)
    when = MACHINE
    for tries in range(1, 7):
        mails = claimed(world, when)
        assert len(mails) == 2
        for mail in mails:
            settled(world, mail, "unreachable")
        assert states(world)["lanhdao"][:2] == ("waiting" if tries < 6 else "given_up", tries)
        assert list(claimed(world, when + timedelta(minutes=1))) == []
        when += timedelta(days=1)

    assert list(claimed(world, when)) == []


def test_mail_whose_sender_died_stays_uncertain_and_is_not_sent_twice(world):
    raised(world)
    claimed(world)

    assert list(claimed(world, MACHINE + timedelta(days=1))) == []
    assert states(world)["lanhdao"] == ("uncertain", 1, "sending")


def test_address_is_ones_own_to_change_and_an_administrators(world):
    small = world.small
    small.changed(set_mail_address, "lanhdao", "", context=by("lanhdao"))
    small.changed(set_mail_address, "lanhdao", "", context=by("lanhdao"))
    small.changed(set_mail_address, "truong.h1", " moi@example.vn ", context=by("admin"))

    assert small.asked(find_addresses) == {"truong.h1": "moi@example.vn", "nguoixem": "nguoixem@example.vn"}
    with pytest.raises(Refused):
        small.changed(set_mail_address, "truong.h1", "x@example.vn", context=by("lanhdao"))


@pytest.mark.parametrize(
    ("login", "address", "error"), [("nobody", "a@example.vn", UnknownName), ("lanhdao", "not an address", Incomplete)]
)
def test_address_is_refused_where(world, login, address, error):
    with pytest.raises(error):
        world.small.changed(set_mail_address, login, address, context=by("admin"))


def test_mail_that_there_is_not_cannot_be_settled(world):
    with pytest.raises(UnknownName, match="99"):
        world.small.changed(settle_mail, 99, failure=None, machine=MACHINE, context=by("dieuphoi"))
