"""A file into the store: read, checked, previewed, taken in as one transaction. The command and the page use this."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
from sqlmodel import Session

from jobs.imports.values import FileWarning, Font, Kind, Progress, ReadingBatch, RejectedRow
from jobs.intake.file_reads import DEFAULT_SOURCE, FileRead, arrival_of, context_of, read_in, record_file
from jobs.intake.previews import Preview, foresee, foresee_in
from jobs.pulls.turns import writing_in_turn
from models.core import formats
from models.core.audit import ChangeContext, find_state
from models.core.clock import business_day
from models.core.permission import require
from models.core.store import Store
from models.core.texts import text
from models.readings.actions import Counts
from models.readings.loading import LoadReport, load_facts, load_readings, remember_choices
from models.targets.actions import propose_targets
from targets.errors import CampaignError
from targets.permissions import Permission

__all__ = ["DEFAULT_SOURCE", "FileReport", "StoreChanged", "bring_in", "save", "summary"]


@dataclass(frozen=True)
class FileReport:
    """What became of a file. Nothing is stored where `is_stored` is false (a dry run, or `strict` with bad rows)."""

    kind: str
    file: str
    as_of: date | None
    counts: Counts
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[FileWarning, ...]
    run_id: int | None
    is_stored: bool
    was_rechecked: bool = False
    """The store had changed since the preview, and the preview still held."""

    def summary(self, language: str) -> str:
        """What became of it in one line."""
        return summary(self.kind, self.counts, len(self.rejected), language)


class StoreChanged(CampaignError):
    """Between preview and saving something changed, so that saving would not do what was shown. Nothing was saved."""

    def __init__(self, preview: Preview | None) -> None:
        self.preview = preview
        """What saving would do now; None where campaign or units changed and the file must be read again."""
        super().__init__(
            "The store changed since the preview, and saving would not do what was shown. Nothing was saved.",
            code="store_changed" if preview is not None else "campaign_changed",
        )


def summary(kind: str, counts: Counts, rejected: int, language: str) -> str:
    """ "1.548 số liệu: 1.200 mới, 12 điều chỉnh, 330 không đổi, 6 dòng lỗi"."""
    numbers = {
        "accepted": counts.accepted,
        "revised": counts.revised,
        "unchanged": counts.unchanged,
        "rejected": rejected,
    }
    total = formats.whole(sum(numbers.values()), language)
    said = {name: formats.whole(number, language) for name, number in numbers.items()}
    return text("upload.summary", language, total=total, what=text(f"upload.counted.{kind}", language), **said)


def bring_in(
    store: Store,
    path: Path,
    *,
    kind: Kind | str = "auto",
    source: str = DEFAULT_SOURCE,
    as_of: date | None = None,
    is_dry_run: bool = False,
    is_strict: bool = False,
    font: Font = "unicode",
    choices: Mapping[str, str] | None = None,
    is_anew: bool = False,
    context: ChangeContext,
    progress: Progress | None = None,
    waits: Callable[[], None] | None = None,
    check: Callable[[FileRead], None] | None = None,
    also: Callable[[Session, LoadReport], None] | None = None,
) -> FileReport:
    """Read a file and take its good rows in, the bad ones into quarantine; with `is_strict` all rows or none.

    The file is read first and the store is locked only while its rows are written; `also` is done in the same
    transaction. With `waits`, which hears of them, others who hold the store are waited for. `check` may refuse what is
    read. `choices` answer what the file leaves open, and are remembered; `is_anew` leaves aside what is. Raises
    CampaignError where the file cannot be read as what it should be (FileAsks where somebody can settle it), and
    UnknownName for a source.
    """
    today = business_day(context.now)
    read = read_in(
        store,
        path,
        kind=kind,
        source=source,
        as_of=as_of,
        today=today,
        font=font,
        choices=choices,
        is_anew=is_anew,
        progress=progress,
    )
    if check is not None:
        check(read)
    if is_strict and read.rejected:
        return _reported(read, Counts(unchanged=read.repeated))
    if is_dry_run:
        preview = foresee(store, read, context=context)
        return replace(_reported(read, preview.counts), warnings=(*read.warnings, *preview.remarks))
    with store.writing() if waits is None else writing_in_turn(store, waits=waits) as session:
        report = _take_in(session, read, _used_up(read.parts), context=context)
        if also is not None:
            also(session, report)
    return _stored(read, report)


def save(store: Store, read: FileRead, preview: Preview, *, context: ChangeContext) -> FileReport:
    """Take in exactly what was previewed, as one transaction.

    Where the store has changed since, the preview is worked out anew within it. Raises StoreChanged, and saves nothing,
    where it would not be the same; raises Refused where the person may not bring files in.
    """
    with store.writing() as session:
        require(session, context, Permission.IMPORT)
        is_other = find_state(session).data_version != preview.data_version
        if is_other:
            _check_context(session, read)
            again = foresee_in(session, read, context=context)
            if again.fingerprint != preview.fingerprint:
                raise StoreChanged(again)
        report = _take_in(session, read, (part.frame for part in read.parts), context=context)
    return _stored(read, report, was_rechecked=is_other)


def _check_context(session: Session, read: FileRead) -> None:
    """Raise StoreChanged where the rows were checked against another campaign or other units."""
    was = read.context
    now = context_of(
        session,
        kind=was.kind,
        source=was.source,
        as_of=was.as_of,
        today=was.today,
        limits=was.limits,
        font=was.font,
        choices=was.choices,
    )
    # The rows were read; what has been chosen for other files since is none of theirs.
    if replace(now, remembered=was.remembered) != was:
        raise StoreChanged(None)


def _reported(read: FileRead, counts: Counts) -> FileReport:
    return FileReport(
        kind=read.kind,
        file=read.name,
        as_of=read.as_of,
        counts=counts,
        rejected=read.rejected,
        warnings=read.warnings,
        run_id=None,
        is_stored=False,
    )


def _stored(read: FileRead, report: LoadReport, *, was_rechecked: bool = False) -> FileReport:
    return replace(
        _reported(read, Counts(unchanged=read.repeated) + report.counts),
        warnings=(*read.warnings, *(FileWarning(**remark) for remark in report.remarks)),
        run_id=report.run_id,
        is_stored=True,
        was_rechecked=was_rechecked,
    )


def _used_up(parts: list[ReadingBatch]) -> Iterator[pd.DataFrame]:
    """The frames, each let go of once it is stored: deriving the kept tables needs the room."""
    while parts:
        yield parts.pop(0).frame


def _take_in(session: Session, read: FileRead, frames: Iterator[pd.DataFrame], *, context: ChangeContext) -> LoadReport:
    arrival = arrival_of(read)
    remember_choices(session, read.chosen, source=read.source, context=context)
    if read.kind == "readings":
        return load_readings(session, frames, arrival=arrival, context=context)
    counts, run = record_file(session, read, context=context)
    if counts.changes and read.kind in ("baselines", "central", "units"):
        propose_targets(session, context=context)
    return load_facts(session, counts, run, arrival=arrival, context=context)
