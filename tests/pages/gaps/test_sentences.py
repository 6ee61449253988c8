"""What the page of gaps says, in every state, held against figures that can be counted by hand."""

from dataclasses import replace

import pytest

from models.core.texts import LANGUAGES, text
from pages.gaps import sentences as gaps_sentences
from pages.gaps.sentences import Share, Subject
from tests.pages.gap_rows import CAMPAIGN_WITH_LEVELS, ROWS, each, gap_overview, states, unit

STATES = states()


def subject(state="running", **changes):
    overview, rows = STATES[state]
    return replace(Subject(overview, overview.campaign.indicator("online"), overview.phase, rows), **changes)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", "4/7 đơn vị chưa đạt mốc 50 ngày; 1 đơn vị chiếm 98% số hồ sơ còn thiếu"),
        ("no_targets", "chưa có chỉ tiêu mốc 50 ngày để so sánh"),
        ("no_readings", "chưa có số liệu của 7 đơn vị để so với mốc 50 ngày"),
        ("partly_reported", "1/7 đơn vị chưa đạt mốc 50 ngày"),
        ("stale", "đang dùng số liệu cũ (từ 26/04/2024), chưa đủ cơ sở so với mốc 50 ngày"),
        ("no_cases", "7 đơn vị không phát sinh hồ sơ"),
        ("not_begun", "7/7 đơn vị đã có chỉ tiêu mốc 50 ngày; chiến dịch bắt đầu ngày 22/03/2024"),
        ("past_the_end", "4/7 đơn vị chưa đạt chỉ tiêu giai đoạn duy trì; 1 đơn vị chiếm 98% số hồ sơ còn thiếu"),
        ("all_met", "cả 7 đơn vị đã đạt mốc 50 ngày"),
        ("no_units", "không có đơn vị nào trong phạm vi đã chọn"),
        ("bounds", "cả 7 đơn vị chưa đạt mốc 50 ngày"),
    ],
)  # fmt: skip
def test_headline_says_what_is_true_in_each_state(state, said):
    assert gaps_sentences.headline(subject(state), "vi") == f"Tỷ lệ hồ sơ trực tuyến: {said}"


def test_headline_speaks_english():
    assert gaps_sentences.headline(subject(), "en") == (
        "Online rate: the “50 days” milestone not yet reached by 4 of 7 units; "
        "1 of them holding 98% of the cases missing"
    )


def test_headline_calls_units_by_the_level_and_names_the_part_of_the_tree():
    communes = subject(rows=ROWS[3:], level="commune", parent="UBND huyện Chư Sê")

    assert gaps_sentences.headline(communes, "vi").startswith(
        "Tỷ lệ hồ sơ trực tuyến tại UBND huyện Chư Sê: 2/4 UBND cấp xã chưa đạt mốc 50 ngày"
    )


def test_headline_of_a_day_past_the_due_date_no_longer_says_not_yet():
    overview = gap_overview(as_of=CAMPAIGN_WITH_LEVELS.phases[1].start)
    past = subject(overview=overview, phase=CAMPAIGN_WITH_LEVELS.phases[0], rows=each(ROWS[:3], standing="missed"))

    assert "3/3 đơn vị không đạt mốc 50 ngày" in gaps_sentences.headline(past, "vi")


def test_share_never_counts_a_case_twice():
    """The district's 200 hold the communes' 193."""
    assert gaps_sentences.share(ROWS) == Share(units=1, percent=98, is_counted_once=True)
    assert text("gaps.note.counted_once", "vi") in gaps_sentences.notes(subject(), "vi")


def test_share_is_counted_by_hand():
    rows = tuple(unit(f"U{n}", f"Xã {n}", "commune", "at_risk", cases_missing=n) for n in (5, 9, 1, 2, 3))

    assert gaps_sentences.share(rows) == Share(units=2, percent=70, is_counted_once=False)


@pytest.mark.parametrize("missing", [(), (None, None), (0, 0), (1, 1, 1)])
def test_share_is_not_told_without_counts_or_without_concentration(missing):
    rows = tuple(unit(f"U{n}", f"Xã {n}", "commune", "at_risk", cases_missing=m) for n, m in enumerate(missing))

    assert gaps_sentences.share(rows) is None


def test_cases_of_stale_figures_are_no_part_of_the_share():
    assert gaps_sentences.share(each(ROWS[3:], standing="stale")) is None


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (ROWS[0], "Sở Công Thương – tỷ lệ hồ sơ trực tuyến: đã đạt mốc 50 ngày (61,0%, chỉ tiêu 50%)"),
        (ROWS[1], "Sở Y tế – tỷ lệ hồ sơ trực tuyến: còn thiếu 0,1 điểm phần trăm (1 hồ sơ) so với mốc 50 ngày"),
        (ROWS[5], "UBND xã Ia Ko – tỷ lệ hồ sơ trực tuyến: đang dùng số liệu cũ"),
        (each(ROWS[1:2], is_bound=True, value=50.2)[0],
         "Sở Y tế – tỷ lệ hồ sơ trực tuyến: ≈ 50,2%, chưa thể kết luận đạt mốc 50 ngày"),
        (each(ROWS[3:4], cases_missing=None)[0],
         "UBND xã Đăk Trôi – tỷ lệ hồ sơ trực tuyến: còn thiếu 38,0 điểm phần trăm so với mốc 50 ngày"),
    ],
)  # fmt: skip
def test_single_unit_is_named_with_its_finding(row, said):
    assert gaps_sentences.headline_of_one(subject(), row, "vi") == said


def test_advice_names_the_central_target_that_is_missing():
    overview = gap_overview(central_targets_missing=("online",))

    said = gaps_sentences.advice(replace(subject("no_targets"), overview=overview), "vi")

    assert said == text("gaps.advice.central_missing", "vi", year=2024)


@pytest.mark.parametrize(
    ("state", "key"),
    [("no_targets", "advice.no_targets"), ("no_readings", "advice.no_readings"), ("stale", "advice.stale")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_advice_says_who_can_do_what(state, key, language):
    assert gaps_sentences.advice(subject(state), language) == text(key, language)


@pytest.mark.parametrize("state", ["running", "all_met", "not_begun", "no_cases", "no_units"])
def test_advice_is_silent_where_nothing_needs_doing(state):
    assert gaps_sentences.advice(subject(state), "vi") == ""


def test_notes_say_that_targets_are_proposed_that_bands_decide_and_that_volumes_are_small():
    said = gaps_sentences.notes(subject(), "vi")

    assert text("overview.proposed", "vi") in said
    assert text("overview.by_gap", "vi") in said
    assert text("gaps.note.small", "vi", limit=100, counted="hồ sơ") in said


def test_notes_count_units_with_dates_of_their_own():
    rows = (*ROWS[:2], *each(ROWS[2:3], phase="100-day"))

    assert text("gaps.note.own_phase", "vi", count="1") in gaps_sentences.notes(subject(rows=rows), "vi")
