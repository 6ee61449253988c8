"""The place work is done at: settings, store, and who works there."""

import getpass
import os
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime

from models import migrations
from models.core.audit import ChangeContext
from models.core.clock import business_day, business_now
from models.core.settings import Settings, load_settings
from models.core.state import find_state
from models.core.store import Store, open_store
from models.core.stores import find_keys, settings_of

ASKED: ContextVar[str] = ContextVar("the further campaign that a command was given", default="")
"""What `--store` before a command says; empty for the front's store."""


@dataclass(frozen=True)
class Step:
    """What long work is at: the key of its words (`progress.<key>` in data/texts), and what fills their gaps."""

    key: str
    terms: Mapping[str, str | int] = field(default_factory=dict)


Tell = Callable[[Step], None]
"""Who is told of each step."""


@dataclass(frozen=True)
class Workplace:
    """The place a command works at: settings, store and the person."""

    settings: Settings
    store: Store
    by: str
    campaign: str = ""
    """The key of a further campaign; empty at the front's store."""

    def at_front(self) -> "Workplace":
        """The store that holds accounts and sign-ins: this one, unless it is a further campaign's."""
        return workplace_of(load_settings(), "") if self.campaign else self

    def page(self, path: str) -> str:
        """The address of a page of this campaign, to be sent to somebody."""
        joined = f"{'&' if '?' in path else '?'}campaign={self.campaign}" if self.campaign else ""
        return f"{self.settings.public_address}{path}{joined}"

    def now(self) -> datetime:
        """Business time of this store."""
        with self.store.reading() as session:
            return business_now(self.settings, rehearsal=find_state(session).rehearsal_now)

    def today(self) -> date:
        return business_day(self.now())

    def context(self, reason: str, *, document: str = "") -> ChangeContext:
        return ChangeContext(by=self.by, reason=reason, now=self.now(), document=document)


def keep_files_private() -> None:
    """Only their owner can read what this process and those it starts write: files 0600, folders 0700.

    Called first by all that runs by itself: the command line (scheduler and `serve` too) and the server.
    """
    os.umask(0o077)


def open_workplace(*, any_version: bool = False) -> Workplace:
    """The workplace of this process. `by` is the system account: a person on a command line has the machine already.

    Raises StoreNotReady where a store is there that is not at the version of this code, unless `any_version` is right.
    """
    workplace = workplace_of(load_settings(), ASKED.get())
    if not any_version:
        migrations.check_version(workplace.store, may_be_empty=True)
    return workplace


def workplace_of(front: Settings, campaign: str) -> Workplace:
    """The workplace at a campaign's store, which need not be there yet. Raises UnknownName where the key is none."""
    settings = settings_of(front, campaign)
    by = f"system:{getpass.getuser()}"
    return Workplace(settings=settings, store=open_store(settings), by=by, campaign=campaign)


def further_workplaces(front: Settings) -> Iterator[Workplace]:
    """The workplaces of the campaigns beside the front's, at whatever version their stores are."""
    found = (workplace_of(front, key) for key in find_keys(front))
    # A server may hold databases of others under such a name.
    return (workplace for workplace in found if workplace.store.has_tables())
