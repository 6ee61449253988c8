"""The page of operations as Streamlit draws it: what is well, what is not, and for whom it opens."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models import migrations
from models.campaign.actions import found_campaign
from models.core.settings import load_settings
from models.core.store import Store, open_store
from models.core.texts import LANGUAGES
from pages.health.page import PAGE
from pages.kit import answers
from targets.permissions import Permission
from tests.models.conftest import context, small_files

MAIN = Path(__file__).resolve().parents[3] / "pages" / "main.py"
LONG_ENOUGH = 60


@pytest.fixture
def home(watched_store, tmp_path, monkeypatch):
    """A real store of the small campaign, in business time of March 2024."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAODIEM_HOME", str(tmp_path))
    monkeypatch.setenv("CAODIEM_NOW", "2024-03-15T08:00")
    shutil.copyfile(watched_store, tmp_path / "caodiem.db")
    answers.front.clear()
    yield tmp_path
    open_store(load_settings()).close()
    answers.front.clear()


@pytest.fixture(scope="session")
def watched_store(tmp_path_factory):
    path = tmp_path_factory.mktemp("watched") / "caodiem.db"
    store = Store(f"sqlite:///{path}")
    migrations.upgrade(store)
    with store.writing() as session:
        found_campaign(session, small_files(), context=context("1/3 08:00"))
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.close()
    return path


def drawn(**query: str) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=LONG_ENOUGH)
    app.query_params.update(query)
    app._page_hash = calc_hash("health")
    app.run()
    assert not app.exception
    return app


def said(app: AppTest) -> str:
    return "\n".join(markdown.value for markdown in app.markdown).replace("\\", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_well_comes_with_what_to_do(home, language):
    app = drawn(lang=language)

    words = said(app)
    assert {"vi": "Có 2 việc cần xử lý", "en": "2 things to attend to"}[language] == app.title[0].value.replace(
        "\\", ""
    )
    assert {"vi": "Chưa có bản sao lưu nào", "en": "There is none"}[language] in words
    assert "python -m jobs backup" in words
    assert len(app.header) == 3, "what to do, what is well, what is not in use"


def test_broken_audit_chain_is_told(home):
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER refuse_update_of_audit_entry")
        connection.exec_driver_sql("UPDATE audit_entry SET reason = 'nothing' WHERE id = 1")
    store.close()

    assert "Chuỗi nhật ký không còn nguyên vẹn" in said(drawn())


def test_store_of_another_version_says_how_to_bring_it_up(home):
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    store.close()

    assert "python -m jobs init" in said(drawn())


def test_page_opens_for_those_who_may_see_how_the_system_is():
    assert (PAGE.address, PAGE.permission) == ("health", Permission.READ_OPERATIONS)
