"""What waits for the office to decide: one line of each kind, wherever it is told."""

from datetime import date

import pytest

from models.readings.records import TaskRecord
from models.targets.causes import Explanation, state_cause
from models.targets.checks import Dispute, request_check
from models.tasks.actions import give_task, report_on_task
from models.tasks.dated import Decision, Open, find_open
from tests.models.accounts_world import by, people
from tests.models.conftest import day


@pytest.fixture
def world(small):
    return people(small)


def test_office_decides_disputes_causes_and_reports_and_is_told_what_is_late(world):
    world.small.load(("H1", "online", "8/3", 30, 100), when="8/3 18:00")
    dispute = Dispute(unit="H1", indicator="online", evidence="Sổ ghi 60", deadline=day("11/3"))
    cause = Explanation("H1", "online", "staff", "Thiếu người", "Tuyển thêm", "Chủ tịch", day("20/3"), day("15/3"))
    head = by("truong.h1", "", "9/3 08:00")
    world.small.changed(request_check, dispute, context=head)
    world.small.changed(state_cause, cause, context=head)
    for _ in range(2):
        task = TaskRecord("H1", "Số hóa", "Văn phòng", day("20/3"))
        given = world.small.changed(give_task, task, context=by("dieuphoi", "x", "9/3 08:00"))
    said = {"progress": "xong", "evidence": "BC 1", "is_done": True, "seen_version": 1}
    world.small.changed(report_on_task, given, **said, context=head)

    waiting = world.small.asked(find_open)
    unit = ("UBND huyện Một",)

    assert waiting.decisions(day("12/3")) == [
        Decision("check", 1, 1, unit), Decision("cause", 1, 0, unit), Decision("report", 1, 0, unit),
    ]  # fmt: skip
    assert [each.kind for each in waiting.decisions(day("16/3"))] == ["check", "report"]


def test_rows_of_files_wait_and_nothing_else_is_named():
    assert Open((), (), None, rows=12).decisions(date(2024, 3, 8)) == [Decision("row", 12)]
    assert Open((), (), None).decisions(date(2024, 3, 8)) == []
