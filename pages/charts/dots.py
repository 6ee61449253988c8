"""Units on one scale from 0 to 100: baseline ○, now by standing, target |, each unit named and its figures beside it.

A wide chart has names at its left and figures at its right; a narrow one has both above the line. Which it is, the
browser decides as the chart is drawn: nothing here knows the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt

from pages.charts.layout import DOT_ROW_HEIGHT, INK, LINE, QUIET, UNKNOWN
from pages.charts.marks import GROUND, Spec, drawn, either, shade, standings
from pages.charts.rows import row_x, row_y, whole_row

LEFT, RIGHT, EDGE = 300, 350, 12
"""Pixels of a wide chart kept for names and for figures; of a narrow one at either end."""


@dataclass(frozen=True)
class DotRow:
    """One line of the chart: a unit, or the heading of a group where there is no standing."""

    name: str
    standing: str = ""
    baseline: float | None = None
    now: float | None = None
    target: float | None = None
    figure: str = ""
    target_words: str = ""
    missing: str = ""
    narrow: str = ""
    """The figures as a narrow chart says them."""
    facts: Sequence[tuple[str, str]] = ()
    address: str = ""
    """Where its page is: pressing the line leads there."""


@dataclass(frozen=True)
class Heads:
    """What stands above the figures of a wide chart."""

    now: str
    target: str
    missing: str


def dots(rows: Sequence[DotRow], heads: Heads, language: str) -> Spec:
    """A line for each row, top to bottom, under one scale."""
    titles = tuple(dict.fromkeys(title for row in rows for title, _ in row.facts))
    template = _template(heads, titles, language)
    values = [_values(place, row) for place, row in enumerate(rows, start=1)]
    return template | {
        "height": DOT_ROW_HEIGHT * (len(rows) + 1),
        "datasets": template["datasets"] | {template["data"]["name"]: values},
    }


@lru_cache(maxsize=50)
def _template(heads: Heads, titles: tuple[str, ...], language: str) -> Spec:
    """The chart without its units: Altair takes half a second to check so many layers, and they never differ."""
    base = alt.Chart()
    # Altair calls data by what they hold: these must be like no other data of the chart.
    nobody = alt.InlineData(values=[{"place": -1, "name": ""}])
    layers = [*_grid(heads), *_names(base), *_figures(base), *_lines(base), *_marks(base, titles)]
    return drawn(layers, language, height=DOT_ROW_HEIGHT, data=nobody)


def _values(place: int, row: DotRow) -> dict[str, Any]:
    known = {"baseline": row.baseline, "now": row.now, "target": row.target}
    return {
        "place": place,
        "name": row.name,
        "standing": row.standing,
        "figure": row.figure,
        "target_words": row.target_words,
        "missing": row.missing,
        "narrow": row.narrow,
        "address": row.address,
        # What lies beyond 100 is drawn at its end: the words say how far.
        **{name: min(max(value, 0), 100) for name, value in known.items() if value is not None},
        **dict(row.facts),
    }


def _x(field: str) -> alt.X:
    return row_x(field, left=LEFT, right=RIGHT, edge=EDGE, most=100)


def _grid(heads: Heads) -> list[alt.Chart]:
    """Quarters of the scale with their percents, and what the figures at the right are."""
    quarters = [{"at": at, "label": f"{at}%", "place": 0} for at in (0, 25, 50, 75, 100)]
    base = alt.Chart(alt.InlineData(values=quarters))
    words = alt.Chart(alt.InlineData(values=[{"place": 0}]))
    head: dict[str, Any] = {"fontSize": 13, "align": "right", "color": shade(QUIET), "opacity": either("0", "1")}
    return [
        base.mark_rule(strokeWidth=1, color=shade(LINE)).encode(
            x=_x("at"), y=alt.value(DOT_ROW_HEIGHT * 0.8), y2=alt.value(alt.ExprRef("height"))
        ),
        base.mark_text(fontSize=13, color=shade(QUIET)).encode(x=_x("at"), y=row_y(), text="label:N"),
        *(
            words.mark_text(**head).encode(x=alt.value(alt.ExprRef(place)), y=row_y(), text=alt.value(said))
            for place, said in (
                ("width - 260", heads.now),
                ("width - 155", heads.target),
                ("width - 2", heads.missing),
            )
        ),
    ]


def _names(base: alt.Chart) -> list[alt.Chart]:
    """Names as they are, never cut; the heading of a group stands out."""
    left: dict[str, Any] = {"align": "left", "baseline": "middle"}
    at_left = alt.value(0)
    units = base.transform_filter("datum.standing != ''")
    groups = base.transform_filter("datum.standing == ''")
    return [
        units.mark_text(**left, fontSize=either("13", "14.5"), dy=either("-9", "0"), color=shade(INK)).encode(
            x=at_left, y=row_y(), text="name:N"
        ),
        groups.mark_text(**left, fontSize=14.5, fontWeight="bold", dy=4, color=shade(INK)).encode(
            x=at_left, y=row_y(), text="name:N"
        ),
    ]


def _figures(base: alt.Chart) -> list[alt.Chart]:
    right: dict[str, Any] = {"align": "right", "baseline": "middle"}

    def wide(field: str, place: str, **look: Any) -> alt.Chart:
        words: alt.Chart = base.mark_text(**right, fontSize=14.5, opacity=either("0", "1"), **look).encode(
            x=alt.value(alt.ExprRef(place)), y=row_y(), text=f"{field}:N"
        )
        return words

    return [
        wide("figure", "width - 260", fontWeight="bold", color=shade(INK)),
        wide("target_words", "width - 155", color=shade(QUIET)),
        wide("missing", "width - 2", color=shade(INK)),
        base.mark_text(**right, fontSize=13, dy=-9, opacity=either("1", "0"), color=shade(INK)).encode(
            x=alt.value(alt.ExprRef("width - 2")), y=row_y(), text="narrow:N"
        ),
    ]


LOWER = either("8", "0")
"""How far the marks of a row stand below its middle."""


def _lines(base: alt.Chart) -> list[alt.Chart]:
    """What has been gained, solid; what is still missing, dashed."""
    gained = base.transform_filter("isValid(datum.baseline) && isValid(datum.now)")
    missing = base.transform_filter("isValid(datum.now) && isValid(datum.target) && datum.now < datum.target")
    return [
        missing.mark_rule(strokeWidth=1.5, strokeDash=[3, 3], yOffset=LOWER, color=shade(UNKNOWN)).encode(
            x=_x("now"), x2="target:Q", y=row_y()
        ),
        gained.mark_rule(strokeWidth=3, opacity=0.7, yOffset=LOWER, color=shade(UNKNOWN)).encode(
            x=_x("baseline"), x2="now:Q", y=row_y()
        ),
    ]


def _marks(base: alt.Chart, titles: Sequence[str]) -> list[alt.Chart]:
    marks = [
        base.transform_filter("isValid(datum.target)")
        .mark_tick(thickness=3, size=18, opacity=1, orient="vertical", yOffset=LOWER, color=shade(INK))
        .encode(x=_x("target"), y=row_y()),
        base.transform_filter("isValid(datum.baseline)")
        .mark_point(filled=True, fill=GROUND, stroke=shade(UNKNOWN), strokeWidth=1.8, size=60, opacity=1, yOffset=LOWER)
        .encode(x=_x("baseline"), y=row_y()),
    ]
    placed = base.encode(x=_x("now"), y=row_y())
    now = standings(
        lambda standing: placed.transform_filter(f"datum.standing == '{standing}' && isValid(datum.now)"),
        size=170, yOffset=LOWER,
    )  # fmt: skip
    return [*marks, *now, whole_row(base.transform_filter("datum.standing != ''"), titles)]
