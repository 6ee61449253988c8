"""Which days a source owes: each time its schedule strikes, it is to be asked for one day."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache

from apscheduler.triggers.cron import CronTrigger

from models.settings import TIMEZONE
from targets.values import Campaign, Source

MOMENT = timedelta(microseconds=1)


def trigger_of(source: Source, *, jitter: int | None = None) -> CronTrigger:
    """The source's schedule in Vietnamese time; `jitter` delays each stroke by up to so many seconds."""
    trigger = CronTrigger.from_crontab(source.schedule or "", timezone=TIMEZONE)
    trigger.jitter = jitter
    return trigger


def last_stroke(source: Source, now: datetime) -> datetime | None:
    """The newest moment up to now at which the source was to be asked; None where there was none in the last year."""
    return _last_stroke(source.schedule or "", now.astimezone(TIMEZONE).replace(second=0, microsecond=0))


@cache
def _last_stroke(schedule: str, minute: datetime) -> datetime | None:
    trigger = CronTrigger.from_crontab(schedule, timezone=TIMEZONE)
    for back in (timedelta(hours=1), timedelta(days=1), timedelta(days=32), timedelta(days=366)):
        strokes = list(_strokes(trigger, minute - back, minute))
        if strokes:
            return strokes[-1]
    return None


def due_days(source: Source, campaign: Campaign, *, now: datetime) -> list[date]:
    """Every day of the campaign that the source should have told by now, oldest first."""
    if source.schedule is None:
        return []
    trigger = CronTrigger.from_crontab(source.schedule, timezone=TIMEZONE)
    lag = timedelta(days=source.lag_days)
    first = datetime.combine(campaign.start + lag, time(0), tzinfo=TIMEZONE)
    return list(dict.fromkeys(stroke.date() - lag for stroke in _strokes(trigger, first, now)))


def day_asked(source: Source, now: datetime) -> date:
    """The day a source is asked for now, by hand or by schedule."""
    return now.astimezone(TIMEZONE).date() - timedelta(days=source.lag_days)


def _strokes(trigger: CronTrigger, first: datetime, last: datetime) -> Iterator[datetime]:
    stroke = trigger.get_next_fire_time(None, first)
    while stroke is not None and stroke <= last:
        yield stroke
        stroke = trigger.get_next_fire_time(stroke, stroke + MOMENT)
