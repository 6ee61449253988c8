"""A file into the store: read, checked, and taken in as one transaction. The command and the upload page use this."""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from sqlmodel import Session, select

from jobs.imports import read_file
from jobs.imports.values import (
    FileWarning,
    ImportContext,
    Kind,
    ParsedFile,
    Progress,
    RejectedRow,
    UnitRecord,
)
from jobs.recording import Recording
from models.actions.facts import Counts
from models.actions.loading import Arrival, LoadReport, load_facts, load_readings, open_run
from models.actions.targets import propose_targets
from models.audit import Deed, find_state
from models.clock import business_day
from models.inputs import load_campaign
from models.store import Store
from models.tables import UnitRow
from targets.errors import UnknownName

BLOCK = 1 << 20
DEFAULT_SOURCE = "file"


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


class _DryRun(Exception):
    def __init__(self, report: LoadReport) -> None:
        self.report = report


def bring_in(
    store: Store,
    path: Path,
    *,
    kind: Kind | str = "auto",
    source: str = DEFAULT_SOURCE,
    as_of: date | None = None,
    is_dry_run: bool = False,
    is_strict: bool = False,
    deed: Deed,
    progress: Progress | None = None,
) -> FileReport:
    """Read a file and take its good rows in, the bad ones into quarantine; with `is_strict` all rows or none.

    The file is read first and the store is locked only while its rows are written. Raises CampaignError where the file
    cannot be read as what it should be, and UnknownName for a source.
    """
    with store.reading() as session:
        context = _context(session, kind=kind, source=source, as_of=as_of, deed=deed)
    parsed = read_file(path, context, progress=progress)
    frames: list[pd.DataFrame] = []
    rejected, warnings = list(parsed.rejected), list(parsed.warnings)
    rows_read, repeated = parsed.rows_read, parsed.repeated
    for batch in parsed.batches:
        # A long file is held in memory once, and only what is stored of it.
        frames.append(batch.frame.drop(columns=["row", "column"]))
        rejected += batch.rejected
        warnings += batch.warnings
        rows_read, repeated = rows_read + batch.rows_read, repeated + batch.repeated
    arrival = Arrival(
        kind=parsed.kind,
        source=source,
        file_name=path.name,
        payload_hash=_hash(path),
        received=rows_read,
        rejected=rejected,
        warnings=[{"code": warning.code, "terms": dict(warning.terms), "place": warning.place} for warning in warnings],
    )

    def reported(report: LoadReport | None, *, is_stored: bool) -> FileReport:
        return FileReport(
            kind=parsed.kind,
            file=path.name,
            as_of=parsed.as_of,
            counts=Counts(unchanged=repeated) + (report.counts if report else Counts()),
            rejected=tuple(rejected),
            warnings=tuple(warnings),
            run_id=report.run_id if report and is_stored else None,
            is_stored=is_stored,
        )

    if is_strict and rejected:
        return reported(None, is_stored=False)
    try:
        with store.writing() as session:
            report = _take_in(session, parsed, frames, arrival=arrival, deed=deed)
            if is_dry_run:
                raise _DryRun(report)
    except _DryRun as rehearsed:
        return reported(rehearsed.report, is_stored=False)
    return reported(report, is_stored=True)


def _context(session: Session, *, kind: str, source: str, as_of: date | None, deed: Deed) -> ImportContext:
    campaign = load_campaign(session)
    known = [listed.key for listed in campaign.sources]
    if source not in known:
        raise UnknownName(kind="source", name=source, allowed=known)
    return ImportContext(
        campaign=campaign,
        units=unit_records(session),
        today=business_day(deed.now),
        source=source,
        basis=campaign.source(source).basis,
        as_of=as_of,
        kind=kind,  # type: ignore[arg-type] # read_file refuses an unknown kind by name
    )


def unit_records(session: Session) -> tuple[UnitRecord, ...]:
    """The units as the reader of files matches them."""
    return tuple(
        UnitRecord(
            unit_id=row.id or 0,
            code=row.code,
            level=row.level,
            name=row.name,
            parent_id=row.parent_id,
            aliases=tuple(row.aliases),
            gso_code=row.gso_code,
            identity_code=row.identity_code,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            successor_id=row.successor_id,
            head_title=row.head_title,
            head_name=row.head_name,
            head_phone=row.head_phone,
        )
        for row in session.exec(select(UnitRow).order_by(UnitRow.position))  # type: ignore[arg-type] # SQLModel types columns as values
    )


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _take_in(
    session: Session, parsed: ParsedFile, frames: list[pd.DataFrame], *, arrival: Arrival, deed: Deed
) -> LoadReport:
    if parsed.kind == "readings":
        # Each frame is let go of once it is stored: deriving the kept tables needs the room.
        stored = (frames.pop(0) for _ in range(len(frames)))
        return load_readings(session, stored, arrival=arrival, deed=deed)
    run, source = open_run(session, arrival, deed)
    recording = Recording(
        session=session,
        campaign=load_campaign(session),
        run=run,
        source=source,
        is_simulated=find_state(session).simulated,
        deed=deed,
    )
    counts = recording.take(parsed.kind, parsed.records)
    if counts.changes and parsed.kind in ("baselines", "central", "units"):
        propose_targets(session, deed=deed)
    return load_facts(session, counts, run, arrival=arrival, deed=deed)
