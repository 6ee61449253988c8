"""Taking figures in: readings with their revisions, other facts, and what could not be read.

A load is one transaction: run, figures, quarantine, kept tables, audit and data version, or nothing of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from sqlmodel import Session, select

from models.actions.facts import Counts, ScoreFact, record_scores
from models.actions.permission import require
from models.actions.quarantine import Arrival, RejectedRow, keep_rejected
from models.actions.readings import store_readings
from models.audit import Deed, find_state, record
from models.inputs import load_campaign
from models.kept import bring_up_to_date
from models.tables import Run, SourceRow
from targets.errors import UnknownName
from targets.periods import OPEN_END
from targets.permissions import Permission
from targets.values import Campaign

__all__ = ["Arrival", "LoadReport", "RejectedRow", "load_facts", "load_history", "load_readings", "open_run"]


@dataclass(frozen=True)
class LoadReport:
    """What a load did, as its run records it."""

    run_id: int
    status: str
    counts: Counts
    rejected: int
    remarks: Sequence[dict[str, Any]] = ()
    """What storing alone shows: codes of `warning` with their terms, as the run keeps them."""


def load_readings(
    session: Session,
    frames: Iterable[pd.DataFrame],
    *,
    arrival: Arrival,
    deed: Deed,
    run: Run | None = None,
    scores: Sequence[ScoreFact] = (),
) -> LoadReport:
    """Take readings in: new ones, revisions of changed ones; equal ones are left alone. Scores may come along.

    Each frame has the columns unit_id, indicator, as_of (whole days), scope, numerator, denominator, value (points),
    qualifier; missing numbers are NaN. It has a column note where a file notes something beside its figures. Raises
    UnknownName for a source the campaign does not name. `run` is one that is under way already: what it brings is
    received now, not when the source began to be asked.
    """
    campaign = load_campaign(session)
    if run is None:
        run, source = _open_run(session, arrival, deed, campaign)
    else:
        source = _adopt(session, run, arrival, deed, campaign)
    stored = store_readings(session, frames, run=run, source=source, campaign=campaign)
    stored.counts += (
        record_scores(session, scores, source=source, run_id=run.id or 0, is_simulated=find_state(session).simulated)
        if scores
        else Counts()
    )
    run.warnings = [*run.warnings, *stored.remarks]
    days = {"since": stored.first, "through": stored.last}
    report = _close_run(session, run, arrival, stored.counts, deed=deed, campaign=campaign, **days)
    return replace(report, remarks=tuple(stored.remarks))


def load_history(
    session: Session, arrivals: Iterable[tuple[Deed, Arrival, pd.DataFrame]], *, deed: Deed
) -> list[LoadReport]:
    """Take in what arrived on many occasions, each with its own moment; the kept tables are brought up to date once."""
    reports, since, through = [], OPEN_END, -OPEN_END
    campaign = load_campaign(session)
    for of_run, arrival, frame in arrivals:
        run, source = _open_run(session, arrival, of_run, campaign)
        stored = store_readings(session, [frame], run=run, source=source, campaign=campaign)
        reports.append(_settle(session, run, arrival, stored.counts))
        since, through = min(since, stored.first), max(through, stored.last)
    total = sum((report.counts for report in reports), Counts())
    if total.changes:
        record(
            session,
            deed=deed,
            action="load_history",
            subject=f"{len(reports)} runs",
            new={"accepted": total.accepted, "revised": total.revised, "unchanged": total.unchanged},
        )
        bring_up_to_date(session, since=since, through=through, campaign=campaign)
    return reports


def load_facts(session: Session, counts: Counts, run: Run, *, arrival: Arrival, deed: Deed) -> LoadReport:
    """Finish a load of anything but readings: every day's results may depend on it."""
    return _close_run(session, run, arrival, counts, deed=deed, since=None, through=None)


def open_run(session: Session, arrival: Arrival, deed: Deed) -> tuple[Run, SourceRow]:
    """Begin a load; `load_facts` or `load_readings` ends it."""
    return _open_run(session, arrival, deed, load_campaign(session))


def _source_of(session: Session, arrival: Arrival, campaign: Campaign) -> SourceRow:
    # The campaign's files decide: the row of a source they no longer name stays behind with its readings.
    known = sorted(source.key for source in campaign.sources)
    if arrival.source not in known:
        raise UnknownName(kind="source", name=arrival.source, allowed=known)
    return session.exec(select(SourceRow).where(SourceRow.key == arrival.source)).one()


def _adopt(session: Session, run: Run, arrival: Arrival, deed: Deed, campaign: Campaign) -> SourceRow:
    require(session, deed, Permission.PULL)
    source = _source_of(session, arrival, campaign)
    run.received_at, run.payload_hash = deed.now, arrival.payload_hash
    run.received, run.warnings = arrival.received, list(arrival.warnings)
    session.add(run)
    session.flush()
    return source


def _open_run(session: Session, arrival: Arrival, deed: Deed, campaign: Campaign) -> tuple[Run, SourceRow]:
    require(session, deed, Permission.IMPORT)
    source = _source_of(session, arrival, campaign)
    run = Run(
        source_id=source.id,
        kind=arrival.kind,
        for_date=arrival.for_date,
        status="running",
        received_at=deed.now,
        by=deed.by,
        file_name=arrival.file_name,
        payload_hash=arrival.payload_hash,
        received=arrival.received,
        warnings=list(arrival.warnings),
    )
    session.add(run)
    session.flush()
    return run, source


def _settle(session: Session, run: Run, arrival: Arrival, counts: Counts) -> LoadReport:
    """Write what the run did into its row, and its bad rows into quarantine."""
    keep_rejected(session, arrival, run)
    run.accepted, run.revised, run.unchanged = counts.accepted, counts.revised, counts.unchanged
    # A pull has kept its bad rows already, figures and scores apart.
    run.rejected = len(arrival.rejected) or run.rejected
    run.status = "done_with_rejects" if run.rejected else "done" if counts.changes else "unchanged"
    session.add(run)
    session.flush()
    return LoadReport(run_id=run.id or 0, status=run.status, counts=counts, rejected=run.rejected)


def _close_run(
    session: Session,
    run: Run,
    arrival: Arrival,
    counts: Counts,
    *,
    deed: Deed,
    since: int | None,
    through: int | None,
    campaign: Campaign | None = None,
) -> LoadReport:
    report = _settle(session, run, arrival, counts)
    if counts.changes:
        record(
            session,
            deed=deed,
            action=f"load_{arrival.kind}",
            subject=arrival.file_name or arrival.source,
            new={
                "run": run.id,
                "accepted": counts.accepted,
                "revised": counts.revised,
                "unchanged": counts.unchanged,
                "rejected": run.rejected,
                "payload": arrival.payload_hash,
            },
        )
        bring_up_to_date(session, since=since, through=through, campaign=campaign)
    return report
