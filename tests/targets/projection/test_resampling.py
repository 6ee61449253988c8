"""Percents without counts: against a plain calculation path by path, and what can never be."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from targets.projection import resampling
from targets.projection.resampling import PATHS, WINDOW, Percents, project_percents, stable_seed
from targets.standing.history import LOOKS
from targets.standing.progress import DILUTED, PERMANENT, REPAIRABLE
from tests.targets.campaigns import NAN, Series
from tests.targets.projection.test_pace import plain_rates, plain_steady

WORD = 2**64


@dataclass(frozen=True)
class Case:
    """One case in plain numbers."""

    rates: tuple[float, ...]
    elapsed: float = 30.0
    days_left: float = 10.0
    ceiling: float = 100.0
    shortfall: int = DILUTED
    is_arriving: bool = True
    is_sound: bool = True
    seed: int = 7


def percents(cases: list[Case]) -> Percents:
    kinds = {"shortfall": np.int64, "is_arriving": bool, "is_sound": bool, "seed": np.uint64}
    return Percents(
        **{
            name: np.array([getattr(case, name) for case in cases], dtype=kinds.get(name, np.float64))
            for name in Case.__dataclass_fields__
        }
    )


def project_one(case: Case) -> tuple[float, float, float]:
    found = project_percents(percents([case]))
    return found.projection[0], found.low[0], found.high[0]


def line(*, start: float = 30.0, daily: float = 0.0) -> tuple[float, ...]:
    """Percents of 21 working days, newest first."""
    return tuple(start - daily * day for day in range(WINDOW + 1))


@st.composite
def result(draw: st.DrawFn) -> Case:
    known = draw(st.sampled_from([WINDOW + 1] * 3 + [1, 5, 11, 14]))
    value = draw(st.integers(0, 1000)) / 10
    rates = [value]
    for _ in range(known - 1):
        rates.append(min(max(rates[-1] + draw(st.integers(-30, 30)) / 10, 0), 100))
    if draw(st.booleans()) and known > 3:
        rates[2] = NAN
    return Case(
        rates=(*rates, *[NAN] * (WINDOW + 1 - known)),
        elapsed=float(draw(st.integers(0, 60))),
        days_left=draw(st.sampled_from([NAN, 0.0, 1.0, 5.0, 8.0, 15.0])),
        ceiling=draw(st.sampled_from([90.0, 100.0])),
        shortfall=draw(st.sampled_from([REPAIRABLE, DILUTED, PERMANENT])),
        is_arriving=draw(st.booleans()),
        is_sound=draw(st.sampled_from([True, True, False])),
        seed=draw(st.integers(0, WORD - 1)),
    )


def word(seed: int, path: int, counter: int) -> int:
    """SplitMix64, as it is published."""
    value = (seed + 0x9E3779B97F4A7C15 * (path + PATHS * counter + 1)) % WORD
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % WORD
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB % WORD
    return value ^ (value >> 31)


def plain(case: Case) -> tuple[float, float, float]:
    """Path by path, as the docstrings say it."""
    length = -1
    for rate in case.rates:
        if math.isnan(rate):
            break
        length += 1
    if not case.is_sound or math.isnan(case.days_left) or length < 0:
        return (NAN,) * 3
    if length < 10 and case.days_left > 0:
        return (NAN,) * 3
    days, elapsed = max(case.days_left, 0), max(case.elapsed, 1)
    is_level = case.shortfall == REPAIRABLE or not case.is_arriving
    at_looks = Series(
        tuple(float(look) for look in LOOKS), (NAN,) * 6, (NAN,) * 6, tuple(case.rates[look] for look in LOOKS),
        NAN, NAN, NAN, NAN, 0, is_arriving=True, is_sound=True,
    )  # fmt: skip
    slope = plain_steady(at_looks, plain_rates(at_looks))
    slope = 0 if math.isnan(slope) else slope
    believed = resampling.MENDING_KEPT if is_level else resampling.KEPT * (elapsed / (elapsed + resampling.LAG)) ** 2
    change = [case.rates[day] - case.rates[day + 1] for day in range(length)]
    mean = sum(change) / max(length, 1)
    left = [step - mean for step in change] + [0.0] * (WINDOW - length)
    now = case.rates[0]
    grain = resampling.GRAIN * math.sqrt(now * (100 - now)) / 50
    reach = (
        (1 - math.exp(-resampling.FADE * days / 5)) / resampling.FADE * 5
        if is_level
        else days * elapsed / (elapsed + days)
    )
    share = 1 if is_level else days / (elapsed + days)
    stays = not case.is_arriving and all(step >= 0 for step in change)
    ends = []
    for path in range(PATHS):
        stray = 0.0
        for week in range(math.ceil(days / 5)):
            lasting = int(min(max(days - 5 * week, 0), 5))
            start = word(case.seed, path, 2 * week) % max(length - 4, 1)
            sign = -1 if word(case.seed, path, 2 * week + 1) >> 63 else 1
            block = sum(left[start : start + lasting])
            block += sign * grain * (1 + resampling.WIDENING * week) * math.sqrt(lasting / 5)
            stray += block * (1 if is_level else elapsed / (elapsed + 5 * week + lasting / 2))
        end = now + reach * believed * slope / 5 + stray
        worst = now if stays else now * (1 - share)
        end = min(max(end, worst), now * (1 - share) + 100 * share) if days > 0 else now
        ends.append(min(max(end, 0), case.ceiling))
    ends.sort()
    return (ends[99] + ends[100]) / 2, ends[20], ends[179]


@settings(deadline=None)
@given(st.lists(result(), min_size=1, max_size=3))
def test_projection_equals_the_plain_one_when_percents_are_random(cases):
    found = project_percents(percents(cases))

    for at, case in enumerate(cases):
        one = (found.projection[at], found.low[at], found.high[at])
        assert one == pytest.approx(plain(case), nan_ok=True, abs=1e-6)


@given(st.lists(result(), min_size=1, max_size=4))
def test_projection_never_leaves_the_possible_when_percents_are_random(cases):
    found = project_percents(percents(cases))

    for at, case in enumerate(cases):
        if not math.isnan(found.projection[at]):
            assert 0 <= found.low[at] <= found.projection[at] <= found.high[at] <= case.ceiling
        # A percent alone earns no probability: not even one that is kept for the standing.
        assert np.isnan([found.chance[at], found.trust[at], found.probability[at]]).all()


@given(st.lists(result(), min_size=2, max_size=4))
def test_answer_is_the_same_whatever_is_computed_beside_it(cases):
    together = project_percents(percents(cases))

    alone = [project_one(case) for case in cases]

    columns = np.array([together.projection, together.low, together.high]).T
    assert np.array_equal(columns, np.array(alone), equal_nan=True)


def test_seed_of_a_series_is_the_same_on_every_machine():
    assert stable_seed("H21.58", "online") == 8734802660142380782
    assert stable_seed("H21.5", "8online") != stable_seed("H21.58", "online")


def test_cumulative_rate_slows_down_where_a_mended_one_keeps_its_speed():
    rising = Case(line(daily=0.4))

    cumulative, mended = (project_one(replace(rising, shortfall=shortfall)) for shortfall in (DILUTED, REPAIRABLE))

    assert 30 < cumulative[0] < mended[0]


def test_stock_stays_what_it_is_at_least_when_it_never_fell():
    rising, fallen = Case(line(daily=0.2), is_arriving=False), (31.0, *line(daily=-0.2)[1:])

    assert project_one(rising)[1] >= 30
    assert project_one(replace(rising, rates=fallen))[1] < 31


def test_figure_itself_decides_when_it_is_the_last_day():
    assert project_one(Case(line(), days_left=0.0)) == (30, 30, 30)
