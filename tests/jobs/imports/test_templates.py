"""A template filled in comes in without a question; nothing in one runs as a formula."""

import csv
from dataclasses import replace
from datetime import date, timedelta

import openpyxl
import pytest

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.templates import write_template
from jobs.imports.values import KINDS
from tests.jobs.imports_world import CAMPAIGN, DAY, UNITS, Outcome, context

FILLINGS = {
    "readings": {"Tính đến ngày": DAY, "Tử số": 1030, "Mẫu số": 1365, "Tỷ lệ (%)": 0.7546},
    "baselines": {"Tỷ lệ (%)": 0.003},
    "central": {"Tỷ lệ (%)": 0.5, "Văn bản": "766/QĐ-TTg"},
    "targets": {"Chỉ tiêu được giao (%)": 0.6, "Văn bản": "629/KH-UBND", "Ngày văn bản": date(2024, 3, 19)},
    "scores": {
        "Kỳ": "tháng 5/2024",
        "Tính đến ngày": DAY,
        "Điểm Tỷ lệ hồ sơ trực tuyến": 8.06,
        "Tổng điểm": 86.02,
        "Xếp hạng": 9,
        "Tổng số đơn vị": 17,
    },
    "units": {},
    "tasks": {"Nhiệm vụ": "Số hóa hồ sơ tồn", "Người thực hiện": "Văn phòng", "Thời hạn": date(2024, 5, 20)},
}
EXPECTED = {
    "readings": len(UNITS) * 6,
    "baselines": len(UNITS) * 6,
    "central": 6,
    "targets": len(UNITS) * 18,
    "scores": len(UNITS) * 2,
    "units": len(UNITS),
    "tasks": len(UNITS),
}
ALWAYS_THERE = tuple(
    replace(unit, valid_from=None, valid_to=None, name=f"{unit.name} cũ" if unit.unit_id == 32 else unit.name)
    for unit in UNITS
)


def fill_workbook(path, filling):
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Số liệu"]
    columns = {cell.value: cell.column for cell in sheet[1]}
    for number in range(2, sheet.max_row + 1):
        for heading, value in filling.items():
            cell = sheet.cell(number, columns[heading], value)
            cell.number_format = sheet.column_dimensions[
                openpyxl.utils.get_column_letter(columns[heading])
            ].number_format
    workbook.save(path)


def fill_text(path, filling):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        header, *rows = csv.reader(stream)
    written = {
        name: f"{value:%d/%m/%Y}"
        if isinstance(value, date)
        else f"{value * 100:g}%".replace(".", ",")
        if "(%)" in name
        else str(value)
        for name, value in filling.items()
    }
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([written.get(name, text) for name, text in zip(header, row, strict=True)] for row in rows)


@pytest.mark.daily(5)
@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("kind", KINDS)
def test_template_that_is_filled_in_is_read_without_a_question(tmp_path, kind, suffix):
    path = tmp_path / f"mau{suffix}"
    write_template(kind, path, CAMPAIGN, ALWAYS_THERE)
    (fill_workbook if suffix == ".xlsx" else fill_text)(path, FILLINGS[kind])

    parsed = read_file(path, context(units=ALWAYS_THERE))

    assert parsed.kind == kind
    outcome = Outcome(parsed) if kind == "readings" else parsed
    taken = outcome.frame if kind == "readings" else outcome.records
    assert not outcome.rejected
    assert not [warning for warning in outcome.warnings if warning.code != "looks_like_own_counter"]
    assert len(taken) == EXPECTED[kind]


@pytest.mark.parametrize("kind", ["readings", "baselines", "targets", "scores", "central"])
def test_template_that_is_left_empty_gives_nothing_and_says_so(tmp_path, kind):
    path = tmp_path / "mau.xlsx"
    write_template(kind, path, CAMPAIGN, UNITS)

    parsed = read_file(path, context(kind=kind, as_of=DAY))

    outcome = Outcome(parsed) if kind == "readings" else parsed
    assert not outcome.rejected
    assert not (len(outcome.frame) if kind == "readings" else outcome.records)
    assert [warning.code for warning in outcome.warnings] == ["rows_without_figures"]


def test_template_of_units_gives_back_what_the_campaign_knows(tmp_path):
    known = (*UNITS[:4], replace(UNITS[4], aliases=("Dak Doa", "Đak Đoa"), head_name="Nguyễn Thị B", head_phone="0905"))
    write_template("units", tmp_path / "mau.xlsx", CAMPAIGN, known)

    records = read_file(tmp_path / "mau.xlsx", context(units=known)).records

    assert [record.code for record in records] == [unit.code for unit in known]
    assert (records[4].aliases, records[4].head_name, records[4].head_phone, records[4].gso_code) == (
        ("Dak Doa", "Đak Đoa"), "Nguyễn Thị B", "0905", "626",
    )  # fmt: skip


def test_workbook_template_has_a_fixed_header_lists_and_an_explaining_sheet(tmp_path):
    write_template("readings", tmp_path / "mau.xlsx", CAMPAIGN, UNITS)

    workbook = openpyxl.load_workbook(tmp_path / "mau.xlsx")

    sheet = workbook["Số liệu"]
    assert sheet.freeze_panes == "D2"
    assert [cell.value for cell in sheet[2]][:4] == ["H21", "UBND tỉnh Gia Lai", None, "Công khai, minh bạch"]
    lists = {validation.formula1: str(validation.sqref) for validation in sheet.data_validations.dataValidation}
    assert set(lists) == {"'Hướng dẫn'!$D$1:$D$6", "'Hướng dẫn'!$G$1:$G$2"}
    assert [row[0].value for row in workbook["Hướng dẫn"].iter_rows(min_col=4, max_col=4, max_row=6)] == [
        indicator.name.vi for indicator in CAMPAIGN.indicators
    ]


def test_names_that_look_like_formulas_stay_text(tmp_path):
    evil = (replace(UNITS[0], name='=HYPERLINK("http://x")', aliases=("+1", "@x")),)
    for name in ("mau.xlsx", "mau.csv"):
        write_template("units", tmp_path / name, CAMPAIGN, evil)

    cell = openpyxl.load_workbook(tmp_path / "mau.xlsx")["Số liệu"]["C2"]
    with (tmp_path / "mau.csv").open(encoding="utf-8-sig", newline="") as stream:
        row = list(csv.reader(stream))[1]

    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://x")')
    assert row[2] == '\'=HYPERLINK("http://x")'
    assert row[4] == "'+1;' @x"


def test_text_template_begins_with_the_mark_of_utf_8(tmp_path):
    write_template("central", tmp_path / "mau.csv", CAMPAIGN, UNITS)

    content = (tmp_path / "mau.csv").read_bytes()

    assert content.startswith(b"\xef\xbb\xbf")
    assert content.decode("utf-8-sig").splitlines()[1] == '"Công khai, minh bạch",2024,,,,'


def test_template_in_another_format_is_refused(tmp_path):
    with pytest.raises(FileRefused, match="\\.pdf"):
        write_template("readings", tmp_path / "mau.pdf", CAMPAIGN, UNITS)


def test_day_in_a_text_template_is_written_day_first(tmp_path):
    unit = replace(UNITS[1], valid_from=DAY, valid_to=DAY + timedelta(days=1))
    write_template("units", tmp_path / "mau.csv", CAMPAIGN, (UNITS[0], unit))

    assert "10/05/2024,11/05/2024" in (tmp_path / "mau.csv").read_text(encoding="utf-8-sig")
