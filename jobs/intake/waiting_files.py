"""Dropped files that wait for somebody: which are not taken in unseen, and reading one again where it lies."""

import re
from pathlib import Path

import numpy as np
from sqlmodel import Session

from jobs.imports.units.names import PROVINCE_NAMES
from jobs.imports.words import folded
from jobs.intake.bring_in import FileReport, bring_in
from jobs.intake.file_reads import FileRead
from jobs.intake.previews import foresee
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
from targets.errors import CampaignError, UnknownName, UnreadableFile

LEAST_REVISED = 20
"""Fewer figures than that are a correction, whatever their share."""
CALLED = ("tinh", "thanh pho", "tp")
"""What stands before the name of a province in a title, as `folded` spells it."""


WORD = r"\w+"


class FileHeld(CampaignError):
    """A file that can be read and is not taken in unseen."""


def check_drop(store: Store, read: FileRead, *, most_revised: int, context: ChangeContext) -> None:
    """Raise FileHeld for a file whose title names another province, or that would revise too much of what is known.

    `most_revised`: percent of the figures that its source has told of the file's days.
    """
    named, own = other_province(read), _own_name(read)
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


def other_province(read: FileRead) -> str | None:
    """A province that a file's title names and that is not the campaign's own; None where it names none."""
    title, own = (f" {' '.join(re.findall(WORD, folded(said)))} " for said in (read.title, _own_name(read)))
    for name in PROVINCE_NAMES:
        spelled = " ".join(re.findall(WORD, folded(name)))
        if spelled not in own and any(f" {called} {spelled} " in title for called in CALLED):
            return name
    return None


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
