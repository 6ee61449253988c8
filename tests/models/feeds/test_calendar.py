"""The calendar of sources: what was told about each day, what was owed, and what is lost.

igate is pulled at 06:30 and may be two hours under way; the small campaign runs from Monday 4 March.
"""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import get_args

import pytest
from sqlmodel import select

from models.feeds.calendar import DayState, find_calendar
from models.feeds.states import find_feed_states
from models.tables import Run, Score, SourceRow
from targets.values import Source
from tests.models.conftest import Small, at, day, on_each_engine, postgresql_in_soak, small_campaign, small_files

DAILY = "30 6 * * *"


def scheduled(small: Small, **other) -> None:
    igate, *rest = small_campaign().sources
    sources = (replace(igate, **({"schedule": DAILY} | other)), *rest)
    small.found(small_files(small_campaign(sources=sources)), when="1/3 09:00")


def ran(small: Small, when, *, of, status="done", source="igate") -> None:
    with small.store.writing() as session:
        row = session.exec(select(SourceRow).where(SourceRow.key == source)).one()
        session.add(
            Run(source_id=row.id, kind="pull", for_date=day(of), status=status, received_at=at(when), by="system:test")
        )


def calendar(small: Small, first, last, *, now):
    """Source and day → what is said of it."""

    def ask(session):
        states = find_feed_states(session, now=at(now))
        return find_calendar(session, states, first=day(first), last=day(last), now=at(now))

    return {(result.source, result.day): result for result in small.asked(ask)}


def states(small: Small, first, last, *, now, source="igate"):
    """The states of a source, day after day."""
    found = calendar(small, first, last, now=now)
    days = [day(first) + timedelta(days=more) for more in range((day(last) - day(first)).days + 1)]
    return [found[source, one].state for one in days if (source, one) in found]


@pytest.mark.daily(1)
@on_each_engine
def test_day_is_complete_where_every_unit_the_source_tells_of_was_told(small):
    scheduled(small)
    small.load(("S1", "online", "5/3", 9, 20), ("S2", "online", "5/3", 9, 20), ("S1", "online", "6/3", 9, 20))
    small.load(("S1", "payment", "6/3", 9, 20), ("S2", "payment", "6/3", 9, 20), ("S1", "online", "7/3", 9, 20))

    found = calendar(small, "5/3", "7/3", now="7/3 12:00")

    assert [found["igate", day(one)].state for one in ("5/3", "6/3", "7/3")] == ["complete", "complete", "partial"]
    assert [(result.units, result.expected) for result in found.values()] == [(2, 2), (2, 2), (1, 2)]


@postgresql_in_soak
def test_unit_whose_figure_was_told_again_otherwise_counts_as_revised(small):
    scheduled(small)
    small.load(("S1", "online", "5/3", 9, 20), ("S2", "online", "5/3", 9, 20))
    small.load(("S1", "online", "5/3", 10, 20), ("S2", "online", "5/3", 9, 20), when="31/5 09:00")

    result = calendar(small, "5/3", "5/3", now="6/3 12:00")["igate", day("5/3")]

    assert (result.state, result.units, result.revised) == ("complete", 2, 1)


@pytest.mark.daily(2)
@postgresql_in_soak
@pytest.mark.parametrize(
    ("statements", "revised", "compared"),
    [
        ([(9, 20), (None, None, 50.0)], 0, 1),
        ([(9, 20), (None, None, 50.0), (10, 20)], 1, 0),
        ([(None, None, 50.0), (9, 20)], 1, 0),
        ([(None, None, 50.0), (None, None, 51.0)], 1, 0),
        ([(9, 20), (None, None, 50.0), (None, None, 51.0)], 0, 1),
    ],
)
def test_percent_beside_counts_is_no_revision_of_them(small, statements, revised, compared):
    scheduled(small)
    small.load(("S2", "online", "5/3", 9, 20))
    for number, statement in enumerate(statements):
        small.load(("S1", "online", "5/3", *statement), when=f"31/5 1{number}:00")

    result = calendar(small, "5/3", "5/3", now="6/3 12:00")["igate", day("5/3")]

    assert (result.units, result.revised, result.compared) == (2, revised, compared)


@pytest.mark.parametrize(("now", "expected"), [("6/3 08:29", "waiting"), ("6/3 08:31", "missing")])
def test_day_is_missing_once_its_time_and_the_patience_with_it_are_over(small, now, expected):
    scheduled(small)
    small.load(("S1", "online", "5/3", 9, 20))

    assert states(small, "5/3", "6/3", now=now) == ["complete", expected]


def test_figures_that_came_after_their_time_are_late(small):
    scheduled(small)
    small.load(("S1", "online", "5/3", 9, 20), ("S1", "online", "6/3", 9, 20))
    ran(small, "5/3 08:00", of="5/3")
    ran(small, "6/3 08:31", of="6/3")

    found = calendar(small, "5/3", "6/3", now="6/3 12:00")

    assert [result.is_late for result in found.values()] == [False, True]
    assert found["igate", day("6/3")].arrived_at == at("6/3 08:31")


def test_file_handed_in_for_a_day_is_no_pull_that_came_late(small):
    scheduled(small)
    small.load(("S1", "online", "6/3", 9, 20), when="8/3 12:00", for_date=day("6/3"))

    found = calendar(small, "6/3", "6/3", now="8/3 13:00")["igate", day("6/3")]

    assert (found.state, found.arrived_at, found.is_late) == ("complete", None, False)


def test_pull_at_night_is_due_on_the_day_after_the_one_it_describes(small):
    scheduled(small, schedule="0 2 * * *", lag_days=1)
    small.load(("S1", "online", "5/3", 9, 20))

    assert states(small, "5/3", "6/3", now="7/3 03:59") == ["complete", "waiting"]
    assert states(small, "5/3", "6/3", now="7/3 04:01") == ["complete", "missing"]


def test_day_that_can_no_longer_be_asked_for_is_lost_and_failed_pulls_are_counted(small):
    scheduled(small)
    small.load(("S1", "online", "5/3", 9, 20))
    ran(small, "6/3 06:31", of="6/3", status="failed")
    ran(small, "6/3 07:31", of="6/3", status="failed")
    ran(small, "8/3 06:31", of="7/3", status="unrecoverable")

    found = calendar(small, "6/3", "7/3", now="8/3 12:00")

    assert [(result.state, result.failures) for result in found.values()] == [("missing", 2), ("lost", 0)]


def test_days_before_a_source_was_first_asked_are_owed_by_nobody(small):
    scheduled(small)
    ran(small, "6/3 06:31", of="6/3", status="failed")

    assert states(small, "4/3", "7/3", now="7/3 12:00") == ["unasked", "unasked", "missing", "missing"]


def test_schedule_of_working_days_owes_no_sunday(small):
    scheduled(small, schedule="30 6 * * mon-fri")
    small.load(("S1", "online", "8/3", 9, 20))

    assert states(small, "8/3", "11/3", now="11/3 12:00") == ["complete", "unasked", "unasked", "missing"]


def test_files_handed_in_without_a_schedule_owe_no_day(small):
    """Nobody promised a file for a day: how old its newest figures have grown is what counts."""
    small.load(("S1", "online", "7/3", 9, 20), source="file")

    assert states(small, "7/3", "11/3", now="12/3 08:00", source="file") == ["complete", *["unasked"] * 4]


def test_files_handed_in_by_a_schedule_owe_its_days_until_the_patience_is_over(small):
    igate, file, *rest = small_campaign().sources
    sources = (igate, replace(file, schedule="0 17 * * fri"), *rest)
    small.found(small_files(small_campaign(sources=sources)), when="1/3 09:00")
    small.load(("S1", "online", "4/3", 9, 20), source=file.key)

    def seen(now):
        return states(small, "7/3", "9/3", now=now, source=file.key)

    assert seen("8/3 18:59") == ["unasked", "waiting", "unasked"]
    assert seen("8/3 19:00") == ["unasked", "missing", "unasked"]


def test_nothing_is_owed_before_the_campaign_begins_or_by_a_source_that_is_off(small):
    scheduled(small, enabled=False)
    small.load(("S1", "online", "5/3", 9, 20))

    assert states(small, "3/3", "6/3", now="7/3 12:00") == ["unasked", "unasked", "complete", "unasked"]


def test_demonstration_owes_each_of_its_days_whatever_its_schedule(small):
    simulated = Source("igate", small_campaign().sources[0].name, "simulated", None, schedule="*/10 * * * *")
    small.found(small_files(small_campaign(sources=(simulated, *small_campaign().sources[1:]))), when="1/3 09:00")
    small.load(("S1", "online", "9/3", 9, 20))
    ran(small, "9/3 17:30", of="9/3")

    found = calendar(small, "9/3", "10/3", now="11/3 09:00")

    # A real store never pulls it: there it is off and owes nothing.
    assert [result.state for result in found.values()] == ["complete", "unasked"]
    assert not found["igate", day("9/3")].is_late


def test_official_scores_count_as_told(small):
    scheduled(small)
    with small.store.writing() as session:
        row = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one()
        run = Run(source_id=row.id, kind="scores", status="done", received_at=at("5/3 07:00"), by="system:test")
        session.add(run)
        session.flush()
        result = {"basis": "month", "period_start": day("1/3"), "period_end": day("31/3"), "points": Decimal(80)}
        for when, revision in (("5/3", 1), ("5/3", 2)):
            session.add(
                Score(
                    unit_id=small.ids["S1"], source_id=row.id or 0, as_of=day(when), revision=revision,
                    run_id=run.id or 0, **result,
                )
            )  # fmt: skip

    found = calendar(small, "5/3", "5/3", now="5/3 12:00")["igate", day("5/3")]

    assert (found.state, found.units, found.expected, found.revised) == ("complete", 1, 1, 1)


def test_source_that_the_files_no_longer_name_is_left_out(small):
    small.load(("S1", "online", "5/3", 9, 20), source="file")
    sources = tuple(source for source in small_campaign().sources if source.key != "file")
    small.found(small_files(small_campaign(sources=sources)))

    assert calendar(small, "5/3", "5/3", now="6/3 12:00") == {}


def test_unit_that_no_longer_exists_is_not_expected(small):
    scheduled(small)
    small.load(("X5", "online", "8/3", 1, 2), ("X3", "online", "8/3", 1, 2), ("X3", "online", "12/3", 1, 2))

    found = calendar(small, "8/3", "12/3", now="12/3 12:00")

    assert [(found["igate", day(one)].units, found["igate", day(one)].expected) for one in ("8/3", "12/3")] == [
        (2, 2),
        (1, 1),
    ]


def test_source_that_never_told_and_is_never_pulled_has_no_row(small):
    assert calendar(small, "5/3", "6/3", now="6/3 12:00") == {}


def test_every_state_of_a_day_is_named():
    assert get_args(DayState) == ("complete", "partial", "missing", "lost", "waiting", "unasked")
