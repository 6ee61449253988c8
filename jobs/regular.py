"""Work that is done by the clock beside pulling: keeping house, and holding the meetings that are announced."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlmodel import Session

from jobs.accounts import bring_people
from jobs.backups.backup import back_up_daily
from jobs.mails.alerts import watch_sources
from jobs.mails.digest import NoDigest, mail_digest, remind, send_waiting, tell_announced, tell_files
from jobs.pulls.archive import remove_answers
from jobs.pulls.owners import is_dead
from jobs.pulls.turns import in_turn
from jobs.workplace import Workplace
from models.accounts.following import FOLLOWING
from models.core import formats
from models.core.audit import ChangeContext, find_head
from models.core.clock import business_day, machine_now
from models.core.texts import text
from models.feeds.actions import forget_answers, settle_abandoned
from models.feeds.queries import last_time
from models.meetings.actions import announce_figures, freeze_announced, freeze_figures
from models.meetings.digests import find_raised
from models.meetings.snapshots import find_all_snapshots, find_announced, find_open_announcement
from targets.errors import CampaignError

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


LOG = logging.getLogger(__name__)
MAKES_UP = timedelta(days=1)
"""How long after its time a thing that was missed is still done."""
LANGUAGE = "vi"
YESTERDAY = timedelta(days=1)
REMINDS = "0 7 * * *"
"""When people are reminded of what is due, every day."""


@dataclass(frozen=True)
class Held:
    """What a look at the clock came to: ids of what was announced and frozen, and whether a digest was mailed."""

    announced: int | None = None
    frozen: int | None = None
    mailed: bool = False


def hold_meetings(workplace: Workplace) -> Held:
    """Do what is due by now. Safe to do at any moment, twice, and from several schedulers."""
    settings = workplace.settings
    if not (settings.announce or settings.freeze or settings.digest or settings.mail.get_secret_value()):
        return Held()
    context = workplace.context("the schedule of meetings")
    announced = frozen = None
    mailed = False
    try:
        if settings.mail.get_secret_value() and _due(REMINDS, "due", context.now):
            remind(workplace)
        if settings.mail.get_secret_value():
            tell_announced(workplace)
            tell_files(workplace)
        if slot := _due(settings.announce, "announce", context.now):
            announced = _announce(workplace, slot, context)
        if slot := _due(settings.freeze, "freeze", context.now):
            frozen = _freeze(workplace, slot, context)
        if slot := _due(settings.digest, "digest", context.now):
            mailed = _mail(workplace, slot)
        elif settings.mail.get_secret_value():
            send_waiting(workplace)
    except CampaignError as problem:
        LOG.warning("the schedule of meetings stopped: %s", problem)
    return Held(announced=announced, frozen=frozen, mailed=mailed)


def _due(schedule: str, name: str, now: datetime) -> str | None:
    """The key of the time that is due; None where there is no schedule or its last time is long past."""
    time = last_time(schedule, by=now) if schedule else None
    return None if time is None or now - time > MAKES_UP else f"{name} {time.isoformat(timespec='minutes')}"


def _title(context: ChangeContext) -> str:
    return text("meeting.default_title", LANGUAGE, date=formats.day(business_day(context.now), LANGUAGE))


def _announce(workplace: Workplace, slot: str, context: ChangeContext) -> int | None:
    """The figures of the day before, until a deadline; nothing where others are announced already."""
    with workplace.store.reading() as session:
        if any(each.state == "open" for each in find_announced(session)):
            return None
    today = business_day(context.now)
    return in_turn(
        workplace.store,
        lambda session: announce_figures(
            session,
            as_of=today - YESTERDAY,
            deadline=today + timedelta(days=workplace.settings.announce_days),
            title=_title(context),
            slot=slot,
            context=context,
        ),
    )


def _freeze(workplace: Workplace, slot: str, context: ChangeContext) -> int | None:
    """What was announced, or else the figures of the day before."""
    with workplace.store.reading() as session:
        if any(head.slot == slot for head in find_all_snapshots(session)):
            return None

    def freeze(session: Session) -> int:
        announced = find_open_announcement(session)
        if announced is not None:
            return freeze_announced(session, announced.id, seen_version=announced.version, slot=slot, context=context)
        as_of = business_day(context.now) - YESTERDAY
        return freeze_figures(session, as_of=as_of, title=_title(context), slot=slot, context=context)

    return in_turn(workplace.store, freeze)


def _mail(workplace: Workplace, slot: str) -> bool:
    with workplace.store.reading() as session:
        if find_raised(session, slot):
            send_waiting(workplace)
            return False
    try:
        mail_digest(workplace, slot)
    except NoDigest as problem:
        LOG.warning("no digest was mailed: %s", problem)
        return False
    return True
