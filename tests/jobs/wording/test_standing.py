"""A row's standing in words: what must stand beside it, and why it may differ from what its path says."""

import dataclasses
import re
from datetime import date

import pytest

from jobs.wording.results import reason, standing_of, why_otherwise
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS
from targets.results import Result

LANGUAGES = ("vi", "en")


def row(standing: str = "unlikely", **known) -> Result:
    blank = {field.name: None for field in dataclasses.fields(Result) if field.default is dataclasses.MISSING}
    return Result(
        **blank
        | {
            "unit": "H1", "name": "Huyện", "indicator": "online", "as_of": date(2024, 4, 20), "due": date(2024, 5, 10),
            "value": 48.0, "target": 50.0, "ahead": 1.5, "by": "probability", "standing": standing, "days_left": 10,
        }
        | known
    )  # fmt: skip


def test_what_is_out_of_reach_is_told_with_the_best_still_to_be_had_and_never_up_to_the_target():
    known = {"standing": "out_of_reach", "by": None}

    assert standing_of(row(**known, attainable=49.97), "vi") == "Không còn khả năng đạt, cao nhất còn có thể 49,9%"
    assert standing_of(row(**known), "vi") == "Không còn khả năng đạt"
    assert "49.9%" in standing_of(row(**known, attainable=49.97), "en")


LOW_PACE = {"pace": 0.4, "needed_pace": 1.0}
WHY = [
    ({**LOW_PACE}, "vượt lộ trình 1,5 điểm phần trăm nhưng mức tăng gần đây +0,4 điểm phần trăm/tuần không đủ cho 2,0"),
    ({**LOW_PACE, "ahead": 0.0}, "đúng lộ trình nhưng mức tăng gần đây"),
    (
        {"pace": 2.0, "needed_pace": 1.0, "week_value": 40.0, "share_needed": 70.2},
        "nhưng tuần này 40,0%, từ nay cần 71%",
    ),
    ({"pace": 2.0, "needed_pace": 1.0, "projection": 49.0}, "nhưng ước đạt 49,0%"),
    ({"pace": 2.0, "needed_pace": 1.0, "projection": 50.4}, "nhưng các tuần lên xuống thất thường"),
    ({**LOW_PACE, "ahead": -1.5}, ""),
    ({**LOW_PACE, "by": "gap"}, ""),
    ({**LOW_PACE, "ahead": None}, ""),
    ({**LOW_PACE, "standing": "likely"}, ""),
    (
        {"standing": "likely", "ahead": -1.5, "pace": 2.0, "needed_pace": 1.0},
        "chậm lộ trình 1,5 điểm phần trăm nhưng mức tăng gần đây +2,0 điểm phần trăm/tuần đủ cho 2,0",
    ),
    ({"standing": "likely", "ahead": -1.5, "week_value": 80.0, "share_needed": 60.0}, "tuần này 80,0%, từ nay cần 60%"),
    ({"standing": "likely", "ahead": -1.5, "projection": 51.0}, "chậm lộ trình 1,5 điểm phần trăm nhưng ước đạt 51,0%"),
]


@pytest.mark.parametrize(("known", "said"), WHY)
def test_reason_stands_beside_a_standing_that_its_path_does_not_explain(known, said):
    found = why_otherwise(row(**known), "vi")

    assert said in found
    assert bool(found) is bool(said)
    assert bool(why_otherwise(row(**known), "en")) is bool(said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", [known for known, _ in WHY])
def test_reason_names_a_pace_only_where_it_points_the_way_of_the_standing(known, language):
    result = row(**known)

    said = why_otherwise(result, language)

    if re.search(r"mức tăng|pace", said):
        assert (result.pace >= result.needed_pace) is (result.standing == "likely")


@pytest.fixture(scope="module")
def gia_lai():
    return load_campaign_files(CAMPAIGNS / "gia-lai-2024").campaign


SHORT = [
    ({"standing": "no_target", "target": None}, ""),
    ({"standing": "met", "value": 52.1}, "vượt 2,1 điểm"),
    ({"standing": "met", "value": 50.0}, "đúng bằng chỉ tiêu"),
    ({"standing": "likely", "value": 50.0, "is_bound": True}, "số liệu chưa chính xác, chưa thể kết luận đạt"),
    ({"standing": "out_of_reach", "attainable": 49.97}, "cao nhất còn có thể 49,9%"),
    ({"standing": "at_risk", "attainable": 49.0, "share_needed": 130.0}, "cao nhất còn có thể 49,0%"),
    ({"standing": "missed"}, ""),
    ({"standing": "stale", "reading_as_of": date(2024, 4, 12)}, "số liệu ngày 12/04"),
    ({"standing": "no_cases"}, ""),
    ({"ahead": -10.84, "share_needed": 75.0, "week_value": 58.0}, "chậm lộ trình 10,8 điểm"),
    ({"share_needed": 74.2, "week_value": 58.0}, "kịp lộ trình, cần 75%"),
    ({"share_needed": 40.0, "week_value": 58.0, **LOW_PACE}, "kịp lộ trình, cần +1,0/tuần"),
    ({"share_needed": 40.0, "week_value": 58.0, "projection": 49.0}, "kịp lộ trình, ước đạt 49,0%"),
    ({"ahead": 0.01}, "kịp lộ trình, các tuần lên xuống thất thường"),
    ({"standing": "likely", "ahead": -1.5, "projection": 51.0}, "chậm lộ trình 1,5 điểm, ước đạt 51,0%"),
    ({"standing": "likely", "share_needed": 40.0, "week_value": 58.0}, "kịp lộ trình, cần 40%"),
    ({"standing": "likely", "by": "gap"}, "kịp lộ trình"),
    ({"ahead": None, "share_needed": 75.0}, "cần 75%"),
]


@pytest.mark.parametrize(("known", "said"), SHORT)
def test_one_short_reason_stands_beside_a_standing(gia_lai, known, said):
    assert reason(row(**known), gia_lai, "vi") == said
    assert bool(reason(row(**known), gia_lai, "en")) is bool(said)


def test_reason_names_the_centre_only_where_its_target_is_waited_for(gia_lai):
    without = row("no_target", target=None)

    assert reason(without, gia_lai, "vi", waits_for_centre=True) == "chờ chỉ tiêu Trung ương"


def test_reason_in_a_sentence_tells_what_is_needed_of_every_hundred_cases(gia_lai):
    known = row(share_needed=74.2, week_value=58.0)

    assert reason(known, gia_lai, "vi", in_full=True) == (
        "kịp lộ trình nhưng cứ 100 hồ sơ từ nay đến 10/05 phải có 75 hồ sơ tiếp nhận trực tuyến; tuần này mới 58"
    )
