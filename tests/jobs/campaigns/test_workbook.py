"""A campaign as one workbook: the same content as its folder, read leniently, its mistakes named by sheet and cell."""

import io
import re
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.campaigns.workbook.forms import GUIDE, forms
from jobs.campaigns.workbook.reading import CampaignWorkbookError, read_workbook
from jobs.campaigns.workbook.writing import write_workbook
from jobs.wording.mistakes import mistake_words
from models.catalogue import CampaignFiles, load_campaign_files, load_campaign_texts
from models.catalogue.declared import Key, declared_keys
from models.catalogue.editing import KeyEdit, RowEdit, edited
from models.core.settings import CAMPAIGNS
from models.core.texts import LANGUAGES, texts
from tests.bundled_campaigns import bundled_keys
from tests.campaign_folders import write_small

FACTS = [each.name for each in fields(CampaignFiles) if each.name not in ("fingerprint", "texts")]


@pytest.fixture
def small(tmp_path: Path) -> CampaignFiles:
    return load_campaign_files(write_small(tmp_path / "small"))


def written(files: CampaignFiles, path: Path, change: Callable[[Any], None] = lambda _: None, language="vi") -> Path:
    """The campaign's workbook on the disk, changed as somebody with Excel would."""
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(files.texts, language)))
    change(book)
    book.save(path / "campaign.xlsx")
    return path / "campaign.xlsx"


def facts(files: CampaignFiles) -> list[Any]:
    return [getattr(files, name) for name in FACTS]


def line(sheet: Any, label: str) -> Any:
    """The cell beside a heading of the sheet on the campaign itself."""
    return next(row[1] for row in sheet.iter_rows() if str(row[0].value).removesuffix(" *") == label)


def column(sheet: Any, label: str) -> int:
    return next(cell.column for cell in sheet[1] if str(cell.value).removesuffix(" *") == label)


# --- round trip -----------------------------------------------------------------------------------------------------


@pytest.mark.daily(1)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", bundled_keys("gia-lai-2024", "cap-huyen-30-ngay"))
def test_every_bundled_campaign_comes_back_as_it_was(folder, language, tmp_path):
    files = load_campaign_files(CAMPAIGNS / folder)
    (tmp_path / "book.xlsx").write_bytes(write_workbook(files.texts, language))

    alone = read_workbook(tmp_path / "book.xlsx")
    over_the_old = read_workbook(tmp_path / "book.xlsx", before=files.texts)

    assert facts(alone) == facts(files)
    assert over_the_old.texts == files.texts, "what says the same stays byte for byte"


@pytest.mark.parametrize("is_alone", [True, False])
def test_changes_of_units_and_grades_of_a_survey_come_back_too(is_alone, small, tmp_path):
    survey = "indicators/publicity.toml"
    grades = "".join(
        f'\n[[grades]]\nkey = "{key}"\nname = {{ vi = "muc {key}", en = "grade {key}" }}\n' for key in "abc"
    )
    contents = dict(small.texts) | {
        survey: b'counts_from = "b"\n' + small.texts[survey] + grades.encode(),
        "unit_changes.csv": b"day,kind,unit,to,share,former,counts,document\n2024-03-20,rename,S1,,,So cu,,\n",
    }
    files = load_campaign_texts(contents)
    (tmp_path / "book.xlsx").write_bytes(write_workbook(files.texts, "vi"))

    back = read_workbook(tmp_path / "book.xlsx", **({} if is_alone else {"before": files.texts}))

    assert facts(back) == facts(files)
    assert (back.campaign.indicator("publicity").grades, len(back.campaign.unit_changes)) == (("a", "b", "c"), 1)


@pytest.mark.parametrize("written_so", ["[" * 5000, "9" * 5000, "{ a = nan }", "{ a = "])
def test_options_that_no_reader_takes_are_a_mistake_of_their_cell(written_so, small, tmp_path):
    def change(book: Any) -> None:
        sheet = book["Nguồn"]
        sheet.cell(3, column(sheet, "Tùy chọn")).value = written_so

    (place,) = refused(written(small, tmp_path, change))

    assert place.startswith("Nguồn!")


def test_number_of_a_phase_is_one_number(small, tmp_path):
    def change(book: Any) -> None:
        sheet = book["Chỉ số"]
        sheet.cell(3, column(sheet, "Mức chung (%)")).value = "first = 1; b = c = 3"

    found = refused(written(small, tmp_path, change))

    assert any(place.startswith("Chỉ số!") and "Mức chung" in place for place in found)


def test_number_stays_as_its_file_wrote_it(small, tmp_path):
    place = {"indicator": "online", "year": "2024", "level": ""}
    files = load_campaign_texts(edited(small.texts, [RowEdit("central.csv", place, {"value": "50.0"})]))
    path = written(files, tmp_path, lambda book: line(book["Chiến dịch"], "Ít hồ sơ khi dưới").__setattr__("value", 7))

    again = read_workbook(path, before=files.texts)

    assert [file for file in files.texts if again.texts[file] != files.texts[file]] == ["campaign.toml"]


NUMBERS = st.decimals(min_value=0, max_value=100, places=3)
CHANGES = st.lists(
    st.one_of(
        st.builds(lambda value: KeyEdit("campaign.toml", ("figures", "least_coverage"), value), NUMBERS),
        st.builds(lambda text: KeyEdit("campaign.toml", ("title", "vi"), text), st.text("aă Đế=#'\"[{;", min_size=1)),
        st.builds(lambda text: KeyEdit("campaign.toml", ("phases", "first", "name", "en"), text), st.none()),
        st.builds(lambda flag: KeyEdit("campaign.toml", ("score_bands", "confirmed"), flag), st.booleans()),
        st.builds(
            lambda words: KeyEdit("indicators/online.toml", ("aliases",), tuple(f"tên {word}" for word in words)),
            st.sets(st.integers(0, 9), max_size=3),
        ),
        st.builds(
            lambda time, way: KeyEdit(
                "indicators/online.toml", ("knots",), ({"phase": "first", "time": time, "way": way},)
            ),
            st.decimals(min_value=1, max_value=99, places=1),
            NUMBERS,
        ),
        st.builds(
            lambda nested: KeyEdit("sources.toml", ("file", "options"), nested),
            st.fixed_dictionaries({"tables": st.lists(st.text("a=[]\"'\\", max_size=4)), "rows": st.integers(0, 9)}),
        ),
        st.builds(
            lambda code: KeyEdit("sources.toml", ("file", "units"), {code.strip() or "H": "S1"}),
            st.text("aH.0 Đ", min_size=1),
        ),
        st.builds(
            lambda value: RowEdit(
                "central.csv", {"indicator": "online", "year": "2024", "level": ""}, {"value": f"{value:f}"}
            ),
            NUMBERS,
        ),
        st.builds(
            lambda code, day: RowEdit("units.csv", {"code": "S1"}, {"gso_code": code, "valid_from": day.isoformat()}),
            st.text("0123456789", min_size=2, max_size=5).map(lambda digits: f"9{digits}"),
            st.dates(date(2001, 1, 1), date(2023, 12, 31)),
        ),
    ),
    max_size=5,
)


@pytest.mark.soak
@given(changes=CHANGES)
@settings(max_examples=8, deadline=None)
def test_changed_campaigns_come_back_as_they_were(tmp_path_factory, changes):
    folder = tmp_path_factory.mktemp("book")
    try:
        files = load_campaign_texts(edited(load_campaign_files(write_small(folder / "small")).texts, changes))
    except Exception:  # noqa: BLE001 - a title of blanks: the loader says so, there is nothing to carry over
        return
    (folder / "book.xlsx").write_bytes(write_workbook(files.texts, "vi"))

    assert facts(read_workbook(folder / "book.xlsx")) == facts(files)


def test_every_key_of_every_reader_has_its_column_once():
    places = [(form.file, column.key.place) for form in forms() for column in form.columns if column.of != "id"]

    assert sorted(places) == sorted((key.file, key.place) for key in declared_keys())


def test_every_sheet_and_heading_has_words_in_both_languages():
    for language in LANGUAGES:
        for form in forms():
            assert f"campaign.sheet.{form.slug}" in texts(language), form.slug
            labels = [column.label(language) for column in form.columns]
            assert len(set(labels)) == len(labels), f"{form.slug}: two columns have one heading: {labels}"
            assert not {column.slug for column in form.columns} & set(labels), form.slug


def test_an_indicator_needs_no_more_than_eight_keys():
    needed = [key for key in declared_keys() if key.file == "indicators/" and not key.is_optional]

    assert len({key.place.partition(".")[0] for key in needed}) <= 8


# --- as people write ------------------------------------------------------------------------------------------------


def test_cells_are_read_as_offices_write_them(small, tmp_path):
    def change(book: Any) -> None:
        own = book["Chiến dịch"]
        line(own, "Ngày bắt đầu").value = "4-3-2024"
        line(own, "Ngày kết thúc").value = "12/4"
        line(own, "Ít hồ sơ khi dưới").value = "1.250"
        line(own, "Hai nguồn khác nhau quá (điểm phần trăm)").value = "2,5"
        line(own, "Có khả năng đạt, từ").value = "85%"
        line(own, "Đã có văn bản xác nhận các mức").value = "Có"
        central = book["Chỉ tiêu Trung ương"]
        central.cell(3, column(central, "Giá trị (%)")).value = "41,6 %"

    files = read_workbook(written(small, tmp_path, change))

    campaign = files.campaign
    assert (campaign.start, campaign.end) == (date(2024, 3, 4), date(2024, 4, 12))
    assert campaign.small_volume == 1250
    assert campaign.disagreement_points == Decimal("2.5")
    assert campaign.thresholds.likely == Decimal("0.85")
    assert campaign.score_bands_confirmed
    assert files.central[0].value == Decimal("41.6")


def test_rows_are_added_with_names_for_keys(small, tmp_path):
    def change(book: Any) -> None:
        sheet = book["Chỉ số"]
        row = sheet.max_row + 1
        said = {
            "Tên (tiếng Việt)": "Hồ sơ trả trước hạn", "Tử số (tiếng Việt)": "hồ sơ trả trước hạn",
            "Mẫu số (tiếng Việt)": "hồ sơ đã trả", "Thứ tự nguồn": small.campaign.sources[0].name.vi,
            "Nguyên tắc": "một mức chung", "Mức chung (%)": 60,
        }  # fmt: skip
        for label, value in said.items():
            sheet.cell(row, column(sheet, label)).value = value
        results = book["Kết quả năm trước"]
        last = results.max_row + 1
        for label, value in {
            "Đơn vị": "S1",
            "Chỉ số": "Hồ sơ trả trước hạn",
            "Năm": 2023,
            "Giá trị (%)": 12.5,
            "Căn cứ": "báo cáo",
        }.items():
            results.cell(last, column(results, label)).value = value

    files = read_workbook(written(small, tmp_path, change))

    added = files.campaign.indicator("ho-so-tra-truoc-han")
    assert (added.order, added.rule.value, added.short_name) == (
        len(small.campaign.indicators) + 1,
        Decimal(60),
        added.name,
    )
    assert added.name.en == "Hồ sơ trả trước hạn"
    assert (files.baselines[-1].indicator, files.baselines[-1].value) == (added.key, Decimal("12.5"))


# --- what is wrong --------------------------------------------------------------------------------------------------


def refused(path: Path, language: str = "vi") -> dict[str, str]:
    with pytest.raises(CampaignWorkbookError) as mistakes:
        read_workbook(path, language=language)
    for each in mistakes.value.problems:
        assert each.code == "sheet_missing" or re.fullmatch(r"[A-Z]+\d+( \(.+\))?", each.where), each
    return {f"{each.file}!{each.where}": mistake_words(each, language) for each in mistakes.value.problems}


def test_every_mistake_names_sheet_cell_and_what_to_write(small, tmp_path):
    def change(book: Any) -> None:
        line(book["Chiến dịch"], "Ngày bắt đầu").value = "hôm qua"
        sheet = book["Giai đoạn"]
        sheet.cell(3, column(sheet, "Đến hạn")).value = date(2024, 5, 1)
        units = book["Đơn vị"]
        units.cell(4, column(units, "Đơn vị cấp trên")).value = "KHONG"
        results = book["Kết quả năm trước"]
        results.cell(3, column(results, "Giá trị (%)")).value = "hơn 40%"
        rule = book["Chỉ số"]
        rule.cell(3, column(rule, "Nguyên tắc")).value = "tùy ý"

    found = refused(written(small, tmp_path, change))

    assert "ghi ngày" in found["Chiến dịch!B5 (Ngày bắt đầu)"]
    assert "chưa có" in found["Đơn vị!D4 (Đơn vị cấp trên)"]
    assert "«hơn 40%»" in found["Kết quả năm trước!D3 (Giá trị (%))"]
    assert "một mức chung" in next(words for place, words in found.items() if place.startswith("Chỉ số!"))
    assert len(found) == 4, found


def test_mistake_of_a_change_of_units_is_named_by_its_cell(small, tmp_path):
    def change(book: Any) -> None:
        sheet = book["Thay đổi đơn vị"]
        for label, value in (("Từ ngày", date(2024, 3, 20)), ("Thay đổi", "sáp nhập"), ("Đơn vị", "X4")):
            sheet.cell(3, column(sheet, label)).value = value

    found = refused(written(small, tmp_path, change))

    assert found == {"Thay đổi đơn vị!D3 (Sang đơn vị)": "để trống; “sáp nhập” phải có."}


def test_what_would_be_lost_is_named(small, tmp_path):
    def change(book: Any) -> None:
        book["Đơn vị"].cell(1, column(book["Đơn vị"], "Điện thoại")).value = "Số máy"
        book["Chiến dịch"].append(["Ghi chú thêm", "quan trọng"])

    book = written(small, tmp_path, change)

    found = refused(book)
    assert "«Số máy»" in found["Đơn vị!J1"]
    assert any("«Ghi chú thêm»" in words for words in found.values())


def test_key_of_two_rows_is_named(small, tmp_path):
    def change(book: Any) -> None:
        for name in ("Cấp", "Chỉ số", "Nguồn", "Giai đoạn"):
            book[name].cell(4, 1).value = book[name].cell(3, 1).value

    found = refused(written(small, tmp_path, change))

    assert sum("đã dùng ở một dòng trên" in words for words in found.values()) >= 3, found


def test_row_about_what_no_other_sheet_has_is_named_once(small, tmp_path):
    def change(book: Any) -> None:
        book["Lộ trình"].append(["Chỉ số lạ", "first", 40, 20])
        book["Mã đơn vị theo nguồn"].append(["nguồn lạ", "H1", "S1"])

    found = refused(written(small, tmp_path, change))

    assert [words.partition(" chưa có")[0] for words in found.values()] == [
        "nêu chỉ số «Chỉ số lạ»", "nêu nguồn «nguồn lạ»",
    ]  # fmt: skip


@pytest.mark.parametrize("sheet", ["Giai đoạn", "Cấp", "Đơn vị", "Chỉ số", "Nguồn"])
def test_sheet_without_a_row_is_named(small, tmp_path, sheet):
    path = written(small, tmp_path, lambda book: book[sheet].delete_rows(3, 100))

    assert [words for place, words in refused(path).items() if place.startswith(f"{sheet}!")]


def test_cell_that_is_no_options_is_said_as_it_was_written(small, tmp_path):
    def change(book: Any) -> None:
        book["Nguồn"].cell(3, column(book["Nguồn"], "Tùy chọn")).value = "bảng 1"

    assert any("«bảng 1»" in words for words in refused(written(small, tmp_path, change)).values())


def test_missing_sheet_is_named(small, tmp_path):
    found = refused(written(small, tmp_path, lambda book: book.remove(book["Đơn vị"])))

    assert any("Đơn vị" in place for place in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mistakes_are_worded_in_the_language_of_the_reader(small, tmp_path, language):
    book = written(small, tmp_path, lambda book: setattr(book.worksheets[1]["B3"], "value", None), language=language)

    said = " ".join(refused(book, language).values())

    assert ("chưa ghi" in said) is (language == "vi")


# --- what Excel shows -----------------------------------------------------------------------------------------------


def test_workbook_explains_and_offers_lists(small):
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(small.texts, "vi")))

    sheet = book["Kết quả năm trước"]
    lists = {
        str(each.sqref).split(":")[0]: each.formula1
        for each in sheet.data_validations.dataValidation
        if each.type == "list"
    }
    assert lists["B3"].startswith("'Chỉ số'!$")
    assert sheet["A2"].value.startswith(GUIDE)
    assert book["ⓘ"].sheet_state == "hidden"
    assert isinstance(declared_keys()[0], Key)


# --- the public lists of units --------------------------------------------------------------------------------------

THREE_LEVELS = [
    ("Tỉnh Thành Phố", "Mã TP", "Quận Huyện", "Mã QH", "Phường Xã", "Mã PX", "Cấp"),
    ("Tỉnh Cao Bằng", "04", "Thành phố Cao Bằng", "040", "Phường Sông Hiến", "01267", "Phường"),
    ("Tỉnh Gia Lai", "64", "Huyện Ia Grai", "628", "Xã Ia Hrung", "23728", "Xã"),
    ("Tỉnh Gia Lai", "64", "Huyện Chư Pưh", "639", "Thị trấn Nhơn Hoà", "23900", "Thị trấn"),
]
TWO_LEVELS = [
    ("Mã", "Tên", "Cấp", "Tỉnh"),
    ("01267", "Sông Hiến", "Phường", "Tỉnh Cao Bằng"),
    ("23728", "Ia Hrung", "Xã", "Tỉnh Gia Lai"),
    ("23900", "Chư Pưh", "Xã", "Tỉnh Gia Lai"),
]


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("rows", "province", "taken"),
    [
        (THREE_LEVELS, "64", [("64", None), ("628", "64"), ("23728", "628"), ("639", "64"), ("23900", "639")]),
        (TWO_LEVELS, "Gia Lai", [("gia-lai", None), ("23728", "gia-lai"), ("23900", "gia-lai")]),
    ],
    ids=["until June 2025", "since July 2025"],
)
def test_public_list_is_the_sheet_of_units(tmp_path, rows, province, taken):
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")

    path = written(files, tmp_path, lambda book: listed(book, rows, province=province))

    assert [(unit.code, unit.parent) for unit in read_workbook(path).units] == taken


def test_province_that_a_public_list_does_not_name_is_asked_for(tmp_path):
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")

    found = refused(written(files, tmp_path, lambda book: listed(book, TWO_LEVELS, province="Kon Tum")))

    assert [words for place, words in found.items() if "Đơn vị đứng đầu" in place and "Tỉnh Gia Lai" in words]


def listed(book: Any, rows: list[tuple[str, ...]], *, province: str) -> None:
    """The list pasted over the sheet of units; nothing else says a unit any more."""
    line(book["Chiến dịch"], "Đơn vị đứng đầu").value = province
    for name in ("Đơn vị", "Kết quả năm trước", "Chỉ tiêu đăng ký", "Điểm chính thức", "Mốc riêng của đơn vị"):
        sheet = book[name]
        sheet.delete_rows(1 if name == "Đơn vị" else 3, sheet.max_row)
    for row in rows:
        book["Đơn vị"].append(row)
