"""Targets as the office assigns them: proposed, issued, registered, what an issue would do and what is missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import and_, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.store import filled
from models.readings.baselines import newest_baselines
from models.readings.records import OF_ISSUE
from models.results.inputs import baseline_points, load_campaign, load_units, phases_of_units
from models.results.standing import find_standing
from models.tables import CentralTarget, Target, UnitRow
from models.units.queries import find_parents, names_apart
from targets.findings import Beyond, beyond_most
from targets.rules import NOT_MEANT

ADJUSTED = "adjusted"
"""Why a proposal has its value where the office has changed what the rule gives."""
Key = tuple[int, str, str]
"""Unit, indicator, phase."""
Place = tuple[str, str]
"""A target within a phase: its unit's code and its indicator."""


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

    @property
    def is_correction(self) -> bool:
        """Whether it was issued in place of what an issue of the phase had given this one unit."""
        return OF_ISSUE in self.terms


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
class IssueLine:
    """A proposal that has a value, and what an issue makes of it; a correction is `kept` unless named."""

    unit_id: int
    unit: str
    name: str
    indicator: str
    proposed: Given
    issued: Given | None
    fate: Literal["new", "replaced", "unchanged", "kept"]

    @property
    def place(self) -> Place:
        return self.unit, self.indicator

    @property
    def is_changed(self) -> bool:
        """Whether another value is proposed than was issued, or none was."""
        return self.issued is None or self.issued.value != self.proposed.value


@dataclass(frozen=True)
class IssuePlan:
    """What issuing a phase does, target by target."""

    phase: str
    document: str
    document_date: date
    lines: tuple[IssueLine, ...]
    left_out: Mapping[str, int] = field(default_factory=dict)
    """Targets without a value, by indicator."""
    beyond: tuple[Beyond, ...] = ()
    """Targets that nearly all units cannot reach any more, by the figures of today."""
    mark: int = 0
    """The newest version known: handed back with the issue, so that nobody issues what they have not seen."""

    @property
    def will_be(self) -> tuple[IssueLine, ...]:
        """Those that get a version."""
        return tuple(line for line in self.lines if line.fate in ("new", "replaced"))

    @property
    def kept(self) -> tuple[IssueLine, ...]:
        """The corrections that stay in force."""
        return tuple(line for line in self.lines if line.fate == "kept")

    @property
    def units(self) -> int:
        return len({line.unit for line in self.will_be})

    def count(self, fate: str) -> int:
        return sum(line.fate == fate for line in self.lines)

    def narrowed(self, *, only: Collection[Place] | None = None, again: Collection[Place] = ()) -> "IssuePlan":
        """The issue of some targets alone (None: of all), and with the corrections in `again` replaced."""
        lines = (line for line in self.lines if only is None or line.place in only)
        return replace(
            self,
            lines=tuple(
                replace(line, fate="replaced") if line.fate == "kept" and line.place in again else line
                for line in lines
            ),
            left_out=self.left_out if only is None else {},
        )


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


@dataclass(frozen=True)
class IssueDocument:
    """A document under which targets were issued, and the phases it sets, in the campaign's order."""

    number: str
    day: date | None
    phases: tuple[str, ...]


def find_issue_documents(session: Session) -> list[IssueDocument]:
    """Every document under which a target was issued, the newest first."""
    columns = (col(Target.document), col(Target.document_date), col(Target.phase))
    newest = func.max(col(Target.id))
    statement = (
        select_columns(*columns).where(col(Target.origin) == "issued").group_by(*columns).order_by(newest.desc())
    )
    order = [phase.key for phase in load_campaign(session).phases]
    phases: dict[tuple[str, date | None], set[str]] = {}
    for number, day, phase in session.connection().execute(statement):
        phases.setdefault((number, day), set()).add(phase)
    return [
        IssueDocument(number, day, phases=tuple(key for key in order if key in found))
        for (number, day), found in phases.items()
    ]


def find_assigned(
    session: Session,
    *,
    today: date,
    indicator: str | None = None,
    phase: str | None = None,
    document: IssueDocument | None = None,
) -> list[Assigned]:
    """The targets of every unit that has not ended, in the campaign's order; of one indicator or phase, where named.

    With a document only what it issued counts as issued, whatever was issued later, to the units there were on its day.
    """
    campaign = load_campaign(session)
    today = today if document is None else document.day or today
    there = phases_of_units(campaign, load_units(session, campaign), today=today)
    ids = {unit for unit, _ in there}
    baselines = newest_baselines(session, campaign.baseline_year)
    newest = _newest(session, indicator=indicator, phase=phase, document=document)
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
    return list(names_apart(found, find_parents(session)))


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
    plan = plan_issue(session, phase=phase, document=document, document_date=document_date, today=today)
    beyond = tuple(find_beyond(session, phase=phase, today=today))
    return replace(plan, beyond=beyond, mark=newest_mark(session, phase))


def plan_issue(session: Session, *, phase: str, document: str, document_date: date, today: date) -> IssuePlan:
    """What issuing a phase makes of each of its proposals, by unit and indicator in the campaign's order.

    Units that have ended are given nothing. Corrections stay in force.
    """
    campaign = load_campaign(session)
    there = phases_of_units(campaign, load_units(session, campaign), today=today)
    newest = _newest(session, phase=phase)
    lines: list[IssueLine] = []
    left_out: dict[str, int] = {}
    for unit in session.exec(select(UnitRow).order_by(col(UnitRow.position), col(UnitRow.id))):
        for indicator in campaign.indicators if (unit.id or 0, phase) in there else ():
            given = newest.get((unit.id or 0, indicator.key, phase), {})
            proposed, issued = given.get("proposed"), given.get("issued")
            if proposed is None or (proposed.value is None and proposed.because == NOT_MEANT):
                continue
            if proposed.value is None:
                left_out[indicator.key] = left_out.get(indicator.key, 0) + 1
                continue
            said = (proposed.value, document, document_date)
            fate: Literal["new", "replaced", "unchanged", "kept"] = "replaced"
            if issued is None:
                fate = "new"
            elif (issued.value, issued.document, issued.document_date) == said:
                fate = "unchanged"
            elif issued.is_correction:
                fate = "kept"
            lines.append(IssueLine(unit.id or 0, unit.code, unit.name, indicator.key, proposed, issued, fate))
    return IssuePlan(phase, document, document_date, lines=tuple(lines), left_out=left_out)


def find_beyond(session: Session, *, phase: str, today: date) -> list[Beyond]:
    """The targets of a phase that nearly all units cannot reach any more."""
    rows = find_standing(session, as_of=today, phase=phase)
    return beyond_most(rows, province=load_campaign(session).province)


def newest_mark(session: Session, phase: str) -> int:
    """The number of a phase's newest version of any target; it grows with every change."""
    return session.exec(select(func.max(col(Target.id))).where(Target.phase == phase)).one() or 0


def find_central(session: Session) -> list[CentralKnown]:
    """Every central target as entered last, by year, indicator and level."""
    newest: dict[tuple[int, str, str], CentralTarget] = {}
    for row in session.exec(select(CentralTarget).order_by(col(CentralTarget.version))):
        newest[row.year, row.indicator, row.level] = row
    return [filled(CentralKnown, row, at=row.recorded_at) for _, row in sorted(newest.items())]


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
        if indicator.rule.needs_central
        and (indicator.key, "") not in known
        and any((indicator.key, level) not in known for level in levels)
    ]


def _newest(
    session: Session, *, indicator: str | None = None, phase: str | None = None, document: IssueDocument | None = None
) -> dict[Key, dict[str, Given]]:
    """For each target the newest version in force of each origin; of those issued, under a document, where named."""
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
    if document is not None:
        is_its = and_(col(Target.document) == document.number, col(Target.document_date) == document.day)
        statement = statement.where(or_(col(Target.origin) != "issued", is_its))
    found: dict[Key, dict[str, Given]] = {}
    for row in session.connection().execute(statement):
        found.setdefault((row.unit_id, row.indicator, row.phase), {})[row.origin] = filled(
            Given, row, at=row.recorded_at, is_simulated=row.simulated
        )
    return found
