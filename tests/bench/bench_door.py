"""The front door: a name that exists must not answer sooner or later than one that does not, a look-up is cheap, and
four hundred open pages leave a click as quick as it was.
"""

import os
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.sync.client import ClientConnection, connect

from models.accounts import passwords
from models.accounts.actions import NewAccount, create_accounts
from models.accounts.queries import find_account, find_signed_in
from models.accounts.sessions import Door
from models.core.audit import ChangeContext
from models.core.clock import machine_now
from models.core.settings import load_settings
from pages.access.open_pages import MOST_OF_A_SESSION
from pages.access.request_info import SESSION_COOKIE, hash_of
from pages.access.session_service import SessionService, Welcome
from tests.bench.bench_pages import write_store
from tests.bench.measuring import Measured, Size, compare
from tests.browser.serving import serving

ACCOUNTS = 300
PASSWORD = "bốn từ dễ nhớ"  # noqa: S105 - of the benchmark
PAGES = 400
"""How many people look at the same time: one of them clicks."""
FEWEST_BLOCKS = 20
"""Elements of an overview at least; a page that says to sign in has three."""
NOISE = 1.15
"""How far apart the ends of the quickest tenths may be: less than what a network adds by itself."""


def measure(size: Size) -> Iterator[Measured]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        write_store(home / "caodiem.db", size.province)
        os.environ["CAODIEM_HOME"] = str(home)
        service = SessionService(load_settings())
        hashed = passwords.hashed(PASSWORD)
        people = [
            NewAccount(f"known{number}", "Known", "viewer", hashed=hashed)
            for number in range(ACCOUNTS if size.is_full else 1)
        ]
        context = ChangeContext(by="system:bench", reason="bench", now=machine_now())
        with service.store.writing() as session:
            create_accounts(session, people, context=context, machine=machine_now())
        yield _known_beside_unknown(service, tries=size.times(60))
        yield _look_up(service, hashed, times=size.times(5))
        yield _click_in_a_crowd(service, home, pages=PAGES if size.is_full else 3)


def _known_beside_unknown(service: SessionService, *, tries: int) -> Measured:
    """Wrong passwords in turns, each from an address and for a name of its own, so that nobody waits."""
    seconds: dict[str, list[float]] = {"known": [], "unknown": []}
    for number in range(tries):
        for kind, times in seconds.items():
            door = Door(address=f"198.51.{number % 250}.{1 if kind == 'known' else 2}")
            started = time.perf_counter()
            service.sign_in(f"{kind}{number}", "wrong password", door)
            times.append(time.perf_counter() - started)
    known, unknown = (sorted(times)[tries // 10] for times in seconds.values())
    slower, sooner = max(known, unknown), min(known, unknown)
    return Measured(f"wrong password, {tries} each: known beside unknown name", slower, sooner, most=NOISE)


def _look_up(service: SessionService, hashed: str, *, times: int) -> Measured:
    """Whose session a cookie is, beside the argon2 hash it saves."""
    welcome = service.sign_in("known0", PASSWORD, Door(address="203.0.113.5", browser_hash="b"))
    assert isinstance(welcome, Welcome)
    token_hash = hash_of(welcome.token)

    def look() -> None:
        with service.store.reading() as session:
            find_signed_in(session, token_hash, machine=machine_now(), idle=service.settings.idle)

    return compare(
        "whose session a cookie is",
        look,
        floor=lambda: passwords.matches(hashed, PASSWORD),
        most=0.25,
        times=times,
    )


def _click_in_a_crowd(service: SessionService, home: Path, *, pages: int) -> Measured:
    """Every page is clicked once while all stand open, beside as many clicks on one page that stands alone."""
    people = [NewAccount(f"crowd{number}", "Crowd", "viewer") for number in range(1 + pages // MOST_OF_A_SESSION)]
    context = ChangeContext(by="system:bench", reason="bench", now=machine_now())
    with service.store.writing() as session:
        create_accounts(session, people, context=context, machine=machine_now())
        ids = [find_account(session, person.login).id for person in people]
    tokens = [service.open(each, Door(address="203.0.113.5"), via="password", context=context).token for each in ids]
    with serving(home) as address, ExitStack() as stack:

        def opened(number: int) -> ClientConnection:
            cookie = {"Cookie": f"{SESSION_COOKIE}={tokens[number % len(tokens)]}"}
            stream = f"ws://{urlsplit(address).netloc}/_stcore/stream"
            page = connect(stream, subprotocols=["streamlit"], additional_headers=cookie, max_size=None)  # type: ignore[list-item]
            stack.enter_context(page)
            _click(page)
            return page

        first = opened(0)
        alone = _late([_click(first) for _ in range(min(pages, 100))])
        begun = time.perf_counter()
        crowd = [first, *(opened(number) for number in range(1, pages))]
        took = time.perf_counter() - begun
        among = _late([_click(page) for page in crowd])
        with urllib.request.urlopen(f"{address}/metrics", timeout=60) as answer:  # noqa: S310 - a server of our own
            result = dict(line.split() for line in answer.read().decode().splitlines() if line.startswith("process_"))
    files, memory = float(result["process_open_fds"]), float(result["process_resident_memory_bytes"]) / 2**20
    taken = f"{files:.0f} files, {memory:.0f} MiB"
    note = f"95 of 100 clicks are quicker; {pages} pages opened in {took:.0f} s, with them the server has {taken}"
    return Measured(f"click on the overview, {pages} pages open / one page open", among, alone, most=2, note=note)


def _click(page: ClientConnection) -> float:
    """Seconds until the overview is drawn again, as after any click."""
    run = BackMsg()
    run.rerun_script.page_script_hash = calc_hash("")
    begun, blocks = time.perf_counter(), 0
    page.send(run.SerializeToString())
    while True:
        result = page.recv(timeout=60)
        assert isinstance(result, bytes)
        message = ForwardMsg.FromString(result)
        blocks += message.WhichOneof("type") in ("delta", "ref_hash")
        if message.WhichOneof("type") == "script_finished":
            assert blocks > FEWEST_BLOCKS, "nothing but the way to sign in was drawn"
            return time.perf_counter() - begun


def _late(seconds: list[float]) -> float:
    """The time that 95 of 100 stay below."""
    return sorted(seconds)[len(seconds) * 95 // 100]
