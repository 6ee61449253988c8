"""Figures told beside figures known: which series they belong to, and whether they say anything new.

Storing and previewing ask the same questions here, so that a preview says what storing will do.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.columns import day_of
from models.holidays import working_days
from models.store import Numbers, read_frame, read_numbers
from models.tables import Reading, Series, SourceRow
from targets.flags import FROZEN_WORKING_DAYS
from targets.periods import period_bounds
from targets.values import Basis, Campaign

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
SeriesKey = tuple[int, str, str, str]
"""Unit, indicator, scope, basis: what tells the series of one source apart."""
READING_KEY = ["series_id", "as_of", "period_start"]
LOOK_BACK = FROZEN_WORKING_DAYS + 3
"""Working days before a load whose readings its own are held against; what comes after a longer silence is not."""
LOOK_AHEAD = 14
"""Days after a load within which a reading that was known is held against it: its day before may have come late."""


def basis_of(campaign: Campaign, indicator: str, source: str) -> Basis:
    """A source may tell an indicator on a basis of its own."""
    return campaign.source(source).basis or campaign.indicator(indicator).basis


def series_keys(frame: pd.DataFrame, *, campaign: Campaign, source: str) -> tuple[list[SeriesKey], Whole]:
    """The series that a frame tells of (unit, indicator, scope, basis), and which of them each row belongs to."""
    unit = frame["unit_id"].to_numpy(dtype=np.int64)
    indicator_code, indicators = pd.factorize(frame["indicator"])
    scope_code, scopes = pd.factorize(frame["scope"])
    packed = (unit * len(indicators) + indicator_code) * len(scopes) + scope_code
    _, first_at, inverse = np.unique(packed, return_index=True, return_inverse=True)
    # Plain lists: taking single items out of pandas' arrays costs more than all the rest.
    names, reaches = [str(name) for name in indicators], [str(scope) for scope in scopes]
    bases = [basis_of(campaign, name, source) for name in names]
    parts = (unit[first_at].tolist(), indicator_code[first_at].tolist(), scope_code[first_at].tolist())
    keys: list[SeriesKey] = [
        (of_unit, names[indicator], reaches[scope], bases[indicator])
        for of_unit, indicator, scope in zip(*parts, strict=True)
    ]
    return keys, inverse


def known_series(session: Session, source: SourceRow) -> dict[SeriesKey, int]:
    """The series that a source has told of, by unit, indicator, scope and basis."""
    columns = (col(Series.id), col(Series.unit_id), col(Series.indicator), col(Series.scope), col(Series.basis))
    rows = session.connection().execute(select_columns(*columns).where(col(Series.source_id) == source.id))
    return {(row.unit_id, row.indicator, row.scope, row.basis): int(row.id) for row in rows}


def told_columns(frame: pd.DataFrame, *, campaign: Campaign, source: str) -> dict[str, Any]:
    """The columns of `reading` for a frame, periods worked out from basis and as-of date."""
    as_of = frame["as_of"].to_numpy(dtype=np.int64)
    indicator_code, indicators = pd.factorize(frame["indicator"])
    start, end = np.zeros(len(frame), dtype=np.int64), np.zeros(len(frame), dtype=np.int64)
    for code, indicator in enumerate(indicators):
        rows = indicator_code == code
        start[rows], end[rows] = period_bounds(basis_of(campaign, str(indicator), source), as_of[rows], campaign)
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


def known_readings(session: Session, series: Whole, as_of: Whole) -> pd.DataFrame:
    """The newest revisions in the corner of the store that a frame touches."""
    names = ("series_id", "as_of", "period_start", "revision", "numerator", "denominator", "value", "qualifier")
    rows = read_frame(
        session,
        select_columns(*(getattr(Reading, name) for name in names))
        .where(col(Reading.series_id).between(int(series.min()), int(series.max())))
        .where(col(Reading.as_of).between(day_of(int(as_of.min())), day_of(int(as_of.max()))))
        .order_by(col(Reading.revision)),
    )
    return rows.drop_duplicates(READING_KEY, keep="last")


def compare(series: Whole, told: dict[str, Any], known: pd.DataFrame | None) -> tuple[Whole, Bools]:
    """The revision each row would be, and whether it differs from what is known."""
    count = len(series)
    if known is None or not len(known):
        return np.ones(count, dtype=np.int64), np.ones(count, dtype=bool)
    rows = pd.DataFrame({"series_id": series, "as_of": told["as_of"], "period_start": told["period_start"]})
    merged = rows.merge(known.astype(dict.fromkeys(READING_KEY, np.int64)), on=READING_KEY, how="left")
    revision = merged["revision"].to_numpy(dtype=np.float64, na_value=np.nan)
    is_known = ~np.isnan(revision)
    is_same = is_known.copy()
    for name in ("numerator", "denominator", "value"):
        was = merged[name].to_numpy(dtype=np.float64, na_value=np.nan)
        is_same &= (was == told[name]) | (np.isnan(was) & np.isnan(told[name]))
    was_qualified = merged["qualifier"].astype(object).where(merged["qualifier"].notna(), None).to_numpy()
    is_same &= was_qualified == told["qualifier"]
    return np.where(is_known, np.nan_to_num(revision) + 1, 1).astype(np.int64), ~is_same


def find_context(session: Session, series: Whole, told: Mapping[str, Any], *, campaign: Campaign) -> Numbers:
    """What was known of some series before a load, on its own days and in the fortnight after, newest revisions last.

    To be asked before the load's rows are stored.
    """
    first = int(working_days(campaign).back(int(told["as_of"].min()), LOOK_BACK))
    statement = (
        select_columns(
            col(Reading.series_id),
            col(Reading.period_start),
            col(Reading.as_of),
            col(Reading.numerator),
            col(Reading.denominator),
            col(Reading.value),
            col(Reading.revision),
        )
        .where(col(Reading.as_of).between(day_of(first), day_of(int(told["as_of"].max()) + LOOK_AHEAD)))
        .where(col(Reading.series_id).between(int(series.min()), int(series.max())))
        .order_by(col(Reading.revision))
    )
    return read_numbers(session, statement, whole=[*READING_KEY, "revision"])
