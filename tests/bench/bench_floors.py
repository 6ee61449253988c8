"""The floors themselves: a campaign's readings into a plain SQLite file."""

from collections.abc import Iterator

from tests.bench import floors
from tests.bench.measuring import Measured, Size, time_alone


def measure(size: Size) -> Iterator[Measured]:
    result, changed = floors.readings(days=size.days), floors.readings(days=size.days, shift=1)
    with floors.readings_table() as path:
        yield time_alone(
            f"sqlite3: {len(result):,} new readings",
            lambda: floors.upsert(path, result),
            prepare=lambda: floors.empty(path),
            rows=len(result),
            times=size.times(5),
        )
        yield time_alone(
            "sqlite3: the same readings, every figure changed",
            lambda: floors.upsert(path, changed),
            prepare=lambda: floors.upsert(path, result),
            rows=len(result),
            times=size.times(5),
        )
        yield time_alone(
            "sqlite3: the same readings, nothing changed",
            lambda: floors.upsert(path, result),
            prepare=lambda: floors.upsert(path, result),
            rows=len(result),
            times=size.times(5),
        )
