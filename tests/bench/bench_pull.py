"""A pulled day into the store beside a plain upsert of its rows: the storing alone, and the whole run around it.

The floor is what a plain upsert of the same rows costs by the same driver: `executemany` of one statement into a table
of the same columns, key and index that holds the 99 days before as well, on a connection that stays open, committed as
durably as the store commits (a day is spread over all its pages: into an empty table the same rows cost less).
"""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel

from jobs import sources
from jobs.campaigns.initialise import initialise
from jobs.fetching.checking import Checked, Checker
from jobs.fetching.values import Asking, ReportedFigure, SourceAnswer, SourceKind
from jobs.intake.bring_in import unit_records
from jobs.pulls.archive import Archive
from jobs.pulls.run import Puller
from jobs.pulls.storing import Closing
from jobs.pulls.work import work_on
from jobs.workplace import Workplace
from models.campaign.actions import found_campaign
from models.catalogue import CampaignFiles, load_campaign_files
from models.core.audit import ChangeContext
from models.core.clock import machine_now
from models.core.settings import CAMPAIGNS, TIMEZONE, Settings
from models.core.store import CACHE_KILOBYTES, Store
from models.feeds.actions import Claimed, claim_day
from models.results.inputs import load_campaign
from targets.values import Campaign
from tests.bench import floors
from tests.bench.bench_daily import synthetic_store, upsert_next_day
from tests.bench.measuring import Measured, Size, compare, run_alone

START = date(2024, 3, 22)
MEASURED = 40
"""Days that the floor has at hand after those before."""
SECONDS, BYTES = 60.0, 500 * 2**20
"""What a pulled day of the whole country may take."""
SOURCE = "igate"
OWNER = "system:bench"
Moment = Callable[[], None]


class Nothing(BaseModel):
    """The source of the benchmark has no options."""


def told_of(codes: list[str], campaign: Campaign, day: date) -> SourceAnswer:
    """Every unit and indicator of a day, as a source would tell them."""
    number = (day - START).days
    return SourceAnswer(
        figures=tuple(
            ReportedFigure(
                place=f"row {row}",
                unit_code=code,
                unit_name="",
                indicator=indicator.key,
                as_of=day,
                numerator=10 * number + row % 7,
                denominator=25 * number + 40,
            )
            for row, code in enumerate(codes)
            for indicator in campaign.indicators
        )
    )


def teller(codes: list[str]) -> None:
    """Make the bundled source answer from memory."""

    def tell(asking: Asking) -> SourceAnswer:
        return told_of(codes, asking.campaign, asking.day)

    known = dict(sources.kinds()) | {"teller": SourceKind("teller", Nothing, tell, needs_address=False)}
    sources.kinds = lambda: known  # type: ignore[assignment] # the benchmark's process does nothing else


def told_by_teller(files: CampaignFiles) -> CampaignFiles:
    changed = tuple(
        replace(source, kind="teller", enabled=True, basis=None, secret=None, schedule=None, options={})
        if source.key == SOURCE
        else source
        for source in files.campaign.sources
    )
    return replace(files, campaign=replace(files.campaign, sources=changed), fingerprint="told by a teller", texts={})


def evening(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 18, tzinfo=TIMEZONE)


@dataclass
class Days:
    """One day after the other into one store: claimed and checked beforehand, stored when it is measured."""

    store: Store
    home: Path
    codes: list[str]
    day: date = START
    _next: tuple[Closing, Checked] | None = field(default=None)

    def check_next(self) -> None:
        self.day += timedelta(days=1)
        with self.store.writing() as session:
            campaign, units = load_campaign(session), unit_records(session)
            work = work_on(campaign, SOURCE, self.day)
            claimed = claim_day(
                session, source=SOURCE, for_date=self.day, owner=OWNER, machine=machine_now(), context=self._context()
            )
        assert isinstance(claimed, Claimed)
        checker = Checker(work.source, campaign=campaign, units=units, today=self.day)
        checked = checker.check(told_of(self.codes, campaign, self.day).figures)
        self._next = Closing(work, claimed, OWNER, Archive(self.home, work=work, claimed=claimed)), checked

    def store_next(self) -> None:
        assert self._next is not None
        closing, checked = self._next
        with self.store.writing() as session:
            closing.store(session, (), checked, machine=machine_now(), context=self._context())

    def pull_next(self) -> None:
        self.day += timedelta(days=1)
        settings = Settings(_env_file=None, home=self.home, now=evening(self.day))  # type: ignore[call-arg]
        (pulled,) = Puller(Workplace(settings=settings, store=self.store, by=OWNER)).pull(SOURCE, self.day)
        assert pulled.is_good, pulled

    def _context(self) -> ChangeContext:
        return ChangeContext(by="system:bench", reason="bench", now=evening(self.day))


def measure(size: Size) -> Iterator[Measured]:
    files = told_by_teller(load_campaign_files(CAMPAIGNS / "gia-lai-2024"))
    codes = [unit.code for unit in files.units if unit.level != "province" and unit.valid_to is None]
    count = len(codes) * len(files.campaign.indicators)
    before = size.days - 1
    teller(codes)
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder, floors.readings_table() as floor_path:
        store = Store(f"sqlite:///{Path(folder) / 'caodiem.db'}")
        initialise(store, files, with_demonstration=False, by=OWNER, now=evening(START), tell=lambda _: None)
        days = Days(store, Path(folder), codes)
        for _ in range(before):
            days.check_next()
            days.store_next()
        rows = floors.readings(days=before + MEASURED)
        floors.upsert(floor_path, rows[: before * count])
        floor = iter(range(before * count, len(rows), count))

        open_floor = sqlite3.connect(floor_path)
        open_floor.execute("PRAGMA synchronous = NORMAL")
        open_floor.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")

        def upsert() -> None:
            at = next(floor)
            with open_floor:
                open_floor.executemany(floors.UPSERT, rows[at : at + count])

        yield compare(
            f"storing a pulled day of {count:,} figures, kept tables and all / plain upsert of the same rows",
            days.store_next,
            prepare=days.check_next,
            floor=upsert,
            rows=count,
            most=10,
            times=size.times(9),
        )
        yield compare(
            f"the whole pull of such a day: claim, answer, archive, checks, storing ({count:,} figures)",
            days.pull_next,
            floor=upsert,
            rows=count,
            times=size.times(9),
        )
        open_floor.close()
        store.close()
        yield _country(Path(folder), size)


def _country(folder: Path, size: Size) -> Measured:
    """A day of a whole country by a pull in a process of its own."""
    place, again = folder / "country.db", folder / "again.db"
    before = size.days - 1
    store = synthetic_store(place, units=size.country, days=before)
    with store.writing() as session:
        files = told_by_teller(load_campaign_files(CAMPAIGNS / "gia-lai-2024"))
        context = ChangeContext(by=OWNER, reason="bench", now=evening(START))
        # The units of the large store stay: only its sources change.
        found_campaign(session, replace(files, units=(), registrations=(), scores=(), baselines=()), context=context)
    store.close()
    shutil.copy(place, again)
    floor = upsert_next_day(again)
    again.unlink()
    alone = run_alone(["-m", "tests.bench.bench_pull", str(place), str(before)])
    return Measured(
        f"a pulled day of {size.country:,} units × 6, process and all / plain upsert of its rows",
        alone.seconds,
        floor=floor,
        rows=size.country * 6,
        peak=alone.peak,
        most_seconds=SECONDS,
        most_peak=BYTES,
    )


def pull_country(place: str, before: int) -> None:
    store = Store(f"sqlite:///{place}")
    with store.reading() as session:
        codes = [unit.code for unit in unit_records(session) if unit.level != "province" and unit.valid_to is None]
    teller(codes)
    Days(store, Path(place).parent, codes, day=START + timedelta(days=before - 1)).pull_next()
    store.close()


if __name__ == "__main__":
    pull_country(sys.argv[1], int(sys.argv[2]))
