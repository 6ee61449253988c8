"""Every bundled campaign on every page, in both languages: nothing fails, and no word is another campaign's."""

import re
import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from jobs.campaigns.initialise import initialise
from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS, PROJECT, Settings
from models.core.store import Store
from models.core.texts import LANGUAGES, texts
from pages.kit import answers
from pages.kit.page import ADDRESSES
from tests.made_once import made_once
from datetime import datetime
from tests.pages.test_words import pieces

BUNDLED = tuple(sorted(file.parent.name for file in CAMPAIGNS.glob("*/campaign.toml")))
ILLUSTRATIVE = ("hai-cap-2026", "cap-huyen-30-ngay")
"""Campaigns without a figure of their own: looked at as demonstrations."""
NOW = "2026-11-30T08:00:00+07:00"
LEVEL_WORDS = ("tỉnh", "huyện", "xã", "phường", "thị trấn", "province", "provinces", "district", "districts", "commune", "communes")
WORD = re.compile(r"[^\W\d_]+")


def make_store(key: str, folder: Path) -> None:
    store = Store(f"sqlite:///{folder / 'caodiem.db'}")
    initialise(
        store,
        load_campaign_files(CAMPAIGNS / key),
        with_demonstration=key in ILLUSTRATIVE,
        by="system:test",
        now=datetime.fromisoformat(NOW),
        tell=lambda _: None,
    )
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.close()


def own_words(key: str) -> set[str]:
    """Every word of a campaign's own files, small."""
    read = [file.read_text("utf-8") for file in (CAMPAIGNS / key).rglob("*.*") if file.suffix in (".toml", ".csv")]
    lines = [line for content in read for line in content.splitlines() if not line.startswith("#")]
    return set(WORD.findall("\n".join(lines).lower()))


@pytest.fixture
def home(request, tmp_path_factory, monkeypatch, tmp_path):
    key = request.param
    made = made_once(tmp_path_factory, f"bundled-{key}", lambda folder: make_store(key, folder))
    shutil.copyfile(made / "caodiem.db", tmp_path / "caodiem.db")
    known = Settings(home=tmp_path, campaign=key, now=None if key in ILLUSTRATIVE else NOW)
    monkeypatch.setattr(answers, "settings", lambda: known)
    return key


def opened(address, **query):
    app = AppTest.from_file(str(PROJECT / "pages" / "main.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app._page_hash = calc_hash(address)
    return app.run()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("home", BUNDLED, indirect=True)
def test_page_opens_and_says_no_word_that_is_not_its_campaigns(home, address, language):
    app = opened(address, lang=language)

    assert not app.exception
    said = " \n".join(words for where, words in pieces(app._tree) if not where.startswith("x"))
    print(f"=== {home} /{address} {language}\n{said[:3000]}")
    found = set(WORD.findall(said.lower()))
    own = own_words(home)
    foreign = {word for word in LEVEL_WORDS if word in found and word not in own}
    assert foreign == set()
