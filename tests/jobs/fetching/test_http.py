"""The polite connection: what it asks, how often, how long, what it believes, and what it never repeats."""

import gzip
import logging
import ssl
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from threading import Event, Thread
from typing import Any

import pytest

from jobs.fetching.http import USER_AGENT, Manners, PoliteHttp
from jobs.fetching.secrets import Secrets
from jobs.fetching.values import PullFailed
from tests.jobs.portals import FIREWALL, SIGN_IN, Answer, Kept, Time, as_json, certificate, in_order, rubbish, serving

TOKEN = "a-token-of-40-letters/with+signs=and more"  # noqa: S105 - made up
MANNERS = Manners(deadline=600, read=5, pace=1, tries=3)
Connect = Callable[..., PoliteHttp]


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
def connect(time: Time, kept: Kept, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """A connection that waits only on paper, with no jitter unless it is asked for."""
    for variable in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    made: list[PoliteHttp] = []

    def connection(manners: Manners = MANNERS, **other: Any) -> PoliteHttp:
        result = {"keep": kept, "secret": TOKEN, "clock": time.clock, "sleep": time.sleep, "draw": lambda: 0.5} | other
        made.append(PoliteHttp(manners=manners, **result))
        return made[-1]

    yield connection
    for one in made:
        one.close()


def failure_of(ask: Callable[[], object]) -> PullFailed:
    with pytest.raises(PullFailed) as failed:
        ask()
    return failed.value


# --- asking ---------------------------------------------------------------------------------------------------------


def test_answer_is_read_kept_and_told(connect, kept):
    with serving(as_json([{"a": 1}])) as portal:
        reply = connect().ask("GET", f"{portal.address}/rows", query={"day": "2024-05-07"})

    assert (reply.status, reply.body, reply.headers["content-type"]) == (200, b'[{"a": 1}]', "application/json")
    assert kept.answers == [(f"{portal.address}/rows?day=2024-05-07", 200, b'[{"a": 1}]')]
    assert portal.asked[0].query == {"day": "2024-05-07"}


def test_query_is_added_to_the_one_an_address_has(connect):
    with serving(as_json([])) as portal:
        connect().ask("GET", f"{portal.address}/rows?level=2", query={"day": "7"})

    assert portal.asked[0].query == {"level": "2", "day": "7"}


def test_form_json_and_headers_are_sent_and_it_says_who_asks(connect):
    with serving(as_json([])) as portal:
        http = connect()
        http.ask("POST", portal.address, form={"params": '{"a":1}'}, headers={"X-Api-Key": "k"})
        http.ask("POST", portal.address, json={"year": 2026})

    form, body = portal.asked
    assert form.form == {"params": '{"a":1}'}
    assert (form.headers["x-api-key"], form.headers["user-agent"]) == ("k", USER_AGENT)
    assert body.json == {"year": 2026}


def test_status_that_was_said_to_be_good_is_good(connect):
    with serving(as_json([1], status=201)) as portal:
        assert connect().ask_json("POST", portal.address, accepted=(200, 201)) == [1]


def test_numbers_with_a_point_stay_exact(connect):
    with serving(Answer(b'[{"a": 33.30, "b": 7}]')) as portal:
        assert connect().ask_json("GET", portal.address) == [{"a": Decimal("33.30"), "b": 7}]
        assert str(connect().ask_json("GET", portal.address)[0]["a"]) == "33.30"


def test_numbers_beyond_belief_stay_texts_and_spoil_no_answer(connect):
    slips = ["1e309", "1e-99999", "1e99999999999999999999", "9" * 41, "9" * 5000, "0." + "3" * 41]
    body = ('{"a": 1, "slips": [' + ", ".join(slips) + "]}").encode()
    with serving(Answer(body)) as portal:
        assert connect().ask_json("GET", portal.address) == {"a": 1, "slips": slips}


def test_requests_go_one_after_the_other_over_one_connection_with_a_pause(connect, time):
    with serving(as_json([])) as portal:
        http = connect()
        for _ in range(3):
            http.ask("GET", portal.address)

    assert len(portal.connections) == 1
    assert time.slept == [1, 1]
    assert (http.requests, http.attempts) == (3, 1)


@pytest.mark.parametrize("address", ["", "ftp://10.0.0.1/x", "motcua.example", "http://[::1", "file:///etc/passwd"])
def test_address_that_is_none_is_said_to_be_none(connect, address):
    failed = failure_of(lambda: connect().ask("GET", address))

    assert (failed.failure, failed.is_passing) == ("address_wrong", False)


@pytest.mark.parametrize("token", ["line\nbreak", "Mã truy cập"])
def test_header_that_cannot_be_sent_is_no_riddle(connect, token):
    with serving(as_json([])) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address, headers={"Authorization": token}))

    assert (failed.failure, token in str(failed)) == ("header_wrong", False)
    assert portal.asked == []


# --- trouble that passes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [502, 503, 504])
def test_server_that_recovers_is_asked_again_with_growing_waits(connect, time, status):
    unwell = Answer(b"busy", status)
    with serving(in_order(unwell, unwell, as_json([1]))) as portal:
        http = connect()
        assert http.ask_json("GET", portal.address) == [1]

    assert time.slept == [2, 4]
    assert (http.requests, http.attempts) == (3, 3)


def test_waits_are_never_in_step(connect, time):
    with serving(in_order(Answer(b"", 503), Answer(b"", 503), as_json([1]))) as portal:
        connect(draw=iter([0.0, 1.0]).__next__).ask("GET", portal.address)

    assert time.slept == [1.0, 6.0]


def test_server_that_stays_unwell_is_left_after_some_tries(connect, kept):
    with serving(Answer(b"down", 503)) as portal:
        http = connect()
        failed = failure_of(lambda: http.ask("GET", portal.address))

    assert (failed.failure, failed.terms["status"], failed.is_passing) == ("unwell", "503", True)
    assert (len(portal.asked), http.attempts) == (3, 3)
    assert [status for _, status, _ in kept.answers] == [503, 503, 503]


def test_wait_that_a_server_asks_for_is_kept(connect, time):
    with serving(in_order(Answer(b"", 503, {"Retry-After": "40"}), as_json([1]))) as portal:
        connect().ask("GET", portal.address)

    assert time.slept == [40]


def test_wait_told_as_an_instant_counts_from_the_server_s_own_clock(connect, time):
    now = datetime(2024, 5, 7, 2, 0, tzinfo=UTC)
    result = {
        "Date": format_datetime(now, usegmt=True),
        "Retry-After": format_datetime(now + timedelta(seconds=90), usegmt=True),
    }
    with serving(in_order(Answer(b"", 503, result), as_json([1]))) as portal:
        connect().ask("GET", portal.address)

    assert time.slept == [90]


def test_wait_beyond_the_deadline_is_left_to_the_next_run(connect, time):
    with serving(Answer(b"", 503, {"Retry-After": "3600"})) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address))

    assert (failed.failure, failed.retry_after, time.slept) == ("unwell", 3600, [])
    assert len(portal.asked) == 1


def test_silent_server_is_asked_again_and_then_left(connect):
    with serving(Answer(hangs=True)) as portal:
        failed = failure_of(lambda: connect(Manners(read=0.05, tries=2)).ask("GET", portal.address))

        assert (failed.failure, failed.is_passing, len(portal.asked)) == ("timed_out", True, 2)


def test_server_that_is_not_there_is_said_to_be_out_of_reach(connect, time):
    with serving(as_json([])) as portal:
        address = portal.address

    failed = failure_of(lambda: connect().ask("GET", address))

    assert (failed.failure, failed.terms, failed.is_passing) == ("unreachable", {"host": "127.0.0.1"}, True)
    assert time.slept == [2, 4]


def test_answer_that_breaks_off_is_asked_for_again(connect):
    whole = b'[{"a": 1}, {"a": 2}]'
    with serving(in_order(Answer(whole[:9], promised=len(whole)), Answer(whole))) as portal:
        assert len(connect().ask_json("GET", portal.address)) == 2

    assert len(portal.asked) == 2


def test_answer_that_always_breaks_off_is_kept_as_far_as_it_came(connect, kept):
    with serving(Answer(b'[{"a": 1}', promised=400)) as portal:
        failed = failure_of(lambda: connect().ask_json("GET", portal.address))

    assert (failed.failure, failed.is_passing) == ("cut_off", True)
    assert {body for *_, body in kept.answers} == {b'[{"a": 1}'}


def test_run_ends_at_its_deadline_however_slowly_an_answer_trickles(connect, time):
    def trickle() -> Iterator[bytes]:
        while True:
            yield b" " * 70_000

    with serving(Answer(trickle())) as portal:
        http = connect(Manners(deadline=120))
        time.tick = 1
        failed = failure_of(lambda: http.ask("GET", portal.address))

    assert (failed.failure, failed.terms, failed.is_passing) == ("out_of_time", {"minutes": "2"}, True)


def test_deadline_is_the_run_s_not_one_request_s(connect, time):
    with serving(as_json([])) as portal:
        http = connect(Manners(deadline=10, pace=4))
        asked = [http.ask("GET", portal.address) for _ in range(3)]
        failed = failure_of(lambda: http.ask("GET", portal.address))

    assert (len(asked), failed.failure) == (3, "out_of_time")
    assert time.now <= 1_010


# --- a source that says stop ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "failure", "retry_after"),
    [
        (Answer(b"slow down", 429, {"Retry-After": "120"}), "too_often", 120),
        (Answer(b"slow down", 429, {"Retry-After": "soon"}), "too_often", 900),
        (Answer(b"slow down", 429), "too_often", 900),
        (Answer(FIREWALL, 403), "forbidden", 3600),
        (Answer(FIREWALL, 200), "firewall", 3600),
        (Answer(b"\xef\xbb\xbf  " + FIREWALL, 200, {"Content-Type": "application/json"}), "firewall", 3600),
    ],
    ids=["429", "429 with nonsense", "429 without a wait", "403", "firewall", "firewall that says it is JSON"],
)
def test_source_that_says_stop_is_left_alone_at_once_and_told_when_to_come_back(
    connect, time, answer, failure, retry_after
):
    with serving(answer) as portal:
        failed = failure_of(lambda: connect().ask_json("GET", portal.address))

    assert (failed.failure, failed.is_passing, failed.retry_after) == (failure, True, retry_after)
    assert (len(portal.asked), time.slept) == (1, [])


def test_firewall_s_page_is_named_by_its_title(connect):
    with serving(Answer(FIREWALL)) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address))

    assert failed.terms == {"host": "127.0.0.1", "title": "Request Rejected"}


@pytest.mark.parametrize(
    ("answer", "failure", "is_passing"),
    [
        (as_json({"error": "expired"}, status=401), "token_refused", False),
        (Answer(SIGN_IN), "sign_in_page", False),
        (Answer(b"<html><title>B\xe1\xba\xa3o tr\xc3\xac</title></html>"), "web_page", True),
        (Answer(b"", 404), "not_found", False),
        (Answer(b"", 410), "not_found", False),
        (Answer(b"", 400), "refused", False),
        (Answer(b"", 500), "unwell", True),
        (Answer(b"", 204), "refused", False),
        (Answer(b"not json"), "no_json", False),
        (Answer(b"[" * 200_000), "no_json", False),
        (Answer(b"\xff\xfe\x00"), "no_json", False),
        (Answer(b'[{"a": 1}, {"b'), "cut_off", True),
        (Answer(b'[{"a": 1},'), "cut_off", True),
        (Answer(b'[{"a": fal'), "cut_off", True),
        (Answer(b""), "cut_off", True),
        (Answer(b"[1]", headers={"Content-Encoding": "br"}), "packing_unknown", False),
        (Answer(gzip.compress(b"[1, 2, 3]" * 99)[:-9], headers={"Content-Encoding": "gzip"}), "cut_off", True),
        (Answer(b"no gzip", headers={"Content-Encoding": "gzip"}), "cut_off", True),
    ],
)  # fmt: skip
def test_answer_that_is_none_is_said_to_be_what_it_is(connect, answer, failure, is_passing):
    with serving(answer) as portal:
        failed = failure_of(lambda: connect().ask_json("GET", portal.address))

    assert (failed.failure, failed.is_passing, len(portal.asked)) == (failure, is_passing, 1)


def test_packed_answer_is_unpacked(connect):
    packed = Answer(gzip.compress(b"[1]"), headers={"Content-Encoding": "gzip"})
    with serving(packed) as portal:
        assert connect().ask_json("GET", portal.address) == [1]


# --- too much -------------------------------------------------------------------------------------------------------


def test_rubbish_of_300_megabytes_is_stopped_early_in_little_memory(connect, kept):
    with serving(Answer(rubbish(300))) as portal:
        tracemalloc.start()
        failed = failure_of(lambda: connect(Manners(most_bytes=8 << 20)).ask("GET", portal.address))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert (failed.failure, failed.terms["most"], failed.is_passing) == ("too_large", "8 MB", False)
    assert portal.sent < 40 << 20
    assert peak < 40 << 20
    assert [len(body) for *_, body in kept.answers] == [4096]


def test_answer_that_announces_too_much_is_not_even_begun(connect, kept):
    with serving(Answer(rubbish(1), promised=300 << 20)) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address))

    assert (failed.failure, kept.answers[0][2]) == ("too_large", b"")


def test_small_answer_that_unpacks_to_300_megabytes_is_stopped_early(connect):
    bomb = gzip.compress(bytes(300 << 20), compresslevel=1)
    with serving(Answer(bomb, headers={"Content-Encoding": "gzip"})) as portal:
        tracemalloc.start()
        failed = failure_of(lambda: connect(Manners(most_bytes=8 << 20)).ask("GET", portal.address))
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert failed.failure == "too_large"
    assert peak < 40 << 20


# --- redirects and certificates -------------------------------------------------------------------------------------


def to(address: str, status: int = 302) -> Answer:
    return Answer(b"", status, {"Location": address})


def test_redirect_to_another_host_is_not_followed_and_the_token_stays_here(connect):
    with serving(as_json([])) as other, serving(to(f"http://localhost:{other.port}/rows")) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address, headers={"Authorization": TOKEN}))

    assert (failed.failure, failed.terms["other"]) == ("redirected", "localhost")
    assert other.asked == []


def test_redirect_to_another_port_is_another_machine_too(connect):
    with serving(as_json([])) as other, serving(to(other.address)) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address))

    assert (failed.failure, other.asked) == ("redirected", [])


def test_redirect_within_the_host_is_followed(connect, kept):
    with serving(in_order(to("/new?day=7", 308), as_json([1]))) as portal:
        assert connect().ask_json("POST", f"{portal.address}/old", json={"a": 1}) == [1]

    assert [(asked.method, asked.path, asked.json) for asked in portal.asked] == [
        ("POST", "/old", {"a": 1}), ("POST", "/new", {"a": 1}),
    ]  # fmt: skip
    assert [status for _, status, _ in kept.answers] == [308, 200]


def test_form_that_is_sent_on_to_a_page_was_not_signed_in(connect):
    with serving(to("/login")) as portal:
        failed = failure_of(lambda: connect().ask("POST", portal.address, form={"a": "1"}))

    assert (failed.failure, len(portal.asked)) == ("sign_in_page", 1)


def test_redirects_in_a_circle_end(connect):
    with serving(to("/round")) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address))

    assert (failed.failure, len(portal.asked)) == ("redirected_round", 4)


@pytest.fixture
def tls(tmp_path) -> tuple[ssl.SSLContext, str]:
    path = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, str(path)


def test_certificate_that_nobody_vouches_for_is_not_trusted(connect, tls, time):
    context, _ = tls
    with serving(as_json([]), tls=context) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address, headers={"Authorization": TOKEN}))

    assert (failed.failure, failed.is_passing, portal.asked, time.slept) == ("certificate", False, [], [])


def test_redirect_into_the_open_is_not_followed(connect, tls, monkeypatch):
    context, path = tls
    monkeypatch.setenv("SSL_CERT_FILE", path)
    with serving(as_json([])) as other, serving(to(other.address), tls=context) as portal:
        failed = failure_of(lambda: connect().ask("GET", portal.address))

    assert (failed.failure, len(portal.asked), other.asked) == ("redirected_unsafe", 1, [])


# --- the secret -----------------------------------------------------------------------------------------------------


def test_secret_is_never_kept_said_or_logged(connect, kept, caplog):
    caplog.set_level(logging.DEBUG)
    echo = Answer(f'{{"error": "expired", "token": "{TOKEN}"}}'.encode(), 401)
    query = {"access_token": "another one", "q": TOKEN}
    with serving(echo) as portal:
        address = f"{portal.address}/rows"
        failed = failure_of(lambda: connect().ask("GET", address, query=query, headers={"Authorization": TOKEN}))

    assert portal.asked[0].headers["authorization"] == TOKEN
    assert kept.answers == [(f"{address}?access_token=***&q=***", 401, b'{"error": "expired", "token": "***"}')]
    said = f"{caplog.text} {failed} {failed.terms} {failed.__cause__}"
    assert "401" in said
    assert not [form for form in (TOKEN, "another one", "another+one") if form in said]


@pytest.mark.parametrize("address", ["http://reader:password-1@127.0.0.1/x", "http://reader@127.0.0.1/x"])
def test_address_that_signs_in_by_itself_is_refused_without_repeating_the_password(connect, address):
    failed = failure_of(lambda: connect().ask("GET", address))

    assert (failed.failure, failed.terms) == ("address_wrong", {"address": "http://***@127.0.0.1/x"})


def test_secret_in_an_address_that_is_none_is_struck_out(connect):
    failed = failure_of(lambda: connect().ask("GET", f"motcua/{TOKEN}"))

    assert failed.terms == {"address": "motcua/***"}


def test_short_secret_strikes_no_figures():
    secrets = Secrets("2024")

    assert secrets.removed_from_body(b'{"year": 2024}') == b'{"year": 2024}'
    assert secrets.removed("pin=2024") == "pin=***"


def test_nothing_is_struck_where_there_is_no_secret():
    assert Secrets(None).removed("postgresql://reader@10.0.0.5/x") == "postgresql://***@10.0.0.5/x"


# --- being told to stop ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_begun", [False, True], ids=["before its head", "in its body"])
def test_request_under_way_ends_at_once_when_it_is_broken_off(connect, kept, is_begun):
    """A server that says nothing, or that goes on and on: either way the connection is closed, and nothing is kept."""
    gone = Event()

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x"
            gone.wait(0.01)

    answering = Answer(endless()) if is_begun else Answer(hangs=True)
    with serving(answering) as portal:
        http = connect(Manners(deadline=600, read=60, tries=3))
        ended: list[PullFailed] = []
        asking = Thread(target=lambda: ended.append(failure_of(lambda: http.ask("GET", portal.address))))
        asking.start()
        while not (portal.sent if is_begun else portal.asked):
            gone.wait(0.01)

        http.break_off()
        asking.join(10)
        is_over = not asking.is_alive()

    gone.set()
    assert is_over
    assert [failed.failure for failed in ended] == ["interrupted"]
    assert len(portal.asked) == 1
    assert kept.answers == []


def test_connection_that_was_broken_off_before_it_was_made_asks_nothing(connect):
    with serving(as_json({})) as portal:
        http = connect()
        http.break_off()

        failed = failure_of(lambda: http.ask("GET", portal.address))

    assert failed.failure == "interrupted"
    assert portal.asked == []
