"""Tasks: given, reported on, confirmed or sent back, moved, withdrawn; and taken in from a workbook."""

import pytest

from models.meetings.actions import Conclusion, freeze_figures, record_conclusion
from models.readings.records import TaskRecord
from models.targets.registrations import DecisionConflict, Incomplete
from models.tasks.actions import (
    confirm_task,
    give_task,
    move_task,
    record_tasks,
    report_on_task,
    withdraw_task,
)
from models.tasks.queries import find_task_counts, find_tasks
from models.units.story import find_story
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine, postgresql_in_soak


@pytest.fixture
def world(small):
    return people(small)


def give(world, *, login="dieuphoi", when="9/3 08:00", **other):
    result = {"unit": "H1", "what": "Scan the archive", "who": "Mr An", "due": day("20/3")} | other
    return world.small.changed(give_task, TaskRecord(**result), context=by(login, "meeting", when))


def report(world, task, *, login="truong.h1", seen_version=1, when="12/3 08:00", **other):
    result = {"progress": "half of it"} | other
    world.small.changed(report_on_task, task, seen_version=seen_version, context=by(login, "", when), **result)


def decided(world, change, task, *, login="dieuphoi", seen_version=1, when="13/3 08:00", reason="seen", **other):
    world.small.changed(change, task, seen_version=seen_version, context=by(login, reason, when), **other)


def kept(world, task):
    (found,) = [row for row in world.small.asked(find_tasks) if row.id == task]
    return found


# --- given ----------------------------------------------------------------------------------------------------------


@pytest.mark.daily("sqlite")
@on_each_engine
def test_task_says_what_who_by_when_and_from_which_slide(world):
    snapshot = world.small.changed(
        freeze_figures, as_of=day("8/3"), title="Tuần 1", context=by("dieuphoi", "x", "9/3 08:00")
    )

    task = kept(
        world, give(world, snapshot=snapshot, slide="province", indicator="online", document="1/TB", number="3")
    )

    assert (task.kind, task.unit, task.what, task.who, task.due) == (
        "task", "H1", "Scan the archive", "Mr An", day("20/3"),
    )  # fmt: skip
    assert (task.snapshot, task.snapshot_title, task.slide) == (snapshot, "Tuần 1", "province")
    assert (task.indicator, task.document, task.number, task.state) == ("online", "1/TB", "3", "open")


def test_inspection_finding_is_a_task_with_a_finding(world):
    task = kept(world, give(world, finding="No list of procedures in the hall"))

    assert (task.kind, task.finding) == ("finding", "No list of procedures in the hall")


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"what": " "}, Incomplete, "what is to be done", id="nothing is to be done"),
        pytest.param({"who": ""}, Incomplete, "who", id="nobody is to do it"),
        pytest.param({"due": day("8/3")}, Incomplete, "lies ahead", id="the day is over"),
        pytest.param({"unit": "H9"}, UnknownName, "H9", id="the unit is unknown"),
        pytest.param({"indicator": "luck"}, UnknownName, "luck", id="the indicator is unknown"),
        pytest.param({"snapshot": 99}, UnknownName, "99", id="the snapshot is unknown"),
        pytest.param({"login": "lanhdao"}, Refused, "leader", id="a leader gives it"),
    ],
)
def test_task_is_not_given_where(world, wrong, error, words):
    with pytest.raises(error, match=words):
        give(world, **wrong)

    assert world.small.count("task") == 0


# --- reported on ----------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_every_report_stays_beside_the_task(world):
    task = give(world)

    report(world, task)
    report(world, task, progress="all of it", evidence="photo 12", is_done=True, seen_version=2, when="14/3 08:00")

    found = kept(world, task)
    assert (found.state, found.progress) == ("reported", "all of it")
    assert [(result.progress, result.evidence, result.is_done, result.by) for result in found.reports] == [
        ("half of it", "", False, "truong.h1"),
        ("all of it", "photo 12", True, "truong.h1"),
    ]


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"progress": ""}, Incomplete, "so far", id="nothing is said"),
        pytest.param({"is_done": True}, Incomplete, "seen", id="it is done without evidence"),
        pytest.param({"seen_version": 7}, DecisionConflict, "changed", id="it was changed meanwhile"),
        pytest.param({"login": "lanhdao"}, Refused, "leader", id="a leader reports"),
    ],
)
def test_report_is_not_taken_where(world, wrong, error, words):
    task = give(world)

    with pytest.raises(error, match=words):
        report(world, task, **wrong)

    assert kept(world, task).reports == ()


def test_head_reports_only_on_tasks_of_their_own_branch(world):
    task = give(world, unit="H2")

    with pytest.raises(Refused, match="H2"):
        report(world, task)


# --- decided --------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_reported_task_is_closed_or_sent_back_with_a_reason(world):
    closed, sent_back = give(world), give(world, unit="S1")
    report(world, closed, evidence="photo", is_done=True)

    decided(world, confirm_task, closed, is_done=True, seen_version=2, reason="seen on the spot")
    decided(world, confirm_task, sent_back, is_done=False, reason="one shelf is left")

    assert (kept(world, closed).state, kept(world, closed).decided_reason) == ("done", "seen on the spot")
    assert (kept(world, sent_back).state, kept(world, sent_back).decided_reason) == ("open", "one shelf is left")


def test_closed_task_takes_no_further_word(world):
    task = give(world)
    decided(world, confirm_task, task, is_done=True)

    with pytest.raises(DecisionConflict, match="dieuphoi"):
        report(world, task, seen_version=2)
    with pytest.raises(DecisionConflict):
        decided(world, withdraw_task, task, seen_version=2)


def test_task_gets_another_day_and_somebody_else_and_the_old_day_stays_in_the_trail(world):
    task = give(world)

    decided(world, move_task, task, due=day("27/3"), who="Ms Bình", reason="ill")

    assert (kept(world, task).due, kept(world, task).who, kept(world, task).version) == (day("27/3"), "Ms Bình", 2)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"due": day("12/3")}, Incomplete), ({"who": " "}, Incomplete), ({"reason": " "}, Incomplete)],
)
def test_task_is_not_moved_where(world, wrong, error):
    task = give(world)

    with pytest.raises(error):
        decided(world, move_task, task, **({"due": day("27/3"), "who": "Ms Bình"} | wrong))


def test_withdrawn_task_waits_no_longer(world):
    task = give(world)

    decided(world, withdraw_task, task, reason="given twice")

    assert kept(world, task).state == "withdrawn"
    assert world.small.asked(find_task_counts, today=day("25/3")).waiting == 0


# --- asked for ------------------------------------------------------------------------------------------------------


def test_overdue_begins_on_the_day_after(world):
    task = kept(world, give(world, due=day("20/3")))

    assert not task.is_overdue(day("20/3"))
    assert task.is_overdue(day("21/3"))
    assert task.is_due_soon(day("13/3"))
    assert not task.is_due_soon(day("12/3"))


def test_what_is_said_to_be_done_waits_for_the_office_and_is_never_called_late(world):
    task = give(world, due=day("12/3"))
    report(world, task, evidence="folder 3", is_done=True)

    row, counts = kept(world, task), world.small.asked(find_task_counts, today=day("14/3"))

    assert (row.is_carried, row.is_to_do, row.is_overdue(day("14/3")), row.is_due_soon(day("12/3"))) == (
        True, False, False, False,
    )  # fmt: skip
    assert (counts.waiting, counts.overdue, counts.soon, counts.reported) == (0, 0, 0, 1)


def test_counts_are_of_everybody_or_of_some_units(world):
    give(world, due=day("12/3"))
    give(world, unit="S1", due=day("20/3"))

    everybody, own = (
        world.small.asked(find_task_counts, today=day("14/3"), units=units) for units in (None, ["S1", "X1"])
    )

    assert (everybody.waiting, everybody.overdue, everybody.soon) == (2, 1, 1)
    assert (own.waiting, own.overdue, own.soon) == (1, 0, 1)


def test_conclusion_is_no_task_to_do_and_never_late(world):
    result = Conclusion("Every unit reports on Friday", unit="H1", due=day("12/3"))
    identity = world.small.changed(record_conclusion, result, context=by("dieuphoi", "meeting", "9/3 08:00"))

    counts = [world.small.asked(find_task_counts, today=day("14/3"), units=units) for units in (None, ["H1"])]

    row = kept(world, identity)
    assert [(each.waiting, each.overdue, each.soon) for each in counts] == [(0, 0, 0), (0, 0, 0)]
    assert (row.is_waiting, row.is_to_do, row.is_overdue(day("14/3")), row.is_due_soon(day("10/3"))) == (
        True, False, False, False,
    )  # fmt: skip


def test_tasks_stand_by_day_then_by_unit(world):
    late, second, first = give(world, due=day("25/3")), give(world, unit="H2"), give(world, unit="S1")

    assert [task.id for task in world.small.asked(find_tasks)] == [first, second, late]
    assert [task.id for task in world.small.asked(find_tasks, units=["H2"], states=["open"])] == [second]
    assert world.small.asked(find_tasks, snapshot=5) == []


# --- from a workbook ------------------------------------------------------------------------------------------------


def take_in(world, *facts, when="9/3 08:00"):
    return world.small.changed(record_tasks, facts, is_simulated=False, context=by("system:test", "plan", when))


def fact(unit="H1", what="Scan", *, due="20/3", who="Mr An", **other):
    return TaskRecord(unit, what, who, day(due), **other)


@postgresql_in_soak
def test_plan_taken_in_again_changes_nothing(world):
    plan = [fact(number=str(n), what=f"Task {n}") for n in range(1, 24)]

    counts = [take_in(world, *plan), take_in(world, *plan)]

    assert [(each.accepted, each.revised, each.unchanged) for each in counts] == [(23, 0, 0), (0, 0, 23)]


def test_task_told_otherwise_is_revised_while_it_waits(world):
    take_in(world, fact(number="1"), fact("H2", "Scan"))

    counts = take_in(world, fact(what="Scan all", number="1", due="27/3"), fact("H2", "SCAN", finding="dust"))

    assert (counts.accepted, counts.revised) == (0, 2)
    assert [(task.what, task.due, task.kind) for task in world.small.asked(find_tasks)] == [
        ("SCAN", day("20/3"), "finding"),
        ("Scan all", day("27/3"), "task"),
    ]


def test_each_task_that_a_file_tells_otherwise_is_told_of_its_unit(world):
    take_in(world, fact(number="1"), fact("H2", "Scan", number="2"))
    take_in(world, fact(number="1", due="27/3"), fact("H2", "Scan", number="2", done="BC 12"), when="10/3 08:00")

    moved, done = (
        next(entry for entry in world.small.asked(find_story, unit) if entry.action == "revise_task")
        for unit in ("H1", "H2")
    )

    assert (moved.old, moved.new["due"]) == ({"due": "2024-03-20"}, "2024-03-27")
    assert (done.old, done.new["progress"], done.new["state"]) == ({}, "BC 12", "done")


def test_finding_of_a_file_is_kept_as_one_and_what_is_settled_stays_settled(world):
    take_in(world, fact(finding="No list"))
    task = world.small.asked(find_tasks)[0]
    decided(world, confirm_task, task.id, is_done=True)

    counts = take_in(world, fact(due="27/3"))

    assert task.kind == "finding"
    assert counts.unchanged == 1
    assert kept(world, task.id).due == day("20/3")
