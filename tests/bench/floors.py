"""What cannot be beaten: the same rows through nothing but Python's own sqlite3."""

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from models.tables import Reading

UNITS, INDICATORS = 260, 6
TABLE = Reading.metadata.tables["reading"]
COLUMNS = tuple(column.name for column in TABLE.columns)
KEY = tuple(column.name for column in TABLE.primary_key.columns)
_reported = [name for name in COLUMNS if name not in KEY]
UPSERT = (
    f"INSERT INTO reading ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) "  # noqa: S608 - our own names
    f"ON CONFLICT ({', '.join(KEY)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _reported)} "
    f"WHERE ({', '.join(_reported)}) IS NOT ({', '.join(f'excluded.{name}' for name in _reported)})"
)


def readings(*, days: int, shift: int = 0) -> list[tuple[object, ...]]:
    """A province's readings of so many days as tuples of `COLUMNS`; `shift` changes every figure and no key."""
    start = 19_804  # 22/03/2024
    return [
        tuple(
            {
                "series_id": series,
                "period_start": start,
                "as_of": start + day,
                "revision": 1,
                "period_end": start + day,
                "numerator": 10 * day + series % 7 + shift,
                "denominator": 25 * day + 40 + shift,
                "run_id": day + 1,
            }.get(column)
            for column in COLUMNS
        )
        for day in range(days)
        for series in range(1, UNITS * INDICATORS + 1)
    ]


@contextmanager
def readings_table() -> Iterator[Path]:
    """A file with the store's table of readings, its indexes, and nothing in it."""
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as folder:
        path = Path(folder) / "floor.db"
        engine = create_engine(f"sqlite:///{path}")
        TABLE.create(engine)
        engine.dispose()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        yield path


def upsert(path: Path, rows: Sequence[tuple[object, ...]]) -> None:
    """All rows in one transaction, as durable as the store writes."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.executemany(UPSERT, rows)


def empty(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM reading")
