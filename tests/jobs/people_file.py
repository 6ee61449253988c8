"""Workbooks of people, as offices send them."""

from pathlib import Path

import xlsxwriter


def workbook(path: Path, *rows: tuple[str, ...]) -> Path:
    """A workbook with these rows from its first line on."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return path
