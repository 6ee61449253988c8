"""Cards and calendar of the feeds page: each day gets one mark, each source its word, and nothing stale is good."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import get_args

import pytest

from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES
from models.feeds.calendar import DayState
from models.feeds.states import STATES
from pages.charts.calendar import MARKED
from pages.charts.layout import FEED_MARKS, MARKS
from pages.feeds.choices import screen_of
from pages.feeds.view import calendar_view, head_view, mark_of
from tests.pages.feeds_world import TODAY, arrivals, campaign, feed, source_day

ONLY = screen_of(1, whole=1, most=28)


def card(state, language="vi", *, pulled=("igate",), **known):
    [found] = head_view(arrivals(states=[state], **known), pulled, language).cards
    return found


def calendar(*days, known=None, language="vi"):
    return calendar_view(known or campaign("igate"), days, days_off=(), screen=ONLY, language=language)


def cells(view):
    [values] = [values for values in view.chart["datasets"].values() if len(values) > 1]
    return [value for value in values if value["sort"] == "cell"]


@pytest.mark.parametrize("state", [state for state in STATES if state not in ("off", "by_hand")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_a_source_has_its_mark_and_word(state, language):
    found = card(feed(state=state), language)

    assert found.state in FEED_MARKS
    assert found.state_words


@pytest.mark.parametrize("state", ["fresh", "by_hand"])
def test_what_is_stale_is_never_coloured_good(state):
    found = card(feed(state=state, is_stale=True))

    assert (found.state, found.state_words) == ("stale", "Đang dùng số liệu cũ")
    assert FEED_MARKS["stale"].colour != MARKS["met"].colour


def test_card_tells_newest_figure_its_age_the_next_pull_and_whom_it_decides():
    found = card(feed(), deciding={"online": {"igate": 252}, "payment": {"igate": 9}})

    assert found.facts == (
        "Số liệu mới nhất: ngày 07/05/2024",
        "Cập nhật lần cuối 07/05/2024 06:30 (11 giờ trước)",
        "Lần cập nhật tới lúc 08/05/2024 06:30",
    )
    assert found.governs == "Là nguồn chính thức của 252 đơn vị"


def test_card_of_a_source_that_never_told_says_so():
    found = card(feed(state="never", newest=None, last_good=None), deciding={})

    assert found.facts[0] == "Chưa có số liệu"
    assert found.governs == ""


def test_demonstrations_source_says_that_a_pull_moves_it_on():
    found = card(feed(kind="simulated"))

    assert found.moves_rehearsal
    assert "Mỗi lần cập nhật chuyển minh họa sang ngày kế tiếp" in found.facts


def test_why_a_source_failed_is_told_on_its_card():
    found = card(feed(state="failing", failures=2, failure="no_such_words", failure_terms={"status": "403"}))

    assert "403" in found.trouble


@pytest.mark.parametrize(
    ("state", "pulled", "is_pulled"),
    [("fresh", ("igate",), True), ("by_hand", ("igate",), False), ("fresh", (), False)],
)
def test_only_what_is_asked_by_itself_can_be_pulled(state, pulled, is_pulled):
    assert card(feed(state=state), pulled=pulled).is_pulled is is_pulled


def test_source_that_decides_most_comes_first_and_those_not_in_use_are_named_apart():
    states = [feed("portal"), feed("igate"), replace(feed("portal", "off"), newest=None, last_good=None)]

    view = head_view(arrivals(states=states), (), "vi")

    assert [found.key for found in view.cards] == ["igate", "portal"]
    assert view.unused == ("Cổng quốc gia (Đang tắt)",)


def test_publication_is_no_source_that_is_waited_for():
    view = head_view(arrivals(states=[feed(), feed("portal", "stale", kind="published")]), (), "vi")

    assert [found.key for found in view.cards] == ["igate"]
    assert view.unused == ()


def test_trouble_is_told_by_the_head():
    assert head_view(arrivals(), (), "vi").is_well
    assert not head_view(arrivals(states=[feed(state="failing")]), (), "vi").is_well


# --- the calendar ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "mark"),
    [
        (source_day(), "complete"),
        (source_day(revised=3), "revised"),
        (source_day(state="partial", units=9, revised=3), "partial"),
        (source_day(state="partial", units=9, is_late=True), "late"),
        (source_day(is_late=True, revised=3), "late"),
        (source_day(state="missing"), "missing"),
        (source_day(state="missing", is_late=True), "missing"),
        (source_day(state="lost"), "lost"),
        (source_day(state="waiting"), "waiting"),
        (source_day(state="unasked"), "unasked"),
    ],
)
def test_day_gets_the_mark_that_says_most(day, mark):
    assert mark_of(day) == mark


def test_every_mark_of_the_calendar_is_in_the_table_of_marks():
    assert set(MARKED) <= FEED_MARKS.keys()
    assert set(get_args(DayState)) <= set(MARKED)


def test_cell_fills_with_the_share_of_units_told():
    view = calendar(source_day(state="partial", units=125), source_day(TODAY - timedelta(days=1)))

    half, whole = cells(view)
    assert (half["bottom"] - half["fill"]) * 2 == whole["bottom"] - whole["fill"]
    assert (half["units"], half["glyph"]) == ("125", FEED_MARKS["partial"].glyph)


def test_cell_that_was_also_revised_is_marked_so_beside_its_own_mark():
    late, revised = cells(calendar(source_day(is_late=True, revised=2), source_day(TODAY, revised=2)))

    assert (late["is_revised"], revised["is_revised"]) == (True, False)


@pytest.mark.soak
def test_day_that_is_pointed_at_tells_all_of_it():
    came = datetime(2024, 5, 7, 9, 31, tzinfo=TIMEZONE)
    [cell] = cells(calendar(source_day(state="partial", units=9, is_late=True, revised=2, failures=1, arrived_at=came)))

    assert cell["Tình trạng"] == "Trễ hẹn · Chưa đủ · 1 lần không lấy được"
    assert (cell["Đơn vị"], cell["Đơn vị có điều chỉnh"], cell["Về lúc"]) == ("9/250", "2", "07/05/2024 09:31")


def test_day_with_second_statements_says_so_and_is_not_called_revised():
    [cell] = cells(calendar(source_day(compared=3)))

    assert (cell["Đơn vị có điều chỉnh"], cell["Đơn vị có số liệu thứ hai, chỉ so sánh"]) == ("0", "3")
    assert cell["Tình trạng"] == "Đủ"


def test_missing_and_lost_days_are_named_in_words():
    days = [source_day(date(2024, 5, one), "missing") for one in range(1, 9)]

    view = calendar(*days, source_day(date(2024, 5, 9), "lost"))

    assert view.notes == (
        "Hệ thống tỉnh thiếu số liệu ngày 01/05, 02/05, 03/05, 04/05, 05/05, 06/05 và 2 ngày khác.",
        "Hệ thống tỉnh không còn hỏi lại được số liệu ngày 09/05.",
    )


def test_chart_is_told_in_words_to_those_who_do_not_see_it():
    view = calendar(source_day(), source_day(state="missing"), language="en")

    assert view.spoken == "Provincial system: 1 days Complete, 1 days Missing."


def test_source_of_which_nothing_is_to_be_said_has_no_row():
    days = [source_day(), source_day(state="unasked", source="portal")]

    view = calendar(*days, known=campaign("igate", "portal"))

    assert "Cổng quốc gia" not in view.spoken
    assert len(cells(view)) == 1


def test_calendar_without_any_source_says_so():
    view = calendar(source_day(state="unasked"))

    assert (view.chart, view.notes) == (None, ("Chưa nguồn nào gửi số liệu.",))


def test_each_day_is_headed_by_its_weekday_and_number():
    days = [source_day(date(2024, 4, 29) + timedelta(days=more)) for more in range(4)]
    view = calendar_view(campaign("igate"), days, days_off={date(2024, 5, 1)}, screen=ONLY, language="vi")

    [values] = [values for values in view.chart["datasets"].values() if len(values) > 1]
    heads = [value for value in values if value["sort"] == "head"]
    assert [head["label"] for head in heads] == ["T2 29", "T3 30", "T4 1", "T5 2"]
    assert [head["short_label"] for head in heads] == ["29", "30", "1", "2"]
    assert [head["is_rest"] for head in heads] == [False, False, True, False]
