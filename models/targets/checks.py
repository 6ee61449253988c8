"""Requests to check a figure (đề nghị rà soát số liệu): disputed with evidence, decided by a deadline.

Source: definitions.md, "Agreements". The outcome is a revision of the figure or a refusal with a reason.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, record
from models.core.clock import business_day
from models.core.columns import day_number
from models.core.permission import require
from models.feeds.withdrawn import which_count
from models.readings.loading import Arrival, load_readings
from models.results.series import IN_FORCE_FIRST
from models.tables import Announcement, CheckRequest, LatestReading, Reading, Series, SourceRow, UnitRow
from models.targets.registrations import Incomplete, check_open, check_reason, check_said, decide, find_named_unit
from targets.errors import UnknownName
from targets.permissions import Permission

OPEN, REVISED, REFUSED = "open", "revised", "refused"


@dataclass(frozen=True)
class Dispute:
    """What a unit holds against its newest judged figure, or the one announced; the counts are those it believes
    right, where it knows. While figures are announced the deadline is theirs."""

    unit: str
    indicator: str
    evidence: str
    deadline: date
    numerator: int | None = None
    denominator: int | None = None


def request_check(session: Session, dispute: Dispute, *, context: ChangeContext) -> int:
    """Ask for a unit's newest judged figure of an indicator to be checked; until decided it is marked everywhere.

    While figures are announced and their deadline is not over, it is the figure announced, and the deadline theirs.
    Raises Refused, UnknownName, and Incomplete where there is no figure, nothing speaks against it, or it is being
    checked already. Answers the request's id.
    """
    unit = find_named_unit(session, dispute.unit)
    require(session, context, Permission.DISPUTE, unit.id)
    evidence = check_said(dispute.evidence, "no_evidence", "Say what speaks against the figure, and where to see it.")
    today = business_day(context.now)
    announced = find_open_window(session, today=today)
    deadline = dispute.deadline if announced is None else announced.deadline
    if deadline < today:
        raise Incomplete("A deadline lies ahead: give a day from today on.", code="deadline_in_the_past")
    _check_counts(dispute.numerator, dispute.denominator)
    judged = _judged(session, unit.id, dispute.indicator, by=None if announced is None else announced.as_of)
    if judged is None:
        raise Incomplete(
            f"{unit.code} has no figure of {dispute.indicator} that could be checked.",
            code="nothing_to_check",
            unit=unit.name,
        )
    open_already = select(CheckRequest).where(CheckRequest.series_id == judged.series_id, CheckRequest.state == OPEN)
    if session.exec(open_already).first() is not None:
        raise Incomplete(
            f"A figure of {unit.code} on {dispute.indicator} is being checked already.",
            code="already_checked",
            unit=unit.name,
        )
    request = CheckRequest(
        series_id=judged.series_id,
        period_start=judged.period_start,
        as_of=judged.as_of,
        revision=judged.revision,
        evidence=evidence,
        proposed_numerator=dispute.numerator,
        proposed_denominator=dispute.denominator,
        deadline=deadline,
        by=context.by,
        stated_at=context.now,
    )
    session.add(request)
    session.flush()
    record(
        session,
        context=context,
        action="request_check",
        subject=f"{unit.code} {dispute.indicator}",
        new={"as_of": judged.as_of.isoformat(), "evidence": evidence, "deadline": deadline.isoformat()},
    )
    return request.id or 0


def find_open_window(session: Session, *, today: date) -> Announcement | None:
    """What is announced, as long as its deadline is not over."""
    is_open = select(Announcement).where(Announcement.state == OPEN, col(Announcement.deadline) >= today)
    return session.exec(is_open).first()


def _judged(
    session: Session, unit_id: int | None, indicator: str, *, by: date | None
) -> LatestReading | Reading | None:
    """The newest judged reading, or that of its series which held on a day."""
    newest = session.get(LatestReading, (unit_id, indicator))
    if newest is None or by is None or newest.as_of <= by:
        return newest
    held = select(Reading).where(
        Reading.series_id == newest.series_id, col(Reading.as_of) <= by, *which_count(session, col(Reading.run_id))
    )
    return session.exec(held.order_by(col(Reading.as_of).desc(), *IN_FORCE_FIRST)).first()


def revise_figure(
    session: Session, request_id: int, *, numerator: int, denominator: int, seen_version: int, context: ChangeContext
) -> None:
    """Decide for the unit: the figure gets a revision with these counts, the old one stays beside it.

    Raises Refused, UnknownName, DecisionConflict, Incomplete.
    """
    request, series = _open_request(session, request_id, seen_version=seen_version, context=context)
    _check_counts(numerator, denominator)
    source = session.get_one(SourceRow, series.source_id)
    frame = pd.DataFrame(
        {
            "unit_id": [series.unit_id],
            "indicator": [series.indicator],
            "as_of": [day_number(request.as_of)],
            "scope": [series.scope],
            "numerator": [numerator],
            "denominator": [denominator],
            "value": [np.nan],
            "qualifier": [None],
        }
    )
    newest = session.exec(
        select(Reading)
        .where(
            Reading.series_id == request.series_id,
            Reading.period_start == request.period_start,
            Reading.as_of == request.as_of,
            *which_count(session, col(Reading.run_id)),
        )
        .order_by(*IN_FORCE_FIRST)
    ).first()
    if newest is not None and (newest.numerator, newest.denominator) == (numerator, denominator):
        raise Incomplete("These are the counts that stand there now: refuse the request instead.", code="same_counts")
    load_readings(session, [frame], arrival=Arrival(kind="readings", source=source.key, received=1), context=context)
    _settle(session, request, series, state=REVISED, context=context)


def refuse_check(session: Session, request_id: int, *, seen_version: int, context: ChangeContext) -> None:
    """Decide against the unit, with the reason in the context: the figure stays.

    Raises Refused, UnknownName, DecisionConflict, Incomplete.
    """
    request, series = _open_request(session, request_id, seen_version=seen_version, context=context)
    _settle(session, request, series, state=REFUSED, context=context)


def _check_counts(numerator: int | None, denominator: int | None) -> None:
    if numerator is None and denominator is None:
        return
    if numerator is None or denominator is None or not 0 <= numerator <= denominator:
        raise Incomplete(
            "Give both counts, the first no larger than the second.",
            code="counts_do_not_fit",
        )


def _open_request(
    session: Session, request_id: int, *, seen_version: int, context: ChangeContext
) -> tuple[CheckRequest, Series]:
    require(session, context, Permission.DECIDE)
    check_reason(context)
    request = session.get(CheckRequest, request_id)
    if request is None:
        raise UnknownName(kind="request", name=str(request_id))
    check_open(request, state=OPEN, seen_version=seen_version)
    return request, session.get_one(Series, request.series_id)


def _settle(session: Session, request: CheckRequest, series: Series, *, state: str, context: ChangeContext) -> None:
    decide(request, state=state, context=context)
    session.add(request)
    unit = session.get_one(UnitRow, series.unit_id)
    record(
        session,
        context=context,
        action="revise_figure" if state == REVISED else "refuse_check",
        subject=f"{unit.code} {series.indicator}",
        new={"as_of": request.as_of.isoformat(), "state": state},
    )
