"""The page of the campaign in a browser: at every size, without barriers, and a change from form to exported file."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.core.settings import CAMPAIGNS
from tests.browser.looking import FINISHED
from tests.browser.people import admit
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, expect_no_barriers, expect_nothing_sideways, show_on
from tests.browser.serving import run_job, serving_at_once
from tests.browser.test_gaps import ENGLISH
from tests.soaked import mostly_soaked

PARTS = ("missing", "dates", "indicators", "heads", "central", "sources")
DAILY = ("missing", "heads")
"""What is first seen, and the part with a list and a form."""
AUDITED = ("", "?part=indicators&lang=en", "?part=heads")
PATIENCE = 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the bundled campaign."""
    return Path(shutil.copytree(CAMPAIGNS / "gia-lai-2024", tmp_path_factory.mktemp("campaign") / "gia-lai-2024"))


@pytest.fixture(scope="module")
def place(tmp_path_factory, folder):
    """A store without figures that has taken the copy in, with a coordinator."""
    home = tmp_path_factory.mktemp("campaign-home") / "home"
    run_job(home, "init", "--campaign", str(folder))
    admit(home)
    return home


@pytest.fixture(scope="module")
def server(place, folder):
    with serving_at_once(place, CAODIEM_CAMPAIGN=str(folder), CAODIEM_NOW="2024-04-02T08:00:00+07:00") as address:
        yield address


@pytest.fixture
def open_part(page, server):
    def opened(query=""):
        page.goto(f"{server}/campaign{query}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("việc|still"), timeout=PATIENCE)
        expect(page.locator(FINISHED)).to_be_visible(timeout=PATIENCE)
        return page

    return opened


@pytest.mark.parametrize(
    ("size", "scheme", "parts"),
    mostly_soaked(
        [(PHONE, "dark", DAILY), (PHONE, "dark", PARTS), (LAPTOP, "light", PARTS), (PROJECTOR, "light", PARTS)],
        (PHONE, "dark", DAILY),
    ),
)
def test_every_part_is_whole_without_barriers_and_speaks_no_english(page, open_part, size, scheme, parts):
    show_on(page, size, scheme)

    for part in parts:
        open_part(f"?part={part}")

        expect_nothing_sideways(page, part)
        assert not ENGLISH.findall(page.get_by_test_id("stMain").inner_text()), part
        if f"?part={part}" in AUDITED:
            expect_no_barriers(page, part)


@pytest.mark.soak
@pytest.mark.parametrize(("size", "scheme"), [(LAPTOP, "light"), pytest.param(PHONE, "dark", marks=pytest.mark.soak)])
def test_page_is_whole_and_without_barriers(page, open_part, size, scheme):
    show_on(page, size, scheme)

    for query in AUDITED:
        open_part(query)

        expect_nothing_sideways(page, query)
        expect_no_barriers(page, query)


@pytest.mark.soak
def test_head_goes_from_the_form_into_the_store_and_out_into_the_file(open_part, folder, place):
    page = open_part("?part=heads&q=so cong thuong")
    page.get_by_label("Họ tên").fill("Nguyễn Văn An")
    page.get_by_label("Điện thoại").fill("0905 111 222")
    page.get_by_role("button", name="Xem trước thay đổi").click()
    shown = page.locator(".st-key-campaign-preview")
    expect(shown.get_by_text("Sở Công Thương · Họ tên: chưa có → Nguyễn Văn An")).to_be_visible(timeout=PATIENCE)
    shown.get_by_label("Lý do (bắt buộc)").fill("Quyết định bổ nhiệm")
    shown.get_by_role("button", name="Lưu", exact=True).click()

    expect(page.get_by_text("Đã lưu 2 thay đổi")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("1 đơn vị, 0 đơn vị chưa có họ tên")).to_be_visible(timeout=PATIENCE)
    assert "Nguyễn Văn An" not in (folder / "units.csv").read_text("utf-8")
    run_job(place, "campaign", "export", str(folder))
    assert ",Giám đốc,Nguyễn Văn An,0905 111 222,,," in (folder / "units.csv").read_text("utf-8")
    assert "up to date" in run_job(place, "init", "--campaign", str(folder), "--lang", "en")


@pytest.mark.soak
def test_mistake_is_said_where_it_was_typed(open_part):
    page = open_part("?part=limits")

    page.get_by_label("Cần theo dõi, từ").fill("0,9")
    page.get_by_role("button", name="Xem trước thay đổi").click()

    expect(page.get_by_text("Tình hình theo xác suất đạt: phải giảm dần")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Cần theo dõi, từ")).to_have_value("0,9")


@pytest.mark.soak
def test_gap_leads_to_where_it_is_mended(open_part):
    page = open_part()

    page.get_by_role("link", name="Nhập chỉ tiêu Trung ương").click()

    expect(page.get_by_role("heading", name="Nhập hoặc sửa một chỉ tiêu Trung ương")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("part=central"))
