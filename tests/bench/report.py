"""What was measured, as a table for the terminal and as `docs/BENCHMARKS.md`."""

import os
import platform
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tests.bench.measuring import Measured
from tests.bench.running import Outcome, subject

HEADS = ("what", "time", "floor", "ratio", "rows/s", "peak", "at most", "of which")
NUMBERS = HEADS[1:-1]
OVER = "OVER"
INTRODUCTION = """\
# What is fast, and beside what

Made by `make bench`; not edited by hand. Each benchmark runs in a process of its own, alone; **time** is the best of
several where it is short. **floor** is what cannot be beaten, or the smaller of two that should grow alike; it is
measured in the same run, because seconds differ by machine and the **ratio** of the two hardly does. A row without a
floor is one. **peak** is the resident memory of a process that does only this. What is over **at most** says OVER.
"""


@dataclass(frozen=True)
class Machine:
    """Where and when it was measured."""

    day: date
    processor: str
    cores: int
    memory: int
    """Bytes."""
    system: str
    load: float
    """How many processes wanted a core in the minute before."""


def this_machine(day: date) -> Machine:
    return Machine(
        day=day,
        processor=_processor(),
        cores=os.cpu_count() or 1,
        memory=os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        system=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}",
        load=os.getloadavg()[0],
    )


def _processor() -> str:
    """Linux tells its model in a file; elsewhere Python knows at most its family."""
    result = Path("/proc/cpuinfo")
    lines = result.read_text(encoding="utf-8").splitlines() if result.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return next(iter(models), "") or platform.processor() or "not known"


def cells(row: Measured) -> tuple[str, ...]:
    """The row's cells, one for each of `HEADS`."""
    return (
        row.what,
        _time(row.seconds),
        "" if row.floor is None else _time(row.floor),
        "" if row.ratio is None else f"{row.ratio:.2f}",
        "" if row.rows is None else f"{row.rows / row.seconds:,.0f}",
        "" if row.peak is None else _memory(row.peak),
        _most(row),
        row.note,
    )


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1000 * seconds:.1f} ms"


def _memory(peak: int) -> str:
    return f"{peak / 2**20:,.0f} MiB"


def _most(row: Measured) -> str:
    said = [
        "" if row.most is None else f"{row.most:g}",
        "" if row.most_seconds is None else f"{row.most_seconds:g} s",
        "" if row.most_peak is None else _memory(row.most_peak),
    ]
    return ", ".join(filter(None, said)) + ("" if row.is_accepted else f" {OVER}")


def table(rows: Sequence[Measured]) -> str:
    lines = _filled(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if head in NUMBERS else cell.ljust(width)
            for head, cell, width in zip(lines[0], line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _filled(rows: Sequence[Measured]) -> list[tuple[str, ...]]:
    """The heads and the rows' cells, without the columns that none of these rows fills."""
    lines = [cells(row) for row in rows]
    kept = [column for column in range(len(HEADS)) if any(line[column] for line in lines)]
    return [tuple(line[column] for column in kept) for line in (HEADS, *lines)]


def document(outcomes: Sequence[Outcome], machine: Machine) -> str:
    facts = (
        f"- Day: {machine.day}",
        f"- Processor: {machine.processor}, {machine.cores} cores",
        f"- Memory: {machine.memory / 2**30:.1f} GiB",
        f"- System: {machine.system}",
        f"- Load in the minute before: {machine.load:.1f} of {machine.cores} cores",
    )
    sections = (
        f"## {outcome.name.removeprefix('bench_').replace('_', ' ').capitalize()}\n\n"
        f"{subject(outcome.name)}\n\n{_section(outcome.rows)}\n"
        for outcome in outcomes
    )
    return "\n".join([INTRODUCTION, "\n".join(facts) + "\n", *sections])


def _section(rows: Sequence[Measured]) -> str:
    heads, *lines = _filled(rows)
    marks = tuple("--:" if head in NUMBERS else "---" for head in heads)
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in (heads, marks, *lines)
    )
