"""The scheduler: what it plans, what each time brings, and how it ends."""

import signal
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from jobs.fetching.values import ReportedFile, SourceAnswer
from jobs.pulls.schedule import Schedule
from jobs.regular import Regular
from models.campaign.actions import found_campaign
from models.core.clock import machine_now
from models.core.state import find_state
from models.core.store import Store
from models.tables import StoreState
from tests.jobs.pull_world import PullWorld, figures, found, made, pulled_campaign, source
from tests.models.conftest import at, context, day, small_files

PROJECT = Path(__file__).resolve().parents[3]
MORE = (
    source("igate"),
    source("file", "file", schedule=None),
    source("drop", "watcher", schedule="*/5 * * * *"),
    source("rehearsed", "rehearsing", schedule="*/10 * * * *"),
    source("by-hand", schedule=None),
    source("off", enabled=False),
)


@pytest.fixture
def several(prepared, tmp_path, teller):
    """Sources of every cadence, in a demonstration that has told its days up to 7 March."""
    url = f"sqlite:///{tmp_path / 'caodiem.db'}"
    store = prepared.copy("several", _found_several, to=url)
    yield PullWorld(url, tmp_path / "home", store, teller)
    store.close()


def _found_several(store: Store) -> None:
    found(store, pulled_campaign(sources=MORE))
    with store.writing() as session:
        state = session.get(StoreState, 1)
        state.simulated, state.rehearsal_now = True, at("7/3 18:00")


def schedule_of(world: PullWorld, now: str, **other) -> Schedule:
    return Schedule(world.workplace(now), machine=lambda: world.machine, **({"regular": (), "pause": 0} | other))


def sources_planned(schedule: Schedule) -> set[str]:
    return {key for key in schedule.planned() if key.startswith("pull ")}


def test_schedule_plans_every_source_that_is_switched_on_and_has_times(several):
    schedule = schedule_of(several, "8/3 07:00")

    schedule.plan()

    assert sources_planned(schedule) == {"pull igate", "pull drop", "pull rehearsed"}
    assert {key for key in schedule.planned() if key.startswith("catch up")} == {"catch up igate"}


@pytest.mark.soak
def test_schedule_of_a_real_store_asks_no_simulation(tmp_path, teller):
    world = made(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, campaign=pulled_campaign(sources=MORE))
    schedule = schedule_of(world, "8/3 07:00")

    schedule.plan()

    assert "pull rehearsed" not in schedule.planned()


def archive(store: Store, is_archived: bool) -> None:
    with store.writing() as session:
        session.get(StoreState, 1).is_archived = is_archived


def test_schedule_of_an_archived_campaign_asks_nobody_until_it_is_taken_out(several):
    schedule = schedule_of(several, "8/3 07:00")
    schedule.plan()
    archive(several.store, True)
    schedule.plan()
    planned = sources_planned(schedule)
    archive(several.store, False)
    schedule.plan()

    assert not planned
    assert sources_planned(schedule) == {"pull igate", "pull drop", "pull rehearsed"}


@pytest.mark.parametrize(("in_archive", "is_done"), [(True, True), (False, False)])
def test_archived_campaign_is_backed_up_and_otherwise_left_alone(several, in_archive, is_done):
    archive(several.store, True)
    done = threading.Event()
    work = Regular("work", done.set, every=60, in_archive=in_archive)
    schedule = schedule_of(several, "8/3 07:00", regular=[work])

    [job] = [job for job in schedule._scheduler.get_jobs() if job.id == "work"]
    job.func()

    assert done.is_set() is is_done


def test_schedule_follows_settings_that_change_without_a_restart(several):
    schedule = schedule_of(several, "8/3 07:00")
    schedule.plan()
    changed = pulled_campaign(sources=(replace(MORE[0], enabled=False), *MORE[1:4], replace(MORE[5], enabled=True)))
    several.changed(lambda session: found_campaign(session, small_files(changed), context=context("8/3 07:30")))

    schedule.plan()

    assert sources_planned(schedule) == {"pull drop", "pull rehearsed", "pull off"}
    assert "catch up igate" not in schedule.planned()


@pytest.mark.soak
def test_time_of_a_source_brings_its_day_and_all_that_is_missing(several):
    schedule = schedule_of(several, "8/3 07:00")

    pulled = schedule.pull(MORE[0])

    assert [one.for_date for one in pulled] == [day(f"{number}/3") for number in range(4, 9)]


def test_source_is_asked_by_one_job_at_a_time(several):
    schedule = schedule_of(several, "8/3 07:00")
    seen = []

    def look(asking):
        seen.append(schedule.fill("igate"))
        return figures(asking.day)

    several.teller.answers[day("4/3")] = look

    schedule.pull(MORE[0])

    assert seen == [[]]


@pytest.mark.soak
def test_time_of_a_demonstration_moves_it_on_by_one_day(several):
    schedule = schedule_of(several, "12/4 18:00")

    (pulled,) = schedule.pull(MORE[3])

    assert (pulled.for_date, pulled.status) == (day("8/3"), "done")
    with several.store.reading() as session:
        assert find_state(session).rehearsal_now == at("8/3 18:00")
    assert [run.received_at for run in several.runs()] == [at("8/3 17:30")]


@pytest.mark.soak
def test_several_schedulers_move_a_demonstration_on_by_one_day_each_time(several):
    """Both wake at ten to the hour; the second sees that this time has been served."""
    first, second = (schedule_of(several, "12/4 18:00") for _ in range(2))
    first.pull(MORE[3])

    (waiting,) = second.pull(MORE[3])
    several.wait(minutes=10)
    (later,) = second.pull(MORE[3])

    assert (waiting.status, waiting.is_new) == ("waiting", False)
    assert (later.for_date, later.status) == (day("9/3"), "done")


def test_time_of_a_folder_takes_in_what_lies_there(several, tmp_path):
    (tmp_path / "a.csv").write_text("Đơn vị,Chỉ số,Ngày,Tử số,Mẫu số\nS1,online,07/03/2024,3,4\n", encoding="utf-8")
    settled = []
    file = ReportedFile(tmp_path / "a.csv", "readings", settled.append, source="file")
    several.teller.answers[day("8/3")] = SourceAnswer(files=(file,))

    (pulled,) = schedule_of(several, "8/3 07:00").pull(MORE[2])

    assert (pulled.status, pulled.file, pulled.accepted) == ("done", "a.csv", 1)
    assert settled == [True]


@pytest.mark.soak
def test_job_that_stumbles_is_logged_and_its_next_time_comes(several, caplog):
    done = threading.Event()
    turns = iter([ValueError("no such thing"), None])

    def work():
        problem = next(turns, None)
        if problem is not None:
            raise problem
        done.set()

    several.machine = machine_now()
    schedule = schedule_of(several, "8/3 07:00", regular=[Regular("look", work, every=1)])

    with running(schedule):
        assert done.wait(30)

    assert "no such thing" in caplog.text


def test_daily_work_is_planned_at_its_hour_in_vietnam(several):
    several.machine, started = machine_now(), threading.Event()
    regular = [Regular("tidy", lambda: None, at=time(3, 40)), Regular("look", started.set, every=60)]
    schedule = schedule_of(several, "8/3 07:00", regular=regular)

    with running(schedule):
        assert started.wait(30)
        planned = schedule.planned()["tidy"]

    assert planned.strftime("%H:%M %z") == "03:40 +0700"


def test_stopping_waits_for_a_run_and_then_lets_go_of_it(several):
    asked, let_go = threading.Event(), threading.Event()

    def hang(asking):
        asked.set()
        assert let_go.wait(30)
        return figures(asking.day)

    several.machine = machine_now()
    several.teller.answers[day("4/3")] = hang
    schedule = schedule_of(several, "8/3 07:00", patience=0.2)
    with running(schedule):
        assert asked.wait(30)
    let_go.set()

    assert [(run.status, run.failure) for run in several.runs(source="igate")] == [("failed", "interrupted")]
    assert several.readings() == []


class running:  # noqa: N801 - reads as a word of the test
    """A schedule in a thread of its own, stopped at the end."""

    def __init__(self, schedule: Schedule) -> None:
        self._schedule = schedule
        self._thread = threading.Thread(target=schedule.run)

    def __enter__(self) -> Schedule:
        self._thread.start()
        return self._schedule

    def __exit__(self, *_: object) -> None:
        self._schedule.stop()
        self._thread.join(60)
        assert not self._thread.is_alive()


@pytest.mark.soak
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
def test_command_ends_cleanly_when_it_is_asked_to(home, number):
    process = subprocess.Popen(
        [sys.executable, "-m", "jobs", "schedule"], cwd=PROJECT, stderr=subprocess.PIPE, text=True
    )
    with process:
        overdue = threading.Timer(120, process.kill)
        overdue.start()
        lines = []
        for line in process.stderr:
            lines.append(line)
            if "started" in line:
                process.send_signal(number)
        code = process.wait(60)
        overdue.cancel()

    assert code == 0
    assert "INFO jobs.pulls.schedule: stopped" in lines[-1]
    assert "sources=drop,demonstration" in "".join(lines)


def test_command_refuses_a_store_of_another_version(home, run):
    store = Store(f"sqlite:///{home / 'caodiem.db'}")
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    store.close()

    for command in ("schedule", "serve", "standing", "pull"):
        result = run(command)

        assert result.exit_code == 1
        assert "version 0001" in result.stderr


def test_days_at_the_edge_of_midnight_belong_to_the_time_of_their_schedule(several):
    """A pull at midnight that starts late is about the day its time belongs to: days are owed, not looked up."""
    late = source("igate", schedule="0 0 * * *", lag_days=1)
    changed = pulled_campaign(sources=(late, *MORE[1:]))
    several.changed(lambda session: found_campaign(session, small_files(changed), context=context("8/3 07:30")))

    pulled = schedule_of(several, "6/3 00:00").fill("igate")

    assert [one.for_date for one in pulled] == [day("4/3"), day("5/3")]
    assert timedelta(days=1) == day("6/3") - pulled[-1].for_date
