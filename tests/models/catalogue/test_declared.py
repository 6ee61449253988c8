"""What the readers of the campaign's files ask of each key, noted while they read nothing."""

from decimal import Decimal

import pytest

from models.catalogue.declared import Key, declared_keys

KEYS = {(key.file, key.place): key for key in declared_keys()}


@pytest.mark.parametrize(
    ("file", "place", "said"),
    [
        ("campaign.toml", "start", {"kind": "day", "is_optional": False}),
        ("campaign.toml", "phases.*.due", {"kind": "day", "is_optional": True}),
        ("campaign.toml", "unit_phases[].unit", {"kind": "text", "is_optional": True, "names": "unit"}),
        ("indicators/", "ceiling", {"kind": "decimal", "is_optional": True, "default": Decimal(100), "most": 100}),
        ("indicators/", "short_name.vi", {"kind": "text", "is_optional": True}),
        ("indicators/", "rule.value", {"kind": "decimal", "only": ("rule.kind", "fixed")}),
        ("indicators/", "rule.share", {"kind": "decimal", "only": ("rule.kind", "central_plus"), "most": 1}),
        ("sources.toml", "*.units.*", {"kind": "text", "names": "unit"}),
        ("units.csv", "level", {"kind": "text", "is_optional": False, "names": "level"}),
        ("baselines.csv", "qualifier", {"kind": "word", "options": ("about", "over", "under", "more", "less")}),
    ],
)
def test_key_is_declared_by_what_its_reader_asks(file, place, said):
    key = KEYS[file, place]

    assert {name: getattr(key, name) for name in said} == said
    assert isinstance(key, Key)
