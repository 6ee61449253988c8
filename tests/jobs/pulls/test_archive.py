"""The archive of raw answers: what is kept, and what is let go when its time is over."""

import os
from datetime import timedelta

import pytest

from jobs.pulls.archive import remove_answers
from jobs.regular import forget_old_answers, regular_work
from tests.jobs.pull_world import FIRST
from tests.models.conftest import day


def test_answers_older_than_their_time_are_deleted_and_their_hashes_stay(world):
    world.pull("8/3")
    (payload,) = world.payloads()
    later = FIRST + timedelta(days=91)

    early = forget_old_answers(world.workplace("8/3 08:00"), machine=FIRST + timedelta(days=89))
    late = forget_old_answers(world.workplace("8/3 08:00"), machine=later)

    (kept,) = world.payloads()
    assert (early, late) == (0, 1)
    assert (kept.path, kept.sha256) == (None, payload.sha256)
    assert not (world.home / "archive" / "igate").exists()


def test_files_of_runs_that_never_ended_go_too(tmp_path):
    left, kept = (tmp_path / "archive" / "igate" / name for name in ("1-1-001.gz", "2-1-001.gz"))
    left.parent.mkdir(parents=True)
    for path in (left, kept):
        path.write_bytes(b"")
    old = (FIRST - timedelta(days=1)).timestamp()
    os.utime(left, (old, old))
    os.utime(kept, (FIRST.timestamp() + 1, FIRST.timestamp() + 1))

    removed = remove_answers(tmp_path, [], before=FIRST)

    assert (removed, left.exists(), kept.exists()) == (1, False, True)


def test_archive_that_is_not_there_has_nothing_to_delete(tmp_path):
    assert remove_answers(tmp_path, ["igate/1.gz"], before=FIRST) == 0


@pytest.mark.soak
def test_same_answer_gives_the_same_file(world):
    world.pull("8/3")
    world.pull("8/3", again=True)

    first, second = (world.home / "archive" / payload.path for payload in world.payloads())
    assert first.read_bytes() == second.read_bytes()
    assert [run.for_date for run in world.runs()] == [day("8/3")] * 2


def test_everything_regular_has_a_key_and_a_time(world):
    works = regular_work(world.workplace("8/3 08:00"))

    assert len({work.key for work in works}) == len(works)
    assert all((work.at is None) != (work.every is None) for work in works)
