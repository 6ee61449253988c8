"""Random campaigns for the tests of the analysis: histories as they come, good and bad."""

import math
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from targets.projection.outlook import Outlook
from targets.standing.history import LOOKS, History
from targets.standing.progress import SHORTFALLS

NAN = math.nan


@dataclass(frozen=True)
class Series:
    """One case in plain numbers: figures on the looks, newest first, and what is still to come."""

    worked: tuple[float, ...]
    numerator: tuple[float, ...]
    denominator: tuple[float, ...]
    reported: tuple[float, ...]
    days_left: float
    expected: float
    target: float
    ceiling: float
    shortfall: int
    is_arriving: bool
    is_sound: bool
    revised: tuple[float, ...] = (0.0,) * len(LOOKS)


@st.composite
def series(draw: st.DrawFn) -> Series:
    """A case of any kind: zero denominators, falls, one reading only, percents alone, the last day, open ends."""
    looks = len(LOOKS)
    steps = [
        (draw(st.integers(0, 60)), draw(st.floats(0, 1)), draw(st.sampled_from([1, 1, 1, 1, 0, -1])))
        for _ in range(looks)
    ]
    denominator, numerator = [], []
    right = cases = 0
    for more, share, way in reversed(steps):
        cases = max(cases + way * more, 0)
        right = min(max(right + round(way * more * share), 0), cases)
        denominator.append(float(cases))
        numerator.append(float(right))
    numerator.reverse()
    denominator.reverse()
    if draw(st.booleans()):
        # A stock: the whole never changes.
        denominator = [max(denominator)] * looks
    reach = draw(st.sampled_from([0, 3, 5, 10, 20, 20, 20]))
    worked = [float(min(look, reach)) for look in LOOKS]
    reported = [NAN] * looks
    kind = draw(st.sampled_from(["counts"] * 6 + ["percent", "nothing", "one"]))
    if kind == "percent":
        reported = [draw(st.integers(0, 1000)) / 10 for _ in range(looks)]
        numerator, denominator = [NAN] * looks, [NAN] * looks
    elif kind == "nothing":
        worked = numerator = denominator = [NAN] * looks
    elif kind == "one":
        worked, numerator = [0.0] * looks, [numerator[0]] * looks
        denominator = [denominator[0]] * looks
    is_arriving = draw(st.booleans())
    return Series(
        worked=tuple(worked),
        numerator=tuple(numerator),
        denominator=tuple(denominator),
        reported=tuple(reported),
        days_left=draw(st.sampled_from([NAN, 0.0, 1.0, 5.0, 10.0, 15.0, 40.0])),
        expected=draw(st.sampled_from([NAN, 0.0, 1.0, 7.0, 120.0, 3000.0])) if is_arriving else 0.0,
        target=draw(st.sampled_from([NAN, 0.0, 0.07, 33.333333, 50.0, 60.0, 72.37, 95.0, 100.0])),
        ceiling=draw(st.sampled_from([90.0, 100.0, 100.0])),
        shortfall=draw(st.sampled_from(range(len(SHORTFALLS)))),
        is_arriving=is_arriving,
        is_sound=draw(st.sampled_from([True, True, True, False])),
        revised=tuple(draw(st.sampled_from([0.0, 0.0, 1.0])) for _ in range(looks)),
    )


def history_of(cases: list[Series]) -> History:
    return History(
        **{
            name: np.array([getattr(case, name) for case in cases], dtype=np.float64).reshape(len(cases), len(LOOKS))
            for name in ("worked", "numerator", "denominator", "reported", "revised")
        }
    )


def outlook_of(cases: list[Series]) -> Outlook:
    columns = {
        name: np.array([getattr(case, name) for case in cases], dtype=kind)
        for name, kind in (
            ("days_left", np.float64),
            ("expected", np.float64),
            ("target", np.float64),
            ("ceiling", np.float64),
            ("shortfall", np.int64),
            ("is_arriving", bool),
            ("is_sound", bool),
        )
    }
    return Outlook(history=history_of(cases), **columns)
