"""Where backups stand: names, age, what is removed, and that a file appears whole or not at all."""

import json
import os
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from jobs.backups.files import (
    ELSEWHERE,
    BackupFailed,
    alone,
    backup_age_hours,
    backup_folder,
    backup_name,
    find_backups,
    remove_old,
    written_whole,
)
from jobs.workplace import Step
from models.core.settings import Settings

MACHINE = datetime(2030, 1, 31, 12, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(tmp_path)
    return Settings(home=tmp_path / "home")


def made(settings: Settings, *days: float, campaign: str = "one") -> None:
    """Backups of so many days ago."""
    folder = backup_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    for day in days:
        (folder / backup_name(campaign, MACHINE - timedelta(days=day), ".db")).write_text("x")


def test_backups_stand_in_the_home_unless_a_folder_is_set(settings, tmp_path):
    assert backup_folder(settings) == tmp_path / "home" / "backups"
    assert backup_folder(Settings(backup_folder=tmp_path / "disk")) == tmp_path / "disk"


def test_age_is_that_of_the_newest_backup_of_the_campaign(settings):
    made(settings, 3, 1.5)
    made(settings, 0.5, campaign="other")
    (backup_folder(settings) / "notes.txt").write_text("no backup")

    ages = [backup_age_hours(settings, campaign=key, machine=MACHINE) for key in ("one", "other", None, "third")]

    assert ages == [36.0, 12.0, 12.0, None]


def test_backup_stamped_far_ahead_says_nothing_of_today_and_displaces_none(settings):
    made(settings, -400, 3, 20, 30)

    assert backup_age_hours(settings, campaign="one", machine=MACHINE) == 72.0
    assert len(remove_old(backup_folder(settings), "one", days=2, machine=MACHINE)) == 2
    assert [(MACHINE - each.at).days for each in find_backups(backup_folder(settings), "one")] == [-400, 3]


def test_backup_from_a_clock_that_was_ahead_is_no_younger_than_new(settings):
    made(settings, -0.5)

    assert backup_age_hours(settings, campaign="one", machine=MACHINE) == 0.0


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"campaign": "one", "at": 5}', '{"campaign": "one", "at": "x"}'])
def test_note_of_a_backup_elsewhere_that_cannot_be_read_is_no_backup(settings, written):
    settings.home.mkdir()
    (settings.home / ELSEWHERE).write_text(written)

    assert backup_age_hours(settings, campaign="one", machine=MACHINE) is None


def test_note_of_a_backup_elsewhere_counts_for_its_campaign_alone(settings):
    settings.home.mkdir()
    note = {"campaign": "one", "at": (MACHINE - timedelta(hours=2)).isoformat()}
    (settings.home / ELSEWHERE).write_text(json.dumps(note))

    assert backup_age_hours(settings, campaign="one", machine=MACHINE) == 2.0
    assert backup_age_hours(settings, campaign="two", machine=MACHINE) is None


def test_old_backups_are_removed_and_the_newest_stays_however_old(settings):
    made(settings, 100, 50, 40)
    made(settings, 90, campaign="other")

    removed = remove_old(backup_folder(settings), "one", days=14, machine=MACHINE)

    assert len(removed) == 2
    assert [backup.campaign for backup in find_backups(backup_folder(settings), None)] == ["one", "other"]


def test_file_appears_whole_or_not_at_all(tmp_path):
    with pytest.raises(RuntimeError), written_whole(tmp_path / "copy.db") as part:
        part.write_text("half")
        raise RuntimeError

    assert list(tmp_path.iterdir()) == []


def test_folder_is_taken_by_one(tmp_path):
    with alone(tmp_path) as first, alone(tmp_path) as second:
        pass

    assert (first, second) == ([], None)
    assert list(tmp_path.iterdir()) == []


def test_folder_of_somebody_who_was_killed_is_free_at_once(tmp_path):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with alone(tmp_path) as taken:
            os.write(writing, b"taken" if taken == [] else b"not")
            signal.pause()
    assert os.read(reading, 10) == b"taken"
    with alone(tmp_path) as while_it_lives:
        pass

    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)

    with alone(tmp_path) as afterwards:
        pass
    assert (while_it_lives, afterwards) == (None, [])
    for end in (reading, writing):
        os.close(end)


def test_whoever_waits_is_told_and_has_its_turn(tmp_path):
    has_begun, result = threading.Event(), []

    def follow() -> None:
        with alone(tmp_path, waits=lambda says: (result.append(says), has_begun.set())) as taken:
            result.append(taken)

    follower = threading.Thread(target=follow)
    with alone(tmp_path):
        follower.start()
        assert has_begun.wait(30)
    follower.join(30)

    assert result == [Step("waiting", {"folder": str(tmp_path)}), []]
    assert list(tmp_path.iterdir()) == []


def test_in_a_folder_of_somebody_else_only_what_surely_is_ours_is_removed(tmp_path):
    for name in (".download.part", ".caodiem-download.part", ".caodiem-abcd_123.part-wal", "caodiem-abcd_123.part"):
        (tmp_path / name).touch()

    with alone(tmp_path) as swept:
        assert swept == [".caodiem-abcd_123.part-wal", ".caodiem-download.part"]


def test_file_that_exists_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "copy.db").write_text("precious")

    with pytest.raises(BackupFailed), written_whole(tmp_path / "copy.db"):
        pytest.fail("nothing may be written")
