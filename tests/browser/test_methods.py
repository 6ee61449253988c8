"""The page of methods in a browser: reached from progress, every definition opens, nothing is in anybody's way."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.texts import text


def test_definition_of_a_method_opens_beside_what_it_means(open_page):
    page = open_page("/progress")
    page.get_by_role("link", name=text("progress.to_methods", "vi")).click()
    method = page.locator(".st-key-method-pace")
    expect(method).to_contain_text(text("methods.item.pace.meaning", "vi"))

    method.get_by_text(text("methods.definition", "vi")).click()

    expect(method.locator("code")).to_contain_text("targets.pace.pace")
    expect(method.locator("code")).to_be_visible()


@pytest.mark.parametrize(("width", "scheme", "query"), [(390, "dark", "?lang=en"), (1366, "light", "")])
def test_page_fits_and_has_no_barriers(page, open_page, width, scheme, query):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)

    open_page(f"/methods{query}")
    expect(page.locator("svg.marks")).to_have_count(1, timeout=30_000)

    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
