"""The digest's mails: raised once for each recipient, claimed before they are sent, tried again, never sent twice."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.accounts.actions import set_enabled
from models.feeds.actions import record_refused
from models.feeds.files import settle_files
from models.meetings.actions import announce_figures, withdraw_announcement
from models.meetings.digests import (
    Wanted,
    claim_mails,
    count_mails,
    find_addresses,
    find_announced_of,
    find_files_of,
    find_mails,
    find_raised,
    find_units_of_mail,
    raise_announced,
    raise_digest,
    raise_files,
    raise_reminders,
    set_mail_address,
    settle_mail,
)
from models.readings.records import TaskRecord
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Incomplete
from models.tasks.actions import give_task
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import MACHINE, by, people
from tests.models.conftest import at, day, on_each_engine, postgresql_in_soak, small_campaign, small_files


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


def settled(world, mail, failure=None, **other):
    world.small.changed(settle_mail, mail.id, failure=failure, machine=MACHINE, context=by("dieuphoi"), **other)


def states(world, machine=MACHINE):
    mails = world.small.asked(find_mails, machine=machine)
    return {mail.login: (mail.state, mail.attempts, mail.failure) for mail in mails}


@on_each_engine
def test_digest_is_raised_once_for_each_who_wants_it_and_may_have_it(world):
    assert not world.small.asked(find_raised, "weekly")
    assert (raised(world), raised(world), raised(world, "next")) == (2, 0, 2)
    assert world.small.asked(find_raised, "weekly")

    world.small.changed(set_enabled, "lanhdao", is_enabled=False, context=by("admin", "left"), machine=MACHINE)
    assert raised(world, "third") == 1
    assert {mail.login for mail in world.small.asked(find_mails, machine=MACHINE)} == {"lanhdao", "truong.h1"}


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
    soon, later = MACHINE + timedelta(minutes=5), MACHINE + timedelta(days=1)

    assert list(claimed(world, later)) == []
    assert states(world, soon)["lanhdao"] == ("waiting", 1, "sending")
    assert states(world, later)["lanhdao"] == ("uncertain", 1, "sending")


def test_mail_to_no_address_is_given_up_at_once_and_looked_after_for_a_week(world):
    raised(world)
    gone, other = claimed(world)
    settled(world, gone, "no_such_address", is_final=True)
    settled(world, other, "refused")

    assert states(world)["lanhdao"] == ("given_up", 6, "no_such_address")
    tries = {mail.login: mail.next_try for mail in world.small.asked(find_mails, machine=MACHINE)}
    assert tries == {"lanhdao": None, "truong.h1": MACHINE + timedelta(minutes=5)}
    counted = [world.small.asked(count_mails, machine=MACHINE + timedelta(days=days)) for days in (1, 8)]
    assert counted == [{"given_up": 1, "waiting": 1}, {}]


@postgresql_in_soak
def test_reminder_is_raised_once_a_day_for_those_with_something_due_who_want_it(world):
    small = world.small
    small.load(("H2", "online", "5/3", 30, 100), when="5/3 08:00")
    for login, units in (("truong.h2", ("H2",)), ("truong.s1", ("S1",))):
        world.create(login, "unit_head", units)
        small.changed(set_mail_address, login, f"{login}@example.vn", context=by(login))
    small.changed(set_mail_address, "dieuphoi", "dieuphoi@example.vn", digest=False, context=by("dieuphoi"))
    for unit, due in (("H1", "10/3"), ("H2", "11/3"), ("S1", "8/3")):
        result = TaskRecord(unit, "Số hóa hồ sơ tồn", "Văn phòng", day(due))
        small.changed(give_task, result, context=by("dieuphoi"))
    dispute = Dispute("H2", "online", "Sổ tiếp nhận", day("10/3"))

    # H1's task is due in two days; H2's in three, S1's was due yesterday, and the office has nothing to decide.
    first = small.changed(raise_reminders, today=day("9/3") - timedelta(days=1), context=by("dieuphoi"))
    again = small.changed(raise_reminders, today=day("8/3"), context=by("dieuphoi"))
    small.changed(request_check, dispute, context=by("truong.h2"))
    next_day = small.changed(raise_reminders, today=day("9/3"), context=by("dieuphoi"))
    small.changed(set_mail_address, "truong.h2", "truong.h2@example.vn", reminders=False, context=by("truong.h2"))
    last = small.changed(raise_reminders, today=day("10/3"), context=by("dieuphoi"))

    mails = small.asked(find_mails, machine=MACHINE)
    assert (first, again, next_day, last) == (2, 0, 3, 2)
    assert {(mail.digest, mail.login) for mail in mails} == {
        ("due 2024-03-08", "truong.h1"), ("due 2024-03-08", "truong.s1"),
        ("due 2024-03-09", "truong.h1"), ("due 2024-03-09", "truong.h2"), ("due 2024-03-09", "dieuphoi"),
        ("due 2024-03-10", "truong.h1"), ("due 2024-03-10", "dieuphoi"),
    }  # fmt: skip
    assert raised(world) == 4, "the coordinator wants reminders alone"


def test_address_is_ones_own_to_change_and_an_administrators(world):
    small = world.small
    small.changed(set_mail_address, "lanhdao", "", context=by("lanhdao"))
    small.changed(set_mail_address, "lanhdao", "", context=by("lanhdao"))
    small.changed(set_mail_address, "truong.h1", " moi@example.vn ", context=by("admin"))

    assert small.asked(find_addresses) == {
        "truong.h1": Wanted("moi@example.vn"), "nguoixem": Wanted("nguoixem@example.vn"),
    }  # fmt: skip
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


@postgresql_in_soak
def test_mail_of_a_unit_head_is_about_the_own_units_and_any_other_about_the_province(world):
    asked = {login: world.small.asked(find_units_of_mail, login) for login in ("truong.h1", "lanhdao", "nobody")}

    assert asked == {"truong.h1": ("H1",), "lanhdao": None, "nobody": None}


# --- figures that are announced -------------------------------------------------------------------------------------


def announce(world, *, deadline="10/3"):
    announced = {"as_of": day("8/3"), "deadline": day(deadline), "title": "Tuần 1"}
    return world.small.changed(announce_figures, **announced, context=by("dieuphoi", "announces", "8/3 19:00"))


def told(world, today="9/3"):
    return world.small.changed(raise_announced, today=day(today), context=by("dieuphoi", "tells", f"{today} 08:00"))


def test_unit_heads_with_an_address_are_told_once_of_each_announcement_until_its_deadline(world):
    nothing = told(world)
    first = announce(world)

    assert (nothing, told(world), told(world)) == (0, 1, 0)
    (mail,) = claimed(world)
    assert (mail.login, mail.as_of, mail.snapshot) == ("truong.h1", day("8/3"), None)
    assert world.small.asked(find_announced_of, mail.digest).id == first
    assert world.small.asked(find_announced_of, "weekly") is None
    withdrawn = by("dieuphoi", "another day", "9/3 08:00")
    world.small.changed(withdraw_announcement, first, seen_version=1, context=withdrawn)
    announce(world)
    assert (told(world, "11/3"), told(world, "10/3")) == (0, 1)


# --- dropped files that wait ----------------------------------------------------------------------------------------


def dropped(world, name, source="file"):
    return world.small.changed(
        lambda session: record_refused(
            session, source=source, for_date=day("9/3"), file_name=name, failure="file_is_no_table",
            terms={"file": name}, machine=at("9/3 07:00"), context=by("dieuphoi", "a look", "9/3 07:00"),
        ).id
    )  # fmt: skip


def files_told(world):
    return world.small.changed(raise_files, today=day("9/3"), context=by("dieuphoi", "tells", "9/3 08:00"))


@pytest.mark.daily("sqlite")
@on_each_engine
def test_office_and_heads_of_the_unit_that_sends_files_are_told_of_each_that_waits_once(world):
    small = world.small
    campaign = small_campaign()
    sources = tuple(replace(each, contact="H1" if each.key == "file" else None) for each in campaign.sources)
    small.found(small_files(replace(campaign, sources=sources)), when="9/3 06:00")
    small.changed(set_mail_address, "dieuphoi", "dieuphoi@example.vn", context=by("dieuphoi"))
    nothing = files_told(world)
    first, other = dropped(world, "a.csv"), dropped(world, "b.csv", source="igate")

    assert (nothing, files_told(world), files_told(world)) == (0, 2, 0)
    told = {mail.login: mail for mail in claimed(world)}
    assert {login: mail.digest for login, mail in told.items()} == {
        "dieuphoi": f"files {other}", "truong.h1": f"files {first}",
    }  # fmt: skip

    def said(login, digest=None):
        return [file.id for file in small.asked(find_files_of, digest or told[login].digest, login)]

    assert (said("dieuphoi"), said("truong.h1")) == ([other, first], [first])
    last = dropped(world, "c.csv")
    assert files_told(world) == 2
    assert (said("dieuphoi", f"files {last}"), said("dieuphoi")) == ([last], [other, first])
    small.changed(settle_files, [first, last], context=by("dieuphoi", "gửi nhầm", "9/3 09:00"))
    assert (said("dieuphoi"), said("truong.h1")) == ([other], [])
    assert small.asked(find_files_of, "weekly", "dieuphoi") is None


def test_who_wants_no_reminders_is_told_of_no_file(world):
    world.small.changed(
        set_mail_address, "dieuphoi", "dieuphoi@example.vn", reminders=False, context=by("dieuphoi")
    )  # fmt: skip
    dropped(world, "a.csv")

    assert files_told(world) == 0
