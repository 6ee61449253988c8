"""A unit's story: what the trail says of it alone, and its own line of what was done for many."""

import re
from decimal import Decimal

import pytest

from models.core.texts import texts
from models.readings.records import TaskRecord
from models.targets.actions import correct_issue, issue_targets
from models.targets.causes import Explanation, end_cause, state_cause
from models.targets.checks import Dispute, request_check, revise_figure
from models.targets.registrations import Registration, decide_registration, register_target, request_dates
from models.tasks.actions import give_task, record_tasks, report_on_task
from models.units.story import (
    ACTIONS,
    DatesChange,
    FigureChange,
    ScoreChange,
    TargetChange,
    TaskChange,
    find_story,
)
from targets.errors import UnknownName
from tests.jobs.wording.test_trail import recorded
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine
from tests.models.readings.test_withdrawing import load_scores, score

ISSUE = {"phase": "second", "document": "01/QĐ", "document_date": day("7/3")}


@pytest.fixture
def world(small):
    return people(small)


def changed(world, change, *arguments, login="dieuphoi", reason="vì thế", when, **other):
    return world.small.changed(change, *arguments, context=by(login, reason, when), **other)


def story(world, unit="H1"):
    return world.small.asked(find_story, unit)


def newest(world, unit="H1"):
    return story(world, unit)[0]


# --- what was done for many -----------------------------------------------------------------------------------------


@on_each_engine
def test_issue_for_all_units_is_told_of_each_with_what_was_proposed_and_what_is_owed(world):
    changed(world, issue_targets, **ISSUE, when="8/3 08:00")

    for unit in ("H1", "S2"):
        entry = newest(world, unit)
        assert (entry.action, entry.by, entry.reason) == (
            "issue_targets", "dieuphoi", "vì thế",
        )  # fmt: skip
        assert (entry.document, entry.document_date) == ("01/QĐ", day("7/3"))
    assert TargetChange("online", "second", Decimal(60), Decimal(60)) in newest(world).changes


def test_correction_of_an_issue_is_told_of_its_unit_against_what_was_issued(world):
    changed(world, issue_targets, **ISSUE, when="8/3 08:00")
    place = {"unit": "H1", "indicator": "online", "phase": "second", "value": Decimal(62)}
    other = {"document": "02/QĐ", "document_date": day("9/3"), "seen_version": 1}
    changed(world, correct_issue, **place, **other, when="9/3 08:00")

    entry = newest(world)

    assert (entry.action, entry.document, entry.document_date) == ("correct_issue", "02/QĐ", day("9/3"))
    assert entry.changes == (TargetChange("online", "second", Decimal(60), Decimal(62)),)
    assert newest(world, "S1").action == "issue_targets"


def test_proposals_and_results_of_the_year_before_came_with_the_campaign(world):
    changes = {change for entry in story(world, "S1") for change in entry.changes}

    assert TargetChange("online", "second", None, Decimal(60)) in changes
    assert TargetChange("online", "", None, Decimal(40)) in changes
    assert not [each for each in changes if isinstance(each, TargetChange) and each.old is each.new is None]


def test_target_that_one_action_proposed_twice_is_told_from_its_first_to_its_last_value(world):
    for value in ("45", "30"):
        world.small.set_baseline("S1", "online", value, when="9/3 08:00")

    entry = newest(world, "S1")

    changes = [each for each in entry.changes if (each.indicator, each.phase) == ("online", "")]
    assert changes == [TargetChange("online", "", Decimal(40), Decimal(30))]


def test_target_that_a_file_brought_is_told_under_the_load(world):
    world.small.register("S1", "online", "second", "70", when="9/3 08:00")

    entry = newest(world, "S1")

    assert (entry.action, entry.subject, entry.document) == ("load_targets", "file", "3/KH")
    assert entry.changes == (TargetChange("online", "second", Decimal(60), Decimal(70)),)


def test_load_is_told_by_what_it_revised_and_never_by_what_merely_arrived(world):
    for date in ("8/3", "9/3", "10/3"):
        world.small.load(("H1", "online", date, 30, 100), ("S1", "online", date, 3, 10), when=f"{date} 18:00")
    before = len(story(world))
    world.small.load(("H1", "online", "8/3", 35, 100), ("S1", "online", "8/3", 3, 10), when="11/3 18:00")

    entry = newest(world)

    [change] = entry.changes
    assert (entry.action, entry.by, len(story(world))) == ("load_readings", "system:test", before + 1)
    assert isinstance(change, FigureChange)
    assert (change.old.numerator, change.new.numerator, change.new.as_of) == (30, 35, day("8/3"))
    assert "load_readings" not in {each.action for each in story(world, "S1")}


@on_each_engine
def test_score_that_was_told_again_is_told_with_the_load_that_brought_it(world):
    for points in ("80", "80", "85"):
        load_scores(world.small, score("S1", points), score("S2", "70"))

    entry = newest(world, "S1")

    [change] = entry.changes
    assert isinstance(change, ScoreChange)
    assert (entry.action, change.old.points, change.new.points) == ("load_scores", Decimal(80), Decimal(85))
    assert "load_scores" not in {each.action for each in story(world, "S2")}


def test_every_action_of_the_trail_is_declared_as_part_of_a_units_story_or_as_none():
    declared = {action for actions in ACTIONS.values() for action in actions}
    written = set(recorded())

    assert not {action for what in ACTIONS if what != "nothing" for action in ACTIONS[what]} & {*ACTIONS["nothing"]}
    assert [action for action in sorted(written) if not any(re.fullmatch(action, name) for name in declared)] == []
    assert [name for name in sorted(declared) if not any(re.fullmatch(action, name) for action in written)] == []
    named = {key.removeprefix("audit.action_name.") for key in texts("vi") if key.startswith("audit.action_name.")}
    assert {name for name in named if re.match("load_|row_", name)} <= declared


def test_tasks_of_a_file_are_told_of_the_unit_they_are_about(world):
    tasks = [TaskRecord("H1", "Số hóa", "Văn phòng", day("20/3")), TaskRecord("H1", "Niêm yết", "", day("21/3"))]
    changed(world, record_tasks, tasks, is_simulated=False, when="9/3 08:00")

    entry = newest(world)

    assert entry.action == "record_tasks"
    assert entry.changes == (
        TaskChange("Số hóa", "Văn phòng", day("20/3")), TaskChange("Niêm yết", "", day("21/3")),
    )  # fmt: skip


# --- what was done for one ------------------------------------------------------------------------------------------


def test_dispute_is_told_with_the_figure_that_it_changed(world):
    world.small.load(("H1", "online", "8/3", 30, 100), when="8/3 18:00")
    dispute = Dispute(unit="H1", indicator="online", evidence="Sổ ghi 60", deadline=day("12/3"))
    request = changed(world, request_check, dispute, login="truong.h1", when="9/3 08:00")
    counts = {"numerator": 60, "denominator": 100, "seen_version": 1}
    changed(world, revise_figure, request, **counts, when="10/3 08:00")

    decided, asked = story(world)[:2]

    assert (asked.action, asked.by, asked.new["evidence"]) == ("request_check", "truong.h1", "Sổ ghi 60")
    assert (decided.action, decided.indicator, decided.reason) == ("revise_figure", "online", "vì thế")
    assert [(each.old.numerator, each.new.numerator) for each in decided.changes] == [(30, 60)]


def test_registration_below_the_target_is_told_as_asked_for_and_as_approved(world):
    wish = Registration("H1", "online", "second", Decimal(55), "12/KH", day("8/3"))
    asked = changed(world, register_target, wish, login="truong.h1", when="9/3 08:00").target_id
    changed(world, decide_registration, asked, is_approved=True, seen_version=1, when="10/3 08:00")

    approved, request = story(world)[:2]

    change = TargetChange("online", "second", Decimal(60), Decimal(55))
    assert (request.action, request.by, request.changes, request.new["state"]) == (
        "register_target", "truong.h1", (change,), "requested",
    )  # fmt: skip
    assert (approved.action, approved.by, approved.changes) == ("approve_registration", "dieuphoi", (change,))


def test_every_step_of_a_cause_stays_told_though_its_row_knows_the_last_alone(world):
    cause = Explanation("H1", "online", "staff", "Thiếu người", "Tuyển thêm", "Chủ tịch", day("20/3"))
    stated = changed(world, state_cause, cause, login="truong.h1", when="9/3 08:00")
    changed(world, end_cause, stated, seen_version=1, when="11/3 08:00")

    ended, told = story(world)[:2]

    assert (told.action, told.indicator, told.new["text"]) == ("state_cause", "online", "Thiếu người")
    assert (ended.action, ended.indicator) == ("end_cause", "online")


def test_report_on_a_task_names_the_task(world):
    task = TaskRecord("H1", "Số hóa", "Văn phòng", day("20/3"))
    given = changed(world, give_task, task, when="9/3 08:00")
    report = {"progress": "một nửa", "seen_version": 1}
    changed(world, report_on_task, given, **report, login="truong.h1", when="10/3 08:00")

    reported, before = story(world)[:2]

    assert (reported.action, reported.new["what"], reported.new["progress"]) == ("report_on_task", "Số hóa", "một nửa")
    assert (before.action, before.changes) == ("give_task", ())


def test_dates_asked_for_are_told_once(world):
    dates = {"unit": "H1", "phase": "first", "start": day("5/3"), "due": day("21/3"), "document": "12/KH"}
    changed(world, request_dates, **dates, login="truong.h1", when="9/3 08:00")

    assert newest(world).changes == (DatesChange("first", day("5/3"), day("21/3")),)
    assert [entry.action for entry in story(world)].count("request_dates") == 1


def test_unit_whose_code_begins_alike_has_a_story_of_its_own(world):
    changed(world, give_task, TaskRecord("H1", "Số hóa", "Văn phòng", day("20/3")), when="9/3 08:00")

    assert "give_task" not in {entry.action for entry in story(world, "H2")}
    with pytest.raises(UnknownName, match="H"):
        story(world, "H")
