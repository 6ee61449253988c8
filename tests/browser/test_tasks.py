"""The page of tasks in a browser: whole at any size, without barriers, and on a phone a task reads line by line."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from models.core.store import Store
from tests.browser.demonstrations import copy_of
from tests.browser.looking import wait_until_drawn
from tests.browser.meetings_held import hold_meetings
from tests.browser.people import admit
from tests.browser.serving import serving_at_once

SIZES = [
    pytest.param(1920, 1080, "vi", marks=pytest.mark.soak),
    pytest.param(1366, 768, "en", marks=pytest.mark.soak),
    (390, 844, "vi"),
]


@pytest.fixture(scope="module")
def server(demonstration, tmp_path_factory):
    """A demonstration of these tests' own, with two meetings held and their tasks given."""
    place = copy_of(demonstration, tmp_path_factory.mktemp("tasks"))
    store = Store(f"sqlite:///{place / 'caodiem.db'}")
    with store.writing() as session:
        hold_meetings(session)
    store.close()
    admit(place)
    with serving_at_once(place) as address:
        yield address


@pytest.fixture
def open_tasks(page, server):
    def opened(query=""):
        page.goto(f"{server}/tasks?{query}")
        wait_until_drawn(page)
        expect(page.locator(".st-key-tasks-stacked td").first).to_be_visible()
        return page

    return opened


@pytest.mark.parametrize(("width", "height", "language"), SIZES)
def test_list_is_whole_at_any_size_and_without_barriers(page, open_tasks, width, height, language):
    page.set_viewport_size({"width": width, "height": height})

    open_tasks(f"lang={language}")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [cell.bounding_box() for cell in page.locator(".st-key-tasks-stacked td").all()]
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert Axe().run(page).response["violations"] == []


@pytest.mark.soak
def test_phone_shows_each_task_line_by_line(page, open_tasks):
    page.set_viewport_size({"width": 390, "height": 844})

    open_tasks("state=overdue")

    row = page.locator(".st-key-tasks-stacked tbody tr").first
    unit, work, who, due = (row.locator("td").nth(at).bounding_box() for at in range(4))
    assert unit["y"] + unit["height"] <= work["y"] + 1
    assert work["y"] + work["height"] <= who["y"] + 2
    assert abs(who["y"] - due["y"]) <= 2
    assert work["width"] > 300


@pytest.mark.soak
def test_task_is_opened_by_its_address(open_tasks):
    page = open_tasks("task=1")

    expect(page.get_by_test_id("stMain")).to_contain_text("Mở điểm hỗ trợ nộp hồ sơ trực tuyến")
