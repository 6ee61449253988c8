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

ADDRESSES = ("/", "/?lang=en&level=commune", "/?phase=abc&as_of=31/31")
CARDS = 6
BLOCKS = ("sentence", "cards", "pressed", "dots", "movers", "overview-foot")
"""In the order in which a phone shows them."""
ROWS = 8
"""Of the table, above the fold of a laptop."""


@pytest.fixture(scope="session")
def rows(standing_rows):
    """The province's own."""
    return [row for row in standing_rows if row["unit"] == "H21"]


def words_of(locator):
    return locator.inner_text().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.soak
@pytest.mark.parametrize("language", ["vi", pytest.param("en", marks=pytest.mark.soak)])
def test_figures_are_those_that_the_command_tells_said_to_be_simulated_and_in_the_readers_language(
    open_page, rows, language
):
    page = open_page(f"/?lang={language}")

    assert len(rows) == CARDS
    for row in rows:
        card = page.locator(f".st-key-card-{row['indicator']}")
        expect(card.get_by_test_id("stMetricValue")).to_be_visible()
        said = words_of(card)
        assert text(f"standing.{row['standing']}", language) in said
        if row["value"] is not None:
            assert formats.percent(row["value"], language, target=row["target"]) in said
    online = next(row for row in rows if row["indicator"] == "online")
    missing = formats.decimal(formats.missing_points(online["value"], online["target"]), language)
    expect(page.locator("h1")).to_contain_text(missing)
    expect(page.locator("h1")).to_contain_text(formats.whole(online["cases_missing"], language))
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


def test_sentence_indicators_and_the_first_rows_stand_above_the_fold_of_a_laptop(page, open_page):
    show_on(page, LAPTOP)

    open_page("/")

    frames = [page.locator(f".st-key-{block}").bounding_box() for block in BLOCKS[:3]]
    assert all(upper["y"] + upper["height"] <= lower["y"] for upper, lower in pairwise(frames))
    assert (
        len({round(page.locator(f".st-key-card-{key}").bounding_box()["y"]) for key in ("publicity", "digitisation")})
        == 1
    )
    row = page.locator(".st-key-pressed-table tbody tr").nth(ROWS - 1).bounding_box()
    assert row["y"] + row["height"] <= LAPTOP[1]


@pytest.mark.soak
def test_table_dots_and_movers_stand_side_by_side_on_a_projector(page, open_page):
    show_on(page, PROJECTOR)

    open_page("/")

    table, dots, movers = (page.locator(f".st-key-{block}").bounding_box() for block in ("pressed", "dots", "movers"))
    assert table["x"] + table["width"] <= dots["x"]
    assert dots["y"] + dots["height"] <= movers["y"]
    assert table["y"] + table["height"] <= PROJECTOR[1]


@pytest.mark.soak
def test_phone_stacks_blocks_by_their_weight_and_takes_two_and_a_half_screens(page, open_page):
    show_on(page, PHONE)

    open_page("/")

    tops = [page.locator(f".st-key-{block}").bounding_box()["y"] for block in BLOCKS]
    assert tops == sorted(tops)
    left, right = (page.locator(f".st-key-card-{key}").bounding_box() for key in ("publicity", "timeliness"))
    assert left["y"] == right["y"]
    expect(page.locator(".st-key-pressed-table tbody tr").filter(visible=True)).to_have_count(5)
    main = page.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
    assert main <= 2.5 * PHONE[1]


@pytest.fixture(scope="session")
def everybody(standing_rows):
    """Every unit's rows as the command tells them, the province left out."""
    return [row for row in standing_rows if row["level"] != "province"]


@pytest.mark.soak
@pytest.mark.parametrize("indicator", ["online", "publicity"])
def test_counts_and_named_units_are_those_that_the_command_tells(open_page, everybody, indicator):
    for level in ("department", "district", "commune"):
        page = open_page(f"/?indicator={indicator}&level={level}")

        of_level = {row["unit"]: row for row in everybody if (row["level"], row["indicator"]) == (level, indicator)}
        block = words_of(page.locator(".st-key-pressed"))
        for standing, number in Counter(row["standing"] for row in of_level.values()).items():
            word = text(f"standing.{standing}", "vi")
            assert f"{number} {word[:1].lower()}{word[1:]}" in block
        for line in page.locator(".st-key-pressed-table tbody tr").all():
            row = of_level[re.search(r"unit=([^&]+)", line.locator("a").get_attribute("href"))[1]]
            said = words_of(line)
            assert formats.decimal(formats.missing_points(row["value"], row["target"]), "vi") in said
            assert formats.whole(row["cases_missing"], "vi") in said


@pytest.mark.soak
def test_level_is_chosen_and_a_named_unit_opens_in_the_same_tab_with_what_was_chosen_kept(open_page):
    page = open_page("/?indicator=publicity&phase=100-day")
    page.locator(".st-key-pressed").get_by_text(re.compile("^Cấp xã")).click()
    expect(page).to_have_url(re.compile("level=commune"))
    wait_until_drawn(page)
    link = page.locator(".st-key-pressed-table a").first
    code = re.search(r"unit=([^&]+)", link.get_attribute("href"))[1]

    link.click()

    expect(page).to_have_url(re.compile(rf"/unit\?.*unit={re.escape(code)}"))
    assert {"indicator=publicity", "phase=100-day"} <= set(page.url.split("?")[1].split("&"))
    assert len(page.context.pages) == 1
    page.go_back()
    wait_until_drawn(page)
    expect(page).to_have_url(re.compile(r"/\?.*level=commune"))
    page.locator(".st-key-pressed").get_by_role("link", name=re.compile("^Xem cả")).click()
    expect(page).to_have_url(re.compile(r"/gaps\?.*level=commune"))


@pytest.mark.soak
def test_marks_follow_the_theme_and_a_dot_names_its_unit_and_opens_it(page, open_page):
    show_on(page, LAPTOP, "light")
    open_page("/?level=commune")
    dots = page.locator(".st-key-dots svg.marks")
    expect(dots.locator(f'path[fill="{MARKS["met"].colour.light}"]').first).to_be_visible()

    page.emulate_media(color_scheme="dark")

    expect(dots.locator(f'path[fill="{MARKS["met"].colour.dark}"]').first).to_be_visible(timeout=15_000)
    dot = page.locator(".st-key-dots svg.marks .mark-symbol.role-mark path").last

    dot.hover()
    expect(page.locator("#vg-tooltip-element")).to_contain_text(text("fact.unit", "vi"))
    dot.click()

    expect(page).to_have_url(re.compile(r"/unit\?.*unit="), timeout=15_000)


@pytest.mark.soak
def test_language_changes_at_the_same_place(open_page):
    page = open_page("/?phase=100-day")

    change_language(page, "en")

    expect(page.locator(".st-key-sentence")).to_contain_text("“100 days” milestone")
    expect(page).to_have_url(re.compile(r"\?phase=100-day&lang=en$"))
    expect(page).to_have_title("Overview · Cao Điểm")
