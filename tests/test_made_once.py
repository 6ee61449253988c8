"""What all workers share is made by one of them, and never seen half made."""

from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from tests.made_once import made_once


@pytest.fixture
def factory(tmp_path, monkeypatch):
    """What gives a worker of a run its folder, below the one that all of them see."""
    monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
    return SimpleNamespace(getbasetemp=lambda: tmp_path / "gw0")


def test_thing_is_made_by_whoever_comes_first_and_seen_by_all(factory, tmp_path):
    makers = []

    def make(folder):
        makers.append(folder)
        (folder / "told").write_text("whole")

    with ThreadPoolExecutor(4) as workers:
        seen = list(workers.map(lambda _: made_once(factory, "thing", make), range(8)))

    assert len(makers) == 1
    assert {(place, (place / "told").read_text()) for place in seen} == {(tmp_path / "thing", "whole")}


def test_maker_that_ends_half_way_leaves_the_work_to_the_next(factory):
    def end_half_way(folder):
        (folder / "half").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        made_once(factory, "thing", end_half_way)
    made = made_once(factory, "thing", lambda folder: (folder / "whole").write_text(""))

    assert [file.name for file in made.iterdir()] == ["whole"]
