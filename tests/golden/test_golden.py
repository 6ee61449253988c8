"""What people get is what they got: every page, command, document and mail against its golden text.

Takes minutes by its nature. Where a change is wanted: `python -m tests.golden`, and commit what differs with it.
"""

from pathlib import Path

import pytest

from tests.golden.kept import differences
from tests.golden.made import MOMENTS, made


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    """The moments in their order; each is made when it is asked for."""
    return made(Path(tmp_path_factory.mktemp("golden-")))


@pytest.mark.soak
def test_everything_people_get_is_what_they_got(world):
    found: dict[str, list[str]] = {moment: list(differences(moment, surfaces)) for moment, surfaces in world}

    assert tuple(found) == MOMENTS
    changed = [each for moment in MOMENTS for each in found[moment]]
    assert not changed, f"{len(changed)} surfaces differ:\n\n" + "\n\n".join(changed)
