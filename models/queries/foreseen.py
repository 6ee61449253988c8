"""What storing would do, asked without storing: which figures are new, revised (and what they were) or unchanged."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlmodel import Session, col, select

from models.comparing import READING_KEY, compare, known_readings, known_series, series_keys, told_columns
from models.tables import Run, SourceRow
from targets.values import Campaign

NEW, REVISED, UNCHANGED = 0, 1, 2


@dataclass(frozen=True)
class ForeseenReadings:
    """What would become of each row of a frame."""

    fate: npt.NDArray[np.int8]
    """NEW, REVISED or UNCHANGED, row by row."""
    was: pd.DataFrame
    """numerator, denominator, value and qualifier of the revised rows as they stand now, in the frame's order."""


@dataclass(frozen=True)
class SameLoad:
    """An earlier run that brought the very same file."""

    run: int
    received_at: datetime
    file: str


def foresee_readings(session: Session, frame: pd.DataFrame, *, campaign: Campaign, source: str) -> ForeseenReadings:
    """What `models.actions.loading.load_readings` would do with a frame of checked readings."""
    row = session.exec(select(SourceRow).where(SourceRow.key == source)).one()
    known = known_series(session, row)
    keys, inverse = series_keys(frame, campaign=campaign, source=source)
    series = np.array([known.get(key, 0) for key in keys], dtype=np.int64)[inverse]
    told = told_columns(frame, campaign=campaign, source=source)
    fate = np.full(len(frame), NEW, dtype=np.int8)
    was = pd.DataFrame({name: [] for name in ("numerator", "denominator", "value", "qualifier")})
    at = np.flatnonzero(series > 0)
    if len(at):
        of_known = {name: values[at] for name, values in told.items()}
        stored = known_readings(session, series[at], of_known["as_of"])
        revision, is_changed = compare(series[at], of_known, stored)
        fate[at] = np.where(revision == 1, NEW, np.where(is_changed, REVISED, UNCHANGED))
        revised = at[(revision > 1) & is_changed]
        if len(revised):
            keyed = pd.DataFrame(
                {"series_id": series[revised]} | {name: told[name][revised] for name in READING_KEY[1:]}
            )
            was = keyed.merge(stored.astype(dict.fromkeys(READING_KEY, np.int64)), on=READING_KEY, how="left")
    return ForeseenReadings(fate, was[["numerator", "denominator", "value", "qualifier"]].reset_index(drop=True))


def find_same_load(session: Session, payload_hash: str) -> SameLoad | None:
    """The newest run that brought a file with this hash."""
    run = session.exec(
        select(Run).where(Run.payload_hash == payload_hash).order_by(col(Run.id).desc()).limit(1)
    ).first()
    return None if run is None else SameLoad(run=run.id or 0, received_at=run.received_at, file=run.file_name or "")
