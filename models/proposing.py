"""What the rule looks at for every unit, indicator and phase: what proposing and trying out both work from."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.inputs import Units, baseline_points
from models.tables import Baseline, CentralTarget
from targets.rules import Proposal, RuleCase
from targets.values import Campaign, Indicator, Phase


@dataclass(frozen=True)
class Case:
    """One target that the rule proposes: whose, of what, for when, and what the rule looks at."""

    unit_id: int
    indicator: Indicator
    phase: Phase
    rule_case: RuleCase


def find_cases(session: Session, campaign: Campaign, units: Units) -> Iterator[Case]:
    """Every unit × indicator × phase with its baseline and central target."""
    baselines: dict[tuple[int, str], Decimal | None] = {}
    statement = select(Baseline).where(Baseline.year == campaign.baseline_year).order_by(col(Baseline.version))
    for row in session.exec(statement):
        baselines[row.unit_id, row.indicator] = baseline_points(row)
    central: dict[tuple[str, str], Decimal | None] = {}
    of_year = select(CentralTarget).where(CentralTarget.year == campaign.target_year)
    for target in session.exec(of_year.order_by(col(CentralTarget.version))):
        central[target.indicator, target.level] = target.value
    dated = [phase for phase in campaign.phases if phase.due is not None]
    interim = dated[0].key if len(dated) > 1 else None
    for position, unit_id in enumerate(units.ids.tolist()):
        for indicator in campaign.indicators:
            for phase in campaign.phases:
                yield Case(
                    unit_id=unit_id,
                    indicator=indicator,
                    phase=phase,
                    rule_case=RuleCase(
                        rule=indicator.rule,
                        ceiling=indicator.ceiling,
                        baseline=baselines.get((unit_id, indicator.key)),
                        central=central.get((indicator.key, units.levels[position]), central.get((indicator.key, ""))),
                        is_interim=phase.key == interim,
                    ),
                )


def terms_of(case: RuleCase, proposal: Proposal) -> dict[str, Any]:
    """The numbers behind a proposal, as decimal strings: what its explanation is made of."""
    rule = case.rule
    terms: dict[str, Any] = {
        "baseline": None if case.baseline is None else str(case.baseline),
        "central": None if case.central is None else str(case.central),
        "rule": rule.kind,
        "is_interim": case.is_interim,
        "is_capped": proposal.is_capped,
    }
    if rule.kind == "central_plus":
        terms |= {
            "uplift": str(rule.uplift),
            "uplift_kind": rule.uplift_kind,
            "at_or_above": rule.at_or_above,
            "phase_1": rule.phase_1,
            "share": str(rule.share),
        }
    return terms
