"""A file is read in a process of its own, which may take as much time and memory as a file of its size needs. Beyond
that the process is ended and the file refused. Nothing that a file does to its reader reaches the asking process.

A process that does one thing at a time forks itself. One that does several, the server or the scheduler, must not: it
keeps a small helper (this module as a script) that has read nothing yet and forks in its stead.
"""

import atexit
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any, NoReturn

import pyarrow  # type: ignore[import-untyped] # it publishes no types

from jobs.imports.files import read_file
from jobs.imports.formats.limits import MIB, megabytes, unpacked_size
from jobs.imports.formats.xls import limit_process
from jobs.imports.problems import FileRefused
from jobs.imports.values import ImportContext, Limits, ParsedFile, Progress
from targets.errors import CampaignError

LOG = logging.getLogger(__name__)
BEGINS_WITHIN = 60.0
"""Seconds until a reader says that it has begun."""
PATIENCE = 4
"""How many times its seconds of work a reader may take by the clock: others work on the machine, too."""
LAST = ("refused", "stumbled", "too_much", "end")
"""What a reader says last."""
PROJECT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Share:
    """What reading one file may take."""

    seconds: int
    """Of a processor's work."""
    memory: int
    """Bytes beyond what the reader had before it began."""


def share_of(path: Path, limits: Limits) -> Share:
    """What a file of this size may take. The rates are several times what honest files of each format were measured to
    need; see tests/jobs/imports/test_apart.py."""
    size = unpacked_size(path) / MIB
    return Share(
        seconds=min(limits.seconds, int(20 + 3 * size)),
        memory=min(limits.memory, int(400 + 24 * size) * MIB),
    )


def read_apart(path: Path, context: ImportContext, progress: Progress | None = None) -> ParsedFile:
    """`read_file`, in a process of its own; raises what it raises, and FileRefused where its process did not survive.

    The reading ends when no more batches are taken.
    """
    if not hasattr(os, "fork"):  # pragma: no cover - systems without it have no limits of this sort either
        return read_file(path, context, progress)
    reported = _reported(path, context, progress)
    parsed: ParsedFile = next(reported)
    return replace(parsed, batches=reported)


def _reported(path: Path, context: ImportContext, progress: Progress | None) -> Iterator[Any]:
    """The file as it was understood, then its batches."""
    with closing(_Reader(path, context)) as reader:
        while True:
            sort, what = reader.answer()
            if sort == "progress":
                if progress is not None:
                    progress(*what)
            elif sort == "told":
                asked = time.monotonic()
                yield what
                # What is done with it is not the reader's time.
                reader.until += time.monotonic() - asked
            elif sort == "refused":
                raise what
            elif sort == "stumbled":
                said, trace = what
                LOG.error("The reader stumbled over %r: %s", path.name, trace)
                raise FileRefused("reader_stumbled", name=path.name, detail=said)
            elif sort == "too_much":
                raise reader.ended()
            else:
                return


class _Reader:
    """A process that reads one file, from the side of the asking process."""

    def __init__(self, path: Path, context: ImportContext) -> None:
        self._name, self._share = path.name, share_of(path, context.limits)
        self._answers, theirs = Pipe()
        self._own: int | None = None
        with theirs:
            if threading.active_count() > 1:
                HELPER.fork(theirs)
            else:
                self._own = _fork(theirs, not_theirs=self._answers)
        self.until = time.monotonic() + BEGINS_WITHIN
        self._process: int | None = None
        self._answers.send((path, context, self._share))

    def answer(self) -> tuple[str, Any]:
        """What the reader says next; raises FileRefused where it says nothing any more, or not in time."""
        try:
            if not self._answers.poll(max(0.0, self.until - time.monotonic())):
                raise self.ended()
            sort, what = self._answers.recv()
        except (EOFError, ConnectionError) as error:
            self._process = None
            LOG.warning("The reader of %r came to its end before the file did", self._name)
            raise self.ended() from error
        if sort == "begun":
            self._process, self.until = what, time.monotonic() + PATIENCE * self._share.seconds
            return self.answer()
        if sort in LAST:
            self._process = None
        return sort, what

    def ended(self) -> FileRefused:
        share = self._share
        terms = {"seconds": str(share.seconds), "memory": megabytes(share.memory)}
        return FileRefused("reading_ended", name=self._name, **terms)

    def close(self) -> None:
        """End the reader where it has not ended by itself."""
        if self._process is not None:
            os.killpg(self._process, signal.SIGKILL)
        self._answers.close()
        if self._own is not None:
            os.waitpid(self._own, 0)


# --- the process that reads -----------------------------------------------------------------------------------------


def _fork(theirs: Connection, *, not_theirs: Connection) -> int:
    """Become two; the new process reads what it is asked to, and ends."""
    with warnings.catch_warnings():
        # The numerical libraries' threads are meant; these libraries cope with a fork.
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        not_theirs.close()
        _read_and_end(theirs)
    return process


def _read_and_end(connection: Connection) -> NoReturn:
    try:
        # A group of its own: whatever reads for it (an .xls workbook) ends with it, and Ctrl-C goes to the asker.
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        path, context, share = connection.recv()
        connection.send(("begun", os.getpid()))
        # Arrow's own allocator maps a gigabyte at its first text: most of a share. For a large file the rest was then
        # too little for pandas, which does not check whether it got memory.
        pyarrow.set_memory_pool(pyarrow.system_memory_pool())
        limit_process(memory=share.memory, seconds=share.seconds)
        last = _read(connection, path, context)
        connection.send(last)
    except BaseException:  # noqa: BLE001 - the asker sees that nothing more comes; nothing of its own may run on here
        os._exit(1)
    os._exit(0)


def _read(connection: Connection, path: Path, context: ImportContext) -> tuple[str, Any]:
    """Say what the file holds; answers the last that is to be said."""
    try:
        parsed = read_file(path, context, lambda done, total: connection.send(("progress", (done, total))))
        connection.send(("told", replace(parsed, batches=iter(()))))
        for batch in parsed.batches:
            connection.send(("told", batch))
    except CampaignError as error:
        return "refused", error
    except MemoryError:
        return "too_much", None
    except ConnectionError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a library says of a file, the file is refused
        return "stumbled", (f"{type(error).__name__}: {error}", traceback.format_exc())
    return "end", None


class _Helper:
    """The process that forks in another's stead; started when it is first needed, ended with its starter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: socket.socket | None = None

    def fork(self, theirs: Connection) -> None:
        """Have a process made that reads what `theirs` asks for."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
            assert self._asks is not None  # noqa: S101  # as started
            socket.send_fds(self._asks, [b"1"], [theirs.fileno()])

    def _start(self) -> None:
        self.end()
        self._asks, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "jobs.imports.formats.isolated", str(theirs.fileno())],
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": str(PROJECT)},
            )

    def end(self) -> None:
        """Let it go; it ends by itself once no process can ask it any more."""
        if self._asks is not None:
            self._asks.close()
        if self._process is not None:
            self._process.wait()
        self._asks = self._process = None


HELPER = _Helper()
atexit.register(HELPER.end)


def help_out(asks: socket.socket) -> None:
    """Fork whenever asked to, until no process can ask any more."""
    # Those that have ended leave nothing behind.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, descriptors, _, _ = socket.recv_fds(asks, 1, 1)
        if not asked:
            return
        with Connection(descriptors[0]) as theirs:
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                asks.close()
                _read_and_end(theirs)


if __name__ == "__main__":
    help_out(socket.socket(fileno=int(sys.argv[1])))
