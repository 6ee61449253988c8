"""Units one below the other on one scale: a bar or a range for each, its name on the left and its words on the right.

Places on the scale come as parts of its width, from 0 to 1: one frame then serves every scale, and Altair checks it
once. A narrow chart has both name and words above the line; which it is, the browser decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import altair as alt

from pages.charts.layout import ACCENT, DOT_ROW_HEIGHT, INK, LINE, QUIET, TRACK, UNKNOWN
from pages.charts.marks import GROUND, Spec, drawn, either, shade, standings, stretched, tooltip

LEFT, RIGHT, EDGE = 300, 250, 12
"""Pixels of a wide chart kept for names and for words; of a narrow one at either end."""
Style = Literal["solid", "hollow", "quiet", "range"]
"""The accent; its outline alone; grey, for what is put together; the light band of an interval."""


@dataclass(frozen=True)
class Bar:
    """From one value to another; of two bars in a row one stands in the upper lane (−1) and one in the lower (1)."""

    start: float
    end: float
    style: Style = "solid"
    lane: int = 0


@dataclass(frozen=True)
class BarRow:
    """One line of the chart. `standing` draws the mark of the figure itself."""

    name: str
    words: str
    narrow: str
    bars: tuple[Bar, ...] = ()
    value: float | None = None
    standing: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    address: str = ""
    is_whole: bool = False
    """A sum of others, set apart."""
    short: str = ""
    """The name where there is little room; empty where it is the same."""


@dataclass(frozen=True)
class Tick:
    """A value of the scale and its words; a strong one is a line that everything is measured from."""

    value: float
    label: str
    is_strong: bool = False


def rows_chart(rows: Sequence[BarRow], ticks: Sequence[Tick], *, least: float, most: float, language: str) -> Spec:
    """A line for each row, top to bottom, on a scale from `least` to `most`."""
    width = (most - least) or 1.0

    def part(value: float) -> float:
        return min(max((value - least) / width, 0.0), 1.0)

    titles = tuple(dict.fromkeys(title for row in rows for title, _ in row.facts))
    template = _template(titles, language)
    lines, bars, marks = [], [], []
    for place, row in enumerate(rows, start=1):
        words = {"name": row.name, "short": row.short or row.name, "words": row.words, "narrow": row.narrow}
        lines.append({"place": place, "whole": row.is_whole, "address": row.address} | words | dict(row.facts))
        bars += [
            {"place": place, "from": part(bar.start), "to": part(bar.end), "style": bar.style, "lane": bar.lane}
            for bar in row.bars
        ]
        if row.value is not None and row.standing:
            marks.append({"place": place, "at": part(row.value), "standing": row.standing})
    grid = [
        {"at": part(tick.value), "label": tick.label, "strong": tick.is_strong, "place": 0}
        for tick in ticks
        if least <= tick.value <= most
    ]
    return template | {
        "height": DOT_ROW_HEIGHT * (len(rows) + 1),
        "datasets": {"rows": lines, "bars": bars, "marks": marks, "grid": grid},
    }


def round_ticks(least: float, most: float) -> tuple[float, ...]:
    """At most six round values of a scale, 0 among them where it lies inside."""
    width = most - least
    if not width > 0:
        return (least,)
    step = 10.0**-3
    while width / step > 5:
        step *= 2.5 if str(step).lstrip("0.").startswith("2") else 2
    first = int(-(-least // step))
    return tuple(round(number * step, 6) for number in range(first, int(most // step) + 1))


def _x(field: str) -> alt.X:
    """A place on the scale, between names and words where there is room for both."""
    ends = [either(str(EDGE), str(LEFT)), either(f"width - {EDGE}", f"width - {RIGHT}")]
    return alt.X(f"{field}:Q", scale=stretched(ends), axis=None)


def _y() -> alt.Y:
    """The middle of a row; the first one is taken by the scale's own figures."""
    ends = [DOT_ROW_HEIGHT / 2, DOT_ROW_HEIGHT * 1.5]
    return alt.Y("place:Q", scale=stretched(ends), axis=None)


@lru_cache(maxsize=50)
def _template(titles: tuple[str, ...], language: str) -> Spec:
    rows, bars = alt.Chart(alt.NamedData("rows")), alt.Chart(alt.NamedData("bars"))
    layers = [
        *_grid(),
        *_names(rows),
        *_bars(bars),
        *_marks(),
        _whole_row(rows.transform_filter("datum.address !== ''"), titles),
    ]
    return drawn(layers, language, height=DOT_ROW_HEIGHT)


def _grid() -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData("grid"))
    top, bottom = alt.value(DOT_ROW_HEIGHT * 0.8), alt.value(alt.ExprRef("height"))
    weak = base.transform_filter("!datum.strong").mark_rule(strokeWidth=1, color=shade(LINE))
    strong = base.transform_filter("datum.strong").mark_rule(strokeWidth=1.5, color=shade(QUIET))
    return [
        weak.encode(x=_x("at"), y=top, y2=bottom),
        strong.encode(x=_x("at"), y=top, y2=bottom),
        base.mark_text(fontSize=13, color=shade(QUIET)).encode(x=_x("at"), y=_y(), text="label:N"),
    ]


def _names(rows: alt.Chart) -> list[alt.Chart]:
    """Each word once, as wide or as narrow as the chart is: what is only made invisible would still take its room."""
    looks: dict[str, Any] = {"fontSize": either("13", "14.5"), "dy": either("-9", "0"), "color": shade(INK)}
    looks |= {"baseline": "middle", "fontWeight": alt.ExprRef("datum.whole ? 700 : 400")}
    return [
        rows.mark_text(**looks, align="left", text=either("datum.short", "datum.name")).encode(x=alt.value(0), y=_y()),
        rows.mark_text(**looks, align="right", text=either("datum.narrow", "datum.words")).encode(
            x=alt.value(alt.ExprRef("width - 2")), y=_y()
        ),
    ]


LOWER = "8", "0"
"""How far the bars of a row stand below its middle."""


def _bars(bars: alt.Chart) -> list[alt.Chart]:
    looks: dict[Style, dict[str, Any]] = {
        "range": {"color": shade(TRACK), "height": 14, "cornerRadius": 4, "stroke": shade(LINE)},
        "quiet": {"color": shade(UNKNOWN), "opacity": 0.55},
        "solid": {"color": shade(ACCENT)},
        "hollow": {"fill": GROUND, "stroke": shade(ACCENT), "strokeWidth": 1.6},
    }
    found = []
    for style, look in looks.items():
        for lane, height in ((0, 12), (-1, 8), (1, 8)):
            shift = either(f"{LOWER[0]} + {5 * lane}", f"{LOWER[1]} + {5 * lane}")
            found.append(
                bars.transform_filter(f"datum.style === '{style}' && datum.lane === {lane}")
                .mark_bar(**({"height": height} | look), yOffset=shift, y2Offset=shift)
                .encode(x=_x("from"), x2="to:Q", y=_y())
            )
    return found


def _marks() -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData("marks"))
    placed = base.encode(x=_x("at"), y=_y())
    return standings(
        lambda standing: placed.transform_filter(f"datum.standing === '{standing}'"), yOffset=either(*LOWER)
    )


def _whole_row(rows: alt.Chart, titles: Sequence[str]) -> alt.Chart:
    """Pressing a line leads to its unit; resting on it tells its figures."""
    found: alt.Chart = rows.mark_bar(height=DOT_ROW_HEIGHT, opacity=0).encode(
        x=alt.value(0), x2=alt.value(alt.ExprRef("width")), y=_y(), tooltip=tooltip(titles), href="address:N"
    )
    return found
