"""What a title says of the day of its figures, and what a cell shows of how its column writes days."""

from contextlib import suppress
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.errors import FigureProblem
from targets.titles import (
    day_order,
    days_in_title,
    days_named,
    days_of_line,
    days_of_week,
    names_day,
    names_period,
    turned,
)

FIRST, LAST = date(2024, 3, 21), date(2024, 6, 29)

# A title → the days its figures may be of (several: it does not say which), and every day it names as if it were one.
TITLES = """
    title                                                                    | days        | named
    BÁO CÁO (Số liệu tính đến ngày 10/05/2024)                               | 10/05       | 10/05
    (Từ ngày 22/03/2024 đến ngày 10/05/2024)                                 | 10/05       | 10/05
    Từ 22/3 đến hết ngày 10/5                                                | 10/05       | 10/05
    Tính đến ngày: 10/05/2024                                                | 10/05       | 10/05
    Số liệu tính đến hết ngày 10 tháng 5 năm 2024                            | 10/05       | 10/05
    Figures as of 2024-05-10                                                 | 10/05       | 10/05
    Tính đến ngày 10/5/2024; kế hoạch đến ngày 29/6/2024                     | 10/05       | 10/05
    Số liệu đến ngày 20/4; mục tiêu đến ngày 10/5                            | 20/04       | 20/04 10/05
    Kết quả đến ngày 10/5, số liệu tính đến ngày 20/4                        | 20/04       | 10/05 20/04
    Thực hiện chỉ tiêu đến ngày 10/5/2024 (Số liệu ngày 20/4/2024)           | 20/04       | 10/05 20/04
    Số liệu cập nhật đến 20/4/2024                                           | 20/04       | 20/04
    Thực hiện chỉ tiêu đến ngày 10/5/2024, ngày 20/4/2024                    | 10/05 20/04 | 10/05 20/04
    Mục tiêu đến ngày 10/5/2024. Ngày báo cáo: 20/4/2024                     | 10/05 20/04 | 10/05 20/04
    đến ngày 10/5/2024 và đến ngày 11/5/2024                                 | 10/05 11/05 | 10/05 11/05
    tính đến ngày 13/4/2024, tính đến ngày 20/4/2024                         | 13/04 20/04 | 13/04 20/04
    đến ngày 20/4/2024 so với ngày 13/4/2024                                 | 20/04       | 20/04
    đến ngày 20/4/2024 (kỳ trước ngày 13/4/2024)                             | 20/04       | 20/04
    Kèm theo Báo cáo số 5/BC-UBND ngày 12/5/2024, số liệu đến ngày 10/5/2024 | 10/05       | 10/05
    Đến ngày 10/5/2024. Gia Lai, ngày 12 tháng 5 năm 2024                    | 10/05       | 10/05
    Kèm theo Công văn số 5/CV ngày 10/05/2024                                |             |
    BÁO CÁO ngày 20/4/2024                                                   |             | 20/04
    BÁO CÁO ngày 31/2/2024                                                   |             |
    (Tính đến 17 giờ 30 phút, ngày 20/4/2024)                                | 20/04       |
    Số liệu tính đến 16h00 ngày 20/4/2024                                    | 20/04       | 20/04
    Kế hoạch đến ngày 29/6/2024                                              |             |
    Từ ngày 14/4/2024 đến ngày 20/4/2024                                     | 20/04       | 20/04
    BÁO CÁO TUẦN 7                                                           |             |
    Số liệu tuần 3 tháng 4 năm 2024                                          |             |
"""


def drawn(table: str) -> list[list[str]]:
    """The rows of a drawn table, without its head."""
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()][1:]


def spoken(days: tuple[date, ...]) -> str:
    return " ".join(f"{day:%d/%m}" for day in days)


@pytest.mark.parametrize(("title", "days", "named"), drawn(TITLES))
def test_title_says_up_to_which_day_its_figures_run_or_names_all_that_may_be_meant(title, days, named):
    assert spoken(days_in_title(title, first=FIRST, last=LAST)) == days
    assert spoken(days_named(title, first=FIRST, last=LAST)) == named


def test_title_with_an_impossible_day_is_refused():
    with pytest.raises(FigureProblem) as caught:
        days_in_title("tính đến ngày 31/02/2024", first=FIRST, last=LAST)

    assert caught.value.code == "date_impossible"


@pytest.mark.parametrize(
    ("title", "is_period"),
    [
        ("Số liệu tuần 3 tháng 4 năm 2024", True), ("BÁO CÁO THÁNG 4", True),
        ("Quý II năm 2024", True), ("Week 16", True),
        ("Báo cáo ngày 20/4/2024", False), ("Kết quả năm 2023", False),
        ("Kèm theo Công văn số 5/CV ngày 10/05/2024", False), ("TỔNG HỢP KẾT QUẢ", False),
    ],
)  # fmt: skip
def test_title_that_names_a_week_a_month_or_a_quarter_is_known(title, is_period):
    assert names_period(title) is is_period


@pytest.mark.parametrize(
    ("cell", "order"),
    [
        ("25/4/2024", "day_first"), ("4/25/2024", "month_first"), ("5/4/2024", "either"), ("5-4", "either"),
        ("ngày 25/4/2024", "day_first"), ("4/4/2024", None), ("13/13/2024", None), ("5/40/2024", None),
        ("2024-04-25", None), ("hôm qua", None), (45402, None), (None, None), (True, None),
        (date(2024, 5, 4), "either"), (date(2024, 5, 25), None), (date(2024, 5, 5), None),
        (datetime(2024, 5, 4, 8), "either"),
    ],
)  # fmt: skip
def test_cell_shows_whether_its_day_or_its_month_comes_first(cell, order):
    assert day_order(cell) == order


@pytest.mark.soak
@given(st.text(max_size=40))
def test_any_title_is_read_or_refused_with_a_code(title):
    with suppress(FigureProblem):
        days_in_title(title, first=FIRST, last=LAST)
    days_named(title, first=FIRST, last=LAST)
    day_order(title)


@given(st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 12, 31)))
def test_order_is_either_only_where_both_ways_are_days(day):
    turned = day.day <= 12

    assert (day_order(f"{day:%d/%m/%Y}") == "either") is (turned and day.day != day.month)
    assert (day_order(f"{day:%m/%d/%Y}") == "month_first") is (not turned)


@pytest.mark.parametrize(
    ("line", "days", "is_named"),
    [
        ("Ngày 13/4", "13/04", True),
        ("13/4", "13/04", True),
        ("Số liệu tính đến ngày 20/4/2024", "20/04", True),
        ("4.5. Các xã", "", False),
        ("UBND huyện Ia Grai", "", False),
        ("Ngày họp", "", False),
    ],
)
def test_line_between_rows_names_a_day_only_where_it_means_one(line, days, is_named):
    assert spoken(days_of_line(line, first=FIRST, last=LAST)) == days
    assert names_day(line) is is_named


@pytest.mark.parametrize(
    ("title", "days"),
    [
        # Its Friday, the seventh day three times over, its Sunday.
        ("Tuần 3 tháng 4 năm 2024", "19/04 21/04"),
        ("Tuần thứ 2 của tháng 4", "12/04 14/04"),
        # The month ends before five times seven days are over, and its Sunday is of the next.
        ("Week 5 of month 4/2024", "30/04 03/05 05/05"),
        ("Tuần 1 tháng 1 năm 2024", ""),
        ("Tuần 3 tháng 13", ""),
        ("Tuần 3 tháng 4, tuần 2 tháng 4", ""),
        ("Tuần 7", ""),
    ],
)
def test_week_of_a_month_may_end_on_its_friday_its_sunday_or_after_so_many_sevens(title, days):
    assert spoken(days_of_week(title, first=FIRST, last=LAST)) == days


@pytest.mark.parametrize(
    ("cell", "other"),
    [
        ("5/4/2024", "4/5/2024"),
        ("ngày 5-4-2024", "4-5-2024"),
        ("4/25/2024", "25/4/2024"),
        (date(2024, 4, 5), date(2024, 5, 4)),
        ("25/4/2024", "25/4/2024"),
        (date(2024, 4, 4), date(2024, 4, 4)),
        ("chưa có", "chưa có"),
        (7, 7),
    ],
)
def test_day_is_turned_only_where_its_order_is_open_or_wrong(cell, other):
    assert turned(cell) == other
