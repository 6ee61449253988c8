"""Conclusions of a meeting: on a unit or on nobody in particular, carried on until they are closed."""

import pytest

from models.meetings.actions import Conclusion, freeze_figures, record_conclusion
from models.targets.registrations import Incomplete
from models.tasks.actions import confirm_task, report_on_task
from models.tasks.queries import find_tasks
from targets.errors import UnknownName
from targets.permissions import Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine


@pytest.fixture
def world(small):
    return people(small)


def conclude(world, *, login="dieuphoi", **result):
    what = result.pop("what", "Every unit reports on Friday")
    return world.small.changed(record_conclusion, Conclusion(what, **result), context=by(login, "meeting", "9/3 08:00"))


@pytest.mark.daily("sqlite")
@on_each_engine
def test_conclusion_is_about_a_unit_or_about_nobody_in_particular(world):
    snapshot = world.small.changed(
        freeze_figures, as_of=day("8/3"), title="Tuần 1", context=by("dieuphoi", "x", "9/3 08:00")
    )
    conclude(world)
    conclude(world, unit="H1", what="H1 goes first", snapshot=snapshot, slide="silent", who="Mr An", due=day("12/3"))

    found = world.small.asked(find_tasks)

    assert [(row.kind, row.unit, row.what, row.due) for row in found] == [
        ("conclusion", "H1", "H1 goes first", day("12/3")),
        ("conclusion", None, "Every unit reports on Friday", None),
    ]
    assert [row.slide for row in world.small.asked(find_tasks, snapshot=snapshot)] == ["silent"]


def test_conclusion_about_nobody_is_closed_by_the_office_and_reported_on_by_no_head(world):
    result = conclude(world)

    with pytest.raises(Refused):
        world.small.changed(report_on_task, result, progress="done", seen_version=1, context=by("truong.h1"))
    world.small.changed(confirm_task, result, is_done=True, seen_version=1, context=by("dieuphoi", "carried out"))

    assert [row.state for row in world.small.asked(find_tasks)] == ["done"]


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"what": " "}, Incomplete),
        ({"unit": "H9"}, UnknownName),
        ({"snapshot": 99}, UnknownName),
        ({"login": "truong.h1"}, Refused),
    ],
)
def test_conclusion_is_not_recorded_where(world, wrong, error):
    with pytest.raises(error):
        conclude(world, **wrong)

    assert world.small.count("task") == 0
