"""Work that is done by the clock beside pulling: keeping house."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from jobs.accounts import bring_people
from jobs.backups.backup import back_up_daily
from jobs.mails.alerts import watch_sources
from jobs.meetings import hold_meetings
from jobs.pulls.archive import remove_answers
from jobs.pulls.owners import is_dead
from jobs.pulls.turns import in_turn
from jobs.workplace import Workplace
from models.accounts.following import FOLLOWING
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
    in_archive: bool = False
    """Whether it goes on when the campaign lies in the archive."""


def regular_work(workplace: Workplace) -> list[Regular]:
    """All that the scheduler does beside pulling. Each is safe to do twice, and from several schedulers."""
    return [
        Regular("forget old answers", lambda: forget_old_answers(workplace), at=time(3, 40)),
        Regular("settle abandoned runs", lambda: settle_runs(workplace), every=60),
        Regular("watch over the sources", lambda: watch_sources(workplace), every=300),
        Regular("hold the meetings", lambda: hold_meetings(workplace), every=60),
        # To show later that the trail was not written anew: the journal is not in the database.
        Regular("note the audit trail", lambda: note_trail(workplace), every=86_400, in_archive=True),
        # Looked for every hour, so that a day on which the machine was off at night has its backup too.
        Regular("back up", lambda: back_up_daily(workplace), every=3600, in_archive=True),
        *([Regular("follow the front", lambda: follow_front(workplace), every=60)] if workplace.campaign else []),
    ]


def follow_front(workplace: Workplace) -> None:
    """Keep the accounts of a further campaign as the front's store has them: nobody may be waiting to come in."""
    if changed := bring_people(workplace, context=workplace.context(FOLLOWING)):
        log.info("accounts followed the front", extra={"accounts": changed})


def forget_old_answers(workplace: Workplace, *, machine: datetime | None = None) -> int:
    """Delete raw answers older than CAODIEM_ARCHIVE_DAYS; their hashes stay."""
    before = (machine or machine_now()) - timedelta(days=workplace.settings.archive_days)
    context = workplace.context("archive's time is over")
    paths = in_turn(workplace.store, lambda session: forget_answers(session, before=before, context=context))
    removed = remove_answers(workplace.settings.home, paths, before=before)
    if removed:
        log.info("forgot old answers", extra={"files": removed})
    return removed


def note_trail(workplace: Workplace) -> None:
    """Write the end of the audit trail into the journal; `doctor --against` holds the store to it."""
    with workplace.store.reading() as session:
        log.info("audit trail", extra={"ends": find_head(session)})


def settle_runs(workplace: Workplace, *, machine: datetime | None = None) -> int:
    """Close the half runs that a process left behind when it disappeared."""
    context = workplace.context("owner disappeared")
    return in_turn(
        workplace.store,
        lambda session: settle_abandoned(session, machine=machine or machine_now(), is_gone=is_dead, context=context),
    )
