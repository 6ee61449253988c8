"""Flags on readings that were taken in though something about them is odd, and what was flagged over all units."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import func, insert, select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core.columns import day_of
from models.core.store import read_columns
from models.readings.comparing import READING_KEY
from models.results.inputs import lower_is_better
from models.tables import ReadingFlag, Run, Series, SourceRow, UnitRow
from targets.flags import Flag, FlagInputs, find_flags
from targets.values import Campaign

Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def flag_readings(
    session: Session,
    series: Whole,
    given: Mapping[str, Any],
    revision: Whole,
    *,
    context: Mapping[str, Any] | None,
    campaign: Campaign,
    run: Run,
) -> int:
    """Write a flag for each odd reading of a load; answers how many.

    `series`, `given` and `revision` are the rows stored just now, at least one; `context` is what `find_context`
    answered before, None where nothing was known of these series.
    """
    names = ("period_start", "as_of", "numerator", "denominator", "value")
    parts = {"series_id": series, "revision": revision, **{name: given[name] for name in names}}
    known = 0 if context is None else len(context["series_id"])
    if context is not None:
        parts = {name: np.concatenate([context[name], values]) for name, values in parts.items()}
    position = np.arange(-known, len(series))
    order = np.lexsort((position, parts["as_of"], parts["period_start"], parts["series_id"]))
    key = [parts[name][order] for name in READING_KEY]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = np.any([part[1:] != part[:-1] for part in key], axis=0)
    order = order[is_last]
    rows = {name: values[order] for name, values in parts.items()}
    is_new = position[order] >= 0
    indicator, is_arriving, is_down = _indicators(session, rows["series_id"], campaign)
    flags = find_flags(
        FlagInputs(
            series=rows["series_id"],
            indicator=indicator,
            period_start=rows["period_start"],
            as_of=rows["as_of"],
            numerator=rows["numerator"],
            denominator=rows["denominator"],
            reported=rows["value"],
            is_new=is_new,
            is_arriving=is_arriving,
            is_down=is_down,
        ),
        working_days=working_days(campaign),
        small_volume=campaign.small_volume,
    )
    found = [(flag, _flag_row(flag, rows, run)) for flag in flags]
    flagged = _flagged_before(session, [row for flag, row in found if not is_new[flag.row]])
    written = [row for flag, row in found if is_new[flag.row] or _name_of(row) not in flagged]
    if written:
        session.connection().execute(insert(ReadingFlag), written)
    return len(written)


def _flag_row(flag: Flag, rows: Mapping[str, Any], run: Run) -> dict[str, Any]:
    return {
        "series_id": int(rows["series_id"][flag.row]),
        "period_start": day_of(int(rows["period_start"][flag.row])),
        "as_of": day_of(int(rows["as_of"][flag.row])),
        "revision": int(rows["revision"][flag.row]),
        "kind": flag.kind,
        "terms": flag.terms,
        "run_id": run.id,
    }


def _name_of(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in ("series_id", "period_start", "as_of", "revision", "kind"))


def _flagged_before(session: Session, rows: list[dict[str, Any]]) -> set[tuple[Any, ...]]:
    """Which readings that were known carry such a flag already: a step is flagged once."""
    if not rows:
        return set()
    statement = select_columns(
        col(ReadingFlag.series_id),
        col(ReadingFlag.period_start),
        col(ReadingFlag.as_of),
        col(ReadingFlag.revision),
        col(ReadingFlag.kind),
    ).where(col(ReadingFlag.series_id).in_({row["series_id"] for row in rows}))
    return {tuple(row) for row in session.connection().execute(statement)}


def _indicators(session: Session, series: Whole, campaign: Campaign) -> tuple[Whole, Bools, Bools]:
    """For each row the number of its indicator, whether new cases of it keep coming, and whether lower is better."""
    keys = [indicator.key for indicator in campaign.indicators]
    arriving = np.array([indicator.arriving for indicator in campaign.indicators] + [False])
    down = np.append(lower_is_better(campaign), False)
    known = read_columns(
        session,
        select_columns(col(Series.id), col(Series.indicator)).where(
            col(Series.id).between(int(series.min()), int(series.max()))
        ),
    )
    code = {key: at for at, key in enumerate(keys)}
    number = np.full(int(series.max()) + 1, len(keys), dtype=np.int64)
    # A series of an indicator that the campaign's files no longer name belongs to no indicator.
    number[known["id"]] = [code.get(indicator, len(keys)) for indicator in known["indicator"]]
    return number[series], arriving[number[series]], down[number[series]]


@dataclass(frozen=True)
class FlaggedReading:
    """A figure that stands out; `kind` is the code of a sentence that `terms` fill."""

    unit: str
    unit_name: str
    level: str
    indicator: str
    source: str
    as_of: date
    revision: int
    kind: str
    terms: Mapping[str, Any]
    received_at: datetime


def find_flagged(
    session: Session, *, through: date, kind: str | None = None, after: int = 0, most: int = 20
) -> list[FlaggedReading]:
    """The flags of all units on days up to `through`, newest first; of one kind where it is asked for."""
    statement: Any = (
        select(
            col(UnitRow.code).label("unit"),
            col(UnitRow.name).label("unit_name"),
            col(UnitRow.level),
            col(Series.indicator),
            col(SourceRow.key).label("source"),
            col(ReadingFlag.as_of),
            col(ReadingFlag.revision),
            col(ReadingFlag.kind),
            col(ReadingFlag.terms),
            col(Run.received_at),
        )
        .join(Series, col(Series.id) == col(ReadingFlag.series_id))
        .join(SourceRow, col(SourceRow.id) == col(Series.source_id))
        .join(UnitRow, col(UnitRow.id) == col(Series.unit_id))
        .join(Run, col(Run.id) == col(ReadingFlag.run_id))
        .where(col(ReadingFlag.as_of) <= through)
        .order_by(col(ReadingFlag.as_of).desc(), col(ReadingFlag.id).desc())
    )
    if kind is not None:
        statement = statement.where(col(ReadingFlag.kind) == kind)
    return [FlaggedReading(**row) for row in session.execute(statement.offset(after).limit(most)).mappings()]


def count_flags(session: Session, *, through: date) -> dict[str, int]:
    """How many flags of each kind there are, by kind."""
    statement = (
        select(col(ReadingFlag.kind), func.count())
        .where(col(ReadingFlag.as_of) <= through)
        .group_by(col(ReadingFlag.kind))
        .order_by(col(ReadingFlag.kind))
    )
    return {kind: int(count) for kind, count in session.execute(statement)}
