"""Readings into the store: new ones, and revisions of those that changed. Nothing is overwritten."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.actions.facts import Counts
from models.audit import find_state
from models.columns import day_of
from models.inputs import load_campaign
from models.kept import sql_table
from models.store import insert_rows, read_frame
from models.tables import Reading, Run, Series, SourceRow
from targets.periods import OPEN_END, period_bounds
from targets.values import Basis, Campaign

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def store_readings(
    session: Session, frames: Iterable[pd.DataFrame], *, run: Run, source: SourceRow
) -> tuple[Counts, int, int]:
    """Store what is new or changed; answers the counts and the first and last day that changed."""
    campaign = load_campaign(session)
    is_simulated = find_state(session).simulated
    total, first, last = Counts(), OPEN_END, -OPEN_END
    for frame in frames:
        if not len(frame):
            continue
        series, is_new_series = _series_of(session, frame, campaign=campaign, source=source, is_simulated=is_simulated)
        told = _told(frame, campaign=campaign, source=source.key)
        known = _known_readings(session, series, told["as_of"]) if not is_new_series else None
        revision, is_changed = _compare(series, told, known)
        counts, days = _insert(session, series, told, revision, is_changed=is_changed, run=run)
        total += counts
        if len(days):
            first, last = min(first, int(days.min())), max(last, int(days.max()))
    return total, first, last


def _basis_of(campaign: Campaign, indicator: str, source: str) -> Basis:
    """A source may tell an indicator on a basis of its own."""
    return campaign.source(source).basis or campaign.indicator(indicator).basis


def _series_of(
    session: Session, frame: pd.DataFrame, *, campaign: Campaign, source: SourceRow, is_simulated: bool
) -> tuple[Whole, bool]:
    """The series of each row, made where it is missing; second answer: all of them are new."""
    known = {
        (row.unit_id, row.indicator, row.scope, row.basis): row.id
        for row in session.connection().execute(
            select_columns(
                col(Series.id), col(Series.unit_id), col(Series.indicator), col(Series.scope), col(Series.basis)
            ).where(col(Series.source_id) == source.id)
        )
    }
    unit = frame["unit_id"].to_numpy(dtype=np.int64)
    indicator_code, indicators = pd.factorize(frame["indicator"])
    scope_code, scopes = pd.factorize(frame["scope"])
    packed = (unit * len(indicators) + indicator_code) * len(scopes) + scope_code
    distinct, first_at, inverse = np.unique(packed, return_index=True, return_inverse=True)
    keys = []
    for at in first_at:
        indicator = str(indicators[indicator_code[at]])
        basis = _basis_of(campaign, indicator, source.key)
        keys.append((int(unit[at]), indicator, str(scopes[scope_code[at]]), basis))
    missing = [key for key in keys if key not in known]
    if missing:
        made = [
            Series(
                unit_id=unit_id,
                indicator=indicator,
                source_id=source.id or 0,
                basis=basis,
                scope=scope,
                simulated=is_simulated,
            )
            for unit_id, indicator, scope, basis in missing
        ]
        session.add_all(made)
        session.flush()
        known |= {key: row.id for key, row in zip(missing, made, strict=True)}
    identities = np.array([known[key] for key in keys], dtype=np.int64)
    return identities[inverse], len(missing) == len(distinct)


def _told(frame: pd.DataFrame, *, campaign: Campaign, source: str) -> dict[str, Any]:
    """The columns of `reading` for a frame, periods worked out from basis and as-of date."""
    as_of = frame["as_of"].to_numpy(dtype=np.int64)
    indicator_code, indicators = pd.factorize(frame["indicator"])
    start, end = np.zeros(len(frame), dtype=np.int64), np.zeros(len(frame), dtype=np.int64)
    for code, indicator in enumerate(indicators):
        rows = indicator_code == code
        start[rows], end[rows] = period_bounds(_basis_of(campaign, str(indicator), source), as_of[rows], campaign)
    return {
        "as_of": as_of,
        "period_start": start,
        "period_end": end,
        "numerator": _numbers(frame["numerator"]),
        "denominator": _numbers(frame["denominator"]),
        "value": _numbers(frame["value"]),
        "qualifier": frame["qualifier"].astype(object).where(frame["qualifier"].notna(), None).to_numpy(),
    }


def _numbers(column: Any) -> Floats:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _known_readings(session: Session, series: Whole, as_of: Whole) -> pd.DataFrame:
    """The newest revisions in the corner of the store that a frame touches."""
    names = ("series_id", "as_of", "period_start", "revision", "numerator", "denominator", "value", "qualifier")
    rows = read_frame(
        session,
        select_columns(*(getattr(Reading, name) for name in names))
        .where(col(Reading.series_id).between(int(series.min()), int(series.max())))
        .where(col(Reading.as_of).between(day_of(int(as_of.min())), day_of(int(as_of.max()))))
        .order_by(col(Reading.revision)),
    )
    return rows.drop_duplicates(["series_id", "as_of", "period_start"], keep="last")


def _compare(series: Whole, told: dict[str, Any], known: pd.DataFrame | None) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """The revision each row would be, and whether it differs from what is known."""
    count = len(series)
    if known is None or not len(known):
        return np.ones(count, dtype=np.int64), np.ones(count, dtype=bool)
    rows = pd.DataFrame({"series_id": series, "as_of": told["as_of"], "period_start": told["period_start"]})
    keys = ["series_id", "as_of", "period_start"]
    merged = rows.merge(known.astype(dict.fromkeys(keys, np.int64)), on=keys, how="left")
    revision = merged["revision"].to_numpy(dtype=np.float64, na_value=np.nan)
    is_known = ~np.isnan(revision)
    is_same = is_known.copy()
    for name in ("numerator", "denominator", "value"):
        was = merged[name].to_numpy(dtype=np.float64, na_value=np.nan)
        is_same &= (was == told[name]) | (np.isnan(was) & np.isnan(told[name]))
    was_qualified = merged["qualifier"].astype(object).where(merged["qualifier"].notna(), None).to_numpy()
    is_same &= was_qualified == told["qualifier"]
    return np.where(is_known, np.nan_to_num(revision) + 1, 1).astype(np.int64), ~is_same


def _insert(
    session: Session,
    series: Whole,
    told: dict[str, Any],
    revision: Whole,
    *,
    is_changed: npt.NDArray[np.bool_],
    run: Run,
) -> tuple[Counts, Whole]:
    at = np.flatnonzero(is_changed)
    # The order of the primary key: appending to the end of a tree is the fastest thing a database does.
    at = at[np.lexsort((told["as_of"][at], series[at]))]
    insert_rows(
        session,
        sql_table(Reading),
        {
            "series_id": series[at].tolist(),
            "as_of": told["as_of"][at].tolist(),
            "period_start": told["period_start"][at].tolist(),
            "revision": revision[at].tolist(),
            "period_end": told["period_end"][at].tolist(),
            "numerator": _whole_or_none(told["numerator"][at]),
            "denominator": _whole_or_none(told["denominator"][at]),
            "value": told["value"][at].tolist(),
            "qualifier": told["qualifier"][at].tolist(),
            "run_id": [run.id] * len(at),
        },
    )
    accepted = int((revision[at] == 1).sum())
    counts = Counts(accepted=accepted, revised=len(at) - accepted, unchanged=len(series) - len(at))
    return counts, told["as_of"][at]


def _whole_or_none(numbers: Floats) -> list[int | None]:
    if not np.isnan(numbers).any():
        whole: list[int | None] = numbers.astype(np.int64).tolist()
        return whole
    return [None if np.isnan(number) else int(number) for number in numbers]
