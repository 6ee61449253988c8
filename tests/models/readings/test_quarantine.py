"""Rows that could not be taken in: oldest first, a screen at a time, settled ones apart."""

import pytest

from models.readings.quarantine import count_quarantined, find_quarantined, find_quarantined_row, find_settled
from models.tables import Quarantined, Run
from targets.errors import UnknownName
from tests.models.conftest import at, day, on_each_engine, postgresql_in_soak
from tests.models.readings.test_settling import quarantine_rows


def settle(small, row, *, when):
    with small.store.writing() as session:
        entry = session.get_one(Quarantined, row)
        entry.state, entry.settled_by, entry.settled_at, entry.settled_reason = "dismissed", "lan", at(when), "twice"
        session.add(entry)


@on_each_engine
def test_rows_that_wait_are_told_oldest_first_and_settled_ones_only_where_asked(small):
    first, second, third = quarantine_rows(small, 3)
    settle(small, second, when="15/3 09:00")

    assert [row.id for row in small.asked(find_quarantined)] == [first, third]
    assert [row.id for row in small.asked(find_quarantined, with_settled=True)] == [first, second, third]
    assert [row.id for row in small.asked(find_quarantined, after=1, most=1)] == [third]
    assert small.asked(count_quarantined) == 2


def test_row_tells_where_it_came_from_and_which_version_it_is(small):
    [row] = quarantine_rows(small, 1)
    with small.store.writing() as session:
        session.get_one(Run, session.get_one(Quarantined, row).run_id).for_date = day("14/3")

    found = small.asked(find_quarantined_row, row)

    assert (found.source, found.for_date, found.version, found.state) == ("igate", day("14/3"), 1, "open")
    assert found.raw["Đơn vị"] == "nobody 0"


@postgresql_in_soak
def test_rows_settled_last_come_first(small):
    first, second, _ = quarantine_rows(small, 3)
    settle(small, second, when="15/3 09:00")
    settle(small, first, when="15/3 10:00")

    assert [(row.id, row.settled_by) for row in small.asked(find_settled, most=5)] == [(first, "lan"), (second, "lan")]
    assert len(small.asked(find_settled, most=1)) == 1


def test_number_that_no_row_has_is_named(small):
    with pytest.raises(UnknownName, match="quarantined"):
        small.asked(find_quarantined_row, 99)
