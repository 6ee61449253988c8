"""A meeting driven by the keyboard from first slide to last, at both sizes: legible, whole, true to the digit."""

import json
import re

import pytest
from playwright.sync_api import Page, expect

from models.core import formats
from models.core.texts import text
from tests.browser.screens import LAPTOP, PHONE, expect_whole, show_on
from tests.browser.serving import run_job
from tests.soaked import mostly_soaked

SMALLEST = """() => {
  const walker = document.createTreeWalker(document.querySelector(".st-key-slide"), NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const box = element.getBoundingClientRect();
    if (!walker.currentNode.nodeValue.trim() || !element.checkVisibility() || box.width < 2 || box.height < 2) continue;
    if (element.closest("[data-testid=stIconMaterial], .material-symbols")) continue;
    found.push([parseFloat(getComputedStyle(element).fontSize), walker.currentNode.nodeValue.trim()]);
  }
  return found.sort((one, other) => one[0] - other[0])[0];
}"""
HEIGHT = "document.querySelector('[data-testid=stMain]').scrollHeight"
MEETING = """() => {
  const walker = document.createTreeWalker(document.querySelector(".st-key-slide"), NodeFilter.SHOW_TEXT);
  const boxes = [];
  while (walker.nextNode()) {
    const words = walker.currentNode.nodeValue.trim();
    const element = walker.currentNode.parentElement;
    if (!words || !element.checkVisibility()) continue;
    if (element.closest(".st-key-slide-controls, .st-key-slide-jumps, [data-testid=stElementToolbar]")) continue;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) if (box.width > 2) boxes.push({ words, box });
  }
  const found = [];
  for (const [at, one] of boxes.entries())
    for (const other of boxes.slice(at + 1)) {
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      // A line's box is higher than its letters.
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (one.words !== other.words && wide > 2 && high > 0.3 * Math.min(one.box.height, other.box.height))
        found.push(`${one.words} | ${other.words}`);
    }
  const outside = boxes.filter(({ box }) => box.left < 0 || box.right > innerWidth).map(({ words }) => words);
  return [...found, ...outside];
}"""
FOOT = "document.querySelector('.st-key-slide-foot').getBoundingClientRect().top"
FOOT_BEGINS = text("slide.foot.as_of", "vi", date="06/05/2024")
"""On a phone the slide scrolls behind its foot."""
FINISHED = "[data-testid=stApp][data-test-script-state=notRunning]"


def percents(rows):
    """Every percent that a slide may say of these rows, as it is written."""
    said = set()
    for row in rows:
        for name in ("value", "week_value", "attainable", "projection"):
            if row[name] is not None:
                said.add(formats.percent(row[name], "vi", target=row["target"]))
        if row["target"] is not None:
            said.add(formats.target_percent(row["target"], "vi"))
    return said


def drawn_words(page: Page) -> str:
    table = page.locator(".st-key-slide-lines table")
    expect(table.get_by_text("%").first).to_be_visible(timeout=20_000)
    return table.inner_text()


def press(page: Page, *keys: str, then: int) -> None:
    for key in keys:
        page.keyboard.press(key)
    expect(page.locator(".st-key-slide-foot")).to_contain_text(f"{then}/")
    expect(page.locator(FINISHED)).to_be_visible()


@pytest.mark.parametrize(
    ("width", "height", "least", "step"),
    mostly_soaked([(1920, 1080, 24, 1), (1366, 768, 18, 1), (1366, 768, 18, 3)], (1366, 768, 18, 3)),
)
def test_meeting_runs_by_keyboard_legible_to_the_back_row_and_true_to_the_snapshot(
    page, office_home, office, snapshot, width, height, least, step
):
    """Each run goes to every third slide by its number; `make soak` through all of them, one after the other."""
    rows = json.loads(run_job(office_home, "standing", "--snapshot", snapshot, "--json"))
    province = {row["indicator"]: row for row in rows if row["unit"] == "H21"}
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{office}/meeting?snapshot={snapshot}")
    page.locator(".st-key-meeting-start button").click()
    expect(page.locator(".st-key-slide-foot")).to_contain_text("1/")
    count = int(re.search(r"1/(\d+)$", page.locator(".st-key-slide-foot").inner_text())[1])
    looked_at = range(1, count + 1, step)
    seen, feet = set(), set()

    for number in looked_at:
        expect(page.locator(FINISHED)).to_be_visible()
        if page.locator(".st-key-slide-picture [data-testid=stVegaLiteChart]").count():
            expect(page.locator(".st-key-slide-picture svg.marks")).to_be_visible(timeout=20_000)
        size, words = page.evaluate(SMALLEST)
        assert size >= least, f"page {number}: “{words}” has {size} px"
        assert page.evaluate(HEIGHT) <= height, f"page {number} is higher than the screen"
        assert page.evaluate(MEETING) == [], f"page {number}: words lie over each other"
        feet.add(page.evaluate(FOOT))
        foot = page.locator(".st-key-slide-foot").inner_text()
        assert "06/05/2024" in foot
        assert "Giao ban tuần 7" in foot
        key = re.search(r"slide=([\w.\-]+)", page.url)[1]
        seen.add(key)
        shown = page.locator("h1").inner_text()
        if key.startswith("indicator."):
            row = province[key.removeprefix("indicator.")]
            assert set(re.findall(r"\d+(?:,\d+)?%", shown)) <= percents([row])
        elif key == "province":
            drawn = drawn_words(page)
            assert {formats.percent(row["value"], "vi", target=row["target"]) for row in province.values()} <= set(
                re.findall(r"\d+(?:,\d+)?%", drawn)
            )
            assert f"{sum(row['standing'] == 'met' for row in province.values())}/" in shown
        if step > 1 and number < looked_at[-1]:
            press(page, *str(number + step), "Enter", then=number + step)
        elif number < count:
            press(page, ("ArrowRight", " ")[number % 2], then=number + 1)

    press(page, "Home", then=1)
    press(page, "1", "2", "Enter", then=12)
    press(page, "ArrowLeft", then=11)
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    assert len(seen) == len(looked_at)
    assert count >= 12
    assert len(feet) == 1


@pytest.mark.parametrize(
    ("size", "scheme", "query"),
    [
        pytest.param(LAPTOP, "light", "", marks=pytest.mark.soak),
        pytest.param(PHONE, "light", "?lang=en", marks=pytest.mark.soak),
        (LAPTOP, "dark", ""),
    ],
)  # fmt: skip
def test_desk_of_the_meetings_is_whole_and_without_barriers(page, office, snapshot, size, scheme, query):
    """The desk from which a meeting with these figures is begun."""
    show_on(page, size, scheme)

    page.goto(f"{office}/meeting{query}")
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.locator(".st-key-meeting-start button")).to_be_visible(timeout=30_000)

    expect_whole(page, snapshot)


@pytest.mark.soak
@pytest.mark.parametrize(("width", "height"), [(390, 844), pytest.param(844, 390, marks=pytest.mark.soak)])
def test_slide_in_the_hand_is_whole_and_its_page_is_turned_by_a_thumb(
    browser, browser_context_args, office, snapshot, width, height
):
    hand = {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}
    held = browser.new_context(**(browser_context_args | hand))
    try:
        page = held.new_page()
        page.goto(f"{office}/meeting?snapshot={snapshot}&slide=province")
        drawn_words(page)
        below = page.locator(".st-key-slide-below p")
        expect(below).to_be_visible()
        page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, main.scrollHeight)")
        lowest = below.bounding_box()
        assert lowest["y"] + lowest["height"] <= page.evaluate(FOOT)
        assert [pair for pair in page.evaluate(MEETING) if FOOT_BEGINS not in pair] == []
        controls = page.locator(".st-key-slide-controls")
        expect(controls).to_have_css("opacity", "0")

        page.touchscreen.tap(width / 2, height / 3)

        expect(controls).to_have_css("opacity", "1")
        for name in ("previous", "next", "full", "leave"):
            box = page.locator(f".st-key-slide-{name} button:visible").first.bounding_box()
            assert min(box["width"], box["height"]) >= 44, name
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        page.locator(".st-key-slide-next button").tap()
        expect(page.locator(".st-key-slide-foot")).to_contain_text("3/")
    finally:
        held.close()


@pytest.mark.soak
def test_buttons_come_with_the_mouse_alone_and_lie_over_no_words(page, office, snapshot):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(f"{office}/meeting?snapshot={snapshot}&slide=province")
    drawn_words(page)
    controls = page.locator(".st-key-slide-controls")
    expect(controls).to_have_css("opacity", "0")

    page.mouse.move(300, 300)

    expect(controls).to_have_css("opacity", "1")
    foot = page.locator(".st-key-slide-foot p").first.bounding_box()
    assert foot["y"] + foot["height"] <= page.locator(".st-key-slide-next button").bounding_box()["y"]
    expect_whole(page, "slide")


@pytest.mark.soak
def test_pull_during_a_meeting_changes_the_overview_and_no_slide(page, intake_home, intake, snapshot):
    page.goto(f"{intake}/meeting?snapshot={snapshot}&slide=province")
    drawn = drawn_words(page)
    before = run_job(intake_home, "standing", "--unit", "H21", "--json")

    run_job(intake_home, "pull", "demonstration")
    page.reload()

    assert drawn_words(page) == drawn
    now = run_job(intake_home, "standing", "--unit", "H21", "--json")
    assert now != before
    page.goto(f"{intake}/")
    online = next(row for row in json.loads(now) if row["indicator"] == "online")
    expect(page.locator(".st-key-card-online")).to_contain_text(
        formats.percent(online["value"], "vi", target=online["target"]), timeout=30_000
    )
