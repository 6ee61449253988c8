"""A unit's story in the words of an office: one line for one action, the file's as the page's."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from jobs.documents.trail_file import story_csv
from jobs.wording.story import SHOWN_CHANGES, story_lines
from models.core.settings import TIMEZONE
from models.core.texts import LANGUAGES
from models.readings.arrivals import Arrival
from models.units.queries import OfficialScore
from models.units.story import DatesChange, FigureChange, ScoreChange, StoryEntry, TargetChange, TaskChange
from tests.models.conftest import small_campaign

AT = datetime(2024, 3, 8, 8, 5, tzinfo=TIMEZONE)
ARRIVED = Arrival("online", "igate", date(2024, 3, 8), 1, AT, 30, 100, None, None, "campaign", "own")
SCORE = OfficialScore(
    None, "igate", "year", date(2024, 1, 1), date(2024, 12, 31), date(2024, 3, 8), Decimal("80.5"), Decimal(100), 9,
    63, "cả nước",
)  # fmt: skip
LONG = "Cục_Quản_lý_giấy_phép_liên_thông"


def line(language="vi", most=SHOWN_CHANGES, **shown):
    entry = StoryEntry(**({"at": AT, "by": "lan", "role": "coordinator", "action": "issue_targets"} | shown))
    [said] = story_lines([entry], small_campaign(), names={"lan": "Trần Lan"}, language=language, most=most)
    return said


def test_line_says_when_who_by_name_what_why_and_under_which_document_of_which_day():
    said = line(
        changes=(TargetChange("online", "second", Decimal(50), Decimal(60)),), reason="theo kế hoạch",
        document="01/QĐ", document_date=date(2024, 3, 7),
    )  # fmt: skip

    assert said.cells == (
        "08/03/2024 08:05", "Trần Lan (cán bộ điều phối)", "Giao chỉ tiêu", "second: online 50% → 60%", "theo kế hoạch",
        "01/QĐ ngày 07/03/2024",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ({"changes": (TargetChange("online", "second", Decimal(60), Decimal(60)),)}, "second: online 60%"),
        ({"changes": (TargetChange("online", "second", Decimal(60), None),)}, "second: online 60% → –"),
        (
            {"changes": (TargetChange("online", "", None, Decimal("40.3"), is_simulated=True),)},
            "Kết quả năm 2023: online 40,3% minh họa",
        ),
        (
            {"changes": (TargetChange("online", "second", Decimal(60), Decimal(55)),), "new": {"state": "requested"}},
            "second: online 60% → 55%; chờ phê duyệt",
        ),
        (
            {"changes": (FigureChange(ARRIVED, replace(ARRIVED, revision=2, numerator=35)),)},
            "ngày 08/03/2024 (igate): online 30,0% (30/100 cases) → 35,0% (35/100 cases)",
        ),
        (
            {"changes": (ScoreChange(SCORE, replace(SCORE, points=Decimal(82), max_points=None, rank_of=None)),)},
            "ngày 08/03/2024 (igate): Tổng điểm năm 2024 80,5/100 điểm, hạng 9/63 (cả nước) → 82 điểm, "
            "hạng 9 (cả nước)",
        ),
        ({"changes": (DatesChange("first", date(2024, 3, 5), None),)}, "first: 05/03/2024 – —"),
        (
            {"changes": (TaskChange("Số hóa", "", date(2024, 3, 20)), TaskChange("Niêm yết", "Văn phòng", None))},
            "Số hóa (—, hạn 20/03/2024); Niêm yết (Văn phòng, hạn —)",
        ),
        (
            {"new": {"cause": 7, "category": "staff", "state": "confirmed", "due": "2024-03-20"}},
            "nhóm nguyên nhân: Cán bộ thực hiện; tình trạng: đã xác nhận; thời hạn: 20/03/2024",
        ),
    ],
)
def test_change_is_told_as_old_and_new(shown, said):
    assert line(**shown).change == said


def test_action_names_what_it_is_about_unless_its_changes_do():
    about = {"action": "confirm_cause", "indicator": "online", "phase": "second"}

    assert line(**about).action == "Xác nhận nguyên nhân: online, second"
    assert line(**about, changes=(DatesChange("first", AT.date(), None),)).action == "Xác nhận nguyên nhân"
    assert line(action="load_readings", subject="tuan-7.xlsx").action == "Nhập số liệu: tuan-7.xlsx"


def test_page_counts_what_the_file_has_whole():
    changes = tuple(TaskChange(f"việc {number}", "", None) for number in range(SHOWN_CHANGES + 3))

    assert line(changes=changes).change.endswith("và 3 thay đổi khác, có đủ trong tệp tải về")
    assert f"việc {SHOWN_CHANGES + 2} " in line(changes=changes, most=None).change
    assert LONG not in line(new={"evidence": LONG}).change
    assert LONG in line(new={"evidence": LONG}, most=None).change


def test_targets_stand_in_the_campaigns_order_by_phase():
    changes = tuple(
        TargetChange(indicator, phase, None, Decimal(60))
        for phase, indicator in (("second", "payment"), ("first", "online"), ("second", "online"))
    )

    assert line(changes=changes).change == "first: online 60%; second: online 60%, payment 60%"


@pytest.mark.parametrize("language", LANGUAGES)
def test_file_holds_the_same_lines_and_no_formula(language):
    said = line(language, reason="=1+1")

    heads, cells = story_csv([said], language).decode("utf-8-sig").splitlines()

    assert len(heads.split(";" if language == "vi" else ",")) == len(said.cells)
    assert said.action in cells
    assert "=1+1" in cells
    assert not {cell for cell in cells.replace(",", ";").split(";") if cell.startswith("=")}
