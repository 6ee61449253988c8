"""Tables of an official document: bordered, headings on every page, groups across, numbers at the right.

They are written as one piece of WordprocessingML: through python-docx a table of 260 units takes minutes.
"""

from dataclasses import dataclass
from typing import Any, Literal
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.shared import Mm

from jobs.documents.writable import writable

Align = Literal["left", "center", "right"]
NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SHADED = "E9EDF1"


@dataclass(frozen=True)
class Column:
    """A heading, its width in millimetres, and where its cells stand."""

    title: str
    width: float
    align: Align = "center"


@dataclass(frozen=True)
class Span:
    """A heading above several columns."""

    title: str
    columns: int


@dataclass(frozen=True)
class Row:
    """Cells of one line; a single cell is a group's heading across the table. A cell's second line is said smaller."""

    cells: tuple[str, ...]
    is_total: bool = False


@dataclass(frozen=True)
class OfficialTable:
    """A table with its headings; `spans` stand above the columns from the first on, an empty title joins downwards."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    spans: tuple[Span, ...] = ()
    size: float = 12
    """Points of its letters."""
    caption: str = ""


def add_table(document: Any, table: OfficialTable) -> None:
    """The table at the end of the document, and a little room below it."""
    if table.caption:
        line = document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        line.add_run(table.caption).italic = True
    end = document.add_paragraph()
    end.paragraph_format.line_spacing = Mm(3)
    end._p.addprevious(parse_xml(_table(table)))  # noqa: SLF001 - where python-docx itself puts a table


def _table(table: OfficialTable) -> str:
    grid = "".join(f'<w:gridCol w:w="{_twips(column.width)}"/>' for column in table.columns)
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:left w:w="40" w:type="dxa"/><w:right w:w="40" w:type="dxa"/>'
    width = sum(_twips(column.width) for column in table.columns)
    heads = "".join(_heads(table))
    rows = "".join(_row(row, table) for row in table.rows)
    return (
        f'<w:tbl {NAMESPACE}><w:tblPr><w:tblW w:w="{width}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{heads}{rows}</w:tbl>"
    )


def _heads(table: OfficialTable) -> list[str]:
    titles = [_cell(column.title, table, column, is_bold=True, is_head=True) for column in table.columns]
    if not table.spans:
        return [_line(titles, is_head=True)]
    above, at = [], 0
    for span in table.spans:
        columns = table.columns[at : at + span.columns]
        if span.title:
            wide = Column(span.title, sum(column.width for column in columns))
            above.append(_cell(span.title, table, wide, is_bold=True, is_head=True, across=span.columns))
        else:
            for place, column in enumerate(columns, start=at):
                above.append(_cell(column.title, table, column, is_bold=True, is_head=True, joined="restart"))
                titles[place] = _cell("", table, column, is_bold=True, is_head=True, joined="continue")
        at += span.columns
    return [_line(above, is_head=True), _line(titles, is_head=True)]


def _row(row: Row, table: OfficialTable) -> str:
    if len(row.cells) == 1:
        whole = Column("", sum(column.width for column in table.columns), "left")
        return _line(
            [_cell(row.cells[0], table, whole, is_bold=True, is_head=True, across=len(table.columns), is_kept=True)]
        )
    cells = zip(row.cells, table.columns, strict=True)
    return _line([_cell(words, table, column, is_bold=row.is_total) for words, column in cells])


def _line(cells: list[str], *, is_head: bool = False) -> str:
    head = "<w:tblHeader/>" if is_head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{head}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    words: str,
    table: OfficialTable,
    column: Column,
    *,
    is_bold: bool = False,
    is_head: bool = False,
    across: int = 1,
    joined: str = "",
    is_kept: bool = False,
) -> str:
    span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
    merge = f'<w:vMerge w:val="{joined}"/>' if joined else ""
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{SHADED}"/>' if is_head else ""
    keep = "<w:keepNext/>" if is_kept else ""
    first, *more = words.split("\n")
    runs = _run(first, table.size, is_bold=is_bold)
    runs += "".join(f"<w:r><w:br/></w:r>{_run(line, table.size - 2, is_italic=True)}" for line in more)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width)}" w:type="dxa"/>{span}{merge}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{keep}<w:jc w:val="{column.align}"/></w:pPr>'
        f"{runs}</w:p></w:tc>"
    )


def _run(words: str, size: float, *, is_bold: bool = False, is_italic: bool = False) -> str:
    half = round(size * 2)
    look = f'{"<w:b/>" if is_bold else ""}{"<w:i/>" if is_italic else ""}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'
    written = escape(writable(words))
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{written}</w:t></w:r>'


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)
