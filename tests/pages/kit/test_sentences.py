"""The sentence and the words of a line: true in every state, in both languages."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from jobs.wording import results as wording
from models.core.texts import LANGUAGES
from models.results.overview import ReportedFigure
from models.units.changes import UnitEvent
from pages.kit import sentences
from pages.overview.view import overview_view
from targets.findings import Told
from targets.values import Source, Text, UnitChange


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
def test_opening_counts_the_days_to_the_phase_that_is_looked_at(campaign, as_of, phase, begins):
    said = sentences.opening(campaign=campaign, phase=campaign.phase(phase), as_of=as_of, language="vi")

    assert said.startswith(begins)


def test_milestone_is_called_by_its_phases_own_name(make_overview, campaign):
    year = replace(campaign.phase("50-day"), name=Text("Cả năm", "Whole year"))

    assert wording.milestone(year, campaign, "vi") == "mốc cả năm"


def change(kind, **other):
    told = {"kind": kind, "unit": "X5", "day": date(2024, 5, 2), "document": "9/NQ-HĐND"} | other
    return UnitEvent(
        UnitChange(**told), "xã Năm", "xã Ba" if told.get("to") else "", "huyện Hai", told.get("former") or "",
        {"online": (21, 30)},
    )  # fmt: skip


CHANGES = [
    (change("merge", to="X3"),
        "Từ ngày 02/05/2024, xã Năm sáp nhập vào xã Ba (9/NQ-HĐND); phần đã làm (21/30 hồ sơ) tính tiếp cho xã Ba, tổng"
        " chung không đổi."
    ),
    (change("merge", to="X3", counts="continued"),
        "Từ ngày 02/05/2024, xã Năm sáp nhập vào xã Ba (9/NQ-HĐND); phần đã làm (21/30 hồ sơ) đã nằm trong số liệu của"
        " xã Ba nên không cộng thêm."
    ),
    (change("merge", to="X3", counts="apart"),
        "Từ ngày 02/05/2024, xã Năm sáp nhập vào xã Ba (9/NQ-HĐND); phần đã làm (21/30 hồ sơ) vẫn tính trong số liệu"
        " của huyện Hai, không chuyển sang xã Ba."
    ),
    (change("split", to="X3", share=Decimal(60)),
        "Từ ngày 02/05/2024, xã Năm chia tách: 60% cho xã Ba (9/NQ-HĐND); phần đã làm (21/30 hồ sơ) tính tiếp cho xã"
        " Ba, tổng chung không đổi."
    ),
    (change("close", counts="apart"),
        "Từ ngày 02/05/2024, xã Năm ngừng hoạt động (9/NQ-HĐND); phần đã làm (21/30 hồ sơ) giữ trong số liệu của huyện"
        " Hai, tổng chung không đổi."
    ),
    (change("close", counts="continued", document=""),
        "Từ ngày 02/05/2024, xã Năm ngừng hoạt động; phần đã làm (21/30 hồ sơ) đã nằm trong số liệu của đơn vị khác nên"
        " không cộng thêm."
    ),
    (change("move", former="huyện Một", document=""),
        "Từ ngày 02/05/2024, xã Năm chuyển từ huyện Một về huyện Hai; số liệu các ngày trước vẫn tính ở huyện Một, tổng"
        " chung không đổi."
    ),
    (change("rename", former="xã Cũ", document=""),
        "Từ ngày 02/05/2024, xã Cũ đổi tên thành xã Năm; số liệu không đổi, tệp ghi tên cũ vẫn đọc được."
    ),
]  # fmt: skip


@pytest.mark.parametrize(("event", "said"), CHANGES, ids=lambda it: "" if isinstance(it, str) else it.change.kind)
def test_change_of_a_unit_says_what_it_does_to_the_figures(campaign, event, said):
    assert sentences.unit_event(event, campaign.indicator("online"), "vi") == said
    assert sentences.unit_event(event, campaign.indicator("online"), "en")


@pytest.mark.parametrize(("is_own_part", "part"), [(True, "phần do chính đơn vị đã làm"), (False, "phần đã làm")])
def test_change_whose_counts_are_not_known_names_none(campaign, is_own_part, part):
    event = replace(change("close", counts="apart"), left={}, is_own_part=is_own_part)

    assert f"; {part} giữ trong" in sentences.unit_event(event, campaign.indicator("online"), "vi")


def test_count_that_went_over_is_told_as_one_number(campaign):
    event = replace(change("merge"), left={"online": (21,)})

    assert "phần đã làm (21 hồ sơ)" in sentences.unit_event(event, campaign.indicator("online"), "vi")


def test_store_whose_sources_are_off_is_told_to_hand_in_a_file(make_overview):
    pulled = make_overview(told=Told(None, 0, 258))
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


def test_figure_of_several_sources_says_who_told_how_many_units(overview_in, campaign):
    sources = tuple(Source(key, Text(key.title(), key.title()), "file", None) for key in ("igate", "file"))
    known = replace(campaign, sources=sources)
    overview = replace(overview_in("running"), campaign=known, mixed={"online": {"igate": 1_250, "file": 1}})

    mixed, single = (overview_view(overview, (), "vi").cards[at].sources for at in (2, 0))

    assert mixed == "Gộp từ nhiều nguồn: Igate 1.250 đơn vị, File 1 đơn vị"
    assert single == ""


def test_figure_that_the_province_reports_stands_beside_the_pooled_one(make_overview):
    overview = make_overview(reported_figures=(ReportedFigure("online", 31.24, date(2024, 4, 19), "igate"),))

    assert sentences.beside(overview.lines[2], overview, "vi") == ("tỉnh báo cáo 31,2% (số tổng hợp từ 97,0% đơn vị)",)


def test_bound_that_the_province_reports_keeps_its_word(make_overview):
    reported = ReportedFigure("online", 31.0, date(2024, 4, 19), "igate", qualifier="over")
    overview = make_overview(reported_figures=(reported,))

    [said] = sentences.beside(overview.lines[2], overview, "vi")
    facts = sentences.facts(overview.lines[2], overview, "vi")

    assert said.startswith("tỉnh báo cáo trên 31%")
    assert any("trên 31%" in value for _, value in facts)


@pytest.mark.parametrize(
    ("state", "indicator", "said"),
    [
        ("running", "publicity", "còn thiếu 16,0 điểm phần trăm"),
        ("running", "payment", "chưa có chỉ tiêu để so sánh"),
        ("no_readings", "online", "chưa có số liệu"),
        ("stale", "online", "đang dùng số liệu cũ (từ 26/04/2024)"),
        ("thin", "online", "chưa đủ số liệu để kết luận"),
        ("some_met", "publicity", "đúng bằng chỉ tiêu"),
        ("all_met", "payment", "cao hơn chỉ tiêu 40,0 điểm phần trăm"),
        ("bounds", "online", "số liệu chưa chính xác, chưa thể kết luận đạt"),
        ("bounds", "payment", "không phát sinh hồ sơ có phí"),
        ("bounds", "satisfaction", "còn thiếu 0,1 điểm phần trăm"),
    ],
)
def test_finding_says_what_is_missing_or_why_that_is_not_known(overview_in, state, indicator, said):
    overview = overview_in(state)
    line = next(line for line in overview.lines if line.indicator == indicator)

    assert sentences.finding(line, overview, "vi") == said


def test_finding_of_a_count_alone_says_that_the_rate_is_missing(make_overview, make_result):
    line = make_result("online", "insufficient", numerator=8_141, target=50.0, is_bound=True, qualifier="more")

    assert sentences.finding(line, make_overview(), "vi") == "mới có số lượng (hơn 8.141 hồ sơ), chưa có tỷ lệ"


@pytest.mark.parametrize(
    ("known", "shown"),
    [
        ({"value": 29.6, "target": 50.0}, "29,6%"),
        ({"value": 49.96, "target": 50.0}, "49,9%"),
        ({"value": 94.0, "is_bound": True}, "≈ 94%"),
        ({}, ""),
    ],
)
def test_figure_is_shown_no_better_than_it_is(make_result, known, shown):
    assert wording.figure(make_result("online", "at_risk", **known), "vi") == shown


@pytest.mark.parametrize(
    ("qualifier", "high", "shown", "missing"),
    [
        ("about", None, "xấp xỉ 94%", "xấp xỉ 1,0 điểm phần trăm"),
        ("over", None, "trên 94%", "gần 1,0 điểm phần trăm"),
        ("under", None, "gần 94%", "trên 1,0 điểm phần trăm"),
        ("more", None, "hơn 94%", "dưới 1,0 điểm phần trăm"),
        ("less", None, "dưới 94%", "hơn 1,0 điểm phần trăm"),
        ("range", 94.5, "94–94,5%", "0,5–1,0 điểm phần trăm"),
    ],
)
def test_bound_is_said_with_its_own_word_and_what_it_lacks_with_the_opposite_one(
    make_result, qualifier, high, shown, missing
):
    bound = {"is_bound": True, "qualifier": qualifier, "value_high": high}
    line = make_result("online", "at_risk", value=94.0, target=95.0, **bound)

    assert (wording.figure(line, "vi"), wording.points_missing(line, "vi")) == (shown, missing)


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"value": 80.0, "qualifier": "over"}, "không thấp hơn chỉ tiêu"),
        ({"value": 83.0, "qualifier": "over"}, "cao hơn chỉ tiêu trên 3,0 điểm phần trăm"),
        ({"value": 83.0, "qualifier": "range", "value_high": 90.0}, "cao hơn chỉ tiêu 3,0–10,0 điểm phần trăm"),
    ],
)
def test_bound_that_meets_its_target_says_how_far_above_it_may_be(make_result, make_overview, known, said):
    line = make_result("online", "met", target=80.0, is_bound=True, **known)

    assert sentences.finding(line, make_overview(), "vi") == said


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ({"qualifier": "under"}, "chậm lộ trình trên 5,0 điểm"),
        ({"qualifier": "over"}, "chậm lộ trình gần 5,0 điểm"),
        ({"qualifier": "range", "value_high": 100.0}, "chậm lộ trình 0,0–5,0 điểm"),
        ({"qualifier": "range", "value_high": 92.0}, "chậm lộ trình 3,0–5,0 điểm"),
    ],
)
def test_reason_of_a_bound_says_that_it_depends_on_where_the_true_figure_lies(make_result, make_overview, bound, said):
    known = {"value": 90.0, "target": 100.0, "trajectory": 95.0, "ahead": -5.0, "is_bound": True}
    line = make_result("online", "at_risk", **known, **bound)

    assert wording.reason(line, make_overview().campaign, "vi") == said


def test_reason_of_a_count_alone_tells_it(make_result, make_overview):
    line = make_result("online", "insufficient", numerator=1_200, target=50.0, is_bound=True, qualifier="more")

    assert wording.reason(line, make_overview().campaign, "vi") == "mới có số lượng (hơn 1.200 hồ sơ), chưa có tỷ lệ"


def test_bound_that_leaves_it_open_after_the_due_date_says_so(make_result, make_overview):
    line = make_result("online", "insufficient", value=80.0, target=80.0, is_bound=True, qualifier="under")
    line = replace(line, due=line.as_of)

    assert sentences.finding(line, make_overview(), "vi") == "số liệu chưa chính xác, chưa thể kết luận đạt"


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
