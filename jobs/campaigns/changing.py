"""The campaign changed on screen: opened as the store holds it, foreseen, and changed unless somebody was faster."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TypeVar

import numpy as np
from sqlmodel import Session

from jobs.campaigns.borders import check_borders
from jobs.imports.tables.vocabulary import check_headings
from jobs.sources import check_sources
from models.campaign.actions import Founding, found_campaign
from models.campaign.beside import find_beside
from models.campaign.files import find_texts, find_version, find_versions_since
from models.catalogue import CampaignFiles, load_campaign_texts
from models.catalogue.changes import Change, changes_between
from models.catalogue.editing import Edit, FileEdit, RowEdit, edited
from models.catalogue.folder import UNITS, in_order
from models.core.audit import ChangeContext, find_state
from models.core.permission import find_archived, require
from models.core.settings import TIMEZONE
from models.core.store import Store, taken_back
from models.results.inputs import load_campaign, load_owed, load_units
from models.results.standing import find_standing
from models.targets.registrations import check_reason
from targets.errors import CampaignError, CampaignFilesError, FileProblem
from targets.permissions import Permission


class EditConflict(CampaignError):
    """The campaign has changed since the form was opened; `changes` say what is different now."""

    def __init__(self, changes: Sequence[Change], *, by: str, when: str, reason: str) -> None:
        self.changes = tuple(changes)
        listed = "".join(f"\n  - {change}" for change in self.changes)
        super().__init__(
            f"{by} changed the campaign at {when} ({reason}), after you opened this form. "
            f"Nothing was changed by you:{listed}",
            code="campaign_changed_by",
            by=by,
            when=when,
            reason=reason,
        )


@dataclass(frozen=True)
class OpenedCampaign:
    """The campaign as the store holds it: the files of the version in force, and what was imported beside them."""

    version: int
    texts: Mapping[str, bytes]
    files: CampaignFiles | None
    """None where this program cannot read them, or the store kept none yet."""
    problems: tuple[FileProblem, ...]
    beside: tuple[RowEdit, ...]
    is_archived: bool = False

    @property
    def is_editable(self) -> bool:
        return self.files is not None and not self.is_archived

    @property
    def held(self) -> dict[str, bytes]:
        """The whole campaign as files."""
        return in_order(edited(self.texts, self.beside))

    def before(self, edits: Sequence[Edit]) -> dict[str, bytes]:
        """The files that the edits change: a row that was imported is as it was imported, all others as they stand.

        The units that such a row names come with it: without them it would name units that the files do not know.
        Whole files are edited as the store holds them.
        """
        if any(isinstance(edit, FileEdit) for edit in edits):
            return self.held
        known = (*self.beside, *(edit for edit in edits if isinstance(edit, RowEdit)))
        rows = {_row(edit) for edit in known[len(self.beside) :]}
        while named := {unit for edit in known if _row(edit) in rows for unit in _units_named(edit)} - rows:
            rows |= named
        return edited(self.texts, [edit for edit in self.beside if _row(edit) in rows])


def _row(edit: RowEdit) -> tuple[str, ...]:
    return (edit.file, *edit.row.values())


def _units_named(edit: RowEdit) -> set[tuple[str, ...]]:
    said = {**edit.row, **(edit.cells or {})}
    return {(UNITS, said[name]) for name in ("parent", "successor", "unit") if said.get(name)}


def whole_edits(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> list[FileEdit]:
    """The edits that make all files of `before` those of `after`."""
    files = dict.fromkeys((*before, *after))
    return [FileEdit(file, after.get(file)) for file in files if before.get(file) != after.get(file)]


def open_campaign(session: Session) -> OpenedCampaign:
    """The version in force; what is wrong with its files is returned, never raised."""
    version, texts = find_version(session), find_texts(session)
    files: CampaignFiles | None = None
    problems: tuple[FileProblem, ...] = ()
    try:
        files = load_checked(texts) if texts else None
    except CampaignFilesError as mistakes:
        problems = mistakes.problems
    return OpenedCampaign(
        version=0 if version is None else version.version,
        texts=texts,
        files=files,
        problems=problems,
        beside=() if files is None else find_beside(session, files),
        is_archived=find_archived(session),
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
    check_borders(files)
    return files


def change_campaign(session: Session, edits: Sequence[Edit], *, seen: int, context: ChangeContext) -> Founding:
    """Make the edits in a new version of the campaign; `seen` is the version that the form was drawn from.

    Raises Refused, Incomplete, EditConflict, CampaignFilesError; then nothing has been changed.
    """
    require(session, context, Permission.CHANGE_CAMPAIGN)
    check_reason(context)
    opened = open_campaign(session)
    check_seen(session, opened, seen)
    before = opened.before(edits)
    return found_campaign(session, load_checked(edited(before, edits)), changed_from=before, context=context)


def check_seen(session: Session, opened: OpenedCampaign, seen: int) -> None:
    """Raise EditConflict, with what is different now, unless the version that was seen is the one in force."""
    since = find_versions_since(session, seen)
    if since:
        raise EditConflict(
            changes_between(find_texts(session, version=seen), opened.texts),
            by=", ".join(dict.fromkeys(version.by for version in since)),
            when=f"{since[0].at.astimezone(TIMEZONE):%d/%m/%Y %H:%M}",
            reason=since[0].reason,
        )


K = TypeVar("K", bound=tuple[str, ...])
"""A key that begins with the unit."""
Targets = dict[tuple[str, str, str], float | None]


@dataclass(frozen=True)
class Foreseen:
    """What a change would do."""

    changes: tuple[Change, ...]
    targets: int
    """Units whose target would change in some indicator and phase, proposed ones included."""
    standings: int
    """Units whose standing today would change on some indicator."""
    units: int
    staying: tuple[Change, ...] = ()
    """Rows taken out of the files that stay in the store all the same."""

    @property
    def is_nothing(self) -> bool:
        return not self.changes


def foresee(store: Store, edits: Sequence[Edit], *, seen: int, as_of: date, context: ChangeContext) -> Foreseen:
    """Try the edits out in a transaction that is rolled back; `seen` is the version that the form was drawn from.

    Raises Refused, EditConflict, CampaignFilesError as making the change would.
    """
    with store.reading() as session:
        opened = open_campaign(session)
        check_seen(session, opened, seen)
        standings = _standings(session, as_of)
        targets = _targets(session)
    before = opened.before(edits)
    files = load_checked(edited(before, edits))
    changes = changes_between(before, files.texts)
    if not any(change.touches_figures for change in changes):
        return Foreseen(changes, targets=0, standings=0, units=0)
    with store.writing() as session, taken_back(session):
        # Only the one day looked at is worked out, not the whole campaign.
        state = find_state(session)
        state.kept_through = None
        session.add(state)
        founding = found_campaign(session, files, changed_from=before, context=context)
        new_targets, new_standings = _targets(session), _standings(session, as_of)
    return Foreseen(
        changes=changes,
        targets=_units_that_differ(targets, new_targets),
        standings=_units_that_differ(standings, new_standings),
        units=len({unit for unit, *_ in new_targets}),
        staying=founding.staying,
    )


def _standings(session: Session, as_of: date) -> dict[tuple[str, str], str]:
    return {(row.unit, row.indicator): row.standing for row in find_standing(session, as_of=as_of)}


def _targets(session: Session) -> Targets:
    """The targets in force, in points; None where there is none."""
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    owed = load_owed(session, campaign, units).target
    return {
        (unit, indicator.key, phase.key): None if np.isnan(value) else value
        for unit, of_unit in zip(units.codes, owed.tolist(), strict=True)
        for indicator, of_indicator in zip(campaign.indicators, of_unit, strict=True)
        for phase, value in zip(campaign.phases, of_indicator, strict=True)
    }


def _units_that_differ(before: Mapping[K, object], after: Mapping[K, object]) -> int:
    """Units of which some entry differs, is new or is gone."""
    return len({key[0] for key in before.keys() | after.keys() if before.get(key) != after.get(key)})
