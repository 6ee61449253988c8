"""Is the service well: `GET /healthz`, for supervisors and load balancers, without signing in."""

import logging
import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from jobs.backups.files import backup_age_hours
from jobs.health.wellness import find_wellness
from models.core.clock import machine_now
from models.core.settings import Settings, load_settings
from models.core.store import open_store
from models.feeds.health import OK, Health, find_health
from pages.access.request_info import may_measure
from targets.errors import CampaignError, StoreNotReady

LOG = logging.getLogger(__name__)
WELL, UNWELL = 200, 503


KEPT = 3.0
"""Seconds for which an answer holds: however often anybody asks, the store is asked once."""


class LastLook:
    """What was found last, and when; whoever comes while somebody looks waits for what they find."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: tuple[float, Health, Settings | None] | None = None

    def look(self) -> tuple[Health, Settings | None]:
        """The health of at most three seconds ago, and the settings it was looked at with."""
        with self._lock:
            if self._found is None or time.monotonic() - self._found[0] >= KEPT:
                self._found = (time.monotonic(), *_look())
            return self._found[1:]

    def forget(self) -> None:
        """Look again at the next question."""
        self._found = None


LAST_LOOK = LastLook()


def answer_health(request: Request) -> JSONResponse:
    """200 where the store answers and is of this version, 503 otherwise, with a word on what is wrong.

    A source that is late is told and stays 200: taking the dashboard away would help nobody. Sources and backups are
    told to this machine and to whoever may measure; others hear what a load balancer needs. No address, path or message
    of the database is told to anybody. Not async: Starlette runs it beside the event loop, so that a slow store does
    not hold up the pages.
    """
    health, settings = LAST_LOOK.look()
    is_stranger = settings is None or not may_measure(request, settings)
    sent = as_json(health)
    if is_stranger:
        sent = {name: "ok" if sent[name] == OK else "not ok" for name in ("database", "migrations")}
    return JSONResponse(sent, WELL if health.is_well else UNWELL, headers={"Cache-Control": "no-store"})


def as_json(health: Health) -> dict[str, Any]:
    """The answer as the public surface promises it."""
    return {
        "database": health.database,
        "migrations": health.migrations,
        "sources": [
            {
                "key": source.key,
                "last_good": _spelled(source.last_good),
                "age_hours": source.age_hours,
                "state": source.state,
            }
            for source in health.sources
        ],
        "backup_age_hours": health.backup_age_hours,
    }


def _spelled(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _look() -> tuple[Health, Settings | None]:
    try:
        settings = load_settings()
    except CampaignError:
        return Health(database="settings cannot be used", migrations="unknown"), None
    health = _of_store(settings)
    if health.backup_age_hours is None and not health.is_well:
        # A store that is down is when people ask for their backups.
        age = backup_age_hours(settings, campaign=None, machine=machine_now())
        return replace(health, backup_age_hours=age), settings
    return health, settings


def _of_store(settings: Settings) -> Health:
    try:
        with open_store(settings).reading() as session:
            health = find_health(session)
            return find_wellness(session, settings, machine=machine_now()).health if health.is_well else health
    except StoreNotReady:
        return Health(database="not ready", migrations="unknown")
    except CampaignError:
        return Health(database="no answer", migrations="unknown")
    except Exception:  # whatever keeps the database from answering, the caller is to hear 503
        LOG.exception("The store does not answer")
        return Health(database="no answer", migrations="unknown")
