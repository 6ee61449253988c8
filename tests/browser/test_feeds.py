"""The page of sources in a browser: at any size and theme, in both languages, and pulled at the press of a button."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.looking import FINISHED
from tests.browser.screens import expect_whole, screens, show_on, spoken
from tests.browser.test_gaps import ENGLISH

ADDRESSES = ["/feeds", "/feeds?lang=en&page=2&days=2", "/feeds?show=all&level=commune", "/feeds?q=không có&runs=99"]


@pytest.fixture
def open_feeds(page, intake):
    def opened(address="/feeds"):
        page.goto(f"{intake}{address}")
        return drawn(page)

    return opened


def drawn(page):
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".st-key-feeds-calendar svg.marks")).to_be_visible(timeout=30_000)
    return page


@pytest.mark.parametrize(("address", "size", "scheme"), screens(ADDRESSES, laptop=ADDRESSES[0]))
def test_page_is_whole_and_without_barriers(page, open_feeds, address, size, scheme):
    show_on(page, size, scheme)

    open_feeds(address)

    expect_whole(page)


@pytest.mark.soak
def test_page_speaks_vietnamese_describes_its_calendar_and_finds_units_without_accents(open_feeds):
    page = open_feeds()
    assert not ENGLISH.findall(page.get_by_test_id("stMain").inner_text())
    assert not [words for words in spoken(page) if ENGLISH.search(words)]
    chart = page.locator(".st-key-feeds-calendar [data-testid=stVegaLiteChart]")
    assert "Số liệu minh họa" in chart.evaluate("one => one.outerHTML")

    page.get_by_label("Tìm đơn vị").fill("thong nhat")

    expect(page).to_have_url(re.compile("q=thong"))
    link = page.locator(".st-key-feeds-units-table").get_by_role("link", name=re.compile("Thống Nhất"))
    expect(link).to_have_attribute("href", re.compile("^/unit\\?unit="))


@pytest.mark.soak
def test_row_is_mended_where_it_waits(open_feeds):
    page = open_feeds()
    row = page.locator(".st-key-feeds-row-1")

    row.get_by_label("Đơn vị").fill("UBND huyện Ia Grai")
    row.get_by_role("button", name="Nhận lại").click()

    expect(page.get_by_text("Dòng 1 đã được nhận vào số liệu.")).to_be_visible(timeout=30_000)
    expect(row).to_have_count(0)


@pytest.mark.soak
def test_row_is_dismissed_with_a_reason(open_feeds):
    page = open_feeds()
    row = page.locator(".st-key-feeds-row-2")

    row.get_by_label("Lý do").fill("gửi nhầm")
    row.get_by_role("button", name="Bỏ qua").click()

    expect(page.get_by_text("Dòng 2 đã được bỏ qua.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(re.compile(r"bỏ qua lúc .* \(gửi nhầm\)"))).to_be_visible()


@pytest.mark.soak
def test_pull_is_watched_and_moves_the_demonstration_on(open_feeds):
    page = open_feeds()
    expect(page.locator("h1")).to_contain_text("07/05")

    page.get_by_role("button", name="Cập nhật ngay").first.click()

    expect(page.get_by_text("Đang cập nhật")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("08/05", timeout=60_000)
    expect(page.get_by_text(re.compile("Số liệu ngày 08/05/2024: Đã cập nhật"))).to_be_visible()
