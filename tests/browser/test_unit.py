"""The page of a unit in a browser: figures as the command tells them, found without diacritics, fit for paper."""

import re

import pytest
from playwright.sync_api import expect

from models.core import formats
from models.core.texts import text
from tests.browser.screens import expect_whole, screens, show_on

QUERIES = ("unit=H21.58", "unit=SGTVT&lang=en", "unit=nobody", "", "unit=H21&phase=100-day")
TOLD = [(unit, language) for unit in ("SGTVT", "H21.58", "23881", "H21") for language in ("vi", "en")]
DAILY = [("SGTVT", "vi"), ("H21.58", "vi"), ("23881", "en")]
"""One unit of each level; the province's rows are those of the overview."""


@pytest.fixture(scope="session")
def silent(standing_rows):
    """A unit that has never told a figure."""
    telling = {}
    for row in standing_rows:
        telling[row["unit"]] = telling.get(row["unit"], False) or row["value"] is not None
    return next(unit for unit, has_reported in telling.items() if not has_reported)


@pytest.fixture
def open_unit(open_page):
    """Opens a unit's page and waits until its panels are drawn."""

    def opened(query, panels=6):
        page = open_page(f"/unit?{query}")
        expect(page.locator(".st-key-panels svg.marks")).to_have_count(panels, timeout=30_000)
        return page

    return opened


def words_of(locator):
    return locator.inner_text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.soak
@pytest.mark.parametrize(
    ("unit", "language"), [pytest.param(*each, marks=() if each in DAILY else (pytest.mark.soak,)) for each in TOLD]
)
def test_figures_are_those_that_the_command_tells(open_unit, standing_rows, unit, language):
    rows = [row for row in standing_rows if row["unit"] == unit]
    page = open_unit(f"unit={unit}&lang={language}")

    assert len(rows) == 6
    for row in rows:
        panel = page.locator(f".st-key-panel-{row['indicator']}")
        drawn = panel.locator("svg.marks text").all_text_contents()
        said = words_of(panel)
        assert text(f"standing.{row['standing']}", language) in said
        if row["value"] is not None:
            figure = formats.percent(row["value"], language, target=row["target"])
            assert figure in drawn
            assert figure in said
        if row["target"] is not None:
            assert formats.target_percent(row["target"], language) in said
        if row["cases_missing"]:
            assert formats.decimal(formats.missing_points(row["value"], row["target"]), language) in said
            assert formats.whole(row["cases_missing"], language) in said


@pytest.mark.parametrize(("query", "size", "scheme"), screens(QUERIES, phone=QUERIES[1]))
def test_page_is_whole_and_without_barriers(page, open_page, query, size, scheme):
    show_on(page, size, scheme)

    open_page(f"/unit?{query}")

    expect_whole(page)


SEARCHED = {
    "ia grai": "UBND huyện Ia Grai",
    "dak doa": "UBND huyện Đăk Đoa",
    "so giao thong": "Sở Giao thông vận tải",
    "Đăk Đoa": "UBND huyện Đăk Đoa",
    "ia pnon": "UBND xã Ia Pnôn",
}


def test_search_finds_units_one_after_the_other_with_and_without_diacritics(open_page):
    page = open_page("/unit")
    box = page.get_by_role("combobox").first

    for typed, name in SEARCHED.items():
        box.click()
        box.fill(typed)
        page.get_by_role("option").first.click()

        expect(page.locator("h1")).to_have_text(name, timeout=30_000)
        expect(page).to_have_url(re.compile(r"/unit\?unit="))


@pytest.mark.soak
def test_address_shows_the_same_to_a_colleague(open_unit):
    page = open_unit("unit=H21.58&phase=100-day&as_of=2024-04-20&indicator=payment&lang=en")

    expect(page.locator("h1")).to_have_text("UBND huyện Ia Grai")
    expect(page.get_by_role("radio", name="100 days")).to_be_checked()
    expect(page.get_by_role("radio", name="Payment")).to_be_checked()
    expect(page.locator(".st-key-panel-online")).to_contain_text("60%")


@pytest.mark.soak
def test_link_to_a_unit_below_goes_there_and_back(open_unit):
    page = open_unit("unit=H21.58&phase=100-day")

    page.get_by_role("link", name="UBND xã Ia Khai").click()

    expect(page.locator("h1")).to_have_text("UBND xã Ia Khai", timeout=30_000)
    expect(page).to_have_url(re.compile(r"phase=100-day"))
    page.go_back()
    expect(page.locator("h1")).to_have_text("UBND huyện Ia Grai", timeout=30_000)


@pytest.mark.soak
def test_every_commune_is_two_clicks_away(open_page):
    page = open_page("/unit")

    page.get_by_role("link", name="UBND huyện Đức Cơ").click()
    expect(page.locator("h1")).to_have_text("UBND huyện Đức Cơ", timeout=30_000)
    page.get_by_role("link", name="UBND xã Ia Pnôn").click()

    expect(page.locator("h1")).to_have_text("UBND xã Ia Pnôn", timeout=30_000)


@pytest.mark.soak
def test_silent_unit_says_who_can_do_what(open_unit, silent):
    page = open_unit(f"unit={silent}")

    expect(page.get_by_text("nhập tệp ở trang Nhập số liệu")).to_be_visible()
    expect(page.get_by_text("chưa có số liệu nào của đơn vị").first).to_be_visible()


@pytest.mark.soak
def test_official_score_is_shown_with_its_date(open_unit):
    page = open_unit("unit=H21.58")

    expect(page.get_by_text("55,51/100 điểm, hạng 9/17")).to_contain_text("số liệu đến 31/12/2023")


@pytest.mark.soak
def test_unit_is_reached_by_keyboard(open_page):
    page = open_page("/unit")

    page.get_by_role("combobox").first.focus()
    page.keyboard.type("duc co")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("UBND huyện Đức Cơ", timeout=30_000)


@pytest.mark.parametrize("unit", ["SGTVT", pytest.param("23881", marks=pytest.mark.soak)])
def test_unit_says_its_own_dates_keeps_its_ended_phase_and_prints_on_one_clean_page(page, open_unit, unit):
    """As "fit to page" in the browser's print dialog: header, panels, targets; what is folded stays so."""
    open_unit(f"unit={unit}")
    if unit == "SGTVT":
        expect(page.get_by_text("Đơn vị thực hiện theo mốc riêng (696/KH-SGTVT)")).to_be_visible()
        expect(page.locator(".st-key-panel-online")).to_contain_text("Kết quả mốc 50 ngày Đã đạt")
    page.emulate_media(media="print")

    paper = page.pdf(format="A4", scale=0.5)

    assert len(re.findall(rb"/Type\s*/Page\b[^s]", paper)) == 1
    expect(page.get_by_role("link", name=text("page.overview", "vi"))).to_have_count(0)
