"""The times of a source's schedule: five fields of cron, in Vietnamese time."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache

from apscheduler.triggers.cron import CronTrigger

from models.settings import TIMEZONE

LOOKS_BACK = (timedelta(hours=2), timedelta(days=2), timedelta(days=32), timedelta(days=366))
"""How far back the last time of a schedule is looked for, nearest first: few steps for any schedule."""
LEAST = timedelta(microseconds=1)


def next_time(schedule: str, *, after: datetime) -> datetime | None:
    """The first time of a schedule at or after an instant; None where it never comes."""
    found: datetime | None = _trigger(schedule).get_next_fire_time(None, after.astimezone(TIMEZONE))
    return found


def last_time(schedule: str, *, by: datetime) -> datetime | None:
    """The last time of a schedule up to and including an instant; None where there was none for a year."""
    for span in LOOKS_BACK:
        times = list(times_between(schedule, by - span, by))
        if times:
            return times[-1]
    return None


def times_between(schedule: str, first: datetime, last: datetime) -> Iterator[datetime]:
    """Every time of a schedule from one instant to another, both counted, in order."""
    found = next_time(schedule, after=first)
    while found is not None and found <= last:
        yield found
        found = next_time(schedule, after=found + LEAST)


@lru_cache(maxsize=128)
def _trigger(schedule: str) -> CronTrigger:
    return CronTrigger.from_crontab(schedule, timezone=TIMEZONE)
