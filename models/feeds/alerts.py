"""Messages about sources: raised once each, claimed by the process that sends them, settled with what came of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlmodel import Session, col, select

from models.core.audit import ChangeContext
from models.core.clock import business_day
from models.feeds.states import FeedState
from models.tables import Alert

MessageState = Literal["sent", "waiting", "given_up", "uncertain", "superseded"]
SENDING, NOT_SENT, SUPERSEDED = "sending", "not_sent", "superseded"
"""What `Alert.failure` may hold: on its way, refused by at least one address, no longer worth sending."""
MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=5)
"""Between the first try and the second; it doubles each time, so that the last try comes half a day after the first."""
LONGEST_SENDING = timedelta(minutes=10)
"""How long a message may be on its way; afterwards its sender counts as gone, and nobody knows whether it arrived."""


def message_state(alert: Alert, *, machine: datetime) -> MessageState:
    """How it is with the sending of a message."""
    if alert.failure == SUPERSEDED:
        return "superseded"
    if alert.sent_machine is not None:
        if alert.failure != SENDING:
            return "sent"
        return "uncertain" if machine - alert.sent_machine > LONGEST_SENDING else "waiting"
    return "given_up" if alert.attempts >= MOST_TRIES else "waiting"


def next_try(alert: Alert) -> datetime | None:
    """When a message that could not be sent may be tried again; None for one that was never tried."""
    tried = alert.terms.get("tried")
    if tried is None:
        return None
    pause: timedelta = FIRST_PAUSE * 2 ** max(0, alert.attempts - 1)
    return datetime.fromisoformat(tried) + pause


def is_reported(alert: Alert) -> bool:
    """Whether anybody has, or may have, received it."""
    return alert.sent_machine is not None or bool(alert.terms.get("told"))


TROUBLES = ("late", "failing")


@dataclass(frozen=True)
class Claimed:
    """A message to be sent now, and the addresses that have it already."""

    alert_id: int
    source_id: int
    kind: str
    terms: Mapping[str, Any]
    told: frozenset[str]


def raise_alerts(session: Session, feeds: Iterable[FeedState], *, context: ChangeContext) -> int:
    """Record what has begun or ended since: late, failing, recovered; answers how many messages that makes.

    A trouble makes one message until it is over, and `recovered` follows only where one was received. A message
    about a trouble that ended before it could be sent is dropped. A source that comes and goes makes
    one message of each kind a day.
    """
    raised = 0
    for feed in feeds:
        alerts = list(session.exec(select(Alert).where(Alert.source_id == feed.source_id).order_by(col(Alert.id))))
        open_ones = _open(alerts)
        for kind in _begun(feed):
            if kind not in {alert.kind for alert in open_ones}:
                raised += _raise(session, feed, kind, alerts, context)
        if feed.is_late or feed.is_failing:
            continue
        for alert in open_ones:
            if alert.sent_machine is None:
                alert.failure = SUPERSEDED
                session.add(alert)
        # One that was switched off has not recovered.
        if feed.state != "off" and any(is_reported(alert) for alert in open_ones):
            raised += _raise(session, feed, "recovered", alerts, context)
    session.flush()
    return raised


def _begun(feed: FeedState) -> list[str]:
    return [kind for kind, holds in zip(TROUBLES, (feed.is_late, feed.is_failing), strict=True) if holds]


def _open(alerts: Iterable[Alert]) -> list[Alert]:
    """The troubles with a message sent, or about to be, since the source last recovered."""
    found: list[Alert] = []
    for alert in alerts:
        if alert.kind == "recovered":
            found = []
        elif alert.failure != SUPERSEDED:
            found.append(alert)
    return found


def _raise(session: Session, feed: FeedState, kind: str, alerts: Collection[Alert], context: ChangeContext) -> int:
    day = business_day(context.now)
    if kind == "late" and feed.expected_day is not None:
        day = feed.expected_day
    if any(alert.kind == kind and alert.for_date == day for alert in alerts):
        return 0
    session.add(Alert(source_id=feed.source_id, kind=kind, for_date=day, terms=_facts(feed), raised_at=context.now))
    return 1


def _facts(feed: FeedState) -> dict[str, Any]:
    """What the message will say, as it was when the alert was raised."""

    def written(moment: Any) -> str | None:
        return None if moment is None else moment.isoformat()

    return {
        "expected_at": written(feed.expected_at),
        "expected_day": written(feed.expected_day),
        "last_good": written(feed.last_good),
        "newest": written(feed.newest),
        "failures": feed.failures,
        "failed_at": written(feed.failed_at),
        "failure": feed.failure,
        "failure_terms": feed.failure_terms,
    }


def claim_alerts(session: Session, *, machine: datetime, context: ChangeContext) -> list[Claimed]:
    """Take every message that is to be sent now; nobody else will. `context.by` is who sends."""
    waiting = session.exec(
        select(Alert).where(col(Alert.sent_machine).is_(None), Alert.attempts < MOST_TRIES).order_by(col(Alert.id))
    )
    claimed = []
    for alert in waiting:
        at = next_try(alert)
        if alert.failure == SUPERSEDED or (at is not None and at > machine):
            continue
        alert.sent_machine, alert.failure, alert.attempts = machine, SENDING, alert.attempts + 1
        alert.terms = {**alert.terms, "tried": machine.isoformat(), "by": context.by}
        session.add(alert)
        told = frozenset(alert.terms.get("told", ()))
        claimed.append(Claimed(alert.id or 0, alert.source_id, alert.kind, dict(alert.terms), told))
    session.flush()
    return claimed


def settle_alert(
    session: Session, alert_id: int, *, told: Collection[str], missed: Collection[str], context: ChangeContext
) -> None:
    """Write down who has the message now, and which services did not take it; those are tried again.

    `told` are marks of addresses, `missed` words for people: neither holds a secret.
    """
    alert = session.exec(select(Alert).where(Alert.id == alert_id)).one()
    alert.terms = {**alert.terms, "told": sorted(told), "missed": sorted(missed), "by": context.by}
    if missed:
        alert.sent_machine, alert.failure = None, NOT_SENT
    else:
        alert.failure = None
    session.add(alert)
    session.flush()
