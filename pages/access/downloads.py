"""Files that people take along: each opens once, for the session that asked for it, with the rights it had then.

Streamlit makes a file when a page asks for it over its websocket, and lays it under an address that opens for whoever
has it. The gate takes the file from there, tells the page an address of its own, and lets Streamlit's answer nobody.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from urllib.parse import quote

import streamlit.runtime
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, Response
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryFile

from models.accounts.queries import SignedIn
from pages.access.request_info import fresh_token
from pages.access.uploads import Uploads
from targets.errors import CampaignError

MEDIA = "/media/"
LASTS = 60.0
"""Seconds in which a file has to be fetched; the page does so at once."""
MOST_OF_A_SESSION = 4
"""Files at most that wait for one session; of more, the oldest goes."""
MOST_OF_VIEWERS = 40
"""The same for all viewers of a public store together."""
NO_STORE = {"Cache-Control": "no-store"}
ASKING: ContextVar[int | None] = ContextVar("session that asks", default=None)
"""The sign-in whose websocket a message came by, for what makes a file to compare with the one that it is for."""


@dataclass(frozen=True)
class Kept:
    """A file that waits, and for whom."""

    rights: tuple[object, ...]
    until: float
    file: MemoryFile | None
    """None once it was handed over."""


class Downloads:
    """The files that wait to be fetched; everything here happens on the event loop."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}

    def keep(self, file: MemoryFile, signed_in: SignedIn | None) -> str:
        """The address at which somebody signed in, or a viewer of a public store, may fetch this file, once."""
        moment, rights = time.monotonic(), rights_of(signed_in)
        self._kept = {token: kept for token, kept in self._kept.items() if kept.until > moment}
        theirs = [token for token, kept in self._kept.items() if kept.rights[0] == rights[0]]
        most = MOST_OF_VIEWERS if signed_in is None else MOST_OF_A_SESSION
        for token in theirs[: max(0, len(theirs) + 1 - most)]:
            del self._kept[token]
        token = fresh_token()
        self._kept[token] = Kept(rights, moment + LASTS, file)
        return f"{MEDIA}{token}"

    def answer(self, connection: HTTPConnection, signed_in: SignedIn | None) -> Response | None:
        """The file at this address, to whom it is for; None where what lies there is part of a page that all are shown.

        Streamlit's page looks with a script of its own whether the file is there. It is told so, and nothing else.
        """
        token = connection.url.path.removeprefix(MEDIA)
        kept = self._kept.get(token)
        if kept is None:
            picture = _find_file(token)
            is_part = picture is not None and picture.kind == MediaFileKind.MEDIA
            return None if is_part else _nothing()
        if kept.rights != rights_of(signed_in) or kept.until <= time.monotonic():
            return _nothing()
        if connection.scope["method"] != "GET" or connection.headers.get("sec-fetch-mode") == "cors":
            return Response(status_code=204, headers=NO_STORE)  # also where it looks a moment after the file was taken
        if kept.file is None:
            return _nothing()
        self._kept[token] = replace(kept, file=None)
        return Response(
            kept.file.content,
            media_type=kept.file.mimetype,
            headers=NO_STORE
            | {"Content-Disposition": f"attachment; filename*=utf-8''{quote(kept.file.filename or '', safe='')}"},
        )


@contextmanager
def page_of(signed_in: SignedIn | None, downloads: Downloads, uploads: Uploads) -> Iterator["PageOfSomebody"]:
    """A page of somebody signed in, or of a viewer of a public store, for as long as its websocket is open."""
    page = PageOfSomebody(signed_in, downloads, uploads)
    try:
        yield page
    finally:
        if page.name and signed_in is not None:
            uploads.close_page(page.name)


class PageOfSomebody:
    """What Streamlit calls somebody's page, what the page has asked for, and what it is told."""

    def __init__(self, signed_in: SignedIn | None, downloads: Downloads, uploads: Uploads) -> None:
        self.name = ""
        self._signed_in, self._downloads, self._uploads = signed_in, downloads, uploads
        self._asked: set[str] = set()

    def note(self, asked: BackMsg) -> None:
        """Remember a file that the page asks for."""
        if asked.backend_operation_request.WhichOneof("payload") == "deferred_file":
            self._asked.add(asked.backend_operation_request.request_id)

    def sent(self, payload: bytes) -> bytes:
        """A message to the page; where it names a file that the page has asked for, under an address of our own."""
        if self.name and not self._asked:
            return payload
        sent = ForwardMsg.FromString(payload)
        if not self.name and sent.WhichOneof("type") == "new_session":
            self.name = sent.new_session.initialize.session_id
            if self._signed_in is not None:
                self._uploads.open_page(self.name, self._signed_in.session_id)
        answer = sent.backend_operation_response
        if sent.WhichOneof("type") != "backend_operation_response" or answer.request_id not in self._asked:
            return payload
        self._asked.discard(answer.request_id)
        file = _find_file(answer.deferred_file.url.removeprefix(MEDIA))
        if file is None:
            return payload
        answer.deferred_file.url = self._downloads.keep(file, self._signed_in)
        return bytes(sent.SerializeToString())


def say_refusals_in_a_sentence() -> None:
    """Have Streamlit log a file that nobody may have without a trace of the program: nothing went wrong."""
    logging.getLogger("streamlit.runtime.backend_operation_handler").addFilter(_as_sentence)


def _as_sentence(record: logging.LogRecord) -> bool:
    because = record.exc_info[1].__cause__ if record.exc_info and record.exc_info[1] else None
    if isinstance(because, CampaignError):
        record.levelno, record.levelname = logging.WARNING, "WARNING"
        record.msg, record.args, record.exc_info = "No file was made: %s", (because,), None
    return True


def rights_of(signed_in: SignedIn | None) -> tuple[object, ...]:
    """Whom a file is for: the session, and as what it may read; another role or unit is somebody else."""
    if signed_in is None:
        return (None,)
    return (signed_in.session_id, signed_in.account_id, signed_in.role, signed_in.units)


def _find_file(name: str) -> MemoryFile | None:
    """What Streamlit keeps under this name."""
    return (
        streamlit.runtime.get_instance().media_file_mgr.read_file(name) if name and streamlit.runtime.exists() else None
    )


def _nothing() -> Response:
    return PlainTextResponse("", 404, headers=NO_STORE)
