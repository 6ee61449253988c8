"""Lines of days small enough for a cell of a table or a line of words, as images that need no request."""

import base64
from collections.abc import Sequence
from itertools import groupby

from pages.charts.layout import ACCENT, BAR, DAY_LINE, INK, MARKS, PARTS, QUIET, SPARK, TRACK, UNKNOWN, Theme

MARGIN = 3
"""Pixels kept free around the line, so that neither it nor its last point is cut."""
LEAST_SPAN = 1.0
"""Points from bottom to top at the least: a rate that hardly moved is drawn flat, not as a mountain."""


def spark(values: Sequence[float | None], colour: str) -> str:
    """The days as a data address, oldest first, ending in a dot; days without a figure leave a gap.

    Empty where no day has one. Each line has its own scale: it shows the course, the figures stand beside it.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    width, height = SPARK
    middle, span = (max(known) + min(known)) / 2, max(max(known) - min(known), LEAST_SPAN)
    step = (width - 2 * MARGIN) / max(1, len(values) - 1)
    points = [
        None if value is None else (MARGIN + place * step, height / 2 - (value - middle) / span * (height - 2 * MARGIN))
        for place, value in enumerate(values)
    ]
    lines = "".join(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in filter(None, run))}"/>'
        for is_reported, run in groupby(points, key=lambda point: point is not None)
        if is_reported
    )
    x, y = next(point for point in reversed(points) if point is not None)
    look = f'fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round"'
    return _image(SPARK, f'<g {look}>{lines}</g><circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/>')


def bar_image(
    value: float | None,
    *,
    standing: str,
    target: float | None = None,
    trajectory: float | None = None,
    baseline: float | None = None,
    theme: Theme,
    size: tuple[int, int] = BAR,
) -> str:
    """From 0 to 100, in percent: filled up to now in the standing's colour, the target a tick, today's trajectory a
    dashed line, the baseline a small ring. A third of its height is the bar's; the words stand beside it."""
    width, height = size
    thick, middle = height // 3, height / 2

    def place(share: float) -> float:
        return MARGIN + min(max(share, 0), 100) / 100 * (width - 2 * MARGIN)

    def filled(share: float, colour: str) -> str:
        length = place(share) - MARGIN
        return (
            f'<rect x="{MARGIN}" y="{middle - thick / 2:g}" width="{length:.1f}" height="{thick}" rx="{thick / 2:g}"'
            f' fill="{colour}"/>'
        )

    parts = [filled(100, TRACK.on(theme))]
    if value:
        parts.append(filled(value, MARKS[standing].colour.on(theme)))
    if baseline is not None:
        parts.append(
            f'<circle cx="{place(baseline):.1f}" cy="{middle:g}" r="{thick / 2:g}" fill="{TRACK.on(theme)}"'
            f' stroke="{UNKNOWN.on(theme)}" stroke-width="2"/>'
        )
    if trajectory is not None:
        parts.append(
            f'<path d="M{place(trajectory):.1f} 2V{height - 2}" stroke="{INK.on(theme)}" stroke-width="1.5"'
            ' stroke-dasharray="3 2"/>'
        )
    if target is not None:
        parts.append(
            f'<rect x="{place(target) - 2:.1f}" y="1" width="4" height="{height - 2}" fill="{INK.on(theme)}"/>'
        )
    return _image(size, *parts)


def parts_image(shares: Sequence[float], theme: Theme) -> str:
    """The parts of a whole side by side, the first the darkest, with a gap between them: the words stand beside it."""
    width, height = PARTS
    drawn, place = [], 0.0
    for at, share in enumerate(shares):
        opacity = 1 - 0.75 * at / max(1, len(shares) - 1)
        length = max(share, 0) / 100 * width
        drawn.append(
            f'<rect x="{place:.1f}" y="0" width="{max(length - 1, 0):.1f}" height="{height}"'
            f' fill="{ACCENT.on(theme)}" fill-opacity="{opacity:.2f}"/>'
        )
        place += length
    return _image(PARTS, *drawn)


def line_of_days(days: int, today: int, milestones: Sequence[int], theme: Theme) -> str:
    """The campaign from its first to its last day, filled up to today, with a tick and the number of each milestone."""
    width, height = DAY_LINE
    filled = min(max(today, 0), days)

    def place(day: int) -> float:
        return MARGIN + day / days * (width - 2 * MARGIN - 10)

    bars = "".join(
        f'<rect x="{MARGIN}" y="9" width="{place(last) - MARGIN:.1f}" height="6" rx="3" fill="{colour.on(theme)}"/>'
        for last, colour in ((days, TRACK), (filled, ACCENT))
        if last
    )
    ticks = "".join(
        f'<rect x="{place(day) - 1:.1f}" y="5" width="3" height="14" fill="{INK.on(theme)}"/>'
        f'<text x="{place(day):.1f}" y="30" font-family="sans-serif" font-size="11" text-anchor="middle"'
        f' fill="{QUIET.on(theme)}">{day}</text>'
        for day in milestones
    )
    return as_address(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{bars}{ticks}</svg>')


def _image(size: tuple[int, int], *parts: str) -> str:
    width, height = size
    room = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return as_address(f'<svg xmlns="http://www.w3.org/2000/svg" {room}>{"".join(parts)}</svg>')


def as_address(image: str) -> str:
    """An image as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(image.encode()).decode()}"
