"""The overview in a browser: figures as the command tells them, at any size, in both themes and languages."""

import json
import re
from collections import Counter
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models import formats
from models.texts import text
from pages.parts.layout import MARKS
from tests.browser.looking import wait_until_drawn
from tests.browser.serving import run_job, standing_of_the_province

NOTICE = 44
"""Pixels of a line that warns above the blocks: it must not push them off the screen."""
SIZES = [(1920, 1080), (1366, 768), (390, 844)]
LINES = 6
BLOCKS = ("pressed", "lines", "standings", "movers", "freshness")
"""In the order in which a phone shows them."""


@pytest.fixture(scope="session")
def rows(home):
    return standing_of_the_province(home)


def words_of(locator):
    return locator.inner_text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_figures_are_those_that_the_command_tells(open_page, rows, language):
    page = open_page(f"/?lang={language}")

    assert len(rows) == LINES
    for row in rows:
        line = page.locator(f".st-key-line-{row['indicator']}")
        drawn = line.locator("svg.marks text").all_text_contents()
        said = words_of(line)
        assert text(f"standing.{row['standing']}", language) in said
        if row["value"] is not None:
            assert formats.percent(row["value"], language, target=row["target"]) in drawn
        if row["target"] is not None:
            assert any(label.startswith(formats.target_percent(row["target"], language)) for label in drawn)
            assert row["value"] >= row["target"] or (
                formats.decimal(formats.missing_points(row["value"], row["target"]), language) in said
            )


@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("address", ["/", "/?lang=en&indicator=online", "/?phase=abc&as_of=31/31"])
def test_nothing_scrolls_sideways(page, open_page, width, height, address):
    page.set_viewport_size({"width": width, "height": height})

    open_page(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def height_out_of_sight(page):
    """Pixels that would have to be scrolled, once the blocks rest: they take their places one after the other."""
    main = page.get_by_test_id("stMain")
    for _ in range(50):
        beyond = main.evaluate("main => main.scrollHeight - main.clientHeight")
        if beyond <= 0:
            break
        page.wait_for_timeout(100)
    return beyond


@pytest.mark.parametrize("address", ["/", "/?lang=en", "/?indicator=online", "/?indicator=timeliness&lang=en"])
def test_all_five_blocks_fit_on_a_projector(page, open_page, address):
    page.set_viewport_size({"width": 1920, "height": 1080})

    open_page(address)

    assert height_out_of_sight(page) <= 0
    for block in BLOCKS:
        frame = page.locator(f".st-key-{block}").bounding_box()
        assert frame["y"] + frame["height"] <= 1080, block
    foot = page.get_by_text(re.compile("^Cao Điểm · ")).bounding_box()
    assert foot["y"] + foot["height"] + NOTICE <= 1080


def test_blocks_stand_side_by_side_on_a_desk(page, open_page):
    page.set_viewport_size({"width": 1920, "height": 1080})

    open_page("/")

    pressed, lines, standings, movers, _ = (page.locator(f".st-key-{block}").bounding_box() for block in BLOCKS)
    assert pressed["x"] + pressed["width"] <= lines["x"]
    assert lines["y"] + lines["height"] <= standings["y"]
    assert standings["x"] + standings["width"] <= movers["x"]


def test_phone_stacks_the_blocks_in_the_order_of_their_weight(page, open_page):
    page.set_viewport_size({"width": 390, "height": 844})

    open_page("/")

    sentence = page.locator("h1").bounding_box()["y"]
    tops = [page.locator(f".st-key-{block}").bounding_box()["y"] for block in BLOCKS]
    assert [sentence, *tops] == sorted([sentence, *tops])


def test_phone_reads_name_bar_findings_standing(page, open_page):
    page.set_viewport_size({"width": 390, "height": 844})

    open_page("/")

    line = page.locator(".st-key-line-online")
    tops = [part.bounding_box()["y"] for part in line.get_by_test_id("stColumn").all()]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4
    assert line.locator("svg.marks").bounding_box()["width"] > 300


@pytest.fixture(scope="session")
def everybody(home):
    """Every unit's rows as the command tells them, the province left out."""
    return [row for row in json.loads(run_job(home, "standing", "--json")) if row["level"] != "province"]


@pytest.mark.parametrize("indicator", ["online", "publicity"])
def test_parts_of_the_bars_are_those_that_the_command_tells(open_page, everybody, indicator):
    page = open_page(f"/?indicator={indicator}")

    for level in ("department", "district", "commune"):
        told = Counter(row["standing"] for row in everybody if (row["level"], row["indicator"]) == (level, indicator))
        links = page.locator(f".st-key-standings-{level} a").all()
        shown = {re.search(r"standing=(\w+)", link.get_attribute("href"))[1]: words_of(link) for link in links}
        assert shown.keys() == told.keys()
        for standing, units in told.items():
            assert f"{units} {text(f'standing.{standing}', 'vi')}" in shown[standing]


def test_named_units_are_told_as_the_command_tells_them(open_page, everybody):
    page = open_page("/?indicator=online")
    rows = {row["unit"]: row for row in everybody if row["indicator"] == "online"}

    cards = page.locator(".st-key-pressed [class*=st-key-unit-]").all()
    assert len(cards) >= 9
    for card in cards:
        row = rows[re.search(r"unit=([^&]+)", card.locator("a").get_attribute("href"))[1]]
        said = words_of(card)
        assert row["name"] in said
        assert text(f"standing.{row['standing']}", "vi") in said
        assert formats.decimal(formats.missing_points(row["value"], row["target"]), "vi") in said
        assert formats.whole(row["cases_missing"], "vi") in said


def test_line_is_chosen_from_the_keyboard_and_back_leads_back(open_page):
    page = open_page("/")
    before = words_of(page.locator(".st-key-pressed h2"))

    page.get_by_role("button", name="Tỷ lệ hồ sơ trực tuyến", exact=True).focus()
    page.keyboard.press("Enter")

    expect(page.locator(".st-key-pressed h2")).to_contain_text("tỷ lệ hồ sơ trực tuyến")
    expect(page).to_have_url(re.compile(r"\?indicator=online$"))
    page.go_back()
    expect(page.locator(".st-key-pressed h2")).to_have_text(before)
    page.go_forward()
    expect(page.locator(".st-key-pressed h2")).to_contain_text("tỷ lệ hồ sơ trực tuyến")


def test_part_of_a_bar_leads_to_its_list_in_the_same_tab(open_page):
    page = open_page("/?indicator=online&lang=en")

    page.locator(".st-key-standings-commune a").first.click()

    expect(page).to_have_url(re.compile(r"/gaps\?.*indicator=online"))
    for wanted in ("level=commune", "standing=missed", "lang=en"):
        assert wanted in page.url
    page.go_back()
    wait_until_drawn(page)
    expect(page.locator(".st-key-pressed h2")).to_contain_text("online rate")


def test_named_unit_leads_to_its_page(open_page):
    page = open_page("/?indicator=online")
    link = page.locator(".st-key-pressed [class*=st-key-unit-] a").first
    code = re.search(r"unit=([^&]+)", link.get_attribute("href"))[1]

    link.click()

    expect(page).to_have_url(re.compile(rf"/unit\?unit={re.escape(code)}$"))


def test_vietnamese_page_speaks_no_english(page, open_page):
    """Apart from the buttons that Streamlit shows over a chart that is pointed at: nothing switches them off."""
    open_page("/")

    assert not re.findall(
        r"\b(the|of|units?|week|this|short|target|show|data)\b", words_of(page.get_by_test_id("stMain"))
    )


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_no_number_meets_another_or_leaves_its_bar(page, open_page, width, height):
    page.set_viewport_size({"width": width, "height": height})

    open_page("/")

    for chart in page.locator(".st-key-lines svg.marks").all():
        frame = chart.bounding_box()
        labels = sorted((label.bounding_box() for label in chart.locator("text").all()), key=lambda box: box["y"])
        assert labels
        assert all(frame["x"] <= label["x"] for label in labels)
        assert all(label["x"] + label["width"] <= frame["x"] + frame["width"] + 1 for label in labels)
        assert all(upper["y"] + upper["height"] <= lower["y"] for upper, lower in pairwise(labels))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/?lang=en&indicator=online", "/?phase=abc"])
def test_page_has_no_barriers(page, open_page, scheme, address):
    page.emulate_media(color_scheme=scheme)
    open_page(address)

    found = Axe().run(page)

    assert found.violations_count == 0, found.generate_report()


def test_marks_follow_the_theme_while_the_page_is_open(page, open_page, rows):
    colour = MARKS[next(row["standing"] for row in rows if row["indicator"] == "online")].colour
    page.emulate_media(color_scheme="light")
    open_page("/")
    marks = page.locator(".st-key-line-online svg.marks")

    expect(marks.locator(f'path[fill="{colour.light}"]').first).to_be_visible()
    page.emulate_media(color_scheme="dark")

    expect(marks.locator(f'path[fill="{colour.dark}"]').first).to_be_visible()


def test_pointing_at_a_line_tells_its_facts_in_vietnamese_numbers(open_page, rows):
    row = next(row for row in rows if row["indicator"] == "online")
    page = open_page("/")

    page.locator(".st-key-line-online svg.marks").hover()

    told = page.locator("#vg-tooltip-element")
    expect(told).to_contain_text(f"{row['numerator']:,}".replace(",", "."))
    expect(told).to_contain_text(text("fact.trajectory", "vi"))


def test_language_changes_at_the_same_place(open_page):
    page = open_page("/?phase=100-day")

    page.get_by_role("button", name="EN", exact=True).click()

    expect(page.locator("h1")).to_contain_text("100-day milestone")
    expect(page).to_have_url(re.compile(r"\?phase=100-day&lang=en$"))
    expect(page).to_have_title("Overview · Cao Điểm")


def test_figures_are_said_to_be_simulated(open_page):
    page = open_page("/")

    expect(page.get_by_text("Số liệu mô phỏng · minh họa tại 07/05/2024")).to_be_visible()


def test_unknown_value_of_the_address_is_named(open_page):
    page = open_page("/?phase=abc&as_of=31/31")

    expect(page.get_by_role("alert")).to_contain_text("“phase=abc”")
    expect(page.get_by_role("alert")).to_contain_text("“as_of=31/31”")
