"""Taking a file along leaves a trace, and changes no figure."""

import pytest

from models.core.trail import TrailFilter, find_trail, record_download
from targets.permissions import ANONYMOUS, Permission, Refused
from tests.models.accounts_world import by, people
from tests.models.conftest import on_each_engine

FILE = {"file": "so-voi-chi-tieu.xlsx", "level": "commune"}


@pytest.fixture
def world(small):
    return people(small)


def take(world, login, permission, subject="gaps", unit=None):
    context = by(login, "download")
    world.small.changed(
        record_download, subject=subject, narrowed=FILE, permission=permission, unit=unit, context=context
    )


def test_head_takes_the_story_of_the_own_branch_along_and_no_other(world):
    take(world, "truong.h1", Permission.READ_STORY, subject="story", unit="X1")
    with pytest.raises(Refused, match="H2"):
        take(world, "truong.h1", Permission.READ_STORY, subject="story", unit="H2")

    assert [entry.subject for entry in world.small.asked(find_trail, TrailFilter(action="download"))] == ["story"]


@on_each_engine
def test_download_is_written_down_and_empties_no_cache(world):
    before = world.small.data_version()

    take(world, "nguoixem", Permission.READ)

    entry = world.small.asked(find_trail, TrailFilter(action="download"))[0]
    assert (entry.by, entry.subject, entry.new) == ("nguoixem", "gaps", FILE)
    assert world.small.data_version() == before


def test_unit_heads_do_not_take_the_trail_along(world):
    with pytest.raises(Refused, match="unit_head"):
        take(world, "truong.h1", Permission.READ_OPERATIONS)


def test_whoever_looks_without_an_account_takes_along_what_everybody_may_read(world):
    take(world, ANONYMOUS.login, Permission.READ)

    assert [entry.by for entry in world.small.asked(find_trail, TrailFilter(action="download"))] == [""]
    with pytest.raises(Refused, match="without signing in"):
        take(world, ANONYMOUS.login, Permission.IMPORT)
