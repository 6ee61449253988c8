"""Where a rate will be: against a plain calculation, what can never be, and examples a leader would check."""

import math
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.projection.outlook import EARNED, TESTED, Projection
from targets.projection.projection import project
from targets.standing.history import LOOKS
from targets.standing.progress import DILUTED, PERMANENT, REPAIRABLE
from tests.targets.campaigns import NAN, Series, outlook_of, series
from tests.targets.plain_projection import plain_projection


def rows(found: Projection) -> list[tuple[float, ...]]:
    return list(zip(found.projection, found.low, found.high, found.chance, found.trust, strict=True))


def steady(share: float, *, cases: int = 20, **known: object) -> Series:
    """Four weeks with the same number of cases on every working day, the same share of them right."""
    worked = tuple(float(look) for look in LOOKS)
    denominator = tuple(float(cases * (40 - look)) for look in LOOKS)
    case = Series(
        worked=worked,
        numerator=tuple(float(round(share * count)) for count in denominator),
        denominator=denominator,
        reported=(NAN,) * len(LOOKS),
        days_left=10.0,
        expected=float(10 * cases),
        target=50.0,
        ceiling=100.0,
        shortfall=DILUTED,
        is_arriving=True,
        is_sound=True,
    )
    return replace(case, **known)  # type: ignore[arg-type]


def project_one(case: Series) -> tuple[float, ...]:
    return rows(project(outlook_of([case])))[0]


# --- against the plain calculation ----------------------------------------------------------------------------------


@given(st.lists(series(), min_size=1, max_size=8))
def test_projection_equals_the_plain_one_when_campaigns_are_random(cases):
    found = rows(project(outlook_of(cases)))

    expected = [plain_projection(case) for case in cases]

    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, nan_ok=True, abs=1e-6)


@pytest.mark.soak
@given(st.lists(series(), min_size=1, max_size=8))
def test_projection_never_leaves_the_possible_when_campaigns_are_random(cases):
    found = project(outlook_of(cases))

    for case, (projection, low, high, chance, trust) in zip(cases, rows(found), strict=True):
        if not math.isnan(projection):
            assert 0 <= low <= projection <= high <= case.ceiling
        assert math.isnan(chance) or 0 <= chance <= 1
        assert math.isnan(trust) or 0 <= trust <= 1
        assert math.isnan(chance) == (math.isnan(projection) or math.isnan(case.target))


@given(series(), st.lists(st.integers(0, 10_000), min_size=2, max_size=12))
def test_probability_never_grows_with_the_target(case, targets):
    cases = [replace(case, target=target / 100) for target in sorted(targets)]

    found = project(outlook_of(cases)).chance

    assert np.isnan(found).all() or (np.diff(found) <= 0).all()


@pytest.mark.soak
@given(st.lists(series(), min_size=2, max_size=6))
def test_projection_of_a_case_does_not_depend_on_the_others(cases):
    together = rows(project(outlook_of(cases)))

    alone = [project_one(case) for case in cases]

    assert np.array_equal(np.array(together), np.array(alone), equal_nan=True)


# --- what a leader would check --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shortfall", [DILUTED, PERMANENT])
def test_projection_stays_where_it_is_when_new_cases_are_like_the_old_ones(shortfall):
    projection, low, high, probability, _ = project_one(steady(0.4, shortfall=shortfall))

    assert projection == pytest.approx(40, abs=0.3)
    assert low < 40 < high
    assert probability < 0.05


def test_projection_moves_as_far_as_the_cases_to_come_can_move_it():
    """800 cases so far at 40 %, of late at 60: 200 more at about 60 make 44."""
    worked = tuple(float(look) for look in LOOKS)
    case = steady(0.4)
    denominator = case.denominator
    numerator = tuple(320 - 0.6 * (800 - count) for count in denominator)

    projection, *_ = project_one(replace(case, worked=worked, numerator=numerator))

    assert projection == pytest.approx((320 + 120) / 10, abs=0.3)


@pytest.mark.parametrize("shortfall", [DILUTED, PERMANENT])
def test_target_has_no_probability_of_arrival_when_even_all_cases_to_come_are_too_few(shortfall):
    case = steady(0.4, shortfall=shortfall, expected=100.0)

    best = 100 * (case.numerator[0] + 100) / (case.denominator[0] + 100)

    assert project_one(replace(case, target=best + 0.01))[3] == 0
    assert project_one(replace(case, target=best))[3] < 0.05


def test_a_hundred_percent_is_never_hoped_for_when_one_case_was_missed():
    case = steady(1.0, shortfall=PERMANENT, target=100.0, expected=500.0)
    missed = replace(case, numerator=tuple(count - 1 for count in case.numerator))

    projection, _, high, probability, _ = project_one(missed)

    assert probability == 0
    assert projection <= high < 100
    assert project_one(case)[3] > 0


@pytest.mark.parametrize("shortfall", [REPAIRABLE, DILUTED, PERMANENT])
@pytest.mark.parametrize(("target", "arrives"), [(39.99, 1.0), (40.0, 1.0), (40.01, 0.0)])
def test_figure_itself_decides_when_it_is_the_last_day(shortfall, target, arrives):
    found = project_one(steady(0.4, shortfall=shortfall, target=target, days_left=0.0, expected=0.0))

    assert found == (pytest.approx(40), pytest.approx(40), pytest.approx(40), arrives, 1.0)


def test_stock_keeps_what_is_done_and_goes_on_at_its_speed():
    """100 of 200 published, five more every week: two weeks on, 110."""
    numerator = tuple(100.0 - look for look in LOOKS)
    case = steady(0.5, numerator=numerator, denominator=(200.0,) * len(LOOKS), is_arriving=False, expected=0.0)

    projection, low, high, probability, _ = project_one(replace(case, shortfall=REPAIRABLE, target=50.0))

    assert projection == pytest.approx(55)
    assert 50 <= low <= 55 <= high
    assert probability == 1


def test_stock_may_fall_again_when_it_fell_before():
    numerator = (100.0, 110.0, 110.0, 110.0, 110.0, 110.0)
    case = steady(0.5, numerator=numerator, denominator=(200.0,) * len(LOOKS), is_arriving=False, expected=0.0)

    _, low, _, probability, _ = project_one(replace(case, shortfall=REPAIRABLE, target=50.0))

    assert low < 50
    assert probability < 1


def test_mended_rate_goes_on_rising_when_old_misses_are_mended():
    numerator = tuple(0.5 * count - 4 * look for count, look in zip(steady(0.5).denominator, LOOKS, strict=True))
    case = steady(0.5, numerator=numerator, shortfall=REPAIRABLE, target=50.0)

    projection, _, _, probability, _ = project_one(case)

    assert projection > 53
    assert probability > 0.8


@pytest.mark.parametrize(
    "known",
    [
        {"is_sound": False},
        {"days_left": NAN},
        {"expected": NAN},
        {"worked": (0.0, 3.0, 5.0, 9.0, 9.0, 9.0)},
        {"numerator": (NAN,) * 6, "denominator": (NAN,) * 6},
        {"numerator": (0.0,) * 6, "denominator": (0.0,) * 6},
        {"numerator": (900.0, 1.0, 1.0, 1.0, 1.0, 1.0)},
    ],
    ids=["unsound", "open-ended", "no volume", "nine days", "no counts", "no cases", "more right than there are"],
)
def test_nothing_is_projected_when_nothing_can_be_known(known):
    assert all(math.isnan(value) for value in project_one(steady(0.4, **known)))


def test_projection_is_told_without_a_probability_when_there_is_no_target():
    projection, low, high, probability, _ = project_one(steady(0.4, target=NAN))

    assert low < projection < high
    assert math.isnan(probability)


def test_range_is_wider_when_cases_are_few():
    few, many = (project_one(steady(0.4, cases=cases)) for cases in (1, 1000))

    assert few[2] - few[1] > many[2] - many[1]


def test_unknown_is_filled_from_the_other_projection_only_where_this_one_knows_nothing():
    one = Projection(*(np.array([1.0, NAN]) for _ in range(3)), np.array([NAN, NAN]), np.array([1.0, NAN]))
    other = Projection(*(np.array([2.0, 3.0]) for _ in range(5)))

    found = one.or_else(other)

    assert rows(found) == [pytest.approx((1.0, 1.0, 1.0, NAN, 1.0), nan_ok=True), (3.0,) * 5]


# --- a probability only where it is earned --------------------------------------------------------------------------

SOON: dict[str, object] = {"days_left": 2.0, "expected": 40.0}
MENDED = tuple(0.5 * count - look / 5 for count, look in zip(steady(0.5).denominator, LOOKS, strict=True))


def result(case: Series) -> float:
    return float(project(outlook_of([case])).probability[0])


def test_probability_is_told_when_the_due_date_is_near_and_the_range_narrow():
    case = steady(0.4, target=40.0, **SOON)

    assert 0 < result(case) < 1


@pytest.mark.parametrize(
    "known",
    [
        {"days_left": float(EARNED), "expected": 100.0},
        {"cases": 2, "expected": 4.0},
        {"numerator": (320.0, 300.0, 280.0, 250.0, 247.0, 244.0)},
        {"numerator": (320.0, 290.0, 288.0, 205.0, 200.0, 135.0)},
        {"revised": (0.0, 1.0, 1.0, 0.0, 0.0, 0.0)},
        {"is_arriving": False, "denominator": (800.0,) * 6, "numerator": (320.0,) * 6, "expected": 0.0},
        {"shortfall": REPAIRABLE, "numerator": (396.0, 396.0, 396.0, *MENDED[3:])},
    ],
    ids=["too far ahead", "few cases", "on its way", "jumping", "corrected again and again", "standing still", "stuck"],
)
def test_words_and_a_range_stand_in_when_a_probability_is_not_earned(known):
    projection, low, high, chance, trust = project_one(steady(0.4, **{**SOON, "target": 40.0, **known}))

    assert low <= projection <= high
    assert 0 <= chance <= 1
    assert trust < 1
    assert math.isnan(result(steady(0.4, **{**SOON, "target": 40.0, **known})))


def test_single_correction_costs_no_probability():
    assert not math.isnan(result(steady(0.4, revised=(0.0, 0.0, 1.0, 0.0, 0.0, 0.0), **SOON)))


def test_trust_grows_evenly_when_the_due_date_comes_nearer():
    cases = [steady(0.4, days_left=float(left), expected=20.0 * left) for left in range(TESTED + 1)]

    trust = project(outlook_of(cases)).trust

    assert trust[TESTED] == 0
    assert (np.diff(trust) <= 0).all()
    assert np.diff(trust[EARNED:]).min() > -0.4


@pytest.mark.parametrize("shortfall", [DILUTED, REPAIRABLE])
def test_a_hundred_percent_asks_for_every_case_when_the_middle_lies_just_below(shortfall):
    """A middle of 99.3 % once gave a probability of 0.64, by the half case that a bar lies lower."""
    numerator = tuple(count - 1.0 for count in steady(1.0).denominator)

    found = project_one(steady(1.0, numerator=numerator, shortfall=shortfall, target=100.0, **SOON))

    assert found[0] < 100
    assert found[3] < 0.5


def test_one_batch_is_not_taken_for_a_pace():
    """Half of the stock was done in one day last week: nothing says that the other half follows."""
    numerator = (600.0, 600.0, 100.0, 100.0, 100.0, 100.0)
    case = steady(0.5, numerator=numerator, denominator=(1000.0,) * 6, is_arriving=False, expected=0.0)

    projection, low, *_ = project_one(case)

    assert projection == pytest.approx(60)
    assert low == pytest.approx(60)


def test_target_is_compared_exactly_when_binary_fractions_would_err():
    """0.07 % of ten million is 7.000: a float sees a hair more."""
    case = steady(0.4, numerator=(7_000.0,) * 6, denominator=(10_000_000.0,) * 6, days_left=0.0, expected=0.0)

    assert project_one(replace(case, target=float(Decimal("0.07"))))[3] == 1
