"""The server on a port of its own: sockets that are slow or idle end, those that work go on, nothing is told of it."""

import socket
import threading
from contextlib import suppress

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from websockets.sync.client import connect

from pages.access import server
from pages.access.server import Socket, _listener

HOST = "127.0.0.1"
PATIENCE = 60
"""Seconds until a test gives up; none takes one."""
SHORT = 0.05
LARGE = 16 << 20
"""More bytes than two kernels take for somebody who does not read."""
REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
UPLOAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345"


async def _sent(request: Request) -> PlainTextResponse:
    with suppress(ClientDisconnect):
        return PlainTextResponse(f"{len(await request.body())} bytes")
    return PlainTextResponse("nobody is there any more")


async def _large(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("x" * LARGE)


async def _answered_early(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("no")


async def _echo(websocket):
    await websocket.accept()
    await websocket.send_text(await websocket.receive_text())


@pytest.fixture(scope="module")
def port():
    """A server with the sockets of ours, for all tests here."""
    routes = [
        Route("/", _sent, methods=["GET", "POST"]),
        Route("/large", _large),
        Route("/early", _answered_early, methods=["POST"]),
        WebSocketRoute("/stream", _echo),
    ]
    with _listener(HOST, 0) as listener:
        given = uvicorn.Config(
            Starlette(routes=routes), http=Socket, ws="websockets-sansio", server_header=False, log_level="error"
        )
        running = uvicorn.Server(given)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
        thread.start()
        yield listener.getsockname()[1]
        running.should_exit = True
        thread.join(PATIENCE)
    assert not thread.is_alive()


@pytest.fixture
def reach(port):
    """Opens a socket to the server; each call is another one."""
    opened = []

    def reached(sends=b""):
        made = socket.create_connection((HOST, port), timeout=PATIENCE)
        opened.append(made)
        made.sendall(sends)
        return made

    yield reached
    for each in opened:
        each.close()


def heard(reached):
    """Everything until the server ends it, gently or not."""
    said = b""
    try:
        while part := reached.recv(65_536):
            said += part
    except ConnectionResetError:
        pass
    return said


def answered(reached):
    """One answer with a little in it, on a socket that stays."""
    said = b""
    while not said.endswith((b"bytes", b"no")):
        part = reached.recv(65_536)
        assert part, f"ended after {said!r}"
        said += part
    return said


@pytest.mark.parametrize("sent", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A: b\r\n"])
def test_socket_that_does_not_ask_in_time_is_closed(reach, monkeypatch, sent):
    monkeypatch.setattr(server, "ASKED_WITHIN", SHORT)

    assert heard(reach(sent)) == b""


def test_request_that_comes_drop_by_drop_is_not_waited_for_longer(reach, monkeypatch):
    monkeypatch.setattr(server, "ASKED_WITHIN", 10 * SHORT)
    dripping = reach(b"GET / HTTP/1.1\r\n")
    dripping.settimeout(SHORT / 5)
    ended = False
    for number in range(PATIENCE * 100):
        try:
            dripping.sendall(b"X-%d: y\r\n" % number)
            ended = dripping.recv(1) == b""
        except TimeoutError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            ended = True
        break

    assert ended


def test_content_that_stops_coming_ends_its_socket_and_content_that_comes_is_read(reach, monkeypatch):
    monkeypatch.setattr(server, "GOES_ON_WITHIN", 10 * SHORT)

    assert heard(reach(UPLOAD)) == b""
    whole = reach(UPLOAD)
    whole.sendall(b"67890")
    assert answered(whole).endswith(b"10 bytes")


def test_content_that_nobody_waits_for_does_not_keep_its_socket(reach, monkeypatch):
    """Answered before it was read: whoever goes on sending, byte by byte, is no longer served."""
    monkeypatch.setattr(server, "ASKED_WITHIN", SHORT)
    endless = reach(UPLOAD.replace(b"POST /", b"POST /early").replace(b"10\r\n", b"100000\r\n"))

    assert answered(endless).endswith(b"no")
    endless.sendall(b"6")
    assert heard(endless) == b""


def test_answer_that_is_not_taken_ends_its_socket(reach, monkeypatch):
    ended, end = threading.Event(), Socket.end
    monkeypatch.setattr(server, "GOES_ON_WITHIN", SHORT)
    monkeypatch.setattr(Socket, "end", lambda self: (end(self), ended.set()))
    idle = reach(REQUEST.replace(b"GET /", b"GET /large"))

    assert ended.wait(PATIENCE)
    assert len(heard(idle)) < LARGE


def test_answer_that_is_taken_slowly_is_sent_to_its_end(reach, monkeypatch):
    monkeypatch.setattr(server, "GOES_ON_WITHIN", 4 * SHORT)
    slow, taken = reach(REQUEST.replace(b"GET /", b"GET /large")), 0
    while taken < LARGE:
        part = slow.recv(1 << 20)
        assert part, f"ended after {taken} bytes"
        taken += len(part)
        threading.Event().wait(SHORT / 5)


def test_those_who_work_are_not_ended(reach, port, monkeypatch):
    monkeypatch.setattr(server, "ASKED_WITHIN", SHORT)
    monkeypatch.setattr(server, "GOES_ON_WITHIN", SHORT)
    kept = reach()
    for _ in range(3):
        kept.sendall(REQUEST)
        assert answered(kept).endswith(b"0 bytes")
    with connect(f"ws://{HOST}:{port}/stream", open_timeout=PATIENCE) as stream:
        assert heard(reach()) == b"", "meanwhile others have waited too long"
        stream.send("still here")
        assert stream.recv(timeout=PATIENCE) == "still here"


def test_whoever_has_waited_longest_gives_way_to_whoever_comes(reach, monkeypatch):
    monkeypatch.setattr(server, "MOST_WAITING", 5)
    idle = [reach() for _ in range(20)]

    newcomer = reach(REQUEST)

    assert answered(newcomer).endswith(b"0 bytes")
    assert heard(idle[0]) == b""
    assert len(Socket.waiting) <= 6


def test_answer_says_nothing_of_what_serves(reach):
    said = answered(reach(REQUEST)).lower()

    assert b"200 ok" in said
    assert b"server:" not in said
    assert b"uvicorn" not in said


@pytest.mark.parametrize(("host", "reached"), [(HOST, HOST), ("0.0.0.0", HOST), ("::", "::1"), ("::", HOST)])  # noqa: S104
def test_listens_at_addresses_of_either_kind_and_at_all_of_them(host, reached):
    if ":" in host and not socket.has_dualstack_ipv6():
        pytest.skip("this machine knows no IPv6")
    with (
        _listener(host, 0) as listener,
        socket.create_connection((reached, listener.getsockname()[1]), timeout=PATIENCE),
    ):
        pass


def test_port_that_is_taken_is_told_in_a_sentence(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    with _listener(HOST, 0) as taken:
        monkeypatch.setenv("CAODIEM_PORT", str(taken.getsockname()[1]))
        with pytest.raises(SystemExit, match=r"Nobody can listen at 127\.0\.0\.1"):
            server.serve(None)


def test_ctrl_c_ends_it_without_a_traceback_and_it_says_what_it_was_told(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAODIEM_PROXY", "10.0.0.2")
    given = []

    def run(self, sockets):
        given.append((self.config.forwarded_allow_ips, self.config.server_header, self.config.http))
        raise KeyboardInterrupt

    monkeypatch.setattr(uvicorn.Server, "run", run)
    monkeypatch.setattr(server, "raise_open_files", lambda: given.append("files"))
    monkeypatch.setattr(server, "_listener", lambda _host, _port: _listener(HOST, 0))
    monkeypatch.setattr(server.bootstrap, "load_config_options", lambda _sent: None)
    monkeypatch.setattr(server.streamlit.config, "_main_script_path", None)

    server.serve(Starlette())

    assert given == ["files", ("10.0.0.2/32,::ffff:a00:2/128", False, Socket)]
