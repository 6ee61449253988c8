"""A funnel: each unit's rate over its number of cases, with the limits within which like units usually scatter.

Only units outside the limits are named, at the side, where their labels are spread so that none overlaps another. Of
thousands of units inside, those that would cover one another are drawn once.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from pages.charts.layout import ACCENT, INK, QUIET, TRACK, UNKNOWN
from pages.charts.marks import GROUND, Frame, Spec, drawn, round_percents, shade, tooltip
from pages.compare.exhibits import spread

HEIGHT = 480
TOP, BOTTOM = 12, 430
APART = 21
NAMED = 16
"""Labels that stand beside the chart; the table names the others."""
FRAME = Frame(left=46, right=320, narrow_right=60, height=HEIGHT)
ARROW = "M0,-1L0.75,0L0.3,0L0.3,1L-0.3,1L-0.3,0L-0.75,0Z"
"""Up, in a square from −1 to 1: a triangle would be a standing."""
CELL = 4.0
"""Points closer together than this many pixels are one mark."""


@dataclass(frozen=True)
class FunnelPoint:
    """A unit: its cases and rate; −1 below the limits, 1 above, 0 inside. `number`: its place in the table."""

    name: str
    cases: float
    value: float
    side: int
    number: int = 0
    figure: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Limits:
    """For a number of cases the two limits, in points."""

    cases: float
    low: float
    high: float


def funnel_chart(
    points: Sequence[FunnelPoint],
    limits: Sequence[Limits],
    *,
    centre: float,
    centre_words: str,
    cases_words: str,
    ticks: Sequence[tuple[float, str]],
    language: str,
) -> Spec:
    """The units, the limits around the common rate, and the names of those furthest outside.

    `limits` from few cases to many. `ticks`: numbers of cases that are named on the scale.
    """
    fewest, most_cases = limits[0].cases, limits[-1].cases
    width = math.log(most_cases / fewest) or 1.0
    values = [point.value for point in points]
    least, most = max(min([*values, centre]) - 4, 0.0), min(max([*values, centre]) + 4, 100.0)

    def height(value: float) -> float:
        return BOTTOM - (min(max(value, least), most) - least) / (most - least) * (BOTTOM - TOP)

    def across(cases: float) -> float:
        return math.log(max(cases, fewest) / fewest) / width

    outside = [point for point in points if point.side]
    named = sorted(outside, key=lambda point: point.number)[:NAMED]
    places = spread([height(point.value) for point in named], apart=APART, least=TOP, most=BOTTOM)
    titles = tuple(dict.fromkeys(title for point in outside for title, _ in point.facts))
    inside = {
        (round(across(point.cases) * 800 / CELL), round(height(point.value) / CELL)): point
        for point in points
        if not point.side
    }
    return _template(titles, language) | {
        "datasets": {
            "grid": [{"y": height(tick), "label": f"{tick:.0f}%"} for tick in round_percents(least, most)],
            "cases": [{"x": across(cases), "label": words} for cases, words in ticks if fewest <= cases <= most_cases],
            "words": [{"label": cases_words, "centre": centre_words, "y": height(centre)}],
            "limits": [
                {"x": across(limit.cases), "low": height(limit.low), "high": height(limit.high)}
                for limit in limits
            ],
            "inside": [{"x": across(point.cases), "y": height(point.value)} for point in inside.values()],
            "outside": [
                {"x": across(point.cases), "y": height(point.value), "side": point.side, **dict(point.facts)}
                for point in outside
            ],
            "labels": [
                {
                    "x": across(point.cases), "y": height(point.value), "to": place,
                    "wide": f"{point.figure}  {point.name}", "narrow": str(point.number),
                }
                for point, place in zip(named, places, strict=True)
            ],
        }
    }  # fmt: skip


@lru_cache(maxsize=20)
def _template(titles: tuple[str, ...], language: str) -> Spec:
    outside = alt.Chart(alt.NamedData("outside")).encode(x=FRAME.x(), y=FRAME.y())
    mark: dict[str, Any] = {"filled": True, "size": 170, "fill": shade(INK), "opacity": 1, "shape": ARROW}
    layers = [
        *_funnel(),
        *_frame(),
        alt.Chart(alt.NamedData("inside"))
        .mark_point(filled=True, size=26, fill=shade(UNKNOWN), stroke=GROUND, strokeWidth=0.6, opacity=0.9)
        .encode(x=FRAME.x(), y=FRAME.y()),
        *FRAME.labels(opacity=0.45),
        outside.transform_filter("datum.side > 0").mark_point(**mark).encode(tooltip=tooltip(titles)),
        outside.transform_filter("datum.side < 0").mark_point(angle=180, **mark).encode(tooltip=tooltip(titles)),
    ]
    return drawn(layers, language, height=HEIGHT)


def _funnel() -> list[alt.Chart]:
    limits = alt.Chart(alt.NamedData("limits")).encode(x=FRAME.x())
    line: dict[str, Any] = {"strokeWidth": 1.5, "strokeDash": [4, 3], "color": shade(QUIET)}
    return [
        limits.mark_area(orient="vertical", color=shade(TRACK), opacity=1).encode(y=FRAME.y("low"), y2="high:Q"),
        limits.mark_line(**line).encode(y=FRAME.y("low")),
        limits.mark_line(**line).encode(y=FRAME.y("high")),
    ]


def _frame() -> list[alt.Chart]:
    cases = alt.Chart(alt.NamedData("cases"))
    words = alt.Chart(alt.NamedData("words"))
    end = alt.value(FRAME.end())
    quiet: dict[str, Any] = {"fontSize": 13, "color": shade(QUIET)}
    return [
        *FRAME.grid(opacity=0.5),
        words.mark_rule(strokeWidth=2, color=shade(ACCENT)).encode(x=alt.value(FRAME.left), x2=end, y=FRAME.y()),
        words.mark_text(**quiet, align="left", dy=-9).encode(x=alt.value(FRAME.left + 4), y=FRAME.y(), text="centre:N"),
        cases.mark_rule(strokeWidth=1, color=shade(QUIET)).encode(
            x=FRAME.x(), y=alt.value(BOTTOM), y2=alt.value(BOTTOM + 5)
        ),
        cases.mark_text(**quiet).encode(x=FRAME.x(), y=alt.value(BOTTOM + 17), text="label:N"),
        words.mark_text(**quiet, align="right").encode(x=end, y=alt.value(BOTTOM + 38), text="label:N"),
    ]
