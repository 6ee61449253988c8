"""When is a page drawn: said once, for tests and pictures."""

from playwright.sync_api import Page, expect

from models.core.texts import LANGUAGES, text

FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"
"""What Streamlit's page says of itself when its script has run; its charts may still be on their way."""
STACKS = ".st-key-dots"
PANELS = ".st-key-panels [class*=st-key-panel-]"
DOTS = ".st-key-gaps-dots"


def wait_until_drawn(page: Page) -> None:
    """Returns when the heading stands and every chart of the page, where there is one, is drawn."""
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".st-key-panels svg.marks")).to_have_count(page.locator(PANELS).count(), timeout=30_000)
    for chart in (STACKS, DOTS):
        if page.locator(chart).count():
            expect(page.locator(f"{chart} svg.marks")).to_be_visible(timeout=30_000)


def change_language(page: Page, into: str) -> None:
    """Go on in the other language, by the button in the bar above every page."""
    now = next(language for language in LANGUAGES if language != into)
    page.get_by_role("button", name=text("bar.more", now)).click()
    page.get_by_role("button", name=text("frame.switch", now)).click()
