"""Asking a source: all that its kind needs to know is handed to it in a thread beside the run, so that a source that
does not answer never holds up the run; and what it stumbles over becomes a sentence."""

import logging
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from jobs.fetching.http import Keep, Manners, PoliteHttp
from jobs.fetching.secrets import Secrets, find_secret
from jobs.fetching.values import Asking, PullFailed, SourceAnswer, disk_refused, folder_of
from jobs.pulls.heartbeat import Heartbeat
from jobs.pulls.work import Work
from jobs.workplace import Workplace
from models.core.audit import find_state
from models.core.clock import business_day, business_now
from models.feeds.actions import ClaimLost
from models.feeds.words import UNEXPECTED
from models.readings.baselines import find_first_baselines
from models.units.queries import find_units
from targets.values import Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """What a source answered, and what it was asked against."""

    reported: SourceAnswer
    units: tuple[Unit, ...]
    today: date


def ask(workplace: Workplace, work: Work, heartbeat: Heartbeat, *, keep: Keep, manners: Manners) -> Answered:
    """Ask a source for a day; raises PullFailed where it does not answer, at once where everything is to stop."""
    heartbeat.tell("asking")
    with workplace.store.reading() as session:
        state, units = find_state(session), find_units(session)
        now, is_simulated = business_now(workplace.settings, rehearsal=state.rehearsal_now), state.simulated
        baselines = find_first_baselines(session, year=work.campaign.baseline_year) if work.is_rehearsal else {}
    # A rehearsal reports the day that its clock is about to reach.
    today = max(business_day(now), work.day) if work.is_rehearsal else business_day(now)
    folder = folder_of(workplace.settings.home, work.source.key)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise disk_refused(error) from error
    secret = find_secret(work.source.secret)
    with closing(PoliteHttp(keep=keep, secret=secret, manners=manners, sleep=heartbeat.sleep)) as http:
        asking = Asking(
            source=work.source,
            options=work.options,
            campaign=work.campaign,
            day=work.day,
            today=today,
            units=units,
            secret=secret,
            http=http,
            folder=folder,
            is_simulated=is_simulated,
            tell=heartbeat.tell,
            baselines=baselines,
        )

        def check() -> None:
            """A server that sends a byte now and then never lets its reader go: the whole run's time does."""
            heartbeat.check()
            http.check_time()

        try:
            reported = answer_beside(
                f"asking {work.source.key}", lambda: work.kind.tell(asking), check=check, leave=http.break_off
            )
            return Answered(reported, units, today)
        except (PullFailed, ClaimLost):
            raise
        except OSError as error:
            raise disk_refused(error) from error
        except Exception as error:  # noqa: BLE001 - whatever a source stumbles over, its run says so
            # The secret may stand in what a library says.
            known = Secrets(secret)
            log.error("%s stumbled: %s", work.source.key, known.removed(traceback.format_exc()))
            raise PullFailed(UNEXPECTED, problem=known.removed(f"{type(error).__name__}: {error}")) from None


Answer = TypeVar("Answer")
LOOK = 0.1
"""Seconds between looks at whether the run is to go on; an answer is had at once."""


def answer_beside(
    name: str, ask: Callable[[], Answer], *, check: Callable[[], None], leave: Callable[[], None]
) -> Answer:
    """The answer to something that is asked in a thread of its own; raises whatever asking raises.

    `check` raises where the run is to end: then `leave` is called to break off what is under way, and nothing of it is
    waited for.
    """
    answered: Future[Answer] = Future()

    def work() -> None:
        try:
            answered.set_result(ask())
        except BaseException as problem:  # noqa: BLE001 - it is raised where it is waited for
            answered.set_exception(problem)

    # No executor: the program's end would wait for its threads.
    threading.Thread(target=work, name=name, daemon=True).start()
    try:
        while not wait([answered], LOOK).done:
            check()
    except BaseException:
        leave()
        raise
    return answered.result()
