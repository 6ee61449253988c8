"""Addresses as anybody may write them: whatever they ask for, a page stands, and names what it has ignored."""

import random
import shutil

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from models.settings import PROJECT
from pages.parts import failures
from pages.parts.page import ADDRESSES

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

    monkeypatch.setattr(failures, "show_failure", failed)

    def opened(page, query):
        app = AppTest.from_file(str(PROJECT / "pages" / "main.py"), default_timeout=120)
        for name, value in query.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(page)
        return app.run()

    return opened


@pytest.mark.parametrize("home", ["demonstration"], indirect=True)
@pytest.mark.parametrize("numbers", [range(30), pytest.param(range(30, 2_000), marks=pytest.mark.soak)])
def test_random_addresses_open_a_page_each(looked, numbers):
    failed = {}
    for number in numbers:
        app = looked(*address(number))
        if app.exception or (not app.title and not app.header and not app.markdown):
            failed[address(number)[0], str(address(number)[1])] = [each.message for each in app.exception]

    assert failed == {}


@pytest.mark.parametrize("page", ADDRESSES)
@pytest.mark.parametrize("day", ["2023-12-01", "0001-01-01"])
def test_day_before_the_campaign_is_named_and_ignored_on_every_page(looked, page, day):
    app = looked(page, {"as_of": day})

    assert not app.exception
    told = [notice.value.replace("\\", "") for notice in (*app.warning, *app.info)]
    assert page in WITHOUT_A_DAY or any(day in words and "21/03/2024" in words for words in told), told
