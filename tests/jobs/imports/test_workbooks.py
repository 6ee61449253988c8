"""The raw side of workbooks: parts written by other programs, and a reader that may die without taking us along."""

import sys
import zipfile
from datetime import date, datetime

import pytest
import xlrd

from jobs.imports.formats import sheets, xls
from jobs.imports.formats.opening import open_sheets
from jobs.imports.formats.sheets import HeldSheet, head, shown
from jobs.imports.formats.xls import DAMAGED, PASSWORD, cell_value
from jobs.imports.problems import FileRefused
from targets.figures import Percent
from tests.jobs.imports_world import LONG, write_xls

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ROW = ("UBND huyện Ia Grai", "online", "10/05/2024", "1030", "1365", "75,46")
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def by_hand(tmp_path, rows, *, strings="", styles="", main=MAIN, state="", absolute=False):
    """A workbook of bare parts, as few programs write them."""
    path = tmp_path / "hand.xlsx"
    target = "/xl/worksheets/one.xml" if absolute else "worksheets/one.xml"
    relations = [("rId1", "worksheet", target)]
    relations += [("rId2", "sharedStrings", "sharedStrings.xml")] if strings else []
    relations += [("rId3", "styles", "styles.xml")] if styles else []
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{RELATIONS}"><workbookPr/><sheets>'
            f'<sheet name="Một" sheetId="1" r:id="rId1" {state}/><sheet name="Mất" sheetId="2" r:id="rId9"/></sheets>'
            "</workbook>",
        )
        entries = "".join(
            f'<Relationship Id="{one}" Type="{RELATIONS}/{kind}" Target="{where}"/>' for one, kind, where in relations
        )
        entries += f'<Relationship Id="rId8" Type="{RELATIONS}/hyperlink" Target="http://x" TargetMode="External"/>'
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}">{entries}</Relationships>')
        archive.writestr(
            "xl/worksheets/one.xml", f'<x:worksheet xmlns:x="{main}"><x:sheetData>{rows}</x:sheetData></x:worksheet>'
        )
        if strings:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{main}">{strings}</sst>')
        if styles:
            archive.writestr("xl/styles.xml", f'<styleSheet xmlns="{main}">{styles}</styleSheet>')
    return path


def rows_of(path):
    _, found = open_sheets(path)
    return [list(row) for row in head(found[0]).rows]


@pytest.mark.parametrize("main", [MAIN, STRICT])
def test_cells_without_places_and_with_prefixes_are_read_in_order(tmp_path, main):
    path = by_hand(
        tmp_path,
        "<x:row><x:c><x:v>1</x:v></x:c><x:c><x:v>2.5</x:v></x:c></x:row><x:row/><x:row><x:c/></x:row>",
        main=main,
    )

    assert rows_of(path) == [[1, 2.5]]


def test_cells_leave_gaps_where_their_places_say_so(tmp_path):
    path = by_hand(
        tmp_path, '<x:row r="3"><x:c r="B3"><x:v>1</x:v></x:c><x:c r="AA3"><x:v>2</x:v></x:c></x:row>', absolute=True
    )

    _, found = open_sheets(path)

    block = head(found[0])
    assert list(block.numbers) == [3]
    assert [index for index, cell in enumerate(block.rows[0]) if cell is not None] == [1, 26]


def test_cells_far_to_the_right_are_not_read(tmp_path):
    path = by_hand(tmp_path, '<x:row r="1"><x:c r="A1"><x:v>1</x:v></x:c><x:c r="ZZZZZZ1"><x:v>2</x:v></x:c></x:row>')

    assert rows_of(path) == [[1]]


def test_every_type_of_cell_arrives_as_what_it_shows(tmp_path):
    cells = (
        '<x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c><x:c t="b"><x:v>1</x:v></x:c>'
        '<x:c t="d"><x:v>2024-05-10T00:00:00</x:v></x:c><x:c t="e"><x:v>#REF!</x:v></x:c>'
        '<x:c t="str"><x:f>A1</x:f><x:v></x:v></x:c><x:c t="str"><x:f>A1</x:f><x:v>a_x0041_</x:v></x:c>'
        "<x:c><x:f>A1+1</x:f></x:c><x:c><x:f>A1</x:f><x:v>7</x:v></x:c><x:c><x:v></x:v></x:c><x:c><x:v>x1</x:v></x:c>"
        '<x:c t="inlineStr"><x:is><x:r><x:t>Ia </x:t></x:r><x:r><x:t>Grai</x:t></x:r>'
        "<x:rPh><x:t>aloud</x:t></x:rPh></x:is></x:c>"
    )
    strings = (
        "<si><r><t>Plei</t></r><r><t>ku</t></r><rPh sb='0' eb='1'><t>aloud</t></rPh></si><si><t>a_x000D_b</t></si>"
    )

    row = rows_of(by_hand(tmp_path, f"<x:row>{cells}</x:row>", strings=strings))[0]

    assert row == ["Pleiku", "a\rb", True, "2024-05-10", "#REF!", None, "aA", "=A1+1", 7, None, "x1", "Ia Grai"]


def test_styles_say_which_numbers_are_percents_and_which_are_days(tmp_path):
    styles = (
        '<numFmts><numFmt numFmtId="170" formatCode="0.0%;[Red]-0.0%"/>'
        '<numFmt numFmtId="171" formatCode="0.0&quot;%&quot;"/>'
        '<numFmt numFmtId="172" formatCode="dd\\-mm\\-yyyy"/></numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        + "<cellXfs>"
        + "".join(f'<xf numFmtId="{number}"/>' for number in (0, 10, 170, 171, 14, 172, 31))
        + "</cellXfs>"
    )
    cells = "".join(
        f'<x:c s="{style}"><x:v>{value}</x:v></x:c>'
        for style, value in enumerate((0.5, 0.0706, 0.5, 41.6, 45422, 45422.5, 45422))
    )
    cells += '<x:c s="4"><x:v>1e300</x:v></x:c>'

    row = rows_of(by_hand(tmp_path, f"<x:row>{cells}</x:row>", styles=styles))[0]

    day = date(2024, 5, 10)
    assert row == [0.5, 7.06, 50.0, 41.6, day, day, day, "1e300"]
    assert [type(cell) is Percent for cell in row[:4]] == [False, True, True, False]


@pytest.mark.parametrize("rows", ['<x:row r="x"/>', '<x:row><x:c t="s"><x:v>5</x:v></x:c></x:row>', "<x:row><x:c>"])
def test_broken_rows_refuse_the_file(tmp_path, rows):
    with pytest.raises(FileRefused) as caught:
        rows_of(by_hand(tmp_path, rows))

    assert caught.value.code == "damaged_workbook"


def test_hidden_state_of_a_sheet_is_known(tmp_path):
    _, found = open_sheets(by_hand(tmp_path, "", state='state="veryHidden"'))

    assert [(sheet.name, sheet.is_hidden, sheet.row_count) for sheet in found] == [("Một", True, None)]
    assert head(found[0]).rows == ()


def test_locked_archive_is_refused_as_such(tmp_path):
    path = by_hand(tmp_path, "")
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = content.find(mark)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(mark, at + 4)
    path.write_bytes(bytes(content))

    with pytest.raises(FileRefused) as caught:
        open_sheets(path)

    assert caught.value.code == "password_protected"


# --- the reader that holds a workbook whole -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        (xlrd.XL_CELL_EMPTY, "", None), (xlrd.XL_CELL_BLANK, "", None), (xlrd.XL_CELL_TEXT, "", None),
        (xlrd.XL_CELL_TEXT, "Ia Grai", "Ia Grai"), (xlrd.XL_CELL_NUMBER, 5.0, 5), (xlrd.XL_CELL_NUMBER, 0.5, 0.5),
        (xlrd.XL_CELL_BOOLEAN, 1, True), (xlrd.XL_CELL_DATE, 45422.5, ["2024-05-10"]),
        (xlrd.XL_CELL_DATE, 0.3541666667, "08:30:00"), (xlrd.XL_CELL_DATE, 1e9, 1e9),
        (xlrd.XL_CELL_ERROR, 7, "#DIV/0!"), (xlrd.XL_CELL_ERROR, 42, "#N/A"), (xlrd.XL_CELL_ERROR, 99, "#ERROR!"),
    ],
)  # fmt: skip
def test_cells_cross_to_the_other_process_as_what_they_are(kind, value, said):
    assert cell_value(kind, value) == said


def test_percents_cross_to_the_other_process_in_points():
    assert cell_value(xlrd.XL_CELL_NUMBER, 0.0706, is_percent=True) == [7.06]


def test_days_of_a_workbook_that_counts_from_1904_keep_their_place():
    assert cell_value(xlrd.XL_CELL_DATE, 43960.0, datemode=1) == ["2024-05-10"]


@pytest.mark.parametrize(
    ("script", "code", "detail"),
    [
        (f"import sys; sys.exit({PASSWORD})", "password_protected", None),
        (f"import sys; sys.stderr.write('no such sector'); sys.exit({DAMAGED})", "damaged_workbook", "no such sector"),
        ("import os; os.abort()", "damaged_workbook", "exit -6"),
        ("import time; time.sleep(30)", "damaged_workbook", "1 s"),
    ],
)
def test_reader_that_fails_refuses_the_file_and_nothing_else(tmp_path, monkeypatch, script, code, detail):
    reader = tmp_path / "reader.py"
    reader.write_text(script, encoding="utf-8")
    monkeypatch.setattr(sheets, "READER", reader)
    monkeypatch.setattr(sheets, "LONGEST_READING", 1)

    with pytest.raises(FileRefused) as caught:
        open_sheets(write_xls(tmp_path / "file.xls", [LONG, ROW]))

    assert caught.value.code == code
    assert caught.value.terms.get("detail") == detail


def test_reader_says_what_is_wrong_by_its_exit_code(tmp_path, monkeypatch, capsys):
    path = write_xls(tmp_path / "file.xls", [LONG, ROW])
    monkeypatch.setattr(xls, "limit_itself", lambda: None)

    outcomes = []
    for name in (str(path), str(tmp_path / "nowhere.xls")):
        monkeypatch.setattr(sys, "argv", ["held_reader.py", name])
        outcomes.append(xls.main())

    assert outcomes == [0, DAMAGED]
    assert capsys.readouterr().out.startswith('["Trang 1", false, false, [["')


def test_held_sheet_is_handed_out_in_blocks():
    sheet = HeldSheet("Một", False, tuple([number] for number in range(5)))

    assert [list(block.numbers) for block in sheet.blocks(2)] == [[1, 2], [3, 4], [5]]
    assert sheet.row_count == 5


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), ("Ia Grai", "Ia Grai"), (5, "5"), (5.0, "5"), (0.5, "0.5"), (Percent(50.0), "50"), (True, "TRUE"),
        (date(2024, 5, 10), "10/05/2024"), (datetime(2024, 5, 10, 8), "10/05/2024"),
    ],
)  # fmt: skip
def test_cell_is_shown_as_people_read_it(cell, text):
    assert shown(cell) == text
