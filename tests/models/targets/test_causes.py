"""Causes: stated by the unit, confirmed or not by the coordinator, asked for by a leader."""

import pytest
from sqlmodel import select

from models.tables import AuditEntry, Cause, ExplanationRequest
from models.targets.causes import Explanation, ask_for_explanation, decide_cause, end_cause, state_cause
from models.targets.registrations import DecisionConflict, Incomplete
from models.units.queries import find_causes
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine, postgresql_in_soak

TODAY = "9/3 08:00"


@pytest.fixture
def world(small):
    return people(small)


def state(world, *, login="truong.h1", when=TODAY, **other):
    result = {
        "unit": "H1", "indicator": "online", "category": "synchronisation", "text": "The portal counts late",
        "action": "Send the lists daily", "who": "Phòng Một cửa", "due": day("20/3"),
    } | other  # fmt: skip
    return world.small.changed(state_cause, Explanation(**result), context=by(login, "explains itself", when))


def decide(world, cause, *, login="dieuphoi", is_confirmed=True, seen_version=1, reason="seen"):
    world.small.changed(
        decide_cause, cause, is_confirmed=is_confirmed, seen_version=seen_version,
        context=by(login, reason, "10/3 08:00"),
    )  # fmt: skip


def in_force(world, when="11/3"):
    return world.small.asked(find_causes, as_of=day(when)).get(("H1", "online"))


def ask(world, *, login="lanhdao", **other):
    result = {"unit": "H1", "indicator": "online", "question": "Why so few?", "deadline": day("15/3")} | other
    return world.small.changed(ask_for_explanation, **result, context=by(login, "weekly meeting", TODAY))


def request_state(world, request):
    with world.small.store.reading() as session:
        row = session.get_one(ExplanationRequest, request)
        return row.state, row.cause_id


# --- stated ---------------------------------------------------------------------------------------------------------


@on_each_engine
def test_stated_cause_counts_and_is_not_confirmed_yet(world):
    state(world)

    found = in_force(world)

    assert (found.category, found.text, found.action, found.due) == (
        "synchronisation", "The portal counts late", "Send the lists daily", day("20/3"),
    )  # fmt: skip
    assert not found.is_confirmed


def test_later_statement_takes_the_place_of_the_one_before_and_waits_anew(world):
    decide(world, state(world))

    state(world, category="staff", text="Two people left", when="11/3 08:00")

    assert (in_force(world).category, in_force(world).is_confirmed) == ("staff", False)
    with world.small.store.reading() as session:
        assert [row.state for row in session.exec(select(Cause).order_by(Cause.id))] == ["ended", "stated"]


def test_cause_with_an_end_is_over_the_day_after(world):
    state(world, ends_on=day("12/3"))

    assert (in_force(world, "12/3") is None, in_force(world, "13/3") is None) == (False, True)


def test_statement_is_written_down_beside_what_was_said_before(world):
    state(world)
    state(world, category="staff", text="Two people left")

    with world.small.store.reading() as session:
        first, second = session.exec(select(AuditEntry).where(AuditEntry.action == "state_cause")).all()
    assert (first.by, first.subject, first.old) == ("truong.h1", "H1 online", None)
    assert second.old == {"category": "synchronisation", "text": "The portal counts late"}


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"text": " "}, Incomplete, "what the cause is", id="no cause is named"),
        pytest.param({"action": ""}, Incomplete, "what will be done", id="nothing will be done"),
        pytest.param({"who": ""}, Incomplete, "who will do it", id="nobody will do it"),
        pytest.param({"due": day("8/3")}, Incomplete, "lies ahead", id="it should be done already"),
        pytest.param({"ends_on": day("8/3")}, Incomplete, "has ended", id="the cause is over"),
        pytest.param({"category": "weather"}, UnknownName, "weather", id="the category is unknown"),
        pytest.param({"indicator": "speed"}, UnknownName, "speed", id="the indicator is unknown"),
        pytest.param({"unit": "H2"}, Refused, "not for H2", id="the unit is somebody else's"),
        pytest.param({"login": "nguoixem"}, Refused, "viewer", id="a viewer states it"),
    ],
)
def test_no_cause_is_stated_where(world, wrong, error, words):
    with pytest.raises(error, match=words):
        state(world, **wrong)

    assert world.small.count("cause") == 0


# --- decided --------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_confirmed_external_cause_takes_the_unit_from_the_list_of_those_to_be_pressed(world):
    decide(world, state(world))

    assert in_force(world).is_external


def test_cause_that_is_not_confirmed_no_longer_counts(world):
    decide(world, state(world), is_confirmed=False)

    assert in_force(world) is None


def test_second_of_two_coordinators_is_told_who_decided(world):
    cause = state(world)
    decide(world, cause, reason="seen on the spot")

    with pytest.raises(DecisionConflict, match="seen on the spot"):
        decide(world, cause, is_confirmed=False)


def test_unit_does_not_confirm_itself(world):
    with pytest.raises(Refused, match="unit_head"):
        decide(world, state(world), login="truong.h1")


def test_cause_nobody_stated_cannot_be_decided(world):
    with pytest.raises(UnknownName, match="No cause"):
        decide(world, 99)


@pytest.mark.parametrize("is_confirmed", [False, True])
def test_unit_ends_its_cause_whether_it_was_confirmed_or_not(world, is_confirmed):
    cause = state(world)
    if is_confirmed:
        decide(world, cause)

    world.small.changed(end_cause, cause, seen_version=1 + is_confirmed, context=by("truong.h1", "solved"))

    assert in_force(world) is None


def test_cause_that_has_ended_does_not_end_twice(world):
    cause = state(world)
    world.small.changed(end_cause, cause, seen_version=1, context=by("truong.h1", "solved"))

    with pytest.raises(DecisionConflict, match="solved"):
        world.small.changed(end_cause, cause, seen_version=2, context=by("truong.h1", "solved again"))


# --- asked for ------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_statement_answers_the_leaders_question(world):
    request = ask(world)

    cause = state(world)

    assert request_state(world, request) == ("answered", cause)


def test_statement_on_another_indicator_answers_nothing(world):
    request = ask(world)

    state(world, indicator="payment")

    assert request_state(world, request) == ("open", None)


def test_asking_again_moves_the_question(world):
    first = ask(world)

    second = ask(world, deadline=day("18/3"))

    assert (request_state(world, first)[0], request_state(world, second)[0]) == ("withdrawn", "open")


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"question": " "}, Incomplete, "what the unit is to explain", id="nothing is asked"),
        pytest.param({"deadline": day("8/3")}, Incomplete, "lies ahead", id="the deadline is over"),
        pytest.param({"unit": "H9"}, UnknownName, "H9", id="the unit is unknown"),
        pytest.param({"login": "truong.h1"}, Refused, "unit_head", id="a unit asks itself"),
    ],
)
def test_no_explanation_is_asked_for_where(world, wrong, error, words):
    with pytest.raises(error, match=words):
        ask(world, **wrong)

    assert world.small.count("explanation_request") == 0
