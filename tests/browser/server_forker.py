"""A process that has loaded what every server of the dashboard loads, and becomes a server as often as it is told to.

`python -m tests.browser.server_forker` reads orders from its standard input, one a line, and answers each with the
number of the process that it has become. What is Streamlit's own or depends on a server's settings (`app`, `pages`) is
loaded by each server anew. It and its servers end when its input does, whatever became of whoever gave the orders.
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
import traceback
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn

PROJECT = Path(__file__).resolve().parent.parent.parent
LOADED = (
    "altair", "apprise", "authlib", "docx", "openpyxl", "pptx", "streamlit.web.bootstrap",
    "streamlit.web.server.starlette", "uvicorn", "vl_convert", "xlsxwriter",
)  # fmt: skip
OWN = ("targets", "models", "jobs")
"""What of our own knows no screen and reads its settings only when it is asked for something."""

RUN = ("models.migrations.", "jobs.__main__", "jobs.commands")
"""What is run, not loaded."""


@dataclass(frozen=True)
class Order:
    """A server: where it is to be run, with which settings, and the file it writes into."""

    folder: str
    environment: dict[str, str]
    log: str


class ServerForker:
    """One for all servers of a worker; whoever uses it ends it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.server_forker"],
            cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT / "tests" / "closed")},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def start(self, order: Order) -> int:
        """The number of the process that has become this server."""
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
            _become_server(Order(**json.loads(line)))
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


def _become_server(order: Order) -> NoReturn:
    """What `python app.py` does, but for the loading, and for keeping figures warm."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(order.folder)
        os.environ.clear()
        os.environ.update(order.environment)
        tempfile.tempdir = None  # where files lie is looked up anew
        importlib.import_module("pages.access.lifespan").Warmth.keep = _rest
        sys.argv = [str(PROJECT / "app.py")]
        runpy.run_path(sys.argv[0], run_name="__main__")
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - told in its log, and by how it ends
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main()
