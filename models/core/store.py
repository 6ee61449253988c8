"""The store: one database, opened for reading or for one change at a time.

SQLite runs in WAL mode with foreign keys; writers begin with BEGIN IMMEDIATE, so that two changes never work from the
same past (measured: with the default, 800 concurrent increments ended at 430). Readers cannot write on either engine.
"""

import atexit
import math
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy import Connection, Engine, Executable, Integer, Table, create_engine, event, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from models import tables
from models.core.audit import KEY
from models.core.columns import Day
from models.core.settings import Settings
from targets.errors import StoreNotReady

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

BUSY_SECONDS = 10
CACHE_KILOBYTES = 8_192
"""Pages that a connection keeps at hand: what a day's load reads and writes of a province, several times over."""
NO_ROOM_BESIDE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
"""SQLite's own codes where it may not, or cannot, write a file beside the store."""
BLOCK = 20_000
"""Rows turned from objects into numbers at a time: enough to be fast, few enough to stay small."""
StoreSession = Session
"""What `reading` and `writing` hand out; pages, which know no database library, hand it on by this name."""
Value = TypeVar("Value", bound="DataclassInstance")
Numbers = dict[str, npt.NDArray[Any]]
WHOLE = (Integer, Day)
"""Types of columns that hold whole numbers."""


class Store:
    """A database with its two ways in: `reading()` and `writing()`.

    With `audit_key` what is written bears a seal that cannot be made with the database alone (`models.core.audit`).
    """

    def __init__(self, url: str, *, audit_key: str = "") -> None:
        self.url = url
        self.info = {KEY: audit_key}
        """What sessions of this store are given in their `info`."""
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._writer = _engine(url, is_read_only=False)
        self._reader = _engine(url, is_read_only=True)

    @property
    def engine(self) -> Engine:
        """For migrations and backups; everything else uses `reading` or `writing`."""
        return self._writer

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the store and cannot change it."""
        self.check_exists()
        with Session(self._reader, info=self.info) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session for one change, committed at the end, rolled back on any error; changes queue for it.

        Holds the store's single state row, so that data version and audit chain grow by one change at a time.
        """
        self.check_exists()
        with Session(self._writer, info=self.info) as session, session.begin():
            session.exec(select(tables.StoreState.id).with_for_update()).one_or_none()
            yield session

    def check_exists(self) -> None:
        """Raise StoreNotReady where the embedded file is missing: connecting would create an empty one."""
        if self._is_missing():
            place = make_url(self.url).database
            raise StoreNotReady(
                f"There is no store at {place}. Run `python -m jobs init` (or `init --demo`) first.",
                code="no_store",
                place=str(place),
            )

    def has_tables(self) -> bool:
        return not self._is_missing() and inspect(self._reader).has_table("store_state")

    def _is_missing(self) -> bool:
        database = make_url(self.url).database
        return self.is_sqlite and database not in (None, "", ":memory:") and not Path(str(database)).exists()

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """Take back at the end whatever is written within: a change is previewed by making it and reading its results.

    For sessions of `Store.writing`.
    """
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
        session.expunge_all()


def _engine(url: str, *, is_read_only: bool) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "postgresql":
        address = parsed.set(drivername="postgresql+psycopg")
        if not is_read_only:
            # Read committed: what a change reads after its turn has come is what the change before it left.
            return create_engine(address, pool_pre_ping=True)
        options = {"options": "-c default_transaction_read_only=on"}
        return create_engine(address, connect_args=options, isolation_level="REPEATABLE READ", pool_pre_ping=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})

    @event.listens_for(engine, "do_connect")
    def _connect(dialect: Any, _record: Any, place: list[str], options: dict[str, Any]) -> Any:
        connection = dialect.connect(*place, **options)
        if is_read_only and _is_at_rest_and_closed(connection, place[0]):
            connection.close()
            address = f"file:{quote(place[0])}?immutable=1"
            connection = dialect.connect(address, **options, uri=True)
        return connection

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        if is_read_only:
            cursor.execute("PRAGMA query_only = ON")
        else:
            cursor.execute("PRAGMA journal_mode = WAL")
            cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if is_read_only else "BEGIN IMMEDIATE")

    return engine


def _is_at_rest_and_closed(connection: sqlite3.Connection, place: str) -> bool:
    """Whether nobody writes to a store that SQLite cannot open as usual: its place is read-only or full.

    Even to read, SQLite puts a file beside a store in WAL mode. With an empty log it can do without that file.
    """
    try:
        connection.execute("SELECT 1 FROM sqlite_schema LIMIT 1")
    except sqlite3.OperationalError as error:
        log = Path(f"{place}-wal")
        return error.sqlite_errorcode & 0xFF in NO_ROOM_BESIDE and not (log.exists() and log.stat().st_size)
    except sqlite3.DatabaseError:
        pass  # the first question asked of it raises the error
    return False


@lru_cache(maxsize=64)
def _opened(url: str, audit_key: str) -> Store:
    store = Store(url, audit_key=audit_key)
    # The last to close a store in WAL mode takes its log into it: a copy of the one file is then whole.
    atexit.register(store.close)
    return store


def open_store(settings: Settings) -> Store:
    """The store of these settings; one per address and process. It may still be empty (see `Store.reading`)."""
    return _opened(settings.database_url, settings.audit_key.get_secret_value())


def filled(kind: type[Value], row: Any, /, **more: Any) -> Value:
    """A dataclass filled with what a row holds under the names of its fields, and with `more` in their place."""
    names = [field.name for field in fields(kind) if field.name not in more and hasattr(row, field.name)]
    return kind(**{name: getattr(row, name) for name in names}, **more)


def read_frame(session: Session, statement: Executable) -> pd.DataFrame:
    """The rows of a statement as a frame, straight from the driver: days stay whole numbers, decimals stay text.

    Ten times faster than objects; for the large tables only.
    """
    columns = read_columns(session, statement)
    if not any(map(len, columns.values())):
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})
    return pd.DataFrame(columns)


def read_columns(session: Session, statement: Executable) -> dict[str, list[Any]]:
    """The rows of a statement by column, as the driver gives them: a quarter of what a frame of words costs."""
    result = session.connection().execute(statement)
    names = list(result.keys())
    rows = result.cursor.fetchall()
    result.close()
    return dict(zip(names, map(list, zip(*rows, strict=True)) if rows else ([] for _ in names), strict=True))


def read_numbers(session: Session, statement: Executable, *, whole: Collection[str] = ()) -> Numbers:
    """The columns of a statement that answers numbers only, as floats; NULL becomes NaN. The fastest way in.

    Columns named `whole` are never NULL and below 2³¹: they take half the room. Nothing is held twice.
    """
    result = session.connection().execute(statement)
    names = list(result.keys())
    types = [np.int32 if name in whole else np.float64 for name in names]
    grown = [bytearray() for _ in names]
    while rows := result.cursor.fetchmany(BLOCK):
        block = np.array(rows, dtype=np.float64)
        for position, of in enumerate(types):
            grown[position] += block[:, position].astype(of).tobytes()
    result.close()
    # Bytes that grow in place are never copied at the end, as arrays joined from many blocks would be.
    return {name: np.frombuffer(grown[at], dtype=types[at]) for at, name in enumerate(names)}


def insert_rows(session: Session, table: Table, columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]) -> int:
    """Insert many rows given by column, through the driver's own fast way; answers how many.

    Floats that are NaN become NULL. Days must already be whole numbers. Arrays become Python's numbers block by block.
    """
    names = list(columns)
    count = len(columns[names[0]]) if names else 0
    if not count:
        return 0
    connection = session.connection()
    driver: Any = connection.connection.dbapi_connection
    listed = ", ".join(names)
    blocks = (_block(columns, start) for start in range(0, count, BLOCK))
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" * len(names))
        cursor = driver.cursor()
        with _refusals_told(connection):
            for block in blocks:
                rows = zip(*block.values(), strict=True)
                cursor.executemany(f"INSERT INTO {table.name} ({listed}) VALUES ({places})", rows)  # noqa: S608
        return count
    with (
        _refusals_told(connection),
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({listed}) FROM STDIN") as copy,
    ):
        for block in blocks:
            copied = [_copied(values, is_whole=isinstance(table.c[name].type, WHOLE)) for name, values in block.items()]
            for row in zip(*copied, strict=True):
                copy.write_row(row)
    return count


@contextmanager
def _refusals_told(connection: Connection) -> Iterator[None]:
    """Raises what the driver itself raises (a full disk, a broken connection) as SQLAlchemy's own error."""
    refusal = connection.dialect.loaded_dbapi.Error
    try:
        yield
    except refusal as error:
        raise DBAPIError.instance(None, None, error, refusal, dialect=connection.dialect) from error


def _block(columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]], start: int) -> dict[str, Sequence[Any]]:
    """A stretch of the columns as lists."""
    return plain_columns({name: values[start : start + BLOCK] for name, values in columns.items()})


def plain_columns(columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]) -> dict[str, Sequence[Any]]:
    """The columns as Python's own numbers and words."""
    return {name: values.tolist() if isinstance(values, np.ndarray) else values for name, values in columns.items()}


def _copied(values: Sequence[Any], *, is_whole: bool) -> Sequence[Any]:
    """A column as COPY reads it: unknown as NULL, and a count that came as the float 5.0 as 5."""
    known = [None if _is_nan(value) else value for value in values]
    return [None if value is None else int(value) for value in known] if is_whole else known


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)
