"""What takes long to make and is only copied: made once for all processes of a run, under a lock."""

import fcntl
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder as `make` leaves it, the same for every process of the run: copied by who wants to change it.

    Made under another name first: what was broken off half-way is never taken for whole.
    """
    made = shared_folder(factory) / name
    with one_at_a_time(factory, name):
        if not made.exists():
            begun = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=made.parent))
            make(begun)
            begun.rename(made)
    return made


@contextmanager
def one_at_a_time(factory: pytest.TempPathFactory, name: str) -> Iterator[None]:
    """One process of the run after the other; the lock goes with whoever holds it, killed or not."""
    with (shared_folder(factory) / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def shared_folder(factory: pytest.TempPathFactory) -> Path:
    """A folder of the run's own: xdist gives each of its workers a folder below it."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
