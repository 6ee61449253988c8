"""The pictures of slides, read from the back row: words grow with the screen, and the drawing fills what is left of it.

Marks mean what they mean everywhere: baseline ○, trajectory thin and dashed, target a short vertical tick, today's
figure by its standing, a projection a lighter band. Words inside come finished.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

import altair as alt

from jobs.slides.values import Bar, Bars, Course, Line, Lines
from models.core import formats
from pages.charts.layout import INK, MARKS, MOVED_MARKS, QUIET, TRACK, UNKNOWN
from pages.charts.marks import BESIDE, COLOUR, GROUND, Spec, figures_axis, finished, haloed, judged, named_axis, shade

NARROW = "windowSize()[0] < 1000"
"""In the hand, not on the wall: words of a page's size, and below their bar where they do not fit beside it."""
WORDS = f"({NARROW} ? 13 : max(18.5, windowSize()[0] / 74))"
"""Pixels of the smallest words: 26 on a screen 1920 wide, 18.5 on one of 1366."""
STRONG = f"({NARROW} ? 15 : max(21, windowSize()[0] / 62))"
PADDING = {"left": 4, "top": 8, "right": 4, "bottom": 4}
LATE = 0.7
"""The share of the width after which words stand before their mark."""
MISSING = f"({NARROW} ? 12 : windowSize()[0] * 0.42)"
"""What stands to the right of the bars of indicators."""
NAMES = f"({NARROW} ? 92 : windowSize()[0] * 0.125)"


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


def _size(expression: str) -> alt.ExprRef:
    return alt.ExprRef(expression)


def _scaled(size: int, share: float = 0.36) -> alt.ExprRef:
    """The size of a mark on the wall, and the share of it that remains in the hand."""
    return alt.ExprRef(f"{NARROW} ? {size * share:g} : {size}")


# --- indicators below each other ------------------------------------------------------------------------------------


def lines(shown: Lines, language: str) -> Spec:
    """A row for each indicator: name, bar from 0 to 100 with its marks, then the standing and what is missing."""
    rows = [_line_row(place, row) for place, row in enumerate(shown.rows)]
    template = _lines_template(len(rows), language)
    return template | {"datasets": {"rows": rows}}


def _line_row(place: int, row: Line) -> dict[str, Any]:
    known = {"now": row.now, "baseline": row.baseline, "trajectory": row.trajectory, "target": row.target}
    return {
        "place": place,
        "name": row.name,
        "figure": row.figure,
        "goal": row.target_label,
        "words": f"{row.standing_words} · {row.missing}" if row.missing else row.standing_words,
        # What lies beyond 100 is drawn at its end: the words say how far.
        **{name: min(max(value, 0), 100) for name, value in known.items() if value is not None},
        **_mark(row.standing),
    }


@cache
def _lines_template(count: int, language: str) -> Spec:
    base = alt.Chart(alt.NamedData("rows"))
    x_scale = alt.Scale(
        domain=[0, 100], range=[alt.ExprRef(NAMES), alt.ExprRef(f"width - {MISSING}")], nice=False, zero=False
    )
    y_scale = alt.Scale(domain=[-0.5, count - 0.5], range=[0, alt.ExprRef("height")], nice=False, zero=False)
    y = alt.Y("place:Q", scale=y_scale, axis=None)

    def at(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=x_scale, axis=None)

    def known(field: str) -> alt.Chart:
        found: alt.Chart = base.transform_filter(f"isValid(datum.{field})")
        return found

    def words(field: str, place: str, *, size: str = WORDS, **look: Any) -> alt.Chart:
        said: alt.Chart = base.mark_text(baseline="middle", fontSize=_size(size), **look).encode(
            x=alt.value(alt.ExprRef(place)), y=y, text=f"{field}:N"
        )
        return said

    right = f"{NARROW} ? 0 : width - {MISSING} + windowSize()[0] * 0.02"
    below = alt.ExprRef(f"{NARROW} ? 21 : 0")
    layers = [
        base.mark_rule(strokeWidth=12, strokeCap="round", color=shade(TRACK)).encode(
            x=alt.XDatum(0, type="quantitative", scale=x_scale, axis=None), x2=alt.X2Datum(100), y=y
        ),
        base.transform_filter("isValid(datum.now) && isValid(datum.baseline)")
        .mark_rule(strokeWidth=6, opacity=0.75, color=shade(UNKNOWN))
        .encode(x=at("baseline"), x2="now:Q", y=y),
        known("trajectory")
        .mark_tick(orient="vertical", thickness=2.5, size=_scaled(34, 0.6), opacity=0.8, color=shade(QUIET))
        .encode(x=at("trajectory"), y=y),
        known("target")
        .mark_tick(orient="vertical", thickness=6, size=_scaled(44, 0.6), opacity=1, color=shade(INK))
        .encode(x=at("target"), y=y),
        known("baseline")
        .mark_point(filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=3, size=_scaled(170), opacity=1)
        .encode(x=at("baseline"), y=y),
        *_standing(base, known("now"), at("now"), y),
        known("now")
        .mark_text(
            dy=alt.ExprRef(f"-({STRONG}) * 0.98"),
            align=alt.ExprRef("datum.now > 94 ? 'right' : 'center'"),
            dx=alt.ExprRef("datum.now > 94 ? 12 : 0"),
            fontSize=_size(STRONG),
            fontWeight="bold",
            color=shade(INK),
        )
        .encode(x=at("now"), y=y, text="figure:N"),
        words("name", "0", size=STRONG, align="left", fontWeight="bold", color=shade(INK)),
        words("words", right, dy=below, align="left", color=shade(INK)),
    ]  # fmt: skip
    return _dressed(alt.layer(*layers), language)


def _standing(base: alt.Chart, known: alt.Chart, x: alt.X, y: alt.Y) -> Iterator[alt.Chart]:
    """Today's mark, hollow where the figure may not be judged."""
    for which, fill, stroke, width, size in (("!", COLOUR, GROUND, 2, 560), ("", GROUND, COLOUR, 4, 380)):
        yield (
            known.transform_filter(f"{which}datum.hollow")
            .mark_point(
                filled=True,
                shape=alt.ExprRef("datum.shape"),
                fill=fill,
                stroke=stroke,
                strokeWidth=width,
                size=_scaled(size),
                opacity=1,
            )
            .encode(x=x, y=y)
        )


# --- one indicator on its way ---------------------------------------------------------------------------------------


def course(shown: Course, language: str) -> Spec:
    """From the baseline's day to the last milestone: what was told, the trajectory, where it is going."""
    values = [value for _, value in (*shown.history, *shown.trajectory)]
    values += [shown.ahead.value] if shown.ahead else []
    low, high = _span(values)
    days = (shown.last - shown.first).days
    firsts = _firsts_of_months(shown.first, shown.last)
    dates = tuple(((day - shown.first).days, formats.short_day(day, language)) for day in firsts)
    frame = _course_template(days, low, high, dates, language)
    history = [{"day": (day - shown.first).days, "value": value} for day, value in shown.history]
    return frame | {"datasets": {"history": history, "marks": list(_course_marks(shown, days, low, high))}}


def _span(values: Sequence[float]) -> tuple[int, int]:
    """Whole tens around what is drawn, at least twenty points: a change of one must not look like a leap."""
    low = max(0, int(min(values, default=0) // 10 * 10))
    high = min(100, int(-(-max(values, default=100) // 10) * 10))
    while high - low < 20:
        low, high = max(0, low - 10), min(100, high + 10)
    return low, high


def _firsts_of_months(first: date, last: date) -> Iterator[date]:
    year, month = first.year, first.month
    while True:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        if (day := date(year, month, 1)) > last:
            return
        yield day


def _course_marks(shown: Course, days: int, low: int, high: int) -> Iterator[dict[str, Any]]:
    empty = {
        "label": "",
        "align": "center",
        "dx": 0,
        "dy": 0,
        "shape": "circle",
        "light": "",
        "dark": "",
        "hollow": False,
    }

    def at(kind: str, day: date, value: float, **more: Any) -> dict[str, Any]:
        return {"kind": kind, "day": (day - shown.first).days, "value": value} | empty | more

    def is_high(value: float) -> bool:
        return value > low + (high - low) * 0.8

    for day, value in shown.trajectory:
        yield at("trajectory", day, value)
    for tick in shown.ticks:
        is_late = (tick.day - shown.first).days > days * LATE
        side: dict[str, Any] = {"align": "right", "dx": 6} if is_late else {"align": "left", "dx": 4}
        yield at("target", tick.day, tick.value, label=tick.label, up=0 if is_high(tick.value) else 1, **side)
    if shown.trajectory and (not shown.history or shown.trajectory[0][0] < shown.history[0][0]):
        yield at("baseline", *shown.trajectory[0])
    if shown.ahead is not None and shown.history:
        ahead = shown.ahead
        begin = shown.history[-1]
        yield at("ahead", *begin)
        yield at("ahead", ahead.day, ahead.value)
        yield at("band", *begin, low=begin[1], high=begin[1])
        yield at("band", ahead.day, ahead.value, low=_or(ahead.low, ahead.value), high=_or(ahead.high, ahead.value))
        yield at("end", ahead.day, ahead.value, label=ahead.label, align="left", dx=16)
    if shown.history:
        day, value = shown.history[-1]
        mark = _mark(shown.standing)
        yield at("now", day, value, **mark, label=shown.figure, align="right", dx=-18, up=0 if is_high(value) else 1)


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value


@cache
def _course_template(days: int, low: int, high: int, dates: tuple[tuple[int, str], ...], language: str) -> Spec:
    x = alt.X(
        "day:Q",
        scale=alt.Scale(domain=[-1, days + 1], nice=False, zero=False),
        axis=named_axis(dates, size=_size(WORDS), tickSize=8, labelPadding=6),
    )
    step = 10 if high - low <= 50 else 20
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[low, high], nice=False, zero=False),
        axis=figures_axis(
            size=_size(WORDS), values=list(range(low, high + 1, step)), labelPadding=10, labelExpr="datum.value + '%'"
        ),
    )  # fmt: skip
    history = alt.Chart(alt.NamedData("history")).encode(x=x, y=y)
    marks = alt.Chart(alt.NamedData("marks"))

    def of(kind: str) -> alt.Chart:
        return marks.transform_filter(f"datum.kind === '{kind}'").encode(x=x, y=y)

    lift = alt.ExprRef(f"(datum.up ? -1.3 : 1.5) * ({WORDS})")
    # Further off than today's figure and the end of the band, which stand beside their marks.
    further = alt.ExprRef(f"(datum.up ? -2.3 : 2.5) * ({WORDS})")
    layers = [
        marks.transform_filter("datum.kind === 'band'")
        .mark_area(opacity=0.22, color=shade(QUIET))
        .encode(x=x, y=alt.Y("low:Q"), y2="high:Q"),
        of("trajectory").mark_line(strokeWidth=3, strokeDash=[9, 7], color=shade(QUIET)),
        of("ahead").mark_line(strokeWidth=4, strokeDash=[3, 6], color=shade(INK)),
        history.mark_line(strokeWidth=6, color=shade(INK), opacity=0.9),
        of("target").mark_tick(orient="vertical", thickness=7, size=_scaled(44, 0.6), opacity=1, color=shade(INK)),
        *_words(of("target"), size=WORDS, dy=further, colour=shade(QUIET)),
        of("baseline").mark_point(
            filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=3, size=_scaled(260), opacity=1
        ),
        *_words(of("end"), size=STRONG, dy=alt.ExprRef("0"), colour=shade(INK)),
        *judged(of("now"), size=_scaled(900), hollow=_scaled(600), edge=2, ring=5),
        *_words(of("now"), size=STRONG, dy=lift, colour=shade(INK)),
    ]  # fmt: skip
    return _dressed(alt.layer(*layers), language)


def _words(at: alt.Chart, *, size: str, dy: alt.ExprRef, colour: alt.ExprRef) -> list[alt.Chart]:
    look: dict[str, Any] = {**BESIDE, "dy": dy, "fontSize": _size(size), "fontWeight": "bold", "baseline": "middle"}
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
            align="left", baseline="middle", dx=14, fontSize=_size(WORDS), fontWeight="bold", color=shade(INK)
        )
        .transform_calculate(end="max(datum.value, 0)")
        .encode(x=alt.X("end:Q", scale=x_scale, axis=None), y=y, text="label:N"),
        base.mark_text(
            align="left", baseline="middle", fontSize=_size(WORDS), color=shade(INK), limit=alt.ExprRef(f"{begin} - 8")
        ).encode(x=alt.value(0), y=y, text="name:N"),
        base.transform_filter("datum.place === 0")
        .mark_rule(strokeWidth=2, color=shade(QUIET))
        .encode(x=zero, y=alt.value(0), y2=alt.value(alt.ExprRef("height"))),
    ]
    return _dressed(alt.layer(*layers), language)
