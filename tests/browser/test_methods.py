"""The page of methods in a browser: reached from progress, every definition opens, nothing is in anybody's way."""

import pytest
from playwright.sync_api import expect

from models.core.texts import text
from tests.browser.screens import expect_whole, screens, show_on


@pytest.mark.soak
def test_definition_of_a_method_opens_beside_what_it_means(open_page):
    page = open_page("/progress")
    page.get_by_role("link", name=text("progress.to_methods", "vi")).click()
    method = page.locator(".st-key-method-pace")
    expect(method).to_contain_text(text("methods.item.pace.meaning", "vi"))

    method.get_by_text(text("methods.definition", "vi")).click()

    expect(method.locator("code")).to_contain_text("targets.projection.pace.pace")
    expect(method.locator("code")).to_be_visible()


@pytest.mark.parametrize(
    ("address", "size", "scheme"),
    screens(("/methods", "/methods?lang=en"), laptop="/methods"),
)
def test_page_is_whole_and_without_barriers(page, open_page, address, size, scheme):
    show_on(page, size, scheme)

    open_page(address)
    expect(page.locator("svg.marks")).to_have_count(1, timeout=30_000)

    expect_whole(page)
