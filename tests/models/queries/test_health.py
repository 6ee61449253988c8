"""Is the store well."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models.migrations import newest_version
from models.queries.health import Health, find_health
from models.store import Store
from tests.models.conftest import on_each_engine, run_in


@on_each_engine
def test_store_of_this_version_is_well(small):
    assert small.asked(find_health) == Health(database="ok", migrations="ok")


def test_store_of_another_version_says_which_it_is_and_which_it_needs(migrated):
    with migrated.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    health = run_in(migrated, find_health)

    assert (health.database, health.migrations) == ("ok", f"at 0000, needs {newest_version()}")


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
