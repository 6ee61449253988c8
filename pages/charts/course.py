"""A course over the campaign: what was told, the path owed, the milestones, and the band it is likely to end in.

One builder for the page, for small multiples and for a slide (`size`). Marks mean the same everywhere: baseline ○,
path thin and dashed, target a short vertical tick, today's figure by its standing, the projection a lighter band. A
stretch without figures is a gap in the line. What is drawn is data, how it is drawn one frame a size.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from math import ceil, floor
from typing import Any

import altair as alt

from jobs.slides.values import round_step, round_top
from pages.charts.layout import ACCENT, INK, LINE, MARKS, QUIET, UNKNOWN
from pages.charts.marks import (
    BESIDE,
    GROUND,
    NUMBERS,
    PERCENTS,
    Spec,
    drawn,
    either,
    figures_axis,
    haloed,
    judged,
    named_axis,
    shade,
    tooltip,
)

EARLY = 0.2
"""The share of the width before which today's figure stands behind its mark."""
HIGH = 0.86
"""The share of the height above which today's figure stands below its mark."""
LEAST_SPAN = 20
"""Points that a chart's scale spans at least: a change of one point must not look like a leap."""
STEPS = (5, 10, 20, 25)
LOW = 0.12
"""The share of the height below which words stand above their mark."""


LABEL = either("datum.brief", "datum.label")


@dataclass(frozen=True)
class Size:
    """How large a chart is drawn; its width is that of what it stands in."""

    height: int
    mark: int


PAGE = Size(height=340, mark=260)
ONE = Size(height=270, mark=230)
"""The one chart of a page of tables; its days end with the milestone."""
WORDS, FIGURE = 14, 22
"""Pixels of the letters of words and of today's figure."""
ROOM = 0.17
"""Kept free behind the last day, for words, as a share of the width of the days."""
BEHIND = {"align": "left", "dx": 9}
"""Where words stand at their mark."""


@dataclass(frozen=True)
class Point:
    """A rate on a day, and what is told of it on hovering."""

    day: date
    value: float
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Tick:
    """A target on its due date; `label` empty where it is not named, `is_past` where it is owed no longer."""

    day: date
    value: float
    label: str
    is_past: bool = False
    brief: str = ""
    """The label where there is little room; the same where nothing else is said."""


@dataclass(frozen=True)
class Fan:
    """From the newest figure to the due date: where four in five outcomes lie, and the middle of them.

    Only its end is computed: the band's edges are straight lines to it.
    """

    start: date
    value: float
    end: date
    low: float
    middle: float
    high: float
    label: str
    brief: str = ""


@dataclass(frozen=True)
class Plot:
    """One course. `runs` are the stretches with figures, `path` the corners of the path owed."""

    first: date
    last: date
    runs: tuple[tuple[Point, ...], ...]
    baseline: Point | None
    path: tuple[tuple[date, float], ...]
    knots: tuple[tuple[date, float], ...]
    """Where the path bends by decision, between its milestones."""
    ticks: tuple[Tick, ...]
    changed: tuple[date, ...]
    """Days on which a target became another."""
    now: Point | None
    standing: str
    figure: str
    fan: Fan | None
    dues: tuple[date, ...]
    dates: tuple[tuple[date, str], ...]
    """The days named below."""
    mark: str
    """That figures are simulated; empty where they are real."""
    begun: str = ""
    """What is said beside the baseline."""
    is_rate: bool = True


def scale_of(plots: Sequence[Plot]) -> tuple[int, int]:
    """The points that hold everything drawn, in whole tens between 0 and 100; the same for charts to be compared.

    Counts and days from 0 to a round figure above them all.
    """
    values = [value for plot in plots for value in _values(plot)]
    if not all(plot.is_rate for plot in plots):
        return 0, round_top(values)
    low, high = min(values, default=0.0), max(values, default=100.0)
    bottom = max(0, 10 * floor((low - 2) / 10))
    top = min(100, max(10 * ceil((high + 2) / 10), bottom + LEAST_SPAN))
    return max(0, min(bottom, top - LEAST_SPAN)), top


def _values(plot: Plot) -> Iterator[float]:
    yield from (point.value for run in plot.runs for point in run)
    yield from (value for _, value in plot.path)
    yield from (tick.value for tick in plot.ticks)
    yield from (point.value for point in (plot.baseline, plot.now) if point is not None)
    if plot.fan is not None:
        yield from (plot.fan.low, plot.fan.high)


def up_to(plot: Plot, last: date) -> Plot:
    """The plot with nothing behind a day: the path ends on it, wherever it leads from there."""
    path = [(day, value) for day, value in plot.path if day <= last]
    for (since, low), (until, high) in pairwise(plot.path):
        if since < last < until:
            path.append((last, low + (high - low) * ((last - since).days / (until - since).days)))
    return replace(
        plot,
        last=last,
        path=tuple(path),
        knots=tuple((day, value) for day, value in plot.knots if day <= last),
        ticks=tuple(tick for tick in plot.ticks if tick.day <= last),
        dues=tuple(due for due in plot.dues if due <= last),
        dates=tuple((day, label) for day, label in plot.dates if day <= last),
    )


def course_chart(plot: Plot, language: str, *, size: Size = PAGE, scale: tuple[int, int] | None = None) -> Spec:
    """The course of one indicator; `scale` in points where several are to be compared."""
    bottom, top = scale or scale_of([plot])
    days = (plot.last - plot.first).days
    dates = tuple(((day - plot.first).days, label) for day, label in plot.dates)
    titles = next((tuple(title for title, _ in point.facts) for run in plot.runs for point in run), ())
    step = None if plot.is_rate else round_step(top)
    frame = _frame(days, dates, titles, (bottom, top, step), size, language)
    drawn = _Drawn(plot, bottom, top, size)
    return frame | {"datasets": {"days": list(drawn.days()), "marks": list(drawn.marks())}}


class _Drawn:
    """A plot as rows: where each mark stands, what its words are and on which side of it they stand."""

    def __init__(self, plot: Plot, bottom: int, top: int, size: Size) -> None:
        self.plot, self.bottom, self.top, self.size = plot, bottom, top, size
        self.width = (plot.last - plot.first).days

    def days(self) -> Iterator[dict[str, Any]]:
        """One row a day with a figure; `run` says which stretch it belongs to, `alone` that it stands alone in it."""
        for number, run in enumerate(self.plot.runs):
            for point in run:
                place = {"day": self._at(point.day), "value": self._within(point.value)}
                yield dict(point.facts) | place | {"run": number, "alone": len(run) == 1}

    def marks(self) -> Iterator[dict[str, Any]]:
        plot = self.plot
        yield self._mark("frame", plot.first, self.bottom, label=plot.mark, align="left")
        yield from (self._mark("due", due, self.bottom) for due in plot.dues)
        yield from (self._mark("changed", day, self.bottom) for day in plot.changed)
        yield from (self._mark("path", day, value) for day, value in plot.path)
        yield from (self._mark("knot", day, value) for day, value in plot.knots)
        yield from self._fan()
        yield from self._ticks()
        if plot.baseline is not None:
            is_low = (plot.baseline.value - self.bottom) / (self.top - self.bottom) < LOW
            place = {"dx": -3, "dy": -2.2 * WORDS} if is_low else {"dx": 12, "dy": WORDS}
            yield self._mark(
                "baseline", plot.baseline.day, plot.baseline.value, label=plot.begun, align="left", **place
            )
        yield from self._now()

    def _fan(self) -> Iterator[dict[str, Any]]:
        fan = self.plot.fan
        if fan is None:
            return
        yield self._mark("fan", fan.start, fan.value, low=self._within(fan.value), high=self._within(fan.value))
        yield self._mark(
            "fan", fan.end, fan.middle, low=self._within(fan.low), high=self._within(fan.high),
            is_end=True,
            label=fan.label, brief=fan.brief or fan.label, **BEHIND,
            dy=self._apart(fan.middle, of_tick=False),
        )  # fmt: skip

    def _ticks(self) -> Iterator[dict[str, Any]]:
        for tick in self.plot.ticks:
            apart = self._apart(tick.value, of_tick=True) if self._meets(tick) else 0.0
            kind = "past" if tick.is_past else "target"
            words = {"label": tick.label, "brief": tick.brief or tick.label}
            yield self._mark(kind, tick.day, tick.value, **words, **BEHIND, dy=apart)

    def _now(self) -> Iterator[dict[str, Any]]:
        now = self.plot.now
        if now is None:
            return
        mark = MARKS[self.plot.standing]
        is_early = self._at(now.day) < self.width * EARLY
        is_high = (now.value - self.bottom) / (self.top - self.bottom) > HIGH
        side: dict[str, Any] = {"align": "left", "dx": 12} if is_early else {"align": "right", "dx": -10}
        shift = FIGURE if is_high else -FIGURE * 0.8
        yield self._mark(
            "now", now.day, now.value, label=self.plot.figure, shape=mark.shape, light=mark.colour.light,
            dark=mark.colour.dark, hollow=mark.is_hollow, **side, dy=shift,
        )  # fmt: skip

    def _meets(self, tick: Tick) -> bool:
        return self.plot.fan is not None and tick.day == self.plot.fan.end

    def _apart(self, value: float, *, of_tick: bool) -> float:
        """By how many pixels a label at the end of the band gives way to the other one there."""
        fan = self.plot.fan
        ticks = [tick.value for tick in self.plot.ticks if fan is not None and tick.day == fan.end and tick.label]
        if fan is None or not ticks:
            return 0.0
        pixels = self.size.height / (self.top - self.bottom)
        distance = (ticks[0] - fan.middle) * pixels
        lack = max(0.0, WORDS * 1.5 - abs(distance)) / 2
        upwards = (distance >= 0) == of_tick
        return -lack if upwards else lack

    def _mark(self, kind: str, day: date, value: float, **more: Any) -> dict[str, Any]:
        empty = {
            "label": "", "brief": "", "align": "", "dx": 0, "dy": 0, "shape": "", "light": "", "dark": "",
            "hollow": False, "low": 0, "high": 0, "is_end": False,
        }  # fmt: skip
        return {"kind": kind, "day": self._at(day), "value": self._within(value)} | empty | more

    def _at(self, day: date) -> int:
        return (day - self.plot.first).days

    def _within(self, value: float) -> float:
        """What lies beyond the scale is drawn at its end: the words say how far."""
        return min(max(value, self.bottom), self.top)


@cache
def _frame(
    width: int,
    dates: tuple[tuple[int, str], ...],
    titles: tuple[str, ...],
    scale: tuple[int, int, int | None],
    size: Size,
    language: str,
) -> Spec:
    """How a course is drawn, without what it shows. Days are counted from the first: no time zone shifts them."""
    bottom, top, round_by = scale
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[-1, width * (1 + ROOM) + 1], nice=False, zero=False),
        axis=named_axis(dates, size=WORDS, labelFlush=True, labelOverlap=True),
    )
    step = round_by or next((each for each in STEPS if (top - bottom) / each <= 5), STEPS[-1])
    labels = PERCENTS if round_by is None else NUMBERS
    upwards: dict[str, Any] = {
        "scale": alt.Scale(domain=[bottom, top], nice=False, zero=False),
        "axis": figures_axis(size=WORDS, values=list(range(bottom, top + 1, step)), labelExpr=labels),
    }
    y = alt.Y("value:Q", **upwards)
    days = alt.Chart(alt.NamedData("days")).encode(x=x, y=y)
    marks = alt.Chart(alt.NamedData("marks"))

    def of(kind: str) -> alt.Chart:
        return marks.transform_filter(f"datum.kind === '{kind}'").encode(x=x, y=y)

    def upright(kind: str, **look: Any) -> alt.Chart:
        found: alt.Chart = marks.transform_filter(f"datum.kind === '{kind}'").mark_rule(**look).encode(x=x)
        return found

    layers = [
        upright("due", strokeWidth=1, color=shade(LINE)),
        upright("changed", strokeWidth=1, strokeDash=[2, 3], color=shade(QUIET)),
        of("frame").mark_point(opacity=0),
        marks.transform_filter("datum.kind === 'fan'")
        .mark_area(color=shade(ACCENT), opacity=0.22)
        .encode(x=x, y=alt.Y("low:Q", **upwards), y2="high:Q"),
        of("path").mark_line(strokeWidth=1.5, strokeDash=[4, 3], color=shade(QUIET)),
        of("fan").mark_line(strokeWidth=2, strokeDash=[1, 3], strokeCap="round", color=shade(ACCENT)),
        days.mark_line(strokeWidth=2.5, color=shade(ACCENT)).encode(detail="run:N"),
        days.transform_filter("datum.alone").mark_point(filled=True, size=30, opacity=1, color=shade(ACCENT)),
        days.mark_point(size=160, opacity=0).encode(tooltip=tooltip(titles)),
        of("knot").mark_point(
            shape="diamond", filled=True, fill=GROUND, stroke=shade(QUIET), strokeWidth=1.5, size=60, opacity=1
        ),
        of("past").mark_tick(orient="vertical", thickness=2, size=18, opacity=1, color=shade(UNKNOWN)),
        of("target").mark_tick(orient="vertical", thickness=3.5, size=24, opacity=1, color=shade(INK)),
        of("fan").transform_filter("datum.is_end").mark_point(
            filled=True, fill=shade(ACCENT), stroke=GROUND, strokeWidth=1.5, size=70, opacity=1
        ),
        *haloed(of("past"), colour=shade(QUIET), **BESIDE, fontSize=WORDS, fontWeight=400),
        *haloed(of("target"), words=LABEL, colour=shade(INK), **BESIDE, fontSize=WORDS, fontWeight=400),
        *haloed(of("fan"), words=LABEL, colour=shade(INK), **BESIDE, fontSize=WORDS, fontWeight=600),
        *haloed(of("baseline"), colour=shade(QUIET), **BESIDE, fontSize=WORDS, fontWeight=400),
        of("baseline").mark_point(
            filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=2, size=size.mark / 2.6, opacity=1
        ),
        *judged(of("now"), size=size.mark, hollow=size.mark / 1.5),
        *haloed(of("now"), colour=shade(INK), **BESIDE, fontSize=FIGURE, fontWeight=700),
        marks.transform_filter("datum.kind === 'frame'").mark_text(
            align="left", baseline="top", dx=4, dy=2, fontSize=WORDS - 1, color=shade(QUIET),
        ).encode(x=alt.value(0), y=alt.value(0), text="label:N"),
    ]  # fmt: skip
    edges = {"top": 10, "right": 6, "bottom": 2}
    return drawn(layers, language, width="container", height=size.height, **edges)
