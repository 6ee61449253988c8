"""Flags on readings that were taken in though something about them is odd (`targets.flags` says what)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import insert
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.columns import day_of
from models.comparing import READING_KEY
from models.holidays import working_days
from models.tables import ReadingFlag, Run, Series
from targets.flags import Flag, Told, find_flags
from targets.values import Campaign

Whole = npt.NDArray[np.int64]


def flag_readings(
    session: Session,
    series: Whole,
    told: Mapping[str, Any],
    revision: Whole,
    *,
    context: Mapping[str, Any] | None,
    campaign: Campaign,
    run: Run,
) -> int:
    """Write a flag for each odd reading of a load; answers how many.

    `series`, `told` and `revision` are the rows stored just now, at least one; `context` is what `find_context`
    answered before, None where nothing was known of these series.
    """
    count = len(series)
    parts = {"series_id": series, **{name: told[name] for name in ("period_start", "as_of", "numerator")}}
    parts |= {"denominator": told["denominator"], "value": told["value"]}
    before = 0 if context is None else len(context["series_id"])
    if context is not None:
        parts = {name: np.concatenate([context[name], values]) for name, values in parts.items()}
    position = np.arange(-before, count)
    order = np.lexsort((position, parts["as_of"], parts["period_start"], parts["series_id"]))
    key = [parts[name][order] for name in READING_KEY]
    is_last = np.ones(len(order), dtype=bool)
    is_last[:-1] = np.any([part[1:] != part[:-1] for part in key], axis=0)
    order = order[is_last]
    indicator, is_arriving = _indicators(session, parts["series_id"][order], campaign)
    flags = find_flags(
        Told(
            series=parts["series_id"][order],
            indicator=indicator,
            period_start=parts["period_start"][order],
            as_of=parts["as_of"][order],
            numerator=parts["numerator"][order],
            denominator=parts["denominator"][order],
            reported=parts["value"][order],
            is_new=position[order] >= 0,
            is_arriving=is_arriving,
        ),
        working_days=working_days(campaign),
        small_volume=campaign.small_volume,
    )
    rows = [_flag_row(flag, int(position[order[flag.row]]), series, told, revision, run) for flag in flags]
    if rows:
        session.connection().execute(insert(ReadingFlag), rows)
    return len(rows)


def _flag_row(flag: Flag, at: int, series: Whole, told: Mapping[str, Any], revision: Whole, run: Run) -> dict[str, Any]:
    return {
        "series_id": int(series[at]),
        "period_start": day_of(int(told["period_start"][at])),
        "as_of": day_of(int(told["as_of"][at])),
        "revision": int(revision[at]),
        "kind": flag.kind,
        "terms": flag.terms,
        "run_id": run.id,
    }


def _indicators(session: Session, series: Whole, campaign: Campaign) -> tuple[Whole, npt.NDArray[np.bool_]]:
    """For each row the number of its indicator, and whether new cases of it keep coming."""
    keys = [indicator.key for indicator in campaign.indicators]
    arriving = np.array([indicator.arriving for indicator in campaign.indicators] + [False])
    rows = session.connection().execute(
        select_columns(col(Series.id), col(Series.indicator)).where(
            col(Series.id).between(int(series.min()), int(series.max()))
        )
    )
    number = np.full(int(series.max()) + 1, len(keys), dtype=np.int64)
    for identity, indicator in rows:
        # A series of an indicator that the campaign's files no longer name is of none.
        number[identity] = keys.index(indicator) if indicator in keys else len(keys)
    return number[series], arriving[number[series]]
