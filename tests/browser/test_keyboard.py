"""Without a mouse: everything that can be pressed is reached with Tab, and one sees where one is."""

import pytest
from playwright.sync_api import expect

from tests.browser.looking import wait_until_drawn

REACHABLE = """() => {
    const all = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")];
    const shown = all.filter((one) => one.tabIndex >= 0 && !one.disabled && one.checkVisibility({checkOpacity: false})
        && one.getAttribute("aria-hidden") !== "true" && !one.closest("[inert]"));
    // Of a group of which one is chosen, Tab reaches the group; arrows go on from there.
    const groups = new Set();
    const each = shown.filter((one) => {
        const group = one.closest("[role=radiogroup]");
        if (!group) return true;
        if (groups.has(group)) return false;
        return groups.add(group);
    });
    each.forEach((one, number) => { (one.closest("[role=radiogroup]") || one).dataset.reach = String(number); });
    return each.map((one) => (one.getAttribute("aria-label") || one.innerText || one.outerHTML).slice(0, 80));
}"""
FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const marked = (element) => {
        const style = getComputedStyle(element);
        const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
        return ring || style.boxShadow !== "none" || element.matches("[data-focus-visible], [data-focused]");
    };
    const near = [one, one.parentElement, one.parentElement.parentElement, ...one.querySelectorAll("*")];
    const named = one.closest("[role=radiogroup]") || one;
    return {reach: named.dataset.reach ?? null, isMarked: near.some(marked), words: one.outerHTML.slice(0, 120)};
}"""


@pytest.mark.parametrize(
    "address",
    ["/", *(pytest.param(each, marks=pytest.mark.soak) for each in ("/unit?unit=H21.58", "/gaps?level=district"))],
)
def test_everything_pressed_is_reached_with_tab_and_seen_and_every_chart_and_table_described_in_words(page, address):
    page.goto(address)
    wait_until_drawn(page)
    expect(page.locator("[data-testid=stSkeleton]")).to_have_count(0)
    undescribed = left_without_words(page)
    reachable = page.evaluate(REACHABLE)

    reached, unmarked = set(), []
    for _ in range(len(reachable) + 20):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None or focused["reach"] in reached:
            continue
        reached.add(focused["reach"])
        if not focused["isMarked"]:
            unmarked.append(focused["words"])

    assert undescribed == []
    assert [words for number, words in enumerate(reachable) if str(number) not in reached] == []
    assert unmarked == []


def left_without_words(page):
    """Charts and tables that tell nothing to whoever does not see them; a page with none at all is another page."""
    charts = page.locator("[data-testid=stVegaLiteChart]").all()
    tables = page.locator("[data-testid=stTable]").all()
    assert charts
    shown = "table => [table, ...table.querySelectorAll('*')].map(e => e.getAttribute('aria-label') || '').join('')"
    return [
        *(chart.evaluate("one => one.outerHTML")[:200] for chart in charts if len(words_of(chart)) <= 20),
        *(table.evaluate("one => one.outerHTML")[:200] for table in tables if len(table.evaluate(shown)) <= 10),
    ]


def words_of(chart):
    return chart.get_attribute("aria-label") or ""
