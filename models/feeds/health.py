"""Is the store well, and what goes on in it: for `/healthz`, `doctor`, `/metrics` and the page of operations."""

from dataclasses import dataclass
from datetime import datetime

from alembic.runtime.migration import MigrationContext
from sqlalchemy import func, select
from sqlmodel import Session, col

from models.feeds.alerts import MessageState, message_state
from models.migrations import newest_version
from models.tables import Alert, Quarantined, Run, RunClaim, SourceRow

OK = "ok"


@dataclass(frozen=True)
class SourceHealth:
    """A source as the public surface shows it: no address, no name of a unit."""

    key: str
    last_good: datetime | None
    age_hours: float | None
    state: str


@dataclass(frozen=True)
class Health:
    """The state of the store and of what comes into it."""

    database: str
    migrations: str
    sources: tuple[SourceHealth, ...] = ()
    backup_age_hours: float | None = None

    @property
    def is_well(self) -> bool:
        """Whether the store can be worked with; a source that is late is no fault of it."""
        return self.database == OK and self.migrations == OK


@dataclass(frozen=True)
class Work:
    """A pull that somebody works on: since when its owner gave no sign, and until when nobody takes it over."""

    source: str
    heartbeat_at: datetime
    lease_until: datetime


def find_health(session: Session) -> Health:
    """Whether the store is at the version of this code. A database that does not answer raises its own error."""
    version = MigrationContext.configure(session.connection()).get_current_revision()
    newest = newest_version()
    return Health(database=OK, migrations=OK if version == newest else f"at {version or 'nothing'}, needs {newest}")


def count_runs(session: Session) -> dict[tuple[str, str], int]:
    """Source and status → how many runs; 0 where there were none is left out."""
    statement = (
        select(col(SourceRow.key), col(Run.status), func.count())
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .group_by(col(SourceRow.key), col(Run.status))
    )
    return {(source, status): runs for source, status, runs in session.execute(statement)}


def find_work(session: Session) -> list[Work]:
    """The pulls that have an owner, longest silent first."""
    statement = (
        select(col(SourceRow.key), col(RunClaim.heartbeat_at), col(RunClaim.lease_until))
        .join(SourceRow, col(SourceRow.id) == col(RunClaim.source_id))
        .where(~col(RunClaim.done), col(RunClaim.owner) != "")
        .order_by(col(RunClaim.heartbeat_at))
    )
    return [Work(*row) for row in session.execute(statement)]


def count_open_rows(session: Session) -> int:
    """Rows in quarantine that wait for somebody."""
    statement = select(func.count()).select_from(Quarantined).where(col(Quarantined.state) == "open")
    return int(session.scalar(statement) or 0)


def count_messages(session: Session, *, machine: datetime) -> dict[MessageState, int]:
    """How many messages about sources are in each state, of all there ever were."""
    counts: dict[MessageState, int] = {}
    for alert in session.scalars(select(Alert)):
        state = message_state(alert, machine=machine)
        counts[state] = counts.get(state, 0) + 1
    return counts
