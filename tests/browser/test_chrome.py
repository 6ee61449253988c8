"""Streamlit's own words around the pages: none of them stays English where the page is Vietnamese."""

import re

import pytest
from playwright.sync_api import expect

from models.core.texts import text
from tests.browser.looking import change_language, wait_until_drawn
from tests.browser.screens import PHONE, english_left, show_on
from tests.browser.serving import serving_at_once

THEMES = ("Theo máy", "Sáng", "Tối")


# Each run asks the same of every page that is looked at on a laptop and a phone (`screens.expect_whole`).
@pytest.mark.soak
@pytest.mark.parametrize("address", ["/", "/gaps", "/unit", "/unit?unit=H21.58"])
def test_page_as_it_opens_has_no_english_words_of_streamlits(open_page, address):
    page = open_page(address)

    expect(page.get_by_role("navigation", name=text("chrome.frame.pages", "vi"))).to_be_visible()
    assert english_left(page) == []


@pytest.mark.soak
def test_phone_opens_the_list_of_pages_in_vietnamese(page):
    show_on(page, PHONE)
    page.goto("/gaps")
    wait_until_drawn(page)

    page.get_by_role("button", name="Mở danh mục trang").click()

    expect(page.get_by_role("button", name="Đóng danh mục trang")).to_be_visible()
    assert english_left(page) == []
    page.get_by_role("link", name=text("page.progress", "vi")).click()
    expect(page.get_by_role("button", name="Đóng danh mục trang")).to_be_hidden()
    expect(page).to_have_url(re.compile("/progress$"))


@pytest.mark.soak
def test_chart_is_made_larger_in_vietnamese_and_offers_nothing_else(open_page):
    page = open_page("/progress")

    page.locator(".st-key-progress-shown").hover()

    tools = page.locator(".st-key-progress-shown [data-testid=stElementToolbar] button").filter(visible=True)
    expect(tools).to_have_count(1)
    expect(tools).to_have_accessible_name(re.compile("^Toàn màn hình: "))
    tools.hover()
    expect(page.get_by_role("tooltip")).to_have_text("Toàn màn hình")
    tools.click()
    expect(page.get_by_role("button", name=re.compile("^Thu nhỏ: "))).to_be_visible()
    assert english_left(page) == []


CHOSEN = "indicator=payment&as_of=2024-04-20"


def test_choices_survive_the_menu_and_the_back_button_and_their_address_is_copied(open_page):
    page = open_page(f"/gaps?{CHOSEN}&level=commune")
    page.get_by_role("button", name=text("section.management", "vi")).click()
    page.get_by_role("menuitem", name=text("page.audit", "vi")).click()
    expect(page).to_have_url(re.compile(rf"/audit\?{CHOSEN}$"))
    expect(page.get_by_role("menu")).to_have_count(0)

    page.get_by_role("link", name=text("page.overview", "vi"), exact=True).click()

    expect(page).to_have_url(re.compile(rf"/\?{CHOSEN}$"))
    expect(page.get_by_role("radio", name="Thanh toán")).to_be_checked()
    page.go_back()
    expect(page.locator("h1")).to_have_text(text("page.audit", "vi"))
    page.go_back()
    expect(page).to_have_url(re.compile(rf"/gaps\?{CHOSEN}&level=commune$"))
    page.get_by_role("button", name=text("bar.more", "vi")).click()
    page.evaluate(
        "() => { navigator.clipboard.writeText = (said) => { window.copied = said; return Promise.resolve(); } }"
    )
    page.get_by_role("button", name=text("bar.copy", "vi")).click()
    assert page.evaluate("window.copied") == page.url


@pytest.mark.soak
def test_menu_is_vietnamese_offers_print_and_theme_and_follows_the_language_without_a_new_document(open_page):
    page = open_page("/")
    expect(page.get_by_role("navigation", name=text("chrome.frame.pages", "vi"))).to_be_visible()
    assert english_left(page) == []

    page.get_by_role("button", name="Tùy chọn").click()

    expect(page.get_by_role("menuitem").filter(visible=True)).to_have_text(["In trang này"])
    expect(page.get_by_role("menuitemradio")).to_have_text([re.compile(f"{each}$") for each in THEMES])
    assert english_left(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("menuitemradio")).to_have_count(0)

    change_language(page, "en")

    expect(page.get_by_role("button", name="Main menu")).to_be_visible()
    expect(page.get_by_role("navigation", name="App pages")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    change_language(page, "vi")
    expect(page.get_by_role("button", name="Tùy chọn")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    wait_until_drawn(page)
    assert english_left(page) == []


@pytest.mark.soak
def test_list_without_results_says_so_in_vietnamese(open_page):
    page = open_page("/unit")

    page.get_by_role("combobox", name="Tìm đơn vị").fill("zzzz")

    expect(page.get_by_text("Không tìm thấy")).to_be_visible()
    assert english_left(page) == []


@pytest.mark.soak
def test_english_page_keeps_streamlits_own_words(open_page):
    page = open_page("/?lang=en")

    expect(page.get_by_role("navigation", name="App pages")).to_be_visible()
    expect(page.get_by_role("button", name="Main menu")).to_be_visible()


@pytest.mark.soak
def test_server_that_goes_away_is_told_in_vietnamese(home, context):
    """A page that nobody watches for complaints: a server that is gone is one."""
    page = context.new_page()
    with serving_at_once(home) as server:
        page.goto(server)
        wait_until_drawn(page)

    expect(page.get_by_text("Máy chủ không trả lời")).to_be_visible(timeout=60_000)
    assert english_left(page) == []
