"""Taking figures in: readings with their revisions, other facts, and what could not be read."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Protocol

import pandas as pd
from sqlmodel import Session, col, select

from models.core.audit import ChangeContext, find_state, record
from models.core.columns import day_of
from models.core.permission import require
from models.readings.actions import Counts, record_scores, store_readings
from models.readings.quarantine import find_choices, find_source_id
from models.readings.records import ScoreRecord
from models.readings.settling import supersede_rows
from models.results.inputs import load_campaign
from models.results.kept import bring_up_to_date
from models.tables import ColumnChoice, Quarantined, Run, SourceRow
from targets.errors import UnknownName
from targets.periods import OPEN_END
from targets.permissions import Permission
from targets.values import Campaign

QUARANTINE_LOOKUP = 500


class RejectedRow(Protocol):
    """A row that could not be taken in, as the reader of a file describes it."""

    @property
    def place(self) -> str: ...
    @property
    def field(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def problem(self) -> str: ...
    @property
    def terms(self) -> Mapping[str, str]: ...
    @property
    def raw(self) -> Mapping[str, str]: ...
    @property
    def about(self) -> tuple[int, str, int] | None: ...


@dataclass(frozen=True)
class Arrival:
    """How something arrived: what kind, from which source, in which file, and what of it could not be read."""

    kind: str
    source: str
    file_name: str | None = None
    payload_hash: str | None = None
    received: int = 0
    rejected: Sequence[RejectedRow] = ()
    warnings: Sequence[dict[str, Any]] = field(default_factory=tuple)
    for_date: date | None = None
    """The one day it is about; None where it may be about several."""


def keep_rejected(session: Session, arrival: Arrival, run: Run) -> None:
    """Keep bad rows with their raw text; the same bad row again is the same entry."""
    entries: dict[str, RejectedRow] = {}
    for row in arrival.rejected:
        entries.setdefault(_fingerprint(arrival, row), row)
    known: set[str] = set()
    prints = list(entries)
    for start in range(0, len(prints), QUARANTINE_LOOKUP):
        part = prints[start : start + QUARANTINE_LOOKUP]
        known |= set(session.exec(select(Quarantined.fingerprint).where(col(Quarantined.fingerprint).in_(part))))
    session.add_all(
        Quarantined(
            run_id=run.id or 0,
            kind=arrival.kind,
            file_name=arrival.file_name or "",
            place=row.place,
            field=row.field,
            value=row.value,
            problem=row.problem,
            terms=dict(row.terms),
            raw=dict(row.raw),
            fingerprint=fingerprint,
            **_about(row),
        )
        for fingerprint, row in entries.items()
        if fingerprint not in known
    )
    session.flush()


def _about(row: RejectedRow) -> dict[str, Any]:
    if row.about is None:
        return {}
    unit, indicator, day = row.about
    return {"unit_id": unit, "indicator": indicator, "as_of": day_of(day)}


def _fingerprint(arrival: Arrival, row: RejectedRow) -> str:
    spelled = json.dumps(
        [arrival.kind, arrival.source, row.field, row.value, row.problem, dict(row.raw)],
        ensure_ascii=False,
        sort_keys=True,
    )
    return hashlib.sha256(spelled.encode()).hexdigest()


def remember_choices(session: Session, choices: Mapping[str, str], *, source: str, context: ChangeContext) -> None:
    """Remember options by the keys of their questions; what was chosen before for the same column is replaced.

    Changes no figure, so the data version stays; the audit keeps what was chosen before.
    """
    require(session, context, Permission.IMPORT)
    known = find_choices(session, source)
    new = {key: option for key, option in choices.items() if known.get(key) != option}
    if not new:
        return
    source_id = find_source_id(session, source)
    for key, option in new.items():
        session.merge(ColumnChoice(source_id=source_id, key=key, option=option, by=context.by, recorded_at=context.now))
    old = {key: known[key] for key in new if key in known}
    record(
        session,
        context=context,
        action="remember_choices",
        subject=source,
        old=old or None,
        new=dict(new),
        is_change=False,
    )


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
    context: ChangeContext,
    run: Run | None = None,
    scores: Sequence[ScoreRecord] = (),
) -> LoadReport:
    """Take readings in: new ones, revisions of changed ones; equal ones are left alone. Scores may come along.

    Each frame has the columns unit_id, indicator, as_of (whole days), scope, numerator, denominator, value (points),
    qualifier; missing numbers are NaN. It has a column value_high where there are ranges, note and quotation where a
    file has them. Raises UnknownName for a source the campaign does not name. `run` is one that is under way already:
    what it brings is received now, not when the source began to be asked.
    """
    campaign = load_campaign(session)
    if run is None:
        run, source = _open_run(session, arrival, context, campaign)
    else:
        source = _adopt(session, run, arrival, context, campaign)
    is_simulated = find_state(session).simulated
    stored = store_readings(session, frames, run=run, source=source, campaign=campaign, is_simulated=is_simulated)
    if scores:
        stored.counts += record_scores(session, scores, run=run, is_simulated=is_simulated)
    closed = supersede_rows(session, run, context=context)
    run.warnings = [*run.warnings, *stored.remarks]
    days = {"since": stored.first, "through": stored.last}
    report = _close_run(session, run, arrival, stored.counts, context=context, campaign=campaign, closed=closed, **days)
    return replace(report, remarks=tuple(stored.remarks))


def load_history(
    session: Session, arrivals: Iterable[tuple[ChangeContext, Arrival, pd.DataFrame]], *, context: ChangeContext
) -> list[LoadReport]:
    """Take in what arrived on many occasions, each with its own moment; the kept tables are brought up to date once."""
    reports, since, through = [], OPEN_END, -OPEN_END
    campaign, is_simulated = load_campaign(session), find_state(session).simulated
    for of_run, arrival, frame in arrivals:
        run, source = _open_run(session, arrival, of_run, campaign)
        stored = store_readings(session, [frame], run=run, source=source, campaign=campaign, is_simulated=is_simulated)
        reports.append(_settle(session, run, arrival, stored.counts))
        since, through = min(since, stored.first), max(through, stored.last)
    total = sum((report.counts for report in reports), Counts())
    if total.changes:
        record(
            session,
            context=context,
            action="load_history",
            subject=f"{len(reports)} runs",
            new={"accepted": total.accepted, "revised": total.revised, "unchanged": total.unchanged},
        )
        bring_up_to_date(session, since=since, through=through, campaign=campaign)
    return reports


def load_facts(session: Session, counts: Counts, run: Run, *, arrival: Arrival, context: ChangeContext) -> LoadReport:
    """Finish a load of anything but readings: every day's results may depend on it."""
    return _close_run(session, run, arrival, counts, context=context, since=None, through=None)


def open_run(session: Session, arrival: Arrival, context: ChangeContext) -> tuple[Run, SourceRow]:
    """Begin a load; `load_facts` or `load_readings` ends it."""
    return _open_run(session, arrival, context, load_campaign(session))


def _source_of(session: Session, arrival: Arrival, campaign: Campaign) -> SourceRow:
    # The campaign's files decide: the row of a source they no longer name stays behind with its readings.
    known = sorted(source.key for source in campaign.sources)
    if arrival.source not in known:
        raise UnknownName(kind="source", name=arrival.source, allowed=known)
    return session.exec(select(SourceRow).where(SourceRow.key == arrival.source)).one()


def _adopt(session: Session, run: Run, arrival: Arrival, context: ChangeContext, campaign: Campaign) -> SourceRow:
    require(session, context, Permission.PULL)
    source = _source_of(session, arrival, campaign)
    run.received_at, run.payload_hash = context.now, arrival.payload_hash
    run.received, run.warnings = arrival.received, list(arrival.warnings)
    session.add(run)
    session.flush()
    return source


def _open_run(session: Session, arrival: Arrival, context: ChangeContext, campaign: Campaign) -> tuple[Run, SourceRow]:
    require(session, context, Permission.IMPORT)
    source = _source_of(session, arrival, campaign)
    run = Run(
        source_id=source.id,
        kind=arrival.kind,
        for_date=arrival.for_date,
        status="running",
        received_at=context.now,
        by=context.by,
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
    context: ChangeContext,
    since: int | None,
    through: int | None,
    campaign: Campaign | None = None,
    closed: int = 0,
) -> LoadReport:
    """`closed`: rows in quarantine whose figures it brought."""
    report = _settle(session, run, arrival, counts)
    if counts.changes:
        record(
            session,
            context=context,
            action=f"load_{arrival.kind}",
            subject=arrival.file_name or arrival.source,
            new={
                "run": run.id,
                "accepted": counts.accepted,
                "revised": counts.revised,
                "unchanged": counts.unchanged,
                "rejected": run.rejected,
                "payload": arrival.payload_hash,
                **({"rows_closed": closed} if closed else {}),
            },
        )
        bring_up_to_date(session, since=since, through=through, campaign=campaign)
    return report
