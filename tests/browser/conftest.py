"""A real Chromium against a server of its own, with a demonstration store made once for all of a worker's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.browser.looking import wait_until_drawn
from tests.browser.people import admit, signed_in
from tests.browser.serving import ARGUMENTS, HOST, NoBrowser, find_chromium, run_job, serving

PINGS = ("/_stcore/health", "/_stcore/host-config")
"""At an address below `/`, Streamlit first asks if a folder of that name serves it: two 404s, then it knows."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # A starved machine lets a browser miss its moment: one more try, which the summary tells.
            item.add_marker(pytest.mark.flaky(reruns=1))


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
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a demonstration store, as `make run` makes it, with a coordinator who has signed in."""
    place = tmp_path_factory.mktemp("demonstration") / "home"
    run_job(place, "init", "--demo")
    admit(place)
    return place


@pytest.fixture(scope="session")
def base_url(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page that fails its test when it logs an error, warns, or asks anyone but this machine."""
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
    assert not complaints
    assert not strangers


@pytest.fixture
def open_page(page: Page) -> Callable[[str], Page]:
    """Opens an address and waits until it is drawn, charts included."""

    def opened(address: str) -> Page:
        page.goto(address)
        wait_until_drawn(page)
        return page

    return opened
