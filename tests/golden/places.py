"""The addresses whose pages are golden: whose page it is, its address, what its query chooses."""

from collections.abc import Iterator

from pages.kit.page import ADDRESSES
from tests.golden.world import ADMINISTRATOR, COMMUNE, COORDINATOR, DEPARTMENT, HEAD, LEADER, UNIT

Place = tuple[str, str, dict[str, str]]
LANGUAGES = ("vi", "en")
INDICATORS = ("publicity", "timeliness", "online", "payment", "satisfaction", "digitisation")
SLIDES = (
    "province", *(f"indicator.{key}" for key in INDICATORS), "movers.online", "attention.online.district",
    "attention.timeliness.department", "contribution.online", "silent", "tasks", f"unit.{UNIT}",
)  # fmt: skip


def places() -> Iterator[Place]:
    """Every address as a leader sees it and, where more is done there, whoever does it; a unit, a commune."""
    for address in ADDRESSES:
        yield LEADER, address, {}
    for address in ("tasks", "meeting", "targets", "upload", "feeds", "campaign"):
        yield COORDINATOR, address, {}
    for address in ("accounts", "audit", "health", "feeds"):
        yield ADMINISTRATOR, address, {}
    for address in ("unit", "tasks"):
        yield HEAD, address, {}
    for indicator in ("online", "timeliness"):
        yield LEADER, "gaps", {"indicator": indicator}
        yield LEADER, "progress", {"indicator": indicator}
    for unit in (UNIT, DEPARTMENT, COMMUNE):
        yield LEADER, "unit", {"unit": unit}


def told_by_the_day() -> Iterator[Place]:
    """The addresses whose words depend most on what day it is."""
    for address in ("", "gaps", "progress", "meeting", "feeds"):
        yield LEADER, address, {}
    yield LEADER, "unit", {"unit": UNIT}
    yield ADMINISTRATOR, "health", {}


def closer() -> Iterator[Place]:
    """The parts, choices and slides of the pages that have some."""
    for indicator in INDICATORS:
        yield LEADER, "", {"indicator": indicator}
        yield LEADER, "compare", {"indicator": indicator}
        yield LEADER, "unit", {"unit": UNIT, "indicator": indicator}
        if indicator not in ("online", "timeliness"):
            yield LEADER, "gaps", {"indicator": indicator}
            yield LEADER, "progress", {"indicator": indicator}
    for level in ("department", "district", "commune"):
        yield LEADER, "gaps", {"indicator": "online", "level": level}
    yield LEADER, "gaps", {"parent": UNIT, "sort": "value"}
    yield LEADER, "gaps", {"standing": "out_of_reach", "q": "sở"}
    yield LEADER, "progress", {"unit": UNIT, "indicator": "online"}
    for section in ("change", "slope", "ranks", "funnel", "if"):
        yield LEADER, "compare", {"section": section, "indicator": "online"}
    for scene in ("units", "pace", "uplift"):
        yield LEADER, "compare", {"section": "if", "indicator": "online", "if": scene, "units": f"{UNIT},H21.54"}
    yield LEADER, "", {"phase": "100-day"}
    yield LEADER, "gaps", {"phase": "100-day", "as_of": "2024-13-01", "unit": "KHONG"}
    for state in ("open", "overdue", "done", "all"):
        yield LEADER, "tasks", {"state": state}
    for who in (COORDINATOR, HEAD):
        yield who, "tasks", {"task": "1", "state": "all"}
    yield COORDINATOR, "unit", {"unit": UNIT, "indicator": "online"}
    yield LEADER, "meeting", {"snapshot": "1"}
    for slide in SLIDES:
        yield LEADER, "meeting", {"snapshot": "2", "slide": slide}
    for part in ("dates", "indicators", "central", "sources", "heads", "history"):
        yield COORDINATOR, "campaign", {"part": part}
    for run in ("1", "49"):
        yield ADMINISTRATOR, "feeds", {"run": run}
