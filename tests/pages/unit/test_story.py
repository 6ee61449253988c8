"""A unit's story on its own page and in the audit trail's: the same lines, for those who may see them."""

import pytest

from models.core.texts import text
from models.readings.records import TaskRecord
from models.targets.causes import Explanation, state_cause
from models.tasks.actions import give_task, report_on_task
from tests.models.accounts_world import by
from tests.models.conftest import day
from tests.pages.opening import words
from tests.pages.unit.test_requests_page import HEAD, look, world  # noqa: F401 - fixtures

STORY = text("unit.tab.story", "vi")


@pytest.fixture
def told(world):  # noqa: F811 - the fixture
    """H1 has said why it is behind, and that its task is done."""
    cause = Explanation("H1", "online", "staff", "Thiếu cán bộ", "Tuyển thêm", "Chủ tịch", day("20/3"))
    world.changed(state_cause, cause, context=by(HEAD, "giải trình", "9/3 08:00"))
    given = TaskRecord("H1", "Số hóa hồ sơ tồn", "Văn phòng", day("12/3"))
    task = world.changed(give_task, given, context=by("dieuphoi", "giao ban", "9/3 09:00"))
    said = {"progress": "Đã số hóa", "evidence": "BC 12", "is_done": True, "seen_version": 1}
    world.changed(report_on_task, task, **said, context=by(HEAD, "", "10/3 08:00"))
    return world


def lines(app):
    """The cells of the story, row by row."""
    frames = [table.value for table in app.table if text("audit.column.at", "vi") in table.value.columns]
    return [[str(cell).replace("\\", "") for cell in row] for row in frames[0].to_numpy().tolist()] if frames else []


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    ("login", "own", "other"),
    [
        pytest.param(HEAD, True, False, id="the head: the own unit's alone"),
        pytest.param("dieuphoi", True, True, id="the office: every unit's"),
        pytest.param("nguoixem", False, False, id="a viewer: nobody's"),
    ],
)
def test_story_is_shown_as_permissions_say(look, login, own, other):  # noqa: F811 - the fixture
    shown = [STORY in [tab.label for tab in look(login, unit, tab="").tabs] for unit in ("H1", "H2")]

    assert shown == [own, other]


def test_whoever_may_not_see_a_story_is_told_that_its_tab_is_left_out(look):  # noqa: F811 - the fixture
    app = look("nguoixem", "H1", tab="story")

    assert any("tab=story" in each.value.replace("\\", "") for each in app.warning)


def test_page_of_the_unit_and_the_trail_tell_the_same_lines_in_the_same_words(look, told):  # noqa: F811 - the fixture
    page, trail = (look("dieuphoi", address=address, tab="story") for address in ("unit", "audit"))

    assert lines(page) == lines(trail) != []
    assert [line[2] for line in lines(page)[:3]] == [
        text(f"audit.action_name.{action}", "vi") + about
        for action, about in (("report_on_task", ""), ("give_task", ""), ("state_cause", ": online"))
    ]
    assert "Đã số hóa" in lines(page)[0][3]
    assert text("story.rule", "vi") in words(page)


def test_trail_finds_a_unit_by_its_name_without_marks_and_narrows_its_story(look, told):  # noqa: F811 - the fixture
    found = look("dieuphoi", "", address="audit", tab="", q="huyen mot")
    narrowed = look("dieuphoi", address="audit", tab="", q="so hoa ton")

    assert "unit=H1" in words(found)
    assert {line[2] for line in lines(narrowed)} == {
        text(f"audit.action_name.{action}", "vi") for action in ("give_task", "report_on_task")
    }
    assert text("audit.nothing", "vi") in words(look("dieuphoi", address="audit", tab="", q="nothing at all"))


def test_first_page_lists_what_waits_for_the_office_alone(look, told):  # noqa: F811 - the fixture
    said = [text(f"decide.{kind}", "vi", count="1") for kind in ("cause", "report")]

    app, head = (look(login, "", address="", tab="") for login in ("dieuphoi", HEAD))
    office = words(app)

    assert all(each in office for each in said)
    assert "tasks?" in office
    assert "state=reported" in office
    assert text("decide.title", "vi") not in words(head)
    # Above the table it would push rows of it off a laptop's screen.
    shown = [element.value for element in app.markdown]
    last_card, waits = (
        max(place for place, words_of in enumerate(shown) if sign in words_of) for sign in ("data:image", "/gavel:")
    )
    assert last_card < waits
