"""Proposals adjusted with a reason, and issues corrected by a new version."""

from dataclasses import replace
from decimal import Decimal

import pytest

from models.targets.actions import (
    Adjustment,
    NothingToIssue,
    adjust_proposal,
    adjust_proposals,
    correct_issue,
    enter_central,
    issue_targets,
    propose_targets,
)
from models.targets.queries import find_targets
from models.targets.registrations import DecisionConflict, Incomplete
from targets.errors import UnknownName
from targets.permissions import Refused
from targets.values import Rule
from tests.models.accounts_world import by, people
from tests.models.conftest import (
    context,
    day,
    on_each_engine,
    postgresql_in_soak,
    small_campaign,
    small_files,
    with_indicator,
)
from tests.models.versions import newest_version


@pytest.fixture
def world(small):
    """S1 is proposed 60 % online for the second phase."""
    small.load(("S1", "online", "8/3", 30, 100))
    return people(small)


def adjust(world, value, *, unit="S1", indicator="online", phase="second", login="dieuphoi", reason="few dossiers"):
    value = None if value is None else Decimal(value)
    world.small.changed(
        adjust_proposal, unit=unit, indicator=indicator, phase=phase, value=value,
        seen_version=newest_version(world.small, unit, indicator, phase, "proposed"),
        context=by(login, reason, "9/3 08:00"),
    )  # fmt: skip


def issue(world):
    return world.small.changed(
        issue_targets, phase="second", document="629/KH", document_date=day("8/3"), context=by("dieuphoi", "issue")
    )


def correct(world, value, *, document="700/KH", login="dieuphoi", unit="S1", phase="second"):
    world.small.changed(
        correct_issue, unit=unit, indicator="online", phase=phase, value=Decimal(value), document=document,
        document_date=day("10/3"), seen_version=newest_version(world.small, unit, "online", phase, "issued"),
        context=by(login, "a mistake", "10/3 08:00"),
    )  # fmt: skip


def target(world, unit="S1", indicator="online"):
    return world.small.asked(find_targets, units=[unit], indicator=indicator, phase="second")[0]


@postgresql_in_soak
def test_adjusted_proposal_counts_and_says_what_the_rule_gives_and_why(world):
    adjust(world, "57.5")

    adjusted = target(world)
    assert (adjusted.value, adjusted.because) == (Decimal("57.5"), "adjusted")
    assert adjusted.explanation_en == "Adjusted to 57.5%, the rule gives 60%: few dossiers."
    assert world.small.standing("8/3", phase="second")["S1", "online"].target == 57.5
    assert world.small.differences() == []


def test_adjustment_where_the_rule_gives_nothing_says_so(world):
    adjust(world, "20", indicator="payment")

    assert target(world, indicator="payment").explanation_en == (
        "Adjusted to 20%, the rule gives no value yet: few dossiers."
    )


def test_adjustment_outlives_proposing_again(world):
    adjust(world, "57.5")

    world.small.changed(propose_targets, context=context())

    assert target(world).value == Decimal("57.5")


@postgresql_in_soak
def test_adjustment_stays_when_the_central_target_changes_and_says_what_the_rule_gives_now(world):
    adjust(world, "57.5")

    world.small.set_central("online", "55")

    assert target(world).explanation_en == "Adjusted to 57.5%, the rule gives 65%: few dossiers."
    assert world.small.differences() == []
    assert world.small.changed(propose_targets, context=context()).kept == ()


def test_adjustments_that_a_central_target_touches_are_told_and_those_named_go_back_to_the_rule(world):
    for unit in ("S1", "H1"):
        adjust(world, "57.5", unit=unit)
    entered = {"indicator": "online", "year": 2024, "level": "", "value": Decimal(55), "document": "900/QĐ"}

    done = world.small.changed(
        enter_central, **entered, to_rule=[("H1", "online", "second")], context=by("dieuphoi", "decided", "10/3 08:00")
    )  # fmt: skip

    [kept] = done.kept
    assert (kept.place, kept.name, kept.value, kept.of_rule) == (
        ("S1", "online", "second"), "Sở Một", Decimal("57.5"), 65,
    )  # fmt: skip
    assert (target(world, "H1").value, target(world, "H1").because) == (65, "below_central")


def test_adjustment_gives_way_where_the_rule_proposes_no_target_any_more(world):
    adjust(world, "57.5")
    campaign = with_indicator(small_campaign(), "online", rule=Rule(kind="none"))

    world.small.found(small_files(campaign), when="10/3 08:00")

    assert (target(world).value, target(world).because) == (None, "not_meant")


def test_many_are_adjusted_at_once_each_with_its_own_reason_or_none(world):
    wanted = [Adjustment(unit, "online", "second", Decimal(value), f"why {unit}", 1)
              for unit, value in (("S1", "57"), ("H1", "60"))]  # fmt: skip

    done = world.small.changed(adjust_proposals, wanted, context=by("dieuphoi", "a sheet", "9/3 08:00"))

    assert done == 2
    assert target(world).explanation_en.endswith("the rule gives 60%: why S1.")
    assert world.small.differences() == []
    with pytest.raises(DecisionConflict):
        world.small.changed(
            adjust_proposals, [replace(wanted[0], value=Decimal(58), seen_version=2), replace(wanted[1], value=None)],
            context=by("dieuphoi", "a sheet", "9/3 09:00"),
        )  # fmt: skip
    assert target(world).value == 57


def test_adjustment_is_taken_back(world):
    adjust(world, "57.5")

    adjust(world, None)

    assert (target(world).value, target(world).because) == (Decimal(60), "below_central")


def test_taking_back_what_was_never_adjusted_changes_nothing(world):
    before = world.small.count("target")

    adjust(world, None)

    assert world.small.count("target") == before


def test_adjusted_value_is_what_is_issued(world):
    adjust(world, "57.5")

    issue(world)

    assert (target(world).origin, target(world).value) == ("issued", Decimal("57.5"))


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"value": "120"}, Incomplete, "up to 100", id="the value is no percent"),
        pytest.param({"value": "57", "reason": " "}, Incomplete, "Say why", id="nobody says why"),
        pytest.param({"value": "57", "unit": "S9"}, UnknownName, "S9", id="the unit is unknown"),
        pytest.param({"value": "57", "phase": "third"}, UnknownName, "third", id="the phase is unknown"),
        pytest.param({"value": "57", "login": "truong.h1"}, Refused, "unit_head", id="a unit head adjusts"),
    ],
)
def test_proposal_is_not_adjusted_where(world, wrong, error, words):
    with pytest.raises(error, match=words):
        adjust(world, **wrong)

    assert target(world).value == 60


# --- corrected ------------------------------------------------------------------------------------------------------


@pytest.mark.daily("sqlite")
@on_each_engine
def test_corrected_issue_stands_under_its_own_document(world):
    issue(world)

    correct(world, "58")

    corrected = target(world)
    assert (corrected.value, corrected.document, corrected.version) == (Decimal(58), "700/KH", 2)
    assert world.small.differences() == []


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        pytest.param({"value": "0"}, Incomplete, "above 0", id="the value is none"),
        pytest.param({"value": "58", "document": ""}, Incomplete, "give its number", id="no document says so"),
        pytest.param({"value": "58", "phase": "first"}, NothingToIssue, "the phase first", id="nothing was issued"),
        pytest.param({"value": "58", "login": "lanhdao"}, Refused, "leader", id="a leader corrects"),
    ],
)
def test_issue_is_not_corrected_where(world, wrong, error, words):
    issue(world)

    with pytest.raises(error, match=words):
        correct(world, **wrong)

    assert target(world).value == 60


def test_target_for_which_the_rule_gives_nothing_is_corrected_like_any_other(world):
    adjust(world, "20", indicator="payment")
    issue(world)

    world.small.changed(
        correct_issue, unit="S1", indicator="payment", phase="second", value=Decimal(25), document="700/KH",
        document_date=day("10/3"), seen_version=1, context=by("dieuphoi", "a mistake", "10/3 08:00"),
    )  # fmt: skip

    assert target(world, indicator="payment").value == 25
