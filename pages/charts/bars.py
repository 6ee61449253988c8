"""The overview's further charts: how the units of a level stand, and on which days each source told figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from pages.charts.layout import BAR_HEIGHT, DAY_CELL, INK, MARKS, QUIET, TRACK, Shade
from pages.charts.layout import GROUND as PAPER
from pages.charts.marks import GROUND, Spec, drawn, shade, tooltip

ROOM_FOR_A_LABEL = 0.075
"""The share of a bar that a mark with its count takes on a phone."""
WIDE = 900
"""Pixels from which a strip of fourteen days has room for weekday and date."""
WHOLE_ROW = 44
"""Pixels for a source's name and its cells, where there is more than one source."""


@dataclass(frozen=True)
class Segment:
    """So many units with one standing, and the words that go with them."""

    standing: str
    units: int
    facts: Sequence[tuple[str, str]]


def standings_bar(segments: Sequence[Segment], language: str) -> Spec:
    """The units of a level as one bar, a segment a standing; a mark and a count wherever there is room for them."""
    whole = sum(segment.units for segment in segments)
    scale = alt.Scale(domain=[0, whole], nice=False, zero=False)
    layers: list[alt.Chart] = []
    start = 0
    for segment in segments:
        mark = MARKS[segment.standing]
        base = alt.Chart(alt.InlineData(values=[dict(segment.facts)]))

        def at(place: float) -> alt.XDatum:
            return alt.XDatum(place, type="quantitative", scale=scale, axis=None)

        fill = shade(TRACK) if mark.is_hollow else shade(mark.colour)
        layers.append(
            base.mark_bar(height=BAR_HEIGHT, fill=fill, stroke=GROUND, strokeWidth=2).encode(
                x=at(start),
                x2=alt.X2Datum(start + segment.units),
                tooltip=tooltip(dict(segment.facts)),
            )
        )
        if segment.units >= whole * ROOM_FOR_A_LABEL:
            ink = shade(INK) if mark.is_hollow else _readable_on(mark.colour)
            layers.append(
                base.mark_text(fontSize=14, fontWeight="bold", color=ink).encode(
                    x=at(start + segment.units / 2), text=alt.value(f"{mark.glyph} {segment.units}")
                )
            )
        start += segment.units
    return drawn(layers, language, height=BAR_HEIGHT)


def _readable_on(colour: Shade) -> alt.ExprRef:
    """Ink or paper, whichever stands out more from a colour in the theme being looked at."""

    def better(ground: str) -> str:
        dark, light = INK.light, PAPER.light
        return f"(contrast('{ground}', '{dark}') > contrast('{ground}', '{light}') ? '{dark}' : '{light}')"

    return alt.ExprRef(f"luminance(background) < 0.4 ? {better(colour.dark)} : {better(colour.light)}")


@dataclass(frozen=True)
class ReportedDay:
    """One day of a source: what stands in its cell, and whether it was a working day without figures."""

    label: str
    """Weekday, or what kind of day off it is, and date."""
    short_label: str
    """What a phone has room for: the date of a working day, the kind of a day off."""
    figure: str
    is_day_off: bool
    is_missing: bool
    facts: Sequence[tuple[str, str]]


def freshness(rows: Sequence[tuple[str, Sequence[ReportedDay]]], language: str) -> Spec:
    """For each source a row of day cells: full where it told, dashed and crossed where a working day is missing.

    Days off have no cell of their own, so that a silent Sunday does not look like a failure.
    """
    days = len(rows[0][1])
    has_names = len(rows) > 1
    pitch = WHOLE_ROW if has_names else DAY_CELL
    height = pitch * len(rows) + 18
    scale = alt.Scale(domain=[0, days], nice=False, zero=False)
    across = alt.Scale(domain=[0, height], range=[0, height], nice=False, zero=False)
    layers: list[alt.Chart] = []

    def cell(base: alt.Chart, place: float, top: float) -> tuple[alt.XDatum, alt.YDatum]:
        return (
            alt.XDatum(place, type="quantitative", scale=scale, axis=None),
            alt.YDatum(top, type="quantitative", scale=across, axis=None),
        )

    nothing = alt.Chart(alt.InlineData(values=[{}]))
    for number, (name, reported) in enumerate(rows):
        top = number * pitch
        if has_names:
            x, y = cell(nothing, 0, top + 8)
            layers.append(
                nothing.mark_text(align="left", fontSize=13, color=shade(QUIET)).encode(x=x, y=y, text=alt.value(name))
            )
            top += WHOLE_ROW - DAY_CELL
        for at, day in enumerate(reported):
            base = alt.Chart(alt.InlineData(values=[dict(day.facts)]))
            x, y = cell(base, at + 0.06, top)
            dash: dict[str, Any] = (
                {"strokeDash": [3, 3], "stroke": shade(QUIET), "strokeWidth": 1.5} if day.is_missing else {}
            )
            filled = GROUND if day.is_missing or (day.is_day_off and not day.figure) else shade(TRACK)
            layers.append(
                base.mark_rect(fill=filled, cornerRadius=3, **dash).encode(
                    x=x,
                    x2=alt.X2Datum(at + 0.94),
                    y=y,
                    y2=alt.Y2Datum(top + DAY_CELL - 4),
                    tooltip=tooltip(dict(day.facts)),
                )
            )
            x, y = cell(base, at + 0.5, top + DAY_CELL / 2 - 2)
            layers.append(
                base.mark_text(
                    fontSize=13,
                    fontWeight="bold" if day.is_missing else "normal",
                    color=shade(QUIET if day.is_day_off else INK),
                ).encode(x=x, y=y, text=alt.value("✕" if day.is_missing else day.figure or "–"))
            )
    for at, day in enumerate(rows[0][1]):
        x, y = cell(nothing, at + 0.5, pitch * len(rows) + 8)
        words = alt.ExprRef(f"width < {WIDE} ? '{day.short_label}' : '{day.label}'")
        style = "italic" if day.is_day_off else "normal"
        layers.append(
            nothing.mark_text(fontSize=13, fontStyle=style, color=shade(QUIET)).encode(x=x, y=y, text=alt.value(words))
        )
    return drawn(layers, language, height=height)
