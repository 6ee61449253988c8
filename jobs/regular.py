"""Work that is done by the clock beside pulling: keeping house."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from jobs.backups.backup import back_up_daily
from jobs.context import Desk
from jobs.mails.alerts import watch_sources
from jobs.meetings import hold_meetings
from jobs.pulls.archive import remove_answers
from jobs.pulls.owners import is_dead
from jobs.pulls.turns import in_turn
from models.core.audit import find_head
from models.core.clock import machine_now
from models.feeds.actions import forget_answers, settle_abandoned

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Regular:
    """Something to do each day `at` a time in Vietnam, or `every` so many seconds; the key names it in the log."""

    key: str
    work: Callable[[], object]
    at: time | None = None
    every: int | None = None


def regular_work(desk: Desk) -> list[Regular]:
    """All that the scheduler does beside pulling. Each is safe to do twice, and from several schedulers."""
    return [
        Regular("forget old answers", lambda: forget_old_answers(desk), at=time(3, 40)),
        Regular("settle abandoned runs", lambda: settle_runs(desk), every=60),
        Regular("watch over the sources", lambda: watch_sources(desk), every=300),
        Regular("hold the meetings", lambda: hold_meetings(desk), every=60),
        # For whoever wants to know later that nobody wrote the trail anew: the journal is not in the database.
        Regular("note the audit trail", lambda: note_trail(desk), every=86_400),
        # Looked for every hour, so that a day on which the machine was off at night has its backup too.
        Regular("back up", lambda: back_up_daily(desk), every=3600),
    ]


def forget_old_answers(desk: Desk, *, machine: datetime | None = None) -> int:
    """Delete raw answers older than CAODIEM_ARCHIVE_DAYS; their hashes stay."""
    before = (machine or machine_now()) - timedelta(days=desk.settings.archive_days)
    deed = desk.deed("archive's time is over")
    paths = in_turn(desk.store, lambda session: forget_answers(session, before=before, deed=deed))
    removed = remove_answers(desk.settings.home, paths, before=before)
    if removed:
        log.info("forgot old answers", extra={"files": removed})
    return removed


def note_trail(desk: Desk) -> None:
    """Write the end of the audit trail into the journal; `doctor --against` holds the store to it."""
    with desk.store.reading() as session:
        log.info("audit trail", extra={"ends": find_head(session)})


def settle_runs(desk: Desk, *, machine: datetime | None = None) -> int:
    """Close the half runs that a process left behind when it disappeared."""
    deed = desk.deed("owner disappeared")
    return in_turn(
        desk.store,
        lambda session: settle_abandoned(session, machine=machine or machine_now(), is_gone=is_dead, deed=deed),
    )
