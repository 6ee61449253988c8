"""Waiting for one's turn at a store that others write to."""

import threading
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from tenacity import Retrying, retry_if_exception, stop_after_delay, stop_any, stop_when_event_set, wait_fixed

from models.store import Store

Answer = TypeVar("Answer")
PATIENCE = 240.0
"""Seconds after which a turn that does not come is given up; less than a claim lasts."""


def in_turn(
    store: Store,
    change: Callable[[Session], Answer],
    *,
    stop: threading.Event | None = None,
    patience: float = PATIENCE,
) -> Answer:
    """Make a change as soon as the store is free. SQLite gives up after ten seconds, and a large load takes longer.

    The change may be begun several times, and only the last time counts. Where everything is to `stop`, no further turn
    is waited for.
    """
    is_over = stop_after_delay(patience)
    for turn in Retrying(
        retry=retry_if_exception(is_occupied),
        stop=is_over if stop is None else stop_any(is_over, stop_when_event_set(stop)),
        wait=wait_fixed(0.5),
        reraise=True,
    ):
        with turn, store.writing() as session:
            return change(session)
    raise AssertionError  # reraise says what was wrong the last time


def is_occupied(error: BaseException) -> bool:
    """Whether others held the store for as long as was waited."""
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)
