"""The page of sources: its calendar of a country beside the same entries by sqlite3, and the page again, warm."""

import os
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, time, timedelta
from pathlib import Path
from unittest.mock import patch

import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.core.columns import day_number
from models.core.settings import TIMEZONE
from models.core.store import Store
from models.feeds.calendar import find_reported_days
from models.results.inputs import load_campaign
from targets.periods import OPEN_END
from tests.bench.bench_pages import DAY, MAIN, write_store
from tests.bench.measuring import Measured, Size, compare, time_alone

DAYS = 28
SOURCE = "demonstration"


def write_days(path: Path) -> tuple[int, int]:
    """Every unit tells every indicator on each of the last days; answers the first and the last of them."""
    store = Store(f"sqlite:///{path}")
    with store.reading() as session:
        campaign = load_campaign(session)
    store.close()
    start, last = day_number(campaign.start), day_number(campaign.start + timedelta(days=DAY))
    received = datetime.combine(campaign.start, time(), tzinfo=TIMEZONE).replace(tzinfo=None).isoformat(" ")
    with closing(sqlite3.connect(path)) as connection, connection:
        source = connection.execute("SELECT id FROM source WHERE key = ?", (SOURCE,)).fetchone()[0]
        units = [unit for (unit,) in connection.execute("SELECT id FROM unit WHERE parent_id IS NOT NULL")]
        run = connection.execute(
            "INSERT INTO run (source_id, kind, status, received_at, by, received, accepted, revised, unchanged,"
            " rejected, attempts, warnings) VALUES (?, 'readings', 'done', ?, 'x', 0, 0, 0, 0, 0, 1, '[]')",
            (source, received),
        ).lastrowid
        keys = [indicator.key for indicator in campaign.indicators]
        series = [
            (number, unit, key, source, "campaign", "own", False)
            for number, (unit, key) in enumerate(((unit, key) for unit in units for key in keys), start=10_000)
        ]
        connection.executemany(
            "INSERT INTO series (id, unit_id, indicator, source_id, basis, scope, simulated)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            series,
        )
        connection.executemany(
            "INSERT INTO reading (series_id, as_of, period_start, revision, period_end, numerator, denominator, run_id)"
            " VALUES (?, ?, ?, 1, ?, 5, 10, ?)",
            ((row[0], day, start, OPEN_END, run) for row in series for day in range(last - DAYS + 1, last + 1)),
        )
        connection.executemany(
            "INSERT INTO latest_reading (unit_id, indicator, series_id, period_start, as_of, revision, numerator,"
            " denominator, is_bound) VALUES (?, ?, ?, ?, ?, 1, 5, 10, 0)",
            ((row[1], row[2], row[0], start, last) for row in series),
        )
    return last - DAYS + 1, last


@contextmanager
def visiting(home: Path) -> Iterator[AppTest]:
    """A visitor who has opened the page of sources of a home once."""
    # Anybody may look: what is measured is the page, not the front door.
    with patch.dict(os.environ, {"CAODIEM_HOME": str(home), "CAODIEM_PUBLIC": "1"}):
        st.cache_data.clear()
        st.cache_resource.clear()
        visit = AppTest.from_file(str(MAIN), default_timeout=120)
        visit._page_hash = calc_hash("feeds")
        visit.run()
        if visit.exception or visit.error or not visit.table:
            raise AssertionError(f"The page was not drawn whole: {visit.exception or visit.error}")
        yield visit


def plain_days(path: Path, first: int, last: int) -> int:
    """What cannot be beaten: the entries of these days, fetched."""
    with closing(sqlite3.connect(path)) as connection:
        statement = "SELECT as_of, series_id, revision FROM reading WHERE as_of BETWEEN ? AND ?"
        return len(connection.execute(statement, (first, last)).fetchall())


def measure(size: Size) -> Iterator[Measured]:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        homes = {}
        for units in (size.province, size.country):
            homes[units] = Path(folder) / str(units)
            homes[units].mkdir()
            write_store(homes[units] / "caodiem.db", units)
            first, last = write_days(homes[units] / "caodiem.db")
        path = homes[size.country] / "caodiem.db"
        yield _calendar(path, first, last, size)
        with visiting(homes[size.province]) as visit:
            province = time_alone(
                f"page of sources of {size.province:,} units again",
                visit.run,
                rows=size.province * 6,
                times=size.times(9),
            )
        yield province
        with visiting(homes[size.country]) as visit:
            country = time_alone("page of a country", visit.run, rows=size.country * 6, times=size.times(9))
        yield Measured(
            f"page of sources of {size.country:,} units again / of {size.province:,} units again",
            seconds=country.seconds,
            floor=province.seconds,
            rows=country.rows,
            most=2.0,
        )


def _calendar(path: Path, first: int, last: int, size: Size) -> Measured:
    store = Store(f"sqlite:///{path}")
    epoch = datetime(1970, 1, 1, tzinfo=TIMEZONE).date()
    since, until = epoch + timedelta(days=first), epoch + timedelta(days=last)

    def result() -> None:
        with store.reading() as session:
            find_reported_days(session, first=since, last=until)

    measured = compare(
        f"calendar of {DAYS} days of {size.country:,} units / the same entries by sqlite3",
        result,
        floor=lambda: plain_days(path, first, last),
        rows=size.country * 6 * DAYS,
        most=4,
        times=size.times(3),
    )
    store.close()
    return measured
