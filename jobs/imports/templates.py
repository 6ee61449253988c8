"""Empty tables to fill in, one for each kind, with the campaign's units and indicators; and their explaining sheet.

What is written here is what `read_file` reads: a filled-in template comes in without a question.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

from jobs.documents.writable import harmless, new_book
from jobs.imports.problems import FileRefused
from jobs.imports.records.parsed_rows import SCOPE_NAMES
from jobs.imports.values import Kind
from targets.values import Campaign, Unit

NAME = "Hướng dẫn"
FOLDED_NAME = "huong dan"
"""The sheet's name without marks: it is known to hold no figures."""
PURPOSES: dict[Kind, str] = {
    "readings": "Số liệu thực hiện các chỉ số, mỗi dòng một đơn vị và một chỉ số. Dòng để trống không được ghi nhận.",
    "baselines": "Kết quả năm trước chiến dịch, mỗi dòng một đơn vị và một chỉ số.",
    "central": "Chỉ tiêu Trung ương, mỗi dòng một chỉ số và một năm.",
    "targets": "Chỉ tiêu giao theo văn bản, mỗi dòng một đơn vị, một chỉ số và một giai đoạn.",
    "scores": "Điểm và thứ hạng chính thức (Cổng Dịch vụ công quốc gia), mỗi dòng một đơn vị. Điểm không phải tỷ lệ.",
    "units": "Danh mục đơn vị, mỗi dòng một đơn vị. Mã đơn vị không thay đổi.",
    "tasks": "Nhiệm vụ theo kế hoạch hoặc kết quả kiểm tra, mỗi dòng một đơn vị và một việc. Dòng để trống không ghi.",
}
MEANINGS: dict[str, str] = {
    "Mã đơn vị": "Mã của đơn vị trong chiến dịch, mã định danh (H01.23) hoặc mã GSO. Có mã thì không cần tên.",
    "Đơn vị": "Tên đơn vị như trong danh mục. Có thể bỏ trống nếu đã có mã.",
    "Trực thuộc": "Đơn vị cấp trên, cần khi có hai đơn vị trùng tên.",
    "Chỉ số": "Chọn một chỉ số trong danh sách.",
    "Tính đến ngày": "Ngày mà số liệu phản ánh, ghi ngày/tháng/năm. Bỏ trống nếu chọn ngày chung cho cả tệp khi nhập.",
    "Tử số": "Số nguyên, ví dụ 27503. Không có thì ghi 0; chưa có số liệu thì để trống; hoặc ghi “không phát sinh”.",
    "Mẫu số": "Số nguyên, không nhỏ hơn tử số. Ghi 0 khi không phát sinh.",
    "Tỷ lệ (%)": "Ví dụ 41,6%. Có thể bỏ trống nếu đã ghi tử số và mẫu số; nếu ghi cả hai thì tử số, mẫu số được dùng.",
    "Phạm vi": "“riêng đơn vị” hoặc “gồm cả đơn vị trực thuộc”. Bỏ trống thì lấy theo cấp của đơn vị.",
    "Kỳ": "Kỳ của điểm: tháng 10/2025, quý III/2025, năm 2025. Bỏ trống nếu ghi trên tiêu đề.",
    "Năm": "Bốn chữ số, ví dụ 2023.",
    "Cấp": "Cấp của đơn vị; ở chỉ tiêu Trung ương, bỏ trống nghĩa là mọi cấp.",
    "Văn bản": "Số, ký hiệu văn bản, ví dụ 12/KH-UBND.",
    "Ngày văn bản": "Ngày ban hành, ghi ngày/tháng/năm.",
    "Giai đoạn": "Chọn một giai đoạn trong danh sách.",
    "Chỉ tiêu được giao (%)": "Một con số chính xác, ví dụ 72,37%.",
    "Tổng điểm": "Tổng điểm như công bố; không tính lại.",
    "Xếp hạng": "Thứ hạng như công bố, ví dụ 9.",
    "Tổng số đơn vị": "Xếp hạng trên bao nhiêu đơn vị, ví dụ 17.",
    "Số nhiệm vụ": "Số thứ tự của nhiệm vụ trong kế hoạch, ví dụ 12; nhờ đó nhập lại tệp không ghi trùng.",
    "Nhiệm vụ": "Việc cần làm, bằng một câu.",
    "Người thực hiện": "Người hoặc bộ phận thực hiện.",
    "Thời hạn": "Ngày phải xong, ghi ngày/tháng/năm.",
    "Kết quả kiểm tra": "Tồn tại mà đợt kiểm tra nêu; bỏ trống nếu là nhiệm vụ theo kế hoạch.",
    "Ghi chú": "Nguồn số liệu hoặc điều cần lưu ý.",
    "Tên đơn vị": "Tên đầy đủ, như trong văn bản.",
    "Mã đơn vị cấp trên": "Mã của đơn vị cấp trên; chỉ đơn vị cao nhất để trống.",
    "Tên khác": "Các cách gọi khác, ngăn bằng dấu chấm phẩy.",
    "Mã GSO": "Mã đơn vị hành chính của Tổng cục Thống kê.",
    "Mã định danh": "Mã định danh điện tử, ví dụ H01.23.",
    "Chức vụ": "Chức vụ của người đứng đầu.",
    "Người đứng đầu": "Họ và tên.",
    "Điện thoại": "Số điện thoại công vụ.",
    "Hiệu lực từ": "Ngày đơn vị bắt đầu tồn tại; bỏ trống nếu từ trước chiến dịch.",
    "Hiệu lực đến": "Ngày cuối cùng của đơn vị khi sáp nhập, giải thể.",
    "Đơn vị kế thừa": "Mã đơn vị tiếp nhận khi sáp nhập.",
}
POINTS = "Điểm như công bố, ví dụ 17,96."
RULES: tuple[tuple[str, str], ...] = (
    (
        "Cách ghi số",
        "Số lượng: 27503 hoặc 27.503. Tỷ lệ: 41,6% hoặc 41.6. “Xấp xỉ”, “trên”, “gần” được hiểu là mức ước.",
    ),
    ("Cách ghi ngày", "Ngày trước, tháng sau, năm bốn chữ số: 10/05/2024."),
    ("Dòng tổng cộng", "Được bỏ qua; không cần xóa."),
)


def explanations(kind: Kind, headings: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What stands on the sheet, line by line: a name and its meaning."""
    yield "Nội dung", PURPOSES[kind]
    for heading in headings:
        yield f"Cột “{heading}”", MEANINGS.get(heading, POINTS)
    yield from RULES


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


SORTS: dict[str, Sort] = {
    "Chỉ số": "indicator", "Giai đoạn": "phase", "Cấp": "level", "Phạm vi": "scope", "Năm": "year",
    "Tử số": "count", "Mẫu số": "count", "Xếp hạng": "count", "Tổng số đơn vị": "count", "Tổng điểm": "points",
    "Tỷ lệ (%)": "percent", "Chỉ tiêu được giao (%)": "percent", "Tính đến ngày": "day", "Ngày văn bản": "day",
    "Thời hạn": "day", "Hiệu lực từ": "day", "Hiệu lực đến": "day",
}  # fmt: skip
"""What columns hold that hold no words."""
_UNIT = ("Mã đơn vị", "Đơn vị", "Trực thuộc")
HEADINGS: dict[Kind, tuple[str, ...]] = {
    "readings": (*_UNIT, "Chỉ số", "Tính đến ngày", "Tử số", "Mẫu số", "Tỷ lệ (%)", "Phạm vi", "Ghi chú"),
    "baselines": (*_UNIT, "Chỉ số", "Năm", "Tỷ lệ (%)", "Tử số", "Mẫu số", "Ghi chú"),
    "central": ("Chỉ số", "Năm", "Cấp", "Tỷ lệ (%)", "Văn bản", "Ghi chú"),
    "targets": (*_UNIT, "Chỉ số", "Giai đoạn", "Chỉ tiêu được giao (%)", "Văn bản", "Ngày văn bản"),
    "scores": (*_UNIT, "Kỳ", "Tính đến ngày", "Tổng điểm", "Xếp hạng", "Tổng số đơn vị"),
    "tasks": (*_UNIT, "Số nhiệm vụ", "Nhiệm vụ", "Người thực hiện", "Thời hạn", "Kết quả kiểm tra", "Văn bản"),
    "units": (
        "Mã đơn vị", "Cấp", "Tên đơn vị", "Mã đơn vị cấp trên", "Tên khác", "Mã GSO", "Mã định danh", "Chức vụ",
        "Người đứng đầu", "Điện thoại", "Hiệu lực từ", "Hiệu lực đến", "Đơn vị kế thừa",
    ),
}  # fmt: skip
"""The columns of each kind, in order; those of scores have each indicator's points before the total."""


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
    points = [TemplateColumn(f"Điểm {each.name.vi}", "points") for each in campaign.indicators]
    columns = [TemplateColumn(heading, SORTS.get(heading, "text")) for heading in HEADINGS[kind]]
    if kind == "scores":
        before = HEADINGS[kind].index("Tổng điểm")
        columns[before:before] = points
    return tuple(columns)


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
    with new_book(out) as workbook:
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
        sheet.freeze_panes(1, sum(column.heading in _UNIT for column in columns[: len(_UNIT)]))
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
