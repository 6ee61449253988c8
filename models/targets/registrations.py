"""What a unit registers of its own: a higher target counts at once, a lower one and other dates need an approval."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, find_state, record
from models.core.permission import require
from models.core.settings import TIMEZONE
from models.readings.records import BECAUSE
from models.results.inputs import Units, load_campaign, load_units, phases_of_units
from models.results.kept import bring_units_up_to_date
from models.tables import PhaseDates, Target, UnitRow
from targets.errors import CampaignError, UnknownName, WrongUse
from targets.own_dates import find_clash
from targets.permissions import Permission
from targets.rules import as_kept, is_stricter
from targets.values import LARGEST, Campaign, Indicator, UnitPhase

FULL = 100


class Incomplete(WrongUse):
    """Something that must be said is missing or cannot be; the text says what."""


class DecisionConflict(CampaignError):
    """Somebody else has changed or decided it since it was opened; the text says who and when."""


def changed_meanwhile() -> DecisionConflict:
    """The refusal where somebody has changed it since, and decided nothing."""
    return DecisionConflict(
        "It was changed after you opened it. Look at it again, then decide. Nothing was changed by you.",
        code="changed_meanwhile",
    )


def decided_meanwhile(*, by: str, at: datetime, reason: str) -> DecisionConflict:
    """The refusal where somebody has decided it since."""
    when = f"{at.astimezone(TIMEZONE):%d/%m/%Y %H:%M}"
    return DecisionConflict(
        f"{by} decided it at {when} ({reason}). Nothing was changed by you.",
        code="decided_meanwhile",
        by=by,
        when=when,
        reason=reason,
    )


class Decidable(Protocol):
    """A row that one person writes and another decides."""

    id: int | None
    state: str
    version_id: int
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None


def find_named_unit(session: Session, code: str) -> UnitRow:
    """The unit with a code. Raises UnknownName."""
    unit = session.exec(select(UnitRow).where(UnitRow.code == code)).one_or_none()
    if unit is None:
        raise UnknownName(kind="unit", name=code)
    return unit


def indicator_named(campaign: Campaign, key: str) -> Indicator:
    """The indicator with a key. Raises UnknownName."""
    if key not in (known := [indicator.key for indicator in campaign.indicators]):
        raise UnknownName(kind="indicator", name=key, allowed=known)
    return campaign.indicator(key)


def check_phase(campaign: Campaign, key: str) -> None:
    """Raise UnknownName for a phase the campaign does not have."""
    if key not in (known := [phase.key for phase in campaign.phases]):
        raise UnknownName(kind="phase", name=key, allowed=known)


def check_there(campaign: Campaign, units: Units, unit: UnitRow, phase: str, *, context: ChangeContext) -> None:
    """Raise Incomplete where one of the units has ended, or does not exist in the phase: it is given no target."""
    if (unit.id or 0, phase) not in phases_of_units(campaign, units, today=today_of(context)):
        raise Incomplete(
            f"{unit.name} has ended, or does not exist in the phase {phase}: it is given no target there.",
            code="unit_not_there",
            unit=unit.name,
        )


def today_of(context: ChangeContext) -> date:
    """The day on which something is changed, in Vietnam."""
    return context.now.astimezone(TIMEZONE).date()


def checked_target(value: Decimal, indicator: Indicator) -> Decimal:
    """A target of an indicator in its measure, to six decimals. Raises Incomplete where it cannot be one."""
    if not indicator.measure.is_rate:
        is_one = value.is_finite() and 0 <= value <= LARGEST
        if not is_one or (indicator.measured_in == "count" and value != value.to_integral_value()):
            code = "target_no_count" if indicator.measured_in == "count" else "target_no_days"
            raise Incomplete(f"“{value}” is no target counted in {indicator.measured_in}.", code=code)
    elif indicator.lower_is_better:
        _check_at_most(value, indicator)
    elif not value.is_finite() or not 0 < value <= indicator.best:
        ceiling = f"{indicator.best:f}"
        sentence = f"A target lies above 0 and up to {ceiling} percent."
        raise Incomplete(sentence, code="target_out_of_range", ceiling=ceiling)
    return as_kept(value)


def _check_at_most(value: Decimal, indicator: Indicator) -> None:
    floor = f"{indicator.best:f}"
    if not value.is_finite() or not indicator.best <= value < FULL:
        sentence = f"A target lies at {floor} percent or above, and below 100."
        raise Incomplete(sentence, code="target_below_floor", floor=floor)


def check_said(said: str, code: str, sentence: str) -> str:
    """What was written, without blanks around it. Raises Incomplete where it is nothing."""
    if not said.strip():
        raise Incomplete(sentence, code=code)
    return said.strip()


def check_reason(context: ChangeContext) -> None:
    """Raise Incomplete where nobody says why."""
    check_said(context.reason, "no_reason", "Say why: the reason stays beside the decision.")


def check_open(row: Decidable, *, state: str, seen_version: int) -> None:
    """Raise DecisionConflict unless the row still waits, as the person has seen it."""
    if row.state == state and row.version_id == seen_version:
        return
    if row.decided_by is None or row.decided_at is None:
        raise changed_meanwhile()
    raise decided_meanwhile(by=row.decided_by, at=row.decided_at, reason=row.decided_reason or "")


def decide(row: Decidable, *, state: str, context: ChangeContext) -> None:
    """Note who decided what, when and why."""
    row.state = state
    row.decided_by, row.decided_at, row.decided_reason = context.by, context.now, context.reason
    row.version_id += 1


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


def register_target(session: Session, request: Registration, *, context: ChangeContext) -> Registered:
    """Register a unit's own target: at once where it asks no less than the assigned one, as a request where it does.

    A registration that still waits is replaced by the new one. Raises Refused, UnknownName, Incomplete.
    """
    unit = find_named_unit(session, request.unit)
    require(session, context, Permission.REGISTER, unit.id)
    campaign = load_campaign(session)
    indicator = indicator_named(campaign, request.indicator)
    check_phase(campaign, request.phase)
    document = check_said(request.document, "no_own_document", NO_DOCUMENT)
    check_reason(context)
    value = checked_target(request.value, indicator)
    check_there(campaign, load_units(session, campaign), unit, request.phase, context=context)
    assigned = _assigned(session, unit.id or 0, request)
    for waiting in session.exec(_versions(unit.id or 0, request, "registered").where(Target.state == REQUESTED)):
        decide(waiting, state=REFUSED, context=replace(context, reason="replaced by a later registration"))
        session.add(waiting)
    is_easier = assigned is not None and is_stricter(assigned, value, lower_is_better=indicator.lower_is_better)
    state = REQUESTED if is_easier else IN_FORCE
    row = _add_version(
        session,
        unit,
        request=request,
        reported={"value": value, "document": document, "document_date": request.document_date, "state": state},
        context=context,
    )
    record(
        session,
        context=replace(context, document=document),
        action="register_target",
        subject=f"{unit.code} {request.indicator} {request.phase}",
        old={"assigned": None if assigned is None else f"{assigned:f}"},
        new={"value": f"{value:f}", "state": state},
    )
    if state == IN_FORCE:
        bring_units_up_to_date(session, [unit.id or 0])
    return Registered(target_id=row.id or 0, state=state, assigned=assigned)


def decide_registration(
    session: Session, target_id: int, *, is_approved: bool, seen_version: int, context: ChangeContext
) -> None:
    """Approve or refuse a registration below the assigned target, with the reason in the context.

    An approval is a version of its own, so that what was decided later is later. Raises Refused,
    UnknownName, DecisionConflict, Incomplete.
    """
    require(session, context, Permission.DECIDE)
    check_reason(context)
    row = session.get(Target, target_id)
    if row is None or row.origin != "registered":
        raise UnknownName(kind="registration", name=str(target_id))
    check_open(row, state=REQUESTED, seen_version=seen_version)
    unit = session.get_one(UnitRow, row.unit_id)
    decide(row, state=APPROVED if is_approved else REFUSED, context=context)
    session.add(row)
    if is_approved:
        request = Registration(unit.code, row.indicator, row.phase, row.value or Decimal(0), row.document)
        _add_version(
            session,
            unit,
            request=request,
            reported={
                "value": row.value,
                "document": row.document,
                "document_date": row.document_date,
                "state": IN_FORCE,
                "decided_by": context.by,
                "decided_at": context.now,
                "decided_reason": context.reason,
            },
            context=replace(context, by=row.by, reason=row.reason),
        )
    record(
        session,
        context=context,
        action="approve_registration" if is_approved else "refuse_registration",
        subject=f"{unit.code} {row.indicator} {row.phase}",
        new={"value": f"{row.value:f}" if row.value is not None else None, "document": row.document},
    )
    if is_approved:
        bring_units_up_to_date(session, [row.unit_id])


def request_dates(
    session: Session,
    *,
    unit: str,
    phase: str,
    start: date,
    due: date | None,
    document: str,
    beside: Sequence[UnitPhase] = (),
    context: ChangeContext,
) -> int:
    """Ask for dates of the unit's own for a phase, under the document of its plan; they count once approved.

    `beside`: those of its other phases that are asked for at the same moment, and will be decided together with it.
    Answers the request's id. Raises Refused, UnknownName, and Incomplete where the dates do not follow each other.
    """
    row = find_named_unit(session, unit)
    require(session, context, Permission.REGISTER, row.id)
    campaign = load_campaign(session)
    check_phase(campaign, phase)
    check_reason(context)
    own = check_said(document, "no_own_document", NO_DOCUMENT)
    _check_dates(campaign, UnitPhase(unit=unit, phase=phase, start=start, due=due, document=own), beside=beside)
    for waiting in session.exec(
        select(PhaseDates).where(PhaseDates.unit_id == row.id, PhaseDates.phase == phase, PhaseDates.state == REQUESTED)
    ):
        decide(waiting, state=REFUSED, context=replace(context, reason="replaced by a later request"))
        session.add(waiting)
    request = PhaseDates(
        unit_id=row.id or 0,
        phase=phase,
        start=start,
        due=due,
        document=own,
        by=context.by,
        reason=context.reason,
        recorded_at=context.now,
    )
    session.add(request)
    record(
        session,
        context=replace(context, document=own),
        action="request_dates",
        subject=f"{unit} {phase}",
        new={"start": start.isoformat(), "due": None if due is None else due.isoformat()},
    )
    session.flush()
    return request.id or 0


def decide_dates(
    session: Session, dates_id: int, *, is_approved: bool, seen_version: int, context: ChangeContext
) -> None:
    """Approve or refuse a unit's dates, with the reason in the context: those of one request together.

    On approval all its dates are checked again. Raises Refused, UnknownName, DecisionConflict, Incomplete.
    """
    require(session, context, Permission.DECIDE)
    check_reason(context)
    row = session.get(PhaseDates, dates_id)
    if row is None:
        raise UnknownName(kind="request", name=str(dates_id))
    check_open(row, state=REQUESTED, seen_version=seen_version)
    unit = session.get_one(UnitRow, row.unit_id)
    of_request = (
        PhaseDates.unit_id == row.unit_id,
        PhaseDates.state == REQUESTED,
        PhaseDates.document == row.document,
        PhaseDates.recorded_at == row.recorded_at,
    )
    rows = session.exec(select(PhaseDates).where(*of_request).order_by(col(PhaseDates.id))).all()
    wanted = [
        UnitPhase(unit=unit.code, phase=each.phase, start=each.start, due=each.due, document=each.document)
        for each in rows
    ]
    if is_approved:
        campaign = load_campaign(session)
        for dates in wanted:
            _check_dates(campaign, dates, beside=wanted)
    for each in rows:
        decide(each, state=IN_FORCE if is_approved else REFUSED, context=context)
        session.add(each)
        session.flush()
        record(
            session,
            context=context,
            action="approve_dates" if is_approved else "refuse_dates",
            subject=f"{unit.code} {each.phase}",
            new={"start": each.start.isoformat(), "due": None if each.due is None else each.due.isoformat()},
        )
    if is_approved:
        bring_units_up_to_date(session, [row.unit_id])


def _check_dates(campaign: Campaign, wanted: UnitPhase, *, beside: Sequence[UnitPhase]) -> None:
    clash = find_clash(campaign, wanted, beside=beside)
    if clash is not None:
        raise Incomplete(clash.sentence, code=f"dates_{clash.code}", **clash.terms)


def _versions(unit_id: int, request: Registration, origin: str) -> Any:
    return (
        select(Target)
        .where(
            Target.unit_id == unit_id,
            Target.indicator == request.indicator,
            Target.phase == request.phase,
            Target.origin == origin,
        )
        .order_by(col(Target.version).desc())
    )


def _assigned(session: Session, unit_id: int, request: Registration) -> Decimal | None:
    """The target the office has given, issued before proposed; None where none has a value."""
    newest = (session.exec(_versions(unit_id, request, origin)).first() for origin in ("issued", "proposed"))
    return next((target.value for target in newest if target is not None), None)


def _add_version(
    session: Session, unit: UnitRow, *, request: Registration, reported: dict[str, Any], context: ChangeContext
) -> Target:
    newest: Target | None = session.exec(_versions(unit.id or 0, request, "registered")).first()
    row = Target(
        unit_id=unit.id or 0,
        indicator=request.indicator,
        phase=request.phase,
        origin="registered",
        version=1 if newest is None else newest.version + 1,
        because=BECAUSE["registered"],
        simulated=find_state(session).simulated,
        by=context.by,
        reason=context.reason,
        recorded_at=context.now,
        **reported,
    )
    session.add(row)
    session.flush()
    return row
