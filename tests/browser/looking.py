"""When is a page drawn: said once, for tests and pictures."""

from playwright.sync_api import Page, expect

FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"
"""What Streamlit's page says of itself when its script has run; its charts may still be on their way."""
BARS = ".st-key-lines [class*=st-key-line-]"


def wait_until_drawn(page: Page) -> None:
    """Returns when the heading stands and every line of the overview, where there is one, has its bar."""
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.locator("h1")).to_be_visible()
    lines = page.locator(BARS).count()
    if lines:
        expect(page.locator(".st-key-lines svg.marks")).to_have_count(lines, timeout=30_000)
        expect(page.locator("svg.marks")).to_have_count(lines + 1, timeout=30_000)
