"""The centre's targets, entered one at a time on a page: recorded and proposed from as an import does it."""

from dataclasses import dataclass, replace
from decimal import Decimal

from sqlmodel import Session

from models.actions.facts import CentralFact, record_central
from models.actions.permission import require
from models.actions.targets import propose_targets
from models.agreeing import Incomplete, check_reason, check_said, checked_target, indicator_named
from models.audit import Deed, find_state, record
from models.inputs import load_campaign
from models.queries.assigning import find_central
from targets.errors import UnknownName
from targets.permissions import Permission

EVERY_LEVEL = ""
YEARS = (2000, 2100)
"""Outside of these a year is a slip of the finger."""
NO_DOCUMENT = "Name the document that sets the central target, e.g. 766/QĐ-TTg."


@dataclass(frozen=True)
class CentralEntered:
    """What entering a central target did; the same value under the same document again changes nothing."""

    is_changed: bool
    proposed: int
    """Proposals that are new or changed because of it."""


def enter_central(
    session: Session,
    *,
    indicator: str,
    year: int,
    level: str,
    value: Decimal | None,
    document: str,
    deed: Deed,
) -> CentralEntered:
    """Enter the central target of an indicator for a year and level (empty: every level); None withdraws it.

    What the rules propose follows at once. Raises Refused, UnknownName, Incomplete.
    """
    require(session, deed, Permission.CHANGE_CAMPAIGN)
    campaign = load_campaign(session)
    ceiling = indicator_named(campaign, indicator).ceiling
    levels = [known.key for known in campaign.levels]
    if level not in (EVERY_LEVEL, *levels):
        raise UnknownName(kind="level", name=level, allowed=levels)
    if not YEARS[0] <= year <= YEARS[1]:
        raise Incomplete(f"{year} is no year of a central target.", code="year_out_of_range", year=str(year))
    number = check_said(document, "no_central_document", NO_DOCUMENT)
    check_reason(deed)
    if value is not None:
        value = checked_target(value, ceiling=ceiling)
    before = next(
        (row for row in find_central(session) if (row.indicator, row.year, row.level) == (indicator, year, level)), None
    )
    if value is None and (before is None or before.value is None):
        raise Incomplete("There is no central target here that could be withdrawn.", code="no_central_to_withdraw")
    # Its document is all that is known of where it comes from; the campaign's file says the same.
    told = "" if value is None else number
    fact = CentralFact(indicator=indicator, year=year, level=level, value=value, document=number, source_note=told)
    counts = record_central(session, [fact], is_simulated=find_state(session).simulated, deed=deed)
    if not counts.changes:
        return CentralEntered(is_changed=False, proposed=0)
    old = None if before is None else {"value": _written(before.value), "document": before.document}
    record(
        session,
        deed=replace(deed, document=number),
        action="enter_central",
        subject=" ".join(part for part in (indicator, str(year), level) if part),
        old=old,
        new={"value": _written(value)},
    )
    return CentralEntered(is_changed=True, proposed=propose_targets(session, deed=deed).proposed)


def _written(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"
