"""One more day for a nation-sized campaign: 11,000 units × 6 indicators that have told for 99 days, and now the 100th.

The day is stored as a pull stores it: revisions looked for, odd figures flagged, kept tables brought up to date, audit.
The floor is a plain upsert of its readings into the same store.
"""

import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from sqlmodel import select

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.audit import ChangeContext, find_state
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS
from models.core.store import Store, insert_rows
from models.readings.loading import Arrival, load_readings
from models.results.inputs import load_campaign
from models.tables import Reading, Run, Series, SourceRow, UnitRow
from targets.periods import OPEN_END
from tests.bench import floors
from tests.bench.bench_import import DEED, NOW
from tests.bench.measuring import Measured, Size, run_alone

SOURCE = "file"


def synthetic_store(path: Path, *, units: int, days: int) -> Store:
    """A store whose communes have grown to `units`, with readings of `days` days as if they had been taken in before.

    The kept rows of those days are left out: a day's load never reads them.
    """
    store = Store(f"sqlite:///{path}")
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    initialise(store, files, with_demonstration=False, by="system:bench", now=NOW, tell=lambda _: None)
    with store.writing() as session:
        campaign = load_campaign(session)
        districts = [row.id for row in session.exec(select(UnitRow).where(UnitRow.level == "district"))]
        standing = len(session.exec(select(UnitRow.id)).all())
        session.add_all(
            UnitRow(code=f"X{n}", level="commune", name=f"UBND xã X{n}", parent_id=districts[n % len(districts)])
            for n in range(units - standing)
        )
        session.flush()
        source = session.exec(select(SourceRow).where(SourceRow.key == SOURCE)).one()
        run = Run(source_id=source.id, kind="readings", status="done", received_at=NOW, by="system:bench")
        session.add(run)
        rows = session.exec(select(UnitRow.id, UnitRow.level).where(UnitRow.level != "province")).all()
        keys = [indicator.key for indicator in campaign.indicators]
        session.flush()
        count = len(rows) * len(keys)
        first_series = 1
        insert_rows(
            session,
            Series.__table__,  # type: ignore[attr-defined]
            {
                "id": list(range(first_series, first_series + count)),
                "unit_id": [unit for unit, _ in rows for _ in keys],
                "indicator": keys * len(rows),
                "source_id": [source.id] * count,
                "basis": ["campaign"] * count,
                "scope": [campaign.level(level).default_scope for _, level in rows for _ in keys],
                "simulated": [False] * count,
            },
        )
        start = day_number(campaign.start)
        for begin in range(0, count, 6_000):
            series = np.arange(first_series + begin, first_series + min(begin + 6_000, count))
            as_of = start + np.arange(days)
            numerator, denominator = counts(series[:, None], as_of[None, :] - start)
            size = len(series) * days
            insert_rows(
                session,
                Reading.__table__,  # type: ignore[attr-defined]
                {
                    "series_id": np.repeat(series, days).tolist(),
                    "as_of": np.tile(as_of, len(series)).tolist(),
                    "period_start": [start] * size,
                    "revision": [1] * size,
                    "period_end": [OPEN_END] * size,
                    "numerator": numerator.ravel().tolist(),
                    "denominator": denominator.ravel().tolist(),
                    "value": [None] * size,
                    "qualifier": [None] * size,
                    "run_id": [run.id] * size,
                },
            )
        state = find_state(session)
        state.kept_through = campaign.start + timedelta(days=days - 1)
        session.add(state)
    return store


def counts(series: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Right cases and all cases of a series up to a day."""
    cases = (3 + series % 11) * (day + 1)
    return cases * (20 + series % 70) // 100, cases


def next_day(store: Store, *, days: int) -> pd.DataFrame:
    """What all units tell on the day after so many."""
    with store.reading() as session:
        campaign = load_campaign(session)
        series = session.exec(select(Series.id, Series.unit_id, Series.indicator, Series.scope)).all()
    identity, unit, indicator, scope = (list(column) for column in zip(*series, strict=True))
    numerator, denominator = counts(np.array(identity), np.array(days))
    return pd.DataFrame(
        {
            "unit_id": unit,
            "indicator": indicator,
            "as_of": day_number(campaign.start) + days,
            "scope": scope,
            "numerator": numerator,
            "denominator": denominator,
            "value": np.nan,
            "qualifier": None,
        }
    )


def store_next_day(path: Path, *, days: int) -> float:
    """Take the day after so many in; answers the seconds."""
    store = Store(f"sqlite:///{path}")
    frame = next_day(store, days=days)
    context = ChangeContext(by="system:bench", reason="bench", now=DEED.now)
    started = time.perf_counter()
    with store.writing() as session:
        load_readings(
            session, [frame], arrival=Arrival(kind="pull", source=SOURCE, received=len(frame)), context=context
        )
    seconds = time.perf_counter() - started
    store.close()
    return seconds


def upsert_next_day(path: Path) -> float:
    """What cannot be beaten: the readings of that day into the store's table, and nothing else; answers the seconds."""
    with closing(sqlite3.connect(path)) as connection:
        last = connection.execute("SELECT max(as_of) FROM reading").fetchone()[0]
        read = connection.execute(f"SELECT {', '.join(floors.COLUMNS)} FROM reading WHERE as_of = ?", (last,))  # noqa: S608
        at = floors.COLUMNS.index("as_of")
        rows = [(*row[:at], last + 1, *row[at + 1 :]) for row in read]
    started = time.perf_counter()
    floors.upsert(path, rows)
    return time.perf_counter() - started


def measure(size: Size) -> Iterator[Measured]:
    result = size.days - 1
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        path, again = Path(folder) / "nation.db", Path(folder) / "again.db"
        synthetic_store(path, units=size.country, days=result).close()
        shutil.copy(path, again)
        alone = run_alone(["-m", "tests.bench.bench_daily", str(again), str(result)])
        shutil.copy(path, again)
        floor = upsert_next_day(again)
        again.unlink()
        yield Measured(
            f"one more day of {size.country:,} units × 6 after {result} days, kept tables and all / plain upsert of it",
            store_next_day(path, days=result),
            floor=floor,
            rows=size.country * 6,
            peak=alone.peak,
        )


if __name__ == "__main__":
    store_next_day(Path(sys.argv[1]), days=int(sys.argv[2]))
