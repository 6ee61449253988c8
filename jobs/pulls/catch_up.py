"""Filling gaps: every day that a source owes and has not reported, oldest first, one after the other."""

import logging
import threading
from datetime import datetime

from jobs.pulls.due import due_days
from jobs.pulls.outcome import Pulled
from jobs.pulls.owners import is_dead
from jobs.pulls.run import Puller
from jobs.pulls.work import sources_pulled
from jobs.sources import kind_of, options_of
from jobs.workplace import Workplace
from models.core.audit import find_state
from models.core.clock import business_day, business_now
from models.feeds.queries import find_open_days, find_promised_since
from models.results.inputs import load_campaign

log = logging.getLogger(__name__)
PAUSE = 2.0
"""Seconds between two days that are asked for one after the other."""
LOST = "unrecoverable"


def catch_up(
    workplace: Workplace, puller: Puller, key: str, *, machine: datetime, stop: threading.Event, pause: float = PAUSE
) -> list[Pulled]:
    """Pull every day that a source owes and that may be asked for now; a source that fails is not asked on.

    Days that it cannot report any more are recorded as lost, unless they lie before its schedule was promised: of those
    only what it can still report is asked for. A folder and a simulation owe no days.
    """
    with workplace.store.reading() as session:
        state, campaign = find_state(session), load_campaign(session)
        source = next((one for one in sources_pulled(campaign, is_simulated=state.simulated) if one.key == key), None)
        if source is None or kind_of(source).cadence != "daily":
            return []
        now = business_now(workplace.settings, rehearsal=state.rehearsal_now)
        promised = due_days(source, campaign, now=now, since=find_promised_since(session, source))
        kind, options = kind_of(source), options_of(source)
        owed = {
            key: [
                day
                for day in due_days(source, campaign, now=now)
                if day in promised or kind.recovers(options, day, business_day(now))
            ]
        }
        days = find_open_days(session, owed, machine=machine, is_gone=is_dead)[key]
    pulled: list[Pulled] = []
    for day in days:
        # A person asking for one figure would not do it in a single breath either.
        if stop.is_set() or (pulled and pulled[-1].status != LOST and stop.wait(pause)):
            break
        outcomes = puller.pull(key, day)
        pulled += outcomes
        if any(one.is_new and not one.is_good and one.status != LOST for one in outcomes):
            break
    if pulled:
        log.info("caught up", extra={"source": key, "days": len(pulled), "first": days[0], "last": pulled[-1].for_date})
    return pulled
