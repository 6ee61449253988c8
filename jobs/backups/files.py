"""Where backups stand and how old the newest is. Their names say whose they are and when, by machine time."""

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from models.settings import Settings
from targets.errors import CampaignError, UnreadableFile

STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"caodiem-(?P<campaign>[a-z0-9-]+)-(?P<stamp>\d{8}T\d{6}Z)\.(db|dump)")
ELSEWHERE = "last_backup.json"
"""In the home: when a backup was last written to a place of somebody's own choice."""
LOCK = "in-progress"
LONGEST_BACKUP = timedelta(hours=6)
"""After which the lock of a backup that was never finished counts for nothing."""


class BackupFailed(CampaignError):
    """A backup could not be written, or a store could not be brought back from one."""


class NoBackup(BackupFailed, UnreadableFile):
    """What is to be brought back cannot be read as a backup."""


@dataclass(frozen=True)
class Backup:
    """A backup that stands in a folder."""

    path: Path
    campaign: str
    at: datetime
    """Machine time."""


def backup_folder(settings: Settings) -> Path:
    """Where the daily backups stand."""
    return settings.backup_folder or settings.home / "backups"


def backup_name(campaign: str, at: datetime, suffix: str) -> str:
    return f"caodiem-{campaign}-{at.astimezone(UTC):{STAMP}}{suffix}"


def find_backups(folder: Path, campaign: str | None) -> list[Backup]:
    """The finished backups in a folder, newest first; of one campaign, where it is named."""
    if not folder.is_dir():
        return []
    found = []
    for path in folder.iterdir():
        named = NAME.fullmatch(path.name)
        if named is not None and campaign in (None, named["campaign"]):
            at = datetime.strptime(named["stamp"], STAMP).replace(tzinfo=UTC)
            found.append(Backup(path, named["campaign"], at))
    return sorted(found, key=lambda backup: (backup.at, backup.path.name), reverse=True)


def backup_age_hours(settings: Settings, *, campaign: str | None, machine: datetime) -> float | None:
    """Hours of machine time since the newest backup, wherever it was written; None where there is none."""
    instants = [backup.at for backup in find_backups(backup_folder(settings), campaign)[:1]]
    instants += _elsewhere(settings, campaign)
    if not instants:
        return None
    return round(max(timedelta(), machine - max(instants)) / timedelta(hours=1), 1)


def remember_elsewhere(settings: Settings, backup: Backup) -> None:
    """Note a backup that stands outside the folder of the daily ones."""
    settings.home.mkdir(parents=True, exist_ok=True)
    note = {"campaign": backup.campaign, "at": backup.at.isoformat(), "file": str(backup.path)}
    (settings.home / ELSEWHERE).write_text(json.dumps(note), encoding="utf-8")


def _elsewhere(settings: Settings, campaign: str | None) -> list[datetime]:
    try:
        note = json.loads((settings.home / ELSEWHERE).read_text(encoding="utf-8"))
        return [datetime.fromisoformat(note["at"])] if campaign in (None, note["campaign"]) else []
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or not as this program writes it: then nothing is known of a backup elsewhere.
        return []


def remove_old(folder: Path, campaign: str, *, days: int, machine: datetime) -> list[Path]:
    """Remove backups of a campaign older than so many days; the newest one stays, however old it is."""
    old = [backup.path for backup in find_backups(folder, campaign)[1:] if machine - backup.at > timedelta(days=days)]
    for path in old:
        path.unlink()
    return old


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file for one's own eyes beside `path`, which becomes it at the end; after an error nothing is left.

    Raises BackupFailed where something stands at `path` already, or the folder cannot be written.
    """
    if path.exists():
        raise BackupFailed(f"{path} exists already; a backup never overwrites anything. Name another file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    except OSError as error:
        raise BackupFailed(f"Nothing can be written to {path.parent}: {error.strerror}.") from error
    os.close(number)  # mkstemp gave it to its owner alone
    part = Path(name)
    try:
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.rename(path)
    finally:
        for leftover in (part, *(part.with_name(part.name + end) for end in ("-journal", "-wal", "-shm"))):
            leftover.unlink(missing_ok=True)


@contextmanager
def alone(folder: Path, *, machine: datetime) -> Iterator[bool]:
    """Whether this process is the only one that makes a backup in a folder; the others have nothing to do."""
    lock = folder / LOCK
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not _take(lock, machine):
        yield False
        return
    try:
        yield True
    finally:
        lock.unlink(missing_ok=True)


def _take(lock: Path, machine: datetime) -> bool:
    for _ in range(2):
        try:
            with lock.open("x", encoding="utf-8") as taken:
                taken.write(machine.isoformat())
            return True
        except FileExistsError:
            try:
                since = datetime.fromisoformat(lock.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                return False  # being taken or given back in this very moment
            if machine - since < LONGEST_BACKUP:
                return False
            lock.unlink(missing_ok=True)
    return False
