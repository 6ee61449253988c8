"""What a pull works on: a source and a day; which days a source owes, and which a demonstration may report."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel
from sqlmodel import Session

from jobs.campaigns import demonstration
from jobs.fetching.values import SourceKind
from jobs.pulls.outcome import NothingToPull
from jobs.sources import is_pulled, kind_of, options_of
from models.core.audit import find_state
from models.core.clock import business_day
from models.core.settings import TIMEZONE, Settings
from models.feeds.queries import times_between
from targets.errors import CampaignError, UnknownName, WrongUse
from targets.values import Campaign, Source


@dataclass(frozen=True)
class Work:
    """A source and a day."""

    campaign: Campaign
    source: Source
    kind: SourceKind
    options: BaseModel
    day: date

    @property
    def is_rehearsal(self) -> bool:
        return self.kind.cadence == "rehearsal"


def work_on(campaign: Campaign, key: str, day: date) -> Work:
    """The work of pulling a source's day; raises CampaignError where the source is none that can be asked."""
    source = next((source for source in campaign.sources if source.key == key), None)
    if source is None:
        raise UnknownName(kind="source", name=key, allowed=[source.key for source in campaign.sources])
    if not is_pulled(source):
        raise WrongUse(
            f"The figures of “{key}” are handed in by people; there is nothing to pull. Use `python -m jobs import`.",
            code="source_by_hand",
            source=key,
        )
    if not source.enabled:
        raise CampaignError(
            f"The source “{key}” is switched off in sources.toml. Set enabled = true and run `python -m jobs init`.",
            code="source_off",
            source=key,
        )
    return Work(campaign, source, kind_of(source), options_of(source), day)


def sources_pulled(campaign: Campaign, *, is_simulated: bool) -> list[Source]:
    """The sources that are asked by themselves; a simulation only where the store is a demonstration."""
    return [
        source
        for source in campaign.sources
        if source.enabled and is_pulled(source) and (is_simulated or kind_of(source).cadence != "rehearsal")
    ]


def trigger_of(source: Source, *, jitter: int | None = None) -> CronTrigger:
    """The source's schedule in Vietnamese time; `jitter` delays each time by up to so many seconds."""
    trigger = CronTrigger.from_crontab(source.schedule or "", timezone=TIMEZONE)
    trigger.jitter = jitter
    return trigger


def due_days(source: Source, campaign: Campaign, *, now: datetime, since: datetime | None = None) -> list[date]:
    """Every campaign day that the source should have reported by now, oldest first; `since`: the schedule's own."""
    if source.schedule is None:
        return []
    lag = timedelta(days=source.lag_days)
    first = datetime.combine(campaign.start + lag, time(0), tzinfo=TIMEZONE)
    times = times_between(source.schedule, first if since is None else max(first, since), now)
    return list(dict.fromkeys(moment.astimezone(TIMEZONE).date() - lag for moment in times))


def day_asked(source: Source, now: datetime) -> date:
    """The day a source is asked for at a moment."""
    return now.astimezone(TIMEZONE).date() - timedelta(days=source.lag_days)


def check_rehearsal(session: Session, work: Work, *, settings: Settings) -> None:
    """A demonstration reports one day after the other, up to the end of its simulation or the fixed clock.

    Raises CampaignError in a real store, and NothingToPull where there is no such day to report.
    """
    reported = find_state(session).rehearsal_now
    if reported is None:
        raise CampaignError(
            f"“{work.source.key}” simulates figures; this store holds a real campaign, which they never enter.",
            code="only_in_demonstration",
            source=work.source.key,
        )
    last = demonstration.last_day(work.campaign)
    if work.day > last:
        raise NothingToPull(
            f"The simulation ends on {last:%d/%m/%Y}; the demonstration has told all its days. "
            "`python -m jobs init --demo` in another CAODIEM_HOME begins a new one.",
            code="simulation_over",
            day=f"{last:%d/%m/%Y}",
        )
    fixed = settings.now
    if fixed is not None and demonstration.evening_of(work.day) > max(fixed, reported):
        raise NothingToPull(
            f"CAODIEM_NOW stands at {fixed:%H:%M %d/%m/%Y}: the demonstration does not go past it.",
            code="clock_stands",
            when=f"{fixed:%H:%M %d/%m/%Y}",
        )
    if work.day > business_day(reported) + timedelta(days=1):
        raise NothingToPull(
            f"The demonstration stands at {business_day(reported):%d/%m/%Y}; its days are told one after the other.",
            code="day_not_next",
            day=f"{business_day(reported):%d/%m/%Y}",
        )
