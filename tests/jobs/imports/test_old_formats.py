"""Old and open workbooks tell what .xlsx tells: errors, percents, days; comments and shapes are no cells."""

import zipfile
from datetime import date

import pytest
import xlwt

from jobs.imports.files import read_file
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.sheets import ORIGIN_1904, head
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from targets.figures import Percent
from tests.jobs.imports_world import context, readings

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"), ("draw", "drawing"),
    )
) + ' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'  # fmt: skip


def ods(path, tables, *, styles=""):
    """A workbook of bare elements, as office programs write them."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def table(*rows, name="Trang 1", more=""):
    return f'<table:table table:name="{name}"{more}>{"".join(rows)}</table:table>'


def row(*cells, more=""):
    return f"<table:table-row{more}>{''.join(cells)}</table:table-row>"


def text(words):
    return f'<table:table-cell office:value-type="string"><text:p>{words}</text:p></table:table-cell>'


def number(value, sort="float", more=""):
    return f'<table:table-cell office:value-type="{sort}" office:value="{value}"{more}/>'


def error(words):
    return (
        f'<table:table-cell table:formula="of:=[.A1]/0" office:value-type="string" office:string-value="" '
        f'calcext:value-type="error"><text:p>{words}</text:p></table:table-cell>'
    )


HEAD = [
    row(text("Số liệu tính đến ngày 20/4/2024")),
    row(*map(text, ("Đơn vị", "Tử số trực tuyến", "Mẫu số trực tuyến", "Tỷ lệ trực tuyến (%)"))),
]


def rows_of(path, sheet=0):
    _, sheets = open_sheets(path)
    return [list(one) for one in head(sheets[sheet]).rows]


@pytest.mark.parametrize("words", ["#DIV/0!", "#N/A", "Err:502", "Lỗi:502", ""])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_error_in_a_cell_of_an_open_workbook_is_refused(tmp_path, words, place):
    cells = [number(30), number(60), number(50)]
    cells[place] = error(words)

    outcome = readings(ods(tmp_path / "file.ods", table(*HEAD, row(text("Pleiku"), *cells))))

    assert outcome.problems == [(f"Trang 1!{'BCD'[place]}3", "excel_error")]
    assert not outcome.rows


def test_error_beside_no_cases_is_no_value_in_an_open_workbook_too(tmp_path):
    path = ods(tmp_path / "file.ods", table(*HEAD, row(text("Pleiku"), number(0), number(0), error("#DIV/0!"))))

    assert readings(path).figures == [(14, "online", 0, 0, None)]


def test_percents_of_an_open_workbook_are_percents_whatever_the_rest_of_their_column_holds(tmp_path):
    rows = [
        row(text(name), text(""), text(""), number(value, "percentage"))
        for name, value in (("Pleiku", 0.474), ("KBang", 1), ("Ia Grai", 1.02))
    ]

    outcome = readings(
        ods(tmp_path / "file.ods", table(*HEAD, *rows, row(text("SYT"), text(""), text(""), number(61))))
    )

    assert [(one[0], one[6]) for one in outcome.rows] == [(14, 47.4), (13, 100), (3, 61)]
    assert outcome.problems == [("Trang 1!D5", "percent_above_hundred")]


def test_every_sort_of_cell_of_an_open_workbook_arrives_as_what_it_shows(tmp_path):
    cells = (
        number("5.0"), number(0.5), number(0.0706, "percentage"), number(7, "currency"),
        '<table:table-cell office:value-type="date" office:date-value="2024-05-10T08:00:00"/>',
        '<table:table-cell office:value-type="date" office:date-value="x"><text:p>hôm qua</text:p></table:table-cell>',
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>',
        '<table:table-cell office:value-type="time" office:time-value="PT8H"><text:p>08:00</text:p></table:table-cell>',
        '<table:table-cell office:value-type="string" office:string-value="Ia Grai"/>',
        '<table:table-cell table:formula="of:=[.B2]/[.C2]"/>', number("x"),
        '<table:table-cell><text:p>một<text:s text:c="2"/>hai<text:tab/>ba</text:p><text:p>bốn</text:p>'
        "</table:table-cell>",
        "<table:table-cell/>",
    )  # fmt: skip

    found = rows_of(ods(tmp_path / "file.ods", table(row(*cells))))[0]

    assert found == [
        5, 0.5, 7.06, 7, date(2024, 5, 10), "hôm qua", True, "08:00", "Ia Grai", "=[.B2]/[.C2]", None,
        "một  hai ba\nbốn",
    ]  # fmt: skip
    assert type(found[2]) is Percent


def test_comments_shapes_and_changes_of_an_open_workbook_are_no_cells(tmp_path):
    noted = (
        '<table:table-cell office:value-type="float" office:value="1"><office:annotation><text:p>9</text:p>'
        "</office:annotation><text:p>1</text:p></table:table-cell>"
    )
    drawn = (
        "<table:table-cell><draw:frame><draw:object><table:table><table:table-row><table:table-cell><text:p>9</text:p>"
        "</table:table-cell></table:table-row></table:table></draw:object></draw:frame></table:table-cell>"
    )
    inner = f"<table:table-cell>{table(row(text('9')))}</table:table-cell>"
    changes = f"<table:tracked-changes>{row(text('9'))}</table:tracked-changes>"
    path = ods(tmp_path / "file.ods", changes + table(row(noted, drawn, inner, text("2"))))

    assert rows_of(path) == [[1, None, None, "2"]]


def test_rows_and_cells_of_an_open_workbook_that_are_told_once_for_many_keep_their_places(tmp_path):
    gap = '<table:table-cell table:number-columns-repeated="3"/>'
    wide = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    path = ods(
        tmp_path / "file.ods",
        table(
            row(gap, text("a")),
            row(gap, more=' table:number-rows-repeated="4"'),
            row(text("b"), more=' table:number-rows-repeated="2"'),
            row(wide),
            row(gap, more=' table:number-rows-repeated="1048569"'),
        ),
    )

    _, sheets = open_sheets(path)
    block = head(sheets[0])

    assert list(block.numbers) == [1, 6, 7, 8]
    assert block.rows[0] == [None, None, None, "a"]
    assert len(block.rows[3]) == 512


def test_sheets_of_an_open_workbook_know_their_names_and_whether_they_are_hidden(tmp_path):
    styles = "".join(
        f'<style:style style:name="{name}"><style:table-properties table:display="{shown}"/></style:style>'
        for name, shown in (("ta1", "true"), ("ta2", "false"))
    )
    tables = table(row(text("a")), name="Một", more=' table:style-name="ta1"')
    tables += table(row(text("b")), name="Hai", more=' table:style-name="ta2"') + table(row(text("c")), name="Ba")
    path = ods(tmp_path / "file.ods", tables, styles=styles)

    _, sheets = open_sheets(path)

    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("Một", False), ("Hai", True), ("Ba", False)]
    assert [rows_of(path, place) for place in range(3)] == [[["a"]], [["b"]], [["c"]]]


@pytest.mark.parametrize(
    "content",
    [
        "<a",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        f"<office:x {NAMES}>" + table(row(text("a"), more=' table:number-rows-repeated="x"')),
    ],
)
def test_broken_open_workbook_is_refused(tmp_path, content):
    path = tmp_path / "file.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)

    with pytest.raises(FileRefused) as caught:
        rows_of(path)

    assert caught.value.code == "damaged_workbook"


def test_open_workbook_without_content_is_refused(tmp_path):
    path = tmp_path / "file.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    with pytest.raises(FileRefused) as caught:
        rows_of(path)

    assert caught.value.code == "damaged_workbook"


# --- .xls -----------------------------------------------------------------------------------------------------------


def xls(path, rows, *, dates_1904=False, percent=()):
    """A cell is a value, or a pair of a value and its number format."""
    workbook = xlwt.Workbook()
    workbook.dates_1904 = dates_1904
    sheet = workbook.add_sheet("Trang 1")
    for at, cells in enumerate(rows):
        for index, cell in enumerate(cells):
            if isinstance(cell, tuple):
                sheet.write(at, index, cell[0], xlwt.easyxf(num_format_str=cell[1]))
            elif cell is not None:
                sheet.write(at, index, cell)
    workbook.save(str(path))
    return path


DAY = ("Số liệu tính đến ngày 20/4/2024",)


@pytest.mark.parametrize("code", ["0%", "0.00%", "#,##0.0%;[Red]-0.0%"])
def test_number_format_of_an_old_workbook_says_what_is_a_percent(tmp_path, code):
    rows = [DAY, ("Đơn vị", "Tỷ lệ hồ sơ trực tuyến"), ("Pleiku", (0.474, code))]

    outcome = readings(xls(tmp_path / "file.xls", rows))

    assert [row[6] for row in outcome.rows] == [47.4]
    assert not outcome.rejected


@pytest.mark.parametrize("code", ['0.0"%"', "General", "0.000"])
def test_number_that_no_format_of_an_old_workbook_explains_is_asked_about(tmp_path, code):
    rows = [DAY, ("Đơn vị", "Tỷ lệ hồ sơ trực tuyến"), ("Pleiku", (0.474, code))]

    with pytest.raises(FileAsks):
        readings(xls(tmp_path / "file.xls", rows))


def test_percent_and_plain_numbers_of_one_column_of_an_old_workbook_are_each_what_they_are(tmp_path):
    cells = [(0.474, "0.0%"), (1.02, "0.0%"), 61.5, (0, "0%"), (1, "0%")]
    units = ("Pleiku", "KBang", "SYT", "Ia Grai", "Xã Ia Tô")
    rows = [DAY, ("Đơn vị", "Tỷ lệ hồ sơ trực tuyến"), *zip(units, cells, strict=True)]

    outcome = readings(xls(tmp_path / "file.xls", rows))

    assert [(row[0], row[6]) for row in outcome.rows] == [(14, 47.4), (3, 61.5), (10, 0), (26, 100)]
    assert outcome.problems == [("Trang 1!B4", "percent_above_hundred")]


def test_percent_in_a_column_of_counts_of_an_old_workbook_is_refused(tmp_path):
    rows = [DAY, ("Đơn vị", "Tử số trực tuyến", "Mẫu số trực tuyến"), ("Pleiku", (0.5, "0%"), 60)]

    assert readings(xls(tmp_path / "file.xls", rows)).problems == [("Trang 1!B3", "percent_in_count")]


def test_old_workbook_that_counts_its_days_from_1904_keeps_its_days(tmp_path):
    rows = [
        ("Đơn vị", "Ngày", "Trực tuyến (%)"),
        ("Pleiku", (date(2024, 5, 10), "dd/mm/yyyy"), 47.4), ("KBang", 43960, 9.5),
    ]  # fmt: skip
    path = xls(tmp_path / "file.xls", rows, dates_1904=True)

    _, sheets = open_sheets(path)

    assert sheets[0].origin == ORIGIN_1904
    assert [row[2] for row in readings(path).rows] == [date(2024, 5, 10)] * 2


def test_old_workbook_with_a_password_is_refused_as_such(tmp_path, monkeypatch):
    path = xls(tmp_path / "file.xls", [DAY])
    content = path.read_bytes()
    # A FILEPASS record right behind the beginning of the workbook: what a password leaves there.
    start = content.index(b"\x09\x08\x10\x00\x00\x06\x05\x00") + 20
    path.write_bytes(content[:start] + b"\x2f\x00\x06\x00" + b"\x01\x00" * 3 + content[start + 10 :])

    with pytest.raises(FileRefused) as caught:
        read_file(path, context())

    assert caught.value.code == "password_protected"
