"""The place work is done at: settings, store, and who works there."""

import getpass
import os
from dataclasses import dataclass
from datetime import date, datetime

from models import migrations
from models.core.audit import ChangeContext
from models.core.clock import business_day, business_now
from models.core.settings import Settings, load_settings
from models.core.state import find_state
from models.core.store import Store, open_store


@dataclass(frozen=True)
class Workplace:
    """The place a command works at: settings, store and the person."""

    settings: Settings
    store: Store
    by: str

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
    settings = load_settings()
    store = open_store(settings)
    if not any_version:
        migrations.check_version(store, may_be_empty=True)
    return Workplace(settings=settings, store=store, by=f"system:{getpass.getuser()}")
