"""Taking the audit trail along leaves a trace, and changes no figure."""

import pytest

from models.actions.trail import record_download
from models.queries.trail import TrailFilter, find_trail
from targets.permissions import Refused
from tests.models.accounts_world import by, people


@pytest.fixture
def world(small):
    return people(small)


def test_download_is_written_down_and_empties_no_cache(world):
    before = world.small.data_version()

    world.small.changed(record_download, subject="audit", rows=12, deed=by("admin", "examine"))

    entry = world.small.asked(find_trail, TrailFilter(action="download"))[0]
    assert (entry.by, entry.subject, entry.new) == ("admin", "audit", {"rows": 12})
    assert world.small.data_version() == before


def test_unit_heads_do_not_take_the_trail_along(world):
    with pytest.raises(Refused, match="unit_head"):
        world.small.changed(record_download, subject="audit", rows=1, deed=by("truong.h1", "examine"))
