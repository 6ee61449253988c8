"""Two meetings with what they gave, as an office holds them: frozen, concluded, reported on, the next one announced."""

from dataclasses import replace
from datetime import date

from sqlmodel import Session

from jobs.campaigns.demonstration import evening_of
from models.core.audit import ChangeContext
from models.meetings.actions import Conclusion, announce_figures, freeze_figures, record_conclusion
from models.readings.records import TaskRecord
from models.tasks.actions import confirm_task, give_task, report_on_task

FIRST, SECOND, NEXT = date(2024, 4, 29), date(2024, 5, 6), date(2024, 5, 7)
"""Whose evening's figures were frozen, and whose are announced."""
TASKS_OF_THE_FIRST = (
    TaskRecord(
        "H21.58", "Mở điểm hỗ trợ nộp hồ sơ trực tuyến tại 12 xã, thị trấn", "Chủ tịch UBND huyện", date(2024, 5, 3),
        indicator="online", document="TB 87/TB-UBND", slide="indicator.online",
    ),
    TaskRecord(
        "SYT", "Hướng dẫn phòng khám nộp hồ sơ cấp phép trực tuyến", "Giám đốc Sở", date(2024, 5, 10),
        indicator="online", document="TB 87/TB-UBND", slide="indicator.online",
    ),
    TaskRecord(
        "SGTVT", "Thống nhất cách thu phí trực tuyến với ngân hàng", "Giám đốc Sở", date(2024, 5, 6),
        indicator="payment", document="TB 87/TB-UBND", slide="indicator.payment",
    ),
)  # fmt: skip
TASKS_OF_THE_SECOND = (
    TaskRecord(
        "H21.54", "Số hóa hồ sơ tồn của quý I, ưu tiên lĩnh vực đất đai", "Chủ tịch UBND huyện", date(2024, 5, 17),
        document="TB 92/TB-UBND", slide="province",
    ),
    TaskRecord(
        "SCT", "Khắc phục việc trả kết quả ngoài hệ thống", "Giám đốc Sở", date(2024, 5, 10),
        finding="6 trên 40 hồ sơ được kiểm tra trả kết quả ngoài hệ thống", document="BB 12/BB-KT",
    ),
)  # fmt: skip


def hold_meetings(session: Session) -> None:
    """Both meetings: one task is late, one said to be done, one confirmed as done, the others lie ahead."""
    held = freeze_figures(session, as_of=FIRST, title="Giao ban tuần 6", context=_context(FIRST))
    late, shown, done = (
        give_task(session, replace(task, snapshot=held), context=_context(FIRST)) for task in TASKS_OF_THE_FIRST
    )
    begun = _context(date(2024, 5, 2))
    report_on_task(session, late, progress="Đã mở 3 trên 12 điểm hỗ trợ", seen_version=1, context=begun)
    for task, progress, evidence in (
        (shown, "Đã hướng dẫn 17 phòng khám", "Báo cáo 41/BC-SYT"),
        (done, "Đã thống nhất với ba ngân hàng", "Biên bản họp ngày 03/05"),
    ):
        report_on_task(
            session, task, progress=progress, evidence=evidence, is_done=True, seen_version=1,
            context=_context(date(2024, 5, 3)),
        )  # fmt: skip
    confirm_task(session, done, is_done=True, seen_version=2, context=_context(date(2024, 5, 4)))
    held = freeze_figures(session, as_of=SECOND, title="Giao ban tuần 7", context=_context(SECOND))
    for given in TASKS_OF_THE_SECOND:
        give_task(session, replace(given, snapshot=held), context=_context(SECOND))
    concluded = Conclusion(
        "Đơn vị chưa đạt mốc 50 ngày báo cáo nguyên nhân bằng văn bản", snapshot=held, slide="province",
        who="Văn phòng UBND tỉnh", due=date(2024, 5, 13),
    )  # fmt: skip
    record_conclusion(session, concluded, context=_context(SECOND))
    announce_figures(
        session, as_of=NEXT, deadline=date(2024, 5, 9), title="Giao ban mốc 50 ngày", context=_context(NEXT)
    )


def _context(day: date) -> ChangeContext:
    return ChangeContext(by="system:pictures", reason="pictures", now=evening_of(day))
