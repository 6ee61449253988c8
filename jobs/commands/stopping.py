"""Commands that are asked to end while they work: Ctrl-C, or the system's own way of asking."""

import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

ASKING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping_on_signals() -> Iterator[threading.Event]:
    """While this lasts, being asked to end sets the event; asked twice, the process ends as it would have."""
    stop = threading.Event()
    before = {number: signal.getsignal(number) for number in ASKING}

    def ask(_number: int, _frame: object) -> None:
        stop.set()
        _put_back(before)

    try:
        for number in ASKING:
            signal.signal(number, ask)
        yield stop
    finally:
        _put_back(before)


def _put_back(handlers: Mapping[signal.Signals, Any]) -> None:
    for number, handler in handlers.items():
        signal.signal(number, handler)
