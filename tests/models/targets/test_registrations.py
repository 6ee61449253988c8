"""What units register: at once where it is not below the assigned target, as a request where it is; and own dates."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlmodel import select

from models.results.inputs import load_campaign
from models.tables import AuditEntry, PhaseDates, Target
from models.targets.actions import issue_targets
from models.targets.agreements import find_waiting
from models.targets.registrations import (
    DecisionConflict,
    Incomplete,
    Registration,
    checked_target,
    decide_dates,
    decide_registration,
    register_target,
    request_dates,
)
from models.units.queries import find_target_versions
from targets.errors import UnknownName
from targets.permissions import Refused
from targets.values import UnitPhase
from tests.models.accounts_world import by, people
from tests.models.conftest import at, day, on_each_engine, postgresql_in_soak, small_campaign


@pytest.fixture
def world(small):
    """H1 is assigned 60 % online for the second phase (30 % before, the centre asks 50 %)."""
    small.load(("H1", "online", "8/3", 30, 100), ("S1", "online", "8/3", 30, 100))
    return people(small)


def register(world, value, *, login="truong.h1", unit="H1", phase="second", when="9/3 08:00", **other):
    result = {"document": "3/KH-H1", "document_date": day("8/3")} | other
    asked = Registration(unit, result.pop("indicator", "online"), phase, Decimal(value), **result)
    return world.small.changed(register_target, asked, context=by(login, "own plan", when))


def decide(world, target_id, *, login="dieuphoi", is_approved=True, seen_version=1, reason="agreed"):
    return world.small.changed(
        decide_registration, target_id, is_approved=is_approved, seen_version=seen_version,
        context=by(login, reason, "10/3 08:00"),
    )  # fmt: skip


def in_force(world, phase="second"):
    versions = world.small.asked(find_target_versions, "H1")
    return [
        (row.origin, row.value)
        for row in versions
        if row.is_in_force and (row.indicator, row.phase) == ("online", phase)
    ]


# --- registering ----------------------------------------------------------------------------------------------------


@pytest.mark.daily("sqlite")
@on_each_engine
def test_higher_target_counts_at_once_in_what_is_kept_too(world):
    done = register(world, "72.37")

    assert (done.state, done.assigned) == ("in_force", Decimal(60))
    assert in_force(world) == [("registered", Decimal("72.37"))]
    assert world.small.standing("8/3", phase="second")["H1", "online"].target == 72.37
    assert world.small.differences() == []


@postgresql_in_soak
def test_lower_target_waits_and_the_assigned_one_counts_on(world):
    done = register(world, "55")

    assert done.state == "requested"
    assert in_force(world) == [("proposed", Decimal(60))]


def test_target_equal_to_the_assigned_one_counts_at_once(world):
    assert register(world, "60").state == "in_force"


def test_target_where_none_is_assigned_counts_at_once(world):
    done = register(world, "20", indicator="payment")

    assert (done.state, done.assigned) == ("in_force", None)


def test_issued_target_is_what_a_registration_stands_against(world):
    world.small.changed(
        issue_targets, phase="second", document="629/KH", document_date=day("8/3"), context=by("dieuphoi")
    )

    assert register(world, "55").state == "requested"


def test_first_phase_of_the_department_of_transport_is_registered_as_it_published_it(world):
    """Sở GT-VT: 67.37 % in 2023, so 72.37 % after fifty days and 77.37 % after a hundred (article 002)."""
    world.create("truong.s2", "unit_head", ("S2",), hashed="hash")

    first = register(world, "72.37", login="truong.s2", unit="S2", phase="first", document="Kế hoạch của Sở")
    second = register(world, "77.37", login="truong.s2", unit="S2", document="Kế hoạch của Sở")

    assert (first.state, first.assigned) == ("in_force", Decimal("72.37"))
    assert (second.state, second.assigned) == ("in_force", Decimal("77.37"))


def test_units_below_may_be_registered_by_the_head_of_the_district(world):
    assert register(world, "90", unit="X1").state == "in_force"


def test_later_registration_takes_the_place_of_one_that_waits(world):
    waiting = register(world, "55")

    register(world, "65", when="9/3 09:00")

    with world.small.store.reading() as session:
        assert session.get(Target, waiting.target_id).state == "refused"
    assert in_force(world) == [("registered", Decimal(65))]


def test_registration_is_written_down_with_who_why_and_which_document(world):
    register(world, "55")

    with world.small.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "register_target")).one()
    assert (entry.by, entry.subject, entry.document, entry.reason) == (
        "truong.h1", "H1 online second", "3/KH-H1", "own plan",
    )  # fmt: skip
    assert (entry.old, entry.new) == ({"assigned": "60"}, {"value": "55", "state": "requested"})


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"value": "0"}, Incomplete, "above 0", id="nothing"),
        pytest.param({"value": "100.5"}, Incomplete, "up to 100", id="more than all"),
        pytest.param({"value": "NaN"}, Incomplete, "above 0", id="no number"),
        pytest.param({"value": "70", "document": " "}, Incomplete, "document", id="under no document"),
        pytest.param({"value": "70", "phase": "third"}, UnknownName, "third", id="for no phase"),
        pytest.param({"value": "70", "indicator": "speed"}, UnknownName, "speed", id="of no indicator"),
        pytest.param({"value": "70", "unit": "H9"}, UnknownName, "H9", id="for no unit"),
        pytest.param({"value": "70", "unit": "H2"}, Refused, "not for H2", id="for somebody else's unit"),
        pytest.param({"value": "70", "login": "lanhdao"}, Refused, "leader", id="by a leader"),
    ],
)
def test_nothing_is_registered_where_it_is(world, wrong, error, words):
    before = world.small.count("target")

    with pytest.raises(error, match=words):
        register(world, **wrong)

    assert world.small.count("target") == before


def test_nothing_is_registered_without_a_reason(world):
    asked = Registration("H1", "online", "second", Decimal(70), "3/KH")

    with pytest.raises(Incomplete, match="Say why"):
        world.small.changed(register_target, asked, context=by("truong.h1", " "))


# --- deciding -------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_approved_lower_target_counts_from_then_on(world):
    waiting = register(world, "55")

    decide(world, waiting.target_id)

    assert in_force(world) == [("registered", Decimal(55))]
    assert world.small.differences() == []
    with world.small.store.reading() as session:
        states = [(row.state, row.decided_by) for row in session.exec(
            select(Target).where(Target.origin == "registered").order_by(Target.version))]  # fmt: skip
    assert states == [("approved", "dieuphoi"), ("in_force", "dieuphoi")]


def test_approval_was_not_known_before_it_was_given(world):
    waiting = register(world, "55", when="9/3 08:00")
    decide(world, waiting.target_id)

    before = world.small.standing("8/3", phase="second", known_at=at("9/3 20:00"))["H1", "online"]

    assert before.target == 60


def test_refused_target_stays_as_a_trace(world):
    waiting = register(world, "55")

    decide(world, waiting.target_id, is_approved=False, reason="too low")

    assert in_force(world) == [("proposed", Decimal(60))]
    with world.small.store.reading() as session:
        row = session.get(Target, waiting.target_id)
    assert (row.state, row.decided_reason) == ("refused", "too low")


def test_second_of_two_coordinators_is_told_who_decided(world):
    waiting = register(world, "55")
    decide(world, waiting.target_id, reason="agreed by phone")

    with pytest.raises(DecisionConflict, match=r"dieuphoi decided it at 10/03/2024 08:00 \(agreed by phone\)"):
        decide(world, waiting.target_id, is_approved=False, reason="too low")


@pytest.mark.parametrize("seen_version", [0, 2])
def test_request_that_has_changed_since_it_was_seen_is_not_decided(world, seen_version):
    waiting = register(world, "55")

    with pytest.raises(DecisionConflict, match="Look at it again"):
        decide(world, waiting.target_id, seen_version=seen_version)


def test_only_the_office_decides(world):
    waiting = register(world, "55")

    with pytest.raises(Refused, match="unit_head"):
        decide(world, waiting.target_id, login="truong.h1")


@pytest.mark.parametrize("target_id", [1, 10**6], ids=["a proposal", "nothing"])
def test_what_is_no_registration_cannot_be_decided(world, target_id):
    with pytest.raises(UnknownName, match="No registration"):
        decide(world, target_id)


# --- own dates ------------------------------------------------------------------------------------------------------


def ask(world, phase, start, due, **other):
    result = {"login": "truong.h1", "unit": "H1", "document": "3/KH-H1"} | other
    return world.small.changed(
        request_dates, unit=result["unit"], phase=phase, start=day(start), due=None if due is None else day(due),
        document=result["document"], context=by(result["login"], "own plan", "9/3 08:00"),
    )  # fmt: skip


def decide_request(world, asked, *, is_approved=True, seen_version=1, login="dieuphoi"):
    world.small.changed(
        decide_dates,
        asked,
        is_approved=is_approved,
        seen_version=seen_version,
        context=by(login, "agreed", "10/3 08:00"),
    )


def due_of(world, **other):
    own = world.small.asked(load_campaign, **other).unit_phases
    return [dates.due for dates in own if (dates.unit, dates.phase) == ("H1", "first")]


@postgresql_in_soak
def test_own_dates_count_once_they_are_approved(world):
    asked = ask(world, "first", "4/3", "14/3")
    waiting = due_of(world)

    decide_request(world, asked)

    assert (waiting, due_of(world)) == ([], [day("14/3")])
    assert world.small.standing("8/3")["H1", "online"].due == day("14/3")
    assert world.small.differences() == []


def test_own_dates_were_not_known_before_they_were_approved(world):
    decide_request(world, ask(world, "first", "4/3", "14/3"))

    assert due_of(world, known_at=at("9/3 20:00")) == []


def test_refused_dates_change_nothing(world):
    decide_request(world, ask(world, "first", "4/3", "14/3"), is_approved=False)

    assert due_of(world) == []


def test_later_wish_takes_the_place_of_one_that_waits(world):
    first = ask(world, "first", "4/3", "14/3")

    ask(world, "first", "4/3", "15/3")

    with world.small.store.reading() as session:
        assert session.get(PhaseDates, first).state == "refused"


def test_later_dates_take_the_place_of_granted_ones(world):
    decide_request(world, ask(world, "first", "4/3", "14/3"))

    decide_request(world, ask(world, "first", "4/3", "15/3"))

    assert due_of(world) == [day("15/3")]


def test_dates_that_no_longer_fit_are_not_approved(world):
    late = ask(world, "first", "4/3", "22/3")
    world.small.changed(_shorten_second_phase, context=by("system:test", "office", "9/3 10:00"))

    with pytest.raises(Incomplete, match="phase after it begins"):
        decide_request(world, late)


def _shorten_second_phase(session, *, context):
    asked = session.get_one(
        PhaseDates,
        request_dates(
            session, unit="H1", phase="second", start=day("23/3"), due=day("12/4"), document="4/KH", context=context
        ),
    )
    asked.start = day("20/3")
    asked.state, asked.decided_at = "in_force", context.now
    session.add(asked)


def ask_for_two(world):
    """A first phase that runs into the campaign's second, and a second that begins after it."""
    first, second = (
        UnitPhase("H1", phase, day(start), day(due), "3/KH-H1")
        for phase, start, due in (("first", "4/3", "25/3"), ("second", "26/3", "10/4"))
    )

    def change(session, *, context):
        return [
            request_dates(
                session, unit="H1", phase=dates.phase, start=dates.start, due=dates.due, document="3/KH-H1",
                beside=(first, second), context=context,
            )
            for dates in (first, second)
        ]  # fmt: skip

    return world.small.changed(change, context=by("truong.h1", "own plan", "9/3 08:00"))


@pytest.mark.parametrize(("is_approved", "own"), [(True, ["first", "second"]), (False, [])])
def test_dates_asked_for_together_are_decided_together(world, is_approved, own):
    _, second = ask_for_two(world)

    decide_request(world, second, is_approved=is_approved)

    found = world.small.asked(load_campaign).unit_phases
    assert sorted(dates.phase for dates in found if dates.unit == "H1") == own
    with world.small.store.reading() as session:
        assert not session.exec(select(PhaseDates).where(PhaseDates.state == "requested")).all()


def test_dates_asked_for_anew_are_no_longer_part_of_the_request_before(world):
    ask_for_two(world)
    world.small.changed(
        request_dates, unit="H1", phase="second", start=day("27/3"), due=day("10/4"), document="4/KH-H1",
        context=by("truong.h1", "a better day", "9/3 09:00"),
    )  # fmt: skip

    assert [request.together for request in world.small.asked(find_waiting)] == [(), ()]


def test_open_ended_phase_may_begin_later_than_the_campaigns(world):
    asked = ask(world, "keep", "15/4", None)

    decide_request(world, asked)

    own = world.small.asked(load_campaign).unit_phases
    assert [(dates.start, dates.due) for dates in own if dates.unit == "H1"] == [(day("15/4"), None)]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        pytest.param(("first", "1/3", "14/3"), "before the campaign", id="begin before the campaign"),
        pytest.param(("first", "4/3", None), "due date", id="never end"),
        pytest.param(("first", "14/3", "6/3"), "before it begins", id="run backwards"),
        pytest.param(("second", "20/3", "12/4"), "runs to", id="begin before the phase before is over"),
    ],
)
def test_dates_are_refused_where_they(world, asked, words):
    with pytest.raises(Incomplete, match=words):
        ask(world, *asked)


def test_dates_of_no_request_cannot_be_decided(world):
    with pytest.raises(UnknownName, match="No request"):
        decide_request(world, 99)


def test_province_with_new_targets_is_computed_whole(world):
    world.create("chutich", "unit_head", ("P",), hashed="hash")

    register(world, "80", login="chutich", unit="P")

    assert world.small.differences() == []


@pytest.mark.parametrize(
    ("measured_in", "value", "said"),
    [
        ("count", "825", "825"),
        ("count", "0", "0"),
        ("count", "82.5", "target_no_count"),
        ("count", "-1", "target_no_count"),
        ("count", "NaN", "target_no_count"),
        ("days", "7.5", "7.5"),
        ("days", "120", "120"),
        ("days", "-1", "target_no_days"),
    ],
)
def test_target_of_a_count_or_of_days_has_no_ceiling_of_a_hundred(measured_in, value, said):
    indicator = replace(small_campaign().indicators[0], measured_in=measured_in)

    try:
        found = f"{checked_target(Decimal(value), indicator)}"
    except Incomplete as refused:
        found = refused.code

    assert found == said
