"""Bringing a store to the version of the code, and back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from models.store import Store
from targets.errors import StoreNotReady


def _config(store: Store) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["engine"] = store.engine
    return config


def upgrade(store: Store, *, to: str = "head") -> None:
    """Bring the store to a version, the newest by default; all or nothing.

    Raises StoreNotReady where the store comes from a newer version of the program.
    """
    _refuse_newer(find_version(store))
    command.upgrade(_config(store), to)


def downgrade(store: Store, *, to: str) -> None:
    """Take the store back to a version (`base`: no tables at all)."""
    command.downgrade(_config(store), to)


def newest_version() -> str:
    """The version this code needs."""
    return str(_scripts().get_current_head())


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return ScriptDirectory.from_config(config)


def find_version(store: Store) -> str | None:
    """The version the store is at, None where it holds no tables."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def check_version(store: Store) -> None:
    """Raise StoreNotReady where the store is not at the version of this code."""
    version = find_version(store)
    _refuse_newer(version)
    if version != newest_version():
        raise StoreNotReady(
            f"The store is at version {version or 'none'}, this code needs {newest_version()}. "
            "Run `python -m jobs init`: it upgrades a store and loses nothing.",
            code="other_version",
            version=version or "—",
            needed=newest_version(),
        )


def _refuse_newer(version: str | None) -> None:
    if version is None or version in {script.revision for script in _scripts().walk_revisions()}:
        return
    raise StoreNotReady(
        f"The store is at version {version}, which this program does not know: a newer one has been at work here. "
        "Install that version of the program, or restore a backup from before."
    )
