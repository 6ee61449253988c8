"""Two campaigns side by side: one line each by day of the campaign, and a table that says the same."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from models.core.texts import LANGUAGES
from models.units.queries import PastDay
from pages.compare.beside import beside_exhibit, course_of
from pages.compare.exhibits import cell_words
from tests.models.conftest import small_campaign, with_indicator

FIRST = small_campaign(start=date(2024, 3, 4), end=date(2024, 4, 12))
SECOND = small_campaign(start=date(2025, 3, 3), end=date(2025, 4, 11))


def course(name, campaign, values, indicator="online"):
    """A course whose figure of day n is `values[n]`."""
    history = [
        PastDay(campaign.start + timedelta(days=day - 1), of, value, None, "likely", None, True)
        for day, value in values.items()
        for of in ("online", "payment")
    ]
    return course_of(name, campaign, history, indicator)


def exhibit(own, other, language="vi"):
    return beside_exhibit("Sở Một", "tỷ lệ trực tuyến", own, other, language)


def rows(shown, language="vi"):
    return [
        [cell_words(cell, column.kind, language) for cell, column in zip(row.cells, shown.table.columns, strict=True)]
        for row in shown.table.rows
    ]


def test_days_of_both_campaigns_stand_side_by_side_by_their_number():
    own = course("Năm 2025", SECOND, {1: 10.0, 10: 20.0, 17: 41.5})
    other = course("Năm 2024", FIRST, {1: 12.0, 10: 19.0, 17: 40.0, 20: 45.0, 40: 70.0})

    shown = exhibit(own, other)

    assert shown.title == "Sở Một, tỷ lệ trực tuyến, ngày thứ 17: 41,5%; Năm 2024: 40,0% (+1,5 điểm phần trăm)"
    assert rows(shown) == [
        ["1", "03/03/2025", "10,0%", "04/03/2024", "12,0%", "−2,0"],
        ["10", "12/03/2025", "20,0%", "13/03/2024", "19,0%", "+1,0"],
        ["17", "19/03/2025", "41,5%", "20/03/2024", "40,0%", "+1,5"],
        ["20", "22/03/2025", "—", "23/03/2024", "45,0%", "—"],
        ["30", "01/04/2025", "—", "02/04/2024", "—", "—"],
        ["40", "11/04/2025", "—", "12/04/2024", "70,0%", "—"],
    ]
    assert [row["told"] for row in shown.chart["datasets"]["labels"]] == [True, False]


@pytest.mark.parametrize(
    ("direction", "value", "said"), [("up", 49.96, "49,9%"), ("up", 50.0, "50,0%"), ("down", 50.04, "50,1%")]
)
def test_figure_is_never_rounded_onto_a_target_that_it_has_not_reached(direction, value, said):
    campaign = with_indicator(SECOND, "online", direction=direction)
    day = PastDay(campaign.start, "online", value, None, "likely", None, True, target=50.0)
    own = course_of("a", campaign, [day], "online")

    shown = exhibit(own, replace(own, name="b"))

    assert shown.title == f"Sở Một, tỷ lệ trực tuyến, ngày thứ 1: {said}; b: {said} (0,0 điểm phần trăm)"
    assert rows(shown)[0][2::2] == [said, said]
    assert said in str(shown.chart["datasets"])


def test_day_without_a_figure_is_never_drawn_as_one():
    shown = exhibit(course("a", SECOND, {1: 10.0, 20: 30.0}), course("b", FIRST, {10: 20.0, 20: 25.0}))

    drawn = [(mark["x"], mark["told"]) for mark in shown.chart["datasets"]["marks"]]

    assert drawn.count((0.0, True)) == 1
    assert (0.0, False) not in drawn


def test_days_after_a_campaigns_last_do_not_belong_to_it():
    other = course("b", FIRST, {40: 70.0, 50: 90.0})

    assert other.last == 40
    assert other.on(50) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_campaign_without_a_figure_is_said_and_nothing_is_drawn(language):
    shown = exhibit(course("a", SECOND, {}), course("b", FIRST, {1: 20.0}), language)

    assert "Sở Một" in shown.title
    assert (shown.chart, shown.table) == (None, None)


def test_title_speaks_of_the_newest_day_that_both_know():
    own = course("a", SECOND, {1: 10.0, 9: None, 12: 30.0})

    assert "ngày thứ 1: 10,0%" in exhibit(own, course("b", FIRST, {1: 20.0, 9: 25.0})).title
    assert "chưa có ngày nào" in exhibit(own, course("b", FIRST, {9: 25.0})).title
