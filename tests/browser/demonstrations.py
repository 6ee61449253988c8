"""What is dear to make is made once for all workers of a run; whoever wants to change it takes a copy."""

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from models.core.store import Store
from tests.browser.serving import run_job
from tests.jobs.conftest import found_bundled
from tests.made_once import made_once


def demonstration_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration's figures alone, without what an office did with them; never to be changed."""
    return made_once(factory, "demonstration-to-serve", figures_alone)


def figures_alone(home: Path) -> None:
    """A demonstration in which nobody has done anything yet, and its administrator."""
    with closing(Store(f"sqlite:///{home / 'caodiem.db'}")) as store:
        found_bundled(store, with_demonstration=True)
    run_job(home, "init")


def copy_of(home: Path, folder: Path) -> Path:
    """A home of one's own, in a folder of one's own."""
    return Path(shutil.copytree(home, folder / "home"))
