"""Is the service well: `GET /healthz`, for supervisors and load balancers, without signing in."""

import dataclasses
import logging

from starlette.requests import Request
from starlette.responses import JSONResponse

from models.queries.health import OK, Health, find_health
from models.settings import load_settings
from models.store import open_store
from targets.errors import CampaignError, StoreNotReady

LOG = logging.getLogger(__name__)
WELL, UNWELL = 200, 503


def answer_health(_request: Request) -> JSONResponse:
    """200 where the store answers and is of this version, 503 otherwise, with a word on what is wrong.

    No address, path or message of the database is told: anyone may ask. Not async: Starlette runs it beside the event
    loop, so that a slow store does not hold up the pages.
    """
    health = _health()
    is_well = health.database == OK and health.migrations == OK
    return JSONResponse(dataclasses.asdict(health), WELL if is_well else UNWELL)


def _health() -> Health:
    try:
        with open_store(load_settings()).reading() as session:
            return find_health(session)
    except StoreNotReady:
        return Health(database="not ready", migrations="unknown")
    except CampaignError:
        return Health(database="settings cannot be used", migrations="unknown")
    except Exception:  # whatever keeps the database from answering, the caller is to hear 503
        LOG.exception("The store does not answer")
        return Health(database="no answer", migrations="unknown")
