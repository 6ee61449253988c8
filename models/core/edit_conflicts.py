"""What somebody else may have changed since a page was drawn: the later of two people is shown who, when and why."""

from decimal import Decimal

from sqlmodel import Session, col, select

from models.core import formats
from models.core.texts import text
from models.results.inputs import load_campaign
from models.tables import CentralTarget, Target, UnitRow
from models.targets.assigning import newest_mark
from models.targets.registrations import DecisionConflict, changed_meanwhile, decided_meanwhile
from targets.values import Measure


class TargetChanged(DecisionConflict):
    """A target has changed since somebody opened it: what was seen, what it is now, who changed it, when and why."""

    def __init__(self, newest: Target, *, seen: Decimal | None, measure: Measure) -> None:
        # Kept as values: the sentence is made after the transaction and its rows are gone.
        self._by, self._at, self._reason = newest.by, newest.recorded_at, newest.reason
        self._seen, self._now, self._measure = seen, newest.value, measure
        super().__init__(self.sentence("en"), code="target_meanwhile")

    def sentence(self, language: str) -> str:
        """Said with the numbers as the reader writes them."""
        return text(
            "mistake.target_meanwhile",
            language,
            by=self._by,
            when=formats.moment(self._at, language),
            reason=self._reason,
            seen=self._said(self._seen, language),
            now=self._said(self._now, language),
        )

    def _said(self, value: Decimal | None, language: str) -> str:
        return "–" if value is None else formats.decided(value, self._measure, language)


def check_target_seen(
    session: Session, *, unit: str, indicator: str, phase: str, origin: str, seen_version: int
) -> None:
    """Raise TargetChanged where a target of this origin has a newer version than was seen (0: none was).

    It says what was seen, what stands there now, and who changed it when and why.
    """
    statement = (
        select(Target)
        .join(UnitRow, col(UnitRow.id) == col(Target.unit_id))
        .where(UnitRow.code == unit, Target.indicator == indicator, Target.phase == phase, Target.origin == origin)
        .order_by(col(Target.version).desc())
    )
    versions = session.exec(statement).all()
    if not versions or versions[0].version == seen_version:
        return
    seen = next((target.value for target in versions if target.version == seen_version), None)
    raise TargetChanged(versions[0], seen=seen, measure=load_campaign(session).indicator(indicator).measure)


def check_central_seen(session: Session, *, indicator: str, year: int, level: str, seen_version: int) -> None:
    """Raise DecisionConflict where a central target has a newer version than was seen (0: none was)."""
    statement = (
        select(CentralTarget)
        .where(CentralTarget.indicator == indicator, CentralTarget.year == year, CentralTarget.level == level)
        .order_by(col(CentralTarget.version).desc())
    )
    newest = session.exec(statement).first()
    if newest is not None and newest.version != seen_version:
        raise decided_meanwhile(by=newest.by, at=newest.recorded_at, reason=newest.reason)


def check_phase_seen(session: Session, phase: str, *, mark: int) -> None:
    """Raise DecisionConflict where any target of a phase has changed since its issue was foreseen."""
    if newest_mark(session, phase) != mark:
        raise changed_meanwhile()
