"""The overview's further charts: how the units of a level stand, and on which days each source told figures."""

from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from pages.charts.layout import BAR_HEIGHT, INK, MARKS, TRACK, Shade
from pages.charts.layout import GROUND as PAPER
from pages.charts.marks import GROUND, Spec, drawn, shade, tooltip

ROOM_FOR_A_LABEL = 0.075
"""The share of a bar that a mark with its count takes on a phone."""
WIDE = 900
"""Pixels from which a strip of fourteen days has room for weekday and date."""


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
