"""The calendar of sources: for every source and day what was reported, what was owed, and what is lost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from sqlalchemy import case, func, select
from sqlmodel import Session, col

from models.core.clock import business_day
from models.core.columns import day_number
from models.core.settings import TIMEZONE
from models.core.store import Numbers, read_numbers
from models.feeds.queries import next_time
from models.feeds.states import GOOD, IS_PULLED, FeedState
from models.feeds.withdrawn import which_count
from models.results.inputs import load_campaign, load_units
from models.tables import Reading, Run, Score, Series, SourceRow
from targets.values import Campaign, Source

DayState = Literal["complete", "partial", "missing", "lost", "waiting", "unasked"]
"""What a day is to a source. `complete`: every unit it reports on was reported. `partial`: some were. `missing`: it
owed the day and reported nothing. `lost`: it can no longer be asked for it. `waiting`: it has time left. `unasked`:
nothing was owed.
"""
REHEARSED = "simulated"
"""A kind of source whose schedule moves a demonstration on, and says nothing about the days it reports on."""
Bools = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class SourceDay:
    """What a source reported about one day."""

    source: str
    day: date
    state: DayState
    units: int
    """How many units it reported on."""
    expected: int
    """How many units it has ever reported on, as far as they exist on that day."""
    revised: int
    """Units whose figure of that day was reported again with another value that counts."""
    compared: int
    """Units of which a second statement is only compared with the counts in force."""
    arrived_at: datetime | None
    """When the day was first answered by a pull."""
    is_late: bool
    """It came after its time and the patience that its schedule allows."""
    failures: int
    """Pulls of that day that failed."""


@dataclass
class _Pulls:
    """What the runs about one day of one source say."""

    arrived_at: datetime | None = None
    failures: int = 0
    is_lost: bool = False


@dataclass(frozen=True)
class ReportedDays:
    """Which units each source reported on for each day (sources × days × units), and which it ever reported on."""

    place: Mapping[int, int]
    """Row id of a source → its place."""
    is_reported: Bools
    is_revised: Bools
    is_compared: Bools
    """A later statement without both counts stands beside counts, and takes no place of theirs."""
    is_known: Bools


def find_calendar(
    session: Session,
    states: Iterable[FeedState],
    *,
    reported: ReportedDays | None = None,
    first: date,
    last: date,
    now: datetime,
) -> list[SourceDay]:
    """Every source that is in use × every day from `first` to `last`, in the order of sources and days.

    In use is what has reported figures or is pulled by itself; `states` is the answer of `find_feed_states`.
    What people hand in without a schedule promises no day, and owes none.
    `reported` is the answer of `find_reported_days` for these days, where it is known: reading it is what takes time.
    """
    campaign = load_campaign(session)
    units = load_units(session, campaign)
    known = list(states)
    ids = [state.source_id for state in known]
    reported = reported or find_reported_days(session, first=first, last=last)
    pulls, begun = _pulls(session, ids, first=first, last=last)
    days = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    exists = np.stack([units.expected_on(day_number(day)) for day in days])
    found = []
    for state in known:
        at = reported.place[state.source_id]
        has_reported = bool(reported.is_known[at].any())
        if not (has_reported or state.source_id in begun or state.state not in ("off", "by_hand")):
            continue
        source = campaign.source(state.source)
        since = _since(state, begun.get(state.source_id), _first_reported(session, state.source_id))
        for number, day in enumerate(days):
            found.append(
                _source_day(
                    source,
                    day,
                    reported=reported.is_reported[at, number] & exists[number],
                    revised=int(reported.is_revised[at, number].sum()),
                    compared=int(reported.is_compared[at, number].sum()),
                    expected=reported.is_known[at] & exists[number],
                    pulls=pulls[state.source_id, day],
                    is_owed=since is not None and since <= day and _is_owed(campaign, source, day, state),
                    now=now,
                )
            )
    return found


def _source_day(
    source: Source,
    day: date,
    *,
    reported: Bools,
    revised: int,
    compared: int,
    expected: Bools,
    pulls: _Pulls,
    is_owed: bool,
    now: datetime,
) -> SourceDay:
    units, due = int(reported.sum()), _due(source, day)
    state: DayState
    if units:
        state = "complete" if units >= int(expected.sum()) else "partial"
    elif pulls.is_lost:
        state = "lost"
    elif not is_owed:
        state = "unasked"
    else:
        state = "waiting" if now < due else "missing"
    return SourceDay(
        source=source.key,
        day=day,
        state=state,
        units=units,
        expected=int(expected.sum()),
        revised=revised,
        compared=compared,
        arrived_at=pulls.arrived_at,
        is_late=_is_timed(source) and pulls.arrived_at is not None and pulls.arrived_at > due,
        failures=pulls.failures,
    )


def _is_timed(source: Source) -> bool:
    return source.schedule is not None and source.kind != REHEARSED


def _time_of(source: Source, day: date) -> datetime | None:
    """The first time of the schedule whose figures describe a day; None where it passes the day over."""
    pulled = day + timedelta(days=source.lag_days)
    start = datetime.combine(pulled, time(), tzinfo=TIMEZONE)
    found = next_time(source.schedule or "", after=start)
    return found if found is not None and business_day(found) == pulled else None


def _due(source: Source, day: date) -> datetime:
    """Until when a day's figures are in time; without a schedule until the day is over."""
    moment = _time_of(source, day) if _is_timed(source) else None
    if moment is not None:
        return moment + timedelta(minutes=source.late_after_minutes)
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=TIMEZONE)


def _is_owed(campaign: Campaign, source: Source, day: date, state: FeedState) -> bool:
    """Whether a source owes a day: by its schedule alone."""
    if state.state == "off" or day < campaign.start:
        return False
    if source.kind == REHEARSED:
        return True
    return source.schedule is not None and _time_of(source, day) is not None


def _since(state: FeedState, begun: date | None, reported: date | None) -> date | None:
    """From which day on a source owes figures: from the first that it reported or was asked for."""
    owed = [day for day in (begun, reported, state.expected_day if state.is_late else None) if day is not None]
    return min(owed, default=None)


def _first_reported(session: Session, source_id: int) -> date | None:
    counts = which_count(session, col(Reading.run_id))
    first = select(func.min(col(Reading.as_of))).where(col(Reading.series_id) == col(Series.id), *counts)
    reported = select(first.scalar_subquery().label("day")).where(col(Series.source_id) == source_id).subquery()
    scored = select(func.min(col(Score.as_of))).where(
        col(Score.source_id) == source_id, *which_count(session, col(Score.run_id))
    )
    days = (
        session.scalar(select(func.min(reported.c.day))),
        session.scalar(scored),
    )
    return min((day for day in days if day is not None), default=None)


def find_reported_days(session: Session, *, first: date, last: date) -> ReportedDays:
    """Which units each source reported on for each of these days; changes only with the data.

    From the index of days alone: 28 days of 11,000 units and six indicators are 1.8 million entries."""
    units = load_units(session, load_campaign(session))
    place = {identity or 0: at for at, identity in enumerate(session.scalars(select(col(SourceRow.id))))}
    shape = (len(place), (last - first).days + 1, len(units))
    found = ReportedDays(
        place,
        is_reported=np.zeros(shape, dtype=bool),
        is_revised=np.zeros(shape, dtype=bool),
        is_compared=np.zeros(shape, dtype=bool),
        is_known=np.zeros(shape[::2], dtype=bool),
    )

    def mark(source: Whole, unit: Whole, day: Whole, is_revised: Bools, is_compared: Bools | None = None) -> None:
        day = day - day_number(first)
        is_seen = (day >= 0) & (day < shape[1])
        found.is_reported[source[is_seen], day[is_seen], unit[is_seen]] = True
        for marks, is_so in ((found.is_revised, is_revised), (found.is_compared, is_compared)):
            if is_so is not None:
                marks[source[is_seen & is_so], day[is_seen & is_so], unit[is_seen & is_so]] = True

    series = _whole(read_numbers(session, select(col(Series.id), col(Series.source_id), col(Series.unit_id))))
    if len(series["id"]):
        source, unit = _places(place, series["source_id"]), units.positions(series["unit_id"])
        found.is_known[source, unit] = True
        of_series = np.zeros(int(series["id"].max()) + 1, dtype=np.int64)
        of_series[series["id"]] = np.arange(len(source))
        days: Any = (
            select(col(Reading.series_id), col(Reading.as_of), func.max(col(Reading.revision)).label("revision"))
            .where(col(Reading.as_of).between(first, last), *which_count(session, col(Reading.run_id)))
            .group_by(col(Reading.as_of), col(Reading.series_id))
        )
        reported = _whole(read_numbers(session, days))
        row = of_series[reported["series_id"]]
        is_again = reported["revision"] > 1
        is_second = is_again & _is_second(session, reported, first=first, last=last) if is_again.any() else is_again
        mark(source[row], unit[row], reported["as_of"], is_again & ~is_second, is_second)
    scores: Any = select(col(Score.source_id), col(Score.unit_id), col(Score.as_of), col(Score.revision)).where(
        *which_count(session, col(Score.run_id))
    )
    scored = _whole(read_numbers(session, scores))
    if len(scored["source_id"]):
        source, unit = _places(place, scored["source_id"]), units.positions(scored["unit_id"])
        found.is_known[source, unit] = True
        mark(source, unit, scored["as_of"], scored["revision"] > 1)
    return found


def _is_second(session: Session, reported: Mapping[str, Whole], *, first: date, last: date) -> Bools:
    """For which days reported more than once the first statement still counts: it has both counts, and every later one
    lacks one. Only what was reported again is looked at."""
    counts = which_count(session, col(Reading.run_id))
    again = (
        select(col(Reading.series_id), col(Reading.as_of))
        .where(col(Reading.as_of).between(first, last), col(Reading.revision) > 1, *counts)
        .distinct()
        .subquery()
    )
    has_counts = col(Reading.numerator).is_not(None) & col(Reading.denominator).is_not(None)
    statements: Any = (
        select(
            col(Reading.series_id),
            col(Reading.as_of),
            func.max(case((has_counts & (col(Reading.revision) == 1), 1), else_=0)).label("first"),
            func.max(case((has_counts & (col(Reading.revision) > 1), 1), else_=0)).label("later"),
        )
        .join(again, (again.c.series_id == col(Reading.series_id)) & (again.c.as_of == col(Reading.as_of)))
        .where(*counts)
        .group_by(col(Reading.series_id), col(Reading.as_of))
    )
    known = _whole(read_numbers(session, statements))
    is_so = (known["first"] == 1) & (known["later"] == 0)
    second = set(zip(known["series_id"][is_so].tolist(), known["as_of"][is_so].tolist(), strict=True))
    pairs = zip(reported["series_id"].tolist(), reported["as_of"].tolist(), strict=True)
    return np.fromiter((pair in second for pair in pairs), dtype=bool, count=len(reported["series_id"]))


def _places(place: Mapping[int, int], source_ids: Whole) -> Whole:
    """The place of each row's source."""
    known, inverse = np.unique(source_ids, return_inverse=True)
    return np.array([place[int(identity)] for identity in known], dtype=np.int64)[inverse]


def _whole(numbers: Numbers) -> dict[str, Whole]:
    return {name: column.astype(np.int64) for name, column in numbers.items()}


def _pulls(
    session: Session, source_ids: Sequence[int], *, first: date, last: date
) -> tuple[dict[tuple[int, date], _Pulls], dict[int, date]]:
    """What the runs about these days say, and the first day each source was ever asked for."""
    found: dict[tuple[int, date], _Pulls] = defaultdict(_Pulls)
    statement = select(col(Run.source_id), col(Run.for_date), col(Run.status), col(Run.received_at)).where(
        col(Run.for_date).between(first, last), col(Run.source_id).in_(source_ids), IS_PULLED
    )
    for source_id, day, status, received_at in session.execute(statement.order_by(col(Run.id))):
        pulls = found[source_id, day]
        pulls.failures += status == "failed"
        pulls.is_lost = pulls.is_lost or status == "unrecoverable"
        if status in GOOD and pulls.arrived_at is None:
            pulls.arrived_at = received_at.astimezone(TIMEZONE)
    begun = session.execute(
        select(col(Run.source_id), func.min(col(Run.for_date)))
        .where(col(Run.for_date).is_not(None), col(Run.source_id).in_(source_ids), IS_PULLED)
        .group_by(col(Run.source_id))
    )
    return found, {source_id: day for source_id, day in begun if day is not None}
