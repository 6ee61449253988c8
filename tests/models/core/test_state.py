"""What the store is, and what is said where it is not ready."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from models.core.state import find_state
from models.core.store import Store
from targets.errors import StoreNotReady
from tests.models.conftest import on_each_engine


@on_each_engine
def test_state_is_that_of_the_store(small):
    state = small.asked(find_state)

    assert (state.campaign_key, state.simulated, state.kept_through) == ("small", False, None)


def test_store_without_tables_is_refused_with_the_way_out(database_url):
    store = Store(database_url)
    with store.engine.connect():
        pass  # an embedded store is a file from now on

    with store.reading() as session, pytest.raises(StoreNotReady, match=r"no tables yet.*python -m jobs init"):
        find_state(session)

    store.close()


def test_store_without_a_campaign_is_refused_with_the_way_out(migrated):
    with migrated.reading() as session, pytest.raises(StoreNotReady, match=r"no campaign yet.*python -m jobs init"):
        find_state(session)


def test_database_that_does_not_answer_is_not_taken_for_an_empty_one(tmp_path):
    store = Store(f"postgresql+psycopg://caodiem@/nowhere?host={tmp_path}")

    with store.reading() as session, pytest.raises(StoreNotReady, match=r"does not answer \(.*CAODIEM_DATABASE"):
        find_state(session)


def test_store_whose_tables_are_of_another_version_is_not_taken_for_an_empty_one(migrated):
    with migrated.engine.begin() as connection:
        connection.execute(text("ALTER TABLE store_state RENAME COLUMN audit_hash TO seal"))

    with migrated.reading() as session, pytest.raises(DBAPIError, match="audit_hash"):
        find_state(session)


def test_file_that_is_no_database_is_not_taken_for_an_empty_one(tmp_path):
    (tmp_path / "store.db").write_text("this is a letter, not a database " * 99)
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")

    with store.reading() as session, pytest.raises(Exception, match="not a database"):
        find_state(session)
