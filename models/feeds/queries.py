"""Runs of sources: what each brought, what failed, what is going on, and what should exist and does not."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from apscheduler.triggers.cron import CronTrigger
from sqlmodel import Session, col, func, select

from models.core.settings import TIMEZONE
from models.core.store import filled
from models.feeds.actions import NOBODY, Gone, nobody_known
from models.tables import CampaignVersion, Run, RunClaim, SourceRow
from targets.values import Source

LOOKS_BACK = (timedelta(hours=2), timedelta(days=2), timedelta(days=32), timedelta(days=366))
"""How far back the last time of a schedule is looked for, nearest first: few steps for any schedule."""
LEAST = timedelta(microseconds=1)


def next_time(schedule: str, *, after: datetime) -> datetime | None:
    """The first time of a schedule at or after an instant; None where it never comes."""
    found: datetime | None = _trigger(schedule).get_next_fire_time(None, after.astimezone(TIMEZONE))
    return found


def last_time(schedule: str, *, by: datetime) -> datetime | None:
    """The last time of a schedule up to and including an instant; None where there was none for a year."""
    for span in LOOKS_BACK:
        times = list(times_between(schedule, by - span, by))
        if times:
            return times[-1]
    return None


def times_between(schedule: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every time of a schedule from one instant to another, both counted, in order."""
    found = next_time(schedule, after=first)
    while found is not None and found <= last:
        yield found
        found = next_time(schedule, after=found + LEAST)


@lru_cache(maxsize=128)
def _trigger(schedule: str) -> CronTrigger:
    return CronTrigger.from_crontab(schedule, timezone=TIMEZONE)


@dataclass(frozen=True)
class RunRow:
    """A run as people are shown it; `failure` is the code of a sentence that `failure_terms` fill."""

    id: int
    source: str
    """Its source's key; empty for a file that no source of the campaign sent."""
    kind: str
    for_date: date | None
    status: str
    received_at: datetime
    by: str
    file_name: str | None
    received: int
    accepted: int
    revised: int
    unchanged: int
    rejected: int
    attempts: int
    failure: str | None
    failure_terms: Mapping[str, Any]
    warnings: tuple[Mapping[str, Any], ...]
    started_machine: datetime | None
    finished_machine: datetime | None
    progress: Mapping[str, Any] | None = field(default=None)
    """What its owner is doing right now; None once it is closed."""
    path: str | None = None
    """Where a dropped file lies that was not taken in."""
    withdraws: int | None = None
    """The load that it withdraws."""
    reason: str | None = None
    payloads: int = 0
    """Raw answers kept of it, where they were counted."""

    @property
    def seconds(self) -> float | None:
        """How long it took by the machine's clock; None where it was not measured or is not over."""
        if self.started_machine is None or self.finished_machine is None:
            return None
        return (self.finished_machine - self.started_machine).total_seconds()


def run_row(run: Run, source: str | None, *, progress: Mapping[str, Any] | None = None, payloads: int = 0) -> RunRow:
    """A run of the store as people are shown it."""
    return filled(
        RunRow,
        run,
        source=source or "",
        failure_terms=run.failure_terms or {},
        warnings=tuple(run.warnings),
        progress=progress if run.status == "running" else None,
        path=run.payload_path,
        withdraws=run.withdraws_id,
        payloads=payloads,
    )


def find_run(session: Session, run_id: int) -> RunRow | None:
    """One run."""
    rows = _rows(session, col(Run.id) == run_id)
    return rows[0] if rows else None


def is_worked_on(session: Session, *, source_id: int, machine: datetime) -> bool:
    """Whether somebody works on a day of a source at this machine instant."""
    held = (RunClaim.source_id == source_id, RunClaim.owner != NOBODY, ~col(RunClaim.done))
    return session.exec(select(RunClaim.id).where(*held, RunClaim.lease_until > machine)).first() is not None


def find_runs(
    session: Session,
    *,
    source: str | None = None,
    for_date: date | None = None,
    kind: str | None = None,
    most: int = 50,
) -> list[RunRow]:
    """The newest runs first, of all sources or one."""
    wanted: list[Any] = []
    if source is not None:
        wanted.append(col(SourceRow.key) == source)
    if for_date is not None:
        wanted.append(col(Run.for_date) == for_date)
    if kind is not None:
        wanted.append(col(Run.kind) == kind)
    return _rows(session, *wanted, most=most)


def count_failures(session: Session, *, source: str, for_date: date, since: datetime) -> int:
    """How often a source's day has failed since a machine instant."""
    return session.exec(
        select(func.count())
        .select_from(Run)
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .where(
            col(SourceRow.key) == source,
            col(Run.for_date) == for_date,
            col(Run.status) == "failed",
            col(Run.started_machine) >= since,
        )
    ).one()


def find_last_start(session: Session, *, source: str) -> datetime | None:
    """When a source was asked last, by machine time; None where it never was."""
    return session.exec(
        select(func.max(Run.started_machine))
        .select_from(Run)
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .where(col(SourceRow.key) == source)
    ).one()


def _rows(session: Session, *wanted: Any, most: int = 1) -> list[RunRow]:
    statement = (
        select(Run, SourceRow.key, RunClaim.progress)
        .join(SourceRow, col(SourceRow.id) == col(Run.source_id))
        .join(RunClaim, col(RunClaim.run_id) == col(Run.id), isouter=True)
        .where(*wanted)
        .order_by(col(Run.id).desc())
        .limit(most)
    )
    return [run_row(run, source, progress=progress) for run, source, progress in _pairs(session.exec(statement).all())]


def _pairs(rows: Sequence[Any]) -> list[tuple[Run, str, Mapping[str, Any] | None]]:
    return [(run, source, progress) for run, source, progress in rows]


def find_open_days(
    session: Session, owed: Mapping[str, Sequence[date]], *, machine: datetime, is_gone: Gone = nobody_known
) -> dict[str, list[date]]:
    """Of the days each source owes those that may be asked for now, in their order.

    Left out are days that are done (reported, or recorded as lost), days somebody works on, and days whose source is to
    be left alone until later. `machine` is machine time; nobody works on a day whose owner `is_gone`.
    """
    closed = _closed_days(session, owed, machine=machine, is_gone=is_gone)
    return {key: [day for day in days if (key, day) not in closed] for key, days in owed.items()}


def _closed_days(session: Session, keys: Iterable[str], *, machine: datetime, is_gone: Gone) -> set[tuple[str, date]]:
    rows = session.exec(
        select(col(SourceRow.key), col(RunClaim.for_date), col(RunClaim.done), col(RunClaim.owner))
        .join(SourceRow, col(SourceRow.id) == col(RunClaim.source_id))
        .where(col(SourceRow.key).in_(list(keys)), col(RunClaim.done) | (col(RunClaim.lease_until) > machine))
    )
    return {(key, day) for key, day, is_done, owner in rows if is_done or owner == NOBODY or not is_gone(owner)}


def find_settings_version(session: Session) -> int:
    """Rises with every change of the campaign's settings."""
    return session.exec(select(CampaignVersion.id).order_by(col(CampaignVersion.id).desc()).limit(1)).first() or 0


def find_promised_since(session: Session, source: Source) -> datetime | None:
    """Since when the campaign's files have named a source's schedule without a break: a new source owes no past day."""
    versions = session.exec(
        select(col(CampaignVersion.recorded_at), col(CampaignVersion.content)).order_by(col(CampaignVersion.id).desc())
    )
    since = None
    for recorded_at, content in versions:
        # As it was written: a version from before these settings existed has to be read too.
        reported: list[dict[str, Any]] = content["sources"]
        then = next((known for known in reported if known["key"] == source.key), {})
        if (then.get("enabled", True), then.get("schedule")) != (source.enabled, source.schedule):
            break
        since = recorded_at
    return since
