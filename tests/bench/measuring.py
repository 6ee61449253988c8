"""How a benchmark measures: always beside a floor in the same run, since seconds differ by machine and ratios hardly.

A file `bench_*.py` in this folder has one function `measure()` that yields `Measured` rows; `python -m tests.bench`
finds it. A benchmark of an import, for example:

    def measure() -> Iterator[Measured]:
        with floors.readings_table() as floor_path, migrated_store() as store:
            yield compare(
                "import 156,000 readings",
                lambda: import_file(store, WORKBOOK),
                prepare=lambda: empty_readings(store),
                floor=lambda: floors.upsert(floor_path, rows),
                prepare_floor=lambda: floors.empty(floor_path),
                rows=156_000,
                most=4,
            )
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Measured:
    """One row of the table. `seconds` is the best of several; `most` the ratio to the floor that is still accepted."""

    what: str
    seconds: float
    floor: float | None = None
    """Seconds of the floor; None where this row is a floor itself."""
    rows: int | None = None
    most: float | None = None
    peak: int | None = None
    """Peak resident memory of a process that did only this, bytes."""

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.seconds / self.floor

    @property
    def is_accepted(self) -> bool:
        return self.ratio is None or self.most is None or self.ratio <= self.most


def _seconds(action: Callable[[], object], prepare: Callable[[], object] | None) -> float:
    if prepare is not None:
        prepare()
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def time_alone(
    what: str,
    action: Callable[[], object],
    *,
    prepare: Callable[[], object] | None = None,
    rows: int | None = None,
    times: int = 5,
) -> Measured:
    """Measure a floor; `prepare` runs before each time and is not counted."""
    return Measured(what, min(_seconds(action, prepare) for _ in range(times)), rows=rows)


def compare(
    what: str,
    action: Callable[[], object],
    *,
    floor: Callable[[], object],
    prepare: Callable[[], object] | None = None,
    prepare_floor: Callable[[], object] | None = None,
    rows: int | None = None,
    most: float | None = None,
    peak: int | None = None,
    times: int = 5,
) -> Measured:
    """Measure an action beside its floor, in turns, so that a busy moment of the machine meets both."""
    turns = [(_seconds(action, prepare), _seconds(floor, prepare_floor)) for _ in range(times)]
    return Measured(
        what,
        seconds=min(own for own, _ in turns),
        floor=min(other for _, other in turns),
        rows=rows,
        most=most,
        peak=peak,
    )


def peak_memory(command: Sequence[str], *, accepted: Sequence[int] = (0,)) -> int:
    """Peak resident memory in bytes of `python COMMAND…`, e.g. `["-m", "jobs", "standing"]`, run in the checkout."""
    process = subprocess.Popen([sys.executable, *command], cwd=PROJECT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in accepted:
        raise subprocess.CalledProcessError(process.returncode, command)
    # Linux counts kilobytes, macOS bytes.
    return usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
