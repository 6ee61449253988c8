"""A rule tried out before anything is saved."""

from decimal import Decimal

import pytest

from models.targets.queries import try_rule
from targets.errors import UnknownName
from targets.values import Rule


def test_smaller_uplift_changes_what_every_unit_below_the_cap_would_owe(small):
    trial = small.asked(try_rule, "online", Rule(kind="central_plus", uplift=Decimal(5)))

    tried = {(target.unit, target.phase): (target.now, target.tried) for target in trial.targets}
    assert tried["S1", "second"] == (Decimal(60), Decimal(55))
    assert tried["S2", "second"] == (Decimal("77.37"), Decimal("72.37"))
    assert tried["S1", "first"] == (Decimal(50), Decimal(50))
    assert (trial.units_changed, trial.units) == (9, 10)


def test_same_rule_changes_nobody(small):
    assert small.asked(try_rule, "online", Rule(kind="central_plus")).units_changed == 0


def test_rule_without_a_central_target_gives_no_value_on_either_side(small):
    trial = small.asked(try_rule, "payment", Rule(kind="central_plus", uplift=Decimal(5)))

    assert {(target.now, target.tried) for target in trial.targets} == {(None, None)}


def test_trying_saves_nothing(small):
    before = small.data_version(), small.count("target")

    small.asked(try_rule, "online", Rule(kind="fixed"))

    assert (small.data_version(), small.count("target")) == before


def test_indicator_must_exist(small):
    with pytest.raises(UnknownName, match="speed"):
        small.asked(try_rule, "speed", Rule(kind="fixed"))
