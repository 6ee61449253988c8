"""Filling gaps: what a source owes after an outage, what can be had back and what cannot."""

import threading
from dataclasses import replace

import pytest

from jobs.fetching.values import PullFailed
from jobs.pulls.schedule import catch_up
from jobs.pulls.work import day_asked, due_days
from models.campaign.actions import found_campaign
from tests.jobs.pull_world import PullWorld, found, made, pulled_campaign, source
from tests.models.conftest import at, context, day, small_files


def fill(world: PullWorld, now: str, key: str = "igate"):
    return catch_up(world.workplace(now), world.puller(now), key, machine=world.machine, stop=world.stop, pause=0)


def test_source_owes_each_day_since_the_campaign_began_once_its_time_has_come():
    campaign = pulled_campaign()

    before, after = (due_days(campaign.sources[0], campaign, now=at(now)) for now in ("6/3 06:29", "6/3 06:30"))

    assert before == [day("4/3"), day("5/3")]
    assert after == [day("4/3"), day("5/3"), day("6/3")]


def test_source_that_tells_of_yesterday_owes_a_day_less():
    campaign = pulled_campaign()
    late = source("igate", schedule="0 2 * * *", lag_days=1)

    owed = due_days(late, campaign, now=at("6/3 07:00"))

    assert owed == [day("4/3"), day("5/3")]
    assert day_asked(late, at("6/3 02:00")) == day("5/3")


def test_source_that_is_asked_weekly_owes_no_other_day():
    campaign = pulled_campaign()

    owed = due_days(source("igate", schedule="0 6 * * mon"), campaign, now=at("20/3 07:00"))

    assert owed == [day("4/3"), day("11/3"), day("18/3")]


def test_source_without_a_schedule_owes_nothing():
    campaign = pulled_campaign()

    assert due_days(source("igate", schedule=None), campaign, now=at("20/3 07:00")) == []


def test_outage_of_ten_days_is_filled_oldest_first_each_day_once(world):
    fill(world, "5/3 07:00")

    fill(world, "15/3 07:00")
    again = fill(world, "15/3 07:10")

    days = [day(f"{number}/3") for number in range(4, 16)]
    assert world.days() == [(when, "done") for when in days]
    assert world.teller.asked == days
    assert again == []
    assert {revision for _, _, revision, _ in world.readings()} == {1}


@pytest.mark.soak
def test_days_that_cannot_be_had_back_are_said_and_the_others_filled(world):
    """A source that only tells the last four days, asked after ten days of silence."""
    fill(world, "5/3 07:00")
    world.teller.recovers = lambda options, when, today: (today - when).days < 4

    fill(world, "15/3 07:00")

    lost = [day(f"{number}/3") for number in range(6, 12)]
    result = [day("4/3"), day("5/3"), *(day(f"{number}/3") for number in range(12, 16))]
    assert [when for when, status in world.days() if status == "unrecoverable"] == lost
    assert [when for when, status in world.days() if status == "done"] == result
    assert world.teller.asked == result
    assert {as_of for _, as_of, _, _ in world.readings()} == set(result)


@pytest.mark.soak
def test_days_before_a_source_was_switched_on_are_never_said_to_be_lost(tmp_path, teller):
    """Switched on in the middle of a campaign it owes what its schedule promised since; what it can still tell of
    earlier days is fetched all the same.
    """
    off = replace(source("igate"), enabled=False)
    world = made(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, campaign=pulled_campaign(sources=(off,)))
    world.teller = teller
    teller.recovers = lambda options, when, today: (today - when).days < 3
    switched_on = pulled_campaign(sources=(source("igate"),))
    world.changed(lambda session: found_campaign(session, small_files(switched_on), context=context("10/3 09:00")))

    fill(world, "10/3 12:00")
    fill(world, "16/3 12:00")

    result = world.days()
    world.store.close()
    assert [when for when, status in result if status == "done"] == [
        day(f"{number}/3") for number in (8, 9, 10, 14, 15, 16)
    ]
    assert [when for when, status in result if status == "unrecoverable"] == [
        day(f"{number}/3") for number in (11, 12, 13)
    ]


def test_source_that_fails_is_not_asked_on(world):
    world.teller.answers[day("5/3")] = PullFailed("unreachable", is_passing=True, host="portal.example")

    fill(world, "8/3 07:00")

    assert world.days() == [(day("4/3"), "done"), (day("5/3"), "failed")]


def test_source_that_is_well_again_is_filled_up_without_anybody_asking(world):
    world.teller.answers[day("5/3")] = PullFailed("unreachable", is_passing=True, host="portal.example")
    fill(world, "8/3 07:00")
    del world.teller.answers[day("5/3")]
    world.wait(minutes=6)

    fill(world, "8/3 07:06")

    assert [when for when, status in world.days() if status == "done"] == [day(f"{number}/3") for number in range(4, 9)]
    assert world.teller.asked == [day(f"{number}/3") for number in (4, 5, 5, 6, 7, 8)]


def test_filling_ends_when_everything_is_to_stop(world):
    def stop(asking):
        raise AssertionError

    world.stop.set()
    world.teller.answers[day("4/3")] = stop

    assert fill(world, "8/3 07:00") == []


def test_filling_pauses_between_two_days(world):
    paused = []

    class Stop(threading.Event):
        def wait(self, timeout=None):
            paused.append(timeout)
            return False

    catch_up(
        world.workplace("6/3 07:00"), world.puller("6/3 07:00"), "igate", machine=world.machine, stop=Stop(), pause=2.0
    )

    assert paused == [2.0, 2.0]


@pytest.mark.parametrize("key", ["drop", "rehearsed", "off", "gone"])
def test_folders_simulations_and_sources_that_are_off_owe_nothing(prepared, tmp_path, teller, key):
    store = prepared.copy("owing", found_owing, to=f"sqlite:///{tmp_path / 'a.db'}")

    assert fill(PullWorld(store.url, tmp_path, store, teller), "8/3 07:00", key) == []
    assert teller.asked == []
    store.close()


def found_owing(store):
    sources = (
        source("igate"),
        source("file", "file", schedule=None),
        source("drop", "watcher"),
        source("rehearsed", "rehearsing"),
        source("off", enabled=False),
    )
    found(store, pulled_campaign(sources=sources))
