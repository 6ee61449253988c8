"""Rules without a target, and what a unit registers where lower is better."""

from dataclasses import replace
from decimal import Decimal

import pytest

from models.targets.actions import issue_targets, propose_targets
from models.targets.assigning import find_central_missing, foresee_issue
from models.targets.queries import find_targets
from models.targets.registrations import Incomplete, Registration, register_target
from targets.values import Rule
from tests.models.conftest import context, day, small_campaign, small_files, with_indicator


def refounded(small, **changes):
    small.found(small_files(with_indicator(small_campaign(), "payment", **changes)), when="2/3 08:00")
    return small


def test_indicator_that_is_only_followed_is_judged_by_nothing_and_missed_by_nobody(small):
    refounded(small, rule=Rule(kind="none"))
    small.load(("S1", "payment", "14/3", 30, 100))

    row = small.standing("14/3")["S1", "payment"]

    assert (row.standing, row.is_only_followed, row.target, row.gap) == ("no_target", True, None, None)
    assert row.value == 30
    assert "payment" not in small.asked(find_central_missing)


def test_issue_leaves_out_no_indicator_that_is_only_followed(small):
    refounded(small, rule=Rule(kind="none"))
    plan = small.asked(foresee_issue, phase="first", document="5/QĐ", document_date=day("3/3"), today=day("3/3"))

    done = small.changed(
        issue_targets, phase="first", document="5/QĐ", document_date=day("3/3"), context=context("3/3 08:00")
    )

    assert (plan.left_out, done.left_out) == ({}, {})


def test_proposals_made_before_are_withdrawn_when_no_target_is_meant_any_more(small):
    small.set_central("payment", "20", when="2/3 07:00")
    before = small.asked(find_targets, units=["S1"], indicator="payment", phase="second")

    refounded(small, rule=Rule(kind="none"))

    (after,) = small.asked(find_targets, units=["S1"], indicator="payment", phase="second")
    assert before[0].value is not None
    assert (after.value, after.because) == (None, "not_meant")
    assert small.changed(propose_targets, context=context("3/3 08:00")).proposed == 0


def test_nothing_is_proposed_for_an_indicator_that_was_only_followed_from_the_start(small):
    campaign = small_campaign()
    followed = replace(campaign.indicator("payment"), key="followed", order=9, rule=Rule(kind="none"))

    small.found(small_files(replace(campaign, indicators=(*campaign.indicators, followed))), when="2/3 08:00")

    assert small.asked(find_targets, indicator="followed") == []


def test_target_that_a_unit_registers_of_an_indicator_that_is_followed_counts(small):
    refounded(small, rule=Rule(kind="none"))
    small.register("S1", "payment", "first", "40", when="3/3 08:00")
    small.load(("S1", "payment", "14/3", 30, 100))

    row = small.standing("14/3")["S1", "payment"]

    assert (row.target, row.is_only_followed) == (40, False)
    assert row.standing != "no_target"


@pytest.mark.parametrize(("value", "state"), [("8", "in_force"), ("10", "in_force"), ("12", "requested")])
def test_registration_waits_where_it_allows_more_than_was_assigned(small, value, state):
    """The rule gives at most 10 % by the second milestone; a lower limit counts at once."""
    refounded(small, direction="down")
    small.set_central("payment", "20", when="2/3 09:00")
    request = Registration("S1", "payment", "second", Decimal(value), "3/KH")

    done = small.changed(register_target, request, context=context("3/3 08:00"))

    assert (done.state, done.assigned) == (state, Decimal(10))


@pytest.mark.parametrize("value", ["100", "-1", "1.9"])
def test_limit_that_cannot_be_is_refused(small, value):
    refounded(small, direction="down", floor=Decimal(2))
    request = Registration("S1", "payment", "second", Decimal(value), "3/KH")

    with pytest.raises(Incomplete) as refused:
        small.changed(register_target, request, context=context("3/3 08:00"))

    assert refused.value.code == "target_below_floor"
