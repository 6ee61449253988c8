"""The annex of one document in the official form: what it issued, for the phases it sets, by groups of units. What is
proposed is a file of its own."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import Any, Literal

from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Pt

from jobs.documents.official import Column, OfficialTable, Row, Span, add_table, new_document, saved
from jobs.documents.writable import A4, LOCALE, PALE, Looks, merge, new_book, set_page, sheet_name, writable
from models.core import formats
from models.core.texts import text
from models.targets.assigning import Assigned, Given, IssueDocument
from targets.values import PERCENT, Campaign, Indicator, Measure

NUMBER_WIDTH, UNIT_WIDTH, TARGET_WIDTH = 6, 36, 12
LINE_HEIGHT, TITLE_LETTERS = 17, 85
"""Points of a line of a sheet, and the letters of a title in one."""
FIXED_COLUMNS = 2
"""Number and unit; then come the indicators."""
MOST_DECIMALS = 2
TENTH = Decimal("0.0")
"""Added to a number it gives it a decimal."""
PAPER_WIDTH, PAPER_NUMBER, PAPER_UNIT = 247.0, 12.0, 58.0
"""Millimetres of the text's page: all there are, and those of number and unit."""
PAPER_LETTERS = 12
PAPERS = {"QĐ": "decision", "KH": "plan", "CT": "directive", "NQ": "resolution"}
"""The letters of a number → the kind of paper; an annex names its own."""
MOST_COLUMNS = 10
"""More would be too narrow to read on A4: the indicators that are left go into a further table."""


@dataclass(frozen=True)
class AnnexCell:
    """A percent in points and the mark beside it; without a value only what is said."""

    value: Decimal | None
    note: str = ""
    measure: Measure = PERCENT
    is_result: bool = False
    """A rate that was reached, not decided: with one decimal at least, as those above and below it."""


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
    """The annex as a workbook, ready for paper: a sheet for each of its tables."""
    out, names = io.BytesIO(), set[str]()
    with new_book(out) as book:
        book.set_properties({"title": " ".join(annex.title), "comments": annex.mark})
        for part in _parts(annex):
            _Sheet(Looks(book), book.add_worksheet(sheet_name(annex.sheet, names)), part).write()
    return out.getvalue()


def as_docx(annex: Annex) -> bytes:
    """The annex as a text on A4, headings on every page."""
    document = new_document(annex.mark, is_landscape=True)
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
    for place, part in enumerate(_parts(annex)):
        if place:
            document.add_page_break()
        add_table(document, _paper_table(part))
    for words in annex.notes:
        document.add_paragraph().add_run(writable(words)).italic = True
    return saved(document)


def _parts(annex: Annex) -> list[Annex]:
    """The annex as tables of as many indicators as stand legibly side by side, each with every unit."""
    parts: list[Annex] = []
    first = 0
    for head in annex.heads:
        after = first + len(head.columns)
        cells = [line.cells[first:after] for line in annex.lines]
        first = after
        last = parts[-1] if parts else None
        if last is None or sum(len(one.columns) for one in (*last.heads, head)) > MOST_COLUMNS:
            parts.append(replace(annex, heads=(), lines=tuple(replace(line, cells=()) for line in annex.lines)))
            last = parts[-1]
        lines = tuple(replace(line, cells=(*line.cells, *more)) for line, more in zip(last.lines, cells, strict=True))
        parts[-1] = replace(last, heads=(*last.heads, head), lines=lines)
    return parts


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
    """60% · 77,37%*."""
    if cell.value is None:
        return cell.note
    if cell.is_result:
        return formats.published(cell.value + TENTH, cell.measure, language) + cell.note
    return formats.decided(cell.value, cell.measure, language) + cell.note


class _Sheet:
    """Writes an annex from top to bottom."""

    def __init__(self, looks: Looks, sheet: Any, annex: Annex) -> None:
        self._look, self._sheet, self._annex = looks.of, sheet, annex
        self._last = FIXED_COLUMNS + sum(len(head.columns) for head in annex.heads) - 1

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
        set_page(self._sheet, paper=A4, mark=self._annex.mark)

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
            shown = self._look(align="center", text_wrap=True, **look)
            merge(self._sheet, row, 0, row, self._last, words, shown)
            self._sheet.set_row(row, LINE_HEIGHT * ceil(len(words) / TITLE_LETTERS))
            row += 1
        return row + 1

    def _write_heads(self, row: int) -> int:
        annex, look = self._annex, self._look(border=1, bold=True, align="center", text_wrap=True, bg_color=PALE)
        for place, words in enumerate((annex.number_title, annex.unit_title)):
            merge(self._sheet, row, place, row + 1, place, words, look)
        self._sheet.set_column(0, 0, NUMBER_WIDTH)
        self._sheet.set_column(1, 1, UNIT_WIDTH)
        self._sheet.set_column(FIXED_COLUMNS, self._last, TARGET_WIDTH)
        self._sheet.set_row(row, 34)
        self._sheet.set_row(row + 1, 34)
        place = FIXED_COLUMNS
        for head in annex.heads:
            merge(self._sheet, row, place, row, place + len(head.columns) - 1, head.title, look)
            for column in head.columns:
                self._sheet.write_string(row + 1, place, column, look)
                place += 1
        return row + 2

    def _write_lines(self, row: int) -> int:
        group_look = self._look(border=1, bold=True, bg_color=PALE)
        unit_look = self._look(border=1, text_wrap=True)
        number_look = self._look(border=1, align="center")
        for group, lines in groupby(self._annex.lines, key=lambda line: line.group):
            merge(self._sheet, row, 0, row, self._last, group, group_look)
            row += 1
            for number, line in enumerate(lines, start=1):
                self._sheet.write_number(row, 0, number, number_look)
                self._sheet.write_string(row, 1, line.unit, unit_look)
                if len(line.unit) >= UNIT_WIDTH:
                    self._sheet.set_row(row, 2 * LINE_HEIGHT)
                for place, cell in enumerate(line.cells, start=FIXED_COLUMNS):
                    self._put(row, place, cell)
                row += 1
        return row

    def _put(self, row: int, place: int, cell: AnnexCell) -> None:
        if cell.value is None:
            self._sheet.write_string(row, place, cell.note, self._figure_look(0, "%", ""))
            return
        exponent = round(cell.value, MOST_DECIMALS).normalize().as_tuple().exponent
        least = max(int(cell.is_result), -exponent) if isinstance(exponent, int) else 0
        decimals = formats.places(cell.value, cell.measure, least=least)
        look = self._figure_look(decimals, formats.suffix(cell.measure, self._annex.language), cell.note)
        self._sheet.write_number(row, place, float(cell.value), look)

    def _figure_look(self, decimals: int, suffix: str, note: str) -> Any:
        """60% · 77,37%*: what is said beside a number is part of its format, so the number stays one."""
        digits = f"0.{'0' * decimals}" if decimals else "0"
        number = f'{LOCALE[self._annex.language]}{digits}"{suffix}{note}"'
        return self._look(border=1, align="center", text_wrap=True, num_format=number)


AnnexFile = Literal["xlsx", "docx"]
SIMULATED = "*"
"""Beside a simulated baseline; the note below says so."""


def annex_file(
    rows: Sequence[Assigned],
    campaign: Campaign,
    *,
    document: IssueDocument | None,
    kind: AnnexFile,
    is_simulated: bool,
    language: str,
) -> bytes:
    """The file itself."""
    contents = annex(rows, campaign, document=document, is_simulated=is_simulated, language=language)
    return as_workbook(contents) if kind == "xlsx" else as_docx(contents)


def file_name(
    document: IssueDocument | None, today: date, *, kind: AnnexFile, is_simulated: bool, language: str
) -> str:
    """phu-luc-chi-tieu_629-KH-UBND_2024-03-19.xlsx; what is proposed and simulated figures say so in the name, too."""
    issued = document is not None
    parts = [text("office.annex.file" if issued else "office.annex.file_proposed", language)]
    if document is not None:
        parts.append("-".join(re.findall(r"\w+", document.number)))
        today = document.day or today
    parts.append(today.isoformat())
    if is_simulated:
        parts.append(text("gaps.download.file_simulated", language))
    return f"{'_'.join(parts)}.{kind}"


def annex(
    rows: Sequence[Assigned],
    campaign: Campaign,
    *,
    document: IssueDocument | None,
    is_simulated: bool,
    language: str,
) -> Annex:
    """What a document issued to every unit, by group; None: what is proposed, in the phases of the rows.

    An indicator of which it says nothing is left out; the baseline stands where the target was made from it.
    """
    named = {row.phase for row in rows} if document is None else set(document.phases)
    phases = [phase for phase in campaign.phases if phase.key in named]
    by_unit: dict[str, dict[tuple[str, str], Assigned]] = {}
    for row in rows:
        by_unit.setdefault(row.unit, {})[row.indicator, row.phase] = row

    def given(row: Assigned) -> Given | None:
        return row.proposed if document is None else row.issued

    told = {row.indicator for row in rows if row.phase in named and given(row) is not None}
    indicators = [indicator for indicator in campaign.indicators if indicator.key in told]
    if document is not None:
        by_unit = {
            unit: of for unit, of in by_unit.items() if any(row.phase in named and row.issued for row in of.values())
        }
    order = {level.key: place for place, level in enumerate(campaign.levels)}
    has_any = (unit for unit in by_unit.values() if document is None or any(given(row) for row in unit.values()))
    units = sorted(has_any, key=lambda unit: order[next(iter(unit.values())).level])
    lines = []
    for unit in units:
        first, cells = next(iter(unit.values())), list[AnnexCell]()
        for indicator in indicators:
            if indicator.rule.needs_baseline:
                cells.append(_baseline(unit[indicator.key, phases[0].key], indicator))
            cells += [_target(given(unit[indicator.key, phase.key]), indicator, document, language) for phase in phases]
        level = campaign.level(first.level)
        lines.append(AnnexLine((level.group or level.name).of(language), first.name, tuple(cells)))
    is_marked = any(cell.note == SIMULATED for line in lines for cell in line.cells)
    names = ", ".join(phase.name.of(language) for phase in phases)
    issued = "issued" if document is not None else "proposed"
    notes = [text(f"office.annex.{issued}_note", language)]
    if is_marked:
        notes.append(text("office.annex.simulated_note", language))
    return Annex(
        language=language,
        authority=next((row.name for row in rows if row.unit == campaign.province), "").upper(),
        title=(
            text(f"office.annex.title_{issued}", language),
            text("office.annex.subtitle", language, campaign=campaign.title.of(language)).upper(),
            text("office.annex.phases", language, phases=names),
        ),
        document=(
            text("office.annex.not_issued", language)
            if document is None
            else text(f"office.annex.under_{_paper(document)}", language, document=dated(document, language))
        ),
        mark=text("gaps.download.simulated", language) if is_simulated else "",
        number_title=text("office.column.number", language),
        unit_title=text("office.column.unit", language),
        heads=tuple(
            AnnexHead(
                indicator.name.of(language),
                (
                    *(
                        [text("office.column.baseline", language, year=str(campaign.baseline_year))]
                        if indicator.rule.needs_baseline
                        else []
                    ),
                    *(
                        [phase.name.of(language) for phase in phases]
                        if len(phases) > 1
                        else [text("column.target", language)]
                    ),
                ),
            )
            for indicator in indicators
        ),
        lines=tuple(lines),
        notes=(*notes, text("office.annex.source", language, product=text("product", language))),
        sheet=text("office.annex.sheet", language),
    )


def dated(document: IssueDocument, language: str) -> str:
    """ "629/KH-UBND ngày 19/03/2024"; the number alone where its day is not known."""
    if document.day is None:
        return document.number
    day = formats.day(document.day, language)
    return text("unit.targets.document_dated", language, document=document.number, date=day)


def _paper(document: IssueDocument) -> str:
    """What kind of paper it is, by the letters of its number: 102/QĐ-UBND is a decision."""
    letters = document.number.partition("/")[2].partition("-")[0].strip().upper()
    return PAPERS.get(letters, "other")


def _baseline(row: Assigned, indicator: Indicator) -> AnnexCell:
    if row.baseline is None:
        return AnnexCell(None, "–")
    note = SIMULATED if row.is_baseline_simulated else ""
    return AnnexCell(row.baseline, note, indicator.measure, is_result=indicator.measure.is_rate)


def _target(given: Given | None, indicator: Indicator, document: IssueDocument | None, language: str) -> AnnexCell:
    if given is not None and given.value is not None:
        return AnnexCell(given.value, measure=indicator.measure)
    return AnnexCell(None, "–" if document is not None else text("office.annex.missing", language))
