"""Whose password is looked at next: few at a time, as each takes 64 MiB and a core, and nobody's flood before others.

Whoever signs in on a browser that is known has a place kept; all others share the rest, each address one at a time.
Past a few who wait, others are told to come back in a moment: nobody waits for a minute without knowing why.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import anyio
import anyio.to_thread
from anyio.lowlevel import RunVar

from models.accounts.attempts import address_key
from models.accounts.sessions import Door
from targets.errors import CampaignError

Answer = TypeVar("Answer")
AT_ONCE = 2
"""Passwords looked at at the same time; the last place is kept for those who are known."""
MOST_STRANGE, MOST_KNOWN = 24, 48
"""How many may wait, their turn included: browsers that nobody knows, and those that are known."""
MOST_OF_ONE = 8
"""How many of them one address, or one browser that is known, may send."""
ONE_MOMENT = 5
"""Seconds after which it is worth asking again."""
_HASHING: RunVar["Hashing"] = RunVar("_HASHING")


class TooMany(CampaignError):
    """More passwords wait to be looked at than will be soon."""


class Hashing:
    """The places of one event loop and those who wait for them."""

    def __init__(self) -> None:
        self._places = anyio.CapacityLimiter(AT_ONCE)
        self._strange = anyio.CapacityLimiter(AT_ONCE - 1)
        self._turns: dict[str, anyio.Lock] = {}
        self._waiting: Counter[str] = Counter()

    async def look(self, work: Callable[..., Answer], *arguments: object, door: Door, is_known: bool) -> Answer:
        """Do what hashes a password when it is this door's turn.

        Raises TooMany at once where it would not be for a while.
        """
        whose = f"browser:{door.browser_hash}" if is_known and door.browser_hash else address_key(door.address)
        whose = f"{'known' if is_known else 'strange'} {whose}"
        with self._queued(whose, is_known=is_known):
            async with self._turns.setdefault(whose, anyio.Lock()):
                if is_known:
                    return await anyio.to_thread.run_sync(work, *arguments, limiter=self._places)
                async with self._strange:
                    return await anyio.to_thread.run_sync(work, *arguments, limiter=self._places)

    @contextmanager
    def _queued(self, whose: str, *, is_known: bool) -> Iterator[None]:
        queue, most = ("known", MOST_KNOWN) if is_known else ("strange", MOST_STRANGE)
        if self._waiting[queue] >= most or self._waiting[whose] >= MOST_OF_ONE:
            raise TooMany("Too many passwords are waiting to be looked at.", code="too_many_sign_ins")
        for each in (queue, whose):
            self._waiting[each] += 1
        try:
            yield
        finally:
            for each in (queue, whose):
                self._waiting[each] -= 1
            if not self._waiting[whose]:
                del self._waiting[whose]
                self._turns.pop(whose, None)


def hashing() -> Hashing:
    """That of this event loop; it cannot be made before the loop runs."""
    try:
        return _HASHING.get()
    except LookupError:
        made = Hashing()
        _HASHING.set(made)
        return made
