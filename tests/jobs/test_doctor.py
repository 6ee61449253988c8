"""The examination of an installation: what is well, and what is found where something is not."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from jobs import doctor
from jobs.desk import Desk
from jobs.doctor import examine
from jobs.initialise import initialise
from models import migrations
from models.catalogue import load_campaign_files
from models.settings import CAMPAIGNS, TIMEZONE, Settings
from models.store import Store
from tests.jobs.moments import FOUNDED

DeskAt = Callable[..., Desk]
SUBJECTS = {"settings", "disk", "migrations", "store", "audit chain", "figures"}


@pytest.fixture
def desk_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskAt]:
    """Makes desks at a home, and closes their stores."""
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:

        def made(home: Path, **settings: object) -> Desk:
            told = Settings(home=home, **settings)
            return Desk(settings=told, store=stack.enter_context(closing(Store(told.database_url))), by="system:test")

        yield made


@pytest.fixture
def desk(demonstration: Path, tmp_path: Path, desk_at: DeskAt) -> Desk:
    """A demonstration of the test's own."""
    shutil.copytree(demonstration, tmp_path / "home")
    return desk_at(tmp_path / "home")


@pytest.fixture
def empty(tmp_path: Path, desk_at: DeskAt) -> Desk:
    """A home in which nothing was ever put."""
    return desk_at(tmp_path)


def found(desk: Desk) -> dict[str, tuple[bool, str]]:
    return {finding.subject: (finding.is_well, finding.says) for finding in examine(desk)}


def troubles(desk: Desk) -> dict[str, str]:
    return {subject: says for subject, (is_well, says) in found(desk).items() if not is_well}


def changed(desk: Desk, *statements: str) -> None:
    with desk.store.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_demonstration_is_well_from_end_to_end(desk):
    findings = found(desk)

    assert set(findings) == SUBJECTS
    assert all(is_well for is_well, _ in findings.values())
    assert findings["store"][1].startswith("gia-lai-2024, data version ")
    assert findings["figures"][1].startswith("newest 07/05/2024; ")
    assert findings["audit chain"][1] == "whole"


def test_figures_that_nobody_has_brought_up_to_date_are_trouble(desk, desk_at):
    later = desk_at(desk.settings.home, now=datetime(2024, 6, 28, 8, tzinfo=TIMEZONE))

    assert troubles(later) == {"figures": "newest 07/05/2024; 0 of 257 units have a fresh one"}


def test_campaign_without_a_single_figure_is_trouble(empty, desk_at):
    files = load_campaign_files(CAMPAIGNS / "gia-lai-2024")
    initialise(empty.store, files, with_demonstration=False, by="x", now=FOUNDED, tell=lambda _: None)
    rehearsed = desk_at(empty.settings.home, now=FOUNDED)

    assert troubles(rehearsed) == {"figures": "no figure yet; 0 of 257 units have a fresh one"}


def test_broken_audit_chain_is_trouble(desk):
    changed(desk, "DROP TRIGGER refuse_update_of_audit_entry", "UPDATE audit_entry SET reason = 'nothing' WHERE id = 1")

    assert "was changed after it was written" in troubles(desk)["audit chain"]


def test_store_of_another_version_is_trouble(desk):
    changed(desk, "UPDATE alembic_version SET version_num = '0000'")

    assert troubles(desk) == {"migrations": f"at 0000, needs {migrations.newest_version()}"}


def test_store_whose_tables_do_not_fit_is_examined_as_far_as_it_goes(desk):
    changed(
        desk,
        "UPDATE alembic_version SET version_num = '0000'",
        "ALTER TABLE store_state RENAME COLUMN audit_hash TO seal",
    )

    findings = troubles(desk)

    assert set(findings) == {"migrations", "store"}
    assert "audit_hash" in findings["store"]


def test_store_that_is_not_there_is_trouble_with_the_way_out(empty):
    assert "python -m jobs init" in troubles(empty)["store"]


def test_store_without_a_campaign_is_trouble_with_the_way_out(empty):
    migrations.upgrade(empty.store)

    assert set(troubles(empty)) == {"store"}
    assert "python -m jobs init" in troubles(empty)["store"]


def test_store_without_tables_is_trouble_with_the_way_out(empty):
    with empty.store.engine.connect():
        pass  # an embedded store is a file from now on

    findings = troubles(empty)

    assert findings["migrations"].startswith("at nothing")
    assert "python -m jobs init" in findings["store"]


def test_database_that_does_not_answer_is_trouble(tmp_path, desk_at):
    desk = desk_at(tmp_path, database=f"postgresql+psycopg://caodiem@/nowhere?host={tmp_path}")

    findings = troubles(desk)

    assert set(findings) == {"store"}
    assert ".s.PGSQL" in findings["store"]


@pytest.mark.parametrize(("free", "is_well"), [(999_999_999, False), (1_000_000_000, True)])
def test_disk_is_trouble_below_a_gigabyte(empty, monkeypatch, free, is_well):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=free))

    assert found(empty)["disk"] == (is_well, "1.0 GB free")


def test_disk_of_a_home_that_is_not_made_yet_is_that_of_its_parent(tmp_path, monkeypatch, desk_at):
    asked = []
    monkeypatch.setattr(
        doctor.shutil, "disk_usage", lambda folder: asked.append(folder) or SimpleNamespace(free=10**10)
    )

    examine(desk_at(tmp_path / "not" / "made" / "yet"))

    assert asked == [tmp_path]
