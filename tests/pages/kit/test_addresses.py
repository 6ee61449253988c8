"""Addresses as anybody may write them: whatever they ask for, a page stands, and names what it has ignored."""

import random
import shutil
from datetime import date, datetime

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.core.audit import ChangeContext
from models.core.settings import PROJECT, TIMEZONE
from models.core.store import Store
from models.meetings.actions import freeze_figures
from pages.kit import address as what_is_asked
from pages.kit import page as kit_page
from pages.kit.page import ADDRESSES
from tests.soaked import mostly_soaked

DAYS = (
    "2024-05-06", "2024-04-01", "2024-01-01", "2023-12-31", "2023-12-30", "2022-06-01", "2000-02-29", "1970-01-01",
    "1969-12-31", "0001-01-01", "9999-12-31", "2024-02-30", "hôm nay", "20240506", "2024-W19-1", "-1", "",
)  # fmt: skip
UNITS = ("H21", "H21.58", "H21.54", "H21.58.31", "H99", "h21.58", "")
KNOWN = {
    "as_of": DAYS,
    "from": DAYS,
    "to": DAYS,
    "day": DAYS,
    "date": DAYS,
    "unit": UNITS,
    "parent": UNITS,
    "units": (*UNITS, "H21.58,H21.54", ",,", "H21.58," * 300),
    "indicator": ("online", "payment", "timeliness", "satisfaction", "publicity", "digitisation"),
    "phase": ("50-day", "100-day", "365-day", "year"),
    "level": ("province", "department", "district", "commune"),
    "standing": ("met", "missed", "stale", "no_target", "likely", "out_of_reach"),
    "sort": ("name", "gap", "value", "-gap", "unit"),
    "state": ("open", "overdue", "done", "all"),
    "part": ("phases", "heads", "thresholds", "central"),
    "slide": ("title", "state", "worst", "tasks", "1"),
    "back": ("title", "1"),
    "turn": ("20", "0", "1e999", "nan"),
    "uplift": ("10", "10,5", "-1", "1e400", "nan", "1_0"),
    "lang": ("vi", "en"),
    "source": ("igate", "file", "portal"),
    **dict.fromkeys(("snapshot", "task", "page", "run", "set", "show", "view", "kind", "action", "by"), ("1", "2")),
    "q": ("sở", "%", "_", "\\", "(", "[a-"),
}
"""Every name that a page looks for in its address, or might, and values that mean something somewhere."""
ODD = (
    "", " ", "0", "-1", "1.5", "99999999999999999999", "1e9", "null", "true", "\x00", "𝕏", "é\u0301",
    "'; DROP TABLE unit; --",
    "<script>", "../../etc/passwd", "%00", "a" * 5_000, "\n", ":material/home:", "[x](//y)", "²", "١",
)  # fmt: skip


WITHOUT_A_DAY = ("upload", "accounts", "audit", "health")
"""Pages that look at no day, whatever the address says."""


def address(number):
    """The address with this number: the same at each run."""
    chosen = random.Random(number)  # noqa: S311 - no secret
    names = chosen.sample(sorted(KNOWN), chosen.randint(1, 8))
    query = {name: chosen.choice(ODD if chosen.random() < 0.3 else KNOWN[name]) for name in names}
    return ADDRESSES[number % len(ADDRESSES)], query


@pytest.fixture
def home(furnished_home, tmp_path, monkeypatch, request):
    place = tmp_path / "home"
    shutil.copytree(furnished_home(getattr(request, "param", "real")), place)
    monkeypatch.setenv("CAODIEM_HOME", str(place))
    monkeypatch.setenv("CAODIEM_NOW", "2024-05-07T18:00:00+07:00")


@pytest.fixture
def looked(home, monkeypatch):
    """Opens an address; answers the page, and what failed on it as a visitor meets it."""

    def failed(error):
        raise error

    monkeypatch.setattr(kit_page, "show_failure", failed)

    def opened(page, query):
        app = AppTest.from_file(str(PROJECT / "pages" / "main.py"), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(page)
        return app.run()

    return opened


@pytest.mark.soak
@pytest.mark.parametrize("home", ["demonstration"], indirect=True)
@pytest.mark.parametrize("numbers", [range(4), pytest.param(range(4, 2_000), marks=pytest.mark.soak)])
def test_random_addresses_open_a_page_each(looked, numbers):
    failed = {}
    for number in numbers:
        app = looked(*address(number))
        if app.exception or (not app.title and not app.header and not app.markdown):
            failed[address(number)[0], str(address(number)[1])] = [each.message for each in app.exception]

    assert failed == {}


@pytest.mark.daily(1)
@pytest.mark.parametrize("page", mostly_soaked(ADDRESSES, "", "unit", "progress"))
@pytest.mark.parametrize("day", ["2023-12-01", pytest.param("0001-01-01", marks=pytest.mark.soak)])
def test_day_before_the_campaign_is_named_and_ignored_on_every_page(looked, page, day):
    app = looked(page, {"as_of": day})

    assert not app.exception
    shown = [notice.value.replace("\\", "") for notice in (*app.warning, *app.info)]
    assert page in WITHOUT_A_DAY or any(day in words and "18/04/2024" in words for words in shown), shown


FREE = ("q",)
"""Choices that are any words at all."""
UNUSABLE = "không_có"


class Watched(dict):
    """A query that remembers which of its choices were looked at."""

    def __init__(self, query, looked_at):
        super().__init__(query)
        self.looked_at = looked_at

    def __getitem__(self, name):
        self.looked_at.add(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.looked_at.add(name)
        return super().__contains__(name)

    def get(self, name, default=None):
        self.looked_at.add(name)
        return super().get(name, default)


@pytest.fixture(scope="module")
def meeting_home(furnished_home, tmp_path_factory):
    """The demonstration after a meeting; nothing here changes it."""
    place = tmp_path_factory.mktemp("addresses") / "home"
    shutil.copytree(furnished_home("demonstration"), place)
    store = Store(f"sqlite:///{place / 'caodiem.db'}")
    context = ChangeContext(by="system:test", reason="", now=datetime(2024, 5, 7, 18, tzinfo=TIMEZONE))
    with store.writing() as opened:
        freeze_figures(opened, as_of=date(2024, 5, 6), title="Giao ban", context=context)
    store.close()
    return place


@pytest.fixture
def met(home, meeting_home, monkeypatch):
    monkeypatch.setenv("CAODIEM_HOME", str(meeting_home))


@pytest.mark.daily(2)
@pytest.mark.usefixtures("met")
@pytest.mark.parametrize(
    ("page", "needed"),
    [
        *mostly_soaked([(page, {}) for page in ADDRESSES], *((page, {}) for page in ("", "gaps", "unit", "feeds"))),
        ("meeting", {"slide": "province", "snapshot": "1"}),
        ("compare", {"section": "if"}),
    ],
)
def test_every_choice_that_a_page_looks_for_is_named_where_it_cannot_be(looked, monkeypatch, page, needed):
    looked_at = set()
    monkeypatch.setattr(what_is_asked, "current_query", lambda: Watched(st.query_params.to_dict(), looked_at))
    app, given = looked(page, needed), set()

    while given != (looked_for := looked_at - {*FREE, *needed}):
        app, given = looked(page, dict.fromkeys(looked_for, UNUSABLE) | needed), looked_for

    said = "\n".join(each.value for each in (*app.warning, *app.toast)).replace("\\", "")
    assert {name for name in looked_for if f"“{name}={UNUSABLE}”" not in said} == set()


@pytest.mark.daily(2)
@pytest.mark.usefixtures("met")
@pytest.mark.parametrize(
    ("page", "name"),
    [
        *mostly_soaked([("feeds", name) for name in ("days", "page", "runs", "rows", "run")], ("feeds", "rows")),
        *(("targets", name) for name in ("page", "wait")), ("gaps", "page"), ("audit", "page"),
    ],
)  # fmt: skip
def test_screen_that_a_list_has_not_is_named(looked, page, name):
    app = looked(page, {name: "9999"})

    assert f"“{name}=9999”" in "\n".join(each.value for each in app.warning).replace("\\", "")
