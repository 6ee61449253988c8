"""Figures reported beside figures known: their series, whether they are new, and what is remarked upon."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import ColumnElement, Select, and_, func, text
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from models.campaign.holidays import working_days
from models.core.columns import day_of
from models.core.formats import rounded_brief
from models.core.store import Numbers, read_columns, read_frame, read_numbers
from models.feeds.withdrawn import find_withdrawn, which_count, which_count_sql
from models.readings.records import NOTES
from models.results.series import IN_FORCE_LAST
from models.tables import CheckRequest, Reading, Run, Series, SourceRow
from targets.flags import FROZEN_WORKING_DAYS
from targets.periods import period_bounds
from targets.values import Basis, Campaign

NAMED = 5
"""So many second statements are named one by one; the others are counted."""


def is_disputed() -> ColumnElement[bool]:
    """Joins a reading with a request to check it."""
    return and_(*(col(getattr(Reading, name)) == col(getattr(CheckRequest, name)) for name in CONTEXT_WHOLE))


def of_second(
    campaign: Campaign,
    *,
    unit: str,
    indicator: str,
    as_of: int,
    counts: tuple[float, float],
    value: float,
    place: str = "",
) -> dict[str, Any]:
    """A second statement: whose, the counts that stay, and how far from them its percent is; NaN for a count alone."""
    numerator, denominator = counts
    terms = {
        "unit": unit,
        "indicator": campaign.indicator(indicator).name.vi,
        "day": f"{day_of(as_of):%d/%m/%Y}",
        "numerator": f"{numerator:.0f}",
        "denominator": f"{denominator:.0f}",
    }
    if np.isnan(value) or denominator == 0:
        return {"code": "figure_beside_counts", "terms": terms, "place": place}
    rate = 100 * numerator / denominator
    apart = rounded_brief(abs(value - rate))
    terms |= {"reported": f"{value:.10g}", "recomputed": f"{rounded_brief(rate):f}", "points": f"{apart:f}"}
    return {"code": "percent_beside_counts", "terms": terms, "place": place}


def closed(remarks: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """The remarks, and how many more there would be."""
    if count <= len(remarks):
        return list(remarks)
    terms = {"count": str(count - len(remarks)), "code": remarks[0]["code"]}
    return [*remarks, {"code": "more_of_these", "terms": terms, "place": ""}]


Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
SeriesKey = tuple[int, str, str, str]
"""Unit, indicator, scope, basis: what distinguishes the series of one source."""
READING_KEY = ["series_id", "as_of", "period_start"]
NUMBERS, WORDS = ("numerator", "denominator", "value", "value_high"), ("qualifier", *NOTES)
FIGURE = (*NUMBERS, *WORDS)
"""The parts of a statement. A frame has the column `value_high` only where there are ranges, and those of NOTES only
where a file has them: most have none."""
LAST = {name: f"last_{name}" for name in ("revision", *FIGURE)}
"""The newest statement about a day, beside what is in force."""
_OF_COUNTS = ("numerator", "denominator", "qualifier")
CONTEXT = ("series_id", "period_start", "as_of", "numerator", "denominator", "value", "revision")
CONTEXT_WHOLE = (*READING_KEY, "revision")
NEWEST_BEFORE = f"""
    WITH newest AS MATERIALIZED (
        SELECT id AS series, (
            SELECT max(as_of) FROM reading
            WHERE series_id = series.id AND as_of BETWEEN :first AND :before AND qualifier IS NULL{{counts}}
        ) AS day
        FROM series WHERE id BETWEEN :low AND :high
    )
    SELECT {", ".join(f"reading.{name}" for name in CONTEXT)}
    FROM newest JOIN reading ON reading.series_id = newest.series AND reading.as_of = newest.day AND qualifier IS NULL
    {{counts}}
    ORDER BY reading.numerator IS NOT NULL AND reading.denominator IS NOT NULL, reading.revision
    """  # noqa: S608 - our own names
FEW = 500
"""Series that are asked for by name."""
MONTH = 31
"""Days from which on walking through every day of every series is the shorter way."""
LOOK_BACK = FROZEN_WORKING_DAYS + 3
"""Working days before a load whose readings its own are compared with; after a longer silence nothing is compared."""
LOOK_AHEAD = 14
"""Days after a load within which a reading that was known is compared with it: its day before may have come late."""


def basis_of(campaign: Campaign, indicator: str, source: str) -> Basis:
    """A source may report an indicator on a basis of its own."""
    return campaign.source(source).basis or campaign.indicator(indicator).basis


def series_keys(frame: pd.DataFrame, *, campaign: Campaign, source: str) -> tuple[list[SeriesKey], Whole]:
    """The series that a frame reports on (unit, indicator, scope, basis), and which of them each row belongs to."""
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
    """The series that a source has reported on, by unit, indicator, scope and basis."""
    columns = (col(Series.id), col(Series.unit_id), col(Series.indicator), col(Series.scope), col(Series.basis))
    rows = read_columns(session, select_columns(*columns).where(col(Series.source_id) == source.id))
    identities = rows.pop("id")
    return dict(zip(zip(*rows.values(), strict=True), identities, strict=True))


def reported_columns(frame: pd.DataFrame, *, campaign: Campaign, source: str) -> dict[str, Any]:
    """The columns of `reading` for a frame, periods worked out from basis and as-of date."""
    as_of = frame["as_of"].to_numpy(dtype=np.int64)
    indicator_code, indicators = pd.factorize(frame["indicator"])
    start, end = np.zeros(len(frame), dtype=np.int64), np.zeros(len(frame), dtype=np.int64)
    for code, indicator in enumerate(indicators):
        rows = indicator_code == code
        start[rows], end[rows] = period_bounds(basis_of(campaign, str(indicator), source), as_of[rows], campaign)
    days = {"as_of": as_of, "period_start": start, "period_end": end}
    return days | _figures(frame, {name: name for name in FIGURE if name in frame})


def _numbers(column: Any) -> Floats:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def known_readings(session: Session, series: Whole, reported: Mapping[str, Any]) -> pd.DataFrame:
    """What is in force among the readings that a frame touches, and the newest statement where that differs."""
    figure = [name for name in FIGURE if name in reported]
    as_of = reported["as_of"]
    names, withdrawn = [*READING_KEY, "revision", *figure], find_withdrawn(session)
    statement = _corner(
        [*names, "run_id"] if withdrawn else names, series, first=int(as_of.min()), last=int(as_of.max())
    )
    rows = read_frame(session, statement)
    if not withdrawn:
        return _in_force_and_newest(rows, figure)
    known = _in_force_and_newest(rows[~rows["run_id"].isin(withdrawn)], figure)
    # What was withdrawn is not known, but a further revision comes after it.
    revised: pd.DataFrame = rows.groupby(READING_KEY)["revision"].max().rename(LAST["revision"]).reset_index()
    return revised.merge(known.drop(columns=LAST["revision"]), on=READING_KEY, how="left")


def _in_force_and_newest(rows: pd.DataFrame, figure: Sequence[str]) -> pd.DataFrame:
    last = {name: LAST[name] for name in ("revision", *figure)}
    in_force = rows.drop_duplicates(READING_KEY, keep="last")
    if len(in_force) == len(rows):
        # Hardly anything is ever reported twice: the columns of the newest statement are then not needed.
        return in_force.rename(columns={"revision": LAST["revision"]})
    newest = rows.sort_values("revision").drop_duplicates(READING_KEY, keep="last")
    return in_force.merge(newest[[*READING_KEY, *last]].rename(columns=last), on=READING_KEY)


def _corner(names: Sequence[str], series: Whole, *, first: int, last: int) -> Select[Any]:
    """The readings of some series, or of a range of many, on a stretch of days; what is in force last.

    A few are looked for by name, many by day: without statistics SQLite would walk through every day of every series
    (measured: 20 ms instead of none for a day of 1,500 figures after a hundred others).
    """
    identity: Any = col(Reading.series_id)
    wanted = np.unique(series)
    if len(wanted) <= FEW:
        is_wanted = identity.in_(wanted.tolist())
    else:
        ranged = identity if last - first > MONTH else identity + 0
        is_wanted = ranged.between(int(wanted[0]), int(wanted[-1]))
    return (
        select_columns(*(getattr(Reading, name) for name in names))
        .where(is_wanted)
        .where(col(Reading.as_of).between(day_of(first), day_of(last)))
        .order_by(*IN_FORCE_LAST)
    )


@dataclass(frozen=True)
class Comparison:
    """What each row of a load is beside what is known."""

    revision: Whole
    """The revision it would be; 1 where nothing is known of its day."""
    is_changed: Bools
    """It says what was not said before."""
    is_new: Bools
    """Nothing is in force for its day."""
    is_second: Bools
    """It says so without counts where counts are in force: kept, compared with them, replacing nothing."""
    in_force: Mapping[str, Any]
    """The figure in force by its parts, row by row; empty where nothing is known at all."""


def compare(series: Whole, reported: Mapping[str, Any], known: pd.DataFrame | None) -> Comparison:
    """Hold each row against what is in force, a second statement against the last one."""
    count = len(series)
    if known is None or not len(known):
        every = np.ones(count, dtype=bool)
        return Comparison(np.ones(count, dtype=np.int64), every, every, ~every, {})
    rows = pd.DataFrame({"series_id": series, "as_of": reported["as_of"], "period_start": reported["period_start"]})
    merged = rows.merge(known.astype(dict.fromkeys(READING_KEY, np.int64)), on=READING_KEY, how="left")
    last_revision = _numbers(merged[LAST["revision"]])
    figure = [name for name in FIGURE if name in reported]
    in_force = _figures(merged, {name: name for name in figure})
    is_second = _has_counts(in_force) & ~_has_counts(reported)
    was = in_force
    if is_second.any():
        last = _figures(merged, {name: LAST[name] if LAST[name] in merged else name for name in figure})
        # A percent that came along with the counts says nothing new when it comes alone.
        came_along = _has_counts(last)
        for name in _OF_COUNTS:
            last[name] = np.where(came_along, None if name in WORDS else np.nan, last[name])
        was = {name: np.where(is_second, last[name], values) for name, values in in_force.items()}
    is_same = ~np.isnan(last_revision) & (was["qualifier"] == reported["qualifier"])
    for name in filter(reported.__contains__, NUMBERS):
        is_same &= (was[name] == reported[name]) | (np.isnan(was[name]) & np.isnan(reported[name]))
    for name in filter(reported.__contains__, NOTES):
        # A note is part of the statement; without one nothing is said about the note that was.
        is_same &= (reported[name] == None) | (was[name] == reported[name])  # noqa: E711 - of each element
    revision = (np.nan_to_num(last_revision) + 1).astype(np.int64)
    is_new = np.isnan(in_force["numerator"]) & np.isnan(in_force["denominator"]) & np.isnan(in_force["value"])
    return Comparison(revision, ~is_same, is_new, is_second & ~is_same, in_force)


def _figures(rows: pd.DataFrame, columns: Mapping[str, str]) -> dict[str, Any]:
    """The parts of figures by name: numbers with NaN, words with None, where nothing was reported."""
    return {name: (_words if name in WORDS else _numbers)(rows[column]) for name, column in columns.items()}


def _words(column: Any) -> Any:
    return column.astype(object).where(column.notna(), None).to_numpy()


def _has_counts(reported: Mapping[str, Any]) -> Bools:
    has: Bools = ~np.isnan(reported["numerator"]) & ~np.isnan(reported["denominator"])
    return has


def count_known(session: Session, *, source: str, days: Collection[date]) -> int:
    """How many figures a source has told of some days."""
    told = (
        select_columns(col(Reading.series_id), col(Reading.as_of))
        .join(Series, col(Series.id) == col(Reading.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .where(col(SourceRow.key) == source, col(Reading.as_of).in_(days))
        .where(*which_count(session, col(Reading.run_id)))
        .distinct()
        .subquery()
    )
    return int(session.connection().execute(select_columns(func.count()).select_from(told)).scalar_one())


def find_in_force(session: Session, series: Whole, *, first: int, last: int) -> dict[str, Any]:
    """What is in force of some series on a stretch of days, by column, `series_id` and `revision` among them."""
    names = (*READING_KEY, "revision", *_OF_COUNTS, "value")
    statement = _corner(names, series, first=first, last=last).where(*which_count(session, col(Reading.run_id)))
    rows = read_frame(session, statement).drop_duplicates(READING_KEY, keep="last")
    rows = rows[rows["series_id"].isin(series)]
    whole = {name: rows[name].to_numpy(dtype=np.int64) for name in CONTEXT_WHOLE}
    return whole | _figures(rows, {name: name for name in (*_OF_COUNTS, "value")})


def find_context(session: Session, series: Whole, reported: Mapping[str, Any], *, campaign: Campaign) -> Numbers:
    """What was known of some series before a load, on its own days and in the fortnight after, newest revisions last.

    To be asked before the load's rows are stored. For one day that is the reading before it, what comes after, and all
    of the days before only of the series that stand still: nothing else is compared with more than one reading.
    """
    day, last = int(reported["as_of"].min()), int(reported["as_of"].max())
    first = int(working_days(campaign).back(day, LOOK_BACK))
    if day != last:
        statement = _exact_corner(session, series, first=first, last=last + LOOK_AHEAD)
        return read_numbers(session, statement, whole=CONTEXT_WHOLE)
    before = _newest_before(session, series, first=first, day=day)
    after = _exact_corner(session, series, first=day, last=day + LOOK_AHEAD)
    parts = [before, read_numbers(session, after, whole=CONTEXT_WHOLE)]
    still = _standing_still(series, reported, before)
    if len(still):
        past = _exact_corner(session, still, first=first, last=day - 1)
        parts.append(read_numbers(session, past, whole=CONTEXT_WHOLE))
    return {name: np.concatenate([part[name] for part in parts]) for name in CONTEXT}


def _exact_corner(session: Session, series: Whole, *, first: int, last: int) -> Select[Any]:
    """What figures are compared with: no bound, of which nobody knows how far it is from another."""
    counts = which_count(session, col(Reading.run_id))
    return _corner(CONTEXT, series, first=first, last=last).where(col(Reading.qualifier).is_(None), *counts)


def _newest_before(session: Session, series: Whole, *, first: int, day: int) -> Numbers:
    """The last reading of each series before a day, not before `first`: one look into the key for each."""
    bounds = {"low": int(series.min()), "high": int(series.max()), "first": first, "before": day - 1}
    statement = text(NEWEST_BEFORE.format(counts=which_count_sql(session)))
    return read_numbers(session, statement.bindparams(**bounds), whole=CONTEXT_WHOLE)


def _standing_still(series: Whole, reported: Mapping[str, Any], before: Numbers) -> Whole:
    """The series that report today what they reported before."""
    order = np.argsort(series, kind="stable")
    at = order[np.minimum(np.searchsorted(series[order], before["series_id"]), len(series) - 1)]
    is_same = series[at] == before["series_id"]
    for name in ("numerator", "denominator", "value"):
        was, now = before[name], reported[name][at]
        is_same &= (was == now) | (np.isnan(was) & np.isnan(now))
    return np.unique(series[at[is_same]])


NEW, REVISED, UNCHANGED, SECOND = range(4)


@dataclass(frozen=True)
class ForeseenReadings:
    """What would become of each row of a frame."""

    fate: npt.NDArray[np.int8]
    """Row by row NEW, REVISED, UNCHANGED, or SECOND: reported without counts where counts are in force and stay so."""
    was: pd.DataFrame
    """What is in force of the rows REVISED or SECOND, by its parts that the frame has, in the frame's order."""


@dataclass(frozen=True)
class SameLoad:
    """An earlier run that brought the very same file."""

    run: int
    received_at: datetime
    file: str


def foresee_readings(session: Session, frame: pd.DataFrame, *, campaign: Campaign, source: str) -> ForeseenReadings:
    """What `models.readings.loading.load_readings` would do with a frame of checked readings."""
    row = session.exec(select(SourceRow).where(SourceRow.key == source)).one()
    known = known_series(session, row)
    keys, inverse = series_keys(frame, campaign=campaign, source=source)
    series = np.array([known.get(key, 0) for key in keys], dtype=np.int64)[inverse]
    reported = reported_columns(frame, campaign=campaign, source=source)
    fate = np.full(len(frame), NEW, dtype=np.int8)
    was = pd.DataFrame({name: [] for name in FIGURE if name in reported})
    at = np.flatnonzero(series > 0)
    if len(at):
        of_known = {name: values[at] for name, values in reported.items()}
        stored = known_readings(session, series[at], of_known)
        found = compare(series[at], of_known, stored)
        fates = [found.is_new, found.is_second, found.is_changed]
        fate[at] = np.select(fates, [NEW, SECOND, REVISED], UNCHANGED)
        if found.in_force:
            is_told_again = ~found.is_new & found.is_changed
            was = pd.DataFrame({name: values[is_told_again] for name, values in found.in_force.items()})
    return ForeseenReadings(fate, was)


def find_same_load(session: Session, payload_hash: str) -> SameLoad | None:
    """The newest run that brought a file with this hash."""
    run = session.exec(
        select(Run)
        .where(Run.payload_hash == payload_hash, Run.status != "withdrawn")
        .order_by(col(Run.id).desc())
        .limit(1)
    ).first()
    return None if run is None else SameLoad(run=run.id or 0, received_at=run.received_at, file=run.file_name or "")
