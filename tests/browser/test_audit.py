"""The audit page in a browser: legible at every size, without barriers, and taken along as a file."""

import pytest

from models.core.texts import text
from tests.browser.screens import expect_whole, screens, show_on

# A few entries: looking for barriers takes as long as a page is.
ADDRESSES = ("/audit", "/audit?lang=en", "/audit?q=canbo")


@pytest.mark.parametrize(("address", "size", "scheme"), screens(ADDRESSES, laptop="/audit?q=canbo"))
def test_page_is_whole_and_without_barriers(page, open_page, address, size, scheme):
    show_on(page, size, scheme)

    open_page(address)

    expect_whole(page)


@pytest.mark.soak
def test_trail_is_taken_along_as_a_file(open_page):
    page = open_page("/audit")

    with page.expect_download() as download:
        page.get_by_role("button", name=text("audit.download", "vi")).click()

    written = download.value.path().read_text(encoding="utf-8-sig")
    assert download.value.suggested_filename == text("audit.file_name", "vi")
    assert written.splitlines()[0].startswith(text("audit.column.at", "vi"))
