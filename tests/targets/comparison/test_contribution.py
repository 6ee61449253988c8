"""Who makes up the gap and the change: parts that add up exactly, and nobody counted twice."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.comparison.contribution import (
    Snapshot,
    change_contributions,
    gap_contributions,
    largest_contributors,
    pool_members,
    sums_by_group,
)
from targets.standing.pooling import Amounts, pool_tree

NAN = math.nan
COUNTS = st.one_of(st.none(), st.integers(0, 5000))
UNIT = st.tuples(COUNTS, COUNTS, st.booleans())


def column(values: list[int | None]) -> np.ndarray:
    return np.array([NAN if value is None else float(value) for value in values])


def snapshot(units: list[tuple[int | None, int | None, bool]]) -> Snapshot:
    """Counts as they come: more right than there are is brought down, one of the two may be missing."""
    pairs = [(None, None) if cases is None else (min(right or 0, cases), cases) for right, cases, _ in units]
    return Snapshot(
        numerator=column([right for right, _ in pairs]),
        denominator=column([cases for _, cases in pairs]),
        weight=np.array([float(is_member) for _, _, is_member in units]),
    )


# --- the gap --------------------------------------------------------------------------------------------------------

# Three units at a target of 60 %: what each adds to the province's gap of 20 points.
GAP = """
    n   | d   | points
    10  | 100 | 12.5
    90  | 200 | 7.5
    60  | 100 | 0
    """


def rows(table: str) -> list[list[float]]:
    return [[float(cell) for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


def test_gap_is_made_of_what_the_table_says():
    numerator, denominator, points = np.array(rows(GAP)).T

    gap = gap_contributions(numerator=numerator, denominator=denominator, weight=np.ones(3), target=60)

    assert gap.total == pytest.approx(20)
    assert gap.contribution == pytest.approx(points)


@given(st.lists(UNIT, min_size=1, max_size=12), st.integers(0, 100))
def test_contributions_add_up_to_the_gap_when_units_are_random(units, target):
    pool = snapshot(units)

    gap = gap_contributions(
        numerator=pool.numerator, denominator=pool.denominator, weight=pool.weight, target=float(target)
    )

    members = [(min(right or 0, cases), cases) for right, cases, is_member in units if is_member and cases is not None]
    whole = sum(cases for _, cases in members)
    if whole == 0:
        assert math.isnan(gap.total)
        assert np.isnan(gap.contribution).all()
        return
    exact = target - Fraction(100 * sum(right for right, _ in members), whole)
    assert gap.total == pytest.approx(float(exact), abs=1e-9)
    assert math.fsum(gap.contribution) == pytest.approx(gap.total, abs=1e-9)
    for contribution, (right, cases, is_member) in zip(gap.contribution, units, strict=True):
        known = is_member and cases is not None
        own = Fraction(target * cases - 100 * min(right or 0, cases), whole) if known else 0
        assert contribution == pytest.approx(float(own), abs=1e-9)


# --- the change -----------------------------------------------------------------------------------------------------


def test_change_is_split_by_hand_when_one_unit_improves_and_another_grows():
    """A: 50 of 100, then 60 of 100. B: 10 of 100, then 20 of 200. From 30 % to 26.67 %."""
    before = Snapshot(np.array([50.0, 10]), np.array([100.0, 100]), np.ones(2))
    after = Snapshot(np.array([60.0, 20]), np.array([100.0, 200]), np.ones(2))

    change = change_contributions(before, after)

    # A: mean share 5/12 × 10 points; its share fell by 1/6 while it lies 26.67 points above the mean of 28.33.
    assert change.rate_effect == pytest.approx([5 / 12 * 10, 0])
    assert change.volume_effect == pytest.approx([-1 / 6 * (55 - 85 / 3), 1 / 6 * (10 - 85 / 3)])
    assert change.total == pytest.approx(80 / 3 - 30)
    assert change.contribution.sum() == pytest.approx(change.total, abs=1e-9)


@given(st.lists(st.tuples(UNIT, UNIT), min_size=1, max_size=12))
def test_effects_add_up_to_the_change_when_units_are_random(pairs):
    before, after = (snapshot([pair[moment] for pair in pairs]) for moment in (0, 1))

    change = change_contributions(before, after)

    sums = [
        [
            sum(
                Fraction(int(np.nan_to_num(value)))
                for value, weight in zip(counts, moment.weight, strict=True)
                if weight
            )
            for counts in (moment.numerator, moment.denominator)
        ]
        for moment in (before, after)
    ]
    if not all(cases for _, cases in sums):
        assert math.isnan(change.total)
        assert np.isnan(change.contribution).all()
        return
    exact = 100 * sums[1][0] / sums[1][1] - 100 * sums[0][0] / sums[0][1]
    assert change.total == pytest.approx(float(exact), abs=1e-9)
    assert math.fsum(change.contribution) == pytest.approx(change.total, abs=1e-9)
    for at, effects in enumerate(zip(change.rate_effect, change.volume_effect, strict=True)):
        assert effects == pytest.approx(plain_effects(before, after, at, sums), abs=1e-9)


def plain_effects(before: Snapshot, after: Snapshot, at: int, sums: list[list[Fraction]]) -> tuple[float, float]:
    """One unit's effects in fractions, as the docstring says them."""
    shares, rates = [], []
    for moment, (_, whole) in zip((before, after), sums, strict=True):
        counts = (moment.numerator[at], moment.denominator[at]) if moment.weight[at] else (0.0, 0.0)
        right, cases = (Fraction(int(np.nan_to_num(count))) for count in counts)
        shares.append(cases / whole)
        rates.append(100 * right / cases if cases else None)
    known = [rate for rate in rates if rate is not None]
    first, last = (rate if rate is not None else (known[0] if known else Fraction(0)) for rate in rates)
    mean = sum(100 * right / whole for right, whole in sums) / 2
    return float((shares[0] + shares[1]) / 2 * (last - first)), float(
        (shares[1] - shares[0]) * ((first + last) / 2 - mean)
    )


def test_unit_that_joins_has_a_volume_effect_only():
    before = Snapshot(np.array([50.0, NAN]), np.array([100.0, NAN]), np.array([1.0, 0]))
    after = Snapshot(np.array([50.0, 10]), np.array([100.0, 100]), np.ones(2))

    change = change_contributions(before, after)

    assert change.rate_effect.tolist() == [0, 0]
    assert change.contribution.sum() == pytest.approx(-20)


# --- groups and the few ---------------------------------------------------------------------------------------------


def test_groups_add_up_to_the_same_whole():
    contribution = np.array([1.5, -0.5, 2.0, NAN, 4.0])

    sums = sums_by_group(contribution, np.array([0, 1, 0, 1, -1]), groups=3)

    assert sums.tolist() == [3.5, -0.5, 0]


# The contributions, how many units make 80 % of what is missing, and which part they make.
FEW = """
    8 1 1            | 1 | 0.8
    1 8 1            | 1 | 0.8
    7 1 1 1          | 2 | 0.8
    1 1 1 1 1        | 4 | 0.8
    5 -4 5           | 2 | 1
    0.1 0.2 0.5 0.2  | 3 | 0.9
    3                | 1 | 1
    """


@pytest.mark.parametrize("line", FEW.strip().splitlines(), ids=lambda line: line.split("|")[0].strip())
def test_the_few_make_eighty_percent_when_counted_by_hand(line):
    values, count, share = (cell.strip() for cell in line.split("|"))

    found = largest_contributors(np.array([float(value) for value in values.split()]))

    assert (len(found.units), found.share) == (int(count), pytest.approx(float(share)))


def test_the_few_are_named_largest_first_and_equals_as_listed():
    found = largest_contributors(np.array([2.0, 5, 2, NAN, -9]))

    assert found.units.tolist() == [1, 0, 2]


@pytest.mark.parametrize("contribution", [[], [0.0, -1], [NAN]])
def test_nobody_is_named_when_nothing_is_missing(contribution):
    found = largest_contributors(np.array(contribution))

    assert (found.units.tolist(), found.share) == ([], 0)


# --- members --------------------------------------------------------------------------------------------------------

UNITS = 9
SAYS = st.lists(st.sampled_from(["counts", "percent", "nothing"]), min_size=UNITS, max_size=UNITS)


def result(says: list[str], counts: list[int]) -> Amounts:
    return Amounts(
        amounts={"denominator": np.array([[float(count)] for count in counts])},
        has_counts=np.array([[word == "counts"] for word in says]),
        is_percent_only=np.array([[word == "percent"] for word in says]),
    )


@given(
    SAYS,
    SAYS,
    st.lists(st.integers(1, 999), min_size=UNITS, max_size=UNITS),
    st.lists(st.booleans(), min_size=UNITS, max_size=UNITS),
)
def test_members_add_up_to_the_pool_when_units_tell_at_random(below_says, own_says, counts, expected):
    """A province, two districts with communes, one of them with a hamlet, and a department."""
    parent = np.array([-1, 0, 0, 0, 1, 1, 2, 2, 4])
    depth = np.array([0, 1, 1, 1, 2, 2, 2, 2, 3])
    tree = {
        "parent": parent,
        "depth": depth,
        "is_expected": np.array(expected)[:, None],
        "below": result(below_says, counts),
        "own": result(own_says, [count + 1000 for count in counts]),
    }

    members = pool_members(**tree)

    pool = pool_tree(**tree)
    summed = (members.below * tree["below"].amounts["denominator"]).sum() + (
        members.own * tree["own"].amounts["denominator"]
    ).sum()
    assert summed == np.nan_to_num(pool.amounts["denominator"][0, 0])
    assert (members.below | members.own).sum() == pool.counted[0, 0]
    assert not (members.below & members.own).any()
