"""From an address or a click to the last change on the screen, in Chromium, of every page of the dashboard.

Cold: a server that has just started and a browser that has seen nothing but the sign-in. Again: the same browser opens
the address once more. In place: a click that leads there. The floor is a script of one title and one button, opened the
same way; it has nobody to sign in.
"""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from models.core.texts import LANGUAGES, text
from pages.kit.address import key_of
from pages.kit.page import ADDRESSES, SECTIONS, registered
from pages.kit.page import Page as DashboardPage
from targets.permissions import TABLE, Role
from tests.bench.measuring import Measured, Size
from tests.bench.synthetic_country import write_country
from tests.browser.people import ADMINISTRATORS_TOKEN, TOKEN, admit, admit_administrator, signed_in
from tests.browser.serving import ARGUMENTS, find_chromium, run_job, serving

QUERIES = {"unit": "?unit=H21.58"}
"""What an address says further, where the page would only ask for it."""
NAMED_UNIT = "[data-testid=stTable] a[href*='unit?']"
"""The first unit that the overview names."""
TOKENS: dict[Role, str] = {"coordinator": TOKEN, "administrator": ADMINISTRATORS_TOKEN}
"""The people who look, those who may most first, and what their browsers hold."""
TIMES = 3
DAYS = 10
"""Days of which the country has told."""
FLOOR = """import streamlit as st

st.session_state.setdefault("clicks", 0)
st.session_state.clicks += 1
st.title(f"Cao Điểm {st.session_state.clicks}", anchor=False)
st.button("again", key="again")
"""
WATCH = """
window.seen = {sent: [], told: [], changed: 0};
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...told) {
    super(...told);
    this.addEventListener('message', () => window.seen.told.push(performance.now()));
  }
  send(data) { window.seen.sent.push(performance.now()); super.send(data); }
};
new MutationObserver(() => { window.seen.changed = performance.now(); })
  .observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
"""
"""Notes when the page speaks with its server, and when anything on it changes."""
DRAWN = """
([since, quiet, path]) => new Promise((done, failed) => {
  const look = () => {
    const app = document.querySelector('[data-testid=stApp]');
    const isIdle = app?.getAttribute('data-test-script-state') === 'notRunning'
      && (path === '' || location.pathname === path)
      && document.querySelector('h1') !== null && document.querySelector('[data-testid=stSkeleton]') === null
      && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(one => one.querySelector('svg.marks'));
    const {sent, told, changed} = window.seen;
    const isTold = sent.some(moment => moment >= since) && told.some(moment => moment > since);
    const now = performance.now();
    if (isIdle && isTold && now - Math.max(changed, told.at(-1)) > quiet) {
      const first = sent.find(moment => moment >= since);
      const fetched = performance.getEntries().filter(one => one.startTime >= since && one.transferSize);
      done({asked: first, told: told.at(-1), drawn: changed, since: since,
        bytes: fetched.reduce((sum, one) => sum + one.transferSize, 0)});
    } else if (now - since > 120000) failed(new Error('not drawn within two minutes'));
    else setTimeout(look, 20);
  };
  look();
})
"""
"""Resolves once nothing has changed for a while: what was asked and told when, and the last change, in ms."""
QUIET = 600
"""Milliseconds without a change after which a page is drawn; they are not counted."""


@dataclass(frozen=True)
class Route:
    """A page of the dashboard: its address, a click elsewhere that leads to it, and who may take them."""

    path: str
    query: str
    start: str
    menu: str
    """The menu that has to be opened before; empty where what is clicked stands there by itself."""
    selector: str
    token: str
    title: str


@dataclass(frozen=True)
class Visit:
    """One navigation, in seconds from its start."""

    asked: float
    """Until the page asks its server for a run: document, scripts and styles of Streamlit are here and begun."""
    script: float
    """From then to the last message: the script's run, and its answer on its way."""
    drawing: float
    """From the last message to the last change on the screen."""
    bytes: int

    @property
    def total(self) -> float:
        return self.asked + self.script + self.drawing


def routes() -> list[Route]:
    """One for each page that there is, found where the dashboard finds it: a new page is measured too."""
    pages = registered()
    return [_route(pages[address]) for address in ADDRESSES if address in pages]


def _route(page: DashboardPage) -> Route:
    section = next(key for key, addresses in SECTIONS.items() if page.address in addresses)
    kind = "stTopNavDropdownLink" if section else "stTopNavLink"
    return Route(
        path=f"/{page.address}",
        query=QUERIES.get(page.address, ""),
        start="/" if page.address else "/gaps",
        menu=text(f"section.{section}", LANGUAGES[0]) if section else "",
        selector=NAMED_UNIT if page.address == "unit" else f'[data-testid={kind}][href$="/{page.address}"]',
        token=next(token for role, token in TOKENS.items() if role in TABLE[page.permission]),
        title=text(f"page.{key_of(page.address)}", LANGUAGES[0]),
    )


def _visit(seen: dict[str, Any]) -> Visit:
    start, asked, result, drawn = (seen[name] / 1000 for name in ("since", "asked", "told", "drawn"))
    return Visit(asked - start, result - asked, max(0.0, drawn - result), seen["bytes"])


def _opened(page: Page, address: str) -> Visit:
    page.goto(address, wait_until="commit")
    return _visit(page.evaluate(DRAWN, [0, QUIET, ""]))


def _clicked(page: Page, selector: str, *, path: str = "") -> Visit:
    """A click where it is seen: on the first thing of that kind, inside the page, so that no tool's time counts."""
    page.locator(selector).first.wait_for()
    since = page.evaluate(
        "wanted => { const now = performance.now(); document.querySelector(wanted).click(); return now; }", selector
    )
    return _visit(page.evaluate(DRAWN, [since, QUIET, path]))


def _checked(page: Page, route: Route) -> None:
    """Raise unless the page that is drawn is the one that was meant, whole, and for somebody who is signed in."""
    is_meant = page.title().startswith(f"{route.title} · ") and page.locator(".st-key-bar").count() == 1
    if not is_meant or page.locator("[data-testid=stException]").count():
        raise AssertionError(f"{route.path} was not drawn, but “{page.title()}”: {page.inner_text('body')[:500]}")


@contextmanager
def _fresh(browser: Browser, server: str, *, token: str = TOKEN) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server,
        viewport={"width": 1366, "height": 768},
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        storage_state=signed_in(token),
    )
    context.add_init_script(WATCH)
    try:
        yield context.new_page()
    finally:
        context.close()


def _best(visits: list[Visit]) -> Visit:
    return min(visits, key=lambda visit: visit.total)


def _row(what: str, visit: Visit, floor: Visit | None) -> Measured:
    parts = f"asking {visit.asked:.2f} s, script {visit.script:.2f} s, drawing {visit.drawing:.2f} s"
    return Measured(
        what,
        visit.total,
        floor=None if floor is None else floor.total,
        note=f"{parts}; {visit.bytes / 2**20:.1f} MiB fetched",
    )


def _floors(browser: Browser, folder: Path, *, times: int) -> dict[str, Visit]:
    launcher = folder / "floor.py"
    launcher.write_text(FLOOR, encoding="utf-8")
    with (
        serving(folder / "floor", launcher=launcher, expect_failure=True) as server,
        _fresh(browser, server) as page,
    ):
        cold = _opened(page, "/")
        again = _best([_opened(page, "/") for _ in range(times)])
        in_place = _best([_clicked(page, ".st-key-again button") for _ in range(times)])
    return {"cold": cold, "again": again, "in place": in_place}


def _page(page: Page, route: Route, floors: dict[str, Visit], *, times: int) -> Iterator[Measured]:
    address = route.path + route.query
    cold = _opened(page, address)
    _checked(page, route)
    yield _row(f"{address} cold / one title", cold, floors["cold"])
    again = _best([_opened(page, address) for _ in range(times)])
    yield _row(f"{address} again / one title", again, floors["again"])
    clicks = []
    for _ in range(times):
        _opened(page, route.start)
        if route.menu:
            page.get_by_role("button", name=route.menu, exact=True).click()
        clicks.append(_clicked(page, route.selector, path=route.path))
        _checked(page, route)
    yield _row(f"from {route.start} to {route.path} in place / one title", _best(clicks), floors["in place"])


def _walk(page: Page, floors: dict[str, Visit], *, of: str, turns: Sequence[str]) -> Iterator[Measured]:
    """The overview, a list, its next page, the overview again, a unit; once for each turn."""
    for turn in turns:
        yield _row(f"{of}: / {turn} / one title", _opened(page, "/?indicator=online&level=commune"), floors[turn])
        steps = (
            ("list of a level", ".st-key-pressed a[href^='/gaps']", "/gaps"),
            ("next page of the list", ".st-key-gaps-after button", "/gaps"),
            ("back to the overview", '[data-testid=stTopNavLink][href$="/"]', "/"),
            ("unit named there", NAMED_UNIT, "/unit"),
        )
        for step, selector, path in steps:
            visit = _clicked(page, selector, path=path)
            yield _row(f"{of}: {step}, {turn} / one title", visit, floors["in place"])


def _province(browser: Browser, home: Path, floors: dict[str, Visit], *, times: int) -> Iterator[Measured]:
    """Every page of the demonstration, each on a server that has just started."""
    run_job(home, "init", "--demo")
    admit(home)
    admit_administrator(home)
    for route in routes():
        with serving(home) as server, _fresh(browser, server, token=route.token) as page:
            yield from _page(page, route, floors, times=times)


def _country(browser: Browser, home: Path, floors: dict[str, Visit], size: Size) -> Iterator[Measured]:
    """A walk through many units; at the smallest size, one page instead."""
    evening = write_country(home, units=size.country, days=min(DAYS, size.days))
    admit(home)
    with serving(home, CAODIEM_NOW=evening.isoformat()) as server, _fresh(browser, server) as page:
        if size.is_full:
            yield from _walk(page, floors, of=f"{size.country:,} units", turns=("cold", "again"))
        else:
            tasks = next(route for route in routes() if route.path == "/tasks")
            yield from _page(page, tasks, floors, times=1)


def measure(size: Size) -> Iterator[Measured]:
    times = size.times(TIMES)
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as root, sync_playwright() as playwright:
        folder = Path(root)
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        floors = _floors(browser, folder, times=times)
        for turn, visit in floors.items():
            yield _row(f"one title, {turn}", visit, None)
        if size.is_full:
            yield from _province(browser, folder / "province", floors, times=times)
        yield from _country(browser, folder / "country", floors, size)
        browser.close()
