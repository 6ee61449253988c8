"""A real Chromium against a server of each worker's own, with a demonstration made once for all workers."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from tests.browser.demonstrations import NEWEST, copy_of, demonstration_of_the_run, wait_for_the_office
from tests.browser.looking import wait_until_drawn
from tests.browser.people import admit, people_with_passwords, signed_in
from tests.browser.serving import ARGUMENTS, HOST, NoBrowser, find_chromium, run_job, serving_at_once
from tests.forker import end_forker
from tests.made_once import made_once

PINGS = ("/_stcore/health", "/_stcore/host-config")
"""At an address below `/`, Streamlit first asks if a folder of that name serves it: two 404s, then it knows."""


SHARED = ("with_oidc", "door", "office", "intake")
"""Servers of several modules; one that is called `server` is its module's own, `base_url` that of everybody."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever looks at the same server stands together, so that a worker that gets a stretch of tests starts few."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A starved machine lets a browser miss its moment: one more try, which the summary tells.
            item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: _server_of(item) if here in item.path.parents else "")


def _server_of(item: pytest.Item) -> str:
    asked = getattr(item, "fixturenames", ())
    shared = next((fixture for fixture in SHARED if fixture in asked), "")
    return shared or (item.path.stem if "server" in asked else "base_url")


@pytest.fixture(autouse=True, scope="session")
def _ended_forker() -> Iterator[None]:
    yield
    end_forker()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    try:
        return {"executable_path": find_chromium(), "args": list(ARGUMENTS)}
    except NoBrowser as problem:
        pytest.fail(str(problem), pytrace=False)


@pytest.fixture(scope="session")
def browser_context_args(base_url: str) -> dict[str, Any]:
    return {
        "base_url": base_url,
        "locale": "vi-VN",
        "timezone_id": "Asia/Ho_Chi_Minh",
        "viewport": {"width": 1366, "height": 768},
        "storage_state": signed_in(),
    }


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration store that all workers share; to be copied, never changed."""
    return demonstration_of_the_run(tmp_path_factory)


@pytest.fixture(scope="session")
def home(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration that nobody changes, with a coordinator who has signed in."""
    return _admitted(demonstration, tmp_path_factory.mktemp("looked-at"))


def _admitted(home: Path, folder: Path) -> Path:
    """A copy of a home with a coordinator who has signed in."""
    place = copy_of(home, folder)
    admit(place)
    return place


@pytest.fixture(scope="session")
def standing_rows(home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """Every row of the demonstration, as the command tells it."""

    def ask(folder: Path) -> None:
        (folder / "rows.json").write_text(run_job(home, "standing", "--json"), encoding="utf-8")

    asked = made_once(tmp_path_factory, "standing", ask)
    rows: list[dict[str, Any]] = json.loads((asked / "rows.json").read_text(encoding="utf-8"))
    return rows


@pytest.fixture(scope="session")
def base_url(home: Path) -> Iterator[str]:
    with serving_at_once(home) as address:
        yield address


@pytest.fixture(scope="session")
def door_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demonstration with people in it, who are let in and sent away, and whose wishes are kept."""
    place = copy_of(home, tmp_path_factory.mktemp("door"))
    people_with_passwords(place)
    return place


@pytest.fixture(scope="session")
def door(door_home: Path) -> Iterator[str]:
    """A server with its front door hung, for all who come to it."""
    with serving_at_once(door_home) as address:
        yield address


@pytest.fixture(scope="session")
def worked_in(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration in which people wait for the office; to be copied, never changed."""

    def work(folder: Path) -> None:
        wait_for_the_office(copy_of(demonstration, folder))

    return made_once(tmp_path_factory, "worked-in", work) / "home"


@pytest.fixture(scope="session")
def office_home(worked_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _admitted(worked_in, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="session")
def office(office_home: Path) -> Iterator[str]:
    """A server where meetings are held and targets decided; its day stays 7 May."""
    with serving_at_once(office_home) as address:
        yield address


@pytest.fixture(scope="session")
def intake_home(worked_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _admitted(worked_in, tmp_path_factory.mktemp("intake"))


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server that takes figures in keeps what is handed to it meanwhile."""
    return tmp_path_factory.mktemp("handed-in")


@pytest.fixture(scope="session")
def intake(intake_home: Path, handed_in: Path) -> Iterator[str]:
    """A server that takes figures in, and whose sessions end soon after their page."""
    with serving_at_once(intake_home, TMPDIR=str(handed_in), STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="1") as address:
        yield address


@pytest.fixture(scope="session")
def snapshot(worked_in: Path) -> str:
    """The figures of 6 May, frozen; those of 29 April are too."""
    return (worked_in / NEWEST).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def own_browser(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """One for all pages of a worker: what Streamlit's page is made of is fetched and compiled once."""
    made = browser.new_context(**browser_context_args)
    yield made
    made.close()


@pytest.fixture
def page(own_browser: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when it logs an error, warns, or asks anyone but this machine; it leaves nothing."""
    page = own_browser.new_page()
    complaints: list[str] = []
    strangers: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        asked = message.location.get("url", "")
        if message.type in ("error", "warning") and not ("404" in message.text and asked.endswith(PINGS)):
            complaints.append(f"{message.type}: {message.text} ({asked})")

    def watch(request: Request) -> None:
        if not request.url.startswith((f"http://{HOST}:", "data:", "blob:")):
            strangers.append(request.url)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", watch)
    page.on("websocket", lambda stream: stream.url.startswith(f"ws://{HOST}:") or strangers.append(stream.url))
    yield page
    # Now: what a server that has gone is asked for afterwards is not the test's.
    seen, asked = tuple(complaints), tuple(strangers)
    if page.url.startswith("http"):
        page.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    for left_open in own_browser.pages:
        left_open.close()
    own_browser.clear_cookies()
    own_browser.add_cookies(signed_in()["cookies"])
    assert not seen
    assert not asked


@pytest.fixture
def open_page(page: Page) -> Callable[[str], Page]:
    """Opens an address and waits until it is drawn, charts included."""

    def opened(address: str) -> Page:
        page.goto(address)
        wait_until_drawn(page)
        return page

    return opened
