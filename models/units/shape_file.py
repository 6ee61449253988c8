"""units.geojson: the borders of units for the map, as mapping programs write them: longitude and latitude in degrees.

Whose a feature is says its property `code`, else `name` (with `parent` where names repeat): matched in `jobs`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

SHAPES = "units.geojson"
LARGEST = 10**9
MOST_BYTES = 5_000_000
"""A larger file is refused: borders of a province's communes need a tenth of it."""

Point = tuple[float, float]
"""Longitude and latitude."""
Complain = Callable[..., None]
"""Told where a mistake stands in the file, the `problem`, its `code` and terms."""
Polygon = tuple[tuple[Point, ...], ...]
"""The ring around, then those around holes; each closed."""


@dataclass(frozen=True)
class Feature:
    """A border, and whose it is said to be."""

    number: int
    """Its place in the file, counted from 1."""
    code: str
    name: str
    parent: str
    polygons: tuple[Polygon, ...]

    @property
    def where(self) -> str:
        return f"feature {self.number}"


class _Wrong(Exception):
    """What is wrong with a feature or with the whole file, with the code and terms of its sentence."""

    def __init__(self, problem: str, code: str, **terms: object) -> None:
        super().__init__(problem)
        self.said = {"problem": problem, "code": code} | terms


def read_shapes(content: bytes, complain: Complain) -> tuple[Feature, ...]:
    """The features of the file that are sound; of each mistake it is told."""
    if len(content) > MOST_BYTES:
        size, most = f"{len(content) / 1e6:.1f}", f"{MOST_BYTES / 1e6:.0f}"
        problem = f"holds {size} MB; allowed: {most} MB. Simplify the borders in the mapping program first."
        complain("whole file", problem=problem, code="shapes_large", size=size, most=most)
        return ()
    try:
        features = _listed(content)
    except _Wrong as wrong:
        complain("whole file", **wrong.said)
        return ()
    found = []
    for number, feature in enumerate(features, start=1):
        try:
            found.append(_feature(number, feature))
        except _Wrong as wrong:
            complain(f"feature {number}", **wrong.said)
    return tuple(found)


def shape_marks(content: bytes) -> dict[str, str]:
    """Each feature by what it is called, with a mark that changes with its border; empty where it is no such file."""
    try:
        features = _listed(content)
    except _Wrong:
        return {}
    marks = {}
    for number, feature in enumerate(features, start=1):
        told = _properties(feature)
        mark = sha256(json.dumps(feature, sort_keys=True).encode()).hexdigest()[:8]
        marks[told.get("code") or told.get("name") or str(number)] = mark
    return marks


def _listed(content: bytes) -> list[Any]:
    try:
        whole = json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except UnicodeDecodeError as error:
        raise _Wrong("is not UTF-8.", "not_utf8") from error
    except (ValueError, RecursionError) as error:
        raise _Wrong(f"cannot be read as JSON: {error}.", "no_json", said=error) from error
    features = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(features, list) or not features:
        raise _Wrong("is no GeoJSON FeatureCollection with at least one feature.", "no_features")
    return features


def _no_number(written: str) -> float:
    raise ValueError(f"{written} is no number")


def _properties(feature: Any) -> dict[str, str]:
    told = feature.get("properties") if isinstance(feature, dict) else None
    if not isinstance(told, Mapping):
        return {}
    named = {name: str(told[name]).strip() for name in ("code", "name", "parent") if told.get(name) is not None}
    return {name: words.encode(errors="replace").decode() for name, words in named.items()}


def _feature(number: int, feature: Any) -> Feature:
    told = _properties(feature)
    if not told.get("code") and not told.get("name"):
        raise _Wrong("has neither the property “code” nor “name”: whose border is it?", "shape_unnamed")
    geometry = feature.get("geometry") if isinstance(feature.get("geometry"), dict) else {}
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind not in ("Polygon", "MultiPolygon"):
        raise _Wrong(f"is of type “{kind}”; a unit's border is a Polygon or a MultiPolygon.", "shape_type", value=kind)
    polygons = _items([coordinates] if kind == "Polygon" else coordinates, "holds no polygon.")
    rings = (_items(polygon, "holds a polygon without a ring.") for polygon in polygons)
    return Feature(
        number=number,
        code=told.get("code", ""),
        name=told.get("name", ""),
        parent=told.get("parent", ""),
        polygons=tuple(tuple(map(_ring, polygon)) for polygon in rings),
    )


def _items(value: Any, problem: str) -> Sequence[Any]:
    if not isinstance(value, list) or not value:
        raise _Wrong(problem, "shape_empty")
    return value


def _ring(value: Any) -> tuple[Point, ...]:
    ring = tuple(map(_point, _items(value, "holds an empty ring.")))
    if len(ring) < 4 or ring[0] != ring[-1]:
        raise _Wrong("holds a ring that is not closed: at least four points, the last one as the first.", "shape_open")
    return ring


def _point(value: Any) -> Point:
    is_pair = isinstance(value, list) and len(value) >= 2
    # Neither a number that is none nor one too large for a float is at most this.
    if not is_pair or not all(type(number) in (int, float) and abs(number) <= LARGEST for number in value[:2]):
        raise _Wrong("holds a point that is no pair of numbers.", "shape_point")
    longitude, latitude = float(value[0]), float(value[1])
    if abs(longitude) > 180 or abs(latitude) > 85:
        raise _Wrong(
            f"holds the point {longitude:g}, {latitude:g}; points are longitude and latitude in degrees (WGS 84):"
            " transform metres, such as those of VN-2000, first.",
            "shape_degrees",
            value=f"{longitude:g}; {latitude:g}",
        )
    return longitude, latitude
