"""Backup: a consistent copy of the store, verified after writing (`jobs.backups.restore` brings it back).

A backup holds the whole store: figures with their revisions, targets, settings, accounts, the audit chain. The archive
of raw answers is not part of it: it stands as files in the home and is copied like any other folder.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

from jobs.backups import postgresql, sqlite
from jobs.backups.files import (
    Backup,
    BackupFailed,
    Contents,
    alone,
    backup_folder,
    backup_name,
    find_backups,
    remember_elsewhere,
    remove_old,
    written_whole,
)
from jobs.pulls.turns import in_turn
from jobs.workplace import Step, Tell, Workplace
from models import migrations
from models.core.clock import business_day, machine_now
from models.core.state import find_state
from models.core.store import Store
from models.core.trail import record_backup

LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class BackupReport:
    """A backup that was written and verified."""

    file: str
    campaign: str
    version: str
    tables: int
    rows: int
    size: int
    at: datetime
    trail: str
    """The end of the audit trail in it: what `doctor --against` asks of the store later."""
    swept: tuple[str, ...]
    """What a backup or restore that was broken off had left there; it was removed."""


def back_up(
    workplace: Workplace,
    destination: Path,
    *,
    by_hand: bool = True,
    machine: datetime | None = None,
    tell: Tell = lambda _: None,
) -> BackupReport:
    """Copy the store to a file, or under a name of its own into a folder, and verify the copy.

    A backup by hand is noted in the audit trail: somebody took a copy of everything. Raises BackupFailed.
    """
    at = machine or machine_now()
    with workplace.store.reading() as session:
        campaign = find_state(session).campaign_key
    path = destination
    if destination.is_dir() or not destination.suffix:
        path = destination / backup_name(campaign, at, engine_of(workplace.store).SUFFIX)
    is_elsewhere = path.parent.resolve() != backup_folder(workplace.settings).resolve()
    with alone(path.parent, waits=tell) as swept:
        found = _copied(workplace, path, tell)
    if is_elsewhere:
        remember_elsewhere(workplace.settings, Backup(path.resolve(), campaign, at))
    if by_hand:
        context = workplace.context("backup")
        in_turn(
            workplace.store, lambda session: record_backup(session, file=path.name, rows=found.rows, context=context)
        )
    return _report(path, campaign, found, at, swept or [])


def _copied(workplace: Workplace, path: Path, tell: Tell) -> Contents:
    """Write a backup and verify it. Raises BackupFailed, and keeps nothing of it."""
    engine = engine_of(workplace.store)
    with written_whole(path) as part:
        tell(Step("copying"))
        reported: Contents = engine.copy_store(workplace.store, part)
        tell(Step("verifying"))
        found: Contents = engine.read_backup(part)
        if found != reported:
            differing = _difference(reported, found)
            raise BackupFailed(
                f"The copy is not what the store held, so nothing was kept of it: {differing}.",
                code="copy_differs",
                differing=differing,
            )
        if engine is sqlite and found.version == migrations.newest_version():
            sqlite.check_chain(part)
    return found


def _report(path: Path, campaign: str, found: Contents, at: datetime, swept: list[str]) -> BackupReport:
    return BackupReport(
        file=str(path),
        campaign=campaign,
        version=found.version or "",
        tables=len(found.counts),
        rows=found.rows,
        size=path.stat().st_size,
        at=at,
        trail=found.trail,
        swept=tuple(swept),
    )


def back_up_daily(workplace: Workplace, *, machine: datetime | None = None) -> BackupReport | None:
    """Today's backup, unless it exists, is being made, or none are wanted; then old ones are removed.

    May be called as often as one likes, by any number of schedulers. A demonstration is made anew by `init`, and is
    backed up only where a folder is set.
    """
    at = machine or machine_now()
    days = workplace.settings.backup_days
    with workplace.store.reading() as session:
        state = find_state(session)
        campaign, is_wanted = state.campaign_key, not state.simulated or workplace.settings.backup_folder is not None
    if days == 0 or not is_wanted:
        return None
    folder = backup_folder(workplace.settings)
    sweep(workplace)
    with alone(folder) as swept:
        made = find_backups(folder, campaign)
        if swept is None or any(business_day(backup.at) == business_day(at) for backup in made):
            return None
        path = folder / backup_name(campaign, at, engine_of(workplace.store).SUFFIX)
        report = _report(path, campaign, _copied(workplace, path, lambda _: None), at, swept)
        removed = remove_old(folder, campaign, days=days, machine=at)
    reported = {"rows": report.rows, "trail": report.trail, "removed": len(removed)}
    LOG.info("backup written and verified", extra={"file": report.file, **reported})
    return report


def sweep(workplace: Workplace) -> list[str]:
    """Remove what a backup or a restore left behind when it was killed, unless one is at work; say so in the log."""
    folders = {backup_folder(workplace.settings)}
    if workplace.store.is_sqlite:
        folders.add(sqlite.place_of(workplace.store).parent)
    removed: list[str] = []
    for folder in sorted(folders):
        with alone(folder) as swept:
            removed += swept or []
    if removed:
        LOG.warning("removed what was left when a backup or restore was broken off", extra={"files": removed})
    return removed


def _difference(reported: Contents, found: Contents) -> str:
    tables = sorted(reported.counts.keys() | found.counts.keys())
    differing = [name for name in tables if reported.counts.get(name) != found.counts.get(name)]
    return f"rows differ in {', '.join(differing)}" if differing else "another version or campaign"


# --- the two engines ------------------------------------------------------------------------------------------------


def engine_of(store: Store) -> ModuleType:
    """How stores of this kind are copied and brought back."""
    return sqlite if store.is_sqlite else postgresql


def name_of(engine: ModuleType) -> str:
    return "SQLite" if engine is sqlite else "PostgreSQL"
