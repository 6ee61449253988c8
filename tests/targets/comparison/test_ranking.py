"""Places among likes: against plain loops, and a false rank is never told."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.comparison.ranking import (
    DOWN,
    FUNNEL,
    NINETY,
    SAME,
    UP,
    Places,
    funnel,
    like_units,
    movement,
    places,
    volume_classes,
    wilson_interval,
)

NAN = math.nan
PLAIN_UNIT = st.tuples(
    st.integers(0, 300), st.integers(0, 300), st.sampled_from(["counts"] * 4 + ["percent", "none"]), st.integers(-1, 2)
)


def test_volume_classes_are_how_many_bounds_a_unit_reaches():
    found = volume_classes(np.array([0.0, 99, 100, 999, 1000, NAN]), (100, 1000))

    assert found.tolist() == [0, 0, 1, 1, 2, -1]


def test_likes_share_every_trait_and_nobody_is_like_the_unknown():
    found = like_units(np.array([0, 0, 1, 0, -1]), np.array([2, 2, 2, 0, 2]))

    assert found[0] == found[1]
    assert len({int(number) for number in found[[0, 2, 3]]}) == 3
    assert found[4] == -1


# 90 % Wilson intervals, worked out with a pocket calculator.
WILSON = """
    n   | d    | low  | high
    0   | 10   | 0    | 21.3
    10  | 10   | 78.7 | 100
    5   | 10   | 26.9 | 73.1
    500 | 1000 | 47.4 | 52.6
    1   | 1    | 27.0 | 100
    0   | 0    | —    | —
    """


@pytest.mark.parametrize("line", WILSON.strip().splitlines()[1:])
def test_wilson_interval_is_what_the_table_says(line):
    right, cases, *bounds = (NAN if cell.strip() == "—" else float(cell) for cell in line.split("|"))

    found = wilson_interval(np.array([right]), np.array([cases]))

    assert [values[0] for values in found] == pytest.approx(bounds, abs=0.05, nan_ok=True)


def plain_interval(right: int, cases: int) -> tuple[float, float]:
    share, square = right / cases, NINETY**2
    centre = share + square / (2 * cases)
    half = NINETY * math.sqrt(share * (1 - share) / cases + square / (4 * cases**2))
    return tuple(min(max(100 * (centre + way * half) / (1 + square / cases), 0), 100) for way in (-1, 1))  # type: ignore[return-value]


@given(st.lists(PLAIN_UNIT, min_size=1, max_size=15))
def test_places_equal_plain_loops_when_units_are_random(units):
    counted = [(min(right, cases), cases) if kind == "counts" else (NAN, NAN) for right, cases, kind, _ in units]
    reported = [right / 3 if kind == "percent" else NAN for right, _, kind, _ in units]
    likes = np.array([like for *_, like in units])

    found = places(
        numerator=np.array([right for right, _ in counted], dtype=float),
        denominator=np.array([cases for _, cases in counted], dtype=float),
        reported=np.array(reported),
        likes=likes,
    )

    known: list[tuple[float, float] | None] = []
    for (right, cases), percent in zip(counted, reported, strict=True):
        if not math.isnan(cases):
            known.append(plain_interval(int(right), int(cases)) if cases > 0 else None)
        else:
            known.append(None if math.isnan(percent) else (percent, percent))
    for at, own in enumerate(known):
        peers = [other for other, like in zip(known, likes, strict=True) if like == likes[at] and other is not None]
        if own is None or likes[at] < 0:
            expected = (0, 0, 0)
        else:
            expected = (
                1 + sum(low > own[1] + 1e-9 for low, _ in peers),
                sum(high >= own[0] - 1e-9 for _, high in peers),
                len(peers),
            )
        assert (found.best[at], found.worst[at], found.peers[at]) == expected


def test_places_overlap_when_denominators_are_small():
    """8 of 10 and 60 of 100 cannot be told apart; 9 of 1,000 can."""
    found = places(
        numerator=np.array([8.0, 60, 9]),
        denominator=np.array([10.0, 100, 1000]),
        reported=np.full(3, NAN),
        likes=np.zeros(3, dtype=np.int64),
    )

    assert list(zip(found.best, found.worst, strict=True)) == [(1, 2), (1, 2), (3, 3)]
    assert found.is_interval.all()


def test_percent_alone_is_placed_by_itself_and_marked():
    found = places(
        numerator=np.full(3, NAN),
        denominator=np.array([NAN, NAN, 0]),
        reported=np.array([40.0, 60, 50]),
        likes=np.zeros(3, dtype=np.int64),
    )

    assert list(zip(found.best, found.worst, found.peers, strict=True)) == [(2, 2, 2), (1, 1, 2), (0, 0, 0)]
    assert not found.is_interval.any()


def test_nobody_has_a_place_when_nobody_has_a_class():
    found = places(
        numerator=np.ones(1), denominator=np.ones(1), reported=np.full(1, NAN), likes=np.full(1, -1, dtype=np.int64)
    )

    assert (found.best[0], found.worst[0], found.peers[0]) == (0, 0, 0)


def ranges(*result: tuple[int, int]) -> Places:
    best, worst = (np.array(side) for side in zip(*result, strict=True))
    blank = np.zeros(len(result))
    return Places(best, worst, worst, blank, blank, blank > 0)


def test_movement_is_told_only_when_the_ranges_lie_apart():
    before = ranges((5, 8), (5, 8), (5, 8), (5, 8), (0, 0), (5, 8))
    now = ranges((1, 4), (1, 5), (8, 9), (9, 9), (1, 1), (0, 0))

    assert movement(before, now).tolist() == [UP, SAME, SAME, DOWN, SAME, SAME]


# --- funnel ---------------------------------------------------------------------------------------------------------


def test_funnel_is_narrow_where_cases_are_many_and_never_leaves_what_is_possible():
    denominator = np.array([4.0, 100, 10_000, 0, NAN])

    found = funnel(denominator / 2, denominator)

    assert (found.centre, found.overdispersion) == (50, 1)
    assert found.low[:3] == pytest.approx([0, 50 - 100 * FUNNEL * math.sqrt(0.25 / 100), 50 - FUNNEL * 0.5])
    assert (found.high[:3] >= found.low[:3]).all()
    assert found.high.max(initial=0, where=~np.isnan(found.high)) <= 100
    assert np.isnan(found.low[3:]).all()


def test_funnel_widens_when_units_differ_more_than_by_chance():
    denominator = np.full(20, 400.0)
    numerator = np.where(np.arange(20) % 2, 100.0, 300.0)

    found = funnel(numerator, denominator)

    assert found.overdispersion == pytest.approx(100)
    assert (found.low[0], found.high[0]) == (0, 100)


@pytest.mark.parametrize("share", [0, 1])
def test_funnel_is_a_line_when_everybody_is_at_the_end_of_the_scale(share):
    found = funnel(np.full(3, 10.0 * share), np.full(3, 10.0))

    assert found.low.tolist() == found.high.tolist() == [100 * share] * 3


def test_funnel_is_unknown_when_nobody_has_cases():
    found = funnel(np.zeros(2), np.zeros(2))

    assert math.isnan(found.centre)
    assert np.isnan(found.low).all()
