"""The page of the campaign in a browser: at every size, without barriers, and one change from the form to the file."""

import re
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.settings import CAMPAIGNS
from tests.browser.looking import FINISHED
from tests.browser.people import admit
from tests.browser.serving import run_job, serving
from tests.browser.test_gaps import ENGLISH

SIZES = [(1920, 1080), (1366, 768), (390, 844)]
PARTS = ("missing", "dates", "indicators", "heads", "central", "sources")
PATIENCE = 60_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of the bundled campaign, to be written to."""
    return Path(shutil.copytree(CAMPAIGNS / "gia-lai-2024", tmp_path_factory.mktemp("campaign") / "gia-lai-2024"))


@pytest.fixture(scope="module")
def place(tmp_path_factory, folder):
    """A store without figures that has followed the copy, with a coordinator."""
    home = tmp_path_factory.mktemp("campaign-home") / "home"
    run_job(home, "init", "--campaign", str(folder))
    admit(home)
    return home


@pytest.fixture(scope="module")
def server(place, folder):
    with serving(place, CAODIEM_CAMPAIGN=str(folder), CAODIEM_NOW="2024-04-02T08:00:00+07:00") as address:
        yield address


@pytest.fixture
def open_part(page, server):
    def opened(query=""):
        page.goto(f"{server}/campaign{query}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("việc|still"), timeout=PATIENCE)
        expect(page.locator(FINISHED)).to_be_visible(timeout=PATIENCE)
        return page

    return opened


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_scrolls_sideways(page, open_part, width, height):
    page.set_viewport_size({"width": width, "height": height})

    for part in PARTS:
        open_part(f"?part={part}")

        assert page.evaluate("document.documentElement.scrollWidth") <= width, part
        assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0, part


@pytest.mark.parametrize(("width", "scheme"), [(1366, "light"), (390, "dark")])
def test_page_has_no_barriers(page, open_part, width, scheme):
    page.set_viewport_size({"width": width, "height": 844})
    page.emulate_media(color_scheme=scheme)

    for query in ("", "?part=indicators&lang=en", "?part=heads"):
        open_part(query)
        found = Axe().run(page)

        assert found.violations_count == 0, f"{query}: {found.generate_report()}"


def test_vietnamese_page_speaks_no_english(open_part):
    for part in PARTS:
        main = open_part(f"?part={part}").get_by_test_id("stMain")

        assert not ENGLISH.findall(main.inner_text()), part


def test_head_goes_from_the_form_into_the_file_and_init_finds_nothing_to_do(open_part, folder, place):
    page = open_part("?part=heads&q=so cong thuong")
    page.get_by_label("Họ tên").fill("Nguyễn Văn An")
    page.get_by_label("Điện thoại").fill("0905 111 222")
    page.get_by_role("button", name="Xem trước thay đổi").click()
    shown = page.locator(".st-key-campaign-preview")
    expect(shown.get_by_text("Sở Công Thương · Họ tên: chưa có → Nguyễn Văn An")).to_be_visible(timeout=PATIENCE)
    shown.get_by_label("Lý do (bắt buộc)").fill("Quyết định bổ nhiệm")
    shown.get_by_role("button", name="Lưu vào tệp").click()

    expect(page.get_by_text("Đã lưu 2 thay đổi")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("1 đơn vị, 0 đơn vị chưa có họ tên")).to_be_visible(timeout=PATIENCE)
    assert ",Giám đốc,Nguyễn Văn An,0905 111 222,,," in (folder / "units.csv").read_text("utf-8")
    assert "up to date" in run_job(place, "init", "--campaign", str(folder))


def test_mistake_is_said_where_it_was_typed_and_the_file_stays(open_part, folder):
    page = open_part("?part=limits")
    before = (folder / "campaign.toml").read_bytes()

    page.get_by_label("Có nguy cơ không đạt, từ").fill("0,9")
    page.get_by_role("button", name="Xem trước thay đổi").click()

    expect(page.get_by_text("Tình hình theo xác suất đạt: phải giảm dần")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_label("Có nguy cơ không đạt, từ")).to_have_value("0,9")
    assert (folder / "campaign.toml").read_bytes() == before


def test_gap_leads_to_where_it_is_mended(open_part):
    page = open_part()

    page.get_by_role("link", name="Nhập chỉ tiêu Trung ương").click()

    expect(page.get_by_role("heading", name="Nhập hoặc sửa một chỉ tiêu Trung ương")).to_be_visible(timeout=PATIENCE)
    expect(page).to_have_url(re.compile("part=central"))
