"""The state of each source: one question, asked by `doctor`, `/healthz`, `/metrics`, the alerts and the pages.

Business time decides: what the schedule expected by now, and how old the newest figure is.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.campaign.holidays import working_days
from models.core.audit import find_state
from models.core.clock import business_day
from models.core.columns import day_number
from models.core.settings import TIMEZONE
from models.feeds.files import files_that_wait
from models.feeds.queries import find_promised_since, last_time, next_time
from models.feeds.withdrawn import which_count
from models.feeds.words import BAD_FILE
from models.results.inputs import load_campaign
from models.tables import Reading, Run, Score, Series, SourceRow
from targets.values import Campaign, Source, Text

State = Literal["off", "by_hand", "failing", "never", "stale", "late", "fresh"]
STATES: tuple[State, ...] = get_args(State)
"""In the order in which they are looked for: the first that holds is the state.

`off` is switched off. `by_hand` is never pulled by itself, or watched while nobody has dropped anything yet. `failing`
failed at least twice in a row, or a dropped file waits for somebody. `never` has reported nothing yet. `stale`: the
newest figure is older than the source allows. `late`: past its time and what its schedule promised is not here.
"""
WELL: frozenset[State] = frozenset({"off", "by_hand", "fresh"})
GOOD = ("done", "done_with_rejects", "unchanged")
"""What a run ends as when the source has answered."""
FIGURES = ("readings", "scores", "demonstration", "pull")
"""Kinds of runs that bring figures; targets and units say nothing about a source's freshness."""
IS_PULLED = col(Run.kind).not_in(("readings", "scores"))
"""Not handed in: a file names the day of its figures, and keeps no promise of a schedule."""
FAILS = 2
"""Runs that fail in a row before a source is called failing."""


@dataclass(frozen=True)
class FeedState:
    """One source: how it is, and the facts that the word rests on. Instants are business time, in Vietnam."""

    source: str
    source_id: int
    name: Text
    kind: str
    state: State
    last_good: datetime | None
    """When it last answered, by a pull or a file under its name."""
    age_hours: float | None
    newest: date | None
    """The newest day that any of its figures or scores describes."""
    is_stale: bool
    expected_at: datetime | None
    """The last time of its schedule whose figures should be here by now; None where nothing is promised."""
    expected_day: date | None
    """The day those figures describe."""
    is_late: bool
    next_at: datetime | None
    """The next time of its schedule."""
    failures: int
    """Pulls that failed since it last answered one, and dropped files that could not be taken in."""
    failed_at: datetime | None
    failure: str | None
    """Code of what the last of them said, and its terms."""
    failure_terms: dict[str, Any] | None
    files: int = 0
    """Dropped files that wait for somebody: unreadable, or not taken in unseen."""

    @property
    def is_well(self) -> bool:
        """Whether nobody has to do anything: also where nothing was promised for the time that has passed."""
        return self.state in WELL or (self.state == "never" and not self.is_late)

    @property
    def is_failing(self) -> bool:
        return self.state == "failing"

    @property
    def is_failing_by_files(self) -> bool:
        """Whether nothing but dropped files that wait makes it failing: its figures may be here all the same."""
        return self.is_failing and self.files > 0 and self.failures - self.files < FAILS


@dataclass(frozen=True)
class _Past:
    """What the runs of a source say."""

    last_good: datetime | None = None
    covered: date | None = None
    """The newest day for which it was pulled successfully."""
    failures: int = 0
    last_failure: Run | None = None
    files: tuple[Run, ...] = ()
    """Dropped files that wait for somebody, the newest first."""


def find_feed_states(session: Session, *, now: datetime, watched: Collection[str] = ()) -> list[FeedState]:
    """Every source of the campaign's files, in their order.

    `now` is business time. `watched` are kinds of sources that are looked at again and again for files
    that people drop: they promise no day, so they are never late.
    """
    campaign = load_campaign(session)
    is_simulated = find_state(session).simulated
    rows = {row.key: row for row in session.scalars(select(SourceRow))}
    newest = _newest_days(session)
    states = []
    for source in campaign.sources:
        row = rows[source.key]
        past = _past(session, row.id or 0, source)
        # A real store never pulls the demonstration's source.
        is_off = not (source.enabled and row.enabled) or (source.kind == "simulated" and not is_simulated)
        promises = not is_off and source.kind not in watched
        expected_at = _expected_at(session, campaign, source, now) if promises else None
        states.append(
            _state(
                campaign,
                source,
                row.id or 0,
                past,
                now=now,
                newest=newest.get(row.id or 0),
                is_off=is_off,
                expected_at=expected_at,
                is_watched=source.kind in watched,
            )
        )
    return states


def _state(
    campaign: Campaign,
    source: Source,
    source_id: int,
    past: _Past,
    *,
    now: datetime,
    newest: date | None,
    is_off: bool,
    expected_at: datetime | None,
    is_watched: bool,
) -> FeedState:
    expected_day = None if expected_at is None else described_day(source, expected_at)
    is_late = expected_day is not None and (past.covered is None or past.covered < expected_day)
    is_stale = newest is not None and _working_days_since(campaign, newest, now) > campaign.stale_after(source.key)
    holds: dict[State, bool] = {
        "off": is_off,
        "by_hand": not past.files
        and (source.schedule is None or (is_watched and past.last_good is None and not past.failures)),
        "failing": past.failures >= FAILS or bool(past.files),
        "never": past.last_good is None,
        "stale": is_stale,
        "late": is_late,
        "fresh": True,
    }
    age = None if past.last_good is None else max(timedelta(), now - past.last_good)
    failed, failure, terms = past.last_failure, None, None
    if failed is not None:
        failure, terms = failed.failure, failed.failure_terms
    if past.files:
        failed = past.files[0]
        reason = {"failure": failed.failure, "terms": failed.failure_terms}
        failure, terms = BAD_FILE, {"file": failed.file_name, "count": str(len(past.files)), **reason}
    return FeedState(
        source=source.key,
        source_id=source_id,
        name=source.name,
        kind=source.kind,
        state=next(state for state in STATES if holds[state]),
        last_good=past.last_good,
        age_hours=None if age is None else round(age / timedelta(hours=1), 1),
        newest=newest,
        is_stale=is_stale,
        expected_at=expected_at,
        expected_day=expected_day,
        is_late=is_late,
        next_at=None if is_off or source.schedule is None else next_time(source.schedule, after=now),
        failures=past.failures + len(past.files),
        failed_at=None if failed is None else failed.received_at.astimezone(TIMEZONE),
        failure=failure,
        failure_terms=terms,
        files=len(past.files),
    )


# --- what the runs say ----------------------------------------------------------------------------------------------


def _past(session: Session, source_id: int, source: Source) -> _Past:
    figures = (col(Run.source_id) == source_id, col(Run.kind).in_(FIGURES))
    is_good = col(Run.status).in_(GOOD)
    last_good, for_date, undated = session.execute(
        select(
            func.max(col(Run.received_at)),
            func.max(col(Run.for_date)).filter(IS_PULLED),
            func.max(col(Run.received_at)).filter(col(Run.for_date).is_(None), IS_PULLED),
        ).where(*figures, is_good)
    ).one()
    last_pull = session.scalar(select(func.max(col(Run.id))).where(*figures, is_good, IS_PULLED)) or 0
    failed = list(
        session.scalars(
            select(Run)
            .where(*figures, col(Run.status) == "failed", col(Run.id) > last_pull, col(Run.file_name).is_(None))
            .order_by(col(Run.id).desc())
        )
    )
    days = [for_date] if for_date is not None else []
    if undated is not None:
        days.append(described_day(source, undated))
    return _Past(
        last_good=None if last_good is None else last_good.astimezone(TIMEZONE),
        covered=max(days, default=None),
        failures=len(failed),
        last_failure=failed[0] if failed else None,
        files=tuple(session.scalars(files_that_wait().where(col(Run.source_id) == source_id))),
    )


def _newest_days(session: Session) -> dict[int, date]:
    """Source → the newest day it has reported on. One look-up a series: its readings are in order of day."""
    of_series = select(func.max(col(Reading.as_of))).where(
        col(Reading.series_id) == col(Series.id), *which_count(session, col(Reading.run_id))
    )
    reported = select(col(Series.source_id), of_series.scalar_subquery().label("day")).subquery()
    questions = (
        select(reported.c.source_id, func.max(reported.c.day)).group_by(reported.c.source_id),
        select(col(Score.source_id), func.max(col(Score.as_of)))
        .where(*which_count(session, col(Score.run_id)))
        .group_by(col(Score.source_id)),
    )
    newest: dict[int, date] = {}
    for question in questions:
        for source_id, day in session.execute(question):
            if day is not None:
                newest[source_id] = max(day, newest.get(source_id, day))
    return newest


def _working_days_since(campaign: Campaign, day: date, now: datetime) -> int:
    return int(working_days(campaign).between(day_number(day), day_number(business_day(now))))


# --- what the schedule promises -------------------------------------------------------------------------------------


def _expected_at(session: Session, campaign: Campaign, source: Source, now: datetime) -> datetime | None:
    """The last time whose figures should be here: its patience is over, and the promise stood when it came."""
    if source.schedule is None:
        return None
    time = last_time(source.schedule, by=now - timedelta(minutes=source.late_after_minutes))
    if time is None or described_day(source, time) < campaign.start:
        return None
    since = find_promised_since(session, source)
    return None if since is None or time < since else time


def described_day(source: Source, time: datetime) -> date:
    """The day that the figures of a time of the schedule describe."""
    return business_day(time) - timedelta(days=source.lag_days)
