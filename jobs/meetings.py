"""What the clock does for the weekly meeting: figures are announced, frozen and mailed at their times, each once.

Business time decides when; a time that was missed (the machine was off) is made up for within a day. The time itself is
the key of what it made, so that any number of schedulers make it once.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from jobs.mails.digest import NoDigest, mail_digest, remind, send_waiting, tell_announced, tell_files
from jobs.pulls.turns import in_turn
from jobs.workplace import Workplace
from models.core import formats
from models.core.audit import ChangeContext
from models.core.clock import business_day
from models.core.texts import text
from models.feeds.queries import last_time
from models.meetings.actions import announce_figures, freeze_announced, freeze_figures
from models.meetings.digests import find_raised
from models.meetings.snapshots import find_all_snapshots, find_announced, find_open_announcement
from targets.errors import CampaignError

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
