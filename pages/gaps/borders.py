"""The units of the page of gaps on the real map, where the campaign brings their borders."""

from collections import Counter
from dataclasses import dataclass

from jobs.campaigns.borders import Borders
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.results.gaps import GapRow
from models.results.overview import Overview
from pages.charts.layout import MARKS
from pages.charts.marks import Spec
from pages.charts.shapes import MapUnit, shapes_map
from pages.gaps.selection import Selection, parents_of
from pages.gaps.tiles import said_of
from pages.kit.markdown import WORST_FIRST


@dataclass(frozen=True)
class MapView:
    """The map, or without one why there is none to be drawn."""

    chart: Spec | None
    spoken: str
    notes: tuple[str, ...]


def map_view(
    overview: Overview, rows: tuple[GapRow, ...], indicator: str, selection: Selection, borders: Borders, language: str
) -> MapView:
    """The level looked at, or of several the one with most borders: those of two levels would lie on one another."""
    campaign, parents = overview.campaign, parents_of(rows)
    bordered = [row for row in selection.found if row.result.unit in borders]
    if not bordered:
        return MapView(None, text("gaps.map.nothing", language), ())
    levels = Counter(row.result.level for row in bordered)
    level = max(levels, key=lambda key: levels[key])
    of_level = [row for row in selection.scope if row.result.level == level]
    found = {row.result.unit for row in selection.found}
    units = [
        MapUnit(
            code=row.result.unit,
            standing=row.result.standing,
            polygons=borders[row.result.unit],
            facts=_facts(row, overview, parents.get(row.parent or ""), language),
            is_aside=row.result.unit not in found,
        )
        for row in of_level
        if row.result.unit in borders
    ]
    name = wording.in_sentence(campaign.level(level).name.of(language))
    notes = []
    if without := len(of_level) - len(units):
        notes.append(text("gaps.map.without", language, count=formats.whole(without, language)))
    if len(of_level) < len(selection.scope):
        notes.append(text("gaps.map.one_level", language, level=name))
    counted = formats.whole(len(units), language)
    stands = Counter(unit.standing for unit in units if not unit.is_aside)
    spoken = text(
        "gaps.map.spoken",
        language,
        name=campaign.indicator(indicator).name.of(language),
        count=counted,
        level=name,
        stands=" · ".join(
            f"{MARKS[word].glyph} {formats.whole(stands[word], language)}"
            f" {wording.in_sentence(text(f'standing.{word}', language))}"
            for word in WORST_FIRST
            if stands[word]
        ),
    )
    return MapView(shapes_map(units, language), spoken, tuple(notes))


def _facts(row: GapRow, overview: Overview, parent: str | None, language: str) -> tuple[tuple[str, str], ...]:
    """The same words as a tile's, each line under what it says."""
    name, *told = said_of(row, overview, parent, language)
    titles = (text(f"gaps.map.{key}", language) for key in ("standing", "figures", "short"))
    return ((text("gaps.column.unit", language), name), *zip(titles, told, strict=False))
