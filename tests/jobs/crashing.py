"""Being killed in the middle: a process that forks a child for each point at which somebody is to be killed.

The tests start it (`Crashes`) and write lines of words separated by tabs, the last of them a point. For each line it
forks a child that does its work (`answer_each`) and is killed by SIGKILL at the so-manyth moment of it; it answers
`killed`, `ended MOMENTS` where the child came to its end, or `failed`. Point 0 lets it live.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]


class Moments:
    """Counts the moments, and ends the process at one of them."""

    def __init__(self, point: int) -> None:
        self.point, self.count, self.is_counting = point, 0, True

    def pass_by(self, *_: Any, **__: Any) -> None:
        self.count += self.is_counting
        if self.is_counting and self.count == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def answer_each(work: Callable[..., None]) -> None:
    """Fork a child for each line, which does `work(*words, moments)`."""
    for line in sys.stdin:
        *words, point = line.rstrip("\n").split("\t")
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            moments = Moments(int(point))
            try:
                work(*words, moments)
                os.write(writing, str(moments.count).encode())
            finally:
                os._exit(0)  # none of what this process does at its end
        os.close(writing)
        result = os.read(reading, 100).decode()
        os.close(reading)
        _, status = os.waitpid(child, 0)
        is_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("killed" if is_killed else f"ended {result}" if result else "failed", flush=True)  # noqa: T201 - the answer


class Crashes:
    """The process that forks a child for each point, started once: one of the modules that call `answer_each`."""

    def __init__(self, module: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=PROJECT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
        )

    def outcome(self, *words: object, kill_at: int) -> str:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("\t".join(map(str, (*words, kill_at))) + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        assert self._process.stdout is not None
        self._process.stdout.close()
