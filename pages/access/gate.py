"""The gate: every request and every open page passes it, as pure ASGI, before Streamlit sees anything.

It takes away identity headers that came from outside, finds out whose session the cookie is, and writes the headers
itself. Without a session only the sign-in pages, `/healthz` and what Streamlit's page needs to say “sign in” are open:
if its websocket were refused, it would try to connect for ever. That websocket then draws no figure (pages/main.py).
"""

import asyncio
import hmac
import ipaddress
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from google.protobuf.message import DecodeError  # type: ignore[import-untyped] # it publishes no types
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from models.queries.accounts import SignedIn
from models.texts import LANGUAGES
from pages.access.callers import SESSION_COOKIE, hash_of, read_cookie
from pages.access.porter import Porter, find_porter
from targets.errors import CampaignError

LOG = logging.getLogger(__name__)
MARK = "x-auth-gate"
"""Says that the gate has been passed: a server without one would otherwise look like one where nobody is signed in."""
IDENTITY = (MARK, "x-auth-session", "x-auth-user", "x-auth-role", "x-auth-units")
TRUSTED_HEADERS = {header: header.removeprefix("x-auth-") for header in IDENTITY}
"""For Streamlit's `server.trustedUserHeaders`: header → key of `st.user`."""
STREAM = "/_stcore/stream"
OPEN = frozenset({"/healthz", "/_stcore/health", "/_stcore/host-config"})
DOOR = "/auth/"
METRICS, THEIR_METRICS = "/metrics", "/_stcore/metrics"
SIGN_IN, CHANGE_PASSWORD = "/auth/login", "/auth/password"
REVOKED = 4401
"""Close code of a websocket whose session is over."""
LAST_WORDS = 1.0
"""Seconds in which the page that asks to sign in reaches the browser before the websocket is closed."""
LOOKED_EVERY = 2.0
"""Seconds between two looks at the sessions of open pages."""


class Watch:
    """Looks after the sessions of all open pages with one question every two seconds."""

    def __init__(self, porter: Callable[[], Porter]) -> None:
        self._porter = porter
        self._followed: dict[str, set[asyncio.Event]] = {}
        self._task: asyncio.Task[None] | None = None

    def follow(self, token_hash: str) -> asyncio.Event:
        """An event that is set once the session is over."""
        is_over = asyncio.Event()
        self._followed.setdefault(token_hash, set()).add(is_over)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look(), name="watch-sessions")
        return is_over

    def leave(self, token_hash: str, is_over: asyncio.Event) -> None:
        """Nobody looks at this page any more."""
        events = self._followed.get(token_hash, set())
        events.discard(is_over)
        if not events:
            self._followed.pop(token_hash, None)

    async def _look(self) -> None:
        """Ends by itself when nothing is followed."""
        while self._followed:
            await asyncio.sleep(LOOKED_EVERY)
            asked = list(self._followed)
            try:
                still_open = await anyio.to_thread.run_sync(self._porter().still_open, asked)
            except Exception:  # a store that does not answer ends nobody's session: it shows no figures either
                LOG.exception("The sessions of open pages could not be looked at")
                continue
            for token_hash in asked:
                if token_hash not in still_open:
                    for is_over in self._followed.get(token_hash, ()):
                        is_over.set()


class EndingStream:
    """A page's websocket that says the page should be drawn anew once its session is over, and ends soon after."""

    def __init__(self, receive: Receive, send: Send, is_over: asyncio.Event, noted: Callable[[], None]) -> None:
        self._receive, self._send, self._is_over, self._noted = receive, send, is_over, noted
        self._last_run = BackMsg()
        self._is_ending = False

    async def receive(self) -> Message:
        if self._is_ending:
            await asyncio.sleep(LAST_WORDS)
            await self._send({"type": "websocket.close", "code": REVOKED})
            return {"type": "websocket.disconnect", "code": REVOKED}
        message = asyncio.ensure_future(self._receive())
        end = asyncio.ensure_future(self._is_over.wait())
        _, waiting = await asyncio.wait({message, end}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if self._is_over.is_set():
            self._is_ending = True
            return {"type": "websocket.receive", "bytes": self._drawn_anew()}
        received = message.result()
        self._noted()
        self._remember(received)
        return received

    async def send(self, message: Message) -> None:
        await self._send(message)

    def _remember(self, message: Message) -> None:
        """Which page was run last, with which choices in its address."""
        try:
            told = BackMsg.FromString(message.get("bytes") or b"")
        except DecodeError:  # Streamlit will say so itself
            return
        if told.WhichOneof("type") == "rerun_script" and not told.rerun_script.fragment_id:
            self._last_run = told

    def _drawn_anew(self) -> bytes:
        """The last run again, as the browser asks for it, without anything that was typed or pressed."""
        again = BackMsg()
        again.CopyFrom(self._last_run)
        again.rerun_script.ClearField("widget_states")
        return bytes(again.SerializeToString())


class Gate:
    """ASGI middleware; with no porter named, the one of this process."""

    def __init__(self, app: ASGIApp, *, porter: Callable[[], Porter] = find_porter) -> None:
        self.app = app
        self.porter = porter
        self.watch = Watch(porter)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        token = read_cookie(connection, SESSION_COOKIE)
        signed_in = None if token is None else await self._find(token)
        passed = dict(scope, headers=_headers(scope, signed_in))
        if scope["type"] == "websocket":
            await self._pass_websocket(passed, receive, send, token, signed_in)
            return
        answer = self._refusal(connection, signed_in)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if signed_in is not None and is_page(connection.url.path):
            self._touch(signed_in)
        await self.app(passed, receive, send)

    async def _find(self, token: str) -> SignedIn | None:
        try:
            return await anyio.to_thread.run_sync(self.porter().find, token)
        except CampaignError:
            return None
        except Exception:  # a store that does not answer lets nobody in; the sign-in page says so
            LOG.exception("A session could not be looked up")
            return None

    def _refusal(self, connection: HTTPConnection, signed_in: SignedIn | None) -> Response | None:
        """What is answered instead of the page; None where the way is free."""
        path, method = connection.url.path, connection.scope["method"]
        if path in (METRICS, THEIR_METRICS):
            return None if self._may_measure(connection) else _closed()
        if path in OPEN or path.startswith(DOOR):
            return None
        if signed_in is not None and not signed_in.must_change:
            return None
        is_looking = method in ("GET", "HEAD")
        if signed_in is None and is_looking and self.porter().settings.public:
            return None
        if not is_looking or not is_page(path):
            return _closed()
        return RedirectResponse(_to_door(connection, signed_in), 303, headers={"Cache-Control": "no-store"})

    def _may_measure(self, connection: HTTPConnection) -> bool:
        """With the token; ours also from this machine itself, without a proxy's word that it was somebody else."""
        token = self.porter().settings.metrics_token.get_secret_value()
        given = connection.headers.get("authorization", "").removeprefix("Bearer ")
        if token and hmac.compare_digest(given.encode(), token.encode()):
            return True
        if connection.url.path != METRICS or "x-forwarded-for" in connection.headers:
            return False
        return connection.client is not None and _is_loopback(connection.client.host)

    async def _pass_websocket(
        self, scope: Scope, receive: Receive, send: Send, token: str | None, signed_in: SignedIn | None
    ) -> None:
        if scope["path"] != STREAM:
            await receive()
            await send({"type": "websocket.close", "code": REVOKED})
        elif token is None or signed_in is None or signed_in.must_change:
            await self.app(dict(scope, headers=_headers(scope, None)), receive, send)
        else:
            await self._guard(scope, receive, send, hash_of(token), signed_in)

    async def _guard(self, scope: Scope, receive: Receive, send: Send, token_hash: str, signed_in: SignedIn) -> None:
        """Hand a page's websocket through until its session is over; then have the page drawn anew, and close it.

        Closing alone would leave the figures standing in the browser: Streamlit's page keeps what it shows until
        somebody clicks. Drawn anew, the page asks the store who looks, and shows the way to sign in.
        """
        is_over = self.watch.follow(token_hash)
        stream = EndingStream(receive, send, is_over, lambda: self._touch(signed_in))
        try:
            await self.app(scope, stream.receive, stream.send)
        finally:
            self.watch.leave(token_hash, is_over)

    def _touch(self, signed_in: SignedIn) -> None:
        """Note a click, once a minute, beside the request: nobody waits for it."""
        if not self.porter().is_due_for_touch(signed_in.session_id):
            return

        async def touch() -> None:
            try:
                await anyio.to_thread.run_sync(self.porter().touch, signed_in)
            except Exception:  # a note that is lost ends a session early at worst
                LOG.exception("A click could not be noted")

        task = asyncio.create_task(touch(), name="touch-session")
        _TOUCHING.add(task)
        task.add_done_callback(_TOUCHING.discard)


_TOUCHING: set[asyncio.Task[None]] = set()
"""Tasks under way: the event loop itself holds them only loosely."""


def is_page(path: str) -> bool:
    """Whether a path is one that people open: `/` or one word. What has a dot or a folder is a file or a service."""
    word = path.removeprefix("/")
    return path.startswith("/") and (not word or (word.isascii() and word.isalpha() and word.islower()))


def _headers(scope: Scope, signed_in: SignedIn | None) -> list[tuple[bytes, bytes]]:
    """The request's headers without any that claim an identity, and with the one we know."""
    known = {MARK: "1"}
    if signed_in is not None:
        known |= {
            "x-auth-session": str(signed_in.session_id),
            "x-auth-user": quote(signed_in.login),
            "x-auth-role": signed_in.role,
            "x-auth-units": quote(",".join(signed_in.units)),
        }
    claimed = {name.encode() for name in IDENTITY}
    kept = [(name, value) for name, value in scope["headers"] if name.lower().replace(b"_", b"-") not in claimed]
    ours: list[tuple[bytes, bytes]] = [(name.encode(), value.encode()) for name, value in known.items()]
    return kept + ours


def _to_door(connection: HTTPConnection, signed_in: SignedIn | None) -> str:
    """The sign-in page, or the one of a password that is due, with where to go on to and in which language."""
    path, query = connection.url.path, connection.url.query
    wanted = path + (f"?{query}" if query else "")
    asked: Any = HTTPConnection(connection.scope).query_params.get("lang")
    language = f"&lang={asked}" if asked in LANGUAGES[1:] else ""
    return f"{SIGN_IN if signed_in is None else CHANGE_PASSWORD}?next={quote(wanted, safe='/')}{language}"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _closed() -> Response:
    return PlainTextResponse("", 401, headers={"Cache-Control": "no-store"})
