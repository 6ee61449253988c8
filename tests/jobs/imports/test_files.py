"""What a file really is: formats, encodings, delimiters, and everything that is no table."""

import codecs
import warnings
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from targets.errors import UnknownName, UnreadableFile
from tests.jobs.imports_world import DAY, LONG, context, long_csv, readings, write_csv, write_ods, write_xls, write_xlsx

ROW = ("UBND huyện Ia Grai", "online", "10/05/2024", "1030", "1365", "75,46")
FIGURE = (10, "online", 1030, 1365, 75.46)


def refused(path, **changes):
    with pytest.raises(FileRefused) as caught:
        for _ in read_file(path, context(**changes)).batches:
            pass
    return caught.value


# --- text files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_file_is_read_whatever_its_delimiter_and_encoding(tmp_path, delimiter, encoding):
    path = write_csv(tmp_path, [LONG, ROW], delimiter=delimiter, encoding=encoding)

    outcome = readings(path)

    assert outcome.figures == [FIGURE]
    assert outcome.parsed.file_format == "csv"


def test_text_file_with_the_other_byte_order_is_read(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes(codecs.BOM_UTF16_BE + ("\t".join(LONG) + "\r\n" + "\t".join(ROW) + "\r\n").encode("utf-16-be"))

    assert readings(path).figures == [FIGURE]


def test_text_file_may_say_its_delimiter_in_the_first_line(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(
        "sep=;\r\n" + ";".join(LONG) + "\r\n" + ";".join(ROW) + "\r\n" + ";".join(("Sở X", *ROW[1:])), "utf-8"
    )

    outcome = readings(path)

    assert outcome.figures == [FIGURE]
    assert [row.place for row in outcome.rejected] == ["line 4"]


def test_quoted_fields_may_hold_delimiters_and_line_breaks(tmp_path):
    path = write_csv(tmp_path, [LONG, ("UBND huyện\nIa Grai", *ROW[1:]), ("Sở, ban nào đó", *ROW[1:])])

    outcome = readings(path)

    assert outcome.figures == [FIGURE]
    assert [(row.place, row.value) for row in outcome.rejected] == [("line 4", "Sở, ban nào đó")]


def test_quotation_mark_left_open_refuses_the_file_with_its_line(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(",".join(LONG) + '\r\n"UBND huyện Ia Grai,online,10/05/2024,1,2,\r\n', encoding="utf-8")

    error = refused(path)

    assert error.code == "broken_quotes"


def test_quotation_mark_left_open_far_below_refuses_the_file_too(tmp_path):
    path = long_csv(tmp_path, *[("H21.58", "online", "10/05/2024", 1, 2, "")] * 200)
    with path.open("a", encoding="utf-8") as stream:
        stream.write('"UBND huyện Ia Grai,online,10/05/2024,1,2,\r\n')

    assert refused(path).code == "broken_quotes"


@pytest.mark.parametrize("encoding", ["cp1258", "latin-1"])
def test_other_encodings_are_refused_with_the_way_out(tmp_path, encoding):
    path = tmp_path / "file.csv"
    path.write_bytes("Đơn vị,Tỷ lệ\r\nhuyện é,à\r\n".replace("Đ", "D").encode(encoding, errors="replace"))

    error = refused(path)

    assert error.code == "not_utf_8"
    assert "CSV UTF-8" in error.sentence("vi")
    assert "CSV UTF-8" in str(error)


def test_encoding_is_checked_to_the_end_before_the_first_row_is_taken(tmp_path):
    path = long_csv(tmp_path, *[ROW] * 3)
    with path.open("ab") as stream:
        stream.write(b"\xff\xfe\r\n")

    error = refused(path)

    assert (error.code, error.terms["line"]) == ("not_utf_8", "5")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.csv", b"", "empty_file"),
        ("a.csv", b" \r\n ", "empty_file"),
        ("a.xlsx", b"", "empty_file"),
        ("a.csv", b"Don vi,\x00\x01\x02,1\r\n", "binary_file"),
        ("a.xlsx", "Đơn vị,Tỷ lệ\r\nx,1\r\n".encode(), "not_a_workbook"),
        ("a.ods", b"not a zip", "not_a_workbook"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "html_page"),
        ("a.xls", b"\xef\xbb\xbf\n<!DOCTYPE html><html></html>", "html_page"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "xml_file"),
        ("a.xlsx", b"%PDF-1.7 ...", "other_document"),
        ("a.xlsx", b"PK\x03\x04 broken", "damaged_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "other_document"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\0" * 600,
            "damaged_workbook",
        ),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "password_protected",
        ),
    ],
)
def test_what_is_no_table_is_refused_saying_what_it_is(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)

    error = refused(path)

    assert error.code == code
    assert isinstance(error, UnreadableFile)
    assert name in str(error)
    assert name in error.sentence("vi")


def test_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "nowhere.csv").code == "no_such_file"


def test_kind_that_does_not_exist_is_refused_by_name(tmp_path):
    with pytest.raises(UnknownName, match="wishes"):
        read_file(long_csv(tmp_path, ROW), context(kind="wishes"))


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"word/document.xml": b""}, "other_document"),
        ({"readme.txt": b""}, "other_document"),
        ({"xl/workbook.bin": b""}, "other_document"),
        ({"xl/workbook.xml": b"<workbook"}, "damaged_workbook"),
        ({"xl/nothing.xml": b""}, "damaged_workbook"),
        (
            {
                "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                "META-INF/manifest.xml": b"<manifest:encryption-data/>",
            },
            "password_protected",
        ),
        ({"xl/workbook.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><workbook>&b;</workbook>'}, "damaged_workbook"),
    ],
)
def test_archive_that_is_no_workbook_is_refused(tmp_path, parts, code):
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    assert refused(path).code == code


def test_archive_that_unpacks_to_absurd_size_is_not_opened(tmp_path):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/workbook.xml", "w") as part:
        for _ in range(70):
            part.write(b"\0" * (1 << 20))

    error = refused(path)

    assert error.code == "unpacks_too_large"
    assert "70 MB" in str(error)


def test_workbook_cut_off_in_the_middle_is_refused(tmp_path):
    path = write_xlsx(tmp_path, [LONG, *[ROW] * 50])
    path.write_bytes(path.read_bytes()[:-600])

    assert refused(path).code == "damaged_workbook"


def test_content_decides_when_a_workbook_carries_another_name(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ROW], name="file.xls")

    assert readings(path).parsed.file_format == "xlsx"


def test_text_under_the_name_of_an_old_workbook_is_read_as_text(tmp_path):
    path = write_csv(tmp_path, [LONG, ROW], name="file.xls", delimiter="\t")

    assert readings(path).figures == [FIGURE]


# --- workbooks ------------------------------------------------------------------------------------------------------


def test_workbook_is_read_with_its_number_formats(tmp_path):
    path = write_xlsx(
        tmp_path,
        [LONG, ("H21.58", "online", (DAY, "dd/mm/yyyy"), (21683, "#,##0"), 306958, (0.0706, "0.00%"))],
    )

    outcome = readings(path)

    assert outcome.rows == [(10, "online", DAY, "below", 21683, 306958, 7.06, None)]
    assert not outcome.rejected


def test_percent_sign_that_is_only_painted_on_changes_nothing(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ("H21.58", "online", (DAY, "dd/mm/yyyy"), None, None, (41.6, '0.0"%"'))])

    assert readings(path).figures == [(10, "online", None, None, 41.6)]


def test_workbook_of_another_writer_is_read_too(tmp_path):
    path = tmp_path / "file.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet("Số liệu")
        sheet.write_row(0, 0, LONG)
        sheet.write_row(1, 0, ("H21.58", "online"))
        sheet.write_datetime(1, 2, DAY, workbook.add_format({"num_format": 14}))
        sheet.write_formula(1, 3, "=1000+30", None, 1030)
        sheet.write_number(1, 4, 1365)
        sheet.write_number(1, 5, 0.7546, workbook.add_format({"num_format": 10}))

    assert readings(path).figures == [FIGURE]


def test_formula_without_a_result_is_refused_and_not_taken_for_an_empty_cell(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ("H21.58", "online", "10/05/2024", "=A1+1", 1365, None)])

    outcome = readings(path)

    assert outcome.problems == [("Sheet1!D2", "formula")]
    assert outcome.rejected[0].value == "=A1+1"


def test_rate_formula_without_a_result_is_forgiven_where_the_counts_stand(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ("H21.58", "online", "10/05/2024", 1030, 1365, "=D2/E2")])

    outcome = readings(path)

    assert outcome.figures == [(10, "online", 1030, 1365, None)]
    assert [warning.place for warning in outcome.warned("rate_formula_ignored")] == ["Sheet1!F2"]


def test_rows_beyond_the_stated_size_of_a_sheet_are_read(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ROW, ("H21.55", *ROW[1:])])
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content.replace(b'ref="A1:F3"', b'ref="A1:F2"')
            target.writestr(name, content)

    assert len(readings(changed).frame) == 2


def test_workbook_that_counts_its_days_from_1904_keeps_its_days(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active.append(LONG)
    workbook.active.append(("H21.58", "online", DAY, 1030, 1365, None))
    workbook.active.append(("H21.55", "online", 43960, 1030, 1365, None))
    workbook.save(tmp_path / "file.xlsx")

    assert [row[2] for row in readings(tmp_path / "file.xlsx").rows] == [DAY, DAY]


def test_sheets_without_a_header_are_named_and_left_out(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Số liệu"
    workbook.active.append(LONG)
    workbook.active.append(ROW)
    workbook.create_sheet("Ghi chú").append(["Xin gửi số liệu tuần này", 5])
    hidden = workbook.create_sheet("Cũ")
    hidden.sheet_state = "hidden"
    hidden.append(LONG)
    hidden.append(("H21.55", *ROW[1:]))
    workbook.create_chartsheet("Biểu đồ")
    workbook.save(tmp_path / "file.xlsx")

    outcome = readings(tmp_path / "file.xlsx")

    assert len(outcome.frame) == 2
    assert [sheet.name for sheet in outcome.parsed.sheets] == ["Số liệu", "Cũ"]
    assert [warning.terms["sheet"] for warning in outcome.warned("sheet_left_out")] == ["Ghi chú"]
    assert [warning.place for warning in outcome.warned("hidden_sheet_read")] == ["Cũ!A1"]


def test_error_in_a_cell_is_refused(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ("H21.58", "online", "10/05/2024", "#N/A", 1365, None)])

    assert readings(path).problems == [("Sheet1!D2", "excel_error")]


def test_division_by_zero_beside_no_cases_is_no_value(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ("H21.58", "online", "10/05/2024", 0, 0, "#DIV/0!")])

    outcome = readings(path)

    assert outcome.figures == [(10, "online", 0, 0, None)]
    assert not outcome.rejected


@pytest.mark.parametrize("write", [write_xls, write_ods])
def test_other_workbooks_are_read(tmp_path, write):
    path = write(
        tmp_path / f"file.{write.__name__.removeprefix('write_')}", [LONG, ("H21.58", "online", DAY, 1030, 1365, 75.46)]
    )

    outcome = readings(path)

    assert outcome.rows == [(10, "online", DAY, "below", 1030, 1365, 75.46, None)]
    assert outcome.parsed.sheets[0].header == "Trang 1!A1"


def test_percents_without_a_known_format_are_asked_about(tmp_path):
    rows = [
        LONG,
        ("H21.58", "online", DAY, "", "", 0.416),
        ("H21.55", "online", DAY, "", "", 1.0),
        ("H21.52", "online", DAY, "", "", 0.0),
    ]
    path = write_xls(tmp_path / "file.xls", rows)

    with pytest.raises(FileAsks) as caught:
        readings(path)

    said = "\n".join(caught.value.lines("vi"))
    assert "Trang 1!F2, H21.58: ô ghi “0.416” → 0,416%" in said
    assert "Trang 1!F2, H21.58: ô ghi “0.416” → 41,6%" in said


def test_counts_decide_how_percents_without_a_known_format_are_meant(tmp_path):
    rows = [LONG, ("H21.58", "online", DAY, 416, 1000, 0.416), ("H21.55", "online", DAY, "", "", 0.5)]

    outcome = readings(write_xls(tmp_path / "file.xls", rows))

    assert outcome.figures == [(10, "online", 416, 1000, 41.6), (11, "online", None, None, 50.0)]
    assert not outcome.warned("percent_differs")


def test_counts_can_also_say_that_small_percents_are_percents(tmp_path):
    rows = [LONG, ("H21.58", "online", DAY, 5, 1000, 0.5), ("H21.55", "online", DAY, "", "", 0.7)]

    outcome = readings(write_ods(tmp_path / "file.ods", rows))

    assert [figure[4] for figure in outcome.figures] == [0.5, 0.7]


def test_one_number_above_1_says_that_a_column_holds_percents(tmp_path):
    rows = [LONG, ("H21.58", "online", DAY, "", "", 0.5), ("H21.55", "online", DAY, "", "", 41.6)]

    outcome = readings(write_xls(tmp_path / "file.xls", rows))

    assert [figure[4] for figure in outcome.figures] == [0.5, 41.6]


def test_damaged_part_of_a_workbook_names_the_file(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ROW])
    changed = tmp_path / "changed.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:300] if name == "xl/worksheets/sheet1.xml" else content)

    assert refused(changed).code == "damaged_workbook"


def test_reading_a_workbook_warns_of_nothing_to_its_user(tmp_path):
    path = write_xlsx(tmp_path, [LONG, ROW])

    with warnings.catch_warnings():
        warnings.simplefilter("error")

        assert len(readings(path).frame) == 1


def test_progress_is_told_after_each_block(tmp_path):
    result = []
    path = long_csv(tmp_path, *[("H21.58", key, "10/05/2024", 1, 2, "") for key in ("online", "payment")])

    for _ in read_file(path, context(), progress=lambda done, total: result.append((done, total))).batches:
        pass

    assert result == [(2, 3)]


@pytest.mark.soak
def test_large_files_come_in_several_batches(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.imports.records.readings.FIGURES_A_BLOCK", 6_000)
    days = [date(2024, 3, 22 + number) for number in range(10)]
    units = [f"{number}" for number in range(130)]
    rows = [
        (unit, key, day.isoformat(), 1, 2, "")
        for day in days
        for key in ("online", "payment", "timeliness", "publicity", "satisfaction")
        for unit in units
    ]
    path = long_csv(tmp_path, *rows)

    batches = list(read_file(path, context()).batches)

    assert [batch.rows_read for batch in batches] == [5_999, 501, 0]
