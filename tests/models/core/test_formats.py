"""Numbers and dates as people write them; a display that never says more than is so."""

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import formats
from targets.values import PERCENT

PERCENTS = st.decimals(min_value=0, max_value=100, places=4)


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [
        (13.2, "13,2%", "13.2%"),
        (100, "100,0%", "100.0%"),
        (0, "0,0%", "0.0%"),
        (29.65, "29,7%", "29.7%"),  # as written, not as the nearest binary fraction
        (Decimal("7.06"), "7,1%", "7.1%"),
    ],
)
def test_percent_has_one_decimal_in_the_languages_own_separator(value, vietnamese, english):
    assert formats.percent(value, "vi") == vietnamese
    assert formats.percent(value, "en") == english


@pytest.mark.parametrize(
    ("value", "target", "shown"),
    [(49.96, 50, "49,9%"), (99.999, 100, "99,9%"), (50, 50, "50,0%"), (50.04, 50, "50,0%"), (72.369, 72.37, "72,3%")],
)
def test_percent_never_rounds_up_to_a_target_it_has_not_reached(value, target, shown):
    assert formats.percent(value, "vi", target=target) == shown


@pytest.mark.parametrize("value", [99.96, 99.951, Decimal("99.9999999")])
def test_percent_never_rounds_up_to_a_hundred_it_has_not_reached(value):
    assert formats.percent(value, "vi") == "99,9%"
    assert formats.target_percent(value, "vi") != "100%"


@given(value=PERCENTS, target=PERCENTS)
def test_spreadsheet_that_rounds_shows_no_figure_as_having_reached_what_it_has_not(value, target):
    places = formats.decimals(value, target=target)

    shown = round(value, places)
    assert value >= target or shown < target
    assert value >= 100 or shown < 100


@pytest.mark.parametrize(
    ("value", "shown"), [(0.004, "0,004"), (12.5, "12,5"), (0.00004, "0,00004"), (0, "0"), (1 / 3, "0,333")]
)
def test_difference_never_reads_as_none(value, shown):
    assert formats.brief(value, "vi") == shown


@given(value=PERCENTS, target=PERCENTS)
def test_a_shown_figure_is_below_the_target_whenever_the_figure_is(value, target):
    shown = formats.rounded_percent(value, target=target)

    assert value >= target or shown < target


@given(value=PERCENTS, target=st.decimals(min_value=0, max_value=100, places=1))
def test_figure_and_missing_points_add_up_to_the_target(value, target):
    missing = formats.missing_points(value, target)

    assert missing == 0 if value >= target else formats.rounded_percent(value, target=target) + missing == target


@given(value=PERCENTS, target=PERCENTS)
def test_missing_points_never_read_zero_while_something_is_missing(value, target):
    assert (formats.missing_points(value, target) >= Decimal("0.1")) == (value < target)


@pytest.mark.parametrize(
    ("value", "shown"), [(50, "50%"), (Decimal("72.37"), "72,37%"), (Decimal("62.50"), "62,5%"), (100.0, "100%")]
)
def test_target_keeps_the_decimals_it_was_decided_with(value, shown):
    assert formats.target_percent(value, "vi") == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [("12.0", "12,0%"), ("12", "12%"), ("67.37", "67,37%"), ("0.98", "0,98%"), ("7.10", "7,10%"), ("100", "100%"),
     ("33.333333", "33,33%"), ("50.000000", "50%"), ("99.999999", "99,99%")],
)  # fmt: skip
def test_published_result_keeps_the_decimals_it_was_written_with(value, shown):
    assert formats.published_percent(Decimal(value), "vi") == shown


@pytest.mark.parametrize(
    ("value", "vietnamese", "english"),
    [(5.3, "+5,3", "+5.3"), (-0.6, "\N{MINUS SIGN}0,6", "\N{MINUS SIGN}0.6"), (0, "0,0", "0.0"), (-0.04, "0,0", "0.0")],
)
def test_change_carries_a_true_sign(value, vietnamese, english):
    assert formats.signed(value, "vi") == vietnamese
    assert formats.signed(value, "en") == english
    assert formats.change(value, PERCENT, "vi") == vietnamese


def test_change_that_rounds_to_nothing_has_no_sign():
    assert [formats.change(value, PERCENT, "vi") for value in (-0.04, 0.04, -0.05)] == ["0,0", "0,0", "−0,1"]


@pytest.mark.parametrize(
    ("value", "shown", "as_change"),
    [
        (0.345, "0,35", "+0,35"),
        (-0.12, "\N{MINUS SIGN}0,12", "\N{MINUS SIGN}0,12"),
        (0, "0,00", "0,00"),
        (-0.004, "0,00", "0,00"),
        (1_234.5, "1.234,50", "+1.234,50"),
    ],
)
def test_small_parts_of_a_sum_have_two_decimals(value, shown, as_change):
    assert formats.hundredths(value, "vi") == shown
    assert formats.hundredths(value, "vi", is_change=True) == as_change


def test_whole_numbers_are_grouped_in_the_languages_own_way():
    assert formats.whole(27503, "vi") == "27.503"
    assert formats.whole(27503, "en") == "27,503"


def test_days_are_written_day_first():
    day = date(2024, 5, 7)

    assert formats.day(day, "vi") == formats.day(day, "en") == "07/05/2024"
    assert formats.short_day(day, "vi") == "07/05"


def test_moment_is_told_in_vietnamese_time():
    assert formats.moment(datetime(2024, 5, 6, 18, 30, tzinfo=UTC), "vi") == "07/05/2024 01:30"


def test_names_sort_as_in_a_vietnamese_dictionary():
    in_order = [
        "An Khê", "Ayun", "Ăn", "Ân", "Chư Păh", "Dak Ơ", "Đak Đoa", "Đức Cơ", "Ia Bang", "Ia Băng", "Ia Grai",
        "Ma", "Mà", "Mả", "Mã", "Má", "Mạ", "Mang Yang", "Ô", "Ơ", "Phường 2", "Phường 10",
    ]  # fmt: skip

    assert sorted(sorted(in_order), key=formats.collation_key) == in_order


def test_names_sort_the_same_however_their_letters_are_composed():
    assert formats.collation_key("Đức Cơ") == formats.collation_key(unicodedata.normalize("NFD", "Đức Cơ"))


@pytest.mark.parametrize(
    ("value", "target", "places"),
    [
        (49.96, 50, 2),
        (49.9996, 50, 4),
        (50.0, 50, 1),
        (49.9, 50, 1),
        (49.96, None, 1),
        (99.96, None, 2),
        (99.97, 50, 2),
    ],
)
def test_spreadsheet_shows_as_many_decimals_as_keep_a_figure_below_what_it_has_not_reached(value, target, places):
    assert formats.decimals(value, target=target) == places


@pytest.mark.parametrize(
    ("value", "target", "shown", "missing"),
    [
        (2.04, 2, "2.1", "0.1"),
        (2.0, 2, "2.0", "0"),
        (41.6, 2, "41.6", "39.6"),
        (1.96, 2, "2.0", "0"),
        (0.04, None, "0.1", None),
    ],
)
def test_percent_of_which_less_is_better_never_rounds_down_to_a_limit_it_is_over(value, target, shown, missing):
    assert str(formats.rounded_percent(value, target=target, lower_is_better=True)) == shown
    if target is not None:
        assert formats.missing_points(value, target, lower_is_better=True) == Decimal(missing)


def test_spreadsheet_shows_as_many_decimals_as_keep_a_figure_over_the_limit_it_is_over():
    assert formats.decimals(2.04, target=2, lower_is_better=True) == 2
    assert formats.decimals(41.6, lower_is_better=True) == 1


def test_share_that_may_be_wrong_is_rounded_down_and_never_below_none():
    assert [formats.share_needed(points, "vi", lower_is_better=True) for points in (3.9, 0.5, -12)] == ["3", "0", "0"]
    assert formats.share_had(3.2, 3.0, "vi", lower_is_better=True) == "4"
    assert formats.share_had(2.6, 3.0, "vi", lower_is_better=True) == "3"


def test_bound_is_never_rounded_onto_a_limit_that_it_has_passed():
    assert formats.bound(5.004, PERCENT, "vi", target=5.0, lower_is_better=True) == "5,1%"
    assert formats.bound(4.996, PERCENT, "vi", target=5.0) == "4,9%"
