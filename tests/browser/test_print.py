"""On paper: what is read and nothing that is pressed, a unit on one sheet."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import wait_until_drawn
from tests.browser.people import signed_in
from tests.browser.screens import LAPTOP, PHONE, show_on

PRESSED = (
    "[data-testid=stHeader]",
    ".st-key-language",
    ".st-key-who",
    "[role=tablist]",
    "[data-testid=stExpander]",
    ".st-key-gaps-filters",
    ".st-key-gaps-xlsx",
    ".st-key-gaps-page",
)


def sheets(page):
    """How many sheets the page takes when it is printed as its own style says."""
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))


SHEETS = [(unit, size) for unit in ("H21", "H21.01", "H21.58") for size in (LAPTOP, PHONE)]
"""A unit, and the screen from which it is printed."""
DAILY = [("H21", LAPTOP)]
"""What has most to say."""


@pytest.mark.soak
@pytest.mark.parametrize(
    ("unit", "size"), [pytest.param(*each, marks=() if each in DAILY else (pytest.mark.soak,)) for each in SHEETS]
)
def test_unit_is_printed_on_one_sheet_from_any_screen(page, unit, size):
    show_on(page, size)
    page.goto(f"/unit?unit={unit}")
    wait_until_drawn(page)

    assert sheets(page) == 1


@pytest.mark.soak
@pytest.mark.parametrize("address", ["/gaps", "/", "/unit?unit=H21.58"])
def test_paper_shows_nothing_that_is_pressed(open_page, address):
    page = open_page(address)

    page.emulate_media(media="print")

    expect_nothing_pressed(page)


def expect_nothing_pressed(page):
    for pressed in PRESSED:
        expect(page.locator(pressed).filter(visible=True)).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.soak
def test_paper_of_a_unit_names_the_hardest_below_keeps_the_mark_of_simulated_figures_and_is_not_pressed(open_page):
    page = open_page("/unit?unit=H21.58")
    expect(page.locator(".st-key-printed")).to_be_hidden()

    page.emulate_media(media="print")

    expect(page.locator(".st-key-unit-below tbody tr").filter(visible=True)).to_have_count(12)
    expect(page.locator(".st-key-printed")).to_contain_text("12 trong 13 đơn vị")
    expect(page.get_by_text("Số liệu minh họa")).to_be_visible()
    expect_nothing_pressed(page)


@pytest.mark.soak
def test_dark_screen_prints_dark_words_on_white(browser, base_url):
    context = browser.new_context(base_url=base_url, color_scheme="dark", locale="vi-VN", storage_state=signed_in())
    page = context.new_page()
    page.goto("/unit?unit=H21.01")
    wait_until_drawn(page)

    page.emulate_media(media="print")

    expect(page.locator("html")).to_have_attribute("data-ground", "dark")
    expect(page.get_by_test_id("stApp")).to_have_css("filter", "invert(1) hue-rotate(180deg)")
    page.emulate_media(media="screen")
    expect(page.locator("html")).not_to_have_attribute("data-ground", "dark")
    context.close()
