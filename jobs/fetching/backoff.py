"""When a source that could not answer is asked again."""

from datetime import datetime, timedelta

from jobs.fetching.values import FILES_LEFT, PullFailed

DELAYS = (timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1), timedelta(hours=3))
"""After the first failure of a day, the second …; a day that has failed more often waits for the next."""
NEXT_DAY = timedelta(hours=20)
"""How long nothing is tried by itself where trying again soon cannot help; shorter than a day, so the next one can."""


def next_try(failure: PullFailed, *, failures: int, machine: datetime) -> datetime:
    """The earliest moment to ask again by itself; `failures`: how many the day has seen lately, this one included."""
    if failure.failure == "interrupted":
        return machine
    if failure.failure == FILES_LEFT:
        # Others may be dropped meanwhile, and do not wait for these.
        return machine + DELAYS[0]
    if not failure.is_passing or failures > len(DELAYS):
        return machine + NEXT_DAY
    asked = timedelta(seconds=failure.retry_after or 0)
    return machine + min(max(DELAYS[failures - 1], asked), NEXT_DAY)
