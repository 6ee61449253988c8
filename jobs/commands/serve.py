"""The command that serves the dashboard, with the scheduler beside it."""

import os
import signal
import subprocess
import sys
import time
from typing import Annotated

import typer

from jobs.commands.telling import Exit, say, telling_mistakes
from jobs.desk import open_desk
from models.settings import PROJECT

LOOPBACK = "127.0.0.1"
LOOK = 0.2
"""Seconds between looks at whether both processes still run."""
PATIENCE = 30.0
"""Seconds a process is given to end by itself."""
ENDED_AS_ASKED = (0, -signal.SIGTERM, -signal.SIGINT)


@telling_mistakes
def serve(
    with_schedule: Annotated[
        bool,
        typer.Option("--schedule/--no-schedule", help="Pull figures at their times beside the dashboard, or do not."),
    ] = True,
) -> None:
    """Serve the dashboard on this machine, with the scheduler beside it. Ctrl-C stops both.

    It listens on loopback only: there is no sign-in yet, so nobody else may reach it.
    """
    desk = open_desk()
    desk.today()  # a store that is not ready is told here, before a server starts
    port = desk.settings.port
    say(f"Cao Điểm: http://localhost:{port}")
    say("No sign-in exists yet, so the server listens on this machine only (127.0.0.1). Ctrl-C stops it.")
    # Processes of their own: the server's start-up reads its own command line and settings file.
    commands = {"dashboard": _dashboard(port)}
    if with_schedule:
        commands["scheduler"] = [sys.executable, "-m", "jobs", "schedule"]
    code = run_beside(commands, environment=os.environ | {"CAODIEM_PORT": str(port)})
    if code:
        raise typer.Exit(code)


def _dashboard(port: int) -> list[str]:
    return [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(PROJECT / "app.py"),
        f"--server.port={port}",
        f"--server.address={LOOPBACK}",
    ]


def run_beside(commands: dict[str, list[str]], *, environment: dict[str, str]) -> int:
    """Run processes beside each other until one ends or this one is told to; then end the others, and say which it was.

    Answers how to end: DONE where somebody asked for it, FAILED where a process ended by itself.
    """
    is_asked = False

    def ask(_number: int, _frame: object) -> None:
        nonlocal is_asked
        is_asked = True

    # Before anything starts: whoever stops us in between must not leave a process behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    running = {name: subprocess.Popen(command, cwd=PROJECT, env=environment) for name, command in commands.items()}
    ended: str | None = None
    while not is_asked and ended is None:
        time.sleep(LOOK)
        ended = next((name for name, process in running.items() if process.poll() is not None), None)
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        _wait(process)
    if is_asked or ended is None:
        return Exit.DONE
    code = running[ended].returncode
    others = " and ".join(name for name in running if name != ended)
    say(f"The {ended} has ended (exit {code})" + (f", so the {others} was stopped too." if others else "."))
    return Exit.DONE if code in ENDED_AS_ASKED and not others else Exit.FAILED


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
