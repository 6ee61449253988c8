"""The one polite connection of a pull run: paced, bounded in time and size, asked again only where that helps.

A source that says stop (403, 429, a firewall's page) is left alone at once; the run says when it may be asked again.
Nothing that is kept, logged or raised holds the secret.
"""

import json as json_text
import logging
import random
import re
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn, Unpack

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from jobs.fetching.secrets import Secrets
from jobs.fetching.values import PullFailed, Reply, Sent
from models.core.clock import machine_now

log = logging.getLogger(__name__)
# They log whole addresses and headers, token included; what is worth knowing is logged here.
for library in ("httpx", "httpcore"):
    logging.getLogger(library).setLevel(logging.WARNING)

USER_AGENT = "CaoDiem (campaign dashboard of a province; one run a day, one page after another)"
CHUNK = 1 << 16
"""So much is unpacked at a time; about as much is read."""
CONNECTED = ("connection.connect_tcp.complete", "connection.start_tls.complete")
"""What httpcore calls the moments at which there is a connection to speak over."""
MOST_REDIRECTS = 3
LAST_WORD = len("false")
"""JSON that breaks so close to its end was cut off in the middle of a word."""
LONGEST_NUMBER = 40
"""Digits, and tens before or after the point: anything longer is no figure and stays as it was written."""
STOPPED_FOR = 3600.0
"""Seconds for which a source is left alone that blocks us without saying for how long."""
TOO_OFTEN_FOR = 900.0
UNWELL = (502, 503, 504)
Keep = Callable[[str, int | None, bytes], None]
"""Called with the address without secrets, the status and the body, once for each answer."""


@dataclass(frozen=True)
class Manners:
    """How a source is asked. Times in seconds."""

    deadline: float = 900.0
    """The whole run, retries and waits included."""
    connect: float = 10.0
    read: float = 60.0
    """Without a byte for so long an answer counts as lost."""
    pace: float = 1.0
    """Between the end of one answer and the next request."""
    tries: int = 4
    """Of one request."""
    first_wait: float = 2.0
    longest_wait: float = 60.0
    most_bytes: int = 64 << 20
    """Of one answer, unpacked."""


class _WorthAnotherTry(Exception):
    """A try that failed in a way that passes; `failure` is what to say when there is no further one."""

    def __init__(self, failure: PullFailed) -> None:
        super().__init__(failure.failure)
        self.failure = failure


class PoliteHttp:
    """See the module. `clock` and `sleep` may be a test's own."""

    def __init__(
        self,
        *,
        keep: Keep,
        secret: str | None = None,
        manners: Manners | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """`draw` gives numbers from 0 to 1 for the jitter of waits."""
        self.manners = manners or Manners()
        self.requests = 0
        """How many were sent in total."""
        self.attempts = 0
        """The most tries that any one request took."""
        self._tried = 0
        self._keep, self._secrets = keep, Secrets(secret)
        self._clock, self._sleep, self._draw = clock, sleep, draw
        self._ends = clock() + self.manners.deadline
        self._socket: socket.socket | None = None
        self._is_broken_off = False
        self._may_ask_at = clock()
        self._client = httpx.Client(
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate"},
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=False,
        )

    def close(self) -> None:
        self._client.close()

    def break_off(self) -> None:
        """End the request that is under way in another thread; nothing of it is kept, and no further one is sent."""
        self._is_broken_off = True
        connected = self._socket
        if connected is not None:
            # The plain socket's own way: the one of TLS would take the state away that the other thread works with.
            with suppress(OSError):
                socket.socket.shutdown(connected, socket.SHUT_RDWR)

    # --- asking -----------------------------------------------------------------------------------------------------

    def ask(self, method: str, address: str, **sent: Unpack[Sent]) -> Reply:
        """One answer, whole. Raises PullFailed where there is none, or one that is no answer."""
        accepted = sent.pop("accepted", (200,))
        request = self._request(method, address, sent)
        self._tried = 0
        tries = Retrying(
            retry=retry_if_exception_type(_WorthAnotherTry),
            wait=self._wait,
            stop=self._is_enough,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            return tries(self._try, request, accepted)
        except _WorthAnotherTry as last:
            raise last.failure from None

    def ask_json(self, method: str, address: str, **sent: Unpack[Sent]) -> Any:
        """The answer as JSON, numbers with a point as exact decimals, NaN and those beyond belief as written."""
        reply = self.ask(method, address, **sent)
        host = httpx.URL(address).host
        try:
            text = reply.body.decode("utf-8-sig")
            return json_text.loads(text, parse_float=_decimal, parse_int=_whole, parse_constant=str)
        except json_text.JSONDecodeError as error:
            if error.pos >= len(text.rstrip()) - LAST_WORD or error.msg.startswith("Unterminated string"):
                raise PullFailed("cut_off", is_passing=True, host=host) from None
            raise PullFailed("no_json", host=host) from None
        except (ValueError, RecursionError):
            raise PullFailed("no_json", host=host) from None

    def _request(self, method: str, address: str, sent: Sent) -> httpx.Request:
        query = sent.get("query")
        try:
            url = httpx.URL(address)
            if url.scheme not in ("http", "https") or not url.host or url.userinfo:
                raise httpx.InvalidURL("no web address, or one that signs in")
            url = url.copy_merge_params(dict(query)) if query else url
        except httpx.InvalidURL:
            raise PullFailed("address_wrong", address=self._secrets.removed(address)) from None
        try:
            return self._client.build_request(
                method, url, data=sent.get("form"), json=sent.get("json"), headers=sent.get("headers")
            )
        except (UnicodeError, TypeError, ValueError):
            raise PullFailed("header_wrong", host=url.host) from None

    # --- one try ----------------------------------------------------------------------------------------------------

    def _try(self, request: httpx.Request, accepted: tuple[int, ...]) -> Reply:
        self._tried += 1
        self.attempts = max(self.attempts, self._tried)
        for _ in range(MOST_REDIRECTS + 1):
            reply = self._exchange(request)
            elsewhere = self._redirected(request, reply)
            if elsewhere is None:
                return _settled(reply, request.url.host, accepted)
            request = elsewhere
        raise PullFailed("redirected_round", host=request.url.host)

    def _exchange(self, request: httpx.Request) -> Reply:
        """Send and read to the end; network trouble is worth another try, what a library says of it is not repeated."""
        host = request.url.host
        self._pause()
        left = self._ends - self._clock()
        request.extensions = dict(request.extensions) | {
            "timeout": httpx.Timeout(min(self.manners.read, left), connect=min(self.manners.connect, left)).as_dict(),
            "trace": self._note_socket,
        }
        self.requests += 1
        try:
            response = self._client.send(request, stream=True)
            try:
                return self._read(request, response)
            finally:
                response.close()
                self._may_ask_at = self._clock() + self.manners.pace
        except httpx.TimeoutException:
            raise _WorthAnotherTry(PullFailed("timed_out", is_passing=True, host=host)) from None
        except httpx.RemoteProtocolError:
            raise _WorthAnotherTry(PullFailed("cut_off", is_passing=True, host=host)) from None
        except httpx.LocalProtocolError:
            raise PullFailed("header_wrong", host=host) from None
        except httpx.TransportError as error:
            if _is_about_certificates(error):
                raise PullFailed("certificate", host=host) from None
            raise _WorthAnotherTry(PullFailed("unreachable", is_passing=True, host=host)) from None
        except zlib.error:
            raise PullFailed("cut_off", is_passing=True, host=host) from None

    def _note_socket(self, event: str, reported: Mapping[str, Any]) -> None:
        """Remember what the connection runs over, as soon as there is one."""
        if event in CONNECTED:
            self._socket = reported["return_value"].get_extra_info("socket")

    def _read(self, request: httpx.Request, response: httpx.Response) -> Reply:
        address = self._secrets.removed_from(request.url)
        body = bytearray()
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > self.manners.most_bytes:
            self._refuse_size(address, response.status_code, b"", request.url.host)
        try:
            for part in _unpacked(response, host=request.url.host, most=self.manners.most_bytes):
                body += part
                if len(body) > self.manners.most_bytes:
                    self._refuse_size(address, response.status_code, bytes(body), request.url.host)
                self.check_time()
        except httpx.TransportError:
            if not self._is_broken_off:
                self._keep(address, response.status_code, self._secrets.removed_from_body(bytes(body)))
            raise
        # The end of an answer whose length was not given looks the same as one that we broke off.
        self._check_wanted()
        content = self._secrets.removed_from_body(bytes(body))
        self._keep(address, response.status_code, content)
        log.info("%s %s: %d, %d bytes", request.method, address, response.status_code, len(content))
        headers = {name.lower(): value for name, value in response.headers.items() if name.lower() != "set-cookie"}
        return Reply(response.status_code, headers, content)

    def _refuse_size(self, address: str, status: int, body: bytes, host: str) -> NoReturn:
        self._keep(address, status, self._secrets.removed_from_body(body[:HEAD]))
        raise PullFailed("too_large", host=host, most=f"{self.manners.most_bytes >> 20} MB")

    def _redirected(self, request: httpx.Request, reply: Reply) -> httpx.Request | None:
        """The request to follow with, on the same host only; the token never travels elsewhere or in the open."""
        location = reply.headers.get("location")
        if reply.status not in (301, 302, 303, 307, 308) or not location:
            return None
        here = request.url
        try:
            there = here.join(location)
        except httpx.InvalidURL:
            raise PullFailed("redirected_round", host=here.host) from None
        if here.scheme == "https" and there.scheme != "https":
            raise PullFailed("redirected_unsafe", host=here.host)
        is_upgrade = here.scheme == "http" and there.scheme == "https" and {here.port, there.port} == {None}
        if there.host != here.host or not (is_upgrade or (there.scheme, there.port) == (here.scheme, here.port)):
            raise PullFailed("redirected", host=here.host, other=there.host or location[:80])
        if request.method != "GET" and reply.status in (301, 302, 303):
            # What a form's answer is sent to is a page for people, most often one to sign in.
            raise PullFailed("sign_in_page", host=here.host)
        return httpx.Request(
            request.method,
            there,
            headers=[(name, value) for name, value in request.headers.items() if name != "host"],
            content=request.content,
        )

    # --- time -------------------------------------------------------------------------------------------------------

    def _pause(self) -> None:
        pause = self._may_ask_at - self._clock()
        if pause > 0:
            if self._clock() + pause < self._ends:
                self._sleep(pause)
            else:
                self._fail_for_time()
        self.check_time()

    def check_time(self) -> None:
        """Raise PullFailed where the run's time is over, or its request was broken off."""
        self._check_wanted()
        if self._clock() >= self._ends:
            self._fail_for_time()

    def _check_wanted(self) -> None:
        if self._is_broken_off:
            raise PullFailed("interrupted", is_passing=True)

    def _fail_for_time(self) -> NoReturn:
        raise PullFailed("out_of_time", is_passing=True, minutes=f"{self.manners.deadline / 60:.0f}")

    def _wait(self, state: RetryCallState) -> float:
        """As long as the source asks for; else twice as long each time, never two clients in step."""
        failed = state.outcome.exception() if state.outcome else None
        if isinstance(failed, _WorthAnotherTry) and failed.failure.retry_after is not None:
            return failed.failure.retry_after
        doubled = self.manners.first_wait * 2 ** (state.attempt_number - 1)
        return float(min(doubled, self.manners.longest_wait) * (0.5 + self._draw()))

    def _is_enough(self, state: RetryCallState) -> bool:
        is_too_late = self._clock() + state.upcoming_sleep >= self._ends
        return state.attempt_number >= self.manners.tries or is_too_late


def _settled(reply: Reply, host: str, accepted: tuple[int, ...]) -> Reply:
    """The reply where it is an answer; PullFailed says what it is instead."""
    status = reply.status
    if status in accepted:
        refuse_page(reply, host)
        return reply
    if status == 401:
        raise PullFailed("token_refused", host=host)
    if status == 403:
        raise PullFailed("forbidden", is_passing=True, retry_after=wait_asked(reply) or STOPPED_FOR, host=host)
    if status == 429:
        after = wait_asked(reply)
        raise PullFailed("too_often", is_passing=True, retry_after=TOO_OFTEN_FOR if after is None else after, host=host)
    if status in UNWELL:
        raise _WorthAnotherTry(
            PullFailed("unwell", is_passing=True, retry_after=wait_asked(reply), host=host, status=str(status))
        )
    if status >= 500:
        raise PullFailed("unwell", is_passing=True, host=host, status=str(status))
    if status in (404, 410):
        raise PullFailed("not_found", host=host)
    raise PullFailed("refused", host=host, status=str(status))


def _unpacked(response: httpx.Response, *, host: str, most: int) -> Iterator[bytes]:
    """The body piece by piece, each bounded: a small packed answer may unpack to any size."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("", "identity"):
        yield from response.iter_raw()
        return
    if packing not in ("gzip", "x-gzip", "deflate"):
        raise PullFailed("packing_unknown", host=host, packing=packing[:40])
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for chunk in response.iter_raw():
        waiting = chunk
        while waiting:
            yield unpacker.decompress(waiting, CHUNK)
            waiting = unpacker.unconsumed_tail
    yield unpacker.flush()
    if not unpacker.eof:
        raise zlib.error("cut off")


def _is_about_certificates(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _decimal(written: str) -> Decimal | str:
    """An exact decimal; "1e309" stays a text, so that the row it stands in is refused and not the whole answer."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return written
    return written if max(len(written), abs(number.adjusted())) > LONGEST_NUMBER else number


def _whole(written: str) -> int | str:
    return int(written) if len(written) <= LONGEST_NUMBER else written


HEAD = 4096
"""So much of an answer shows what it is."""
LONGEST_WAIT = 86_400.0
TITLE_SHOWN = 80
_TITLE = re.compile(rb"<title[^>]*>(.*?)</title", re.IGNORECASE | re.DOTALL)
_FIREWALL = re.compile(
    r"firewall|request rejected|support id|incident id|access denied|forbidden|blocked|captcha|cloudflare|incapsula"
    r"|akamai|fortigate|fortiweb|tường lửa|bị chặn|từ chối truy cập",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(r"type\s*=\s*[\"']?password|đăng nhập|sign in|log ?in", re.IGNORECASE)


def refuse_page(reply: Reply, host: str) -> None:
    """Raise PullFailed where the answer is a page for people, whatever its status and content type say."""
    start = reply.body[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start.startswith(b"<"):
        return
    words = reply.body[: 1 << 16].decode("utf-8", errors="replace")
    match = _TITLE.search(reply.body[: 1 << 16])
    title = " ".join(match[1].decode("utf-8", errors="replace").split())[:TITLE_SHOWN] if match else "…"
    if _FIREWALL.search(words):
        raise PullFailed("firewall", is_passing=True, retry_after=STOPPED_FOR, host=host, title=title)
    if _SIGN_IN.search(words):
        raise PullFailed("sign_in_page", host=host)
    raise PullFailed("web_page", is_passing=True, host=host, title=title)


def wait_asked(reply: Reply) -> float | None:
    """Seconds the answer's Retry-After asks for: a number, or an instant counted from the answer's own Date."""
    reported = reply.headers.get("retry-after", "").strip()
    if reported.isdigit() and len(reported) < 10:
        return min(float(reported), LONGEST_WAIT)
    until = _instant(reported)
    if until is None:
        return None
    since = _instant(reply.headers.get("date", "")) or machine_now()
    return min(max((until - since).total_seconds(), 0.0), LONGEST_WAIT)


def _instant(text: str) -> datetime | None:
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None
