"""The coordinator's signals: each with its message, its chart, its limits and what they promise."""

from datetime import date

import pytest

from models.core.texts import LANGUAGES
from pages.charts.layout import MARKS
from pages.progress.view import watch_view
from targets.comparison.signals import ASSURANCES, SIGNALS
from tests.pages.progress_world import signal, watch


def view_of(found, campaign, language="vi"):
    return watch_view(found, campaign, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SIGNALS[1:])
@pytest.mark.parametrize("side", [-1, 1])
@pytest.mark.parametrize("assurance", ASSURANCES)
def test_every_signal_has_its_words(campaign, language, kind, side, assurance):
    found = watch(signal(kind=kind, side=side, assurance=assurance))

    [view] = view_of(found, campaign, language).signals

    assert view.message
    assert view.is_better == (side > 0)


def test_signal_is_told_with_its_unit_its_indicator_and_its_number(campaign):
    [view] = view_of(watch(signal()), campaign).signals

    assert view.message == (
        "UBND huyện Ia Grai, tỷ lệ hồ sơ trực tuyến: tuần này chậm lộ trình 13,5 điểm phần trăm, "
        "thấp hơn hẳn mức thường thấy"
    )
    assert "−1,1 đến +4,3" in view.reading
    assert "1.365 hồ sơ" in view.reading


@pytest.mark.parametrize(("newest", "said"), [(3.0, "vượt lộ trình 3,0"), (0.01, "đúng lộ trình")])
def test_newest_week_is_told_as_it_lies(campaign, newest, said):
    weeks = (*signal().weeks[:-1], (date(2024, 4, 20), newest))

    assert said in view_of(watch(signal(weeks=weeks, side=1)), campaign).signals[0].message


def test_cases_that_are_not_known_are_not_told(campaign):
    assert "hồ sơ." not in view_of(watch(signal(cases=None)), campaign).signals[0].reading


def test_chart_has_the_weeks_the_limits_and_the_newest_week_marked(campaign):
    [view] = view_of(watch(signal()), campaign).signals

    weeks, limits = view.chart["datasets"]["weeks"], view.chart["datasets"]["limits"]
    assert [week["newest"] for week in weeks] == [False] * 5 + [True]
    assert weeks[-1]["shape"] == MARKS["high_risk"].shape
    assert [(limit["label"], limit["ahead"]) for limit in limits] == [
        ("giới hạn trên", 4.3),
        ("mức giữa", 1.6),
        ("giới hạn dưới", -1.1),
    ]


def test_week_without_a_figure_is_a_gap(campaign):
    weeks = tuple((day, None if number == 2 else value) for number, (day, value) in enumerate(signal().weeks))

    [view] = view_of(watch(signal(weeks=weeks)), campaign).signals

    assert [week["run"] for week in view.chart["datasets"]["weeks"]] == [0, 0, 1, 1, 1]
    assert "30/03" not in view.spoken


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (watch(signal()), "1 biến động đáng hỏi nhất trong 1.242 chuỗi"),
        (watch(), "không có biến động nào"),
        (watch(has_stopped=True), "Đang dùng số liệu cũ (từ 20/04/2024)"),
        (watch(weeks=3), "Cần ít nhất 6 tuần số liệu để biết mức thường thấy; đến 20/04/2024 mới có 3 tuần."),
    ],
)
def test_section_says_what_was_found_or_why_nothing(campaign, found, said):
    assert said in view_of(found, campaign).said
