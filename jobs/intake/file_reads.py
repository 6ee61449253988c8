"""A file read and checked against the store, held until somebody decides what becomes of it, and recorded."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
from sqlmodel import Session

from jobs.imports.formats.isolated import read_apart
from jobs.imports.templates import write_template
from jobs.imports.values import (
    COMMAND,
    FileWarning,
    Font,
    ImportContext,
    Kind,
    Limits,
    Progress,
    ReadingBatch,
    RejectedRow,
)
from models.core.audit import ChangeContext, find_state
from models.core.columns import storable_name
from models.core.store import Store
from models.readings.actions import Counts, record_baselines, record_central, record_scores, record_targets
from models.readings.loading import Arrival, open_run
from models.readings.quarantine import find_choices
from models.readings.records import Record
from models.results.inputs import load_campaign
from models.tables import Run
from models.tasks.actions import record_tasks
from models.units.actions import record_units
from models.units.queries import find_units
from targets.errors import UnknownName

BLOCK = 1 << 20
DEFAULT_SOURCE = "file"


@dataclass(frozen=True)
class FileRead:
    """All that storing a file needs: its good rows, its bad ones, and what it was checked against."""

    context: ImportContext
    name: str
    kind: Kind
    as_of: date | None
    payload_hash: str
    parts: list[ReadingBatch]
    """Readings; the code that stores them permanently may let go of them one by one."""
    records: tuple[Record, ...]
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[FileWarning, ...]
    rows_read: int
    repeated: int
    """Figures that an earlier row of the file reported alike; they count as unchanged."""
    chosen: Mapping[str, str] = field(default_factory=dict)
    """What somebody chose for this file and is remembered once it is saved."""
    title: str = ""
    """What stands above its tables."""

    @property
    def source(self) -> str:
        return self.context.source

    @property
    def figures(self) -> int:
        """How many figures or facts are held."""
        return len(self.records) + sum(len(part.frame) for part in self.parts)


def read_in(
    store: Store,
    path: Path,
    *,
    kind: Kind | str = "auto",
    source: str = DEFAULT_SOURCE,
    as_of: date | None = None,
    today: date,
    limits: Limits = COMMAND,
    font: Font = "unicode",
    choices: Mapping[str, str] | None = None,
    is_anew: bool = False,
    progress: Progress | None = None,
) -> FileRead:
    """Read a whole file and check every row; nothing is locked and nothing is changed.

    `choices` answer what the file leaves open; `is_anew` leaves aside what is remembered of earlier answers.
    Raises CampaignError where the file cannot be read as what it should be (FileAsks where somebody can settle it), and
    UnknownName for a source.
    """
    with store.reading() as session:
        context = context_of(
            session, kind=kind, source=source, as_of=as_of, today=today, limits=limits, font=font, choices=choices or {}
        )
    if is_anew:
        context = replace(context, remembered={})
    parsed = read_apart(path, context, progress=progress)
    parts: list[ReadingBatch] = []
    rejected, warnings = list(parsed.rejected), list(parsed.warnings)
    rows_read, repeated = parsed.rows_read, parsed.repeated
    for batch in parsed.batches:
        if len(batch.frame):
            # A long file is held in memory once, and its places in half the room they come in.
            parts.append(replace(batch, frame=batch.frame.astype({"row": np.int32, "column": np.int32})))
        rejected += batch.rejected
        limits.check_rejected(len(rejected))
        warnings += batch.warnings
        rows_read, repeated = rows_read + batch.rows_read, repeated + batch.repeated
    return FileRead(
        context=context,
        name=storable_name(path.name),
        kind=parsed.kind,
        as_of=parsed.as_of,
        payload_hash=_hash(path),
        parts=parts,
        records=parsed.records,
        rejected=tuple(rejected),
        warnings=tuple(warnings),
        rows_read=rows_read,
        repeated=repeated,
        chosen=parsed.chosen,
        title=parsed.title,
    )


def context_of(
    session: Session,
    *,
    kind: str,
    source: str,
    as_of: date | None,
    today: date,
    limits: Limits = COMMAND,
    font: Font = "unicode",
    choices: Mapping[str, str],
) -> ImportContext:
    """What a file is read against, as the store has it now. Raises UnknownName for an unknown source."""
    campaign = load_campaign(session)
    known = [listed.key for listed in campaign.sources]
    if source not in known:
        raise UnknownName(kind="source", name=source, allowed=known)
    return ImportContext(
        campaign=campaign,
        units=find_units(session),
        today=today,
        source=source,
        basis=campaign.source(source).basis,
        as_of=as_of,
        kind=kind,  # type: ignore[arg-type] # read_file refuses an unknown kind by name
        limits=limits,
        font=font,
        choices=choices,
        remembered=find_choices(session, source),
    )


def template_of(store: Store, kind: Kind, ending: Literal["xlsx", "csv"]) -> bytes:
    """The form of a kind, with the campaign's units and indicators filled in."""
    with store.reading() as session:
        campaign, units = load_campaign(session), find_units(session)
    with TemporaryDirectory(prefix="caodiem-template-") as folder:
        out = Path(folder) / f"{kind}.{ending}"
        write_template(kind, out, campaign=campaign, units=units)
        return out.read_bytes()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


NAMED_AFTER_FILE = ("baselines", "scores")
"""Kinds whose figures come from the file itself where a row names no source."""
RECORDERS: dict[str, Callable[..., Counts]] = {
    "baselines": record_baselines,
    "central": record_central,
    "targets": record_targets,
    "tasks": record_tasks,
}


def record_file(session: Session, read: FileRead, *, context: ChangeContext) -> tuple[Counts, Run]:
    """Begin a run and record what a file of a smaller kind held; answers the counts and the run."""
    run, _ = open_run(session, arrival_of(read), context)
    records: tuple[Any, ...] = read.records
    is_simulated = find_state(session).simulated
    if read.kind in NAMED_AFTER_FILE:
        records = tuple(replace(record, source_note=record.source_note or read.name) for record in records)
    if read.kind == "units":
        return record_units(session, records, is_whole=False, context=context), run
    if read.kind == "scores":
        return record_scores(session, records, run=run, is_simulated=is_simulated), run
    return RECORDERS[read.kind](session, records, is_simulated=is_simulated, context=context), run


def arrival_of(read: FileRead) -> Arrival:
    """A file as its run records it."""
    return Arrival(
        kind=read.kind,
        source=read.source,
        file_name=read.name,
        payload_hash=read.payload_hash,
        received=read.rows_read,
        for_date=read.as_of,
        rejected=read.rejected,
        warnings=[
            {"code": warning.code, "terms": dict(warning.terms), "place": warning.place} for warning in read.warnings
        ],
    )
