"""Claims: one owner a day, by the lease; what a crash leaves is taken over; machine time decides."""

from datetime import UTC, datetime, timedelta

import pytest

from models.feeds.actions import (
    LEASE,
    NOBODY,
    Claimed,
    ClaimLost,
    Held,
    claim_day,
    finish_claim,
    keep_claim,
    prove_claim,
    release_claim,
    settle_abandoned,
)
from models.feeds.queries import find_last_start, find_open_days, find_run, find_runs, find_settings_version
from models.tables import Run, RunClaim
from tests.models.conftest import Small, context, day, on_each_engine, postgresql_in_soak, small_campaign, small_files

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = day("8/3")


def claim(small: Small, owner: str = "a", *, when: datetime = NOW, **other):
    return small.changed(
        claim_day, source="igate", for_date=DAY, owner=owner, machine=when, context=context("8/3"), **other
    )


def finish(small: Small, claimed: Claimed, owner: str = "a", *, when: datetime = NOW) -> None:
    with small.store.writing() as session:
        row = prove_claim(session, claim_id=claimed.claim_id, owner=owner, run_id=claimed.run_id)
        run = session.get(Run, claimed.run_id)
        run.status = "done"
        finish_claim(session, row, machine=when, run=run)


def release(small: Small, claimed: Claimed, *, until: datetime) -> None:
    with small.store.writing() as session:
        row = prove_claim(session, claim_id=claimed.claim_id, owner="a", run_id=claimed.run_id)
        release_claim(session, row, machine=NOW, until=until, run_id=claimed.run_id)


def test_claim_opens_a_run_that_is_under_way(small):
    claimed = claim(small)

    run = small.asked(find_run, claimed.run_id)
    assert (run.source, run.for_date, run.status, run.attempts) == ("igate", DAY, "running", 1)
    assert run.started_machine == NOW
    assert small.asked(find_last_start, source="igate") == NOW


@on_each_engine
def test_day_that_somebody_works_on_is_held(small):
    first = claim(small)

    second = claim(small, "b", when=NOW + LEASE - timedelta(seconds=1))

    assert isinstance(second, Held)
    assert (second.is_done, second.owner, second.run_id) == (False, "a", first.run_id)


@on_each_engine
def test_day_of_an_owner_that_gave_no_sign_is_taken_over_with_its_half_run(small):
    first = claim(small)

    second = claim(small, "b", when=NOW + LEASE)

    assert (second.run_id, second.attempts) == (first.run_id, 2)
    assert [(run.status, run.attempts) for run in small.asked(find_runs)] == [("running", 2)]


@postgresql_in_soak
def test_day_of_an_owner_that_is_known_to_have_died_is_taken_over_at_once(small):
    first = claim(small)

    second = claim(small, "b", when=NOW + timedelta(seconds=1), is_gone=lambda owner: owner == "a")

    assert (second.run_id, second.attempts) == (first.run_id, 2)


def test_day_that_is_left_in_peace_stays_so_whoever_has_died(small):
    first = claim(small)
    release(small, first, until=NOW + timedelta(hours=1))

    second = claim(small, "b", when=NOW, is_gone=lambda _owner: True)

    assert isinstance(second, Held)


def test_sign_of_life_renews_the_lease(small):
    first = claim(small)
    later = NOW + timedelta(minutes=4)

    is_ours = small.changed(
        keep_claim, claim_id=first.claim_id, run_id=first.run_id, owner="a", machine=later, progress={"step": "asking"}
    )

    assert is_ours
    assert isinstance(claim(small, "b", when=NOW + LEASE), Held)
    assert small.asked(find_run, first.run_id).progress == {"step": "asking"}


def test_sign_of_life_of_somebody_else_is_none(small):
    first = claim(small)

    is_ours = small.changed(
        keep_claim, claim_id=first.claim_id, run_id=first.run_id, owner="b", machine=NOW, progress=None
    )

    assert not is_ours


@pytest.mark.parametrize("claim_id", [None, 999])
def test_claim_that_is_not_ours_cannot_be_proved(small, claim_id):
    first = claim(small)

    with small.store.writing() as session, pytest.raises(ClaimLost):
        prove_claim(session, claim_id=claim_id or first.claim_id, owner="b", run_id=first.run_id)


def test_day_that_is_done_is_claimed_only_on_purpose(small):
    finish(small, claim(small))

    held, again = claim(small, "b"), claim(small, "b", again=True)

    assert held.is_done
    assert again.attempts == 1
    assert [run.status for run in small.asked(find_runs)] == ["running", "done"]


def test_day_left_in_peace_is_claimed_by_hand_or_when_its_time_has_come(small):
    release(small, claim(small), until=NOW + timedelta(hours=1))

    early = claim(small, "b", when=NOW + timedelta(minutes=59))
    by_hand = claim(small, "b", when=NOW + timedelta(minutes=59), by_hand=True)

    assert isinstance(early, Held)
    assert by_hand.attempts == 2


def test_claim_without_a_run_opens_none(small):
    claimed = claim(small, opens_run=False)

    assert claimed.run_id == 0
    assert small.asked(find_runs) == []


def test_release_keeps_the_run_it_had(small):
    first = claim(small)
    with small.store.writing() as session:
        row = prove_claim(session, claim_id=first.claim_id, owner="a", run_id=first.run_id)
        release_claim(session, row, machine=NOW, until=NOW, run_id=0)

    with small.store.reading() as session:
        row = session.get(RunClaim, first.claim_id)
        assert (row.run_id, row.owner) == (first.run_id, NOBODY)


def test_half_run_of_a_done_day_is_closed_once_its_owner_has_gone(small):
    finish(small, claim(small))
    again = claim(small, "b", again=True)

    early, late = (
        small.changed(settle_abandoned, machine=moment, context=context("8/3")) for moment in (NOW, NOW + LEASE)
    )

    assert (early, late) == (0, 1)
    run = small.asked(find_run, again.run_id)
    assert (run.status, run.failure, run.failure_terms) == ("failed", "abandoned", {"owner": "b"})


def test_claim_of_a_done_day_whose_run_is_closed_is_only_let_go(small):
    finish(small, claim(small))
    again = claim(small, "b", again=True)
    with small.store.writing() as session:
        session.get(Run, again.run_id).status = "unchanged"

    small.changed(settle_abandoned, machine=NOW + LEASE, context=context("8/3"))

    assert small.asked(find_run, again.run_id).status == "unchanged"
    assert isinstance(claim(small, "c"), Held)


def test_open_days_are_those_nobody_has_done_holds_or_puts_off(small):
    finish(small, claim(small))
    owed = {"igate": [day("7/3"), DAY, day("9/3")], "file": [DAY]}
    small.changed(claim_day, source="igate", for_date=day("9/3"), owner="a", machine=NOW, context=context("9/3"))

    now = small.asked(find_open_days, owed, machine=NOW)
    later = small.asked(find_open_days, owed, machine=NOW + LEASE)

    assert now == {"igate": [day("7/3")], "file": [DAY]}
    assert later == {"igate": [day("7/3"), day("9/3")], "file": [DAY]}


def test_settings_version_rises_when_the_files_change(small):
    before = small.asked(find_settings_version)

    small.found(small_files(small_campaign(small_volume=7)))

    assert small.asked(find_settings_version) > before
