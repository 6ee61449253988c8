"""The scheduler: pulls each source at its times, fills gaps, and keeps house. Several may run; no day is done twice."""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from jobs.pulls.outcome import NothingToPull, Pulled
from jobs.pulls.owners import is_dead
from jobs.pulls.run import Puller
from jobs.pulls.work import day_asked, due_days, sources_pulled, trigger_of
from jobs.regular import Regular, regular_work
from jobs.sources import kind_of, options_of
from jobs.workplace import Workplace, further_workplaces
from models import migrations
from models.core.audit import find_state
from models.core.clock import business_day, business_now, machine_now
from models.core.settings import TIMEZONE
from models.feeds.queries import find_open_days, find_promised_since, find_settings_version, last_time
from models.results.inputs import load_campaign
from targets.errors import CampaignError
from targets.values import Source

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


JITTER = 20
"""Seconds by which a pull may come after its time, so that many sources do not start at once."""
LOOK_FOR_GAPS = 60
LOOK_FOR_SETTINGS = 30
LISTENING = 1.0
"""Seconds after which the process hears at the latest that it was asked to end."""
AT_ONCE = 8
"""Sources pulled side by side; each by itself is asked by one connection only."""
PATIENCE = 20.0
"""Seconds a run that is under way is given to end when everything is to stop."""


class Schedule:
    """See the module. `run` blocks until `stop` is called, from a signal or another thread."""

    def __init__(
        self,
        workplace: Workplace,
        *,
        machine: Callable[[], datetime] = machine_now,
        regular: Iterable[Regular] | None = None,
        patience: float = PATIENCE,
        pause: float = PAUSE,
    ) -> None:
        self._workplace, self._machine, self._patience, self._pause = workplace, machine, patience, pause
        self._stop = threading.Event()
        self._puller = Puller(workplace, origin="schedule", machine=machine, stop=self._stop)
        self._locks: dict[str, threading.Lock] = {}
        self._version: tuple[int, bool] | None = None
        self._scheduler = BackgroundScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": ThreadPoolExecutor(AT_ONCE)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
            timezone=TIMEZONE,
        )
        for work in regular_work(workplace) if regular is None else regular:
            doing = work.work if work.in_archive else self._out_of_archive(work.work)
            if work.at is not None:
                self.daily(work.key, work.at, doing)
            elif work.every is not None:
                self.every(work.key, work.every, doing)

    # --- what is done by the clock ----------------------------------------------------------------------------------

    def daily(self, key: str, at: time, work: Callable[[], object]) -> None:
        """Do something each day at a time in Vietnam."""
        trigger = CronTrigger(hour=at.hour, minute=at.minute, timezone=TIMEZONE)
        self._scheduler.add_job(self._guarded(key, work), trigger, id=key, replace_existing=True)

    def every(self, key: str, seconds: int, work: Callable[[], object]) -> None:
        """Do something again and again, for the first time at once."""
        self._scheduler.add_job(
            self._guarded(key, work),
            IntervalTrigger(seconds=seconds, timezone=TIMEZONE),
            id=key,
            next_run_time=self._machine(),
            replace_existing=True,
        )

    def planned(self) -> dict[str, datetime | None]:
        """What is to be done when next, by key."""
        return {job.id: getattr(job, "next_run_time", None) for job in self._scheduler.get_jobs()}

    def plan(self) -> None:
        """Follow the campaign's sources: new ones get their times, ones that are gone or switched off lose them."""
        with self._workplace.store.reading() as session:
            state = find_state(session)
            version = (find_settings_version(session), state.is_archived)
            if version == self._version:
                return
            campaign = load_campaign(session)
            pulled = () if state.is_archived else sources_pulled(campaign, is_simulated=state.simulated)
        sources = [one for one in pulled if one.schedule is not None]
        for job in self._scheduler.get_jobs():
            if job.id.startswith(("pull ", "catch up ")):
                job.remove()
        for source in sources:
            self._plan_source(source)
        self._version = version
        log.info("planned", extra={"settings": version[0], "sources": ",".join(source.key for source in sources)})

    def _plan_source(self, source: Source) -> None:
        key = f"pull {source.key}"
        work = self._guarded(key, lambda: self.pull(source))
        self._scheduler.add_job(work, trigger_of(source, jitter=JITTER), id=key, replace_existing=True)
        if kind_of(source).cadence == "daily":
            self.every(f"catch up {source.key}", LOOK_FOR_GAPS, lambda: self.fill(source.key))

    # --- pulling ----------------------------------------------------------------------------------------------------

    def pull(self, source: Source) -> list[Pulled]:
        """What a source's time brings: its day, the demonstration's next day, or whatever lies in its folder."""
        cadence = kind_of(source).cadence
        if cadence == "daily":
            return self.fill(source.key)
        machine = self._machine()
        with self._one_at_a_time(source.key) as is_free:
            if not is_free:
                return []
            if cadence == "watch":
                return self._puller.pull(source.key, day_asked(source, self._workplace.now()))
            # However many schedulers there are, each time of the schedule moves a demonstration on by one day.
            since = last_time(source.schedule or "", by=machine)
            return self._puller.pull(source.key, self._next_rehearsed(), not_since=since)

    def fill(self, key: str) -> list[Pulled]:
        """Every day that a source owes and that may be asked for now, today's included."""
        with self._one_at_a_time(key) as is_free:
            if not is_free:
                return []
            return catch_up(
                self._workplace, self._puller, key, machine=self._machine(), stop=self._stop, pause=self._pause
            )

    def _next_rehearsed(self) -> date:
        """The day after the newest evening of the demonstration."""
        with self._workplace.store.reading() as session:
            reported = find_state(session).rehearsal_now
        return business_day(reported or self._workplace.now()) + timedelta(days=1)

    # --- running ----------------------------------------------------------------------------------------------------

    def run(self) -> None:
        """Work until `stop`; then end what is under way, cleanly, and return."""
        self.plan()
        self.every("follow settings", LOOK_FOR_SETTINGS, self.plan)
        self._scheduler.start()
        log.info("started", extra={"owner": self._puller.owner})
        # In steps: Python hears a signal in this thread alone, and only once it goes on, whichever thread it woke.
        while not self._stop.wait(LISTENING):
            pass
        log.info("stopping")
        self._scheduler.shutdown(wait=False)
        self._let_end()
        log.info("stopped")

    def stop(self) -> None:
        """Ask `run` to end. What is under way stops before it is stored; what is being stored is finished."""
        self._stop.set()

    def _let_end(self) -> None:
        """Give what is under way time to end by itself; then say of it that it was interrupted, and free its days."""
        ended = threading.Event()
        waited = 0.0
        while self._puller.is_busy and waited < self._patience:
            ended.wait(0.1)
            waited += 0.1
        if self._puller.is_busy:
            self._puller.abandon()

    @contextmanager
    def _one_at_a_time(self, key: str) -> Iterator[bool]:
        """Whether the source is free: no two jobs of this process ask one source at once."""
        lock = self._locks.setdefault(key, threading.Lock())
        is_free = lock.acquire(blocking=False)
        try:
            yield is_free
        finally:
            if is_free:
                lock.release()

    def _out_of_archive(self, work: Callable[[], object]) -> Callable[[], object]:
        """The work, where the campaign does not lie in the archive."""

        def done() -> None:
            with self._workplace.store.reading() as session:
                lies_there = find_state(session).is_archived
            if not lies_there:
                work()

        return done

    def _guarded(self, key: str, work: Callable[[], object]) -> Callable[[], None]:
        """The work as a job: what goes wrong is logged, and its next time comes all the same."""

        key = f"{self._workplace.campaign} {key}".strip()

        def guarded() -> None:
            if self._stop.is_set():
                return
            try:
                work()
            except NothingToPull as nothing:
                log.info("nothing to pull", extra={"job": key, "says": str(nothing)})
            except CampaignError as error:
                log.error("cannot", extra={"job": key, "says": str(error)})
            except Exception:
                log.exception("stumbled", extra={"job": key})

        return guarded


class Beside:
    """The schedules of the campaigns beside the front's: one that is made joins while the scheduler runs.

    `follow` starts what is missing; `stop` ends all of them and waits until they have.
    """

    def __init__(self, front: Workplace, *, make: Callable[[Workplace], Schedule] = Schedule) -> None:
        self._front, self._make = front, make
        self._running: dict[str, tuple[Schedule, threading.Thread]] = {}

    @property
    def campaigns(self) -> tuple[str, ...]:
        """Keys of the campaigns whose schedules run."""
        return tuple(self._running)

    def follow(self) -> None:
        """Start the schedule of every campaign that has none yet; one that is not ready waits for the next look."""
        for workplace in further_workplaces(self._front.settings):
            key = workplace.campaign
            if key in self._running:
                continue
            try:
                migrations.check_version(workplace.store)
                workplace.today()
            except CampaignError as error:
                log.error("cannot", extra={"campaign": key, "says": str(error)})
                continue
            schedule = self._make(workplace)
            thread = threading.Thread(target=schedule.run, name=f"schedule of {key}", daemon=True)
            self._running[key] = schedule, thread
            thread.start()
            log.info("campaign joined", extra={"campaign": key})

    def stop(self) -> None:
        """End every schedule."""
        running = list(self._running.values())
        for schedule, _ in running:
            schedule.stop()
        for _, thread in running:
            thread.join()
