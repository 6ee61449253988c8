"""From an address or a click to the last change on the screen, in Chromium, and where the time goes.

Cold: a server that has just started and a browser that has seen nothing. Again: the same browser opens the address once
more. In place: a click in the navigation. The floor is a script of one title and one button, opened the same way. Rows
that begin with a dash tell parts of the row above; their ratio is their share of it.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.made_up_country import write_country
from tests.bench.measuring import Measured
from tests.browser.serving import ARGUMENTS, find_chromium, run_job, serving

ADDRESSES = ("/", "/gaps", "/unit?unit=H21.58", "/feeds", "/upload")
TIMES = 3
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
      const page = performance.getEntriesByType('navigation')[0];
      done({asked: first, told: told.at(-1), drawn: changed, document: page.responseEnd, since: since,
        bytes: [page, ...performance.getEntriesByType('resource')].reduce((sum, one) => sum + one.transferSize, 0)});
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


def _visit(seen: dict[str, Any]) -> Visit:
    start, asked, told, drawn = (seen[name] / 1000 for name in ("since", "asked", "told", "drawn"))
    return Visit(asked - start, told - asked, max(0.0, drawn - told), seen["bytes"])


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


@contextmanager
def _fresh(browser: Browser, server: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=server, viewport={"width": 1366, "height": 768}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    context.add_init_script(WATCH)
    try:
        yield context.new_page()
    finally:
        context.close()


def _best(visits: list[Visit]) -> Visit:
    return min(visits, key=lambda visit: visit.total)


def _rows(what: str, visit: Visit, floor: Visit) -> Iterator[Measured]:
    yield Measured(what, visit.total, floor=floor.total)
    parts = {
        f"- until the script is asked for ({visit.bytes / 2**20:.1f} MiB fetched)": visit.asked,
        "- script's run on the server": visit.script,
        "- drawing after its last word": visit.drawing,
    }
    for part, seconds in parts.items():
        yield Measured(f"  {part}", seconds, floor=visit.total)


def _floors(browser: Browser, folder: Path) -> dict[str, Visit]:
    launcher = folder / "floor.py"
    launcher.write_text(FLOOR, encoding="utf-8")
    with (
        serving(folder / "floor", launcher=launcher, expect_failure=True) as server,
        _fresh(browser, server) as page,
    ):
        cold = _opened(page, "/")
        again = _best([_opened(page, "/") for _ in range(TIMES)])
        in_place = _best([_clicked(page, ".st-key-again button") for _ in range(TIMES)])
    return {"cold": cold, "again": again, "in place": in_place}


def _link(address: str) -> str:
    """The navigation's way to a page."""
    return f'[data-testid=stTopNavLink][href$="{address}"]'


def _province(browser: Browser, home: Path, floors: dict[str, Visit]) -> Iterator[Measured]:
    for address in ADDRESSES:
        with serving(home) as server, _fresh(browser, server) as page:
            cold = _opened(page, address)
            again = _best([_opened(page, address) for _ in range(TIMES)])
            yield from _rows(f"{address} cold / one title", cold, floors["cold"])
            yield from _rows(f"{address} again / one title", again, floors["again"])
            path = address.partition("?")[0]
            if path != "/":
                clicks = []
                for _ in range(TIMES):
                    _opened(page, "/")
                    clicks.append(_clicked(page, _link(path), path=path))
                yield from _rows(f"from / to {path} in place / one title", _best(clicks), floors["in place"])


def _country(browser: Browser, home: Path, now: str, floors: dict[str, Visit]) -> Iterator[Measured]:
    """A walk through 11,000 units, twice: the overview, a list, its next page, the overview again, a unit."""
    with serving(home, CAODIEM_NOW=now) as server, _fresh(browser, server) as page:
        for turn, floor in (("cold", floors["cold"]), ("again", floors["again"])):
            yield from _rows(f"11,000 units: / {turn} / one title", _opened(page, "/?indicator=online"), floor)
            steps = (
                ("list of a level", ".st-key-standings-commune a", "/gaps"),
                ("next page of the list", ".st-key-gaps-after button", "/gaps"),
                ("back to the overview", "[data-testid=stTopNavLink]", "/"),
                ("unit named there", ".st-key-pressed [class*=st-key-unit-] a", "/unit"),
            )
            for step, selector, path in steps:
                visit = _clicked(page, selector, path=path)
                yield from _rows(f"11,000 units: {step}, {turn} / one title", visit, floors["in place"])


def measure() -> Iterator[Measured]:
    with tempfile.TemporaryDirectory(prefix="caodiem-bench-") as root, sync_playwright() as playwright:
        folder = Path(root)
        run_job(folder / "home", "init", "--demo")
        evening = write_country(folder / "country")
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        floors = _floors(browser, folder)
        for turn, visit in floors.items():
            yield Measured(f"one title, {turn}", visit.total)
        yield from _province(browser, folder / "home", floors)
        yield from _country(browser, folder / "country", evening.isoformat(), floors)
        browser.close()
