"""The names of those who pull: from them another process of this machine can know that an owner has died.

A name is `host:pid:born:place:mark`. `born` is when the process started, as its system counts it, and `place` stands
for this boot of this machine and its view of processes, so that a container's process 7 is never taken for the host's.
Where the system does not give them, no owner is known to be dead and the lease decides.
"""

import hashlib
import os
import secrets
import socket
from functools import lru_cache
from pathlib import Path

PROCESSES = Path("/proc")
ENDED = ("Z", "X")
"""States of a process that has ended and that nobody has asked about yet."""
_STATE, _BORN = 0, 19
"""Where they stand in a process's line, counted after its name."""


def new_owner() -> str:
    """A name of this process that nobody else has."""
    pid = os.getpid()
    line = _line_of(pid)
    born = line[_BORN] if line else ""
    return f"{socket.gethostname()}:{pid}:{born}:{_place()}:{secrets.token_hex(4)}"


def is_dead(owner: str) -> bool:
    """Whether an owner has died, as far as that can be proved from here: of this very machine, and no longer there."""
    parts = owner.split(":")
    if len(parts) != 5:
        return False
    host, pid, born, place, _ = parts
    if not (born and place) or (host, place) != (socket.gethostname(), _place()):
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass  # somebody else's process: it may be seen or not
    line = _line_of(int(pid))
    return bool(line) and (line[_BORN] != born or line[_STATE] in ENDED)


def _line_of(pid: int) -> list[str]:
    """What the system says of a process, from its state on; empty where it says nothing."""
    try:
        line = (PROCESSES / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    # Its name stands in brackets and may hold any sign.
    return line.rpartition(")")[2].split()


@lru_cache(maxsize=1)
def _place() -> str:
    """This boot of this machine, and its view of processes; empty where the system does not say."""
    try:
        boot = (PROCESSES / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        view = (PROCESSES / "self/ns/pid").stat().st_ino
    except OSError:
        return ""
    return hashlib.sha256(f"{boot} {view}".encode()).hexdigest()[:8]
