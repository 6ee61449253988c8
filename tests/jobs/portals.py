"""Local servers that answer as the portals do, and that misbehave as servers do: loopback only, closed by each test."""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from ssl import SSLContext
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

FIREWALL = (
    b"<!DOCTYPE html><html><head><title>Request Rejected</title></head>"
    b"<body>The requested URL was rejected. Your support ID is: 8261</body></html>"
)
SIGN_IN = b'<html><head><title>Portal</title></head><body><form><input type="password"></form></body></html>'


@dataclass(frozen=True)
class Asked:
    """A request as the server got it."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What the server sends back. `body` in pieces is streamed until whoever asked has gone away."""

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    hangs: bool = False
    """Sends nothing at all before the server is closed."""
    promised: int | None = None
    """How long the body is said to be, where that is a lie."""


Answering = Callable[[Asked], Answer]


def as_json(content: Any, status: int = 200, **headers: str) -> Answer:
    return Answer(
        json.dumps(content, ensure_ascii=False).encode(), status, {"Content-Type": "application/json"} | headers
    )


def in_order(*answers: Answer) -> Answering:
    """One answer after the other; the last one again and again."""
    left = list(answers)

    def answering(_asked: Asked) -> Answer:
        return left.pop(0) if len(left) > 1 else left[0]

    return answering


class Portal:
    """A server on a free port of loopback; `asked` is all that it was asked, in order."""

    def __init__(self, answering: Answering, *, tls: SSLContext | None = None) -> None:
        self.asked: list[Asked] = []
        self.sent = 0
        """Bytes of bodies."""
        self.connections: set[tuple[str, int]] = set()
        self._closing = threading.Event()
        self._open: list[socket.socket] = []
        portal = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                portal._answer(self, answering)

            do_POST = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *_words: object) -> None:
                """Nothing on the screen."""

        class Server(ThreadingHTTPServer):
            daemon_threads = False

            def process_request(self, request: Any, client_address: Any) -> None:
                portal._open.append(request)
                super().process_request(request, client_address)

            def handle_error(self, *_about: object) -> None:
                """Whoever asked has gone away: that is what some tests are about."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls is not None:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port: int = self._server.server_address[1]
        self.address = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._closing.set()
        self._server.shutdown()
        self._thread.join()
        for connection in self._open:
            # Whoever asked may keep its connection; the thread that waits for more must end.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler, answering: Answering) -> None:
        parts = urlsplit(handler.path)
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(
            method=handler.command,
            path=parts.path,
            query={name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()},
            headers={name.lower(): value for name, value in handler.headers.items()},
            body=handler.rfile.read(length),
        )
        self.asked.append(asked)
        self.connections.add(handler.client_address)
        answer = answering(asked)
        if answer.hangs:
            self._closing.wait()
            handler.close_connection = True
            return
        handler.send_response_only(answer.status)
        pieces = [answer.body] if isinstance(answer.body, bytes) else answer.body
        if isinstance(answer.body, bytes):
            handler.send_header("Content-Length", str(len(answer.body) if answer.promised is None else answer.promised))
        elif answer.promised is not None:
            handler.send_header("Content-Length", str(answer.promised))
        handler.close_connection = handler.close_connection or answer.promised is not None or pieces is answer.body
        if handler.close_connection:
            handler.send_header("Connection", "close")
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        for piece in pieces:
            if self._closing.is_set():
                return
            handler.wfile.write(piece)
            self.sent += len(piece)


@contextmanager
def serving(answering: Answering | Answer, *, tls: SSLContext | None = None) -> Iterator[Portal]:
    """A server for as long as the test needs it."""
    portal = Portal(in_order(answering) if isinstance(answering, Answer) else answering, tls=tls)
    try:
        yield portal
    finally:
        portal.close()


# --- the portals ----------------------------------------------------------------------------------------------------

ROW_2024 = {"TDGQ": "19.38", "MDHL": "18", "MDSH": "18.75", "TTTT": "9.31", "CLGQ": "8.08", "CKMB": "18"}


def row_2024(
    number: int, name: str, code: str, *, kind: str = "2", total: str = "91.52", **other: str
) -> dict[str, str]:
    """A row of the portal's table: every value is a text."""
    return {
        "ID": str(400_000 + number),
        "TEN": name,
        "TEN_COQUAN": name,
        "MA_COQUAN": code,
        "LOAI_COQUAN": kind,
        "CAPDONVIID": "1",
        "ID_COQUAN": str(400_000 + number),
        **ROW_2024,
        "TONG_SCORE": total,
        "ROW_STT": str(number),
    } | other


def portal_2024(
    units: Sequence[Mapping[str, str]], provinces: Sequence[Mapping[str, str]] = (), *, repeats: bool = False
) -> Answering:
    """The national portal until 2025: JSON in a form field, a list in pages out. `repeats`: it knows one page only."""

    def answering(asked: Asked) -> Answer:
        parameters = json.loads(asked.form["params"])
        assert (asked.method, asked.path) == ("POST", "/jsp/rest.jsp")
        rows = units if parameters["p_tinh_id"] else provinces
        size = parameters["pageSize"]
        first = 0 if repeats else (parameters["pageIndex"] - 1) * size
        # Its pages say they are HTML, whatever they hold.
        return as_json(rows[first : first + size], **{"Content-Type": "text/html;charset=UTF-8"})

    return answering


def department_2026(code: str, name: str, *metrics: Mapping[str, Any], points: Any = 15.5) -> dict[str, Any]:
    return {
        "departmentCode": code,
        "departmentName": name,
        "totalScore": points,
        "totalMaxScore": 18,
        "ratio": 86.11,
        "metrics": list(metrics),
    }


def metric_2026(code: str, numerator: Any, denominator: Any, ratio: Any = None) -> dict[str, Any]:
    return {
        "code": code,
        "name": f"Metric {code}",
        "numerator": numerator,
        "denominator": denominator,
        "ratio": ratio,
        "score": 5.5,
        "maxScore": 6,
    }


def portal_2026(reports: Mapping[str, Sequence[Mapping[str, Any]]], **said: Any) -> Answering:
    """The national portal since 2026: status 201, pages, what it says of itself in `overview`."""

    def answering(asked: Asked) -> Answer:
        report = asked.path.rpartition("/")[2]
        size, page = asked.json["pageSize"], asked.json["currentPage"]
        rows = reports.get(report, [])[(page - 1) * size : page * size]
        return as_json({"data": {"overview": {"totalScore": 80.1, **said}, "evaluation": rows}}, status=201)

    return answering


def agency(code: str, name: str, online: Any, direct: Any, **other: Any) -> dict[str, Any]:
    return {
        "agency": {"code": code, "name": name},
        "procedureLevelUnknown": 3,
        "receivedOnline": online,
        "receivedDirect": direct,
        "receivedOld": 900,
        "resolved": 40,
        "unresolved": 7,
    } | other


def igate(rows: Sequence[Mapping[str, Any]], *, token: str, by_agency: Mapping[str, int] | None = None) -> Answering:
    """The provincial system: a bearer token, an array of agencies. `by_agency`: agency id → which row answers alone."""

    def answering(asked: Asked) -> Answer:
        assert asked.path.endswith("/pa/dni-dossier-statistic/--01-2020-percentage")
        if asked.headers.get("authorization") != f"Bearer {token}":
            return as_json({"error": "invalid_token", "error_description": f"Token expired: {token}"}, status=401)
        if by_agency is not None:
            return as_json([rows[by_agency[asked.query["agency-id"]]]])
        return as_json(list(rows))

    return answering


# --- time that tests make pass --------------------------------------------------------------------------------------


@dataclass
class Time:
    """A clock that stands still but for sleeping, and for `tick` seconds each time somebody looks at it."""

    now: float = 1_000.0
    tick: float = 0.0
    slept: list[float] = field(default_factory=list)

    def clock(self) -> float:
        self.now += self.tick
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Kept:
    """What was handed to the archive."""

    answers: list[tuple[str, int | None, bytes]] = field(default_factory=list)

    def __call__(self, address: str, status: int | None, body: bytes) -> None:
        self.answers.append((address, status, body))


def rubbish(megabytes: int) -> Iterator[bytes]:
    piece = b"\x00rubbish" * (1 << 13)
    for _ in range((megabytes << 20) // len(piece)):
        yield piece


def certificate(folder: Path) -> Path:
    """A certificate of our own making for 127.0.0.1, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "loopback")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "loopback.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path
