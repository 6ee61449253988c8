"""How guessing is slowed down without anybody being locked out: the rule, in one place.

Wrong passwords are counted for the pair of account and address, for the address, for the account, and, on a browser
where its owner has signed in before, for that browser alone:

- pair: five wrong passwords are free, then each must wait, 2 s, 4 s, … and never more than a minute;
- address: 30 are free whatever the names, then the same waits: one machine cannot try one password on every account;
- account: after 50 from anywhere it is taken to be under attack, and of each address only the first is free;
- a known browser knows only its own count: whatever others do, its owner does not wait.

An attempt during a wait is not looked at and does not lengthen it. Counts are forgotten after a day without a failure.
"""

import hashlib
import ipaddress
from datetime import datetime, timedelta

FREE = 5
FREE_UNDER_ATTACK = 1
FREE_OF_AN_ADDRESS = 30
ATTACK = 50
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(hours=24)


def wait_after(failures: int, *, free: int) -> timedelta:
    """How long the next attempt must wait after so many failures in a row."""
    if failures < free:
        return timedelta()
    doublings: int = min(failures - free, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def is_forgotten(last: datetime, now: datetime) -> bool:
    return now - last >= FORGOTTEN_AFTER


def address_key(address: str) -> str:
    """The address that failures are counted under: itself, or for IPv6 its network of 2⁶⁴ addresses."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return "address:?"
    if isinstance(known, ipaddress.IPv6Address):
        known = known.ipv4_mapped or known
    if isinstance(known, ipaddress.IPv6Address):
        return f"address:{ipaddress.ip_network((known, 64), strict=False)}"
    return f"address:{known}"


def account_key(login: str) -> str:
    """An account's count, kept also for names without an account, so that a guesser cannot tell the two apart."""
    return f"account:{_short(login)}"


def pair_key(login: str, address: str) -> str:
    return f"pair:{_short(login)}:{address_key(address)}"


def browser_key(token_hash: str, login: str) -> str:
    return f"browser:{token_hash}:{_short(login)}"


def _short(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()[:32]
