"""What is odd about figures: each table is one series of one indicator unless it says otherwise."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.flags import Flag, FlagInputs, find_flags
from targets.working_days import EPOCH, WorkingDays

MONDAY = (date(2024, 5, 6) - EPOCH).days
START = (date(2024, 3, 22) - EPOCH).days
CALENDAR = WorkingDays(first=START - 100, last=START + 400, holidays=[date(2024, 4, 30), date(2024, 5, 1)])
NAN = float("nan")
SMALL = 30


def result(
    *rows: tuple[float, float], days: tuple[int, ...] | None = None, known: int = 0, **other: object
) -> FlagInputs:
    """A series told day by day from Monday on; the first `known` rows of (numerator, denominator) were known before."""
    count = len(rows)
    at = days if days is not None else tuple(range(count))
    made = FlagInputs(
        series=np.ones(count, dtype=np.int64),
        indicator=np.zeros(count, dtype=np.int64),
        period_start=np.full(count, START),
        as_of=np.array([MONDAY + day for day in at]),
        numerator=np.array([float(numerator) for numerator, _ in rows]),
        denominator=np.array([float(denominator) for _, denominator in rows]),
        reported=np.full(count, NAN),
        is_new=np.arange(count) >= known,
        is_arriving=np.ones(count, dtype=bool),
        is_down=np.zeros(count, dtype=bool),
    )
    return replace(made, **other)  # type: ignore[arg-type]


def percents(*values: float) -> FlagInputs:
    return result(*((NAN, NAN) for _ in values), reported=np.array(values))


def flags(figures: FlagInputs) -> list[Flag]:
    return list(find_flags(figures, working_days=CALENDAR, small_volume=SMALL))


def test_no_figures_have_no_flags():
    nothing = result()

    assert flags(nothing) == []


def test_figures_that_grow_steadily_have_no_flags():
    steady = result((40, 100), (45, 110), (52, 123))

    assert flags(steady) == []


# --- fell -----------------------------------------------------------------------------------------------------------


def test_counts_that_become_fewer_within_a_period_fell():
    figures = result((40, 100), (41, 95))

    assert flags(figures) == [Flag(1, "fell", {"of": "denominator", "before": 100, "after": 95})]


def test_right_cases_that_become_fewer_fell_too():
    figures = result((40, 100), (38, 103))

    assert flags(figures) == [Flag(1, "fell", {"of": "numerator", "before": 40, "after": 38})]


def test_percent_alone_that_goes_down_fell():
    figures = percents(41.5, 41.2)

    assert flags(figures) == [Flag(1, "fell", {"of": "value", "before": 41.5, "after": 41.2})]


def test_new_period_that_starts_from_nothing_is_no_fall():
    figures = result((40, 100), (1, 3), period_start=np.array([START, MONDAY + 1]))

    assert flags(figures) == []


def test_another_series_that_has_less_is_no_fall():
    figures = result((40, 100), (1, 3), series=np.array([1, 2]))

    assert flags(figures) == []


def test_fall_that_was_known_before_is_not_flagged_again():
    figures = result((40, 100), (41, 95), (42, 99), known=2)

    assert flags(figures) == []


def test_figure_known_before_fell_from_one_that_arrives_late():
    figures = result((40, 100), (41, 95), is_new=np.array([True, False]))

    assert flags(figures) == [Flag(1, "fell", {"of": "denominator", "before": 100, "after": 95})]


# --- jumped ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "kinds"),
    [
        pytest.param((40, 100), (55, 100), [], id="by exactly 15 points"),
        pytest.param((40, 100), (56, 100), ["jumped"], id="by 16 points"),
        pytest.param((12, 29), (29, 30), [], id="with too few cases to say anything"),
    ],
)
def test_rate_that_moves_far_in_one_step_jumped(before, after, kinds):
    figures = result(before, after)

    assert [flag.kind for flag in flags(figures)] == kinds


def test_jump_says_both_rates():
    figures = result((40, 100), (60, 100))

    assert flags(figures) == [Flag(1, "jumped", {"of": "value", "before": 40.0, "after": 60.0})]


def test_percent_alone_that_moves_far_jumped():
    figures = percents(20.0, 45.5)

    assert flags(figures) == [Flag(1, "jumped", {"of": "value", "before": 20.0, "after": 45.5})]


# --- frozen ---------------------------------------------------------------------------------------------------------

WEEK = (0, 1, 2, 3, 4, 7)
"""Monday to Friday and the Monday after."""


def test_busy_units_figure_is_frozen_on_the_fifth_working_day_it_stays_the_same():
    figures = result(*[(40, 100)] * 6, days=WEEK)

    assert flags(figures) == [Flag(5, "frozen", {"days": 5})]


def test_frozen_figure_is_flagged_once():
    figures = result(*[(40, 100)] * 7, days=(*WEEK, 8))

    assert [flag.row for flag in flags(figures)] == [5]


@pytest.mark.parametrize(
    ("cases", "other"),
    [
        pytest.param((4, 50), {}, id="has hardly a case a day"),
        pytest.param((40, 100), {"is_arriving": np.zeros(6, dtype=bool)}, id="works off a stock"),
        pytest.param((40, 100), {"period_start": np.full(6, MONDAY - 3)}, id="has only begun to count"),
    ],
)
def test_figure_may_stay_the_same_where_the_unit(cases, other):
    figures = result(*[cases] * 6, days=WEEK, **other)

    assert flags(figures) == []


# --- bunched at 100 -------------------------------------------------------------------------------------------------


def two_days(*units: tuple[tuple[float, float], tuple[float, float]]) -> FlagInputs:
    """Units that tell on Monday, known before, and on Tuesday."""
    rows = [row for unit in units for row in unit]
    return result(
        *rows,
        days=(0, 1) * len(units),
        series=np.repeat(np.arange(len(units)), 2),
        is_new=np.tile([False, True], len(units)),
    )


def test_many_units_that_come_to_exactly_100_on_one_day_are_bunched():
    five, others = [((95, 100), (105, 105))] * 5, [((50, 100), (52, 105))] * 10

    found = flags(two_days(*five, *others))

    assert found == [Flag(row, "bunched_at_100", {"units": 5, "share": 33.3}) for row in (1, 3, 5, 7, 9)]


@pytest.mark.parametrize(
    ("full", "others"),
    [
        pytest.param([((95, 100), (105, 105))] * 4, 10, id="are four"),
        pytest.param([((95, 100), (105, 105))] * 5, 21, id="are less than a fifth"),
        pytest.param([((100, 100), (105, 105))] * 5, 10, id="were there before"),
        pytest.param([((9, 10), (12, 12))] * 5, 10, id="have few cases"),
    ],
)
def test_units_at_100_are_no_bunch_where_they(full, others):
    found = flags(two_days(*full, *[((50, 100), (52, 105))] * others))

    assert found == []


# --- beside a slow loop ---------------------------------------------------------------------------------------------

counts = st.tuples(st.integers(0, 60), st.integers(0, 120)).map(lambda pair: (min(pair), max(pair)))


@given(st.lists(counts, min_size=1, max_size=12), st.integers(0, 12))
def test_falls_and_jumps_are_those_that_a_plain_loop_finds(rows, known):
    expected = []
    for at in range(1, len(rows)):
        (right_before, before), (right, cases) = rows[at - 1], rows[at]
        if at < known:
            continue
        expected += [(at, "fell")] * ((cases < before) + (right < right_before))
        if before >= SMALL and cases and abs(100 * right / cases - 100 * right_before / before) > 15:
            expected.append((at, "jumped"))

    found = [flag for flag in flags(result(*rows, known=known)) if flag.kind in ("fell", "jumped")]

    assert sorted((flag.row, flag.kind) for flag in found) == sorted(expected)
