"""What is dear to make is made once for all workers of a run; whoever wants to change it takes a copy."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.serving import run_job


def folder_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The folder that every worker of this run sees, and no other run."""
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def made_once(folder: Path, name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, into which `make` has put what it makes; whoever comes first makes it, others wait.

    It gets its name when it is whole: a maker that fails or is killed leaves the work to the next, under the same lock.
    """
    made = folder / name
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            # A name of its own for each attempt: a child of a killed maker may still be writing.
            unfinished = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=folder))
            make(unfinished)
            unfinished.rename(made)
    return made


def demonstration_of_the_run(factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration store, as `make run` makes it; never to be changed."""
    return made_once(folder_of_the_run(factory), "demonstration", lambda home: run_job(home, "init", "--demo"))


def copy_of(home: Path, folder: Path) -> Path:
    """A home of one's own, in a folder of one's own."""
    return Path(shutil.copytree(home, folder / "home"))
