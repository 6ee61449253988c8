"""What is noted beside a figure is part of what was told: kept with it, never lost, never in the way."""

import pytest
from sqlmodel import select

from models.readings.actions import Counts
from models.readings.arrivals import find_arrivals
from models.tables import Reading
from tests.models.conftest import day, on_each_engine, postgresql_in_soak

FIGURE = ("S1", "online", "15/3", 90, 200)
NOTED = (*FIGURE, None, None, "chờ đồng bộ")


def notes(small):
    with small.store.reading() as session:
        return [row.note for row in session.exec(select(Reading).order_by(Reading.revision))]


@on_each_engine
def test_note_is_kept_with_its_figure(small):
    report = small.load(NOTED, ("S2", "online", "15/3", 1, 2))

    assert report.counts == Counts(accepted=2)
    assert sorted(notes(small), key=str) == [None, "chờ đồng bộ"]
    [arrival] = small.asked(find_arrivals, "S1", as_of=day("15/3"))
    assert arrival.note == "chờ đồng bộ"


@postgresql_in_soak
@pytest.mark.parametrize(
    ("again", "counts", "kept"),
    [
        (NOTED, Counts(unchanged=1), ["chờ đồng bộ"]),
        (FIGURE, Counts(unchanged=1), ["chờ đồng bộ"]),
        ((*FIGURE, None, None, None), Counts(unchanged=1), ["chờ đồng bộ"]),
        ((*FIGURE, None, None, "đã đồng bộ"), Counts(revised=1), ["chờ đồng bộ", "đã đồng bộ"]),
    ],
    ids=["the same", "no column of notes", "an empty note", "another note"],
)
def test_figure_told_again_keeps_every_note(small, again, counts, kept):
    small.load(NOTED)

    report = small.load(again)

    assert report.counts == counts
    assert notes(small) == kept


@postgresql_in_soak
def test_note_that_comes_later_is_a_revision_and_changes_no_standing(small):
    small.load(FIGURE)
    before = small.rows("15/3")

    report = small.load(NOTED)

    assert report.counts == Counts(revised=1)
    assert small.rows("15/3") == before
    assert small.differences() == []


def test_second_statement_has_a_note_of_its_own(small):
    small.load(NOTED)
    percent = ("S1", "online", "15/3", None, None, 45.5, None, "theo báo cáo")

    reports = [small.load(percent), small.load(percent)]

    assert [report.counts for report in reports] == [Counts(unchanged=1, second=1), Counts(unchanged=1)]
    assert notes(small) == ["chờ đồng bộ", "theo báo cáo"]
