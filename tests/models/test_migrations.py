"""Bringing a store to the version of the code; and what the database itself refuses."""

import threading

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from models import migrations
from models.core.store import Store
from targets.errors import StoreNotReady
from tests.models.conftest import on_each_engine, postgresql_in_soak
from tests.next_version import give_next_version


@pytest.fixture
def empty(database_url: str):
    store = Store(database_url)
    yield store
    store.close()


def tables(store: Store) -> set[str]:
    return set(inspect(store.engine).get_table_names()) - {"alembic_version"}


def shape(store: Store) -> dict[str, list[str]]:
    """Every table with its columns, and everything that guards it."""
    inspector = inspect(store.engine)
    found = {
        table: [f"{column['name']} {column['type']} {column['nullable']}" for column in inspector.get_columns(table)]
        + sorted(str(index["name"]) for index in inspector.get_indexes(table))
        + sorted(str(check["name"]) for check in inspector.get_check_constraints(table))
        for table in tables(store)
    }
    kind = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'" if store.is_sqlite else "SELECT tgname FROM pg_trigger"
    )
    with store.engine.connect() as connection:
        found["guards"] = sorted(
            name for name in connection.execute(text(kind)).scalars() if name.startswith("refuse_")
        )
    return found


# --- upgrading -------------------------------------------------------------------------------------------------


def test_upgrade_makes_every_table_the_code_knows(empty):
    migrations.upgrade(empty)

    assert tables(empty) == set(SQLModel.metadata.tables)
    assert migrations.find_version(empty) == migrations.newest_version()


def test_append_only_tables_are_guarded(migrated):
    assert len(shape(migrated)["guards"]) == 12


def test_upgrade_of_an_upgraded_store_changes_nothing(migrated):
    before = shape(migrated)

    migrations.upgrade(migrated)

    assert shape(migrated) == before


@postgresql_in_soak
def test_upgrade_loses_nothing(small, monkeypatch, tmp_path):
    small.load(("S1", "online", "15/3", 1, 2))
    version = small.data_version()
    following = give_next_version(monkeypatch, tmp_path)

    migrations.upgrade(small.store)

    assert migrations.find_version(small.store) == following
    assert "made_up" in tables(small.store)
    assert small.data_version() == version
    assert small.standing("15/3")["S1", "online"].value == 50


@on_each_engine
def test_upgrade_that_fails_changes_nothing(small, monkeypatch, tmp_path):
    before = shape(small.store), migrations.find_version(small.store)
    give_next_version(monkeypatch, tmp_path, last='op.execute("SELECT nothing FROM nowhere")')

    with pytest.raises(DBAPIError):
        migrations.upgrade(small.store)

    assert (shape(small.store), migrations.find_version(small.store)) == before


def test_tables_and_migrations_say_the_same(migrated):
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})

        differences = compare_metadata(context, SQLModel.metadata)

    assert differences == []


def test_migrations_make_the_checks_that_the_tables_name(migrated):
    inspector = inspect(migrated.engine)

    for name, table in SQLModel.metadata.tables.items():
        wanted = {str(check.name) for check in table.constraints if str(check.name).startswith("ck_")}
        assert {str(check["name"]) for check in inspector.get_check_constraints(name)} >= wanted, name


# --- append-only ----------------------------------------------------------------------------------------------------


@on_each_engine
def test_database_refuses_to_change_what_was_told(small):
    small.load(("S1", "online", "15/3", 1, 2))

    for table, column in (("reading", "revision"), ("audit_entry", "id")):
        before = small.count(table)
        for change in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):  # noqa: S608
            with pytest.raises(DBAPIError, match=f"{table} is append-only"), small.store.writing() as session:
                session.connection().execute(text(change))
        assert small.count(table) == before > 0, table


@on_each_engine
def test_database_refuses_origins_states_and_statuses_that_nobody_knows(small):
    small.load(("S1", "online", "15/3", 1, 2))

    for change in ("target SET origin = 'dreamt'", "target SET state = 'forgotten'", "run SET status = 'lost'"):
        with pytest.raises(DBAPIError, match="ck_"), small.store.writing() as session:
            session.connection().execute(text(f"UPDATE {change}"))


# --- other versions -------------------------------------------------------------------------------------------------


def of_version(store: Store, version: str) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})


def test_store_without_tables_is_refused_with_the_way_out(empty):
    with pytest.raises(StoreNotReady, match=r"version none.*Run `python -m jobs init`"):
        migrations.check_version(empty)


def test_store_of_an_older_version_is_refused_with_the_way_out(migrated, monkeypatch, tmp_path):
    give_next_version(monkeypatch, tmp_path)

    with pytest.raises(StoreNotReady, match=r"version \d{4}.*needs \d{4}.*Run `python -m jobs init`"):
        migrations.check_version(migrated)


@pytest.mark.parametrize(
    ("version", "says"),
    [("0020", r"0020.*before the first release.*another CAODIEM_HOME"), ("9999", r"9999.*newer.*Install that version")],
)
@pytest.mark.parametrize("attempt", [migrations.check_version, migrations.upgrade], ids=["used", "upgraded"])
def test_store_that_no_step_brings_here_is_refused_with_the_way_out(migrated, attempt, version, says):
    of_version(migrated, version)

    with pytest.raises(StoreNotReady, match=says):
        attempt(migrated)


def test_store_of_this_version_is_let_through(migrated):
    migrations.check_version(migrated)


@on_each_engine
def test_store_whose_results_another_calculation_made_is_refused_with_the_way_out(small):
    migrations.check_version(small.store)
    with small.store.engine.begin() as connection:
        connection.execute(text("UPDATE store_state SET calculation = 0"))

    with pytest.raises(StoreNotReady, match=r"calculation 0.*Run `python -m jobs init`"):
        migrations.check_version(small.store)


def test_version_of_an_empty_store_is_none(empty):
    assert migrations.find_version(empty) is None


def test_two_that_make_a_postgresql_store_form_a_line(postgresql_url):
    """The second waits until the first is done; without that both would found the campaign."""
    first, second = Store(postgresql_url), Store(postgresql_url)
    order: list[str] = []
    has_begun = threading.Event()

    def follow() -> None:
        has_begun.set()
        with migrations.one_at_a_time(second):
            order.append("second")

    follower = threading.Thread(target=follow)
    with migrations.one_at_a_time(first):
        follower.start()
        assert has_begun.wait(30)
        migrations.upgrade(first)
        order.append("first")
    follower.join(30)

    first.close()
    second.close()
    assert order == ["first", "second"]


def test_version_is_looked_at_without_waiting_for_who_writes(empty):
    migrations.upgrade(empty)

    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        migrations.check_version(empty)


def test_empty_store_may_be_left_to_who_asks_it(empty):
    migrations.check_version(empty, may_be_empty=True)
