"""The page of progress in a browser: the message is that of the row, at any size, in both themes and languages."""

import re

import pytest
from playwright.sync_api import expect

from models.core import formats
from models.core.texts import text
from tests.browser.looking import change_language
from tests.browser.screens import expect_whole, screens, show_on

QUERIES = ("unit=H21.58", "level=district&lang=en", "level=commune&lang=en")


@pytest.fixture
def open_progress(open_page):
    """Opens the page and waits until its chart and table are drawn."""

    def opened(query=""):
        page = open_page(f"/progress?{query}")
        expect(page.locator(".st-key-progress-shown svg.marks")).to_have_count(1, timeout=30_000)
        expect(page.locator(".st-key-progress-others tbody tr")).to_have_count(5, timeout=30_000)
        return page

    return opened


@pytest.mark.soak
@pytest.mark.parametrize(("unit", "language"), [pytest.param("H21", "vi", marks=pytest.mark.soak), ("SGTVT", "en")])
def test_message_and_figures_are_those_that_the_command_tells(open_progress, standing_rows, unit, language):
    [row] = [row for row in standing_rows if (row["unit"], row["indicator"]) == (unit, "online")]

    page = open_progress(f"unit={unit}&indicator=online&lang={language}")

    projection = formats.percent(row["projection"], language, target=row["target"])
    words = page.locator(".st-key-progress-shown svg.marks text").all_text_contents()
    assert projection in page.locator("h1").inner_text()
    assert formats.percent(row["value"], language, target=row["target"]) in words
    assert any(projection in each for each in words)
    said = page.get_by_test_id("stMain").inner_text().replace("\N{NO-BREAK SPACE}", " ")
    for figure in (row["trajectory"], row["high"]):
        assert formats.percent(figure, language) in said
    assert text(f"standing.{row['standing']}", language) in said


@pytest.mark.parametrize(("query", "size", "scheme"), screens(QUERIES, laptop=QUERIES[0]))
def test_page_is_whole_and_without_barriers(page, open_progress, query, size, scheme):
    show_on(page, size, scheme)

    open_progress(query)

    expect_whole(page)


@pytest.mark.soak
def test_search_finds_a_unit_without_diacritics_and_the_other_language_keeps_the_place(open_progress):
    page = open_progress("indicator=payment")
    box = page.locator(".st-key-progress-subject").get_by_role("combobox")

    box.click()
    box.fill("dak doa")
    page.get_by_role("option").first.click()

    expect(page.locator("h1")).to_contain_text("UBND huyện Đăk Đoa · Tỷ lệ thanh toán trực tuyến")
    change_language(page, "en")
    expect(page.locator("h1")).to_contain_text("UBND huyện Đăk Đoa · Online payment rate")
    expect(page).to_have_url(re.compile(r"/progress\?(?=.*indicator=payment)(?=.*unit=H21)(?=.*lang=en)"))
