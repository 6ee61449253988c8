"""Stores prepared once and copied for each test, and a campaign small enough to be worked out by hand.

The small campaign runs from Monday 4 March 2024 to Friday 12 April, 40 days without a public holiday:

    P   province            online 7 % in 2023, payment 1 %
    ├── S1  department      online 40 %
    ├── S2  department      online 67.37 %; its own plan: 13 March, then 12 April
    ├── H1  district        online 30 %; tells with all below
    │   ├── X1  commune     online 20 %
    │   └── X2  commune
    └── H2  district
        ├── X3  commune     online 35 %
        ├── X4  commune     online 35 %
        └── X5  commune     ends on 10 March, X3 follows it

    first   due 22 March      second   due 12 April      keep   open-ended

The centre's target for online is 50 %, the one for payment is not known.
"""

import random
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlmodel import Session, select

from models import migrations
from models.campaign.actions import found_campaign
from models.catalogue import CampaignFiles, load_campaign_files
from models.core.audit import ChangeContext, find_state
from models.core.columns import day_number
from models.core.settings import CAMPAIGNS, TIMEZONE
from models.core.store import Store
from models.readings.actions import Counts, record_baselines, record_central, record_targets
from models.readings.loading import Arrival, LoadReport, load_facts, load_readings, open_run
from models.readings.records import NOTES, BaselineRecord, CentralRecord, TargetRecord
from models.results.kept import find_differences
from models.results.standing import find_standing
from models.tables import UnitRow
from models.targets.actions import propose_targets
from targets.results import Result
from targets.values import (
    Campaign,
    Indicator,
    Level,
    Phase,
    Rule,
    Source,
    Text,
    Thresholds,
    Unit,
    UnitPhase,
)
from tests.conftest import postgresql_address
from tests.made_once import made_once, one_at_a_time

BUNDLED = CAMPAIGNS / "gia-lai-2024"
YEAR = 2024


def day(written: str) -> date:
    """ "15/3" is 15 March 2024."""
    number, month = written.split("/")
    return date(YEAR, int(month), int(number))


def at(written: str) -> datetime:
    """ "15/3 17:30" in Vietnam."""
    day_part, _, clock = written.partition(" ")
    hour, minute = clock.split(":") if clock else ("8", "0")
    return datetime.combine(day(day_part), datetime.min.time(), tzinfo=TIMEZONE).replace(
        hour=int(hour), minute=int(minute)
    )


def context(when: str | datetime = "1/3 08:00", *, reason: str = "test", document: str = "") -> ChangeContext:
    moment = at(when) if isinstance(when, str) else when
    return ChangeContext(by="system:test", reason=reason, now=moment, document=document)


# --- stores prepared once -------------------------------------------------------------------------------------------

Prepare = Callable[[Store], None]


class PreparedStores:
    """Prepares a store once per engine and copies it: several times faster than founding one for each test.

    Once for all processes of a run: a name means the same store wherever it is asked for.
    """

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._ready: set[str] = set()
        self._in_turn: dict[tuple[str, Path | None], Store] = {}

    def copy(self, name: str, prepare: Prepare, *, to: str) -> Store:
        """A store at the database `to`, as `prepare` leaves it."""
        if make_url(to).get_backend_name() == "sqlite":
            self._copy_file(name, prepare, Path(str(make_url(to).database)))
        else:
            self._copy_database(name, prepare, to)
        return Store(to)

    def in_turn(self, name: str, prepare: Prepare, *, cluster: Path | None = None) -> Store:
        """The same store for one test after the other, each time as `prepare` leaves it: statements stay compiled.

        In a PostgreSQL `cluster` or, without one, an SQLite file.
        """
        if (name, cluster) not in self._in_turn:
            self._in_turn[name, cluster] = Store(
                f"sqlite:///{self._factory.mktemp(name) / 'in-turn.db'}"
                if cluster is None
                else postgresql_address(cluster, f"in_turn_{uuid.uuid4().hex}")
            )
        store = self._in_turn[name, cluster]
        if cluster is None:
            path = Path(str(store.engine.url.database))
            for leftover in (f"{path}-wal", f"{path}-shm"):
                Path(leftover).unlink(missing_ok=True)
            self._copy_file(name, prepare, path)
        else:
            self._copy_database(name, prepare, store.url)
        return store

    def close(self) -> None:
        for store in self._in_turn.values():
            store.close()

    def _copy_file(self, name: str, prepare: Prepare, path: Path) -> None:
        def make(folder: Path) -> None:
            store = Store(f"sqlite:///{folder / 'store.db'}")
            prepare(store)
            with store.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
            store.close()

        shutil.copyfile(made_once(self._factory, f"prepared_{name}", make) / "store.db", path)

    def _copy_database(self, name: str, prepare: Prepare, url: str) -> None:
        parsed = make_url(url)
        original = f"prepared_{name}"
        with psycopg.connect(
            host=str(parsed.query["host"]), user=parsed.username, dbname="postgres", autocommit=True
        ) as connection:
            if original not in self._ready:
                with one_at_a_time(self._factory, f"{original}-postgresql"):
                    self._make_database(original, prepare, parsed, connection)
                self._ready.add(original)
            copy, source = sql.Identifier(str(parsed.database)), sql.Identifier(original)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(copy))
            # Of what is already on the disk the files are copied; before version 15 there was no other way.
            how = "" if connection.info.server_version < 150_000 else "STRATEGY FILE_COPY"
            connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} " + how).format(copy, source))

    @staticmethod
    def _make_database(name: str, prepare: Prepare, place: URL, connection: psycopg.Connection) -> None:
        """In the cluster of `place`, if it is not there yet; under another name until it is whole."""
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return
        made, begun = sql.Identifier(name), sql.Identifier(f"{name}_begun")
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(begun))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(begun))
        store = Store(place.set(database=f"{name}_begun").render_as_string(hide_password=False))
        prepare(store)
        store.close()
        connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(begun, made))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreparedStores]:
    stores = PreparedStores(tmp_path_factory)
    yield stores
    stores.close()


# --- the small campaign ---------------------------------------------------------------------------------------------


def _same(words: str) -> Text:
    return Text(vi=words, en=words)


def indicator(order: int, key: str, **other: Any) -> Indicator:
    """Dossiers that keep coming, diluted shortfall, aiming at a fixed 100 % where nothing else is said."""
    result: dict[str, Any] = {
        "basis": "campaign",
        "arriving": True,
        "shortfall": "diluted",
        "sources": ("igate", "file"),
        "rule": Rule(kind="fixed"),
        "ceiling": Decimal(100),
    }
    return Indicator(
        key=key,
        order=order,
        name=_same(key),
        short_name=_same(key),
        numerator=_same("right"),
        denominator=_same("all"),
        counted=_same("cases"),
        portal_column=key.upper(),
        max_points=Decimal(10),
        **(result | other),
    )


def small_campaign(**other: Any) -> Campaign:
    result: dict[str, Any] = {
        "key": "small",
        "title": _same("A small campaign"),
        "short_title": _same("Small"),
        "province": "P",
        "document": "1/KH",
        "document_date": day("1/3"),
        "start": day("4/3"),
        "end": day("12/4"),
        "baseline_year": 2023,
        "target_year": 2024,
        "holidays": "VN",
        "phases": (
            Phase("first", _same("first"), day("4/3"), day("22/3")),
            Phase("second", _same("second"), day("23/3"), day("12/4")),
            Phase("keep", _same("keep"), day("13/4"), None),
        ),
        "unit_phases": (
            UnitPhase("S2", "first", day("4/3"), day("13/3"), "2/KH"),
            UnitPhase("S2", "second", day("14/3"), day("12/4"), "2/KH"),
        ),
        "levels": (
            Level("province", _same("province"), None, "below"),
            Level("department", _same("department"), _same("I"), "own"),
            Level("district", _same("district"), _same("II"), "below"),
            Level("commune", _same("commune"), _same("III"), "own"),
        ),
        "indicators": (
            indicator(1, "publicity", arriving=False, shortfall="repairable"),
            indicator(2, "timeliness", shortfall="permanent"),
            indicator(3, "online", rule=Rule(kind="central_plus")),
            indicator(4, "payment", rule=Rule(kind="central_plus")),
        ),
        "sources": (
            Source("igate", _same("igate"), "igate", None),
            Source("file", _same("file"), "file", None),
            Source("monthly", _same("monthly"), "file", "month"),
        ),
        "thresholds": Thresholds(Decimal("0.8"), Decimal("0.5"), Decimal("0.2"), Decimal(0), Decimal(5), Decimal(15)),
        "score_bands": (),
        "score_bands_confirmed": False,
        "stale_after_working_days": 3,
        "volume_window_days": 28,
        "small_volume": 100,
        "disagreement_points": Decimal(2),
    }
    return Campaign(**(result | other))


def with_indicator(campaign: Campaign, key: str, **other: Any) -> Campaign:
    """The campaign with one of its indicators changed."""
    changed = tuple(replace(known, **other) if known.key == key else known for known in campaign.indicators)
    return replace(campaign, indicators=changed)


UNITS = (
    Unit("P", "province", "UBND tỉnh P", None),
    Unit("S1", "department", "Sở Một", "P"),
    Unit("S2", "department", "Sở Hai", "P"),
    Unit("H1", "district", "UBND huyện Một", "P"),
    Unit("X1", "commune", "UBND xã Một", "H1"),
    Unit("X2", "commune", "UBND xã Hai", "H1"),
    Unit("H2", "district", "UBND huyện Hai", "P"),
    Unit("X3", "commune", "UBND xã Ba", "H2"),
    Unit("X4", "commune", "UBND xã Bốn", "H2"),
    Unit("X5", "commune", "UBND xã Năm", "H2", valid_to=date(YEAR, 3, 10), successor="X3"),
)
BASELINES = {
    ("P", "online"): "7",
    ("P", "payment"): "1",
    ("S1", "online"): "40",
    ("S2", "online"): "67.37",
    ("H1", "online"): "30",
    ("X1", "online"): "20",
    ("X3", "online"): "35",
    ("X4", "online"): "35",
}


def baseline(unit: str, indicator: str, value: str | None, **other: Any) -> BaselineRecord:
    figure = None if value is None else Decimal(value)
    return BaselineRecord(unit, indicator, 2023, figure, **({"source_note": "a report"} | other))


def central(indicator: str, value: str, *, level: str = "") -> CentralRecord:
    return CentralRecord(indicator, 2024, level, Decimal(value), "766/QĐ-TTg", "a decision")


def small_files(campaign: Campaign | None = None, **other: Any) -> CampaignFiles:
    """The campaign's folder as its loader would hand it over; `fingerprint` follows from what it holds."""
    result: dict[str, Any] = {
        "campaign": campaign or small_campaign(),
        "units": UNITS,
        "baselines": tuple(baseline(unit, key, value) for (unit, key), value in BASELINES.items()),
        "central": (central("online", "50"),),
        "registrations": (),
        "scores": (),
    } | other
    return CampaignFiles(**result, fingerprint=sha256(repr(result).encode()).hexdigest())


Row = tuple[Any, ...]
"""unit, indicator, day, numerator, denominator (and a percent, where there are no counts, a qualifier, a note).

A range is a pair in the percent's place."""


@dataclass
class Small:
    """The small campaign in a store: told, changed and asked in words short enough for a table."""

    store: Store
    ids: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with self.store.reading() as session:
            self.ids = {row.code: row.id or 0 for row in session.exec(select(UnitRow))}

    def load(
        self,
        *rows: Row,
        source: str = "igate",
        scope: str | None = None,
        when: str | datetime = "31/5 08:00",
        **other: Any,
    ) -> LoadReport:
        """Take in figures: ("S1", "online", "15/3", 90, 200) or ("S1", "online", "15/3", None, None, 45.0)."""
        frame = self.frame(rows, scope=scope)
        with self.store.writing() as session:
            arrival = Arrival(kind="readings", source=source, received=len(frame), **other)
            return load_readings(session, [frame], arrival=arrival, context=context(when))

    def frame(self, rows: Iterable[Row], *, scope: str | None = None) -> pd.DataFrame:
        """The figures as `load_readings` takes them; without a scope, that of the unit's level."""
        below = {unit.code for unit in UNITS if unit.level in ("province", "district")}
        result = []
        for code, key, when, numerator, denominator, *more in rows:
            value, qualifier, *note = (*more, None, None)[: max(2, len(more))]
            value, high = value if isinstance(value, tuple) else (value, None)
            result.append(
                {
                    "unit_id": self.ids[code],
                    "indicator": key,
                    "as_of": day_number(day(when)),
                    "scope": scope or ("below" if code in below else "own"),
                    "numerator": np.nan if numerator is None else numerator,
                    "denominator": np.nan if denominator is None else denominator,
                    "value": np.nan if value is None else value,
                    "qualifier": qualifier,
                    **({"value_high": high} if high is not None else {}),
                    **dict(zip(NOTES, note, strict=False)),
                }
            )
        return pd.DataFrame(result)

    def found(self, files: CampaignFiles, *, when: str | datetime = "31/5 08:00") -> Any:
        with self.store.writing() as session:
            founding = found_campaign(session, files, context=context(when))
        self.__post_init__()
        return founding

    def set_baseline(
        self, unit: str, indicator: str, value: str | None, *, when: str | datetime = "31/5 08:00", **counts: Any
    ) -> Counts:
        """A baseline told later, as an import brings it: recorded, proposed anew, kept tables up to date."""
        fact = BaselineRecord(unit, indicator, 2023, None if value is None else Decimal(value), **counts)
        with self.store.writing() as session:
            arrival = Arrival(kind="baselines", source="file")
            run, _ = open_run(session, arrival, context(when))
            counted = record_baselines(session, [fact], is_simulated=False, context=context(when))
            propose_targets(session, context=context(when))
            load_facts(session, counted, run, arrival=arrival, context=context(when))
        return counted

    def set_central(
        self, indicator: str, value: str | None, *, level: str = "", when: str | datetime = "31/5 08:00"
    ) -> Counts:
        fact = CentralRecord(indicator, 2024, level, None if value is None else Decimal(value), "700/QĐ")
        with self.store.writing() as session:
            arrival = Arrival(kind="central", source="file")
            run, _ = open_run(session, arrival, context(when))
            counted = record_central(session, [fact], is_simulated=False, context=context(when))
            propose_targets(session, context=context(when))
            load_facts(session, counted, run, arrival=arrival, context=context(when))
        return counted

    def register(
        self, unit: str, indicator: str, phase: str, value: str, *, when: str | datetime = "31/5 08:00"
    ) -> Counts:
        fact = TargetRecord(unit, indicator, phase, "registered", Decimal(value), "3/KH", day("1/3"))
        with self.store.writing() as session:
            arrival = Arrival(kind="targets", source="file")
            run, _ = open_run(session, arrival, context(when))
            counted = record_targets(session, [fact], is_simulated=False, context=context(when))
            load_facts(session, counted, run, arrival=arrival, context=context(when))
        return counted

    def standing(self, when: str, **other: Any) -> dict[tuple[str, str], Result]:
        """Unit and indicator → where it stands on a day."""
        return {(row.unit, row.indicator): row for row in self.rows(when, **other)}

    def rows(self, when: str, **other: Any) -> list[Result]:
        with self.store.reading() as session:
            return find_standing(session, as_of=day(when), **other)

    def differences(self) -> list[str]:
        with self.store.reading() as session:
            return find_differences(session)

    def data_version(self) -> int:
        with self.store.reading() as session:
            return find_state(session).data_version

    def count(self, table: str) -> int:
        with self.store.reading() as session:
            return int(session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608

    def asked(self, question: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """The answer of a query."""
        with self.store.reading() as session:
            return question(session, *arguments, **options)

    def changed(self, change: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """What an action did."""
        with self.store.writing() as session:
            return change(session, *arguments, **options)


# --- histories ------------------------------------------------------------------------------------------------------


def seeds(now: int, in_all: int) -> list[Any]:
    """So many histories in every run; the others, as good as they, with the soak."""
    return [*range(now), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(now, in_all))]


def change_at_random(dice: random.Random, small: Small, *, when: str | datetime = "31/5 08:00") -> None:
    """A load most of the time; else settings, a baseline, a central target or a registration."""
    (_agree_at_random if dice.random() < 0.2 else _tell_at_random)(dice, small, when)


def _tell_at_random(dice: random.Random, small: Small, moment: str | datetime) -> None:
    """Some figures of a day not far from the others, now and then anew, as a percent alone, or of no case at all."""
    when = date(2024, 3, 3) + timedelta(days=dice.choice((0, 1, 2, 3, 5, 8, 13, 14, 15, 18, 22, 27, 29)))
    written = f"{when.day}/{when.month}"
    rows = []
    for unit in dice.sample([unit.code for unit in UNITS], dice.randint(1, 5)):
        key = dice.choice(("online", "publicity", "timeliness", "payment"))
        denominator = dice.choice((0, 4, 10, 40))
        if dice.random() < 0.2:
            rows.append((unit, key, written, None, None, float(dice.randint(0, 100))))
        else:
            rows.append((unit, key, written, dice.randint(0, denominator), denominator))
    scope = dice.choice((None, None, None, "own"))
    small.load(*rows, source=dice.choice(("igate", "file", "monthly")), scope=scope, when=moment)


def _agree_at_random(dice: random.Random, small: Small, moment: str | datetime) -> None:
    files = small_files(
        replace(
            with_indicator(small_campaign(), "online", basis=dice.choice(("campaign", "month", "day"))),
            stale_after_working_days=dice.randint(0, 4),
            volume_window_days=dice.randint(3, 28),
            least_coverage=Decimal(dice.choice((0, 20, 50))),
        )
    )
    dice.choice(
        (
            lambda: small.found(files, when=moment),
            lambda: small.set_baseline(
                dice.choice(["S1", "H2", "X1"]), "publicity", str(dice.randint(0, 100)), when=moment
            ),
            lambda: small.set_central("payment", str(dice.randint(1, 90)), when=moment),
            lambda: small.register("S2", "publicity", "first", str(dice.randint(1, 100)), when=moment),
        )
    )()


# --- fixtures -------------------------------------------------------------------------------------------------------


@pytest.fixture
def migrated(prepared: PreparedStores, database_url: str) -> Any:
    """A store with its tables and nothing in them, on either engine."""
    store = prepared.copy("migrated", migrations.upgrade, to=database_url)
    yield store
    store.close()


@pytest.fixture
def engine(request: pytest.FixtureRequest) -> str:
    """SQLite, where a test does not ask to run on each engine."""
    chosen: str = getattr(request, "param", "sqlite")
    return chosen


on_each_engine = pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
"""For what an engine has a part in, and for one test of each question and change; arithmetic runs on SQLite alone."""
postgresql_in_soak = pytest.mark.parametrize(
    "engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True
)
"""For what puts a question or a change to use whose statements another test runs on each engine already."""


@pytest.fixture
def small(prepared: PreparedStores, engine: str, request: pytest.FixtureRequest) -> Any:
    """The small campaign, founded on 1 March; on PostgreSQL too where the test is marked `on_each_engine`."""
    cluster = request.getfixturevalue("_cluster") if engine == "postgresql" else None
    store = prepared.in_turn("small", found_small, cluster=cluster)
    yield Small(store)
    store.close()


def found_small(store: Store) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        found_campaign(session, small_files(), context=context("1/3 08:00"))


@pytest.fixture
def bundled(prepared: PreparedStores, database_url: str) -> Any:
    """The bundled campaign, founded on 19 March, on either engine."""
    store = prepared.copy("bundled", _found_bundled, to=database_url)
    yield store
    store.close()


def _found_bundled(store: Store) -> None:
    migrations.upgrade(store)
    with store.writing() as session:
        found_campaign(session, load_campaign_files(BUNDLED), context=context("19/3 08:00"))


def run_in(store: Store, question: Callable[[Session], Any]) -> Any:
    with store.reading() as session:
        return question(session)


@pytest.fixture
def monthly(small) -> Small:
    """The small campaign with its online rate counted anew each month, and X5 living on to the end of March."""
    units = tuple(
        unit if unit.code != "X5" else type(unit)(**{**unit.__dict__, "valid_to": day("31/3")}) for unit in UNITS
    )
    campaign = with_indicator(small_campaign(), "online", basis="month")
    small.found(small_files(campaign, units=units), when="1/3 09:00")
    return small
