"""What waits for whom, and what became of it."""

from decimal import Decimal

import pytest

from models.targets.agreements import find_agreements, find_under_review, find_waiting
from models.targets.causes import Explanation, ask_for_explanation, decide_cause, state_cause
from models.targets.checks import Dispute, refuse_check, request_check
from models.targets.registrations import Registration, decide_registration, register_target, request_dates
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine


@pytest.fixture
def world(small):
    small.load(("H1", "online", "8/3", 30, 100))
    return people(small)


def one_of_each(world):
    """A leader asks, the head of H1 does the rest, an hour apart, so that the order is known."""
    change = world.small.changed
    request = Registration("H1", "online", "second", Decimal(55), "3/KH")
    result = Explanation("H1", "payment", "staff", "Two left", "Hire", "Phòng Một cửa", day("20/3"))
    return {
        "question": change(
            ask_for_explanation, unit="H1", indicator="online", question="Why?", deadline=day("15/3"),
            context=by("lanhdao", when="9/3 07:00"),
        ),
        "registration": change(
            register_target, request, context=by("truong.h1", "too few staff", "9/3 08:00")
        ).target_id,
        "dates": change(
            request_dates, unit="H1", phase="first", start=day("4/3"), due=day("14/3"), document="3/KH",
            context=by("truong.h1", "own plan", "9/3 09:00"),
        ),
        "cause": change(state_cause, result, context=by("truong.h1", when="9/3 10:00")),
        "check": change(
            request_check, Dispute("H1", "online", "register", day("12/3"), 60, 100),
            context=by("truong.h1", when="9/3 11:00"),
        ),
    }  # fmt: skip


@on_each_engine
def test_everything_that_waits_is_listed_oldest_first(world):
    made = one_of_each(world)

    waiting = world.small.asked(find_waiting)

    assert [(row.kind, row.id) for row in waiting] == list(made.items())
    assert {(row.unit, row.unit_name) for row in waiting} == {("H1", "UBND huyện Một")}


def test_each_kind_says_what_a_decision_needs(world):
    one_of_each(world)

    result = {row.kind: row for row in world.small.asked(find_waiting)}

    assert (result["registration"].value, result["registration"].assigned) == (Decimal(55), Decimal(60))
    assert (result["registration"].text, result["registration"].document) == ("too few staff", "3/KH")
    assert (result["dates"].start, result["dates"].due) == (day("4/3"), day("14/3"))
    assert (result["cause"].category, result["cause"].action, result["cause"].who) == ("staff", "Hire", "Phòng Một cửa")
    assert (result["check"].numerator, result["check"].proposed_numerator, result["check"].as_of) == (
        30,
        60,
        day("8/3"),
    )
    assert (result["question"].text, result["question"].deadline) == ("Why?", day("15/3"))


def test_only_the_units_asked_for_are_listed(world):
    one_of_each(world)

    assert world.small.asked(find_waiting, units=["S1"]) == []


def test_what_was_decided_waits_no_longer_and_stays_with_its_reason(world):
    made = one_of_each(world)
    decision = {"seen_version": 1, "context": by("dieuphoi", "seen", "10/3 08:00")}
    world.small.changed(decide_registration, made["registration"], is_approved=True, **decision)
    world.small.changed(decide_cause, made["cause"], is_confirmed=True, **decision)
    world.small.changed(refuse_check, made["check"], **decision)

    result = {row.kind: row for row in world.small.asked(find_agreements)}

    assert [row.kind for row in world.small.asked(find_waiting)] == ["question", "dates"]
    assert [result[kind].state for kind in ("registration", "cause", "check")] == ["approved", "confirmed", "refused"]
    assert (result["check"].decided_by, result["check"].decided_reason) == ("dieuphoi", "seen")


def test_figure_is_under_review_until_it_is_decided(world):
    made = one_of_each(world)
    before = world.small.asked(find_under_review)

    world.small.changed(refuse_check, made["check"], seen_version=1, context=by("dieuphoi", "seen", "10/3 08:00"))

    assert before == {("H1", "online"): day("12/3")}
    assert world.small.asked(find_under_review) == {}


def test_nothing_agreed_is_an_empty_list(world):
    assert world.small.asked(find_agreements) == []
