"""Units as lines from the start over the milestones: what was reached, what is projected, each named at its end.

Heights are worked out here in pixels, so that labels are spread before anything is drawn and never overlap, whatever
the screen. A wide chart has the names beside the lines; a narrow one the numbers under which the table names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import altair as alt

from pages.charts.layout import ACCENT, INK, LINE, QUIET, UNKNOWN
from pages.charts.marks import GROUND, Frame, Spec, drawn, either, round_percents, shade, standings, tooltip
from pages.compare.exhibits import spread

HEIGHT = 470
TOP, BOTTOM = 16, 420
"""Pixels between which values stand; below are the names of the stops."""
APART = 21
"""Pixels from one label to the next."""
FRAME = Frame(left=46, right=330, narrow_right=92, height=HEIGHT)
"""Pixels kept for the scale's figures and for labels."""
LEAST_SPAN = 10.0
"""Points that the scale shows at least: small differences are not made to look large."""


@dataclass(frozen=True)
class Stop:
    """Where every line has a place: the start, a milestone, today."""

    label: str
    below: str
    short: str
    """What stands there in place of both where there is little room."""
    is_ahead: bool = False


@dataclass(frozen=True)
class UnitLine:
    """A unit's rate at each stop, None where unknown; what is ahead is projected. `number`: its place in the table."""

    number: int
    name: str
    values: tuple[float | None, ...]
    figure: str
    """What its label says behind the number."""
    standing: str
    is_reported: bool = False
    """The chart's message names it: its line stands out."""
    facts: tuple[tuple[str, str], ...] = ()


def slope_chart(stops: Sequence[Stop], lines: Sequence[UnitLine], language: str) -> Spec:
    """One line a unit; dashed where it is projected, its mark by standing at today's figure."""
    known = [value for line in lines for value in line.values if value is not None]
    least, most = _scale(known)

    def height(value: float) -> float:
        return BOTTOM - (value - least) / (most - least) * (BOTTOM - TOP)

    def across(stop: int) -> float:
        return stop / max(len(stops) - 1, 1)

    pieces, marks, ends = [], [], []
    for line in lines:
        points = [(at, value) for at, value in enumerate(line.values) if value is not None]
        for (at, value), (to, then) in pairwise(points):
            piece = {"x": across(at), "y": height(value), "x2": across(to), "y2": height(then)}
            pieces.append(piece | {"ahead": stops[to].is_ahead, "told": line.is_reported})
        reported = [at for at, _ in points if not stops[at].is_ahead]
        for at, value in points:
            kind = "ahead" if stops[at].is_ahead else "now" if at == reported[-1] else "past"
            place = {"x": across(at), "y": height(value), "kind": kind, "standing": line.standing}
            marks.append(place | {"told": line.is_reported} | dict(line.facts))
        if points:
            ends.append((line, *points[-1]))
    labels = spread([height(value) for _, _, value in ends], apart=APART, least=TOP, most=BOTTOM)
    titles = tuple(dict.fromkeys(title for line in lines for title, _ in line.facts))
    return _template(titles, language) | {
        "datasets": {
            "grid": [{"y": height(tick), "label": f"{tick:.0f}%"} for tick in round_percents(least, most)],
            "stops": [
                {"x": across(at), "label": stop.label, "below": stop.below, "short": stop.short}
                for at, stop in enumerate(stops)
            ],
            "pieces": pieces,
            "marks": marks,
            "labels": [
                {
                    "x": across(at), "y": height(value), "to": place, "wide": f"{line.figure}  {line.name}",
                    "narrow": f"{line.number} · {line.figure}",
                    "told": line.is_reported,
                }
                for (line, at, value), place in zip(ends, labels, strict=True)
            ],
        }
    }  # fmt: skip


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """From five points below the lowest value to five above the highest, inside 0 to 100."""
    least, most = (min(values), max(values)) if values else (0.0, 100.0)
    least, most = max(least - 4, 0.0), min(most + 4, 100.0)
    short = max(LEAST_SPAN - (most - least), 0.0)
    least = max(least - short, 0.0)
    return least, max(most, least + LEAST_SPAN)


LOOKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("!datum.told", {"strokeWidth": 1.6, "opacity": 0.7, "stroke": shade(UNKNOWN)}),
    ("datum.told", {"strokeWidth": 3, "opacity": 1, "stroke": shade(ACCENT)}),
)
"""The lines that the message names over the others."""


@lru_cache(maxsize=20)
def _template(titles: tuple[str, ...], language: str) -> Spec:
    pieces = alt.Chart(alt.NamedData("pieces")).encode(x=FRAME.x(), y=FRAME.y(), x2="x2:Q", y2="y2:Q")
    layers = _frame()
    for condition, look in LOOKS:
        some = pieces.transform_filter(condition)
        layers += [
            some.transform_filter("!datum.ahead").mark_rule(**look),
            some.transform_filter("datum.ahead").mark_rule(**look, strokeDash=[5, 4]),
        ]
    labels = FRAME.labels(opacity=0.6, fontWeight=alt.ExprRef("datum.told ? 700 : 400"))
    layers += [*labels, *_marks(titles)]
    return drawn(layers, language, height=HEIGHT)


def _frame() -> list[alt.Chart]:
    stops = alt.Chart(alt.NamedData("stops"))
    words: dict[str, Any] = {"fontSize": 13, "color": shade(QUIET)}
    # The first and the last name turn inwards, so that neither runs off the chart.
    align = alt.ExprRef("datum.x === 0 ? 'left' : datum.x === 1 ? 'right' : 'center'")
    return [
        *FRAME.grid(opacity=0.7),
        stops.mark_rule(strokeWidth=1, color=shade(LINE)).encode(
            x=FRAME.x(), y=alt.value(TOP), y2=alt.value(BOTTOM + 10)
        ),
        stops.mark_text(
            fontSize=13.5, fontWeight=600, color=shade(INK), align=align, text=either("datum.short", "datum.label")
        ).encode(x=FRAME.x(), y=alt.value(BOTTOM + 24)),
        stops.mark_text(**words, align=align, text=either("''", "datum.below")).encode(
            x=FRAME.x(), y=alt.value(BOTTOM + 42)
        ),
    ]  # fmt: skip


def _marks(titles: Sequence[str]) -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData("marks"))
    points = []
    for condition, look in LOOKS:
        some = base.transform_filter(condition)
        points += [
            some.transform_filter("datum.kind === 'past'")
            .mark_point(filled=True, size=42, fill=look["stroke"], stroke=GROUND, strokeWidth=1, opacity=1)
            .encode(x=FRAME.x(), y=FRAME.y()),
            some.transform_filter("datum.kind === 'ahead'")
            .mark_point(filled=True, size=36, fill=look["stroke"], opacity=0.6)
            .encode(x=FRAME.x(), y=FRAME.y()),
        ]
    placed = base.encode(x=FRAME.x(), y=FRAME.y())
    now = standings(
        lambda standing: placed.transform_filter(f"datum.kind === 'now' && datum.standing === '{standing}'")
    )
    everywhere = placed.mark_point(size=260, opacity=0, filled=True).encode(tooltip=tooltip(titles))
    return [*points, *now, everywhere]
