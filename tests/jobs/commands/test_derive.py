"""The kept tables by command: rebuilt from the readings, or proved equal to what follows from them."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from jobs.commands.store import check_kept, rebuild_kept
from models import migrations
from models.campaign.actions import found_campaign
from models.core.store import Store
from targets.errors import StoreNotReady
from tests.models.conftest import Small, context, small_files


@pytest.fixture
def store(demonstration: Path, tmp_path: Path) -> Iterator[Store]:
    """A demonstration of the test's own."""
    shutil.copy(demonstration / "caodiem.db", tmp_path / "caodiem.db")
    with closing(Store(f"sqlite:///{tmp_path / 'caodiem.db'}")) as store:
        yield store


@pytest.fixture
def small(empty: Store) -> Store:
    """The small campaign of tests/models with a figure of its twelfth day."""
    with empty.writing() as session:
        found_campaign(session, small_files(), context=context())
    Small(empty).load(("S1", "online", "15/3", 90, 200))
    return empty


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """Tables, and no campaign in them."""
    with closing(Store(f"sqlite:///{tmp_path / 'empty.db'}")) as store:
        migrations.upgrade(store)
        yield store


def test_demonstration_is_kept_as_it_follows_from_its_readings(store):
    assert check_kept(store) == []


def test_rebuilding_mends_what_was_tampered_with(small):
    with small.engine.begin() as connection:
        connection.execute(text("UPDATE standing SET value = 1, standing = 'met'"))
    before = check_kept(small, "vi")

    days = rebuild_kept(small)

    assert days == 12  # 4 to 15 March
    assert re.fullmatch(r"standing \(.*\): value đang giữ .*, tính từ số liệu gốc được .*", before[0])
    assert check_kept(small) == []


@pytest.mark.parametrize("command", [rebuild_kept, check_kept])
def test_store_without_a_campaign_is_refused_with_the_way_out(empty, command):
    with pytest.raises(StoreNotReady, match="python -m jobs init"):
        command(empty)


def test_campaign_without_figures_has_no_day_to_rebuild(empty):
    with empty.writing() as session:
        found_campaign(session, small_files(), context=context())

    assert rebuild_kept(empty) == 0
