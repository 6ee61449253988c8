"""The store's two ways in, on both engines: nobody writes by reading, and no change gets lost."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import func, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session, col, select

from models.core.columns import day_number
from models.core.settings import Settings
from models.core.state import find_state
from models.core.store import Store, insert_rows, open_store, read_frame, read_numbers, taken_back
from models.results.kept import sql_table
from models.tables import Baseline, LatestReading, SourceRow, StoreState, Target, UnitRow
from targets.errors import StoreNotReady
from tests.models.conftest import at, day, found_small, on_each_engine

THREADS, TIMES = 8, 12


def add_state(store: Store) -> None:
    with store.writing() as session:
        session.add(StoreState(campaign_key="small"))


def add_unit(store: Store) -> int:
    with store.writing() as session:
        unit = UnitRow(code="X", level="commune", name="UBND xã X")
        session.add(unit)
        session.flush()
        assert unit.id is not None
        return unit.id


def data_version(session: Session) -> int:
    return int(session.connection().execute(text("SELECT data_version FROM store_state")).scalar_one())


def latest_reading(unit: int, **result: object) -> dict[str, list[object]]:
    """A row of a large table by column, as its writers hand it over: whole numbers may come as floats."""
    row: dict[str, object] = {
        "unit_id": float(unit),
        "indicator": "online",
        "series_id": 1,
        "period_start": day_number(date(2024, 3, 4)),
        "as_of": float(day_number(date(2024, 3, 15))),
        "revision": 1.0,
        "numerator": 5.0,
        "denominator": np.nan,
        "value": np.nan,
        "is_bound": False,
    } | result
    return {name: [value] for name, value in row.items()}


# --- reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    ["UPDATE store_state SET data_version = 9", "DELETE FROM store_state", "CREATE TABLE intruder (id INTEGER)"],
)
def test_reader_cannot_write(migrated, statement):
    add_state(migrated)

    with migrated.reading() as session, pytest.raises(DBAPIError, match=r"readonly|read-only"):
        session.connection().execute(text(statement))

    with migrated.reading() as session:
        assert data_version(session) == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_disk_that_is_full_in_the_middle_of_many_rows_is_told_as_the_store_tells_everything(migrated):
    """The fast way in goes past SQLAlchemy; what it raises would be a traceback to whoever asked.

    Only SQLite can be told how large it may become.
    """
    add_state(migrated)
    rows = {name: values * 5_000 for name, values in latest_reading(add_unit(migrated)).items()}
    rows["indicator"] = [f"one-{number}" for number in range(5_000)]
    with pytest.raises(DBAPIError, match="full"), migrated.writing() as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        insert_rows(session, sql_table(LatestReading), rows)


def test_reader_sees_one_moment_while_others_write(migrated):
    add_state(migrated)

    with migrated.reading() as reader:
        before = data_version(reader)
        with migrated.writing() as writer:
            writer.connection().execute(text("UPDATE store_state SET data_version = 1"))
        after = data_version(reader)

    assert (before, after) == (0, 0)


def test_next_reader_sees_what_was_written(migrated):
    add_state(migrated)
    with migrated.writing() as session:
        session.connection().execute(text("UPDATE store_state SET data_version = 1"))

    with migrated.reading() as session:
        assert data_version(session) == 1


def test_store_that_is_not_there_is_refused_with_the_way_out(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'nowhere.db'}")

    with pytest.raises(StoreNotReady, match="python -m jobs init"), store.reading():
        pass

    assert not (tmp_path / "nowhere.db").exists()


def test_store_that_is_not_there_is_not_made_by_writing(tmp_path):
    store = Store(f"sqlite:///{tmp_path / 'nowhere.db'}")

    with pytest.raises(StoreNotReady, match=r"nowhere\.db"), store.writing():
        pass

    assert not (tmp_path / "nowhere.db").exists()


# --- writing --------------------------------------------------------------------------------------------------------


def test_changes_made_at_once_all_count(migrated):
    add_state(migrated)
    failures: list[BaseException] = []

    def count_up() -> None:
        try:
            for _ in range(TIMES):
                with migrated.writing() as session:
                    state = session.exec(select(StoreState)).one()
                    state.data_version += 1
                    session.add(state)
        except BaseException as error:  # noqa: BLE001 # carried over to the test
            failures.append(error)

    threads = [threading.Thread(target=count_up) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    with migrated.reading() as session:
        assert data_version(session) == THREADS * TIMES


def test_failed_change_leaves_nothing_behind(migrated):
    add_state(migrated)

    with pytest.raises(ZeroDivisionError), migrated.writing() as session:
        session.add(SourceRow(key="igate", kind="igate"))
        session.connection().execute(text("UPDATE store_state SET data_version = 9"))
        insert_rows(
            session, sql_table(SourceRow), {"key": ["file"], "kind": ["file"], "enabled": [True], "version_id": [1]}
        )
        _ = 1 / 0

    with migrated.reading() as session:
        assert session.exec(select(SourceRow)).all() == []
        assert data_version(session) == 0


@on_each_engine
@pytest.mark.parametrize("breaks", [False, True])
def test_what_is_tried_is_seen_while_it_is_tried_and_gone_afterwards(small, breaks):
    with small.store.writing() as session:
        session.add(SourceRow(key="before", kind="file"))
        with suppress(IntegrityError), taken_back(session):
            session.add(SourceRow(key="tried", kind="file"))
            session.flush()
            during = set(session.exec(select(SourceRow.key)))
            if breaks:
                session.add(SourceRow(key="tried", kind="file"))
                session.flush()
        session.add(SourceRow(key="after", kind="file"))

    assert {"before", "tried"} <= during
    with small.store.reading() as session:
        assert set(session.exec(select(SourceRow.key))) == (during - {"tried"}) | {"after"}


def test_change_after_a_failed_one_goes_through(migrated):
    add_state(migrated)
    with pytest.raises(ZeroDivisionError), migrated.writing():
        _ = 1 / 0

    with migrated.writing() as session:
        session.add(SourceRow(key="igate", kind="igate"))

    with migrated.reading() as session:
        assert [row.key for row in session.exec(select(SourceRow))] == ["igate"]


def test_foreign_key_must_point_at_something(migrated):
    with pytest.raises(IntegrityError), migrated.writing() as session:
        session.add(
            Baseline(
                unit_id=77, indicator="online", year=2023, value=Decimal(1), by="x", reason="x", recorded_at=at("1/3")
            )
        )


def test_foreign_key_must_point_at_something_when_many_rows_are_written_at_once(migrated):
    with pytest.raises(Exception, match=r"(?i)foreign key"), migrated.writing() as session:
        insert_rows(session, sql_table(LatestReading), latest_reading(77))


# --- the embedded file ----------------------------------------------------------------------------------------------


def test_embedded_store_lets_readers_read_while_somebody_writes(small):
    with small.store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"

    with small.store.writing() as writer:
        writer.connection().execute(text("UPDATE store_state SET data_version = 99"))
        with small.store.reading() as reader:
            assert data_version(reader) != 99


def test_embedded_store_checks_foreign_keys_on_every_connection(small):
    with small.store.writing() as writer, small.store.reading() as reader:
        found = [
            session.connection().exec_driver_sql("PRAGMA foreign_keys").scalar_one() for session in (writer, reader)
        ]

    assert found == [1, 1]


# --- large tables ---------------------------------------------------------------------------------------------------


@on_each_engine
def test_insert_rows_brings_back_what_went_in(small):
    small.load(("S1", "online", "15/3", 1, 2))
    unit = small.ids["S2"]
    columns = latest_reading(unit, numerator=6_000_000_000.0, value=33.3, is_bound=True)

    with small.store.writing() as session:
        inserted = insert_rows(session, sql_table(LatestReading), columns)

    with small.store.reading() as session:
        row = session.exec(select(LatestReading).where(LatestReading.unit_id == unit)).one()
    assert inserted == 1
    assert (row.as_of, row.revision, row.numerator, row.denominator) == (day("15/3"), 1, 6_000_000_000, None)
    assert (row.value, row.is_bound, type(row.numerator)) == (33.3, True, int)


@on_each_engine
def test_insert_rows_writes_unknown_numbers_as_null(small):
    small.load(("S1", "online", "15/3", 1, 2))
    columns = latest_reading(small.ids["S2"], numerator=np.nan, value=float("nan"))

    with small.store.writing() as session:
        insert_rows(session, sql_table(LatestReading), columns)

    with small.store.reading() as session:
        unknown = session.exec(
            select(func.count()).where(col(LatestReading.numerator).is_(None), col(LatestReading.value).is_(None))
        ).one()
    assert unknown == 1


@pytest.mark.parametrize("columns", [{}, {"key": [], "kind": []}], ids=["no column", "no row"])
def test_insert_rows_does_nothing_without_rows(migrated, columns):
    with migrated.writing() as session:
        assert insert_rows(session, sql_table(SourceRow), columns) == 0


@on_each_engine
def test_read_frame_gives_days_as_whole_numbers_and_unknown_as_missing(small):
    small.load(("S1", "online", "15/3", 1, 2), ("S2", "online", "15/3", None, None, 40.0))

    with small.store.reading() as session:
        frame = read_frame(
            session,
            select(LatestReading.as_of, LatestReading.numerator, LatestReading.value).order_by(LatestReading.unit_id),
        )

    assert frame["as_of"].tolist() == [day_number(day("15/3"))] * 2
    assert frame["numerator"].isna().tolist() == [False, True]
    assert frame["value"].isna().tolist() == [True, False]


@on_each_engine
def test_read_frame_gives_decimals_that_lose_no_digit(small):
    with small.store.reading() as session:
        frame = read_frame(
            session, select(Target.value).where(Target.unit_id == small.ids["S2"], Target.phase == "first")
        )

    assert {str(value) for value in frame["value"].dropna()} == {"100", "72.37"}


def test_read_frame_without_rows_has_its_columns(migrated):
    with migrated.reading() as session:
        frame = read_frame(session, select(UnitRow.code, UnitRow.name))

    assert frame.columns.tolist() == ["code", "name"]
    assert len(frame) == 0


@on_each_engine
def test_read_numbers_gives_every_column_as_floats_and_unknown_as_nan(small):
    small.load(("S1", "online", "15/3", 1, 2), ("S2", "online", "15/3", None, None, 40.0))

    with small.store.reading() as session:
        numbers = read_numbers(
            session,
            select(LatestReading.as_of, LatestReading.numerator, LatestReading.is_bound).order_by(
                LatestReading.unit_id
            ),
        )

    assert numbers["as_of"].tolist() == [day_number(day("15/3"))] * 2
    assert numbers["numerator"].tolist() == pytest.approx([1, np.nan], nan_ok=True)
    assert numbers["is_bound"].tolist() == [0, 0]


@on_each_engine
def test_read_numbers_keeps_columns_named_whole_in_half_the_room(small):
    small.load(("S1", "online", "15/3", 1, 2))

    with small.store.reading() as session:
        numbers = read_numbers(session, select(LatestReading.as_of, LatestReading.numerator), whole=("as_of",))

    assert (numbers["as_of"].itemsize, numbers["numerator"].itemsize) == (4, 8)
    assert (numbers["as_of"].tolist(), numbers["numerator"].tolist()) == ([day_number(day("15/3"))], [1])


def test_read_numbers_without_rows_has_its_columns(migrated):
    with migrated.reading() as session:
        numbers = read_numbers(session, select(LatestReading.as_of, LatestReading.numerator))

    assert {name: values.tolist() for name, values in numbers.items()} == {"as_of": [], "numerator": []}


# --- opening --------------------------------------------------------------------------------------------------------


def test_one_process_opens_a_store_once(tmp_path):
    settings = Settings(home=tmp_path)

    assert open_store(settings) is open_store(settings)


def test_stores_of_two_homes_are_two(tmp_path):
    first, second = open_store(Settings(home=tmp_path / "a")), open_store(Settings(home=tmp_path / "b"))

    assert Path(first.url).parent != Path(second.url).parent


def test_store_says_whether_it_has_tables(migrated, tmp_path):
    with closing(Store(f"sqlite:///{tmp_path / 'empty.db'}")) as empty:
        assert (migrated.has_tables(), empty.has_tables()) == (True, False)


# --- a place that takes no file -------------------------------------------------------------------------------------


@pytest.fixture
def at_rest(prepared) -> Iterator[Path]:
    """A store nobody has open, in a folder that others can reach."""
    folder = Path(tempfile.mkdtemp(prefix="caodiem-at-rest-"))
    folder.chmod(0o755)
    prepared.copy("small", found_small, to=f"sqlite:///{folder / 'store.db'}").close()
    (folder / "store.db").chmod(0o644)
    yield folder / "store.db"
    folder.chmod(0o755)
    shutil.rmtree(folder)


def read_only(place: Path) -> None:
    place.parent.chmod(0o555)
    place.chmod(0o444)
    if os.geteuid() == 0:  # whom no mode keeps from writing
        os.setgid(65534)
        os.setuid(65534)


def full(_place: Path) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@pytest.mark.parametrize("make", [read_only, full])
def test_store_is_read_where_no_file_can_be_written_and_never_past_what_is_in_its_log(at_rest, make):
    assert asked_elsewhere(at_rest, make) == "small"

    log = at_rest.with_name("store.db-wal")
    log.write_bytes(b"something that was not brought in yet")
    log.chmod(0o444)
    assert asked_elsewhere(at_rest, make).startswith("StoreNotReady")


def asked_elsewhere(place: Path, make: Callable[[Path], None]) -> str:
    """The campaign of a store as a process of its own reads it, or what keeps it from reading."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = "nothing"
        try:
            make(place)
            with closing(Store(f"sqlite:///{place}")) as store, store.reading() as session:
                said = find_state(session).campaign_key
        except BaseException as error:  # noqa: BLE001 - the parent is told
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.waitpid(child, 0)
    said = os.read(reading, 1000).decode()
    os.close(reading)
    os.close(writing)
    return said


@pytest.mark.soak
def test_process_that_ends_leaves_one_whole_file(tmp_path):
    """Whoever copies the store copies what was written, though nobody closed it."""
    script = (
        "from models import migrations; from models.core.settings import Settings;"
        "from models.core.store import open_store; "
        f"migrations.upgrade(open_store(Settings(database='sqlite:///{tmp_path / 'store.db'}')))"
    )
    subprocess.run([sys.executable, "-c", script], check=True)

    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]
