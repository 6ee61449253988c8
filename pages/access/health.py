"""Is the service well: `GET /healthz`, for supervisors and load balancers, without signing in."""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse

from jobs.backups.files import backup_age_hours
from jobs.wellness import find_wellness
from models.clock import machine_now
from models.queries.health import Health, find_health
from models.settings import Settings, load_settings
from models.store import open_store
from targets.errors import CampaignError, StoreNotReady

LOG = logging.getLogger(__name__)
WELL, UNWELL = 200, 503


def answer_health(_request: Request) -> JSONResponse:
    """200 where the store answers and is of this version, 503 otherwise, with a word on what is wrong.

    A source that is late is told and stays 200: taking the dashboard away would help nobody. No address, path or
    message of the database is told: anyone may ask. Not async: Starlette runs it beside the event loop, so that a slow
    store does not hold up the pages.
    """
    health = _health()
    return JSONResponse(as_json(health), WELL if health.is_well else UNWELL)


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


def _health() -> Health:
    try:
        settings = load_settings()
    except CampaignError:
        return Health(database="settings cannot be used", migrations="unknown")
    health = _of_store(settings)
    if health.backup_age_hours is None and not health.is_well:
        # A store that is down is when people ask for their backups.
        return replace(health, backup_age_hours=backup_age_hours(settings, campaign=None, machine=machine_now()))
    return health


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
