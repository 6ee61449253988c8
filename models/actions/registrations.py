"""What a unit registers of its own: a higher target counts at once, a lower one and other dates need an approval.

Source: DOMAIN.md, section 3: a unit may register a higher target, never a lower one without the province's approval.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from models.actions.permission import require
from models.agreeing import (
    Incomplete,
    check_open,
    check_phase,
    check_reason,
    check_said,
    checked_target,
    decide,
    indicator_named,
    unit_named,
)
from models.audit import Deed, find_state, record
from models.inputs import load_campaign
from models.kept import bring_units_up_to_date
from models.tables import PhaseDates, Target, UnitRow
from targets.errors import UnknownName
from targets.own_dates import find_clash
from targets.permissions import Permission
from targets.values import Campaign, UnitPhase

NO_DOCUMENT = "Name the document of the unit's own plan, e.g. 12/KH-SGTVT."
IN_FORCE, REQUESTED, APPROVED, REFUSED = "in_force", "requested", "approved", "refused"


@dataclass(frozen=True)
class Registration:
    """A target that a unit registers, in points, under the document of its own plan."""

    unit: str
    indicator: str
    phase: str
    value: Decimal
    document: str
    document_date: date | None = None


@dataclass(frozen=True)
class Registered:
    """What became of a registration."""

    target_id: int
    state: str
    """`in_force`, or `requested` where it waits for approval."""
    assigned: Decimal | None
    """The target it stands against."""


def register_target(session: Session, wish: Registration, *, deed: Deed) -> Registered:
    """Register a unit's own target: at once where it is not below the assigned one, as a request where it is.

    A registration that still waits is replaced by the new one. Raises Refused, UnknownName, Incomplete.
    """
    unit = unit_named(session, wish.unit)
    require(session, deed, Permission.REGISTER, unit.id)
    campaign = load_campaign(session)
    indicator = indicator_named(campaign, wish.indicator)
    check_phase(campaign, wish.phase)
    document = check_said(wish.document, "no_own_document", NO_DOCUMENT)
    check_reason(deed)
    value = checked_target(wish.value, ceiling=indicator.ceiling)
    assigned = _assigned(session, unit.id or 0, wish)
    for waiting in session.exec(_versions(unit.id or 0, wish, "registered").where(Target.state == REQUESTED)):
        decide(waiting, state=REFUSED, deed=replace(deed, reason="replaced by a later registration"))
        session.add(waiting)
    state = REQUESTED if assigned is not None and value < assigned else IN_FORCE
    row = _add_version(
        session,
        unit,
        wish=wish,
        told={"value": value, "document": document, "document_date": wish.document_date, "state": state},
        deed=deed,
    )
    record(
        session,
        deed=replace(deed, document=document),
        action="register_target",
        subject=f"{unit.code} {wish.indicator} {wish.phase}",
        old={"assigned": None if assigned is None else f"{assigned:f}"},
        new={"value": f"{value:f}", "state": state},
    )
    if state == IN_FORCE:
        bring_units_up_to_date(session, [unit.id or 0])
    return Registered(target_id=row.id or 0, state=state, assigned=assigned)


def decide_registration(session: Session, target_id: int, *, is_approved: bool, seen_version: int, deed: Deed) -> None:
    """Approve or refuse a registration below the assigned target, with the reason in the deed.

    An approval is a version of its own, so that what was decided later is later. Raises Refused,
    UnknownName, DecidedMeanwhile, Incomplete.
    """
    require(session, deed, Permission.DECIDE)
    check_reason(deed)
    row = session.get(Target, target_id)
    if row is None or row.origin != "registered":
        raise UnknownName(kind="registration", name=str(target_id))
    check_open(row, state=REQUESTED, seen_version=seen_version)
    unit = session.get_one(UnitRow, row.unit_id)
    decide(row, state=APPROVED if is_approved else REFUSED, deed=deed)
    session.add(row)
    if is_approved:
        wish = Registration(unit.code, row.indicator, row.phase, row.value or Decimal(0), row.document)
        _add_version(
            session,
            unit,
            wish=wish,
            told={
                "value": row.value,
                "document": row.document,
                "document_date": row.document_date,
                "state": IN_FORCE,
                "decided_by": deed.by,
                "decided_at": deed.now,
                "decided_reason": deed.reason,
            },
            deed=replace(deed, by=row.by, reason=row.reason),
        )
    record(
        session,
        deed=deed,
        action="approve_registration" if is_approved else "refuse_registration",
        subject=f"{unit.code} {row.indicator} {row.phase}",
        new={"value": f"{row.value:f}" if row.value is not None else None, "document": row.document},
    )
    if is_approved:
        bring_units_up_to_date(session, [row.unit_id])


def request_dates(
    session: Session, *, unit: str, phase: str, start: date, due: date | None, document: str, deed: Deed
) -> int:
    """Ask for dates of the unit's own for a phase, under the document of its plan; they count once approved.

    Answers the wish's id. Raises Refused, UnknownName, and Incomplete where the dates do not follow each other.
    """
    row = unit_named(session, unit)
    require(session, deed, Permission.REGISTER, row.id)
    campaign = load_campaign(session)
    check_phase(campaign, phase)
    check_reason(deed)
    own = check_said(document, "no_own_document", NO_DOCUMENT)
    _check_dates(campaign, UnitPhase(unit=unit, phase=phase, start=start, due=due, document=own))
    for waiting in session.exec(
        select(PhaseDates).where(PhaseDates.unit_id == row.id, PhaseDates.phase == phase, PhaseDates.state == REQUESTED)
    ):
        decide(waiting, state=REFUSED, deed=replace(deed, reason="replaced by a later request"))
        session.add(waiting)
    wish = PhaseDates(
        unit_id=row.id or 0,
        phase=phase,
        start=start,
        due=due,
        document=own,
        by=deed.by,
        reason=deed.reason,
        recorded_at=deed.now,
    )
    session.add(wish)
    record(
        session,
        deed=replace(deed, document=own),
        action="request_dates",
        subject=f"{unit} {phase}",
        new={"start": start.isoformat(), "due": None if due is None else due.isoformat()},
    )
    session.flush()
    return wish.id or 0


def decide_dates(session: Session, dates_id: int, *, is_approved: bool, seen_version: int, deed: Deed) -> None:
    """Approve or refuse a unit's dates, with the reason in the deed; approved ones are held against the others anew.

    Raises Refused, UnknownName, DecidedMeanwhile, Incomplete.
    """
    require(session, deed, Permission.DECIDE)
    check_reason(deed)
    row = session.get(PhaseDates, dates_id)
    if row is None:
        raise UnknownName(kind="request", name=str(dates_id))
    check_open(row, state=REQUESTED, seen_version=seen_version)
    unit = session.get_one(UnitRow, row.unit_id)
    if is_approved:
        wanted = UnitPhase(unit=unit.code, phase=row.phase, start=row.start, due=row.due, document=row.document)
        _check_dates(load_campaign(session), wanted)
    decide(row, state=IN_FORCE if is_approved else REFUSED, deed=deed)
    session.add(row)
    session.flush()
    record(
        session,
        deed=deed,
        action="approve_dates" if is_approved else "refuse_dates",
        subject=f"{unit.code} {row.phase}",
        new={"start": row.start.isoformat(), "due": None if row.due is None else row.due.isoformat()},
    )
    if is_approved:
        bring_units_up_to_date(session, [row.unit_id])


def _check_dates(campaign: Campaign, wanted: UnitPhase) -> None:
    clash = find_clash(campaign, wanted)
    if clash is not None:
        raise Incomplete(clash.sentence, code=f"dates_{clash.code}", **clash.terms)


def _versions(unit_id: int, wish: Registration, origin: str) -> Any:
    return (
        select(Target)
        .where(
            Target.unit_id == unit_id,
            Target.indicator == wish.indicator,
            Target.phase == wish.phase,
            Target.origin == origin,
        )
        .order_by(col(Target.version).desc())
    )


def _assigned(session: Session, unit_id: int, wish: Registration) -> Decimal | None:
    """The target the office has given, issued before proposed; None where none has a value."""
    newest = (session.exec(_versions(unit_id, wish, origin)).first() for origin in ("issued", "proposed"))
    return next((target.value for target in newest if target is not None), None)


def _add_version(session: Session, unit: UnitRow, *, wish: Registration, told: dict[str, Any], deed: Deed) -> Target:
    newest: Target | None = session.exec(_versions(unit.id or 0, wish, "registered")).first()
    row = Target(
        unit_id=unit.id or 0,
        indicator=wish.indicator,
        phase=wish.phase,
        origin="registered",
        version=1 if newest is None else newest.version + 1,
        because="own_registration",
        simulated=find_state(session).simulated,
        by=deed.by,
        reason=deed.reason,
        recorded_at=deed.now,
        **told,
    )
    session.add(row)
    session.flush()
    return row
