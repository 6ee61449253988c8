"""The sentence and the words of a line: true in every state, in both languages."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from jobs.wording import results as wording
from models.core.texts import LANGUAGES
from pages.kit import sentences
from targets.values import Source, Text

DAY_30 = "Còn 20 ngày đến mốc 50 ngày"
NONE_MET = "tỉnh đạt 0/5 chỉ tiêu"
ONLINE = "tỷ lệ hồ sơ trực tuyến còn thiếu 20,4 điểm phần trăm"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", f"Còn 20 ngày đến mốc 50 ngày: {NONE_MET}; {ONLINE}"),
        ("some_met", f"Còn 20 ngày đến mốc 50 ngày: tỉnh đạt 1/5 chỉ tiêu; {ONLINE}"),
        ("all_met", "Còn 20 ngày đến mốc 50 ngày: tỉnh đạt 6/6 chỉ tiêu"),
        ("no_targets", "Còn 20 ngày đến mốc 50 ngày: chưa chỉ số nào có chỉ tiêu"),
        ("no_readings", "Còn 20 ngày đến mốc 50 ngày: chưa có số liệu nào"),
        ("stale", "Còn 3 ngày đến mốc 50 ngày: đang dùng số liệu cũ (từ 26/04/2024), chưa đủ cơ sở đánh giá"),
        ("not_begun", "Còn 5 ngày nữa bắt đầu chiến dịch (22/03/2024): 5/6 chỉ số đã có chỉ tiêu"),
        ("past_the_end", f"Chiến dịch đã kết thúc ngày 29/06/2024, đang trong giai đoạn duy trì: {NONE_MET}; {ONLINE}"),
        ("partly_reported", f"{DAY_30}: tỉnh đạt 0/5 chỉ tiêu, 1 chỉ số chưa đủ số liệu để kết luận; {ONLINE}"),
        ("out_of_reach", f"Còn 20 ngày đến mốc 50 ngày: {NONE_MET}; {ONLINE}, không còn khả năng đạt"),
    ],
)  # fmt: skip
def test_headline_says_how_long_how_many_and_what_is_furthest(overview_in, state, said):
    assert sentences.headline(overview_in(state), "vi") == said


def test_headline_is_said_in_english_too(make_overview):
    assert sentences.headline(make_overview(), "en") == (
        "20 days to the “50 days” milestone: targets met: 0 of 5; online rate is 20.4 percentage points short"
    )


@pytest.mark.parametrize(
    ("as_of", "phase", "begins"),
    [
        (date(2024, 3, 21), "50-day", "Còn 1 ngày nữa bắt đầu chiến dịch (22/03/2024)"),
        (date(2024, 3, 22), "50-day", "Còn 49 ngày đến mốc 50 ngày"),
        (date(2024, 5, 9), "50-day", "Còn 1 ngày đến mốc 50 ngày"),
        (date(2024, 5, 10), "50-day", "Đã đến mốc 50 ngày (10/05/2024)"),
        (date(2024, 5, 11), "100-day", "Còn 49 ngày đến mốc 100 ngày"),
        (date(2024, 5, 11), "50-day", "Đã qua mốc 50 ngày (10/05/2024)"),
        (date(2024, 5, 11), "maintain", "Từ 30/06/2024 là giai đoạn duy trì"),
        (date(2024, 6, 30), "maintain", "Chiến dịch đã kết thúc ngày 29/06/2024"),
    ],
)
def test_headline_counts_the_days_to_the_phase_that_is_looked_at(make_overview, campaign, as_of, phase, begins):
    overview = make_overview(as_of=as_of, phase=campaign.phase(phase))

    assert sentences.headline(overview, "vi").startswith(begins)


@pytest.mark.parametrize("language", LANGUAGES)
def test_headline_names_no_shortfall_that_is_none(state, language):
    assert not re.search(r"\b0[.,]0 ", sentences.headline(state, language))


def test_heading_leaves_it_to_the_foot_that_targets_are_proposed(make_overview, lines):
    proposed = tuple(replace(line, origin="proposed") for line in lines)

    assert sentences.headline(make_overview(lines=proposed), "vi") == sentences.headline(make_overview(), "vi")


def test_milestone_is_called_by_its_phases_own_name(make_overview, campaign):
    year = replace(campaign.phase("50-day"), name=Text("Cả năm", "Whole year"))

    assert wording.milestone(year, campaign, "vi") == "mốc cả năm"


def test_store_whose_sources_are_off_is_told_to_hand_in_a_file(make_overview):
    pulled = make_overview(newest_reading=None)
    off = replace(pulled.campaign, sources=tuple(replace(each, enabled=False) for each in pulled.campaign.sources))

    assert sentences.advice(replace(pulled, campaign=off), "vi").startswith("Chưa bật nguồn số liệu nào")


@pytest.mark.parametrize(
    ("updated", "said"),
    [
        (datetime(2024, 5, 7, 11, tzinfo=UTC), "Lập từ Cao Điểm, cập nhật lúc 18:00 ngày 07/05/2024."),
        (None, "Lập từ Cao Điểm."),
    ],
)
def test_foot_says_when_figures_last_came_in_and_no_number_of_a_version(updated, said):
    assert sentences.made_with(updated, "vi") == said


def test_headline_never_counts_an_unknown_target_as_missed(make_overview, lines):
    """Where figures are lacking, “none is met” would claim to know."""
    lacking = (*lines[:5], replace(lines[5], standing="stale"))

    headline = sentences.headline(make_overview(lines=lacking), "vi")

    assert "1 chỉ số chưa đủ số liệu" in headline


def test_worst_line_is_the_worst_standing_before_the_most_points(make_overview, lines):
    """Digitisation lacks 24 points and is at high risk; the online rate lacks 20.4 and is unlikely to arrive."""
    worst = sentences.worst_line(make_overview())

    assert worst is not None
    assert worst.indicator == "online"


def test_worst_line_among_equals_is_the_one_that_lacks_most(make_overview, lines):
    equal = tuple(replace(line, standing="at_risk" if line.target else line.standing) for line in lines)

    assert sentences.worst_line(make_overview(lines=equal)).indicator == "digitisation"


def test_thin_figures_are_no_targets_met(overview_in):
    said = sentences.headline(overview_in("thin"), "vi")

    assert "tỉnh đạt 0/5 chỉ tiêu, 5 chỉ số chưa đủ số liệu để kết luận" in said


def test_figure_of_many_units_and_few_cases_says_so(overview_in):
    overview = overview_in("thin")
    line = replace(overview.lines[2], coverage=0.8)

    assert sentences.findings(line, overview, "vi") == (
        "các đơn vị đã có số liệu chiếm chưa đến 50% số hồ sơ thường có, chưa đủ để kết luận",
    )
    assert "less than 50% of the usual" in sentences.findings(line, overview, "en")[0]


def test_figure_of_several_sources_says_who_told_how_many_units(overview_in, campaign):
    sources = tuple(Source(key, Text(key.title(), key.title()), "file", None) for key in ("igate", "file"))
    known = replace(campaign, sources=sources)
    overview = replace(overview_in("running"), campaign=known, mixed={"online": {"igate": 1_250, "file": 1}})

    mixed, single = (sentences.findings(overview.lines[at], overview, "vi") for at in (2, 0))

    assert "gộp từ nhiều nguồn: Igate 1.250 đơn vị, File 1 đơn vị" in mixed
    assert not any("nguồn" in said for said in single)


@pytest.mark.parametrize("state", ["all_met", "no_targets", "no_readings", "not_begun", "stale", "thin"])
def test_no_line_is_the_worst_where_none_is_known_to_be_short(overview_in, state):
    assert sentences.worst_line(overview_in(state)) is None


@pytest.mark.parametrize(
    ("state", "indicator", "said"),
    [
        ("running", "publicity", ("còn thiếu 16,0 điểm phần trăm",)),
        ("running", "timeliness", ("còn thiếu 2,9 điểm phần trăm", "tuần này 98,0%", "cao nhất còn có thể 98,4%")),
        ("running", "online", ("còn thiếu 20,4 điểm phần trăm", "tuần này 36,0%")),
        ("running", "payment", ("chưa có chỉ tiêu Trung ương năm 2024 (nhập ở trang Chỉ tiêu)",)),
        ("no_targets", "online", ("chưa có chỉ tiêu (giao ở trang Chỉ tiêu)",)),
        ("no_readings", "online", ("chưa có số liệu",)),
        ("stale", "online", ("đang dùng số liệu cũ (từ 26/04/2024)",)),
        ("thin", "online", ("mới có số liệu của 7 trên 257 đơn vị, chưa đủ để kết luận",)),
        ("some_met", "publicity", ("đúng bằng chỉ tiêu",)),
        ("all_met", "payment", ("cao hơn chỉ tiêu 40,0 điểm phần trăm", "tuần này 21,0%")),
        ("bounds", "online", ("số liệu chưa chính xác, chưa thể kết luận đạt", "tuần này 36,0%")),
        ("bounds", "payment", ("không phát sinh hồ sơ có phí",)),
        ("bounds", "satisfaction", ("còn thiếu 0,1 điểm phần trăm", "cao nhất còn có thể 99,9%")),
    ],
)
def test_findings_say_what_is_missing_and_what_can_still_be_done(overview_in, state, indicator, said):
    overview = overview_in(state)
    line = next(line for line in overview.lines if line.indicator == indicator)

    assert sentences.findings(line, overview, "vi") == said


def test_findings_of_a_count_alone_say_that_the_rate_is_missing(make_overview, make_result):
    line = make_result("online", "insufficient", numerator=8_141, target=50.0)

    assert sentences.findings(line, make_overview(), "vi") == ("mới có số lượng, chưa có tỷ lệ",)


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"value": 29.6, "target": 50.0}, "29,6%"),
        ({"value": 49.96, "target": 50.0}, "49,9%"),
        ({"value": 94.0, "is_bound": True}, "≈ 94,0%"),
        ({}, ""),
    ],
)
def test_figure_is_shown_no_better_than_it_is(make_result, known, shown):
    assert wording.figure(make_result("online", "at_risk", **known), "vi") == shown


@pytest.mark.parametrize(
    ("qualifier", "shown"), [("about", "xấp xỉ 94,0%"), ("over", "trên 94,0%"), ("under", "gần 94,0%")]
)
def test_bound_is_said_with_its_own_word_where_that_is_known(make_result, qualifier, shown):
    line = make_result("online", "at_risk", value=94.0, is_bound=True)

    assert wording.figure(line, "vi", qualifier=qualifier) == shown


def test_bound_is_read_out_in_words(make_result, make_overview):
    line = make_result("online", "at_risk", value=94.0, is_bound=True)

    assert "khoảng 94,0%" in sentences.spoken(line, make_overview(), "vi")


def test_target_is_marked_where_it_is_only_proposed(make_result):
    issued = make_result("online", "at_risk", target=72.37)
    proposed = make_result("online", "at_risk", target=50.0, origin="proposed")

    assert wording.target_of(issued, "vi") == "72,37%"
    assert wording.target_of(proposed, "vi") == "50%*"


def test_facts_tell_counts_target_and_what_decided(make_overview, lines):
    facts = dict(sentences.facts(lines[2], make_overview(), "vi"))

    assert facts == {
        "Hiện tại": "29,6%",
        "Số lượng": "8.141/27.503 hồ sơ",
        "Số liệu ngày": "20/04/2024",
        "Kết quả năm 2023": "7%",
        "Lộ trình hôm nay": "32,8%",
        "Chỉ tiêu": "50%*",
        "Còn thiếu": "20,4 điểm phần trăm",
        "Tuần này": "36,0%",
        "Mức độ đầy đủ số liệu": "97,0%",
        "Tình hình": "Khó đạt (theo khoảng cách)",
    }


def test_facts_leave_out_what_is_unknown(make_overview, make_result):
    facts = sentences.facts(make_result("online", "insufficient", reading_as_of=None), make_overview(), "vi")

    assert facts == (("Tình hình", "Chưa đủ số liệu"),)


def test_fact_names_can_be_names_of_fields(state):
    """Vega reads dots and brackets in a field's name as a path."""
    names = [name for line in state.lines for lang in LANGUAGES for name, _ in sentences.facts(line, state, lang)]

    assert not [name for name in names if set(name) & set(".[]\\'\"")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_spoken_with_its_name_and_standing(state, language):
    for line in state.lines:
        spoken = sentences.spoken(line, state, language)

        assert spoken.startswith(state.campaign.indicator(line.indicator).name.of(language))
        assert wording.standing_of(line, language) in spoken


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", "Ngày 30/100 · 20/04/2024"),
        ("not_begun", "17/03/2024 · bắt đầu ngày 22/03/2024"),
        ("past_the_end", "10/07/2024 · chiến dịch đã kết thúc"),
    ],
)
def test_day_of_the_campaign_is_told_before_during_and_after(overview_in, state, said):
    assert sentences.day_of_campaign(overview_in(state).campaign, overview_in(state).as_of, "vi") == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("running", "Số liệu đến 20/04/2024 · 251/258 đơn vị đã có số liệu"),
        ("no_readings", "Chưa có số liệu của 258 đơn vị"),
        ("one_unit", "Số liệu đến 20/04/2024 · 1/1 đơn vị đã có số liệu"),
    ],
)
def test_coverage_says_how_much_is_known(overview_in, state, said):
    assert sentences.coverage(overview_in(state), "vi") == said


@pytest.mark.parametrize(
    ("state", "helps"),
    [
        ("no_targets", "Chỉ tiêu"),
        ("no_readings", "Nhập số liệu"),
        ("stale", "Nhập số liệu"),
        ("running", ""),
        ("not_begun", ""),
    ],
)
def test_advice_says_who_can_do_what_where_little_can_be_shown(overview_in, state, helps):
    advice = sentences.advice(overview_in(state), "vi")

    assert helps in advice
    assert bool(advice) == bool(helps)


@pytest.mark.parametrize(
    ("name", "inside"), [("Tỷ lệ hồ sơ trực tuyến", "tỷ lệ hồ sơ trực tuyến"), ("DVC trực tuyến", "DVC trực tuyến")]
)
def test_name_inside_a_sentence_begins_small_unless_it_is_an_abbreviation(name, inside):
    assert wording.in_sentence(name) == inside
