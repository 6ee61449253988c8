"""A process that pulls and is killed in the middle: started by the tests, one child for each point.

Reads lines `url home point` on standard input. For each it forks a child that pulls a day and is killed by SIGKILL at
the so-manyth moment at which it touches the store or a file; answers `killed`, or `ended MOMENTS` where the child came
to its end. Point 0 lets it live.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs import sources
from jobs.pulls import archive
from models.store import Store
from tests.jobs.pull_world import PullWorld, Teller, kinds_of
from tests.models.conftest import day

DAY = "8/3"


class Moments:
    """Counts the moments, and ends the process at one of them."""

    def __init__(self, point: int) -> None:
        self.point, self.count = point, 0

    def pass_by(self, *_: Any, **__: Any) -> None:
        self.count += 1
        if self.count == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def pull(url: str, home: Path, point: int, answer: int) -> None:
    """What the child does; its moments are each statement, each commit before and after, each file written."""
    moments = Moments(point)
    for name in ("before_cursor_execute", "commit", "after_cursor_execute"):
        event.listen(Engine, name, moments.pass_by)
    write = archive.Archive.keep

    def keep(self: archive.Archive, address: str, status: int | None, body: bytes) -> None:
        moments.pass_by()
        write(self, address, status, body)
        moments.pass_by()

    archive.Archive.keep = keep  # type: ignore[method-assign] # the child is all there is of this process
    teller = Teller()
    sources.kinds = kinds_of(teller.kind())  # type: ignore[assignment] # as above
    world = PullWorld(url, home, Store(url), teller)
    world.pull(DAY)
    moments.pass_by()
    os.write(answer, str(moments.count).encode())
    world.store.close()


def main() -> None:
    for line in sys.stdin:
        url, home, point = line.rstrip("\n").split("\t")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                pull(url, Path(home), int(point), writing)
            finally:
                os._exit(0)
        os.close(writing)
        told = os.read(reading, 100).decode()
        os.close(reading)
        _, status = os.waitpid(child, 0)
        is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if is_killed else f"ended {told}", flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    day(DAY)
    main()
