"""What the examination says of the campaign's files: as the store holds them, changed, wrong, elsewhere."""

from datetime import datetime
from pathlib import Path

import pytest

from jobs.campaigns.changing import change_campaign
from jobs.campaigns.initialise import initialise
from jobs.health.doctor import examine
from jobs.workplace import Workplace
from models.catalogue import load_campaign_files
from models.catalogue.editing import KeyEdit
from models.core.settings import TIMEZONE, Settings
from models.core.store import Store
from models.units.actions import record_units
from targets.values import Unit
from tests.campaign_folders import write_small
from tests.models.conftest import at, context

NOW = datetime(2024, 3, 20, 8, tzinfo=TIMEZONE)


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = write_small(tmp_path / "small")
    settings = Settings(home=tmp_path, campaign=str(folder), now=NOW)
    store = Store(settings.database_url)
    files = load_campaign_files(folder)
    initialise(store, files, with_demonstration=False, by="system:test", now=at("1/3"), tell=lambda _: None)
    yield Workplace(settings=settings, store=store, by="system:test")
    store.close()


def write(workplace, old, new):
    path = Path(workplace.settings.campaign) / "campaign.toml"
    path.write_bytes(path.read_bytes().replace(old, new))


def finding(workplace):
    [found] = [each for each in examine(workplace) if each.subject == "campaign files"]
    return found


def test_files_that_the_store_has_followed_are_well(workplace):
    assert finding(workplace).is_well
    assert finding(workplace).says.endswith("as the store holds them")


def test_folder_changed_and_not_taken_in_is_a_notice_with_the_way_to_take_it_in(workplace):
    write(workplace, b"small_volume = 100", b"small_volume = 50")

    assert finding(workplace).is_well
    assert "places: 1, first campaign.toml, figures.small_volume: “100” → “50”" in finding(workplace).says
    assert "`python -m jobs init` takes it in" in finding(workplace).says


@pytest.mark.soak
def test_campaign_changed_in_the_store_is_a_notice_with_the_way_to_write_it_out(workplace):
    edit = KeyEdit("campaign.toml", ("figures", "small_volume"), 50)
    result = [Unit("S1", "department", "Sở Một", "P", head_name="A")]
    with workplace.store.writing() as session:
        change_campaign(session, [edit], seen=1, context=context("2/3"))
        record_units(session, result, is_whole=False, context=context("2/3"))

    assert finding(workplace).is_well
    assert "differs from the store, places: 2" in finding(workplace).says
    assert "`python -m jobs campaign export` writes them" in finding(workplace).says


def test_mistakes_in_the_files_are_counted_and_the_first_named(workplace):
    write(workplace, b"small_volume = 100", b"small_volume = -1")

    assert not finding(workplace).is_well
    assert "mistakes: 1, first campaign.toml, figures.small_volume: is -1" in finding(workplace).says


def test_another_campaigns_folder_and_none_at_all_are_said_and_no_trouble(workplace, tmp_path):
    write(workplace, b'key = "small"', b'key = "other"')
    elsewhere = finding(workplace)
    nowhere = Workplace(
        settings=Settings(home=tmp_path, campaign="nowhere", now=NOW), store=workplace.store, by=workplace.by
    )

    assert (elsewhere.is_well, elsewhere.says.endswith("holds another campaign, other")) == (True, True)
    assert (finding(nowhere).is_well, "no folder nowhere here" in finding(nowhere).says) == (True, True)
