"""Where backups stand, what one holds, how old the newest is. Names say whose they are and when, by machine time."""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from jobs.workplace import Step, Tell
from models.core.audit import find_break
from models.core.settings import Settings
from targets.errors import CampaignError, UnreadableFile

END_OF_TRAIL = "SELECT (SELECT max(id) FROM audit_entry) || ':' || audit_hash FROM store_state"
"""As `models.core.audit.find_head` answers it, for a store of any version."""


@dataclass(frozen=True)
class Contents:
    """What was found in a backup by reading all of it."""

    version: str | None
    """The version of its tables; None where it is no store of ours."""
    campaign: str | None
    simulated: bool
    counts: Mapping[str, int]
    """Table → rows."""
    trail: str = ""
    """The end of its audit trail (`models.core.audit.Head`); empty where it has none."""

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


STAMP = "%Y%m%dT%H%M%SZ"
NAME = re.compile(r"caodiem-(?P<campaign>[a-z0-9-]+)-(?P<stamp>\d{8}T\d{6}Z)\.(db|dump)")
ELSEWHERE = "last_backup.json"
"""In the home: when a backup was last written to a place outside the folder of daily backups."""
LOCK = "in-progress"
BESIDE = ("-journal", "-wal", "-shm")
"""What SQLite may put beside a file."""
LEFT_BEHIND = re.compile(r"\.caodiem-\w{8}\.part(-journal|-wal|-shm)?")
AHEAD = timedelta(days=1)
"""How far ahead of this machine's clock another's may be; a later stamp is ignored."""


class BackupFailed(CampaignError):
    """A backup could not be written, or a store could not be brought back from one."""


def check_whole(session: Session) -> None:
    """Raise BackupFailed where the audit chain is not whole."""
    if (broken := find_break(session)) is not None:
        raise BackupFailed(f"The audit chain is not whole: {broken}.", code="chain_broken", why=str(broken)) from broken


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
    instants = [backup.at for backup in find_backups(backup_folder(settings), campaign)]
    instants = [at for at in (*instants, *_elsewhere(settings, campaign)) if at <= machine + AHEAD]
    if not instants:
        return None
    return round(max(timedelta(), machine - max(instants)) / timedelta(hours=1), 1)


def remember_elsewhere(settings: Settings, backup: Backup) -> None:
    """Note a backup that stands outside the folder of the daily ones."""
    settings.home.mkdir(parents=True, exist_ok=True)
    note = {"campaign": backup.campaign, "at": backup.at.isoformat(), "file": str(backup.path)}
    with part_beside(settings.home / ELSEWHERE) as part:
        part.write_text(json.dumps(note), encoding="utf-8")
        put_in_place(part, settings.home / ELSEWHERE)


def _elsewhere(settings: Settings, campaign: str | None) -> list[datetime]:
    try:
        note = json.loads((settings.home / ELSEWHERE).read_text(encoding="utf-8"))
        return [datetime.fromisoformat(note["at"]).astimezone(UTC)] if campaign in (None, note["campaign"]) else []
    except (OSError, ValueError, KeyError, TypeError):
        # Not there, or not as this program writes it: then nothing is known of a backup elsewhere.
        return []


def remove_old(folder: Path, campaign: str, *, days: int, machine: datetime) -> list[Path]:
    """Remove backups of a campaign older than so many days; the newest one stays, however old it is."""
    past = [backup for backup in find_backups(folder, campaign) if backup.at <= machine + AHEAD]
    old = [backup.path for backup in past[1:] if machine - backup.at > timedelta(days=days)]
    for path in old:
        path.unlink()
    return old


@contextmanager
def part_beside(path: Path) -> Iterator[Path]:
    """An empty file beside `path`, readable by its owner alone, to become it (`put_in_place`); removed at the end.

    Raises BackupFailed where the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        number, name = tempfile.mkstemp(prefix=".caodiem-", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    os.close(number)  # mkstemp gave it to its owner alone
    part = Path(name)
    try:
        yield part
    finally:
        for end in ("", *BESIDE):
            part.with_name(part.name + end).unlink(missing_ok=True)


def put_in_place(part: Path, path: Path) -> None:
    """Make a finished file into `path` in one step, so that it is there after a power cut too."""
    with part.open("rb+") as written:
        os.fsync(written.fileno())
    part.replace(path)
    with suppress(PermissionError):  # Windows opens no folders
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A file beside `path`, which becomes it at the end; after an error nothing is left.

    Raises BackupFailed where something stands at `path` already, or the folder cannot be written.
    """
    if path.exists():
        raise BackupFailed(
            f"{path} exists already; a backup never overwrites anything. Name another file.",
            code="backup_is_there",
            file=str(path),
        )
    with part_beside(path) as part:
        yield part
        put_in_place(part, path)


# --- one at a time --------------------------------------------------------------------------------------------------


@contextmanager
def alone(folder: Path, *, waits: Tell | None = None) -> Iterator[list[str] | None]:
    """Be the only process that writes backups into a folder, or brings one back there; None: another one is at it.

    A killed process holds nobody up: the system frees what it had locked. What it left behind is removed first, and
    answered. With `waits`, which is called meanwhile, the other is waited for. Raises BackupFailed where the folder
    cannot be written.
    """
    lock = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        taken = _taken(lock, waits=False)
        if taken is None and waits is not None:
            waits(Step("waiting", {"folder": str(folder)}))
            taken = _taken(lock, waits=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if taken is None:
        yield None
        return
    try:
        yield _swept(folder)
    finally:
        with suppress(PermissionError):  # Windows keeps a file that is open
            lock.unlink(missing_ok=True)
        os.close(taken)


def _taken(lock: Path, *, waits: bool) -> int | None:
    """The lock's descriptor, which holds it; None where somebody else does."""
    while True:
        taken = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            is_ours = _locked(taken, waits=waits)
            # Its previous holder may have removed the file that we waited at.
            if is_ours and lock.exists() and os.path.samestat(os.fstat(taken), lock.stat()):
                return taken
        except BaseException:
            os.close(taken)
            raise
        os.close(taken)
        if not is_ours:
            return None


def _locked(file: int, *, waits: bool) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415

            msvcrt.locking(file, msvcrt.LK_LOCK if waits else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  # Windows has no such module

            fcntl.flock(file, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _swept(folder: Path) -> list[str]:
    found = [path for path in folder.iterdir() if LEFT_BEHIND.fullmatch(path.name)]
    for path in found:
        path.unlink(missing_ok=True)
    return sorted(path.name for path in found)


def _unwritable(folder: Path, error: OSError) -> BackupFailed:
    return BackupFailed(f"Nothing can be written to {folder}: {error.strerror}.")
