"""The page of gaps in a browser: figures as the command tells them, choices in the address, at any size and theme."""

import csv
import io
import re
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from models.core import formats
from models.core.texts import text
from targets.findings import NOT_ARRIVED
from tests.browser.looking import wait_until_drawn
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, expect_whole, screens, show_on, spoken

ADDRESSES = [
    "/gaps",
    "/gaps?indicator=online&level=department&lang=en",
    "/gaps?indicator=payment&q=không có&sort=abc",
    "/gaps?indicator=online&parent=H21.54",
    "/gaps?indicator=online&view=tiles",
]
ENGLISH = re.compile(
    r"\b(Choose an option|No results|Press Enter|Search|Fullscreen|Sort|Download|Show|Hide|Next|Previous|page|empty)\b"
)


@pytest.fixture
def open_gaps(page):
    """Opens an address of the page and waits until its table, if it has one, is drawn."""

    def opened(address):
        page.goto(address)
        wait_until_drawn(page)
        return page

    return opened


def cells_of(page):
    """The table as it stands on screen, a unit's code with its cells."""
    found = {}
    for line in page.locator(".st-key-gaps-table tbody tr:has(a)").all():
        code = re.search(r"unit=([^&]+)", line.locator("a").get_attribute("href"))[1]
        found[code] = [cell.replace("\N{NO-BREAK SPACE}", " ").strip() for cell in line.locator("td").all_inner_texts()]
    return found


def level(page, name):
    return page.locator(".st-key-gaps-level").get_by_role("radio", name=name)


@pytest.mark.soak
@pytest.mark.parametrize("language", ["vi", "en"])
def test_figures_are_those_that_the_command_tells(open_gaps, standing_rows, language):
    cells = cells_of(open_gaps(f"/gaps?indicator=online&level=department&lang={language}"))

    rows = {row["unit"]: row for row in standing_rows if row["indicator"] == "online" and row["level"] == "department"}
    assert cells.keys() == rows.keys()
    for code, row in rows.items():
        said = cells[code]
        assert said[2].split()[-1] == formats.percent(row["value"], language, target=row["target"])
        assert said[4].removesuffix("*") == formats.target_percent(row["target"], language)
        assert said[5] == formats.decimal(formats.missing_points(row["value"], row["target"]), language)
        assert said[6] == formats.whole(row["cases_missing"], language)
        assert text(f"standing.{row['standing']}", language) in said[-1]


@pytest.mark.parametrize(("address", "size", "scheme"), screens(ADDRESSES, laptop=ADDRESSES[3]))
def test_page_is_whole_and_without_barriers(page, open_gaps, address, size, scheme):
    show_on(page, size, scheme)

    open_gaps(address)

    expect_whole(page)


@pytest.mark.soak
def test_search_finds_names_without_accents_and_goes_into_the_address(page, open_gaps):
    open_gaps("/gaps?indicator=online")

    page.get_by_label("Lọc theo tên").fill("cho long")

    expect(page.locator("h1")).to_contain_text("Chơ Long")
    expect(page).to_have_url(re.compile(r"q=cho\+long"))


@pytest.mark.soak
def test_filters_go_into_the_address_and_going_back_brings_them_back(page, open_gaps):
    open_gaps("/gaps?indicator=online&lang=vi")

    level(page, "Cấp huyện").click()
    expect(page).to_have_url(re.compile("level=district"))
    expect(page.locator("h1")).to_contain_text("UBND cấp huyện")
    page.go_back()

    expect(page).not_to_have_url(re.compile("level="))
    expect(page.locator("h1")).to_contain_text("257 đơn vị")
    expect(level(page, "Mọi cấp")).to_be_checked()
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("UBND cấp huyện")


@pytest.mark.soak
def test_screens_are_turned_without_losing_the_choices(page, open_gaps):
    open_gaps("/gaps?indicator=online&level=commune&lang=en")

    page.get_by_role("button", name="Next page").click()

    expect(page).to_have_url(re.compile("page=2"))
    expect(page.get_by_text("26–50 of 220 units")).to_be_visible()
    assert [cells[0] for cells in cells_of(page).values()][:2] == ["26", "27"]


@pytest.mark.soak
def test_unit_is_reached_from_its_row_in_the_same_tab_with_the_choices(page, open_gaps):
    open_gaps("/gaps?indicator=online&parent=H21.54&as_of=2024-05-06&lang=en")

    page.locator(".st-key-gaps-table").get_by_role("link").first.click()

    expect(page).to_have_url(re.compile(r"/unit\?unit=[^&]+&indicator=online&as_of=2024-05-06&lang=en$"))
    assert len(page.context.pages) == 1


@pytest.mark.soak
def test_unit_is_reached_from_its_tile_in_the_same_tab_with_the_choices(page, open_gaps):
    open_gaps("/gaps?indicator=online&level=district&as_of=2024-05-06")

    page.locator(".st-key-gaps-view").get_by_role("radio", name="Ô đơn vị").click()
    expect(page).to_have_url(re.compile("view=tiles"))
    tiles = page.locator(".st-key-gaps-tiles a")
    expect(tiles).to_have_count(17)
    places = tiles.evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.lastChild.innerText, one.getBoundingClientRect().toJSON()]))"
    )
    north, south = places["KBang"], places["Krông Pa"]
    assert (north["x"], north["width"]) == (south["x"], south["width"]), "one column of the campaign's layout"
    assert north["y"] < south["y"]
    tiles.filter(has_text="Ia Grai").click()

    expect(page).to_have_url(re.compile(r"/unit\?unit=H21\.58&indicator=online&as_of=2024-05-06$"))
    assert len(page.context.pages) == 1


@pytest.mark.soak
def test_rows_are_two_lines_high_at_most_and_their_picture_takes_the_room_that_is_left(page, open_gaps):
    for size in (PROJECTOR, LAPTOP, PHONE):
        show_on(page, size)
        open_gaps("/gaps?indicator=online&level=commune")
        rows = page.locator(".st-key-gaps-table tbody tr").all()
        assert len(rows) == 25
        assert all(row.bounding_box()["height"] <= 60 for row in rows), size
        pictures = [one.bounding_box() for one in page.locator(".st-key-gaps-table td:nth-of-type(4) img").all()]
        scale = page.locator(".st-key-gaps-table th:nth-of-type(4) img").bounding_box()
        assert {(one["x"], one["width"]) for one in pictures} == {(scale["x"], scale["width"])}, size
        assert scale["x"] + scale["width"] <= size[0]
        assert scale["width"] >= (120 if size == PHONE else 190)


@pytest.mark.soak
def test_communes_are_counted_as_the_command_tells_in_vietnamese_and_taken_along_marked_as_simulated(
    page, open_gaps, standing_rows
):
    rows = {row["unit"]: row for row in standing_rows if row["indicator"] == "online" and row["level"] == "commune"}
    short = sum(row["standing"] in NOT_ARRIVED for row in rows.values())
    open_gaps("/gaps?indicator=online&level=commune")
    expect(page.locator("h1")).to_contain_text(f"{short}/{len(rows)} UBND cấp xã chưa đạt mốc 50 ngày")
    assert not ENGLISH.findall(page.get_by_test_id("stMain").inner_text())
    assert not [words for words in spoken(page) if ENGLISH.search(words)]

    with page.expect_download() as workbook:
        page.get_by_role("button", name="Tải Excel").click()
    with page.expect_download() as lines:
        page.get_by_role("button", name="Tải CSV").click()

    sheet = openpyxl.load_workbook(io.BytesIO(Path(workbook.value.path()).read_bytes())).active
    written = {row[2].value: row for row in sheet.iter_rows() if len(row) > 2 and row[2].value in rows}
    assert workbook.value.suggested_filename == "so-voi-chi-tieu_online_2024-05-07_minh-hoa.xlsx"
    assert written.keys() == rows.keys()
    for code, row in rows.items():
        assert written[code][14].value == row["cases_missing"]
    assert any(cell.value == "SỐ LIỆU MINH HỌA" for row in sheet.iter_rows() for cell in row)
    table = list(csv.reader(io.StringIO(Path(lines.value.path()).read_text(encoding="utf-8-sig")), delimiter=";"))
    assert len(table) == len(rows) + 1
    assert all(line[-1] == "SỐ LIỆU MINH HỌA" for line in table[1:])
