"""Each source and day is stored once: whoever is killed in the middle, and however many work at once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from jobs.pulls import heartbeat
from jobs.pulls.schedule import catch_up
from jobs.regular import settle_runs
from models.core.audit import find_break
from models.feeds.actions import NOBODY, claim_day
from models.results.kept import find_differences
from tests.jobs.crashing import PROJECT, Crashes
from tests.jobs.pull_world import FIRST, UNITS, PullWorld, Teller, figures, found
from tests.models.conftest import PreparedStores, context, day

DAY = "8/3"
POINTS = range(20)
"""So many moments of a run at which its owner is killed, spread evenly from the first to the last."""
TELLING = {
    4: "the day is being claimed",
    11: "figures are written and not committed",
    18: "all is written and nothing committed",
}
"""Points at which most could go wrong; the others are passed with `make soak`."""


@pytest.fixture(scope="module")
def crashes() -> Iterator[Crashes]:
    process = Crashes("tests.jobs.pull_crashing")
    yield process
    process.close()


def kill(crashes: Crashes, world: PullWorld, *, at: int = 0) -> str:
    """Have another process pull the day and killed at that moment; how it ended."""
    return crashes.outcome(world.url, world.home, kill_at=at)


def moment_of(world: PullWorld, point: int) -> int:
    """The moment that a point stands for; a run on PostgreSQL has fewer, as it copies rows in one go."""
    last = 100 if world.store.is_sqlite else 90
    return 1 + point * (last - 1) // POINTS[-1]


@pytest.fixture
def fresh(prepared: PreparedStores, database_url: str, tmp_path: Path, teller: Teller) -> Iterator[PullWorld]:
    """The small campaign on either engine, at the same address for who works in another process."""
    store = prepared.copy("pulled", found, to=database_url)
    yield PullWorld(database_url, tmp_path / "home", store, teller)
    store.close()


on_postgresql = pytest.mark.parametrize(
    "database_url", ["postgresql", pytest.param("sqlite", marks=pytest.mark.soak)], indirect=True
)
"""Where several processes write at once; on a file with the soak."""


@pytest.mark.soak
def test_points_of_killing_reach_from_the_first_to_the_last_moment_of_a_run(fresh, crashes):
    ended, _, moments = kill(crashes, fresh).partition(" ")

    assert ended == "ended"
    assert 0 <= int(moments) - moment_of(fresh, POINTS[-1]) <= 10


@pytest.mark.daily(1)
@pytest.mark.parametrize(
    "point", [pytest.param(point, marks=() if point in TELLING else pytest.mark.soak) for point in POINTS]
)
def test_day_of_a_killed_owner_is_completed_by_another(fresh, crashes, point):
    assert kill(crashes, fresh, at=moment_of(fresh, point)) == "killed"
    half = fresh.readings()
    fresh.wait(minutes=6)

    pulled = fresh.pull(DAY)

    assert len(half) in (0, len(UNITS))
    assert pulled.status == "done"
    assert [revision for _, _, revision, _ in fresh.readings()] == [1] * len(UNITS)
    assert fresh.days() == [(day(DAY), "done")]
    assert [(claim.done, claim.owner) for claim in fresh.claims()] == [(True, NOBODY)]
    assert len(fresh.payloads()) == 1
    with fresh.store.reading() as session:
        assert find_differences(session) == []
        assert find_break(session) is None


@on_postgresql
def test_day_of_an_owner_that_was_killed_on_this_machine_is_pulled_at_once(fresh, crashes):
    """Nobody waits for the lease of a process that has provably died here; its half run is gone on with."""
    assert kill(crashes, fresh, at=moment_of(fresh, POINTS[10])) == "killed"

    pulled = fresh.pull(DAY, by_hand=True)

    assert (pulled.status, pulled.attempts) == ("done", 2)
    assert fresh.days() == [(day(DAY), "done")]
    assert [revision for _, _, revision, _ in fresh.readings()] == [1] * len(UNITS)


@pytest.mark.soak
@on_postgresql
def test_schedule_that_starts_after_a_crash_finds_the_day_open_at_once(fresh, crashes):
    kill(crashes, fresh, at=moment_of(fresh, POINTS[10]))
    workplace = fresh.workplace(f"{DAY} 08:00")

    pulled = catch_up(workplace, fresh.puller(f"{DAY} 08:00"), "igate", machine=FIRST, stop=threading.Event(), pause=0)

    assert day(DAY) in [one.for_date for one in pulled if one.status == "done"]


@on_postgresql
def test_owner_that_gives_signs_of_life_keeps_its_claim(fresh):
    """Its lease is renewed while its source takes its time; nobody takes over, however long that is."""
    beaten = threading.Event()
    sign = heartbeat.Heartbeat._give_sign

    def result(asking):
        fresh.wait(minutes=4)
        waited.append(fresh.machine)
        asking.tell("page", {"page": 2, "rows": 5})
        assert beaten.wait(30)
        fresh.wait(minutes=4)
        others.append(fresh.pull(DAY).status)
        return figures(asking.day)

    def signed(beating, machine):
        """Only a sign that is in the store counts: its transaction is over, and it was given after the wait."""
        sign(beating, machine)
        if machine in waited:
            beaten.set()

    waited: list[datetime] = []
    others: list[str] = []
    fresh.teller.answers[day(DAY)] = result
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(heartbeat, "LOOK", 0.02)
        patch.setattr(heartbeat.Heartbeat, "_give_sign", signed)

        pulled = fresh.pull(DAY)

    assert others == ["running"]
    assert (pulled.status, pulled.attempts) == ("done", 1)


@pytest.mark.soak
@on_postgresql
def test_four_processes_pull_each_day_once(fresh):
    """Four workers on the same fifteen days, all at once."""
    command = [sys.executable, "-m", "tests.jobs.working", fresh.url, str(fresh.home), "18/3", "4"]

    workers = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False, timeout=120)

    result = [line.split() for line in workers.stdout.splitlines()]
    assert (workers.returncode, len(result)) == (0, 4)
    days = [date(2024, 3, 4) + timedelta(days=ahead) for ahead in range(15)]
    assert sorted(when for words in result for when in words) == [when.isoformat() for when in days]
    assert fresh.days() == [(run.for_date, "done") for run in fresh.runs()]
    assert sorted(when for when, _ in fresh.days()) == days
    assert {revision for _, _, revision, _ in fresh.readings()} == {1}
    assert len(fresh.readings()) == len(UNITS) * len(days)


@pytest.mark.soak
@on_postgresql
def test_half_run_of_somebody_who_asked_again_is_closed(fresh, crashes):
    """A day that is done stays done; the run that was to ask it again is said to be abandoned."""
    fresh.pull(DAY)
    with fresh.store.writing() as session:
        claim_day(
            session,
            source="igate",
            for_date=day(DAY),
            owner="elsewhere:1:a",
            machine=FIRST,
            again=True,
            context=context(),
        )
    early = settle_runs(fresh.workplace(f"{DAY} 08:00"), machine=FIRST)

    settled = settle_runs(fresh.workplace(f"{DAY} 08:00"), machine=FIRST + timedelta(minutes=6))

    assert (early, settled) == (0, 1)
    assert [(run.status, run.failure) for run in fresh.runs()] == [("done", None), ("failed", "abandoned")]
    assert [(claim.done, claim.owner) for claim in fresh.claims()] == [(True, NOBODY)]
