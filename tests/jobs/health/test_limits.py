"""What the system allows a process, and how far it raises its own limit."""

import resource
import subprocess
import sys

from jobs.health import limits
from models.core.settings import PROJECT


def test_process_raises_its_own_limit_as_far_as_it_may():
    """In a process of its own: a limit that was lowered stays so for whoever lowered it."""
    program = (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 3000));"
        "from jobs.health.limits import *; print(open_files(), files_at_most());"
        "raise_open_files(); raise_open_files();"
        "print(open_files(), files_at_most())"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout.split()

    assert result == ["256", "3000", "3000", "3000"]


def test_system_that_takes_less_than_it_names_is_asked_for_less(monkeypatch):
    asked = []

    def refuse(_what, limit):
        asked.append(limit)
        if limit[0] > 10_240:
            raise ValueError("not that many")

    monkeypatch.setattr(resource, "getrlimit", lambda _what: (256, 1_000_000_000))
    monkeypatch.setattr(resource, "setrlimit", refuse)

    limits.raise_open_files()

    assert asked == [(1_000_000_000, 1_000_000_000), (10_240, 1_000_000_000)]


def test_no_limit_is_room_for_more_pages_than_anybody_opens(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    assert limits.room_for_pages(limits.open_files()) > 100_000


def test_four_files_are_kept_for_each_page_and_some_for_all_else():
    assert limits.room_for_pages(4_640) == 1_000
    assert limits.room_for_pages(256) == limits.FEW_PAGES
