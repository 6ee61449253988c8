"""A level's units as dots in stacks: how far each is from its own target, or where none has one, its result.

The target stands between two stacks, so nobody left of it has reached it. A dot names its unit under the mouse;
clicked, it is told by its code.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import Any

import altair as alt

from pages.charts.layout import INK, MARKS, QUIET, STACKS_HEIGHT, Mark
from pages.charts.marks import Spec, drawn, shade, tooltip

CROWD, MANY, FEW = 60, 50, 14
"""Above so many units at most so many stacks, else fewer: a stack of one says little."""
MOST = 400
"""Dots at most: of more units each stands for several, and for none by name."""
LARGEST = 13
"""Pixels across a dot at most."""
PICK = "pick"
"""The click on a dot, as Streamlit tells it."""


@dataclass(frozen=True)
class Dot:
    """A unit: its code, points beyond its target (or its result in percent), and what is told of it."""

    code: str
    standing: str
    away: float
    facts: tuple[tuple[str, str], ...]


def units_of_a_dot(units: int) -> int:
    """How many of so many units one dot stands for."""
    return ceil(units / MOST)


def stacks(dots: Sequence[Dot], *, target: str, language: str) -> Spec:
    """The dots, in each stack in the order given from the bottom. `target`: what the line between the stacks is called;
    empty where there is none."""
    width = _width([dot.away for dot in dots])
    several = units_of_a_dot(len(dots))
    heights: Counter[float] = Counter()
    met: Counter[tuple[float, str]] = Counter()
    values = []
    for dot in dots:
        place = (floor(dot.away / width) + 0.5) * width
        met[place, dot.standing] += 1
        if several > 1 and met[place, dot.standing] % several != 1:
            continue
        code, facts = (dot.code, dot.facts) if several == 1 else ("", dot.facts[-1:])
        heights[place] += 1
        values.append({"code": code, "s": dot.standing, "x": place, "y": heights[place], **dict(facts)})
    titles = tuple(dict.fromkeys(title for dot in dots for title, _ in dot.facts))
    across = round((max(heights) - min(heights)) / width) + 1 if heights else 1
    template = _template(titles, target, max([*heights.values(), 8]), across, _ticks(list(heights)), language)
    return template | {"datasets": template.get("datasets", {}) | {"dots": values}}


def _width(far: Sequence[float]) -> float:
    """Points that one stack holds."""
    if not far:
        return 1
    most = MANY if len(far) > CROWD else FEW
    return next(width for width in (0.25, 0.5, 1, 2, 5, 10) if (max(far) - min(far)) / width < most or width == 10)


def _ticks(places: Sequence[float]) -> tuple[int, ...]:
    """At most nine round numbers between the outer stacks, the target's among them."""
    if not places:
        return ()
    least, most = min(*places, 0), max(*places, 0)
    step = next(step for step in (1, 2, 5, 10, 20, 50) if (most - least) / step <= 8)
    return tuple(range(-int(-least // step) * step, int(most) + 1, step))


def _by_standing(of: Callable[[Mark], Any]) -> str:
    """An expression that finds something of the mark of a row's standing."""
    return f"({json.dumps({standing: of(mark) for standing, mark in MARKS.items()})})[datum.s]"


@lru_cache(maxsize=200)
def _template(
    titles: tuple[str, ...], target: str, top: int, across: int, ticks: tuple[int, ...], language: str
) -> Spec:
    """The chart without its units."""
    dark, light = _by_standing(lambda mark: mark.colour.dark), _by_standing(lambda mark: mark.colour.light)
    colour = f"(luminance(background) < 0.4 ? {dark} : {light})"
    hollow = _by_standing(lambda mark: mark.is_hollow)
    size = f"pow(min({LARGEST}, height / {top + 1}, (width - 24) / {across}) * 0.92, 2)"
    label = "datum.label + '%'"
    if target:
        named = json.dumps(target, ensure_ascii=False)
        label = f"datum.value == 0 ? {named} : replace(datum.label, '-', '\N{MINUS SIGN}')"
    axis = alt.Axis(
        grid=False, domain=False, ticks=False, labelFontSize=14, labelColor=shade(QUIET), title=None,
        values=list(ticks),
        format="+,.0f" if target else ",.0f",
        labelExpr=label,
    )  # fmt: skip
    x = alt.X("x:Q", axis=axis, scale=alt.Scale(padding=12, nice=False, zero=bool(target)))
    scale = alt.Scale(domain=[0, top + 1], nice=False)
    look: dict[str, Any] = {
        "filled": True, "opacity": 1, "cursor": "pointer", "shape": alt.ExprRef(_by_standing(lambda mark: mark.shape)),
        "size": alt.ExprRef(size), "fill": alt.ExprRef(f"{hollow} ? background : {colour}"),
        "stroke": alt.ExprRef(f"{hollow} ? {colour} : background"), "strokeWidth": alt.ExprRef(f"{hollow} ? 1.5 : 0.5"),
    }  # fmt: skip
    points = (
        alt.Chart(alt.NamedData("dots"))
        .mark_point(**look)
        .encode(x=x, y=alt.Y("y:Q", axis=None, scale=scale), tooltip=tooltip(titles))
        .add_params(alt.selection_point(name=PICK, fields=["code"], on="click"))
    )
    at_target = alt.Chart(alt.InlineData(values=[{"x": 0}])).mark_rule(strokeWidth=3, color=shade(INK)).encode(x=x)
    layers = [at_target, points] if target else [points]
    return drawn(layers, language, height=STACKS_HEIGHT, right=4)
