"""How an installation is: asked once, shown by `doctor`, `/healthz`, `/metrics` and the page of operations alike."""

import os
import shutil
import stat
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlmodel import Session

from jobs.backups.files import backup_age_hours
from jobs.fetching.values import FILES_LEFT, SOURCES, folder_of
from jobs.imports.problems import listed
from jobs.sources import kind_of, kinds, options_of
from models.core.clock import business_now, machine_now
from models.core.settings import Settings
from models.core.state import find_state
from models.feeds.alerts import MessageState
from models.feeds.health import (
    Health,
    SourceHealth,
    Work,
    count_messages,
    count_open_rows,
    count_runs,
    find_health,
    find_work,
)
from models.feeds.queries import is_worked_on
from models.feeds.states import FAILS, FeedState, find_feed_states
from models.meetings.digests import Sending, count_mails
from models.results.inputs import load_campaign


def find_feeds(session: Session, *, now: datetime, home: Path | None = None) -> list[FeedState]:
    """The state of each source at an instant of business time, in the order of the campaign's files.

    With the `home`, a dropped file that lies there unfinished while nobody works on it is a failure, too.
    """
    feeds = find_feed_states(session, now=now, watched=watched_kinds())
    return feeds if home is None else [_with_left(session, feed, now=now, home=home) for feed in feeds]


def _with_left(session: Session, feed: FeedState, *, now: datetime, home: Path) -> FeedState:
    if feed.state == "off" or feed.kind not in watched_kinds():
        return feed
    if is_worked_on(session, source_id=feed.source_id, machine=machine_now()):
        return feed
    source = load_campaign(session).source(feed.source)
    left = kind_of(source).find_left(folder_of(home, feed.source), options_of(source))
    if not left:
        return feed
    terms = {"count": str(len(left)), "names": listed(left)}
    failures = max(feed.failures, FAILS)
    return replace(feed, state="failing", failures=failures, failed_at=now, failure=FILES_LEFT, failure_terms=terms)


def watched_kinds() -> frozenset[str]:
    """Kinds of sources that are looked at again and again for files that people drop: they promise no day."""
    return frozenset(key for key, kind in kinds().items() if kind.cadence == "watch")


BackupState = Literal["good", "old", "none", "not_wanted", "demonstration"]
OLDEST_BACKUP_HOURS = 48
"""One backup a day: after two days without one somebody has to look."""
LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Wellness:
    """Everything that is watched, at one moment."""

    health: Health
    campaign: str
    simulated: bool
    data_version: int
    feeds: tuple[FeedState, ...]
    backup: BackupState
    open_rows: int
    messages: Mapping[MessageState, int]
    mails: Mapping[Sending, int]
    work: tuple[Work, ...]
    runs: Mapping[tuple[str, str], int]
    is_telling: bool
    """Whether there is an address to which messages go."""
    is_mailing: bool
    """Whether there is a server that takes mails."""

    @property
    def backup_is_well(self) -> bool:
        return self.backup not in ("old", "none")

    @property
    def messages_are_well(self) -> bool:
        """No message was lost."""
        return not (self.messages.get("given_up", 0) or self.messages.get("uncertain", 0))

    @property
    def mails_are_well(self) -> bool:
        """Every mail of this week got there, or is still being tried where there is a server to take it."""
        lost = self.mails.get("given_up", 0) or self.mails.get("uncertain", 0)
        return not lost and (self.is_mailing or not self.mails.get("waiting", 0))


def find_wellness(session: Session, settings: Settings, *, machine: datetime) -> Wellness:
    """How a store of this version is; whether it is of this version, `find_health` says.

    Raises StoreNotReady where there is no campaign in it.
    """
    state = find_state(session)
    age = backup_age_hours(settings, campaign=state.campaign_key, machine=machine)
    now = business_now(settings, rehearsal=state.rehearsal_now)
    feeds = find_feeds(session, now=now, home=settings.home)
    sources = tuple(SourceHealth(feed.source, feed.last_good, feed.age_hours, feed.state) for feed in feeds)
    return Wellness(
        health=replace(find_health(session), sources=sources, backup_age_hours=age),
        campaign=state.campaign_key,
        simulated=state.simulated,
        data_version=state.data_version,
        feeds=tuple(feeds),
        backup=backup_state(settings, age=age, is_simulated=state.simulated),
        open_rows=count_open_rows(session),
        messages=count_messages(session, machine=machine),
        work=tuple(find_work(session)),
        runs=count_runs(session),
        mails=count_mails(session, machine=machine),
        is_telling=bool(settings.alert_addresses),
        is_mailing=bool(settings.mail.get_secret_value()),
    )


def backup_state(settings: Settings, *, age: float | None, is_simulated: bool) -> BackupState:
    """The state of the backups; none are missing where none are wanted."""
    if is_simulated and settings.backup_folder is None:
        return "demonstration"
    if settings.backup_days == 0:
        return "not_wanted"
    if age is None:
        return "none"
    return "old" if age > OLDEST_BACKUP_HOURS else "good"


def find_open_files(settings: Settings) -> tuple[list[Path], int]:
    """Files of this program that others than their owner can reach: the places to mend, and how many files.

    The folder of dropped files is left out: those who share it decide who may write there.
    """
    if sys.platform == "win32":
        return [], 0  # it knows no such modes
    database = make_url(settings.database_url)
    places = [place for place in _inside(settings.home) if place.name != SOURCES]
    if database.get_backend_name() == "sqlite" and database.database:
        store = Path(database.database)
        places += [place for place in _inside(store.parent) if place.name.startswith(store.name)]
    if settings.backup_folder is not None:
        places.append(settings.backup_folder)
    wrong, count = [], 0
    for place in dict.fromkeys(path.resolve() for path in places):
        found = sum(_is_open(path) for path in (place, *_below(place)))
        count += found
        wrong += [place] if found else []
    return wrong, count


def _inside(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def _below(place: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(place):
        yield from (Path(folder, name) for name in (*folders, *files))


def _is_open(path: Path) -> bool:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False  # written and put in its place meanwhile
    return not stat.S_ISLNK(status.st_mode) and bool(status.st_mode & 0o077)


def free_bytes(settings: Settings) -> int:
    """How much room is left where the home stands, or will stand."""
    folder = Path(settings.home)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
