"""The examination of an installation: one finding for each thing that can be wrong."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from jobs.desk import Desk
from models.audit import find_break
from models.clock import business_day, business_now
from models.queries.health import OK, find_health
from models.queries.overview import find_overview
from models.queries.state import find_state
from targets.errors import CampaignError

LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """What was examined, whether it is well, and what was found."""

    subject: str
    is_well: bool
    says: str


def examine(desk: Desk) -> list[Finding]:
    """Examine everything; what cannot be examined because something before it is broken is left out."""
    findings = [Finding("settings", True, f"campaign {desk.settings.campaign}, home {desk.settings.home}"), _disk(desk)]
    try:
        with desk.store.reading() as session:
            health = find_health(session)
            findings.append(Finding("migrations", health.migrations == OK, health.migrations))
            state = find_state(session)
            findings.append(Finding("store", True, f"{state.campaign_key}, data version {state.data_version}"))
            broken = find_break(session)
            findings.append(Finding("audit chain", broken is None, broken or "whole"))
            now = business_now(desk.settings, rehearsal=state.rehearsal_now)
            overview = find_overview(session, as_of=business_day(now))
            newest = (
                "no figure yet" if overview.newest_reading is None else f"newest {overview.newest_reading:%d/%m/%Y}"
            )
            is_fresh = overview.reported > 0
            findings.append(
                Finding(
                    "figures", is_fresh, f"{newest}; {overview.reported} of {overview.expected} units have a fresh one"
                )
            )
    except CampaignError as error:
        findings.append(Finding("store", False, str(error)))
    except DBAPIError as error:
        # Unreachable, or its tables are not those of this code: what the database itself says of it.
        findings.append(Finding("store", False, str(error.orig).strip().splitlines()[0]))
    return findings


def _disk(desk: Desk) -> Finding:
    folder = Path(desk.settings.home)
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Finding("disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free")
