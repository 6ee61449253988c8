"""The kept rows of a group's units, and what they add up to on the days that a projection looks back to."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from models.columns import day_number, day_of
from models.holidays import working_days
from models.inputs import Units
from models.kept import standing_columns
from models.queries.standing import is_kept
from models.queries.unit import PastDay
from models.results import Results
from models.store import read_numbers
from models.tables import DailySum, StandingRow
from targets.history import LOOKS, History
from targets.periods import period_bounds
from targets.values import Campaign, Phase

Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
COLUMNS = (
    "numerator", "denominator", "coverage", "reading_as_of", "trajectory", "week_numerator", "week_denominator"
)  # fmt: skip
Rows = dict[str, Floats]
"""Columns of the group's units: days × units, NaN where there is no row."""


@dataclass(frozen=True)
class Looks:
    """What the group had told on the looks back, and what it says of the days to come."""

    history: History
    daily_cases: float
    newest: int


class GroupRows:
    """The units of a level on the day they are judged, and before; everything vectorised over them."""

    def __init__(
        self, session: Session, campaign: Campaign, units: Units, *, level: str, as_of: date, phase: Phase
    ) -> None:
        self.session, self.campaign, self.units, self.level, self.phase = session, campaign, units, level, phase
        self.calendar = working_days(campaign)
        self.as_of = day_number(as_of)
        self.due = None if phase.due is None else day_number(phase.due)
        self.day = self.as_of if self.due is None else min(self.as_of, self.due)
        self.members: Whole = np.flatnonzero(
            (np.array(units.levels, dtype=object) == level) & units.expected_on(self.day)
        )
        self.phase_at = [known.key for known in campaign.phases].index(phase.key)
        is_kept_day = is_kept(session, campaign, day_of(self.day))
        self._computed = None if is_kept_day else _computed(session, self.day)

    def rows(
        self, indicator: str, days: Collection[int], *, columns: Sequence[str] = COLUMNS
    ) -> tuple[list[int], Rows]:
        """The kept rows of the group on some days; days that are not kept are empty.

        All units' rows of a day lie together: reading them and leaving some out is faster than asking whose they are.
        """
        ordered = sorted(set(days))
        statement = select_columns(
            col(StandingRow.day), col(StandingRow.unit_id), *(getattr(StandingRow, name) for name in columns)
        ).where(col(StandingRow.day).in_([day_of(day) for day in ordered]), col(StandingRow.indicator) == indicator)
        told = read_numbers(self.session, statement, whole=("day", "unit_id"))
        rows: Rows = {name: np.full((len(ordered), len(self.units)), np.nan) for name in columns}
        if len(told["day"]):
            where = (np.searchsorted(ordered, told["day"]), self.units.positions(told["unit_id"]))
            for name in columns:
                rows[name][where] = told[name]
        return ordered, {name: values[:, self.members] for name, values in rows.items()}

    def today(self, at: int) -> Rows:
        """Columns of the members on the day they are judged."""
        key = self.campaign.indicators[at].key
        if self._computed is None:
            _, rows = self.rows(key, [self.day])
            return {name: values[0] for name, values in rows.items()}
        found: Rows = {name: np.full(len(self.units), np.nan) for name in COLUMNS}
        is_asked = np.array([indicator == key for indicator in self._computed["indicator"]], dtype=bool)
        where = self.units.positions(np.asarray(self._computed["unit_id"])[is_asked])
        for name in COLUMNS:
            found[name][where] = np.asarray(self._computed[name], dtype=np.float64)[is_asked]
        return {name: values[self.members] for name, values in found.items()}

    def look_back(self, at: int, now: Rows, is_in: Bools) -> Looks | None:
        """The group's counts on the looks back, always of today's units; None where none of them has told any."""
        told = now["reading_as_of"][is_in]
        if not len(told):
            return None
        indicator, newest = self.campaign.indicators[at], int(told.max())
        start = int(period_bounds(indicator.basis, np.array([newest]), self.campaign)[0][0])
        back = [newest, *(int(self.calendar.back(newest, look)) for look in LOOKS[1:])]
        window = int(self.calendar.latest(newest)) - self.campaign.volume_window_days
        columns = ("numerator", "denominator", "reading_as_of")
        days, rows = self.rows(indicator.key, [*back[1:], window], columns=columns)
        counts: dict[int, tuple[float, float]] = {}
        for position, day in enumerate(days):
            # A figure of the period before counts with nothing: there the counting began anew.
            is_counted = is_in & (rows["reading_as_of"][position] >= start)
            counts[day] = (
                float(np.nansum(rows["numerator"][position][is_counted])),
                float(np.nansum(rows["denominator"][position][is_counted])),
            )
        counts[newest] = (float(now["numerator"][is_in].sum()), float(now["denominator"][is_in].sum()))
        since = [start - 1 if day < start else day for day in back]
        pairs = [(0.0, 0.0) if day < start else counts[day] for day in back]
        worked = np.array([[float(self.calendar.between(day, newest)) for day in since]])
        history = History(
            worked=worked,
            numerator=np.array([[pair[0] for pair in pairs]]),
            denominator=np.array([[pair[1] for pair in pairs]]),
            reported=np.full(worked.shape, np.nan),
            revised=np.zeros(worked.shape),
        )
        opened = max(window, start - 1)
        worked_days = int(self.calendar.between(opened, newest))
        cases = counts[newest][1] - (counts[window][1] if window >= start else 0.0)
        return Looks(history, max(cases, 0.0) / worked_days if worked_days else np.nan, newest)

    def days(self, indicator: str) -> tuple[PastDay, ...]:
        """The group's rate day by day; a day on which no count moved was told by nobody."""
        statement = (
            select_columns(col(DailySum.day), col(DailySum.numerator), col(DailySum.denominator), col(DailySum.counted))
            .where(
                col(DailySum.pool) == f"level:{self.level}",
                col(DailySum.indicator) == indicator,
                col(DailySum.day) <= day_of(self.as_of),
            )
            .order_by(col(DailySum.day))
        )
        found, before = [], (np.nan, np.nan)
        told = read_numbers(self.session, statement)
        for day, right, cases, counted in zip(*told.values(), strict=True):
            counts = (float(right), float(cases))
            is_told = counted > 0 and counts != before
            found.append(
                PastDay(
                    day=day_of(int(day)),
                    indicator=indicator,
                    value=100 * counts[0] / counts[1] if counts[1] > 0 else None,
                    trajectory=None,
                    standing="",
                    reading_as_of=day_of(int(day)) if is_told else None,
                    is_fresh=bool(counted > 0),
                )
            )
            before = counts
        return tuple(found)


def _computed(session: Session, day: int) -> dict[str, npt.NDArray[np.generic]]:
    """The rows of a day that is not kept, by column."""
    results = Results.load(session, first=day, last=day)
    columns = standing_columns(results.on(day)[0], results.units, results.campaign)
    return {name: np.asarray(values) for name, values in columns.items()}
