"""What breaks around a pull: the database's server, the disk, a server that drips; each is said in words."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic

import pytest
from sqlalchemy import event

from jobs.fetching.http import Manners
from jobs.pulls import turns
from jobs.pulls.run import Puller
from models.core.store import Store
from models.feeds.actions import NOBODY
from models.results.kept import find_differences
from tests.jobs.portals import Answer, serving
from tests.jobs.pull_world import UNITS, PullWorld, figures, found, made, pulled_campaign, source
from tests.models.conftest import day

SECONDS = 20.0
TABLE = {
    "unit_code": "code",
    "figures": [{"indicator": "online", "numerator": "online", "denominator": "all"}],
}


@pytest.fixture
def served(prepared, postgresql_url, tmp_path, teller):
    """The small campaign on PostgreSQL."""
    store = prepared.copy("pulled", found, to=postgresql_url)
    yield PullWorld(postgresql_url, tmp_path / "home", store, teller)
    store.close()


def broken(world: PullWorld, *, at: str) -> None:
    """Have the server end the connection once, as it does when it is stopped, before the first statement like this."""
    is_over = threading.Event()

    @event.listens_for(world.store.engine, "before_cursor_execute")
    def end(connection, cursor, statement, parameters, context, executemany):
        if at in statement and not is_over.is_set():
            is_over.set()
            _end(world)


def _end(world: PullWorld) -> None:
    """End every connection to the store but this one, as a server does that is stopped."""
    other = Store(world.url)
    with other.reading() as session:
        session.connection().exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    other.close()


@pytest.mark.soak
@pytest.mark.parametrize(
    "at", [pytest.param("INSERT INTO audit_entry", marks=pytest.mark.soak), "UPDATE run_claim SET"]
)
def test_server_that_stops_in_the_middle_of_storing_and_starts_again_costs_nothing(served, at):
    """What was begun is undone with the connection; the turn is taken again, and the day is stored once."""
    broken(served, at=at)

    pulled = served.pull("8/3")

    assert (pulled.status, pulled.accepted) == ("done", len(UNITS))
    assert [revision for _, _, revision, _ in served.readings()] == [1] * len(UNITS)
    assert [claim.owner for claim in served.claims()] == [NOBODY]
    with served.store.reading() as session:
        assert find_differences(session) == []


def test_server_that_stops_while_the_source_is_asked_costs_nothing(served):
    def tell(asking):
        _end(served)
        return figures(asking.day)

    served.teller.answers[day("8/3")] = tell

    assert served.pull("8/3").status == "done"


def test_full_disk_of_the_store_is_said_in_the_run_and_nothing_is_stored(world):
    """SQLite itself says so: it may not grow any more."""
    world.pull("7/3")
    before = world.readings()

    def grow_no_more(connection, cursor, statement, parameters, context, executemany):
        pages = connection.connection.driver_connection.execute("PRAGMA page_count").fetchone()[0]
        connection.connection.driver_connection.execute(f"PRAGMA max_page_count = {pages}")

    many = tuple(replace(one, raw={"note": "x" * 9_000}, unit_code="Z9") for one in figures(day("8/3")).figures)
    result = figures(day("8/3"))
    world.teller.answers[day("8/3")] = replace(result, figures=(*result.figures, *many))
    event.listen(world.store.engine, "before_cursor_execute", grow_no_more)

    pulled = world.pull("8/3")

    assert (pulled.status, pulled.failure) == ("failed", "store_refused")
    assert "đĩa" in pulled.says("vi")
    assert "disk is full" in pulled.says("en")
    assert [(run.status, run.failure) for run in world.runs()] == [("done", None), ("failed", "store_refused")]
    assert world.readings() == before


def test_store_that_takes_nothing_at_all_is_said_to_whoever_asked(world, monkeypatch):
    """Not even the failure can be written down: the run stays open, for whoever comes next."""
    monkeypatch.setattr(turns, "PATIENCE", 0.1)

    def refuse(asking):
        event.listen(
            world.store.engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA query_only = 1")
        )
        return figures(asking.day)

    world.teller.answers[day("8/3")] = refuse

    pulled = world.pull("8/3")

    assert (pulled.status, pulled.failure) == ("failed", "store_refused")
    assert "readonly" in pulled.says("en")
    assert [run.status for run in world.runs()] == ["running"]
    assert world.readings() == []


def test_home_that_cannot_be_written_to_is_said_in_the_run(world):
    world.home.mkdir(exist_ok=True)
    (world.home / "sources").write_text("a file where a folder should be")

    pulled = world.pull("8/3")

    assert (pulled.status, pulled.failure) == ("failed", "disk_refused")
    assert "quyền ghi" in pulled.says("vi")


def test_disk_that_fills_up_while_a_source_writes_is_said_in_the_run(world):
    def full(asking):
        raise OSError(28, "No space left on device")

    world.teller.answers[day("8/3")] = full

    pulled = world.pull("8/3")

    assert (pulled.failure, dict(pulled.failure_terms)) == ("disk_refused", {"problem": "No space left on device"})


@contextmanager
def dripping_head() -> Iterator[str]:
    """A server whose answer's head never ends, a letter at a time."""
    ended = threading.Event()
    listening = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not ended.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        ended.set()
        thread.join()
        listening.close()


@contextmanager
def dripping_body() -> Iterator[str]:
    """A server whose answer never ends, a letter at a time."""
    ended = threading.Event()

    def drip() -> Iterator[bytes]:
        while not ended.wait(0.05):
            yield b"x"

    with serving(Answer(drip())) as portal:
        yield portal.address
        ended.set()


@pytest.mark.daily(1)
@pytest.mark.parametrize("dripping", [dripping_head, dripping_body])
def test_server_that_drips_is_left_when_the_time_of_the_whole_run_is_over(tmp_path, dripping):
    with dripping() as address:
        campaign = pulled_campaign(sources=(source("slow", "http_csv", address=address, options=TABLE),))
        world = made(f"sqlite:///{tmp_path / 'a.db'}", tmp_path, campaign=campaign)
        puller = Puller(
            world.workplace("8/3 07:00"), machine=lambda: world.machine, manners=Manners(deadline=1.5, pace=0)
        )
        begun = monotonic()

        (pulled,) = puller.pull("slow", day("8/3"))

        took = monotonic() - begun
    world.store.close()
    assert (pulled.status, pulled.failure) == ("failed", "out_of_time")
    assert took < SECONDS
