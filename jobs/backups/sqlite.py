"""Backups of the embedded store: one SQLite file, copied by SQLite itself while others work."""

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from jobs.backups.files import (
    BESIDE,
    END_OF_TRAIL,
    BackupFailed,
    Contents,
    check_whole,
    put_in_place,
    written_whole,
)
from models.core.store import Store

SUFFIX = ".db"
HEADER = b"SQLite format 3\x00"
PAGES = 4096
"""Copied at a time; in between others may read and write."""
WAIT_SECONDS = 10


def place_of(store: Store) -> Path:
    """The file of an embedded store."""
    return Path(str(make_url(store.url).database))


def copy_store(store: Store, to: Path) -> Contents:
    """Copy the store as it is at one moment; answers what was in it then."""
    store.check_exists()
    try:
        with closing(_opened(place_of(store))) as source, closing(sqlite3.connect(to)) as target:
            source.execute("PRAGMA query_only = ON")
            source.execute("BEGIN")
            # The copy sees this transaction's moment, whatever is written meanwhile.
            contents = _contents(source)
            source.backup(target, pages=PAGES)
            source.execute("COMMIT")
        settle(to)
    except sqlite3.Error as error:
        raise BackupFailed(f"The store could not be copied: {error}.", code="not_copied", why=str(error)) from error
    return contents


def read_backup(path: Path) -> Contents:
    """What a file holds, after SQLite has examined every page of it.

    Raises BackupFailed where it is damaged, or no database at all.
    """
    try:
        with closing(sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro&immutable=1", uri=True)) as file:
            said = [row[0] for row in file.execute("PRAGMA integrity_check(1)")]
            if said != ["ok"]:
                raise BackupFailed(
                    f"{path} is damaged: {said[0]}. Take another backup.",
                    code="backup_damaged",
                    file=str(path),
                    why=str(said[0]),
                )
            return _contents(file)
    except sqlite3.Error as error:
        raise BackupFailed(
            f"{path} is damaged or no store: {error}. Take another backup.",
            code="damaged_or_no_store",
            file=str(path),
            why=str(error),
        ) from error


def check_chain(path: Path) -> None:
    """Raise BackupFailed where the audit chain of a file of this version is not whole."""
    copy = Store(f"sqlite:///{path}")
    try:
        with copy.reading() as session:
            check_whole(session)
    finally:
        copy.close()


def settle(path: Path) -> None:
    """Make a database one file, with nothing beside it."""
    with closing(_opened(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")


def replace_store(place: Path, part: Path, aside: Path) -> bool:
    """Make the store at `place` what `part` holds, in one step; what stood there is kept at `aside`.

    An intact store is overwritten by SQLite within one of its own transactions, which is done or, after a crash, undone
    by the next program that opens it: nothing of the old one's log can ever be taken for the new one's. Answers whether
    a store stood there. Raises BackupFailed where somebody has it open.
    """
    if not place.exists():
        put_in_place(part, place)
        return False
    is_intact = _let_go(place)
    for end in ("", "-wal"):
        beside = place.with_name(place.name + end)
        if beside.exists():
            with written_whole(aside.with_name(aside.name + end)) as copy:
                shutil.copyfile(beside, copy)
    try:
        if is_intact:
            _overwrite(place, part)
            return True
    except sqlite3.OperationalError as error:
        raise BackupFailed(
            f"The store could not be replaced ({error}); it is what it was.", code="not_replaced", why=str(error)
        ) from error
    except sqlite3.DatabaseError:
        pass  # its first page is well, and others are not
    # Not a database any more: that is what a restore is for.
    for end in BESIDE:
        place.with_name(place.name + end).unlink(missing_ok=True)
    put_in_place(part, place)
    return True


def _let_go(place: Path) -> bool:
    """Make a store one file, which only its last user can do; answers whether it is a database at all."""
    try:
        settle(place)
    except sqlite3.OperationalError as error:
        raise BackupFailed(
            f"Something still uses the store ({error}). Stop the dashboard and the scheduler, then restore again.",
            code="store_in_use",
            why=str(error),
        ) from error
    except sqlite3.DatabaseError:
        return False
    return True


def _overwrite(place: Path, part: Path) -> None:
    until = time.monotonic() + WAIT_SECONDS
    with closing(_opened(place)) as store, closing(sqlite3.connect(part)) as restored:
        restored.backup(store, pages=PAGES, progress=lambda status, _left, _pages: _look(status, until))


def _look(status: int, until: float) -> None:
    """Called after each stretch, and each time somebody else is at the store: SQLite itself would wait without end."""
    if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
        raise sqlite3.OperationalError("database is locked")


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=WAIT_SECONDS)


def _contents(file: sqlite3.Connection) -> Contents:
    tables = [
        row[0]
        for row in file.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
    ]
    version = campaign = None
    simulated, trail = False, ""
    if {"alembic_version", "store_state"} <= set(tables):
        (version,) = file.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
        campaign, reported = file.execute("SELECT campaign_key, simulated FROM store_state").fetchone() or (None, 0)
        simulated = bool(reported)
        (trail,) = file.execute(END_OF_TRAIL).fetchone() or ("",)
    counts = {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
    return Contents(version=version, campaign=campaign, simulated=simulated, counts=counts, trail=trail or "")
