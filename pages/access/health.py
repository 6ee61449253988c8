"""Is the service well: `GET /healthz`, for supervisors and load balancers, without signing in."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from jobs.backups.files import backup_age_hours
from jobs.health.wellness import find_wellness
from models.core.clock import machine_now
from models.core.permission import find_archived
from models.core.settings import Settings, load_settings
from models.core.store import open_store
from models.core.stores import find_keys, settings_of
from models.feeds.health import OK, Health, find_health
from pages.access.request_info import may_measure
from targets.errors import CampaignError, StoreNotReady

LOG = logging.getLogger(__name__)
WELL, UNWELL = 200, 503


KEPT = 3.0
"""Seconds for which an answer holds: however often anybody asks, the store is asked once."""


Found = Mapping[str, Health]
"""The health of the front's store, under no key, and of each further campaign that is not in the archive."""


class LastLook:
    """What was found last, and when; whoever comes while somebody looks waits for what they find."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: tuple[float, Found, Settings | None] | None = None

    def look(self) -> tuple[Found, Settings | None]:
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
    """200 where every store answers and is of this version, 503 otherwise, with a word on what is wrong and where.

    A source that is late is told and stays 200: taking the dashboard away would help nobody. Sources and backups are
    told to this machine and to whoever may measure; others hear what a load balancer needs. No address, path or message
    of the database is told to anybody. Not async: Starlette runs it beside the event loop, so that a slow store does
    not hold up the pages.
    """
    found, settings = LAST_LOOK.look()
    is_stranger = settings is None or not may_measure(request, settings)
    worst = {name: _worst(found, name) for name in ("database", "migrations")}
    sent = as_json(found[""]) | worst
    if further := {key: as_json(health) for key, health in found.items() if key}:
        sent["campaigns"] = further
    if is_stranger:
        sent = {name: "ok" if said == OK else "not ok" for name, said in worst.items()}
    is_well = all(health.is_well for health in found.values())
    return JSONResponse(sent, WELL if is_well else UNWELL, headers={"Cache-Control": "no-store"})


def _worst(found: Found, name: str) -> str:
    """What is wrong with the first store with which something is, and with whose; else that all are well."""
    wrong = ((key, said) for key, health in found.items() if (said := getattr(health, name)) != OK)
    return next((f"{key}: {said}" if key else said for key, said in wrong), OK)


def as_json(health: Health) -> dict[str, Any]:
    """The answer as the public surface promises it."""
    return {
        "database": health.database,
        "migrations": health.migrations,
        "sources": [
            {
                "key": source.key,
                "last_good": None if source.last_good is None else source.last_good.isoformat(),
                "age_hours": source.age_hours,
                "state": source.state,
            }
            for source in health.sources
        ],
        "backup_age_hours": health.backup_age_hours,
    }


def _look() -> tuple[Found, Settings | None]:
    try:
        settings = load_settings()
    except CampaignError:
        return {"": Health(database="settings cannot be used", migrations="unknown")}, None
    found: dict[str, Health] = {}
    _look_into(found, "", settings)
    if found[""].is_well:
        for key in find_keys(settings):
            _look_into(found, key, settings_of(settings, key))
    elif found[""].backup_age_hours is None:
        # A store that is down is when people ask for their backups.
        age = backup_age_hours(settings, campaign=None, machine=machine_now())
        found[""] = replace(found[""], backup_age_hours=age)
    return found, settings


def _look_into(found: dict[str, Health], key: str, settings: Settings) -> None:
    """Find how a store is; a further campaign's that lies in the archive, or a database of others, is left out."""
    try:
        store = open_store(settings)
        if key and not store.has_tables():
            return
        with store.reading() as session:
            health = find_health(session)
            if health.is_well:
                if key and find_archived(session):
                    return
                health = find_wellness(session, settings, machine=machine_now()).health
    except StoreNotReady:
        health = Health(database="not ready", migrations="unknown")
    except CampaignError:
        health = Health(database="no answer", migrations="unknown")
    except Exception:  # whatever keeps the database from answering, the caller is to hear 503
        LOG.exception("The store does not answer")
        health = Health(database="no answer", migrations="unknown")
    found[key] = health
