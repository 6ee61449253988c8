"""A unit's own dates for its phases: they follow each other, its own ones first and the campaign's where it has none.

Source: campaign.md, "A campaign": each unit also issues a plan of its own, whose phase dates can differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from targets.values import Campaign, UnitPhase


@dataclass(frozen=True)
class Clash:
    """Why dates cannot be a unit's: a code, the numbers to say it with, and the sentence in English."""

    code: str
    terms: Mapping[str, str]
    sentence: str


def find_clash(campaign: Campaign, wanted: UnitPhase, *, beside: Sequence[UnitPhase] = ()) -> Clash | None:
    """Why a unit cannot have these dates beside those of its other phases; None where it can.

    `beside`: dates of its other phases that are asked for with them.
    """
    if wanted.start < campaign.start:
        return _clash(
            "before_start", f"begins on {wanted.start}, before the campaign on {campaign.start}.", limit=campaign.start
        )
    planned = campaign.phase(wanted.phase)
    if wanted.due is None and planned.due is not None:
        return _clash("no_due", "needs a due date; only an open-ended phase may do without.")
    if wanted.due is not None and wanted.due < wanted.start:
        return _clash("backwards", f"is due on {wanted.due}, before it begins on {wanted.start}.", limit=wanted.start)
    dates = {phase.key: (phase.start, phase.due) for phase in campaign.phases}
    dates |= {own.phase: (own.start, own.due) for own in campaign.unit_phases if own.unit == wanted.unit}
    dates |= {own.phase: (own.start, own.due) for own in (*beside, wanted)}
    order = [phase.key for phase in campaign.phases]
    position = order.index(wanted.phase)
    if position > 0:
        before = dates[order[position - 1]][1]
        if before is not None and wanted.start <= before:
            return _clash(
                "overlaps_before", f"begins on {wanted.start}; the phase before it runs to {before}.", limit=before
            )
    if position + 1 < len(order):
        after = dates[order[position + 1]][0]
        if wanted.due is not None and wanted.due >= after:
            return _clash(
                "overlaps_after", f"is due on {wanted.due}; the phase after it begins on {after}.", limit=after
            )
    return None


def _clash(code: str, problem: str, *, limit: date | None = None) -> Clash:
    terms = {} if limit is None else {"limit": f"{limit:%d/%m/%Y}"}
    return Clash(code, terms, f"The phase {problem}")
