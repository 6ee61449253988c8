"""Waiting for one's turn at a store that others write to, or that is just being started again."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlmodel import Session
from tenacity import Retrying, retry_if_exception, stop_after_delay, stop_any, stop_when_event_set, wait_fixed

from jobs.fetching.values import PullFailed
from models.core.store import Store
from targets.errors import CampaignError

Answer = TypeVar("Answer")
GONE = ("08", "57P")
"""How PostgreSQL's codes begin where the connection broke, or the server stops, starts or is being mended."""
PAUSE = 0.5
"""Seconds between two tries, beside those that SQLite waits itself."""
PATIENCE = 240.0
"""Seconds after which a turn that does not come is given up; less than a claim lasts."""


def in_turn(
    store: Store,
    change: Callable[[Session], Answer],
    *,
    stop: threading.Event | None = None,
    patience: float | None = None,
) -> Answer:
    """Make a change as soon as the store is free. SQLite gives up after ten seconds, and a large load takes longer.

    The change may be begun several times, and only the last time counts. Where everything is to `stop`, no further turn
    is waited for.
    """
    is_over = stop_after_delay(PATIENCE if patience is None else patience)
    for turn in Retrying(
        retry=retry_if_exception(is_occupied),
        stop=is_over if stop is None else stop_any(is_over, stop_when_event_set(stop)),
        wait=wait_fixed(PAUSE),
        reraise=True,
    ):
        with turn, store.writing() as session:
            return change(session)
    raise AssertionError  # reraise says what was wrong the last time


@contextmanager
def writing_in_turn(store: Store, *, waits: Callable[[], None], patience: float | None = None) -> Iterator[Session]:
    """A session for one change, as soon as the store is free; what is done in it is done once.

    `waits` is called while others hold the store. Raises StoreOccupied where they do not let go of it.
    """
    began, patience = time.monotonic(), PATIENCE if patience is None else patience
    with ExitStack() as stack:
        while True:
            try:
                session = stack.enter_context(store.writing())
                break
            except OperationalError as error:
                if not is_occupied(error):
                    raise
                if time.monotonic() - began > patience:
                    raise StoreOccupied from error
                waits()
                time.sleep(PAUSE)
        yield session


class StoreOccupied(CampaignError):
    """Others have held the store for as long as one waits for them."""

    def __init__(self) -> None:
        super().__init__(
            "Others have been writing to the store all the while, so nothing was changed. "
            "Try again when they are done.",
            code="store_occupied",
        )


def is_occupied(error: BaseException) -> bool:
    """Whether others hold the store, or its server has gone and may come back: whatever was begun was undone."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.orig, "sqlstate", "")
    has_gone = error.connection_invalidated or state is None or str(state).startswith(GONE)
    return has_gone or "database is locked" in str(error.orig)


def store_refused(error: DBAPIError) -> PullFailed:
    """The store itself did not take what was to be stored: a full disk, a file that may only be read, a server gone."""
    said = str(error.orig).strip() or type(error.orig).__name__
    return PullFailed("store_refused", is_passing=True, problem=said.splitlines()[0])
