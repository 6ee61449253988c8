"""What the columns of office files hold: percents, fractions, counts and of what. What is not certain is asked."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from tests.jobs import office_world
from tests.jobs.imports_world import Outcome, explored, write_csv, write_ods, write_xls, write_xlsx
from tests.jobs.office_world import CASES, HONG, KHAI, PNON, bundled, table

N = None
NAMES = ("STT", "Đơn vị")

# --- the files ------------------------------------------------------------------------------------------------------

FILES = {
    "01_percent_cell_0pct.xlsx": ["online 47.4", "online 98"],
    "04_text_1365_rate.xlsx": ["C3 thousands_or_decimal"],
    "34_count_column_named_like_indicator.xlsx": ["online 45/60 75", "online 8/80 10", "online 1030/1365 75.46"],
    "36_fraction_general_one_row.xlsx": ["asks C2: percent fraction"],
    "37_target_and_result_columns.xlsx": ["online 47.4", "payment 8.5"],
    "43_previous_and_this_period.xlsx": ["refused column_twice"],
    "50_xls_percent_above_100.xls": ["online 47.4", "online 98", "C5 percent_above_hundred"],
    "a03_two_line_header_counts.xlsx": ["asks F3: of:so-ho-so-tiep-nhan-tong-so count left_out"],
    "a06_fractions_general_three.xlsx": ["asks C2: percent fraction"],
    "c01_unit_in_brackets.xlsx": ["asks C2: count left_out", "asks D2: count left_out"],
}


@pytest.mark.parametrize("name", FILES)
def test_file_of_an_office_is_read_right_asked_about_or_refused(name):
    assert office_world.given(CASES / name) == FILES[name]


def answered(path, option):
    """What a file gives once each of its questions is answered with an option, as far as that is offered."""
    with pytest.raises(FileAsks) as caught:
        read_file(path, bundled())
    return office_world.given(path, choices={question.key: option for question in caught.value.questions})


ANSWERS = [
    ("36_fraction_general_one_row.xlsx", "fraction", ["online 47.4"]),
    ("36_fraction_general_one_row.xlsx", "percent", ["online 0.474"]),
    ("a03_two_line_header_counts.xlsx", "count", ["online 45/60", "payment 30/?"]),
    ("a03_two_line_header_counts.xlsx", "left_out", ["online 45/60"]),
    ("a06_fractions_general_three.xlsx", "fraction", ["online 47.4", "online 98", "online 33"]),
    ("c01_unit_in_brackets.xlsx", "count", ["online 45/?", "payment 30/?"]),
]


@pytest.mark.parametrize(("name", "option", "figures"), ANSWERS)
def test_file_is_read_as_somebody_answers(name, option, figures):
    assert answered(CASES / name, option) == figures


def test_answer_that_is_not_offered_asks_again():
    assert answered(CASES / "36_fraction_general_one_row.xlsx", "count") == ["asks C2: percent fraction"]


# --- counts or percents ---------------------------------------------------------------------------------------------

MERGED = (N, N, "Dịch vụ công trực tuyến", N, N)
TABLES = {
    # count, total and rate
    "three columns, whatever the first two are called": (
        table((*NAMES, "Hồ sơ trực tuyến", "Tổng hồ sơ", "Tỷ lệ (%)"), rows=[(45, 60, 75), (8, 80, 10)]),
        ["online 45/60 75", "online 8/80 10"],
    ),
    "under a merged heading": (
        table((*NAMES, *MERGED[2:]), (N, N, "Hồ sơ trực tuyến", "Tổng hồ sơ", "Tỷ lệ (%)"),
              rows=[("1.034", "4.136", "25,0")]),
        ["online 1034/4136 25"],
    ),
    "under a merged heading, in words of its own": (
        table((*NAMES, *MERGED[2:]), (N, N, "Phát sinh", "Tiếp nhận", "Đạt"), rows=[("1.034", "4.136", "25,0")]),
        ["online 1034/4136 25"],
    ),
    "in words of its own, which arithmetic alone cannot tell apart": (
        table((*NAMES, *MERGED[2:]), (N, N, "Phát sinh", "Tiếp nhận", "Đạt"), rows=[(45, 60, 75)]),
        ["asks C3: of:dich-vu-cong-truc-tuyen-tiep-nhan of:dich-vu-cong-truc-tuyen-dat left_out"],
    ),
    "in words of its own without a rate": (
        table((*NAMES, *MERGED[2:4]), (N, N, "Số hồ sơ", "Tổng số"), rows=[(45, 60)]),
        ["asks C3: of:dich-vu-cong-truc-tuyen-tong-so left_out"],
    ),
    "total first": (
        table((*NAMES, *MERGED[2:]), (N, N, "Tổng số", "Trực tuyến", "Tỷ lệ"), rows=[(60, 45, 75), (80, 8, 10)]),
        ["online 45/60 75", "online 8/80 10"],
    ),
    "two indicators side by side": (
        table((*NAMES, *MERGED[2:], "Thanh toán trực tuyến", N, N),
              (N, N, "Số HS", "Tổng HS", "Tỷ lệ", "Số HS", "Tổng HS", "Tỷ lệ"), rows=[(45, 60, 75, 10, 40, 25)]),
        ["online 45/60 75", "payment 10/40 25"],
    ),
    "a rate that differs in one row": (
        table((*NAMES, "Hồ sơ trực tuyến", "Tổng hồ sơ", "Tỷ lệ (%)"),
              rows=[(45, 60, 75), (8, 80, 11.2), (20, 40, 50)]),
        ["online 45/60 75", "online 8/80 11.2", "online 20/40 50"],
    ),
    "a total that is another one's": (
        table((*NAMES, "Tổng số hồ sơ", "Thanh toán trực tuyến (hồ sơ)", "Thanh toán trực tuyến (%)"),
              rows=[(60, 30, 55), (80, 8, 31)]),
        ["payment 30/? 55", "payment 8/? 31"],
    ),
    "no cases say nothing of which total is meant": (
        table((*NAMES, "Tổng số hồ sơ", "Thanh toán trực tuyến (hồ sơ)", "Thanh toán trực tuyến (%)"),
              rows=[(60, 0, 0)]),
        ["payment 0/? 0"],
    ),
    "a whole and its parts": (
        table((*NAMES, "Tổng", "Trực tuyến", "Trực tiếp"), rows=[(60, 45, 15), (80, 8, 72)]),
        ["online 45/60", "online 8/80"],
    ),
    "two indicators that leave as much of a total": (
        table((*NAMES, "Tổng", "Trực tuyến", "Trực tiếp", "Thanh toán"), rows=[(60, 45, 15, 45)]),
        ["asks D2: percent of:tong count", "asks F2: percent of:tong count"],
    ),
    "parts of a hundred": (
        table((*NAMES, "Tổng", "Trực tuyến", "Trực tiếp"), rows=[(100, 45, 55), (100, 8, 92)]),
        ["asks D2: percent of:tong count"],
    ),
    # headings that say it
    "a unit in brackets": (table((*NAMES, "Hài lòng (phiếu)"), rows=[(45,)]), ["asks C2: count left_out"]),
    "a unit in brackets and its rate": (
        table((*NAMES, "Thanh toán trực tuyến (lượt)", "Thanh toán trực tuyến (%)"), rows=[(45, 60)]),
        ["payment 45/? 60"],
    ),
    "units in a row of their own": (
        table((*NAMES, "Trực tuyến", N), (N, N, "(hồ sơ)", "(%)"), rows=[(45, 75)]), ["online 45/? 75"],
    ),
    "a number of cases and all of them": (
        table((*NAMES, "Số hồ sơ trực tuyến", "Tổng số hồ sơ tiếp nhận"), rows=[(45, 60)]), ["online 45/60"],
    ),
    "numbers of cases above": (
        table((*NAMES, "Số lượng hồ sơ", N), (N, N, "Trực tuyến", "Thanh toán"), rows=[(45, 30)]),
        ["asks C3: count left_out", "asks D3: count left_out"],
    ),
    "percents above": (
        table((*NAMES, "Tỷ lệ (%)", N), (N, N, "Trực tuyến", "Thanh toán"), rows=[(45, 30)]),
        ["online 45", "payment 30"],
    ),
    "a result reached above": (
        table((*NAMES, "Kết quả đạt", N), (N, N, "Trực tuyến", "Thanh toán"), rows=[(45, 30)]),
        ["online 45", "payment 30"],
    ),
    "a measure above the table": ([("ĐVT: %",), *table((*NAMES, "Trực tuyến"), rows=[(45,)])], ["online 45"]),
    "cases as the measure above the table": (
        [("Đơn vị tính: hồ sơ",), *table((*NAMES, "Trực tuyến"), rows=[(45,)])], ["asks C3: count left_out"],
    ),
    "a heading that says two things": (
        table((*NAMES, "Tỷ lệ trực tuyến (hồ sơ)"), rows=[(45,)]), ["asks C2: percent count"],
    ),
    "an indicator whose name begins like a number": (
        table((*NAMES, "Số hóa hồ sơ (hồ sơ)", "Số hóa hồ sơ (%)"), rows=[(45, 66.1)]), ["digitisation 45/? 66.1"],
    ),
    "points": (table((*NAMES, "Trực tuyến (điểm)"), rows=[(8.5,)]), ["scores"]),
    "a numerator that is called so": (table((*NAMES, "Tử số trực tuyến"), rows=[(45,)]), ["online 45/?"]),
    "the cases of an indicator that is not there": (
        table((*NAMES, "Hồ sơ tiếp nhận", "Thanh toán (%)"), rows=[(60, 47.4)]), ["payment 47.4"],
    ),
    "cases that counts and rate deny": (
        table((*NAMES, "Hồ sơ tiếp nhận", "Số DVC trực tuyến", "DVC trực tuyến (%)"), rows=[(258, 10, 17)]),
        ["online 10/? 17"],
    ),
    "dossiers alone are nobody's": (
        table((*NAMES, "Hồ sơ", "Trực tuyến (%)"), rows=[(60, 47.4)]), ["online 47.4"],
    ),
    # figures under a bare heading
    "whole numbers under a bare name": (
        table((*NAMES, "Trực tuyến"), rows=[(45,), (8,)]), ["asks C2: percent count"],
    ),
    "one that is not whole": (table((*NAMES, "Trực tuyến"), rows=[(45,), (8.5,)]), ["online 45", "online 8.5"]),
    "one with a percent sign": (table((*NAMES, "Trực tuyến"), rows=[(45,), ("8%",)]), ["online 45", "online 8"]),
    "one above a hundred": (table((*NAMES, "Trực tuyến"), rows=[(45,), (145,)]), ["asks C2: count left_out"]),
    "one with its measure": (table((*NAMES, "Trực tuyến"), rows=[("45 hồ sơ",), (8,)]), ["asks C2: count left_out"]),
    "a measure in a column of rates": (
        table((*NAMES, "Trực tuyến (%)"), rows=[("45 hồ sơ",), (8,)]), ["online 8", "C3 count_in_percent"],
    ),
    "an average of counts": (
        [*table((*NAMES, "Trực tuyến"), rows=[(45,), (8,)]), (N, "Bình quân", 26.5)], ["asks C2: percent count"],
    ),
    "a rate beside it": (
        table((*NAMES, "Trực tuyến", "Tỷ lệ (%)"), rows=[(45, 75), (8, 10)]), ["online 45/? 75", "online 8/? 10"],
    ),
    "a total beside it": (
        table((*NAMES, "Tổng số hồ sơ", "Trực tuyến"), rows=[(60, 45), (80, 8)]),
        ["asks D2: percent of:tong-so-ho-so count"],
    ),
    "pairs beside a whole number": (
        table((*NAMES, "Trực tuyến"), rows=[("45/60",), (8,)]), ["asks C2: percent count"],
    ),
    "its own counts beside it": (
        table((*NAMES, "Trực tuyến", N, N), (N, N, "Tử số", "Mẫu số", "Trực tuyến"), rows=[(45, 60, 75)]),
        ["online 45/60 75"],
    ),
    "counts beside it that it has nothing to do with": (
        table((*NAMES, "Trực tuyến", N, N), (N, N, "Tử số", "Mẫu số", "Trực tuyến"), rows=[(45, 60, 12)]),
        ["asks E3: percent left_out"],
    ),
    "a rate by its name whose figures are none": (
        table((*NAMES, "Tỷ lệ hồ sơ trực tuyến"), rows=[(45,), (1030,)]), ["asks C2: percent count"],
    ),
    "counts by their heading whose figures are none": (
        table((*NAMES, "Trực tuyến (hồ sơ)"), rows=[(47.4,)]), ["asks C2: percent count"],
    ),
    "the usual table": (
        table((*NAMES, "Công khai, minh bạch", "Tiến độ giải quyết", "Trực tuyến", "Mức độ hài lòng"),
              rows=[(100, 98.2, "47,4", 100), (99.1, 98, 40, "98,5%")]),
        ["publicity 100", "publicity 99.1", "timeliness 98.2", "timeliness 98", "online 47.4", "online 40",
         "satisfaction 100", "satisfaction 98.5"],
    ),
    "a result of a long table": (
        table((*NAMES, "Chỉ số", "Kết quả"), rows=[("Trực tuyến", 45), ("Thanh toán", 8)]), ["asks D2: percent count"],
    ),
    # targets beside results
    "targets and results above the names": (
        table((*NAMES, "Chỉ tiêu", N, "Kết quả", N), (N, N, *("Trực tuyến", "Thanh toán") * 2), rows=[(60, 50, 47, 8)]),
        ["online 47", "payment 8"],
    ),
    "target, result, judgement": (
        table((*NAMES, "Trực tuyến", N, N), (N, N, "Chỉ tiêu", "Kết quả", "Đánh giá"), rows=[(60, 47, "Chưa đạt")]),
        ["online 47"],
    ),
    "result, target, judgement": (
        table((*NAMES, "Trực tuyến", N, N, "Thanh toán", N, N),
              (N, N, *("Kết quả (%)", "Chỉ tiêu giao", "Nhận xét") * 2), rows=[(47.4, 60, "Chưa đạt", 8.5, 5, "Đạt")]),
        ["online 47.4", "payment 8.5"],
    ),
    "result beside a target, in cases": (
        table((*NAMES, "Trực tuyến", N), (N, N, "Chỉ tiêu", "Kết quả"), rows=[(600, 470)]), ["asks D3: count left_out"],
    ),
    "target and result of a long table": (
        table((*NAMES, "Chỉ số", "Chỉ tiêu", "Kết quả (%)", "Đánh giá"), rows=[("Trực tuyến", 60, 47, "Chưa đạt")]),
        ["online 47"],
    ),
    # fractions
    "a percent cell among others": (
        table((*NAMES, "Tỷ lệ trực tuyến"), rows=[((0.474, "0.0%"),), (0.98,)]), ["asks C2: percent fraction"],
    ),
    "percent cells whatever else the column holds": (
        table((*NAMES, "Tỷ lệ trực tuyến"), rows=[((0.474, "0.0%"),), (98,), ((1.02, "0%"),)]),
        ["online 47.4", "online 98", "C5 percent_above_hundred"],
    ),
    "fractions under a percent sign": (
        table((*NAMES, "Trực tuyến (%)"), rows=[(0.474,)]), ["asks C2: percent fraction"],
    ),
    "a small percent among large ones": (
        table((*NAMES, "Trực tuyến (%)"), rows=[(0.474,), (47.4,)]), ["online 0.474", "online 47.4"],
    ),
    "fractions beside their counts": (
        table((*NAMES, "Trực tuyến", N, N), (N, N, "Tử số", "Mẫu số", "Tỷ lệ"),
              rows=[(45, 90, 0.5), (49, 50, 0.98), (N, N, 1.02)]),
        ["online 45/90 50", "online 49/50 98", "E6 percent_above_hundred"],
    ),
    "a lone one": (table((*NAMES, "Trực tuyến"), rows=[(1,)]), ["asks C2: percent fraction count"]),
    "a fraction with a bound": (
        table((*NAMES, "Trực tuyến (%)"), rows=[("xấp xỉ 0,474",)]), ["asks C2: percent fraction"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), TABLES.values(), ids=TABLES)
def test_columns_hold_what_headings_figures_and_arithmetic_say(tmp_path, rows, expected):
    assert office_world.given(write_xlsx(tmp_path, rows)) == expected


def test_columns_that_are_not_read_are_named_in_one_remark(tmp_path):
    rows = table((*NAMES, "Trực tuyến", N, N), (N, N, "Chỉ tiêu", "Kết quả", "Đánh giá"), rows=[(60, 47.4, "Chưa đạt")])

    outcome = Outcome(read_file(write_xlsx(tmp_path, rows), bundled()))

    assert [warning.terms["columns"] for warning in outcome.warned("columns_left_out")] == [
        "Trực tuyến / Chỉ tiêu; Trực tuyến / Đánh giá"
    ]


def test_columns_that_arithmetic_found_are_not_called_unused(tmp_path):
    rows = table((*NAMES, "Hồ sơ trực tuyến", "Tổng hồ sơ", "Tỷ lệ (%)"), rows=[(45, 60, 75), (8, 80, 10)])

    assert not Outcome(read_file(write_xlsx(tmp_path, rows), bundled())).warned("columns_left_out")


def test_targets_are_percents_under_bare_names_and_beside_results(tmp_path):
    rows = [
        ("Đơn vị", "Giai đoạn", "Văn bản", "Ngày văn bản", "Trực tuyến", N, "Thanh toán"),
        (N, N, N, N, "Chỉ tiêu", "Kết quả", N),
        (PNON, "50 ngày", "629/KH", "19/3/2024", 60, 47.4, 50),
    ]

    parsed = read_file(write_xlsx(tmp_path, rows), bundled())

    assert (parsed.kind, [(one.indicator, one.value) for one in parsed.records]) == (
        "targets", [("online", Decimal(60)), ("payment", Decimal(50))],
    )  # fmt: skip


def test_target_of_a_fraction_is_asked_about(tmp_path):
    rows = [("Chỉ số", "Năm", "Chỉ tiêu Trung ương", "Văn bản"), ("Trực tuyến", 2024, 0.5, "766/QĐ")]
    path = write_xlsx(tmp_path, rows)

    with pytest.raises(FileAsks) as caught:
        read_file(path, bundled())
    key = caught.value.questions[0].key
    parsed = read_file(path, bundled(choices={key: "fraction"}))

    assert [one.value for one in parsed.records] == [Decimal(50)]


@pytest.mark.parametrize("option", ["percent", "fraction"])
@pytest.mark.parametrize("write", ["csv", "xls", "ods", "xlsx"])
def test_fractions_are_asked_about_in_every_format(tmp_path, write, option):
    rows = table((*NAMES, "Trực tuyến"), rows=[(0.474,), (0.98,), (1.02,)])
    if write == "csv":
        path = write_csv(tmp_path, [[str(cell).replace(".", ",") for cell in row] for row in rows], delimiter=";")
    elif write == "xlsx":
        path = write_xlsx(tmp_path, rows)
    else:
        writer = write_xls if write == "xls" else write_ods
        path = writer(tmp_path / f"file.{write}", [list(row) for row in rows])

    last = "percent_above_hundred"
    expected = {"percent": ["0.474", "0.98", "1.02"], "fraction": ["47.4", "98"]}[option]

    found = answered(path, option)

    assert [one.removeprefix("online ") for one in found if one.startswith("online")] == expected
    assert (last in found[-1]) == (option == "fraction")


def test_bound_of_a_fraction_stays_with_it(tmp_path):
    path = write_xlsx(tmp_path, table((*NAMES, "Trực tuyến (%)"), rows=[("xấp xỉ 0,474",), ("0,5 %",)]))
    with pytest.raises(FileAsks) as caught:
        read_file(path, bundled())

    outcome = Outcome(read_file(path, bundled(choices={caught.value.questions[0].key: "fraction"})))

    assert [row[6:] for row in outcome.rows] == [(47.4, "about"), (0.5, None)]


def test_number_beyond_the_rows_that_decide_is_refused_where_it_could_be_a_fraction(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.imports.tables.window.ROWS", 2)
    rows = table((*NAMES, "Trực tuyến"), rows=[("47%",), ("98%",), (0.33,)])

    assert office_world.given(write_xlsx(tmp_path, rows)) == ["online 47", "online 98", "C5 percent_or_fraction"]


ASIDE = {
    "the week before": (("Tuần trước",), ["refused header_not_found"]),
    "the week before in brackets": ((None, "Trực tuyến (tuần trước)"), ["refused header_not_found"]),
    "both weeks": (("Tuần trước", None, "Tuần này"), ["refused column_twice"]),
    "a year before": (("Năm 2023",), ["refused columns_missing"]),
    "a year before in brackets": ((None, "Trực tuyến (năm 2023)"), ["refused columns_missing"]),
    "the campaign's year": (("Năm 2024",), ["online 45.5"]),
    "the same time a year before": (("Cùng kỳ năm trước",), ["refused columns_missing"]),
    "targets": (("Chỉ tiêu năm 2024",), ["refused header_not_found"]),
    "plan and results": (("Kế hoạch", None, "Thực hiện"), ["online 46.5"]),
    "plan in brackets": ((None, "Trực tuyến (kế hoạch)"), ["refused header_not_found"]),
    "differences": (("Tăng/giảm (điểm %)",), ["refused header_not_found"]),
    "what was not done": (("Chưa thực hiện",), ["refused header_not_found"]),
    "another day": (("Ngày 13/4/2024",), ["refused columns_missing"]),
    "the same day": (("Ngày 20/4/2024",), ["online 45.5"]),
    "another day in brackets": ((None, "Trực tuyến (13/4/2024)"), ["refused columns_missing"]),
    "another month in brackets": ((None, "Trực tuyến (tháng 3) (%)"), ["refused columns_missing"]),
    "the same month in brackets": ((None, "Trực tuyến (tháng 4) (%)"), ["online 45.5"]),
    "another week": (("Tuần 2 tháng 4",), ["refused columns_missing"]),
    "the same week": (("Tuần 3 tháng 4",), ["online 45.5"]),
    "a document's number": (("Kế hoạch 629/KH-UBND",), ["online 45.5"]),
    "what is counted, in brackets": ((None, "Trực tuyến (không tính hồ sơ trễ)"), ["online 45.5"]),
    "what was done": (("Đã thực hiện",), ["online 45.5"]),
}
"""What stands above "Trực tuyến", or in brackets behind it → what is read."""


@pytest.mark.parametrize(("above", "expected"), ASIDE.values(), ids=ASIDE)
def test_column_of_another_time_or_matter_is_never_read_as_results(tmp_path, above, expected):
    upper, own = ((None,), above[1]) if above[0] is None else (above, "Trực tuyến")
    lower = [own, None, own][: len(upper)]
    rows = table((None, None, *upper), (*NAMES, *lower), rows=[(45.5, None, 46.5)[: len(upper)]])

    assert office_world.given(write_xlsx(tmp_path, rows)) == expected


@pytest.mark.parametrize(
    ("title", "is_sure"),
    [
        ("GIAO CHỈ TIÊU CHO CÁC XÃ", False), ("Phân bổ các chỉ tiêu", False), ("Dự kiến kết quả", False),
        ("Kết quả thực hiện Quyết định giao chỉ tiêu", True), ("Kết quả thực hiện các chỉ tiêu giao", True),
    ],
)  # fmt: skip
def test_title_of_plans_makes_the_person_say_the_kind(tmp_path, title, is_sure):
    path = write_xlsx(tmp_path, [(title,), *table((*NAMES, "Trực tuyến (%)"), rows=[(45,)])])

    assert office_world.given(path) == (["online 45"] if is_sure else ["refused kind_unsure"])
    assert office_world.given(path, kind="readings") == ["online 45"]


def test_column_of_counts_and_their_percent_in_one_cell_asks_nothing(tmp_path):
    rows = table((*NAMES, "Trực tuyến"), rows=[("45/60 (75%)",), ("8/20",)])

    assert office_world.given(write_xlsx(tmp_path, rows)) == ["online 45/60 75", "online 8/20"]


def test_sheet_that_goes_on_below_the_rows_that_decide_is_known_to(tmp_path, monkeypatch):
    monkeypatch.setattr("jobs.imports.tables.window.ROWS", 4)
    rows = table((*NAMES, "Tỷ lệ trực tuyến"), rows=[(47,), (98,), (0.33,)])

    assert office_world.given(write_xlsx(tmp_path, rows)) == ["online 47", "online 98", "C5 percent_or_fraction"]


# --- every figure read equals the figure meant ----------------------------------------------------------------------

INDICATORS = {
    "online": ("Trực tuyến", "Dịch vụ công trực tuyến", "Hồ sơ trực tuyến", "DVC trực tuyến"),
    "payment": ("Thanh toán", "Thanh toán trực tuyến"),
    "satisfaction": ("Hài lòng", "Mức độ hài lòng"),
    "digitisation": ("Số hóa", "Số hóa hồ sơ"),
}
COUNT_MARKS = ("{}", "{}", "{} (hồ sơ)", "{} (số hồ sơ)", "{} (phiếu)", "Số {}", "Số lượng {}", "{} (lượt)")
RATE_MARKS = ("{}", "{}", "{} (%)", "Tỷ lệ {}", "{} (tỷ lệ)", "% {}")
TOTALS = ("Tổng số", "Tổng hồ sơ", "Tổng số hồ sơ", "Tổng HS", "Tiếp nhận", "Phát sinh", "Hồ sơ")
SHARED_RATES = ("Tỷ lệ (%)", "Tỷ lệ", "%", "Kết quả", "Kết quả đạt", "Đạt")
UPPER = ("", "", "Kết quả thực hiện", "Kết quả các chỉ số", "Số liệu báo cáo")


COMMUNES = tuple(
    next(unit.unit_id for unit in bundled().units if unit.name.casefold() == f"ubnd {name}".casefold())
    for name in (PNON, KHAI, HONG)
)


@st.composite
def offices_tables(draw):
    """A wide table, and what each of its rows means: (indicator, "count" | "percent") → the figures."""
    keys = draw(st.lists(st.sampled_from(sorted(INDICATORS)), min_size=1, max_size=3, unique=True))
    height = draw(st.integers(1, 3))
    is_fraction = draw(st.booleans())
    columns, meant = [], {}
    for key in keys:
        name = draw(st.sampled_from(INDICATORS[key]))
        totals = [draw(st.integers(1, draw(st.sampled_from((60, 60, 5_000))))) for _ in range(height)]
        counts = [draw(st.integers(0, total)) for total in totals]
        digits = draw(st.sampled_from((0, 1, 2)))
        percents = [round(100 * n / d, digits) for n, d in zip(counts, totals, strict=True)]
        rates = [round(value / 100, 6) for value in percents] if is_fraction else percents
        rates = [int(value) if float(value).is_integer() else value for value in rates]
        meant[key] = list(zip(counts, totals, percents, strict=True))
        shape = draw(st.sampled_from(("count", "percent", "count percent", "all", "all merged", "count total")))
        count = (draw(st.sampled_from(COUNT_MARKS)).format(name), counts)
        rate = (draw(st.sampled_from(RATE_MARKS)).format(name), rates)
        total = (draw(st.sampled_from((*TOTALS, "Hồ sơ tiếp nhận") if key == "online" else TOTALS)), totals)
        if shape == "all merged":
            rate = (draw(st.sampled_from(SHARED_RATES)), rates)
            parts = draw(st.permutations([count, total, rate]))
            columns += [((name if number == 0 else None, part[0]), part[1]) for number, part in enumerate(parts)]
            continue
        parts = {"count": [count], "percent": [rate], "count percent": [count, rate], "all": [count, total, rate],
                 "count total": [count, total]}[shape]  # fmt: skip
        parts = draw(st.permutations(parts))
        columns += [((part[0], None), part[1]) for part in parts]
    upper, lower = zip(*(heading for heading, _ in columns), strict=True)
    rows = list(zip(*(cells for _, cells in columns), strict=True))
    headings = [(*NAMES, *upper), (None, None, *lower)] if any(lower) else [(*NAMES, *upper)]
    return table(*headings, rows=rows), meant


@explored(offices_tables())
def test_every_figure_read_equals_the_figure_meant_or_is_asked_or_refused(tmp_path_factory, office):
    rows, meant = office
    path = write_xlsx(tmp_path_factory.mktemp("office"), rows)
    try:
        outcome = Outcome(read_file(path, bundled()))
    except FileRefused:
        return

    for unit, indicator, numerator, denominator, value in outcome.figures:
        count, total, percent = meant[indicator][COMMUNES.index(unit)]
        assert numerator in (None, count)
        assert denominator in (None, total)
        assert value is None or value == pytest.approx(percent)
