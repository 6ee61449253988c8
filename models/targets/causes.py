"""Why a unit is behind: stated by the unit, confirmed or not by the coordinator, asked for by a leader.

Source: definitions.md, "Agreements".
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, find_state, record
from models.core.clock import business_day
from models.core.permission import require
from models.results.inputs import load_campaign
from models.tables import Cause, ExplanationRequest, UnitRow
from models.targets.registrations import (
    Incomplete,
    check_open,
    check_reason,
    check_said,
    decide,
    find_named_unit,
    indicator_named,
)
from targets.errors import UnknownName
from targets.permissions import Permission

CATEGORIES = ("synchronisation", "ministry_software", "no_fee", "staff", "citizens", "other")
STATED, CONFIRMED, NOT_CONFIRMED, ENDED = "stated", "confirmed", "not_confirmed", "ended"


@dataclass(frozen=True)
class Explanation:
    """A unit's cause on an indicator, what it will do, who does it, by when, and until when the cause lasts."""

    unit: str
    indicator: str
    category: str
    text: str
    action: str
    who: str
    due: date
    ends_on: date | None = None


def state_cause(session: Session, reported: Explanation, *, context: ChangeContext) -> int:
    """State why a unit is behind and what it will do; it takes the place of what was said before.

    A cause once confirmed is confirmed for what it said: the new one waits for confirmation again. Open requests to
    explain this indicator are answered by it. Answers the cause's id. Raises Refused, UnknownName, Incomplete.
    """
    unit = find_named_unit(session, reported.unit)
    require(session, context, Permission.EXPLAIN, unit.id)
    indicator_named(load_campaign(session), reported.indicator)
    if reported.category not in CATEGORIES:
        raise UnknownName(kind="cause", name=reported.category, allowed=CATEGORIES)
    today = business_day(context.now)
    if reported.due < today:
        raise Incomplete("What will be done lies ahead: give a day from today on.", code="due_in_the_past")
    if reported.ends_on is not None and reported.ends_on < today:
        raise Incomplete(
            "A cause that has ended needs no statement: give a day from today on.", code="ends_in_the_past"
        )
    before = _in_force(session, unit.id or 0, reported.indicator)
    cause = Cause(
        unit_id=unit.id or 0,
        indicator=reported.indicator,
        category=reported.category,
        text=check_said(reported.text, "no_cause_text", "Say in a sentence what the cause is."),
        action=check_said(reported.action, "no_cause_action", "Say what will be done about it."),
        who=check_said(reported.who, "no_cause_who", "Say who will do it."),
        due=reported.due,
        ends_on=reported.ends_on,
        simulated=find_state(session).simulated,
        by=context.by,
        stated_at=context.now,
    )
    session.add(cause)
    for old in before:
        decide(old, state=ENDED, context=replace(context, reason="replaced by a later statement"))
        session.add(old)
    session.flush()
    for asked in _open_requests(session, unit.id or 0, reported.indicator):
        asked.state, asked.cause_id = "answered", cause.id
        asked.version_id += 1
        session.add(asked)
    record(
        session,
        context=context,
        action="state_cause",
        subject=f"{unit.code} {reported.indicator}",
        old={"category": before[-1].category, "text": before[-1].text} if before else None,
        new={
            "category": reported.category,
            "text": cause.text,
            "action": cause.action,
            "due": reported.due.isoformat(),
        },
    )
    return cause.id or 0


def decide_cause(
    session: Session, cause_id: int, *, is_confirmed: bool, seen_version: int, context: ChangeContext
) -> None:
    """Confirm a stated cause or not, with the reason in the context.

    Raises Refused, UnknownName, DecisionConflict, Incomplete.
    """
    require(session, context, Permission.DECIDE)
    check_reason(context)
    cause = _cause(session, cause_id)
    check_open(cause, state=STATED, seen_version=seen_version)
    decide(cause, state=CONFIRMED if is_confirmed else NOT_CONFIRMED, context=context)
    session.add(cause)
    _record(session, cause, action="confirm_cause" if is_confirmed else "reject_cause", context=context)


def end_cause(session: Session, cause_id: int, *, seen_version: int, context: ChangeContext) -> None:
    """End a cause that no longer holds, stated or confirmed; the unit itself may, and the office.

    Raises Refused, UnknownName, DecisionConflict, Incomplete.
    """
    cause = _cause(session, cause_id)
    require(session, context, Permission.EXPLAIN, cause.unit_id)
    check_reason(context)
    check_open(cause, state=CONFIRMED if cause.state == CONFIRMED else STATED, seen_version=seen_version)
    decide(cause, state=ENDED, context=context)
    session.add(cause)
    _record(session, cause, action="end_cause", context=context)


def ask_for_explanation(
    session: Session, *, unit: str, indicator: str, question: str, deadline: date, context: ChangeContext
) -> int:
    """Ask a unit to explain itself on an indicator by a day; asking again moves the open request.

    Answers the request's id. Raises Refused, UnknownName, Incomplete.
    """
    row = find_named_unit(session, unit)
    require(session, context, Permission.ASK_EXPLANATION, row.id)
    indicator_named(load_campaign(session), indicator)
    asked = check_said(question, "no_question", "Write what the unit is to explain.")
    if deadline < business_day(context.now):
        raise Incomplete("A deadline lies ahead: give a day from today on.", code="deadline_in_the_past")
    for old in _open_requests(session, row.id or 0, indicator):
        old.state = "withdrawn"
        old.version_id += 1
        session.add(old)
    request = ExplanationRequest(
        unit_id=row.id or 0, indicator=indicator, question=asked, deadline=deadline, by=context.by, asked_at=context.now
    )
    session.add(request)
    record(
        session,
        context=context,
        action="ask_for_explanation",
        subject=f"{unit} {indicator}",
        new={"question": asked, "deadline": deadline.isoformat()},
    )
    session.flush()
    return request.id or 0


def _cause(session: Session, cause_id: int) -> Cause:
    cause = session.get(Cause, cause_id)
    if cause is None:
        raise UnknownName(kind="cause", name=str(cause_id))
    return cause


def _in_force(session: Session, unit_id: int, indicator: str) -> list[Cause]:
    statement = (
        select(Cause)
        .where(Cause.unit_id == unit_id, Cause.indicator == indicator, col(Cause.state).in_((STATED, CONFIRMED)))
        .order_by(col(Cause.id))
    )
    return list(session.exec(statement))


def _open_requests(session: Session, unit_id: int, indicator: str) -> list[ExplanationRequest]:
    statement = select(ExplanationRequest).where(
        ExplanationRequest.unit_id == unit_id,
        ExplanationRequest.indicator == indicator,
        ExplanationRequest.state == "open",
    )
    return list(session.exec(statement))


def _record(session: Session, cause: Cause, *, action: str, context: ChangeContext) -> None:
    unit = session.get_one(UnitRow, cause.unit_id)
    record(
        session,
        context=context,
        action=action,
        subject=f"{unit.code} {cause.indicator}",
        new={"cause": cause.id, "category": cause.category, "state": cause.state},
    )
