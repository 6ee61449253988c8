"""The overview again, warm, as after a click: beside its kept rows by sqlite3, and a country's beside a province's.

Streamlit's own test driver runs the page as the server does: frame, page, and every element as a message.
"""

import json
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

from models import migrations
from models.campaign.actions import found_campaign
from models.catalogue import load_campaign_files
from models.core.audit import ChangeContext
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.store import Store
from models.results.kept import standing_columns
from tests.bench import synthetic
from tests.bench.measuring import FULL, PROJECT, Measured, Size, compare, time_alone

PROVINCE, COUNTRY = FULL.province, FULL.country
DAY = 60
CARDS, TABLES = 6, 2
"""What a whole overview has: a card for each indicator, and at least the units to press and who moved."""
MAIN = PROJECT / "pages" / "main.py"


def write_store(path: Path, units: int) -> None:
    """The bundled campaign in a store of so many units, with the kept rows of one day and nothing else."""
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    store = Store(f"sqlite:///{path}")
    migrations.upgrade(store)
    day = files.campaign.start + timedelta(days=DAY)
    now = datetime.combine(day, time(18), tzinfo=TIMEZONE)
    with store.writing() as session:
        found_campaign(
            session, files, context=ChangeContext(by="system:bench", reason="bench", now=now), rehearsal_now=now
        )
    store.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        _add_units(connection, units)
        _keep_a_day(connection, day_number(day))
        connection.execute("UPDATE store_state SET kept_through = ?", (day_number(day),))


def _add_units(connection: sqlite3.Connection, units: int) -> None:
    """Communes like the last one that the campaign has, up to the number wanted."""
    cursor = connection.execute("SELECT * FROM unit ORDER BY id DESC LIMIT 1")
    names = [column[0] for column in cursor.description]
    last = dict(zip(names, cursor.fetchone(), strict=True))
    more = [
        last | {"id": number, "code": f"U{number}", "position": number} for number in range(last["id"] + 1, units + 1)
    ]
    places = ", ".join(f":{name}" for name in names)
    connection.executemany(f"INSERT INTO unit ({', '.join(names)}) VALUES ({places})", more)  # noqa: S608 - our names


def _keep_a_day(connection: sqlite3.Connection, day: int) -> None:
    """Every unit gets the results of one of the made-up ones."""
    results = synthetic.results(PROVINCE)
    rows, _ = results.on(day)
    columns = standing_columns(rows, results.units, results.campaign)
    names = ["day", *(name for name in columns if name != "day")]
    by_unit: dict[int, list[list[object]]] = {}
    for values in zip(*(columns[name] for name in names if name != "day"), strict=True):
        plain = [None if value != value else getattr(value, "item", lambda kept=value: kept)() for value in values]
        by_unit.setdefault(int(plain[names.index("unit_id") - 1]), []).append([day, *plain])  # type: ignore[call-overload]
    at = names.index("unit_id")
    ids = [identity for (identity,) in connection.execute("SELECT id FROM unit ORDER BY id")]
    result = [
        (*row[:at], identity, *row[at + 1 :])
        for number, identity in enumerate(ids)
        for row in by_unit[1 + number % PROVINCE]
    ]
    connection.execute("DELETE FROM standing")
    places = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO standing ({', '.join(names)}) VALUES ({places})", result)  # noqa: S608


@contextmanager
def visiting(home: Path) -> Iterator[AppTest]:
    """A visitor who has opened the overview of a home once."""
    # Anybody may look: what is measured is the page, not the front door.
    with patch.dict(os.environ, {"CAODIEM_HOME": str(home), "CAODIEM_PUBLIC": "1"}):
        st.cache_data.clear()
        st.cache_resource.clear()
        visit = AppTest.from_file(str(MAIN), default_timeout=120)
        visit.run()
        if visit.exception or visit.error or len(visit.metric) != CARDS or len(visit.table) < TABLES:
            raise AssertionError(f"The overview was not drawn whole: {visit.exception or visit.error}")
        yield visit


def plain_rows(path: Path) -> str:
    """What cannot be beaten: the day's kept rows as JSON."""
    with closing(sqlite3.connect(path)) as connection:
        day = connection.execute("SELECT kept_through FROM store_state").fetchone()[0]
        cursor = connection.execute("SELECT * FROM standing WHERE day = ?", (day,))
        names = [column[0] for column in cursor.description]
        return json.dumps([dict(zip(names, row, strict=True)) for row in cursor])


def measure(size: Size) -> Iterator[Measured]:
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        homes = {}
        for units in (size.province, size.country):
            homes[units] = Path(folder) / str(units)
            homes[units].mkdir()
            write_store(homes[units] / "caodiem.db", units)
        path = homes[size.province] / "caodiem.db"
        with visiting(homes[size.province]) as visit:
            province = compare(
                f"overview of {size.province:,} units again / its day's kept rows by sqlite3 into JSON",
                visit.run,
                floor=lambda: plain_rows(path),
                rows=size.province * 6,
                most=25,
                times=size.times(9),
            )
        yield province
        with visiting(homes[size.country]) as visit:
            country = time_alone("overview of a country", visit.run, rows=size.country * 6, times=size.times(9))
        yield Measured(
            f"overview of {size.country:,} units again / of {size.province:,} units again",
            seconds=country.seconds,
            floor=province.seconds,
            rows=country.rows,
            most=2.0,
        )
