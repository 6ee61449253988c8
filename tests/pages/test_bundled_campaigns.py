"""Every bundled campaign on every page, in both languages: nothing fails, and no word is another campaign's."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.core.settings import CAMPAIGNS, PROJECT, Settings
from models.core.texts import LANGUAGES, texts
from pages.kit import answers
from pages.kit.page import ADDRESSES
from tests.bundled_campaigns import BUNDLED, ILLUSTRATIVE, NOW, bundled_store
from tests.pages.test_words import WORDS as TYPED_IN
from tests.pages.test_words import pieces

LEVEL_WORDS = (
    "tỉnh",
    "huyện",
    "xã",
    "phường",
    "thị trấn",
    "province",
    "provinces",
    "district",
    "districts",
    "commune",
    "communes",
)
WORD = re.compile(r"[^\W\d_]+")
VIETNAMESE = re.compile(r"[à-ɏḀ-ỹ]")
GAP = re.compile(r"\{[a-z_]+\}")
PICTURE = re.compile(r"data:image/\S+")
NAMES = {"Gia Lai", "Vĩnh Phúc", "Thái Nguyên", "Quảng Ninh", "Tiền Giang", "Ia Grai", "GT-VT", "629/KH"}


def own_words(key: str, home: Path) -> set[str]:
    """Every word of a campaign's own files and of what its office has typed into the store, small."""
    read = [file.read_text("utf-8") for file in (CAMPAIGNS / key).rglob("*.*") if file.suffix in (".toml", ".csv")]
    lines = [line for content in read for line in content.splitlines() if not line.startswith("#")]
    with closing(sqlite3.connect(home / "caodiem.db")) as store:
        for table, names in TYPED_IN.items():
            typed = store.execute(f"SELECT {', '.join(sorted(names))} FROM {table}")  # noqa: S608 - our own names
            lines += [str(cell) for row in typed for cell in row]
    return set(WORD.findall("\n".join(lines).lower()))


def own_names(key: str) -> set[str]:
    read = "\n".join(file.read_text("utf-8") for file in (CAMPAIGNS / key).rglob("*.*"))
    return {name for name in NAMES if name in read}


@pytest.fixture
def home(request, tmp_path_factory, monkeypatch, tmp_path):
    key = request.param
    shutil.copyfile(bundled_store(tmp_path_factory, key), tmp_path / "caodiem.db")
    known = Settings(home=tmp_path, campaign=key, now=None if key in ILLUSTRATIVE else NOW)
    monkeypatch.setattr(answers, "settings", lambda: known)
    return key, tmp_path


def opened(address, **query):
    app = AppTest.from_file(str(PROJECT / "pages" / "main.py"), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app._page_hash = calc_hash(address)
    return app.run()


QUICK = {("cap-huyen-30-ngay", "", "vi"), ("cap-huyen-30-ngay", "compare", "en"), ("vinh-phuc-2021", "", "vi")}
"""Looked at with `make test`; every other page with `make soak`."""
PLACES = [
    pytest.param(key, address, language, marks=() if (key, address, language) in QUICK else pytest.mark.soak)
    for key in BUNDLED
    for address in ADDRESSES
    for language in LANGUAGES
]


@pytest.mark.parametrize(("home", "address", "language"), PLACES, indirect=["home"])
def test_page_opens_and_says_no_word_that_is_not_its_campaigns(home, address, language):
    app = opened(address, lang=language)

    assert not app.exception
    said = "\n".join(shown(app))
    assert texts(language)["frame.sorry"].partition("{")[0] not in said
    assert GAP.findall(said) == []
    assert strangers(said, home, language) == set()


def shown(app):
    """What is read on a page: no picture, no setting of a chart, no name of a field."""
    for where, words in pieces(app._tree):
        if not where.endswith((".id", ".spec", "vega_lite_chart", ".data", ".raw_value", ".raw_values", ".icon")):
            yield PICTURE.sub("", words)


def strangers(said, home, language):
    """Level words and names of other campaigns, and in English whatever Vietnamese is not the campaign's own."""
    own, found = own_words(*home), set(WORD.findall(said.lower()))
    foreign = {word for word in LEVEL_WORDS if re.search(rf"\b{word}\b", said.lower()) and not set(word.split()) <= own}
    foreign |= {name for name in NAMES - own_names(home[0]) if name in said}
    if language == "en":
        foreign |= {word for word in found - own if VIETNAMESE.search(word)} - {"tiếng", "việt", "cao", "điểm"}
    return foreign
