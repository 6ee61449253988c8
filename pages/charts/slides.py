"""The pictures of slides, read from the back row: words grow with the screen, and the drawing fills what is left of it.

Marks mean what they mean everywhere: baseline ○, trajectory thin and dashed, target a short vertical tick, today's
figure by its standing, a projection a lighter band. Words inside come finished.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

import altair as alt

from jobs.slides.values import Bar, Bars, Course
from models.core import formats
from pages.charts.layout import ACCENT, INK, MARKS, MOVED_MARKS, QUIET, UNKNOWN
from pages.charts.marks import (
    BESIDE,
    COLOUR,
    GROUND,
    NUMBERS,
    PERCENTS,
    Spec,
    figures_axis,
    finished,
    haloed,
    judged,
    named_axis,
    shade,
)

NARROW = "windowSize()[0] < 1000"
"""In the hand, not on the wall: words of a page's size, and below their bar where they do not fit beside it."""
WORDS = f"({NARROW} ? 13 : max(18.5, windowSize()[0] / 74))"
"""Pixels of the smallest words: 26 on a screen 1920 wide, 18.5 on one of 1366."""
FIGURE = f"({NARROW} ? 19 : max(26, windowSize()[0] / 50))"
"""Today's figure."""
ABOVE = 0.075
"""The share of the height that stays free above the highest tick."""
PADDING = {"left": 4, "top": 8, "right": 4, "bottom": 4}


def _mark(standing: str) -> dict[str, Any]:
    mark = MOVED_MARKS.get(standing) or MARKS[standing]
    return {
        "shape": mark.shape,
        "light": mark.colour.light,
        "dark": mark.colour.dark,
        "hollow": mark.is_hollow,
        "glyph": mark.glyph,
    }


def _dressed(chart: Any, language: str) -> Spec:
    """Filling its place in both directions."""
    spec = finished(chart.properties(width="container", height="container", padding=PADDING), language)
    return spec | {"autosize": {"type": "fit", "contains": "padding", "resize": True}}


def _scaled(size: int, share: float = 0.36) -> alt.ExprRef:
    """The size of a mark on the wall, and the share of it that remains in the hand."""
    return alt.ExprRef(f"{NARROW} ? {size * share:g} : {size}")


# --- one indicator on its way ---------------------------------------------------------------------------------------


def course(shown: Course, language: str) -> Spec:
    """From the baseline's day past the milestone: what was told, the trajectory, where it is going."""
    days = (shown.last - shown.first).days
    dates = tuple(((day - shown.first).days, formats.short_day(day, language)) for day in _days(shown))
    frame = _course_template(days, (shown.low, shown.high, shown.step), dates, language)
    history = [{"day": (day - shown.first).days, "value": value} for day, value in shown.history]
    return frame | {"datasets": {"history": history, "marks": list(_course_marks(shown))}}


def _days(shown: Course) -> list[date]:
    """The days that the axis names: every so many weeks, and the milestones, without two that stand close together."""
    apart = (shown.last - shown.first) / 9
    due = [tick.day for tick in shown.ticks]
    step = max(1, round((shown.last - shown.first).days / 28)) * 7
    begin = shown.first + timedelta(days=1)
    weekly = [begin + timedelta(days=number) for number in range(0, (shown.last - begin).days + 1, step)]
    return sorted([*due, *(day for day in weekly if all(abs(day - other) > apart for other in due))])


def _course_marks(shown: Course) -> Iterator[dict[str, Any]]:
    empty = {"label": "", "align": "left", "dx": 0, "up": 0, "low": 0, "high": 0}
    unmarked = {"shape": "circle", "light": "", "dark": "", "hollow": False}

    def at(kind: str, day: date, value: float, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "day": (day - shown.first).days, "value": value} | empty | unmarked | more

    for day, value in shown.trajectory:
        yield at("trajectory", day, value)
    today = shown.history[-1][0] if shown.history else shown.first
    for tick in shown.ticks:
        yield at("target", tick.day, tick.value)
        side: dict[str, Any] = {"align": "right", "dx": -14} if tick.day < today else {"dx": 16}
        yield at("goal", tick.day, tick.at, label=tick.label, **side)
    if shown.baseline:
        yield at("baseline", *shown.trajectory[0])
        yield at("words", *shown.trajectory[0], label=shown.baseline, dx=20, up=-1)
    if shown.ahead is not None and shown.history:
        ahead, begin = shown.ahead, shown.history[-1]
        yield at("ahead", *begin)
        yield at("ahead", ahead.day, ahead.value)
        yield at("band", *begin, low=begin[1], high=begin[1])
        low, high = (ahead.value if end is None else end for end in (ahead.low, ahead.high))
        yield at("band", ahead.day, ahead.value, low=low, high=high)
        yield at("words", ahead.day, ahead.at, label=ahead.label, dx=16)
    if shown.history:
        day, value = shown.history[-1]
        # Past a milestone its words stand before it, and today's figure behind.
        is_past = any(tick.day < day for tick in shown.ticks)
        side = {"dx": 18} if is_past else {"align": "right", "dx": -18}
        yield at("now", day, value, **_mark(shown.standing), label=shown.figure, up=1, **side)


@cache
def _course_template(
    days: int, axis: tuple[int, int, int | None], dates: tuple[tuple[int, str], ...], language: str
) -> Spec:
    low, high, round_step = axis
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[-1, days + 1], nice=False, zero=False),
        axis=named_axis(dates, size=alt.ExprRef(WORDS), tickSize=8, labelPadding=6),
    )
    room = (high - low) * ABOVE
    step = round_step or (10 if high - low <= 70 else 20)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[low, high + room], nice=False, zero=False),
        axis=figures_axis(
            size=alt.ExprRef(WORDS),
            values=list(range(low, high + 1, step)),
            labelPadding=10,
            labelExpr=PERCENTS if round_step is None else NUMBERS,
        ),
    )  # fmt: skip
    history = alt.Chart(alt.NamedData("history")).encode(x=x, y=y)
    marks = alt.Chart(alt.NamedData("marks"))

    def of(kind: str) -> alt.Chart:
        return marks.transform_filter(f"datum.kind === '{kind}'").encode(x=x, y=y)

    lift = alt.ExprRef(f"datum.up * -1.2 * ({WORDS})")
    layers = [
        marks.transform_filter("datum.kind === 'band'")
        .mark_area(opacity=0.25, color=shade(ACCENT))
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        of("trajectory").mark_line(strokeWidth=2, strokeDash=[7, 6], color=shade(QUIET)),
        of("ahead").mark_line(strokeWidth=3, strokeDash=[3, 5], color=shade(INK)),
        history.mark_line(strokeWidth=6, color=shade(ACCENT)),
        of("target").mark_tick(orient="vertical", thickness=5, size=_scaled(54, 0.6), opacity=1, color=shade(INK)),
        of("baseline").mark_point(
            filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=3, size=_scaled(260), opacity=1
        ),
        *_words(of("goal"), size=WORDS, dy=lift, colour=shade(INK), weight="bold"),
        *_words(of("words"), size=WORDS, dy=lift, colour=shade(QUIET)),
        *judged(of("now"), size=_scaled(700), hollow=_scaled(500), edge=2, ring=5),
        *_words(of("now"), size=FIGURE, dy=lift, colour=shade(INK), weight="bold"),
    ]  # fmt: skip
    return _dressed(alt.layer(*layers), language)


def _words(
    at: alt.Chart, *, size: str, dy: alt.ExprRef, colour: alt.ExprRef, weight: str = "normal"
) -> list[alt.Chart]:
    look: dict[str, Any] = {
        **BESIDE,
        "dy": dy,
        "fontSize": alt.ExprRef(size),
        "fontWeight": weight,
        "baseline": "middle",
    }
    return haloed(at, colour=colour, halo=6, **look)


# --- units as bars --------------------------------------------------------------------------------------------------


def bars(shown: Bars, language: str) -> Spec:
    """A row for each unit: its name with its mark, the bar, the figure and what stands beside it."""
    rows = [_bar_row(place, row) for place, row in enumerate(shown.rows)]
    least = min(0.0, *(row.value for row in shown.rows))
    most = max(0.0, *(row.value for row in shown.rows))
    return _bars_template(len(rows), least, most, language) | {"datasets": {"rows": rows}}


def _bar_row(place: int, row: Bar) -> dict[str, Any]:
    mark = _mark(row.mark)
    more = f"{row.label} · {row.more}" if row.more else row.label
    return {"place": place, "name": f"{mark['glyph']} {row.name}", "value": row.value, "label": more, **mark}


@cache
def _bars_template(count: int, least: float, most: float, language: str) -> Spec:
    base = alt.Chart(alt.NamedData("rows"))
    begin = f"({NARROW} ? 124 : windowSize()[0] * 0.24)"
    end = f"width - ({NARROW} ? 124 : windowSize()[0] * 0.22)"
    x_scale = alt.Scale(domain=[least, most], range=[alt.ExprRef(begin), alt.ExprRef(end)], nice=False, zero=False)
    y_scale = alt.Scale(domain=[-0.5, count - 0.5], range=[0, alt.ExprRef("height")], nice=False, zero=False)
    y = alt.Y("place:Q", scale=y_scale, axis=None)
    zero = alt.XDatum(0, type="quantitative", scale=x_scale, axis=None)
    layers = [
        base.mark_rule(strokeWidth=alt.ExprRef(f"min(height / {count} * 0.5, 54)"), color=COLOUR).encode(
            x=alt.X("value:Q", scale=x_scale, axis=None), x2=alt.X2Datum(0), y=y
        ),
        base.mark_text(
            align="left", baseline="middle", dx=14, fontSize=alt.ExprRef(WORDS), fontWeight="bold", color=shade(INK)
        )
        .transform_calculate(end="max(datum.value, 0)")
        .encode(x=alt.X("end:Q", scale=x_scale, axis=None), y=y, text="label:N"),
        base.mark_text(
            align="left",
            baseline="middle",
            fontSize=alt.ExprRef(WORDS),
            color=shade(INK),
            limit=alt.ExprRef(f"{begin} - 8"),
        ).encode(x=alt.value(0), y=y, text="name:N"),
        base.transform_filter("datum.place === 0")
        .mark_rule(strokeWidth=2, color=shade(QUIET))
        .encode(x=zero, y=alt.value(0), y2=alt.value(alt.ExprRef("height"))),
    ]
    return _dressed(alt.layer(*layers), language)
