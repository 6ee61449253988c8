"""The targets in force, each with its reason, its document and who set it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.explanations import explain_target
from models.inputs import baseline_points, load_campaign
from models.queries.standing import check_units
from models.tables import Baseline, CentralTarget, Target, UnitRow
from targets.errors import UnknownName
from targets.rules import TargetVersion, choose_in_force
from targets.values import Origin


@dataclass(frozen=True)
class TargetInForce:
    """A unit's target for an indicator and phase; `value` None where it cannot be known."""

    unit: str
    name: str
    indicator: str
    phase: str
    due: date | None
    baseline: Decimal | None
    central: Decimal | None
    value: Decimal | None
    origin: Origin
    because: str
    is_capped: bool
    explanation: str
    explanation_en: str
    document: str
    document_date: date | None
    version: int
    by: str
    at: datetime
    simulated: bool


@dataclass(frozen=True)
class _Version(TargetVersion):
    row: Target


def find_targets(
    session: Session,
    *,
    units: Sequence[str] | None = None,
    indicator: str | None = None,
    phase: str | None = None,
    known_at: datetime | None = None,
) -> list[TargetInForce]:
    """The target in force of every unit, indicator and phase asked for, in the campaign's order.

    Raises UnknownName for a unit, indicator or phase.
    """
    campaign = load_campaign(session, known_at=known_at)
    _check(indicator, [known.key for known in campaign.indicators], kind="indicator")
    _check(phase, [known.key for known in campaign.phases], kind="phase")
    if units is not None:
        check_units(session, units)
    baselines = _baselines(session, campaign.baseline_year, known_at)
    central = _central(session, campaign.target_year, known_at)
    versions = _versions(session, known_at)
    own = {(dates.unit, dates.phase): dates.due for dates in campaign.unit_phases}
    found = []
    for unit in session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))):
        if units is not None and unit.code not in units:
            continue
        for of_indicator in campaign.indicators:
            for of_phase in campaign.phases:
                if indicator not in (None, of_indicator.key) or phase not in (None, of_phase.key):
                    continue
                by_origin = versions.get((unit.id or 0, of_indicator.key, of_phase.key), {})
                chosen = choose_in_force(
                    proposed=by_origin.get("proposed"),
                    issued=by_origin.get("issued"),
                    registered=by_origin.get("registered"),
                )
                if chosen is None:
                    continue
                row = chosen.row
                explanations = {
                    language: explain_target(
                        because=row.because,
                        value=row.value,
                        terms=row.terms,
                        document=row.document,
                        indicator=of_indicator,
                        campaign=campaign,
                        language=language,
                    )
                    for language in ("vi", "en")
                }
                found.append(
                    TargetInForce(
                        unit=unit.code,
                        name=unit.name,
                        indicator=of_indicator.key,
                        phase=of_phase.key,
                        due=own.get((unit.code, of_phase.key), of_phase.due),
                        baseline=baselines.get((unit.id or 0, of_indicator.key)),
                        central=central.get((of_indicator.key, unit.level), central.get((of_indicator.key, ""))),
                        value=row.value,
                        origin=chosen.origin,
                        because=row.because,
                        is_capped=bool(row.terms.get("is_capped", False)),
                        explanation=explanations["vi"],
                        explanation_en=explanations["en"],
                        document=row.document,
                        document_date=row.document_date,
                        version=row.version,
                        by=row.by,
                        at=row.recorded_at,
                        simulated=row.simulated,
                    )
                )
    return found


def _check(name: str | None, known: list[str], *, kind: str) -> None:
    if name is not None and name not in known:
        raise UnknownName(kind=kind, name=name, allowed=known)


def _baselines(session: Session, year: int, known_at: datetime | None) -> dict[tuple[int, str], Decimal | None]:
    statement = select(Baseline).where(Baseline.year == year).order_by(col(Baseline.version))
    if known_at is not None:
        statement = statement.where(Baseline.recorded_at <= known_at)
    return {(row.unit_id, row.indicator): baseline_points(row) for row in session.exec(statement)}


def _central(session: Session, year: int, known_at: datetime | None) -> dict[tuple[str, str], Decimal | None]:
    statement = select(CentralTarget).where(CentralTarget.year == year).order_by(col(CentralTarget.version))
    if known_at is not None:
        statement = statement.where(CentralTarget.recorded_at <= known_at)
    return {(row.indicator, row.level): row.value for row in session.exec(statement)}


def _versions(session: Session, known_at: datetime | None) -> dict[tuple[int, str, str], dict[str, _Version]]:
    """The newest version of each origin that is in force."""
    statement = select(Target).where(Target.state == "in_force").order_by(col(Target.id))
    found: dict[tuple[int, str, str], dict[str, _Version]] = {}
    for row in session.exec(statement):
        since = row.decided_at or row.recorded_at
        if known_at is not None and since > known_at:
            continue
        origin: Any = row.origin
        version = _Version(origin=origin, value=row.value, order=row.id or 0, row=row)
        found.setdefault((row.unit_id, row.indicator, row.phase), {})[origin] = version
    return found
