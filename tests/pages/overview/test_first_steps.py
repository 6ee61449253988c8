"""What a new store asks of those who begin: said to each what they may do, and gone once it is done."""

from types import SimpleNamespace

import pytest

from models.accounts.actions import set_enabled
from models.core.clock import machine_now
from models.core.texts import text
from pages.overview import first_steps
from pages.overview.first_steps import StepsTaken
from tests.models.accounts_world import by

NOTHING = StepsTaken(coordinator=False, figures=False, meeting=False)


@pytest.fixture
def seen(house, look, monkeypatch):
    """The overview of a house that has taken some steps, as one of its people sees it: words, and where links lead."""

    def looked(login, steps):
        monkeypatch.setattr(first_steps, "find_steps", lambda _: steps)
        app = look(house, login, "")
        said = " ".join(element.value.replace("\\", "") for element in (*app.header, *app.markdown, *app.caption))
        return said, [element.proto.label for element in app.get("page_link")]

    return looked


@pytest.mark.daily(1)
@pytest.mark.parametrize(("login", "page"), [("admin", "accounts"), ("dieuphoi", "upload")])
def test_whoever_may_take_a_step_is_led_there_and_reads_who_takes_the_others(seen, login, page):
    said, ways = seen(login, NOTHING)

    assert text("first_steps.title", "vi") in said
    assert text(f"page.{page}", "vi") in ways
    own, other = ("coordinator", "figures") if login == "admin" else ("figures", "coordinator")
    assert text(f"first_steps.by.{other}", "vi") in said
    assert text(f"first_steps.by.{own}", "vi") not in said


@pytest.mark.daily(1)
@pytest.mark.parametrize(("login", "is_led"), [("dieuphoi", True), ("admin", False)])
def test_who_may_change_the_campaign_is_led_to_its_workbook(seen, login, is_led):
    said, ways = seen(login, NOTHING)

    assert (text("first_steps.workbook", "vi") in said) is is_led
    assert (text("campaign.part.workbook", "vi") in ways) is is_led


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("login", "steps"),
    [("lanhdao", NOTHING), ("admin", StepsTaken(coordinator=True, figures=True, meeting=False))],
)
def test_nothing_is_asked_of_those_who_take_no_step_nor_once_they_are_taken(seen, login, steps):
    said, _ = seen(login, steps)

    assert text("first_steps.title", "vi") not in said


def test_account_counts_as_soon_as_it_is_made(house, look):
    look(house, "admin", "tasks")
    visit = SimpleNamespace(situation=SimpleNamespace(updated=None, campaign=""))

    before = first_steps.find_steps(visit).coordinator
    house.changed(set_enabled, "dieuphoi", is_enabled=False, context=by("admin"), machine=machine_now())

    assert (before, first_steps.find_steps(visit).coordinator) == (True, False)
