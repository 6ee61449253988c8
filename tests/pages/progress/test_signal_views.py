"""The coordinator's signals: each with its rule, its weeks, its limits and what they promise."""

import pytest

from models.core.texts import LANGUAGES
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

    assert view.rule
    assert view.promise
    assert view.is_better == (side > 0)


def test_signal_is_told_with_its_unit_its_indicator_and_its_numbers(campaign):
    [view] = view_of(watch(signal()), campaign).signals

    assert (view.name, view.indicator_name) == ("UBND huyện Ia Grai", "Tỷ lệ hồ sơ trực tuyến")
    assert view.rule == "kém bất thường"
    assert (view.newest, view.usual, view.cases) == ("−13,5", "−1,1 đến +4,3", "1.365")
    assert view.promise == "có tuần kịp, có tuần chậm lộ trình"


def test_cases_that_are_not_known_are_not_told(campaign):
    assert view_of(watch(signal(cases=None)), campaign).signals[0].cases == "—"


def test_week_without_a_figure_is_a_gap(campaign):
    weeks = tuple((day, None if number == 2 else value) for number, (day, value) in enumerate(signal().weeks))

    [view] = view_of(watch(signal(weeks=weeks)), campaign).signals

    assert view.weeks[2] is None
    assert "30/03" not in view.weeks_spoken


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
