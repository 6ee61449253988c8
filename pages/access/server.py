"""The server: uvicorn, with an end for sockets that are slow or idle, and nothing said of what serves.

Streamlit's own command would start the same server, but lets nobody say when a socket has waited long enough: one that
never finishes its request stays open, and a few hundred of them use up all that the process may open.
"""

import asyncio
import socket
from contextlib import suppress
from ipaddress import ip_address
from typing import Any, ClassVar

import h11
import streamlit.config
import uvicorn
from starlette.types import ASGIApp
from streamlit.web import bootstrap
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from jobs.health.limits import raise_open_files
from models.core.settings import PROJECT, load_settings
from targets.errors import CampaignError

ASKED_WITHIN = 15.0
"""Seconds in which a request's first lines have to be there."""
GOES_ON_WITHIN = 20.0
"""Seconds in which more of a request's content has to come, and in which some of an answer has to be taken."""
MOST_WAITING = 256
"""Sockets at most that ask for nothing; past that the one that has waited longest gives way to whoever comes."""
PING = 30
"""Seconds between two looks at whether a page's browser is still there, and until it has to have answered."""
LARGEST_MESSAGE = 4 * 1024 * 1024
"""Bytes of a message from a page at most; files come another way."""


class Socket(H11Protocol):
    """A connection over HTTP that has to ask in time, go on with what it sends, and take what it is answered."""

    waiting: ClassVar[dict["Socket", None]] = {}
    """Those that ask for nothing, longest first."""
    _timer: asyncio.TimerHandle | None = None
    _is_asking = False
    """Whether the timer runs until the first lines of a request are there: further bytes do not start it anew."""
    _is_websocket = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as its base has it
        super().connection_made(transport)
        self.waiting[self] = None
        self._end_within(ASKED_WITHIN, is_asking=True)
        if len(self.waiting) > MOST_WAITING:
            next(iter(self.waiting)).end()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        self.waiting.pop(self, None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def handle_websocket_upgrade(self, event: Any) -> None:
        self._is_websocket = True
        self._stop_timer()
        self.waiting.pop(self, None)
        super().handle_websocket_upgrade(event)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stop_timer()
        self._look_what_is_left(None)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._look()

    def end(self) -> None:
        """Close at once: whoever is slow does not take a last answer either."""
        self.waiting.pop(self, None)
        self.transport.abort()

    def _look_what_is_left(self, before: int | None) -> None:
        """Of an answer that waits to be taken; ends where none of it has been since the last look."""
        left = self.transport.get_write_buffer_size()
        if before is not None and left >= before:
            self.end()
        else:
            self._timer = self.loop.call_later(GOES_ON_WITHIN, self._look_what_is_left, left)

    def _look(self) -> None:
        """Whose turn it is, and how long that may take."""
        if self._is_websocket or self.transport.is_closing() or self.flow.write_paused:
            return
        cycle: RequestResponseCycle | None = self.cycle  # None until something has been asked
        is_answering = cycle is not None and not cycle.response_complete
        if not is_answering:
            self.waiting.setdefault(self)
            # More than nothing has come: the beginning of a request, or what is left of one that was answered early.
            is_midway = self.conn.trailing_data[0] or self.conn.their_state is h11.SEND_BODY
            if is_midway and not self._is_asking:
                self._end_within(ASKED_WITHIN, is_asking=True)
            elif not is_midway and cycle is not None:
                self._stop_timer()  # kept open for the next request, for as long as the base class says
            return
        self.waiting.pop(self, None)
        if self.cycle.more_body:
            self._end_within(GOES_ON_WITHIN)
        else:
            self._stop_timer()

    def _end_within(self, seconds: float, *, is_asking: bool = False) -> None:
        self._stop_timer()
        self._is_asking = is_asking
        self._timer = self.loop.call_later(seconds, self.end)

    def _stop_timer(self) -> None:
        self._is_asking = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def serve(app: ASGIApp) -> None:
    """Serve until somebody ends it; at the address and port of the settings, believing the proxies that they name."""
    try:
        settings = load_settings()
    except CampaignError as problem:
        raise SystemExit(str(problem)) from problem
    raise_open_files()
    # As its own command does: Streamlit's settings stand beside the launcher.
    streamlit.config._main_script_path = str(PROJECT / "app.py")  # noqa: SLF001 - there is no other way to say so
    bootstrap.load_config_options({"server.port": settings.port, "server.address": settings.host})
    sent = uvicorn.Config(
        app,
        http=Socket,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE,
        ws_ping_interval=PING,
        ws_ping_timeout=PING,
        ws_per_message_deflate=False,
        forwarded_allow_ips=settings.proxy,
        server_header=False,
        access_log=False,
        use_colors=False,
    )
    try:
        listener = _listener(settings.host, settings.port)
    except OSError as problem:
        raise SystemExit(
            f"Nobody can listen at {settings.host}, port {settings.port}: {problem.strerror}."
        ) from problem
    with listener, suppress(KeyboardInterrupt):  # it has ended everything by then, and tells of it once more
        uvicorn.Server(sent).run(sockets=[listener])


def _listener(host: str, port: int) -> socket.socket:
    """A socket that listens; at every address of IPv6 also to those who come over IPv4."""
    is_six = ip_address(host).version == 6
    return socket.create_server(
        (host, port),
        family=socket.AF_INET6 if is_six else socket.AF_INET,
        backlog=2_048,
        dualstack_ipv6=is_six and ip_address(host).is_unspecified and socket.has_dualstack_ipv6(),
    )
