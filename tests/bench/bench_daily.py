"""One more day for a nation-sized campaign: 11,000 units × 6 indicators that have told for 99 days, and now the 100th.

The day is stored as a pull stores it: revisions looked for, odd figures flagged, kept tables brought up to date, audit.
"""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from sqlmodel import select

from jobs.initialise import initialise
from models.actions.loading import Arrival, load_readings
from models.audit import Deed, find_state
from models.catalogue import load_campaign_files
from models.columns import day_number
from models.inputs import load_campaign
from models.settings import CAMPAIGNS
from models.store import Store, insert_rows
from models.tables import Reading, Run, Series, SourceRow, UnitRow
from targets.periods import OPEN_END
from tests.bench.bench_import import DEED, NOW
from tests.bench.measuring import Measured, peak_memory

UNITS, DAYS = 11_000, 100
SOURCE = "file"


def made_up_store(path: Path, *, units: int = UNITS, days: int = DAYS - 1) -> Store:
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


def next_day(store: Store, *, days: int = DAYS - 1) -> pd.DataFrame:
    """What all units tell on the day after."""
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


def store_next_day(path: Path) -> float:
    """Take the next day in; answers the seconds."""
    store = Store(f"sqlite:///{path}")
    frame = next_day(store)
    deed = Deed(by="system:bench", reason="bench", now=DEED.now)
    started = time.perf_counter()
    with store.writing() as session:
        load_readings(session, [frame], arrival=Arrival(kind="pull", source=SOURCE, received=len(frame)), deed=deed)
    seconds = time.perf_counter() - started
    store.close()
    return seconds


def measure() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        path = Path(folder) / "nation.db"
        made_up_store(path).close()
        again = Path(folder) / "again.db"
        shutil.copy(path, again)
        peak = peak_memory(["-m", "tests.bench.bench_daily", str(again)])
        again.unlink()
        yield Measured(
            f"one more day of {UNITS:,} units × 6 after 99 days, kept tables and all",
            store_next_day(path),
            rows=UNITS * 6,
            peak=peak,
        )


if __name__ == "__main__":
    print(store_next_day(Path(sys.argv[1])))
