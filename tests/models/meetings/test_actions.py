"""Freezing figures: announced to the units, frozen once and for all; nothing moves a digit of them afterwards."""

from dataclasses import fields

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select, text

from models.meetings.actions import (
    announce_figures,
    freeze_announced,
    freeze_figures,
    set_agenda,
    withdraw_announcement,
    withdraw_snapshot,
)
from models.meetings.frozen import find_facts
from models.meetings.snapshots import (
    find_agenda,
    find_all_snapshots,
    find_announced,
    find_frozen,
    find_open_announcement,
    find_previous,
    find_revisions,
    find_same_snapshot,
    find_snapshot,
    find_snapshots,
)
from models.readings.records import TaskRecord
from models.results.inputs import load_campaign
from models.results.standing import find_standing
from models.tables import AuditEntry, SnapshotRow
from models.targets.causes import Explanation, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import DecisionConflict, Incomplete
from models.tasks.actions import give_task
from targets.errors import StoreNotReady, UnknownName
from targets.results import Result
from tests.models.accounts_world import by, people
from tests.models.conftest import (
    at,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
    with_indicator,
)


@pytest.fixture
def world(small):
    small.load(
        ("H1", "online", "8/3", 30, 100),
        ("S1", "online", "8/3", 90, 200),
        ("X1", "payment", "8/3", None, None, 45.0),
        when="8/3 18:00",
    )
    return people(small)


def freeze(world, *, login="dieuphoi", when="9/3 08:00", as_of="8/3", title="Giao ban tuần 1", **other):
    return world.small.changed(
        freeze_figures, as_of=day(as_of), title=title, context=by(login, "freezes", when), **other
    )


def announce(world, *, login="dieuphoi", when="8/3 19:00", as_of="8/3", deadline="10/3", title="Tuần 1", **other):
    return world.small.changed(
        announce_figures,
        as_of=day(as_of),
        deadline=day(deadline),
        title=title,
        context=by(login, "announces", when),
        **other,
    )


def withdraw(world, snapshot, reason="the day was wrong", login="dieuphoi"):
    world.small.changed(withdraw_snapshot, snapshot, context=by(login, reason, "10/3 08:00"))


# --- frozen ---------------------------------------------------------------------------------------------------------


@on_each_engine
def test_snapshot_holds_every_column_of_standing_to_the_digit(world):
    expected = world.small.rows("8/3")

    frozen = freeze(world)

    assert world.small.asked(find_frozen, frozen) == expected
    assert expected


def test_snapshot_has_no_column_that_a_result_does_not_fill():
    columns = set(SnapshotRow.__table__.columns.keys())

    assert columns - {field.name for field in fields(Result)} == {"snapshot_id", "position", "more"}


@postgresql_in_soak
def test_neither_a_revision_nor_another_rule_moves_a_digit_of_it(world):
    small = world.small
    frozen = freeze(world)
    before = small.asked(find_frozen, frozen)

    small.load(("H1", "online", "8/3", 60, 100), when="9/3 09:00")
    small.set_central("online", "90", when="9/3 10:00")
    small.found(small_files(with_indicator(small_campaign(), "online", sources=("file",))), when="9/3 11:00")

    assert small.asked(find_frozen, frozen) == before
    assert small.standing("8/3")["H1", "online"] != before[0]
    assert small.asked(find_snapshot, frozen).campaign.indicator("online").sources != ("file",)


@on_each_engine
def test_database_refuses_to_change_what_was_frozen(world):
    withdraw(world, freeze(world))
    columns = {"snapshot": "title", "snapshot_row": "value", "snapshot_withdrawal": "reason"}

    for table, column in columns.items():
        for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DBAPIError, match=f"{table} is append-only"), world.small.store.writing() as session:
                session.connection().execute(text(change))
        assert world.small.count(table) > 0, table


def test_figures_are_frozen_as_known_at_an_earlier_moment_too(world):
    small = world.small
    small.load(("H1", "online", "8/3", 60, 100), when="9/3 09:00")

    frozen = freeze(world, when="9/3 12:00", known_at=at("9/3 08:30"))

    assert small.asked(find_frozen, frozen) == small.rows("8/3", known_at=at("9/3 08:30"))
    assert small.asked(find_snapshot, frozen).facts.history["online"][-1].value == pytest.approx(40.0)
    assert small.asked(find_snapshot, frozen).head.known_at == at("9/3 08:30")


def test_part_of_a_snapshot_is_asked_for_by_unit_and_indicator(world):
    frozen = freeze(world)

    found = world.small.asked(find_frozen, frozen, units=["H1"], indicator="online")

    assert [(row.unit, row.indicator, row.value) for row in found] == [("H1", "online", 30.0)]


def test_what_stands_beside_the_figures_is_frozen_with_them(world):
    small = world.small
    result = Explanation("H1", "online", "staff", "one is ill", "another comes", "the head", day("20/3"))
    small.changed(state_cause, result, context=by("truong.h1", "tells", "8/3 19:00"))
    small.changed(
        request_check, Dispute("H1", "online", "register", day("12/3")), context=by("truong.h1", "asks", "8/3 19:00")
    )
    small.changed(
        give_task, TaskRecord("H1", "Hire", "the head", day("20/3")), context=by("dieuphoi", "x", "8/3 19:00")
    )

    facts = small.asked(find_snapshot, freeze(world)).facts

    assert facts.causes["H1", "online"].text == "one is ill"
    assert facts.reviews == {("H1", "online"): day("12/3")}
    assert [(task.unit, task.what, task.due) for task in facts.tasks] == [("H1", "Hire", day("20/3"))]
    assert facts.parents["X1"] == "H1"
    assert [each.day for each in facts.history["online"]] == [day("8/3")]
    assert facts.history["publicity"] == ()
    due = [(each.phase, each.due, each.target) for each in facts.milestones["online"]]
    assert due == [("first", day("22/3"), 50.0), ("second", day("12/4"), 60.0), ("keep", None, 60.0)]
    assert facts.milestones["payment"][0].target is None


def test_day_long_before_the_start_is_told_of_without_a_way_so_far(small):
    """None is frozen then, but documents can be asked for of any day."""
    with small.store.reading() as session:
        facts = find_facts(session, load_campaign(session), as_of=day("20/2"), known_at=None)

    assert set(facts.history.values()) == {()}


def test_day_after_the_last_load_is_frozen_by_computing_it(world):
    frozen = freeze(world, when="11/3 08:00", as_of="11/3")

    assert world.small.asked(find_frozen, frozen) == world.small.rows("11/3")
    assert [each.day for each in world.small.asked(find_snapshot, frozen).facts.history["online"]][-1] == day("11/3")


def test_freezing_is_recorded_with_who_and_why(world):
    freeze(world)

    with world.small.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(col(AuditEntry.action) == "freeze_figures")).one()
    assert (entry.by, entry.reason, entry.subject) == ("dieuphoi", "freezes", "Giao ban tuần 1")


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"title": " "}, Incomplete, "name", id="it has no name"),
        pytest.param({"as_of": "10/3"}, Incomplete, "up to today", id="the day lies ahead"),
        pytest.param({"as_of": "1/3"}, Incomplete, "start", id="the campaign had not begun"),
        pytest.param({"known_at": at("9/3 09:00")}, Incomplete, "later", id="the moment lies ahead"),
        pytest.param({"known_at": at("1/2 09:00")}, StoreNotReady, "No campaign", id="nothing was known"),
    ],
)
def test_figures_are_not_frozen_where(world, wrong, error, words):
    with pytest.raises(error, match=words):
        freeze(world, **wrong)

    assert world.small.count("snapshot") == 0


def test_time_of_the_schedule_freezes_once(world):
    first = freeze(world, slot="weekly 2024-03-09")
    again = freeze(world, slot="weekly 2024-03-09", when="9/3 09:00")

    assert first == again
    assert world.small.count("snapshot") == 1


# --- listed and compared --------------------------------------------------------------------------------------------


def test_snapshots_are_listed_newest_first_and_know_the_one_before(world):
    first, second, same_day = freeze(world), freeze(world, when="11/3 08:00", as_of="11/3"), freeze(world, as_of="8/3")

    small = world.small
    assert [head.id for head in small.asked(find_snapshots)] == [same_day, second, first]
    assert small.asked(find_previous, first) is None
    assert small.asked(find_previous, second).id == same_day
    with pytest.raises(UnknownName):
        small.asked(find_previous, 99)


@postgresql_in_soak
def test_same_snapshot_is_known_again_until_anything_in_it_would_differ(world):
    def same(title=" Giao ban tuần 1 ", known_at=None):
        return world.small.asked(find_same_snapshot, as_of=day("8/3"), title=title, known_at=known_at)

    earlier = freeze(world, known_at=at("8/3 20:00"), when="9/3 07:00")
    first = freeze(world)

    assert (same(), same("Giao ban tuần 2"), same(known_at=at("8/3 20:00"))) == (first, None, earlier)
    announce(world, when="9/3 09:00")
    assert same() is None
    second = freeze(world, when="9/3 10:00")
    assert same() == second
    task = TaskRecord("H1", "Số hóa hồ sơ tồn", "Văn phòng", day("20/3"))
    world.small.changed(give_task, task, context=by("dieuphoi", "why", "9/3 11:00"))
    assert same() is None


def test_later_revision_shows_as_a_difference_from_the_snapshot(world):
    frozen = freeze(world)
    assert world.small.asked(find_revisions, frozen) == []

    world.small.load(("H1", "online", "8/3", 60, 100), when="9/3 09:00")

    result = {
        (pair.frozen.unit, pair.frozen.value, pair.now.value) for pair in world.small.asked(find_revisions, frozen)
    }
    assert ("H1", 30.0, 60.0) in result
    assert {unit for unit, *_ in result} == {"P", "H1"}


def test_unknown_snapshot_is_named(world):
    for question in (find_snapshot, find_frozen):
        with pytest.raises(UnknownName, match="99"):
            world.small.asked(question, 99)


# --- put aside ------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_snapshot_put_aside_counts_as_no_meeting_and_stays_to_be_read_with_its_reason(world):
    small = world.small
    first, wrong = freeze(world, as_of="7/3"), freeze(world)
    later = freeze(world, as_of="9/3", when="9/3 20:00")
    rows = small.asked(find_frozen, wrong)

    withdraw(world, wrong)

    assert [head.id for head in small.asked(find_snapshots)] == [later, first]
    assert [(head.id, head.withdrawn is None) for head in small.asked(find_all_snapshots)] == [
        (later, True), (wrong, False), (first, True),
    ]  # fmt: skip
    assert small.asked(find_previous, later).id == first
    assert small.asked(find_frozen, wrong) == rows
    found = small.asked(find_snapshot, wrong).head.withdrawn
    assert (found.by, found.reason, found.at) == ("dieuphoi", "the day was wrong", at("10/3 08:00"))
    with small.store.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert (entry.action, entry.subject, entry.reason) == ("withdraw_snapshot", "Giao ban tuần 1", "the day was wrong")


def test_figures_put_aside_are_frozen_anew_when_they_are_asked_for_again(world):
    wrong = freeze(world)
    withdraw(world, wrong)

    assert world.small.asked(find_same_snapshot, as_of=day("8/3"), title="Giao ban tuần 1", known_at=None) is None


def test_snapshot_is_put_aside_once_and_never_without_a_reason(world):
    frozen = freeze(world)
    with pytest.raises(Incomplete) as without:
        withdraw(world, frozen, " ")
    withdraw(world, frozen)

    with pytest.raises(Incomplete) as again:
        withdraw(world, frozen)

    assert (without.value.code, again.value.code) == ("no_reason", "snapshot_withdrawn")
    with pytest.raises(UnknownName):
        withdraw(world, 99)


# --- announced ------------------------------------------------------------------------------------------------------


def test_announced_figures_are_frozen_as_they_stand_by_then(world):
    small = world.small
    announced = announce(world)
    small.load(("H1", "online", "8/3", 60, 100), when="9/3 09:00")

    frozen = small.changed(freeze_announced, announced, seen_version=1, context=by("dieuphoi", "decided", "11/3 07:00"))

    assert small.asked(find_frozen, frozen, units=["H1"], indicator="online")[0].value == 60
    assert [(each.state, each.snapshot) for each in small.asked(find_announced)] == [("frozen", frozen)]
    assert small.asked(find_open_announcement) is None


@pytest.mark.parametrize(
    ("result", "state"),
    [
        pytest.param({}, "frozen", id="the announced day as known now"),
        pytest.param({"as_of": "7/3"}, "open", id="another day"),
        pytest.param({"known_at": at("9/3 07:00")}, "open", id="an earlier moment"),
        pytest.param({"slot": "monday"}, "open", id="a time of the schedule, which asks for it itself"),
    ],
)
def test_figures_frozen_directly_close_the_announcement_of_their_day_and_moment(world, result, state):
    announce(world)

    frozen = freeze(world, **result)

    expected = frozen if state == "frozen" else None
    assert [(each.state, each.snapshot) for each in world.small.asked(find_announced)] == [(state, expected)]


def test_announcement_can_be_taken_back_with_a_reason_and_then_made_anew(world):
    announced = announce(world)

    world.small.changed(withdraw_announcement, announced, seen_version=1, context=by("dieuphoi", "the day was wrong"))

    assert announce(world) != announced
    assert world.small.asked(find_open_announcement).title == "Tuần 1"
    with pytest.raises(DecisionConflict, match="the day was wrong"):
        world.small.changed(freeze_announced, announced, seen_version=1, context=by("dieuphoi"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        pytest.param({"title": ""}, "name", id="it has no name"),
        pytest.param({"as_of": "9/3"}, "up to today", id="the day lies ahead"),
        pytest.param({"deadline": "7/3"}, "lies ahead", id="the deadline is over"),
    ],
)
def test_figures_are_not_announced_where(world, wrong, words):
    with pytest.raises(Incomplete, match=words):
        announce(world, **wrong)


def test_figures_are_announced_one_meeting_at_a_time(world):
    announce(world, slot="friday")

    with pytest.raises(Incomplete, match="announced already"):
        announce(world)
    assert announce(world, slot="friday") == 1


def test_unknown_announcement_is_named(world):
    with pytest.raises(UnknownName, match="99"):
        world.small.changed(withdraw_announcement, 99, seen_version=1, context=by("dieuphoi"))


# --- the agenda -----------------------------------------------------------------------------------------------------


def test_agenda_chosen_for_a_meeting_is_where_the_next_one_begins(world):
    small, first = world.small, freeze(world)
    assert small.asked(find_agenda, first) == ()

    small.changed(set_agenda, first, ("tasks", "province", "tasks"), context=by("dieuphoi"))
    second = freeze(world, when="11/3 08:00", as_of="11/3")
    carried = small.asked(find_agenda, second)
    small.changed(set_agenda, second, ("silent", "attention.online.district"), context=by("dieuphoi"))

    assert carried == ("tasks", "province")
    assert small.asked(find_agenda, second) == ("silent", "attention.online.district")
    assert small.asked(find_agenda, first) == ("tasks", "province")


@pytest.mark.parametrize(
    ("snapshot", "slides", "error"),
    [(1, ("dreams",), UnknownName), (1, (), Incomplete), (99, ("province",), UnknownName)],
)
def test_agenda_is_not_kept_where_it_names_what_is_not_there(world, snapshot, slides, error):
    freeze(world)

    with pytest.raises(error):
        world.small.changed(set_agenda, snapshot, slides, context=by("dieuphoi"))


def test_standing_asked_as_known_then_says_the_same_as_the_snapshot(world):
    frozen = freeze(world, when="9/3 08:00")
    world.small.load(("H1", "online", "8/3", 60, 100), when="9/3 09:00")

    asked = world.small.asked(find_standing, as_of=day("8/3"), known_at=at("9/3 08:00"))

    assert asked == world.small.asked(find_frozen, frozen)
