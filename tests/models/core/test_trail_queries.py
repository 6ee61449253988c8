"""The audit trail as people look through it."""

import pytest

from models.core.trail import TrailFilter, count_trail, find_actions, find_people, find_trail
from tests.models.accounts_world import by, people
from tests.models.conftest import day, on_each_engine


@pytest.fixture
def world(small):
    world = people(small)
    world.create("an", "viewer", context=by("admin", "joins the 100% team", "6/3 23:30"))
    world.create("binh", "viewer", context=by("admin", "joins too", "7/3 00:10"))
    return world


def found(world, **wanted):
    return [entry.subject.removeprefix("account ") for entry in world.small.asked(find_trail, TrailFilter(**wanted))]


@on_each_engine
def test_entries_come_newest_first_with_who_why_and_from_where(world):
    newest = world.small.asked(find_trail, TrailFilter(), most=1)[0]

    assert (newest.by, newest.action, newest.subject) == ("admin", "create_account", "account binh")
    assert (newest.reason, newest.origin) == ("joins too", "a page")


@on_each_engine
@pytest.mark.parametrize(
    ("wanted", "subjects"),
    [
        pytest.param({"by": "admin"}, ["binh", "an"], id="of one person"),
        pytest.param({"words": "JOINS team"}, ["an"], id="with every word, however written"),
        pytest.param({"words": "100%"}, ["an"], id="with a sign that databases read otherwise"),
        pytest.param({"by": "admin", "since": day("7/3")}, ["binh"], id="from a day on, by the clock of Vietnam"),
        pytest.param({"by": "admin", "until": day("6/3")}, ["an"], id="up to the end of a day"),
        pytest.param({"by": "nobody"}, [], id="of nobody"),
    ],
)
def test_entries_are_found(world, wanted, subjects):
    assert found(world, **wanted) == subjects
    assert world.small.asked(count_trail, TrailFilter(**wanted)) == len(subjects)


def test_entries_of_an_action_are_found(world):
    assert set(found(world, action="create_account")) >= {"an", "binh", "admin"}


def test_further_entries_follow_the_first_ones(world):
    all_of_them = found(world)

    second = world.small.asked(find_trail, TrailFilter(), first=1, most=1)

    assert [entry.subject.removeprefix("account ") for entry in second] == all_of_them[1:2]


def test_actions_and_people_are_those_that_have_entries(world):
    assert "create_account" in world.small.asked(find_actions)
    assert world.small.asked(find_people) == ["admin", "system:test"]
