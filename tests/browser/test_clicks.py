"""How near everything is: the clicks that each answer takes, the stops of the Tab key, and that nothing jumps."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from models.core.texts import text
from tests.browser.looking import wait_until_drawn
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, show_on
from tests.soaked import mostly_soaked

ROW = ".st-key-pressed-table tbody tr"
WATCH = """() => {
    window.shifted = [];
    new PerformanceObserver((list) => window.shifted.push(...list.getEntries().map((entry) => entry.value)))
        .observe({type: "layout-shift", buffered: true});
}"""
MOST_SHIFT = 0.1
"""Of the layout: while a page is first drawn; while an indicator changes, with what moves right after the click, which
browsers forgive."""
MOST_STOPS = 10
ICON_WORDS = re.compile(r"[a-z]+_[a-z_]+|\bicon\b")
"""How a picture of Streamlit's is called where it gives its own name away."""


class Hand:
    """Clicks and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def begin(self, address: str = "/", size: tuple[int, int] = LAPTOP) -> None:
        show_on(self.page, size)
        self.page.goto(address)
        wait_until_drawn(self.page)
        self.clicks = 0

    def click(self, what: Locator) -> None:
        what.click()
        self.clicks += 1


@pytest.fixture
def hand(page):
    return Hand(page)


@pytest.mark.soak
def test_who_is_behind_and_who_has_not_reported_are_seen_at_once_and_all_of_them_a_click_away(hand):
    hand.begin()

    expect(hand.page.locator(ROW).first).to_be_visible()
    expect(hand.page.locator(".st-key-overview-silent")).to_contain_text("đơn vị chưa có số liệu ngày 07/05")
    hand.click(hand.page.locator(".st-key-overview-silent a"))

    expect(hand.page).to_have_url(re.compile("/feeds"))
    expect(hand.page.locator(".st-key-feeds-units h2")).to_have_text("Đơn vị chưa có số liệu ngày 07/05")
    assert hand.clicks == 1


@pytest.mark.soak
@pytest.mark.parametrize("address", ["/unit", "/", "/gaps"])
def test_address_is_copied_and_the_newest_meeting_shown_with_two_clicks_from_anywhere(hand, office, address):
    more = hand.page.get_by_role("button", name=text("bar.more", "vi"))
    hand.begin(f"{office}{address}")
    hand.click(more)
    hand.click(hand.page.get_by_role("button", name=text("bar.copy", "vi")))
    assert hand.clicks == 2

    hand.begin(f"{office}{address}")
    hand.click(more)
    hand.click(hand.page.get_by_role("link", name=text("meeting.start", "vi")))

    expect(hand.page.locator(".st-key-slide-foot")).to_contain_text("1/")
    assert hand.clicks == 2


@pytest.mark.soak
def test_history_of_a_commune_is_two_clicks_away_or_one_and_its_name(hand):
    page = hand.page
    hand.begin()
    hand.click(page.locator(".st-key-overview-level").get_by_text("Cấp xã"))
    expect(page.locator(".st-key-pressed-table table")).to_have_accessible_name(re.compile("Cấp xã"))
    hand.click(page.locator(f"{ROW} a").first)
    expect(page.locator(".st-key-unit-chart svg.marks")).to_be_visible()
    assert hand.clicks == 2

    hand.begin()
    hand.click(page.locator(".st-key-bar-unit input"))
    page.keyboard.type("ia pnon")
    expect(page.get_by_role("option").first).to_contain_text("Ia Pn")
    page.keyboard.press("Enter")

    expect(page.locator("h1")).to_contain_text("Ia Pn")
    assert hand.clicks == 1


@pytest.mark.soak
def test_indicator_phase_and_day_are_changed_where_they_stand(hand):
    page = hand.page
    hand.begin(size=PROJECTOR)
    hand.click(page.locator(".st-key-bar-indicator").get_by_text("Số hóa"))
    expect(page).to_have_url(re.compile("indicator=digitisation"))
    hand.click(page.locator(".st-key-bar-phase-wide").get_by_text("100 ngày"))
    expect(page).to_have_url(re.compile("phase=100-day"))
    assert hand.clicks == 2

    hand.begin()
    hand.click(page.get_by_role("button", name=re.compile("^50 ngày")))
    hand.click(page.locator(".st-key-bar-phase").get_by_text("100 ngày"))
    expect(page).to_have_url(re.compile("phase=100-day"))
    assert hand.clicks == 2

    hand.begin()
    hand.click(page.locator(".st-key-bar-day button, .st-key-bar-day input").last)
    hand.click(page.get_by_role("gridcell", name=re.compile(r"\b3\b")).first)
    expect(page).to_have_url(re.compile("as_of=2024-05-03"))
    assert hand.clicks == 2


@pytest.mark.soak
def test_no_list_shows_the_folded_name_that_is_only_searched_and_the_table_is_taken_along_with_one_click(hand):
    page = hand.page
    hand.begin("/gaps")

    page.locator(".st-key-bar-unit input").click()

    shown = page.get_by_role("option")
    expect(shown.first).to_be_visible()
    assert not [said for said in shown.all_inner_texts() if re.search(r"\(ubnd |ubnd ", said)]
    assert "(ubnd" not in page.get_by_test_id("stMain").inner_text()
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)

    with page.expect_download() as taken:
        hand.click(page.get_by_role("button", name=text("gaps.download.as_xlsx", "vi")))

    assert taken.value.suggested_filename.endswith(".xlsx")
    assert hand.clicks == 1


CHOSEN = (("publicity", "Công khai"), ("payment", "Thanh toán"), ("online", "Trực tuyến"))
SHOWN = [(address, size) for address in ("/", "/unit?unit=H21.58", "/gaps") for size in (LAPTOP, PHONE)]


FIRST = [(address, size) for address in ("/gaps", "/", "/unit?unit=H21.58", "/compare") for size in (PHONE, LAPTOP)]


@pytest.mark.parametrize(
    ("address", "size"), [pytest.param(*each, marks=() if each == FIRST[0] else (pytest.mark.soak,)) for each in FIRST]
)
def test_nothing_jumps_while_a_page_is_first_drawn(hand, address, size):
    hand.page.add_init_script(f"({WATCH})()")

    hand.begin(address, size)

    assert hand.page.evaluate("window.shifted.reduce((sum, one) => sum + one, 0)") <= MOST_SHIFT


@pytest.mark.soak
@pytest.mark.parametrize(
    ("address", "size", "chosen"),
    mostly_soaked([("/", LAPTOP, CHOSEN[1:2]), *((*each, CHOSEN) for each in SHOWN)], ("/", LAPTOP, CHOSEN[1:2])),
)
def test_nothing_jumps_while_the_indicator_changes(hand, address, size, chosen):
    page = hand.page
    hand.begin(address, size)
    page.evaluate(WATCH)
    page.wait_for_timeout(500)  # what moved while the page was drawn is told now

    for key, name in chosen:
        page.evaluate("() => { window.shifted.length = 0; }")
        page.locator(".st-key-bar-indicator").get_by_text(name, exact=True).evaluate("option => option.click()")
        expect(page).to_have_url(re.compile(f"indicator={key}"))
        wait_until_drawn(page)
        page.wait_for_timeout(500)
        assert page.evaluate("window.shifted.reduce((sum, one) => sum + one, 0)") <= MOST_SHIFT, (address, name)


@pytest.mark.soak
def test_first_figure_is_few_stops_away_and_nothing_is_called_by_the_name_of_its_picture(hand):
    page = hand.page
    hand.begin()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_focused()

    taken = 1
    while not page.evaluate("row => document.activeElement.matches(`${row} a`)", ROW):
        page.keyboard.press("Tab")
        taken += 1
        assert taken < MOST_STOPS

    heard = page.locator("body").aria_snapshot().splitlines()
    assert [said for said in heard if ICON_WORDS.search(re.sub(r"/url: .*|\[[^]]*\]", "", said))] == []
