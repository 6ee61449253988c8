"""Messages about sources: what the row of an alert says of its sending. Sending goes by machine time."""

from datetime import datetime, timedelta
from typing import Literal

from models.tables import Alert

MessageState = Literal["sent", "waiting", "given_up", "uncertain", "superseded"]
SENDING, NOT_SENT, SUPERSEDED = "sending", "not_sent", "superseded"
"""What `Alert.failure` may hold: on its way, refused by at least one address, no longer worth sending."""
MOST_TRIES = 8
FIRST_PAUSE = timedelta(minutes=5)
"""Between the first try and the second; it doubles each time, so that the last try comes half a day after the first."""
LONGEST_SENDING = timedelta(minutes=10)
"""How long a message may be on its way; afterwards whoever sent it is gone, and nobody knows whether it arrived."""


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


def is_told(alert: Alert) -> bool:
    """Whether anybody has, or may have, received it."""
    return alert.sent_machine is not None or bool(alert.terms.get("told"))
