"""The audit page in a browser: legible at every size, without barriers, and taken along as a file."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from models.texts import text

SIZES = [(1920, 1080), (1366, 768), (390, 844)]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_scrolls_sideways(page, open_page, width, height, language):
    page.set_viewport_size({"width": width, "height": height})

    open_page(f"/audit?lang={language}")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_has_no_barriers(page, open_page, scheme):
    page.emulate_media(color_scheme=scheme)
    open_page("/audit")

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_trail_is_taken_along_as_a_file(open_page):
    page = open_page("/audit")

    with page.expect_download() as download:
        page.get_by_role("button", name=text("audit.download", "vi")).click()

    written = download.value.path().read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename == text("audit.file_name", "vi")
    assert written.splitlines()[0].startswith(text("audit.column.at", "vi"))
