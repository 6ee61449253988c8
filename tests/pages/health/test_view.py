"""The page of operations as sentences: what is not well stands first, each with what to do next."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from jobs.health.wellness import Wellness
from models.core.settings import TIMEZONE
from models.feeds.health import Health
from models.feeds.states import FeedState
from pages.health.view import HealthView, Line, age, health_view, unready_view
from targets.findings import Told
from targets.values import Text

AT = datetime(2024, 5, 7, 6, 30, tzinfo=TIMEZONE)
FRESH = FeedState(
    source="igate", source_id=1, name=Text("Cổng tỉnh", "Province"), kind="igate", state="fresh", last_good=AT,
    age_hours=2.5, newest=AT.date(), is_stale=False, expected_at=AT, expected_day=AT.date(), is_late=False, next_at=AT,
    failures=0, failed_at=None, failure=None, failure_terms=None,
)  # fmt: skip
WELL = Wellness(
    health=Health("ok", "ok", (), 5.0), campaign="one", simulated=False, data_version=12, feeds=(FRESH,), backup="good",
    open_rows=0, messages={}, mails={}, work=(), runs={}, is_telling=True, is_mailing=True,
)  # fmt: skip
FIGURES = Told(date(2024, 5, 7), 250, 257)


def view(wellness: Wellness = WELL, **other: Any) -> HealthView:
    got: dict[str, Any] = {"chain_is_whole": True, "free": 10**10, "language": "vi"}
    figures = other.pop("figures", FIGURES)
    return health_view(wellness, figures, **(got | other))


def line(key: str, shown: HealthView) -> Line:
    return next(line for line in (*shown.troubles, *shown.well, *shown.unused) if line.key == key)


def test_where_all_is_well_the_page_says_so_and_asks_for_nothing():
    shown = view()

    assert (shown.headline, shown.troubles) == ("Hệ thống đang hoạt động bình thường", ())
    assert not any(line.step or line.leads_to_feeds for line in shown.well)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_is_not_well_stands_first_and_says_what_to_do(language):
    ill = replace(
        WELL,
        feeds=(replace(FRESH, state="late", is_late=True),),
        backup="none",
        messages={"given_up": 1},
        mails={"uncertain": 2, "sent": 5},
    )

    shown = view(ill, chain_is_whole=False, free=1, figures=Told(None, 0, 257), language=language)

    assert [line.key for line in shown.troubles] == [
        "figures",
        "source-igate",
        "backup",
        "messages",
        "mails",
        "audit",
        "disk",
    ]
    assert all(line.step for line in shown.troubles)
    assert "7" in shown.headline


def test_one_trouble_is_one():
    assert view(free=1).headline == "Có 1 việc cần xử lý"


@pytest.mark.parametrize(
    ("got", "is_well", "says"),
    [
        ({}, True, "Đúng hẹn. Nhận số liệu lần cuối lúc 07/05/2024 06:30, cách đây 2 giờ."),
        ({"state": "by_hand", "last_good": None, "age_hours": None}, True, "Chưa nhận được số liệu lần nào."),
        ({"state": "late", "is_late": True}, False, "Còn thiếu số liệu ngày 07/05/2024."),
        ({"state": "late", "is_late": True, "expected_day": None}, False, "Trễ hẹn."),
        (
            {"state": "never", "last_good": None, "is_late": True},
            False,
            "Chưa có số liệu lần nào. Còn thiếu số liệu ngày",
        ),
        ({"state": "never", "last_good": None}, True, "Chưa có số liệu lần nào."),
        ({"state": "stale"}, False, "Đang dùng số liệu cũ."),
        ({"state": "failing", "failures": 3}, False, "3 lần cập nhật liên tiếp không thành công"),
        ({"failures": 1, "failure": "x", "failure_terms": {"a": "42"}}, True, "42"),
    ],
)
def test_source_says_how_it_is(got, is_well, says):
    shown = line("source-igate", view(replace(WELL, feeds=(replace(FRESH, **got),))))

    assert shown.title == "Nguồn: Cổng tỉnh"
    assert (shown.is_well, bool(shown.step), shown.leads_to_feeds) == (is_well, not is_well, not is_well)
    assert says in " ".join(shown.says)


@pytest.mark.parametrize(
    ("backup", "hours", "is_well", "says"),
    [
        ("good", 5.0, True, "cách đây 5 giờ, đã kiểm tra"),
        ("old", 72.0, False, "cách đây 3 ngày"),
        ("none", None, False, "Chưa có bản sao lưu nào."),
        ("not_wanted", None, True, "không tự sao lưu"),
        ("demonstration", None, True, "không sao lưu"),
    ],
)
def test_backup_says_how_old_it_is(backup, hours, is_well, says):
    shown = line("backup", view(replace(WELL, backup=backup, health=Health("ok", "ok", (), hours))))

    assert (shown.is_well, says in shown.says[0]) == (is_well, True)


@pytest.mark.parametrize(
    ("got", "is_telling", "is_well", "says"),
    [
        ({}, False, True, "Chưa cài đặt nơi nhận tin"),
        ({}, True, True, "Chưa phải gửi tin nào."),
        ({"sent": 3, "waiting": 1}, True, True, "Đã gửi 3 tin, đang chờ gửi 1 tin."),
        ({"uncertain": 1, "given_up": 1, "sent": 3}, False, False, "2 tin không gửi được"),
    ],
)
def test_messages_say_whether_anybody_heard(got, is_telling, is_well, says):
    shown = line("messages", view(replace(WELL, messages=got, is_telling=is_telling)))

    assert (shown.is_well, says in shown.says[0]) == (is_well, True)


def test_rows_that_wait_are_work_and_no_trouble():
    shown = line("quarantine", view(replace(WELL, open_rows=1365)))

    assert (shown.is_well, shown.leads_to_feeds) == (True, True)
    assert "1.365 dòng" in shown.says[0]


def test_figures_without_one_that_is_fresh_are_trouble():
    shown = line("figures", view(figures=Told(date(2024, 5, 7), 0, 257)))

    assert (shown.is_well, shown.says) == (
        False,
        ("Chưa đơn vị nào trong 257 đơn vị có đủ số liệu mới; gần nhất là ngày 07/05.",),
    )


def test_store_of_another_version_is_all_that_is_told():
    shown = unready_view("at 0002, needs 0003", "vi")

    assert [trouble.key for trouble in shown.troubles] == ["store"]
    assert "at 0002, needs 0003" in shown.troubles[0].says[0]
    assert "python -m jobs init" in shown.troubles[0].step


@pytest.mark.parametrize(
    ("hours", "said"), [(0.4, "less than 1 hour"), (1, "1 h"), (47.9, "47 h"), (48, "2 days"), (240, "10 days")]
)
def test_age_is_said_as_people_would(hours, said):
    assert age(hours, "en") == said


def test_source_that_is_off_has_the_mark_of_neither_good_nor_bad():
    shown = view(replace(WELL, feeds=(replace(FRESH, state="off"),)))

    assert [line("source-igate", shown).mark, line("store", shown).mark] == ["off", "told"]
    assert view(free=1).troubles[0].mark == "missing"


@pytest.mark.parametrize("backup", ["not_wanted", "demonstration"])
def test_what_is_not_in_use_is_not_called_well(backup):
    shown = view(replace(WELL, backup=backup))

    assert "backup" in [line.key for line in shown.unused]
    assert "backup" not in [line.key for line in shown.well]


def test_source_from_which_nothing_ever_came_is_not_called_well():
    silent = replace(FRESH, state="by_hand", last_good=None, age_hours=None)
    used = replace(FRESH, source="file", state="by_hand")

    shown = view(replace(WELL, feeds=(silent, used)))

    assert [line.key for line in shown.unused] == ["source-igate"]
    assert "source-file" in [line.key for line in shown.well]
