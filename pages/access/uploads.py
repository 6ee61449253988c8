"""Files that people hand in: on the disk as they arrive, until their page closes, and no more than there is room for.

Streamlit would keep each whole in memory, of anybody who is signed in. The gate takes a file itself and gives Streamlit
a slip in its place, a token of 43 letters; the page that finds the slip in its form gets the file for it.
"""

import os
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import IO, Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from jobs.imports.formats.limits import UPLOAD as LIMITS
from models.accounts.queries import SignedIn
from pages.access.request_info import fresh_token
from targets.permissions import TABLE, Permission

UPLOAD = "/_stcore/upload_file/"
MEGABYTE = 1024 * 1024
AROUND = MEGABYTE
"""Bytes at most that a form has around its file."""
MOST_OF_A_SESSION = 150 * MEGABYTE
MOST_IN_ALL = 600 * MEGABYTE
"""Bytes that lie here at most, of one sign-in and of all."""
LEAST = 4 * MEGABYTE
"""As so many bytes a file counts at least: it takes one of the files that the process may have open, too."""
A_MOMENT = 60
"""Seconds after which a browser may send again where there was no room."""
WITH_FILES = frozenset().union(
    *(TABLE[each] for each in (Permission.IMPORT, Permission.MANAGE_ACCOUNTS, Permission.REPORT_TASK))
)
"""Who has a page that takes a file: figures, lists of people, and what shows that a task is done."""
_PLACE = re.compile(rf"{UPLOAD}(?P<page>[\w-]+)/(?P<file>[\w-]+)", re.ASCII)
_ENDING = re.compile(r"\.\w{1,8}", re.ASCII)


@dataclass(frozen=True)
class Held:
    """A file that lies here: whose it is, what its page calls it, and as how many bytes it counts."""

    session: int | None
    place: tuple[str, str]
    name: str
    file: IO[bytes]
    counted: int


class Uploads:
    """The files that lie here. What comes in does so on the event loop; pages open files from threads of theirs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, Held] = {}
        self._coming: Counter[int | None] = Counter()
        self._pages: dict[str, int] = {}
        self._sockets: Counter[str] = Counter()

    # --- what the gate asks -----------------------------------------------------------------------------------------

    def open_page(self, page: str, session: int) -> None:
        """A page of a sign-in stands: files for it may come, for as long as one of its websockets is open."""
        self._pages[page] = session
        self._sockets[page] += 1

    def close_page(self, page: str) -> None:
        """Its websocket has ended; with the last one, its files go."""
        self._sockets[page] -= 1
        if self._sockets[page] <= 0:
            del self._sockets[page], self._pages[page]
            self._drop(lambda held: held.place[0] == page)

    async def take(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, signed_in: SignedIn) -> None:
        """Take what is sent to one of Streamlit's addresses for files, or answer why not."""
        place = _PLACE.fullmatch(scope["path"])
        if signed_in.role not in WITH_FILES:
            await _refusal(403)(scope, receive, send)
        elif place is None or self._pages.get(place["page"]) != signed_in.session_id:
            await _refusal(404)(scope, receive, send)
        elif scope["method"] != "PUT":
            if scope["method"] == "DELETE":
                self._drop(lambda held: held.place == place.groups())
            await app(scope, receive, send)
        else:
            await self._put(app, scope, receive, send, (signed_in.session_id, place["page"], place["file"]))

    async def _put(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, whose: tuple[int, str, str]) -> None:
        session, page, file_id = whose
        request = Request(scope, receive)
        length = request.headers.get("content-length", "")
        if not length.isdecimal():
            await _refusal(411)(scope, receive, send)
            return
        if int(length) > LIMITS.size + AROUND:
            await _refusal(413)(scope, receive, send)
            return
        counted = max(int(length), LEAST)
        with self._room(session, counted) as has_room:
            if not has_room:
                await _refusal(429)(scope, receive, send)
                return
            try:
                form = await Request(scope, _no_more_than(int(length), receive)).form(max_files=1, max_fields=0)
                [upload] = [value for value in form.values() if isinstance(value, UploadFile)]
            except ClientDisconnect:
                return
            except (MultiPartException, HTTPException, ValueError, TooMuch):
                await _refusal(400)(scope, receive, send)
                return
            if page not in self._pages:  # it was closed meanwhile
                upload.file.close()
                return
            self._drop(lambda held: held.place == (page, file_id))
            slip = self.hold(
                upload.file, upload.filename or "", session=session, place=(page, file_id), counted=counted
            )
        if not await _hand_on(app, scope, send, slip, upload.filename or ""):
            self.let_go(slip.encode(), session)

    @contextmanager
    def _room(self, session: int, counted: int) -> Iterator[bool]:
        """Whether there is room for so many bytes more; it is kept for as long as this lasts."""
        with self._lock:
            theirs = sum(held.counted for held in self._held.values() if held.session == session)
            in_all = sum(held.counted for held in self._held.values()) + self._coming.total()
            has_room = theirs + self._coming[session] + counted <= MOST_OF_A_SESSION and in_all + counted <= MOST_IN_ALL
            self._coming[session] += counted * has_room
        try:
            yield has_room
        finally:
            with self._lock:
                self._coming[session] -= counted * has_room
                if not self._coming[session]:
                    del self._coming[session]

    # --- what pages ask ---------------------------------------------------------------------------------------------

    def hold(
        self, file: IO[bytes], name: str, *, session: int | None, place: tuple[str, str], counted: int = LEAST
    ) -> str:
        """Let a file lie here; answers the slip for it."""
        slip = fresh_token()
        with self._lock:
            self._held[slip] = Held(session, place, name, file, counted)
        return slip

    def open(self, slip: bytes, session: int | None) -> tuple[str, IO[bytes]] | None:
        """The file for a slip, as its sender called it and from its beginning; None where it lies here no longer."""
        with self._lock:
            held = self._held.get(_read(slip))
            if held is None or held.session != session:
                return None
            # A descriptor of its own: the file may be let go of while it is read.
            opened = os.fdopen(os.dup(held.file.fileno()), "rb")
        opened.seek(0)
        return held.name, opened

    def let_go(self, slip: bytes, session: int | None) -> None:
        """The file is needed no more."""
        held = self._held.get(_read(slip))
        if held is not None and held.session == session:
            self._drop(lambda each: each is held)

    def _drop(self, is_meant: Callable[[Held], bool]) -> None:
        with self._lock:
            for slip, held in list(self._held.items()):
                if is_meant(held):
                    del self._held[slip]
                    held.file.close()


def _read(slip: bytes) -> str:
    return slip.decode("ascii", "replace")


class TooMuch(Exception):
    """More comes than was said."""


def _no_more_than(most: int, receive: Receive) -> Receive:
    got = 0

    async def counted() -> Message:
        nonlocal got
        message = await receive()
        got += len(message.get("body", b""))
        if got > most:
            raise TooMuch
        return message

    return counted


async def _hand_on(app: ASGIApp, scope: Scope, send: Send, slip: str, name: str) -> bool:
    """Give Streamlit the slip in the file's place, under a name that ends as the file's; whether it was taken."""
    ending = PurePath(name).suffix
    called = f"file{ending}" if _ENDING.fullmatch(ending) else "file"
    edge = fresh_token()
    disposition = f'Content-Disposition: form-data; name="file"; filename="{called}"'
    body = f"--{edge}\r\n{disposition}\r\n\r\n{slip}\r\n--{edge}--\r\n".encode()
    kept = [(key, value) for key, value in scope["headers"] if key not in (b"content-length", b"content-type")]
    form = f"multipart/form-data; boundary={edge}".encode()
    headers = [*kept, (b"content-type", form), (b"content-length", str(len(body)).encode())]
    is_taken = False

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def watched(message: Any) -> None:
        nonlocal is_taken
        if message["type"] == "http.response.start":
            is_taken = message["status"] < 300
        await send(message)

    await app(dict(scope, headers=headers), receive, watched)
    return is_taken


def _refusal(status: int) -> Response:
    return PlainTextResponse(
        "", status, headers={"Cache-Control": "no-store"} | ({"Retry-After": str(A_MOMENT)} if status == 429 else {})
    )


@cache
def find_uploads() -> Uploads:
    """The files of this process."""
    return Uploads()
