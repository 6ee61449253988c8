"""The screens on which a page must be whole, and what that means; said once, for every page."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from models.core.texts import texts

PROJECTOR, LAPTOP, PHONE = (1920, 1080), (1366, 768), (390, 844)
Screen = tuple[int, int]
ATTRIBUTES = ("aria-label", "aria-roledescription", "title", "placeholder", "alt")
SAID = """(names) => [...document.querySelectorAll("body *")].flatMap((element) => [
    ...names.map((name) => element.getAttribute(name)),
    ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.nodeValue),
]).map((said) => (said || "").trim()).filter(Boolean)"""
"""Everything that is written or read out on the page, piece by piece."""


def screens(addresses: Collection[str], *, laptop: str | None = None, phone: str | None = None) -> list[Any]:
    """Every address on every screen in both themes.

    Each run looks at the one address on a dark laptop or a light phone; `make soak` at all the others.
    """
    daily = {(laptop, LAPTOP, "dark"), (phone, PHONE, "light")}
    assert {laptop, phone} - {None} <= set(addresses)
    found = []
    for address in addresses:
        for size in (PROJECTOR, LAPTOP, PHONE):
            for scheme in ("light", "dark"):
                marks = () if (address, size, scheme) in daily else (pytest.mark.soak,)
                found.append(pytest.param(address, size, scheme, marks=marks, id=f"{address}-{size[0]}-{scheme}"))
    return found


def show_on(page: Page, size: Screen, scheme: Any = "light") -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)


def expect_nothing_sideways(page: Page, about: str = "") -> None:
    """The page and what scrolls in it are no wider than the screen."""
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], f"{about} is too wide"
    beyond = page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth")
    assert beyond <= 0, f"{about} scrolls sideways by {beyond} px"


def expect_no_barriers(page: Page, about: str = "", options: Mapping[str, Any] | None = None) -> None:
    # Only what is wrong is gathered: to say where all the rest stands takes longest.
    found = Axe().run(page, options={"resultTypes": ["violations"], **(options or {})})
    assert found.violations_count == 0, f"{about}: {found.generate_report()}"


def expect_whole(page: Page, about: str = "") -> None:
    """Nothing is cut off or in anybody's way, and a Vietnamese page has none of Streamlit's English words."""
    expect_nothing_sideways(page, about)
    expect_no_barriers(page, about)
    if page.locator("html").get_attribute("lang") == "vi":
        assert english_left(page) == [], about


def english_left(page: Page) -> list[str]:
    """What of the page is one of Streamlit's words as Streamlit writes it."""
    words = [words for key, words in texts("en").items() if key.startswith("chrome.")]
    known = re.compile("|".join(re.sub(r"\\\{\w+\\\}", ".+", re.escape(each)) for each in words))
    return sorted({said for said in page.evaluate(SAID, ATTRIBUTES) if known.fullmatch(said)})


def spoken(page: Page) -> list[str]:
    """What the page's own parts are called to whoever listens.

    Apart from the buttons that Streamlit shows over a chart that is pointed at: nothing switches them off.
    """
    said: list[str] = page.get_by_test_id("stMain").evaluate(
        "main => [...main.querySelectorAll('[aria-label],[title]')]"
        ".filter(one => !one.closest('[data-testid=stElementToolbar]')).map("
        "one => `${one.getAttribute('aria-label') ?? ''} ${one.getAttribute('title') ?? ''}`)"
    )
    return said
