"""Readings into the store, and revisions of those that changed; versioned facts. Nothing is overwritten."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session, SQLModel, col, select

from models.core.audit import ChangeContext
from models.core.permission import require
from models.core.store import insert_rows
from models.feeds.withdrawn import find_withdrawn
from models.readings.comparing import (
    NAMED,
    Comparison,
    Floats,
    Whole,
    closed,
    compare,
    find_context,
    known_readings,
    known_series,
    of_second,
    reported_columns,
    series_keys,
)
from models.readings.flagging import flag_readings
from models.readings.records import (
    BECAUSE,
    NOTES,
    OF_ISSUE,
    BaselineRecord,
    CentralRecord,
    Record,
    ScoreRecord,
    TargetRecord,
)
from models.results.kept import sql_table
from models.tables import Baseline, CentralTarget, Reading, Run, Score, Series, SourceRow, Target, UnitRow
from models.units.queries import find_unit_ids
from targets.periods import OPEN_END
from targets.permissions import Permission
from targets.values import Campaign


@dataclass(frozen=True)
class Counts:
    """What a load did: new facts, changed ones, and those that were known already."""

    accepted: int = 0
    revised: int = 0
    unchanged: int = 0
    second: int = 0
    """Of the unchanged, those reported without counts for a day that has them: kept, and compared with the counts."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            accepted=self.accepted + other.accepted,
            revised=self.revised + other.revised,
            unchanged=self.unchanged + other.unchanged,
            second=self.second + other.second,
        )

    @property
    def changes(self) -> int:
        return self.accepted + self.revised + self.second


NEW, REVISED, UNCHANGED = Counts(accepted=1), Counts(revised=1), Counts(unchanged=1)


@dataclass(frozen=True)
class Versions:
    """A table whose facts are never overwritten: what identifies a fact, and what makes a further version."""

    table: type[SQLModel]
    key: tuple[str, ...]
    reported: tuple[str, ...]
    version: str = "version"

    def key_of(self, row: SQLModel) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in self.key)


BASELINES = Versions(
    Baseline, ("unit_id", "indicator", "year"), ("value", "numerator", "denominator", "qualifier", "source_note")
)
CENTRAL = Versions(CentralTarget, ("indicator", "year", "level"), ("value", "document", "source_note"))
TARGETS = Versions(Target, ("unit_id", "indicator", "phase", "origin"), ("value", "document", "document_date"))
SCORES = Versions(
    Score,
    ("unit_id", "indicator_key", "rank_group", "source_id", "basis", "period_start", "as_of"),
    ("points", "max_points", "rank", "rank_of", "source_note"),
    "revision",
)


def record_baselines(
    session: Session, records: Sequence[BaselineRecord], *, is_simulated: bool, context: ChangeContext
) -> Counts:
    """Record baselines; the same figure again is unchanged."""
    require(session, context, Permission.IMPORT)
    return _add_versions(session, BASELINES, records, simulated=is_simulated, **_recorded(context))


def record_central(
    session: Session, records: Sequence[CentralRecord], *, is_simulated: bool, context: ChangeContext
) -> Counts:
    """Record central targets; the same value under the same document again is unchanged."""
    require(session, context, Permission.IMPORT)
    return _add_versions(session, CENTRAL, records, simulated=is_simulated, **_recorded(context))


def record_targets(
    session: Session, records: Sequence[TargetRecord], *, is_simulated: bool, context: ChangeContext
) -> Counts:
    """Record issued or registered targets as versions in force; another value than was issued is a correction."""
    require(session, context, Permission.IMPORT)
    total = Counts()
    for origin in dict.fromkeys(record.origin for record in records):
        of_origin = [record for record in records if record.origin == origin]
        reason = {"because": BECAUSE[origin], "simulated": is_simulated}
        total += _add_versions(session, TARGETS, of_origin, **reason, **_recorded(context))
    return total


def record_scores(session: Session, records: Sequence[ScoreRecord], *, run: Run, is_simulated: bool) -> Counts:
    """Record official scores as the run's source reported them: never computed, never mixed with rates."""
    told_by = {"source_id": run.source_id, "run_id": run.id}
    return _add_versions(session, SCORES, records, simulated=is_simulated, **told_by)


def columns_of(record: Record, ids: Mapping[str, int]) -> dict[str, Any]:
    """What a record says, by the names of its table's columns."""
    said = vars(record)
    whose = {"unit_id": ids[said["unit"]]} if "unit" in said else {}
    return {**said, **whose, "indicator_key": said["indicator"]}


def _recorded(context: ChangeContext) -> dict[str, Any]:
    return {"by": context.by, "reason": context.reason, "recorded_at": context.now}


def _add_versions(session: Session, facts: Versions, records: Iterable[Record], **other: Any) -> Counts:
    """Add each record as the first or a further version unless the newest one says the same."""
    ids, total = find_unit_ids(session), Counts()
    order = col(getattr(facts.table, facts.version))
    versions: dict[tuple[Any, ...], int] = {}
    known: dict[tuple[Any, ...], SQLModel] = {}
    withdrawn = find_withdrawn(session)
    for row in session.exec(select(facts.table).order_by(order)):
        versions[facts.key_of(row)] = getattr(row, facts.version)
        if getattr(row, "run_id", None) not in withdrawn:
            known[facts.key_of(row)] = row
    for record in records:
        said = columns_of(record, ids) | other
        row = facts.table(**{name: said[name] for name in facts.table.model_fields if name in said})
        newest = known.get(key := facts.key_of(row))
        if newest is not None and all(getattr(newest, name) == getattr(row, name) for name in facts.reported):
            total += UNCHANGED
            continue
        versions[key] = versions.get(key, 0) + 1
        setattr(row, facts.version, versions[key])
        if isinstance(row, Target) and isinstance(newest, Target) and (corrected := _corrected(row, newest)):
            row.terms = corrected
        known[key] = row
        session.add(row)
        total += NEW if newest is None else REVISED
    session.flush()
    return total


def _corrected(row: Target, newest: Target) -> dict[str, Any]:
    """The terms of an issued target that replaces another value; none where it does not."""
    if row.origin != "issued" or (newest.value == row.value and OF_ISSUE not in newest.terms):
        return {}
    return {OF_ISSUE: newest.terms.get(OF_ISSUE, None if newest.value is None else f"{newest.value:f}")}


@dataclass
class Stored:
    """What storing readings did, the first and last day that changed, and what is remarked upon."""

    counts: Counts = field(default_factory=Counts)
    first: int = OPEN_END
    last: int = -OPEN_END
    remarks: list[dict[str, Any]] = field(default_factory=list)


def store_readings(
    session: Session,
    frames: Iterable[pd.DataFrame],
    *,
    run: Run,
    source: SourceRow,
    campaign: Campaign,
    is_simulated: bool,
) -> Stored:
    """Store what is new or changed; second statements are stored too, and remarked upon."""
    stored = Stored()
    for frame in frames:
        if not len(frame):
            continue
        series, is_new_series = _series_of(session, frame, campaign=campaign, source=source, is_simulated=is_simulated)
        reported = reported_columns(frame, campaign=campaign, source=source.key)
        known = known_readings(session, series, reported) if not is_new_series else None
        found = compare(series, reported, known)
        stored.counts += _counted(found)
        _remark(session, stored.remarks, frame, found, campaign)
        at = np.flatnonzero(found.is_changed)
        if not len(at):
            continue
        # The order of the primary key: appending to the end of a tree is the fastest thing a database does.
        at = at[np.lexsort((reported["as_of"][at], series[at]))]
        reported = {name: values[at] for name, values in reported.items()}
        known_context = None if is_new_series else find_context(session, series[at], reported, campaign=campaign)
        _insert(session, series[at], reported, found.revision[at], run=run)
        stored.first = min(stored.first, int(reported["as_of"].min()))
        stored.last = max(stored.last, int(reported["as_of"].max()))
        # A bound neither fell nor jumped: nobody knows how far it is from another figure.
        is_judged = ~found.is_second[at] & (reported["qualifier"] == None)  # noqa: E711 - of each element
        if is_judged.any():
            at = at[is_judged]
            reported = {name: values[is_judged] for name, values in reported.items()}
            flag_readings(
                session, series[at], reported, found.revision[at], context=known_context, campaign=campaign, run=run
            )
    stored.remarks = closed(stored.remarks, stored.counts.second)
    return stored


def _counted(found: Comparison) -> Counts:
    """A second statement changes no figure: it counts as unchanged."""
    changed = found.is_changed & ~found.is_second
    accepted, changes = int((changed & found.is_new).sum()), int(changed.sum())
    return Counts(
        accepted=accepted,
        revised=changes - accepted,
        unchanged=len(changed) - changes,
        second=int(found.is_second.sum()),
    )


def _remark(
    session: Session, remarks: list[dict[str, Any]], frame: pd.DataFrame, found: Comparison, campaign: Campaign
) -> None:
    """Name the first second statements of a load."""
    for at in np.flatnonzero(found.is_second)[: NAMED - len(remarks)].tolist():
        row = frame.iloc[at]
        value = row["value"]
        remarks.append(
            of_second(
                campaign,
                unit=session.get_one(UnitRow, int(row["unit_id"])).name,
                indicator=str(row["indicator"]),
                as_of=int(row["as_of"]),
                counts=(found.in_force["numerator"][at], found.in_force["denominator"][at]),
                value=float("nan") if pd.isna(value) else float(value),
            )
        )


def _series_of(
    session: Session, frame: pd.DataFrame, *, campaign: Campaign, source: SourceRow, is_simulated: bool
) -> tuple[Whole, bool]:
    """The series of each row, made where it is missing; second answer: all of them are new."""
    known = known_series(session, source)
    keys, inverse = series_keys(frame, campaign=campaign, source=source.key)
    missing = [key for key in keys if key not in known]
    if missing:
        # Not as objects: a source that reports on 11,000 units for the first time would hold 150 MB of them.
        parts = (list(part) for part in zip(*missing, strict=True))
        columns = dict(zip(("unit_id", "indicator", "scope", "basis"), parts, strict=True))
        insert_rows(
            session,
            sql_table(Series),
            columns | {"source_id": [source.id] * len(missing), "simulated": [is_simulated] * len(missing)},
        )
        known = known_series(session, source)
    identities = np.array([known[key] for key in keys], dtype=np.int64)
    return identities[inverse], len(missing) == len(keys)


def _insert(session: Session, series: Whole, reported: dict[str, Any], revision: Whole, *, run: Run) -> None:
    insert_rows(
        session,
        sql_table(Reading),
        {
            "series_id": series.tolist(),
            "as_of": reported["as_of"].tolist(),
            "period_start": reported["period_start"].tolist(),
            "revision": revision.tolist(),
            "period_end": reported["period_end"].tolist(),
            "numerator": _whole_or_none(reported["numerator"]),
            "denominator": _whole_or_none(reported["denominator"]),
            "value": reported["value"].tolist(),
            "qualifier": reported["qualifier"].tolist(),
            "run_id": [run.id] * len(series),
        }
        | {name: reported[name].tolist() for name in ("value_high", *NOTES) if name in reported},
    )


def _whole_or_none(numbers: Floats) -> list[int | None]:
    if not np.isnan(numbers).any():
        whole: list[int | None] = numbers.astype(np.int64).tolist()
        return whole
    return [None if np.isnan(number) else int(number) for number in numbers]
