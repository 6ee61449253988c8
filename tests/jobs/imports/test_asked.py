"""What a whole sheet leaves open is asked: hidden rows and columns, two days in a title, a week or a month without a
day, days whose month may stand first. Answered once; remembered where the answer can hold for a later file."""

from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from tests.jobs.imports_world import (
    DAY,
    Outcome,
    answered,
    asked,
    context,
    fill_sheet,
    readings,
    write_csv,
    write_xls,
    write_xlsx,
)

WIDE = ("STT", "Đơn vị", "Trực tuyến (%)")


def sheet(folder, rows, *, rows_hidden=(), columns_hidden="", name="file.xlsx"):
    workbook = openpyxl.Workbook()
    fill_sheet(workbook.active, rows)
    for number in rows_hidden:
        workbook.active.row_dimensions[number].hidden = True
    for letter in columns_hidden:
        workbook.active.column_dimensions[letter].hidden = True
    workbook.save(folder / name)
    return folder / name


def options(path, **changes):
    return [option.code for option in asked(path, **changes).options]


def remembered(path, key, option, **changes):
    return readings(path, remembered={key: option}, **changes)


def result(outcome):
    return [(row[0], row[6]) for row in outcome.rows]


def days(outcome):
    return [row[2] for row in outcome.rows]


# --- hidden columns -------------------------------------------------------------------------------------------------

HIDDEN = [
    ("Số liệu tính đến ngày 10/05/2024",), ("STT", "Đơn vị", "Trực tuyến (%)", "Kết quả tuần này"),
    (1, "Pleiku", 22.2, 47.4),
]  # fmt: skip


def test_hidden_figures_beside_others_that_are_not_understood_are_asked_about(tmp_path):
    path = sheet(tmp_path, HIDDEN, columns_hidden="C")
    question = asked(path)

    samples = [[sample.written for sample in option.samples] for option in question.options]

    assert options(path) == ["hidden", "seen:ket-qua-tuan-nay", "left_out"]
    assert samples == [["22.2"], ["47.4"], []]
    assert question.place == "Sheet!C2"


@pytest.mark.parametrize(("option", "figure"), [("hidden", 22.2), ("seen:ket-qua-tuan-nay", 47.4)])
def test_column_that_somebody_chose_is_read(tmp_path, option, figure):
    outcome = answered(sheet(tmp_path, HIDDEN, columns_hidden="C"), option)

    assert result(outcome) == [(14, figure)]
    assert len(outcome.parsed.chosen) == 1
    assert outcome.warned("sheet_as_chosen")


def test_hidden_column_may_be_left_out_beside_another_indicators(tmp_path):
    rows = [HIDDEN[0], ("STT", "Đơn vị", "Trực tuyến (%)", "Tuần này", "Thanh toán (%)"), (1, "Pleiku", 22.2, 47.4, 8)]

    outcome = answered(sheet(tmp_path, rows, columns_hidden="C"), "left_out")

    assert [(row[1], row[6]) for row in outcome.rows] == [("payment", 8)]


def test_answer_about_a_hidden_column_holds_for_the_next_file(tmp_path):
    key = asked(sheet(tmp_path, HIDDEN, columns_hidden="C")).key
    later = sheet(tmp_path, [*HIDDEN[:2], (1, "Pleiku", 23, 48)], columns_hidden="C", name="later.xlsx")

    assert result(remembered(later, key, "seen:ket-qua-tuan-nay")) == [(14, 48)]


def test_nobody_to_ask_is_told_what_is_wrong_with_the_columns(tmp_path):
    with pytest.raises(FileRefused) as caught:
        readings(sheet(tmp_path, HIDDEN, columns_hidden="C"))

    assert caught.value.code == "hidden_or_seen"
    assert "D “Kết quả tuần này”" in caught.value.sentence("vi")


# --- hidden rows ----------------------------------------------------------------------------------------------------

ROWS = [HIDDEN[0], WIDE, (1, "Pleiku", 41), (2, "KBang", 42), (3, "Ia Grai", 43), (None, "Tổng cộng", 126)]


@pytest.mark.parametrize(("option", "units"), [("rows_read", [10, 14, 13]), ("rows_left_out", [10])])
def test_hidden_rows_are_read_or_not_as_somebody_says(tmp_path, option, units):
    outcome = answered(sheet(tmp_path, ROWS, rows_hidden=[3, 4]), option)

    assert [unit for unit, _ in result(outcome)] == units
    assert "2 dòng ẩn: Sheet!B3, Sheet!B4" in outcome.warned("sheet_as_chosen")[0].sentence("vi")


def test_question_shows_what_hidden_rows_hold(tmp_path):
    question = asked(sheet(tmp_path, ROWS, rows_hidden=[3, 4]))

    assert [sample.said("vi") for sample in question.options[0].samples] == [
        "Sheet!B3, Pleiku: ô ghi “41” → được đọc", "Sheet!B4, KBang: ô ghi “42” → được đọc",
    ]  # fmt: skip
    assert "2 dòng ẩn hoặc bị lọc" in question.said("vi")
    assert "2 hidden or filtered rows" in question.said("en")


def test_hidden_rows_are_asked_about_in_old_workbooks_too(tmp_path):
    path = write_xls(tmp_path / "file.xls", ROWS, hidden_rows=[2])

    assert [unit for unit, _ in result(answered(path, "rows_left_out"))] == [13, 10]


@pytest.mark.parametrize(
    "row", [(None, "Tổng cộng", 126), (4, "SYT", None), (None, "Người lập", None), ("I", "Cấp xã", 9)]
)
def test_hidden_rows_that_are_not_read_anyway_ask_nothing(tmp_path, row):
    outcome = readings(sheet(tmp_path, [*ROWS[:-1], row], rows_hidden=[6]))

    assert len(outcome.rows) == 3


def test_hidden_rows_are_no_evidence_of_what_a_column_holds(tmp_path):
    rows = [HIDDEN[0], ("STT", "Đơn vị", "Trực tuyến"), (1, "Pleiku", 41.5), (2, "KBang", 42)]

    with pytest.raises(FileAsks) as caught:
        readings(sheet(tmp_path, rows, rows_hidden=[3]))

    assert [question.code for question in caught.value.questions] == ["hidden_rows", "column"]


@pytest.mark.parametrize("kind", ["tasks", "central"])
def test_hidden_rows_of_the_smaller_kinds_are_asked_about(tmp_path, kind):
    head, row = {
        "tasks": (("Đơn vị", "Nhiệm vụ", "Người thực hiện", "Thời hạn"), ("Pleiku", "việc", "An", "20/04/2024")),
        "central": (("Chỉ số", "Năm", "Tỷ lệ (%)", "Văn bản"), ("online", 2024, 50, "QĐ")),
    }[kind]
    path = sheet(tmp_path, [head, row], rows_hidden=[2])

    parsed = read_file(path, context(kind=kind, choices={asked(path, kind=kind).key: "rows_left_out"}))

    assert parsed.records == ()


# --- titles ---------------------------------------------------------------------------------------------------------

TWO = "Thực hiện mục tiêu đến ngày 10/5/2024 (báo cáo ngày 20/4/2024)"


def titled(folder, title, name="file.xlsx"):
    return write_xlsx(folder, [(title,), ("Đơn vị", "Trực tuyến (%)"), ("Pleiku", 47.4)], name=name)


def test_title_with_two_days_asks_which_in_its_own_order(tmp_path):
    question = asked(titled(tmp_path, TWO))

    assert [option.said("vi") for option in question.options] == ["ngày 10/05/2024", "ngày 20/04/2024"]
    assert days(answered(titled(tmp_path, TWO), "day:2")) == [date(2024, 4, 20)]
    assert days(answered(titled(tmp_path, TWO), "day:1")) == [DAY]


def test_which_of_two_days_is_meant_is_remembered_by_its_place_in_the_title(tmp_path):
    key = asked(titled(tmp_path, TWO)).key
    later = titled(tmp_path, TWO.replace("20/4", "27/4"), "later.xlsx")
    other = titled(tmp_path, "Báo cáo ngày 20/4/2024 (mục tiêu đến ngày 10/5/2024)", "other.xlsx")

    assert days(remembered(later, key, "day:2")) == [date(2024, 4, 27)]
    assert asked(other, remembered={key: "day:2"}).key != key


def test_later_table_below_a_title_with_two_days_is_not_asked_about_again(tmp_path):
    head = ("Đơn vị", "Trực tuyến (%)")
    rows = [(TWO,), head, ("Pleiku", 47.4), (None,), ("Bảng 2",), head, ("KBang", 40)]
    path = write_xlsx(tmp_path, rows)

    assert days(answered(path, "day:2")) == [date(2024, 4, 20)] * 2


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("Số liệu tuần 3 tháng 4 năm 2024", ["19/04/2024", "21/04/2024"]),
        ("Tuần 2 của tháng 5/2024", ["10/05/2024", "12/05/2024", "14/05/2024"]),
        ("BÁO CÁO THÁNG 4", ["30/04/2024"]),
        ("Kết quả tháng 4 năm 2024", ["30/04/2024"]),
        ("Báo cáo Quý I/2024", ["31/03/2024"]),
    ],
)
def test_title_of_a_week_or_month_asks_for_its_last_day(tmp_path, title, found):
    question = asked(titled(tmp_path, title))

    assert [option.terms["day"] for option in question.options] == found
    assert "--as-of" in question.said("vi")


@pytest.mark.parametrize(
    "title", ["BÁO CÁO THÁNG 6", "Tháng 12 năm 2022", "Tuần 3 tháng 13", "Tuần 16", "Từ tháng 2-4"]
)
def test_period_that_is_not_over_or_not_known_is_refused_for_its_day(tmp_path, title):
    with pytest.raises(FileRefused) as caught:
        readings(titled(tmp_path, title))

    assert not isinstance(caught.value, FileAsks)
    assert caught.value.code == "no_day"


def test_last_day_of_a_month_is_remembered_and_that_of_a_week_is_not(tmp_path):
    month, week = titled(tmp_path, "BÁO CÁO THÁNG 4"), titled(tmp_path, "Tuần 3 tháng 4", "week.xlsx")
    of_month, of_week = asked(month), asked(week)

    later = remembered(titled(tmp_path, "BÁO CÁO THÁNG 5", "later.xlsx"), of_month.key, "day:last")

    assert days(later) == [date(2024, 5, 31)]
    assert answered(month, "day:last").parsed.chosen == {of_month.key: "day:last"}
    assert answered(week, "day:2024-04-19").parsed.chosen == {}
    assert asked(week, remembered={of_week.key: "day:2024-04-19"}).key == of_week.key


def test_day_that_is_given_asks_nothing(tmp_path):
    assert days(readings(titled(tmp_path, "Tuần 3 tháng 4"), as_of=DAY)) == [DAY]


# --- days of two orders ---------------------------------------------------------------------------------------------

LONG = ("Đơn vị", "Ngày", "Chỉ số", "Tỷ lệ (%)")
UNITS = ("Pleiku", "KBang", "Ia Grai", "SYT")


def dated(folder, *written, name="file.xlsx"):
    rows = [(unit, day, "online", 41) for unit, day in zip(UNITS, written, strict=False)]
    cells = [tuple((cell, "dd/mm/yyyy") if isinstance(cell, date) else cell for cell in row) for row in rows]
    return write_xlsx(folder, [LONG, *cells], name=name)


def test_column_with_a_month_in_front_is_read_as_somebody_says(tmp_path):
    path = dated(tmp_path, "5/4/2024", "4/25/2024", "ngày 6/4/2024")

    month_first, day_first = answered(path, "month_first"), answered(path, "day_first")

    assert options(path) == ["month_first", "day_first"]
    assert days(month_first) == [date(2024, 5, 4), date(2024, 4, 25), date(2024, 6, 4)][:2]
    assert month_first.problems == [("Sheet1!B4", "as_of_future")]
    assert days(day_first) == [date(2024, 4, 5), date(2024, 4, 6)]
    assert day_first.problems == [("Sheet1!B3", "date_month_first")]


def test_question_about_days_shows_both_ways(tmp_path):
    question = asked(dated(tmp_path, "5/4/2024", "4/25/2024"))

    assert [option.samples[0].said("vi") for option in question.options] == [
        "Sheet1!B2, Pleiku: ô ghi “5/4/2024” → ngày 4 tháng 5", "Sheet1!B2, Pleiku: ô ghi “5/4/2024” → ngày 5 tháng 4",
    ]  # fmt: skip


def test_order_of_a_layout_is_remembered_where_a_later_file_shows_none(tmp_path):
    key = asked(dated(tmp_path, "5/4/2024", "4/25/2024")).key
    later = dated(tmp_path, "5/4/2024", "5/5/2024", name="later.xlsx")
    sure = dated(tmp_path, "5/4/2024", "25/4/2024", name="sure.xlsx")

    assert days(remembered(later, key, "month_first")) == [date(2024, 5, 4), date(2024, 5, 5)]
    assert days(remembered(sure, key, "month_first")) == [date(2024, 4, 5), date(2024, 4, 25)]
    assert days(readings(later)) == [date(2024, 4, 5), date(2024, 5, 5)]


def test_days_that_a_spreadsheet_has_turned_are_turned_back_where_somebody_says_so(tmp_path):
    path = dated(tmp_path, date(2024, 5, 4), "25/4/2024")

    assert options(path) == ["turned", "day_first"]
    assert days(answered(path, "turned")) == [date(2024, 4, 5), date(2024, 4, 25)]
    assert days(answered(path, "day_first")) == [date(2024, 5, 4), date(2024, 4, 25)]


def test_real_days_among_texts_with_the_month_first_stay_refused(tmp_path):
    outcome = answered(dated(tmp_path, "5/4/2024", "4/25/2024", date(2024, 4, 5)), "month_first")

    assert outcome.problems == [("Sheet1!B4", "day_or_month_first")]


def test_column_that_shows_both_orders_asks_nothing_and_refuses_what_may_be_either(tmp_path):
    outcome = readings(dated(tmp_path, "25/4/2024", "4/26/2024", "5/4/2024"))

    assert [code for _, code in outcome.problems] == ["date_month_first", "day_or_month_first"]


def test_deadlines_are_asked_about_too(tmp_path):
    rows = [("Đơn vị", "Nhiệm vụ", "Người thực hiện", "Thời hạn"),
            ("Pleiku", "a", "An", "5/4/2024"), ("Pleiku", "b", "An", "4/25/2024")]  # fmt: skip
    path = write_xlsx(tmp_path, rows)
    key = asked(path, kind="tasks").key

    parsed = read_file(path, context(kind="tasks", choices={key: "month_first"}))

    assert [record.due for record in parsed.records] == [date(2024, 5, 4), date(2024, 4, 25)]


# --- several at once ------------------------------------------------------------------------------------------------


def test_file_with_several_questions_asks_all_of_them_at_once(tmp_path):
    rows = [(TWO,), ("STT", "Đơn vị", "Trực tuyến"), (1, "Pleiku", 45), (2, "KBang", 8)]

    with pytest.raises(FileAsks) as caught:
        readings(sheet(tmp_path, rows, rows_hidden=[4]))

    asks = caught.value
    assert [question.code for question in asks.questions] == ["title_days", "hidden_rows", "column"]
    assert asks.code == "file_asks"
    assert all(f"--choose {question.key}=" in "\n".join(asks.lines("vi")) for question in asks.questions)


def test_table_that_cannot_be_read_asks_nothing(tmp_path):
    head = ("Đơn vị", "Trực tuyến (%)")
    rows = [
        ("Số liệu tính đến ngày 20/4/2024",), head, ("Pleiku", 47.4), (None,), (TWO,),
        ("Đơn vị", "Trực tuyến (%)", "Tỷ lệ trực tuyến (%)"), ("KBang", 40, 41),
    ]  # fmt: skip

    outcome = readings(write_xlsx(tmp_path, rows))

    assert result(outcome) == [(14, 47.4)]
    assert [code for _, code in outcome.problems] == ["below_other_day"]


# --- fractions among percents ---------------------------------------------------------------------------------------


def mixed(folder, heading, *cells, write=write_xlsx):
    return write(folder, [("Đơn vị", heading), *zip(UNITS, cells, strict=False)])


@pytest.mark.parametrize("heading", ["Trực tuyến", "Tỷ lệ trực tuyến", "Online rate"])
@pytest.mark.parametrize(("option", "read"), [("percent", [0.474, 47.4, 1.02]), ("mixed", [47.4, 47.4])])
def test_fraction_beside_a_percent_is_asked_about(tmp_path, heading, option, read):
    path = mixed(tmp_path, heading, 0.474, 47.4, 1.02)

    outcome = answered(path, option, as_of=DAY)

    assert options(path, as_of=DAY) == ["percent", "mixed"]
    assert [figure for _, figure in result(outcome)] == read
    assert [code for _, code in outcome.problems] == ([] if option == "percent" else ["percent_above_hundred"])


def test_fraction_beside_a_percent_is_asked_about_in_text_files(tmp_path):
    path = mixed(
        tmp_path, "Trực tuyến", "0,474", "47,4", "~0,5", write=lambda *result: write_csv(*result, delimiter=";")
    )

    assert [row[6:] for row in answered(path, "mixed", as_of=DAY).rows] == [(47.4, None), (47.4, None), (50, "about")]


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Trực tuyến (%)", (0.474, 47.4)), ("Trực tuyến", ("0,474%", "47,4%")), ("Tỷ lệ trực tuyến", (1, 47, 98)),
        ("Tỷ lệ trực tuyến", (0, 47.4)), ("Tỷ lệ trực tuyến", ((0.00474, "0.000%"), 47.4)),
    ],
)  # fmt: skip
def test_small_percents_that_say_so_and_whole_ones_ask_nothing(tmp_path, heading, cells):
    outcome = readings(mixed(tmp_path, heading, *cells), as_of=DAY)

    assert len(outcome.rows) == len(cells)
    assert outcome.rows[0][6] in (0.474, 1, 0)


def test_line_that_measures_the_table_in_percents_speaks_for_its_columns(tmp_path):
    rows = [("Đơn vị tính: %",), ("Đơn vị", "Trực tuyến"), ("Pleiku", 0.474), ("KBang", 47.4)]

    assert [figure for _, figure in result(readings(write_xlsx(tmp_path, rows), as_of=DAY))] == [0.474, 47.4]


def test_fraction_far_below_percents_is_refused_where_it_stands(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.imports.tables.window.ROWS", 2)

    outcome = readings(mixed(tmp_path, "Tỷ lệ trực tuyến", 47.4, 48.5, 0.474), as_of=DAY)

    assert [figure for _, figure in result(outcome)] == [47.4, 48.5]
    assert [code for _, code in outcome.problems] == ["percent_or_fraction"]


def test_target_among_fractions_and_percents_is_asked_about(tmp_path):
    head = ("Đơn vị", "Chỉ số", "Giai đoạn", "Chỉ tiêu", "Văn bản", "Ngày văn bản")
    rows = [
        head,
        ("Pleiku", "online", "50 ngày", 0.4, "1/QĐ", "01/04/2024"),
        ("KBang", "online", "50 ngày", 40, "1/QĐ", "01/04/2024"),
    ]
    path = write_xlsx(tmp_path, rows)
    question = asked(path, kind="targets")

    parsed = read_file(path, replace(context(kind="targets"), choices={question.key: "mixed"}))

    assert [float(record.value) for record in parsed.records] == [40, 40]


def test_outcome_of_a_file_without_questions_has_no_choices(tmp_path):
    assert Outcome(read_file(mixed(tmp_path, "Trực tuyến (%)", 47.4), context(as_of=DAY))).parsed.chosen == {}
