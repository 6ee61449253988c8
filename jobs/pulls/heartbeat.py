"""The sign of life of a pull: renews its claim while it works, and writes down what it is doing, for people to see."""

import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import TracebackType
from typing import Any

from sqlalchemy.exc import DBAPIError

from jobs.fetching.values import PullFailed
from models.core.store import Store
from models.feeds.actions import Claimed, ClaimLost, keep_claim

log = logging.getLogger(__name__)
LOOK = 1.0
"""Seconds between looks at whether there is news to write down."""
BEAT = 20
"""Looks without news after which the claim is renewed all the same."""


class Heartbeat:
    """Beats in a thread of its own while a run asks and checks. It rests while the run stores: the store is locked then
    and the claim is proved in that very transaction.

    It stops by itself at the run's deadline, so that a run that hangs loses its claim like one that died.
    """

    def __init__(
        self,
        store: Store,
        claimed: Claimed,
        *,
        owner: str,
        machine: Callable[[], datetime],
        until: datetime,
        stop: threading.Event,
    ) -> None:
        self._store, self._claimed, self._owner = store, claimed, owner
        self._machine, self._until, self._stop = machine, until, stop
        self._news: Mapping[str, Any] | None = None
        self._is_new = self._is_lost = False
        self._ended = threading.Event()
        self._resting = threading.Lock()
        self._thread = threading.Thread(target=self._beat, name=f"heartbeat of run {claimed.run_id}", daemon=True)

    def tell(self, step: str, numbers: Mapping[str, int] | None = None) -> None:
        """What is being done: a step's code and its numbers. Raises PullFailed where everything is to stop."""
        self.check()
        self._news, self._is_new = {"step": step, "numbers": dict(numbers or {})}, True

    def check(self) -> None:
        """Raise PullFailed where the process is to stop, ClaimLost where somebody else has taken over.

        Either way nothing is stored and the day stays to be asked.
        """
        if self._stop.is_set():
            raise PullFailed("interrupted", is_passing=True)
        if self._is_lost:
            raise ClaimLost(
                f"The claim of run {self._claimed.run_id} was taken over by somebody else.",
                code="claim_lost",
                number=str(self._claimed.run_id),
            )

    def sleep(self, seconds: float) -> None:
        """A pause that ends at once when everything is to stop."""
        self._stop.wait(seconds)
        self.check()

    @contextmanager
    def resting(self) -> Iterator[None]:
        """While this lasts no sign is given."""
        with self._resting:
            yield

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        looks = 0
        while not self._ended.wait(LOOK):
            looks += 1
            machine = self._machine()
            if machine > self._until:
                return
            if not self._is_new and looks < BEAT:
                continue
            with self._resting:
                if not self._ended.is_set():
                    self._give_sign(machine)
            looks = 0

    def _give_sign(self, machine: datetime) -> None:
        self._is_new = False
        try:
            with self._store.writing() as session:
                self._is_lost = not keep_claim(
                    session,
                    claim_id=self._claimed.claim_id,
                    run_id=self._claimed.run_id,
                    owner=self._owner,
                    machine=machine,
                    progress=self._news,
                )
        except DBAPIError as error:
            # Somebody else's long load holds the store: the lease outlasts it, and the next look tries again.
            log.info("no sign of life could be given: %s", str(error.orig).strip().splitlines()[0])
            self._is_new = True
