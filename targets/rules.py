"""How targets are proposed, and which of several targets is in force.

Source: campaign.md, "The rule" (article 002, plan 629/KH-UBND); Sở GT-VT's published 67.37 → 77.37 and 50 → 60 settle
that "+10 %" means ten points on top of the greater of the unit's own result and the central target. A rule proposes;
people issue.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from targets.values import Origin, Rule

PLACES = Decimal("0.000001")
"""Targets are kept to six decimals of a point: what the exact comparison with counts can hold."""


@dataclass(frozen=True)
class RuleCase:
    """What a rule looks at: one unit, one indicator, one phase. Percents in points, None where unknown."""

    rule: Rule
    ceiling: Decimal
    baseline: Decimal | None
    central: Decimal | None
    is_interim: bool
    """The first of several phases: half way there. Every later phase owes the final value."""


@dataclass(frozen=True)
class Proposal:
    """A proposed target; `value` is None where it cannot be known. `because` is the reason, in one word."""

    value: Decimal | None
    because: str
    is_capped: bool = False
    """The ceiling cut the value."""


def fixed(case: RuleCase) -> Proposal:
    """The same value for every unit and phase, whatever the baseline."""
    return _capped(case, case.rule.value, because="fixed")


def central_plus(case: RuleCase) -> Proposal:
    """The greater of the unit's own result and the central target, plus the uplift; half of it in the first phase.

    The first phase owes max(central, baseline + uplift × share), or the midpoint of baseline and final target.
    A missing baseline counts as below the centre and is named. Without a central target nothing can be proposed.
    Source: article 002; Sở GT-VT's 50 and 72.37 settle the first phase's default.
    """
    if case.central is None:
        return Proposal(None, because="central_target_missing")
    baseline = case.central if case.baseline is None else case.baseline
    if case.baseline is None:
        because = "baseline_missing"
    elif baseline < case.central:
        because = "below_central"
    else:
        because = "own_result_kept"
    final = _final(case.rule, baseline=baseline, central=case.central)
    if not case.is_interim:
        return _capped(case, final, because=because)
    if case.rule.phase_1 == "midpoint":
        half_way = (baseline + min(case.ceiling, final)) / 2
    elif case.baseline is None:
        # Below the centre, but nobody knows how far: the centre is what the first phase owes at least.
        half_way = case.central
    else:
        half_way = max(case.central, _raised(case.rule, baseline, share=case.rule.share))
    return _capped(case, min(final, half_way), because=because)


RULES: dict[str, Callable[[RuleCase], Proposal]] = {"fixed": fixed, "central_plus": central_plus}


def propose(case: RuleCase) -> Proposal:
    """The target that the indicator's rule proposes."""
    return RULES[case.rule.kind](case)


def _raised(rule: Rule, value: Decimal, *, share: Decimal = Decimal(1)) -> Decimal:
    """The value with the uplift, or a share of it, on top: in points, or relative to the value itself."""
    if rule.uplift_kind == "points":
        return value + rule.uplift * share
    return value * (1 + rule.uplift * share / 100)


def _final(rule: Rule, *, baseline: Decimal, central: Decimal) -> Decimal:
    """max(baseline, central) + uplift, or by the other reading of the wording max(baseline, central + uplift)."""
    if rule.at_or_above == "own_plus_uplift":
        return _raised(rule, max(baseline, central))
    return max(baseline, _raised(rule, central))


def _capped(case: RuleCase, value: Decimal, *, because: str) -> Proposal:
    exact = min(case.ceiling, value).quantize(PLACES).normalize()
    # normalize() writes 100 as 1E+2; a whole number gets its plain digits back.
    plain = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    return Proposal(plain, because=because, is_capped=value > case.ceiling)


@dataclass(frozen=True)
class TargetVersion:
    """A version of a target as far as precedence looks at it."""

    origin: Origin
    value: Decimal | None
    order: int
    """Grows with every version recorded: the higher, the later."""


def is_replaced_by_issue(registered: TargetVersion, issued: TargetVersion) -> bool:
    """Whether a later, higher issue takes the place of a registration (definitions.md, "Targets")."""
    if issued.value is None or registered.value is None:
        return False
    return issued.order > registered.order and issued.value > registered.value


Version = TypeVar("Version", bound=TargetVersion)


def choose_in_force(*, proposed: Version | None, issued: Version | None, registered: Version | None) -> Version | None:
    """The target that counts: registered over issued over proposed; only approved registrations are handed in."""
    if registered is not None and (issued is None or not is_replaced_by_issue(registered, issued)):
        return registered
    return issued if issued is not None else proposed
