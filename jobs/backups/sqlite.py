"""Backups of the embedded store: one SQLite file, copied by SQLite itself while others work."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from jobs.backups.contents import Contents
from jobs.backups.files import BackupFailed
from models.audit import find_break
from models.store import Store

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
        raise BackupFailed(f"The store could not be copied: {error}.") from error
    return contents


def read_backup(path: Path) -> Contents:
    """What a file holds, after SQLite has examined every page of it.

    Raises BackupFailed where it is damaged, or no database at all.
    """
    try:
        with closing(sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro&immutable=1", uri=True)) as file:
            said = [row[0] for row in file.execute("PRAGMA integrity_check(1)")]
            if said != ["ok"]:
                raise BackupFailed(f"{path} is damaged: {said[0]}. Take another backup.")
            return _contents(file)
    except sqlite3.Error as error:
        raise BackupFailed(f"{path} is damaged or no store: {error}. Take another backup.") from error


def check_chain(path: Path) -> None:
    """Raise BackupFailed where the audit chain of a file of this version is not whole."""
    copy = Store(f"sqlite:///{path}")
    try:
        with copy.reading() as session:
            broken = find_break(session)
    finally:
        copy.close()
    if broken is not None:
        raise BackupFailed(f"The audit chain is not whole: {broken}.")


def settle(path: Path) -> None:
    """Make a database one file, with nothing beside it."""
    with closing(_opened(path)) as file:
        file.execute("PRAGMA journal_mode = DELETE")


def set_aside(place: Path, aside: Path) -> None:
    """Move a store that nobody has open to another name, a damaged one with whatever stands beside it.

    Raises BackupFailed where somebody has it open: SQLite lets only the last one out take its log away.
    """
    try:
        settle(place)
    except sqlite3.OperationalError as error:
        raise BackupFailed(
            f"Something still uses the store ({error}). Stop the dashboard and the scheduler, then restore again."
        ) from error
    except sqlite3.DatabaseError:
        # No database any more: that is what a restore is for.
        for end in ("-wal", "-shm"):
            beside = place.with_name(place.name + end)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + end))
    place.rename(aside)


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
    simulated = False
    if {"alembic_version", "store_state"} <= set(tables):
        (version,) = file.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
        campaign, told = file.execute("SELECT campaign_key, simulated FROM store_state").fetchone() or (None, 0)
        simulated = bool(told)
    counts = {name: file.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608
    return Contents(version=version, campaign=campaign, simulated=simulated, counts=counts)
