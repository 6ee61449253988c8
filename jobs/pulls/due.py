"""Which days a source owes: each time its schedule strikes, it is to be asked for one day."""

from datetime import date, datetime, time, timedelta

from apscheduler.triggers.cron import CronTrigger

from models.core.settings import TIMEZONE
from models.feeds.queries import times_between
from targets.values import Campaign, Source


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
