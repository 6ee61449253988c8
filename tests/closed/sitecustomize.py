"""A network that ends at this machine: no name of another is looked up, no other is reached, whoever asks.

Python loads a module of this name at its start from any folder in PYTHONPATH: the tests' servers are closed so from
their first line on, and the tests themselves by loading it. What is tried is refused and told, also where whoever asked
keeps silent about refusals.
"""

import ipaddress
import socket
import sys
from typing import Any

TRIED: list[str] = []
"""What was tried in this process, since somebody last looked."""
MARK = "outside this machine"
"""Stands in the log of a server that tried."""
LOOK_UPS = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
REACHED = ("socket.connect", "socket.sendto", "socket.sendmsg")


def _is_outside(host: Any) -> bool:
    """Whether a name or address is another machine's."""
    named = host.decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if not named or named in ("localhost", socket.gethostname()):
        return False
    try:
        address = ipaddress.ip_address(str(named).partition("%")[0])
    except ValueError:
        return True
    return not (address.is_loopback or address.is_unspecified)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in LOOK_UPS:
        result = arguments[0][0] if isinstance(arguments[0], tuple) else arguments[0]
        is_address = event == "socket.getaddrinfo" and _is_address(result)
        if is_address or not _is_outside(result):
            return
    elif event in REACHED and isinstance(arguments[-1], tuple) and arguments[-1]:
        result = arguments[-1][0]
        if not _is_outside(result):
            return
    else:
        return
    TRIED.append(f"{event} {result}")
    sys.stderr.write(f"{event}: {result} is {MARK}\n")
    raise AssertionError(f"{event}: {result} is {MARK}: tests know no machine but this one.")


def _is_address(result: Any) -> bool:
    """Whether there is nothing to look up: a number is read, and asks nobody."""
    try:
        ipaddress.ip_address(str(result).partition("%")[0])
    except ValueError:
        return False
    return True


sys.addaudithook(_watch)
