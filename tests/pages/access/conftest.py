"""The front door before a store with people in it, asked over HTTP without a server."""

import itertools
import json
import shutil
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from streamlit.proto.BackMsg_pb2 import BackMsg

from models import migrations
from models.accounts import passwords
from models.accounts.actions import NewAccount, change_own_password, create_account
from models.campaign.actions import found_campaign
from models.core.clock import machine_now
from models.core.settings import load_settings
from models.core.store import Store
from pages.access import door, gate
from pages.access.session_service import SessionService, find_session_service
from tests.models.accounts_world import CHEAP, PEOPLE, by
from tests.models.conftest import context, small_files

with warnings.catch_warnings():
    # Starlette would rather have another HTTP library beneath its client; the lock holds this one.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

PASSWORD = "bốn từ dễ nhớ"  # noqa: S105 - everybody's, in these tests
NEWCOMER = "moi"
"""Somebody whose password is a one-time one."""
Furnish = Callable[[Store], object]
"""Tells a store more; a function of a module, as what it told is kept by its name."""
REMOTE = "https://cao-diem.example"


@pytest.fixture(scope="session")
def peopled_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small campaign's store with an account of each role; copied, never changed."""
    path = tmp_path_factory.mktemp("door") / "caodiem.db"
    store = Store(f"sqlite:///{path}")
    migrations.upgrade(store)
    hashed = CHEAP.hash(PASSWORD)
    with store.writing() as session:
        found_campaign(session, small_files(), context=context("1/3 08:00"))
        for login, role, units in (*PEOPLE, (NEWCOMER, "viewer", ())):
            new = NewAccount(login, login.title(), role, units, hashed=hashed)
            create_account(session, new, context=by("system:test"), machine=machine_now())
            if login != NEWCOMER:
                change_own_password(session, hashed=hashed, context=by(login), machine=machine_now())
    _settle(store)
    return path


@pytest.fixture(scope="session")
def furnished(peopled_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Furnish], Path]:
    """The peopled store with more in it, told once for all tests that begin with the same; copied, never changed."""
    made: dict[Furnish, Path] = {}

    def furnish(more: Furnish) -> Path:
        if more not in made:
            path = tmp_path_factory.mktemp("furnished") / "caodiem.db"
            shutil.copyfile(peopled_store, path)
            store = Store(f"sqlite:///{path}")
            more(store)
            _settle(store)
            made[more] = path
        return made[more]

    return furnish


def _settle(store: Store) -> None:
    """Everything into the one file, so that it can be copied."""
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    store.close()


PLACES, TURNS = 8, itertools.count()


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where houses stand in turns: a store opened again at the same place keeps its statements compiled.

    In turns, since a click is noted beside its request and may outlive its test by a moment: see `make_house`.
    """
    return tmp_path_factory.mktemp("homes")


@dataclass
class House:
    """A front door, its store, and what lies behind it: a page that says which headers reached it."""

    home: Path
    service: SessionService
    clients: list[TestClient] = field(default_factory=list)

    @property
    def store(self) -> Store:
        return self.service.store

    def client(self, *, base: str = "http://testserver", address: str = "203.0.113.5", app: Any = None) -> TestClient:
        """A browser of its own, with its own cookies and address; at a server of its own unless one is named."""
        made = TestClient(app or self.app(), base_url=base, client=(address, 5000), follow_redirects=False)
        self.clients.append(made)
        return made

    def app(self) -> Any:
        return Starlette(
            routes=[
                *door.ROUTES,
                Route("/healthz", _echo),
                Route("/{rest:path}", _echo, methods=["GET", "POST", "PUT", "DELETE", "HEAD"]),
                WebSocketRoute("/{rest:path}", _echo_websocket),
            ],
            middleware=[Middleware(gate.Gate)],
        )

    def signed_in(self, login: str, **options: Any) -> TestClient:
        """A browser on which somebody has signed in."""
        client = self.client(**options)
        answer = sign_in(client, login)
        assert answer.status_code == 303, answer.text
        return client

    def changed(self, change: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        with self.store.writing() as session:
            return change(session, *arguments, **options)

    def asked(self, question: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        with self.store.reading() as session:
            return question(session, *arguments, **options)


def sign_in(client: TestClient, login: str, password: str = PASSWORD, **more: Any) -> Any:
    headers = more.pop("headers", {"Sec-Fetch-Site": "same-origin"})
    return client.post("/auth/login", data={"login": login, "password": password} | more, headers=headers)


async def _echo(request: Request) -> JSONResponse:
    body = await request.body()
    return JSONResponse({"headers": _identity(request), "body": len(body), "path": request.url.path})


async def _echo_websocket(websocket: WebSocket) -> None:
    await websocket.accept()
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            LEFT.append(message["code"])
            return
        run = BackMsg.FromString(message["bytes"])
        RUNS.append(run)
        if run.rerun_script.page_script_hash == WHO:
            await websocket.send_json(_identity(websocket) | {"origin": websocket.headers.get("origin")})
        else:
            await websocket.send_text("drawn")


WHO = "who"
"""A page that says who looks, as the application behind the gate is told."""


def run_of(page: str, *, typed: str = "", fragment: str = "") -> BackMsg:
    """What a browser sends when a page is to be run."""
    run = BackMsg()
    run.rerun_script.page_script_hash = page
    run.rerun_script.query_string = "indicator=online"
    run.rerun_script.fragment_id = fragment
    if typed:
        run.rerun_script.widget_states.widgets.add(id="q", string_value=typed)
    return run


def drawn(stream: Any, page: str = "gaps") -> str:
    """What is answered to somebody who opens a page."""
    stream.send_bytes(run_of(page).SerializeToString())
    answer: str = stream.receive_text()
    return answer


def who_looks(stream: Any) -> dict[str, str]:
    """The identity that reaches a page through its websocket, and the origin it hears of."""
    sent: dict[str, str] = json.loads(drawn(stream, WHO))
    return sent


LEFT: list[int] = []
"""Codes with which websockets were left, as the application behind the gate heard it."""
RUNS: list[BackMsg] = []
"""What that application was asked to draw."""


def _identity(connection: Any) -> dict[str, str]:
    return {name: value for name, value in connection.headers.items() if name.startswith("x-auth")}


@pytest.fixture
def make_house(
    peopled_store: Path,
    furnished: Callable[[Furnish], Path],
    homes: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., House]]:
    """Makes a front door with settings of one's own: make_house(PUBLIC="1"); `more` is what else its store holds."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(passwords, "_HASHER", CHEAP)
    passwords._nobody.cache_clear()
    made: list[House] = []

    def make(*, with_store: bool = True, more: Furnish | None = None, **settings: str) -> House:
        home = homes / f"home{next(TURNS) % PLACES}"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        if with_store:
            shutil.copyfile(peopled_store if more is None else furnished(more), home / "caodiem.db")
        monkeypatch.setenv("CAODIEM_HOME", str(home))
        for name, value in settings.items():
            monkeypatch.setenv(f"CAODIEM_{name}", value)
        find_session_service.cache_clear()
        house = House(home, find_session_service())
        house.store.close()  # a late click of the house before held the old file open: its reader would see no sign-in
        assert house.service.settings == load_settings()
        made.append(house)
        return house

    yield make
    for house in made:
        house.store.close()
    find_session_service.cache_clear()
    passwords._nobody.cache_clear()


@pytest.fixture
def house(make_house: Callable[..., House]) -> House:
    return make_house()
