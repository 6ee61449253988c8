"""What whoever answers for a unit has to do today: each thing with its day and the way to where it is done."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from models.core.settings import TIMEZONE
from models.meetings.snapshots import Announced
from models.targets.agreements import Agreement
from models.tasks.queries import TaskRow
from pages.unit.today import duties
from tests.pages import unit_world
from tests.pages.unit_world import DAY, version

MOMENT = datetime(2024, 4, 18, 8, tzinfo=TIMEZONE)


@pytest.fixture
def told(campaign, lines):
    """What is told of a district of which nothing is behind, all figures are there and no target was issued."""
    calm = tuple(replace(line, standing="likely", reading_as_of=DAY) for line in lines)

    def duties_of(*, requests=(), tasks=(), announced=None, language="vi", **changes):
        unit = unit_world.known(campaign, calm, **changes)
        return duties(unit, requests=requests, tasks=tasks, announced=announced, language=language)

    return duties_of


def agreement(kind, state, **known):
    got = {
        "id": 1, "version": 1, "unit": "H21.58", "unit_name": "", "indicator": "online", "phase": None, "text": "",
        "by": "x", "at": MOMENT,
    } | known  # fmt: skip
    return Agreement(kind=kind, state=state, **got)


def task(due, **known):
    got = {
        "id": 7, "kind": "task", "unit": "H21.58", "unit_name": "", "level": "district", "what": "Số hóa hồ sơ cũ",
        "finding": "", "who": "", "due": due, "indicator": "", "document": "", "number": "", "snapshot": None,
        "snapshot_title": "", "slide": "", "progress": "", "state": "open", "simulated": False, "by": "x", "at": MOMENT,
        "decided_by": None, "decided_at": None, "decided_reason": None, "version": 1,
    } | known  # fmt: skip
    return TaskRow(**got)


def test_calm_unit_has_nothing_to_do(told):
    assert told() == ()


def test_questions_tasks_and_figures_to_be_frozen_stand_by_their_days(told):
    question = agreement("question", "open", deadline=date(2024, 4, 19))
    announced = Announced(1, "Giao ban", date(2024, 4, 20), date(2024, 4, 22), "open", "x", MOMENT, None, 1)

    found = told(requests=(question,), tasks=(task(date(2024, 4, 21)),), announced=announced)

    assert [(duty.words, duty.due, duty.is_late) for duty in found] == [
        ("Giải trình Tỷ lệ hồ sơ trực tuyến theo đề nghị", date(2024, 4, 19), True),
        ("Nhiệm vụ: Số hóa hồ sơ cũ", date(2024, 4, 21), False),
        ("Kiểm tra số liệu ngày 20/04/2024 sắp chốt cho cuộc họp", date(2024, 4, 22), False),
    ]
    assert [(duty.address, duty.wanted) for duty in found] == [
        ("unit", {"tab": "requests", "indicator": "online"}), ("tasks", {"task": "7"}), ("unit", {"tab": "requests"}),
    ]  # fmt: skip


def test_task_that_is_far_off_is_nothing_for_today(told):
    assert told(tasks=(task(date(2024, 6, 1)), task(None))) == ()


@pytest.mark.parametrize(
    ("cause", "is_silent"),
    [
        ((), True),
        ((agreement("cause", "stated"),), False),
        ((agreement("cause", "confirmed", deadline=DAY),), False),
        ((agreement("cause", "confirmed", deadline=date(2024, 4, 1)),), True),
        ((agreement("cause", "ended"),), True),
    ],
)
def test_indicator_that_is_behind_asks_for_a_cause_until_one_is_in_force(told, lines, cause, is_silent):
    rows = tuple(replace(line, standing="unlikely" if line.indicator == "online" else "met") for line in lines)

    found = [duty for duty in told(rows=rows, requests=cause) if "nguyên nhân" in duty.words]

    assert bool(found) is is_silent
    assert all(duty.wanted == {"tab": "requests", "indicator": "online"} for duty in found)


def test_figures_that_no_longer_come_are_asked_for(told, lines):
    rows = tuple(replace(line, standing="stale" if line.indicator == "online" else "met") for line in lines)

    assert [duty.words for duty in told(rows=rows)] == ["Gửi số liệu mới: Tỷ lệ hồ sơ trực tuyến"]


def test_figures_of_a_sum_are_asked_of_those_below(told, lines):
    rows = tuple(replace(line, standing="stale", is_pooled=True) for line in lines)

    assert told(rows=rows) == ()


def test_nothing_better_than_the_best_is_asked_for(told):
    assert told(versions=(version("online", "100", origin="issued"),)) == ()


def test_higher_target_may_be_registered_once_one_was_issued_and_while_none_waits(told):
    versions = (version("online", origin="issued"), version("payment"))
    waiting = agreement("registration", "requested", phase="50-day")

    assert [duty.words for duty in told(versions=versions)] == [
        "Có thể đăng ký chỉ tiêu tốt hơn mức giao: Tỷ lệ hồ sơ trực tuyến"
    ]
    assert [duty.words for duty in told(versions=versions, requests=(waiting,))] == [
        "Đang chờ cơ quan điều phối trả lời: 1 nội dung"
    ]
