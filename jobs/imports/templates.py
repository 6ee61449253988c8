"""Empty tables to fill in, one for each kind: the campaign's units and indicators stand in them already.

What is written here is what `read_file` reads: a filled-in template comes in without a question.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import xlsxwriter

from jobs.documents.writable import AS_WRITTEN, harmless
from jobs.imports.guide import NAME, explanations
from jobs.imports.problems import FileRefused
from jobs.imports.records.parsed_rows import SCOPE_NAMES
from jobs.imports.values import Kind
from targets.values import Campaign, Unit

Sort = Literal["text", "count", "percent", "points", "day", "year", "indicator", "phase", "level", "scope"]
Value = str | int | date | None
SCOPE_WORDS = dict(zip(SCOPE_NAMES, ("riêng đơn vị", "gồm cả đơn vị trực thuộc"), strict=True))
FORMATS: dict[Sort, str] = {
    "text": "@",
    "count": "#,##0",
    # Excel and LibreOffice take 41,6 typed into a percent cell for 41,6 %.
    "percent": "0.00%",
    "points": "0.00",
    "day": "dd/mm/yyyy",
    "year": "0",
    "indicator": "@",
    "phase": "@",
    "level": "@",
    "scope": "@",
}
WIDTHS: dict[Sort, int] = {"text": 24, "indicator": 28, "phase": 14, "level": 18, "scope": 26}
LISTS: tuple[Sort, ...] = ("indicator", "phase", "level", "scope")


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template: its heading and what it holds."""

    heading: str
    sort: Sort = "text"


UNIT_COLUMNS = (TemplateColumn("Mã đơn vị"), TemplateColumn("Đơn vị"), TemplateColumn("Trực thuộc"))
INDICATOR = TemplateColumn("Chỉ số", "indicator")
RATE = TemplateColumn("Tỷ lệ (%)", "percent")
COUNTS = (TemplateColumn("Tử số", "count"), TemplateColumn("Mẫu số", "count"))
DAY = TemplateColumn("Tính đến ngày", "day")
NOTE = TemplateColumn("Ghi chú")
YEAR = TemplateColumn("Năm", "year")
DOCUMENT = TemplateColumn("Văn bản")


def write_template(kind: Kind, out: Path, campaign: Campaign, units: Sequence[Unit]) -> None:
    """Writes the template of a kind as .xlsx (with an explaining sheet and lists to choose from) or .csv.

    The .csv is UTF-8 with its mark and commas, which spreadsheets open as a table and every reader understands.
    """
    suffix = out.suffix.lower()
    columns, rows = template_columns(kind, campaign), _rows(kind, campaign, units)
    if suffix == ".xlsx":
        _write_workbook(kind, out, columns, rows, campaign)
    elif suffix == ".csv":
        _write_text(out, columns, rows)
    else:
        raise FileRefused("template_format", name=out.name)


def template_columns(kind: Kind, campaign: Campaign) -> tuple[TemplateColumn, ...]:
    """The columns of a kind's template, in order."""
    if kind == "readings":
        return (*UNIT_COLUMNS, INDICATOR, DAY, *COUNTS, RATE, TemplateColumn("Phạm vi", "scope"), NOTE)
    if kind == "baselines":
        return (*UNIT_COLUMNS, INDICATOR, YEAR, RATE, *COUNTS, NOTE)
    if kind == "central":
        return INDICATOR, YEAR, TemplateColumn("Cấp", "level"), RATE, DOCUMENT, NOTE
    if kind == "targets":
        phase, value = TemplateColumn("Giai đoạn", "phase"), TemplateColumn("Chỉ tiêu được giao (%)", "percent")
        return *UNIT_COLUMNS, INDICATOR, phase, value, DOCUMENT, TemplateColumn("Ngày văn bản", "day")
    if kind == "scores":
        points = (TemplateColumn(f"Điểm {indicator.name.vi}", "points") for indicator in campaign.indicators)
        rank = (TemplateColumn("Xếp hạng", "count"), TemplateColumn("Tổng số đơn vị", "count"))
        return *UNIT_COLUMNS, TemplateColumn("Kỳ"), DAY, *points, TemplateColumn("Tổng điểm", "points"), *rank
    if kind == "tasks":
        words = (TemplateColumn("Số nhiệm vụ"), TemplateColumn("Nhiệm vụ"), TemplateColumn("Người thực hiện"))
        return *UNIT_COLUMNS, *words, TemplateColumn("Thời hạn", "day"), TemplateColumn("Kết quả kiểm tra"), DOCUMENT
    return (
        TemplateColumn("Mã đơn vị"),
        TemplateColumn("Cấp", "level"),
        TemplateColumn("Tên đơn vị"),
        TemplateColumn("Mã đơn vị cấp trên"),
        TemplateColumn("Tên khác"),
        TemplateColumn("Mã GSO"),
        TemplateColumn("Mã định danh"),
        TemplateColumn("Chức vụ"),
        TemplateColumn("Người đứng đầu"),
        TemplateColumn("Điện thoại"),
        TemplateColumn("Hiệu lực từ", "day"),
        TemplateColumn("Hiệu lực đến", "day"),
        TemplateColumn("Đơn vị kế thừa"),
    )


# --- what stands in the rows ----------------------------------------------------------------------------------------


def _rows(kind: Kind, campaign: Campaign, units: Sequence[Unit]) -> Iterator[tuple[Value, ...]]:
    """Rows already filled as far as the campaign knows; the cells after a row's end are for people."""
    by_code = {unit.code: unit for unit in units}
    names = [indicator.name.vi for indicator in campaign.indicators]
    if kind == "central":
        yield from ((name, campaign.target_year) for name in names)
        return
    for unit in units:
        if kind == "units":
            yield _unit_row(unit, campaign)
            continue
        named = (unit.code, unit.name, _district(unit, by_code))
        if kind in ("scores", "tasks"):
            yield named
        elif kind == "readings":
            yield from ((*named, name) for name in names)
        elif kind == "baselines":
            yield from ((*named, name, campaign.baseline_year) for name in names)
        else:
            yield from ((*named, name, phase.name.vi) for name in names for phase in campaign.phases)


def _district(unit: Unit, by_code: dict[str, Unit]) -> str:
    """What a unit lies in, where that is not the province itself."""
    parent = None if unit.parent is None else by_code[unit.parent]
    return "" if parent is None or parent.parent is None else parent.name


def _unit_row(unit: Unit, campaign: Campaign) -> tuple[Value, ...]:
    return (
        unit.code,
        campaign.level(unit.level).name.vi,
        unit.name,
        unit.parent,
        "; ".join(unit.aliases),
        unit.gso_code,
        unit.identity_code,
        unit.head_title,
        unit.head_name,
        unit.head_phone,
        unit.valid_from,
        unit.valid_to,
        unit.successor,
    )


# --- writing --------------------------------------------------------------------------------------------------------


def _write_text(out: Path, columns: Sequence[TemplateColumn], rows: Iterator[tuple[Value, ...]]) -> None:
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([column.heading for column in columns])
        for row in rows:
            padded = [*row, *[None] * (len(columns) - len(row))]
            writer.writerow([_text(value) for value in padded])


def _text(value: Value) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return "" if value is None else harmless(str(value))


def _write_workbook(
    kind: Kind, out: Path, columns: Sequence[TemplateColumn], rows: Iterator[tuple[Value, ...]], campaign: Campaign
) -> None:
    with xlsxwriter.Workbook(str(out), AS_WRITTEN | {"in_memory": False}) as workbook:
        sheet = workbook.add_worksheet("Số liệu")
        heading = workbook.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1})
        formats = {sort: workbook.add_format({"num_format": code}) for sort, code in FORMATS.items()}
        for index, column in enumerate(columns):
            sheet.set_column(index, index, WIDTHS.get(column.sort, 14), formats[column.sort])
            sheet.write_string(0, index, column.heading, heading)
        last = 0
        for number, row in enumerate(rows, start=1):
            last = number
            for index, value in enumerate(row):
                _write_cell(sheet, number, index, value, formats[columns[index].sort])
        sheet.freeze_panes(1, sum(column in UNIT_COLUMNS for column in columns[: len(UNIT_COLUMNS)]))
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        lists = _write_guide(workbook, kind, columns, campaign)
        for index, column in enumerate(columns):
            if column.sort in LISTS:
                choice = {"validate": "list", "source": lists[column.sort], "error_type": "warning"}
                sheet.data_validation(1, index, max(last, 1) + 1000, index, choice)


def _write_cell(sheet: Any, number: int, index: int, value: Value, cell_format: Any) -> None:
    if isinstance(value, date):
        sheet.write_datetime(number, index, value, cell_format)
    elif isinstance(value, int):
        sheet.write_number(number, index, value, cell_format)
    elif value:
        sheet.write_string(number, index, value, cell_format)


def _write_guide(workbook: Any, kind: Kind, columns: Sequence[TemplateColumn], campaign: Campaign) -> dict[Sort, str]:
    """The explaining sheet, with the lists to choose from at its right; returns where each list stands."""
    sheet = workbook.add_worksheet(NAME)
    bold, wrapped = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90, wrapped)
    for number, (name, meaning) in enumerate(explanations(kind, [column.heading for column in columns])):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, meaning, wrapped)
    choices: dict[Sort, list[str]] = {
        "indicator": [indicator.name.vi for indicator in campaign.indicators],
        "phase": [phase.name.vi for phase in campaign.phases],
        "level": [level.name.vi for level in campaign.levels],
        "scope": list(SCOPE_WORDS.values()),
    }
    places: dict[Sort, str] = {}
    for offset, (sort, words) in enumerate(choices.items()):
        index = 3 + offset
        sheet.set_column(index, index, 28)
        for number, word in enumerate(words):
            sheet.write_string(number, index, word)
        letter = "DEFG"[offset]
        places[sort] = f"='{NAME}'!${letter}$1:${letter}${len(words)}"
    return places
