"""The page of official scores in a browser: reached from progress, without barriers, and taken along as a file."""

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.core.texts import text
from tests.browser.screens import expect_whole, screens, show_on


@pytest.mark.soak
def test_scores_are_reached_from_progress_and_taken_along_as_told(open_page):
    page = open_page("/progress")
    page.get_by_role("link", name=text("progress.to_scores", "vi")).click()
    expect(page.locator("h1")).to_contain_text("Điểm chính thức năm 2023")

    with page.expect_download() as shown:
        page.get_by_role("button", name=text("scores.download_csv", "vi")).click()

    lines = list(csv.DictReader(io.StringIO(Path(shown.value.path()).read_text("utf-8-sig")), delimiter=";"))
    assert {line["Mã"]: line["Điểm"] for line in lines} == {"H21": "53,13", "H21.58": "55,51"}
    assert shown.value.suggested_filename == "diem-chinh-thuc_article-002_2023_2023-12-31_minh-hoa.csv"


@pytest.mark.parametrize(
    ("address", "size", "scheme"),
    screens(("/scores", "/scores?lang=en"), phone="/scores?lang=en"),
)
def test_page_is_whole_and_without_barriers(page, open_page, address, size, scheme):
    show_on(page, size, scheme)

    open_page(address)

    expect_whole(page)
