"""Who changes the campaign and is killed at one of its steps (see tests/jobs/crashing.py).

Its lines are `url folder point`. Steps are each file put in its place, the store's change before and after its commit,
and the note struck out.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs.campaigns import folder as campaigns_folder
from jobs.campaigns.folder import change_files, changing, open_folder
from models.catalogue.editing import KeyEdit
from models.core.audit import ChangeContext
from models.core.settings import Settings
from models.core.store import Store
from tests.jobs.crashing import Moments, answer_each
from tests.models.conftest import at

EDITS = [
    KeyEdit("campaign.toml", ("figures", "small_volume"), 50),
    KeyEdit("indicators/online.toml", ("rule", "uplift"), Decimal(20)),
]


def change(url: str, folder: str, steps: Moments) -> None:
    steps.is_counting = False
    store = Store(url)
    replace, unlink = campaigns_folder._replace, Path.unlink

    def replaced(path: Path, content: bytes) -> None:
        replace(path, content)
        steps.pass_by()

    def unlinked(path: Path, *, missing_ok: bool = False) -> None:
        steps.pass_by()
        unlink(path, missing_ok=missing_ok)

    campaigns_folder._replace = replaced
    Path.unlink = unlinked  # type: ignore[method-assign] # the child is all there is of this process
    event.listen(Engine, "commit", steps.pass_by)
    with store.reading() as session:
        seen = open_folder(session, Settings(database=url, campaign=folder)).seen

    def carry_out() -> Any:
        with store.writing() as session:
            context = ChangeContext(by="system:test", reason="crash", now=at("9/3 08:00"))
            steps.is_counting = True
            return change_files(session, Path(folder), EDITS, seen=seen, context=context)

    changing(store, Path(folder), carry_out)


if __name__ == "__main__":
    answer_each(change)
