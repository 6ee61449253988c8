"""The command that serves the dashboard."""

import os
import signal
import subprocess
import sys

from jobs.commands.telling import say, telling_mistakes
from jobs.desk import open_desk
from models.settings import PROJECT

LOOPBACK = "127.0.0.1"


@telling_mistakes
def serve() -> None:
    """Serve the dashboard on this machine. Ctrl-C stops it.

    It listens on loopback only: there is no sign-in yet, so nobody else may reach it.
    """
    desk = open_desk()
    desk.today()  # a store that is not ready is told here, before a server starts
    port = desk.settings.port
    say(f"Cao Điểm: http://localhost:{port}")
    say("No sign-in exists yet, so the server listens on this machine only (127.0.0.1). Ctrl-C stops it.")
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(PROJECT / "app.py"),
        f"--server.port={port}",
        f"--server.address={LOOPBACK}",
    ]
    # A process of its own: the server's start-up reads its own command line and settings file.
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ | {"CAODIEM_PORT": str(port)})
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda _number, _frame: server.terminate())
    code = server.wait()
    if code not in (0, -signal.SIGTERM, -signal.SIGINT):
        raise SystemExit(code)
