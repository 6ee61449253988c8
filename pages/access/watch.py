"""The sessions of open pages: looked after with one question every two seconds, however many pages there are."""

import asyncio
import logging
from collections.abc import Callable

import anyio.to_thread

from pages.access.porter import Porter

LOG = logging.getLogger(__name__)
LOOKED_EVERY = 2.0
"""Seconds between two looks at the sessions of open pages."""


class Watch:
    """Looks after the sessions of all open pages."""

    def __init__(self, porter: Callable[[], Porter]) -> None:
        self._porter = porter
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
                still_open = await anyio.to_thread.run_sync(self._porter().still_open, asked)
            except Exception:  # a store that does not answer ends nobody's session: it shows no figures either
                LOG.exception("The sessions of open pages could not be looked at")
                continue
            for token_hash in asked:
                if token_hash not in still_open:
                    for is_over in self._followed.get(token_hash, ()):
                        is_over.set()
