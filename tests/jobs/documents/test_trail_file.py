"""The audit trail as CSV."""

import csv
import io
from datetime import UTC, datetime

from jobs.documents.trail_file import trail_csv
from models.core.trail import TrailEntry


def entry(**other):
    result = {
        "id": 1, "at": datetime(2024, 5, 7, 1, 30, tzinfo=UTC), "by": "dieuphoi", "role": "coordinator",
        "origin": "a page", "action": "issue_targets", "subject": "50-day", "old": None, "new": {"issued": 258},
        "reason": "Kế hoạch", "document": "629/KH-UBND",
    } | other  # fmt: skip
    return TrailEntry(**result)


def rows(content, delimiter=";"):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


def test_entry_says_who_did_what_when_by_the_clock_of_vietnam_and_why():
    head, row = rows(trail_csv([entry()], action_names={"issue_targets": "Giao chỉ tiêu"}, language="vi"))

    assert head[:4] == ["Thời điểm", "Người thực hiện", "Vai trò", "Việc"]
    assert row == [
        "2024-05-07 08:30:00", "dieuphoi", "coordinator", "Giao chỉ tiêu", "50-day", "", '{"issued": 258}', "Kế hoạch",
        "629/KH-UBND", "a page",
    ]  # fmt: skip


def test_text_of_people_is_never_a_formula():
    _, row = rows(trail_csv([entry(reason="=HYPERLINK(1)", subject="@sum")], action_names={}, language="en"), ",")

    assert (row[4], row[7]) == ("'@sum", "'=HYPERLINK(1)")


def test_action_without_a_name_keeps_its_own():
    _, row = rows(trail_csv([entry()], action_names={}, language="vi"))

    assert row[3] == "issue_targets"
