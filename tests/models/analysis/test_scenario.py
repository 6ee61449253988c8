"""What "what if" starts from is what every page shows, and what it changes is nowhere to be found afterwards."""

import math
from decimal import Decimal

import numpy as np
import pytest

from models.analysis.compare import find_phase_results, find_stage
from targets.comparison.what_if import NOBODY, as_it_is
from targets.values import STANDINGS, Rule
from tests.models.conftest import Small, day, on_each_engine, small_campaign, small_files, with_indicator
from tests.models.results.test_rows import two_weeks

RULED = Rule(kind="central_plus", uplift=Decimal(10))


def stage(small: Small, when: str = "15/3", indicator: str = "online"):
    return small.asked(find_stage, as_of=day(when), indicator=indicator)


def in_phase(small: Small, phase: str, *, when: str = "15/3", **other):
    return small.asked(find_phase_results, as_of=day(when), indicator="online", phase=phase, **other)


def known(value: float) -> float | None:
    return None if math.isnan(value) else value


@pytest.mark.daily(1)
@on_each_engine
def test_scene_as_it_is_says_what_standing_tells(small: Small):
    two_weeks(small)
    small.load(("H1", "online", "6/3", 40, 120), ("S1", "online", "6/3", 20, 60), ("X1", "online", "6/3", 5, 20))
    rows = small.rows("15/3", indicator="online")

    result = stage(small)

    answer = as_it_is(result.scenario)
    assert result.codes == tuple(row.unit for row in rows)
    for at, row in enumerate(rows):
        assert STANDINGS[answer.progress.standing[at]] == row.standing, row.unit
        assert known(answer.progress.value[at]) == row.value
        assert known(answer.projection.probability[at]) == row.probability
        assert known(result.pace[at]) == row.pace
    assert result.codes[result.scenario.province] == "P"


@pytest.mark.soak
def test_units_are_counted_in_whoever_tells_for_them(small: Small):
    two_weeks(small)

    result = stage(small)

    whose = dict(zip(result.codes, result.scenario.counted_in.tolist(), strict=True))
    named = {code: None if at == NOBODY else result.codes[at] for code, at in whose.items()}
    assert named == {
        "P": None, "S1": "S1", "S2": "S2", "H1": "H1", "X1": "H1", "X2": "H1", "H2": "H2", "X3": "X3", "X4": None,
    }  # fmt: skip


@pytest.mark.daily(1)
@pytest.mark.parametrize("phase", ["first", "second"])
def test_phase_results_are_the_rows_that_standing_tells(small: Small, phase):
    two_weeks(small)
    rows = small.rows("15/3", indicator="online", phase=phase)

    result = in_phase(small, phase)

    assert result.codes == tuple(row.unit for row in rows)
    assert [STANDINGS[at] for at in result.standing] == [row.standing for row in rows]
    for name in ("value", "target", "probability"):
        assert [known(value) for value in getattr(result, name)] == [getattr(row, name) for row in rows]
    assert result.codes[result.province] == "P"


# --- another uplift -------------------------------------------------------------------------------------------------


@pytest.fixture
def ruled(small: Small) -> Small:
    """The centre asks for 50 %: S1 with 40 % owes 60, S2 with 67.37 % owes 77.37 and has registered 80."""
    small.found(small_files(with_indicator(small_campaign(), "online", rule=RULED)), when="1/3 09:00")
    small.register("S2", "online", "second", "80", when="2/3 08:00")
    two_weeks(small)
    return small


def test_another_uplift_changes_the_targets_that_the_rule_gives(ruled: Small):
    before, after = in_phase(ruled, "second"), in_phase(ruled, "second", uplift=Decimal(5))

    targets = {code: (now, then) for code, now, then in zip(before.codes, before.target, after.target, strict=True)}
    assert targets["S1"] == (60, 55)
    assert targets["X1"] == (60, 55)


def test_registered_target_stays_whatever_the_uplift(ruled: Small):
    after = in_phase(ruled, "second", uplift=Decimal(5))

    assert after.target[after.codes.index("S2")] == 80


def test_same_uplift_changes_nothing(ruled: Small):
    before, after = in_phase(ruled, "second"), in_phase(ruled, "second", uplift=Decimal(10))

    assert np.array_equal(before.target, after.target, equal_nan=True)
    assert np.array_equal(before.standing, after.standing)


def test_nothing_is_stored_by_asking_what_if(ruled: Small):
    version, rows = ruled.data_version(), ruled.rows("15/3")

    in_phase(ruled, "second", uplift=Decimal(3))

    assert ruled.data_version() == version
    assert ruled.rows("15/3") == rows
