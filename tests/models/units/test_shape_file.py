"""units.geojson: read whole, or each mistake named with the feature it stands in."""

import json

import pytest

from models.catalogue.changes import changes_between
from models.units import shape_file
from models.units.shape_file import SHAPES, read_shapes
from targets.errors import FileProblem
from tests.models.catalogue.readers import assert_said_to_every_reader

SQUARE = [[[108, 14], [109, 14], [109, 15.5, 700], [108, 15.5], [108, 14]]]
NO_WGS = [[[450_000, 1_550_000], [460_000, 1_550_000], [460_000, 1_560_000], [450_000, 1_550_000]]]


def feature(coordinates=SQUARE, kind="Polygon", **properties):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def collection(*features):
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def problems_of(content):
    found = []

    def complain(where, *, problem, code, **terms):
        known = {name: str(value) for name, value in terms.items()}
        assert_said_to_every_reader(FileProblem(SHAPES, where, problem, code, known))
        found.append(f"{where}: {problem}")

    read_shapes(content, complain)
    return found


def test_borders_are_read_with_whose_they_are():
    content = b"\xef\xbb\xbf" + collection(
        feature(code="X1", name="UBND xã Một"),
        feature([SQUARE, SQUARE], "MultiPolygon", name=" Ia Ko ", parent="Chư Sê"),
    )

    one, other = read_shapes(content, pytest.fail)

    assert (one.code, one.name, len(one.polygons)) == ("X1", "UBND xã Một", 1)
    assert one.polygons[0][0] == ((108, 14), (109, 14), (109, 15.5), (108, 15.5), (108, 14)), "heights are left out"
    assert (other.where, other.name, other.parent, len(other.polygons)) == ("feature 2", "Ia Ko", "Chư Sê", 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xff\xfe", "whole file: is not UTF-8"),
        (b"{", "whole file: cannot be read as JSON"),
        (b"[" * 100_000, "whole file: cannot be read as JSON"),
        (
            collection(feature(code="X1")).replace(b"15.5", b"NaN"),
            "whole file: cannot be read as JSON: NaN is no number",
        ),
        (b"[]", "whole file: is no GeoJSON FeatureCollection"),
        (b'{"features": {}}', "whole file: is no GeoJSON FeatureCollection"),
        (collection(), "whole file: is no GeoJSON FeatureCollection with at least one feature"),
        (collection("a"), "feature 1: has neither the property “code” nor “name”"),
        (collection(feature()), "feature 1: has neither the property “code” nor “name”"),
        (collection(feature([108, 14], "Point", code="X1")), "feature 1: is of type “Point”"),
        (collection(feature(code="X1") | {"geometry": None}), "feature 1: is of type “None”"),
        (collection(feature([], "MultiPolygon", code="X1")), "feature 1: holds no polygon"),
        (collection(feature([], code="X1")), "feature 1: holds a polygon without a ring"),
        (collection(feature([[]], code="X1")), "feature 1: holds an empty ring"),
        (collection(feature([SQUARE[0][:-1]], code="X1")), "feature 1: holds a ring that is not closed"),
        (collection(feature([SQUARE[0][:2] * 1 + SQUARE[0][:1]], code="X1")), "at least four points"),
        (collection(feature([[[108]]], code="X1")), "feature 1: holds a point that is no pair of numbers"),
        (collection(feature([[["108", "14"]]], code="X1")), "feature 1: holds a point that is no pair of numbers"),
        (collection(feature([[[10**400, 14]]], code="X1")), "feature 1: holds a point that is no pair of numbers"),
        (collection(feature([], name="\ud800")), "feature 1: holds a polygon without a ring"),
        (collection(feature([[[True, 14]]], code="X1")), "feature 1: holds a point that is no pair of numbers"),
        (collection(feature(NO_WGS, code="X1")), "transform metres, such as those of VN-2000, first"),
    ],
)
def test_mistake_is_named_with_its_place(content, said):
    [problem] = problems_of(content)

    assert said in problem


def test_mistakes_of_several_features_are_named_at_once():
    assert len(problems_of(collection(feature(), feature(code="X1"), feature([[]], code="X2")))) == 2


def test_file_that_is_too_large_is_refused_unread(monkeypatch):
    monkeypatch.setattr(shape_file, "MOST_BYTES", 1_000_000)

    [problem] = problems_of(b" " * 1_234_567)

    assert "holds 1.2 MB; allowed: 1 MB. Simplify the borders" in problem


def test_changed_border_is_one_change_and_no_figure_follows_from_it():
    moved = [[[108, 14], [109, 14], [109, 16], [108, 14]]]
    before = {SHAPES: collection(feature(code="X1"), feature(name="Ia Ko"))}
    after = {SHAPES: collection(feature(code="X1"), feature(moved, name="Ia Ko"), feature(code="X2"))}

    changes = changes_between(before, after)

    assert [(change.file, change.key) for change in changes] == [(SHAPES, "Ia Ko"), (SHAPES, "X2")]
    assert not any(change.touches_figures for change in changes)
    assert changes_between(before, {SHAPES: before[SHAPES] + b"\n"}) == ()
    assert len(changes_between(before, {SHAPES: b"["})) == 2, "unreadable, it says nothing"
