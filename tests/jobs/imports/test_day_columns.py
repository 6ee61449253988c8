"""Which day a row is of where its column, its title or its sheet could mean two things."""

from datetime import date

import openpyxl
import pytest
from hypothesis import strategies as st

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.tables import tables as tables_tables
from jobs.imports.tables.questions import FileAsks
from tests.jobs.imports_world import (
    DAY,
    answered,
    context,
    explored,
    fill_sheet,
    readings,
    write_csv,
    write_xls,
    write_xlsx,
)

LONG = ("Đơn vị", "Ngày", "Chỉ số", "Tỷ lệ")
UNITS = ("Pleiku", "KBang", "Ia Grai", "SYT", "Xã Ia Tô", "Xã Ia Hrung")

# The days of a column, one a row → the day and month read, or what refuses the row; or the ways that are asked about.
TEXTS, REAL = ["month_first", "day_first"], ["turned", "day_first"]
COLUMNS = {
    "all day first": (["25/4/2024", "5/4/2024"], ["25/4", "5/4"]),
    "none that shows it": (["5/4/2024", "4/5/2024"], ["5/4", "4/5"]),
    "one that can only be month first": (
        ["4/25/2024", "5/4/2024", "4/4/2024"], TEXTS,
    ),
    "one that can only be month first, below": (
        ["5/4/2024", "6/4/2024", "4/25/2024"], TEXTS,
    ),
    "both ways": (["25/4/2024", "4/26/2024", "5/4/2024"], ["25/4", "date_month_first", "day_or_month_first"]),
    "another way of writing beside it": (["2024-04-05", "4/25/2024"], ["5/4", "date_month_first"]),
    "month first beside real days": (
        ["4/25/2024", date(2024, 5, 4), date(2024, 4, 25)], ["date_month_first", "day_or_month_first", "25/4"],
    ),
    "real days up to the 12th beside texts beyond it": (
        ["25/4/2024", date(2024, 5, 4)], REAL,
    ),
    "real days beyond the 12th beside texts": (
        ["25/4/2024", date(2024, 5, 4), date(2024, 4, 26)], ["25/4", "4/5", "26/4"],
    ),
    "real days alone": ([date(2024, 5, 4), date(2024, 4, 26)], ["4/5", "26/4"]),
    "without a year": (["5/4", "4/25"], TEXTS),
    "in words": (["ngày 5/4/2024", "4/25/2024"], TEXTS),
}  # fmt: skip


def answers(outcome, count):
    """What became of each row, in the file's order."""
    found = dict(outcome.problems)
    days = {row[6]: f"{row[2].day}/{row[2].month}" for row in outcome.rows}
    return [found.get(f"Sheet1!B{number + 2}") or days.get(41.0 + number) for number in range(count)]


@pytest.mark.parametrize(("days", "read"), COLUMNS.values(), ids=COLUMNS)
def test_one_cell_that_turns_the_column_leaves_nothing_to_chance(tmp_path, days, read):
    rows = [(UNITS[number], (day, "dd/mm/yyyy") if isinstance(day, date) else day, "online", 41.0 + number)
            for number, day in enumerate(days)]  # fmt: skip

    try:
        outcome = readings(write_xlsx(tmp_path, [LONG, *rows]))
    except FileAsks as asks:
        found = [option.code for question in asks.questions for option in question.options]
    else:
        found = answers(outcome, len(days))
    assert found == read


def test_refusal_names_the_cell_that_puts_the_month_first(tmp_path):
    days = {"Pleiku": "5/4/2024", "KBang": "4/25/2024", "SYT": "25/4/2024"}
    rows = [LONG, *((unit, day, "online", 41) for unit, day in days.items())]

    outcome = readings(write_xlsx(tmp_path, rows))

    assert "“4/25/2024”" in outcome.rejected[0].sentence("vi")
    assert "“4/25/2024”" in outcome.rejected[0].sentence("en")


def test_month_that_comes_first_only_far_below_refuses_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(tables_tables, "HELD_ROWS", 3)
    monkeypatch.setattr(tables_tables, "BLOCK", 2)
    days = ("5/4/2024", "6/4/2024", "7/4/2024", "8/4/2024", "9/4/2024", "4/25/2024")
    rows = [(unit, day, "online", 41) for unit, day in zip(UNITS, days, strict=True)]

    with pytest.raises(FileRefused) as caught:
        readings(write_csv(tmp_path, [LONG, *rows]))

    assert caught.value.code == "days_change_order"
    assert "4/25/2024" in caught.value.sentence("vi")


def test_days_of_documents_and_deadlines_are_watched_too(tmp_path):
    rows = [
        ("Đơn vị", "Nhiệm vụ", "Người thực hiện", "Thời hạn"),
        ("Pleiku", "a", "An", "5/4/2024"), ("Pleiku", "b", "An", "4/25/2024"), ("Pleiku", "c", "An", "25/4/2024"),
    ]  # fmt: skip

    parsed = read_file(write_xlsx(tmp_path, rows), context(kind="tasks"))

    assert [(row.place, row.problem) for row in parsed.rejected] == [
        ("Sheet1!D2", "day_or_month_first"), ("Sheet1!D3", "date_month_first"),
    ]  # fmt: skip


@explored(
    st.lists(st.dates(min_value=date(2024, 3, 21), max_value=date(2024, 5, 31)), min_size=1, max_size=6),
    st.booleans(),
)
def test_column_of_days_is_read_as_meant_or_refused_where_it_shows_its_order(tmp_path_factory, days, month_first):
    form = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    rows = [(UNITS[number], f"{day:{form}}", "online", 41.0 + number) for number, day in enumerate(days)]
    path = write_csv(tmp_path_factory.mktemp("days"), [LONG, *rows])
    shows = any(day.day > 12 for day in days)
    is_asked = month_first and shows and any(day.day <= 12 and day.day != day.month for day in days)

    outcome = answered(path, "month_first") if is_asked else readings(path)

    if shows or not month_first:
        assert all(row[2] == days[int(row[6] - 41)] for row in outcome.rows)
    if is_asked or not month_first:
        assert len(outcome.rows) == len(days)


# --- title and column -----------------------------------------------------------------------------------------------


def test_day_left_blank_below_the_titles_own_is_the_titles(tmp_path):
    rows = [
        ("Số liệu tính đến ngày 10/05/2024",), LONG,
        ("Pleiku", "10/05/2024", "online", 41), ("KBang", None, "online", 42),
    ]  # fmt: skip

    assert [row[2] for row in readings(write_xlsx(tmp_path, rows)).rows] == [DAY, DAY]


def test_day_left_blank_is_the_one_that_the_person_chose(tmp_path):
    rows = [LONG, ("Pleiku", "09/05/2024", "online", 41), ("KBang", None, "online", 42)]

    outcome = readings(write_xlsx(tmp_path, rows), as_of=DAY)

    assert [row[2].day for row in outcome.rows] == [9, 10]


def test_day_left_blank_in_a_later_block_is_refused_too(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.imports.records.readings.FEWEST_ROWS", 2)
    monkeypatch.setattr("jobs.imports.records.readings.FIGURES_A_BLOCK", 2)
    rows = [
        ("Số liệu tính đến ngày 10/05/2024",), LONG,
        *((unit, "09/05/2024", "online", 41) for unit in UNITS[:4]), ("Xã Ia Tô", None, "online", 42),
    ]  # fmt: skip

    assert readings(write_xlsx(tmp_path, rows)).problems == [("Sheet1!B7", "as_of_left_blank")]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Số liệu tuần 3 tháng 4 năm 2024", "no_day"),
        ("BÁO CÁO THÁNG 4", "no_day"),
        ("Báo cáo ngày 20/4/2024", "no_day"),
        ("TỔNG HỢP", "no_day"),
        ("Kết quả năm 2022", "kind_unsure"),
        ("Thực hiện mục tiêu đến ngày 10/5/2024 (báo cáo ngày 20/4/2024)", "title_names_several_days"),
    ],
)
def test_title_that_does_not_say_the_figures_day_refuses_the_file_with_the_real_reason(tmp_path, title, code):
    rows = [(title,), ("Đơn vị", "Trực tuyến (%)"), ("Pleiku", 47.4)]

    with pytest.raises(FileRefused) as caught:
        readings(write_xlsx(tmp_path, rows))

    assert caught.value.code == code


def test_day_that_the_person_chooses_settles_which_of_a_titles_two_is_meant(tmp_path):
    rows = [("Mục tiêu đến ngày 10/5/2024, báo cáo ngày 20/4/2024",), ("Đơn vị", "Trực tuyến (%)"), ("Pleiku", 47.4)]

    assert [row[2] for row in readings(write_xlsx(tmp_path, rows), as_of=date(2024, 4, 20)).rows] == [date(2024, 4, 20)]


# --- sheets of districts --------------------------------------------------------------------------------------------


def by_sheet(folder, sheets):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, rows in sheets.items():
        fill_sheet(workbook.create_sheet(name), rows)
    workbook.save(folder / "file.xlsx")
    return folder / "file.xlsx"


HEAD = ("Đơn vị", "Trực tuyến (%)")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Đăk Đoa", "Chư Prông"), ("Huyện Đăk Đoa", "H. Chư Prông"), ("DAK DOA", "CHU PRONG"),
        ("1. Đăk Đoa", "02-Chư Prông"), ("Đăk Đoa (2)", "UBND huyện Chư Prông"), ("H21.55", "632"),
    ],
)  # fmt: skip
def test_sheet_named_after_a_district_is_that_district(tmp_path, first, second):
    path = by_sheet(tmp_path, {first: [HEAD, ("Xã Ia Băng", 11)], second: [HEAD, ("Xã Ia Băng", 22)]})

    outcome = readings(path, as_of=DAY)

    assert [(row[0], row[6]) for row in outcome.rows] == [(20, 11), (21, 22)]
    assert len(outcome.warned("sheet_is_district")) == 2


@pytest.mark.parametrize("name", ["Sheet1", "Gia Lai", "Xã Ia Hrung", "Cấp xã", "Tuần 1"])
def test_sheet_of_another_name_leaves_namesakes_to_be_told_apart(tmp_path, name):
    outcome = readings(by_sheet(tmp_path, {name: [HEAD, ("Xã Ia Băng", 11), ("Pleiku", 12)]}), as_of=DAY)

    assert [row[0] for row in outcome.rows] == [14]
    assert [row.problem for row in outcome.rejected] == ["unit_ambiguous"]
    assert not outcome.warned("sheet_is_district")


def test_district_of_a_row_goes_before_the_sheets(tmp_path):
    rows = [("Huyện", "Đơn vị", "Trực tuyến (%)"), ("Chư Prông", "Xã Ia Băng", 22), (None, "Xã Ia Băng", 11)]

    outcome = readings(by_sheet(tmp_path, {"Đăk Đoa": rows}), as_of=DAY)

    assert [(row[0], row[6]) for row in outcome.rows] == [(21, 22), (20, 11)]


def test_unit_of_elsewhere_on_a_districts_sheet_is_refused(tmp_path):
    rows = [HEAD, ("Xã Ia Hrung", 11), ("UBND huyện Đăk Đoa", 12), ("23728", 13)]

    outcome = readings(by_sheet(tmp_path, {"Đăk Đoa": rows}), as_of=DAY)

    assert outcome.problems == [("Đăk Đoa!A2", "unit_not_in_district")]
    assert [row[0] for row in outcome.rows] == [11, 24]


def test_sheet_of_a_district_in_an_old_workbook_is_known_too(tmp_path):
    path = write_xls(tmp_path / "file.xls", [HEAD, ("Xã Ia Băng", 11)])

    assert [row.problem for row in readings(path, as_of=DAY).rejected] == ["unit_ambiguous"]
