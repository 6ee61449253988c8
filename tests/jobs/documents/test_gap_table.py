"""The downloads: numbers as on the page, marks that cannot be lost, and nothing a spreadsheet would run."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest

from jobs.documents.gap_table import Column, GapTable, Line, Rate, as_csv, as_workbook


def drawn(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


TABLE = GapTable(
    language="vi",
    title="SO VỚI CHỈ TIÊU – TỶ LỆ HỒ SƠ TRỰC TUYẾN",
    subtitles=("Chiến dịch", "Mốc 50 ngày · tính đến ngày 07/05/2024"),
    mark="SỐ LIỆU MÔ PHỎNG – MINH HỌA",
    mark_title="Ghi chú",
    group_title="Nhóm",
    columns=(
        Column("STT", "whole"),
        Column("Đơn vị", "wide"),
        Column("Hiện tại", "percent"),
        Column("Còn thiếu", "points"),
        Column("Nguồn gốc chỉ tiêu", "text"),
    ),
    lines=(
        Line("I. Sở, ban, ngành", (1, "Sở Y tế", Decimal("49.9"), Decimal("0.1"), "dự kiến")),
        Line("III. Cấp xã", (2, '=HYPERLINK("http://x")', Decimal("12.0"), Decimal("38.0"), "đã giao")),
        Line("III. Cấp xã", (3, "UBND xã Ayun", None, None, "dự kiến")),
    ),
    notes=("(dự kiến): chưa có văn bản giao.",),
    source="Nguồn: Số liệu minh họa.",
    sheet="So với chỉ tiêu",
)


def sheet_of(table):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(table)))[table.sheet]


def texts_of(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]


def rows_of(table, delimiter):
    return list(csv.reader(io.StringIO(as_csv(table).decode("utf-8-sig")), delimiter=delimiter))


def test_workbook_says_title_day_mark_notes_and_source():
    result = texts_of(sheet_of(TABLE))

    for words in (TABLE.title, *TABLE.subtitles, TABLE.mark, *TABLE.notes, TABLE.source):
        assert words in result


def test_workbook_of_real_figures_carries_no_mark():
    result = texts_of(sheet_of(replace(TABLE, mark="")))

    assert not any("MÔ PHỎNG" in str(words) for words in result)


def test_workbook_gives_each_group_a_row_of_its_own():
    first = [row[0].value for row in sheet_of(TABLE).iter_rows() if row[0].value is not None]

    at = first.index("STT")
    assert first[at + 1 : at + 6] == ["I. Sở, ban, ngành", 1, "III. Cấp xã", 2, 3]


def test_workbook_holds_numbers_as_numbers():
    line = next(row for row in sheet_of(TABLE).iter_rows() if row[0].value == 1)

    assert (line[2].value, line[3].value) == (49.9, 0.1)
    assert line[2].number_format == '[$-42A]#,##0.0"%"'


SHOWN = """
    value       | target | as it is shown
    99.96       |        | 99.96
    99.996      | 50     | 99.996
    49.96       | 50     | 49.96
    49.99996    | 50     | 49.99996
    49.9        | 50     | 49.9
    50.04       | 50     | 50.0
    100         | 50     | 100.0
    41.66666667 | 50     | 41.7
"""


@pytest.mark.parametrize(("value", "target", "shown"), drawn(SHOWN))
def test_workbook_holds_the_exact_percent_and_shows_it_below_what_it_has_not_reached(value, target, shown):
    cell = Rate(Decimal(value), Decimal(target) if target else None)
    line = Line("I. Sở", (1, "Sở Y tế", cell, Decimal("0.1"), ""))

    written = next(row for row in sheet_of(replace(TABLE, lines=(line,))).iter_rows() if row[0].value == 1)[2]

    places = written.number_format.partition(".")[2].count("0")
    assert written.value == float(value)
    assert f"{written.value:.{places}f}" == shown


def test_missing_points_never_show_as_none():
    line = Line("I. Sở", (1, "Sở Y tế", None, Decimal("0.004"), ""))

    written = next(row for row in sheet_of(replace(TABLE, lines=(line,))).iter_rows() if row[0].value == 1)[3]

    assert (written.value, written.number_format) == (0.004, "[$-42A]#,##0.000")


def test_workbook_keeps_headings_in_sight():
    sheet = sheet_of(TABLE)

    heading = next(row[0].row for row in sheet.iter_rows() if row[0].value == "STT")
    assert sheet.freeze_panes == f"C{heading + 1}"
    assert sheet.print_title_rows == f"${heading}:${heading}"


def test_workbook_writes_no_formula_and_no_link():
    sheet = sheet_of(TABLE)

    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_unknown_figures_stay_empty():
    line = next(row for row in sheet_of(TABLE).iter_rows() if row[0].value == 3)

    assert line[2].value is None
    assert rows_of(TABLE, ";")[3][3] == ""


def test_csv_opens_in_vietnamese_excel():
    assert as_csv(TABLE).startswith(b"\xef\xbb\xbf")
    assert rows_of(TABLE, ";")[1] == ["I. Sở, ban, ngành", "1", "Sở Y tế", "49,9", "0,1", "dự kiến", TABLE.mark]


def test_csv_in_english_has_commas_between_and_points_inside():
    assert rows_of(replace(TABLE, language="en"), ",")[1][3] == "49.9"


def test_csv_marks_every_row_of_simulated_figures():
    rows = rows_of(TABLE, ";")

    assert rows[0][-1] == "Ghi chú"
    assert all(row[-1] == TABLE.mark for row in rows[1:])
    assert len(rows_of(replace(TABLE, mark=""), ";")[0]) == len(TABLE.columns) + 1


def test_csv_disarms_names():
    assert rows_of(TABLE, ";")[2][2].startswith("'=")


def test_table_without_units_is_a_file_too():
    assert sheet_of(replace(TABLE, lines=())).max_row > 3
    assert len(rows_of(replace(TABLE, lines=()), ";")) == 1
