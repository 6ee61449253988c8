"""One unit: who it is, how it got where it is, and where its targets come from."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.explanations import explain_target
from models.inputs import load_campaign
from models.queries.heads import Head
from models.tables import StandingRow, Target, UnitRow
from targets.errors import UnknownName


@dataclass(frozen=True)
class UnitName:
    """A unit as lists and search name it."""

    code: str
    name: str
    level: str
    parent: str | None
    parent_name: str | None


@dataclass(frozen=True)
class UnitProfile:
    """The header of a unit's page."""

    unit: UnitName
    head: Head
    children: tuple[UnitName, ...]
    valid_to: date | None
    successor: UnitName | None


@dataclass(frozen=True)
class PastDay:
    """A unit's rate and trajectory on one day."""

    day: date
    indicator: str
    value: float | None
    trajectory: float | None
    standing: str


@dataclass(frozen=True)
class TargetVersion:
    """A version of a target in its chain: rule → proposal → issue → registration."""

    indicator: str
    phase: str
    origin: str
    version: int
    value: Decimal | None
    because: str
    explanation_vi: str
    explanation_en: str
    document: str
    document_date: date | None
    state: str
    by: str
    reason: str
    at: datetime


def find_unit_names(session: Session) -> list[UnitName]:
    """All units in the campaign's order, merged ones included: what the search looks through."""
    rows = session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))).all()
    of_id = {row.id: row for row in rows}
    return [_name(row, of_id.get(row.parent_id)) for row in rows]


def find_profile(session: Session, code: str) -> UnitProfile:
    """Who a unit is, who answers for it, and what stands below it.

    Raises UnknownName for a code.
    """
    row = session.exec(select(UnitRow).where(UnitRow.code == code)).one_or_none()
    if row is None:
        raise UnknownName(kind="unit", name=code)
    parent = session.get(UnitRow, row.parent_id) if row.parent_id is not None else None
    successor = session.get(UnitRow, row.successor_id) if row.successor_id is not None else None
    children = session.exec(select(UnitRow).where(UnitRow.parent_id == row.id).order_by(col(UnitRow.position)))
    return UnitProfile(
        unit=_name(row, parent),
        head=Head(title=row.head_title, name=row.head_name, phone=row.head_phone),
        children=tuple(_name(child, row) for child in children),
        valid_to=row.valid_to,
        successor=None if successor is None else _name(successor, None),
    )


def find_history(session: Session, code: str, *, as_of: date) -> list[PastDay]:
    """The unit's kept days from the campaign's start to the as-of day, by indicator."""
    campaign = load_campaign(session)
    unit = session.exec(select(UnitRow.id).where(UnitRow.code == code)).one_or_none()
    if unit is None:
        raise UnknownName(kind="unit", name=code)
    days = [campaign.start + timedelta(days=day) for day in range(max(0, (as_of - campaign.start).days + 1))]
    statement = (
        select_columns(
            col(StandingRow.day),
            col(StandingRow.indicator),
            col(StandingRow.value),
            col(StandingRow.trajectory),
            col(StandingRow.standing),
        )
        .where(
            col(StandingRow.day).in_(days),
            col(StandingRow.indicator).in_([indicator.key for indicator in campaign.indicators]),
            col(StandingRow.unit_id) == unit,
        )
        .order_by(col(StandingRow.indicator), col(StandingRow.day))
    )
    return [PastDay(**row) for row in session.connection().execute(statement).mappings()]


def find_target_versions(session: Session, code: str) -> list[TargetVersion]:
    """Every version of every target of a unit, oldest first."""
    campaign = load_campaign(session)
    statement = (
        select(Target)
        .join(UnitRow, col(UnitRow.id) == col(Target.unit_id))
        .where(UnitRow.code == code)
        .order_by(col(Target.id))
    )
    versions = []
    for row in session.exec(statement):
        explained = {
            language: explain_target(
                because=row.because,
                value=row.value,
                terms=row.terms,
                document=row.document,
                indicator=campaign.indicator(row.indicator),
                campaign=campaign,
                language=language,
            )
            for language in ("vi", "en")
        }
        versions.append(
            TargetVersion(
                indicator=row.indicator,
                phase=row.phase,
                origin=row.origin,
                version=row.version,
                value=row.value,
                because=row.because,
                explanation_vi=explained["vi"],
                explanation_en=explained["en"],
                document=row.document,
                document_date=row.document_date,
                state=row.state,
                by=row.by,
                reason=row.reason,
                at=row.recorded_at,
            )
        )
    return versions


def _name(row: UnitRow, parent: UnitRow | None) -> UnitName:
    return UnitName(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=None if parent is None else parent.code,
        parent_name=None if parent is None else parent.name,
    )
