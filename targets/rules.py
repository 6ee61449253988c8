"""How targets are proposed, and which of several targets is in force.

Source: campaign.md, "The rule" (article 002, plan 629/KH-UBND); Sở GT-VT's published 67.37 → 77.37 and 50 → 60 settle
that "+10 %" means ten points on top of the greater of the unit's own result and the central target. A rule proposes;
people issue.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from targets.values import MAY_BE_LESS, MAY_BE_MORE, QUALIFIERS, Indicator, Origin, Phase, Rule

PLACES = Decimal("0.000001")
"""Targets are kept to six decimals of a point: what the exact comparison with counts can hold."""


NOT_MEANT = "not_meant"
"""Why there is no target where the rule is `none`."""


@dataclass(frozen=True)
class RuleCase:
    """What a rule looks at: one unit, one indicator, one phase. Percents in points, None where unknown."""

    rule: Rule
    best: Decimal
    """No target goes beyond it: the indicator's ceiling, its floor where a lower figure is better."""
    baseline: Decimal | None
    central: Decimal | None
    value: Decimal = Decimal(100)
    """What a fixed rule gives in this phase."""
    share: Decimal | None = None
    """The part of the uplift that a phase on the way owes; None: the final value."""
    lower_is_better: bool = False
    units: int = 1
    """Of a count: for how many units together a fixed rule gives its value to each."""
    qualifier: str | None = None
    """Of a baseline that is a bound: a proposal is made from the figure written, and says so."""

    @property
    def may_be_worse(self) -> bool:
        """Whether the baseline may be worse than the figure written: "gần 50%", "xấp xỉ 50%"."""
        may_be = MAY_BE_MORE if self.lower_is_better else MAY_BE_LESS
        return bool(may_be[QUALIFIERS.index(self.qualifier)])


def rule_case(
    indicator: Indicator,
    *,
    phase: str,
    phases: Sequence[Phase],
    baseline: Decimal | None,
    central: Decimal | None,
    units: int = 1,
    qualifier: str | None = None,
) -> RuleCase:
    """What an indicator's rule looks at in one phase; `phases` are the campaign's, in order. `units`: how many units'
    figures are in the unit's own. `qualifier`: the baseline's.

    Where the rule names no shares of its own, the first of several phases with a due date is half way there.
    """
    rule, dated = indicator.rule, [known.key for known in phases if known.due is not None]
    return RuleCase(
        rule=rule,
        best=indicator.best,
        baseline=baseline,
        central=central,
        value=rule.value_of(phase, [known.key for known in phases]),
        share=rule.share_of(phase, is_first=len(dated) > 1 and phase == dated[0]),
        lower_is_better=indicator.lower_is_better,
        units=units if indicator.measured_in == "count" else 1,
        qualifier=qualifier,
    )


@dataclass(frozen=True)
class Proposal:
    """A proposed target; `value` is None where it cannot be known. `because` is the reason, in one word."""

    value: Decimal | None
    because: str
    is_capped: bool = False
    """The ceiling, or the floor, cut the value."""


def none(case: RuleCase) -> Proposal:
    """No target: the indicator is followed, and nobody is asked for anything."""
    return Proposal(None, because=NOT_MEANT)


def fixed(case: RuleCase) -> Proposal:
    """The same value for every unit, whatever the baseline: one for all phases, or one for each.

    A count of several units together is what each of them owes, added up.
    """
    return _capped(case, case.value * case.units, because="fixed")


def central_plus(case: RuleCase) -> Proposal:
    """The better of the unit's own result and the central target, and the uplift beyond it; a part of it on the way.

    A phase on the way owes the better of the central target and baseline + uplift × share, or the midpoint of baseline
    and final target. A missing baseline counts as worse than the centre and is named. Without a central target nothing
    can be proposed. Where a lower figure is better, better is lower and the uplift is taken off.
    Source: article 002; Sở GT-VT's 50 and 72.37 settle the first phase's default.
    """
    if case.central is None:
        return Proposal(None, because="central_target_missing")
    baseline = case.central if case.baseline is None else case.baseline
    if case.baseline is None:
        because = "baseline_missing"
    elif better_of(case, baseline, case.central) != baseline or (baseline == case.central and case.may_be_worse):
        because = "below_central"
    else:
        because = "own_result_kept"
    final = _final(case, baseline=baseline, central=case.central)
    if case.share is None:
        return _capped(case, final, because=because)
    if case.rule.phase_1 == "midpoint":
        half_way = (baseline + _worse_of(case, case.best, final)) / 2
    elif case.baseline is None:
        # Below the centre, but nobody knows how far: the centre is what the first phase owes at least.
        half_way = case.central
    else:
        half_way = better_of(case, case.central, uplifted(case, baseline, share=case.share))
    return _capped(case, _worse_of(case, final, half_way), because=because)


RULES: dict[str, Callable[[RuleCase], Proposal]] = {"none": none, "fixed": fixed, "central_plus": central_plus}


def propose(case: RuleCase) -> Proposal:
    """The target that the indicator's rule proposes."""
    return RULES[case.rule.kind](case)


def better_of(case: RuleCase, one: Decimal, other: Decimal) -> Decimal:
    """The figure that is further on: the higher, or the lower where that is better."""
    return min(one, other) if case.lower_is_better else max(one, other)


def _worse_of(case: RuleCase, one: Decimal, other: Decimal) -> Decimal:
    return max(one, other) if case.lower_is_better else min(one, other)


def uplifted(case: RuleCase, value: Decimal, *, share: Decimal = Decimal(1)) -> Decimal:
    """The value moved by the uplift, or a share of it, to the better: in points, or relative to the value itself."""
    by = case.rule.uplift * share * (-1 if case.lower_is_better else 1)
    return value + by if case.rule.uplift_kind == "points" else value * (1 + by / 100)


def _final(case: RuleCase, *, baseline: Decimal, central: Decimal) -> Decimal:
    """max(baseline, central) + uplift, or by the other reading of the wording max(baseline, central + uplift)."""
    if case.rule.at_or_above == "own_plus_uplift":
        return uplifted(case, better_of(case, baseline, central))
    return better_of(case, baseline, uplifted(case, central))


def _capped(case: RuleCase, value: Decimal, *, because: str) -> Proposal:
    kept = _worse_of(case, case.best, value)
    return Proposal(as_kept(kept), because=because, is_capped=kept != value)


def as_kept(value: Decimal) -> Decimal:
    """A target as it is kept: to six decimals, without noughts at its end."""
    exact = value.quantize(PLACES).normalize()
    # normalize() writes 100 as 1E+2; a whole number gets its plain digits back.
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


@dataclass(frozen=True)
class TargetVersion:
    """A version of a target as far as precedence looks at it."""

    origin: Origin
    value: Decimal | None
    order: int
    """Grows with every version recorded: the higher, the later."""


def is_stricter(value: Decimal, than: Decimal, *, lower_is_better: bool) -> bool:
    """Whether a target asks for more than another one: it is higher, or lower where that is better."""
    return value < than if lower_is_better else value > than


def is_replaced_by_issue(registered: TargetVersion, issued: TargetVersion, *, lower_is_better: bool) -> bool:
    """Whether a later, stricter issue takes the place of a registration (definitions.md, "Targets")."""
    if issued.value is None or registered.value is None:
        return False
    is_later = issued.order > registered.order
    return is_later and is_stricter(issued.value, registered.value, lower_is_better=lower_is_better)


Version = TypeVar("Version", bound=TargetVersion)


def choose_in_force(newest: Mapping[str, Version], *, lower_is_better: bool) -> Version | None:
    """The target that counts, of the newest of each origin: registered over issued over proposed.

    Only approved registrations are handed in.
    """
    proposed, issued, registered = newest.get("proposed"), newest.get("issued"), newest.get("registered")
    if registered is not None and (
        issued is None or not is_replaced_by_issue(registered, issued, lower_is_better=lower_is_better)
    ):
        return registered
    return issued if issued is not None else proposed
