"""Being asked to end in the middle of a pull: the request ends, nothing more is begun, the day stays to be asked."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

import pytest

from jobs.fetching.values import PullFailed
from jobs.pulls import turns
from jobs.pulls.by_hand import pull_all
from models.feeds.actions import NOBODY
from tests.jobs.portals import Answer, serving
from tests.jobs.pull_world import figures, made, pulled_campaign, source
from tests.models.conftest import day

PROJECT = Path(__file__).resolve().parents[3]
SECONDS = 15.0
"""So long may a process take to end, its own start-up left out; a source is waited for much longer."""
TABLE = {
    "unit_code": "code",
    "figures": [{"indicator": "online", "numerator": "online", "denominator": "all"}],
}


def test_source_that_does_not_answer_is_not_waited_for_once_everything_is_to_stop(world):
    """Whatever a source is doing, its run is closed at once; what it says afterwards is not heard."""
    let_go, left = threading.Event(), threading.Event()

    def hang(asking):
        world.stop.set()
        assert let_go.wait(30)
        left.set()
        return figures(asking.day)

    world.teller.answers[day("8/3")] = hang

    pulled = world.pull("8/3")

    is_left = not left.is_set()
    let_go.set()
    assert left.wait(30)
    (claim,) = world.claims()
    assert is_left
    assert (pulled.status, pulled.failure) == ("failed", "interrupted")
    assert (claim.done, claim.owner, claim.lease_until) == (False, NOBODY, world.machine)
    assert world.readings() == []


def test_nothing_is_begun_once_everything_is_to_stop(world):
    world.stop.set()

    pulled = world.puller().pull("igate", day("8/3"))

    assert pulled == []
    assert world.run_count() == 0
    assert world.claims() == []


def test_pull_of_several_sources_ends_with_the_one_that_was_interrupted(tmp_path, teller):
    world = made(
        f"sqlite:///{tmp_path / 'a.db'}", tmp_path, campaign=pulled_campaign(sources=(source("igate"), source("other")))
    )
    world.teller = teller

    def stop(asking):
        world.stop.set()
        asking.tell("page", {"page": 1, "rows": 5})

    teller.answers[day("8/3")] = stop

    pulled = list(
        pull_all(world.workplace("8/3 07:00"), [], stop=world.stop, tell=lambda _: None, notice=lambda _: None)
    )

    world.store.close()
    assert [(one.source, one.failure) for one in pulled] == [("igate", "interrupted")]


def test_turn_at_a_store_that_others_hold_is_not_waited_for_once_everything_is_to_stop(world, monkeypatch):
    """The run is left open: whoever comes next sees that its process has gone."""
    monkeypatch.setattr("models.core.store.BUSY_SECONDS", 0)
    held = world.store.engine.connect()
    puller = world.puller()

    def hold(asking):
        held.exec_driver_sql("SELECT 1")  # begins at once, and keeps everybody else from writing
        world.store.engine.dispose(close=False)
        world.stop.set()
        return figures(asking.day)

    world.teller.answers[day("8/3")] = hold
    begun = monotonic()

    (pulled,) = puller.pull("igate", day("8/3"))

    held.close()
    assert monotonic() - begun < turns.PATIENCE / 2
    assert pulled.status == "running"
    assert [claim.owner for claim in world.claims()] == [puller.owner]


def test_pull_that_may_not_begin_says_that_it_was_interrupted(world, monkeypatch):
    monkeypatch.setattr("models.core.store.BUSY_SECONDS", 0)
    puller = world.puller()
    with world.store.engine.connect() as held:
        held.exec_driver_sql("SELECT 1")
        world.store.engine.dispose(close=False)
        stopping = threading.Timer(0.2, world.stop.set)
        stopping.start()

        with pytest.raises(PullFailed, match="interrupted"):
            puller.pull("igate", day("8/3"))

        stopping.join()


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
@pytest.mark.parametrize("command", ["pull", pytest.param("schedule", marks=pytest.mark.soak)])
def test_process_that_is_asked_to_end_breaks_its_request_off_and_asks_nobody_else(tmp_path, number, command):
    with serving(Answer(hangs=True)) as portal:
        result = {"address": f"{portal.address}/table.csv", "options": TABLE, "schedule": "30 6 * * *"}
        campaign = pulled_campaign(
            sources=(source("first", "http_csv", **result), source("second", "http_csv", **result))
        )
        world = made(f"sqlite:///{tmp_path / 'caodiem.db'}", tmp_path, campaign=campaign)
        process = _started(command, tmp_path)
        _until(lambda: portal.asked, process)

        begun = monotonic()
        process.send_signal(number)
        code = process.wait(SECONDS)

        asked = len(portal.asked)
    runs, claims = world.runs(), world.claims()
    world.store.close()
    assert monotonic() - begun < SECONDS
    assert code == (1 if command == "pull" else 0)
    assert asked == (1 if command == "pull" else len(runs))
    assert {(run.status, run.failure) for run in runs} == {("failed", "interrupted")}
    assert {(claim.done, claim.owner) for claim in claims} == {(False, NOBODY)}


def _started(command: str, home: Path) -> subprocess.Popen[bytes]:
    bare = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    return subprocess.Popen(
        [sys.executable, "-m", "jobs", command],
        cwd=PROJECT,
        env=bare | {"CAODIEM_HOME": str(home), "CAODIEM_NOW": "2024-03-04T07:00:00+07:00"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _until(is_so, process: subprocess.Popen[bytes]) -> None:
    """Wait for what another process does, as long as it lives."""
    waiting = threading.Event()
    while not is_so():
        assert process.poll() is None
        waiting.wait(0.05)
