"""What a unit's page says: its sentence in every state, and the facts beside its chart."""

from dataclasses import replace
from datetime import date

import pytest

from models.core.texts import LANGUAGES, text
from models.units.queries import Head
from pages.unit import sentences as unit_sentences

DAY = date(2024, 4, 20)
FAR = date(2024, 5, 20)


def title(row, campaign, *, as_of=DAY, language="vi"):
    return unit_sentences.title("UBND huyện Ia Grai", row, campaign=campaign, as_of=as_of, language=language)


def facts(row, campaign, *, as_of=DAY, language="vi"):
    found = unit_sentences.facts(
        row, campaign=campaign, phase=campaign.phase("50-day"), as_of=as_of, language=language
    )  # fmt: skip
    return {fact.label: f"{fact.strong} {fact.more}".strip() for fact in found}


ONLINE = "Huyện Ia Grai: tỷ lệ hồ sơ trực tuyến"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "29,6%, còn thiếu 20,4 điểm phần trăm"),
        ({"cases_missing": 5_612}, "29,6%, còn thiếu 20,4 điểm phần trăm (5.612 hồ sơ)"),
        ({"standing": "missed"}, "29,6%, thiếu 20,4 điểm phần trăm"),
        ({"standing": "met", "value": 51.6}, "51,6%, vượt chỉ tiêu 1,6 điểm phần trăm"),
        ({"standing": "met", "value": 50.0}, "50,0%, đúng bằng chỉ tiêu"),
        ({"standing": "likely", "value": 50.2}, "50,2%, số liệu chưa chính xác, chưa thể kết luận đạt"),
        ({"target": None, "standing": "no_target"}, "29,6%, chưa giao chỉ tiêu"),
        ({"standing": "stale"}, "29,6%, số liệu cũ (từ 20/04/2024)"),
        ({"standing": "insufficient", "coverage": 7 / 257}, "29,6%, chưa đủ số liệu để kết luận"),
        ({"standing": "insufficient", "value": None, "numerator": None}, "chưa có số liệu"),
        ({"standing": "insufficient", "value": None}, "mới có số lượng (8.141 hồ sơ), chưa có tỷ lệ"),
        ({"standing": "no_cases", "value": None, "denominator": 0}, "không phát sinh hồ sơ"),
    ],
)
def test_sentence_is_true_in_every_state(lines, campaign, changes, words):
    assert title(replace(lines[2], **changes), campaign) == f"{ONLINE} {words}"


def test_sentence_of_a_unit_that_is_not_there_says_so(campaign):
    assert title(None, campaign) == "Huyện Ia Grai: ngày 20/04/2024 đơn vị không hoạt động"


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [("about", "xấp xỉ 29,6%"), ("over", "trên 29,6%"), ("under", "gần 29,6%"), (None, "≈ 29,6%")],
)
def test_sentence_says_a_bound_with_its_own_word_where_that_is_known(lines, campaign, qualifier, words):
    assert f"{ONLINE} {words}," in title(replace(lines[2], is_bound=True, qualifier=qualifier), campaign)


@pytest.mark.parametrize(
    ("changes", "waits_for_centre", "words"),
    [
        ({"due": date(2024, 5, 10), "attainable": 31.47, "standing": "out_of_reach"}, False,
         "mốc 10/05: cao nhất còn có thể 31,5%."),
        ({"standing": "missed", "due": date(2024, 5, 10)}, False, "mốc 10/05"),
        ({"standing": "met", "value": 51.6, "due": None}, False, "mốc 50 ngày: vượt 1,6 điểm."),
        ({"target": None, "standing": "no_target"}, True, "(chờ chỉ tiêu Trung ương)."),
        ({"target": None, "standing": "no_target"}, False, ""),
    ],
)  # fmt: skip
def test_standing_is_told_by_which_day_and_why(lines, campaign, changes, waits_for_centre, words):
    row = replace(lines[2], **changes)

    said = unit_sentences.reason(row, campaign=campaign, waits_for_centre=waits_for_centre, language="vi")

    assert said == words


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_with_little_to_show_say_who_can_do_what(lines, campaign, language):
    silent = [replace(lines[2], value=None, reading_as_of=None, standing="insufficient")]
    unset = [replace(lines[2], target=None, standing="no_target")]
    stale = [replace(lines[2], standing="stale")]

    for rows, page in ((silent, "upload"), (unset, "targets"), (stale, "upload")):
        advice = unit_sentences.advice(rows, campaign=campaign, as_of=DAY, language=language)
        assert text(f"page.{page}", language) in advice


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (Head("Chủ tịch", "Bà Nay H'Lan", "0269 123"), "Chủ tịch: Bà Nay H'Lan · 0269 123"),
        (Head("Chủ tịch", None, None), "Chủ tịch: chưa có họ tên"),
        (Head(None, None, None), "Chưa có người đứng đầu trong hồ sơ"),
        (Head("Chủ tịch", "Bà Lan", None), "Chủ tịch: Bà Lan · chưa có số điện thoại"),
    ],
)
def test_what_the_files_do_not_say_of_a_head_is_said_to_be_missing(head, words):
    assert unit_sentences.head(head, "vi") == words


def test_facts_tell_what_was_counted_what_is_needed_what_the_week_had_and_where_it_leads(lines, campaign):
    row = replace(
        lines[2], share_needed=80.2, attainable=60.0, expected_cases=20_000, week_value=36.0, projection=36.6, low=35.0,
        high=38.2, days_left=14, due=date(2024, 5, 10),
    )  # fmt: skip

    assert facts(row, campaign) == {
        "Đến 20/04": "8.141 trên 27.503 hồ sơ",
        "Từ nay cần": "81 trên 100 hồ sơ",
        "Tuần này": "36 trên 100 hồ sơ",
        "Ước đạt 10/05": "36,6% (từ 35,0 đến 38,2%)",
    }


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        ({"standing": "out_of_reach", "share_needed": 296.9}, "Từ nay cần", "không kịp mốc này"),
        ({"share_needed": None}, "Từ nay cần", "+20,4 điểm đến 10/05"),
        ({"standing": "met", "value": 60.0, "share_needed": 12.0}, "Để giữ, cần", "12 trên 100 hồ sơ"),
        ({"week_value": None, "week_change": 3.4}, "Tuần này", "+3,4 điểm phần trăm"),
        ({"week_value": None, "week_denominator": 0}, "Tuần này", "không có hồ sơ mới"),
        ({"numerator": None, "denominator": None}, "Đến 20/04", "29,6%"),
    ],
)
def test_fact_is_told_as_far_as_it_is_known(lines, campaign, changes, label, words):
    assert facts(replace(lines[2], **changes), campaign)[label] == words


@pytest.mark.parametrize(
    "changes",
    [{"standing": "stale"}, {"standing": "insufficient", "coverage": 0.1}, {"standing": "no_cases", "value": None}],
)
def test_figure_that_may_not_be_judged_is_only_counted(lines, campaign, changes):
    row = replace(lines[2], share_needed=80.2, projection=36.6, low=35.0, high=38.2, days_left=14, **changes)

    assert set(facts(row, campaign)) == {"Đến 20/04"}


def test_nothing_is_needed_any_more_after_the_due_date(lines, campaign):
    assert "Từ nay cần" not in facts(replace(lines[2], share_needed=80.0), campaign, as_of=FAR)


def test_few_cases_are_told_with_what_one_of_them_moves(lines, campaign):
    assert unit_sentences.small(replace(lines[2], denominator=50, numerator=15), campaign, "vi") == (
        "Ít hồ sơ: mỗi hồ sơ bằng 2,0 điểm phần trăm."
    )
    assert unit_sentences.small(lines[2], campaign, "vi") == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_every_line_can_be_said(state, campaign, language):
    for row in state.lines:
        assert title(row, campaign, as_of=state.as_of, language=language)
        assert len(facts(row, campaign, as_of=state.as_of, language=language)) <= 4


def test_ended_phase_keeps_its_result(lines, campaign):
    row = replace(lines[2], standing="missed", as_of=date(2024, 5, 10))

    said = unit_sentences.ended(row, campaign=campaign, phase=campaign.phase("50-day"), language="vi")

    assert said == "Kết quả mốc 50 ngày: Không đạt, 29,6% (chỉ tiêu 50%)."
