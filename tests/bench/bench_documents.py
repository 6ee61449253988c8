"""The weekly pack of a province's 258 units: slides, table and report of a snapshot, made by one process.

The floor is the same process as far as the figures. Whoever presses the button waits: twenty seconds and 500 MB are
what it may take.
"""

import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.audit import ChangeContext
from models.core.clock import business_day
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.state import find_state
from models.core.store import Store
from models.meetings.actions import freeze_figures
from tests.bench.bench_daily import NOW
from tests.bench.measuring import Measured, Size, run_alone

EARLY = datetime(2024, 3, 24, 18, tzinfo=TIMEZONE)
"""The third day, on which a snapshot at the smallest size is frozen: each day since the campaign began is in it."""
ALLOWED_SECONDS, ALLOWED_BYTES = 20.0, 500 * 10**6
FIGURES = """
import sys
from jobs.documents.figures import figures_of_snapshot
from jobs.documents.pack import weekly_pack
from models.core.store import Store
with Store(sys.argv[1]).reading() as session:
    figures = figures_of_snapshot(session, 1)
"""
PACK = f"""{FIGURES}
assert len(weekly_pack(figures, "vi")) == 3
"""


def measure(size: Size) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        address = f"sqlite:///{Path(folder) / 'caodiem.db'}"
        store = Store(address)
        files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
        # At the smallest size nothing has been told: the pack says so.
        begun = NOW if size.is_full else EARLY
        initialise(store, files, with_demonstration=size.is_full, by="system:bench", now=begun, tell=lambda _: None)
        with store.writing() as session:
            now = find_state(session).rehearsal_now or begun
            context = ChangeContext(by="system:bench", reason="bench", now=now)
            freeze_figures(session, as_of=business_day(now), title="Giao ban", context=context)
        store.close()
        packs = [run_alone(["-c", PACK, address]) for _ in range(size.times(3))]
        floors = [run_alone(["-c", FIGURES, address]) for _ in range(size.times(3))]
        yield Measured(
            "weekly pack of 258 units, process and all / the same process as far as the figures",
            seconds=min(pack.seconds for pack in packs),
            floor=min(floor.seconds for floor in floors),
            rows=258 * 6,
            peak=max(pack.peak for pack in packs),
            most_seconds=ALLOWED_SECONDS,
            most_peak=ALLOWED_BYTES,
        )
