"""Units against their targets as a workbook and as CSV: what a page shows, for people who go on working with it.

Numbers are exact; a workbook shows them as the screen does, with as many more decimals as keep a percent below a
target, or 100, that it has not reached. Texts come from people and other systems, so none is ever handed to a
spreadsheet as a formula. Simulated figures say so in every row of a CSV and on top of a workbook.
"""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from jobs.documents.writable import A4, LOCALE, PALE, Looks, harmless, merge, new_book, set_page, sheet_name
from models.core import formats

Kind = Literal["text", "whole", "percent", "points", "hundredths", "wide"]
"""What a column holds; `wide` is a text that needs room."""
WIDTHS = {"text": 16, "whole": 12, "percent": 12, "points": 13, "hundredths": 13, "wide": 28}


@dataclass(frozen=True)
class Rate:
    """A percent as it is, and the target that no display of it may reach where it has not."""

    value: Decimal
    target: Decimal | None = None
    lower_is_better: bool = False


Cell = str | int | Decimal | Rate | None
LEAST_POINTS = Decimal("0.000001")
"""Less is what adding up leaves over, not points that somebody misses."""
LEAST_DECIMALS: dict[Kind, int] = {"percent": 1, "points": 1, "hundredths": 2}


def exact(value: float | Decimal | None) -> Decimal | None:
    """A number for a cell: 29.65 is 29.65, not the binary fraction nearest to it."""
    return None if value is None else Decimal(str(value))


def rate(
    value: float | Decimal | None, *, target: float | Decimal | None = None, lower_is_better: bool = False
) -> Rate | None:
    """A percent for a cell."""
    whole = exact(value)
    return None if whole is None else Rate(whole, exact(target), lower_is_better)


@dataclass(frozen=True)
class Column:
    """A heading and what stands below it."""

    title: str
    kind: Kind


@dataclass(frozen=True)
class Line:
    """A unit; lines of one group stand together."""

    group: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class GapTable:
    """A table with everything that must be said about it, in words of one language."""

    language: str
    title: str
    subtitles: tuple[str, ...]
    mark: str
    """ "SỐ LIỆU MÔ PHỎNG – MINH HỌA"; empty where figures are real."""
    mark_title: str
    group_title: str
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    source: str
    sheet: str


def as_csv(table: GapTable) -> bytes:
    """One unit a line, the group and the mark in columns. Vietnamese: semicolons and decimal commas, as Excel there."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=formats.csv_delimiter(table.language), lineterminator="\r\n")
    marks = [harmless(table.mark)] if table.mark else []
    titles = [table.group_title, *(column.title for column in table.columns), *([table.mark_title] if marks else [])]
    writer.writerow([harmless(title) for title in titles])
    for line in table.lines:
        writer.writerow([harmless(line.group), *(_written(cell, table.language) for cell in line.cells), *marks])
    return out.getvalue().encode("utf-8-sig")


def _written(cell: Cell, language: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    number = cell.value if isinstance(cell, Rate) else cell
    written = f"{number:f}" if isinstance(number, Decimal) else str(number)
    return written.replace(".", formats.decimal_mark(language))


def as_workbook(table: GapTable) -> bytes:
    """An official table: title, day, mark, headings that stay in sight, a row for each group, notes and source."""
    out = io.BytesIO()
    with new_book(out) as book:
        book.set_properties({"title": table.title, "comments": table.mark})
        _write(book, book.add_worksheet(sheet_name(table.sheet, set())), table)
    return out.getvalue()


def _write(book: Any, sheet: Any, table: GapTable) -> None:
    looks, last = Looks(book), len(table.columns) - 1
    top: list[tuple[str, dict[str, object]]] = [
        (table.title, {"bold": True, "font_size": 14, "align": "center"}),
        *((words, {"italic": True, "align": "center"}) for words in table.subtitles),
        *([(table.mark, {"bold": True, "align": "center"})] if table.mark else []),
    ]
    for row, (words, look) in enumerate(top):
        merge(sheet, row, 0, row, last, words, looks.of(**look))
    heading = looks.of(border=1, bold=True, align="center", text_wrap=True, bg_color=PALE)
    head = len(top) + 1
    sheet.set_row(head, 50)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, 6 if place == 0 else WIDTHS[column.kind])
        sheet.write_string(head, place, column.title, heading)
    row = head + 1
    for group, lines in groupby(table.lines, key=lambda line: line.group):
        merge(sheet, row, 0, row, last, group, looks.of(border=1, bold=True, bg_color=PALE))
        row += 1
        for line in lines:
            for place, (cell, column) in enumerate(zip(line.cells, table.columns, strict=True)):
                pattern = number_format(cell, column.kind, table.language)
                more = ({"num_format": pattern} if pattern else {}) | (
                    {"text_wrap": True} if column.kind == "wide" else {}
                )
                _put(sheet, row, place, cell, looks.of(border=1, **more))
            row += 1
    foot = looks.of(italic=True, font_size=11)
    for words in (*table.notes, table.source):
        row += 1
        sheet.write_string(row, 0, words, foot)
    sheet.freeze_panes(head + 1, 2)
    sheet.repeat_rows(head)
    set_page(sheet, paper=A4, mark=table.mark)


def number_format(cell: Cell, kind: Kind, language: str) -> str:
    """How a spreadsheet shows a number: with the screen's decimals, more where those would say something else.

    Empty for a text.
    """
    if kind not in ("whole", *LEAST_DECIMALS):
        return ""
    places = LEAST_DECIMALS.get(kind, 0)
    if isinstance(cell, Rate):
        places = formats.decimals(cell.value, target=cell.target, least=places, lower_is_better=cell.lower_is_better)
    elif isinstance(cell, Decimal):
        places = _decimals(cell, kind, least=places)
    digits = f"#,##0.{'0' * places}" if places else "#,##0"
    return f"{LOCALE[language]}{digits}" + ('"%"' if kind == "percent" else "")


def _decimals(number: Decimal, kind: Kind, *, least: int) -> int:
    """Of a percent as it was decided: those it was written with, two at most. Of points: so many that what is missing
    never reads as nothing."""
    if kind == "percent":
        exponent = number.normalize().as_tuple().exponent
        least = min(2, max(0, -exponent)) if isinstance(exponent, int) else least
        return formats.decimals(number, least=least)
    is_hidden = kind == "points" and abs(number) > LEAST_POINTS
    return formats.decimals(-abs(number), target=0, least=least) if is_hidden else least


def _put(sheet: Any, row: int, place: int, cell: Cell, look: Any) -> None:
    if cell is None:
        sheet.write_blank(row, place, None, look)
    elif isinstance(cell, str):
        sheet.write_string(row, place, cell, look)
    else:
        sheet.write_number(row, place, float(cell.value if isinstance(cell, Rate) else cell), look)
