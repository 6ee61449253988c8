"""A unit's indicator over the campaign: the same scale in each panel, so that six of them can be read side by side.

Marks mean what they mean everywhere: baseline ○, trajectory thin and dashed, target a short vertical tick, today's
figure by its standing. What is not known is not drawn: a stretch without figures is a gap in the line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from pages.parts.charts import GROUND, NO_PADDING, Align, Spec, finished, shade
from pages.parts.layout import ACCENT, INK, LINE, MARKS, PANEL_HEIGHT, QUIET, UNKNOWN

HIGH = 80
"""Points above which a label stands below its mark: there is no room over it."""
LATE = 0.75
"""The share of the width after which a target's label stands before its tick."""


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


def panel(shown: Panel, language: str) -> Spec:
    """From the baseline's day to the last milestone, 0 to 100."""
    days = (shown.last - shown.first).days
    place = _Places(shown.first, days, dict(shown.dates))
    layers: list[alt.Chart] = [place.frame()]
    if len(shown.trajectory) > 1:
        layers.append(
            place.chart([[point] for point in shown.trajectory])
            .mark_line(strokeWidth=1.5, strokeDash=[4, 3], color=shade(QUIET))
            .encode(x=place.x(), y=place.y())
        )
    if shown.runs:
        layers += _history(shown.runs, place)
    layers += [layer for tick in shown.targets for layer in _target(tick, place)]
    if shown.baseline is not None:
        layers.append(
            place.chart([[shown.baseline]])
            .mark_point(filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=2, size=85, opacity=1)
            .encode(x=place.x(), y=place.y())
        )
    if shown.now is not None:
        layers += _now(shown.now, shown, place)
    chart = alt.layer(*layers).properties(
        width="container", height=PANEL_HEIGHT, padding=NO_PADDING | {"top": 10, "right": 4, "bottom": 2}
    )
    return finished(chart, language)


@dataclass(frozen=True)
class _Places:
    """Where days and rates are drawn. Days are counted from the first, so that no time zone shifts them."""

    first: date
    days: int
    dates: dict[date, str]

    def day(self, day: date) -> int:
        return (day - self.first).days

    def chart(self, runs: Sequence[Sequence[Point]]) -> alt.Chart:
        """One row a point; `run` says which stretch it belongs to."""
        rows = [
            {"day": self.day(point.day), "value": min(max(point.value, 0), 100), "run": run, **dict(point.facts)}
            for run, points in enumerate(runs)
            for point in points
        ]
        return alt.Chart(alt.InlineData(values=rows))

    def x(self) -> alt.X:
        named = {self.day(day): label for day, label in self.dates.items()}
        words = " : ".join(f"datum.value === {day} ? '{label}'" for day, label in named.items())
        return alt.X(
            "day:Q",
            scale=alt.Scale(domain=[-1, self.days + 1], nice=False, zero=False),
            axis=alt.Axis(
                values=sorted(named), labelExpr=f"{words} : ''", title=None, grid=False, ticks=True, tickSize=4,
                tickColor=shade(LINE), domainColor=shade(LINE), labelColor=shade(QUIET), labelFontSize=13,
                labelFlush=True, labelOverlap=True, labelPadding=3,
            ),
        )  # fmt: skip

    def y(self) -> alt.Y:
        return alt.Y(
            "value:Q",
            scale=alt.Scale(domain=[0, 100], nice=False),
            axis=alt.Axis(
                values=[0, 50, 100], title=None, domain=False, ticks=False, gridColor=shade(LINE), gridOpacity=0.7,
                labelColor=shade(QUIET), labelFontSize=13, labelPadding=6, format="d",
            ),
        )  # fmt: skip

    def frame(self) -> alt.Chart:
        """Nothing but the axes: they stand also where there is no figure at all."""
        return self.chart([[Point(self.first, 0)]]).mark_point(opacity=0).encode(x=self.x(), y=self.y())


def _history(runs: Sequence[Sequence[Point]], place: _Places) -> list[alt.Chart]:
    """A line for each stretch; a figure that stands alone is a dot. Each tells its day and rate on hovering."""
    drawn = place.chart(runs)
    alone = [run for run in runs if len(run) == 1]
    layers = [drawn.mark_line(strokeWidth=2.5, color=shade(ACCENT)).encode(x=place.x(), y=place.y(), detail="run:N")]
    if alone:
        layers.append(
            place.chart(alone)
            .mark_point(filled=True, size=30, opacity=1, color=shade(ACCENT))
            .encode(x=place.x(), y=place.y())
        )
    tooltip = [alt.Tooltip(field=title, type="nominal") for title, _ in runs[0][0].facts]
    layers.append(drawn.mark_point(size=120, opacity=0).encode(x=place.x(), y=place.y(), tooltip=tooltip))
    return layers


def _target(tick: TargetTick, place: _Places) -> list[alt.Chart]:
    at = place.chart([[Point(tick.day, tick.value)]])
    layers = [
        at.mark_tick(orient="vertical", thickness=3.5, size=22, opacity=1, color=shade(INK)).encode(
            x=place.x(), y=place.y()
        )
    ]
    if tick.label:
        is_late = place.day(tick.day) > place.days * LATE
        align: Align = "right" if is_late else "left"
        shift = 17 if tick.value > HIGH else -17
        layers += _words(at, tick.label, place, align=align, dx=4 if is_late else -4, dy=shift, size=13)
    return layers


def _now(now: Point, shown: Panel, place: _Places) -> list[alt.Chart]:
    """Today's mark with a halo, hollow where the figure may not be judged; its figure stands before it."""
    mark = MARKS[shown.standing]
    at = place.chart([[now]])
    colours: dict[str, Any] = (
        {"fill": GROUND, "stroke": shade(mark.colour), "strokeWidth": 3, "size": 150}
        if mark.is_hollow
        else {"fill": shade(mark.colour), "stroke": GROUND, "strokeWidth": 1.5, "size": 230}
    )
    is_early = place.day(now.day) < place.days * 0.2
    align: Align = "left" if is_early else "right"
    shift = 18 if now.value > HIGH else -14
    return [
        at.mark_point(filled=True, shape=mark.shape, opacity=1, **colours).encode(x=place.x(), y=place.y()),
        *_words(at, shown.figure, place, align=align, dx=10 if is_early else -8, dy=shift, size=17, bold=True),
    ]


def _words(
    at: alt.Chart, words: str, place: _Places, *, align: Align, dx: int, dy: int, size: int, bold: bool = False
) -> list[alt.Chart]:
    """Words beside a mark, with a halo in the ground's colour: a line that passes behind does not cross them."""
    common: dict[str, Any] = {"align": align, "dx": dx, "dy": dy, "fontSize": size, "fontWeight": 700 if bold else 400}
    text = alt.value(words)
    return [
        at.mark_text(**common, color=GROUND, stroke=GROUND, strokeWidth=4).encode(x=place.x(), y=place.y(), text=text),
        at.mark_text(**common, color=shade(INK if bold else QUIET)).encode(x=place.x(), y=place.y(), text=text),
    ]
