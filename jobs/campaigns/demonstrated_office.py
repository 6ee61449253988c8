"""What an office does in a demonstration: heads, targets issued, causes, a dispute, tasks, two meetings, a third ahead.

So that every page shows on the first day what it is for. Names of people are placeholders, documents are the
demonstration's own, and all of it is simulated, as the store says of itself on every page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from jobs.campaigns.demonstration import evening_of, rehearsal_instant
from models.core.audit import ChangeContext
from models.meetings.actions import Conclusion, announce_figures, freeze_figures, record_conclusion
from models.readings.records import TaskRecord
from models.results.standing import find_standing
from models.tables import Cause, UnitRow
from models.targets.actions import NothingToIssue, issue_targets
from models.targets.causes import Explanation, decide_cause, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Registration, register_target
from models.tasks.actions import confirm_task, give_task, report_on_task
from models.units.actions import record_units
from models.units.queries import find_heads
from targets.findings import by_dossiers, is_short
from targets.results import Result
from targets.values import Campaign, Unit

HEADS = (
    "Nguyễn Văn A", "Trần Thị B", "Lê Văn C", "Phạm Thị D", "Hoàng Văn E", "Siu H", "Rơ Châm K", "Đặng Thị L",
)  # fmt: skip
"""Placeholders, which cannot be taken for a person's name."""
DOCUMENT, CONCLUSIONS = "01/QĐ-MH", "02/TB-MH"
CAUSES = (
    ("staff", "Bộ phận một cửa thiếu người hướng dẫn nộp trực tuyến", "Cử thêm hai người hướng dẫn mỗi buổi", False),
    ("ministry_software", "Phần mềm của bộ chưa đồng bộ với hệ thống dùng chung", "Đề nghị bộ kết nối lại", True),
    ("citizens", "Người dân quen nộp trực tiếp", "Mở điểm hỗ trợ tại nhà văn hóa", False),
    ("synchronisation", "Hồ sơ đất đai chưa nối với cổng dịch vụ công", "Nối phần mềm trong tháng này", False),
    ("staff", "Chưa có máy quét tại bộ phận một cửa", "Mua hai máy quét", False),
)  # fmt: skip
"""What the units that lack most state: kind, cause, what is done, and whether the office confirmed it."""
TASKS = (
    "Mở điểm hỗ trợ nộp hồ sơ trực tuyến tại cơ sở",
    "Hướng dẫn tổ chức, cá nhân nộp hồ sơ cấp phép trực tuyến",
    "Thống nhất cách thu phí trực tuyến với ngân hàng",
    "Rà soát hồ sơ tồn, ưu tiên lĩnh vực đất đai",
    "Báo cáo việc trả kết quả ngoài hệ thống",
)


@dataclass(frozen=True)
class DemonstratedOffice:
    """An office at work in the store of a demonstration, up to the day that the demonstration stands at."""

    session: Session
    campaign: Campaign
    by: str

    @property
    def today(self) -> date:
        return rehearsal_instant(self.campaign).date()

    def before_the_first_day(self) -> None:
        """Heads by name, and the first phase's targets issued, where there is anything to issue."""
        context = self._on(self.campaign.baseline_day, document=DOCUMENT)
        unnamed = select(UnitRow).where(col(UnitRow.head_name).is_(None)).order_by(col(UnitRow.position))
        named = [
            Unit(row.code, row.level, row.name, None, head_name=HEADS[number % len(HEADS)])
            for number, row in enumerate(self.session.exec(unnamed))
        ]
        record_units(self.session, named, is_whole=False, context=context)
        try:
            issue_targets(
                self.session, phase=self.campaign.phases[0].key, document=DOCUMENT,
                document_date=self.campaign.baseline_day, context=context,
            )  # fmt: skip
        except NothingToIssue:
            return  # the centre's targets are not known yet

    def until_today(self) -> None:
        """Causes, a dispute, a registration, tasks in every state, two meetings held and the next one announced."""
        first, second = self.today - timedelta(days=8), self.today - timedelta(days=1)
        lacking = self._lacking(first)
        if len(lacking) < len(TASKS):
            return
        self._state_causes(lacking, first, second)
        self._hold_meetings(lacking, first, second)
        disputed = lacking[-1]
        evidence = "Báo cáo của đơn vị: 12 hồ sơ nộp trực tuyến chưa được đồng bộ"
        dispute = Dispute(disputed.unit, disputed.indicator, evidence, self.today + timedelta(days=2))
        request_check(self.session, dispute, context=self._on(self.today))
        self._register(second)

    def _lacking(self, day: date) -> list[Result]:
        """The units with others below them, else those of the lowest level, that lack most of the main indicator."""
        rows = find_standing(self.session, as_of=day, indicator=self.campaign.main)
        lowest = self.campaign.levels[-1].key
        level = next((level.key for level in self.campaign.levels if level.default_scope == "below"
                      and level.group is not None), lowest)  # fmt: skip
        return sorted((row for row in rows if row.level == level and is_short(row)), key=by_dossiers)

    def _state_causes(self, lacking: Sequence[Result], stated: date, decided: date) -> None:
        until, doers = self.today + timedelta(days=10), self._doers(lacking)
        for row, (category, cause, action, is_confirmed) in zip(lacking, CAUSES, strict=False):
            said = Explanation(row.unit, row.indicator, category, cause, action, doers[row.unit], until)
            number = state_cause(self.session, said, context=self._on(stated))
            if is_confirmed:
                seen = self.session.get_one(Cause, number).version_id
                decide_cause(
                    self.session, number, is_confirmed=True, seen_version=seen, context=self._on(decided)
                )  # fmt: skip

    def _hold_meetings(self, lacking: Sequence[Result], first: date, second: date) -> None:
        """One task is late, one said to be done, one confirmed as done, the others lie ahead."""
        session, main, doers = self.session, self.campaign.main, self._doers(lacking)
        held = freeze_figures(session, as_of=first, title=f"Giao ban tuần {self._week(first)}", context=self._on(first))
        slide, due = f"indicator.{main}", (first + timedelta(days=4), self.today + timedelta(days=3), second)
        late, shown, done = (
            give_task(
                session,
                TaskRecord(
                    row.unit,
                    what,
                    doers[row.unit],
                    day,
                    indicator=main,
                    document=CONCLUSIONS,
                    snapshot=held,
                    slide=slide,
                ),
                context=self._on(first, document=CONCLUSIONS),
            )
            for row, what, day in zip(lacking, TASKS, due, strict=False)
        )
        begun, reported = self._on(first + timedelta(days=3)), self._on(first + timedelta(days=4))
        report_on_task(session, late, progress="Đã mở 3 trên 12 điểm hỗ trợ", seen_version=1, context=begun)
        for task, progress in ((shown, "Đã hướng dẫn 17 phòng khám"), (done, "Đã thống nhất với ba ngân hàng")):
            report_on_task(
                session, task, progress=progress, evidence="03/BC-MH", is_done=True, seen_version=1, context=reported
            )  # fmt: skip
        confirm_task(session, done, is_done=True, seen_version=2, context=self._on(first + timedelta(days=5)))
        held = freeze_figures(
            session, as_of=second, title=f"Giao ban tuần {self._week(second)}", context=self._on(second)
        )
        for row, what in zip(lacking[3:], TASKS[3:], strict=False):
            given = TaskRecord(
                row.unit, what, doers[row.unit], self.today + timedelta(days=10), snapshot=held, slide="province"
            )
            give_task(session, given, context=self._on(second))
        root = select(UnitRow.name).where(UnitRow.code == self.campaign.province)
        concluded = Conclusion(
            "Đơn vị chưa đạt mốc báo cáo nguyên nhân bằng văn bản", snapshot=held, slide="province",
            who=self.session.exec(root).one(), due=self.today + timedelta(days=6),
        )  # fmt: skip
        record_conclusion(session, concluded, context=self._on(second))
        deadline = self.today + timedelta(days=2)
        title = f"Giao ban tuần {self._week(second) + 1}"
        announce_figures(session, as_of=self.today, deadline=deadline, title=title, context=self._on(self.today))

    def _doers(self, rows: Sequence[Result]) -> dict[str, str]:
        """Who does what each unit is asked for: its head where it has one, else the unit."""
        heads = find_heads(self.session, [row.unit for row in rows])
        return {row.unit: heads[row.unit].name or row.name for row in rows}

    def _week(self, day: date) -> int:
        """The week of the campaign that a day lies in."""
        return (self.campaign.day_number(day) + 6) // 7

    def _register(self, day: date) -> None:
        """A unit that asks for less than it was issued waits for the office."""
        main, phase = self.campaign.main, self.campaign.phases[0].key
        row = self._lacking(day)[-1]
        if row.target is not None and row.target > 5:
            less = Registration(
                row.unit, main, phase, Decimal(str(row.target)) + (5 if row.lower_is_better else -5), "12/KH-UBND", day
            )
            register_target(self.session, less, context=self._on(day))

    def _on(self, day: date, *, document: str = "") -> ChangeContext:
        return ChangeContext(
            by=self.by, reason="demonstration: simulated figures", now=evening_of(day), document=document
        )  # fmt: skip
