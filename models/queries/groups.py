"""How many units stand where, level by level, for each indicator."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.inputs import load_campaign
from models.queries.standing import find_standing, is_kept
from models.tables import StandingRow, UnitRow


@dataclass(frozen=True)
class StandingCount:
    """So many units of a level have one standing on one indicator."""

    level: str
    indicator: str
    standing: str
    units: int


def find_standing_counts(session: Session, *, as_of: date, phase: str | None = None) -> list[StandingCount]:
    """The counts of all levels that are listed as groups. Those of a level add up to its units on that day."""
    campaign = load_campaign(session)
    listed = {level.key for level in campaign.levels if level.group is not None}
    if phase is None and is_kept(session, campaign, as_of):
        statement = (
            select_columns(col(UnitRow.level), col(StandingRow.indicator), col(StandingRow.standing), func.count())
            .join(UnitRow, col(UnitRow.id) == col(StandingRow.unit_id))
            .where(col(StandingRow.day) == as_of, col(UnitRow.level).in_(listed))
            .group_by(col(UnitRow.level), col(StandingRow.indicator), col(StandingRow.standing))
        )
        counted = {
            (level, indicator, word): units for level, indicator, word, units in session.connection().execute(statement)
        }
    else:
        counted = Counter(
            (result.level, result.indicator, result.standing)
            for result in find_standing(session, as_of=as_of, phase=phase)
            if result.level in listed
        )
    return [
        StandingCount(level=level, indicator=indicator, standing=word, units=units)
        for (level, indicator, word), units in sorted(counted.items())
    ]
