"""Signal or noise: each rule by a drawn series, all of them against plain loops, and never more than a handful."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.comparison.signals import (
    ASSURANCES,
    BEYOND,
    HANDFUL,
    NONE,
    RUN_OF_SEVEN,
    SIGNALS,
    Limits,
    Signals,
    alerts,
    assurance,
    limits,
    signals,
)

NAN = math.nan

# How far ahead of its trajectory a series was, week by week, oldest first (“.”: no figure); what the newest week says.
SERIES = """
    weeks                           | signal       | side | because
    1 2 1 2 1 2 1 2                 | none         | 0    | the ordinary up and down
    1 2 1 2 1 2 1 9                 | beyond       | 1    | the limit is 1.43 + 2.66
    1 2 1 2 1 2 1 -9                | beyond       | -1   | below
    0 2 0 2 0 2 0 1 2 0 2 0 5 5     | two_of_three | 1    | two weeks beyond two thirds
    0 2 0 2 0 2 0 1 2 0 2 0 -3 -3   | two_of_three | -1   | below
    0 2 0 2 0 2 0 1 2 0 2 6 0 6     | two_of_three | 1    | not one after the other
    0 2 0 2 0 2 0 1 2 0 2 5 5 0     | none         | 0    | the newest is not among them
    9 -9 9 -9 9 -9 1 1 1 1 1 1 1    | run          | 1    | seven weeks above
    9 -9 9 -9 9 -9 1 1 1 . 1 1 1    | none         | 0    | a silent week breaks the run
    1 2 1 2 9                       | none         | 0    | four weeks draw no limits
    1 2 1 2 1 .                     | none         | 0    | silence says nothing
    1 . 2 . 1 . 2 . 1 9             | none         | 0    | no two weeks in a row, no moving range
    3 3 3 3 3 3 3 3                 | none         | 0    | nothing moves
    3 3 3 3 3 4                     | beyond       | 1    | what never moved moves
    """


def drawn() -> list[dict[str, str]]:
    header, *rows = [[cell.strip() for cell in line.split("|")] for line in SERIES.strip().splitlines()]
    return [dict(zip(header, cells, strict=True)) for cells in rows]


def series_of(cell: str) -> np.ndarray:
    return np.array([[NAN if week == "." else float(week) for week in cell.split()]])


@pytest.mark.parametrize("cells", drawn(), ids=lambda cells: f"{cells['signal']}: {cells['because']}")
def test_signal_is_what_the_table_says(cells):
    ahead = series_of(cells["weeks"])

    found = signals(ahead, limits(ahead))

    assert (SIGNALS[found.kind[0]], found.side[0]) == (cells["signal"], int(cells["side"]))


def test_limits_are_the_mean_and_two_point_six_six_moving_ranges_of_the_weeks_before():
    drawn_limits = limits(series_of("1 2 1 2 1 2 1 9"))

    assert drawn_limits.centre[0] == pytest.approx(10 / 7)
    assert (drawn_limits.low[0], drawn_limits.high[0]) == pytest.approx((10 / 7 - 2.66, 10 / 7 + 2.66))


def plain(weeks: list[float]) -> tuple[int, int, float]:
    """Rule by rule, as the docstrings say them."""
    past, newest = weeks[:-1], weeks[-1]
    known = [week for week in past if not math.isnan(week)]
    ranges = [abs(one - other) for one, other in pairwise(past)]
    ranges = [step for step in ranges if not math.isnan(step)]
    if len(known) < 5 or not ranges or math.isnan(newest):
        return NONE, 0, 0.0
    centre, reach = sum(known) / len(known), 2.66 * sum(ranges) / len(ranges)
    away = [week - centre for week in weeks]
    side = (away[-1] > 0) - (away[-1] < 0)
    far = [side * step > 2 / 3 * reach + 1e-12 for step in away[-3:]]
    if newest > centre + reach or newest < centre - reach:
        return BEYOND, side, abs(away[-1])
    if far[-1] and sum(far) >= 2:
        return 2, side, abs(away[-1])
    if len(away) >= 7 and all(side * step > 0 for step in away[-7:]):
        return RUN_OF_SEVEN, side, abs(away[-1])
    return NONE, 0, 0.0


@given(
    st.integers(1, 14).flatmap(
        lambda weeks: st.lists(
            st.lists(st.one_of(st.integers(-8, 8).map(float), st.just(NAN)), min_size=weeks, max_size=weeks),
            min_size=1,
            max_size=6,
        )
    )
)
def test_signals_equal_plain_loops_when_series_are_random(rows):
    ahead = np.array(rows)

    found = signals(ahead, limits(ahead))

    for at, weeks in enumerate(rows):
        kind, side, strength = plain(weeks)
        assert (found.kind[at], found.side[at]) == (kind, side)
        assert found.strength[at] == pytest.approx(strength)


@pytest.mark.parametrize(
    ("low", "high", "owed", "reading"),
    [(1, 5, 0, "holds"), (0, 5, 0, "holds"), (-1, 5, 0, "varies"), (-5, -1, 0, "fails"), (-5, 0, 0, "varies"),
     (70, 75, 60, "holds"), (NAN, NAN, 0, "unknown")],
)  # fmt: skip
def test_assurance_compares_the_limits_with_what_is_owed(low, high, owed, reading):
    drawn_limits = Limits(*(np.array([float(value)]) for value in ((low + high) / 2, low, high)))

    assert ASSURANCES[assurance(drawn_limits, float(owed))[0]] == reading


def found_signals(kinds: list[int], strengths: list[float], sides: list[int] | None = None) -> Signals:
    return Signals(np.array(kinds), np.array(sides or [1] * len(kinds)), np.array(strengths))


def test_alerts_name_first_what_moved_most_cases():
    found = found_signals([1, 1, 0, 3, 1], [50.0, 2, 99, 10, 5], [1, 1, 0, 1, -1])

    assert alerts(found, cases=np.array([10.0, 1000, 1000, NAN, 100])).tolist() == [1, 4, 0, 3]


def test_alerts_leave_out_what_was_known_before():
    found = found_signals([1, 1, 3], [1.0, 2, 3])

    assert alerts(found, cases=np.ones(3), before=np.array([1, 0, 2])).tolist() == [2, 1]


@pytest.mark.parametrize("count", [260 * 6, 11_000 * 6])
def test_alerts_are_a_handful_however_many_units_there_are(count):
    draw = np.random.default_rng(1)
    ahead = np.cumsum(draw.normal(0, 1, (count, 14)), axis=1)

    found = alerts(signals(ahead, limits(ahead)), cases=draw.integers(0, 999, count).astype(float))

    assert len(found) == HANDFUL
