"""Is the store well."""

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import select

from models.core.store import Store
from models.feeds.health import Health, count_messages, count_open_rows, count_runs, find_health, find_work
from models.migrations import newest_version
from models.tables import Alert, Quarantined, RunClaim, SourceRow
from tests.models.conftest import at, day, on_each_engine, run_in
from tests.next_version import give_next_version


@on_each_engine
def test_store_of_this_version_is_well(small):
    assert small.asked(find_health) == Health(database="ok", migrations="ok")


@pytest.mark.parametrize(("database", "migrations"), [("ok", "at 1, needs 2"), ("no answer", "ok")])
def test_store_is_unwell_where_either_is(database, migrations):
    assert not Health(database, migrations).is_well


@on_each_engine
def test_runs_are_counted_by_source_and_status(small):
    small.load(("S1", "online", "15/3", 9, 20))
    small.load(("S1", "online", "15/3", 9, 20))
    small.load(("S1", "online", "15/3", 9, 20), source="file")

    assert small.asked(count_runs) == {("igate", "done"): 1, ("igate", "unchanged"): 1, ("file", "done"): 1}


@on_each_engine
def test_pulls_under_way_are_those_with_an_owner_that_are_not_done(small):
    with small.store.writing() as session:
        source = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one()
        for number, owner, done in ((4, "a", False), (5, "b", False), (6, "", False), (7, "c", True)):
            session.add(
                RunClaim(
                    source_id=source.id, for_date=day(f"{number}/3"), owner=owner, done=done,
                    lease_until=at("9/3"), heartbeat_at=at(f"{9 - number}/3"),
                )
            )  # fmt: skip

    found = small.asked(find_work)

    assert [(work.source, work.heartbeat_at) for work in found] == [("igate", at("4/3")), ("igate", at("5/3"))]


@on_each_engine
def test_rows_that_wait_and_messages_are_counted(small):
    small.load(("S1", "online", "15/3", 9, 20))
    with small.store.writing() as session:
        for state in ("open", "open", "dismissed"):
            result = {"kind": "x", "place": "x", "field": "x", "value": "x", "problem": "x"}
            session.add(Quarantined(run_id=1, state=state, fingerprint=f"{state}{len(session.new)}", **result))
        for number, failure in ((4, None), (5, "superseded")):
            session.add(
                Alert(source_id=1, kind="late", for_date=day(f"{number}/3"), raised_at=at("9/3"), failure=failure)
            )

    assert small.asked(count_open_rows) == 2
    assert small.asked(count_messages, machine=at("9/3")) == {"waiting": 1, "superseded": 1}


def test_store_of_an_older_version_says_which_it_is_and_which_it_needs(migrated, monkeypatch, tmp_path):
    older = newest_version()
    newer = give_next_version(monkeypatch, tmp_path)

    health = run_in(migrated, find_health)

    assert (health.database, health.migrations) == ("ok", f"at {older}, needs {newer}")


def test_store_without_tables_says_that_it_is_at_nothing(database_url):
    store = Store(database_url)
    with store.engine.connect():
        pass  # an embedded store is a file from now on

    health = run_in(store, find_health)

    assert health.migrations == f"at nothing, needs {newest_version()}"
    store.close()


def test_database_that_does_not_answer_raises_its_own_error(tmp_path):
    store = Store(f"postgresql+psycopg://caodiem@/nowhere?host={tmp_path}")

    with store.reading() as session, pytest.raises(OperationalError):
        find_health(session)
