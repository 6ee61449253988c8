"""A picture with its message and the table behind it: what the page of comparisons shows, slides take and files hold.

A table is made once, of values; the page writes them as words and the file takes them as numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jobs.documents.gap_table import Cell, GapTable, Line, Rate, as_csv, as_workbook
from jobs.documents.gap_table import Column as FileColumn
from jobs.documents.gap_table import Kind as FileColumnKind
from models import formats
from models.queries.overview import Overview
from models.texts import text
from pages.parts import sentences
from pages.parts.charts import Spec

Kind = Literal["text", "wide", "whole", "percent", "target", "points", "hundredths", "change"]
"""What a column holds: `target` is a percent as it was decided, `points` a change with one decimal and its sign,
`hundredths` are points with two decimals, `change` such points with their sign."""
FILE_KIND_OF: Mapping[Kind, FileColumnKind] = {
    "text": "text", "wide": "wide", "whole": "whole", "percent": "percent", "target": "percent", "points": "points",
    "hundredths": "hundredths", "change": "hundredths",
}  # fmt: skip
"""What a file makes of it."""
FileKind = Literal["xlsx", "csv"]
FILE_KINDS: tuple[FileKind, ...] = ("xlsx", "csv")
MIMES: Mapping[FileKind, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}


@dataclass(frozen=True)
class Column:
    """A heading and what stands below it."""

    title: str
    kind: Kind


@dataclass(frozen=True)
class Row:
    """One line of a table. `code` leads to the unit's page; a `standing` puts its mark before the last cell."""

    cells: tuple[Cell, ...]
    code: str = ""
    standing: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class Table:
    """Columns and rows; `spoken` says what it is to those who do not see it."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spoken: str


@dataclass(frozen=True)
class Exhibit:
    """One picture: its message computed from the data, the chart, the table, what must be said below.

    Without a chart the title says why there is nothing to be drawn.
    """

    key: str
    title: str
    chart: Spec | None = None
    spoken: str = ""
    legend: tuple[tuple[str, str], ...] = ()
    table: Table | None = None
    notes: tuple[str, ...] = ()


def cell_words(cell: Cell, kind: Kind, language: str) -> str:
    """A cell as the page writes it."""
    if cell is None:
        return text("gaps.nothing", language)
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Rate):
        return formats.percent(cell.value, language, target=cell.target)
    if kind == "percent":
        return formats.percent(cell, language)
    if kind == "target":
        return formats.target_percent(cell, language)
    if kind == "points":
        return formats.signed(cell, language)
    if kind in ("hundredths", "change"):
        return formats.hundredths(cell, language, is_change=kind == "change")
    return formats.whole(int(cell), language)


def exhibit_file(overview: Overview, exhibit: Exhibit, *, kind: FileKind, language: str) -> bytes:
    """The whole table of a picture as a file, under its message; simulated figures are marked."""
    table = _file_table(overview, exhibit, language)
    return as_workbook(table) if kind == "xlsx" else as_csv(table)


def file_name(overview: Overview, exhibit: Exhibit, indicator: str, *, kind: FileKind, language: str) -> str:
    """so-sanh_muc-dong-gop_online_2024-05-07.xlsx; simulated figures say so in the name, too."""
    parts = [
        text("compare.file.name", language),
        text(f"compare.file.of_{exhibit.key}", language),
        indicator,
        overview.as_of.isoformat(),
    ]
    if overview.simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def _file_table(overview: Overview, exhibit: Exhibit, language: str) -> GapTable:
    table = exhibit.table or Table((), (), "")
    return GapTable(
        language=language,
        title=exhibit.title,
        subtitles=(
            overview.campaign.title.of(language),
            text("compare.file.as_of", language, date=formats.day(overview.as_of, language)),
        ),
        mark=text("gaps.download.simulated", language) if overview.simulated else "",
        mark_title=text("gaps.download_column.mark", language),
        group_title=text("compare.file.kind", language),
        columns=tuple(FileColumn(column.title, FILE_KIND_OF[column.kind]) for column in table.columns),
        lines=tuple(
            Line(text(f"compare.file.{'total' if row.is_total else 'rows'}", language), row.cells) for row in table.rows
        ),
        notes=exhibit.notes,
        source=sentences.made_with(overview.updated, language),
        sheet=text("compare.file.sheet", language),
    )


def heading(words: str) -> str:
    """What an indicator counts, as the head of a column: its first letter large."""
    return words[:1].upper() + words[1:]


def spread(places: Sequence[float], *, apart: float, least: float, most: float) -> list[float]:
    """Where labels stand so that none overlaps another: `apart` from the next, as near to their marks as can be.

    In the order of the places given; all between `least` and `most` where they fit, closer together where they do not.
    """
    if not places:
        return []
    room = min(apart, (most - least) / max(len(places) - 1, 1))
    order = sorted(range(len(places)), key=places.__getitem__)
    # Taking off what those before need turns "apart" into "not falling": neighbours that meet share their mean.
    blocks: list[list[float]] = []
    for rank, at in enumerate(order):
        blocks.append([places[at] - rank * room, 1])
        while len(blocks) > 1 and blocks[-2][0] >= blocks[-1][0]:
            value, weight = blocks.pop()
            before = blocks[-1]
            before[0] = (before[0] * before[1] + value * weight) / (before[1] + weight)
            before[1] += weight
    found = [0.0] * len(places)
    level = [value for value, weight in blocks for _ in range(int(weight))]
    highest = most - (len(places) - 1) * room
    for rank, at in enumerate(order):
        found[at] = min(max(level[rank], least), highest) + rank * room
    return found
