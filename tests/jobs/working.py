"""Processes that catch up, all at once, forked from one that a test starts: each prints the days that it pulled.

Called with URL, HOME, the day that is today, and how many there are to be.
"""

import os
import sys
import threading
from pathlib import Path

from jobs import sources
from jobs.pulls.run import Puller
from jobs.pulls.schedule import catch_up
from models.core.clock import machine_now
from models.core.store import Store
from tests.jobs.pull_world import PullWorld, Teller, kinds_of


def work(url: str, home: str, today: str) -> list[str]:
    teller = Teller()
    sources.kinds = kinds_of(teller.kind())  # type: ignore[assignment] # this process pulls nothing else
    world = PullWorld(url, Path(home), Store(url), teller)
    workplace = world.workplace(f"{today} 07:00")
    result: list[str] = []
    while len(result) < 100:
        pulled = catch_up(workplace, Puller(workplace), "igate", machine=machine_now(), stop=threading.Event(), pause=0)
        result += [one.for_date.isoformat() for one in pulled if one.is_new and one.is_good]
        if not pulled:
            break
    return result


def main(url: str, home: str, today: str, count: str) -> int:
    """Exits with how many of the processes failed."""
    starting, go = os.pipe()
    children = []
    for _ in range(int(count)):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.close(go)
                os.read(starting, 1)  # ends when all are there
                os.write(1, f"{' '.join(work(url, home, today))}\n".encode())
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    os.close(go)
    return sum(os.waitpid(child, 0)[1] != 0 for child in children)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
