"""What the rule would propose if it were another one: tried out, nothing saved."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session, select

from models.agreeing import indicator_named
from models.inputs import load_campaign, load_units
from models.proposing import find_cases
from models.tables import UnitRow
from targets.rules import propose
from targets.values import Rule


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
