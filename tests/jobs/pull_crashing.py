"""Who pulls and is killed in the middle (see tests/jobs/crashing.py); its lines are `url home point`.

Its moments are each statement, each commit before and after, each file written.
"""

from pathlib import Path

from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs import sources
from jobs.pulls import archive
from models.core.store import Store
from tests.jobs.crashing import Moments, answer_each
from tests.jobs.pull_world import PullWorld, Teller, kinds_of

DAY = "8/3"


def pull(url: str, home: str, moments: Moments) -> None:
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
    world = PullWorld(url, Path(home), Store(url), teller)
    world.pull(DAY)
    moments.pass_by()
    moments.is_counting = False
    world.store.close()


if __name__ == "__main__":
    answer_each(pull)
