"""Targets as the office assigns them: proposed, issued, registered, what an issue would do and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.readings.baselines import newest_baselines
from models.results.inputs import baseline_points, load_campaign, load_units, phases_of_units
from models.results.standing import find_standing
from models.tables import CentralTarget, Target, UnitRow
from targets.findings import Beyond, beyond_most
from targets.rules import NOT_MEANT

ADJUSTED = "adjusted"
"""Why a proposal has its value where the office has changed what the rule gives."""
Key = tuple[int, str, str]
"""Unit, indicator, phase."""


@dataclass(frozen=True)
class Given:
    """The newest version of a target of one origin; `value` None where none can be known."""

    value: Decimal | None
    because: str
    terms: Mapping[str, Any]
    version: int
    document: str
    document_date: date | None
    by: str
    at: datetime
    reason: str
    is_simulated: bool

    @property
    def is_adjusted(self) -> bool:
        return self.because == ADJUSTED


@dataclass(frozen=True)
class Assigned:
    """One unit's targets of an indicator for a phase, each where it exists; a registration only where it counts."""

    unit: str
    name: str
    level: str
    indicator: str
    phase: str
    baseline: Decimal | None
    proposed: Given | None
    issued: Given | None
    registered: Given | None
    is_baseline_simulated: bool = False
    qualifier: str | None = None
    """Of a baseline that is a bound."""


@dataclass(frozen=True)
class PhaseCount:
    """How far a phase is: units in all, those with at least one proposed value, and its targets issued."""

    units: int
    proposed: int
    issued: int


@dataclass(frozen=True)
class IssuePlan:
    """What issuing a phase would do."""

    phase: str
    document: str
    document_date: date
    units: int
    new: int
    replaced: int
    """Targets issued before, with another value or under another document: they get a further version."""
    unchanged: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Targets without a value, by indicator."""
    beyond: tuple[Beyond, ...] = ()
    """Targets that nearly all units cannot reach any more, by the figures of today."""
    mark: int = 0
    """The newest version known: handed back with the issue, so that nobody issues what they have not seen."""

    @property
    def issued(self) -> int:
        return self.new + self.replaced


@dataclass(frozen=True)
class CentralKnown:
    """The centre's target for an indicator, year and level (empty: every level) as it was entered last."""

    indicator: str
    year: int
    level: str
    value: Decimal | None
    document: str
    version: int
    by: str
    at: datetime


def find_assigned(
    session: Session, *, today: date, indicator: str | None = None, phase: str | None = None
) -> list[Assigned]:
    """The targets of every unit that has not ended, in the campaign's order; of one indicator or phase, where named."""
    campaign = load_campaign(session)
    there = phases_of_units(campaign, load_units(session, campaign), today=today)
    ids = {unit for unit, _ in there}
    baselines = newest_baselines(session, campaign.baseline_year)
    newest = _newest(session, indicator=indicator, phase=phase)
    found = []
    for unit in session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))):
        for of_indicator in campaign.indicators if unit.id in ids else ():
            for of_phase in campaign.phases:
                if indicator not in (None, of_indicator.key) or phase not in (None, of_phase.key):
                    continue
                is_there = (unit.id or 0, of_phase.key) in there
                baseline = baselines.get((unit.id or 0, of_indicator.key))
                given = newest.get((unit.id or 0, of_indicator.key, of_phase.key), {}) if is_there else {}
                found.append(
                    Assigned(
                        unit=unit.code,
                        name=unit.name,
                        level=unit.level,
                        indicator=of_indicator.key,
                        phase=of_phase.key,
                        baseline=None if baseline is None else baseline_points(baseline),
                        proposed=given.get("proposed"),
                        issued=given.get("issued"),
                        registered=given.get("registered"),
                        is_baseline_simulated=baseline is not None and baseline.simulated,
                        qualifier=None if baseline is None else baseline.qualifier,
                    )
                )
    return found


def find_phase_count(session: Session, phase: str, *, today: date) -> PhaseCount:
    """How far a phase is proposed and issued, of the units that have not ended."""
    campaign = load_campaign(session)
    there = phases_of_units(campaign, load_units(session, campaign), today=today)
    newest = {key: given for key, given in _newest(session, phase=phase).items() if (key[0], key[2]) in there}
    units = sum(of_phase == phase for _, of_phase in there)
    has_value = {key[0] for key, given in newest.items() if "proposed" in given and given["proposed"].value is not None}
    return PhaseCount(units=units, proposed=len(has_value), issued=sum("issued" in given for given in newest.values()))


def foresee_issue(session: Session, *, phase: str, document: str, document_date: date, today: date) -> IssuePlan:
    """What `issue_targets` would do now, to be looked at before it is done."""
    campaign = load_campaign(session)
    known = {indicator.key for indicator in campaign.indicators}
    there = phases_of_units(campaign, load_units(session, campaign), today=today)
    new = replaced = unchanged = 0
    left_out: dict[str, int] = {}
    units = set()
    for (unit, indicator, _), given in _newest(session, phase=phase).items():
        proposed, issued = given.get("proposed"), given.get("issued")
        if proposed is None or indicator not in known or (unit, phase) not in there:
            continue
        if proposed.value is None:
            if proposed.because != NOT_MEANT:
                left_out[indicator] = left_out.get(indicator, 0) + 1
            continue
        if issued is None:
            new += 1
        elif (issued.value, issued.document, issued.document_date) == (proposed.value, document, document_date):
            unchanged += 1
            continue
        else:
            replaced += 1
        units.add(unit)
    return IssuePlan(
        phase=phase,
        document=document,
        document_date=document_date,
        units=len(units),
        new=new,
        replaced=replaced,
        unchanged=unchanged,
        left_out=left_out,
        beyond=tuple(find_beyond(session, phase=phase, today=today)),
        mark=newest_mark(session, phase),
    )


def find_beyond(session: Session, *, phase: str, today: date) -> list[Beyond]:
    """The targets of a phase that nearly all units cannot reach any more."""
    return beyond_most(find_standing(session, as_of=today, phase=phase))


def newest_mark(session: Session, phase: str) -> int:
    """The number of a phase's newest version of any target; it grows with every change."""
    return session.exec(select(func.max(col(Target.id))).where(Target.phase == phase)).one() or 0


def find_central(session: Session) -> list[CentralKnown]:
    """Every central target as entered last, by year, indicator and level."""
    newest: dict[tuple[int, str, str], CentralTarget] = {}
    for row in session.exec(select(CentralTarget).order_by(col(CentralTarget.version))):
        newest[row.year, row.indicator, row.level] = row
    return [
        CentralKnown(
            indicator=row.indicator,
            year=row.year,
            level=row.level,
            value=row.value,
            document=row.document,
            version=row.version,
            by=row.by,
            at=row.recorded_at,
        )
        for _, row in sorted(newest.items())
    ]


def find_central_missing(session: Session) -> list[str]:
    """Indicators whose rule needs a central target that at least one unit's level has none of, in their order."""
    campaign = load_campaign(session)
    known = {
        (row.indicator, row.level)
        for row in find_central(session)
        if row.year == campaign.target_year and row.value is not None
    }
    levels = set(session.exec(select(UnitRow.level).distinct()))
    return [
        indicator.key
        for indicator in campaign.indicators
        if indicator.rule.kind == "central_plus"
        and (indicator.key, "") not in known
        and any((indicator.key, level) not in known for level in levels)
    ]


def _newest(session: Session, *, indicator: str | None = None, phase: str | None = None) -> dict[Key, dict[str, Given]]:
    """For each target the newest version in force of each origin."""
    statement = (
        select_columns(
            *(
                col(getattr(Target, name))
                for name in (
                    *("unit_id", "indicator", "phase", "origin", "value", "because", "terms", "version", "document"),
                    *("document_date", "by", "recorded_at", "reason", "simulated"),
                )
            )
        )
        .where(col(Target.state) == "in_force")
        .order_by(col(Target.version))
    )
    if indicator is not None:
        statement = statement.where(col(Target.indicator) == indicator)
    if phase is not None:
        statement = statement.where(col(Target.phase) == phase)
    found: dict[Key, dict[str, Given]] = {}
    for row in session.connection().execute(statement):
        found.setdefault((row.unit_id, row.indicator, row.phase), {})[row.origin] = Given(
            value=row.value,
            because=row.because,
            terms=row.terms,
            version=row.version,
            document=row.document,
            document_date=row.document_date,
            by=row.by,
            at=row.recorded_at,
            reason=row.reason,
            is_simulated=row.simulated,
        )
    return found
