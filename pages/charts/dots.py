"""One unit on a scale from 0 to 100, for a cell of a table: baseline ○, now by standing, target |, the gap dotted.

Of a target out of reach a pale band goes from now as far as can still be had.

An image is as wide as its column, whatever the screen: places are percents of its width, marks keep their size. The
scale stands once, in the column's head.
"""

from pages.charts.layout import GROUND, INK, MARKS, QUIET, TRACK, UNKNOWN, Theme
from pages.charts.sparks import as_address

HEIGHT, HEAD_HEIGHT = 24, 18
INSET = 3.0
"""Percent of the width kept free at both ends, so that a mark at 0 or 100 is not cut."""
QUARTERS = (0, 25, 50, 75, 100)
OUTLINES = {
    "circle": "M1,0A1,1,0,1,1,-1,0A1,1,0,1,1,1,0Z",
    "square": "M-0.9,-0.9H0.9V0.9H-0.9Z",
    "diamond": "M0,-1.2L1.1,0L0,1.2L-1.1,0Z",
    "triangle-up": "M0,-1.1L1.1,0.9H-1.1Z",
    "triangle-down": "M0,1.1L1.1,-0.9H-1.1Z",
}
"""Vega's names of shapes, as paths in a square from −1 to 1."""


def row_image(
    *,
    standing: str,
    baseline: float | None,
    now: float | None,
    best: float | None,
    target: float | None,
    theme: Theme,
) -> str:
    """The line of one unit. What is not known is not drawn; what lies beyond the scale stands at its end."""
    mark, middle = MARKS[standing], HEIGHT / 2
    parts = [_upright(quarter, 0, width=1, colour=TRACK.on(theme)) for quarter in QUARTERS]
    hue = mark.colour.on(theme)
    if now is not None and best is not None:
        parts.append(_across(now, best, f'stroke="{hue}" stroke-opacity="0.25" stroke-width="10"'))
    if baseline is not None and now is not None:
        parts.append(_across(baseline, now, f'stroke="{hue}" stroke-opacity="0.45" stroke-width="4"'))
    if now is not None and target is not None and now < target:
        parts.append(_across(now, target, f'stroke="{UNKNOWN.on(theme)}" stroke-width="1.5" stroke-dasharray="2 4"'))
    if baseline is not None:
        parts.append(
            f'<circle cx="{_place(baseline)}" cy="{middle:g}" r="4" fill="{GROUND.on(theme)}"'
            f' stroke="{UNKNOWN.on(theme)}" stroke-width="2"/>'
        )
    if target is not None:
        parts.append(_upright(target, 3, width=3, colour=INK.on(theme)))
    if now is not None:
        fill, edge = (GROUND, mark.colour) if mark.is_hollow else (mark.colour, GROUND)
        parts.append(
            f'<svg x="{_place(now)}" y="{middle:g}" overflow="visible"><path transform="scale(5.5)"'
            f' d="{OUTLINES.get(mark.shape, mark.shape)}" fill="{fill.on(theme)}" stroke="{edge.on(theme)}"'
            f' stroke-width="{0.4 if mark.is_hollow else 0.2}"/></svg>'
        )
    return _image(parts, HEIGHT)


def scale_image(theme: Theme) -> str:
    """The percents of the scale, over the quarters that every line shows."""
    ends = {QUARTERS[0]: ("0%", "start"), QUARTERS[-1]: ("100%", "end")}
    words = []
    for quarter in QUARTERS:
        place, anchor = ends.get(quarter, (_place(quarter), "middle"))
        words.append(f'<text class="at{quarter % 50}" x="{place}" y="14" text-anchor="{anchor}">{quarter}%</text>')
    look = f'font-family="sans-serif" font-size="12" fill="{QUIET.on(theme)}"'
    narrow = "<style>@media (max-width: 260px) { .at25 { display: none } }</style>"
    return _image([narrow, f"<g {look}>", *words, "</g>"], HEAD_HEIGHT)


def _place(value: float) -> str:
    return f"{INSET + min(max(value, 0), 100) / 100 * (100 - 2 * INSET):.2f}%"


def _across(start: float, end: float, look: str) -> str:
    return f'<line x1="{_place(start)}" x2="{_place(end)}" y1="{HEIGHT / 2:g}" y2="{HEIGHT / 2:g}" {look}/>'


def _upright(value: float, top: int, *, width: int, colour: str) -> str:
    place = _place(value)
    return f'<line x1="{place}" x2="{place}" y1="{top}" y2="{HEIGHT - top}" stroke="{colour}" stroke-width="{width}"/>'


def _image(parts: list[str], height: int) -> str:
    return as_address(f'<svg xmlns="http://www.w3.org/2000/svg" width="100%" height="{height}">{"".join(parts)}</svg>')
