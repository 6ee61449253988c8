"""What is dear to make is made once for all workers of a run; whoever wants to change it takes a copy."""

import shutil
from pathlib import Path

import pytest

from tests.browser.serving import run_job
from tests.made_once import made_once


def demonstration_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration store, as `make run` makes it; never to be changed."""
    return made_once(factory, "demonstration-to-serve", lambda home: run_job(home, "init", "--demo"))


def copy_of(home: Path, folder: Path) -> Path:
    """A home of one's own, in a folder of one's own."""
    return Path(shutil.copytree(home, folder / "home"))
