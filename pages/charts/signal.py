"""One signal: a unit's weeks against the limits within which they move by themselves (an XmR chart)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from pages.charts.layout import ACCENT, LINE, MARKS, QUIET, SIGNAL_HEIGHT
from pages.charts.marks import COLOUR, GROUND, Spec, drawn, haloed, named_axis, shade, tooltip

BETTER, WORSE = "likely", "high_risk"
"""Whose marks a signal borrows: up and green, down and vermilion."""


@dataclass(frozen=True)
class Week:
    """A week's place, its words below, and how far ahead of the path it was; None without a fresh figure."""

    label: str
    ahead: float | None
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SignalPlot:
    """The weeks oldest first; the limits in points ahead of the path."""

    weeks: tuple[Week, ...]
    centre: float
    low: float
    high: float
    is_better: bool
    labels: tuple[str, str, str]
    """What the upper limit, the centre and the lower limit are called."""


def signal_chart(plot: SignalPlot, language: str) -> Spec:
    """Weeks as a line, the centre and both limits as rules with their names, the newest week by its own mark."""
    labels = tuple(week.label for week in plot.weeks)
    titles = next((tuple(title for title, _ in week.facts) for week in plot.weeks if week.facts), ())
    frame = _frame(labels, titles, language)
    return frame | {"datasets": {"weeks": list(_weeks(plot)), "limits": list(_limits(plot))}}


def _weeks(plot: SignalPlot) -> Iterator[dict[str, Any]]:
    """A week without a figure leaves a gap: stretches are numbered."""
    run, mark = 0, MARKS[BETTER if plot.is_better else WORSE]
    for number, week in enumerate(plot.weeks):
        if week.ahead is None:
            run += 1
            continue
        colours = {"shape": mark.shape, "light": mark.colour.light, "dark": mark.colour.dark}
        place = {"week": number, "ahead": week.ahead, "run": run, "newest": number == len(plot.weeks) - 1}
        yield dict(week.facts) | place | colours


def _limits(plot: SignalPlot) -> Iterator[dict[str, Any]]:
    values = (plot.high, plot.centre, plot.low)
    for label, value, is_limit in zip(plot.labels, values, (True, False, True), strict=True):
        yield {"label": label, "ahead": value, "is_limit": is_limit}


@cache
def _frame(labels: tuple[str, ...], titles: tuple[str, ...], language: str) -> Spec:
    x = alt.X(
        "week:Q",
        scale=alt.Scale(domain=[-0.3, len(labels) - 0.7], nice=False, zero=False),
        axis=named_axis(tuple(enumerate(labels)), size=13, labelFlush=True, labelOverlap=True),
    )
    y = alt.Y(
        "ahead:Q",
        scale=alt.Scale(nice=True, zero=False, padding=8),
        axis=alt.Axis(
            title=None, domain=False, ticks=False, grid=False, labelColor=shade(QUIET), labelFontSize=13,
            labelPadding=6, tickCount=4, labelExpr="datum.value === 0 ? '0' : format(datum.value, '+,.0f')",
        ),
    )  # fmt: skip
    weeks = alt.Chart(alt.NamedData("weeks")).encode(x=x, y=y)
    limits = alt.Chart(alt.NamedData("limits")).encode(y=y)
    named = limits.encode(x=alt.value(0))
    layers = [
        limits.transform_filter("datum.is_limit").mark_rule(strokeDash=[4, 3], strokeWidth=1.5, color=shade(QUIET)),
        limits.transform_filter("!datum.is_limit").mark_rule(strokeWidth=1.5, color=shade(LINE)),
        weeks.mark_line(strokeWidth=2.5, color=shade(ACCENT)).encode(detail="run:N"),
        weeks.mark_point(filled=True, size=40, opacity=1, color=shade(ACCENT)).encode(tooltip=tooltip(titles)),
        weeks.transform_filter("datum.newest").mark_point(
            filled=True, shape=alt.ExprRef("datum.shape"), fill=COLOUR, stroke=GROUND, strokeWidth=1.5, size=230,
            opacity=1,
        ),
        *haloed(named, colour=shade(QUIET), align="left", baseline="bottom", dx=4, dy=-3, fontSize=13),
    ]  # fmt: skip
    return drawn(layers, language, height=SIGNAL_HEIGHT, top=8, right=4, bottom=2)
