"""The weekly pack of a province's 258 units: slides, table and report of a snapshot, made by one process.

The floor is what the issue allows: twenty seconds, and 500 MB beside it.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from jobs.initialise import initialise
from models.actions.freezing import freeze_figures
from models.audit import Deed
from models.catalogue import load_campaign_files
from models.clock import business_day
from models.queries.state import find_state
from models.settings import CAMPAIGNS
from models.store import Store
from tests.bench.bench_daily import NOW
from tests.bench.measuring import Measured, peak_memory

ALLOWED_SECONDS, ALLOWED_BYTES = 20.0, 500 * 10**6
PROGRAM = """
import sys
from jobs.documents.figures import figures_of_snapshot
from jobs.documents.pack import weekly_pack
from models.store import Store
with Store(sys.argv[1]).reading() as session:
    figures = figures_of_snapshot(session, 1)
assert len(weekly_pack(figures, "vi")) == 3
"""


def measure() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        address = f"sqlite:///{Path(folder) / 'caodiem.db'}"
        store = Store(address)
        files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
        initialise(store, files, with_demonstration=True, by="system:bench", now=NOW, tell=lambda _: None)
        with store.writing() as session:
            now = find_state(session).rehearsal_now or NOW
            deed = Deed(by="system:bench", reason="bench", now=now)
            freeze_figures(session, as_of=business_day(now), title="Giao ban", deed=deed)
        store.close()
        started = time.perf_counter()
        peak = peak_memory(["-c", PROGRAM, address])
        seconds = time.perf_counter() - started
        if peak > ALLOWED_BYTES:
            raise AssertionError(f"The pack took {peak / 10**6:,.0f} MB, more than {ALLOWED_BYTES / 10**6:,.0f}.")
        yield Measured(
            "weekly pack of 258 units, process and all / the 20 s that are allowed",
            seconds=seconds,
            floor=ALLOWED_SECONDS,
            rows=258 * 6,
            most=1.0,
            peak=peak,
        )
