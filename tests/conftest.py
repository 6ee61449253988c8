"""What every test may ask for: a PostgreSQL of its own, a store's address on either engine, and a closed network."""

import ipaddress
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from psycopg import sql

# The same examples on every run and machine: what fails in CI fails here. HYPOTHESIS_PROFILE=explore looks further.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None, print_blob=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2_000, print_blob=True)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

HOMES_OF_POSTGRESQL = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)
MAKING = ("--username=caodiem", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
SETTINGS = {
    "listen_addresses": "",
    # A server that lives as long as the tests has nothing to lose in a power cut.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    # The zone of the province, so that an instant that forgets its own zone shows.
    "timezone": "Asia/Ho_Chi_Minh",
}


# --- a machine that gives nothing away ------------------------------------------------------------------------------


def pytest_configure() -> None:
    """No test sees the settings of the person who runs it; only the browser's place may be told."""
    for name in [name for name in os.environ if name.startswith(("CAODIEM_", "PG", "STREAMLIT_"))]:
        if name != "CAODIEM_CHROMIUM":
            del os.environ[name]


@pytest.fixture(autouse=True, scope="session")
def _closed_network() -> Iterator[None]:
    """A connection to anywhere but this machine fails, naming the address."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, _only_to_this_machine(getattr(socket.socket, name)))
        yield


def _only_to_this_machine(connect: Callable[..., Any]) -> Callable[..., Any]:
    def checked(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
                self.close()
                raise AssertionError(f"A test tried to reach {host}: tests know no machine but this one.")
        return connect(self, address)

    return checked


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last: once Playwright runs, its event loop stays, and others would trip over it."""
    items.sort(key=lambda item: "browser" in item.path.parts)


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


def _wait_until_ready(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            psycopg.connect(address, connect_timeout=5).close()
            return
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}", pytrace=False)
            time.sleep(0.05)


@pytest.fixture(scope="session")
def _cluster() -> Iterator[str]:
    """A cluster of this process's own, reached through a socket in a folder of its own: no port, no password."""
    identity = _identity()
    with tempfile.TemporaryDirectory(prefix="caodiem-pg-") as folder:
        home, log = Path(folder), Path(folder) / "log"
        if identity:
            os.chown(home, identity["user"], identity["group"])
        with log.open("wb") as output:
            where: dict[str, Any] = {
                "stdin": subprocess.DEVNULL,
                "stdout": output,
                "stderr": output,
                "cwd": home,
            } | identity
            made = subprocess.run([_program("initdb"), "--pgdata", str(home / "data"), *MAKING], check=False, **where)
            if made.returncode:
                pytest.fail(f"PostgreSQL could not make a cluster:\n{log.read_text()}", pytrace=False)
            settings = SETTINGS | {"unix_socket_directories": folder}
            options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
            server = subprocess.Popen([_program("postgres"), "-D", str(home / "data"), *options], **where)
        try:
            _wait_until_ready(server, f"host={folder} user=caodiem dbname=postgres", log)
            yield folder
        finally:
            # At once, as its files go with it; SIGTERM would wait for connections still open.
            server.send_signal(signal.SIGQUIT)
            server.wait(30)


@pytest.fixture
def postgresql_url(_cluster: str) -> Iterator[str]:
    """The SQLAlchemy URL of an empty PostgreSQL database that only this test knows."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(f"host={_cluster} user=caodiem dbname=postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield f"postgresql+psycopg://caodiem@/{name}?host={_cluster}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database's SQLAlchemy URL; the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    address: str = request.getfixturevalue("postgresql_url")
    return address
