"""Backup and restore: a consistent copy of the store, verified after writing, and back again.

A backup holds the whole store: figures with their revisions, targets, settings, accounts, the audit chain. The archive
of raw answers is not part of it: it stands as files in the home and is copied like any other folder.
"""

import logging
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType

from sqlalchemy.exc import DBAPIError

from jobs.backups import postgresql, sqlite
from jobs.backups.contents import Contents
from jobs.backups.files import (
    Backup,
    BackupFailed,
    NoBackup,
    alone,
    backup_folder,
    backup_name,
    find_backups,
    remember_elsewhere,
    remove_old,
    written_whole,
)
from jobs.desk import Desk
from jobs.pulls.turns import in_turn
from models import migrations
from models.actions.backups import record_backup, record_restore
from models.clock import business_day, machine_now
from models.queries.state import find_state
from models.store import Store
from targets.errors import StoreNotReady

LOG = logging.getLogger(__name__)
Progress = Callable[[str], None]


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


@dataclass(frozen=True)
class RestoreReport:
    """A store that was brought back; `aside` is where what stood there before is kept."""

    file: str
    campaign: str
    version: str
    upgraded_from: str | None
    rows: int
    aside: str | None


def back_up(
    desk: Desk,
    destination: Path,
    *,
    by_hand: bool = True,
    machine: datetime | None = None,
    tell: Progress = lambda _: None,
) -> BackupReport:
    """Copy the store to a file, or under a name of its own into a folder, and verify the copy.

    A backup by hand is noted in the audit trail: somebody took a copy of everything. Raises BackupFailed.
    """
    at = machine or machine_now()
    with desk.store.reading() as session:
        campaign = find_state(session).campaign_key
    engine = _engine_of(desk.store)
    path = destination
    if destination.is_dir() or not destination.suffix:
        path = destination / backup_name(campaign, at, engine.SUFFIX)
    with written_whole(path) as part:
        tell("Copying the store")
        told: Contents = engine.copy_store(desk.store, part)
        tell("Verifying the copy")
        found: Contents = engine.read_backup(part)
        if found != told:
            differing = _difference(told, found)
            raise BackupFailed(f"The copy is not what the store held, so nothing was kept of it: {differing}.")
        if engine is sqlite and found.version == migrations.newest_version():
            sqlite.check_chain(part)
    if path.parent.resolve() != backup_folder(desk.settings).resolve():
        remember_elsewhere(desk.settings, Backup(path.resolve(), campaign, at))
    if by_hand:
        deed = desk.deed("backup")
        in_turn(desk.store, lambda session: record_backup(session, file=path.name, rows=found.rows, deed=deed))
    return BackupReport(
        file=str(path),
        campaign=campaign,
        version=found.version or "",
        tables=len(found.counts),
        rows=found.rows,
        size=path.stat().st_size,
        at=at,
    )


def back_up_daily(desk: Desk, *, machine: datetime | None = None) -> BackupReport | None:
    """Today's backup, unless it exists, is being made, or none are wanted; then old ones are removed.

    May be called as often as one likes, by any number of schedulers. A demonstration is made anew by `init`, and is
    backed up only where a folder is set.
    """
    at = machine or machine_now()
    days = desk.settings.backup_days
    with desk.store.reading() as session:
        state = find_state(session)
        campaign, is_wanted = state.campaign_key, not state.simulated or desk.settings.backup_folder is not None
    if days == 0 or not is_wanted:
        return None
    folder = backup_folder(desk.settings)
    with alone(folder, machine=at) as is_alone:
        made = find_backups(folder, campaign)
        if not is_alone or any(business_day(backup.at) == business_day(at) for backup in made):
            return None
        path = folder / backup_name(campaign, at, _engine_of(desk.store).SUFFIX)
        report = back_up(desk, path, by_hand=False, machine=at)
        removed = remove_old(folder, campaign, days=days, machine=at)
    LOG.info("Backup %s: %d rows, verified; %d old ones removed", report.file, report.rows, len(removed))
    return report


def restore(
    desk: Desk, source: Path, *, replace: bool = False, machine: datetime | None = None, tell: Progress = lambda _: None
) -> RestoreReport:
    """Make the store what a backup holds. An older one is upgraded; the store that stood there is kept aside.

    Raises BackupFailed where the file is damaged, foreign or newer than this program, holds another campaign, or would
    overwrite a store without `replace`.
    """
    at = machine or machine_now()
    tell("Examining the backup")
    contents = _examined(desk, source)
    held = _held(desk)
    if held is not None:
        _check_may_replace(held, contents, replace=replace)
    bring_back = _restore_file if desk.store.is_sqlite else _restore_database
    aside = bring_back(desk, source, at, tell)
    deed = desk.deed(f"restore {source.name}")
    last = 0 if held is None else held[2]
    version = migrations.newest_version()
    in_turn(
        desk.store,
        lambda session: record_restore(
            session, file=source.name, version=contents.version or "", last_data_version=last, deed=deed
        ),
    )
    return RestoreReport(
        file=str(source),
        campaign=contents.campaign or "",
        version=version,
        upgraded_from=None if contents.version == version else contents.version,
        rows=contents.rows,
        aside=aside,
    )


# --- what may be restored -------------------------------------------------------------------------------------------


def _examined(desk: Desk, source: Path) -> Contents:
    engine = _engine_of(desk.store)
    try:
        with source.open("rb") as file:
            begins = file.read(16)
    except OSError as error:
        raise NoBackup(f"{source} cannot be read: {error.strerror}.") from error
    other = postgresql if engine is sqlite else sqlite
    if begins.startswith(other.HEADER):
        raise BackupFailed(
            f"{source} is a backup of a store on {_name(other)}, and the settings name one on {_name(engine)}. "
            "Set CAODIEM_DATABASE to a database of that kind."
        )
    if not begins.startswith(engine.HEADER):
        raise NoBackup(f"{source} is no backup of a store.")
    contents: Contents = engine.read_backup(source)
    if contents.version is None or contents.campaign is None:
        raise NoBackup(f"{source} is a database, but none of this program's with a campaign in it.")
    if not migrations.is_known(contents.version):
        raise BackupFailed(
            f"{source} is at version {contents.version}, which this program does not know: a newer one made it. "
            "Restore it with that version of the program."
        )
    return contents


def _held(desk: Desk) -> tuple[str, bool, int] | None:
    """Campaign, simulated or not, and data version of the store that stands there; None where there is none."""
    try:
        with desk.store.reading() as session:
            state = find_state(session)
            return state.campaign_key, state.simulated, state.data_version
    except StoreNotReady:
        return None
    except DBAPIError:
        # A store too damaged or too old to be asked is what people restore for: it counts as one, of any campaign.
        return "", False, 0


def _check_may_replace(held: tuple[str, bool, int], contents: Contents, *, replace: bool) -> None:
    campaign, simulated, _ = held
    if not replace:
        raise BackupFailed(
            f"A store stands there already{f', with the campaign “{campaign}”' if campaign else ''}. "
            "`--replace` puts the backup in its place and keeps the store aside."
        )
    if campaign and (campaign, simulated) != (contents.campaign, contents.simulated):
        raise BackupFailed(
            f"The store holds {_kind(campaign, simulated=simulated)}, the backup "
            f"{_kind(contents.campaign or '', simulated=contents.simulated)}; one never takes the other's place. "
            "Set CAODIEM_HOME (or CAODIEM_DATABASE) to another place for it."
        )


def _kind(campaign: str, *, simulated: bool) -> str:
    return f"{'a demonstration of ' if simulated else ''}the campaign “{campaign}”"


# --- the two engines ------------------------------------------------------------------------------------------------


def _engine_of(store: Store) -> ModuleType:
    return sqlite if store.is_sqlite else postgresql


def _name(engine: ModuleType) -> str:
    return "SQLite" if engine is sqlite else "PostgreSQL"


def _restore_file(desk: Desk, source: Path, at: datetime, tell: Progress) -> str | None:
    """The copy is upgraded and verified beside the store, and only then takes its place."""
    place = sqlite.place_of(desk.store)
    desk.store.close()
    aside = place.with_name(f"{place.name}.before-{at:%Y%m%dT%H%M%SZ}")
    fresh = place.with_name(f"{place.name}.restored-{at:%Y%m%dT%H%M%SZ}")
    with written_whole(fresh) as part:
        shutil.copyfile(source, part)
        _upgrade(Store(f"sqlite:///{part}"), tell)
        sqlite.check_chain(part)
        sqlite.settle(part)
    is_there = place.exists()
    try:
        if is_there:
            sqlite.set_aside(place, aside)
        fresh.rename(place)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return str(aside) if is_there else None


def _restore_database(desk: Desk, source: Path, at: datetime, tell: Progress) -> str | None:
    """What stood there is dumped and verified first; then everything is replaced in one transaction."""
    folder = backup_folder(desk.settings)
    aside = None
    if desk.store.has_tables():
        tell("Keeping the present store aside")
        aside = folder / f"before-{at:%Y%m%dT%H%M%SZ}{postgresql.SUFFIX}"
        with written_whole(aside) as part:
            told = postgresql.copy_store(desk.store, part)
            if postgresql.read_backup(part) != told:
                raise BackupFailed("The present store could not be kept aside; nothing was changed.")
    tell("Restoring")
    script = folder / f"restore-{at:%Y%m%dT%H%M%SZ}.sql"
    with written_whole(script) as part:
        postgresql.replace_store(desk.store, source, part)
    script.unlink()
    _upgrade(desk.store, tell)
    return None if aside is None else str(aside)


def _upgrade(store: Store, tell: Progress) -> None:
    try:
        tell("Bringing it to this version")
        migrations.upgrade(store)
    finally:
        store.close()


def _difference(told: Contents, found: Contents) -> str:
    tables = sorted(told.counts.keys() | found.counts.keys())
    differing = [name for name in tables if told.counts.get(name) != found.counts.get(name)]
    return f"rows differ in {', '.join(differing)}" if differing else "another version or campaign"
