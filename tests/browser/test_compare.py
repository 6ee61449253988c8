"""The page of comparisons in a browser: numbers as the command tells them, at any size and in both themes."""

import csv
import io
import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import expect

from models.core import formats
from tests.browser.looking import FINISHED
from tests.browser.screens import LAPTOP, PHONE, PROJECTOR, expect_no_barriers, expect_nothing_sideways, show_on
from tests.soaked import mostly_soaked

SECTIONS = ("gap", "change", "slope", "ranks", "funnel", "if")
DAILY = ("slope", "if")
"""A chart with many labels, and one with what is chosen beside it."""
ENGLISH = re.compile(
    r"\b(Choose options|Select all|No results|Press Enter|Search|Fullscreen|Download|Show|Hide|empty)\b"
)


@pytest.fixture
def open_compare(page):
    """Opens a part of the page and waits until what it draws is drawn."""

    def opened(section, more="", *, size=LAPTOP, scheme="light"):
        show_on(page, size, scheme)
        page.goto(f"/compare?section={section}&indicator=online{more}")
        return drawn(page)

    return opened


def drawn(page):
    expect(page.locator(FINISHED)).to_be_visible(timeout=30_000)
    expect(page.locator("h1")).to_be_visible()
    charts = page.locator("[class*=st-key-compare-][class*=-chart], [class*=st-key-compare-standings-]")
    expect(page.locator(".st-key-compare-section")).to_be_visible()
    expect(page.locator("svg.marks")).to_have_count(charts.count(), timeout=30_000)
    return page


def table_of(page, key):
    expect(page.locator(f".st-key-compare-{key}-table tbody td").last).to_be_visible(timeout=30_000)
    lines = page.locator(f".st-key-compare-{key}-table tbody tr").all()
    return [
        [cell.replace("\N{NO-BREAK SPACE}", " ").strip() for cell in line.locator("td").all_inner_texts()]
        for line in lines
    ]


@pytest.fixture
def whole(standing_rows):
    [row] = [row for row in standing_rows if row["level"] == "province" and row["indicator"] == "online"]
    return row


@pytest.mark.soak
def test_gap_is_that_of_the_command_and_its_file_holds_every_unit_and_adds_up_to_it(page, open_compare, whole):
    gap = table_of(open_compare("gap"), "gap")[-1]
    with page.expect_download() as waiting:
        page.locator(".st-key-compare-gap-csv button").click()

    assert gap[3:6] == [
        formats.whole(whole["numerator"], "vi"),
        formats.whole(whole["denominator"], "vi"),
        formats.hundredths(whole["gap"], "vi"),
    ]
    written = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    heads, *lines = csv.reader(io.StringIO(written), delimiter=";")
    at = heads.index("Đóng góp (điểm phần trăm)")
    parts = [float(line[at].replace(",", ".")) for line in lines]
    assert sum(parts[:-1]) == pytest.approx(whole["gap"], abs=0.005 * len(parts))
    assert parts[-1] == pytest.approx(whole["gap"], abs=0.005)
    assert all("MINH HỌA" in line[-1] for line in lines)
    assert "minh-hoa" in waiting.value.suggested_filename


@pytest.mark.soak
def test_change_is_that_of_the_command(open_compare, whole):
    change = table_of(open_compare("change"), "change")[-1]

    assert change[-1] == formats.hundredths(whole["week_change"], "vi", is_change=True)


def expect_no_label_cut(page, section):
    cut = page.evaluate(
        """() => [...document.querySelectorAll('svg.marks')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const box = text.getBoundingClientRect();
                return text.textContent && getComputedStyle(text).opacity !== '0' && box.width &&
                    (box.left < frame.left - 1 || box.right > frame.right + 1);
            }).map(text => text.textContent);
        })"""
    )
    assert not cut, section


AUDITED = ("ranks", "if")


@pytest.mark.parametrize(
    ("size", "scheme", "more", "sections"),
    mostly_soaked(
        [
            (LAPTOP, "dark", "", DAILY),
            (LAPTOP, "dark", "", SECTIONS),
            (PHONE, "light", "&lang=en", SECTIONS),
            (LAPTOP, "light", "", SECTIONS),
            (PHONE, "dark", "", SECTIONS),
            (PROJECTOR, "light", "&lang=en", SECTIONS),
        ],
        (LAPTOP, "dark", "", DAILY),
    ),
)
def test_every_section_is_whole_without_barriers_and_no_label_is_cut(page, open_compare, size, scheme, more, sections):
    for section in sections:
        open_compare(section, more, size=size, scheme=scheme)

        expect_nothing_sideways(page, section)
        expect_no_label_cut(page, section)
        if section in AUDITED:
            expect_no_barriers(page, section, {"runOnly": ["wcag2a", "wcag2aa"]})


@pytest.mark.soak
def test_labels_of_fifteen_lines_never_overlap(page, open_compare, standing_rows):
    communes = [row["unit"] for row in standing_rows if row["indicator"] == "online" and row["level"] == "commune"][:15]

    for size in (LAPTOP, PHONE):
        open_compare("slope", f"&units={','.join(communes)}", size=size)

        boxes = page.evaluate(
            """() => [...document.querySelectorAll('svg.marks text')]
                .filter(text => /%/.test(text.textContent) && /·| {2}|UBND/.test(text.textContent))
                .map(text => text.getBoundingClientRect()).map(box => [box.top, box.bottom])"""
        )
        assert len(boxes) > 10
        upward = sorted(boxes)
        assert all(below[0] >= above[1] - 2.5 for above, below in pairwise(upward)), "labels stand on one another"


@pytest.mark.soak
def test_what_if_stands_in_the_address_and_answers_at_once(page, open_compare):
    open_compare("if")
    before = page.locator("h1").inner_text()

    page.locator(".st-key-compare-n").get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")

    expect(page.locator("h1")).not_to_have_text(before, timeout=20_000)
    expect(page).to_have_url(re.compile(r"[?&]n=11"))
    said = page.locator("h1").inner_text()
    page.reload()
    expect(drawn(page).locator("h1")).to_have_text(said)


@pytest.mark.soak
def test_units_are_picked_in_the_reader_s_language(page, open_compare):
    open_compare("slope")

    page.get_by_role("button", name="Chọn đơn vị").click()
    page.locator(".st-key-compare-units input").click()
    page.locator(".st-key-compare-units input").fill("ia grai")

    option = page.get_by_role("option").filter(has_text="Ia Grai").first
    expect(option).to_be_visible()
    assert not ENGLISH.search(page.locator("body").inner_text())
    option.click()
    expect(page).to_have_url(re.compile(r"[?&]units=[^&]*H21\.58"))
