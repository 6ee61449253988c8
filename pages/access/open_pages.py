"""How many pages are open, and of whom: each takes files that the process may open, and they end."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jobs.limits import open_files, room_for_pages
from pages.access.porter import Porter

MOST_OF_A_SESSION = 50
"""Pages at most that one sign-in holds open: more than anybody looks at, too few to shut others out."""


@dataclass(frozen=True)
class Whose:
    """Under what a page is counted: a sign-in, or the address of somebody who has not signed in."""

    key: str
    is_stranger: bool


class OpenPages:
    """Counts the websockets of pages; everything here happens on the event loop."""

    def __init__(self, porter: Callable[[], Porter]) -> None:
        self._porter = porter
        self._open: Counter[str] = Counter()
        self._strangers = 0

    def has_room(self, whose: Whose) -> bool:
        """Whether one more page of theirs may open."""
        settings = self._porter().settings
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
