"""What a file held, apart from readings, handed to the action that records its kind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlmodel import Session

from jobs.intake.file_reads import FileRead
from models.core.audit import ChangeContext, find_state
from models.readings.actions import Counts, record_baselines, record_central, record_scores, record_targets
from models.readings.loading import Arrival, open_run
from models.tables import Run
from models.tasks.actions import record_tasks
from models.units.actions import record_units

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
