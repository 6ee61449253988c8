"""What people get is what they got: every page, command, document and mail against its golden text.

Takes minutes by its nature. Where a change is wanted: `python -m tests.golden`, and commit what differs with it.
"""

import faulthandler

import pytest

from tests.golden.kept import TEXTS, differences, keep, kept
from tests.golden.made import STORES

MOMENTS = {
    "before": ("none", "not-begun", "empty"),
    "demonstration": ("day-20", "day-47", "stale", "day-52", "day-101"),
}


@pytest.mark.soak
@pytest.mark.parametrize("store", STORES)
def test_everything_people_get_is_what_they_got(store, tmp_path_factory):
    faulthandler.cancel_dump_traceback_later()  # it takes longer than any other test, and hangs nowhere for that
    made, changed = [], []
    for moment, surfaces in STORES[store](tmp_path_factory.mktemp("golden-")):
        made.append(moment)
        changed += differences(moment, surfaces)

    assert tuple(made) == MOMENTS[store]
    if changed:
        pytest.fail(f"{len(changed)} surfaces differ:\n\n" + "\n\n".join(changed), pytrace=False)


def test_there_are_golden_texts_of_every_moment_and_no_other():
    assert {folder.name for folder in TEXTS.iterdir()} == {moment for each in MOMENTS.values() for moment in each}
    assert all(kept(folder.name) for folder in TEXTS.iterdir())


def test_word_a_number_and_a_surface_that_came_or_went_are_told(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.golden.kept.TEXTS", tmp_path)
    surfaces = {"page gaps vi": "Còn thiếu\n4,9 điểm", "page gaps en": "Missing", "command doctor": "ok"}
    keep("day", surfaces)
    assert kept("day") == surfaces
    assert list(differences("day", surfaces)) == []

    told = list(differences("day", {"page gaps vi": "Còn thiếu\n4,8 điểm", "page gaps en": "Missing", "mail": "x"}))

    assert told[0] == "day · command doctor: is no longer made"
    assert told[1].splitlines()[0] == "day · page gaps vi"
    assert {"-4,9 điểm", "+4,8 điểm", " Còn thiếu"} <= set(told[1].splitlines())
    assert told[2] == "day · mail: is new"
