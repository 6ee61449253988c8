"""A process that has loaded what dashboard, commands and benchmarks load, and becomes each as often as it is told to.

`python -m tests.forker` reads orders from its standard input, one a line, and answers each with the number of
the process that it has become. What is Streamlit's own or depends on a server's settings (`app`, `pages`) is loaded by
each server anew. It and its servers end when its input does, whatever became of whoever gave the orders.
"""

import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import NoReturn

PROJECT = Path(__file__).resolve().parent.parent
LOADED = (
    "altair", "apprise", "authlib", "docx", "openpyxl", "pptx", "streamlit.web.bootstrap",
    "streamlit.web.server.starlette", "typer", "uvicorn", "vl_convert", "xlsxwriter",
)  # fmt: skip
OWN = ("targets", "models", "jobs")
"""What of our own knows no screen and reads its settings only when it is asked for something."""

RUN = ("models.migrations.", "jobs.__main__", "jobs.commands")
"""What is run, not loaded."""


@dataclass(frozen=True)
class Order:
    """What `python` is to run: its words, the folder, the settings, and the files it writes into."""

    words: tuple[str, ...]
    folder: str
    environment: dict[str, str]
    out: str
    log: str


class Forker:
    """One for all servers and commands of a worker; whoever uses it ends it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.forker"],
            cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT / "tests" / "closed")},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def start(self, order: Order) -> int:
        """The number of the process that runs this."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> None:
        """Every server that is still running ends too."""
        with self._process:
            assert self._process.stdin is not None
            self._process.stdin.close()


@cache
def forker() -> Forker:
    """This process's own; `end_forker` ends it."""
    return Forker()


def end_forker() -> None:
    if forker.cache_info().currsize:
        forker().end()
        forker.cache_clear()


def run_python(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What `python WORDS` in the checkout prints and ends with, without waiting until everything is loaded."""
    command, folder = [sys.executable, *words], str(PROJECT)
    if sys.platform == "darwin":  # where a process that has loaded frameworks cannot become another
        return subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
    with tempfile.TemporaryDirectory(prefix="caodiem-run-") as place:
        out, log = (Path(place) / name for name in ("out", "log"))
        running = forker().start(Order(words, folder, environment, str(out), str(log)))
        while is_running(running):
            time.sleep(0.02)
        said, _, code = log.read_text(encoding="utf-8").rpartition("\n")
        return subprocess.CompletedProcess(command, int(code), out.read_text(encoding="utf-8"), said)


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for package in OWN:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.startswith(RUN):
                importlib.import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends is gone: nobody waits for it here
    children = []
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _become(Order(**json.loads(line)))
        children.append(child)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
    for child in children:
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            continue


def _rest(_warmth: object) -> None:
    """Works nothing out before somebody asks for it."""


def _become(order: Order) -> NoReturn:
    """What `python WORDS` does, but for the loading, and for keeping figures warm; its log ends with its exit code."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, file in ((1, order.out), (2, order.log)):
            os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
        os.chdir(order.folder)
        os.environ.clear()
        os.environ.update(order.environment)
        tempfile.tempdir = None  # where files lie is looked up anew
        first, *others = order.words
        if first == "-m":
            sys.argv = others
            runpy.run_module(others[0], run_name="__main__", alter_sys=True)
        else:
            importlib.import_module("pages.access.lifespan").Warmth.keep = _rest
            sys.argv = list(order.words)
            runpy.run_path(first, run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0 if ended.code is None else 1
    except BaseException:  # noqa: BLE001 - told in its log, and by how it ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(2, f"\n{code}".encode())
        os._exit(code)


if __name__ == "__main__":
    main()
