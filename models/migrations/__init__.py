"""Bringing a store to the version of the code.

A version is a module of `versions`, written by hand; from the first release on each is kept, and none is changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from models.core.store import Store
from targets.errors import StoreNotReady
from targets.results import CALCULATION

SCRIPTS = Path(__file__).parent
"""Alembic's entry (`env.py`) and the versions."""
LINE = 629_22_03
"""The number of PostgreSQL's advisory lock under which a store is made or upgraded."""


def _config(store: Store | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.attributes["engine"] = None if store is None else store.engine
    return config


@contextmanager
def one_at_a_time(store: Store) -> Iterator[None]:
    """While this lasts nobody else makes or upgrades the store: two first `init`s take turns.

    SQLite needs no such thing: its writers wait for each other anyway.
    """
    if store.is_sqlite:
        yield
        return
    with store.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LINE})
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": LINE})


def upgrade(store: Store) -> None:
    """Bring the store to the newest version; all or nothing. Raises StoreNotReady where no step leads there."""
    check_known(store)
    command.upgrade(_config(store), "head")


def upgrade_within(store: Store, connection: Connection) -> None:
    """Bring the store to the newest version within a transaction that is under way. Raises StoreNotReady."""
    _refuse_unknown(MigrationContext.configure(connection).get_current_revision())
    config = _config(store)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newest_version() -> str:
    """The version this code needs."""
    return str(_scripts().get_current_head())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def find_version(store: Store) -> str | None:
    """The version the store is at, None where it holds no tables."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_known(store: Store) -> None:
    """Raise StoreNotReady where no step leads from the version of the store to that of this code."""
    _refuse_unknown(find_version(store))


def check_version(store: Store, *, may_be_empty: bool = False) -> None:
    """Raise StoreNotReady where the store, or what it keeps, is not of the version of this code. Waits for no writer.

    `may_be_empty` lets a store without tables pass: the first question asked of it says more plainly what is missing.
    """
    version = _version_seen(store)
    _refuse_unknown(version)
    if version != newest_version() and not (may_be_empty and version is None):
        raise StoreNotReady(
            f"The store is at version {version or 'none'}, this code needs {newest_version()}. "
            "Run `python -m jobs init`: it upgrades a store and loses nothing.",
            code="other_version",
            version=version or "—",
            needed=newest_version(),
        )
    if version is not None:
        _refuse_other_calculation(store)


def _refuse_other_calculation(store: Store) -> None:
    """Results of another calculation are never shown, nor new ones put beside them."""
    with store.reading() as session:
        made_by = session.connection().execute(text("SELECT calculation FROM store_state")).scalar_one_or_none()
    if made_by not in (None, CALCULATION):
        raise StoreNotReady(
            f"The results in the store were made by calculation {made_by}, this code does calculation {CALCULATION}. "
            "Run `python -m jobs init`: it computes them anew and loses nothing.",
            code="other_calculation",
            made_by=str(made_by),
            needed=str(CALCULATION),
        )


def _version_seen(store: Store) -> str | None:
    """The version as a reader sees it; None where there is no store, or none that answers."""
    try:
        with store.reading() as session:
            return MigrationContext.configure(session.connection()).get_current_revision()
    except (StoreNotReady, OperationalError):
        return None


def find_obstacle(version: str) -> StoreNotReady | None:
    """Why no step leads from a version to that of this code, with the way out; None where the steps do."""
    scripts = _scripts()
    if version in {script.revision for script in scripts.walk_revisions()}:
        return None
    if version < str(scripts.get_base()):
        return StoreNotReady(
            f"The store is at version {version}, made before the first release, and cannot be upgraded. "
            "Make a new one with `python -m jobs init`, in another CAODIEM_HOME.",
            code="unreleased_store",
            version=version,
        )
    return StoreNotReady(
        f"The store is at version {version}, which this program does not know: a newer one has been at work here. "
        "Install that version of the program, or restore a backup from before.",
        code="newer_store",
        version=version,
    )


def _refuse_unknown(version: str | None) -> None:
    if version is not None and (obstacle := find_obstacle(version)) is not None:
        raise obstacle
