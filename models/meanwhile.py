"""What somebody else may have changed since a page was drawn: the later of two is told who, when and why."""

from sqlmodel import Session, col, select

from models.agreeing import DecidedMeanwhile
from models.queries.assigning import newest_mark
from models.settings import TIMEZONE
from models.tables import CentralTarget, Target, UnitRow


def check_target_seen(
    session: Session, *, unit: str, indicator: str, phase: str, origin: str, seen_version: int
) -> None:
    """Raise DecidedMeanwhile where a target of this origin has a newer version than was seen (0: none was)."""
    statement = (
        select(Target)
        .join(UnitRow, col(UnitRow.id) == col(Target.unit_id))
        .where(UnitRow.code == unit, Target.indicator == indicator, Target.phase == phase, Target.origin == origin)
        .order_by(col(Target.version).desc())
    )
    _check(session.exec(statement).first(), seen_version)


def check_central_seen(session: Session, *, indicator: str, year: int, level: str, seen_version: int) -> None:
    """Raise DecidedMeanwhile where a central target has a newer version than was seen (0: none was)."""
    statement = (
        select(CentralTarget)
        .where(CentralTarget.indicator == indicator, CentralTarget.year == year, CentralTarget.level == level)
        .order_by(col(CentralTarget.version).desc())
    )
    _check(session.exec(statement).first(), seen_version)


def check_phase_seen(session: Session, phase: str, *, mark: int) -> None:
    """Raise DecidedMeanwhile where any target of a phase has changed since its issue was foreseen."""
    if newest_mark(session, phase) != mark:
        raise DecidedMeanwhile(
            "It was changed after you opened it. Look at it again, then decide. Nothing was changed by you.",
            code="changed_meanwhile",
        )


def _check(newest: Target | CentralTarget | None, seen_version: int) -> None:
    if newest is None or newest.version == seen_version:
        return
    when = f"{newest.recorded_at.astimezone(TIMEZONE):%d/%m/%Y %H:%M}"
    raise DecidedMeanwhile(
        f"{newest.by} decided it at {when} ({newest.reason}). Nothing was changed by you.",
        code="decided_meanwhile",
        by=newest.by,
        when=when,
        reason=newest.reason,
    )
