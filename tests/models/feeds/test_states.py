"""The state of each source: which word holds, and the facts beside it.

The source igate is pulled at 06:30 and may be two hours under way; the small campaign runs from Monday 4 March.
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import select

from models.feeds.states import STATES, WELL, find_feed_states
from models.tables import Run, Score, SourceRow, StoreState
from targets.values import Source
from tests.models.conftest import Small, at, day, on_each_engine, postgresql_in_soak, small_campaign, small_files

DAILY = "30 6 * * *"


def campaign(**other):
    igate, *rest = small_campaign().sources
    return small_campaign(sources=(replace(igate, **({"schedule": DAILY} | other)), *rest))


def scheduled(small: Small, *, when="1/3 09:00", **other) -> None:
    """Have igate pulled by a schedule, which the campaign's files name from `when`."""
    small.found(small_files(campaign(**other)), when=when)


def ran(small: Small, when, *, status="done", of=None, source="igate", kind="pull", **other) -> None:
    """A run that has ended; `of` is the day it asked for, that of `when` where nothing is said."""
    with small.store.writing() as session:
        row = session.exec(select(SourceRow).where(SourceRow.key == source)).one()
        day_asked = None if of == "none" else day(of or when.split()[0])
        run = Run(source_id=row.id, kind=kind, for_date=day_asked, status=status, received_at=at(when), by="x", **other)
        session.add(run)


def state_of(small: Small, when, *, source="igate", **other):
    found = small.asked(find_feed_states, now=at(when), **other)
    return next(state for state in found if state.source == source)


@on_each_engine
def test_source_that_told_its_day_is_fresh(small):
    scheduled(small)
    small.load(("S1", "online", "5/3", 9, 20), when="5/3 06:31")
    ran(small, "5/3 06:31")

    state = state_of(small, "5/3 12:31")

    assert (state.state, state.is_well, state.is_late, state.is_stale) == ("fresh", True, False, False)
    assert (state.last_good, state.age_hours, state.newest) == (at("5/3 06:31"), 6.0, day("5/3"))
    assert (state.expected_at, state.expected_day, state.next_at) == (at("5/3 06:30"), day("5/3"), at("6/3 06:30"))
    assert (state.failures, state.failure, state.failed_at, state.is_failing) == (0, None, None, False)


@pytest.mark.parametrize(
    ("now", "expected"), [("6/3 08:29", "fresh"), ("6/3 08:30", "late"), ("6/3 23:00", "late"), ("7/3 08:00", "late")]
)
def test_source_is_late_once_its_patience_is_over(small, now, expected):
    scheduled(small)
    ran(small, "5/3 06:31")

    assert state_of(small, now).state == expected


def test_patience_is_the_source_s_own(small):
    scheduled(small, late_after_minutes=10)
    ran(small, "5/3 06:31")

    assert [state_of(small, now).is_late for now in ("6/3 06:39", "6/3 06:40")] == [False, True]


def test_pull_at_night_describes_the_day_before(small):
    scheduled(small, schedule="0 2 * * *", lag_days=1)
    ran(small, "6/3 02:01", of="5/3")

    assert state_of(small, "6/3 12:00").expected_day == day("5/3")
    assert [state_of(small, now).state for now in ("6/3 12:00", "7/3 12:00")] == ["fresh", "late"]


@pytest.mark.parametrize("status", ["done", "done_with_rejects", "unchanged"])
def test_every_answer_counts_as_good(small, status):
    scheduled(small)
    ran(small, "5/3 06:31", status=status)

    assert state_of(small, "5/3 12:00").state == "fresh"


@pytest.mark.parametrize("status", ["running", "failed", "unrecoverable"])
def test_nothing_but_an_answer_keeps_a_source_from_being_late(small, status):
    scheduled(small)
    ran(small, "4/3 06:31")
    ran(small, "5/3 06:31", status=status)

    state = state_of(small, "5/3 12:00")

    assert state.state == "late"
    assert state.last_good == at("4/3 06:31")


@postgresql_in_soak
def test_source_that_failed_twice_in_a_row_is_failing_and_says_how(small):
    scheduled(small)
    ran(small, "4/3 06:31")
    ran(small, "5/3 06:31", status="failed", failure="timeout", failure_terms={"seconds": "60"})
    once = state_of(small, "5/3 07:00")
    ran(small, "5/3 06:41", status="failed", failure="refused", failure_terms={"status": "403"})

    twice = state_of(small, "5/3 07:00")

    assert (once.state, once.failures, once.failure) == ("fresh", 1, "timeout")
    assert (twice.state, twice.failures, twice.failure) == ("failing", 2, "refused")
    assert (twice.failure_terms, twice.failed_at, twice.is_failing) == ({"status": "403"}, at("5/3 06:41"), True)


def test_answer_ends_a_row_of_failures(small):
    scheduled(small)
    for minute in ("06:31", "06:41", "06:51"):
        ran(small, f"5/3 {minute}", status="failed")
    ran(small, "5/3 07:01", status="unchanged")

    assert (state_of(small, "5/3 08:00").state, state_of(small, "5/3 08:00").failures) == ("fresh", 0)


def test_file_handed_in_gives_a_figure_but_keeps_no_promise_of_the_schedule(small):
    scheduled(small)
    ran(small, "4/3 06:31")
    small.load(("S1", "online", "5/3", 9, 20), when="5/3 09:00", for_date=day("5/3"))

    state = state_of(small, "5/3 12:00")

    assert (state.state, state.last_good, state.newest) == ("late", at("5/3 09:00"), day("5/3"))


def test_targets_from_a_source_are_no_figure_of_it(small):
    scheduled(small)
    ran(small, "5/3 06:31", kind="targets", of="none")

    assert state_of(small, "5/3 12:00").state == "never"


def test_source_that_never_told_anything_says_so_and_whether_it_should_have(small):
    scheduled(small, when="4/3 09:00")

    before, after = state_of(small, "5/3 08:00"), state_of(small, "5/3 09:00")

    assert (before.state, before.is_late, before.last_good, before.age_hours, before.newest) == (
        "never",
        False,
        None,
        None,
        None,
    )
    assert (after.state, after.is_late) == ("never", True)


def test_new_schedule_owes_no_time_from_before_it_was_agreed(small):
    scheduled(small, when="6/3 12:00")

    assert state_of(small, "6/3 23:00").expected_at is None
    assert state_of(small, "7/3 09:00").expected_at == at("7/3 06:30")


def test_schedule_that_was_switched_off_in_between_owes_only_what_came_since(small):
    scheduled(small, when="1/3 09:00")
    scheduled(small, when="4/3 12:00", enabled=False)
    scheduled(small, when="6/3 12:00")

    assert state_of(small, "6/3 23:00").expected_at is None


def test_change_of_something_else_does_not_let_a_schedule_off(small):
    scheduled(small, when="1/3 09:00")
    scheduled(small, when="6/3 12:00", late_after_minutes=60)

    assert state_of(small, "6/3 13:00").expected_at == at("6/3 06:30")


def test_nothing_is_owed_for_days_before_the_campaign(small):
    scheduled(small)

    assert [state_of(small, now).is_late for now in ("3/3 12:00", "4/3 12:00")] == [False, True]


def test_figures_older_than_the_source_allows_are_stale(small):
    scheduled(small, stale_after_working_days=1)
    small.load(("S1", "online", "5/3", 9, 20), when="5/3 06:31")
    for number in (5, 6, 7):
        ran(small, f"{number}/3 06:31", status="unchanged")

    assert [state_of(small, f"{number}/3 09:00").state for number in (6, 7)] == ["fresh", "stale"]


def test_weekend_makes_no_figure_stale(small):
    scheduled(small, stale_after_working_days=1)
    small.load(("S1", "online", "8/3", 9, 20), when="8/3 06:31")
    ran(small, "11/3 06:31", status="unchanged")

    assert state_of(small, "11/3 09:00").state == "fresh"


def test_score_is_news_of_a_source_too(small):
    scheduled(small)
    ran(small, "5/3 06:31")
    with small.store.writing() as session:
        row = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one()
        run = session.exec(select(Run).where(Run.kind == "pull")).one()
        session.add(
            Score(
                unit_id=small.ids["S1"], source_id=row.id, basis="month", period_start=day("1/3"),
                period_end=day("31/3"), as_of=day("5/3"), run_id=run.id,
            )
        )  # fmt: skip

    assert state_of(small, "5/3 09:00").newest == date(2024, 3, 5)


def test_source_without_a_schedule_is_by_hand_and_still_tells_its_age(small):
    small.load(("S1", "online", "5/3", 9, 20), when="5/3 09:00")

    state = state_of(small, "15/3 09:00")

    assert (state.state, state.is_stale, state.is_late, state.next_at) == ("by_hand", True, False, None)
    assert state.age_hours == 240.0


def test_source_that_failed_when_it_was_asked_by_hand_is_no_failing_feed(small):
    for minute in ("06:31", "06:41"):
        ran(small, f"5/3 {minute}", status="failed")

    assert (state_of(small, "5/3 09:00").state, state_of(small, "5/3 09:00").is_failing) == ("by_hand", False)


@pytest.mark.parametrize("by", ["files", "switch"])
def test_source_that_is_switched_off_promises_nothing(small, by):
    scheduled(small, enabled=by != "files")
    if by == "switch":
        with small.store.writing() as session:
            row = session.exec(select(SourceRow).where(SourceRow.key == "igate")).one()
            row.enabled = False
            session.add(row)

    state = state_of(small, "5/3 12:00")

    assert (state.state, state.is_well, state.is_late, state.next_at) == ("off", True, False, None)


@pytest.mark.parametrize(("is_simulated", "expected"), [(False, "off"), (True, "never")])
def test_source_of_the_demonstration_is_off_in_a_real_store(small, is_simulated, expected):
    simulated = Source("demo", small_campaign().title, "simulated", None, schedule="*/10 * * * *")
    small.found(small_files(small_campaign(sources=(*small_campaign().sources, simulated))), when="1/3 09:00")
    with small.store.writing() as session:
        state = session.exec(select(StoreState)).one()
        state.simulated = is_simulated
        session.add(state)

    assert state_of(small, "5/3 12:00", source="demo").state == expected


def test_day_of_a_demonstration_that_names_no_day_counts_for_the_day_it_arrived(small):
    scheduled(small)
    ran(small, "5/3 18:00", kind="demonstration", of="none")

    assert [state_of(small, now).state for now in ("5/3 18:00", "6/3 09:00")] == ["fresh", "late"]


def test_folder_that_is_watched_is_never_late(small):
    scheduled(small, schedule="*/10 * * * *")
    ran(small, "4/3 10:00")

    state = state_of(small, "6/3 09:00", watched={"igate"})

    assert (state.state, state.is_late, state.expected_at, state.next_at) == ("fresh", False, None, at("6/3 09:00"))


def test_states_are_told_in_the_order_of_the_campaign_s_files(small):
    found = small.asked(find_feed_states, now=at("5/3 12:00"))

    assert [state.source for state in found] == ["igate", "file", "monthly"]
    assert {state.state for state in found} == {"by_hand"}
    assert set(STATES) > WELL
