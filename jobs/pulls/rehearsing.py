"""Which day a demonstration may report."""

from datetime import timedelta

from sqlmodel import Session

from jobs.campaigns import demonstration
from jobs.pulls.outcome import NothingToPull
from jobs.pulls.work import Work
from models.core.audit import find_state
from models.core.clock import business_day
from models.core.settings import Settings
from targets.errors import CampaignError


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
