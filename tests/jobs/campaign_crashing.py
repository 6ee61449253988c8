"""A process that changes the campaign and is killed at one of its steps: called with URL, FOLDER and POINT.

Steps are each file put in its place, the store's change before and after its commit, and the note struck out. Prints
`ended` where the process came to its end.
"""

import os
import signal
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs import campaign_folder
from jobs.campaign_folder import change_files, changing, open_folder
from models.audit import Deed
from models.catalogue.editing import KeyEdit
from models.settings import Settings
from models.store import Store
from tests.models.conftest import at

EDITS = [
    KeyEdit("campaign.toml", ("figures", "small_volume"), 50),
    KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(20)),
]


class Steps:
    """Counts the steps, and ends the process at one of them."""

    def __init__(self, point: int) -> None:
        self.point, self.count, self.is_counting = point, 0, False

    def pass_by(self, *_: Any, **__: Any) -> None:
        self.count += self.is_counting
        if self.is_counting and self.count == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def main() -> None:
    url, folder, point = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    steps, store = Steps(point), Store(url)
    replace, unlink = campaign_folder._replace, Path.unlink

    def replaced(path: Path, content: bytes) -> None:
        replace(path, content)
        steps.pass_by()

    def unlinked(path: Path, *, missing_ok: bool = False) -> None:
        steps.pass_by()
        unlink(path, missing_ok=missing_ok)

    campaign_folder._replace = replaced
    Path.unlink = unlinked  # type: ignore[method-assign] # the process is all there is of this
    event.listen(Engine, "commit", steps.pass_by)
    with store.reading() as session:
        seen = open_folder(session, Settings(database=url, campaign=str(folder))).seen

    def carry_out() -> Any:
        with store.writing() as session:
            deed = Deed(by="system:test", reason="crash", now=at("9/3 08:00"))
            steps.is_counting = True
            return change_files(session, folder, EDITS, seen=seen, deed=deed)

    changing(store, folder, carry_out)
    print("ended")  # noqa: T201 - the answer to whoever started this


if __name__ == "__main__":
    main()
