"""Owners' names: one that has died on this machine is known to be dead, and nobody else is."""

import os
import subprocess
import sys

import pytest

from jobs.pulls import owners
from jobs.pulls.owners import is_dead, new_owner

WAITING = "from jobs.pulls.owners import new_owner; print(new_owner(), flush=True); input()"


@pytest.fixture
def other():
    """Another process of this machine, waiting; and its name."""
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process, process.stdout.readline().strip()
        process.kill()


def test_name_is_told_once_only():
    assert new_owner() != new_owner()


def test_process_that_works_is_not_dead(other):
    _, name = other

    assert not is_dead(name)
    assert not is_dead(new_owner())


def test_process_that_was_killed_is_dead_before_and_after_its_parent_has_asked(other):
    process, name = other
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    is_ended = is_dead(name)

    process.wait()

    assert is_ended
    assert is_dead(name)


def test_number_that_went_to_another_process_does_not_bring_its_owner_back(other):
    _, name = other
    host, pid, born, place, mark = name.split(":")

    assert is_dead(":".join((host, pid, str(int(born) - 1), place, mark)))


@pytest.mark.parametrize("part", [0, 3])
def test_owner_on_another_machine_or_in_another_container_is_never_known_to_be_dead(other, part):
    process, name = other
    process.kill()
    process.wait()
    parts = name.split(":")
    parts[part] = "elsewhere"

    assert not is_dead(":".join(parts))


def test_name_of_another_shape_is_never_known_to_be_dead():
    assert not is_dead("elsewhere:1:a")


def test_nobody_is_known_to_be_dead_where_the_system_tells_nothing(other, monkeypatch, tmp_path):
    process, name = other
    process.kill()
    process.wait()
    monkeypatch.setattr(owners, "PROCESSES", tmp_path)
    owners._place.cache_clear()

    silent = new_owner()

    owners._place.cache_clear()
    assert silent.split(":")[2:4] == ["", ""]
    assert not is_dead(silent)
    monkeypatch.undo()
    assert is_dead(name)


def test_process_of_somebody_else_whose_state_is_hidden_is_not_known_to_be_dead(other, monkeypatch):
    _, name = other

    def refuse(_pid, _signal):
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(os, "kill", refuse)
        patch.setattr(owners, "_line_of", lambda _pid: [])
        is_known_dead = is_dead(name)

    assert not is_known_dead
