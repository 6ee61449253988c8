"""The floors themselves: a campaign's readings into a plain SQLite file."""

from collections.abc import Iterator

from tests.bench import floors
from tests.bench.measuring import Measured, time_alone


def measure() -> Iterator[Measured]:
    told, changed = floors.readings(), floors.readings(shift=1)
    with floors.readings_table() as path:
        yield time_alone(
            "sqlite3: 156,000 new readings",
            lambda: floors.upsert(path, told),
            prepare=lambda: floors.empty(path),
            rows=floors.ROWS,
        )
        yield time_alone(
            "sqlite3: the same readings, every figure changed",
            lambda: floors.upsert(path, changed),
            prepare=lambda: floors.upsert(path, told),
            rows=floors.ROWS,
        )
        yield time_alone(
            "sqlite3: the same readings, nothing changed",
            lambda: floors.upsert(path, told),
            prepare=lambda: floors.upsert(path, told),
            rows=floors.ROWS,
        )
