"""The campaign's folder beside the store: what differs, taking it in and overwriting nothing blindly, writing it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlmodel import Session

from jobs.campaigns.changing import open_campaign
from jobs.campaigns.workbook.reading import read_workbook
from jobs.campaigns.workbook.writing import write_workbook
from models.campaign.actions import UNCHANGED, Founding, check_same, found_campaign, leave_folder
from models.campaign.files import find_texts, find_version
from models.catalogue import CampaignFiles, find_campaign_folder, load_campaign_files, read_texts
from models.catalogue.changes import Change, changes_between
from models.catalogue.folder import CAMPAIGN, INDICATORS, UNITS, fingerprint_of, in_order
from models.core.audit import ChangeContext, find_state
from models.core.settings import CAMPAIGNS
from models.core.texts import LANGUAGES
from targets.errors import StoreNotReady, WrongUse

Take = Literal["file", "store"]
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
"""How the name of a campaign in one workbook ends."""
MOST_SAID = 20
"""Places that a sentence names one by one."""


def is_workbook(place: str | Path) -> bool:
    """Whether a campaign is named as a workbook, not as a folder."""
    return Path(place).suffix.lower() in WORKBOOKS


def load_files(
    name_or_path: str, *, before: Mapping[str, bytes] | None = None, language: str = LANGUAGES[0]
) -> CampaignFiles:
    """A campaign from a workbook, or from a folder by its name or path; `before` as for `read_workbook`."""
    if is_workbook(name_or_path):
        return read_workbook(Path(name_or_path).expanduser(), before=before, language=language)
    return load_campaign_files(find_campaign_folder(name_or_path, root=CAMPAIGNS))


def listed(changes: Sequence[Change]) -> str:
    """Places, one a line; beyond the first of them, how many more there are."""
    more = f"\n  … (+{len(changes) - MOST_SAID})" if len(changes) > MOST_SAID else ""
    return "".join(f"\n  {change}" for change in changes[:MOST_SAID]) + more


class FolderDiffers(WrongUse):
    """Folder and store were both changed since they last agreed: somebody has to say which holds."""

    def __init__(self, changes: Sequence[Change]) -> None:
        self.changes = tuple(changes)
        super().__init__(
            "The campaign was changed in the store since its folder was taken in, and the folder says otherwise "
            f"(store → folder):{listed(changes)}\nNothing was taken over. `--take file` takes the folder's, "
            "`--take store` leaves the store's; `python -m jobs campaign export FOLDER` writes the store's campaign "
            "to be compared.",
            code="folder_differs",
            changes=listed(changes),
        )


class FolderNotTaken(WrongUse):
    """A folder holds what would be lost by writing into it."""


@dataclass(frozen=True)
class ComparedFolder:
    """A campaign's folder beside what the store holds."""

    differences: tuple[Change, ...]
    """Every place, from what the store holds to what the folder says."""
    to_follow: tuple[Change, ...]
    """Of these, where the folder differs from the version in force; what was imported beside it stays."""
    is_known: bool
    """The folder is as it was when it was looked at last."""
    is_asked: bool
    """The store was changed since at these places or on the campaign's page: a person has to say which holds."""


def compare_folder(session: Session, files: CampaignFiles) -> ComparedFolder:
    """How a folder of the store's own campaign differs from the store."""
    version, opened = find_version(session), open_campaign(session)
    looked_at = "" if version is None else version.fingerprint
    texts, held, is_known = opened.texts, opened.held, files.fingerprint == looked_at
    if not texts:  # a store from before files were kept
        return ComparedFolder((), (), is_known=is_known, is_asked=False)
    differences = changes_between(held, files.texts)
    said, beside = _cells(changes_between(texts, files.texts)), _cells(changes_between(texts, held))
    to_follow = tuple(change for change in differences if _is_among(change, said))
    # Where this program cannot read the files, it is unknown what was imported beside them or would be overwritten.
    was_changed = opened.files is None or fingerprint_of(texts) != looked_at
    is_asked = not is_known and any(was_changed or _is_among(change, beside) for change in to_follow)
    return ComparedFolder(differences, to_follow, is_known=is_known, is_asked=is_asked)


def _cells(changes: Iterable[Change]) -> dict[tuple[str, ...], set[str]]:
    """Each place that changed with its columns; an empty one where a whole row came or went."""
    found: dict[tuple[str, ...], set[str]] = {}
    for change in changes:
        found.setdefault(_place(change), set()).add(change.key)
    return found


def _is_among(change: Change, cells: Mapping[tuple[str, ...], set[str]]) -> bool:
    """Whether a place is among those changed: a unit cell by cell, a figure with its document as a whole."""
    changed = cells.get(_place(change), set())
    if change.file == UNITS and change.key:
        return bool({change.key, ""} & changed)
    return bool(changed)


def _place(change: Change) -> tuple[str, ...]:
    """A row of a table, or a key."""
    return (change.file, *(change.row or (change.key,)))


def take_folder(
    session: Session,
    files: CampaignFiles,
    *,
    take: Take | None = None,
    is_own: bool = True,
    is_demonstration: bool = False,
    rehearsal_now: datetime | None = None,
    seed: int | None = None,
    context: ChangeContext,
) -> tuple[Founding, tuple[Change, ...]]:
    """Follow a folder as far as nothing is overwritten blindly; answers what was done, and what was left as it is.

    A folder that is as it was when it was looked at last is not followed: what differs was changed in the store. One
    that was changed is followed, unless the store was changed too (FolderDiffers) and `take` does not say which holds.
    A folder other than the store's own is always asked about where it differs, and does not make the own one look
    changed. Raises WrongStore as loading does.
    """
    version = find_version(session)
    if version is not None:
        check_same(find_state(session), files, is_demonstration=is_demonstration)
        compared = compare_folder(session, files)
        if take is None and compared.to_follow and (compared.is_asked or not is_own):
            raise FolderDiffers(compared.to_follow)
        if compared.to_follow and (take == "store" or (take is None and compared.is_known)):
            if is_own and not compared.is_known:
                leave_folder(session, files, compared.to_follow, context=context)
            return UNCHANGED, compared.to_follow
    founding = found_campaign(
        session,
        files,
        is_demonstration=is_demonstration,
        rehearsal_now=rehearsal_now,
        seed=seed,
        changed_from=None if is_own else find_texts(session) or None,
        context=context,
    )
    return founding, ()


def held_files(session: Session) -> dict[str, bytes]:
    """The campaign as the store holds it. Raises StoreNotReady where it holds no campaign's files."""
    find_state(session)
    texts = open_campaign(session).held
    if not texts:
        raise StoreNotReady(
            "The store keeps no files of its campaign yet. Run `python -m jobs init`.", code="no_campaign_files"
        )
    return texts


def export_workbook(session: Session, path: Path, *, replace: bool = False, language: str) -> dict[str, bytes]:
    """Write the campaign as the store holds it as .xlsx; answers its files.

    Raises FolderNotTaken where there is such a file already, unless it is to be replaced.
    """
    texts = held_files(session)
    write_new_workbook(path, texts, replace=replace, language=language)
    return texts


def write_new_workbook(path: Path, texts: Mapping[str, bytes], *, replace: bool = False, language: str) -> None:
    """Write a campaign's files as .xlsx; raises FolderNotTaken where there is such a file already."""
    if path.suffix.lower() != WORKBOOKS[0]:
        raise FolderNotTaken(
            f"{path}: a campaign is written as {WORKBOOKS[0]}; name the file so.",
            code="workbook_ending",
            file=str(path),
            ending=str(WORKBOOKS[0]),
        )
    if path.exists() and not replace:
        raise FolderNotTaken(
            f"{path} is there already; `--replace` writes over it.", code="file_is_there", file=str(path)
        )
    path.write_bytes(write_workbook(texts, language))


def export_folder(session: Session, folder: Path, *, replace: bool = False) -> dict[str, bytes]:
    """Write the campaign as the store holds it into a folder; answers its files.

    A folder of the same campaign is brought up to it. Raises FolderNotTaken where something would be lost that the
    store does not know, unless it is to be replaced, and StoreNotReady where the store holds no campaign's files.
    """
    version, texts = find_version(session), held_files(session)
    if folder.exists() and not folder.is_dir():
        raise FolderNotTaken(f"{folder} is a file; name a folder.", code="is_a_file", folder=str(folder))
    is_there = folder.is_dir() and any(folder.iterdir())
    before = in_order(read_texts(folder)) if is_there else {}
    if is_there and not replace:
        if CAMPAIGN not in before:
            raise FolderNotTaken(
                f"{folder} holds something else; name an empty folder, or one that is not there yet.",
                code="holds_something_else",
                folder=str(folder),
            )
        lost = changes_between(texts, before)
        if lost and (version is None or fingerprint_of(before) != version.fingerprint):
            raise FolderNotTaken(
                f"{folder} says what this store does not know (store → folder):{listed(lost)}\nNothing was written. "
                "`python -m jobs campaign import` takes it in, `--replace` writes over it.",
                code="folder_says_more",
                folder=str(folder),
                changes=listed(lost),
            )
    (folder / INDICATORS).mkdir(parents=True, exist_ok=True)
    for file in before.keys() - texts.keys():
        (folder / file).unlink()
    for file, content in texts.items():
        if before.get(file) != content:
            # A file is the old or the new one, never half of it, whatever ends the command.
            written = folder / f"{file}.new"
            written.write_bytes(content)
            written.replace(folder / file)
    return texts
