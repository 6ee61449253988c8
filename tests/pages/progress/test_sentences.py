"""A course in words: one message with its number, why there is no probability, and the figures behind it."""

from dataclasses import replace
from datetime import date

import pytest

from models.analysis.courses import TargetChange
from models.core.texts import LANGUAGES
from pages.progress import sentences as progress_sentences
from pages.progress.sentences import About
from tests.pages.progress_world import course, courses, projected

ONLINE = 2


@pytest.fixture
def about(campaign, lines):
    """What is said of the online rate of a district, where the row and the courses are changed so."""

    def shown(language="vi", *, of_course=None, of_courses=None, line=ONLINE, unit="H21.58", **changes):
        found = courses(campaign, lines, unit=unit, **(of_courses or {}))
        row = replace(found.lines[line].result, **changes)
        return About(found, replace(found.lines[line], result=row, **(of_course or {})), language)

    return shown


MESSAGES = [
    (
        {"projection": 41.2},
        "Đến 10/05 dự báo chỉ đạt 41,2%, thiếu 8,8 điểm phần trăm so với chỉ tiêu 50%*",
    ),
    (
        {"projection": 52.2, "probability": 0.9},
        "Đến 10/05 dự báo đạt 52,2%, đủ chỉ tiêu 50%*",
    ),
    (
        {"projection": 50.4, "probability": 0.55},
        "Đến 10/05 dự báo đạt 50,4%, ngang chỉ tiêu 50%* nhưng chưa chắc chắn",
    ),
    (
        {"standing": "out_of_reach", "attainable": 47.9},
        "Không còn khả năng đạt chỉ tiêu 50%* vào 10/05, cao nhất còn có thể 47,9%",
    ),
    ({"standing": "out_of_reach"}, "Không còn khả năng đạt chỉ tiêu 50%* vào 10/05"),
    ({"projection": None}, "Hiện đạt 29,6%, còn thiếu 20,4 điểm phần trăm so với chỉ tiêu 50%* vào 10/05; "),
    ({"projection": None, "value": 50.2, "is_bound": True}, "Số liệu chưa chính xác (≈ 50,2%)"),
    ({"standing": "met", "value": 61.6, "projection": None}, "Đã đạt 61,6%, cao hơn chỉ tiêu 50%* là 11,6"),
    ({"standing": "met", "value": 50.0, "projection": None}, "Đã đạt 50,0%, đủ chỉ tiêu 50%*"),
    (
        {"standing": "met", "value": 51.0, "projection": 52.0, "probability": 0.95},
        "dự báo vẫn giữ được (52,0%)",
    ),
    (
        {"standing": "met", "value": 51.0, "projection": 49.2, "probability": 0.3},
        "có thể giảm xuống dưới chỉ tiêu (dự báo 49,2%)",
    ),
    ({"target": None, "projection": None}, "Hiện đạt 29,6%, chưa có chỉ tiêu để so sánh"),
    ({"target": None, "projection": 33.0}, "Hiện đạt 29,6%, đến 10/05 dự báo đạt 33,0%; chưa có chỉ tiêu để so sánh"),
    ({"standing": "stale"}, "Đang dùng số liệu cũ (từ 20/04/2024, 29,6%), chưa đủ cơ sở dự báo"),
    ({"standing": "insufficient", "coverage": 0.25}, "Hiện 29,6%; mới có số liệu của 25,0% số đơn vị, chưa đủ"),
    ({"standing": "no_cases", "value": None}, "Không phát sinh hồ sơ"),
    ({"standing": "insufficient", "value": None, "numerator": None}, "Chưa có số liệu"),
    ({"standing": "insufficient", "value": None, "numerator": 5}, "Mới có số lượng (5 hồ sơ), chưa có tỷ lệ"),
]


@pytest.mark.parametrize(("changes", "said"), MESSAGES)
def test_course_is_told_in_one_message_with_its_number(about, changes, said):
    assert said in progress_sentences.message(about(**changes))


@pytest.mark.parametrize(("changes", "_said"), MESSAGES)
def test_message_is_told_in_english_too(about, changes, _said):
    assert progress_sentences.message(about("en", **changes))


@pytest.mark.parametrize(
    ("value", "said"),
    [(45.0, "Kết quả mốc 50 ngày (10/05): đạt 45,0%, thiếu 5,0 điểm phần trăm"), (55.0, "đạt 55,0%, đủ chỉ tiêu 50%")],
)
def test_phase_that_is_over_tells_its_result(about, value, said):
    passed = about(of_courses={"as_of": date(2024, 5, 20)}, value=value, standing="met" if value > 50 else "missed")

    assert said in progress_sentences.message(passed)
    assert progress_sentences.why_unknown(passed) == ""


def test_projection_is_never_rounded_up_to_the_target(about):
    assert "49,9%, thiếu 0,1" in progress_sentences.message(about(projection=49.98))


def test_shortfall_that_stays_is_told_by_the_best_still_attainable(about):
    said = progress_sentences.message(about(line=1))

    assert said == "Không còn khả năng đạt chỉ tiêu 100% vào 10/05, cao nhất còn có thể 98,4%"
    assert progress_sentences.why_unknown(about(line=1)) == ""
    assert "không sửa lại được" in progress_sentences.why_unknown(about(line=1, standing="at_risk", target=98.0))


WHY = [
    ({"value": None, "reading_as_of": None}, {}, "chưa có số liệu"),
    ({"value": None}, {"counted": 0, "expected": 17}, "kèm số lượng để cộng gộp"),
    ({"standing": "stale"}, {}, "đang dùng số liệu cũ (từ 20/04/2024)"),
    ({"standing": "no_target", "target": None, "coverage": 0.0}, {}, "đang dùng số liệu cũ (từ 20/04/2024)"),
    ({"standing": "insufficient"}, {}, "chưa đủ để dự báo"),
    ({"is_bound": True}, {}, "xấp xỉ"),
    ({"projection": None}, {"ends_before_due": True}, "kỳ số liệu kết thúc trước 10/05"),
    ({"projection": None}, {"counted_days": 7}, "mới có 7 ngày làm việc, cần ít nhất 10 ngày"),
    ({"projection": None}, {}, "chưa đủ liên tục"),
    ({"target": None}, {}, "chưa có chỉ tiêu"),
    ({}, {}, ""),
]


@pytest.mark.parametrize(("changes", "of_course", "said"), WHY)
@pytest.mark.parametrize("language", LANGUAGES)
def test_missing_probability_is_said_why(about, changes, of_course, said, language):
    why = progress_sentences.why_unknown(about(language, of_course=of_course, **changes))

    assert bool(why) == bool(said)
    assert language == "en" or said in why


def test_phase_without_a_due_date_has_no_probability(about, campaign):
    maintain = campaign.phases[-1]
    found = about(of_courses={"phase": maintain}, projection=None, due=None, probability=None)

    assert "không có ngày đến hạn" in progress_sentences.why_unknown(found)
    assert "giai đoạn duy trì" in progress_sentences.message(found)


def facts_of(found):
    return {fact.label: (fact.strong, fact.more) for fact in progress_sentences.facts(found)}


def test_figures_behind_the_message_are_those_of_the_row(about):
    facts = facts_of(about())

    assert facts["Hiện tại"] == ("29,6%", "8.141/27.503 hồ sơ · 20/04/2024")
    assert facts["Lộ trình hôm nay"] == ("32,8%", "· chậm 3,2 điểm phần trăm")
    assert facts["Mức tăng"] == ("+1,5 điểm phần trăm/tuần", "· cần 5,6 (mới bằng 27% mức cần thiết)")
    assert facts["Ước đạt ngày 10/05"] == ("34,1%", "(từ 31,1 đến 37,1%)")
    assert facts["Xác suất đạt"] == ("5%", "")
    assert facts["Từ nay đến 10/05"] == ("81% phải đạt", "trong khoảng 6.000 hồ sơ còn phát sinh")


@pytest.mark.parametrize(
    ("changes", "label", "said"),
    [
        ({"ahead": 3.2}, "Lộ trình hôm nay", "· vượt 3,2 điểm phần trăm"),
        ({"ahead": 0.01}, "Lộ trình hôm nay", "· đúng lộ trình"),
        ({"pace": -0.4}, "Mức tăng", "· cần 5,6"),
        ({"value": 55.0, "standing": "met"}, "Mức tăng", ""),
        ({"share_needed": 120.0, "attainable": 46.0}, "Từ nay đến 10/05", "· dù cả 6.000 hồ sơ"),
    ],
)
def test_figures_say_which_way_they_lie(about, changes, label, said):
    assert facts_of(about(**changes))[label][1].startswith(said)


def test_probability_is_never_a_promise():
    shown = [progress_sentences.probability(value, "vi") for value in (0.0, 0.004, 0.4, 0.996, 1.0)]

    assert shown == ["dưới 1%", "dưới 1%", "40%", "trên 99%", "trên 99%"]


def test_stale_figure_is_told_alone(about):
    assert list(facts_of(about(standing="stale"))) == ["Hiện tại"]


def test_thin_figure_is_told_alone_with_what_it_rests_on(about):
    thin = about(standing="insufficient", coverage=3 / 17, unit=None, of_course={"counted": 3})

    assert list(facts_of(thin)) == ["Hiện tại"]
    assert "mới có số liệu của 3 trên 17 đơn vị" in progress_sentences.message(thin)


def test_nothing_is_told_of_what_is_not_known(about):
    assert progress_sentences.facts(about(value=None)) == ()


def test_group_says_on_how_many_units_it_rests(about):
    assert facts_of(about(unit=None))["Hiện tại"][1].endswith("15/17 đơn vị")


@pytest.mark.parametrize(("document", "said"), [("700/UBND", "(700/UBND)"), ("", "từ ngày 15/04/2024;")])
def test_target_that_changed_is_told_with_its_day(about, document, said):
    change = TargetChange(date(2024, 4, 15), "50-day", 45.0, 50.0, document)

    [shown] = progress_sentences.changes(about(of_course={"changes": (change,)}))

    assert "mốc 50 ngày đổi từ 45% thành 50%" in shown
    assert said in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_its_message(campaign, state, language):
    found = courses(campaign, state.lines, as_of=state.as_of)

    for line in state.lines:
        shown = About(found, course(projected(line)), language)
        assert progress_sentences.message(shown)
        progress_sentences.why_unknown(shown)
        progress_sentences.facts(shown)
