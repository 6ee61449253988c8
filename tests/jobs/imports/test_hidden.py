"""Hidden rows and columns: what is seen goes before what is hidden, and whatever is read of it is said."""

import zipfile

import openpyxl
import pytest
from odfdo import Document, Table

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from tests.jobs.imports_world import answered, asked, context, fill_sheet, readings, write_xls

DAY = ("Số liệu tính đến ngày 20/4/2024",)
WIDE = ("STT", "Đơn vị", "Trực tuyến (%)", "Thanh toán (%)")


def hidden(folder, rows, *, rows_hidden=(), columns_hidden="", sheet=None):
    workbook = openpyxl.Workbook()
    fill_sheet(workbook.active, rows)
    for number in rows_hidden:
        workbook.active.row_dimensions[number].hidden = True
    for letter in columns_hidden:
        workbook.active.column_dimensions[letter].hidden = True
    if sheet is not None:
        sheet(workbook.active)
    workbook.save(folder / "file.xlsx")
    return folder / "file.xlsx"


def result(outcome):
    return [(row[0], row[1], row[6]) for row in outcome.rows]


def said(outcome, code):
    return [warning.sentence("vi") for warning in outcome.warned(code)]


def refused(path, **changes):
    with pytest.raises(FileRefused) as caught:
        read_file(path, context(**changes))
    return caught.value


# --- columns --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [("Trực tuyến (%)", "Trực tuyến (%)"), ("Tỷ lệ hồ sơ trực tuyến", "Trực tuyến (%)"), ("CLGQ", "Online rate")],
)
def test_column_that_is_seen_goes_before_a_hidden_one_of_the_same_meaning(tmp_path, headings):
    rows = [DAY, ("STT", "Đơn vị", *headings), (1, "Pleiku", 22.2, 47.4)]

    before, behind = (readings(hidden(tmp_path, rows, columns_hidden=letter)) for letter in "CD")

    assert result(before) == [(14, "online", 47.4)]
    assert result(behind) == [(14, "online", 22.2)]
    assert "22.2" in said(before, "hidden_column_left_out")[0]


def test_hidden_figures_beside_others_that_are_not_understood_refuse_the_file(tmp_path):
    rows = [DAY, ("STT", "Đơn vị", "Trực tuyến (%)", "Kết quả tuần này (%)"), (1, "Pleiku", 22.2, 47.4)]

    error = refused(hidden(tmp_path, rows, columns_hidden="C"))

    assert error.code == "hidden_or_seen"
    assert "C “Trực tuyến (%)”" in error.sentence("vi")
    assert "D “Kết quả tuần này (%)”" in str(error)


def test_hidden_figures_beside_words_that_are_not_understood_are_read_and_said(tmp_path):
    rows = [DAY, ("STT", "Đơn vị", "Trực tuyến (%)", "Nhận xét"), (1, "Pleiku", 22.2, "chậm"), (2, "KBang", 9.5, "x")]

    outcome = readings(hidden(tmp_path, rows, columns_hidden="C"))

    assert result(outcome) == [(14, "online", 22.2), (13, "online", 9.5)]
    assert "(22.2; 9.5)" in said(outcome, "hidden_columns_read")[0]


def test_hidden_figures_of_an_indicator_that_has_others_in_sight_are_read_with_them(tmp_path):
    rows = [
        DAY,
        ("STT", "Đơn vị", "Tử số trực tuyến", "Mẫu số trực tuyến", "Tỷ lệ trực tuyến (%)", "Tăng giảm"),
        (1, "Pleiku", 30, 60, 50, 2),
    ]

    outcome = readings(hidden(tmp_path, rows, columns_hidden="CD"))

    assert outcome.figures == [(14, "online", 30, 60, 50.0)]
    assert "C “Tử số trực tuyến” (30)" in said(outcome, "hidden_columns_read")[0]


def test_hidden_column_of_codes_is_read_and_said(tmp_path):
    rows = [DAY, ("Mã", "Đơn vị", "Trực tuyến (%)"), (23905, "Xã Ia Băng", 47.4)]

    outcome = readings(hidden(tmp_path, rows, columns_hidden="A"))

    assert result(outcome) == [(21, "online", 47.4)]
    assert len(said(outcome, "hidden_columns_read")) == 1


def test_hidden_column_of_serial_numbers_or_one_that_is_not_read_is_no_matter(tmp_path):
    rows = [DAY, ("STT", "Đơn vị", "Trực tuyến (%)", "Điện thoại trực"), (1, "Pleiku", 47.4, "x")]

    outcome = readings(hidden(tmp_path, rows, columns_hidden="AD"))

    assert result(outcome) == [(14, "online", 47.4)]
    assert [warning.code for warning in outcome.warnings] == ["columns_left_out"]


def test_column_drawn_to_nothing_is_hidden(tmp_path):
    rows = [DAY, ("STT", "Đơn vị", "Trực tuyến (%)", "Trực tuyến"), (1, "Pleiku", 22.2, 47.4)]
    path = hidden(tmp_path, rows)
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(tmp_path / "narrow.xlsx", "w") as target:
        for name in source.namelist():
            narrow = b'<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>'
            target.writestr(name, source.read(name).replace(b"<sheetData>", narrow))

    assert result(readings(tmp_path / "narrow.xlsx")) == [(14, "online", 47.4)]


# --- rows -----------------------------------------------------------------------------------------------------------


def test_hidden_rows_are_read_and_said_with_their_units(tmp_path):
    rows = [DAY, WIDE, *((number, name, 40 + number, None) for number, name in enumerate(("Pleiku", "KBang"), start=1))]

    outcome = answered(hidden(tmp_path, rows, rows_hidden=[3]), "rows_read")

    assert result(outcome) == [(13, "online", 42), (14, "online", 41)]
    assert said(outcome, "hidden_rows_read")[0].startswith("1 dòng ẩn hoặc bị lọc cũng được đọc: Sheet!B3 (UBND thành ")


def test_row_that_is_seen_goes_before_a_hidden_one_that_says_otherwise(tmp_path):
    rows = [DAY, WIDE, (1, "Pleiku", 22.2, None), (1, "Pleiku", 47.4, None)]

    outcome = answered(hidden(tmp_path, rows, rows_hidden=[3]), "rows_read")

    assert result(outcome) == [(14, "online", 47.4)]
    assert outcome.problems == [("Sheet!C3", "told_otherwise")]


def test_rows_that_a_filter_hides_are_read_and_said(tmp_path):
    rows = [DAY, WIDE, (1, "Pleiku", 41, None), (2, "KBang", 42, None)]

    def filtered(sheet):
        sheet.auto_filter.ref = "A2:D4"
        sheet.row_dimensions[4].hidden = True

    outcome = answered(hidden(tmp_path, rows, sheet=filtered), "rows_read")

    assert result(outcome) == [(14, "online", 41), (13, "online", 42)]
    assert "UBND huyện KBang" in said(outcome, "hidden_rows_read")[0]


def test_hidden_rows_without_figures_are_no_matter(tmp_path):
    rows = [DAY, WIDE, (1, "Pleiku", 41, None), (2, "KBang", None, None), (None, "Tổng cộng", 41, None)]

    outcome = readings(hidden(tmp_path, rows, rows_hidden=[4, 5]))

    assert not said(outcome, "hidden_rows_read")


def test_hidden_row_inside_a_merged_cell_has_its_unit(tmp_path):
    rows = [DAY, ("Đơn vị", "Chỉ số", "Tỷ lệ"), ("Pleiku", "online", 41), (None, "payment", 42)]

    path = hidden(tmp_path, rows, rows_hidden=[4], sheet=lambda sheet: sheet.merge_cells("A3:A4"))

    outcome = answered(path, "rows_read")

    assert result(outcome) == [(14, "online", 41), (14, "payment", 42)]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("baselines", [("Đơn vị", "Chỉ số", "Năm", "%"), ("Pleiku", "online", 2023, 3), ("KBang", "CLGQ", 2023, 4)]),
        ("central", [("Chỉ số", "Năm", "Tỷ lệ", "Văn bản"), ("online", 2024, 50, "QĐ"), ("payment", 2024, 5, "QĐ")]),
    ],
)  # fmt: skip
def test_hidden_rows_of_the_smaller_kinds_are_said_too(tmp_path, kind, rows):
    path = hidden(tmp_path, rows, rows_hidden=[3])

    parsed = read_file(path, context(kind=kind, choices={asked(path, kind=kind).key: "rows_read"}))

    assert len(parsed.records) == 2
    assert [warning.terms["count"] for warning in parsed.warnings if warning.code == "hidden_rows_read"] == ["1"]


# --- other workbooks ------------------------------------------------------------------------------------------------

TWICE = [DAY, ("STT", "Đơn vị", "Trực tuyến", "Trực tuyến (%)"), (1, "Pleiku", 47.4, 22.2), (2, "KBang", 9.5, 9.5)]


def as_ods(path, *, row="collapse", column="collapse"):
    document = Document("spreadsheet")
    table = Table("Trang 1")
    table.set_values(TWICE)
    hidden_row, hidden_column = table.get_row(3), table.get_column(3)
    hidden_row.set_attribute("table:visibility", row)
    hidden_column.set_attribute("table:visibility", column)
    table.set_row(3, hidden_row)
    table.set_column(3, hidden_column)
    document.body.clear()
    document.body.append(table)
    document.save(str(path))
    return path


def test_hidden_rows_and_columns_of_other_workbooks_are_known(tmp_path):
    outcomes = [
        answered(write_xls(tmp_path / "file.xls", TWICE, hidden_rows=[3], hidden_columns=[3]), "rows_read"),
        answered(as_ods(tmp_path / "file.ods"), "rows_read"),
        answered(as_ods(tmp_path / "filtered.ods", row="filter", column="filter"), "rows_read"),
    ]

    for outcome in outcomes:
        assert result(outcome) == [(14, "online", 47.4), (13, "online", 9.5)]
        assert len(said(outcome, "hidden_column_left_out")) == 1
        assert "UBND huyện KBang" in said(outcome, "hidden_rows_read")[0]
