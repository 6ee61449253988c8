"""A unit's indicator over the campaign: the same scale in each panel, so that six of them can be read side by side.

Marks mean what they mean everywhere: baseline ○, trajectory thin and dashed, target a short vertical tick, today's
figure by its standing. What is not known is not drawn: a stretch without figures is a gap in the line.

What a panel shows is data, how it is drawn is one frame for all panels: Altair takes a sixth of a second to check a
frame, and would take it for each panel of each unit.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt

from pages.charts.layout import ACCENT, INK, MARKS, PANEL_HEIGHT, QUIET, UNKNOWN
from pages.charts.marks import BESIDE, GROUND, Spec, drawn, figures_axis, haloed, judged, named_axis, shade, tooltip

HIGH = 80
"""Points above which a label stands below its mark: there is no room over it."""
LATE = 0.75
"""The share of the width after which a target's label stands before its tick."""
LABEL_WIDTH = 0.2
"""The share of the width that today's figure takes."""
LABEL_ABOVE, LABEL_BELOW = (5, 23), (-26, -8)
"""How far it reaches from its mark, in points, where it stands above or below it."""
TICK_LABEL = 14
"""How far a target's label stands from it."""
LABEL_TOP = 108
"""Where the panel ends, its upper edge included."""


@dataclass(frozen=True)
class Point:
    """A rate on a day, and what is told of it on hovering."""

    day: date
    value: float
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class TargetTick:
    """A target on its due date; without a label where it belongs to the past."""

    day: date
    value: float
    label: str


@dataclass(frozen=True)
class Fan:
    """Where the rate is likely to be on the due date: four times in five between `low` and `high`."""

    day: date
    low: float
    high: float


@dataclass(frozen=True)
class Panel:
    """One indicator. `runs` are the stretches with figures; between two of them there were none."""

    first: date
    last: date
    runs: tuple[tuple[Point, ...], ...]
    baseline: Point | None
    trajectory: tuple[Point, ...]
    targets: tuple[TargetTick, ...]
    now: Point | None
    standing: str
    figure: str
    dates: tuple[tuple[date, str], ...]
    """The days named under the panel."""
    fan: Fan | None = None


def panel(shown: Panel, language: str) -> Spec:
    """From the baseline's day to the last milestone, 0 to 100."""
    dates = tuple(((day - shown.first).days, label) for day, label in shown.dates)
    titles = next((tuple(title for title, _ in point.facts) for run in shown.runs for point in run), ())
    frame = _frame((shown.last - shown.first).days, dates, titles, language)
    return frame | {"datasets": {"days": list(_days(shown)), "marks": list(_marks(shown))}}


def _days(shown: Panel) -> Iterator[dict[str, Any]]:
    """One row a day with a figure; `run` says which stretch it belongs to, `alone` that it stands alone in it."""
    for number, run in enumerate(shown.runs):
        for point in run:
            place = {"day": (point.day - shown.first).days, "value": _within(point.value)}
            yield dict(point.facts) | place | {"run": number, "alone": len(run) == 1}


def _marks(shown: Panel) -> Iterator[dict[str, Any]]:
    """Everything else: where it stands, and what its words are and on which side of it they stand."""

    def at(kind: str, day: date, value: float, **more: Any) -> dict[str, Any]:
        empty = {
            "label": "", "align": "", "dx": 0, "dy": 0, "shape": "", "light": "", "dark": "", "hollow": False, "high": 0
        }  # fmt: skip
        return {"kind": kind, "day": (day - shown.first).days, "value": _within(value)} | empty | more

    yield at("frame", shown.first, 0)
    if shown.fan is not None and shown.now is not None:
        yield at("fan", shown.now.day, shown.now.value, high=_within(shown.now.value))
        yield at("fan", shown.fan.day, shown.fan.low, high=_within(shown.fan.high))
    if len(shown.trajectory) > 1:
        yield from (at("trajectory", point.day, point.value) for point in shown.trajectory)
    width = (shown.last - shown.first).days
    for tick in shown.targets:
        is_late = (tick.day - shown.first).days > width * LATE
        side = {"align": "right", "dx": 4} if is_late else {"align": "left", "dx": -4}
        yield at("target", tick.day, tick.value, label=tick.label, dy=17 if tick.value > HIGH else -17, **side)
    if shown.baseline is not None:
        yield at("baseline", shown.baseline.day, shown.baseline.value)
    if shown.now is not None:
        mark = MARKS[shown.standing]
        colours = {"light": mark.colour.light, "dark": mark.colour.dark, "hollow": mark.is_hollow}
        beside = _free_side(shown, shown.now)
        yield at("now", shown.now.day, shown.now.value, label=shown.figure, shape=mark.shape, **colours, **beside)


def _free_side(shown: Panel, now: Point) -> dict[str, Any]:
    """Where today's figure covers none of the lines: before or behind its mark, above or below it.

    The first of the four that is free and on the panel; below and before the mark where none is.
    """
    width = (shown.last - shown.first).days
    lines = [[(point.day, point.value) for point in run] for run in (*shown.runs, shown.trajectory)]
    if shown.fan is not None:
        lines += [[(now.day, now.value), (shown.fan.day, edge)] for edge in (shown.fan.low, shown.fan.high)]
    room = max(1, round(width * LABEL_WIDTH))
    for tick in shown.targets:
        label = tick.value - TICK_LABEL if tick.value > HIGH else tick.value + TICK_LABEL
        ends = [(tick.day - timedelta(days=1), tick.day + timedelta(days=room // 2 if tick.label else 1))]
        lines += [[(since, height), (until, height)] for since, until in ends for height in (tick.value, label)]
    places = []
    for align, dx, days in (("right", -8, range(-room, 0)), ("left", 10, range(1, room + 1))):
        reached = [now.day + timedelta(days=day) for day in days]
        is_inside = shown.first <= reached[0] and reached[-1] <= shown.last
        for dy, (low, high) in ((-14, LABEL_ABOVE), (18, LABEL_BELOW)):
            fits = is_inside and now.value + low >= 0 and now.value + high <= LABEL_TOP
            crossed = any(
                low - 1 <= value - now.value <= high + 1
                for line in lines
                for value in (_value_on(line, day) for day in reached)
                if value is not None
            )
            places.append((fits and not crossed, fits, {"align": align, "dx": dx, "dy": dy}))
    free = [place for is_free, _, place in places if is_free] or [place for _, fits, place in places if fits]
    return free[0] if free else places[1][2]


def _value_on(line: Sequence[tuple[date, float]], day: date) -> float | None:
    """The height of a line on a day, None before its first place and after its last."""
    for (from_day, from_value), (to_day, to_value) in pairwise(line):
        if from_day <= day <= to_day and from_day < to_day:
            return from_value + (to_value - from_value) * ((day - from_day).days / (to_day - from_day).days)
    return None


def _within(value: float) -> float:
    """What lies beyond the scale is drawn at its end: the words say how far."""
    return min(max(value, 0), 100)


@cache
def _frame(width: int, dates: tuple[tuple[int, str], ...], titles: tuple[str, ...], language: str) -> Spec:
    """How a panel is drawn, without what it shows. Days are counted from the first: no time zone shifts them."""
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[-1, width + 1], nice=False, zero=False),
        axis=named_axis(dates, size=13, labelFlush=True, labelOverlap=True),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=figures_axis(size=13, values=[0, 50, 100], format="d"),
    )
    days = alt.Chart(alt.NamedData("days")).encode(x=x, y=y)
    marks = alt.Chart(alt.NamedData("marks"))

    def of(kind: str) -> alt.Chart:
        return marks.transform_filter(f"datum.kind === '{kind}'").encode(x=x, y=y)

    layers = [
        of("frame").mark_point(opacity=0),
        of("fan").mark_area(opacity=0.25, color=shade(ACCENT)).encode(y2="high:Q"),
        of("trajectory").mark_line(strokeWidth=1.5, strokeDash=[4, 3], color=shade(QUIET)),
        days.mark_line(strokeWidth=2.5, color=shade(ACCENT)).encode(detail="run:N"),
        days.transform_filter("datum.alone").mark_point(filled=True, size=30, opacity=1, color=shade(ACCENT)),
        days.mark_point(size=120, opacity=0).encode(tooltip=tooltip(titles)),
        of("target").mark_tick(orient="vertical", thickness=3.5, size=22, opacity=1, color=shade(INK)),
        *haloed(of("target"), colour=shade(QUIET), **BESIDE, fontSize=13, fontWeight=400),
        of("baseline").mark_point(
            filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=2, size=85, opacity=1
        ),
        *judged(of("now"), size=230, hollow=150),
        *haloed(of("now"), colour=shade(INK), **BESIDE, fontSize=17, fontWeight=700),
    ]  # fmt: skip
    return drawn(layers, language, height=PANEL_HEIGHT, top=10, right=4, bottom=2)
