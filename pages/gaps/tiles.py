"""The units of the page of gaps as tiles: which stand together, on which places, and what each says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from jobs.slides.of_province import short_name
from jobs.wording import results as wording
from models.core import formats
from models.core.texts import text
from models.results.gaps import GapRow
from models.results.overview import Overview
from pages.charts.tiles import Tile, TileCluster, TileSection
from pages.gaps.selection import GapFilters, Selection, parents_of
from pages.gaps.view import spoken, unit_address
from pages.kit.markdown import WORST_FIRST
from targets.findings import is_short

Place = tuple[int, int]
"""Row and column of a tile, counted from 1."""
MOST = 1_000
"""Tiles at most; of more units each tile stands for all that are below one unit."""
LONGEST_FIGURE = 6
"""Signs of a figure that has room in a tile: "41,6%"."""


@dataclass(frozen=True)
class Group:
    """Units of a level that stand together: on their places, or in their order below the unit they belong to."""

    level: str
    parent: str | None
    """Where a level's units belong to several."""
    rows: tuple[GapRow, ...]
    is_placed: bool = False


@dataclass(frozen=True)
class TilesView:
    """The tiles and what must be said with them."""

    sections: tuple[TileSection, ...]
    notes: tuple[str, ...] = ()


def arranged(rows: Sequence[GapRow], levels: Sequence[str], places: Mapping[str, Place]) -> tuple[Group, ...]:
    """Every unit in one group, level by level: first those with a place of their own, then the others by their parent.

    Of two units on one place the second stands among the others: a place is one unit's.
    """
    groups = []
    for level in levels:
        taken: dict[Place, GapRow] = {}
        others: dict[str | None, list[GapRow]] = {}
        for row in (row for row in rows if row.result.level == level):
            place = places.get(row.result.unit)
            if place is None or taken.setdefault(place, row) is not row:
                others.setdefault(row.parent, []).append(row)
        if taken:
            groups.append(Group(level, None, tuple(taken.values()), is_placed=True))
        is_parted = len(others) > 1
        groups += [Group(level, parent if is_parted else None, tuple(below)) for parent, below in others.items()]
    return tuple(groups)


def summed(rows: Sequence[GapRow], above: Mapping[str, str | None]) -> dict[str, list[GapRow]]:
    """The units by the one they belong to, as far up as it takes to leave few enough of these."""
    below = {row.result.unit: row.parent for row in rows}
    while True:
        groups: dict[str, list[GapRow]] = {}
        for row in rows:
            groups.setdefault(below[row.result.unit] or "", []).append(row)
        if len(groups) <= MOST:
            return groups
        below = {unit: above.get(parent or "") for unit, parent in below.items()}


def tiles_view(
    overview: Overview, rows: Sequence[GapRow], filters: GapFilters, selection: Selection,
    places: Mapping[str, Place], query: str, language: str,
) -> TilesView:  # fmt: skip
    """The units of the level and part of the tree looked at; those that another choice leaves out stay as blanks."""
    campaign, parents = overview.campaign, parents_of(rows)
    levels = [level.key for level in campaign.levels]
    in_order = {row.result.unit: number for number, row in enumerate(rows)}
    found = {row.result.unit for row in selection.found}
    drawn = selection.scope if len(selection.scope) <= MOST else selection.found
    if len(drawn) > MOST:
        return _summed_view(drawn, rows, parents, query, language)
    groups = arranged(sorted(drawn, key=lambda row: in_order[row.result.unit]), levels, places)

    def tile(row: GapRow, place: Place | None) -> Tile:
        result, parent = row.result, parents.get(row.parent or "")
        figure = wording.figure(result, language)
        return Tile(
            code=result.unit,
            name=wording.bare_name(result.name),
            link=unit_address(result.unit, query),
            said="\n".join(said_of(row, overview, parent, language)),
            standing=result.standing,
            figure=figure if len(figure) <= LONGEST_FIGURE else "",
            place=place,
            is_aside=result.unit not in found,
        )

    sections = []
    for level in dict.fromkeys(group.level for group in groups):
        own = [group for group in groups if group.level == level]
        known = campaign.level(level)
        clusters = tuple(
            TileCluster(
                title="" if group.parent is None else short_name(parents.get(group.parent, "")),
                tiles=tuple(
                    tile(row, places[row.result.unit] if group.is_placed else None) for row in group.rows
                ),
            )
            for group in own
        )  # fmt: skip
        sections.append(TileSection((known.group or known.name).of(language), clusters))
    without = sum(len(group.rows) for group in groups if not group.is_placed and _is_beside_placed(group, groups))
    notes = [text("gaps.tiles.no_place", language, count=formats.whole(without, language))] if without else []
    return TilesView(tuple(sections), tuple(notes))


def _is_beside_placed(group: Group, groups: Sequence[Group]) -> bool:
    return any(other.is_placed and other.level == group.level for other in groups)


def said_of(row: GapRow, overview: Overview, parent: str | None, language: str) -> tuple[str, ...]:
    """A unit in words: its name, its standing, its figures, and what it is short of where it is."""
    result = row.result
    name = result.name if parent is None else wording.unit_below(result.name, parent, language)
    parts = [name, wording.standing_of(result, language), spoken(row, overview, language)]
    if is_short(result):
        owed = wording.owed(result, overview.campaign.indicator(result.indicator), language)
        parts.append(owed if result.lower_is_better else text("gaps.tiles.short", language, owed=owed))
    return tuple(parts)


def _summed_view(
    drawn: Sequence[GapRow], rows: Sequence[GapRow], parents: Mapping[str, str], query: str, language: str
) -> TilesView:
    """One tile for each unit with others below it, on which these are counted by their standing."""
    tiles = []
    for parent, below in summed(drawn, {row.result.unit: row.parent for row in rows}).items():
        units = Counter(row.result.standing for row in below)
        counts = [(standing, units[standing]) for standing in WORST_FIRST if units[standing]]
        whole = text("gaps.tiles.whole", language)
        name = parents.get(parent, whole)
        stands = ", ".join(
            f"{formats.whole(count, language)} {wording.in_sentence(text(f'standing.{standing}', language))}"
            for standing, count in counts
        )
        chosen = {"view": "tiles"} | ({"parent": parent} if parent in parents else {})
        tiles.append(
            Tile(
                code=parent,
                name=short_name(name),
                link=f"/gaps?{urlencode(chosen)}{'&' if query else ''}{query}",
                said=f"{name}: {stands}",
                counts=tuple((standing, formats.whole(count, language)) for standing, count in counts),
            )
        )
    note = text("gaps.tiles.summed", language, most=formats.whole(MOST, language))
    return TilesView((TileSection("", (TileCluster("", tuple(tiles)),)),), (note,))
