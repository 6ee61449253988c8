"""Asking beside the run: whoever pulls is never held up by a source that does not answer."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")
LOOK = 0.1
"""Seconds between looks at whether the run is to go on; an answer is had at once."""


class Beside(Generic[Answer]):
    """Something that is asked in a thread of its own, and left behind where the run is to end first."""

    def __init__(self, name: str, ask: Callable[[], Answer]) -> None:
        self._ask = ask
        self._answer: list[Answer] = []
        self._problem: BaseException | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def answer(self, *, check: Callable[[], None], leave: Callable[[], None]) -> Answer:
        """What is answered, or whatever it stumbles over. `check` raises where the run is to end: then `leave` is told
        to break off what is under way, and nothing of it is waited for.
        """
        self._thread.start()
        try:
            while not self._ended.wait(LOOK):
                check()
        except BaseException:
            leave()
            raise
        if self._problem is not None:
            raise self._problem
        return self._answer[0]

    def _work(self) -> None:
        try:
            self._answer.append(self._ask())
        except BaseException as problem:  # noqa: BLE001 - it is raised where it is waited for
            self._problem = problem
        finally:
            self._ended.set()
