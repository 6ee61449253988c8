"""Who has told, and what waits for the office, in words."""

import pytest

from jobs.wording.reporting import what_waits, what_waits_of_whom
from models.tasks.dated import Decision


@pytest.mark.parametrize(
    ("decision", "line", "whole"),
    [
        (Decision("row", 1200), "1.200 dòng tệp bị từ chối chờ xử lý", "1.200 dòng tệp bị từ chối chờ xử lý"),
        (
            Decision("check", 2, 1, ("UBND huyện Một", "Sở Hai")),
            "2 đề nghị rà soát số liệu (1 quá hạn)",
            "2 đề nghị rà soát số liệu (1 quá hạn): huyện Một, Sở Hai",
        ),
        (
            Decision("cause", 5, 0, ("A", "B", "C", "D", "E")),
            "5 nguyên nhân chờ xác nhận",
            "5 nguyên nhân chờ xác nhận: A, B, C và 2 đơn vị khác",
        ),
    ],
)
def test_line_says_how_many_how_late_and_of_whom(decision, line, whole):
    assert what_waits(decision, "vi") == line
    assert what_waits_of_whom(decision, "vi") == whole
