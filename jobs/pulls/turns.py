"""Waiting for one's turn at a store that others write to."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_fixed

from models.store import Store

Answer = TypeVar("Answer")
PATIENCE = 240.0
"""Seconds after which a turn that does not come is given up; less than a claim lasts."""


def in_turn(store: Store, change: Callable[[Session], Answer]) -> Answer:
    """Make a change as soon as the store is free. SQLite gives up after ten seconds, and a large load takes longer.

    The change may be begun several times, and only the last time counts.
    """
    for turn in Retrying(
        retry=retry_if_exception(_is_occupied),
        stop=stop_after_delay(PATIENCE),
        wait=wait_fixed(0.5),
        reraise=True,
    ):
        with turn, store.writing() as session:
            return change(session)
    raise AssertionError  # reraise says what was wrong the last time


def _is_occupied(error: BaseException) -> bool:
    return isinstance(error, OperationalError) and "database is locked" in str(error.orig)
