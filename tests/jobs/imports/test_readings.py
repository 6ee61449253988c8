"""Rows of rates: what is taken in, what is refused and why, what is left out and said so."""

import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.tables.questions import FileAsks
from jobs.imports.tables.rows import LEFT_OUT
from tests.jobs.imports_world import (
    CAMPAIGN,
    DAY,
    LONG,
    answered,
    context,
    long_csv,
    readings,
    write_csv,
    write_xls,
    write_xlsx,
)

ON = "10/05/2024"

# One row of Ia Grai's online rate: numerator, denominator, percent → what is kept, what is refused or warned of.
ROWS = """
    numerator        | denominator | percent    | kept                     | said
    1030             | 1.365       | 75,46%     | 1030 1365 75.46          |
    1030             | 1365        |            | 1030 1365 -              |
                     |             | 41,6       | - - 41.6                 |
    0                | 120         | 0%         | 0 120 0                  |
    21.683           | 306.958     | 7,01%      | 21683 306958 7.01        | percent_differs
    21.683           | 306.958     | 7,06%      | 21683 306958 7.06        |
    15.580           | 28.861      | 54%        | 15580 28861 54           |
    2                | 3           | 66,6       | 2 3 66.6                 |
    2                | 3           | trên 60%   | 2 3 60                   |
    2                | 3           | trên 70%   | 2 3 70                   | percent_differs
    2                | 3           | dưới 60%   | 2 3 60                   | percent_differs
    2                | 3           | xấp xỉ 67% | 2 3 67                   |
    120              |             |            | 120 - -                  | count_alone
    120              |             | 40         | 120 - 40                 |
                     | 120         | 40         | - - 40                   | denominator_left_out
                     | 120         |            |                          | numerator_missing
                     | 0           |            | 0 0 -                    |
    0                | 0           |            | 0 0 -                    |
    0                | 0           | 0          | 0 0 -                    |
    0                | 0           | 100%       | 0 0 -                    | percent_without_cases
    0                | 0           | #DIV/0!    | 0 0 -                    |
    1                | 2           | #DIV/0!    |                          | excel_error
    1                | 2           | =A1/B1     | 1 2 -                    | rate_formula_ignored
    kps              | kps         |            | 0 0 -                    |
    không phát sinh  |             |            | 0 0 -                    |
    0                | 0           | KPS        | 0 0 -                    |
                     |             | kps        | 0 0 -                    |
    kps              | 12          |            | 0 12 -                   |
    5                | 12          | kps        |                          | no_cases_with_figures
    5                | kps         |            |                          | no_cases_with_figures
    2                | 1           |            |                          | numerator_above_denominator
    1                | 0           |            |                          | numerator_above_denominator
    -5               | 10          |            |                          | negative
    12,5             | 20          |            |                          | count_not_whole
    13,2%            | 20          |            |                          | percent_in_count
                     |             | 101        |                          | percent_above_hundred
                     |             | 100-90%    |                          | range
    abc              | 10          |            |                          | not_a_figure
    -                | —           | …          |                          | rows_without_figures
                     |             |            |                          | rows_without_figures
"""


def drawn(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


def number(text):
    return None if text == "-" else float(text)


@pytest.mark.parametrize(("numerator", "denominator", "percent", "kept", "said"), drawn(ROWS))
def test_row_is_kept_or_refused_as_the_table_says(tmp_path, numerator, denominator, percent, kept, said):
    path = long_csv(tmp_path, ("Ia Grai", "online", ON, numerator, denominator, percent))

    outcome = readings(path)

    assert outcome.figures == ([(10, "online", *map(number, kept.split()))] if kept else [])
    assert [row.problem for row in outcome.rejected] + [warning.code for warning in outcome.warnings] == [said][
        : bool(said)
    ]


@pytest.mark.parametrize(
    ("figures", "qualifier"),
    [
        (("", "", "trên 90%"), "over"),
        (("", "", "gần 90%"), "under"),
        (("", "", "xấp xỉ 94%"), "about"),
        (("1", "2", "xấp xỉ 50%"), None),
        (("", "", "dưới 90%"), "less"),
        (("trên 800", "1000", ""), "over"),
        (("800", "trên 1000", ""), "under"),
        (("trên 800", "gần 1000", ""), "over"),
        (("hơn 4000", "trên 5000", ""), "about"),
        (("hơn 800", "", ""), "more"),
    ],
)
def test_qualifier_makes_a_figure_a_bound_unless_exact_counts_stand(tmp_path, figures, qualifier):
    outcome = readings(long_csv(tmp_path, ("Ia Grai", "online", ON, *figures)))

    assert [row[7] for row in outcome.rows] == [qualifier]


def test_range_is_held_by_both_ends(tmp_path):
    outcome = readings(
        long_csv(tmp_path, ("Ia Grai", "online", ON, "", "", "90-100%"), ("Pleiku", "online", ON, "", "", "41"))
    )

    kept = outcome.frame[["value", "value_high", "qualifier"]].to_numpy(dtype=object).tolist()
    assert kept[0] == [90.0, 100.0, "range"]
    assert (kept[1][0], kept[1][2], math.isnan(kept[1][1])) == (41.0, None, True)


@pytest.mark.parametrize(("value", "problem"), [("90-101%", "percent_above_hundred"), ("95-90%", "range")])
def test_range_that_is_none_is_refused(tmp_path, value, problem):
    outcome = readings(long_csv(tmp_path, ("Ia Grai", "online", ON, "", "", value)))

    assert [row.problem for row in outcome.rejected] == [problem]


def test_same_figure_with_another_end_is_told_otherwise(tmp_path):
    rows = [("Ia Grai", "online", ON, "", "", f"90-{high}%") for high in (95, 95, 100)]

    outcome = readings(long_csv(tmp_path, *rows))

    assert (outcome.repeated, [row.problem for row in outcome.rejected]) == (1, ["told_otherwise"])


@pytest.mark.parametrize("heading", ["Trích dẫn", "quotation"])
def test_sentence_that_a_figure_was_taken_from_comes_with_it(tmp_path, heading):
    path = long_csv(
        tmp_path,
        ("Ia Grai", "online", "40", "bằng lời", "Trang 3, dòng 12"),
        header=("unit", "indicator", "value", "Ghi chú", heading),
    )

    outcome = readings(path, as_of=DAY)

    assert outcome.frame[["note", "quotation"]].to_numpy().tolist() == [["bằng lời", "Trang 3, dòng 12"]]


def test_qualifier_may_have_a_column_of_its_own(tmp_path):
    path = long_csv(
        tmp_path,
        ("Ia Grai", "online", "40", "xấp xỉ"), ("Pleiku", "online", "40", ""), ("SYT", "online", "40", "maybe"),
        header=("unit", "indicator", "value", "qualifier"),
    )  # fmt: skip

    outcome = readings(path, as_of=DAY)

    assert [row[7] for row in outcome.rows] == ["about", None]
    assert outcome.problems == [("line 4", "word_unknown")]


def test_warning_of_a_percent_that_differs_names_both(tmp_path):
    outcome = readings(long_csv(tmp_path, ("Ia Grai", "online", ON, "21.683", "306.958", "7,01%")))

    sentence = outcome.warned("percent_differs")[0].sentence("vi")

    assert sentence.startswith("dòng 2: tỷ lệ báo cáo 7,01% khác tỷ lệ tính từ số lượng 21.683/306.958 là 7,06%.")


def test_refused_row_keeps_all_that_it_held(tmp_path):
    outcome = readings(write_xlsx(tmp_path, [LONG, ("Ia Grai", "online", (DAY, "dd/mm/yyyy"), 2, 1, (0.5, "0%"))]))

    row = outcome.rejected[0]

    assert (row.place, row.field, row.value) == ("Sheet1!D2", "Tử số", "2")
    assert row.raw == {
        "Đơn vị": "Ia Grai", "Chỉ số": "online", "Tính đến ngày": "10/05/2024", "Tử số": "2", "Mẫu số": "1",
        "Tỷ lệ (%)": "50%",
    }  # fmt: skip
    assert row.sentence("en").startswith("Sheet1!D2, column “Tử số”: the numerator is larger than the denominator.")


# --- scope, indicator, day ------------------------------------------------------------------------------------------


def test_scope_is_the_levels_own_unless_a_column_says_otherwise(tmp_path):
    rows = [
        ("Ia Grai", "", "1%"), ("Ia Grai", "riêng", "2%"), ("Ia Hrung", "", "3%"),
        ("Ia Hrung", "gồm cả đơn vị trực thuộc", "4%"), ("Pleiku", "own", "5%"), ("SYT", "below", "6%"),
        ("Đăk Đoa (huyện)", "một phần", "7%"),
    ]  # fmt: skip
    path = write_csv(tmp_path, [("Đơn vị", "Phạm vi", "online"), *rows])

    outcome = readings(path, as_of=DAY)

    assert [(row[0], row[3]) for row in outcome.rows] == [
        (10, "below"), (10, "own"), (24, "own"), (24, "below"), (14, "own"), (3, "below"),
    ]  # fmt: skip
    assert outcome.problems == [("line 8", "word_unknown")]


def test_unknown_scope_names_the_known_ones(tmp_path):
    path = write_csv(tmp_path, [("Đơn vị", "Phạm vi", "online"), ("Ia Grai", "một phần", "1%")])

    outcome = readings(path, as_of=DAY)

    assert outcome.problems == [("line 2", "word_unknown")]
    assert outcome.rejected[0].terms == {"known": "own, below"}


def test_unknown_indicator_comes_with_the_nearest_names(tmp_path):
    path = long_csv(
        tmp_path,
        ("Ia Grai", "Hồ sơ trực tiếp tuyến", ON, 1, 2, ""),
        ("Ia Grai", "", ON, 1, 2, ""),
        ("Ia Grai", "xyz", ON, 1, 2, ""),
    )

    outcome = readings(path)

    assert outcome.problems == [
        ("line 2", "indicator_unknown"),
        ("line 3", "indicator_missing"),
        ("line 4", "indicator_unknown"),
    ]
    assert "Tỷ lệ hồ sơ trực tuyến" in outcome.rejected[0].terms["known"]
    assert "online" in outcome.rejected[2].terms["known"]


@pytest.mark.parametrize(
    ("day", "problem"),
    [
        ("21/03/2024", None), ("20/03/2024", "as_of_before"), ("01/06/2024", None), ("02/06/2024", "as_of_future"),
        ("22-3", None), ("03/22/2024", "date_month_first"), ("31/4/2024", "date_impossible"), ("abc", "not_a_date"),
    ],
)  # fmt: skip
def test_day_of_a_figure_lies_between_the_baseline_day_and_today(tmp_path, day, problem):
    outcome = readings(long_csv(tmp_path, ("Ia Grai", "online", day, 1, 2, "")))

    assert outcome.problems == ([("line 2", problem)] if problem else [])


def test_option_that_lies_in_the_future_refuses_every_row(tmp_path):
    path = write_csv(tmp_path, [("Đơn vị", "online"), ("Ia Grai", "1%")])

    assert readings(path, as_of=date(2025, 1, 1)).problems == [("line 2", "as_of_future")]


def test_row_has_one_problem_and_a_wide_row_one_for_each_wrong_cell(tmp_path):
    rows = [("Đơn vị", "online", "payment"), ("Ia Grai", "101%", "a"), ("Không ai", "101%", "a"), ("Pleiku", "", "5%")]

    outcome = readings(write_xlsx(tmp_path, rows), as_of=DAY)

    assert outcome.problems == [
        ("Sheet1!B2", "percent_above_hundred"), ("Sheet1!C2", "not_a_figure"), ("Sheet1!A3", "unit_unknown"),
    ]  # fmt: skip
    assert outcome.figures == [(14, "payment", None, None, 5.0)]


# --- rows that are no unit's ----------------------------------------------------------------------------------------


def test_totals_groups_notes_and_blank_rows_are_left_out_and_counted(tmp_path):
    rows = [
        ("STT", "Đơn vị", "Tử số", "Mẫu số"),
        ("I", "Sở, ban, ngành", 10, 20),
        (1, "Sở Y tế", 10, 20),
        (None, None, None, None),
        ("II", "UBND cấp huyện", None, None),
        (2, "Ia Grai", 30, 40),
        (3, "Pleiku", None, "-"),
        ("III", "Khối Đảng, đoàn thể", 1, 2),
        ("", "Tổng cộng", 41, 62),
        ("Tổng số", None, 41, 62),
        ("Ghi chú: số liệu chưa đầy đủ", None, None, None),
        (None, None, None, "Gia Lai, ngày 10 tháng 5 năm 2024"),
        (None, "NGƯỜI LẬP BIỂU", None, "TRƯỞNG PHÒNG"),
    ]
    path = write_xlsx(tmp_path, [("Tỷ lệ hồ sơ trực tuyến",) * 0 + (None, None, "Tỷ lệ hồ sơ trực tuyến"), *rows])

    outcome = readings(path, as_of=DAY)

    assert outcome.figures == [(3, "online", 10, 20, None), (10, "online", 30, 40, None)]
    assert not outcome.rejected
    counted = {
        warning.code: (warning.terms["count"], warning.terms["places"])
        for warning in outcome.warnings
        if "count" in warning.terms
    }
    assert counted == {
        "groups_left_out": ("3", "Sheet1!B3, Sheet1!B6, Sheet1!B9"),
        "rows_without_figures": ("1", "Sheet1!B8"),
        "totals_left_out": ("2", "Sheet1!B10, Sheet1!B11"),
        "notes_left_out": ("3", "Sheet1!B12, Sheet1!B13, Sheet1!B14"),
    }


@pytest.mark.parametrize(
    "label",
    [
        "Tổng cộng",
        "TỔNG",
        "Tổng số:",
        "Cộng",
        "Total",
        "Toàn tỉnh",
        "Tổng cộng (I+II)",
        "Cộng khối huyện",
        "I. Sở, ban, ngành",
        "II. Cấp huyện",
    ],
)
def test_total_or_group_row_is_known_by_its_words(tmp_path, label):
    outcome = readings(long_csv(tmp_path, (label, "online", ON, 1, 2, "")))

    assert not outcome.rejected
    assert not len(outcome.frame)
    assert {warning.code for warning in outcome.warnings} <= {"totals_left_out", "groups_left_out"}


def test_unit_that_heads_its_communes_is_a_unit(tmp_path):
    rows = [
        ("STT", "Đơn vị", "online"),
        ("I", "Huyện Ia Grai", "50%"),
        (1, "Xã Ia Hrung", "40%"),
        (2, "2. Xã Ia Tô", "30%"),
    ]

    outcome = readings(write_csv(tmp_path, rows), as_of=DAY)

    assert [row[0] for row in outcome.rows] == [10, 24, 26]


def test_misspelt_unit_in_a_groups_place_is_refused_and_not_dropped(tmp_path):
    rows = [("STT", "Đơn vị", "online"), ("I", "Huyện Ia Graii", "50%")]

    assert readings(write_csv(tmp_path, rows), as_of=DAY).problems == [("line 2", "unit_unknown_near")]


def test_note_with_a_figure_is_refused(tmp_path):
    rows = [
        ("STT", "Đơn vị", "Tử số", "Mẫu số", "Chỉ số"),
        (None, None, 5, 10, None),
        (None, "Số còn lại", 5, 10, None),
    ]

    outcome = readings(write_xlsx(tmp_path, rows), as_of=DAY)

    assert outcome.problems == [("Sheet1!B2", "unit_missing"), ("Sheet1!B3", "unit_unknown")]


def test_text_row_with_more_fields_than_headings_is_refused(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Đơn vị,online,payment\nIa Grai,13,2%,5%\nPleiku,5%,6%,,\nSYT,5%\n", encoding="utf-8")

    outcome = readings(path, as_of=DAY)

    assert outcome.problems == [("line 2", "too_many_fields"), ("line 3", "too_many_fields")]
    assert outcome.rejected[0].raw["#4"] == "5%"
    assert [(row[0], row[1], row[6]) for row in outcome.rows] == [(3, "online", 5.0)]


def test_blank_lines_of_a_text_file_are_no_rows(tmp_path):
    path = tmp_path / "file.csv"
    path.write_text("Đơn vị,online\n\nIa Grai,5%\n , \n,,,\nKhông ai,5%\n", encoding="utf-8")

    outcome = readings(path, as_of=DAY)

    assert outcome.rows_read == 2
    assert outcome.problems == [("line 6", "unit_unknown")]


def test_numbered_name_that_is_no_unit_is_refused(tmp_path):
    path = write_csv(tmp_path, [("Đơn vị", "online"), ("1. Không ai", "5%"), ("2. Sở Y tế", "5%")])

    outcome = readings(path, as_of=DAY)

    assert outcome.problems == [("line 2", "unit_unknown")]
    assert outcome.figures == [(3, "online", None, None, 5.0)]


def test_units_are_found_by_code_and_by_name_in_one_file(tmp_path):
    rows = [
        ("Mã đơn vị", "Đơn vị", "Huyện", "online"),
        ("H21.58", "", "", "1%"),
        ("", "Xã Ia Băng", "Chư Prông", "2%"),
        (23719, "Xã Ia Băng", "", "3%"),
        ("", "", "", "4%"),
    ]

    outcome = readings(write_xlsx(tmp_path, rows), as_of=DAY)

    assert [row[0] for row in outcome.rows] == [10, 21, 20]
    assert outcome.problems == [("Sheet1!B5", "unit_missing")]


# --- the one-stop system's export -----------------------------------------------------------------------------------


def export(tmp_path, *rows):
    head = [
        ("THỐNG KÊ TÌNH HÌNH GIẢI QUYẾT HỒ SƠ",),
        ("(Từ ngày 22/03/2024 đến ngày 10/05/2024)",),
        ("STT", "Địa phương", "TỔNG HS", "Trong đó", None, "Trong đó", None, "Tồn kỳ trước", "Ghi chú"),
        (None, None, None, "NỘP TRỰC TUYẾN", "NỘP TRỰC TIẾP", "Hoàn thành", "Đang xử lý", None, None),
    ]
    return write_xlsx(tmp_path, [*head, *rows])


def test_export_of_the_one_stop_system_is_online_received_of_all_received(tmp_path):
    path = export(
        tmp_path,
        (1, "UBND huyện Ia Grai", 110, 40, 60, 100, 10, 10, None),
        (2, "UBND huyện Đăk Đoa", 100, 30, 70, 100, 0, 10, None),
        (None, "TỔNG", 210, 70, 130, 200, 10, 20, None),
    )

    outcome = readings(path)

    assert outcome.rows == [
        (10, "online", DAY, "below", 40, 100, None, None), (11, "online", DAY, "below", 30, 100, None, None),
    ]  # fmt: skip
    assert outcome.parsed.sheets[0].layout == "one_stop_export"
    assert [warning.code for warning in outcome.warnings] == ["totals_left_out"]


def test_export_whose_total_fits_neither_way_is_warned_of(tmp_path):
    path = export(
        tmp_path,
        (1, "UBND huyện Ia Grai", 105, 40, 60, 100, 5, 10, None),
        (2, "Đăk Đoa (huyện)", "x", 1, "", 1, 0, 0, None),
    )

    outcome = readings(path)

    warning = outcome.warned("export_total_differs")[0]
    assert (warning.place, dict(warning.terms)) == ("Sheet1!D5", {"total": "105", "received": "100"})


def test_export_with_a_broken_cell_is_refused_at_that_cell(tmp_path):
    path = export(
        tmp_path,
        (1, "UBND huyện Ia Grai", "?", 40, "sáu mươi", 100, 5, 10, None),
        (2, "Pleiku", "?", "kps", 5, 1, 0, 0, None),
    )

    outcome = readings(path)

    assert outcome.problems == [("Sheet1!E5", "not_a_figure")]
    assert outcome.figures == [(14, "online", 0, 5, None)]


def test_export_has_no_place_in_a_campaign_without_that_indicator(tmp_path):
    others = replace(CAMPAIGN, indicators=tuple(one for one in CAMPAIGN.indicators if one.key != "online"))

    with pytest.raises(FileRefused) as caught:
        read_file(export(tmp_path, (1, "Ia Grai", 1, 1, 1, 1, 1, 1, None)), context(campaign=others))

    assert caught.value.code == "no_online_indicator"


def test_figure_of_unknown_format_beside_broken_counts_stays_undecided(tmp_path):
    rows = [LONG, ("Ia Grai", "online", DAY, "x", 10, 0.5), ("Pleiku", "online", DAY, True, True, True)]

    outcome = readings(write_xls(tmp_path / "file.xls", rows))

    assert [row.problem for row in outcome.rejected] == ["not_a_figure", "not_a_figure"]


CELLS = st.one_of(
    st.sampled_from(("", "-", "kps", "1", "2", "0", "12,5", "1.365", "50%", "xấp xỉ 94%")),
    st.sampled_from(("90-100%", "#DIV/0!", "=A1", "nan", "101", "a b")),
)
NAMES = st.one_of(
    st.sampled_from(("Ia Grai", "H21.58", "Pleiku", "Xã Ia Băng", "Không ai")),
    st.sampled_from(("Tổng cộng", "II. Cấp huyện", "", "Ghi chú: a", "Phường Đống Đa")),
)
INDICATORS = st.sampled_from(("online", "CLGQ", "payment", "x", ""))
DAYS = st.sampled_from(("10/05/2024", "22-3", "", "31/2/2024", "10/05/2025", "30/04/2024"))


@given(st.lists(st.tuples(NAMES, INDICATORS, DAYS, CELLS, CELLS, CELLS), max_size=25))
def test_every_row_is_kept_repeated_refused_or_counted_as_left_out(tmp_path_factory, rows):
    path = long_csv(tmp_path_factory.mktemp("rows"), *rows)

    try:
        outcome = readings(path)
    except FileAsks:
        # A lone 1 may be 1 % or 100 %.
        outcome = answered(path, "percent")

    left_out = sum(int(warning.terms["count"]) for warning in outcome.warnings if warning.code in LEFT_OUT.values())
    filled = [row for row in rows if any(row)]
    assert outcome.rows_read == len(filled)
    assert len(outcome.frame) + outcome.repeated + len(outcome.rejected) + left_out == len(filled)
    assert len({row.place for row in outcome.rejected}) == len(outcome.rejected)


def test_batch_says_where_each_figure_stands(tmp_path):
    path = write_xlsx(tmp_path, [("Đơn vị", "online", "payment"), ("Ia Grai", "1%", "2%")])

    batch = next(iter(read_file(path, context(as_of=DAY)).batches))

    assert [batch.place(position) for position in range(2)] == ["Sheet1!B2", "Sheet1!C2"]


def test_frame_has_the_documented_types(tmp_path):
    batch = next(iter(read_file(long_csv(tmp_path, ("Ia Grai", "online", ON, 1, 2, "")), context()).batches))

    types = {name: str(kind) for name, kind in batch.frame.dtypes.items()}

    assert types == {
        "unit_id": "int64", "indicator": "category", "as_of": "int64", "scope": "category", "numerator": "Int64",
        "denominator": "Int64", "value": "float64", "qualifier": "object", "row": "int64", "column": "int64",
    }  # fmt: skip


# --- a period beside a day ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "cell", "is_read"),
    [
        ("Tháng", "4/2024", True), ("Tháng", 4, True), ("Tháng", "3/2024", False), ("Quý", "II/2024", True),
        ("Quý", "I/2024", False), ("Kỳ báo cáo", "tháng 4 năm 2024", True), ("Kỳ báo cáo", "tháng 3 năm 2024", False),
        ("Kỳ báo cáo", "4 tháng đầu năm 2024", True), ("Kỳ báo cáo", "tuần 3", True), ("Kỳ báo cáo", None, True),
        ("Năm", 2023, False),
    ],
)  # fmt: skip
def test_row_whose_period_does_not_hold_its_day_is_refused(tmp_path, heading, cell, is_read):
    rows = [("Số liệu tính đến ngày 20/4/2024",), ("Đơn vị", heading, "Trực tuyến (%)"), ("Pleiku", cell, 47.4)]

    outcome = readings(write_xlsx(tmp_path, rows), kind="readings")

    assert len(outcome.rows) == is_read
    assert outcome.problems == ([] if is_read else [("Sheet1!B3", "day_outside_period")])


@pytest.mark.parametrize("heading", ["Nội dung", "Loại số liệu", "Kỳ"])
@pytest.mark.parametrize(
    ("cell", "is_read"),
    [
        ("Kế hoạch", False), ("Chỉ tiêu giao", False), ("Tuần trước", False), ("Cùng kỳ năm trước", False),
        ("Thực hiện", True), ("Tuần này", True), (None, True), ("Kế hoạch 629/KH-UBND", True),
    ],
)  # fmt: skip
def test_row_that_says_it_is_of_another_matter_is_refused(tmp_path, heading, cell, is_read):
    rows = [("Số liệu tính đến ngày 20/4/2024",), ("Đơn vị", heading, "Trực tuyến (%)"), ("Pleiku", cell, 47.4)]

    outcome = readings(write_xlsx(tmp_path, rows), kind="readings")

    assert outcome.problems == ([] if is_read else [("Sheet1!B3", "row_of_other_matter")])
