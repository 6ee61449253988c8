"""Did the figures arrive, what is missing, who does what next: the sentences of the page and of every top."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jobs.wording.reporting import who_is_silent, who_told
from models.core import formats
from models.core.texts import text
from models.feeds.calendar import SourceDay
from models.feeds.states import FeedState
from models.feeds.words import failure_sentence
from models.results.completeness import Completeness, UnitReport
from targets.values import Campaign

TROUBLED = ("failing", "never", "stale", "late")
QUIET = ("waiting", "unasked")
"""Days of which nothing can be said yet."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
COUNTED_IN_HOURS = timedelta(hours=48)


@dataclass(frozen=True)
class Arrivals:
    """All that the first sentence rests on."""

    campaign: Campaign
    now: datetime
    states: Sequence[FeedState]
    days: Sequence[SourceDay]
    """The calendar up to today."""
    completeness: Completeness
    deciding: Mapping[str, Mapping[str, int]]
    """For each indicator how many units each source decides."""
    waiting_rows: int
    """Rows in quarantine."""

    @property
    def today(self) -> date:
        return self.completeness.as_of

    @property
    def silent(self) -> list[UnitReport]:
        """Units that have not told all, longest silent first."""
        behind = [unit for unit in self.completeness.units if unit.reporting != "told"]
        return sorted(behind, key=lambda unit: (unit.last is not None, -unit.working_days))


Deciding = Mapping[str, Mapping[str, int]]


def governing(campaign: Campaign, states: Sequence[FeedState], deciding: Deciding) -> list[FeedState]:
    """The sources that count: for each indicator the one that decides most units.

    Before any has told, the first in the indicator's list that is pulled.
    """
    used = {state.source: state for state in states if state.newest or state.state not in ("off", "by_hand")}
    keys = []
    for indicator in campaign.indicators:
        units = {key: count for key, count in deciding.get(indicator.key, {}).items() if key in used}
        first = next((key for key in indicator.sources if key in used), None)
        keys.append(max(units, key=units.__getitem__) if units else first)
    return [used[key] for key in dict.fromkeys(keys) if key is not None]


def troubled(campaign: Campaign, states: Sequence[FeedState], deciding: Deciding, *, today: date) -> list[FeedState]:
    """The governing sources that have not sent what they should; none before the campaign begins."""
    if today < campaign.start:
        return []
    return [
        state
        for state in governing(campaign, states, deciding)
        if (state.state in TROUBLED and not state.is_failing_by_files)
        or (state.is_stale and (state.state == "by_hand" or state.is_failing_by_files))
    ]


# --- the first sentence ---------------------------------------------------------------------------------------------


def headline(arrivals: Arrivals, language: str) -> str:
    """Did today's figures arrive, and if not, what is missing."""
    campaign = arrivals.campaign
    if arrivals.today < campaign.start:
        return text("feeds.headline.before", language, start=formats.day(campaign.start, language))
    counting = governing(campaign, arrivals.states, arrivals.deciding)
    if not counting:
        return text("feeds.headline.nothing", language)
    wrong = troubled(campaign, arrivals.states, arrivals.deciding, today=arrivals.today)
    missing = [state for state in counting if state not in wrong and _last_owed(arrivals, state) in ("missing", "lost")]
    if wrong or missing:
        said = "; ".join(silence(state, language) for state in (*wrong, *missing))
        return text("feeds.headline.not_arrived", language, said=said)
    newest = arrivals.completeness.newest
    if newest is None:
        return text("feeds.headline.nothing", language)
    said = who_told(arrivals.completeness.told, language)
    waiting = any(day.day == arrivals.today and day.state == "waiting" for day in arrivals.days)
    if waiting and newest < arrivals.today:
        said += " " + text("feeds.headline.not_due", language, day=formats.day(arrivals.today, language))
    return said


def _last_owed(arrivals: Arrivals, state: FeedState) -> str:
    """What became of the newest day that a source owed."""
    owed = [day.state for day in arrivals.days if day.source == state.source and day.state not in QUIET]
    return owed[-1] if owed else "waiting"


def silence(state: FeedState, language: str) -> str:
    """Of which day the figures are that stand in for what a source owes: “Hệ thống tỉnh: … số liệu cũ (từ 03/05)”."""
    name = state.name.of(language)
    if state.newest is None:
        return text("feeds.silence.never", language, source=name)
    if state.state == "by_hand":
        return text("feeds.silence.by_hand", language, source=name, newest=formats.day(state.newest, language))
    if state.is_late and state.expected_day is not None and state.expected_day <= state.newest:
        return text("feeds.silence.missing", language, source=name, day=formats.short_day(state.expected_day, language))
    return text("feeds.silence.since", language, source=name, since=formats.short_day(state.newest, language))


def advice(arrivals: Arrivals, language: str) -> tuple[str, ...]:
    """Who does what next, most urgent first."""
    said = [
        next_step(state, arrivals.now, language)
        for state in troubled(arrivals.campaign, arrivals.states, arrivals.deciding, today=arrivals.today)
    ]
    silent = arrivals.silent
    if silent and arrivals.completeness.newest is not None:
        longest = silent[0]
        said.append(
            text(
                "feeds.advice.units",
                language,
                silent=who_is_silent(arrivals.completeness.told, language),
                name=longest.name,
                days=formats.whole(longest.working_days, language),
            )
        )
    if arrivals.waiting_rows:
        said.append(text("feeds.advice.rows", language, rows=formats.whole(arrivals.waiting_rows, language)))
    if not governing(arrivals.campaign, arrivals.states, arrivals.deciding):
        return (*said, text("feeds.advice.begin", language))
    return tuple(said) or (text("feeds.advice.none", language),)


def next_step(state: FeedState, now: datetime, language: str) -> str:
    """What is done about a source that has not sent its figures, and by whom."""
    known = {"source": state.name.of(language)}
    if state.state == "by_hand":
        return text("feeds.advice.by_hand", language, **known)
    if state.failure is not None and state.failures:
        known["failure"] = failure_sentence(state.failure, state.failure_terms or {}, language)
        return text("feeds.advice.failing", language, next=next_time(state, now, language), **known)
    if state.state == "late" and state.expected_at is not None:
        at = formats.moment(state.expected_at, language)
        return text("feeds.advice.late", language, at=at, next=next_time(state, now, language), **known)
    return text("feeds.advice.silent", language, next=next_time(state, now, language), **known)


# --- the facts of a source ------------------------------------------------------------------------------------------


def next_time(state: FeedState, now: datetime, language: str) -> str:
    """When it is asked next: the hour alone where that is today."""
    if state.next_at is None:
        return text("feeds.next.none", language)
    if state.next_at.date() == now.date():
        return text("feeds.next.today", language, time=f"{state.next_at:%H:%M}")
    return text("feeds.next.at", language, at=formats.moment(state.next_at, language))


def age(since: datetime, now: datetime, language: str) -> str:
    """How long ago something was, in the unit that people would use."""
    passed = max(now - since, timedelta())
    if passed < HOUR:
        return text("feeds.age.minutes", language, count=formats.whole(passed // timedelta(minutes=1), language))
    if passed < COUNTED_IN_HOURS:
        return text("feeds.age.hours", language, count=formats.whole(passed // HOUR, language))
    return text("feeds.age.days", language, count=formats.whole(passed // DAY, language))


def took(seconds: float | None, language: str) -> str:
    """How long a run took; empty where it was not measured."""
    if seconds is None:
        return ""
    if seconds < 60:
        return text("feeds.took.seconds", language, count=formats.decimal(seconds, language))
    return text("feeds.took.minutes", language, count=formats.decimal(seconds / 60, language))


def strip(
    campaign: Campaign, states: Sequence[FeedState], deciding: Deciding, *, today: date, language: str
) -> tuple[str, ...]:
    """What every page says at its top of governing sources that have not sent what they should."""
    return tuple(f"{silence(state, language)}." for state in troubled(campaign, states, deciding, today=today))
