"""Units as tiles: each a link with the mark of its standing, on its own place or one after the other.

Written as HTML of our own, because a grid of links wraps on a phone, is read out and reached by keyboard; screen.css
gives it its looks. Every word in it comes from outside and is escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.charts.layout import MARKS, TINT, Theme


@dataclass(frozen=True)
class Tile:
    """A unit, or all units below one: `counts` then says how many stand where."""

    code: str
    name: str
    link: str
    said: str
    """All about it in words, under the mouse and for whoever listens."""
    standing: str = ""
    figure: str = ""
    counts: tuple[tuple[str, str], ...] = ()
    place: tuple[int, int] | None = None
    """Row and column, counted from 1."""
    is_aside: bool = False
    """Not among the units looked for: its place is kept, its mark is not drawn."""


@dataclass(frozen=True)
class TileCluster:
    """Tiles that belong together under a name; on their places where they have some."""

    title: str
    tiles: tuple[Tile, ...]


@dataclass(frozen=True)
class TileSection:
    """The clusters of a level."""

    title: str
    clusters: tuple[TileCluster, ...]


def tiles_html(sections: Sequence[TileSection], theme: Theme) -> str:
    """The sections one below the other, small ones side by side where there is room."""
    return "".join(
        f'<div class="tiles-section{" tiles-wide" if len(section.clusters) > 1 else ""}">'
        f'{_title(section.title, "tiles-level")}<div class="tiles-clusters">'
        f"{''.join(_cluster(cluster, section.title, theme) for cluster in section.clusters)}</div></div>"
        for section in sections
    )


def _title(words: str, kind: str) -> str:
    return f'<p class="{kind}">{escape(words)}</p>' if words else ""


def _cluster(cluster: TileCluster, level: str, theme: Theme) -> str:
    columns = max((tile.place[1] for tile in cluster.tiles if tile.place), default=0)
    kind, style = ("tiles-placed", f' style="--columns:{columns}"') if columns else ("tiles-listed", "")
    if any(tile.counts for tile in cluster.tiles):
        kind += " tiles-summed"
    tiles = "".join(f"<li{_at(tile)}>{_tile(tile, theme)}</li>" for tile in cluster.tiles)
    spoken = escape(cluster.title or level)
    return (
        f'<div class="tiles-cluster">{_title(cluster.title, "tiles-parent")}'
        f'<ul class="{kind}"{style} aria-label="{spoken}">{tiles}</ul></div>'
    )


def _at(tile: Tile) -> str:
    return f' style="grid-area:{tile.place[0]}/{tile.place[1]}"' if tile.place else ""


def _tile(tile: Tile, theme: Theme) -> str:
    look, top = "", ""
    if tile.counts:
        top = " ".join(f"{_mark(standing, theme)}{escape(units)}" for standing, units in tile.counts)
    elif not tile.is_aside:
        mark = MARKS[tile.standing]
        top = f"{_mark(tile.standing, theme)} {escape(tile.figure)}"
        look = "" if mark.is_hollow else f' style="background:{mark.colour.on(theme)}{TINT}"'
    said = escape(tile.said)
    return (
        f'<a href="{escape(tile.link)}" title="{said}" aria-label="{said}"{look}'
        f"{' class=tiles-aside' if tile.is_aside else ''}><span>{top}</span><span>{escape(tile.name)}</span></a>"
    )


def _mark(standing: str, theme: Theme) -> str:
    mark = MARKS[standing]
    return f'<b style="color:{mark.colour.on(theme)}">{mark.glyph}</b>'
