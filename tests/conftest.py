"""What every test may ask for: an empty database on either engine, and a network closed to all but this machine."""

import asyncio
import fcntl
import gc
import importlib
import os
import pkgutil
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql

import models
import targets
from tests.closed.sitecustomize import TRIED

# The same examples on every run and machine: what fails in CI fails here. The soak takes more of them (`thorough`), and
# HYPOTHESIS_PROFILE=explore looks further.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, print_blob=True, max_examples=20)
hypothesis.settings.register_profile("thorough", hypothesis.settings.get_profile("same"), max_examples=100)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

HOMES_OF_POSTGRESQL = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
MAKING = ("--username=caodiem", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
SETTINGS = {
    "listen_addresses": "''",
    # A server that lives as long as the tests has nothing to lose in a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # Databases that live for one test are never worth tidying.
    "autovacuum": "off",
    # The zone of the province, so that an instant that forgets its own zone shows.
    "timezone": "Asia/Ho_Chi_Minh",
    # Several workers, each with commands of its own.
    "max_connections": "300",
}
TESTS = Path(__file__).parent
ONLY_READ = ("analysis", "catalogue", "results")
"""Rooms of the store that change nothing."""
CLUSTER = pytest.StashKey[Path]()
"""The folder of the one PostgreSQL cluster that all workers of a run share."""


# --- a machine that gives nothing away ------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    """No test sees the settings of the person who runs it; only the browser's place may be told."""
    # Stores made for tests are their owner's alone, as those that the program makes.
    os.umask(0o077)
    result = getattr(config, "workerinput", {}).get("cluster")
    config.stash[CLUSTER] = Path(result or tempfile.mkdtemp(prefix="caodiem-pg-"))
    for name in [name for name in os.environ if name.startswith(("CAODIEM_", "PG", "STREAMLIT_"))]:
        if name != "CAODIEM_CHROMIUM":
            del os.environ[name]


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Each worker is told where the run's cluster is, or will be."""
    node.workerinput["cluster"] = str(node.config.stash[CLUSTER])


def pytest_unconfigure(config: pytest.Config) -> None:
    """Whoever started the workers ends the cluster, when they are through with it."""
    if not hasattr(config, "workerinput"):
        _stop_cluster(config.stash[CLUSTER])


@pytest.fixture(autouse=True)
def _no_loop_of_a_browser(request: pytest.FixtureRequest) -> Iterator[None]:
    """A browser's event loop goes on in this thread as long as the worker does; tests without it may run their own."""
    loop = None if "playwright" in request.fixturenames else asyncio._get_running_loop()
    if loop is not None:
        asyncio._set_running_loop(None)
    yield
    if loop is not None:
        asyncio._set_running_loop(loop)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the linters said, which `make test` has run beside the tests, is part of its summary."""
    if "LINTERS" in os.environ:
        terminalreporter.write(Path(os.environ["LINTERS"]).read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def _closed_network() -> Iterator[None]:
    """A test fails that looks a machine up or tries to reach one but this, also where the refusal is kept silent."""
    TRIED.clear()
    yield
    assert TRIED == [], "tests know no machine but this one"


# --- which tests, and what is measured of them ----------------------------------------------------------------------


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leaves the other cases of a test that names its `daily` ones to the soak, and puts the browser's tests last.

    Once Playwright runs, its event loop stays, and others would trip over it.
    """
    times: Counter[str] = Counter()
    for item in items:
        named = item.get_closest_marker("daily")
        if named is None or not isinstance(item, pytest.Function) or item.get_closest_marker("soak"):
            continue
        test, (case,) = item.nodeid.partition("[")[0], named.args
        times[test] += 1
        is_daily = times[test] <= case if isinstance(case, int) else case in item.callspec.id.split("-")
        if not is_daily:
            item.add_marker(pytest.mark.soak)
    items.sort(key=lambda item: "browser" in item.path.parts)


def pytest_collection_finish() -> None:
    """All tests and what they import stay to the end: nobody looks through them again for what has gone."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 25, 50)


MEASURING = pytest.StashKey[Any]()
"""What measures, kept while it does not."""


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Where branches are measured, it begins with the modules that have them; collecting would take twice as long."""
    plugin = session.config.pluginmanager.getplugin("_cov")
    if plugin and plugin.cov_controller:
        for package in (models, targets):
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
                if not module.name.startswith("models.migrations"):
                    importlib.import_module(module.name)
        session.config.stash[MEASURING] = sys.gettrace()
        _measure(None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Any:
    """Branches are measured by the tests of the rules and of what changes the store alone, and on one engine."""
    if MEASURING in item.config.stash:
        _measure(item.config.stash[MEASURING] if is_gated(item) else None)
    return (yield)


def _measure(measuring: Any) -> None:
    sys.settrace(measuring)
    threading.settrace(measuring)


def is_gated(item: pytest.Item) -> bool:
    """Whether a test is one of those that have to run every branch of what decides and of what changes the store."""
    if "postgresql" in item.name:
        return False
    room = item.path.relative_to(TESTS).parts[:-1]
    return room[:1] == ("targets",) or (len(room) > 1 and room[0] == "models" and room[1] not in ONLY_READ)


# --- PostgreSQL -----------------------------------------------------------------------------------------------------


def _program(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    candidates = sorted(str(path) for home in HOMES_OF_POSTGRESQL for path in Path("/").glob(f"{home[1:]}/{name}"))
    if not candidates:
        pytest.fail(
            f"PostgreSQL's program “{name}” is not here, and half of the store's tests need it. Debian and Ubuntu: "
            "apt-get install postgresql; macOS: brew install postgresql@17. `make test` installs it where it may.",
            pytrace=False,
        )
    return candidates[-1]


def _identity() -> dict[str, Any]:
    """PostgreSQL refuses to run as root; then it runs as somebody who owns nothing else."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            person = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
    pytest.fail("PostgreSQL does not run as root, and there is no user “postgres” or “nobody”.", pytrace=False)


@pytest.fixture(scope="session")
def _cluster(pytestconfig: pytest.Config) -> Path:
    """The folder of the run's cluster, reached through a socket in it: no port, no password. Made by who asks first."""
    folder: Path = pytestconfig.stash[CLUSTER]
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "data" / "postmaster.pid").exists():
            _start_cluster(folder)
    return folder


def _start_cluster(folder: Path) -> None:
    settings = SETTINGS | {"unix_socket_directories": str(folder)}
    identity = _identity()
    if identity:
        os.chown(folder, identity["user"], identity["group"])
    data, log = str(folder / "data"), str(folder / "log")
    for command in (
        [_program("initdb"), "--pgdata", data, *MAKING],
        # pg_ctl lets the server go on by itself: it outlives the worker that asked first.
        [
            _program("pg_ctl"), "--pgdata", data, "--log", log, "--wait", "--timeout", "60",
            "--options", " ".join(f"-c {name}={value}" for name, value in settings.items()), "start",
        ],
    ):  # fmt: skip
        with (folder / "said").open("wb") as said:
            made = subprocess.run(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, check=False, **identity
            )
        if made.returncode:
            result = "\n".join(path.read_text() for path in (folder / "said", folder / "log") if path.exists())
            pytest.fail(f"PostgreSQL could not make a cluster:\n{result}", pytrace=False)


def _stop_cluster(folder: Path) -> None:
    if (folder / "data" / "postmaster.pid").exists():
        # At once, as its files go with it; a gentler stop would wait for connections still open.
        command = [_program("pg_ctl"), "--pgdata", str(folder / "data"), "--mode", "immediate", "--silent", "stop"]
        subprocess.run(command, cwd=folder, check=True, **_identity())
    shutil.rmtree(folder)


def postgresql_address(cluster: Path, name: str) -> str:
    """The SQLAlchemy URL of a database of the cluster."""
    return f"postgresql+psycopg://caodiem@/{name}?host={cluster}"


@pytest.fixture
def postgresql_url(_cluster: Path) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database that only this test knows."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(f"host={_cluster} user=caodiem dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield postgresql_address(_cluster, name)
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database's SQLAlchemy URL; the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    address: str = request.getfixturevalue("postgresql_url")
    return address
