"""The targets in force, each with its reason, its document and who set it; and what another rule would propose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
from sqlmodel import Session, col, select

from models.core.columns import day_number
from models.readings.baselines import newest_baselines, newest_central
from models.results.inputs import Units, baseline_points, load_campaign, load_units, phases_of_units
from models.results.standing import check_units
from models.tables import Target, UnitRow
from models.targets.explanations import explain_version
from models.targets.registrations import indicator_named
from targets.errors import UnknownName
from targets.rules import Proposal, RuleCase, TargetVersion, choose_in_force, propose, rule_case
from targets.values import Campaign, Indicator, Origin, Phase, Rule

UNKNOWN: tuple[None, None] = (None, None)
"""A baseline that nobody reported, and its qualifier."""


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

    A unit has none in a phase that begins after its end.
    Raises UnknownName for a unit, indicator or phase.
    """
    campaign = load_campaign(session, known_at=known_at)
    _check(indicator, [known.key for known in campaign.indicators], kind="indicator")
    _check(phase, [known.key for known in campaign.phases], kind="phase")
    if units is not None:
        check_units(session, units)
    baselines, central = _looked_at(session, campaign, known_at)
    versions = _versions(session, known_at)
    there = phases_of_units(campaign, load_units(session, campaign))
    own = {(dates.unit, dates.phase): dates.due for dates in campaign.unit_phases}
    found = []
    for unit in session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))):
        if units is not None and unit.code not in units:
            continue
        for of_indicator in campaign.indicators:
            for of_phase in campaign.phases:
                if indicator not in (None, of_indicator.key) or phase not in (None, of_phase.key):
                    continue
                if (unit.id or 0, of_phase.key) not in there:
                    continue
                by_origin = versions.get((unit.id or 0, of_indicator.key, of_phase.key), {})
                chosen = choose_in_force(by_origin, lower_is_better=of_indicator.lower_is_better)
                if chosen is None:
                    continue
                row = chosen.row
                explanations = explain_version(row, indicator=of_indicator, campaign=campaign)
                found.append(
                    TargetInForce(
                        unit=unit.code,
                        name=unit.name,
                        indicator=of_indicator.key,
                        phase=of_phase.key,
                        due=own.get((unit.code, of_phase.key), of_phase.due),
                        baseline=baselines.get((unit.id or 0, of_indicator.key), UNKNOWN)[0],
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


def _looked_at(
    session: Session, campaign: Campaign, known_at: datetime | None = None
) -> tuple[dict[tuple[int, str], tuple[Decimal | None, str | None]], dict[tuple[str, str], Decimal | None]]:
    """What the rule looks at, points: baselines by unit id and indicator, each with its qualifier, and central targets
    by indicator and level."""
    baselines = newest_baselines(session, campaign.baseline_year, known_at=known_at)
    central = newest_central(session, campaign.target_year, known_at=known_at)
    return (
        {place: (baseline_points(row), row.qualifier) for place, row in baselines.items()},
        {place: row.value for place, row in central.items()},
    )


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


@dataclass(frozen=True)
class Case:
    """One target that the rule proposes: its unit, indicator and phase, and what the rule looks at."""

    unit_id: int
    indicator: Indicator
    phase: Phase
    rule_case: RuleCase


def find_cases(session: Session, campaign: Campaign, units: Units) -> Iterator[Case]:
    """Every unit × indicator × phase in which the unit exists, with its baseline and central target."""
    there = phases_of_units(campaign, units)
    baselines, central = _looked_at(session, campaign)
    within = _units_within(campaign, units)
    for position, unit_id in enumerate(units.ids.tolist()):
        for indicator in campaign.indicators:
            for phase in campaign.phases:
                if (unit_id, phase.key) not in there:
                    continue
                baseline, qualifier = baselines.get((unit_id, indicator.key), UNKNOWN)
                yield Case(
                    unit_id=unit_id,
                    indicator=indicator,
                    phase=phase,
                    rule_case=rule_case(
                        indicator,
                        phase=phase.key,
                        phases=campaign.phases,
                        baseline=baseline,
                        qualifier=qualifier,
                        central=central.get((indicator.key, units.levels[position]), central.get((indicator.key, ""))),
                        units=within[position],
                    ),
                )


def _units_within(campaign: Campaign, units: Units) -> list[int]:
    """Of each unit how many there are in its figures, at the campaign's end: itself, or with all below it; the one that
    all stand below is a sum and has none of its own."""
    is_there = units.expected_on(day_number(campaign.end))
    total = (is_there & (units.parent >= 0)).astype(np.int64)
    for depth in range(int(units.depth.max(initial=0)), 0, -1):
        at = np.flatnonzero(units.depth == depth)
        np.add.at(total, units.parent[at], total[at])
    is_sum = units.is_below | (units.parent < 0)
    return [int(value) for value in np.where(is_sum, np.maximum(total, 1), 1)]


def terms_of(case: RuleCase, proposal: Proposal) -> dict[str, Any]:
    """The numbers behind a proposal, as decimal strings: what its explanation is made of."""
    rule = case.rule
    terms: dict[str, Any] = {
        "baseline": None if case.baseline is None else str(case.baseline),
        "central": None if case.central is None else str(case.central),
        "rule": rule.kind,
        "is_interim": case.share is not None,
        "is_capped": proposal.is_capped,
    }
    if case.units > 1:
        terms["units"] = str(case.units)
    if rule.kind == "central_plus":
        terms |= {
            "uplift": str(rule.uplift),
            "uplift_kind": rule.uplift_kind,
            "at_or_above": rule.at_or_above,
            "phase_1": rule.phase_1,
            "share": str(rule.share if case.share is None else case.share),
        }
        if case.baseline is not None and case.qualifier is not None:
            terms["qualifier"] = case.qualifier
    return terms


@dataclass(frozen=True)
class TriedTarget:
    """A target as the rule in force proposes it and as the tried one would; None where a rule can give none."""

    unit: str
    name: str
    level: str
    phase: str
    now: Decimal | None
    tried: Decimal | None

    @property
    def is_changed(self) -> bool:
        return self.now != self.tried


@dataclass(frozen=True)
class RuleTrial:
    """What another rule for one indicator would change. Adjustments by the office are left aside on both sides."""

    indicator: str
    targets: tuple[TriedTarget, ...]

    @property
    def units_changed(self) -> int:
        return len({target.unit for target in self.targets if target.is_changed})

    @property
    def units(self) -> int:
        return len({target.unit for target in self.targets})


def try_rule(session: Session, indicator: str, rule: Rule) -> RuleTrial:
    """Propose every target of an indicator by the rule in force and by another one.

    Raises UnknownName for an indicator.
    """
    campaign = load_campaign(session)
    indicator_named(campaign, indicator)
    names = {row.id: row for row in session.exec(select(UnitRow))}
    targets = []
    for case in find_cases(session, campaign, load_units(session, campaign)):
        if case.indicator.key != indicator:
            continue
        unit = names[case.unit_id]
        targets.append(
            TriedTarget(
                unit=unit.code,
                name=unit.name,
                level=unit.level,
                phase=case.phase.key,
                now=propose(case.rule_case).value,
                tried=propose(replace(case.rule_case, rule=rule)).value,
            )
        )
    return RuleTrial(indicator=indicator, targets=tuple(targets))
