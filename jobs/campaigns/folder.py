"""The campaign's folder on the disk: what stands in it beside the store, and one change to both or to neither.

A change is written down beside the files before the first of them is replaced, and struck out once the store has
followed. Whoever finds such a note asks the store: it has followed, so the change was made; or it has not, and then the
files are put back. A power cut in between leaves both as they were before, or both as they are after.
"""

import base64
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlmodel import Session

from jobs.imports.reserved import check_headings
from jobs.sources import check_sources
from models.campaign.actions import Founding, found_campaign
from models.campaign.files import find_followed, find_followed_since, find_texts
from models.catalogue import CampaignFiles, find_campaign_folder, load_campaign_texts, read_texts
from models.catalogue.changes import Change, changes_between
from models.catalogue.editing import Edit, edited
from models.catalogue.folder import fingerprint_of, in_order
from models.core.audit import ChangeContext, find_state
from models.core.permission import require
from models.core.settings import CAMPAIGNS, TIMEZONE, Settings
from models.core.store import Store
from models.targets.registrations import check_reason
from targets.errors import CampaignError, CampaignFilesError, FileProblem, UnknownName
from targets.permissions import Permission

NOTE = ".change-under-way.json"
"""The note about a change that is being made, in the campaign's folder."""


class FolderNotWritable(CampaignError):
    """The campaign's files cannot be changed from here."""


class EditConflict(CampaignError):
    """Files or store are not as they were when the form was opened; `changes` say what is other now."""

    def __init__(self, changes: Sequence[Change], *, by: str, when: str, reason: str) -> None:
        self.changes = tuple(changes)
        listed = "".join(f"\n  - {change}" for change in self.changes)
        if by:
            sentence = f"{by} changed the campaign at {when} ({reason}), after you opened this form."
            code = "campaign_changed_by"
        else:
            sentence, code = (
                "The campaign's files were changed on the disk after you opened this form.",
                "campaign_files_changed",
            )
        super().__init__(
            f"{sentence} Nothing was changed by you:{listed}",
            code=code,
            **({"by": by, "when": when, "reason": reason} if by else {}),
        )


@dataclass(frozen=True)
class Seen:
    """As what a form knew the campaign: the files on the disk, and those that the store has followed."""

    on_disk: str
    followed: str


@dataclass(frozen=True)
class OpenedFolder:
    """The campaign's folder as it stands, beside what the store has followed."""

    folder: Path | None
    """None where the settings name no folder that there is."""
    texts: Mapping[str, bytes]
    files: CampaignFiles | None
    """None where the files hold mistakes, or are another campaign's."""
    problems: tuple[FileProblem, ...]
    waiting: tuple[Change, ...]
    """What the files say otherwise than the store has followed."""
    other_campaign: str | None
    """The key of the folder's campaign where it is not the store's."""
    seen: Seen
    is_writable: bool

    @property
    def is_followed(self) -> bool:
        """Files and store say the same."""
        return self.files is not None and self.seen.on_disk == self.seen.followed

    @property
    def is_editable(self) -> bool:
        return self.is_followed and self.is_writable


def open_folder(session: Session, settings: Settings) -> OpenedFolder:
    """The folder that the settings name; what is wrong with it is told, never raised."""
    state, followed = find_state(session), find_followed(session)
    try:
        folder: Path | None = find_campaign_folder(settings.campaign, root=CAMPAIGNS)
        texts = in_order(read_texts(folder)) if folder is not None else {}
    except (UnknownName, CampaignFilesError):
        folder, texts = None, {}
    files: CampaignFiles | None = None
    problems: tuple[FileProblem, ...] = ()
    other = None
    if folder is not None:
        try:
            files = load_checked(texts)
        except CampaignFilesError as mistakes:
            problems = mistakes.problems
        else:
            if files.campaign.key != state.campaign_key:
                other, files = files.campaign.key, None
    seen = Seen(fingerprint_of(texts), "" if followed is None else followed.fingerprint)
    reported = find_texts(session) if files is not None and seen.on_disk != seen.followed else {}
    return OpenedFolder(
        folder=folder,
        texts=texts,
        files=files,
        problems=problems,
        waiting=changes_between(reported, texts) if reported else (),
        other_campaign=other,
        seen=seen,
        is_writable=folder is not None and is_writable(folder),
    )


def load_checked(texts: Mapping[str, bytes]) -> CampaignFiles:
    """The files as `init` would take them over.

    Raises CampaignFilesError naming every mistake, those of the sources' kinds too.
    """
    return _checked(tuple(in_order(texts).items()))


@lru_cache(maxsize=2)
def _checked(contents: tuple[tuple[str, bytes], ...]) -> CampaignFiles:
    """Read once as long as no byte changes: a page of 11,000 units asks at every click."""
    files = load_campaign_texts(dict(contents))
    check_sources(files.campaign)
    check_headings(files.campaign)
    return files


def is_writable(folder: Path) -> bool:
    """Whether files in the folder can be replaced."""
    return all(os.access(place, os.W_OK | os.X_OK) for place in (folder, folder / "indicators"))


def change_files(
    session: Session, folder: Path, edits: Sequence[Edit], *, seen: Seen, context: ChangeContext
) -> Founding:
    """Make the edits in the files and have the store follow, within the caller's transaction.

    Without edits the store follows the files as they stand. Whoever calls this settles the note afterwards, be the
    transaction committed or not (`changing`). Raises Refused, Incomplete, EditConflict, FolderNotWritable,
    CampaignFilesError; then nothing has been changed.
    """
    require(session, context, Permission.CHANGE_CAMPAIGN)
    check_reason(context)
    before = in_order(read_texts(folder))
    check_seen(session, before, seen)
    after = in_order(edited(before, edits))
    files = load_checked(after)
    if after != before:
        if not is_writable(folder):
            raise FolderNotWritable(
                f"The campaign's files in {folder} cannot be written by the dashboard. Change them there, then run "
                "`python -m jobs init`.",
                code="campaign_read_only",
                folder=str(folder),
            )
        _write_note(folder, before, after)
        for file, content in after.items():
            if before.get(file) != content:
                _replace(folder / file, content)
    return found_campaign(session, files, context=context)


def keep_in_files(session: Session, settings: Settings, edits: Sequence[Edit], *, context: ChangeContext) -> bool:
    """Write into the files what another page has just changed in the store, within its transaction.

    Left alone where the files cannot be written, or say otherwise than the store has followed: the campaign's page then
    tells what stands in the store only. Whoever calls this has it settled afterwards (`find_settled`).
    """
    opened = open_folder(session, settings)
    if opened.folder is None or not opened.is_editable:
        return False
    change_files(session, opened.folder, edits, seen=opened.seen, context=context)
    return True


def changing(store: Store, folder: Path, change: Callable[[], Founding]) -> Founding:
    """Carry out a change that calls `change_files`, and leave files and store saying the same whatever comes of it."""
    try:
        return change()
    finally:
        settle(store, folder)


def check_seen(session: Session, texts: Mapping[str, bytes], seen: Seen) -> None:
    """Raise EditConflict, with what is other now, unless files and store are as a form knew them."""
    followed = find_followed(session)
    if followed is not None and followed.fingerprint != seen.followed:
        since = find_followed_since(session, seen.followed)
        reported = find_texts(session, fingerprint=seen.followed)
        raise EditConflict(
            changes_between(reported, find_texts(session)) if reported else (),
            by=", ".join(dict.fromkeys(version.by for version in since)),
            when=f"{followed.at.astimezone(TIMEZONE):%d/%m/%Y %H:%M}",
            reason=followed.reason,
        )
    if fingerprint_of(texts) != seen.on_disk:
        reported = find_texts(session)
        raise EditConflict(changes_between(reported, texts) if reported else (), by="", when="", reason="")


# --- a change that was broken off -----------------------------------------------------------------------------------


def is_broken_off(folder: Path) -> bool:
    """Whether a change was begun and nobody has said how it ended."""
    return (folder / NOTE).exists()


def find_settled(store: Store, settings: Settings) -> None:
    """Settle whatever was broken off in the folder that the settings name, before anything of it is shown."""
    try:
        settle(store, find_campaign_folder(settings.campaign, root=CAMPAIGNS))
    except UnknownName:
        return  # no folder, so nothing in it


def settle(store: Store, folder: Path) -> bool:
    """End a change that was broken off: made, where the store has followed it; else the files are put back.

    A file that somebody has changed since stays as it is. Answers whether there was anything to settle. Waits for
    whoever is still at work: they hold the store.
    """
    if not is_broken_off(folder):
        return False
    with store.writing() as session:
        try:
            note = json.loads((folder / NOTE).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return False
        followed = find_followed(session)
        if followed is None or followed.fingerprint != note["after"]:
            for file, (before, after) in note["files"].items():
                path = folder / file
                if path.exists() and path.read_bytes() == base64.b64decode(after):
                    _replace(path, base64.b64decode(before))
        (folder / NOTE).unlink()
    return True


def _write_note(folder: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    content: dict[str, Any] = {
        "after": fingerprint_of(after),
        "files": {
            file: [base64.b64encode(text).decode() for text in (before[file], after[file])]
            for file in after
            if after[file] != before[file]
        },
    }
    _replace(folder / NOTE, json.dumps(content).encode())


def _replace(path: Path, content: bytes) -> None:
    """Put a file in the place of another in one step: whoever reads sees the one or the other, whole."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    if path.exists():
        beside.chmod(path.stat().st_mode)
    beside.replace(path)
