"""The official form of administrative documents: decree 30/2020/NĐ-CP, its layout, letters, places and tables."""

import io
import re
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, Literal
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jobs.documents.writable import unbroken, writable
from models.core.texts import text

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
    table = replace(table, columns=_fitted(table))
    if table.caption:
        line = document.add_paragraph()
        line.paragraph_format.keep_with_next = True
        _say(line, table.caption, size=SMALL, italic=True)
    end = document.add_paragraph()
    end.paragraph_format.line_spacing = Mm(3)
    end._p.addprevious(parse_xml(_table(table)))  # noqa: SLF001 - where python-docx itself puts a table


def _fitted(table: OfficialTable) -> tuple[Column, ...]:
    """The columns, none narrower than its longest word: what one lacks the others give that have room.

    Where all words together are wider than the table, each column gets its part.
    """
    rows = [row.cells for row in table.rows if len(row.cells) == len(table.columns)]
    least = [
        max(_longest(words, table.size) for words in (column.title, *(cells[place] for cells in rows)))
        for place, column in enumerate(table.columns)
    ]
    whole, needed = sum(column.width for column in table.columns), sum(least)
    if needed >= whole:
        widths = [whole * need / needed for need in least]
    else:
        spare = [max(0.0, column.width - need) for column, need in zip(table.columns, least, strict=True)]
        share = (whole - needed) / sum(spare)
        widths = [need + room * share for need, room in zip(least, spare, strict=True)]
    return tuple(replace(column, width=width) for column, width in zip(table.columns, widths, strict=True))


def _longest(words: str, size: float) -> float:
    """Millimetres of the longest word of a cell, as wide as it may be, with the cell's edges."""
    letters = (
        sum(
            WIDE if letter.isupper() or letter in "%+−–m" else NARROW if letter in ".,;:|/" else EVEN for letter in word
        )
        for word in re.split("[ \n]", unbroken(words))
    )
    return max(letters, default=0.0) * size * MILLIMETRES + CELL_EDGES


NARROW, EVEN, WIDE = 0.3, 0.52, 0.8
"""Of a letter's size: how wide letters of Times are, bold ones too."""
MILLIMETRES = 25.4 / 72
"""Of a point."""
CELL_EDGES = 2.0


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
        return [_table_line(titles, is_head=True)]
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
    return [_table_line(above, is_head=True), _table_line(titles, is_head=True)]


def _row(row: Row, table: OfficialTable) -> str:
    if len(row.cells) == 1:
        whole = Column("", sum(column.width for column in table.columns), "left")
        return _table_line(
            [_cell(row.cells[0], table, whole, is_bold=True, is_head=True, across=len(table.columns), is_kept=True)]
        )
    cells = zip(row.cells, table.columns, strict=True)
    return _table_line([_cell(words, table, column, is_bold=row.is_total) for words, column in cells])


def _table_line(cells: list[str], *, is_head: bool = False) -> str:
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
    # The paragraph's own mark has a size too: an empty cell, and with Word any other, would be as high as the body.
    mark = f"<w:rPr>{_size(table.size)}</w:rPr>"
    runs += "".join(f"<w:r><w:br/></w:r>{_run(line, table.size - 2, is_italic=True)}" for line in more)
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(column.width)}" w:type="dxa"/>{span}{merge}{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{keep}<w:jc w:val="{column.align}"/>{mark}</w:pPr>'
        f"{runs}</w:p></w:tc>"
    )


def _run(words: str, size: float, *, is_bold: bool = False, is_italic: bool = False) -> str:
    look = f"{'<w:b/>' if is_bold else ''}{'<w:i/>' if is_italic else ''}{_size(size)}"
    written = escape(writable(words))
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{written}</w:t></w:r>'


def _size(points: float) -> str:
    half = round(points * 2)
    return f'<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>'


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)


FONT = "Times New Roman"
BODY, SMALL = 14, 12
"""Points: the body, and names of bodies, numbers and recipients."""
TOP, BOTTOM, LEFT, RIGHT = 20, 20, 30, 20
"""Margins in millimetres."""
ANNEX_EDGE = 25
HALVES = (66.0, 94.0)
"""The issuing body at left, the national motto at right; in millimetres of the 160 between the margins."""
HAIR = Pt(1)
"""Of a paragraph that only a program needs: one must follow a table at a document's end."""
SIGNATURE_LINES = 4
"""Room for the signature and the seal."""
KEPT_WITH_SIGNATURE = 2
"""Paragraphs of the body that go to a new page with the signature: it never stands there alone."""
CENTRE, JUSTIFIED, AT_LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT


@dataclass(frozen=True)
class Heading:
    """ "I. TÌNH HÌNH THỰC HIỆN": a part of the document; that of an annex stands in the middle."""

    words: str
    is_annex: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body; `is_item`: one point of a list, opened by a dash; `is_note`: small, below a table."""

    words: str
    is_item: bool = False
    is_note: bool = False


@dataclass(frozen=True)
class Picture:
    """A drawing as PNG across the page, with what it shows below it."""

    content: bytes
    caption: str


Block = Heading | Paragraph | OfficialTable | Picture


@dataclass(frozen=True)
class Official:
    """A document in the official form, in words of one language."""

    language: str
    issuer: str
    """The body that issues it, at the top left: "ỦY BAN NHÂN DÂN", and its place on a line of its own."""
    number: str
    """ "Số:       /BC-UBND": the number is given when it is signed."""
    place_and_date: str
    kind: str
    """ "BÁO CÁO"; empty for an official letter, which has no kind above its text."""
    title: str
    """What it is about: below the kind, or below the number of a letter."""
    period: str = ""
    """ "(Từ ngày … đến ngày …)"."""
    addressee: str = ""
    """ "Kính gửi: …" of a letter."""
    blocks: tuple[Block, ...] = ()
    recipients: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()
    """ "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH": in capitals above the room for the signature."""
    signer: str = ""
    mark: str = ""
    """What is said of the figures at the foot of every page; empty where they are real and fresh."""
    superior: str = ""
    """The body above the issuer; empty where there is none."""
    annex: tuple[Block, ...] = ()
    """What lies behind the signature, on pages on their side."""
    properties: dict[str, str] = field(default_factory=dict)


def as_docx(official: Official, *others: Official) -> bytes:
    """The document as a file; several one behind the other for the printer, each on pages of its own from 1 on."""
    document = new_document(official.mark)
    for name, value in official.properties.items():
        setattr(document.core_properties, name, value)
    _write_official(document, official)
    for each in others:
        _restart_pages(_new_section(document))
        _write_official(document, each)
    return saved(document)


def _write_official(document: Any, official: Official) -> None:
    _write_head(document, official)
    _write_title(document, official)
    for block in official.blocks:
        _write(document, block)
    _write_end(document, official)
    if official.annex:
        section = _new_section(document)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
        section.left_margin = section.right_margin = Mm(ANNEX_EDGE)
        section.different_first_page_header_footer = False
        for block in official.annex:
            _write(document, block)


def _new_section(document: Any) -> Any:
    """Pages of their own from here on; the paragraph that holds their beginning takes no room on the page before."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    document.paragraphs[-1].paragraph_format.line_spacing = HAIR
    return section


def _restart_pages(section: Any) -> None:
    """A section is a copy of the one before it, and would go on with its numbers."""
    kept = section._sectPr.find(qn("w:pgNumType"))  # noqa: SLF001 - python-docx has no words for it
    if kept is None:
        kept = OxmlElement("w:pgNumType")
        section._sectPr.find(qn("w:pgMar")).addnext(kept)  # noqa: SLF001
    kept.set(qn("w:start"), "1")


def saved(document: Any) -> bytes:
    """A document's bytes, in which no line ends within a number."""
    for words in list(document.element.body.iter(qn("w:t"))):
        _hold_together(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_HYPHENS = re.compile(r"(?<=\d)–(?=\d)|(?<=/)[A-ZĐ\d]+(?:-[A-ZĐ\d]+)+")
"""Where no line may end: in ranges of numbers, and in what follows a document's number: "629/KH-UBND"."""


def _hold_together(words: Any) -> None:
    """A text of the file with spaces and hyphens that end no line, where it has any that would part a number."""
    held = _HYPHENS.sub(lambda match: re.sub("[–-]", HELD_HYPHEN, match[0]), unbroken(words.text or ""))
    words.text, *more = held.split(HELD_HYPHEN)
    words.set(qn("xml:space"), "preserve")
    for part in more:
        hyphen, rest = OxmlElement("w:noBreakHyphen"), OxmlElement("w:t")
        rest.text = part
        rest.set(qn("xml:space"), "preserve")
        words.addnext(hyphen)
        hyphen.addnext(rest)
        words = rest


HELD_HYPHEN = "\u2011"


def new_document(mark: str, *, is_landscape: bool = False) -> Any:
    """An empty page in the decree's measures, numbered from the second page on, the mark at the foot of each."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = (Mm(297), Mm(210)) if is_landscape else (Mm(210), Mm(297))
    section.orientation = WD_ORIENT.LANDSCAPE if is_landscape else WD_ORIENT.PORTRAIT
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    _set_style(document.styles["Normal"])
    section.different_first_page_header_footer = True
    _write_page_number(section.header.paragraphs[0])
    for footer in (section.footer, section.first_page_footer):
        line = footer.paragraphs[0]
        line.alignment = CENTRE
        if mark:
            _say(line, mark, size=SMALL, bold=True)
    return document


def _set_style(style: Any) -> None:
    """Every script of the style in one font: Word keeps them apart, and Vietnamese letters fall under several."""
    style.font.name, style.font.size = FONT, Pt(BODY)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
    style.paragraph_format.line_spacing = 1.0


def _write_page_number(line: Any) -> None:
    """The page's number, filled in by the program that shows the page."""
    line.alignment = CENTRE
    for kind, code in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = line.add_run()
        run.font.size = Pt(BODY)
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.set(qn("xml:space"), "preserve")
            mark.text = code
        run._r.append(mark)  # noqa: SLF001 - python-docx has no words for a field


# --- the top --------------------------------------------------------------------------------------------------------


def _write_head(document: Any, official: Official) -> None:
    """Issuing body and number at left; motto, place and date at right."""
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    for cell, column, width in zip((left, right), table.columns, HALVES, strict=True):
        cell.width = column.width = Mm(width)
    at_left = [
        *([(official.superior, {})] if official.superior else []),
        *((words, {"bold": True}) for words in official.issuer.splitlines()),
    ]
    _centred(left, [(words, {"size": SMALL} | look) for words, look in at_left], is_first=True)
    _rule(left, width=HALVES[0], share=0.4)
    below = [(official.number, {"size": 13})]
    if not official.kind:
        below.append((official.title, {"size": SMALL}))
    _centred(left, below)
    language = official.language
    motto = [
        (text("official.republic", language), {"size": SMALL, "bold": True}),
        (text("official.motto", language), {"size": 13, "bold": True}),
    ]
    _centred(right, motto, is_first=True)
    _rule(right, width=HALVES[1], share=0.65)
    _centred(right, [(official.place_and_date, {"size": 13, "italic": True})])


def _centred(cell: Any, lines: list[tuple[str, dict[str, Any]]], *, is_first: bool = False) -> None:
    for place, (words, look) in enumerate(lines):
        line = cell.paragraphs[0] if is_first and place == 0 else cell.add_paragraph()
        line.alignment = CENTRE
        _say(line, words, **look)


def _rule(place: Any, *, width: float, share: float) -> None:
    """A line as long as a share of its column: the border of an otherwise empty paragraph, indented at both sides."""
    line = place.add_paragraph()
    side = Mm(width * (1 - share) / 2)
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = side
    line.paragraph_format.line_spacing = Pt(3)
    line.paragraph_format.space_after = Pt(4)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    line._p.get_or_add_pPr().append(borders)  # noqa: SLF001 - python-docx has no words for borders


def _write_title(document: Any, official: Official) -> None:
    if not official.kind:
        _line(document, official.addressee, alignment=CENTRE, before=12, after=8)
        return
    _line(document, official.kind, alignment=CENTRE, bold=True, before=18)
    _line(document, official.title, alignment=CENTRE, bold=True)
    if official.period:
        _line(document, official.period, alignment=CENTRE, italic=True)
    _rule(document, width=sum(HALVES), share=0.3)


# --- the body -------------------------------------------------------------------------------------------------------


def _write(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        alignment = CENTRE if block.is_annex else AT_LEFT
        line = _line(document, block.words, alignment=alignment, bold=True, before=10, after=4)
        line.paragraph_format.keep_with_next = True
    elif isinstance(block, Paragraph):
        words = f"- {block.words}" if block.is_item else block.words
        size = SMALL if block.is_note else BODY
        line = _line(document, words, alignment=JUSTIFIED, after=6, size=size, italic=block.is_note)
        line.paragraph_format.first_line_indent = Mm(0 if block.is_note else 10)
    elif isinstance(block, OfficialTable):
        add_table(document, block)
    else:
        line = document.add_paragraph()
        line.alignment = CENTRE
        line.paragraph_format.keep_with_next = True
        line.add_run().add_picture(io.BytesIO(block.content), width=Mm(160))
        _line(document, block.caption, alignment=CENTRE, italic=True, size=SMALL, after=8)


def _line(
    document: Any,
    words: str,
    *,
    alignment: Any,
    bold: bool = False,
    italic: bool = False,
    size: int = BODY,
    before: int = 0,
    after: int = 0,
) -> Any:
    line = document.add_paragraph()
    line.alignment = alignment
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(after)
    _say(line, words, size=size, bold=bold, italic=italic)
    return line


def _say(line: Any, words: str, *, size: int, bold: bool = False, italic: bool = False) -> None:
    run = line.add_run(writable(words))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic


# --- the end --------------------------------------------------------------------------------------------------------


def _write_end(document: Any, official: Official) -> None:
    """Recipients at left, the signature at right; neither is torn apart by a page's end, nor stands alone on one."""
    if not official.recipients and not official.signature:
        return
    _line(document, "", alignment=AT_LEFT, size=6)
    last = list(takewhile(lambda block: isinstance(block, Paragraph), reversed(official.blocks)))[:KEPT_WITH_SIGNATURE]
    for line in document.paragraphs[-len(last) - 1 :]:
        line.paragraph_format.keep_with_next = True
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    for cell, column in zip((left, right), table.columns, strict=True):
        cell.width = column.width = Mm(sum(HALVES) / 2)
    properties = table.rows[0]._tr.get_or_add_trPr()  # noqa: SLF001 - python-docx has no words for it
    properties.append(OxmlElement("w:cantSplit"))
    _say(left.paragraphs[0], text("official.recipients", official.language), size=SMALL, bold=True, italic=True)
    for words in official.recipients:
        _say(left.add_paragraph(), f"- {words}", size=11)
    loud = {"size": BODY, "bold": True}
    room = [("", loud)] * SIGNATURE_LINES
    _centred(right, [*((words, loud) for words in official.signature), *room, (official.signer, loud)], is_first=True)
    _line(document, "", alignment=AT_LEFT).paragraph_format.line_spacing = HAIR
