"""How figures of a unit arrived: what was revised, and where two sources disagree."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, or_
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from models.core.columns import day_number, day_of
from models.feeds.withdrawn import find_withdrawn, which_count
from models.results.current_readings import sources_in_order
from models.results.inputs import load_campaign, load_units
from models.tables import Reading, ReadingFlag, Run, Series, SourceRow, UnitRow
from targets.errors import UnknownName
from targets.values import PUBLISHED, Measure

TOLD = ("as_of", "revision", "numerator", "denominator", "value", "value_high", "qualifier", "note", "quotation")


@dataclass(frozen=True)
class Arrival:
    """A figure of a unit as it arrived; revision 1 is the first that was reported for its day."""

    indicator: str
    source: str
    as_of: date
    revision: int
    received_at: datetime
    numerator: int | None
    denominator: int | None
    value: float | None
    qualifier: str | None
    basis: str
    scope: str
    note: str | None = None
    quotation: str | None = None
    value_high: float | None = None

    @property
    def precedence(self) -> tuple[bool, int]:
        """Of all that was reported for its day, the highest is in force: `targets.standing.snapshots.precedence`."""
        return self.numerator is not None and self.denominator is not None, self.revision

    @property
    def rate(self) -> float | None:
        """Points: from counts where there are any, otherwise as reported; None where there were no cases."""
        if self.numerator is not None and self.denominator:
            return 100 * self.numerator / self.denominator
        return self.value if self.denominator is None else None

    def figure(self, measure: Measure) -> float | None:
        """The figure in the indicator's measure: its rate, a count, or the average of days."""
        if measure.kind == "count":
            return self.numerator
        if measure.kind == "days" and self.value is not None:
            return self.value
        return self.rate if measure.is_rate else None


@dataclass(frozen=True)
class Flag:
    """Something odd about a figure of a unit, as the checks that run when figures enter said it.

    `kind` is the code of a sentence that `terms` fill, as targets.flags has them.
    """

    indicator: str
    source: str
    as_of: date
    revision: int
    kind: str
    terms: Mapping[str, Any]


@dataclass(frozen=True)
class Disagreement:
    """Two sources report different figures of a unit's indicator for one day, by more than the campaign allows."""

    indicator: str
    as_of: date
    governing: str
    other: str
    governing_value: float
    other_value: float


def find_arrivals(session: Session, unit: str, *, as_of: date, days: int = 14) -> list[Arrival]:
    """Every revision of a unit's figures for the last days, newest day and revision first.

    Of what was published once the newest day counts however long ago it was: it still stands.
    """
    published = [source.key for source in load_campaign(session).sources if source.kind == PUBLISHED]
    other = aliased(Reading)
    newest = select_columns(func.max(col(other.as_of))).where(
        col(other.series_id) == col(Series.id), col(other.as_of) <= as_of, *which_count(session, col(other.run_id))
    )
    is_told = col(Reading.as_of).between(as_of - timedelta(days=days - 1), as_of)
    still_stands = col(SourceRow.key).in_(published) & (col(Reading.as_of) == newest.scalar_subquery())
    reported: list[Any] = [getattr(Reading, name) for name in TOLD]
    statement = (
        select_columns(
            *reported,
            col(Series.indicator),
            col(SourceRow.key).label("source"),
            col(Series.basis),
            col(Series.scope),
            col(Run.received_at),
        )
        .select_from(Reading)
        .join(Series, col(Series.id) == col(Reading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .join(Run, col(Run.id) == col(Reading.run_id))
        .where(col(UnitRow.code) == unit, or_(is_told, still_stands), *which_count(session, col(Reading.run_id)))
        .order_by(col(Reading.as_of).desc(), col(Reading.revision).desc(), col(Series.indicator))
    )
    return [Arrival(**row) for row in session.connection().execute(statement).mappings()]


@dataclass(frozen=True)
class WithdrawnFigure:
    """A figure that counts no more, as the load that brought it was withdrawn."""

    indicator: str
    as_of: date
    numerator: int | None
    denominator: int | None
    value: float | None
    value_high: float | None
    qualifier: str | None
    load: int
    by: str
    at: datetime
    reason: str


def find_withdrawn_figures(session: Session, unit: str, *, as_of: date, days: int = 14) -> list[WithdrawnFigure]:
    """The figures of a unit of the last days that were withdrawn, the newest day first."""
    withdrawn = find_withdrawn(session)
    if not withdrawn:
        return []
    names = ("as_of", "numerator", "denominator", "value", "value_high", "qualifier")
    reported: list[Any] = [getattr(Reading, name) for name in names]
    newest = select_columns(func.max(col(Run.id))).group_by(col(Run.withdraws_id))
    statement = (
        select_columns(
            *reported,
            col(Series.indicator),
            col(Run.withdraws_id).label("load"),
            col(Run.by),
            col(Run.received_at).label("at"),
            col(Run.reason),
        )
        .select_from(Reading)
        .join(Series, col(Series.id) == col(Reading.series_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .join(Run, col(Run.withdraws_id) == col(Reading.run_id))
        .where(col(UnitRow.code) == unit, col(Reading.as_of).between(as_of - timedelta(days=days - 1), as_of))
        .where(col(Reading.run_id).in_(withdrawn), col(Run.id).in_(newest))
        .order_by(col(Reading.as_of).desc(), col(Series.indicator), col(Reading.revision).desc())
    )
    return [WithdrawnFigure(**row) for row in session.connection().execute(statement).mappings()]


def find_flags(session: Session, unit: str, *, as_of: date, days: int = 14) -> list[Flag]:
    """What was odd about a unit's figures of the last days, newest day first."""
    reported: list[Any] = [getattr(ReadingFlag, name) for name in ("as_of", "revision", "kind", "terms")]
    statement = (
        select_columns(*reported, col(Series.indicator), col(SourceRow.key).label("source"))
        .select_from(ReadingFlag)
        .join(Series, col(Series.id) == col(ReadingFlag.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .where(col(UnitRow.code) == unit, col(ReadingFlag.as_of).between(as_of - timedelta(days=days - 1), as_of))
        .order_by(col(ReadingFlag.as_of).desc(), col(ReadingFlag.id))
    )
    return [Flag(**row) for row in session.connection().execute(statement).mappings()]


def find_disagreements(session: Session, unit: str, *, as_of: date) -> list[Disagreement]:
    """Where, on the newest day two sources both reported, they differ by more than `disagreement_points`.

    Only like is compared with like: figures on the indicator's declared basis and in the default scope of the unit's
    level. A month's rate beside one since the campaign's start is no disagreement.
    """
    campaign = load_campaign(session)
    basis = {indicator.key: indicator.basis for indicator in campaign.indicators}
    level = session.connection().execute(select_columns(col(UnitRow.level)).where(col(UnitRow.code) == unit)).scalar()
    if level is None:
        raise UnknownName(kind="unit", name=unit)
    scope = campaign.level(level).default_scope
    newest: dict[tuple[str, str, date], Arrival] = {}
    arrived = find_arrivals(session, unit, as_of=as_of, days=day_number(as_of) - day_number(day_of(0)))
    for arrival in sorted(arrived, key=lambda arrival: arrival.precedence):
        if arrival.scope == scope and arrival.basis == basis.get(arrival.indicator):
            newest[arrival.indicator, arrival.source, arrival.as_of] = arrival
    asked = sources_in_order(session, campaign, load_units(session, campaign), day=day_number(as_of))
    found = []
    for indicator in campaign.indicators:
        reported = {
            (source, day): value
            for (key, source, day), row in newest.items()
            if key == indicator.key
            # A bound contradicts nobody: nobody knows how far it is from another figure.
            if (value := row.rate) is not None and row.qualifier is None
        }
        listed = [source for source in asked[indicator.key] if any(source == key for key, _ in reported)]
        for other in listed[1:]:
            days = [day for source, day in reported if source == other and (listed[0], day) in reported]
            if not days:
                continue
            ours, theirs = reported[listed[0], max(days)], reported[other, max(days)]
            if abs(ours - theirs) > float(campaign.disagreement_points):
                found.append(Disagreement(indicator.key, max(days), listed[0], other, ours, theirs))
    return found
