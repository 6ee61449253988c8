"""A process that catches up, started several times by a test: prints the days that it was the one to pull."""

import sys
import threading
from pathlib import Path

from jobs import sources
from jobs.pull import Puller
from jobs.pulls.catch_up import catch_up
from models.clock import machine_now
from models.store import Store
from tests.jobs.pull_world import PullWorld, Teller, kinds_of


def main(url: str, home: str, today: str) -> None:
    teller = Teller()
    sources.kinds = kinds_of(teller.kind())  # type: ignore[assignment] # this process pulls nothing else
    world = PullWorld(url, Path(home), Store(url), teller)
    desk = world.desk(f"{today} 07:00")
    told: list[str] = []
    while len(told) < 100:
        pulled = catch_up(desk, Puller(desk), "igate", machine=machine_now(), stop=threading.Event(), pause=0)
        told += [one.for_date.isoformat() for one in pulled if one.is_new and one.is_good]
        if not pulled:
            break
    print(*told)  # noqa: T201 - the answer


if __name__ == "__main__":
    main(*sys.argv[1:])
