"""When is a page drawn: said once, for tests and pictures."""

from playwright.sync_api import Page, expect

from models.core.texts import LANGUAGES, text

FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"
"""What Streamlit's page says of itself when its script has run; its charts may still be on their way."""
CHARTS = (".st-key-dots", ".st-key-unit-chart", ".st-key-progress-shown")
"""The one large chart of a page."""
LISTED = ".st-key-gaps-table"


def wait_until_drawn(page: Page) -> None:
    """Returns when the heading stands and every chart of the page, where there is one, is drawn."""
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.locator("h1")).to_be_visible()
    for chart in CHARTS:
        if page.locator(chart).count():
            expect(page.locator(f"{chart} svg.marks")).to_be_visible(timeout=30_000)
    if page.locator(LISTED).count():
        expect(page.locator(f"{LISTED} tbody td a").last).to_be_visible(timeout=30_000)


def change_language(page: Page, into: str) -> None:
    """Go on in the other language, by the button in the bar above every page."""
    now = next(language for language in LANGUAGES if language != into)
    open_more(page, now)
    page.get_by_role("button", name=text("frame.switch", now)).click()
    page.keyboard.press("Escape")


def open_more(page: Page, language: str = "vi") -> None:
    """Open what stands behind the bar's last button: account, language, link."""
    page.get_by_role("button", name=text("bar.more", language)).click()
