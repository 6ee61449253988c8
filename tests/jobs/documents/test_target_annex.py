"""The annex of targets: the official form, numbers that stay numbers, marks, and nothing a spreadsheet would run."""

import io
from dataclasses import replace
from decimal import Decimal

import docx
import openpyxl

from jobs.documents.target_annex import Annex, AnnexCell, AnnexHead, AnnexLine, as_docx, as_workbook
from jobs.documents.writable import unbroken

RISKY = '=HYPERLINK("http://x")'
ANNEX = Annex(
    language="vi",
    authority="UBND TỈNH P",
    title=("PHỤ LỤC", "CHỈ TIÊU GIAO"),
    document="(Kèm theo văn bản số 629/KH)",
    mark="SỐ LIỆU MÔ PHỎNG – MINH HỌA",
    number_title="STT",
    unit_title="Đơn vị",
    heads=(
        AnnexHead("Trực tuyến", ("Kết quả 2023", "50 ngày", "100 ngày")),
        AnnexHead("Thanh toán", ("Kết quả 2023", "50 ngày", "100 ngày")),
    ),
    lines=(
        AnnexLine(
            "I. Sở",
            "Sở Một",
            (
                *(
                    AnnexCell(Decimal("67.37"), "*"),
                    AnnexCell(Decimal("72.5")),
                    AnnexCell(Decimal(60)),
                ),
                *(AnnexCell(None, "–"), AnnexCell(None, "chưa có"), AnnexCell(None, "chưa có")),
            ),
        ),
        AnnexLine("I. Sở", RISKY, (AnnexCell(Decimal(1)),) * 6),
        AnnexLine("II. Huyện", "UBND huyện Một", (AnnexCell(Decimal("33.333333")),) * 6),
    ),
    notes=("*: minh họa.", "+1"),
    sheet="Phụ lục",
)


def sheet_of(annex=ANNEX):
    return openpyxl.load_workbook(io.BytesIO(as_workbook(annex)))[annex.sheet]


def texts_of(sheet):
    return [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)]


def row_of(sheet, words):
    return next(row for row in sheet.iter_rows() if words in (cell.value for cell in row))


def test_annex_opens_with_authority_title_document_and_mark():
    column = [row[0].value for row in sheet_of().iter_rows(max_row=5)]

    assert column == ["UBND TỈNH P", "PHỤ LỤC", "CHỈ TIÊU GIAO", ANNEX.document, ANNEX.mark]


def test_annex_of_real_figures_carries_no_mark():
    assert not [words for words in texts_of(sheet_of(replace(ANNEX, mark=""))) if "MÔ PHỎNG" in words]


def test_each_indicator_stands_above_its_columns():
    sheet = sheet_of()

    heads = [cell.value for cell in row_of(sheet, "Trực tuyến")]
    columns = [cell.value for cell in row_of(sheet, "Kết quả 2023")]
    assert (heads[2], heads[5]) == ("Trực tuyến", "Thanh toán")
    assert columns[2:] == ["Kết quả 2023", "50 ngày", "100 ngày"] * 2


def test_units_are_numbered_anew_in_each_group():
    sheet = sheet_of()

    assert [row_of(sheet, unit)[0].value for unit in ("Sở Một", RISKY, "UBND huyện Một")] == [1, 2, 1]
    assert row_of(sheet, "II. Huyện")[0].value == "II. Huyện"


def test_percents_are_numbers_that_read_as_they_were_decided():
    cells = row_of(sheet_of(), "Sở Một")[2:]

    assert [cell.value for cell in cells[:3]] == [67.37, 72.5, 60]
    formats = [cell.number_format.split("]")[1] for cell in cells[:3]]
    assert formats == ['0.00"%*"', '0.0"%"', '0"%"']


def test_value_with_many_decimals_stays_exact_and_shows_two():
    cell = row_of(sheet_of(), "UBND huyện Một")[2]

    assert (cell.value, cell.number_format.partition("0.")[2].count("0")) == (33.333333, 2)


def test_what_is_not_known_says_so():
    assert [cell.value for cell in row_of(sheet_of(), "Sở Một")[5:]] == ["–", "chưa có", "chưa có"]


def test_no_text_becomes_a_formula():
    result = replace(ANNEX, authority="=1+1", document="@x", unit_title="-1", number_title="+2")

    cells = [cell for row in sheet_of(result).iter_rows() for cell in row]

    assert {cell.data_type for cell in cells if cell.value in (RISKY, "=1+1", "@x", "-1", "+2", "+1")} == {"s"}
    assert not [cell for cell in cells if cell.data_type == "f"]


def test_headings_stay_in_sight_and_on_every_sheet_of_paper():
    sheet = sheet_of()

    assert sheet.freeze_panes == "C9"
    assert sheet.print_title_rows == "$7:$8"


# --- as a text to be signed -----------------------------------------------------------------------------------------


def document_of(annex=ANNEX):
    return docx.Document(io.BytesIO(as_docx(annex)))


def test_text_opens_with_authority_title_and_document_and_is_marked_on_every_page():
    document = document_of()

    [section] = document.sections
    assert [line.text for line in document.paragraphs[:4]] == [
        ANNEX.authority, *ANNEX.title, unbroken(ANNEX.document),
    ]  # fmt: skip
    assert {section.footer.paragraphs[0].text, section.first_page_footer.paragraphs[0].text} == {ANNEX.mark}


def test_text_of_real_figures_carries_no_mark():
    [section] = document_of(replace(ANNEX, mark="")).sections

    assert {section.footer.paragraphs[0].text, section.first_page_footer.paragraphs[0].text} == {""}


def test_text_has_every_unit_with_its_values_and_what_is_said_of_them():
    [table] = document_of().tables

    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0][2:] == ["Trực tuyến"] * 3 + ["Thanh toán"] * 3
    assert rows[2] == ["I. Sở"] * 8
    assert rows[3] == ["1", "Sở Một", "67,37%*", "72,5%", "60%", "–", "chưa có", "chưa có"]
    assert rows[4][:2] == ["2", RISKY]
    assert rows[6][:3] == ["1", "UBND huyện Một", "33,33%"]


WIDE = replace(
    ANNEX,
    heads=tuple(AnnexHead(name, ("Kết quả 2023", "50 ngày", "100 ngày", "Duy trì")) for name in "ABCDEF"),
    lines=tuple(replace(line, cells=tuple(AnnexCell(Decimal(number)) for number in range(24))) for line in ANNEX.lines),
)
"""Six indicators of four columns each."""


def test_annex_is_printed_on_a4_lying_in_both_files():
    [section] = document_of().sections

    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert (sheet_of().page_setup.paperSize, sheet_of().page_setup.orientation) == (9, "landscape")


def test_more_columns_than_can_be_read_go_into_further_tables_with_every_unit():
    book = openpyxl.load_workbook(io.BytesIO(as_workbook(WIDE)))

    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in document_of(WIDE).tables]
    assert [list(dict.fromkeys(table[0][2:])) for table in tables] == [["A", "B"], ["C", "D"], ["E", "F"]]
    assert [row[2] for row in (table[3] for table in tables)] == ["0%", "8%", "16%"]
    assert [row_of(sheet, "Sở Một")[2].value for sheet in book] == [0, 8, 16]
    assert all(sheet.print_title_rows for sheet in book)


def test_text_repeats_its_headings_and_never_tears_a_line():
    [table] = document_of().tables

    marked = [{child.tag.rpartition("}")[2] for child in row._tr.trPr} for row in table.rows]
    assert marked[:2] == [{"cantSplit", "tblHeader"}] * 2
    assert marked[2:] == [{"cantSplit"}] * 5


def test_results_of_a_column_have_a_decimal_each_and_targets_those_they_were_given():
    results = [AnnexCell(Decimal(number), is_result=True) for number in ("14", "13.8", "0.98", "33.333333")]
    cells = [(result, AnnexCell(Decimal(60)), AnnexCell(None, "–")) for result in results]
    annex = replace(ANNEX, heads=ANNEX.heads[:1], lines=tuple(AnnexLine("I. Sở", "Sở", each) for each in cells))

    paper = docx.Document(io.BytesIO(as_docx(annex))).tables[0]
    sheet = [row[2] for row in sheet_of(annex).iter_rows() if row[1].value == "Sở"]

    assert [row.cells[2].text for row in paper.rows[-4:]] == ["14,0%", "13,8%", "0,98%", "33,33%"]
    assert {row.cells[3].text for row in paper.rows[-4:]} == {"60%"}
    assert [cell.number_format.partition("]")[2] for cell in sheet] == ['0.0"%"', '0.0"%"', '0.00"%"', '0.00"%"']
