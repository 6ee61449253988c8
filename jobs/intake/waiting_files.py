"""Dropped files that wait for somebody: which are not taken in unseen, and reading one again where it lies."""

import re
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import numpy as np
from sqlmodel import Session

from jobs.imports.units.names import PROVINCE_NAMES
from jobs.imports.words import folded
from jobs.intake.bring_in import FileReport, bring_in
from jobs.intake.file_reads import FileRead
from jobs.intake.previews import foresee
from jobs.wording.results import without_office
from jobs.workplace import Workplace, further_workplaces
from models import migrations
from models.core import formats
from models.core.audit import ChangeContext
from models.core.columns import day_of
from models.core.store import Store
from models.core.texts import text
from models.feeds.files import find_waiting_files, settle_files
from models.feeds.queries import RunRow
from models.feeds.words import failure_sentence
from models.readings.comparing import count_known
from models.readings.loading import LoadReport
from models.results.inputs import load_campaign
from models.units.queries import find_units
from targets.errors import CampaignError, UnknownName, UnreadableFile

LEAST_REVISED = 20
"""Fewer figures than that are a correction, whatever their share."""
CALLED = ("tinh", "thanh pho", "tp")
"""What stands before the name of a province in a title, as `folded` spells it."""


WORD = r"\w+"


class FileHeld(CampaignError):
    """A file that can be read and is not taken in unseen."""


def find_other_roots(workplace: Workplace) -> tuple[str, ...]:
    """What the other campaigns behind the same door are of: the names of the units at their top."""
    front, names = workplace.at_front(), []
    for place in (front, *further_workplaces(front.settings)):
        if place.campaign != workplace.campaign:
            # A store that is not ready yet has no folder either.
            with suppress(CampaignError):
                migrations.check_version(place.store)
                with place.store.reading() as session:
                    root = load_campaign(session).province
                    names += [unit.name for unit in find_units(session) if unit.code == root]
    return tuple(names)


def check_drop(
    store: Store, read: FileRead, *, most_revised: int, beside: Collection[str] = (), context: ChangeContext
) -> None:
    """Raise FileHeld for a file whose title says that it is of somebody else, or that would revise too much of what is
    known.

    `most_revised`: percent of the figures that its source has told of the file's days. `beside`: what other campaigns
    are of.
    """
    named, own = named_instead(read, beside), _own_name(read)
    if named is not None:
        raise FileHeld(f"The title names {named}.", code="held_other_province", named=named, own=own)
    if read.kind != "readings" or most_revised >= 100 or not read.parts:
        return
    revised = foresee(store, read, context=context).counts.revised
    if revised < LEAST_REVISED:
        return
    days = {day_of(day) for part in read.parts for day in np.unique(part.frame["as_of"].to_numpy()).tolist()}
    with store.reading() as session:
        known = count_known(session, source=read.source, days=days)
    share = 100 * revised // known
    if share > most_revised:
        counted = {"revised": str(revised), "known": str(known), "share": str(share), "most": str(most_revised)}
        raise FileHeld(f"It would revise {share} percent of what is known.", code="held_revises", **counted)


def named_instead(read: FileRead, beside: Collection[str] = ()) -> str | None:
    """What a file's title names in place of what the campaign is of: another province, or what another campaign is of.

    None where it names none: the units of the campaign are its own, and so is the province that a district or a commune
    names above itself.
    """
    title, own = _spelled(read.title), _spelled(without_office(_own_name(read)))
    provinces = {name: [f" {called}{_spelled(name)}" for called in CALLED] for name in PROVINCE_NAMES}
    is_province = any(called in own for spelled in provinces.values() for called in spelled)
    if own in title and not is_province:
        return None
    for name, spelled in provinces.items():
        if _spelled(name) not in own and any(called in title for called in spelled):
            return name
    own_units = {_spelled(without_office(unit.name)) for unit in read.context.units}
    others = {name: _spelled(without_office(name)) for name in beside}
    return next((name for name, said in others.items() if said not in own_units and said in title), None)


def _spelled(said: str) -> str:
    """Words as they are compared, with a space before and after each."""
    return f" {' '.join(re.findall(WORD, folded(said)))} "


def _own_name(read: FileRead) -> str:
    root = read.context.campaign.province
    return next(unit.name for unit in read.context.units if unit.code == root)


def file_words(file: RunRow, language: str) -> str:
    """Which dropped file waits, since when, and why."""
    return text(
        "feeds.files.file",
        language,
        run=str(file.id),
        file=file.file_name or "–",
        at=formats.moment(file.received_at, language),
        reason=failure_sentence(file.failure or "", file.failure_terms, language),
    )


def read_again(store: Store, run_id: int, *, context: ChangeContext) -> FileReport:
    """Take a waiting file in as it lies now: somebody has looked at it, mended it, or mended what it was refused for.

    Raises UnknownName for the number of anything but a file that waits, UnreadableFile where it lies no more, and
    CampaignError where it can still not be read.
    """
    with store.reading() as session:
        waiting = {run.id: run for run in find_waiting_files(session)}
    if run_id not in waiting:
        raise UnknownName(kind="waiting_file", name=str(run_id), allowed=[str(known) for known in waiting])
    run = waiting[run_id]
    path = Path(run.path or "")
    if not run.path or not path.is_file():
        raise UnreadableFile(
            f"{run.file_name} lies no more where it was put.", code="waiting_file_gone", name=run.file_name or ""
        )

    def settle(session: Session, report: LoadReport) -> None:
        settle_files(session, [run_id], by=report.run_id, context=context)

    return bring_in(store, path, source=run.source, also=settle, context=context)
