"""Results of the year before: as they were first reported, and as they are now with where they come from."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from models.results.inputs import baseline_points
from models.tables import Baseline, CentralTarget, UnitRow


@dataclass(frozen=True)
class BaselineInForce:
    """A unit's result of the year before as it was reported: points, where it comes from, what was said of it."""

    value: Decimal
    is_simulated: bool
    said: str


def newest_baselines(
    session: Session, year: int, *, known_at: datetime | None = None
) -> dict[tuple[int, str], Baseline]:
    """The newest version of each baseline by unit id and indicator, or the newest that was known at a moment."""
    statement = select(Baseline).where(Baseline.year == year).order_by(col(Baseline.version))
    if known_at is not None:
        statement = statement.where(Baseline.recorded_at <= known_at)
    return {(row.unit_id, row.indicator): row for row in session.exec(statement)}


def newest_central(
    session: Session, year: int, *, known_at: datetime | None = None
) -> dict[tuple[str, str], CentralTarget]:
    """The newest version of each central target by indicator and level, or the newest known at a moment."""
    statement = select(CentralTarget).where(CentralTarget.year == year).order_by(col(CentralTarget.version))
    if known_at is not None:
        statement = statement.where(CentralTarget.recorded_at <= known_at)
    return {(row.indicator, row.level): row for row in session.exec(statement)}


def find_baselines(
    session: Session, *, year: int, indicator: str | None = None, unit: str | None = None
) -> dict[tuple[str, str], BaselineInForce]:
    """The newest version of each baseline by unit and indicator, of one indicator or unit where that is asked."""
    statement = (
        select(Baseline, UnitRow.code)
        .join(UnitRow, col(UnitRow.id) == col(Baseline.unit_id))
        .where(Baseline.year == year)
        .order_by(col(Baseline.version))
    )
    if indicator is not None:
        statement = statement.where(Baseline.indicator == indicator)
    if unit is not None:
        statement = statement.where(UnitRow.code == unit)
    newest = {(code, row.indicator): row for row, code in session.exec(statement)}
    return {
        place: BaselineInForce(points, row.simulated, row.source_note)
        for place, row in newest.items()
        if (points := baseline_points(row)) is not None
    }


def find_first_baselines(session: Session, *, year: int) -> dict[tuple[str, str], float]:
    """Points by unit code and indicator: each pair's first version, from which a simulation always starts."""
    rows = session.exec(
        select(Baseline, UnitRow.code)
        .join(UnitRow, col(UnitRow.id) == col(Baseline.unit_id))
        .where(Baseline.year == year)
        .order_by(col(Baseline.version).desc())
    )
    return {
        (code, baseline.indicator): float(points)
        for baseline, code in rows
        if (points := baseline_points(baseline)) is not None
    }
