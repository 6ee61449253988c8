"""Results of the year before, as they were first told."""

from sqlmodel import Session, col, select

from models.inputs import baseline_points
from models.tables import Baseline, UnitRow


def find_first_baselines(session: Session, *, year: int) -> dict[tuple[str, str], float]:
    """Points by unit code and indicator: each pair's first version, which a simulation goes on from for good."""
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
