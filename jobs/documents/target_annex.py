"""The annex of targets in the official form: what is issued, and where nothing is yet, what is proposed, marked as
such; groups of units, baseline and phases of each indicator."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

import xlsxwriter
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from jobs.documents.gap_table import INK, LOCALE, PALE
from jobs.documents.official import Column, OfficialTable, Row, Span, add_table, new_document, saved
from jobs.documents.writable import sheet_name, writable
from models.core import formats
from models.core.formats import target_percent
from models.core.texts import text
from models.targets.assigning import Assigned, Given
from targets.values import PERCENT, Campaign, Measure

NUMBER_WIDTH, UNIT_WIDTH, TARGET_WIDTH = 6, 34, 13
FIXED_COLUMNS = 2
"""Number and unit; then come the indicators."""
MOST_DECIMALS = 2
A3 = 8
PAPER_WIDTH, PAPER_NUMBER, PAPER_UNIT = 370.0, 9.0, 55.0
"""Millimetres of the text's page: all there are, and those of number and unit."""
PAPER_LETTERS = 10


@dataclass(frozen=True)
class AnnexCell:
    """A percent in points and what is said beside it (`dự kiến`); without a value only what is said."""

    value: Decimal | None
    note: str = ""
    measure: Measure = PERCENT


@dataclass(frozen=True)
class AnnexHead:
    """An indicator above its columns: the baseline, then each phase."""

    title: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class AnnexLine:
    """A unit with a cell for each column; lines of one group stand together and are numbered anew."""

    group: str
    unit: str
    cells: tuple[AnnexCell, ...]


@dataclass(frozen=True)
class Annex:
    """The annex with everything that must be said about it, in words of one language."""

    language: str
    authority: str
    """Who issues it, at the top left."""
    title: tuple[str, ...]
    document: str
    """ "(Kèm theo văn bản số 629/KH-UBND ngày 19/03/2024)", or that nothing is issued yet."""
    mark: str
    """ "SỐ LIỆU MÔ PHỎNG – MINH HỌA"; empty where figures are real."""
    number_title: str
    unit_title: str
    heads: tuple[AnnexHead, ...]
    lines: tuple[AnnexLine, ...]
    notes: tuple[str, ...]
    sheet: str


def as_workbook(annex: Annex) -> bytes:
    """The annex as a workbook of one sheet, ready for paper."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": " ".join(annex.title), "comments": annex.mark})
        _Sheet(book, book.add_worksheet(sheet_name(annex.sheet, set())), annex).write()
    return out.getvalue()


def as_docx(annex: Annex) -> bytes:
    """The annex as a text on A3, all indicators side by side, headings on every page."""
    document = new_document(annex.mark, landscape_a3=True)
    document.core_properties.title = " ".join(annex.title)
    document.core_properties.comments = annex.mark
    document.add_paragraph().add_run(writable(annex.authority)).bold = True
    lines = [*((words, {"bold": True}) for words in annex.title), (annex.document, {"italic": True})]
    for words, look in lines:
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(writable(words))
        run.bold, run.italic = look.get("bold"), look.get("italic")
    line.paragraph_format.space_after = Pt(8)
    add_table(document, _paper_table(annex))
    for words in annex.notes:
        document.add_paragraph().add_run(writable(words)).italic = True
    return saved(document)


def _paper_table(annex: Annex) -> OfficialTable:
    titles = [column for head in annex.heads for column in head.columns]
    width = (PAPER_WIDTH - PAPER_NUMBER - PAPER_UNIT) / len(titles)
    rows: list[Row] = []
    for group, lines in groupby(annex.lines, key=lambda line: line.group):
        rows.append(Row((group,)))
        for number, line in enumerate(lines, start=1):
            cells = (_on_paper(cell, annex.language) for cell in line.cells)
            rows.append(Row((str(number), line.unit, *cells)))
    return OfficialTable(
        columns=(
            Column(annex.number_title, PAPER_NUMBER),
            Column(annex.unit_title, PAPER_UNIT, "left"),
            *(Column(title, width) for title in titles),
        ),
        spans=(Span("", FIXED_COLUMNS), *(Span(head.title, len(head.columns)) for head in annex.heads)),
        rows=tuple(rows),
        size=PAPER_LETTERS,
    )


def _on_paper(cell: AnnexCell, language: str) -> str:
    """60% · 77,37% with what is said of it below."""
    if cell.value is None:
        return cell.note
    value = target_percent(cell.value, language)
    return f"{value}\n{cell.note}" if cell.note else value


class _Sheet:
    """Writes an annex from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet, annex: Annex) -> None:
        self._book, self._sheet, self._annex = book, sheet, annex
        self._last = FIXED_COLUMNS + sum(len(head.columns) for head in annex.heads) - 1
        self._looks: dict[tuple[int, str, str], Any] = {}

    def write(self) -> None:
        row = self._write_top()
        head = row
        row = self._write_heads(row)
        self._sheet.freeze_panes(row, FIXED_COLUMNS)
        self._sheet.repeat_rows(head, row - 1)
        row = self._write_lines(row)
        foot = self._look(italic=True, font_size=11)
        for words in self._annex.notes:
            row += 1
            self._sheet.write_string(row, 0, words, foot)
        self._set_page()

    def _look(self, **more: Any) -> Any:
        plain = {"font_name": "Times New Roman", "font_size": 12, "font_color": INK, "valign": "vcenter"}
        return self._book.add_format(plain | more)

    def _write_top(self) -> int:
        annex, row = self._annex, 0
        self._sheet.write_string(row, 0, annex.authority, self._look(bold=True))
        row += 1
        lines: list[tuple[str, dict[str, Any]]] = [
            *((words, {"bold": True, "font_size": 14}) for words in annex.title),
            (annex.document, {"italic": True}),
            *([(annex.mark, {"bold": True})] if annex.mark else []),
        ]
        for words, look in lines:
            self._sheet.merge_range(row, 0, row, self._last, "", self._look(align="center", **look))
            self._sheet.write_string(row, 0, words, self._look(align="center", **look))
            row += 1
        return row + 1

    def _write_heads(self, row: int) -> int:
        annex, look = self._annex, self._look(border=1, bold=True, align="center", text_wrap=True, bg_color=PALE)
        for place, words in enumerate((annex.number_title, annex.unit_title)):
            self._merge(row, place, row + 1, place, words, look)
        self._sheet.set_column(0, 0, NUMBER_WIDTH)
        self._sheet.set_column(1, 1, UNIT_WIDTH)
        self._sheet.set_column(FIXED_COLUMNS, self._last, TARGET_WIDTH)
        self._sheet.set_row(row, 34)
        self._sheet.set_row(row + 1, 34)
        place = FIXED_COLUMNS
        for head in annex.heads:
            self._merge(row, place, row, place + len(head.columns) - 1, head.title, look)
            for column in head.columns:
                self._sheet.write_string(row + 1, place, column, look)
                place += 1
        return row + 2

    def _merge(self, top: int, left: int, bottom: int, right: int, words: str, look: Any) -> None:
        """Merged without a text first: what is written into it is a text, whatever it begins with."""
        if (top, left) != (bottom, right):
            self._sheet.merge_range(top, left, bottom, right, "", look)
        self._sheet.write_string(top, left, words, look)

    def _write_lines(self, row: int) -> int:
        group_look = self._look(border=1, bold=True, bg_color=PALE)
        unit_look = self._look(border=1, text_wrap=True)
        number_look = self._look(border=1, align="center")
        for group, lines in groupby(self._annex.lines, key=lambda line: line.group):
            self._merge(row, 0, row, self._last, group, group_look)
            row += 1
            for number, line in enumerate(lines, start=1):
                self._sheet.write_number(row, 0, number, number_look)
                self._sheet.write_string(row, 1, line.unit, unit_look)
                for place, cell in enumerate(line.cells, start=FIXED_COLUMNS):
                    self._put(row, place, cell)
                row += 1
        return row

    def _put(self, row: int, place: int, cell: AnnexCell) -> None:
        if cell.value is None:
            self._sheet.write_string(row, place, cell.note, self._figure_look(0, "%", ""))
            return
        exponent = round(cell.value, MOST_DECIMALS).normalize().as_tuple().exponent
        least = max(0, -exponent) if isinstance(exponent, int) else 0
        decimals = formats.places(cell.value, cell.measure, least=least)
        look = self._figure_look(decimals, formats.suffix(cell.measure, self._annex.language), cell.note)
        self._sheet.write_number(row, place, float(cell.value), look)

    def _figure_look(self, decimals: int, suffix: str, note: str) -> Any:
        """60% · 77,37% (dự kiến): what is said beside a number is part of its format, so the number stays one."""
        key = (decimals, suffix, note)
        if key not in self._looks:
            digits = f"0.{'0' * decimals}" if decimals else "0"
            beside = f" ({note})" if note else ""
            number = f'{LOCALE[self._annex.language]}{digits}"{suffix}{beside}"'
            self._looks[key] = self._look(border=1, align="center", text_wrap=True, num_format=number)
        return self._looks[key]

    def _set_page(self) -> None:
        """All indicators side by side on one sheet of A3, headings on each."""
        self._sheet.set_landscape()
        self._sheet.set_paper(A3)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_margins(left=0.5, right=0.5)
        self._sheet.set_footer(f"&L{self._annex.mark.replace('&', '&&')}&R&P/&N")


AnnexFile = Literal["xlsx", "docx"]


def annex_file(
    rows: Sequence[Assigned], campaign: Campaign, *, kind: AnnexFile, is_simulated: bool, language: str
) -> bytes:
    """The file itself."""
    contents = annex(rows, campaign, is_simulated=is_simulated, language=language)
    return as_workbook(contents) if kind == "xlsx" else as_docx(contents)


def file_name(today: date, *, kind: AnnexFile, is_simulated: bool, language: str) -> str:
    """phu-luc-chi-tieu_2024-05-07.xlsx; simulated figures say so in the name, too."""
    parts = [text("office.annex.file", language), today.isoformat()]
    if is_simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def annex(rows: Sequence[Assigned], campaign: Campaign, *, is_simulated: bool, language: str) -> Annex:
    """Every unit by group, with baseline and phases of each indicator."""
    by_unit: dict[str, dict[tuple[str, str], Assigned]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, {})[row.indicator, row.phase] = row
    order = {level.key: place for place, level in enumerate(campaign.levels)}
    units = sorted(by_unit.values(), key=lambda unit: order[next(iter(unit.values())).level])
    province = next((row.name for row in rows if row.unit == campaign.province), "")
    return Annex(
        language=language,
        authority=province.upper(),
        title=(
            text("office.annex.title", language),
            text("office.annex.subtitle", language, campaign=campaign.title.of(language)).upper(),
        ),
        document=_documents(rows, language),
        mark=text("gaps.download.simulated", language) if is_simulated else "",
        number_title=text("office.column.number", language),
        unit_title=text("office.column.unit", language),
        heads=tuple(
            AnnexHead(
                indicator.name.of(language),
                (
                    text("office.column.baseline", language, year=str(campaign.baseline_year)),
                    *(phase.name.of(language) for phase in campaign.phases),
                ),
            )
            for indicator in campaign.indicators
        ),
        lines=tuple(_line(unit, campaign, language) for unit in units),
        notes=(
            text("office.annex.proposed_note", language),
            text("office.annex.missing_note", language),
            text("office.annex.source", language, product=text("product", language)),
        ),
        sheet=text("office.annex.sheet", language),
    )


def _documents(rows: Sequence[Assigned], language: str) -> str:
    """The documents under which the targets are issued, oldest first; that there is none where nothing is."""
    issued = {(row.issued.document_date or date.min, row.issued.document) for row in rows if row.issued is not None}
    if not issued:
        return text("office.annex.not_issued", language)
    named = [
        document
        if day == date.min
        else text("unit.targets.document_dated", language, document=document, date=formats.day(day, language))
        for day, document in sorted(issued)
    ]
    return text("office.annex.under", language, documents="; ".join(named))


def _line(unit: dict[tuple[str, str], Assigned], campaign: Campaign, language: str) -> AnnexLine:
    first = next(iter(unit.values()))
    level = campaign.level(first.level)
    cells: list[AnnexCell] = []
    for indicator in campaign.indicators:
        of_indicator = [_baseline(unit[indicator.key, campaign.phases[0].key], language)]
        of_indicator += [_target(unit[indicator.key, phase.key], language) for phase in campaign.phases]
        cells += [replace(cell, measure=indicator.measure) for cell in of_indicator]
    return AnnexLine(group=(level.group or level.name).of(language), unit=first.name, cells=tuple(cells))


def _baseline(row: Assigned, language: str) -> AnnexCell:
    if row.baseline is None:
        return AnnexCell(None, "–")
    return AnnexCell(row.baseline, text("office.annex.simulated", language) if row.is_baseline_simulated else "")


def _target(row: Assigned, language: str) -> AnnexCell:
    """What is issued; else what is proposed."""
    given: Given | None = row.issued or row.proposed
    if given is None or given.value is None:
        return AnnexCell(None, text("office.annex.missing", language))
    notes = [
        *([] if row.issued is not None else [text("office.annex.proposed", language)]),
        *([text("office.annex.simulated", language)] if given.is_simulated else []),
    ]
    return AnnexCell(given.value, ", ".join(notes))
