"""The overview in a browser: figures as the command tells them, at any size, in both themes and languages."""

import re
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models import formats
from models.texts import text
from pages.parts.layout import MARKS
from tests.browser.serving import standing_of_the_province

SIZES = [(1920, 1080), (1366, 768), (390, 844)]
LINES = 6


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
@pytest.mark.parametrize("address", ["/", "/?lang=en", "/?phase=abc&as_of=31/31", "/gaps"])
def test_nothing_scrolls_sideways(page, open_page, width, height, address):
    page.set_viewport_size({"width": width, "height": height})

    open_page(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.get_by_test_id("stMain").evaluate("main => main.scrollWidth - main.clientWidth") <= 0


def test_sentence_and_lines_fit_on_a_projector(page, open_page):
    page.set_viewport_size({"width": 1920, "height": 1080})

    open_page("/")

    foot = page.get_by_text(text("frame.loopback", "vi")).bounding_box()
    assert foot["y"] + foot["height"] <= 1080


def test_phone_reads_name_bar_findings_standing(page, open_page):
    page.set_viewport_size({"width": 390, "height": 844})

    open_page("/")

    line = page.locator(".st-key-line-online")
    tops = [part.bounding_box()["y"] for part in line.get_by_test_id("stColumn").all()]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4
    assert line.locator("svg.marks").bounding_box()["width"] > 300


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
@pytest.mark.parametrize("address", ["/", "/?lang=en", "/?phase=abc", "/gaps"])
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
