"""Writes the golden texts anew: `python -m tests.golden`, or those of one store: `python -m tests.golden before`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.kept import keep
from tests.golden.made import STORES

wanted = sys.argv[1:] or list(STORES)
if not set(wanted) <= set(STORES):
    sys.exit(f"The stores are {', '.join(STORES)}.")
with TemporaryDirectory(prefix="golden-") as folder:
    for store in wanted:
        for moment, surfaces in STORES[store](Path(folder)):
            size = keep(moment, surfaces)
            sys.stdout.write(f"{moment}: {len(surfaces)} surfaces, {size:,} bytes\n")
