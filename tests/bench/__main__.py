"""Runs every `bench_*.py` beside this file, each in a process of its own, and prints its table as soon as it ends.

When all of them have run to their end at their full size, the tables are written to docs/BENCHMARKS.md too; with words,
or with --smallest, they are only printed. Exits 1 where one failed or something is over what is accepted.
"""

import argparse
import sys

from models.core.clock import machine_now
from tests.bench.measuring import FULL, PROJECT, SMALLEST
from tests.bench.report import document, table, this_machine
from tests.bench.running import names, run

DOCUMENT = PROJECT / "docs" / "BENCHMARKS.md"


def main(arguments: list[str]) -> int:
    asked = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("words", nargs="*", metavar="WORD", help="only those whose names hold one of the words")
    asked.add_argument("--smallest", action="store_true", help="at the smallest size: whether they still run")
    options = asked.parse_args(arguments)
    chosen = [name for name in names() if not options.words or any(word in name for word in options.words)]
    if not chosen:
        asked.error(f"no benchmark is called so; there are {', '.join(names())}")
    machine = this_machine(machine_now().astimezone().date())
    outcomes = []
    for name in chosen:
        print(f"{name} ...", file=sys.stderr)
        outcomes.append(run(name, SMALLEST if options.smallest else FULL))
        print(f"{table(outcomes[-1].rows)}\n", flush=True)
    failed = [outcome.name for outcome in outcomes if outcome.has_failed]
    if failed:
        print(f"Failed before their last row: {', '.join(failed)}. No document was written.", file=sys.stderr)
    elif not options.words and not options.smallest:
        DOCUMENT.parent.mkdir(exist_ok=True)
        DOCUMENT.write_text(document(outcomes, machine), encoding="utf-8")
        print(f"Written to {DOCUMENT.relative_to(PROJECT)}.", file=sys.stderr)
    is_accepted = all(row.is_accepted for outcome in outcomes for row in outcome.rows)
    return 0 if is_accepted and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
