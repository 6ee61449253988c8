"""A restore that is killed: whenever it happens, the store is the old one or the new one, and the next one succeeds."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import col, func, select

from jobs.backups.backup import back_up
from jobs.backups.restore import restore
from jobs.workplace import Workplace
from models.core.audit import find_break, find_state, record
from models.core.settings import Settings
from models.core.store import Store
from models.tables import Account, AuditEntry, SignInSession, UnitRow
from tests.jobs.conftest import found_bundled
from tests.jobs.crashing import Crashes
from tests.jobs.restore_crashing import MACHINE, NOW
from tests.models.conftest import PreparedStores

TELLING = (0.0, 0.5, 0.8, 0.93, 1.0)
"""Shares of a restore after which it is killed: before anything, in the copy, while the store is replaced, last."""
ALL = tuple(point / 60 for point in range(61))
OLD, NEW = ("the store's", True, "mark"), ("the backup's", False, "restore")
"""Whose the units are, whether somebody is signed in, and what was recorded last."""


@pytest.fixture(scope="module")
def crashes() -> Iterator[Crashes]:
    process = Crashes("tests.jobs.restore_crashing")
    yield process
    process.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def workplace(
    request: pytest.FixtureRequest, founded: Path, prepared: PreparedStores, tmp_path: Path
) -> Iterator[Workplace]:
    home = tmp_path / "home"
    if request.param == "sqlite":
        shutil.copytree(founded, home)
        url = f"sqlite:///{home / 'caodiem.db'}"
    else:
        url = request.getfixturevalue("postgresql_url")
        prepared.copy("initialised", found_bundled, to=url).close()
    with closing(Store(url)) as store:
        yield Workplace(settings=Settings(home=home, database=url, now=NOW), store=store, by="system:test")


def marked(workplace: Workplace, whose: str) -> int:
    """Make the store one to be known again, with somebody signed in; answers its data version."""
    with workplace.store.writing() as session:
        account = session.exec(select(Account)).first() or Account(
            login="an", name="An", role="viewer", created_at=MACHINE
        )
        session.add(account)
        session.flush()
        at = {"opened_machine": MACHINE, "seen_machine": MACHINE, "until_machine": MACHINE}
        session.add(
            SignInSession(
                token_hash=str(find_state(session).data_version),
                account_id=account.id,
                via="password",
                address="127.0.0.1",
                **at,
            )
        )
        session.connection().execute(text("UPDATE unit SET name = :whose WHERE code = 'H21'"), {"whose": whose})
        record(session, context=workplace.context("test"), action="mark", subject=whose)
        version = find_state(session).data_version
    workplace.store.close()
    return version


def found(workplace: Workplace) -> tuple[tuple[str, bool, str], int]:
    """What the store is marked with, and its data version; that it is whole is taken for granted in any case."""
    with workplace.store.reading() as session:
        assert find_break(session) is None
        if workplace.store.is_sqlite:
            assert session.connection().execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        name = session.exec(select(UnitRow.name).where(UnitRow.code == "H21")).one()
        signed_in = session.exec(select(func.count()).select_from(SignInSession)).one()
        action = session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id).desc()).limit(1)).one()
        version = find_state(session).data_version
    workplace.store.close()
    return (name, signed_in > 0, action), version


@pytest.mark.soak
@pytest.mark.parametrize("workplace", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)], indirect=True)
@pytest.mark.parametrize("shares", [TELLING, pytest.param(ALL, marks=pytest.mark.soak)], ids=["telling", "all"])
def test_store_is_the_old_one_or_the_new_one_whenever_a_restore_is_killed(workplace, crashes, tmp_path, shares):
    marked(workplace, NEW[0])
    file = back_up(workplace, tmp_path / "copies", by_hand=False).file
    workplace.store.close()
    place = (workplace.settings.database, workplace.settings.home, file)
    result = crashes.outcome(*place, kill_at=0)
    moments = int(result.removeprefix("ended "))
    seen = []

    for share in shares:
        before = marked(workplace, OLD[0])
        assert crashes.outcome(*place, kill_at=1 + round(share * (moments - 1))) == "killed"
        state, version = found(workplace)
        assert state == OLD or (state == NEW and version > before)
        seen.append(state)

    assert seen == sorted(seen, key=(OLD, NEW).index)
    assert (seen[0], seen[-1]) == (OLD, NEW)
    restore(workplace, Path(file), replace=True, machine=MACHINE - timedelta(days=1))
    assert found(workplace)[0] == NEW
    assert [path.name for path in workplace.settings.home.rglob("*") if ".part" in path.name] == []
