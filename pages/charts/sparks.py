"""A line of days small enough for a cell of a table, as an image that needs no request."""

import base64
from collections.abc import Sequence
from itertools import groupby

from pages.charts.layout import SPARK

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
    image = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<g fill="none" stroke="{colour}" stroke-width="2" stroke-linejoin="round" stroke-linecap="round">{lines}</g>'
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.6" fill="{colour}"/></svg>'
    )
    return f"data:image/svg+xml;base64,{base64.b64encode(image.encode()).decode()}"
