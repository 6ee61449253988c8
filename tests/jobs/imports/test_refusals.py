"""What a file is refused for is what is wrong with it, in the reader's language and in a few lines."""

import json
import re
import string
import textwrap
import tomllib
from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from jobs.commands.telling import reader_language
from jobs.imports.files import read_file
from jobs.imports.formats.legacy_fonts import TCVN3, converted, font_of
from jobs.imports.problems import MOST_LISTED, FileRefused, KindUnsure, listed
from models.core.texts import FOLDER, LANGUAGES, gaps
from targets.errors import UnknownName
from tests.jobs.imports_world import DAY, UNITS, Unit, context, readings, write_csv, write_xls, write_xlsx

CASES = Path(__file__).parent.parent / "cases"
MOST_LINES, LINE = 5, 100
IA_PNON = Unit("23999", "commune", "UBND xã Ia Pnôn", "H21.52", gso_code="23999", unit_id=60)
DIEN_HONG = Unit("23998", "commune", "UBND phường Diên Hồng", "H21.65", gso_code="23998", unit_id=61)
WITH_CASES = (*[one for one in UNITS if one.unit_id not in (20, 22)], IA_PNON, DIEN_HONG)


def refused(path, **changes):
    with pytest.raises(FileRefused) as error:
        read_file(path, context(**changes))
    return error.value


# --- fonts of before Unicode ----------------------------------------------------------------------------------------

SPELT = """
    tcvn3                   | vni                       | unicode
    X· Ia Pn«n              | Xaõ Ia Pnoân              | Xã Ia Pnôn
    Ph­êng Diªn Hång        | Phöôøng Dieân Hoàng       | Phường Diên Hồng
    X· Ia B¨ng              | Xaõ Ia Baêng              | Xã Ia Băng
    ThÞ trÊn §¨k §oa        | Thò traán Ñaêk Ñoa        | Thị trấn Đăk Đoa
    HuyÖn Ch­ Pr«ng         | Huyeän Chö Proâng         | Huyện Chư Prông
    Së Giao th«ng vËn t¶i   | Sôû Giao thoâng vaän taûi | Sở Giao thông vận tải
    Sè liÖu tÝnh ®Õn ngµy   | Soá lieäu tính ñeán ngaøy | Số liệu tính đến ngày
    Tû lÖ hå s¬ trùc tuyÕn  | Tyû leä hoà sô tröïc tuyeán | Tỷ lệ hồ sơ trực tuyến
    §¬n vÞ                  | Ñôn vò                    | Đơn vị
    Uû ban nh©n d©n         | Uûy ban nhaân daân        | -
    Quü ®Êt, nghÜa ®Þa      | Quyõ ñaát, nghóa ñòa      | Quỹ đất, nghĩa địa
"""


def drawn(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


@pytest.mark.parametrize(("tcvn3", "vni", "meaning"), drawn(SPELT))
def test_old_fonts_are_read_as_the_table_says(tcvn3, vni, meaning):
    if meaning != "-":
        assert converted(tcvn3, "tcvn3") == meaning
        assert converted(vni, "vni") == meaning

    found = [font_of([words], lambda _: False) for words in (tcvn3, vni)]
    assert [one.font for one in found if one] == [
        font for font, one in zip(("tcvn3", "vni"), found, strict=True) if one
    ]


@given(
    st.text(alphabet="ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ" + string.ascii_letters + " ")
)
def test_every_vietnamese_letter_has_its_place_in_tcvn3(words):
    back = {letter: code for code, letter in TCVN3.items()}

    assert converted("".join(back.get(letter, letter) for letter in words), "tcvn3") == words


@pytest.mark.parametrize(
    "words", ["Xã Ia Pnôn", "Phường Diên Hồng", "Kông Chro", "Mã", "Tên", "Tháng", "Ngày", "Bàu Cạn"]
)
def test_unicode_is_never_taken_for_an_old_font(words):
    assert font_of([words], lambda _: False) is None


def test_case_of_names_in_tcvn3_says_so_and_how_to_bring_it_in():
    error = refused(CASES / "41_tcvn3_names.xlsx", units=WITH_CASES)

    assert error.code == "old_font"
    for language in LANGUAGES:
        said = error.sentence(language)
        assert "TCVN3 (.VnTime)" in said
        assert "“Xã Ia Pnôn”" in said
        assert "--font tcvn3" in said


def test_case_of_names_in_tcvn3_is_read_when_somebody_says_so():
    outcome = readings(CASES / "41_tcvn3_names.xlsx", units=WITH_CASES, font="tcvn3")

    assert [(row[0], row[2].isoformat(), row[6]) for row in outcome.rows] == [
        (60, "2024-04-20", 47.4),
        (61, "2024-04-20", 48.0),
        (21, "2024-04-20", 49.0),
    ]
    assert outcome.problems == []


TCVN3_SHEET = [("Sè liÖu tÝnh ®Õn ngµy 10/5/2024",), ("§¬n vÞ", "Tû lÖ hå s¬ trùc tuyÕn (%)"), ("X· Ia Hrung", 47.4)]
VNI_SHEET = [
    ("Soá lieäu tính ñeán ngaøy 10/5/2024",),
    ("Ñôn vò", "Tyû leä hoà sô tröïc tuyeán (%)"),
    ("Xaõ Ia Hrung", 47.4),
]


def write_ansi(folder, rows):
    return write_csv(folder, rows, delimiter=";", encoding="cp1252")


@pytest.mark.parametrize(
    "write", [write_xlsx, write_csv, write_ansi, lambda folder, rows: write_xls(folder / "file.xls", rows)]
)
@pytest.mark.parametrize(("font", "rows"), [("tcvn3", TCVN3_SHEET), ("vni", VNI_SHEET)])
def test_whole_table_in_an_old_font_is_named_and_read_on_request(tmp_path, write, font, rows):
    path = write(tmp_path, rows)

    assert refused(path).terms["option"] == font
    assert readings(path, font=font).figures == [(24, "online", None, None, 47.4)]


@pytest.mark.parametrize("font", ["unicode", "tcvn3"])
def test_text_of_another_encoding_in_no_old_font_is_refused_as_such(tmp_path, font):
    path = write_csv(tmp_path, [("Unit", "Online rate (%)"), ("Café", 47.4)], encoding="cp1252")

    assert refused(path, font=font).code == "not_utf_8"


def test_headings_in_unicode_above_names_in_an_old_font_stay_as_they_are(tmp_path):
    rows = [
        ("Mã", "Tên", "Ngày", "Trực tuyến (%)"),
        ("", "X· Ia Hrung", "10/05/2024", 47.4),
        ("", "Xã Ia Krai", DAY, 50),
    ]

    assert [figure[0] for figure in readings(write_xlsx(tmp_path, rows), font="tcvn3").figures] == [24, 25]


def test_row_in_an_old_font_far_below_is_refused_with_its_meaning(tmp_path):
    rows = [("Đơn vị", "Ngày", "Trực tuyến (%)"), *[("Xã Ia Hrung", "10/05/2024", 47.4)] * 100, ("X· Ia T«", DAY, 50)]

    outcome = readings(write_xlsx(tmp_path, rows))

    assert outcome.problems == [("Sheet1!A102", "unit_in_old_font")]
    assert "“Xã Ia Tô”" in outcome.rejected[0].sentence("vi")


def test_font_that_does_not_exist_is_refused_by_name(tmp_path):
    with pytest.raises(UnknownName):
        read_file(write_csv(tmp_path, TCVN3_SHEET), context(font="viscii"))


# --- what is no table -----------------------------------------------------------------------------------------------

NO_TABLES = [
    ("a.json", json.dumps([{"unit": "H21", "value": 1}]).encode(), "json_file"),
    ("a.csv", b'{"unit": "H21"}', "json_file"),
    ("a.csv", b"\xef\xbb\xbf [\n {\"unit\": 1}]", "json_file"),
    ("a.txt", b"[1, 2]", "json_file"),
    ("a.csv", b"{}", "json_file"),
    ("a.png", b"\x89PNG\r\n\x1a\n....", "other_document"),
    ("a.csv", b"\xff\xd8\xff\xe0....", "other_document"),
    ("a.csv", b"{\\rtf1 a}", "other_document"),
    ("a.csv", b"Rar!\x1a\x07", "other_document"),
    ("a.csv", b"\x1f\x8b\x08....", "other_document"),
    ("a.txt", "Kính gửi UBND tỉnh\nXin báo cáo số liệu tuần này.\n".encode(), "not_a_table"),
    ("a.csv", b"a,b\n1,2\n", "header_not_found"),
    ("a.csv", "[Đơn vị],b\n1,2\n".encode(), "header_not_found"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "code"), NO_TABLES)
def test_file_that_is_no_table_is_told_what_it_is(tmp_path, name, content, code):
    (tmp_path / name).write_bytes(content)

    assert refused(tmp_path / name).code == code


# --- the day before the kind ----------------------------------------------------------------------------------------


def test_case_of_a_week_without_a_day_is_asked_for_the_day():
    error = refused(CASES / "47_week_title_no_day.xlsx", units=WITH_CASES)

    assert error.code == "no_day"
    assert "“Tính đến ngày”" in error.sentence("vi")


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Số liệu tuần 3 tháng 4 năm 2024", "no_day"),
        ("Số liệu tháng 4/2024", "no_day"),
        ("Số liệu tuần này", "no_day"),
        ("", "no_day"),
        ("Kết quả năm 2022", "kind_unsure"),
    ],
)
def test_kind_is_only_asked_for_where_it_is_the_trouble(tmp_path, title, code):
    error = refused(write_xlsx(tmp_path, [(title,), ("Đơn vị", "Trực tuyến (%)"), ("Xã Ia Hrung", 47.4)]))

    assert error.code == code
    assert isinstance(error, KindUnsure) == (code == "kind_unsure")


# --- in a few lines, in the reader's language -----------------------------------------------------------------------


SENTENCES = tomllib.loads((FOLDER / "problems.vi.toml").read_text(encoding="utf-8"))["problem"]
OF_FILES = [code for code, said in SENTENCES.items() if "place" not in gaps(said)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", OF_FILES)
def test_refusal_fits_in_five_lines(code, language):
    needed = gaps(SENTENCES[code])
    long = {name: "1" if name in ("line", "size", "limit", "most", "count") else "x" * 40 for name in needed}
    result = {**long, **({"name": "t" * 200 + ".xlsx"} if "name" in needed else {})}
    if "found" in needed:
        result["found"] = listed(f"cột số {number}" for number in range(200))

    said = FileRefused(code, **result).sentence(language)

    assert len(textwrap.wrap(said, LINE)) <= MOST_LINES


def test_table_of_many_columns_names_the_first_of_them(tmp_path):
    assert listed(map(str, range(20))).endswith("(+12)")
    assert listed(map(str, range(MOST_LISTED))) == ", ".join(map(str, range(MOST_LISTED)))


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "vi"),
        ({"LANG": "C.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "vi_VN.UTF-8"}, "vi"),
    ],
)
def test_command_line_speaks_the_environments_language_and_vietnamese_else(monkeypatch, environment, language):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert reader_language() == language


# --- what is told in other measures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "numerator"),
    [
        ("Số liệu tính đến ngày 10/5/2024. Đơn vị tính: nghìn hồ sơ", "Tử số"),
        ("Số liệu tính đến ngày 10/5/2024 (ĐVT: 1.000 hồ sơ)", "Tử số"),
        ("Số liệu tính đến ngày 10/5/2024", "Tử số (nghìn hồ sơ)"),
        ("Số liệu tính đến ngày 10/5/2024", "Tử số (triệu)"),
    ],
)
def test_counts_in_thousands_are_never_read_as_cases(tmp_path, title, numerator):
    headings = ("Đơn vị", "Chỉ số", numerator, "Mẫu số")
    error = refused(write_xlsx(tmp_path, [(title,), headings, ("Xã Ia Hrung", "Trực tuyến", 12, 30)]))

    assert error.code == "counts_in_thousands"
    assert "nghìn" in error.sentence("vi")


def test_other_columns_may_be_in_thousands_of_people(tmp_path):
    rows = [
        ("Số liệu tính đến ngày 10/5/2024",),
        ("Đơn vị", "Dân số (nghìn người)", "Tỷ lệ hồ sơ trực tuyến (%)"),
        ("Xã Ia Hrung", 12, 47.4),
    ]

    assert readings(write_xlsx(tmp_path, rows)).figures == [(24, "online", None, None, 47.4)]


@pytest.mark.parametrize("is_inline", [False, True])
def test_footnotes_raised_mark_is_no_digit_of_the_figure(tmp_path, is_inline):
    path = tmp_path / "raised.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, raised = book.add_worksheet(), book.add_format({"font_script": 1})
        sheet.write_row(0, 0, ["Số liệu tính đến ngày 10/5/2024"])
        sheet.write_row(1, 0, ["Đơn vị", "Tỷ lệ hồ sơ trực tuyến (%)"])
        sheet.write_row(2, 0, ["Xã Ia Hrung", 47.4])
        sheet.write(3, 0, "Xã Ia O")
        sheet.write_rich_string(3, 1, "4", raised, "2", " ")
    if is_inline:
        inline_strings(path)

    outcome = readings(path)

    assert 42 not in [figure[4] for figure in outcome.figures]
    assert [row[4] for row in outcome.figures] == [47.4]


def inline_strings(path):
    """The same workbook with its texts in the cells themselves."""
    with ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    texts = re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.DOTALL)
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = re.sub(
        r'<c ([^>]*)t="s"([^>]*)><v>(\d+)</v></c>',
        lambda cell: f'<c {cell[1]}t="inlineStr"{cell[2]}><is>{texts[int(cell[3])]}</is></c>',
        sheet,
    ).encode()
    with ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
