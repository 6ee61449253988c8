"""A server of the tests' own: a store, a process, a port, and a log that is read at the end."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.closed.sitecustomize import MARK
from tests.forker import PROJECT, Order, forker, is_running, run_python

LAUNCHER = PROJECT / "app.py"
HOST = "127.0.0.1"
PATIENCE = 90
"""Seconds until a server that does not answer is given up."""
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
"""Nothing that Chromium would do on its own account."""
PLACES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


class NoBrowser(Exception):
    """There is no Chromium here; the text says how to get one."""

    def __init__(self) -> None:
        super().__init__(
            "The browser's tests need a Chromium, and none is here. Debian and Ubuntu: apt-get install chromium. "
            "Elsewhere install Chromium or Google Chrome, or name one in CAODIEM_CHROMIUM. `make test` installs it "
            "where it may."
        )


def find_chromium() -> str:
    """The browser that is installed; Playwright's own download is never used."""
    for place in (os.environ.get("CAODIEM_CHROMIUM", ""), *PLACES):
        found = shutil.which(place) if place else None
        if found:
            return found
    raise NoBrowser


def settings_of(home: Path, **more: str) -> dict[str, str]:
    """The environment of a process that knows this home and no other setting, and no machine but this one."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CAODIEM_", "STREAMLIT_"))}
    return inherited | {"CAODIEM_HOME": str(home), "PYTHONPATH": str(PROJECT / "tests" / "closed")} | more


def run_job(home: Path, *words: str, code: int = 0) -> str:
    """What `python -m jobs …` prints that ends with this code; another shows what it said."""
    outcome = run_python("-m", "jobs", *words, environment=settings_of(home))
    if outcome.returncode != code:
        raise AssertionError(f"jobs {' '.join(words)} ended with {outcome.returncode}:\n{outcome.stderr}")
    return outcome.stdout


def standing_of_the_province(home: Path, code: str = "H21") -> list[dict[str, Any]]:
    """The province's rows as the command tells them."""
    rows: list[dict[str, Any]] = json.loads(run_job(home, "standing", "--unit", code, "--json"))
    return rows


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def serving(home: Path, *, expect_failure: bool = False, launcher: Path = LAUNCHER, **more: str) -> Iterator[str]:
    """Serves the dashboard of a home; yields its address. A traceback in the log fails, unless one is the point, and
    so does a look beyond this machine.
    """
    port = free_port()
    log = home.parent / f"{home.name}-{port}.log"
    address = f"http://{HOST}:{port}"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, *_words(launcher, port)],
            cwd=home.parent, env=settings_of(home, **_listening(port), **more),
            stdin=subprocess.DEVNULL, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        _wait(_alive(address, expect_failure=expect_failure), log, is_running=lambda: server.poll() is None)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait(20)
    _expect_no_traceback(log, expect_failure=expect_failure)


@contextmanager
def serving_at_once(
    home: Path, *, expect_failure: bool = False, launcher: Path = LAUNCHER, **more: str
) -> Iterator[str]:
    """As `serving`, by a process that has loaded everything already and works figures out when they are asked for.

    Loading them and working them out beforehand is most of what a server takes until its first page, and the tests
    start a dozen. That a server starts from nothing, and keeps its figures warm, is seen where `serving` is used.
    """
    if sys.platform == "darwin":  # where a process that has loaded frameworks cannot become another
        with serving(home, expect_failure=expect_failure, launcher=launcher, **more) as address:
            yield address
        return
    port = free_port()
    log = home.parent / f"{home.name}-{port}.log"
    address = f"http://{HOST}:{port}"
    environment = settings_of(home, **_listening(port), **more)
    server = forker().start(Order(_words(launcher, port), str(home.parent), environment, str(log), str(log)))
    try:
        _wait(_alive(address, expect_failure=expect_failure), log, is_running=lambda: is_running(server))
        yield address
    finally:
        _stop(server)
    _expect_no_traceback(log, expect_failure=expect_failure)


def _words(launcher: Path, port: int) -> tuple[str, ...]:
    """Ours serves itself; any other is a script of Streamlit's alone."""
    if launcher == LAUNCHER:
        return (str(launcher),)
    where = (f"--server.port={port}", f"--server.address={HOST}")
    return ("-m", "streamlit", "run", str(launcher), *where)


def _alive(address: str, *, expect_failure: bool) -> str:
    """What answers as soon as the server is what it is to be."""
    return address + ("/_stcore/health" if expect_failure else "/healthz")


def _listening(port: int) -> dict[str, str]:
    return {"CAODIEM_HOST": HOST, "CAODIEM_PORT": str(port)}


def _stop(process: int) -> None:
    """Asks a forked server to end, and ends it after 20 seconds; only what it was forked from can wait for it."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        if not is_running(process):
            return
        os.kill(process, number)
        deadline = time.monotonic() + 20
        while is_running(process) and time.monotonic() < deadline:
            time.sleep(0.02)


def _said(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""


def _expect_no_traceback(log: Path, *, expect_failure: bool) -> None:
    said = _said(log)
    assert MARK not in said, said
    assert expect_failure or "Traceback" not in said, said


def _wait(address: str, log: Path, *, is_running: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as problem:
            if not is_running() or time.monotonic() > deadline:
                raise AssertionError(f"{address}: {problem}\n{_said(log)}") from problem
            time.sleep(0.1)
