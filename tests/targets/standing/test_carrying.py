"""What was done before a unit ended: worked out by hand, and shares of random counts."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.standing.carrying import ALL, Left, carry_over, part_of
from targets.standing.snapshots import NOTHING, Readings
from targets.values import MORE

DAY = 11
"""The first day without the unit that ended."""
Told = tuple[int, int, int, int | None, int | None]
"""line, as-of day, first day of the period, right cases, cases"""


def readings(*rows: Told, bounds: tuple[int, ...] = (), revised: tuple[int, ...] = ()) -> Readings:
    """A period has 30 days. A row without counts told 55.5 %."""
    line, as_of, start, right, cases = (list(column) for column in zip(*rows, strict=True)) if rows else ([],) * 5
    counts = [[np.nan if count is None else float(count) for count in column] for column in (right, cases)]
    return Readings(
        line=np.array(line, dtype=np.int64),
        as_of=np.array(as_of, dtype=np.int64),
        period_start=np.array(start, dtype=np.int64),
        period_end=np.array(start, dtype=np.int64) + 29,
        numerator=np.array(counts[0]),
        denominator=np.array(counts[1]),
        reported=np.where(np.isnan(counts[1]), 55.5, np.nan) if rows else np.zeros(0),
        qualifier=np.where(np.isin(np.arange(len(line)), bounds), MORE, 0),
        high=np.full(len(line), np.nan),
        is_revised=np.isin(np.arange(len(line)), revised),
    )


def carried(told: Readings, **asked: Any) -> str:
    found = carry_over(told, day=DAY, is_exact=told.qualifier == 0, **asked).readings
    figures = zip(found.as_of, found.numerator, found.denominator, found.reported, strict=True)
    return ", ".join(
        f"{day}: {f'{percent} %' if np.isnan(cases) else f'{right:.0f}/{cases:.0f}'}"
        for day, right, cases, percent in figures
    )


# Line 0 ended on the 10th, line 1 follows it.
ENDED: tuple[Told, ...] = ((0, 3, 1, 9, 10), (0, 8, 1, 21, 30))
TABLE = {
    "a successor adds what was left to its own": (
        ((*ENDED, (1, 5, 1, 4, 20), (1, 10, 1, 10, 40), (1, 13, 1, 12, 44))),
        {"own": 1, "left": [Left(0)]},
        "3: 9/10, 5: 13/30, 8: 25/50, 10: 31/70, 13: 33/74",
    ),
    "a new unit begins with what was left": (
        ((*ENDED, (1, 13, 1, 2, 4))),
        {"own": 1, "left": [Left(0)]},
        "3: 9/10, 8: 21/30, 13: 23/34",
    ),
    "one that has told nothing yet has what was left, as old as it is": (
        ENDED,
        {"own": NOTHING, "left": [Left(0)]},
        "3: 9/10, 8: 21/30",
    ),
    "what nobody follows is told again each day": (
        ENDED,
        {"own": NOTHING, "left": [Left(0)], "stands_until": 13},
        "3: 9/10, 8: 21/30, 11: 21/30, 12: 21/30, 13: 21/30",
    ),
    "a counter that continues holds it already": (
        ((*ENDED, (1, 5, 1, 4, 20), (1, 13, 1, 33, 74))),
        {"own": 1, "left": [Left(0, stays=False)]},
        "3: 9/10, 5: 13/30, 8: 25/50, 13: 33/74",
    ),
    "two parts": (
        ((*ENDED, (1, 13, 1, 2, 4))),
        {"own": 1, "left": [Left(0, above=600_000)]},
        # Of 9 right and 1 wrong 40 % are 4 and 0; of 21 and 9 they are 8 and 4.
        "3: 4/4, 8: 8/12, 13: 10/16",
    ),
    "what ended told a percent": (
        ((0, 8, 1, None, None), (1, 8, 1, 10, 40), (1, 13, 1, 12, 44)),
        {"own": 1, "left": [Left(0)]},
        "8: 10/40, 13: 12/44",
    ),
    "the successor tells a percent": (
        ((*ENDED, (1, 5, 1, None, None), (1, 13, 1, None, None))),
        {"own": 1, "left": [Left(0)]},
        "3: 9/10, 5: 55.5 %, 13: 55.5 %",
    ),
    "a new period counts anew": (
        ((0, 8, 1, 21, 30), (1, 9, 1, 10, 40), (1, 32, 31, 1, 2)),
        {"own": 1, "left": [Left(0)]},
        "8: 21/30, 9: 31/70, 32: 1/2",
    ),
    "the successor has told nothing of the period that was going on": (
        ((0, 8, 5, 21, 30), (1, 3, 1, 90, 100), (1, 13, 5, 12, 44)),
        {"own": 1, "left": [Left(0)]},
        "3: 90/100, 8: 21/30, 13: 33/74",
    ),
    "a district without its communes": (
        ((0, 8, 1, 40, 100), (2, 8, 1, 15, 30), (2, 13, 1, 25, 47)),
        {"own": NOTHING, "left": [Left(0), Left(2, is_taken_off=True)], "stands_until": 11},
        "8: 25/70, 11: 25/70",
    ),
    "communes that told more than their district": (
        ((0, 8, 1, 40, 100), (2, 8, 1, 45, 90)),
        {"own": NOTHING, "left": [Left(0), Left(2, is_taken_off=True)]},
        "8: 0/15",
    ),
    "nobody told anything": ((), {"own": NOTHING, "left": [Left(0)], "stands_until": 13}, ""),
}


@pytest.mark.parametrize(("told", "asked", "expected"), TABLE.values(), ids=TABLE)
def test_line_with_what_was_left_to_it(told, asked, expected):
    assert carried(readings(*told), **asked) == expected


def test_what_is_left_stands_no_longer_than_its_period():
    told = readings((0, 8, 1, 21, 30))

    found = carry_over(told, own=NOTHING, left=[Left(0)], day=DAY, is_exact=told.qualifier == 0, stands_until=99)

    assert found.readings.as_of.tolist() == [8, *range(DAY, 31)]


def test_bound_is_never_added():
    told = readings((0, 8, 1, 21, 30), (1, 9, 1, 10, 40), bounds=(0,))

    assert carried(told, own=1, left=[Left(0)]) == "9: 10/40"


def test_correction_is_told_once():
    told = readings((0, 8, 1, 21, 30), revised=(0,))

    found = carry_over(told, own=NOTHING, left=[Left(0)], day=DAY, is_exact=told.qualifier == 0, stands_until=12)

    assert found.readings.is_revised.tolist() == [True, False, False]
    assert found.row.tolist() == [0, 0, 0]


@given(
    right=st.integers(0, 10**9),
    wrong=st.integers(0, 10**9),
    cuts=st.lists(st.integers(0, ALL), max_size=5),
)
def test_shares_of_a_figure_add_up_to_the_last_case(right, wrong, cuts):
    ends = [0, *sorted(cuts), ALL]
    told = readings((0, 8, 1, right, right + wrong))

    parts = [
        carry_over(told, own=NOTHING, left=[Left(0, above, upto)], day=DAY, is_exact=told.qualifier == 0).readings
        for above, upto in pairwise(ends)
    ]

    assert sum(int(part.numerator[0]) for part in parts) == right
    assert sum(int(part.denominator[0]) for part in parts) == right + wrong
    assert all(0 <= part.numerator[0] <= part.denominator[0] for part in parts)
    for part, (above, upto) in zip(parts, pairwise(ends), strict=True):
        assert abs(part.numerator[0] - right * (upto - above) / ALL) <= 1


def test_part_of_an_unknown_count_is_unknown():
    assert np.isnan(part_of(np.nan, above=0, upto=ALL))


figures = st.tuples(st.integers(0, 50), st.integers(0, 50))


@given(
    units=st.lists(st.lists(st.tuples(st.integers(1, 10), figures), max_size=4), min_size=2, max_size=5),
    share=st.integers(0, ALL),
)
def test_sum_is_the_same_on_the_day_before_and_after(units, share):
    """Unit 0 ends and is followed by units 1 and 2 (or 1 alone); nobody tells anything on the day of the change."""
    rows, sums = [], {"before": np.zeros(2), "after": np.zeros(2)}
    for line, told in enumerate(units):
        newest = dict(sorted(told, key=lambda each: each[0]))
        rows += [(line, day, 1, right, right + wrong) for day, (right, wrong) in newest.items()]
        if newest:
            right, wrong = newest[max(newest)]
            sums["before"] += (right, right + wrong)
    found = readings(*rows)
    cuts = [0, share, ALL] if len(units) > 2 else [0, ALL]
    for line in range(1, len(units)):
        left = [Left(0, cuts[line - 1], cuts[line])] if line < len(cuts) else []
        own = line if line in found.line else NOTHING
        if own == NOTHING and not left:
            continue
        after = carry_over(found, own=own, left=left, day=DAY, is_exact=found.qualifier == 0).readings
        if len(after):
            sums["after"] += (after.numerator[-1], after.denominator[-1])

    assert sums["after"].tolist() == sums["before"].tolist()
