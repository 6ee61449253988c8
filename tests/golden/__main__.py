"""Writes the golden texts anew: `python -m tests.golden`, or only some moments: `python -m tests.golden day-47`."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.golden.kept import keep
from tests.golden.made import MOMENTS, made

wanted = tuple(sys.argv[1:]) or MOMENTS
if not set(wanted) <= set(MOMENTS):
    sys.exit(f"The moments are {', '.join(MOMENTS)}.")
with TemporaryDirectory(prefix="golden-") as folder:
    for moment, surfaces in made(Path(folder)):
        if moment in wanted:
            size = keep(moment, surfaces)
            sys.stdout.write(f"{moment}: {len(surfaces)} surfaces, {size:,} bytes\n")
