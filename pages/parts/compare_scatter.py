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

from pages.parts.charts import GROUND, NO_PADDING, Spec, finished, shade
from pages.parts.compare_exhibits import spread
from pages.parts.layout import ACCENT, INK, LINE, QUIET, TRACK, UNKNOWN

HEIGHT = 480
TOP, BOTTOM = 12, 430
APART = 21
NAMED = 16
"""Labels that stand beside the chart; the table names the others."""
NARROW = "width < 640"
LEFT, RIGHT, NARROW_RIGHT = 46, 320, 60
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
            "grid": [{"y": height(tick), "label": f"{tick:.0f}%"} for tick in _ticks(least, most)],
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


def _ticks(least: float, most: float) -> list[float]:
    step = next(step for step in (2, 5, 10, 20, 25) if (most - least) / step <= 6)
    return [float(tick) for tick in range(0, 101, step) if least <= tick <= most]


def _either(narrow: str, wide: str) -> alt.ExprRef:
    return alt.ExprRef(f"{NARROW} ? {narrow} : {wide}")


def _x(field: str = "x") -> alt.X:
    ends: list[Any] = [LEFT + 8, _either(f"width - {NARROW_RIGHT}", f"width - {RIGHT}")]
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[0, 1], range=ends, nice=False, zero=False, padding=0), axis=None)


def _y(field: str = "y") -> alt.Y:
    scale = alt.Scale(domain=[0, HEIGHT], range=[0, HEIGHT], nice=False, zero=False, padding=0)
    return alt.Y(f"{field}:Q", scale=scale, axis=None)


@lru_cache(maxsize=20)
def _template(titles: tuple[str, ...], language: str) -> Spec:
    tooltip = [alt.Tooltip(field=title, type="nominal") for title in titles]
    outside = alt.Chart(alt.NamedData("outside")).encode(x=_x(), y=_y())
    mark: dict[str, Any] = {"filled": True, "size": 170, "fill": shade(INK), "opacity": 1, "shape": ARROW}
    layers = [
        *_funnel(),
        *_frame(),
        alt.Chart(alt.NamedData("inside"))
        .mark_point(filled=True, size=26, fill=shade(UNKNOWN), stroke=GROUND, strokeWidth=0.6, opacity=0.9)
        .encode(x=_x(), y=_y()),
        *_labels(),
        outside.transform_filter("datum.side > 0").mark_point(**mark).encode(tooltip=tooltip),
        outside.transform_filter("datum.side < 0").mark_point(angle=180, **mark).encode(tooltip=tooltip),
    ]
    chart = alt.layer(*layers).properties(width="container", height=HEIGHT, padding=NO_PADDING)
    return finished(chart, language)


def _funnel() -> list[alt.Chart]:
    limits = alt.Chart(alt.NamedData("limits")).encode(x=_x())
    line: dict[str, Any] = {"strokeWidth": 1.5, "strokeDash": [4, 3], "color": shade(QUIET)}
    return [
        limits.mark_area(orient="vertical", color=shade(TRACK), opacity=1).encode(y=_y("low"), y2="high:Q"),
        limits.mark_line(**line).encode(y=_y("low")),
        limits.mark_line(**line).encode(y=_y("high")),
    ]


def _frame() -> list[alt.Chart]:
    grid, cases = alt.Chart(alt.NamedData("grid")), alt.Chart(alt.NamedData("cases"))
    words = alt.Chart(alt.NamedData("words"))
    end = alt.value(_either(f"width - {NARROW_RIGHT}", f"width - {RIGHT}"))
    quiet: dict[str, Any] = {"fontSize": 13, "color": shade(QUIET)}
    return [
        grid.mark_rule(strokeWidth=1, opacity=0.5, color=shade(LINE)).encode(x=alt.value(LEFT), x2=end, y=_y()),
        grid.mark_text(**quiet, align="right").encode(x=alt.value(LEFT - 6), y=_y(), text="label:N"),
        words.mark_rule(strokeWidth=2, color=shade(ACCENT)).encode(x=alt.value(LEFT), x2=end, y=_y()),
        words.mark_text(**quiet, align="left", dy=-9).encode(x=alt.value(LEFT + 4), y=_y(), text="centre:N"),
        cases.mark_rule(strokeWidth=1, color=shade(QUIET)).encode(
            x=_x(), y=alt.value(BOTTOM), y2=alt.value(BOTTOM + 5)
        ),
        cases.mark_text(**quiet).encode(x=_x(), y=alt.value(BOTTOM + 17), text="label:N"),
        words.mark_text(**quiet, align="right").encode(x=end, y=alt.value(BOTTOM + 38), text="label:N"),
    ]


def _labels() -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData("labels"))
    at = alt.value(_either(f"width - {NARROW_RIGHT} + 18", f"width - {RIGHT} + 22"))
    start = alt.value(_either(f"width - {NARROW_RIGHT} + 22", f"width - {RIGHT} + 27"))
    left: dict[str, Any] = {"align": "left", "baseline": "middle", "color": shade(INK)}
    return [
        base.mark_rule(strokeWidth=1, color=shade(QUIET), opacity=0.45).encode(x=_x(), y=_y(), x2=at, y2="to:Q"),
        base.mark_text(**left, fontSize=_either("13", "14"), text=_either("datum.narrow", "datum.wide")).encode(
            x=start, y=_y("to")
        ),
    ]
