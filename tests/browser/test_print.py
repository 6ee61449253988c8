"""On paper: what is read and nothing that is pressed, a unit on one sheet."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import wait_until_drawn
from tests.browser.people import signed_in

PRESSED = (
    "[data-testid=stHeader]",
    ".st-key-language",
    ".st-key-who",
    ".st-key-unit-search",
    ".st-key-unit-phase",
    ".st-key-unit-indicator",
    "[data-testid=stExpander]",
    ".st-key-gaps-filters",
    ".st-key-gaps-sort",
    ".st-key-gaps-after",
    ".st-key-gaps-files",
)


def sheets(page):
    """How many sheets the page takes when it is printed as its own style says."""
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True, print_background=True)))


@pytest.mark.parametrize("unit", ["H21", "H21.01", "H21.58"])
@pytest.mark.parametrize("size", [(1366, 768), (390, 844)])
def test_unit_is_printed_on_one_sheet_from_any_screen(page, unit, size):
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(f"/unit?unit={unit}")
    wait_until_drawn(page)

    assert sheets(page) == 1


@pytest.mark.parametrize("address", ["/", "/gaps", "/unit?unit=H21.58"])
def test_paper_shows_nothing_that_is_pressed(open_page, address):
    page = open_page(address)

    page.emulate_media(media="print")

    for pressed in PRESSED:
        expect(page.locator(pressed).filter(visible=True)).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()


def test_paper_names_the_hardest_units_below_and_says_how_many_there_are(open_page):
    page = open_page("/unit?unit=H21.58")
    expect(page.locator(".st-key-printed")).to_be_hidden()

    page.emulate_media(media="print")

    expect(page.locator(".st-key-children > *").filter(visible=True)).to_have_count(6)
    expect(page.locator(".st-key-printed")).to_contain_text("6 trong 13 đơn vị")


def test_paper_keeps_the_mark_of_simulated_figures(open_page):
    page = open_page("/unit?unit=H21.58")

    page.emulate_media(media="print")

    expect(page.get_by_text("Số liệu mô phỏng · minh họa")).to_be_visible()


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
