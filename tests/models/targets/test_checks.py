"""Requests to check a figure: disputed with evidence, then revised or refused with a reason."""

import pytest
from sqlmodel import select

from models.meetings.actions import announce_figures
from models.tables import AuditEntry, CheckRequest
from models.targets.agreements import decided_lately, find_agreements
from models.targets.checks import Dispute, refuse_check, request_check, revise_figure
from models.targets.registrations import DecisionConflict, Incomplete
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import at, day, on_each_engine, postgresql_in_soak


@pytest.fixture
def world(small):
    small.load(("H1", "online", "8/3", 30, 100), when="8/3 18:00")
    return people(small)


def dispute(world, *, login="truong.h1", when="9/3 08:00", **other):
    result = {"unit": "H1", "indicator": "online", "evidence": "Our register says 60", "deadline": day("12/3")} | other
    return world.small.changed(request_check, Dispute(**result), context=by(login, "disputes", when))


def decided(world, request, change, *, login="dieuphoi", seen_version=1, when="10/3 08:00", reason="seen", **counts):
    world.small.changed(change, request, seen_version=seen_version, context=by(login, reason, when), **counts)


def kept(world, request):
    with world.small.store.reading() as session:
        return session.get_one(CheckRequest, request)


# --- disputed -------------------------------------------------------------------------------------------------------


@postgresql_in_soak
def test_dispute_names_the_very_figure_it_is_about(world):
    request = kept(world, dispute(world, numerator=60, denominator=100))

    assert (request.as_of, request.revision, request.state) == (day("8/3"), 1, "open")
    assert (request.proposed_numerator, request.proposed_denominator) == (60, 100)
    assert (request.by, request.deadline) == ("truong.h1", day("12/3"))


@pytest.mark.parametrize(
    ("when", "as_of", "deadline"),
    [
        pytest.param("11/3 08:00", "8/3", "12/3", id="the figure announced, until its deadline"),
        pytest.param("13/3 08:00", "11/3", "15/3", id="afterwards the newest, until its own"),
    ],
)
def test_figures_announced_are_the_ones_disputed_and_their_deadline_holds(world, when, as_of, deadline):
    """A newer figure has come since; what will be frozen is the announced one."""
    announced = {"as_of": day("10/3"), "deadline": day("12/3"), "title": "Tuần 2"}
    world.small.changed(announce_figures, **announced, context=by("dieuphoi", "announces", "10/3 19:00"))
    world.small.load(("H1", "online", "11/3", 50, 120), when="11/3 07:00")

    request = kept(world, dispute(world, when=when, deadline=day("15/3")))

    assert (request.as_of, request.deadline) == (day(as_of), day(deadline))


def test_unit_without_a_figure_by_the_day_announced_has_nothing_to_dispute(world):
    announced = {"as_of": day("7/3"), "deadline": day("12/3"), "title": "Tuần 2"}
    world.small.changed(announce_figures, **announced, context=by("dieuphoi", "announces", "8/3 19:00"))

    with pytest.raises(Incomplete, match="no figure"):
        dispute(world)


def test_decisions_of_the_last_week_are_told_the_newest_first(world):
    first = dispute(world)
    decided(world, first, refuse_check, reason="the register is of April")
    second = dispute(world, when="10/3 09:00")
    decided(world, second, revise_figure, when="11/3 08:00", numerator=60, denominator=100)
    dispute(world, when="11/3 09:00")
    requests = world.small.asked(find_agreements, units=["H1"])

    told = {on: [each.state for each in decided_lately(requests, day(on))] for on in ("11/3", "17/3", "18/3", "19/3")}

    assert told == {"11/3": ["revised", "refused"], "17/3": ["revised", "refused"], "18/3": ["revised"], "19/3": []}


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"evidence": " "}, Incomplete, "speaks against", id="nothing speaks against it"),
        pytest.param({"deadline": day("8/3")}, Incomplete, "lies ahead", id="the deadline is over"),
        pytest.param({"numerator": 60}, Incomplete, "both counts", id="half of it is known"),
        pytest.param({"numerator": 160, "denominator": 100}, Incomplete, "no larger", id="the counts do not fit"),
        pytest.param({"indicator": "payment"}, Incomplete, "no figure", id="there is none"),
        pytest.param({"unit": "H9"}, UnknownName, "H9", id="the unit is unknown"),
        pytest.param({"login": "lanhdao"}, Refused, "leader", id="a leader disputes it"),
    ],
)
def test_figure_is_not_disputed_where(world, wrong, error, words):
    with pytest.raises(error, match=words):
        dispute(world, **wrong)

    assert world.small.count("check_request") == 0


def test_figure_is_disputed_once_at_a_time(world):
    dispute(world)

    with pytest.raises(Incomplete, match="checked already"):
        dispute(world)


# --- decided --------------------------------------------------------------------------------------------------------


@pytest.mark.daily("sqlite")
@on_each_engine
def test_revised_figure_stands_beside_the_old_one(world):
    request = dispute(world)

    decided(world, request, revise_figure, numerator=60, denominator=100)

    assert world.small.standing("8/3")["H1", "online"].value == 60
    assert world.small.standing("8/3", known_at=at("9/3 08:00"))["H1", "online"].value == 30
    assert (kept(world, request).state, kept(world, request).decided_by) == ("revised", "dieuphoi")
    assert world.small.differences() == []


@postgresql_in_soak
def test_refused_request_leaves_the_figure_and_its_reason(world):
    request = dispute(world)

    decided(world, request, refuse_check, reason="drafts")

    assert world.small.standing("8/3")["H1", "online"].value == 30
    assert (kept(world, request).state, kept(world, request).decided_reason) == (
        "refused",
        "drafts",
    )


def test_figure_may_be_disputed_again_after_a_decision(world):
    decided(world, dispute(world), refuse_check)

    assert kept(world, dispute(world)).state == "open"


def test_decision_is_written_down(world):
    decided(world, dispute(world), refuse_check)

    with world.small.store.reading() as session:
        entry = session.exec(select(AuditEntry).where(AuditEntry.action == "refuse_check")).one()
    assert (entry.by, entry.subject, entry.reason) == ("dieuphoi", "H1 online", "seen")


@pytest.mark.parametrize(
    ("counts", "words"),
    [((30, 100), "stand there now"), ((110, 100), "no larger")],
    ids=["the same", "impossible"],
)
def test_figure_is_not_revised_to_counts_that_are(world, counts, words):
    request = dispute(world)

    with pytest.raises(Incomplete, match=words):
        decided(world, request, revise_figure, numerator=counts[0], denominator=counts[1])

    assert kept(world, request).state == "open"


def test_figure_revised_by_its_source_meanwhile_is_compared_as_it_stands(world):
    request = dispute(world)
    world.small.load(("H1", "online", "8/3", 60, 100), when="9/3 18:00")

    with pytest.raises(Incomplete, match="stand there now"):
        decided(world, request, revise_figure, numerator=60, denominator=100)


def test_second_of_two_coordinators_is_told_who_decided(world):
    request = dispute(world)
    decided(world, request, refuse_check, reason="drafts")

    with pytest.raises(DecisionConflict, match="drafts"):
        decided(world, request, revise_figure, numerator=60, denominator=100)


@pytest.mark.parametrize("change", [refuse_check, revise_figure])
def test_only_the_office_decides(world, change):
    request = dispute(world)
    counts = {"numerator": 60, "denominator": 100} if change is revise_figure else {}

    with pytest.raises(Refused, match="unit_head"):
        decided(world, request, change, login="truong.h1", **counts)


def test_request_nobody_made_cannot_be_decided(world):
    with pytest.raises(UnknownName, match="No request"):
        decided(world, 99, refuse_check)
