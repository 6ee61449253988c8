"""The grammar of figures and days, as drawn tables: what stands in the cell, and what it means in each column."""

import math
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from targets.errors import FigureProblem
from targets.figures import (
    EMPTY,
    NO_CASES,
    Figure,
    Percent,
    Undecided,
    adopted_in,
    as_percent,
    count_in,
    counts_in,
    day_in,
    days_in,
    has_figure,
    is_counted,
    is_marked,
    percent_in,
    plain,
    points_in,
    rate_in,
    typed_in,
    unmarked,
    votes_in,
)

FIRST, LAST = date(2024, 3, 21), date(2024, 6, 29)

# Left: the cell. Then what it is in a column of counts, in one of percents, and in an indicator's column without a
# sub-header. "…" is an empty figure; a word is the code of the problem.
FIGURES = """
    cell              | count                | percent             | either
    1030              | 1030                 | 1030                | 1030
    27.503            | 27503                | 27.503              | thousands_or_decimal
    1,365             | 1365                 | 1.365               | thousands_or_decimal
    1 365             | 1365                 | 1365                | 1365
    1.234.567         | 1234567              | 1234567             | 1234567
    1.234,5           | count_not_whole      | 1234.5              | 1234.5
    1,234.5           | count_not_whole      | 1234.5              | 1234.5
    1 234,5           | count_not_whole      | 1234.5              | 1234.5
    1.234,0           | 1234                 | 1234.0              | 1234.0
    12.0              | 12                   | 12.0                | 12.0
    12,5              | count_not_whole      | 12.5                | 12.5
    0.365             | count_not_whole      | 0.365               | 0.365
    ,5                | count_not_whole      | 0.5                 | 0.5
    13,2%             | percent_in_count     | 13.2                | 13.2
    13.2              | count_not_whole      | 13.2                | 13.2
    1.365%            | percent_in_count     | 1.365               | 1.365
    94 phần trăm      | percent_in_count     | 94                  | 94
    1365 hồ sơ        | 1365                 | count_in_percent    | count_in_percent
    12 thủ tục        | 12                   | count_in_percent    | count_in_percent
    18 điểm           | points_in_figure     | points_in_figure    | points_in_figure
    xấp xỉ 94%        | percent_in_count     | about 94            | about 94
    xap xi 94         | about 94             | about 94            | about 94
    ~94               | about 94             | about 94            | about 94
    khoảng 800        | about 800            | about 800           | about 800
    gần bằng 90       | about 90             | about 90            | about 90
    hơn 90            | more 90              | more 90             | more 90
    đạt trên 90%      | percent_in_count     | over 90             | over 90
    >90               | over 90              | over 90             | over 90
    gần 90            | under 90             | under 90            | under 90
    dưới 90           | less 90              | less 90             | less 90
    <90               | less 90              | less 90             | less 90
    90-100%           | range                | 90 to 100           | 90 to 100
    từ 90% đến 100%   | range                | 90 to 100           | 90 to 100
    khoảng 90 – 99,5  | range                | 90 to 99.5          | 90 to 99.5
    trên 90-100%      | range                | range               | range
    100-90%           | range                | range               | range
    1.365-2.000       | range                | 1.365 to 2.000      | thousands_or_decimal
    -5                | negative             | negative            | negative
    −5                | negative             | negative            | negative
    (5)               | negative             | negative            | negative
    #DIV/0!           | excel_error          | excel_error         | excel_error
    Err:502           | excel_error          | excel_error         | excel_error
    =A1/B1            | formula              | formula             | formula
    NaN               | not_a_number         | not_a_number        | not_a_number
    -inf              | not_a_number         | not_a_number        | not_a_number
    １２               | 12                   | 12                  | 12
    '1365             | 1365                 | 1365                | 1365
    1e5               | not_a_figure         | not_a_figure        | not_a_figure
    1.23.4            | not_a_figure         | not_a_figure        | not_a_figure
    +5                | not_a_figure         | not_a_figure        | not_a_figure
    đã có             | not_a_figure         | not_a_figure        | not_a_figure
    4²                | not_a_figure         | not_a_figure        | not_a_figure
    47①               | not_a_figure         | not_a_figure        | not_a_figure
    9999999999999     | count_too_large      | 9999999999999       | 9999999999999
    -                 | …                    | …                   | …
    —                 | …                    | …                   | …
    ...               | …                    | …                   | …
    n/a               | …                    | …                   | …
    không có          | …                    | …                   | …
    Chưa có số liệu   | …                    | …                   | …
    kps               | no cases             | no cases            | no cases
    Không phát sinh   | no cases             | no cases            | no cases
"""

COUNTS = """
    cell                  | numerator | denominator | value
    1030/1.365            | 1030      | 1365        | …
    1030 / 1365           | 1030      | 1365        | …
    27.503/28.861 hồ sơ   | 27503     | 28861       | …
    1030/1.365 (75,5%)    | 1030      | 1365        | 75.5
    hơn 800/1000          | more 800  | 1000        | …
    0/0                   | 0         | 0           | …
    kps                   | no cases  | no cases    | …
    -                     | …         | …           | …
    n/a                   | …         | …           | …
"""

DAYS = """
    cell                          | day
    22-3                          | 2024-03-22
    22/3                          | 2024-03-22
    1-12-2023                     | 2023-12-01
    22/03/2024                    | 2024-03-22
    22.3.2024                     | 2024-03-22
    22 / 3 / 2024                 | 2024-03-22
    2024-03-22                    | 2024-03-22
    2024/3/22                     | 2024-03-22
    2024-03-22T00:00:00           | 2024-03-22
    2024-03-22 08:30:15.250Z      | 2024-03-22
    22/03/2024 08:30              | 2024-03-22
    ngày 22 tháng 3 năm 2024      | 2024-03-22
    22 tháng 3, năm 2024          | 2024-03-22
    Ngày 22 tháng 3               | 2024-03-22
    tính đến hết ngày 22/3/2024   | 2024-03-22
    đến 22/3/2024                 | 2024-03-22
    45373                         | 2024-03-22
    45373.0                       | 2024-03-22
    5/4/2024                      | 2024-04-05
    29-2                          | 2024-02-29
    -                             | …
    chưa có                       | …
    31/02/2024                    | date_impossible
    30-2                          | date_impossible
    03/22/2024                    | date_month_first
    22/3/24                       | year_two_digits
    22/3/024                      | year_two_digits
    99999                         | not_a_date
    tháng 3 năm 2024              | not_a_date
    22/3-2024                     | not_a_date
    hôm qua                       | not_a_date
    =TODAY()                      | formula
"""


def drawn(table: str) -> list[list[str]]:
    """The rows of a drawn table, without its head."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return rows[1:]


def result(figure: Figure) -> str:
    if figure == EMPTY:
        return "…"
    if figure == NO_CASES:
        return "no cases"
    if figure.high is not None:
        return f"{figure.number} to {figure.high}"
    return f"{figure.qualifier or ''} {figure.number}".strip()


def answer(read, cell, **bounds):
    try:
        return read(cell, **bounds)
    except FigureProblem as problem:
        return problem.code


@pytest.mark.parametrize(("cell", "count", "percent", "either"), drawn(FIGURES))
def test_figure_means_what_the_table_says(cell, count, percent, either):
    read = {
        "count": answer(count_in, cell),
        "percent": answer(percent_in, cell),
        "either": answer(lambda text: rate_in(text).value, cell),
    }

    meant = {name: one if isinstance(one, str) else result(one) for name, one in read.items()}

    assert meant == {"count": count, "percent": percent, "either": either}


@pytest.mark.parametrize(("cell", "numerator", "denominator", "value"), drawn(COUNTS))
def test_counts_in_one_cell_are_both_read(cell, numerator, denominator, value):
    counts = counts_in(cell)

    assert [result(counts.numerator), result(counts.denominator), result(counts.value)] == [
        numerator,
        denominator,
        value,
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [("1030", "counts_without_slash"), (1030, "counts_without_slash"), ("a/b", "not_a_figure"), ("5/-", None)],
)
def test_counts_in_one_cell_need_both_sides(cell, code):
    read = answer(counts_in, cell)

    assert (read if isinstance(read, str) else None) == code


def test_rate_cell_with_a_slash_holds_counts():
    rate = rate_in("1030/1.365")

    assert (result(rate.numerator), result(rate.denominator), result(rate.value)) == ("1030", "1365", "…")


def test_thousands_or_decimal_says_what_to_write():
    with pytest.raises(FigureProblem) as caught:
        rate_in("1.365")

    assert caught.value.terms == {"thousands": "1365", "decimal": "1,365%"}


@pytest.mark.parametrize(
    ("cell", "decimals"), [("7,01%", 2), ("54%", 0), ("41.600", 3), (7.06, 2), (7, 0), (Percent(7.0638), 4)]
)
def test_percent_knows_how_many_decimals_its_writer_gave(cell, decimals):
    assert percent_in(cell).decimals == decimals


NUMBER_CELLS = """
    cell            | count            | percent             | points
    12              | 12               | 12                  | 12
    12.0            | 12               | 12                  | 12
    12.5            | count_not_whole  | 12.5                | 12.5
    27.503          | count_not_whole  | 27.503              | 27.503
    -1              | negative         | negative            | negative
    nan             | not_a_number     | not_a_number        | not_a_number
    inf             | not_a_number     | not_a_number        | not_a_number
"""


@pytest.mark.parametrize(("text", "count", "percent", "points"), drawn(NUMBER_CELLS))
def test_number_cell_has_no_separators_to_misread(text, count, percent, points):
    cell = int(text) if text.lstrip("-").isdigit() else float(text)

    read = [answer(one, cell) for one in (count_in, percent_in, points_in)]

    assert [one if isinstance(one, str) else result(one) for one in read] == [count, percent, points]


def test_number_shown_as_percent_is_points_of_percent_only():
    cell = Percent(7.06)

    assert percent_in(cell).number == Decimal("7.06")
    assert answer(count_in, cell) == "percent_in_count"
    assert answer(points_in, cell) == "percent_in_points"


def test_number_of_unknown_format_is_refused_with_both_meanings():
    with pytest.raises(FigureProblem) as caught:
        percent_in(Undecided(0.416))

    assert caught.value.code == "percent_or_fraction"
    assert caught.value.terms == {"points": "0.416", "fraction": "41.6"}


def test_noise_of_binary_fractions_is_left_out():
    assert percent_in(0.1 + 0.2).number == Decimal("0.3")


@pytest.mark.parametrize("cell", [date(2024, 5, 12), datetime(2024, 5, 12, 8)])
def test_date_where_a_figure_belongs_is_refused(cell):
    assert answer(count_in, cell) == "date_in_figure"


def test_truth_value_is_no_figure_and_no_day():
    assert answer(count_in, True) == "not_a_figure"
    assert answer(day_in, True, first=FIRST, last=LAST) == "not_a_date"


def test_missing_cell_is_empty():
    assert count_in(None) is EMPTY
    assert day_in(None, first=FIRST, last=LAST) is None


@pytest.mark.parametrize(("cell", "meant"), [("19.38", "19.38"), ("17,96 điểm", "17.96"), ("18 points", "18")])
def test_points_are_read_as_decimals(cell, meant):
    assert result(points_in(cell)) == meant


def test_points_with_a_percent_sign_are_refused():
    assert answer(points_in, "19.38%") == "percent_in_points"


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("12", True), ("12,5%", True), ("trên 90%", True), ("1030/1365", True), ("1365 hồ sơ", True),
        ("2,5 điểm", True),
        (5, True),
        (0.5, True), ("Gia Lai, ngày 10 tháng 5 năm 2024", False), ("NGƯỜI LẬP BIỂU", False), ("-", False), ("", False),
        (None, False), (True, False), (date(2024, 5, 10), False),
    ],
)  # fmt: skip
def test_cell_meant_as_a_figure_is_told_from_words(cell, meant):
    assert has_figure(cell) is meant


@pytest.mark.parametrize(("cell", "day"), drawn(DAYS))
def test_day_means_what_the_table_says(cell, day):
    read = answer(day_in, cell, first=FIRST, last=LAST)

    assert (read if isinstance(read, str) else "…" if read is None else read.isoformat()) == day


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (date(2024, 3, 22), date(2024, 3, 22)),
        (datetime(2024, 3, 22, 17, 5), date(2024, 3, 22)),
        (45373, date(2024, 3, 22)),
        (45373.75, date(2024, 3, 22)),
        (math.nan, "not_a_date"),
        (7, "not_a_date"),
    ],
)
def test_day_cell_may_hold_a_date_or_a_serial_number(cell, day):
    assert answer(day_in, cell, first=FIRST, last=LAST) == day


def test_serial_number_counts_from_the_origin_of_its_workbook():
    assert day_in(43911, first=FIRST, last=LAST, origin=date(1904, 1, 1)) == date(2024, 3, 22)


@pytest.mark.parametrize(
    ("cell", "day"), [("30-12", date(2024, 12, 30)), ("2-1", date(2025, 1, 2)), ("1-7", "date_without_year")]
)
def test_day_without_a_year_must_lie_in_the_campaign_where_it_spans_two_years(cell, day):
    assert answer(day_in, cell, first=date(2024, 12, 1), last=date(2025, 2, 28)) == day


def test_texts_are_evened_out_before_they_are_compared():
    assert plain("  Xấp\u00a0xỉ\u200b  ９４％ ") == "xấp xỉ 94%"
    assert unmarked("Đăk HLơ") == "dak hlo"


@given(st.integers(min_value=0, max_value=10**12))
def test_count_reads_back_however_its_thousands_are_grouped(number):
    plainly, dotted, spaced = str(number), f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")

    assert {count_in(text).number for text in (plainly, dotted, f"{number:,}", spaced)} == {Decimal(number)}


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_percent_reads_back_with_either_separator(number):
    comma, dot = f"{number}%".replace(".", ","), str(number)

    assert percent_in(comma).number == percent_in(dot).number == number


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_day_reads_back_in_every_way_of_writing_it(day):
    ways = (f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", day.isoformat(), f"{day:%d.%m.%Y}")

    assert {day_in(text, first=FIRST, last=LAST) for text in ways} == {day}


@pytest.mark.soak
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_with_a_code(text):
    for read in (count_in, percent_in, points_in, counts_in, rate_in):
        answer(read, text)
    answer(day_in, text, first=FIRST, last=LAST)
    has_figure(text)


@pytest.mark.parametrize(
    ("cell", "is_percent", "is_count"),
    [
        (Percent(47.4), True, False), ("47,4%", True, False), ("47,4 %", True, False),
        ("45 hồ sơ", False, True), ("45", False, False), (45, False, False), (None, False, False),
    ],
)  # fmt: skip
def test_cell_says_itself_whether_it_is_a_percent_or_a_count(cell, is_percent, is_count):
    assert is_marked(cell) is is_percent
    assert is_counted(cell) is is_count


@pytest.mark.parametrize(
    ("written", "holds", "number"),
    [
        ("1.030", "count", 1030),
        ("1.030", "percent", Decimal("1.03")),
        (" 72,37 % ", "percent", Decimal("72.37")),
        ("", "percent", None),
        ("trên 72", "percent", None),
        ("không phát sinh", "count", None),
        ("bảy", "percent", None),
    ],
)
def test_what_is_typed_into_a_field_is_one_exact_figure_or_none(written, holds, number):
    assert typed_in(written, holds) == number


def test_range_in_words_is_meant_as_a_figure():
    assert has_figure("từ 90 đến 100%")


@pytest.mark.parametrize("cell", ["0,9", "trên 0,9", "hơn 0,9", "gần 0,9", "dưới 0,9", "xấp xỉ 0,9", "0,9-0,95"])
def test_fraction_made_a_percent_keeps_its_qualifier(cell):
    fraction = percent_in(cell)

    percent = percent_in(as_percent(fraction, scale=Decimal(100)))

    assert (percent.qualifier, percent.number) == (fraction.qualifier, 90)
    assert percent.high == (None if fraction.high is None else 95)


@pytest.mark.parametrize(
    ("cell", "numerator", "denominator"),
    [("có", 1, 1), ("x", 1, 1), (True, 1, 1), (1, 1, 1), ("chưa", 0, 1), (False, 0, 1), ("19/20", 19, 20)],
)
def test_unit_has_it_or_not_or_so_many_of_its_units_do(cell, numerator, denominator):
    found = adopted_in(cell)

    assert (found.numerator.number, found.denominator.number, found.value) == (numerator, denominator, EMPTY)


@pytest.mark.parametrize(
    ("cell", "counted", "of", "percent"),
    [("89,7%", None, None, Decimal("89.7")), ("276/2.679", 276, 2679, None), ("2.403", 2403, None, None)],
)
def test_votes_are_a_count_a_part_of_all_or_a_share(cell, counted, of, percent):
    found = votes_in(cell)

    assert (found.numerator.number, found.denominator.number, found.value.number) == (counted, of, percent)


@pytest.mark.parametrize("cell", ["7,5", "7,5 ngày", 7.5])
def test_days_are_a_number_with_or_without_their_word(cell):
    assert days_in(cell).number == Decimal("7.5")
