"""What storing would do, asked without storing: which figures are new, revised (and what they were) or unchanged."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlmodel import Session, col, select

from models.comparing import FIGURE, compare, known_readings, known_series, series_keys, told_columns
from models.tables import Run, SourceRow
from targets.values import Campaign

NEW, REVISED, UNCHANGED, SECOND = range(4)


@dataclass(frozen=True)
class ForeseenReadings:
    """What would become of each row of a frame."""

    fate: npt.NDArray[np.int8]
    """NEW, REVISED, UNCHANGED, or SECOND: told without counts where counts are in force, which stay so; row by row."""
    was: pd.DataFrame
    """What is in force of the rows REVISED or SECOND, by its parts that the frame has, in the frame's order."""


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
    was = pd.DataFrame({name: [] for name in FIGURE if name in told})
    at = np.flatnonzero(series > 0)
    if len(at):
        of_known = {name: values[at] for name, values in told.items()}
        stored = known_readings(session, series[at], of_known)
        found = compare(series[at], of_known, stored)
        fates = [found.revision == 1, found.is_second, found.is_changed]
        fate[at] = np.select(fates, [NEW, SECOND, REVISED], UNCHANGED)
        if found.in_force:
            is_told_again = (found.revision > 1) & found.is_changed
            was = pd.DataFrame({name: values[is_told_again] for name, values in found.in_force.items()})
    return ForeseenReadings(fate, was)


def find_same_load(session: Session, payload_hash: str) -> SameLoad | None:
    """The newest run that brought a file with this hash."""
    run = session.exec(
        select(Run).where(Run.payload_hash == payload_hash).order_by(col(Run.id).desc()).limit(1)
    ).first()
    return None if run is None else SameLoad(run=run.id or 0, received_at=run.received_at, file=run.file_name or "")
