"""The overview in a browser: figures as the command tells them, at any size, in both themes and languages."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from playwright.sync_api import expect

from models.core import formats
from models.core.texts import text
from pages.charts.layout import MARKS
from tests.browser.looking import change_language, wait_until_drawn
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, expect_whole, screens, show_on

NOTICE = 44
"""Pixels of a line that warns above the blocks: it must not push them off the screen."""
ADDRESSES = ("/", "/?lang=en&indicator=online", "/?phase=abc&as_of=31/31")
LINES = 6
BLOCKS = ("pressed", "lines", "standings", "movers", "freshness")
"""In the order in which a phone shows them."""


@pytest.fixture(scope="session")
def rows(standing_rows):
    """The province's own."""
    return [row for row in standing_rows if row["unit"] == "H21"]


def words_of(locator):
    return locator.inner_text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.soak)])
def test_figures_are_those_that_the_command_tells_said_to_be_simulated_and_in_the_readers_language(
    open_page, rows, language
):
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
    if language == "vi":
        expect(page.get_by_text("Số liệu minh họa ngày 07/05/2024")).to_be_visible()
        english = r"\b(the|of|units?|week|this|short|target|show|data)\b"
        assert not re.findall(english, words_of(page.get_by_test_id("stMain")))


@pytest.mark.parametrize(("address", "size", "scheme"), screens(ADDRESSES, phone=ADDRESSES[1]))
def test_page_is_whole_and_without_barriers(page, open_page, address, size, scheme):
    """Also where the address asks for what there is not, which the page names."""
    show_on(page, size, scheme)

    open_page(address)

    expect_whole(page)
    for unknown in re.findall(r"phase=abc|as_of=31/31", address):
        expect(page.get_by_role("alert")).to_contain_text(f"“{unknown}”")


def height_out_of_sight(page):
    """Pixels that would have to be scrolled, once the blocks rest: they take their places one after the other."""
    main = page.get_by_test_id("stMain")
    for _ in range(50):
        beyond = main.evaluate("main => main.scrollHeight - main.clientHeight")
        if beyond <= 0:
            break
        page.wait_for_timeout(100)
    return beyond


@pytest.mark.parametrize(
    "address",
    [
        "/",
        pytest.param("/?lang=en", marks=pytest.mark.soak),
        pytest.param("/?indicator=online", marks=pytest.mark.soak),
        pytest.param("/?indicator=timeliness&lang=en", marks=pytest.mark.soak),
    ],
)
def test_all_five_blocks_fit_on_a_projector_side_by_side(page, open_page, address):
    show_on(page, PROJECTOR)

    open_page(address)

    assert height_out_of_sight(page) <= 0
    for block in BLOCKS:
        frame = page.locator(f".st-key-{block}").bounding_box()
        assert frame["y"] + frame["height"] <= 1080, block
    foot = page.get_by_text(re.compile("^Cao Điểm · ")).bounding_box()
    assert foot["y"] + foot["height"] + NOTICE <= 1080
    pressed, lines, standings, movers, _ = (page.locator(f".st-key-{block}").bounding_box() for block in BLOCKS)
    assert pressed["x"] + pressed["width"] <= lines["x"]
    assert lines["y"] + lines["height"] <= standings["y"]
    assert standings["x"] + standings["width"] <= movers["x"]
    expect_no_number_met_or_cut(page)


def expect_no_number_met_or_cut(page):
    """No number of a bar meets another or leaves it."""
    for chart in page.locator(".st-key-lines svg.marks").all():
        frame = chart.bounding_box()
        labels = sorted((label.bounding_box() for label in chart.locator("text").all()), key=lambda box: box["y"])
        assert labels
        assert all(frame["x"] <= label["x"] for label in labels)
        assert all(label["x"] + label["width"] <= frame["x"] + frame["width"] + 1 for label in labels)
        assert all(upper["y"] + upper["height"] <= lower["y"] for upper, lower in pairwise(labels))


def test_phone_stacks_blocks_by_their_weight_and_reads_name_bar_findings_standing(page, open_page):
    show_on(page, PHONE)

    open_page("/")

    sentence = page.locator("h1").bounding_box()["y"]
    tops = [page.locator(f".st-key-{block}").bounding_box()["y"] for block in BLOCKS]
    assert [sentence, *tops] == sorted([sentence, *tops])
    line = page.locator(".st-key-line-online")
    tops = [part.bounding_box()["y"] for part in line.get_by_test_id("stColumn").all()]
    assert tops == sorted(tops)
    assert len(set(tops)) == 4
    assert line.locator("svg.marks").bounding_box()["width"] > 300
    expect_no_number_met_or_cut(page)


@pytest.fixture(scope="session")
def everybody(standing_rows):
    """Every unit's rows as the command tells them, the province left out."""
    return [row for row in standing_rows if row["level"] != "province"]


@pytest.mark.soak
@pytest.mark.parametrize("indicator", ["online", pytest.param("publicity", marks=pytest.mark.soak)])
def test_parts_of_the_bars_and_named_units_are_those_that_the_command_tells(open_page, everybody, indicator):
    page = open_page(f"/?indicator={indicator}")

    for level in ("department", "district", "commune"):
        units = Counter(row["standing"] for row in everybody if (row["level"], row["indicator"]) == (level, indicator))
        links = page.locator(f".st-key-standings-{level} a").all()
        shown = {re.search(r"standing=(\w+)", link.get_attribute("href"))[1]: words_of(link) for link in links}
        assert shown.keys() == units.keys()
        for standing, number in units.items():
            assert f"{number} {text(f'standing.{standing}', 'vi')}" in shown[standing]
    if indicator == "online":
        expect_named_units_as_told(page, {row["unit"]: row for row in everybody if row["indicator"] == "online"})


def expect_named_units_as_told(page, rows):
    cards = page.locator(".st-key-pressed [class*=st-key-unit-]").all()
    assert len(cards) >= 9
    for card in cards:
        row = rows[re.search(r"unit=([^&]+)", card.locator("a").get_attribute("href"))[1]]
        said = words_of(card)
        assert row["name"] in said
        assert text(f"standing.{row['standing']}", "vi") in said
        assert formats.decimal(formats.missing_points(row["value"], row["target"]), "vi") in said
        assert formats.whole(row["cases_missing"], "vi") in said


@pytest.mark.soak
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


@pytest.mark.soak
def test_part_of_a_bar_leads_to_its_list_in_the_same_tab(open_page):
    page = open_page("/?indicator=online&lang=en")

    page.locator(".st-key-standings-commune a").first.click()

    expect(page).to_have_url(re.compile(r"/gaps\?.*indicator=online"))
    for wanted in ("level=commune", "standing=missed", "lang=en"):
        assert wanted in page.url
    page.go_back()
    wait_until_drawn(page)
    expect(page.locator(".st-key-pressed h2")).to_contain_text("online rate")


@pytest.mark.soak
def test_named_unit_leads_to_its_page(open_page):
    page = open_page("/?indicator=online")
    link = page.locator(".st-key-pressed [class*=st-key-unit-] a").first
    code = re.search(r"unit=([^&]+)", link.get_attribute("href"))[1]

    link.click()

    expect(page).to_have_url(re.compile(rf"/unit\?unit={re.escape(code)}$"))


def test_line_pointed_at_tells_its_facts_and_marks_follow_the_theme_while_the_page_is_open(page, open_page, rows):
    row = next(row for row in rows if row["indicator"] == "online")
    colour = MARKS[row["standing"]].colour
    show_on(page, LAPTOP, "light")
    open_page("/")
    marks = page.locator(".st-key-line-online svg.marks")
    expect(marks.locator(f'path[fill="{colour.light}"]').first).to_be_visible()
    expect_no_number_met_or_cut(page)

    marks.hover()

    facts = page.locator("#vg-tooltip-element")
    expect(facts).to_contain_text(f"{row['numerator']:,}".replace(",", "."))
    expect(facts).to_contain_text(text("fact.trajectory", "vi"))

    page.emulate_media(color_scheme="dark")

    expect(marks.locator(f'path[fill="{colour.dark}"]').first).to_be_visible(timeout=15_000)


@pytest.mark.soak
def test_language_changes_at_the_same_place(open_page):
    page = open_page("/?phase=100-day")

    change_language(page, "en")

    expect(page.locator("h1")).to_contain_text("“100 days” milestone")
    expect(page).to_have_url(re.compile(r"\?phase=100-day&lang=en$"))
    expect(page).to_have_title("Overview · Cao Điểm")
