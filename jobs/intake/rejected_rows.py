"""The refused rows of a file as a workbook: each with all it held and what is wrong, to be mended and handed in again.

It is written as the reader of files reads: the old headings, the day in the title. Cells come from people and other
systems, so every one is a text, and none is ever handed to a spreadsheet as a formula.
"""

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from jobs.documents.writable import new_book, sheet_name
from jobs.imports.problems import spoken_place
from jobs.imports.values import RejectedRow
from models.core import formats
from models.core.texts import text

_PLACE = re.compile(r"(?:(?P<sheet>.*)![A-Z]+|line )(?P<row>[0-9]+)")
_UNTITLED = re.compile(r"#[0-9]+")
WIDTH, PROBLEM_WIDTH = 20, 80


@dataclass
class _Row:
    """One row of the file with all that is wrong in it: a wide row may be refused once for each cell."""

    place: str
    raw: dict[str, str]
    problems: list[str]


def rejected_workbook(rejected: Sequence[RejectedRow], *, as_of: date | None, language: str) -> bytes:
    """The rows by the sheet they come from. `as_of`: the day of rows that name none."""
    out = io.BytesIO()
    with new_book(out) as book:
        names: set[str] = set()
        for sheet, rows in _by_sheet(rejected, language).items():
            name = sheet_name(sheet or text("upload.mend.sheet", language), names)
            _write(book, name, rows, as_of=as_of, language=language)
    return out.getvalue()


def _by_sheet(rejected: Iterable[RejectedRow], language: str) -> dict[str, list[_Row]]:
    """Sheet → its refused rows in the file's order; "" for a text file, which has no sheets."""
    found: dict[tuple[str, int], _Row] = {}
    for entry in rejected:
        match = _PLACE.fullmatch(entry.place)
        sheet, number = ("", 0) if match is None else (match["sheet"] or "", int(match["row"]))
        raw = {name: value for name, value in entry.raw.items() if not _UNTITLED.fullmatch(name)}
        row = found.setdefault((sheet, number), _Row(entry.place, raw, []))
        row.problems.append(entry.sentence(language))
    sheets: dict[str, list[_Row]] = {}
    for (sheet, _), row in sorted(found.items(), key=lambda entry: entry[0][1]):
        sheets.setdefault(sheet, []).append(row)
    return sheets


def _headings(rows: Iterable[_Row]) -> list[str]:
    """All headings in the file's order: a row names only the cells it fills."""
    order: list[str] = []
    for row in rows:
        at = 0
        for name in row.raw:
            if name in order:
                at = order.index(name) + 1
            else:
                order.insert(at, name)
                at += 1
    return order


def _write(book: Any, name: str, rows: Sequence[_Row], *, as_of: date | None, language: str) -> None:
    sheet = book.add_worksheet(name)
    plain = book.add_format({"num_format": "@", "border": 1, "valign": "top"})
    wrapped = book.add_format({"num_format": "@", "border": 1, "valign": "top", "text_wrap": True, "italic": True})
    heading = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"})
    titles = [text("upload.mend.note", language)]
    if as_of is not None:
        titles.append(text("upload.mend.day", language, day=formats.day(as_of, language)))
    for number, title in enumerate(titles):
        sheet.write_string(number, 0, title)
    headings = _headings(rows)
    top = len(titles) + 1
    read_only = (text("upload.mend.problem", language), text("upload.mend.place", language))
    for column, words in enumerate((*headings, *read_only)):
        sheet.write_string(top, column, words, heading)
    for number, row in enumerate(rows, start=top + 1):
        for column, words in enumerate(headings):
            if words in row.raw:
                sheet.write_string(number, column, row.raw[words], plain)
            else:
                sheet.write_blank(number, column, None, plain)
        sheet.write_string(number, len(headings), "\n".join(row.problems), wrapped)
        sheet.write_string(number, len(headings) + 1, spoken_place(row.place, language), wrapped)
    last = max(len(headings) - 1, 0)
    sheet.set_column(0, last, WIDTH, plain)
    sheet.set_column(last + 1, last + 1, PROBLEM_WIDTH)
    sheet.set_column(last + 2, last + 2, WIDTH)
    sheet.freeze_panes(top + 1, 0)
    # Numbers stand as texts on purpose: nothing is to be changed on their way back.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{top + len(rows) + 1}"})
