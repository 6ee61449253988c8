"""Which units two sources tell differently: a sign of figures that do not reach each other, all units at once."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.inputs import load_campaign
from models.tables import Reading, Series, SourceRow, UnitRow

FORTNIGHT = timedelta(days=14)


@dataclass(frozen=True)
class DisagreeingUnit:
    """A unit of which two sources differ by more than `disagreement_points`, and on which indicators."""

    code: str
    name: str
    indicators: tuple[str, ...]


def find_disagreeing_units(session: Session, *, as_of: date) -> list[DisagreeingUnit]:
    """The units where, on the newest day of the last fortnight that two sources both told, they differ too much.

    Only like is held against like: the indicator's declared basis, the level's default scope. The governing source of
    an indicator is the first in its list that told anything, as everywhere.
    """
    campaign = load_campaign(session)
    indicators = {indicator.key: indicator for indicator in campaign.indicators}
    scopes = {level.key: level.default_scope for level in campaign.levels}
    told: dict[tuple[str, str], dict[str, dict[date, float]]] = defaultdict(lambda: defaultdict(dict))
    names = {}
    for row in _told_twice(session, as_of):
        indicator = indicators.get(row.indicator)
        rate = _rate(row)
        if indicator is None or rate is None or row.basis != indicator.basis or row.scope != scopes[row.level]:
            continue
        told[row.code, row.indicator][row.source][row.as_of] = rate
        names[row.code] = row.name
    found: dict[str, list[str]] = {}
    for (code, key), of_source in told.items():
        if _differ(of_source, indicators[key].sources, float(campaign.disagreement_points)):
            found.setdefault(code, []).append(key)
    return [DisagreeingUnit(code, names[code], tuple(keys)) for code, keys in found.items()]


def _rate(row: Any) -> float | None:
    if row.numerator is not None and row.denominator:
        return float(100 * row.numerator / row.denominator)
    return row.value if row.denominator is None else None


def _differ(of_source: dict[str, dict[date, float]], order: tuple[str, ...], most: float) -> bool:
    listed = [source for source in order if source in of_source]
    for other in listed[1:]:
        days = of_source[listed[0]].keys() & of_source[other].keys()
        if days and abs(of_source[listed[0]][max(days)] - of_source[other][max(days)]) > most:
            return True
    return False


def _told_twice(session: Session, as_of: date) -> list[Any]:
    """The last fortnight's readings of each unit and indicator that more than one source tells, oldest first.

    Series are few and read first: where every indicator has one source, no reading is looked at.
    """
    sources = defaultdict(set)
    for series, unit, indicator, source in session.connection().execute(
        select_columns(col(Series.id), col(Series.unit_id), col(Series.indicator), col(Series.source_id))
    ):
        sources[unit, indicator].add((source, series))
    twice = {series for pairs in sources.values() if len({source for source, _ in pairs}) > 1 for _, series in pairs}
    if not twice:
        return []
    statement: Any = (
        select_columns(
            col(UnitRow.code), col(UnitRow.name), col(UnitRow.level), col(Series.id), col(Series.indicator),
            col(Series.basis), col(Series.scope), col(SourceRow.key).label("source"),
            col(Reading.as_of), col(Reading.numerator), col(Reading.denominator), col(Reading.value),
        )
        .join(Series, col(Series.id) == col(Reading.series_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .where(col(Reading.as_of).between(as_of - FORTNIGHT, as_of))
        .order_by(col(UnitRow.position), col(UnitRow.id), col(Reading.as_of), col(Reading.revision))
    )  # fmt: skip
    return [row for row in session.connection().execute(statement) if row.id in twice]
