"""How a benchmark measures: always beside a floor in the same run, since seconds differ by machine and ratios hardly.

A file `bench_*.py` in this folder has one function `measure(size)` that yields `Measured` rows; `python -m tests.bench`
finds it, and so does the test that runs it at its smallest size. A benchmark of an import, for example:

    def measure(size: Size) -> Iterator[Measured]:
        told = floors.readings(days=size.days)
        with floors.readings_table() as floor_path, migrated_store() as store:
            yield compare(
                f"import {len(told):,} readings",
                lambda: import_file(store, WORKBOOK),
                prepare=lambda: empty_readings(store),
                floor=lambda: floors.upsert(floor_path, told),
                prepare_floor=lambda: floors.empty(floor_path),
                rows=len(told),
                most=4,
                times=size.times(5),
            )
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Size:
    """How much there is to do: the full size tells how fast it is done, the smallest only that it still can be."""

    province: int
    country: int
    """How many units each has; no fewer than the bundled campaign."""
    days: int
    """How many days have been told."""
    is_full: bool = True

    def times(self, many: int) -> int:
        """How often something is measured, of which the best counts: so many times, or once at the smallest size."""
        return many if self.is_full else 1


FULL = Size(province=260, country=11_000, days=100)
SMALLEST = Size(province=260, country=300, days=2, is_full=False)


@dataclass(frozen=True)
class Measured:
    """One row of the table: the best of several times, beside a floor and what is accepted."""

    what: str
    seconds: float
    floor: float | None = None
    """Seconds of the floor, measured in the same run; None where this row is a floor itself."""
    rows: int | None = None
    peak: int | None = None
    """Peak resident memory of a process that did only this, bytes."""
    most: float | None = None
    """The greatest ratio to the floor that is accepted."""
    most_seconds: float | None = None
    most_peak: int | None = None
    """What is accepted on any machine, where somebody waits for it or a server has no more."""
    note: str = ""

    def __post_init__(self) -> None:
        if self.most is not None and self.floor is None:
            raise ValueError(f"{self.what}: a ratio is accepted, but no floor was measured.")

    @property
    def ratio(self) -> float | None:
        return None if self.floor is None else self.seconds / self.floor

    @property
    def is_accepted(self) -> bool:
        accepted = ((self.ratio, self.most), (self.seconds, self.most_seconds), (self.peak, self.most_peak))
        return all(own is None or most is None or own <= most for own, most in accepted)


@dataclass(frozen=True)
class Alone:
    """What a process took that did one thing only."""

    seconds: float
    """From its start to its end, Python's own start and imports included."""
    peak: int
    """Peak resident memory, bytes."""


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
    )


LAUNCHER = """
import json, os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
started = time.perf_counter()
child = os.posix_spawn(sys.executable, [sys.executable, *sys.argv[1:]], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), time.perf_counter() - started, usage.ru_maxrss]))
"""
"""Stands between whoever measures and the process that is measured.

Linux lets a process begin with the peak of the one that started it, so that one must be small.
"""


def run_alone(command: Sequence[str], *, accepted: Sequence[int] = (0,)) -> Alone:
    """Run `python COMMAND…` in the checkout, e.g. `["-m", "jobs", "standing"]`; its output is dropped."""
    outcome = subprocess.run(
        [sys.executable, "-I", "-S", "-c", LAUNCHER, *command], cwd=PROJECT, stdout=subprocess.PIPE, check=True
    )
    code, seconds, peak = json.loads(outcome.stdout)
    if code not in accepted:
        raise subprocess.CalledProcessError(code, command)
    # Linux counts kilobytes, macOS bytes.
    return Alone(seconds, peak * (1 if sys.platform == "darwin" else 1024))
