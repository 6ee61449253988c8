"""The upload page in a browser: a file from the form into the store, at every size, in both themes and languages."""

import csv
import io
import json
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.looking import wait_until_drawn
from tests.browser.screens import expect_no_barriers, expect_whole, screens, show_on
from tests.browser.serving import run_job

HEADER = "Đơn vị;Chỉ số;Ngày;Tử số;Mẫu số;Tỷ lệ"
UNITS = ("H21.51", "H21.52", "H21.54", "H21.55", "H21.58")
GOOD = [f"{unit};{key};06/05/2024;41{unit[-1]};1000;" for unit in UNITS for key in ("online", "payment")]
BAD = ["UBND huyện Ia Gray;online;06/05/2024;1;2;", "=HYPERLINK(1);online;06/05/2024;1;2;"]
ENGLISH = re.compile(r"\b(Browse|Drag|drop|Upload|Limit|per file|Choose an option|Press Enter|Next|Previous)\b")
PATIENCE = 60_000


@pytest.fixture
def open_upload(page, intake):
    def opened(query=""):
        page.goto(f"{intake}/upload{query}")
        wait_until_drawn(page)
        return page

    return opened


def file_of(lines, name="so-lieu.csv"):
    return {"name": name, "mimeType": "text/csv", "buffer": ("\n".join([HEADER, *lines]) + "\n").encode()}


def read(page, file):
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_test_id("stFileChip")).to_be_visible()
    page.locator(".st-key-upload-read button").click()


def previewed(page, file):
    read(page, file)
    expect(page.locator("h2").first).to_contain_text(re.compile("Xem trước|Preview"), timeout=PATIENCE)
    return page


def save(page, reason):
    page.get_by_label("Lý do nhập").fill(reason)
    page.get_by_label("Lý do nhập").blur()
    page.locator(".st-key-upload-save button").click()
    expect(page.locator("h2").first).to_contain_text("Đã lưu", timeout=PATIENCE)


@pytest.mark.parametrize(("query", "size", "scheme"), screens(("", "?lang=en"), laptop=""))
def test_page_is_whole_and_without_barriers_from_form_to_preview(page, open_upload, query, size, scheme):
    show_on(page, size, scheme)
    open_upload(query)

    expect_no_barriers(page, "form")
    previewed(page, file_of([*GOOD, *BAD]))
    expect_whole(page, "preview")
    if not query:
        assert not ENGLISH.findall(page.get_by_test_id("stMain").inner_text())


@pytest.mark.soak
def test_file_goes_in_by_the_page_and_the_command_finds_it_unchanged(page, open_upload, intake_home, tmp_path):
    content = file_of(GOOD)
    path = tmp_path / "so-lieu.csv"
    path.write_bytes(content["buffer"])
    rehearsed = json.loads(run_job(intake_home, "import", str(path), "--dry-run", "--json"))
    previewed(open_upload(), content)
    first = page.locator("h2").first.inner_text()

    save(page, "báo cáo tuần 7")

    again = json.loads(run_job(intake_home, "import", str(path), "--dry-run", "--json"))
    rows = json.loads(run_job(intake_home, "standing", "--unit", "H21.58", "--as-of", "2024-05-06", "--json"))
    row = next(row for row in rows if row["indicator"] == "online")
    assert f"{rehearsed['accepted']} mới, {rehearsed['revised']} điều chỉnh" in first
    assert (again["accepted"], again["revised"], again["unchanged"]) == (0, 0, len(GOOD))
    assert row["simulated"] is True
    expect(page.get_by_text("Lý do: báo cáo tuần 7")).to_be_visible()
    expect(page.get_by_role("link", name="UBND huyện Ia Grai")).to_have_attribute("href", re.compile("unit=H21.58"))
    expect(page.get_by_role("link", name="Xem nguồn số liệu")).to_have_attribute("href", re.compile("feeds"))


@pytest.mark.soak
def test_refused_rows_come_back_as_a_workbook_without_formulas(page, open_upload, tmp_path):
    previewed(open_upload(), file_of(BAD))

    with page.expect_download() as download:
        page.locator(".st-key-upload-mend button").click()

    sheet = openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes())).worksheets[0]
    found = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=HYPERLINK(1)"]
    assert download.value.suggested_filename == "dong-loi_so-lieu.xlsx"
    assert [cell.data_type for cell in found] == ["s"]


@pytest.mark.soak
def test_templates_come_with_the_campaigns_units(page, open_upload):
    open_upload()
    page.get_by_text("Tải tệp mẫu").click()
    loaded = {}

    for ending in ("xlsx", "csv"):
        with page.expect_download() as download:
            page.locator(f".st-key-upload-template-{ending} button").click()
        loaded[ending] = Path(download.value.path()).read_bytes()

    sheet = openpyxl.load_workbook(io.BytesIO(loaded["xlsx"])).worksheets[0]
    assert "UBND huyện Ia Grai" in {row[1] for row in csv.reader(io.StringIO(loaded["csv"].decode("utf-8-sig")))}
    assert "UBND huyện Ia Grai" in {row[1].value for row in sheet.iter_rows()}


@pytest.mark.soak
def test_wrong_file_is_refused_and_can_be_followed_by_a_right_one(page, open_upload):
    open_upload()

    read(page, {"name": "báo cáo.xlsx", "mimeType": "application/octet-stream", "buffer": b"%PDF-1.7 rubbish"})

    expect(page.locator("h2").first).to_have_text("Chưa đọc được tệp", timeout=PATIENCE)
    expect(page.get_by_role("alert").filter(has_text="PDF")).to_be_visible()
    page.get_by_test_id("stFileChipDeleteBtn").get_by_role("button").click()
    expect(page.get_by_test_id("stFileChip")).to_have_count(0)
    previewed(page, file_of(GOOD))


@pytest.mark.soak
def test_long_file_shows_its_progress_lets_the_page_be_used_and_can_be_stopped(page, open_upload, handed_in):
    """What is read lies on the disk only meanwhile."""
    lines = [f"{unit};online;{day:02}/{month:02}/2024;1;2;" for month in (4,) for day in range(1, 31) for unit in UNITS]
    open_upload()

    read(page, file_of(lines * 4_000, name="dai.csv"))
    bar = page.get_by_role("progressbar")
    expect(bar).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Tải tệp mẫu").click()
    expect(page.locator(".st-key-upload-template-csv button")).to_be_visible()
    page.locator(".st-key-upload-cancel button").click()

    expect(page.get_by_text("Đã dừng. Chưa lưu gì.")).to_be_visible(timeout=PATIENCE)
    expect_no_files(page, handed_in)


@pytest.mark.soak
def test_file_is_deleted_when_the_page_is_left_in_the_middle(page, open_upload, handed_in):
    lines = [f"{unit};online;{day:02}/04/2024;1;2;" for day in range(1, 31) for unit in UNITS]
    open_upload()
    read(page, file_of(lines * 4_000, name="dai.csv"))
    expect(page.get_by_role("progressbar")).to_be_visible(timeout=PATIENCE)

    page.goto("about:blank")

    expect_no_files(page, handed_in)


def expect_no_files(page, folder):
    """Waits until nothing handed in lies on the disk any more."""
    for _ in range(600):
        if not list(folder.glob("caodiem-upload-*")):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"left behind: {list(folder.iterdir())}")


@pytest.mark.soak
def test_what_becomes_of_a_file_is_seen_on_a_phone_where_the_person_looks(page, open_upload):
    """The answer stands above the form, and what was pressed at its end."""
    page.set_viewport_size({"width": 390, "height": 844})
    open_upload()
    lines = ("Số liệu tính đến ngày 06/05/2024;", "Đơn vị;Trực tuyến", "H21.51;45", "H21.52;8")
    file = {"name": "so-lieu.csv", "mimeType": "text/csv", "buffer": "\n".join(lines).encode()}
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_test_id("stFileChip")).to_be_visible()
    button = page.locator(".st-key-upload-read button")
    button.scroll_into_view_if_needed()
    button.click()

    question = page.get_by_role("heading", name="Cần chọn cách đọc")
    expect(question).to_be_visible(timeout=PATIENCE)
    expect(question).to_be_in_viewport()

    page.get_by_text("tỷ lệ phần trăm", exact=True).click()
    again = page.locator(".st-key-upload-answer button")
    expect(again).to_be_enabled()
    again.scroll_into_view_if_needed()
    again.click()

    preview = page.locator("h2").first
    expect(preview).to_contain_text("Xem trước", timeout=PATIENCE)
    expect(preview).to_be_in_viewport()
