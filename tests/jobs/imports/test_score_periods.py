"""Scores are of the period that their table names, or of none: the year's are never the month's."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from jobs.imports.days.named_periods import NoPeriod, Period, periods_in, settled
from jobs.imports.files import read_file
from jobs.imports.problems import FileRefused
from jobs.imports.units.names import PROVINCE_NAMES
from tests.jobs.imports_world import DAY, UNITS, context, write_csv, write_xlsx

TODAY = date(2025, 11, 20)
NAMED = """
    words                                                | basis   | first      | last told
    Kết quả năm 2023                                     | year    | 2023-01-01 | 2023-12-31
    KẾT QUẢ ĐÁNH GIÁ NĂM 2025 (THÁNG 10)                 | month   | 2025-10-01 | 2025-10-31
    Tháng 10/2025                                        | month   | 2025-10-01 | 2025-10-31
    tháng 10 năm 2025                                    | month   | 2025-10-01 | 2025-10-31
    (Tháng 10 - 2025)                                    | month   | 2025-10-01 | 2025-10-31
    T10.2025                                             | month   | 2025-10-01 | 2025-10-31
    Quý III/2025                                         | quarter | 2025-07-01 | 2025-09-30
    quý 3 năm 2025                                       | quarter | 2025-07-01 | 2025-09-30
    Q4 2025                                              | quarter | 2025-10-01 | 2025-12-31
    Tháng 4-6/2025                                       | quarter | 2025-04-01 | 2025-06-30
    9 tháng đầu năm 2025                                 | year    | 2025-01-01 | 2025-09-30
    10 tháng năm 2025                                    | year    | 2025-01-01 | 2025-10-31
    Từ tháng 1 đến tháng 10 năm 2025                     | year    | 2025-01-01 | 2025-10-31
    Từ ngày 01/01/2025 đến ngày 28/10/2025               | year    | 2025-01-01 | 2025-12-31
    Từ ngày 01/10/2025 đến ngày 28/10/2025               | refused |            |
    Từ ngày 01/10/2025 đến ngày 31/10/2025               | month   | 2025-10-01 | 2025-10-31
    Từ ngày 01/11/2025 đến ngày 15/11/2025               | month   | 2025-11-01 | 2025-11-30
    Từ ngày 15/10/2025 đến ngày 28/10/2025               | refused |            |
    6 tháng cuối năm 2025                                | refused |            |
    tháng 9, 10/2025                                     | refused |            |
    tháng 13/2025                                        | refused |            |
    Bảng điểm, tính đến ngày 28/10/2025                  | nothing |            |
    Tháng 10 năm 2025, thực hiện Kế hoạch năm 2025       | month   | 2025-10-01 | 2025-10-31
    Tuần 3 tháng 10 năm 2025                             | nothing |            |
    Theo Quyết định 766/QĐ-TTg ngày 23/6/2022            | nothing |            |
    Số: 12/BC-UBND, ngày 05 tháng 11 năm 2025            | nothing |            |
"""


def drawn(table):
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


@pytest.mark.parametrize(("words", "basis", "first", "last"), drawn(NAMED))
def test_words_name_the_period_that_the_table_says(words, basis, first, last):
    try:
        found = settled(periods_in([words]), None)
    except NoPeriod:
        assert basis == "refused"
        return

    result = [(one.basis, one.start.isoformat(), one.until.isoformat()) for one in found]
    assert result == ([] if basis == "nothing" else [(basis, first, last)])


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2025, 10, 28), 2025), (date(2025, 11, 5), 2025), (date(2025, 12, 5), None), (date(2025, 9, 30), None)],
)
def test_month_without_a_year_is_the_one_around_its_day_or_of_no_year(day, year):
    (found,) = settled(periods_in(["Tháng 10"]), day)

    assert found.year == year


def read(path, **more):
    return read_file(path, replace(context(today=TODAY), kind="scores", **more))


def table(title="", *, extra=(), values=()):
    head = [[title]] if title else []
    return [*head, ["Đơn vị", *extra, "Tổng điểm"], ["UBND huyện Ia Grai", *values, "55,51"]]


def result(parsed):
    return [(one.basis, one.period_start, one.period_end, one.as_of) for one in parsed.records]


OCTOBER = (date(2025, 10, 1), date(2025, 10, 31))


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Bảng điểm năm 2023", ("year", date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31))),
        ("Bảng điểm tháng 10/2025", ("month", *OCTOBER, date(2025, 10, 31))),
        ("Tháng 10/2025, tính đến ngày 28/10/2025", ("month", *OCTOBER, date(2025, 10, 28))),
        ("Tháng 10/2025 (tính đến ngày 05/11/2025)", ("month", *OCTOBER, date(2025, 11, 5))),
        ("Năm 2025, tính đến ngày 28/10/2025", ("year", date(2025, 1, 1), date(2025, 12, 31), date(2025, 10, 28))),
        ("9 tháng đầu năm 2025", ("year", date(2025, 1, 1), date(2025, 12, 31), date(2025, 9, 30))),
        ("Quý III/2025", ("quarter", date(2025, 7, 1), date(2025, 9, 30), date(2025, 9, 30))),
    ],
)
def test_title_says_the_period_and_a_period_that_is_over_its_day(tmp_path, title, expected):
    parsed = read(write_xlsx(tmp_path, table(title)))

    assert result(parsed) == [expected]
    assert "period_assumed" not in [one.code for one in parsed.warnings]


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Bảng điểm tháng 9/2025 và tháng 10/2025", "several_periods"),
        ("Tháng 10/2025, lũy kế năm 2025", "several_periods"),
        ("6 tháng cuối năm 2025", "period_not_kept"),
        ("Bảng điểm tháng 10", "period_without_year"),
        ("Bảng điểm năm 2025", "period_open"),
        ("Bảng điểm tháng 11/2025", "period_open"),
        ("Bảng điểm", "no_day"),
    ],
)
def test_title_that_is_not_certain_is_refused(tmp_path, title, code):
    with pytest.raises(FileRefused) as refused:
        read(write_xlsx(tmp_path, table(title)))

    assert refused.value.code == code
    assert all(refused.value.sentence(language) for language in ("vi", "en"))


@pytest.mark.parametrize(
    ("extra", "values", "expected"),
    [
        (["Kỳ"], ["Tháng 10/2025"], ("month", *OCTOBER, date(2025, 10, 31))),
        (["Kỳ"], ["10/2025"], ("month", *OCTOBER, date(2025, 10, 31))),
        (["Kỳ"], ["2024"], ("year", date(2024, 1, 1), date(2024, 12, 31), date(2024, 12, 31))),
        (["Tháng", "Năm"], [10, 2025], ("month", *OCTOBER, date(2025, 10, 31))),
        (["Tháng"], [date(2025, 10, 1)], ("month", *OCTOBER, date(2025, 10, 31))),
        (["Quý", "Năm"], ["III", 2025], ("quarter", date(2025, 7, 1), date(2025, 9, 30), date(2025, 9, 30))),
        (["Năm"], [2023], ("year", date(2023, 1, 1), date(2023, 12, 31), date(2023, 12, 31))),
        (["Kỳ", "Tính đến ngày"], ["Năm 2025", "28/10/2025"],
         ("year", date(2025, 1, 1), date(2025, 12, 31), date(2025, 10, 28))),
    ],
)  # fmt: skip
def test_column_says_each_rows_period(tmp_path, extra, values, expected):
    assert result(read(write_xlsx(tmp_path, table(extra=extra, values=values)))) == [expected]


@pytest.mark.parametrize(
    ("title", "extra", "values", "code"),
    [
        ("", ["Kỳ"], ["đợt 2"], "period_unreadable"),
        ("", ["Tháng"], [10], "period_unreadable"),
        ("", ["Kỳ"], [date(2025, 10, 1)], "period_unreadable"),
        ("", ["Kỳ"], ["Tháng 11/2025"], "period_not_over"),
        ("", ["Kỳ", "Tính đến ngày"], ["Tháng 10/2025", "28/09/2025"], "day_before_period"),
        ("Tháng 9/2025", ["Kỳ"], ["Tháng 10/2025"], "period_differs"),
    ],
)
def test_row_whose_period_is_not_certain_is_refused(tmp_path, title, extra, values, code):
    parsed = read(write_xlsx(tmp_path, table(title, extra=extra, values=values)))

    assert [row.problem for row in parsed.rejected] == [code]
    assert not parsed.records


def test_scores_of_a_year_and_of_its_first_month_are_two(tmp_path):
    rows = [
        ["Đơn vị", "Kỳ", "Tính đến ngày", "Tổng điểm"],
        ["UBND huyện Ia Grai", "Năm 2025", "31/01/2025", "60"],
        ["UBND huyện Ia Grai", "Tháng 1/2025", "31/01/2025", "80"],
    ]

    parsed = read(write_xlsx(tmp_path, rows))

    assert {one.basis: one.points for one in parsed.records} == {"year": Decimal(60), "month": Decimal(80)}
    assert not parsed.rejected


def test_table_that_names_no_period_says_which_one_it_is_taken_for(tmp_path):
    parsed = read(write_xlsx(tmp_path, table()), as_of=date(2025, 10, 16))

    assert result(parsed) == [("month", *OCTOBER, date(2025, 10, 16))]
    assert "period_assumed" in [one.code for one in parsed.warnings]


def test_sheet_is_of_the_period_that_its_name_says(tmp_path):
    parsed = read(write_xlsx(tmp_path, table(), sheet="Tháng 10-2025"))

    assert result(parsed) == [("month", *OCTOBER, date(2025, 10, 31))]


# --- other provinces ------------------------------------------------------------------------------------------------


def left_out(parsed):
    return [one.terms["count"] for one in parsed.warnings if one.code == "other_provinces_left_out"]


def national(form):
    names = [name for name in PROVINCE_NAMES if name not in ("HCM", "Gia Lai")]
    rows = [[number, form.format(name), "80"] for number, name in enumerate(names, start=1)]
    return [["STT", "Tỉnh, thành phố", "Tổng điểm"], *rows, [99, form.format("Gia Lai"), "86,02"]], len(names)


@pytest.mark.parametrize("form", ["{}", "Tỉnh {}", "UBND tỉnh {}", "{} (tỉnh)"])
def test_national_table_gives_the_own_province_and_one_sentence_for_the_others(tmp_path, form):
    rows, others = national(form)

    parsed = read(write_csv(tmp_path, rows), as_of=DAY)

    assert [(one.unit, one.points) for one in parsed.records] == [("H21", Decimal("86.02"))]
    assert (parsed.rejected, left_out(parsed)) == ((), [str(others)])


def test_own_unit_with_another_provinces_name_takes_no_row_of_a_national_table(tmp_path):
    units = (*UNITS, replace(UNITS[-1], unit_id=90, code="90", name="UBND xã Hòa Bình", gso_code="90", valid_to=None))
    rows, _ = national("{}")

    parsed = read(write_csv(tmp_path, rows), as_of=DAY, units=units)

    assert [one.unit for one in parsed.records] == ["H21"]


@pytest.mark.parametrize(
    ("name", "code", "province"),
    [
        ("Sở Y tế tỉnh An Giang", "", ""),
        ("Sở Y tế - tỉnh An Giang", "", ""),
        ("Sở Y tế thành phố Hà Nội", "", ""),
        ("Sở Y tế, TP. Hồ Chí Minh", "", ""),
        ("Sở Y tế", "H37.13", ""),
        ("Sở Y tế", "", "An Giang"),
        ("Sở Y tế", "", "Thành phố Hà Nội"),
        ("Bộ Y tế", "G22", ""),
        ("Bộ Công an", "", ""),
        ("Bộ Y tế", "000.00.00.G22", ""),
    ],
)
def test_offices_of_other_provinces_are_left_out_and_never_taken_for_ours(tmp_path, name, code, province):
    rows = [
        ["Đơn vị", "Mã định danh", "Tỉnh", "Tổng điểm"],
        [name, code, province, "80"],
        ["Sở Y tế", "", "Gia Lai", "70"],
    ]

    parsed = read(write_csv(tmp_path, rows), as_of=DAY)

    assert [(one.unit, one.points) for one in parsed.records] == [("SYT", Decimal(70))]
    assert (parsed.rejected, left_out(parsed)) == ((), ["1"])


def test_rate_of_another_provinces_office_is_left_out_by_its_province_column(tmp_path):
    rows = [["Tỉnh", "Đơn vị", "Trực tuyến (%)"], ["An Giang", "Sở Y tế", "80"], ["Gia Lai", "Sở Y tế", "70"]]

    parsed = read_file(write_csv(tmp_path, rows), context(kind="readings", as_of=DAY))

    first, last = parsed.batches
    assert first.rejected == ()
    assert [warning.code for warning in last.warnings] == ["other_provinces_left_out"]
    assert first.frame["value"].tolist() == [70.0]


def test_period_is_spelt_the_same_in_every_language():
    assert [str(one) for one in (Period("month", 2025, 10), Period("quarter", 2025, 7), Period("year", 2025))] == [
        "10/2025",
        "7-9/2025",
        "2025",
    ]
    assert str(Period("year", 2025, through=9)) == "1-9/2025"
