"""Every bundled campaign on every page, in both languages: nothing fails, and no word is another campaign's."""

import re
import shutil

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.catalogue import load_campaign_files
from models.core.settings import CAMPAIGNS, PROJECT, Settings
from models.core.texts import LANGUAGES, texts
from pages.kit import answers
from pages.kit.page import ADDRESSES
from tests.bundled_campaigns import BUNDLED, ILLUSTRATIVE, NOW, bundled_store, strangers
from tests.pages.test_words import pieces

GAP = re.compile(r"\{[a-z_]+\}")
PICTURE = re.compile(r"data:image/\S+")


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
    assert strangers(said, *home, language) == set()


SECTIONS = ("change", "slope", "ranks", "funnel", "if")
WITH_CHOICES = (
    *(
        ("unit", {"unit": unit, "indicator": indicator})
        for unit in ("first", "last")
        for indicator in ("first", "last")
    ),
    *((address, {"indicator": "last"}) for address in ("", "gaps", "progress", "compare", "meeting", "targets")),
    *(("compare", {"section": section, "indicator": "first"}) for section in SECTIONS),
    ("progress", {"level": "last"}),
    ("gaps", {"level": "last", "phase": "first"}),
)
"""Addresses with the first or the last of a campaign's units, indicators, levels or phases."""


@pytest.mark.soak
@pytest.mark.parametrize(("address", "query"), WITH_CHOICES)
@pytest.mark.parametrize("home", BUNDLED, indirect=True)
def test_page_opens_with_every_choice_of_its_campaign(home, address, query):
    files = load_campaign_files(CAMPAIGNS / home[0])
    known = {
        "unit": [unit.code for unit in files.units],
        **{
            name: [each.key for each in getattr(files.campaign, f"{name}s")] for name in ("indicator", "level", "phase")
        },
    }
    chosen = {
        name: known[name][0 if which == "first" else -1] if name in known else which for name, which in query.items()
    }

    app = opened(address, **chosen)

    assert not app.exception
    said = "\n".join(shown(app))
    assert texts("vi")["frame.sorry"].partition("{")[0] not in said
    assert strangers(said, *home, "vi") == set()


def shown(app):
    """What is read on a page: no picture, no setting of a chart, no name of a field."""
    for where, words in pieces(app._tree):
        if not where.endswith((".id", ".spec", "vega_lite_chart", ".data", ".raw_value", ".raw_values", ".icon")):
            yield PICTURE.sub("", words)
