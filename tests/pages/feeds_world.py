"""Sources, units and days as the feeds page meets them, made up in words short enough for a table."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from models.core.settings import TIMEZONE
from models.feeds.calendar import SourceDay
from models.feeds.states import FeedState
from models.results.completeness import Completeness, UnitReport
from models.units.queries import Head
from pages.feeds.sentences import Arrivals
from targets.values import Campaign, Source, Text
from tests.pages.conftest import WITH_LEVELS

TODAY = date(2024, 5, 7)
NOW = datetime(2024, 5, 7, 18, tzinfo=TIMEZONE)
NAMES = {"portal": ("Cổng quốc gia", "National portal"), "igate": ("Hệ thống tỉnh", "Provincial system")}


def campaign(*sources: str) -> Campaign:
    """The campaign with these sources governing every indicator in this order."""
    keys = sources or ("igate", "portal")
    known = tuple(Source(key, Text(*NAMES[key]), key, None, schedule="30 6 * * *") for key in keys)
    indicators = tuple(replace(indicator, sources=keys) for indicator in WITH_LEVELS.indicators)
    return replace(WITH_LEVELS, sources=known, indicators=indicators)


def feed(source: str = "igate", state: Any = "fresh", **known: Any) -> FeedState:
    """A source pulled at 06:30 that has told today's figures; `known` replaces what is told of it."""
    got: dict[str, Any] = {
        "source": source,
        "source_id": 1,
        "name": Text(*NAMES[source]),
        "kind": source,
        "state": state,
        "last_good": NOW - timedelta(hours=11, minutes=30),
        "age_hours": 11.5,
        "newest": TODAY,
        "is_stale": state == "stale",
        "expected_at": datetime(2024, 5, 7, 6, 30, tzinfo=TIMEZONE),
        "expected_day": TODAY,
        "is_late": state == "late",
        "next_at": datetime(2024, 5, 8, 6, 30, tzinfo=TIMEZONE),
        "failures": 0,
        "failed_at": None,
        "failure": None,
        "failure_terms": None,
    }
    return FeedState(**(got | known))


def source_day(day: date = TODAY, state: Any = "complete", **known: Any) -> SourceDay:
    got: dict[str, Any] = {
        "source": "igate",
        "day": day,
        "state": state,
        "units": 250 if state in ("complete", "partial") else 0,
        "expected": 250,
        "revised": 0,
        "compared": 0,
        "arrived_at": None,
        "is_late": False,
        "failures": 0,
    }
    return SourceDay(**(got | known))


def unit(code: str = "H21.58", reporting: Any = "told", **known: Any) -> UnitReport:
    got: dict[str, Any] = {
        "code": code,
        "name": f"UBND huyện {code}",
        "level": "district",
        "parent_name": None,
        "reporting": reporting,
        "last": None if reporting == "never" else TODAY,
        "working_days": 0,
        "silent": (),
        "head": Head("Chủ tịch", "Nguyễn Văn A", "0900"),
    }
    return UnitReport(**(got | known))


def arrivals(**known: Any) -> Arrivals:
    """All is well: one source, today's figures from both units; `known` replaces what is told."""
    units = known.pop("units", (unit("A"), unit("B")))
    newest = known.pop("newest", TODAY)
    today = known.pop("today", TODAY)
    got: dict[str, Any] = {
        "campaign": campaign("igate"),
        "now": NOW,
        "states": [feed()],
        "days": [source_day()],
        "completeness": Completeness(today, newest, tuple(units)),
        "deciding": {"online": {"igate": 2}},
        "waiting_rows": 0,
    }
    return Arrivals(**(got | known))
