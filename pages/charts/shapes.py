"""A map of units: each its own border, filled by its standing, with the mark of it inside.

Borders are laid on a grid of our own before they are sent: finer than a screen shows, a hundredth of what files hold,
and the same for neighbours, so that no gap opens between them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, pi, radians, tan
from typing import Any

import altair as alt

from models.units.shape_file import Polygon
from pages.charts.layout import MAP_HEIGHT, MARKS, QUIET
from pages.charts.marks import COLOUR, Spec, drawn, judged, shade, tooltip
from pages.charts.stacks import PICK

GRID = 1_200
"""Steps along the longer side of a map."""
TINTED = 0.35
"""How much of its mark's colour fills a border: the mark on it stays the strongest."""
LARGEST, SMALLEST, ALTOGETHER = 300, 30, 12_000
"""Square pixels of a mark, by how many share the map."""
Place = tuple[int, int]
Outline = list[list[Place]]
"""Rings on the grid, y from the top down; each closed."""


@dataclass(frozen=True)
class MapUnit:
    """A unit with its border and what is told of it; `is_aside`: not among those looked for, its mark is not drawn."""

    code: str
    standing: str
    polygons: tuple[Polygon, ...]
    facts: tuple[tuple[str, str], ...]
    is_aside: bool = False


def shapes_map(units: Sequence[MapUnit], language: str) -> Spec:
    """The units drawn beside one another; one whose border is smaller than the grid is its mark alone."""
    outlines = on_grid({unit.code: unit.polygons for unit in units})
    borders, marks = [], []
    for unit in units:
        polygons, mark = outlines[unit.code], MARKS[unit.standing]
        look = {"dark": mark.colour.dark, "light": mark.colour.light, "code": unit.code, **dict(unit.facts)}
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
        is_plain = unit.is_aside or mark.is_hollow
        borders.append({"type": "Feature", "geometry": geometry, "fill": 0 if is_plain else TINTED, **look})
        if not unit.is_aside:
            x, y = inside(max(polygons, key=lambda rings: abs(area(rings[0]))))
            marks.append({"x": x, "y": y, "shape": mark.shape, "hollow": mark.is_hollow, **look})
    titles = tuple(dict.fromkeys(title for unit in units for title, _ in unit.facts))
    size = min(LARGEST, max(SMALLEST, ALTOGETHER / max(len(marks), 1)))
    spec = _layers(titles, size, language)
    return spec | {"datasets": {"borders": borders, "marks": marks}}


def _layers(titles: Sequence[str], size: float, language: str) -> Spec:
    look: dict[str, Any] = {"fill": COLOUR, "fillOpacity": alt.ExprRef("datum.fill"), "cursor": "pointer"}
    borders = (
        alt.Chart(alt.NamedData("borders"))
        .mark_geoshape(**look, stroke=shade(QUIET), strokeWidth=0.8, strokeJoin="round")
        .encode(tooltip=tooltip(titles))
        .project(type="identity")
        .add_params(alt.selection_point(name=PICK, fields=["code"], on="click"))
    )
    at = alt.Chart(alt.NamedData("marks")).encode(longitude="x:Q", latitude="y:Q").project(type="identity")
    layers = [borders, *judged(at, size=size, hollow=size * 0.7, edge=0.8, ring=2)]
    return drawn(layers, language, height=MAP_HEIGHT)


# --- the grid -------------------------------------------------------------------------------------------------------


def on_grid(borders: Mapping[str, Sequence[Polygon]]) -> dict[str, list[Outline]]:
    """Mercator's projection of all borders together, rounded to the grid; what falls together is one point."""
    flat = {
        unit: [[[(longitude, _up(latitude)) for longitude, latitude in ring] for ring in rings] for rings in polygons]
        for unit, polygons in borders.items()
    }
    points = [point for polygons in flat.values() for rings in polygons for ring in rings for point in ring]
    left, top = min((x for x, _ in points), default=0.0), max((y for _, y in points), default=0.0)
    right, bottom = max((x for x, _ in points), default=0.0), min((y for _, y in points), default=0.0)
    step = (max(right - left, top - bottom) or 1.0) / GRID

    def rounded(ring: Sequence[tuple[float, float]]) -> list[Place]:
        line: list[Place] = []
        for x, y in ring:
            place = (round((x - left) / step), round((top - y) / step))
            if not line or place != line[-1]:
                line.append(place)
        return line

    found = {}
    for unit, polygons in flat.items():
        outlines = [[line for line in map(rounded, rings) if len(line) > 3] for rings in polygons]
        # A border that fell together keeps a place: three steps around where it lies.
        found[unit] = [outline for outline in outlines if outline] or [[_speck(rounded(polygons[0][0])[0])]]
    return found


def _up(latitude: float) -> float:
    """How far north on Mercator's map, in degrees at the equator."""
    return log(tan(pi / 4 + radians(latitude) / 2)) * 180 / pi


def _speck(place: Place) -> list[Place]:
    x, y = place
    return [(x, y), (x + 1, y), (x + 1, y + 1), (x, y)]


def area(ring: Sequence[Place]) -> float:
    """Of a closed ring; below 0 where it runs the other way around."""
    return sum(x * far_y - far_x * y for (x, y), (far_x, far_y) in pairwise(ring)) / 2


def inside(outline: Outline) -> tuple[float, float]:
    """A place for a mark: half way through the widest part at the height of the border's middle, never in a hole."""
    ring, whole = outline[0], area(outline[0])
    if whole:
        pairs = list(pairwise(ring))
        middle = sum((y + far_y) * (x * far_y - far_x * y) for (x, y), (far_x, far_y) in pairs) / (6 * whole)
    else:
        middle = sum(y for _, y in ring) / len(ring)
    height = middle if middle != round(middle) else middle + 0.25  # between two steps no corner is met
    crossings = sorted(
        x + (far_x - x) * (height - y) / (far_y - y)
        for line in outline
        for (x, y), (far_x, far_y) in pairwise(line)
        if (y > height) != (far_y > height)
    )
    start, end = max(
        zip(crossings[::2], crossings[1::2], strict=True),
        key=lambda part: part[1] - part[0],
        default=(float(ring[0][0]), float(ring[0][0])),
    )
    return (start + end) / 2, height
