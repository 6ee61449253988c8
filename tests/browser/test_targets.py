"""The page of targets in a browser: at every size, by eye, keyboard and screen reader, from a wish to an issue."""

import re
from datetime import datetime
from decimal import Decimal

import openpyxl
import pytest
from playwright.sync_api import expect

from models.core.audit import ChangeContext
from models.core.settings import TIMEZONE
from models.core.store import Store
from models.targets.causes import Explanation, state_cause
from models.targets.checks import Dispute, request_check
from models.targets.registrations import Registration, register_target
from tests.browser.demonstrations import copy_of
from tests.browser.looking import FINISHED
from tests.browser.people import admit
from tests.browser.screens import expect_whole, screens, show_on
from tests.browser.serving import serving_at_once
from tests.browser.test_gaps import ENGLISH

ADDRESSES = ["/targets", "/targets?lang=en&phase=100-day&indicator=payment", "/targets?q=ia pnon&level=commune"]
NOW = datetime(2024, 5, 7, 17, tzinfo=TIMEZONE)
DUE = datetime(2024, 5, 20, tzinfo=TIMEZONE).date()
PATIENCE = 60_000


@pytest.fixture(scope="module")
def server(demonstration, tmp_path_factory):
    """A demonstration of these tests' own in which one of each kind waits for the office."""
    place = copy_of(demonstration, tmp_path_factory.mktemp("targets"))
    admit(place)
    store = Store(f"sqlite:///{place / 'caodiem.db'}")
    context = ChangeContext(by="system:test", reason="chưa đủ nhân lực", now=NOW)
    with store.writing() as session:
        register_target(session, Registration("H21.58", "online", "50-day", Decimal(45), "12/KH-UBND"), context=context)
        shown = Explanation("H21.58", "payment", "staff", "Thiếu người", "Bố trí thêm", "Phòng Nội vụ", DUE)
        state_cause(session, shown, context=context)
        request_check(session, Dispute("H21.58", "online", "Sổ theo dõi", DUE, 60, 100), context=context)
    store.close()
    with serving_at_once(place) as address:
        yield address


@pytest.fixture
def open_targets(page, server):
    def opened(address="/targets"):
        page.goto(f"{server}{address}")
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


def test_registration_is_approved_by_keyboard_alone(open_targets):
    page = open_targets()
    card = page.locator("[class*=st-key-targets-card-registration-]")
    card.get_by_label("Lý do (bắt buộc)").focus()

    page.keyboard.type("đồng ý theo đề nghị")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Đã duyệt chỉ tiêu đăng ký của UBND")).to_be_visible(timeout=PATIENCE)
    expect(card).to_have_count(0)


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
