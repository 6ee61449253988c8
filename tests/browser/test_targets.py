"""The page of targets in a browser: at every size, by eye, keyboard and screen reader, from a wish to an issue."""

import re

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.looking import FINISHED
from tests.browser.screens import expect_whole, screens, show_on
from tests.browser.test_gaps import ENGLISH

ADDRESSES = ["/targets", "/targets?lang=en&phase=100-day&indicator=payment", "/targets?q=ia pnon&level=commune"]
PATIENCE = 60_000


@pytest.fixture
def open_targets(page, office):
    def opened(address="/targets"):
        page.goto(f"{office}{address}")
        expect(page.locator(".st-key-targets-annex-docx")).to_be_visible(timeout=PATIENCE)
        expect(page.locator(FINISHED)).to_be_visible(timeout=PATIENCE)
        return page

    return opened


@pytest.mark.parametrize(("address", "size", "scheme"), screens(ADDRESSES, laptop=ADDRESSES[0]))
def test_page_is_whole_and_without_barriers(page, open_targets, address, size, scheme):
    show_on(page, size, scheme)

    open_targets(address)

    expect_whole(page)


@pytest.mark.soak
def test_page_speaks_vietnamese_and_finds_units_without_accents(open_targets):
    page = open_targets()
    assert not ENGLISH.findall(page.get_by_test_id("stMain").inner_text())

    page.get_by_label("Lọc theo tên").fill("ia pnon")

    expect(page).to_have_url(re.compile("q=ia"))
    expect(page.locator(".st-key-targets-proposals-table tbody tr")).to_have_count(1)


@pytest.mark.soak
def test_registration_is_approved_by_keyboard_alone(open_targets):
    page = open_targets()
    card = page.locator("[class*=st-key-targets-card-registration-]")
    card.get_by_label("Lý do (bắt buộc)").focus()

    page.keyboard.type("đồng ý theo đề nghị")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Đã duyệt chỉ tiêu đăng ký của UBND")).to_be_visible(timeout=PATIENCE)
    expect(card).to_have_count(0)


@pytest.mark.soak
def test_phase_is_issued_after_it_was_said_what_that_does_and_the_annex_says_so(open_targets, tmp_path):
    page = open_targets("/targets?phase=maintain")
    issue = page.locator(".st-key-targets-issue")
    issue.get_by_label("Số văn bản").fill("629/KH-UBND")
    issue.get_by_role("button", name="Xem trước").click()
    expect(issue.get_by_text("Sẽ giao")).to_be_visible(timeout=PATIENCE)
    issue.get_by_role("button", name="Xác nhận giao").click()
    expect(issue.get_by_text(re.compile("Đã giao .* chỉ tiêu theo 629/KH-UBND"))).to_be_visible(timeout=PATIENCE)

    with page.expect_download() as shown:
        page.locator(".st-key-targets-annex").get_by_role("button").click()

    shown.value.save_as(tmp_path / "annex.xlsx")
    [sheet] = openpyxl.load_workbook(tmp_path / "annex.xlsx")
    assert shown.value.suggested_filename == "phu-luc-chi-tieu_629-KH-UBND_2024-05-07_minh-hoa.xlsx"
    assert any("629/KH-UBND" in str(row[0].value) for row in sheet.iter_rows(max_row=8))
