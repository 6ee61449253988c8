"""The calendar: a row of days for each source. A cell fills with the share of units told; its mark is the day's state.

A wide chart writes the number of units below the mark and the date below each column; a narrow one has room for the
mark and the day's number alone. Which it is, the browser decides as the chart is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from pages.charts.layout import CALENDAR_CELL, CALENDAR_GAP, CALENDAR_NAME, FEED_MARKS, INK, QUIET, TRACK
from pages.charts.marks import GROUND, Spec, drawn, shade, tooltip

WIDE = 1000
"""Pixels from which 28 columns have room for dates and counts."""
FOOT = 22
"""Pixels for the dates below the last row."""
TALLEST = 10_000
"""Heights are pixels: the scale maps each to itself up to here."""
NUMBERS = ("number", "top", "bottom", "fill", "middle", "words")
MARKED = ("complete", "partial", "late", "revised", "missing", "lost", "waiting", "unasked")


@dataclass(frozen=True)
class Cell:
    """One day of one source. `mark` is one of MARKED; `share` of its units were told, from 0 to 1."""

    mark: str
    share: float
    units: str
    is_revised: bool
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class DayHead:
    """What stands below a column: the date, or on a narrow chart the day's number."""

    label: str
    short_label: str
    is_rest: bool


def calendar(rows: Sequence[tuple[str, Sequence[Cell]]], heads: Sequence[DayHead], language: str) -> Spec:
    """Each source with its days, oldest first."""
    titles = tuple(dict.fromkeys(title for _, cells in rows for cell in cells for title, _ in cell.facts))
    template = _template(titles, len(heads), language)
    pitch = CALENDAR_NAME + CALENDAR_CELL + CALENDAR_GAP
    values: list[dict[str, Any]] = []
    for place, (name, cells) in enumerate(rows):
        top = place * pitch
        values.append({"sort": "name", "name": name, "number": 0, "middle": top + CALENDAR_NAME / 2})
        values += [_values(cell, number, top + CALENDAR_NAME) for number, cell in enumerate(cells)]
    foot = len(rows) * pitch - CALENDAR_GAP + FOOT / 2 + 4
    values += [
        {
            "sort": "head",
            "number": number,
            "middle": foot,
            "label": head.label,
            "short_label": head.short_label,
            "is_rest": head.is_rest,
        }
        for number, head in enumerate(heads)
    ]
    return template | {
        "height": len(rows) * pitch - CALENDAR_GAP + FOOT,
        "datasets": template["datasets"] | {template["data"]["name"]: values},
    }


def _values(cell: Cell, number: int, top: float) -> dict[str, Any]:
    bottom = top + CALENDAR_CELL
    return {
        "sort": "cell",
        "mark": cell.mark,
        "glyph": FEED_MARKS[cell.mark].glyph,
        "units": cell.units,
        "is_revised": cell.is_revised and cell.mark != "revised",
        "number": number,
        "top": top,
        "bottom": bottom,
        "fill": bottom - CALENDAR_CELL * min(max(cell.share, 0), 1),
        "middle": top + CALENDAR_CELL / 2,
        "words": bottom - 11,
        **dict(cell.facts),
    }


@lru_cache(maxsize=20)
def _template(titles: tuple[str, ...], days: int, language: str) -> Spec:
    """The chart without its days: Altair takes long to check so many layers, and they never differ."""
    # Altair calls data by what they hold: these must be like no other data of the chart.
    nobody = alt.InlineData(values=[{"sort": "nobody", "number": 0, "middle": 0}])
    base = alt.Chart()
    layers = [*_names(base), *_cells(base, days), *_heads(base, days), _pointed(base, days, titles)]
    return drawn(layers, language, height=CALENDAR_CELL, data=nobody)


def _x(days: int, field: str = "number") -> alt.X:
    return alt.X(f"{field}:Q", scale=alt.Scale(domain=[0, days], nice=False, zero=False), axis=None)


def _y(field: str) -> alt.Y:
    # Pixels as they are, whatever the height: an axis of its own would stretch them.
    scale = alt.Scale(domain=[0, TALLEST], range=[0, TALLEST], nice=False, zero=False)
    return alt.Y(f"{field}:Q", scale=scale, axis=None)


def _of(base: alt.Chart, sort: str, more: str = "") -> alt.Chart:
    return base.transform_filter(f"datum.sort == '{sort}'{more}")


def _names(base: alt.Chart) -> list[alt.Chart]:
    return [
        _of(base, "name")
        .mark_text(align="left", baseline="middle", fontSize=14, fontWeight="bold", color=shade(INK))
        .encode(x=alt.value(0), y=_y("middle"), text="name:N")
    ]


def _cells(base: alt.Chart, days: int) -> list[alt.Chart]:
    cells = _of(base, "cell").transform_calculate(left="datum.number + 0.04", right="datum.number + 0.96")
    layers = [
        cells.transform_filter("datum.mark != 'unasked' && datum.mark != 'missing' && datum.mark != 'lost'")
        .mark_rect(cornerRadius=3, color=shade(TRACK))
        .encode(x=_x(days, "left"), x2="right:Q", y=_y("top"), y2="bottom:Q"),
        cells.transform_filter("datum.mark == 'missing' || datum.mark == 'lost'")
        .mark_rect(cornerRadius=3, fill=GROUND, stroke=shade(QUIET), strokeDash=[3, 3], strokeWidth=1.5)
        .encode(x=_x(days, "left"), x2="right:Q", y=_y("top"), y2="bottom:Q"),
    ]
    for mark in MARKED:
        colour = shade(FEED_MARKS[mark].colour)
        of_mark = cells.transform_filter(f"datum.mark == '{mark}'")
        layers += [
            of_mark.mark_rect(cornerRadius=3, opacity=0.22, color=colour).encode(
                x=_x(days, "left"), x2="right:Q", y=_y("fill"), y2="bottom:Q"
            ),
            of_mark.transform_calculate(centre="datum.number + 0.5")
            .mark_text(
                fontSize=alt.ExprRef(f"width < {WIDE} ? 12 : 15"),
                dy=alt.ExprRef(f"width < {WIDE} ? 0 : -7"),
                color=colour,
                fontWeight="bold",
            )
            .encode(x=_x(days, "centre"), y=_y("middle"), text="glyph:N"),
        ]
    wide: dict[str, Any] = {"opacity": alt.ExprRef(f"width < {WIDE} ? 0 : 1")}
    centred = cells.transform_calculate(centre="datum.number + 0.5", corner="datum.number + 0.84")
    return [
        *layers,
        centred.mark_text(fontSize=12, color=shade(INK), **wide).encode(
            x=_x(days, "centre"), y=_y("words"), text="units:N"
        ),
        centred.transform_filter("datum.is_revised")
        .mark_text(
            fontSize=12, fontWeight="bold", dy=-13, text=FEED_MARKS["revised"].glyph,
            color=shade(FEED_MARKS["revised"].colour), **wide,
        )
        .encode(x=_x(days, "corner"), y=_y("middle")),
    ]  # fmt: skip


def _heads(base: alt.Chart, days: int) -> list[alt.Chart]:
    """The date of every day where there is room; of days of rest in italics."""
    layers = []
    for is_rest, style in (("true", "italic"), ("false", "normal")):
        heads = _of(base, "head", f" && datum.is_rest == {is_rest}").transform_calculate(
            centre="datum.number + 0.5",
            words=f"width < {WIDE} ? datum.short_label : datum.label",
        )
        layers.append(
            heads.mark_text(
                fontSize=alt.ExprRef(f"width < {WIDE} ? 10.5 : 12"), fontStyle=style, color=shade(QUIET)
            ).encode(x=_x(days, "centre"), y=_y("middle"), text="words:N")
        )
    return layers


def _pointed(base: alt.Chart, days: int, titles: Sequence[str]) -> alt.Chart:
    """What a day says when it is pointed at: over all of its cell."""
    cells = _of(base, "cell").transform_calculate(right="datum.number + 1")
    whole: alt.Chart = cells.mark_rect(opacity=0).encode(
        x=_x(days), x2="right:Q", y=_y("top"), y2="bottom:Q",
        tooltip=tooltip(titles),
    )  # fmt: skip
    return whole
