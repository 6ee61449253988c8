"""Runs every `bench_*.py` beside this file, or those whose names hold a given word, and prints one table.

Exits 1 where something is slower beside its floor than accepted.
"""

import importlib
import sys
from pathlib import Path

from tests.bench.measuring import Measured

HEADS = ("what", "best of n", "rows/s", "floor", "ratio", "at most", "peak")


def cells(row: Measured) -> tuple[str, ...]:
    return (
        row.what,
        f"{1000 * row.seconds:,.1f} ms",
        f"{row.rows / row.seconds:,.0f}" if row.rows else "",
        f"{1000 * row.floor:,.1f} ms" if row.floor is not None else "is one",
        f"{row.ratio:.2f}" if row.ratio is not None else "",
        f"{row.most:g}{'' if row.is_accepted else '  TOO SLOW'}" if row.most is not None else "",
        f"{row.peak / 2**20:,.0f} MiB" if row.peak else "",
    )


def table(rows: list[Measured]) -> str:
    lines = [HEADS, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADS))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def main(words: list[str]) -> int:
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    chosen = [name for name in names if not words or any(word in name for word in words)]
    if not chosen:
        print(f"No benchmark is called so. There are: {', '.join(names)}", file=sys.stderr)
        return 2
    rows: list[Measured] = []
    for name in chosen:
        print(f"{name} ...", file=sys.stderr)
        rows += importlib.import_module(f"tests.bench.{name}").measure()
    print(table(rows))
    return 0 if all(row.is_accepted for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
