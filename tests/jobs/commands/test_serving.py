"""Processes beside each other: one that ends takes the others with it, and somebody who asks ends them all."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from jobs.commands.serve import run_beside

PROJECT = Path(__file__).resolve().parents[3]
LASTING = r"import os, time; os.write(1, b'up\n'); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, lambda *_: exit(0)); {LASTING}"


def commands(programs: dict[str, str]) -> dict[str, list[str]]:
    return {name: [sys.executable, "-c", program] for name, program in programs.items()}


def beside(**programs: str) -> subprocess.Popen[str]:
    """`run_beside` in a process of its own, which ends as it says."""
    script = f"""
        import os
        from jobs.commands.serve import run_beside
        raise SystemExit(int(run_beside({commands(programs)!r}, environment=dict(os.environ))))
    """
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT), "LC_ALL": "en_GB.UTF-8"},
    )


@pytest.fixture
def here(monkeypatch, capsys):
    """`run_beside` in this process; answers how it ends and what it says."""
    handled = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    yield lambda **programs: (run_beside(commands(programs), environment=dict(os.environ)), capsys.readouterr().out)
    for number, handler in handled.items():
        signal.signal(number, handler)


def test_process_that_ends_stops_the_others_and_is_named(here):
    ended, said = here(dashboard=STUBBORN, scheduler="raise SystemExit(3)")

    assert ended == 1
    assert "The scheduler has ended (exit 3), so the other was stopped too." in said


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.soak)])
def test_asking_it_to_end_ends_all_cleanly(number):
    process = beside(dashboard=STUBBORN, scheduler=STUBBORN)
    assert process.stdout is not None
    assert [process.stdout.readline().strip() for _ in range(2)] == ["up", "up"]

    process.send_signal(number)
    process.communicate(timeout=60)

    assert process.returncode == 0


def test_single_process_that_fails_is_no_clean_end(here):
    ended, said = here(dashboard="raise SystemExit(4)")

    assert (ended, "The dashboard has ended (exit 4)." in said) == (1, True)
