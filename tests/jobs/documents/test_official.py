"""The official form: what stands at the top, in what letters, within which margins, and who signs at the end."""

import io
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from jobs.documents.official import Column, Heading, Official, OfficialTable, Paragraph, Row, as_docx
from models.core.texts import LANGUAGES, text

TABLE = OfficialTable(
    columns=(Column("STT", 10), Column("Đơn vị", 100, "left"), Column("Đạt", 50, "right")),
    rows=(Row(("I. Sở",)), Row(("1", "Sở <Một> & \x07Hai", "60%")), Row(("", "Cộng", "60%"), is_total=True)),
)
REPORT = Official(
    language="vi",
    issuer="UBND TỈNH GIA LAI",
    number="Số:       /BC-UBND",
    place_and_date="Gia Lai, ngày 07 tháng 5 năm 2024",
    kind="BÁO CÁO",
    title="Kết quả tuần",
    period="(Từ ngày 01/05/2024 đến ngày 07/05/2024)",
    blocks=(Heading("I. TÌNH HÌNH"), Paragraph("Tỉnh đạt 1/6."), Paragraph("Sở Một", is_item=True), TABLE),
    recipients=("Như trên;", "Lưu: VT."),
    signature=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    signer="Nguyễn Văn A",
    mark="SỐ LIỆU MÔ PHỎNG",
    properties={"title": "Kết quả tuần"},
)


def opened(official=REPORT):
    return docx.Document(io.BytesIO(as_docx(official)))


def lines_of(cell):
    return [line.text.replace("\xa0", " ") for line in cell.paragraphs if line.text]


@pytest.mark.parametrize("language", LANGUAGES)
def test_head_has_body_and_number_at_left_and_motto_and_date_at_right(language):
    left, right = opened(replace(REPORT, language=language)).tables[0].rows[0].cells

    assert lines_of(left) == [REPORT.issuer, REPORT.number]
    assert lines_of(right) == [
        text("official.republic", language), text("official.motto", language), REPORT.place_and_date,
    ]  # fmt: skip


def test_body_above_the_issuer_comes_first():
    left = opened(replace(REPORT, superior="CHÍNH PHỦ")).tables[0].rows[0].cells[0]

    assert lines_of(left)[:2] == ["CHÍNH PHỦ", "UBND TỈNH GIA LAI"]


def test_report_says_its_kind_title_and_period_before_its_body():
    said = lines_of(opened())

    assert said[:6] == [
        "BÁO CÁO", "Kết quả tuần", REPORT.period, "I. TÌNH HÌNH", "Tỉnh đạt 1/6.", "- Sở Một",
    ]  # fmt: skip


def test_letter_says_what_it_is_about_below_its_number_and_whom_it_is_for():
    letter = opened(replace(REPORT, kind="", title="V/v đôn đốc", addressee="Kính gửi: Sở Một"))

    assert lines_of(letter.tables[0].rows[0].cells[0])[-1] == "V/v đôn đốc"
    assert next(line.text for line in letter.paragraphs if line.text) == "Kính gửi: Sở Một"


def test_page_has_the_margins_and_letters_of_the_decree():
    document = opened()

    [section] = document.sections
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 20]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.styles["Normal"].font.name == "Times New Roman"
    body = next(line for line in document.paragraphs if line.text == "Tỉnh đạt 1/6.")
    assert (body.runs[0].font.size, round(body.paragraph_format.first_line_indent / Mm(1))) == (Pt(14), 10)


def test_pages_are_numbered_from_the_second_on_and_all_are_marked():
    [section] = opened().sections

    assert "PAGE" in section.header._element.xml
    assert "PAGE" not in section.first_page_header._element.xml
    assert section.footer.paragraphs[0].text == section.first_page_footer.paragraphs[0].text == REPORT.mark


def test_table_holds_what_anybody_wrote_as_text():
    table = opened().tables[1]

    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["STT", "Đơn vị", "Đạt"]
    assert rows[2] == ["1", "Sở <Một> & Hai", "60%"]
    assert table.rows[3].cells[1].paragraphs[0].runs[0].bold


def test_empty_cell_is_no_higher_than_a_full_one():
    """The mark that ends a paragraph has a size of its own, which is all that an empty cell has."""
    empty = OfficialTable(columns=(Column("Kết quả", 20), Column("+/−", 10)), rows=(Row(("—", "")),), size=8)

    table = docx.Document(io.BytesIO(as_docx(replace(REPORT, blocks=(empty,))))).tables[1]

    marks = [cell.paragraphs[0]._p.pPr.find(qn("w:rPr")) for row in table.rows for cell in row.cells]
    assert {mark.find(qn("w:sz")).get(qn("w:val")) for mark in marks} == {"16"}


def test_end_has_recipients_at_left_and_signature_at_right():
    left, right = opened().tables[-1].rows[0].cells

    assert lines_of(left) == ["Nơi nhận:", "- Như trên;", "- Lưu: VT."]
    assert lines_of(right) == ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Nguyễn Văn A"]


def test_document_that_nobody_signs_ends_with_its_body():
    assert len(opened(replace(REPORT, recipients=(), signature=())).tables) == 2


def test_no_column_of_a_table_is_narrower_than_its_longest_word_where_there_is_room():
    """A date or a figure that a cell cannot hold would be parted; where nothing helps each column gets its share."""
    row = Row(("1", "17/05/2024", "23,7%"))
    narrow = OfficialTable(columns=(Column("STT", 100), Column("Hạn", 8), Column("Đạt", 8)), rows=(row,))
    crowded = replace(narrow, columns=tuple(Column(each.title, 5) for each in narrow.columns))

    widths, pressed = (
        [int(column.get(qn("w:w"))) for column in docx.Document(io.BytesIO(as_docx(replace(REPORT, blocks=(table,)))))
         .tables[1]._tbl.tblGrid]
        for table in (narrow, crowded)
    )  # fmt: skip

    millimetres = [width * 25.4 / 1440 for width in widths]
    assert sum(millimetres) == pytest.approx(116, abs=0.2)
    assert millimetres[1] > 20
    assert millimetres[2] > 10
    assert pressed[1] > pressed[0]


def test_several_papers_in_one_file_each_begin_on_a_page_of_their_own_with_page_one():
    document = docx.Document(io.BytesIO(as_docx(REPORT, replace(REPORT, title="Hai"), replace(REPORT, title="Ba"))))

    titles = [line for line in lines_of(document) if line in ("Kết quả tuần", "Hai", "Ba")]
    starts = [section._sectPr.find(qn("w:pgNumType")) for section in document.sections]
    assert titles == ["Kết quả tuần", "Hai", "Ba"]
    assert [each is not None and each.get(qn("w:start")) for each in starts] == [False, "1", "1"]


def test_annex_lies_on_its_side_behind_the_signature():
    document = opened(replace(REPORT, annex=(Heading("Phụ lục"), TABLE)))

    upright, wide = document.sections
    assert upright.page_width < upright.page_height
    assert wide.page_width > wide.page_height
    assert lines_of(document)[-1] == "Phụ lục"
