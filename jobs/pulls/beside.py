"""The schedules of the campaigns beside the front's: one that is made joins while the scheduler runs."""

import logging
import threading
from collections.abc import Callable

from jobs.pulls.schedule import Schedule
from jobs.workplace import Workplace, further_workplaces
from models import migrations
from targets.errors import CampaignError

log = logging.getLogger(__name__)


class Beside:
    """See the module. `follow` starts what is missing; `stop` ends all of them and waits until they have."""

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
        for schedule, _ in self._running.values():
            schedule.stop()
        for _, thread in self._running.values():
            thread.join()
