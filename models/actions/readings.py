"""Readings into the store: new ones, and revisions of those that changed. Nothing is overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from models.actions.facts import Counts
from models.actions.flagging import flag_readings
from models.audit import find_state
from models.comparing import (
    Comparison,
    Floats,
    Whole,
    compare,
    find_context,
    known_readings,
    known_series,
    series_keys,
    told_columns,
)
from models.kept import sql_table
from models.remarks import NAMED, closed, of_second
from models.store import insert_rows
from models.tables import Reading, Run, Series, SourceRow, UnitRow
from targets.periods import OPEN_END
from targets.values import Campaign


@dataclass
class Stored:
    """What storing readings did, the first and last day that changed, and what is remarked upon."""

    counts: Counts = field(default_factory=Counts)
    first: int = OPEN_END
    last: int = -OPEN_END
    remarks: list[dict[str, Any]] = field(default_factory=list)


def store_readings(
    session: Session, frames: Iterable[pd.DataFrame], *, run: Run, source: SourceRow, campaign: Campaign
) -> Stored:
    """Store what is new or changed; second statements are stored too, and remarked upon."""
    is_simulated = find_state(session).simulated
    stored = Stored()
    for frame in frames:
        if not len(frame):
            continue
        series, is_new_series = _series_of(session, frame, campaign=campaign, source=source, is_simulated=is_simulated)
        told = told_columns(frame, campaign=campaign, source=source.key)
        known = known_readings(session, series, told) if not is_new_series else None
        found = compare(series, told, known)
        stored.counts += _counted(found)
        _remark(session, stored.remarks, frame, found, campaign)
        at = np.flatnonzero(found.is_changed)
        if not len(at):
            continue
        # The order of the primary key: appending to the end of a tree is the fastest thing a database does.
        at = at[np.lexsort((told["as_of"][at], series[at]))]
        told = {name: values[at] for name, values in told.items()}
        context = None if is_new_series else find_context(session, series[at], told, campaign=campaign)
        _insert(session, series[at], told, found.revision[at], run=run)
        stored.first = min(stored.first, int(told["as_of"].min()))
        stored.last = max(stored.last, int(told["as_of"].max()))
        is_judged = ~found.is_second[at]
        if is_judged.any():
            at = at[is_judged]
            told = {name: values[is_judged] for name, values in told.items()}
            flag_readings(session, series[at], told, found.revision[at], context=context, campaign=campaign, run=run)
    stored.remarks = closed(stored.remarks, stored.counts.second)
    return stored


def _counted(found: Comparison) -> Counts:
    """A second statement changes no figure: it counts as unchanged."""
    changed = found.is_changed & ~found.is_second
    accepted, changes = int((changed & (found.revision == 1)).sum()), int(changed.sum())
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
        # Not as objects: a source that tells of 11,000 units for the first time would hold 150 MB of them.
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


def _insert(session: Session, series: Whole, told: dict[str, Any], revision: Whole, *, run: Run) -> None:
    insert_rows(
        session,
        sql_table(Reading),
        {
            "series_id": series.tolist(),
            "as_of": told["as_of"].tolist(),
            "period_start": told["period_start"].tolist(),
            "revision": revision.tolist(),
            "period_end": told["period_end"].tolist(),
            "numerator": _whole_or_none(told["numerator"]),
            "denominator": _whole_or_none(told["denominator"]),
            "value": told["value"].tolist(),
            "qualifier": told["qualifier"].tolist(),
            "run_id": [run.id] * len(series),
        }
        | ({"note": told["note"].tolist()} if "note" in told else {}),
    )


def _whole_or_none(numbers: Floats) -> list[int | None]:
    if not np.isnan(numbers).any():
        whole: list[int | None] = numbers.astype(np.int64).tolist()
        return whole
    return [None if np.isnan(number) else int(number) for number in numbers]
