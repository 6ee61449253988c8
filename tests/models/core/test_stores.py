"""The stores of an installation are what is there: one at the front, and one in a home of its own for each campaign."""

import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from models.core.settings import Settings
from models.core.store import Store
from models.core.stores import find_keys, settings_of
from targets.errors import UnknownName


@pytest.fixture
def front(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Settings(home=tmp_path / "home", public_address="https://cao-diem.example")


def put(front, key, file="caodiem.db"):
    place = front.home / "campaigns" / key / file
    place.parent.mkdir(parents=True)
    place.touch()


def test_installation_of_one_campaign_has_no_further_store(front):
    assert find_keys(front) == ()
    assert settings_of(front, "") is front


def test_every_folder_with_a_store_is_a_campaign_and_nothing_else_is(front):
    for key in ("small-2026", "small-2025"):
        put(front, key)
    put(front, "notes", file="notes.txt")
    put(front, "Not a key")

    assert find_keys(front) == ("small-2025", "small-2026")


def test_further_store_is_an_installation_of_its_own_under_the_same_address(front):
    found = settings_of(front, "small-2025")

    assert found.home == front.home / "campaigns" / "small-2025"
    assert found.database_url == f"sqlite:///{found.home / 'caodiem.db'}"
    assert (found.campaign, found.public_address) == ("small-2025", front.public_address)


@pytest.mark.parametrize("key", ["..", "../home", "a/b", "A", "a b", "a\x00", "."])
def test_key_that_could_lead_elsewhere_is_none(front, key):
    with pytest.raises(UnknownName):
        settings_of(front, key)


def test_further_stores_on_postgresql_are_databases_named_after_the_fronts(postgresql_url, tmp_path):
    front = Settings(home=tmp_path, database=postgresql_url)
    url, further = make_url(postgresql_url), make_url(settings_of(front, "small-2025").database)
    before = find_keys(front)
    store, name = Store(postgresql_url), sql.Identifier(further.database).as_string()
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
        try:
            found = find_keys(front)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
    store.close()

    assert further.set(database=url.database) == url
    assert further.database == f"{url.database}_small-2025"
    assert (before, found) == ((), ("small-2025",))
