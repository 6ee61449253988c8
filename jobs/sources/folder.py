"""A folder that is watched: workbooks and CSV files dropped there are brought in and moved to an archive, bad ones too.

A file is first moved aside, then looked at: what is read is what was checked, whoever else writes into the folder.
Links are not followed, and a file that cannot be a table is set apart without being opened.
"""

import logging
import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from jobs.fetching.options import Options
from jobs.fetching.values import Asking, PullFailed, ReportedFile, SourceAnswer, SourceKind
from models.catalogue.problems import hint
from models.core.clock import machine_now
from models.core.columns import storable_name
from targets.values import Campaign, Source

log = logging.getLogger(__name__)
DONE, BAD, READING = "done", "bad", "reading"
"""Folders within the watched one. What a run left in `reading` when it was killed is reported again by the next."""
SUFFIXES = (".xlsx", ".xlsm", ".xls", ".ods", ".csv", ".tsv", ".txt")
UNFINISHED = (".part", ".tmp", ".crdownload", ".partial", ".filepart")
LONGEST_WAIT = 3_600
"""Seconds. What lies in the folder longer cannot be taken, and somebody has to see to it."""
OURS = (".", "~")
"""Hidden files and the marks that office programs leave beside an open workbook begin so."""


class FolderOptions(Options):
    """Where files are dropped and which are taken."""

    folder: str | None = None
    """An absolute path; left out, the source's own folder in the home."""
    counts_as: str | None = None
    """Key of the source that its files count as: an office's workbooks are one source, dropped or handed in."""
    kind: Literal["auto", "readings", "scores", "baselines", "central", "targets"] = "auto"
    stable_seconds: int = Field(default=10, ge=0, le=3600)
    """A file still written to is left for the next look."""
    most_megabytes: int = Field(default=50, ge=1, le=500)
    most_revised: int = Field(default=30, ge=0, le=100)
    """Percent of the figures known of its days that a file may revise unseen; one that would revise more waits for a
    person. 100: none waits for that."""
    most_files: int = Field(default=50, ge=1, le=500)
    """In one look; the others wait for the next."""

    @field_validator("folder")
    @classmethod
    def _is_absolute(cls, folder: str | None) -> str | None:
        if folder is not None and not Path(folder).is_absolute():
            raise ValueError("must be an absolute path, such as /srv/caodiem/drop")
        return folder


def tell(asking: Asking) -> SourceAnswer:
    """The files that wait, oldest first, so that a later one revises an earlier one. One that cannot be taken, whatever
    is the matter with it, is left for the others' sake; `find_left` names it."""
    folder = _folder(asking)
    files: list[ReportedFile] = []
    options: FolderOptions = asking.options
    failed: OSError | None = None
    try:
        (folder / READING).mkdir(exist_ok=True)
        left, waiting = _left_over(folder), _waiting(folder, options)
    except OSError as error:
        raise _unusable(folder, error) from None
    for path in (*left, *waiting):
        if len(files) == options.most_files:
            break
        try:
            taken = _taken(path, folder)
            refused = _problem(taken, options)
        except FileNotFoundError:
            # Somebody else was faster.
            continue
        except OSError as error:
            log.warning("%r cannot be taken from the drop folder: %s", path.name, error)
            failed = error
            continue
        files.append(
            ReportedFile(
                path=taken,
                kind=options.kind,
                settle=partial(_settle, taken, folder, asking),
                source=options.counts_as,
                most_revised=options.most_revised,
                refused=refused,
            )
        )
    if failed is not None and not files:
        raise _unusable(folder, failed)
    return SourceAnswer(files=tuple(files))


def _unusable(folder: Path, error: OSError) -> PullFailed:
    return PullFailed("folder_unusable", folder=str(folder), detail=error.strerror or "")


def find_left(folder: Path, options: FolderOptions) -> list[str]:
    """The names of files that lie in `reading`, and of those that no look can take out of the folder."""
    folder = Path(options.folder or folder)
    if not folder.is_dir():
        return []
    before = machine_now().timestamp() - LONGEST_WAIT
    left = _left_over(folder)
    for path in _waiting(folder, options):
        with suppress(FileNotFoundError):
            if path.lstat().st_ctime < before:
                left.append(path)
    return [storable_name(path.name) for path in left]


def _folder(asking: Asking) -> Path:
    options: FolderOptions = asking.options
    if options.folder is None:
        asking.folder.mkdir(parents=True, exist_ok=True)
        return asking.folder
    folder = Path(options.folder)
    if not folder.is_dir():
        raise PullFailed("folder_missing", folder=str(folder))
    return folder


def _left_over(folder: Path) -> list[Path]:
    """Files that an earlier look did not finish, the newest last: they are reported in the order they were taken."""
    reading = folder / READING
    if not reading.is_dir():
        return []
    dated = []
    for path in reading.iterdir():
        with suppress(FileNotFoundError):
            status = path.lstat()
            dated.append((status.st_mtime, path.name, path))
    return [path for *_, path in sorted(dated)]


def _waiting(folder: Path, options: FolderOptions) -> Iterator[Path]:
    """What lies in the folder and is no longer written to, oldest first; folders and unfinished copies are left."""
    now = machine_now().timestamp()
    found: list[tuple[float, str, Path]] = []
    for path in folder.iterdir():
        if path.name.startswith(OURS) or path.suffix.lower() in UNFINISHED:
            continue
        try:
            status = path.lstat()
        except FileNotFoundError:
            continue
        # The second is when its content or name last changed here, whatever date the copy carries.
        if stat.S_ISDIR(status.st_mode) or now - max(status.st_mtime, status.st_ctime) < options.stable_seconds:
            continue
        found.append((status.st_mtime, path.name, path))
    yield from (path for *_, path in sorted(found))


def _taken(path: Path, folder: Path) -> Path:
    """The file moved aside under its own name, or the nearest that can be stored. Raises OSError."""
    name = storable_name(path.name)
    if path.parent == folder / READING and path.name == name:
        return path
    place = _free(folder / READING, name)
    path.rename(place)
    return place


def _problem(path: Path, options: FolderOptions) -> str | None:
    """Why a file is set apart without being opened."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return "file_is_link"
    if not stat.S_ISREG(status.st_mode):
        return "file_is_none"
    if path.suffix.lower() not in SUFFIXES:
        return "file_is_no_table"
    if status.st_size > options.most_megabytes << 20:
        return "file_is_too_large"
    return None


def _settle(path: Path, folder: Path, asking: Asking, is_good: bool) -> Path | None:
    """Move a file to the archive of the day, under a name that is free there; answers where. Raises OSError."""
    archive = folder / (DONE if is_good else BAD) / f"{asking.today:%Y-%m-%d}"
    archive.mkdir(parents=True, exist_ok=True)
    place = _free(archive, path.name)
    try:
        path.rename(place)
    except FileNotFoundError:
        return None
    return place


def _free(folder: Path, name: str) -> Path:
    """A path that nothing has yet: `figures.xlsx`, then `figures (2).xlsx`."""
    place, number = folder / name, 1
    while os.path.lexists(place):
        number += 1
        place = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
    return place


def _mistakes(options: FolderOptions, source: Source, campaign: Campaign) -> list[tuple[str, str]]:
    known = [one.key for one in campaign.sources]
    if options.counts_as is None:
        return []
    if options.counts_as in known:
        said = f"belongs to the source “{options.counts_as}”, as which the files of this folder count."
        return [("contact", said)] if source.contact else []
    where, name = "options.counts_as", options.counts_as
    return [(where, f"names the source “{name}”, which does not exist.{hint(name, known, reported_in='sources.toml')}")]


SOURCE = SourceKind(
    key="folder",
    options=FolderOptions,
    tell=tell,
    needs_address=False,
    cadence="watch",
    find_left=find_left,
    mistakes=_mistakes,
)
