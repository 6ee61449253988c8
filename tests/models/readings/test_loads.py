"""Loads as people look back on them, and pulls that are under way."""

from datetime import timedelta

import pytest
from sqlmodel import select

from models.readings.loads import count_loads, find_load, find_loads, find_payloads, find_run_mark, find_under_way
from models.tables import Payload, Run, RunClaim, SourceRow
from tests.models.conftest import Small, at, day, on_each_engine, postgresql_in_soak

NOW = at("15/3 08:00")


def ran(small: Small, source="igate", **other) -> int:
    with small.store.writing() as session:
        row = session.exec(select(SourceRow).where(SourceRow.key == source)).one()
        known = {"kind": "pull", "status": "done", "received_at": NOW, "by": "system:test", "for_date": day("15/3")}
        run = Run(source_id=row.id, **(known | other))
        session.add(run)
        session.flush()
        return run.id or 0


def claim(small: Small, *, owner="host:1", **other) -> None:
    with small.store.writing() as session:
        row = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one()
        known = {"for_date": day("15/3"), "lease_until": NOW, "heartbeat_at": NOW}
        session.add(RunClaim(source_id=row.id or 0, owner=owner, **(known | other)))


@on_each_engine
def test_loads_are_told_newest_first_with_what_each_brought(small):
    first = ran(small, received=9, accepted=7, rejected=2, status="done_with_rejects")
    last = ran(small, source="file", status="failed", failure="refused", failure_terms={"status": "403"})

    found = small.asked(find_loads)

    assert [(load.id, load.source, load.status) for load in found] == [
        (last, "file", "failed"),
        (first, "igate", "done_with_rejects"),
    ]
    assert (found[0].failure, found[0].failure_terms) == ("refused", {"status": "403"})
    assert (found[1].received, found[1].accepted, found[1].rejected, found[1].failure_terms) == (9, 7, 2, {})


@pytest.mark.parametrize(("began", "seconds"), [(NOW, 2.5), (None, None)])
def test_duration_is_told_where_it_was_measured(small, began, seconds):
    run = ran(small, started_machine=began, finished_machine=NOW + timedelta(seconds=2.5))

    assert small.asked(find_load, run).seconds == seconds


def test_run_that_is_not_over_has_no_duration(small):
    assert small.asked(find_load, ran(small, status="running", started_machine=NOW)).seconds is None


def test_loads_of_one_source_or_status_are_told_and_counted_screen_by_screen(small):
    ran(small), ran(small, source="file"), ran(small, status="failed")

    assert [load.source for load in small.asked(find_loads, source="file")] == ["file"]
    assert [load.status for load in small.asked(find_loads, status="failed")] == ["failed"]
    assert [small.asked(count_loads, **asked) for asked in ({}, {"source": "igate"}, {"status": "done"})] == [3, 2, 2]
    assert len(small.asked(find_loads, after=2, most=5)) == 1


def test_run_that_is_not_there_is_none(small):
    assert small.asked(find_load, 99) is None


@on_each_engine
def test_raw_answers_of_a_run_are_told_in_their_order(small):
    run = ran(small)
    with small.store.writing() as session:
        for position, path in ((2, None), (1, "2024/a.gz")):
            session.add(Payload(run_id=run, position=position, address="https://a", sha256="f", size=9, path=path))

    assert small.asked(find_load, run).payloads == 2
    assert [(kept.position, kept.path) for kept in small.asked(find_payloads, run)] == [(1, "2024/a.gz"), (2, None)]


@postgresql_in_soak
def test_pull_that_somebody_works_on_is_told_with_what_is_being_done(small):
    claim(small, progress={"step": "checking", "numbers": {"rows": 9}})
    claim(small, owner="", for_date=day("14/3"))

    [under_way] = small.asked(find_under_way)

    assert (under_way.source, under_way.for_date, under_way.owner) == ("igate", day("15/3"), "host:1")
    assert under_way.progress == {"step": "checking", "numbers": {"rows": 9}}


def test_mark_changes_with_every_run_that_begins_fails_or_is_claimed(small):
    marks = [small.asked(find_run_mark)]
    run = ran(small, status="running")
    marks.append(small.asked(find_run_mark))
    with small.store.writing() as session:
        session.get_one(Run, run).status = "failed"
    marks.append(small.asked(find_run_mark))
    claim(small)
    marks.append(small.asked(find_run_mark))

    assert len(set(marks)) == 4
    assert small.asked(find_run_mark) == marks[-1]
