"""The command that serves the dashboard, with the scheduler beside it."""

import os
import signal
import subprocess
import sys
import time
from ipaddress import ip_address
from typing import Annotated

import typer

from jobs.commands.telling import Exit, say, words
from jobs.workplace import further_workplaces, open_workplace
from models import migrations
from models.accounts.queries import has_accounts
from models.core.settings import PROJECT, Settings

LOOK = 0.2
"""Seconds between looks at whether both processes still run."""
PATIENCE = 30.0
"""Seconds a process is given to end by itself."""
ENDED_AS_ASKED = (0, -signal.SIGTERM, -signal.SIGINT)


def serve(
    with_schedule: Annotated[
        bool,
        typer.Option("--schedule/--no-schedule"),
    ] = True,
) -> None:
    workplace = open_workplace().at_front()
    workplace.today()  # a store that is not ready is reported here, before a server starts
    for further in further_workplaces(workplace.settings):
        migrations.check_version(further.store)
    settings = workplace.settings
    with workplace.store.reading() as session:
        is_peopled = has_accounts(session)
    say(f"Cao Điểm: http://{_shown_host(settings)}:{settings.port}")
    say("\n".join(_how_to_come_in(settings, is_peopled=is_peopled)))
    # Processes of their own: each ends by itself, and the server's settings file is Streamlit's.
    commands = {"dashboard": [sys.executable, str(PROJECT / "app.py")]}
    if with_schedule:
        commands["scheduler"] = [sys.executable, "-m", "jobs", "schedule"]
    code = run_beside(commands, environment=environment_of(settings))
    if code:
        raise typer.Exit(code)


def environment_of(settings: Settings) -> dict[str, str]:
    """The processes' environment, wherever this one's settings come from: where to listen, which proxies to believe."""
    reported = {"HOST": settings.host, "PORT": str(settings.port), "PROXY": settings.proxy}
    return os.environ | {f"CAODIEM_{name}": value for name, value in reported.items()}


def _shown_host(settings: Settings) -> str:
    """The address as a browser on this machine takes it."""
    if settings.is_of_this_machine or ip_address(settings.host).is_unspecified:
        return "localhost"
    return f"[{settings.host}]" if ":" in settings.host else settings.host


def _how_to_come_in(settings: Settings, *, is_peopled: bool) -> list[str]:
    """How one signs in, and who can reach the server at all."""
    lines = [words("command.serve.sign_in" if is_peopled else "command.serve.nobody")]
    if settings.public:
        lines.append(words("command.serve.public"))
    reach = "this_machine" if settings.is_of_this_machine else "others"
    return [*lines, words(f"command.serve.{reach}", host=settings.host)]


def run_beside(commands: dict[str, list[str]], *, environment: dict[str, str]) -> int:
    """Run processes beside each other until one ends or this one is stopped; then end the others, and say which it was.

    Answers how to end: DONE where somebody asked for it, FAILED where a process ended by itself.
    """
    is_asked = False

    def ask(_number: int, _frame: object) -> None:
        nonlocal is_asked
        is_asked = True

    # Before anything starts: being stopped in between must not leave a process behind.
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
    is_alone = len(running) == 1
    said = words(
        f"command.serve.ended_{'alone' if is_alone else 'both'}", name=words(f"command.serve.{ended}"), code=str(code)
    )
    say(said)
    return Exit.DONE if code in ENDED_AS_ASKED and is_alone else Exit.FAILED


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
