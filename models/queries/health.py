"""Is the store well: what `/healthz` and `doctor` tell."""

from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext
from sqlmodel import Session

from models.migrations import newest_version

OK = "ok"


@dataclass(frozen=True)
class Health:
    """The state of the store. `sources` and `backup_age_hours` belong to parts that do not exist yet."""

    database: str
    migrations: str
    sources: tuple[str, ...] = ()
    backup_age_hours: float | None = None


def find_health(session: Session) -> Health:
    """Whether the store is at the version of this code. A database that does not answer raises its own error."""
    version = MigrationContext.configure(session.connection()).get_current_revision()
    newest = newest_version()
    return Health(database=OK, migrations=OK if version == newest else f"at {version or 'nothing'}, needs {newest}")
