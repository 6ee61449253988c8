"""Did the figures arrive, what is missing, who does what next."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES
from pages.feeds.sentences import advice, age, governing, headline, strip, took, troubled
from tests.pages.feeds_world import NOW, TODAY, arrivals, campaign, feed, source_day, unit

SILENT_SINCE = date(2024, 5, 2)


def test_figures_of_every_unit_are_said_to_be_complete():
    assert headline(arrivals(), "vi") == "Cả 2 đơn vị có số liệu ngày 07/05"
    assert advice(arrivals(), "vi") == ("Không phải làm gì thêm.",)


def test_units_that_have_not_told_are_counted_and_the_longest_silent_is_named():
    known = arrivals(units=(unit("A"), unit("B", "old", working_days=9), unit("C", "never", working_days=29)))

    assert headline(known, "vi") == "1/3 đơn vị có số liệu ngày 07/05"
    [said] = advice(known, "vi")
    assert said.startswith("2/3 đơn vị chưa có số liệu ngày 07/05, lâu nhất là UBND huyện C (29 ngày làm việc)")


@pytest.mark.parametrize("state", ["late", "stale", "failing"])
def test_source_that_counts_and_is_silent_is_named_with_the_day_of_its_figures(state):
    known = arrivals(states=[feed(state=state, newest=SILENT_SINCE, expected_day=date(2024, 5, 3))])

    assert headline(known, "vi") == "Chưa có đủ số liệu: Hệ thống tỉnh: đang dùng số liệu cũ (từ 02/05)"
    assert headline(known, "en") == "Figures are missing: Provincial system has sent no figures after 02/05"


def test_source_that_never_told_is_named_as_such():
    known = arrivals(states=[feed(state="never", newest=None, last_good=None)], deciding={}, newest=None)

    assert headline(known, "vi") == "Chưa có đủ số liệu: Hệ thống tỉnh chưa có số liệu lần nào"


@pytest.mark.parametrize("state", ["missing", "lost"])
def test_newest_day_owed_and_not_told_is_no_complete_day_although_the_source_is_well(state):
    yesterday = TODAY - timedelta(days=1)
    known = arrivals(
        states=[feed(newest=yesterday)], days=[source_day(yesterday), source_day(TODAY, state)], newest=yesterday
    )

    assert "đang dùng số liệu cũ (từ 06/05)" in headline(known, "vi")


def test_source_that_left_out_a_day_and_told_later_ones_is_named_with_that_day():
    known = arrivals(states=[feed(state="late", newest=TODAY, expected_day=date(2024, 5, 3))])

    assert headline(known, "vi") == "Chưa có đủ số liệu: Hệ thống tỉnh: còn thiếu số liệu ngày 03/05"
    assert headline(known, "en") == "Figures are missing: Provincial system has not sent the figures of 03/05"


def test_figures_that_are_not_due_yet_are_not_missed():
    yesterday = TODAY - timedelta(days=1)
    known = arrivals(
        states=[feed(newest=yesterday)], days=[source_day(yesterday), source_day(TODAY, "waiting")], newest=yesterday
    )

    said = "Cả 2 đơn vị có số liệu ngày 06/05 (số liệu ngày 07/05/2024 chưa đến hạn)"
    assert headline(known, "vi") == said


def test_before_the_campaign_nobody_owes_anything():
    known = arrivals(today=date(2024, 3, 1), newest=None, states=[feed(state="never", newest=None)])

    assert headline(known, "vi") == "Chiến dịch bắt đầu ngày 22/03/2024; chưa nguồn nào phải gửi số liệu"
    assert strip(known.campaign, known.states, {}, today=date(2024, 3, 1), language="vi") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_any_source_in_use_the_way_to_begin_is_told(language):
    known = arrivals(states=[feed(state="off", newest=None)], deciding={}, newest=None, units=())

    assert headline(known, language)
    assert "sources.toml" in advice(known, language)[-1]


def test_source_in_use_without_a_judged_figure_is_no_arrival():
    assert headline(arrivals(newest=None), "vi") == "Chưa có số liệu nào"


def test_failure_is_told_in_words_with_when_it_is_tried_again():
    failing = feed(state="failing", failures=2, failure="refused", failure_terms={"status": "403"})

    said = " ".join(advice(arrivals(states=[failing]), "vi"))

    assert "Hệ thống tỉnh" in said
    assert "Lần cập nhật tới lúc 08/05/2024 06:30" in said
    assert "Cập nhật ngay" in said


def test_late_source_is_told_with_the_time_it_missed():
    said = advice(arrivals(states=[feed(state="late")]), "vi")[0]

    assert said.startswith("Hệ thống tỉnh đã quá hẹn lúc 07/05/2024 06:30")


def test_files_handed_in_that_grow_old_are_asked_of_whoever_collects_them():
    old = feed(state="by_hand", is_stale=True, newest=SILENT_SINCE, next_at=None)

    assert advice(arrivals(states=[old]), "vi")[0].startswith("Hệ thống tỉnh: người phụ trách tổng hợp nhập tệp mới")


def test_source_that_is_stale_without_a_failure_is_to_be_checked():
    old = feed(state="stale", newest=SILENT_SINCE, next_at=None)

    assert "Không có lịch cập nhật" in advice(arrivals(states=[old]), "vi")[0]


def test_next_pull_of_the_same_day_is_told_by_its_hour():
    tonight = feed(state="stale", next_at=datetime(2024, 5, 7, 20, tzinfo=TIMEZONE))

    assert "lúc 20:00 hôm nay" in advice(arrivals(states=[tonight]), "vi")[0]


def test_rows_in_quarantine_are_counted():
    assert advice(arrivals(waiting_rows=4), "vi")[0].startswith("4 dòng lỗi chờ xử lý")


def test_source_that_decides_most_units_speaks_for_an_indicator():
    known = campaign("igate", "portal")
    both = [feed("igate"), feed("portal", "stale")]

    assert [one.source for one in governing(known, both, {"online": {"igate": 1, "portal": 9}})] == ["igate", "portal"]
    everywhere = {indicator.key: {"igate": 1, "portal": 9} for indicator in known.indicators}
    assert [one.source for one in governing(known, both, everywhere)] == ["portal"]
    assert [one.source for one in troubled(known, both, everywhere, today=TODAY)] == ["portal"]


def test_source_that_decides_nothing_troubles_nobody():
    known = campaign("igate", "portal")

    assert troubled(known, [feed("igate"), feed("portal", "failing")], {}, today=TODAY) == []


def test_source_of_which_only_a_dropped_file_waits_has_not_fallen_silent():
    known = campaign()
    waiting = feed("igate", "failing", failures=1, files=1)

    assert troubled(known, [waiting], {}, today=TODAY) == []
    assert troubled(known, [replace(waiting, is_stale=True)], {}, today=TODAY) != []
    assert troubled(known, [replace(waiting, failures=3)], {}, today=TODAY) != []


def test_every_page_says_which_source_is_silent_and_of_which_day_its_figures_are():
    said = strip(campaign("igate"), [feed(state="stale", newest=SILENT_SINCE)], {}, today=TODAY, language="vi")

    assert said == ("Hệ thống tỉnh: đang dùng số liệu cũ (từ 02/05).",)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_files_handed_in_that_grow_old_are_said_to_be_old_and_not_missing_since_a_day(language):
    old = feed(state="by_hand", is_stale=True, newest=SILENT_SINCE, next_at=None)

    [said] = strip(campaign("igate"), [old], {}, today=TODAY, language=language)
    got = headline(arrivals(states=[old]), language)

    assert "02/05/2024" in said
    assert "03/05" not in said
    assert said.rstrip(".") in got


def test_every_page_says_which_source_has_never_told():
    said = strip(campaign("igate"), [feed(state="never", newest=None)], {}, today=TODAY, language="en")

    assert said == ("Provincial system has sent no figures yet.",)


def test_pages_say_nothing_where_all_is_well():
    assert strip(campaign("igate"), [feed()], {}, today=TODAY, language="vi") == ()


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(minutes=-1), "0 phút trước"),
        (timedelta(minutes=59), "59 phút trước"),
        (timedelta(hours=1), "1 giờ trước"),
        (timedelta(hours=47, minutes=59), "47 giờ trước"),
        (timedelta(days=2), "2 ngày trước"),
    ],
)
def test_age_is_told_in_the_unit_people_would_use(passed, said):
    assert age(NOW - passed, NOW, "vi") == said


@pytest.mark.parametrize(("seconds", "said"), [(None, ""), (1.26, "1,3 giây"), (90, "1,5 phút")])
def test_duration_is_told_in_seconds_or_minutes(seconds, said):
    assert took(seconds, "vi") == said
