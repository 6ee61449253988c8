"""The gate: every request and every open page passes it, as pure ASGI, before Streamlit sees anything.

It takes away identity headers that came from outside, finds out whose session the cookie is, and writes the headers
itself. Without a session only the sign-in pages, `/healthz` and what Streamlit's page needs to say “sign in” are open:
if its websocket were refused, it would try to connect for ever. That websocket then draws no figure (pages/main.py).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import anyio.to_thread
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from models.accounts.attempts import address_key
from models.accounts.queries import SignedIn
from models.core.texts import LANGUAGES, text
from pages.access.downloads import ASKING, MEDIA, Downloads, page_of
from pages.access.open_pages import OpenPages, Watch, Whose
from pages.access.request_info import SESSION_COOKIE, address_of, hash_of, is_own_origin, may_measure, read_cookie
from pages.access.session_service import SessionService, find_session_service
from pages.access.sign_in.sheet import escaped, sheet
from pages.access.stream import (
    LARGEST_OF_STRANGERS,
    OF_STRANGERS,
    OF_VIEWERS,
    REVOKED,
    EndingStream,
    Stream,
    without_our_house,
)
from pages.access.uploads import UPLOAD, find_uploads
from pages.kit.address import language_of
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
ELSEWHERE, BUSY = 1008, 1013
"""Close codes of a websocket that another site's page opens, and of one for which there is no room."""
ONE_MOMENT = 30
"""Seconds after which a browser may ask again where the server has no room."""
FIRST_WORD, SILENCE = 20.0, 600.0
"""Seconds in which a stranger's page has to ask for something: at first, and after each message."""


RUNS, CLICKS = 1.0, 0.25
"""Seconds from one run of a stranger's page to the next: where it only says to sign in, and where all may look."""


class Gate:
    """ASGI middleware; with no session service named, the one of this process."""

    def __init__(self, app: ASGIApp, *, service: Callable[[], SessionService] = find_session_service) -> None:
        self.app = app
        self.service = service
        self.watch = Watch(service)
        self.pages = OpenPages(service)
        self.downloads, self.uploads = Downloads(), find_uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        token = read_cookie(connection, SESSION_COOKIE)
        signed_in = None if token is None else await self._find(token)
        if scope["type"] == "websocket":
            await self._pass_websocket(connection, receive, send, token, signed_in)
            return
        passed = dict(scope, headers=_headers(scope, signed_in))
        answer = self._refusal(connection, signed_in)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if signed_in is not None and is_page(connection.url.path):
            self._touch(signed_in)
        if signed_in is not None and connection.url.path.startswith(UPLOAD):
            await self.uploads.take(self.app, passed, receive, send, signed_in)
            return
        await self.app(passed, receive, send)

    async def _find(self, token: str) -> SignedIn | None:
        try:
            return await anyio.to_thread.run_sync(self.service().find, token)
        except CampaignError:
            return None
        except Exception:  # a store that does not answer lets nobody in; the sign-in page says so
            LOG.exception("A session could not be looked up")
            return None

    def _refusal(self, connection: HTTPConnection, signed_in: SignedIn | None) -> Response | None:
        """What is answered instead of the page; None where the way is free."""
        path, method = connection.url.path, connection.scope["method"]
        if path in (METRICS, THEIR_METRICS):
            is_reported = may_measure(connection, self.service().settings, with_token=path == THEIR_METRICS)
            return None if is_reported else _closed()
        if path in OPEN or path.startswith(DOOR):
            return None
        is_looking = method in ("GET", "HEAD")
        is_in = signed_in is not None and not signed_in.must_change
        if is_in or (signed_in is None and is_looking and self.service().settings.public):
            if path.startswith(MEDIA):
                return self.downloads.answer(connection, signed_in)
            is_full = is_looking and is_page(path) and not self.pages.has_room(_whose(connection, signed_in, is_in))
            return _busy(connection) if is_full else None
        if not is_looking or not is_page(path):
            return _closed()
        return RedirectResponse(_to_door(connection, signed_in), 303, headers={"Cache-Control": "no-store"})

    async def _pass_websocket(
        self, connection: HTTPConnection, receive: Receive, send: Send, token: str | None, signed_in: SignedIn | None
    ) -> None:
        """Hand a page's websocket through: whose it is, whether ours asks for it, whether there is room."""
        settings = self.service().settings
        is_in = signed_in is not None and not signed_in.must_change
        whose = _whose(connection, signed_in, is_in)
        refused = None
        if connection.scope["path"] != STREAM:
            refused = REVOKED
        elif not is_own_origin(connection, settings.public_address):
            refused = ELSEWHERE
        elif not self.pages.has_room(whose):
            refused = BUSY
        if refused is not None:
            await receive()
            await send({"type": "websocket.close", "code": refused})
            return
        # Where Origin and Host differ, Streamlit would ask a service on the internet who we are: it hears no Origin.
        scope = dict(connection.scope, headers=_headers(connection.scope, signed_in if is_in else None, but=b"origin"))
        with self.pages.opened(whose):
            if token is not None and signed_in is not None and is_in:
                ASKING.set(signed_in.session_id)
                with page_of(signed_in, self.downloads, self.uploads) as page:
                    stream = Stream(receive, send, noted=page.note, sent=page.sent)
                    await self._guard(scope, stream, hash_of(token), signed_in)
                return
            ASKING.set(None)
            with page_of(None, self.downloads, self.uploads) as page:
                stream = Stream(
                    receive,
                    send,
                    allowed=OF_VIEWERS if settings.public else OF_STRANGERS,
                    most=LARGEST_OF_STRANGERS,
                    patience=(FIRST_WORD, SILENCE),
                    pace=CLICKS if settings.public else RUNS,
                    noted=page.note,
                    sent=lambda payload: page.sent(without_our_house(payload, keeps_pages=settings.public)),
                )
                await self.app(scope, stream.receive, stream.send)

    async def _guard(self, scope: Scope, page: Stream, token_hash: str, signed_in: SignedIn) -> None:
        """Hand a page's websocket through until its session is over; then have the page drawn anew, and close it.

        Closing alone would leave the figures standing in the browser: Streamlit's page keeps what it shows until
        somebody clicks. Drawn anew, the page asks the store who looks, and shows the way to sign in.
        """
        is_over = self.watch.follow(token_hash)
        stream = EndingStream(page, is_over, lambda: self._touch(signed_in))
        try:
            await self.app(scope, stream.receive, stream.send)
        finally:
            self.watch.leave(token_hash, is_over)

    def _touch(self, signed_in: SignedIn) -> None:
        """Note a click, once a minute, beside the request: nobody waits for it."""
        if not self.service().is_due_for_touch(signed_in.session_id):
            return

        async def touch() -> None:
            try:
                await anyio.to_thread.run_sync(self.service().touch, signed_in)
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


def _headers(scope: Scope, signed_in: SignedIn | None, *, but: bytes = b"") -> list[tuple[bytes, bytes]]:
    """The request's headers without any that claim an identity nor the one named, and with the identity we know."""
    known = {MARK: "1"}
    if signed_in is not None:
        known |= {
            "x-auth-session": str(signed_in.session_id),
            "x-auth-user": quote(signed_in.login),
            "x-auth-role": signed_in.role,
            "x-auth-units": quote(",".join(signed_in.units)),
        }
    claimed = {but, *(name.encode() for name in IDENTITY)}
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


def _whose(connection: HTTPConnection, signed_in: SignedIn | None, is_in: bool) -> Whose:
    """Under what a page of whoever asks is counted: the sign-in, or, for strangers, the address."""
    if signed_in is not None and is_in:
        return Whose(f"session:{signed_in.session_id}", is_stranger=False)
    return Whose(address_key(address_of(connection)), is_stranger=True)


def _busy(connection: HTTPConnection) -> Response:
    """A plain page instead of one whose websocket would find no room."""
    language = language_of(connection.query_params)
    body = f'<p role="alert">{escaped(text("door.busy_pages", language))}</p>'
    return sheet(
        language,
        key="busy",
        body=body,
        address=connection.url.path,
        query={name: value for name, value in connection.query_params.items() if name != "lang"},
        status=503,
        headers={"Retry-After": str(ONE_MOMENT)},
    )


def _closed() -> Response:
    return PlainTextResponse("", 401, headers={"Cache-Control": "no-store"})
