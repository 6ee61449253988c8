"""The page of official scores in a browser: reached from progress, without barriers, and taken along as a file."""

import csv
import io
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.texts import text


def test_scores_are_reached_from_progress_and_taken_along_as_told(open_page):
    page = open_page("/progress")
    page.get_by_role("link", name=text("progress.to_scores", "vi")).click()
    expect(page.locator("h1")).to_contain_text("Điểm chính thức năm 2023")

    with page.expect_download() as told:
        page.get_by_role("button", name=text("scores.download_csv", "vi")).click()

    lines = list(csv.DictReader(io.StringIO(Path(told.value.path()).read_text("utf-8-sig")), delimiter=";"))
    assert {line["Mã"]: line["Điểm"] for line in lines} == {"H21": "53,13", "H21.58": "55,51"}
    assert told.value.suggested_filename == "diem-chinh-thuc_article-002_2023-12-31_mo-phong.csv"


@pytest.mark.parametrize(("width", "scheme", "query"), [(390, "light", ""), (1366, "dark", "?lang=en")])
def test_page_fits_and_has_no_barriers(page, open_page, width, scheme, query):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)

    open_page(f"/scores{query}")

    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
