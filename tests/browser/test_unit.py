"""The page of a unit in a browser: figures as the command tells them, found without diacritics, fit for paper."""

import re

import pytest
from playwright.sync_api import expect

from models.core import formats
from models.core.texts import text
from tests.browser.looking import wait_until_drawn
from tests.browser.screens import expect_whole, screens, show_on

QUERIES = ("unit=H21.58", "unit=H21.58&tab=requests", "unit=SGTVT&lang=en", "unit=nobody", "", "unit=H21&phase=100-day")
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


@pytest.mark.soak
@pytest.mark.parametrize(
    ("unit", "language"), [pytest.param(*each, marks=() if each in DAILY else (pytest.mark.soak,)) for each in TOLD]
)
def test_figures_are_those_that_the_command_tells(open_page, standing_rows, unit, language):
    rows = [row for row in standing_rows if row["unit"] == unit]
    page = open_page(f"/unit?unit={unit}&lang={language}")
    shown = page.locator(".st-key-unit-rows tbody tr")

    assert len(rows) == 6
    expect(shown).to_have_count(6)
    for place, row in enumerate(rows):
        said = shown.nth(place).inner_text().replace("\N{NO-BREAK SPACE}", " ")
        assert text(f"standing.{row['standing']}", language) in said
        if row["value"] is not None:
            assert formats.percent(row["value"], language, target=row["target"]) in said
        if row["target"] is not None:
            assert formats.target_percent(row["target"], language) in said
        if row["cases_missing"]:
            assert formats.decimal(formats.missing_points(row["value"], row["target"]), language) in said
            assert formats.whole(row["cases_missing"], language) in said


@pytest.mark.parametrize(("query", "size", "scheme"), screens(QUERIES, phone=QUERIES[2]))
def test_page_is_whole_and_without_barriers(page, open_page, query, size, scheme):
    show_on(page, size, scheme)

    open_page(f"/unit?{query}")

    expect_whole(page)


@pytest.mark.soak
def test_address_shows_the_same_to_a_colleague(open_page):
    page = open_page("/unit?unit=H21.58&phase=100-day&as_of=2024-04-20&indicator=payment&lang=en&tab=targets")

    expect(page.locator("h1")).to_contain_text("Huyện Ia Grai: online payment rate")
    expect(page.get_by_role("radio", name="Payment")).to_be_checked()
    expect(page.get_by_role("tab", selected=True)).to_have_text(text("unit.tab.targets", "en"))


@pytest.mark.soak
def test_indicator_unit_and_tab_are_changed_in_place_and_the_way_back_leads_through_them(open_page):
    page = open_page("/unit?unit=H21.58&phase=100-day")

    page.locator(".st-key-unit-rows").get_by_role("link", name="Tiến độ").click()
    expect(page.locator("h1")).to_contain_text("Huyện Ia Grai: tiến độ giải quyết", timeout=30_000)
    wait_until_drawn(page)  # the rows below change their order after the heading
    page.locator(".st-key-unit-below").get_by_role("link", name="Ia Khai").click()
    expect(page.locator("h1")).to_contain_text("Xã Ia Khai: tiến độ giải quyết", timeout=30_000)
    expect(page).to_have_url(re.compile(r"indicator=timeliness&phase=100-day&unit="))
    page.get_by_role("tab", name=text("unit.tab.figures", "vi")).click()
    expect(page.locator(".st-key-unit-arrivals")).to_be_visible(timeout=30_000)
    expect(page).to_have_url(re.compile("tab=figures"))
    page.locator(".st-key-unit-head").get_by_role("link", name="UBND huyện Ia Grai").click()
    expect(page.locator("h1")).to_contain_text("Huyện Ia Grai", timeout=30_000)
    assert len(page.context.pages) == 1


@pytest.mark.soak
def test_every_commune_is_two_clicks_away(open_page):
    page = open_page("/unit")

    page.get_by_role("link", name="UBND huyện Đức Cơ").click()
    expect(page.locator("h1")).to_contain_text("Huyện Đức Cơ", timeout=30_000)
    wait_until_drawn(page)
    page.locator(".st-key-unit-below").get_by_role("link", name="Ia Pnôn").click()

    expect(page.locator("h1")).to_contain_text("Xã Ia Pnôn", timeout=30_000)


@pytest.mark.soak
def test_silent_unit_says_who_can_do_what(open_page, silent):
    page = open_page(f"/unit?unit={silent}")

    expect(page.get_by_text("nhập tệp ở trang Nhập số liệu")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("chưa có số liệu")


@pytest.mark.soak
def test_official_score_is_shown_with_its_date(open_page):
    page = open_page("/unit?unit=H21.58&tab=figures")

    expect(page.get_by_text("55,51/100 điểm, hạng 9/17")).to_contain_text("số liệu đến 31/12/2023")


@pytest.mark.soak
def test_unit_says_its_own_dates_and_keeps_its_ended_phase(open_page):
    page = open_page("/unit?unit=SGTVT")

    expect(page.get_by_text("Đơn vị thực hiện theo mốc riêng (696/KH-SGTVT)")).to_be_visible()
    expect(page.locator(".st-key-unit-facts")).to_contain_text("Kết quả mốc 50 ngày: Đã đạt")
