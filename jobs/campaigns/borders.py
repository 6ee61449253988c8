"""Whose the borders in a campaign's units.geojson are: matched as the rows of any file are, never guessed."""

from collections.abc import Mapping, Sequence

from jobs.imports.problems import Notice
from jobs.imports.units.matching import UnitMatcher
from models.catalogue import CampaignFiles
from models.catalogue.problems import Problems
from models.units.shape_file import SHAPES, Feature, Polygon, read_shapes
from targets.values import Campaign, Unit

Borders = Mapping[str, tuple[Polygon, ...]]
"""The polygons of units, by code."""


def check_borders(files: CampaignFiles) -> None:
    """Refuse borders that are nobody's or of which two are one unit's.

    Raises CampaignFilesError naming each.
    """
    if SHAPES not in files.texts:
        return
    problems = Problems()
    taken: dict[str, Feature] = {}
    for feature, unit in _matched(files.texts[SHAPES], files.units, files.campaign):
        if isinstance(unit, Notice):
            called = feature.code or feature.name
            near = unit.terms.get("candidates") or unit.terms.get("nearest")
            advice = f" Is it one of these: {near}?" if near else ""
            problem = f"is “{called}”, which is no one unit of units.csv.{advice} Give its property “code”."
            said = {"code": "shape_nobodys_like", "like": near} if near else {"code": "shape_nobodys"}
            problems.add(SHAPES, feature.where, problem=problem, value=called, **said)
        elif (other := taken.setdefault(unit, feature)) is not feature:
            problem = f"is the border of {unit}, which {other.where} gives already; join them as one MultiPolygon."
            problems.add(SHAPES, feature.where, problem=problem, code="shape_twice", unit=unit, other=other.number)
    problems.refuse_if_any()


def find_borders(content: bytes, units: Sequence[Unit], campaign: Campaign) -> Borders:
    """The borders that are still a unit's."""
    matched = _matched(content, units, campaign)
    return {unit: feature.polygons for feature, unit in matched if not isinstance(unit, Notice)}


def _matched(content: bytes, units: Sequence[Unit], campaign: Campaign) -> list[tuple[Feature, str | Notice]]:
    """Each feature with its unit's code, or with what is wrong."""
    matcher, found = UnitMatcher(units, campaign), list[tuple[Feature, str | Notice]]()
    # What is wrong with a feature itself the loader has named.
    for feature in read_shapes(content, lambda *_, **__: None):
        # A name beside a code is what a mapping program calls it: the code alone decides.
        named = {"code": feature.code} if feature.code else {"name": feature.name, "district": feature.parent}
        unit: int | Notice | tuple[int, ...] = matcher.find(**named)
        if isinstance(unit, tuple):
            unit = unit[0] if len(unit) == 1 else matcher.on_day(unit, campaign.start)
        found.append((feature, unit if isinstance(unit, Notice) else matcher.units[unit].code))
    return found
