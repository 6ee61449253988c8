"""Open pages: how many there are and of whom, and one question every two seconds that looks after their sessions."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import anyio.to_thread

from jobs.health.limits import open_files, room_for_pages
from pages.access.session_service import SessionService

MOST_OF_A_SESSION = 50
"""Pages at most that one sign-in holds open: more than anybody looks at, too few to shut others out."""


@dataclass(frozen=True)
class Whose:
    """Under what a page is counted: a sign-in, or the address of somebody who has not signed in."""

    key: str
    is_stranger: bool


class OpenPages:
    """Counts the websockets of pages; everything here happens on the event loop."""

    def __init__(self, service: Callable[[], SessionService]) -> None:
        self._service = service
        self._open: Counter[str] = Counter()
        self._strangers = 0

    def has_room(self, whose: Whose) -> bool:
        """Whether one more page of theirs may open."""
        settings = self._service().settings
        if self._open.total() >= min(settings.most_pages, room_for_pages(open_files())):
            return False
        if whose.is_stranger:
            is_room = self._strangers < settings.most_strangers
            return is_room and self._open[whose.key] < settings.most_strangers_of_an_address
        return self._open[whose.key] < MOST_OF_A_SESSION

    @contextmanager
    def opened(self, whose: Whose) -> Iterator[None]:
        """A page is open for as long as this lasts."""
        self._open[whose.key] += 1
        self._strangers += whose.is_stranger
        try:
            yield
        finally:
            self._open[whose.key] -= 1
            self._strangers -= whose.is_stranger
            if not self._open[whose.key]:
                del self._open[whose.key]


LOG = logging.getLogger(__name__)
LOOKED_EVERY = 2.0
"""Seconds between two looks at the sessions of open pages."""


class Watch:
    """Looks after the sessions of all open pages."""

    def __init__(self, service: Callable[[], SessionService]) -> None:
        self._service = service
        self._followed: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    def follow(self, token_hash: str) -> asyncio.Event:
        """An event that is set once the session is over."""
        is_over = asyncio.Event()
        self._followed.setdefault(token_hash, set()).add(is_over)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look(), name="watch-sessions")
        return is_over

    def leave(self, token_hash: str, is_over: asyncio.Event) -> None:
        """Nobody looks at this page any more."""
        events = self._followed.get(token_hash, set())
        events.discard(is_over)
        if not events:
            self._followed.pop(token_hash, None)

    async def _look(self) -> None:
        """Ends by itself when nothing is followed."""
        while self._followed:
            await asyncio.sleep(LOOKED_EVERY)
            asked = list(self._followed)
            try:
                still_open = await anyio.to_thread.run_sync(self._service().still_open, asked)
            except Exception:  # a store that does not answer ends nobody's session: it shows no figures either
                LOG.exception("The sessions of open pages could not be looked at")
                continue
            for token_hash in asked:
                if token_hash not in still_open:
                    for is_over in self._followed.get(token_hash, ()):
                        is_over.set()
