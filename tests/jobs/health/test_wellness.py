"""How an installation is, asked once for all who tell it."""

import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from jobs.health.wellness import backup_state, find_wellness
from models.core.settings import Settings
from models.core.store import Store

MACHINE = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_demonstration_tells_all_that_is_watched(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "home")
    settings = Settings(home=tmp_path / "home")

    with closing(Store(settings.database_url)) as store, store.reading() as session:
        found = find_wellness(session, settings, machine=MACHINE)

    assert (found.campaign, found.simulated, found.health.is_well) == ("gia-lai-2024", True, True)
    assert [source.key for source in found.health.sources] == [feed.source for feed in found.feeds]
    assert (found.backup, found.backup_is_well, found.messages_are_well) == ("demonstration", True, True)
    assert (found.is_telling, found.work) == (False, ())
    assert found.runs["demonstration", "done"] > 40


@pytest.mark.parametrize(
    ("age", "is_simulated", "other", "state"),
    [
        (None, True, {}, "demonstration"),
        (None, True, {"backup_folder": "elsewhere"}, "none"),
        (None, False, {}, "none"),
        (48.0, False, {}, "good"),
        (48.1, False, {}, "old"),
        (480.0, False, {"backup_days": 0}, "not_wanted"),
    ],
)
def test_backups_are_missed_only_where_they_are_wanted(age, is_simulated, other, state):
    assert backup_state(Settings(**other), age=age, is_simulated=is_simulated) == state
