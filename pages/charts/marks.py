"""Rows in, chart out. A mark means the same in every chart; its colour is a standing and never stands alone."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
from altair.utils import schemapi

from pages.charts.layout import INK, LINE, MARKS, QUIET, Shade

schemapi.disable_debug_mode()  # the tests hold every chart against Vega-Lite's schema; at work that is half the time

Spec = dict[str, Any]
"""A finished Vega-Lite chart: plain values, cheap to keep and to send."""

NO_PADDING = {"left": 0, "top": 0, "right": 0, "bottom": 0}
"""Each side by name: Streamlit adds 20 pixels below wherever the bottom is not named."""

GROUND = alt.ExprRef("background")
"""What the chart is drawn on; the halo that keeps marks apart where they meet."""

LOCALES: Mapping[str, dict[str, Any]] = {
    "vi": {"number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0₫"]}},
    "en": {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["£", ""]}},
}
"""Separators of axes: a chart's own config is the only place where Streamlit honours them. Days come as words."""


def shade(colour: Shade) -> alt.ExprRef:
    """A colour that follows the ground."""
    return alt.ExprRef(f"luminance(background) < 0.4 ? '{colour.dark}' : '{colour.light}'")


def finished(chart: alt.LayerChart | alt.FacetChart, language: str) -> Spec:
    """The chart as plain values, with the language's separators and no frame.

    Its parts say nothing to a screen reader: the chart as a whole is described in words where it is shown.
    """
    # Set in one go: each `configure_…` would copy all of it once more.
    chart.config = alt.Config(
        locale=alt.Locale.from_dict(LOCALES[language]),
        mark=alt.MarkConfig(aria=False),
        view=alt.ViewConfig(stroke=None),
    )
    return chart.to_dict(validate=schemapi.DEBUG_MODE)


def drawn(
    layers: Sequence[alt.Chart],
    language: str,
    *,
    height: int,
    width: int | str = "container",
    data: Any = alt.Undefined,
    **edges: int,
) -> Spec:
    """The layers as one finished chart, as wide as its place. `edges`: pixels kept free at its sides, by name."""
    chart = alt.layer(*layers, data=data, width=width, height=height, padding=NO_PADDING | edges)
    return finished(chart, language)


# --- what charts share ----------------------------------------------------------------------------------------------

COLOUR = alt.ExprRef("luminance(background) < 0.4 ? datum.dark : datum.light")
"""The colour that a row names for both grounds."""


def tooltip(titles: Iterable[str]) -> list[alt.Tooltip]:
    """A row's facts, named as they are read: a tooltip says the name of a field."""
    return [alt.Tooltip(field=title, type="nominal") for title in titles]


def named_axis(names: Sequence[tuple[int, str]], *, size: int | alt.ExprRef, **look: Any) -> alt.Axis:
    """The axis below a plot, with words at some of its places."""
    words = "".join(f"datum.value === {place} ? '{name}' : " for place, name in names)
    common: dict[str, Any] = {
        "values": sorted(place for place, _ in names), "labelExpr": f"{words}''", "title": None, "grid": False,
        "tickSize": 4, "tickColor": shade(LINE), "domainColor": shade(LINE), "labelColor": shade(QUIET),
        "labelFontSize": size, "labelPadding": 3,
    }  # fmt: skip
    return alt.Axis(**(common | look))


PERCENTS, NUMBERS = "datum.value + '%'", "format(datum.value, ',d')"
"""What an axis writes: percents, or counts and days."""


def figures_axis(*, size: int | alt.ExprRef, **look: Any) -> alt.Axis:
    """The axis at the left of a plot: figures and quiet lines, no edge."""
    common: dict[str, Any] = {
        "title": None, "domain": False, "ticks": False, "gridColor": shade(LINE), "gridOpacity": 0.7,
        "labelColor": shade(QUIET), "labelFontSize": size, "labelPadding": 6,
    }  # fmt: skip
    return alt.Axis(**(common | look))


def haloed(
    at: alt.Chart, *, colour: alt.ExprRef, halo: int = 4, words: alt.ExprRef | None = None, **look: Any
) -> list[alt.Chart]:
    """Words over a halo in the ground's colour: a line that passes behind does not cross them.

    The row's `label`, unless `words` say which.
    """
    named: dict[str, Any] = {} if words is None else {"text": words}
    over = (
        at.mark_text(**look, **named, color=GROUND, stroke=GROUND, strokeWidth=halo),
        at.mark_text(**look, **named, color=colour),
    )
    return [each if named else each.encode(text="label:N") for each in over]


BESIDE: Mapping[str, Any] = {name: alt.ExprRef(f"datum.{name}") for name in ("align", "dx", "dy")}
"""Words beside a mark, where its row says."""


def judged(at: alt.Chart, *, size: Any, hollow: Any, edge: float = 1.5, ring: float = 3) -> list[alt.Chart]:
    """The mark of a row's standing, in its shape and colour; a ring, `hollow` in size, where it may not be judged."""
    look: dict[str, Any] = {"filled": True, "shape": alt.ExprRef("datum.shape"), "opacity": 1}
    return [
        at.transform_filter("!datum.hollow").mark_point(
            **look, fill=COLOUR, stroke=GROUND, strokeWidth=edge, size=size
        ),
        at.transform_filter("datum.hollow").mark_point(
            **look, fill=GROUND, stroke=COLOUR, strokeWidth=ring, size=hollow
        ),
    ]


def standings(found: Callable[[str], alt.Chart], **look: Any) -> list[alt.Chart]:
    """The mark of each standing for the rows `found` of it."""
    drawn_marks = []
    for standing, mark in MARKS.items():
        colours: dict[str, Any] = (
            {"fill": GROUND, "stroke": shade(mark.colour), "strokeWidth": 2.5, "size": 110}
            if mark.is_hollow
            else {"fill": shade(mark.colour), "stroke": GROUND, "strokeWidth": 1, "size": 150}
        )
        drawn_marks.append(found(standing).mark_point(filled=True, shape=mark.shape, opacity=1, **look, **colours))
    return drawn_marks


NARROW = "width < 640"
"""Where a chart has too little room for whole names."""


def either(narrow: str, wide: str) -> alt.ExprRef:
    """One expression where there is little room, another where there is enough."""
    return alt.ExprRef(f"{NARROW} ? {narrow} : {wide}")


def stretched(ends: Sequence[Any], *, most: float = 1) -> alt.Scale:
    """From 0 to `most` between two places, to the pixel."""
    return alt.Scale(domain=[0, most], range=list(ends), nice=False, zero=False, padding=0)


def round_percents(least: float, most: float) -> list[float]:
    """At most seven round percents between two."""
    step = next(step for step in (2, 5, 10, 20, 25) if (most - least) / step <= 6)
    return [float(tick) for tick in range(0, 101, step) if least <= tick <= most]


@dataclass(frozen=True)
class Frame:
    """A plot with a scale's figures at its left and labels at its right; `right` is kept for whole names."""

    left: int
    right: int
    narrow_right: int
    height: int

    def x(self) -> alt.X:
        """A share of the width between both sides."""
        return alt.X("x:Q", scale=stretched([self.left + 8, self.end()]), axis=None)

    def y(self, field: str = "y") -> alt.Y:
        """Pixels from the top."""
        return alt.Y(f"{field}:Q", scale=stretched([0, self.height], most=self.height), axis=None)

    def end(self, *, narrow: int = 0, wide: int = 0) -> alt.ExprRef:
        """Where the labels' room begins, and so many pixels further."""
        return either(f"width - {self.narrow_right - narrow}", f"width - {self.right - wide}")

    def grid(self, *, opacity: float) -> list[alt.Chart]:
        """Quiet lines across, with the scale's figures at their left."""
        base = alt.Chart(alt.NamedData("grid"))
        return [
            base.mark_rule(strokeWidth=1, opacity=opacity, color=shade(LINE)).encode(
                x=alt.value(self.left), x2=alt.value(self.end()), y=self.y()
            ),
            base.mark_text(fontSize=13, color=shade(QUIET), align="right").encode(
                x=alt.value(self.left - 6), y=self.y(), text="label:N"
            ),
        ]

    def labels(self, *, opacity: float, **look: Any) -> list[alt.Chart]:
        """A thin line from each point to its label's own height, then the label."""
        base = alt.Chart(alt.NamedData("labels"))
        words = base.mark_text(
            align="left", baseline="middle", color=shade(INK), fontSize=either("13", "14"),
            text=either("datum.narrow", "datum.wide"), **look,
        )  # fmt: skip
        return [
            base.mark_rule(strokeWidth=1, color=shade(QUIET), opacity=opacity).encode(
                x=self.x(), y=self.y(), x2=alt.value(self.end(narrow=18, wide=22)), y2="to:Q"
            ),
            words.encode(x=alt.value(self.end(narrow=22, wide=27)), y=self.y("to")),
        ]
