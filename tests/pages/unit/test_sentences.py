"""What a unit's page says: its sentence in every state, and what stands under a panel."""

from dataclasses import replace
from datetime import date

import pytest

from models.core.texts import LANGUAGES, text
from models.units.queries import Head
from pages.unit import sentences as unit_sentences

DAY = date(2024, 4, 20)
FAR = date(2024, 5, 20)


def said(rows, campaign, *, as_of=DAY, phase="50-day", language="vi"):
    return unit_sentences.headline(
        list(rows), campaign=campaign, phase=campaign.phase(phase), as_of=as_of, language=language
    )


def facts(row, campaign, *, as_of=DAY, is_central_missing=False, language="vi", qualifier=None):
    found = unit_sentences.facts(
        row, campaign=campaign, phase=campaign.phase("50-day"), is_central_missing=is_central_missing, as_of=as_of,
        language=language, qualifier=qualifier,
    )  # fmt: skip
    return {fact.label: f"{fact.strong} {fact.more}".strip() for fact in found}


def test_sentence_tells_how_long_how_many_and_where_to_look_first(lines, campaign):
    assert said(lines, campaign) == (
        "Còn 20 ngày đến mốc 50 ngày: đạt 0/5 chỉ tiêu; "
        "cần tập trung trước hết vào tỷ lệ hồ sơ trực tuyến, còn thiếu 20,4 điểm phần trăm"
    )


def test_sentence_counts_the_cases_missing(lines, campaign):
    rows = [replace(lines[2], cases_missing=5_612)]

    assert said(rows, campaign).endswith("còn thiếu 20,4 điểm phần trăm (5.612 hồ sơ)")


def test_sentence_says_that_a_target_is_out_of_reach(lines, campaign):
    assert said([replace(lines[2], standing="out_of_reach", by=None)], campaign).endswith("không còn khả năng đạt")


def test_sentence_names_the_best_still_attainable_where_a_miss_stays(lines, campaign):
    assert said([lines[1]], campaign).endswith("không còn khả năng đạt, cao nhất còn có thể 98,4%")


@pytest.mark.parametrize(
    ("changes", "as_of", "words"),
    [
        ({"target": None, "standing": "no_target"}, DAY, "chưa chỉ số nào có chỉ tiêu"),
        ({"value": None, "reading_as_of": None, "standing": "insufficient"}, DAY, "chưa có số liệu nào của đơn vị"),
        ({"standing": "stale"}, DAY, "đang dùng số liệu cũ (từ 20/04/2024), chưa đủ cơ sở đánh giá"),
        ({"standing": "met", "value": 60.0}, DAY, "đạt 1/1 chỉ tiêu"),
        ({}, date(2024, 3, 20), "Còn 2 ngày nữa bắt đầu chiến dịch (22/03/2024): 1/1 chỉ số đã có chỉ tiêu"),
        ({"standing": "missed"}, FAR, "Kết quả mốc 50 ngày (10/05/2024): đạt 0/1 chỉ tiêu"),
    ],
)
def test_sentence_is_true_in_every_state(lines, campaign, changes, as_of, words):
    assert words in said([replace(lines[2], **changes)], campaign, as_of=as_of)


def test_sentence_of_a_unit_that_is_not_there_says_so(campaign):
    assert said([], campaign) == "Ngày 20/04/2024 đơn vị không hoạt động"


def test_own_dates_do_not_give_a_milestone_another_name(lines, campaign):
    own = replace(campaign.phase("50-day"), due=date(2024, 5, 1))

    words = unit_sentences.headline(list(lines), campaign=campaign, phase=own, as_of=DAY, language="vi")

    assert words.startswith("Còn 11 ngày đến mốc 50 ngày")


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
        (Head("Chủ tịch", "Bà Nay H'Lan", "0269 123"), "Chủ tịch Bà Nay H'Lan · 0269 123"),
        (Head("Chủ tịch", None, None), "Chủ tịch: họ tên chưa có trong hồ sơ chiến dịch"),
        (Head(None, None, None), "Người đứng đầu chưa có trong hồ sơ chiến dịch"),
        (Head("Chủ tịch", "Bà Lan", None), "Chủ tịch Bà Lan · số điện thoại chưa có trong hồ sơ chiến dịch"),
    ],
)
def test_what_the_files_do_not_say_of_a_head_is_said_to_be_missing(head, words):
    assert unit_sentences.head(head, "vi") == words


def test_panel_tells_what_must_come_from_now_on(lines, campaign):
    row = replace(
        lines[2], cases_missing=5_612, share_needed=80.2, attainable=60.0, expected_cases=20_000,
        week_numerator=36, week_denominator=100,
    )  # fmt: skip

    assert facts(row, campaign) == {
        "Hiện tại": "29,6% · 8.141/27.503 hồ sơ · 20/04",
        "Tuần này": "36,0% · 36/100 hồ sơ",
        "Chỉ tiêu": "50%* · mốc 50 ngày, 10/05",
        "Còn thiếu": "20,4 điểm phần trăm · 5.612 hồ sơ",
        "Cao nhất còn có thể đạt": "60,0%",
        "Mức cần từ nay": "81/100 hồ sơ · cứ 100 hồ sơ từ nay đến 10/05 phải có 81 hồ sơ đạt; tuần này mới 36",
    }


def test_panel_says_that_nothing_from_now_on_is_enough(lines, campaign):
    row = replace(lines[2], standing="out_of_reach", share_needed=296.9, attainable=31.47, expected_cases=32)

    got = facts(row, campaign)

    assert got["Cao nhất còn có thể đạt"] == "31,5% · thấp hơn chỉ tiêu, dù mọi hồ sơ đến 10/05 đều đạt"
    assert "Mức cần từ nay" not in got


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [("about", "xấp xỉ 29,6%"), ("over", "trên 29,6%"), ("under", "gần 29,6%"), (None, "≈ 29,6%")],
)
def test_panel_says_a_bound_with_its_own_word_where_that_is_known(lines, campaign, qualifier, words):
    row = replace(lines[2], is_bound=True)

    assert facts(row, campaign, qualifier=qualifier)["Hiện tại"].startswith(words)


@pytest.mark.parametrize(
    ("changes", "label", "words"),
    [
        ({"standing": "no_cases", "value": None, "denominator": 0}, "Hiện tại", "không phát sinh hồ sơ"),
        ({"standing": "insufficient", "value": None, "numerator": None}, "Hiện tại", "chưa có số liệu"),
        ({"standing": "insufficient", "value": None}, "Hiện tại", "mới có số lượng, chưa có tỷ lệ"),
        ({"standing": "stale"}, "Hiện tại", "29,6% · 8.141/27.503 hồ sơ · đang dùng số liệu cũ (từ 20/04)"),
        ({"standing": "met", "value": 51.6}, "Vượt chỉ tiêu", "1,6 điểm phần trăm"),
        ({"standing": "met", "value": 50.0}, "So với chỉ tiêu", "đúng bằng chỉ tiêu"),
        ({"standing": "likely", "value": 50.2}, "So với chỉ tiêu", "số liệu chưa chính xác, chưa thể kết luận đạt"),
        ({"denominator": 50, "numerator": 15}, "Lưu ý", "ít hồ sơ · mỗi hồ sơ bằng 2,0 điểm phần trăm"),
    ],
)  # fmt: skip
def test_panel_says_what_is_not_known_or_not_missing(lines, campaign, changes, label, words):
    assert facts(replace(lines[2], **changes), campaign)[label] == words


def test_missing_central_target_is_named(lines, campaign):
    assert facts(lines[3], campaign, is_central_missing=True)["Chỉ tiêu"] == (
        "chưa giao · chưa có chỉ tiêu Trung ương năm 2024"
    )


def test_stale_figure_is_not_measured_against_its_target(lines, campaign):
    assert "Còn thiếu" not in facts(replace(lines[2], standing="stale", share_needed=80.0), campaign)


def test_panel_of_a_thin_figure_says_how_much_is_known(lines, campaign):
    thin = replace(lines[2], standing="insufficient", coverage=7 / 257)

    found = facts(thin, campaign)

    assert "8.141/27.503 hồ sơ" in found["Hiện tại"]
    assert "mới có số liệu của 2,7% số đơn vị, chưa đủ để kết luận" in found["Hiện tại"]
    assert "Còn thiếu" not in found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_of_every_line_can_be_said(state, campaign, language):
    for row in state.lines:
        assert facts(row, campaign, as_of=state.as_of, language=language)


def test_ended_phase_keeps_its_result(lines, campaign):
    row = replace(lines[2], standing="missed", as_of=date(2024, 5, 10))

    got = unit_sentences.ended(row, campaign=campaign, phase=campaign.phase("50-day"), language="vi")

    assert (got.label, got.strong, got.more) == ("Kết quả mốc 50 ngày", "Không đạt", "· 29,6%, chỉ tiêu 50%")


def test_panel_tells_pace_what_it_takes_and_where_it_leads(lines, campaign):
    row = replace(
        lines[2], pace=1.74, needed_pace=2.36, projection=36.6, days_left=14, due=date(2024, 5, 10), standing="unlikely"
    )

    got = facts(row, campaign)

    assert got["Mức tăng"] == "+1,7 điểm phần trăm/tuần · cần +2,4 · ước đạt 36,6%"


def test_panel_tells_where_it_leads_where_no_pace_is_known(lines, campaign):
    row = replace(lines[2], pace=None, projection=36.6, days_left=14, due=date(2024, 5, 10), standing="unlikely")

    assert facts(row, campaign)["Từ nay đến mốc"] == "ước đạt 36,6%"


def test_panel_tells_neither_pace_nor_projection_on_the_due_date(lines, campaign):
    row = replace(lines[2], pace=1.74, needed_pace=None, projection=36.6, days_left=0, due=DAY)

    assert not {"Mức tăng", "Từ nay đến mốc"} & set(facts(row, campaign))


def test_panel_of_a_target_that_is_met_asks_for_no_pace(lines, campaign):
    row = replace(lines[2], value=60.0, pace=1.74, needed_pace=0.0, projection=62.0, days_left=14, standing="met")

    assert facts(row, campaign)["Mức tăng"] == "+1,7 điểm phần trăm/tuần · ước đạt 62,0%"
