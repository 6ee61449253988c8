"""What units and the office have agreed, and what still waits: registrations, dates, causes, checks, questions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.core.clock import business_day
from models.readings.comparing import is_disputed
from models.results.inputs import load_campaign
from models.tables import Cause, CheckRequest, ExplanationRequest, PhaseDates, Reading, Series, Target, UnitRow

Kind = Literal["registration", "dates", "cause", "check", "question"]
WAITING: dict[str, str] = {
    "registration": "requested",
    "dates": "requested",
    "cause": "stated",
    "check": "open",
    "question": "open",
}
"""The state in which each kind waits for somebody: the first four for the office, a question for the unit."""


@dataclass(frozen=True)
class Agreement:
    """One request, statement, dispute or question of a unit, with what became of it. What does not apply is None."""

    kind: Kind
    id: int
    version: int
    """To be handed back with a decision: of two people, the later one is refused."""
    unit: str
    unit_name: str
    indicator: str | None
    phase: str | None
    state: str
    text: str
    """The reason, cause, evidence or question, as it was written."""
    by: str
    at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decided_reason: str | None = None
    value: Decimal | None = None
    """The registered target in points."""
    assigned: Decimal | None = None
    """The target it stands against."""
    document: str = ""
    document_date: date | None = None
    """The day of a registration's own document, where it is known."""
    source: str = ""
    """Where a registration was reported, with what was said of it."""
    start: date | None = None
    due: date | None = None
    """The end of a phase, or the day by which something will be done."""
    deadline: date | None = None
    category: str | None = None
    action: str | None = None
    who: str | None = None
    as_of: date | None = None
    """The day of the disputed figure."""
    numerator: int | None = None
    denominator: int | None = None
    """The disputed counts."""
    together: tuple[str, ...] = ()
    """The other phases whose dates were asked for in the same request: they are decided with it."""
    proposed_numerator: int | None = None
    proposed_denominator: int | None = None

    @property
    def is_waiting(self) -> bool:
        return self.state == WAITING[self.kind]


def find_waiting(session: Session, *, units: Sequence[str] | None = None) -> list[Agreement]:
    """Everything that waits for a decision or an answer, oldest first; of some units only, where they are named."""
    return [agreement for agreement in find_agreements(session, units=units) if agreement.is_waiting]


def find_agreements(session: Session, *, units: Sequence[str] | None = None) -> list[Agreement]:
    """Everything ever registered on a page, wished, stated, disputed or asked, oldest first."""
    names = {row.id: row for row in session.exec(select(UnitRow)) if units is None or row.code in units}
    found = [
        *_registrations(session, names),
        *_dates(session, names),
        *_causes(session, names),
        *_checks(session, names),
        *_questions(session, names),
    ]
    return sorted(found, key=lambda agreement: (agreement.at, agreement.kind, agreement.id))


def find_under_review(session: Session) -> dict[tuple[str, str], date]:
    """The figures being checked: unit and indicator → the day by which it is decided."""
    statement = (
        select_columns(col(UnitRow.code), col(Series.indicator), col(CheckRequest.deadline))
        .select_from(CheckRequest)
        .join(Series, col(Series.id) == col(CheckRequest.series_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .where(col(CheckRequest.state) == "open")
    )
    return {(code, indicator): deadline for code, indicator, deadline in session.connection().execute(statement)}


TOLD = timedelta(days=7)
"""So long a decision is told on a unit's first page."""


def decided_lately(requests: Iterable[Agreement], today: date) -> list[Agreement]:
    """The disputes that were decided within a week, the newest first."""
    decided = [
        (request.decided_at, request)
        for request in requests
        if request.kind == "check"
        and request.decided_at is not None
        and today - business_day(request.decided_at) <= TOLD
    ]
    return [request for _, request in sorted(decided, key=lambda pair: pair[0], reverse=True)]


def _common(row: Any, unit: UnitRow, *, kind: Kind, text: str, at: datetime) -> dict[str, Any]:
    return {
        "kind": kind,
        "id": row.id or 0,
        "version": row.version_id,
        "unit": unit.code,
        "unit_name": unit.name,
        "state": row.state,
        "text": text,
        "by": row.by,
        "at": at,
    }


def _decided(row: Any) -> dict[str, Any]:
    return {"decided_by": row.decided_by, "decided_at": row.decided_at, "decided_reason": row.decided_reason}


def _registrations(session: Session, names: dict[int | None, UnitRow]) -> list[Agreement]:
    """Registrations; of an approved one only the request: its version in force says the same."""
    registered = session.exec(select(Target).where(Target.origin == "registered").order_by(col(Target.id))).all()
    chosen = [row for row in registered if row.unit_id in names and not (row.state == "in_force" and row.decided_by)]
    if not chosen:
        return []
    assigned: dict[tuple[int, str, str], Decimal | None] = {}
    given = select(Target).where(
        col(Target.unit_id).in_({row.unit_id for row in chosen}), col(Target.origin) != "registered"
    )
    # Proposed before issued, oldest first: what comes last is what the office has given.
    for row in sorted(session.exec(given), key=lambda target: (target.origin == "issued", target.version)):
        assigned[row.unit_id, row.indicator, row.phase] = row.value
    return [
        Agreement(
            **_common(row, names[row.unit_id], kind="registration", text=row.reason, at=row.recorded_at),
            **_decided(row),
            indicator=row.indicator,
            phase=row.phase,
            value=row.value,
            assigned=assigned.get((row.unit_id, row.indicator, row.phase)),
            document=row.document,
            document_date=row.document_date,
            source=row.source_note,
        )
        for row in chosen
    ]


def _request_of(row: PhaseDates) -> tuple[Any, ...]:
    """What dates asked for together have in common; the state too: those asked for anew since are decided apart."""
    return row.unit_id, row.document, row.recorded_at, row.state


def _dates(session: Session, names: dict[int | None, UnitRow]) -> list[Agreement]:
    rows = [row for row in session.exec(select(PhaseDates)) if row.unit_id in names]
    asked: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        asked.setdefault(_request_of(row), []).append(row.phase)
    return [
        Agreement(
            **_common(row, names[row.unit_id], kind="dates", text=row.reason, at=row.recorded_at),
            **_decided(row),
            indicator=None,
            phase=row.phase,
            document=row.document,
            start=row.start,
            due=row.due,
            together=tuple(phase for phase in asked[_request_of(row)] if phase != row.phase),
        )
        for row in rows
    ]


def _causes(session: Session, names: dict[int | None, UnitRow]) -> list[Agreement]:
    return [
        Agreement(
            **_common(row, names[row.unit_id], kind="cause", text=row.text, at=row.stated_at),
            **_decided(row),
            indicator=row.indicator,
            phase=None,
            category=row.category,
            action=row.action,
            who=row.who,
            due=row.due,
            deadline=row.ends_on,
        )
        for row in session.exec(select(Cause))
        if row.unit_id in names
    ]


def _checks(session: Session, names: dict[int | None, UnitRow]) -> list[Agreement]:
    statement = (
        select(CheckRequest, Series, Reading)
        .join(Series, col(Series.id) == col(CheckRequest.series_id))
        .join(Reading, is_disputed())
    )
    return [
        Agreement(
            **_common(row, names[series.unit_id], kind="check", text=row.evidence, at=row.stated_at),
            **_decided(row),
            indicator=series.indicator,
            phase=None,
            deadline=row.deadline,
            as_of=row.as_of,
            numerator=reading.numerator,
            denominator=reading.denominator,
            proposed_numerator=row.proposed_numerator,
            proposed_denominator=row.proposed_denominator,
        )
        for row, series, reading in session.exec(statement)
        if series.unit_id in names
    ]


def _questions(session: Session, names: dict[int | None, UnitRow]) -> list[Agreement]:
    known = {indicator.key for indicator in load_campaign(session).indicators}
    return [
        Agreement(
            **_common(row, names[row.unit_id], kind="question", text=row.question, at=row.asked_at),
            indicator=row.indicator,
            phase=None,
            deadline=row.deadline,
        )
        for row in session.exec(select(ExplanationRequest))
        if row.unit_id in names and row.indicator in known
    ]
