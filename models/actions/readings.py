"""Readings into the store: new ones, and revisions of those that changed. Nothing is overwritten."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from sqlmodel import Session

from models.actions.facts import Counts
from models.actions.flagging import flag_readings
from models.audit import find_state
from models.comparing import (
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
from models.store import insert_rows
from models.tables import Reading, Run, Series, SourceRow
from targets.periods import OPEN_END
from targets.values import Campaign


def store_readings(
    session: Session, frames: Iterable[pd.DataFrame], *, run: Run, source: SourceRow, campaign: Campaign
) -> tuple[Counts, int, int]:
    """Store what is new or changed; answers the counts and the first and last day that changed."""
    is_simulated = find_state(session).simulated
    total, first, last = Counts(), OPEN_END, -OPEN_END
    for frame in frames:
        if not len(frame):
            continue
        series, is_new_series = _series_of(session, frame, campaign=campaign, source=source, is_simulated=is_simulated)
        told = told_columns(frame, campaign=campaign, source=source.key)
        known = known_readings(session, series, told["as_of"]) if not is_new_series else None
        revision, is_changed = compare(series, told, known)
        at = np.flatnonzero(is_changed)
        total += Counts(unchanged=len(series) - len(at))
        if not len(at):
            continue
        # The order of the primary key: appending to the end of a tree is the fastest thing a database does.
        at = at[np.lexsort((told["as_of"][at], series[at]))]
        series, revision = series[at], revision[at]
        told = {name: values[at] for name, values in told.items()}
        context = None if is_new_series else find_context(session, series, told, campaign=campaign)
        total += _insert(session, series, told, revision, run=run)
        flag_readings(session, series, told, revision, context=context, campaign=campaign, run=run)
        first, last = min(first, int(told["as_of"].min())), max(last, int(told["as_of"].max()))
    return total, first, last


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


def _insert(session: Session, series: Whole, told: dict[str, Any], revision: Whole, *, run: Run) -> Counts:
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
        },
    )
    accepted = int((revision == 1).sum())
    return Counts(accepted=accepted, revised=len(series) - accepted)


def _whole_or_none(numbers: Floats) -> list[int | None]:
    if not np.isnan(numbers).any():
        whole: list[int | None] = numbers.astype(np.int64).tolist()
        return whole
    return [None if np.isnan(number) else int(number) for number in numbers]
