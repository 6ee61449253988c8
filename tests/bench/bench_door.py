"""The front door: a name that exists must not answer sooner or later than one that does not, and a look-up is cheap."""

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from models import passwords
from models.actions.accounts import NewAccount, create_accounts
from models.actions.sessions import Door
from models.audit import Deed
from models.clock import machine_now
from models.queries.accounts import find_signed_in
from models.settings import load_settings
from pages.access.callers import hash_of
from pages.access.porter import Porter, Welcome
from tests.bench.bench_pages import write_store
from tests.bench.measuring import Measured, Size, compare

ACCOUNTS = 300
PASSWORD = "bốn từ dễ nhớ"  # noqa: S105 - of the benchmark
NOISE = 1.15
"""How far apart the ends of the quickest tenths may be: less than what a network adds by itself."""


def measure(size: Size) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        write_store(Path(folder) / "caodiem.db", size.province)
        os.environ["CAODIEM_HOME"] = folder
        porter = Porter(load_settings())
        hashed = passwords.hashed(PASSWORD)
        people = [NewAccount(f"known{number}", "Known", "viewer", hashed=hashed) for number in range(ACCOUNTS)]
        deed = Deed(by="system:bench", reason="bench", now=machine_now())
        with porter.store.writing() as session:
            create_accounts(session, people, deed=deed, machine=machine_now())
        yield _known_beside_unknown(porter, tries=size.times(60))
        yield _look_up(porter, hashed, times=size.times(5))


def _known_beside_unknown(porter: Porter, *, tries: int) -> Measured:
    """Wrong passwords in turns, each from an address and for a name of its own, so that nobody waits."""
    seconds: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(tries):
        for kind, times in seconds.items():
            door = Door(address=f"198.51.{number % 250}.{1 if kind == 'known' else 2}")
            started = time.perf_counter()
            porter.sign_in(f"{kind}{number}", "wrong password", door)
            times.append(time.perf_counter() - started)
    known, unknown = (sorted(times)[tries // 10] for times in seconds.values())
    slower, sooner = max(known, unknown), min(known, unknown)
    return Measured(f"wrong password, {tries} each: known beside unknown name", slower, sooner, most=NOISE)


def _look_up(porter: Porter, hashed: str, *, times: int) -> Measured:
    """Whose session a cookie is, beside the argon2 hash it saves."""
    welcome = porter.sign_in("known0", PASSWORD, Door(address="203.0.113.5", browser_hash="b"))
    assert isinstance(welcome, Welcome)
    token_hash = hash_of(welcome.token)

    def look() -> None:
        with porter.store.reading() as session:
            find_signed_in(session, token_hash, machine=machine_now(), idle=porter.settings.idle)

    return compare(
        "whose session a cookie is",
        look,
        floor=lambda: passwords.matches(hashed, PASSWORD),
        most=0.25,
        times=times,
    )
