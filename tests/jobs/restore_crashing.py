"""Who brings a backup back and is killed in the middle (see tests/jobs/crashing.py); lines: `url home file point`.

Its moments are each statement and commit, each file written, moved or removed, and each page of SQLite's own copying.
"""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from jobs.backups import postgresql, sqlite
from jobs.backups.restore import restore
from jobs.workplace import Workplace
from models.core.settings import Settings
from models.core.store import Store
from tests.jobs.crashing import Moments, answer_each

MACHINE = datetime(2030, 1, 1, tzinfo=UTC)
NOW = "2024-04-01T08:00:00+07:00"


def bring_back(url: str, home: str, file: str, moments: Moments) -> None:
    moments.is_counting = False
    for name in ("before_cursor_execute", "commit", "after_cursor_execute"):
        event.listen(Engine, name, moments.pass_by)
    for owner, name in (
        (shutil, "copyfile"),
        (Path, "replace"),
        (Path, "unlink"),
        (sqlite, "_look"),
        (sqlite, "settle"),
        (postgresql, "_check"),
    ):
        setattr(owner, name, passing(getattr(owner, name), moments))
    sqlite.PAGES = 40
    workplace = Workplace(settings=Settings(home=Path(home), database=url, now=NOW), store=Store(url), by="system:test")
    moments.is_counting = True
    restore(workplace, Path(file), replace=True, machine=MACHINE + timedelta(seconds=moments.point))
    moments.is_counting = False
    workplace.store.close()


def passing(work: Any, moments: Moments) -> Any:
    def passed(*given: Any, **named: Any) -> Any:
        moments.pass_by()
        answer = work(*given, **named)
        moments.pass_by()
        return answer

    return passed


if __name__ == "__main__":
    answer_each(bring_back)
