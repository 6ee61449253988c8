"""The bundled campaign with few of its units: whatever changes a store keeps the results of every unit and day anew."""

import csv
import shutil
import tempfile
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from models.core.store import Store
from tests.jobs.conftest import BUNDLED, found_bundled
from tests.made_once import made_once

WITH_COMMUNES = ("H21.57", "H21.65")
"""The only districts that keep theirs."""


def write_few_units(folder: Path) -> Path:
    """The campaign's folder: the province, all its departments and districts, and some communes."""
    units = shutil.copytree(BUNDLED, folder) / "units.csv"
    with units.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.reader(stream) if row[1] != "commune" or row[3] in WITH_COMMUNES]
    with units.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return folder


def real_one(factory: pytest.TempPathFactory) -> Path:
    """A real store's home, its campaign just begun; copied, never changed."""
    return made_once(factory, "few-units-real", partial(_found, start="2024-04-29"))


def demonstrated(factory: pytest.TempPathFactory) -> Path:
    """A demonstration's home; copied, never changed."""
    make = partial(_found, start="2024-04-19", with_demonstration=True)
    return made_once(factory, "few-units-demonstration", make)


def _found(home: Path, *, start: str, with_demonstration: bool = False) -> None:
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store, tempfile.TemporaryDirectory() as place:
        folder = write_few_units(Path(place) / "campaign")
        settings = folder / "campaign.toml"
        words = settings.read_text(encoding="utf-8")
        settings.write_text(words.replace("start = 2024-03-22", f"start = {start}"), encoding="utf-8")
        found_bundled(store, folder, with_demonstration=with_demonstration)
