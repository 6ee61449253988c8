"""Sentences of a report: what each state of an indicator is told by, in whole sentences."""

from datetime import date

import pytest

from jobs.wording import prose
from models.core.texts import LANGUAGES, text
from models.units.queries import StatedCause
from targets.findings import Silent
from tests.models.conftest import small_campaign
from tests.targets.test_results import result

CAMPAIGN = small_campaign()
TODAY, DUE = date(2024, 3, 8), date(2024, 3, 22)


def line(**known):
    """47,1 % of 10.000 dossiers against 50 %, two weeks before the milestone."""
    got = {
        "unit": "P", "name": "P", "level": "province", "indicator": "online", "phase": CAMPAIGN.phases[0].key,
        "standing": "high_risk", "value": 47.1, "numerator": 4_710, "denominator": 10_000, "target": 50.0, "gap": 2.9,
        "cases_missing": 290, "coverage": 1.0, "as_of": TODAY, "reading_as_of": TODAY, "due": DUE, "days_left": 10,
        "origin": "issued", "week_change": 1.26, "by": "gap",
    }  # fmt: skip
    return result(**(got | known))


def said_of(**known):
    return prose.standing(line(**known), CAMPAIGN, "vi")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, "đạt 47,1%, tăng 1,3 điểm phần trăm so với tuần trước; còn thiếu 2,9 điểm phần trăm (tương ứng 290 "),
        ({"week_change": -0.6}, "giảm 0,6 điểm phần trăm so với tuần trước"),
        ({"week_change": 0.02}, "không thay đổi so với tuần trước"),
        ({"week_change": None}, "đạt 47,1%; còn thiếu"),
        ({"standing": "missed"}, "đã hết thời hạn, không đạt chỉ tiêu 50%"),
        ({"standing": "met", "value": 55.0, "due": TODAY}, "đã đạt chỉ tiêu 50%"),
        ({"standing": "met", "value": 55.0}, "cần giữ vững đến hết thời hạn"),
        ({"standing": "stale"}, "đang dùng số liệu cũ (từ 08/03)"),
        ({"standing": "insufficient"}, "chưa đủ để đánh giá"),
        ({"value": None}, "chưa có số liệu để đánh giá"),
        ({"standing": "no_cases", "value": None}, "chưa có số liệu để đánh giá"),
        ({"standing": "insufficient", "is_bound": True, "qualifier": "about", "as_of": DUE}, "chưa đủ chính xác"),
        ({"standing": "no_target", "target": None, "cases_missing": None, "is_only_followed": True}, "được theo dõi"),
    ],
)
def test_indicator_is_told_by_its_figure_its_week_and_its_target(known, words):
    assert words in said_of(**known)


def test_whole_picture_never_counts_targets_of_which_there_are_no_figures():
    unknown = {"value": None, "standing": "insufficient", "week_change": None}
    rows = [line(**unknown), line(**unknown)]

    words = prose.whole(rows, CAMPAIGN, as_of=TODAY, phase=CAMPAIGN.phases[0], language="vi")

    assert "0/2" not in words
    assert text("slide.province.unknown", "vi", set=2) in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_whole_picture_counts_targets_met_and_figures_that_rose_as_they_are_shown(language):
    rows = [line(), line(week_change=0.01), line(week_change=-1.0), line(week_change=None, standing="met")]

    words = prose.whole(rows, CAMPAIGN, as_of=TODAY, phase=CAMPAIGN.phases[0], language=language)

    assert "1/4" in words
    assert ("có 1 chỉ số tăng, 1 chỉ số giảm" if language == "vi" else "1 rose and 1 fell") in words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ((1.0, None), "1/2 chỉ số tăng, không chỉ số nào giảm"),
        ((None, -1.0), "1/2 chỉ số giảm, không chỉ số nào tăng"),
        ((1.0, 2.0), "cả 2 chỉ số đều tăng"),
        ((-1.0, -2.0), "cả 2 chỉ số đều giảm"),
        ((1.0,), "1/1 chỉ số tăng"),
    ],
)
def test_whole_picture_says_in_words_that_nothing_fell_or_rose(changes, words):
    rows = [line(week_change=change) for change in changes]

    assert words in prose.whole(rows, CAMPAIGN, as_of=TODAY, phase=CAMPAIGN.phases[0], language="vi")


@pytest.mark.parametrize(("day", "words"), [(DUE, "là ngày cuối của mốc"), (date(2024, 3, 25), "đã qua mốc")])
def test_whole_picture_says_how_far_the_milestone_is(day, words):
    phase = CAMPAIGN.phases[0]
    as_of = day if phase.due == DUE else phase.due + (day - DUE)

    assert words in prose.whole((), CAMPAIGN, as_of=as_of, phase=phase, language="vi")


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({}, ["khả năng hoàn thành thuộc nhóm “nguy cơ cao”"]),
        ({"projection": 48.8}, ["với tiến độ hiện nay, đến ngày 22/03/2024 ước đạt 48,8%, thuộc nhóm “nguy cơ cao”"]),
        ({"standing": "out_of_reach", "attainable": None}, ["chỉ tiêu này không còn khả năng đạt"]),
        ({"standing": "out_of_reach", "attainable": 48.2},
         ["chỉ tiêu này không còn khả năng đạt; mức cao nhất còn có thể đạt là 48,2%"]),
        ({"standing": "missed"}, []),
        ({"standing": "met", "value": 55.0}, []),
    ],
)  # fmt: skip
def test_outlook_is_what_is_projected_or_the_best_still_to_be_had(known, words):
    assert prose.outlook(line(**known), CAMPAIGN, "vi") == words


def test_outlook_says_what_it_takes_of_the_cases_to_come():
    said = prose.outlook(line(share_needed=70.2, week_value=57.0), CAMPAIGN, "vi")

    assert said[1].startswith("để đạt chỉ tiêu, cứ 100 ")
    assert "71" in said[1]


def test_causes_are_counted_by_kind_and_those_who_state_none_too():
    rows = [line(unit=unit) for unit in ("A", "B", "C", "D")]
    staff = StatedCause("staff", "thiếu người", "", None, is_confirmed=False)
    stated = {("A", "online"): staff, ("B", "online"): staff}

    assert prose.causes((), {}, "vi") == ""
    assert prose.causes(rows, {}, "vi") == "các đơn vị chậm chưa nêu nguyên nhân"
    assert prose.causes(rows[:2], stated, "vi") == "nguyên nhân các đơn vị nêu: nhân lực (2 đơn vị)"
    assert prose.causes(rows, stated, "vi").endswith("nhân lực (2 đơn vị); 2 đơn vị chậm chưa nêu nguyên nhân")


@pytest.mark.parametrize(
    ("reporting", "since", "words"),
    [
        ("never", None, "chưa có số liệu"),
        ("old", date(2024, 3, 4), "đang dùng số liệu cũ (từ 04/03/2024)"),
        ("lacking", None, "còn thiếu số liệu của một số chỉ số"),
    ],
)
def test_silence_is_told_by_what_is_in_use_in_its_place(reporting, since, words):
    assert prose.how_silent(Silent("district", reporting, since, ()), "vi") == words


@pytest.mark.parametrize(
    ("language", "said"), [("vi", "chỉ tiêu tự đăng ký 60%"), ("en", "target registered itself: 60%")]
)
def test_unit_that_is_short_of_a_target_it_registered_itself_is_named_with_it(language, said):
    own = line(unit="H1", name="UBND huyện Một", origin="registered", target=60.0, gap=12.9, cases_missing=1_290)

    assert said in prose.named([own], CAMPAIGN, language)
    assert said not in prose.named([line(unit="H2", name="UBND huyện Hai")], CAMPAIGN, language)
