"""Refused rows as a workbook: all they held, what is wrong, and back in once they are mended."""

import io
from datetime import date

import openpyxl
import pytest

from jobs.imports.values import RejectedRow
from jobs.intake.rejected_rows import rejected_workbook
from models.core.texts import LANGUAGES
from tests.jobs.imports_world import LONG, long_csv, readings, write_xlsx

DAY = date(2024, 5, 10)


def rejected(place="Sheet1!D5", field="Tử số", value="9", problem="numerator_above_denominator", raw=None):
    held = {"Đơn vị": "UBND xã Ia Pnôn", "Tử số": "9", "Mẫu số": "5"}
    return RejectedRow(place, field, value, problem, {}, raw or held)


def written(rows, *, as_of=None, language="vi"):
    return openpyxl.load_workbook(io.BytesIO(rejected_workbook(rows, as_of=as_of, language=language)))


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_row_comes_with_its_headings_its_problem_and_its_old_place():
    [sheet] = written([rejected()]).worksheets

    head, row = cells(sheet)[-2:]

    assert sheet.title == "Sheet1"
    assert head == ["Đơn vị", "Tử số", "Mẫu số", "Lỗi cần sửa", "Vị trí trong tệp cũ"]
    assert (row[:3], row[4]) == (["UBND xã Ia Pnôn", "9", "5"], "Sheet1!D5")
    assert "tử số lớn hơn mẫu số" in row[3]


def test_wide_row_refused_twice_stands_once_with_both_problems():
    [sheet] = written([rejected("Một!D5"), rejected("Một!F5"), rejected("Một!D6")]).worksheets

    problems = [row[3] for row in cells(sheet)[-2:]]

    assert [problem.count("\n") for problem in problems] == [1, 0]


def test_headings_keep_the_files_order_though_rows_leave_cells_empty():
    rows = [rejected("line 2", raw={"A": "1", "C": "3"}), rejected("line 3", raw={"A": "1", "B": "2", "C": "3"})]

    [sheet] = written(rows).worksheets

    assert cells(sheet)[-3][:3] == ["A", "B", "C"]
    assert cells(sheet)[-2][:3] == ["1", None, "3"]


def test_sheets_of_a_file_stay_apart_under_names_a_spreadsheet_accepts():
    long = "Báo cáo rất dài: tháng 5 năm 2024, lần thứ hai"

    sheets = written([rejected("Một!A2"), rejected(f"{long}!A2"), rejected(f"{long}x!A2")]).worksheets

    assert [sheet.title[:7] for sheet in sheets] == ["Một", "Báo cáo", "Báo cáo"]
    assert len({sheet.title for sheet in sheets}) == 3


@pytest.mark.parametrize("harm", ["=1+1", "+84905", "-3", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_nothing_that_people_wrote_becomes_a_formula(harm):
    book = written([rejected(value=harm, raw={"Đơn vị": harm, harm: "1"})])

    found = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value == harm]

    assert len(found) == 2
    assert {cell.data_type for cell in found} == {"s"}


def test_columns_without_a_heading_are_left_out():
    [sheet] = written([rejected(raw={"Đơn vị": "x", "#7": "untitled"})]).worksheets

    assert "untitled" not in str(cells(sheet))


@pytest.mark.parametrize("language", LANGUAGES)
def test_mended_rows_come_in_again_without_a_question(tmp_path, language):
    bad = readings(long_csv(tmp_path, ("H21.58", "online", DAY, 1365, 1030, ""), ("no such", "online", DAY, 1, 2, "")))
    path = tmp_path / "mended.xlsx"
    path.write_bytes(rejected_workbook(bad.rejected, as_of=None, language=language))
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    sheet["D4"], sheet["E4"], sheet["A5"] = "1030", "1365", "H21.55"
    book.save(path)

    again = readings(path)

    assert again.figures == [(10, "online", 1030, 1365, None), (11, "online", 1, 2, None)]
    assert not again.rejected
    assert [warning.code for warning in again.warnings] == ["columns_left_out"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_day_that_the_title_told_is_told_again(tmp_path, language):
    head = [column for column in LONG if column != "Tính đến ngày"]
    rows = [("(Số liệu tính đến ngày 10/05/2024)",), head, ("H21.58", "online", 9, 5, "")]
    bad = readings(write_xlsx(tmp_path, rows))
    path = tmp_path / "again.xlsx"
    path.write_bytes(rejected_workbook(bad.rejected, as_of=bad.parsed.as_of, language=language))

    again = readings(path)

    assert bad.parsed.as_of == again.parsed.as_of == DAY
    assert again.problems == [("Sheet1!C5", "numerator_above_denominator")]
